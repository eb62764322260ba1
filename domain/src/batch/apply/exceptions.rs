//! What of an event departs from the expected.

use crate::{
    batch::{Batch, BatchEvent, Exception, ExceptionKind, FieldValue, Stamp},
    clock::ClockState,
    decimal,
    expansion::{Figure, expansion},
    ids::DoseId,
    master_record::{StepKind, StepRef},
    measure::Measure,
    time::Timestamp,
};
use rust_decimal::Decimal;
use std::sync::Arc;

impl Batch {
    pub(super) fn except(&mut self, step: Option<&StepRef>, kind: ExceptionKind, stamp: &Stamp) {
        self.exceptions.push(Exception {
            stamp: stamp.clone(),
            step: step.cloned(),
            kind,
            assessed: None,
        });
    }

    /// What was recorded by a clock that nobody had confirmed: its time, and the order in which it was done, rest on what
    /// the person stated.
    pub(super) fn note_clock(&mut self, event: &BatchEvent, clock: ClockState, stamp: &Stamp) {
        match clock {
            ClockState::Confirmed => return,
            ClockState::NotConfirmed => {}
        }
        let step = match event {
            // Of the same act as the entry that fails or was corrected, which is flagged.
            BatchEvent::StopRaised { .. }
            | BatchEvent::DeviationRaised { .. }
            | BatchEvent::ResultRejudged { .. } => return,
            BatchEvent::EntryRecorded { step, .. }
            | BatchEvent::EntryCorrected { step, .. }
            | BatchEvent::EntryVerified { step, .. }
            | BatchEvent::EntryNotApplicable { step, .. }
            | BatchEvent::StepNotApplicable { step, .. }
            | BatchEvent::StepCompleted { step, .. }
            | BatchEvent::SampleTaken { step, .. }
            | BatchEvent::UnitStored { step, .. } => Some(step),
            BatchEvent::CommentAdded { step, .. } => step.as_ref(),
            BatchEvent::HarvestRegistered(_)
            | BatchEvent::HarvestCorrected { .. }
            | BatchEvent::TimeCorrected { .. }
            | BatchEvent::CultureEnded { .. }
            | BatchEvent::ResultEntered { .. }
            | BatchEvent::ResultReviewed { .. }
            | BatchEvent::ResultCorrected { .. }
            | BatchEvent::ResultReturned { .. }
            | BatchEvent::ResultConfirmed { .. }
            | BatchEvent::ResultInvalidated { .. }
            | BatchEvent::IdentifiersRead { .. }
            | BatchEvent::StopLifted { .. }
            | BatchEvent::DeviationClassified { .. }
            | BatchEvent::DeviationAssessed { .. }
            | BatchEvent::DeviationClosed { .. }
            | BatchEvent::ExceptionAssessed { .. }
            | BatchEvent::ReviewSigned { .. }
            | BatchEvent::Certified { .. }
            | BatchEvent::Rejected { .. }
            | BatchEvent::CertificationWithdrawn { .. }
            | BatchEvent::UnitDestroyed { .. }
            | BatchEvent::DosePrepared { .. }
            | BatchEvent::DoseDispatched { .. }
            | BatchEvent::DoseInfused { .. }
            | BatchEvent::DoseDestroyed { .. } => None,
        };
        self.except(step, ExceptionKind::ClockNotConfirmed, stamp);
    }

    pub(super) fn note_outside(
        &mut self,
        step: &StepRef,
        key: &str,
        value: &FieldValue,
        outside: Option<&str>,
        stamp: &Stamp,
    ) {
        let Some(limit) = outside else { return };
        let master = Arc::clone(&self.documents.master_record);
        let field = master.step(&step.key).and_then(|step| step.field(key));
        let kind = ExceptionKind::OutsideLimit {
            field: self.field_label(step, key),
            value: field.map_or_else(|| value.to_string(), |field| field.shown(value)),
            limit: limit.to_owned(),
        };
        self.except(Some(step), kind, stamp);
    }

    pub(super) fn note_late(
        &mut self,
        step: Option<&StepRef>,
        performed_at: Timestamp,
        stamp: &Stamp,
    ) {
        let minutes = stamp.at.minute() - performed_at.minute();
        if minutes > self.documents.master_record.late_after.num_minutes() {
            self.except(step, ExceptionKind::Late { performed_at }, stamp);
        }
    }

    pub(super) fn note_window(&mut self, step: &StepRef, performed_at: Timestamp, stamp: &Stamp) {
        // Most steps have none, and the order of a long batch is long.
        let definition = self.documents.master_record.step(&step.key);
        if definition.is_none_or(|step| step.window.is_none()) {
            return;
        }
        let Some((Some(from), Some(to))) = self
            .planned(step)
            .map(|planned| (planned.due_from, planned.due))
        else {
            return;
        };
        if performed_at.minute() < from.minute() || to.is_overdue(performed_at) {
            self.except(
                Some(step),
                ExceptionKind::OutsideWindow {
                    from,
                    to,
                    performed_at,
                },
                stamp,
            );
        }
    }

    /// What the counts of a finished step give: figures outside their limits, and a passage that lost cells. Looked at
    /// again when one of its entries is corrected.
    pub(super) fn note_figures(&mut self, step: &StepRef, stamp: &Stamp) {
        let record = self.steps.get(step);
        if record.is_none_or(|record| record.completed.is_none()) {
            return;
        }
        let master = Arc::clone(&self.documents.master_record);
        let Some(definition) = master.step(&step.key) else {
            return;
        };
        for check in &definition.checks {
            let figure = (self.steps.get(step)).and_then(|record| record.computed(check.of));
            if let Some(value) = figure.filter(|value| !check.limit.admits(*value)) {
                let unit = Measure::PERCENT;
                let kind = ExceptionKind::OutsideCheck {
                    figure: check.of.label().to_owned(),
                    value: unit.after(decimal::shown(value, 1)),
                    limit: check.limit.text(unit, None, None),
                };
                self.except(Some(step), kind, stamp);
            }
        }
        self.note_loss(step, definition.kind, stamp);
    }

    /// Fewer viable cells at the end of a passage than were seeded, once both are counted.
    fn note_loss(&mut self, step: &StepRef, kind: StepKind, stamp: &Stamp) {
        let Some(passage) = step.passage else { return };
        if !matches!(kind, StepKind::Seed | StepKind::Passage)
            || self.passage_harvest(passage).is_none()
        {
            return;
        }
        // Of this passage alone: what the ones before it gave does not matter here.
        let mut counts = self.passage_counts();
        counts.retain(|counts| counts.passage == passage);
        let growth = expansion(&counts);
        if let Some(Figure::Value(doublings)) = growth.first().map(|one| one.doublings)
            && doublings < Decimal::ZERO
        {
            self.except(Some(step), ExceptionKind::CellsLost { passage }, stamp);
        }
    }

    pub(super) fn note_expiry(&mut self, dose: DoseId, ended_at: Timestamp, stamp: &Stamp) {
        let Some(dose) = self.dose(dose) else { return };
        if let Some(expires_at) = self
            .dose_expires_at(dose)
            .filter(|expires_at| ended_at > *expires_at)
        {
            let kind = ExceptionKind::InfusedAfterExpiry {
                dose: dose.code.clone(),
                expires_at,
            };
            self.except(None, kind, stamp);
        }
    }
}
