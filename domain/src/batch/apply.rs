//! The fold: what an event does to a batch. It decides nothing and refuses nothing: what stands in the ledger happened.

use super::{
    Batch, BatchEvent, By, Certification, Comment, Completion, Deviation, Disposition, Dose,
    DoseState, Entry, Exception, ExceptionKind, FieldValue, HarvestField, Invalidation, Meaning,
    Recorded, Sample, Signature, SignatureRecord, Signed, Stamp, Test, TestResult, Unit, UnitState,
    Value,
};
use crate::{
    expansion::Figure,
    ids::DoseId,
    master_record::StepRef,
    time::Timestamp,
};

impl Batch {
    /// Takes one event into the state.
    pub fn apply(&mut self, recorded: Recorded) {
        let Recorded {
            version,
            at,
            by,
            event,
        } = recorded;
        let stamp = Stamp { version, at, by };
        self.void_signatures(&event, version);
        self.note_maker(&event, &stamp.by);
        self.version = version;
        match event {
            // Only the first event of a batch registers it; `begin` took that one.
            BatchEvent::HarvestRegistered(_) => {}
            BatchEvent::HarvestCorrected {
                field, new, reason, ..
            } => self.harvest_corrected(field, &new, reason, stamp),
            BatchEvent::EntryRecorded {
                step,
                field,
                value,
                performed_at,
            } => {
                self.entry_recorded(step, field, value, performed_at, stamp);
            }
            BatchEvent::EntryCorrected {
                step,
                field,
                new,
                reason,
                ..
            } => {
                self.entry_corrected(step, &field, new, reason, stamp);
            }
            BatchEvent::EntryVerified { step, field } => {
                if let Some(entry) = self.steps.entry(step).or_default().entries.get_mut(&field) {
                    entry.verified = Some(stamp);
                }
            }
            BatchEvent::EntryNotApplicable {
                step,
                field,
                reason,
            } => {
                self.entry_not_applicable(step, field, reason, stamp);
            }
            BatchEvent::StepNotApplicable { step, reason } => {
                let what = self.step_title(&step);
                self.except(
                    Some(&step),
                    ExceptionKind::NotApplicable {
                        what,
                        reason: reason.clone(),
                    },
                    &stamp,
                );
                self.steps.entry(step).or_default().not_applicable = Some(Comment {
                    text: reason,
                    stamp,
                });
            }
            BatchEvent::StepCompleted {
                step,
                performed_at,
                signature,
                signed,
            } => {
                self.step_completed(step, performed_at, signature, signed, stamp);
            }
            BatchEvent::CultureEnded { reason } => {
                self.culture_ended = self.passage();
                self.except(None, ExceptionKind::CultureEnded { reason }, &stamp);
            }
            BatchEvent::CommentAdded { step, text } => {
                let comment = Comment { text, stamp };
                match step {
                    Some(step) => self.steps.entry(step).or_default().comments.push(comment),
                    None => self.comments.push(comment),
                }
            }
            other => self.apply_quality(other, stamp),
        }
    }

