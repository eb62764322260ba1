//! Stops, what lifts them, and the steps that go on while the batch is on hold.

use super::document::RawStep;
use crate::{
    master_record::{LiftedBy, MasterRecord, Step, StepKind},
    specification::parse::Mistake,
};
use std::ops::Range;
use toml::Spanned;

/// What the document says of stops, each with its place in the text.
pub(super) struct Named {
    /// What lifts them.
    lifts: Vec<Spanned<String>>,
    /// The steps, in their order.
    steps: Vec<Range<usize>>,
}

impl Named {
    pub(super) fn of(steps: &[Spanned<RawStep>]) -> Self {
        let fields = steps.iter().flat_map(|step| &step.get_ref().field);
        Self {
            lifts: fields
                .filter_map(|field| field.get_ref().stop.clone())
                .collect(),
            steps: steps.iter().map(Spanned::span).collect(),
        }
    }
}

/// Whether a step keeps the cells alive.
pub(super) fn keeps_alive(kind: StepKind, raw: Option<&Spanned<bool>>) -> Result<bool, Mistake> {
    let Some(raw) = raw else {
        return Ok(false);
    };
    let marked = *raw.get_ref();
    let reason = match kind {
        // What is formulated is labelled for its patient: that is what a stop keeps from happening.
        StepKind::Formulate => "formulating makes units for the patient; a stop holds it",
        StepKind::Assess => "a step of kind assess is recorded only while the batch is on hold",
        StepKind::Receive
        | StepKind::Isolate
        | StepKind::Seed
        | StepKind::ChangeMedium
        | StepKind::Observe
        | StepKind::Passage
        | StepKind::FinalHarvest
        | StepKind::Sample
        | StepKind::Freeze
        | StepKind::Checklist => return Ok(marked),
    };
    if marked {
        Err(Mistake::of(raw, reason))
    } else {
        Ok(false)
    }
}

/// Each stop is lifted by a field that there is, in a step of kind assess; and each such step lifts something.
pub(super) fn agree(record: &MasterRecord, named: &Named) -> Result<(), Mistake> {
    for raw in &named.lifts {
        let Ok(LiftedBy::Entry { step, field }) = raw.get_ref().parse() else {
            continue;
        };
        lifts(record, &step, &field).map_err(|reason| Mistake::of(raw, reason))?;
    }
    let assess = |(_, (step, _)): &(usize, (&Step, &Range<usize>))| step.kind == StepKind::Assess;
    let steps = record.steps.iter().zip(&named.steps).enumerate();
    for (index, (step, place)) in steps.filter(assess) {
        let wrong = |reason: &str| {
            let reason = format!("step “{}” is of kind assess, {reason}", step.key);
            Err(Mistake::new(place.clone(), reason))
        };
        if record.in_culture(index) {
            return wrong("which happens whenever a stop is raised; it stands outside the culture");
        }
        if step.fields.iter().any(|field| field.stop.is_some()) {
            return wrong("which lifts stops; it has none of its own");
        }
        if !record.lifted_in(&step.key) {
            return wrong("but no stop is lifted by a field of it");
        }
    }
    Ok(())
}

fn lifts(record: &MasterRecord, key: &str, field_key: &str) -> Result<(), String> {
    let step = (record.step(key)).ok_or_else(|| format!("there is no step “{key}”"))?;
    if step.kind != StepKind::Assess {
        return Err(format!(
            "step “{key}” is of kind {}; a stop is lifted in a step of kind assess, which is open while it holds",
            step.kind.code()
        ));
    }
    let field = (step.field(field_key))
        .ok_or_else(|| format!("step “{key}” has no field “{field_key}”"))?;
    if !field.can_fail() {
        return Err(format!(
            "no answer to field “{field_key}” of step “{key}” fails, so it decides nothing; give it a limit or \
             expected answers"
        ));
    }
    Ok(())
}
