//! What events of deviations do to a batch.

use crate::{
    batch::{Batch, Deviation, DeviationEvent, Stamp},
    ids::DeviationId,
};

impl Batch {
    pub(in crate::batch) fn apply_deviation(&mut self, event: DeviationEvent, stamp: Stamp) {
        match event {
            DeviationEvent::DeviationRaised {
                deviation,
                number,
                step,
                description,
            } => self.deviations.push(Deviation {
                id: deviation,
                number,
                step,
                description,
                raised: stamp,
                class: None,
                assessment: None,
                closed: None,
            }),
            DeviationEvent::DeviationClassified { deviation, class } => {
                self.deviation_mut(deviation, |one| one.class = Some((class, stamp)));
            }
            DeviationEvent::DeviationAssessed {
                deviation,
                root_cause,
                impact,
            } => {
                self.deviation_mut(deviation, |one| {
                    one.assessment = Some((root_cause, impact, stamp))
                });
            }
            DeviationEvent::DeviationClosed {
                deviation,
                signature,
                signed,
            } => {
                self.deviation_mut(deviation, |one| one.closed = Some(signature.clone()));
                self.keep_signature(None, signature, signed, stamp.version);
            }
        }
    }

    pub(in crate::batch) fn deviation_mut(
        &mut self,
        id: DeviationId,
        change: impl FnOnce(&mut Deviation),
    ) {
        if let Some(deviation) = self.deviations.iter_mut().find(|one| one.id == id) {
            change(deviation);
        }
    }
}