    fn apply_quality(&mut self, event: BatchEvent, stamp: Stamp) {
        match event {
            BatchEvent::SampleTaken {
                sample,
                code,
                step,
                point,
                taken_at,
                viable_cells,
                tests,
            } => {
                self.note_late(Some(&step), taken_at, &stamp);
                let open = |test: super::DueTest| Test {
                    criterion: test.criterion,
                    due: test.due,
                    results: Vec::new(),
                };
                let tests = tests.into_iter().map(open).collect();
                self.samples.push(Sample {
                    id: sample,
                    code,
                    step,
                    point,
                    taken_at,
                    viable_cells,
                    stamp,
                    tests,
                });
            }
            BatchEvent::ResultEntered {
                sample,
                criterion,
                value,
                tested_on,
            } => {
                let result = TestResult {
                    value,
                    tested_on,
                    entered: stamp,
                    reviewed: None,
                    invalidated: None,
                };
                if let Some(test) = self.test_mut(sample, &criterion) {
                    test.results.push(result);
                }
            }
            BatchEvent::ResultReviewed { sample, criterion } => {
                let standing = self
                    .test_mut(sample, &criterion)
                    .and_then(|test| test.results.last_mut());
                if let Some(result) = standing {
                    result.reviewed = Some(stamp);
                }
            }
            BatchEvent::ResultInvalidated {
                sample,
                criterion,
                reason,
                evidence,
            } => {
                let kind = ExceptionKind::ResultInvalidated {
                    test: self.test_name(&criterion),
                    reason: reason.label().to_owned(),
                };
                self.except(None, kind, &stamp);
                let standing = self
                    .test_mut(sample, &criterion)
                    .and_then(|test| test.results.last_mut());
                if let Some(result) = standing {
                    result.invalidated = Some(Invalidation {
                        reason,
                        evidence,
                        stamp,
                    });
                }
            }
            BatchEvent::DeviationRaised {
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
            BatchEvent::DeviationClassified { deviation, class } => {
                self.deviation_mut(deviation, |one| one.class = Some((class, stamp)));
            }
            BatchEvent::DeviationAssessed {
                deviation,
                root_cause,
                impact,
            } => {
                self.deviation_mut(deviation, |one| {
                    one.assessment = Some((root_cause, impact, stamp))
                });
            }
            BatchEvent::DeviationClosed {
                deviation,
                signature,
                signed,
            } => {
                self.deviation_mut(deviation, |one| one.closed = Some(signature.clone()));
                self.keep_signature(None, signature, signed, stamp.version);
            }
            BatchEvent::ExceptionAssessed {
                exception,
                assessment,
            } => {
                for one in self
                    .exceptions
                    .iter_mut()
                    .filter(|one| one.stamp.version == exception)
                {
                    one.assessed = Some((assessment.clone(), stamp.clone()));
                }
            }
            other => self.apply_release(other, stamp),
        }
    }

    fn apply_release(&mut self, event: BatchEvent, stamp: Stamp) {
        match event {
            BatchEvent::ReviewSigned { signature, signed } => {
                self.keep_signature(None, signature, signed, stamp.version)
            }
            BatchEvent::Certified {
                certificate,
                signature,
                signed,
            } => {
                self.disposition = Disposition::Certified(Certification {
                    certificate,
                    version: stamp.version,
                    signature: signature.clone(),
                });
                self.keep_signature(None, signature, signed, stamp.version);
            }
            BatchEvent::Rejected {
                reasons,
                signature,
                signed,
            } => {
                self.disposition = Disposition::Rejected {
                    reasons,
                    signature: signature.clone(),
                };
                self.keep_signature(None, signature, signed, stamp.version);
            }
            BatchEvent::CertificationWithdrawn {
                signature, signed, ..
            } => {
                self.disposition = Disposition::Open;
                self.keep_signature(None, signature, signed, stamp.version);
            }
            BatchEvent::UnitStored {
                unit,
                code,
                form,
                step,
                viable_cells,
                volume_ml,
                location,
                stored_at,
            } => {
                self.note_late(Some(&step), stored_at, &stamp);
                let state = UnitState::Stored;
                self.units.push(Unit {
                    id: unit,
                    code,
                    form,
                    viable_cells,
                    volume_ml,
                    location,
                    stored_at,
                    stamp,
                    state,
                });
            }
            BatchEvent::UnitDestroyed {
                unit,
                reason,
                destroyed_at,
            } => {
                for one in self.units.iter_mut().filter(|one| one.id == unit) {
                    one.state = UnitState::Destroyed {
                        reason: reason.clone(),
                        at: destroyed_at,
                    };
                }
            }
            BatchEvent::DosePrepared {
                dose,
                code,
                units,
                viable_cells,
                weight_kg,
                weighed_on,
            } => {
                for unit in self
                    .units
                    .iter_mut()
                    .filter(|unit| units.contains(&unit.id))
                {
                    unit.state = UnitState::InDose(dose);
                }
                let state = DoseState::Prepared;
                self.doses.push(Dose {
                    id: dose,
                    code,
                    units,
                    viable_cells,
                    weight_kg,
                    weighed_on,
                    prepared: stamp,
                    state,
                });
            }
            BatchEvent::DoseDispatched {
                dose,
                destination,
                dispatched_at,
                ..
            } => {
                self.dose_moves(
                    dose,
                    DoseState::Dispatched {
                        at: dispatched_at,
                        destination,
                    },
                );
            }
            BatchEvent::DoseInfused {
                dose,
                started_at,
                ended_at,
                volume_ml,
            } => {
                self.note_expiry(dose, ended_at, &stamp);
                self.dose_moves(
                    dose,
                    DoseState::Infused {
                        started_at,
                        ended_at,
                        volume_ml,
                    },
                );
            }
            BatchEvent::DoseDestroyed {
                dose,
                reason,
                destroyed_at,
            } => {
                self.dose_moves(
                    dose,
                    DoseState::Destroyed {
                        reason,
                        at: destroyed_at,
                    },
                );
            }
            // The remaining kinds were taken before this function is reached.
            _ => {}
        }
    }

    fn harvest_corrected(&mut self, field: HarvestField, new: &str, reason: String, stamp: Stamp) {
        let harvest = &mut self.harvest;
        match field {
            HarvestField::CollectedBy => new.clone_into(&mut harvest.collected_by),
            HarvestField::Anticoagulant => new.clone_into(&mut harvest.anticoagulant),
            HarvestField::ConsentVersion => new.clone_into(&mut harvest.consent_version),
            HarvestField::Volume => harvest.volume_ml = new.parse().unwrap_or(harvest.volume_ml),
            HarvestField::Weight => harvest.weight_kg = new.parse().unwrap_or(harvest.weight_kg),
            HarvestField::WeighedOn => {
                harvest.weighed_on = new.parse().unwrap_or(harvest.weighed_on)
            }
        }
        self.except(
            None,
            ExceptionKind::Corrected {
                field: field.label().to_owned(),
                reason,
            },
            &stamp,
        );
    }

    fn entry_recorded(
        &mut self,
        step: StepRef,
        field: String,
        value: FieldValue,
        performed_at: Timestamp,
        stamp: Stamp,
    ) {
        self.note_outside(&step, &field, &value, &stamp);
        self.note_late(Some(&step), performed_at, &stamp);
        let entry = Entry {
            values: vec![Value {
                value,
                stamp,
                reason: None,
            }],
            not_applicable: None,
            performed_at,
            verified: None,
        };
        self.steps
            .entry(step)
            .or_default()
            .entries
            .insert(field, entry);
    }

    fn entry_corrected(
        &mut self,
        step: StepRef,
        field: &str,
        new: FieldValue,
        reason: String,
        stamp: Stamp,
    ) {
        let label = self.field_label(&step, field);
        self.except(
            Some(&step),
            ExceptionKind::Corrected {
                field: label,
                reason: reason.clone(),
            },
            &stamp,
        );
        self.note_outside(&step, field, &new, &stamp);
        if let Some(entry) = self.steps.entry(step).or_default().entries.get_mut(field) {
            entry.values.push(Value {
                value: new,
                stamp,
                reason: Some(reason),
            });
            entry.not_applicable = None;
            entry.verified = None;
        }
    }

    fn entry_not_applicable(&mut self, step: StepRef, field: String, reason: String, stamp: Stamp) {
        let what = self.field_label(&step, &field);
        self.except(
            Some(&step),
            ExceptionKind::NotApplicable {
                what,
                reason: reason.clone(),
            },
            &stamp,
        );
        let entry = Entry {
            values: Vec::new(),
            performed_at: stamp.at,
            not_applicable: Some(Comment {
                text: reason,
                stamp,
            }),
            verified: None,
        };
        self.steps
            .entry(step)
            .or_default()
            .entries
            .insert(field, entry);
    }

    fn step_completed(
        &mut self,
        step: StepRef,
        performed_at: Timestamp,
        signature: Option<Signature>,
        signed: Option<Signed>,
        stamp: Stamp,
    ) {
        let again = self
            .steps
            .get(&step)
            .is_some_and(|record| record.completed.is_some());
        if !again {
            self.note_window(&step, performed_at, &stamp);
            self.note_late(Some(&step), performed_at, &stamp);
            self.note_checks(&step, &stamp);
        }
        if let (Some(signature), Some(signed)) = (&signature, signed) {
            self.keep_signature(Some(step.clone()), signature.clone(), signed, stamp.version);
        }
        let record = self.steps.entry(step.clone()).or_default();
        let performed_at = record
            .completed
            .as_ref()
            .map_or(performed_at, |before| before.performed_at);
        record.completed = Some(Completion {
            performed_at,
            stamp: stamp.clone(),
            signature,
        });
        if !again {
            self.note_loss(&step, &stamp);
        }
    }

    fn except(&mut self, step: Option<&StepRef>, kind: ExceptionKind, stamp: &Stamp) {
        self.exceptions.push(Exception {
            stamp: stamp.clone(),
            step: step.cloned(),
            kind,
            assessed: None,
        });
    }

    fn note_outside(&mut self, step: &StepRef, key: &str, value: &FieldValue, stamp: &Stamp) {
        let master = std::sync::Arc::clone(&self.documents.master_record);
        let Some(field) = master.step(&step.key).and_then(|step| step.field(key)) else {
            return;
        };
        if let Some(limit) = field.outside(value) {
            let kind = ExceptionKind::OutsideLimit {
                field: field.label.clone(),
                value: field.shown(value),
                limit,
            };
            self.except(Some(step), kind, stamp);
        }
    }

    fn note_late(&mut self, step: Option<&StepRef>, performed_at: Timestamp, stamp: &Stamp) {
        if stamp.at.since(performed_at) > self.documents.master_record.late_after {
            self.except(step, ExceptionKind::Late { performed_at }, stamp);
        }
    }

    fn note_window(&mut self, step: &StepRef, performed_at: Timestamp, stamp: &Stamp) {
        let Some((Some(from), Some(to))) = self
            .planned(step)
            .map(|planned| (planned.due_from, planned.due))
        else {
            return;
        };
        if performed_at < from || performed_at > to {
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

    fn note_checks(&mut self, step: &StepRef, stamp: &Stamp) {
        let master = std::sync::Arc::clone(&self.documents.master_record);
        let Some(definition) = master.step(&step.key) else {
            return;
        };
        for check in &definition.checks {
            let figure = self
                .steps
                .get(step)
                .and_then(|record| record.computed(check.of));
            if let Some(value) = figure.filter(|value| !check.limit.admits(*value)) {
                let unit = crate::measure::Measure::Percent;
                let kind = ExceptionKind::OutsideCheck {
                    figure: check.of.label().to_owned(),
                    value: unit.after(crate::decimal::shown(value, 1)),
                    limit: check.limit.text(unit, None, None),
                };
                self.except(Some(step), kind, stamp);
            }
        }
    }

    fn note_loss(&mut self, step: &StepRef, stamp: &Stamp) {
        let Some(passage) = step.passage else { return };
        let growth = self.growth();
        let doublings = growth
            .iter()
            .find(|one| one.passage == passage)
            .map(|one| &one.doublings);
        let loss = matches!(doublings, Some(Figure::Value(value)) if value.is_sign_negative() && !value.is_zero());
        let counted = self
            .documents
            .master_record
            .step(&step.key)
            .map(|step| step.kind)
            == Some(crate::master_record::StepKind::Passage);
        if loss && counted {
            self.except(Some(step), ExceptionKind::CellsLost { passage }, stamp);
        }
    }

    fn note_expiry(&mut self, dose: DoseId, ended_at: Timestamp, stamp: &Stamp) {
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

    fn keep_signature(
        &mut self,
        step: Option<StepRef>,
        signature: Signature,
        signed: Signed,
        version: u64,
    ) {
        self.signatures.push(SignatureRecord {
            version,
            step,
            signature,
            signed,
            void_since: None,
        });
    }

    /// A later change voids what was signed before it (DI-3): a correction in a step the signature of that step, and
    /// any change of the record the review and with it the certification.
    fn void_signatures(&mut self, event: &BatchEvent, version: u64) {
        let changed_step = match event {
            BatchEvent::EntryCorrected { step, .. } => Some(step),
            _ => None,
        };
        let keeps_review = matches!(
            event,
            BatchEvent::ReviewSigned { .. }
                | BatchEvent::Certified { .. }
                | BatchEvent::Rejected { .. }
                | BatchEvent::CommentAdded { .. }
                | BatchEvent::DeviationRaised { .. }
                | BatchEvent::DeviationClassified { .. }
                | BatchEvent::DeviationAssessed { .. }
                | BatchEvent::DeviationClosed { .. }
                | BatchEvent::ExceptionAssessed { .. }
                | BatchEvent::UnitDestroyed { .. }
                | BatchEvent::DosePrepared { .. }
                | BatchEvent::DoseDispatched { .. }
                | BatchEvent::DoseInfused { .. }
                | BatchEvent::DoseDestroyed { .. }
        ) && self.disposition != Disposition::Open
            || matches!(
                event,
                BatchEvent::ReviewSigned { .. }
                    | BatchEvent::Certified { .. }
                    | BatchEvent::Rejected { .. }
            );
        for record in self
            .signatures
            .iter_mut()
            .filter(|record| record.void_since.is_none())
        {
            let of_record = matches!(
                record.signature.meaning,
                Meaning::Reviewed | Meaning::Certified
            );
            let of_step = record.step.is_some() && record.step.as_ref() == changed_step;
            if of_step || (of_record && !keeps_review) {
                record.void_since = Some(version);
            }
        }
    }

    fn note_maker(&mut self, event: &BatchEvent, by: &By) {
        let made = matches!(
            event,
            BatchEvent::HarvestCorrected { .. }
                | BatchEvent::EntryRecorded { .. }
                | BatchEvent::EntryCorrected { .. }
                | BatchEvent::EntryVerified { .. }
                | BatchEvent::EntryNotApplicable { .. }
                | BatchEvent::StepNotApplicable { .. }
                | BatchEvent::StepCompleted { .. }
                | BatchEvent::CultureEnded { .. }
                | BatchEvent::SampleTaken { .. }
                | BatchEvent::ResultEntered { .. }
                | BatchEvent::ResultReviewed { .. }
                | BatchEvent::UnitStored { .. }
        );
        if made {
            self.makers.insert(by.user);
        }
    }

    fn field_label(&self, step: &StepRef, key: &str) -> String {
        let field = self
            .documents
            .master_record
            .step(&step.key)
            .and_then(|step| step.field(key));
        field.map_or_else(|| key.to_owned(), |field| field.label.clone())
    }

    fn test_mut(&mut self, sample: crate::ids::SampleId, criterion: &str) -> Option<&mut Test> {
        let sample = self.samples.iter_mut().find(|one| one.id == sample)?;
        sample
            .tests
            .iter_mut()
            .find(|test| test.criterion == criterion)
    }

    fn deviation_mut(&mut self, id: crate::ids::DeviationId, change: impl FnOnce(&mut Deviation)) {
        if let Some(deviation) = self.deviations.iter_mut().find(|one| one.id == id) {
            change(deviation);
        }
    }

    fn dose_moves(&mut self, id: DoseId, state: DoseState) {
        if let Some(dose) = self.doses.iter_mut().find(|one| one.id == id) {
            dose.state = state;
        }
    }
}
