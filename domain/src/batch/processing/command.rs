//! What a person can ask of a batch: the steps and what is recorded in them.

use crate::batch::demands::{Demands, Work};
use crate::rights::Action;
use crate::{batch::FieldValue, master_record::StepRef, time::Timestamp};

/// What can be asked of the steps and what is recorded in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProcessingCommand {
    /// Record a field of a step.
    RecordEntry {
        /// The step.
        step: StepRef,
        /// The field.
        field: String,
        /// The value.
        value: FieldValue,
        /// When it was done; `None` means now.
        performed_at: Option<Timestamp>,
    },
    /// Correct an entry.
    CorrectEntry {
        /// The step.
        step: StepRef,
        /// The field.
        field: String,
        /// The new value.
        value: FieldValue,
        /// Why.
        reason: String,
    },
    /// Confirm another person's critical entry.
    VerifyEntry {
        /// The step.
        step: StepRef,
        /// The field.
        field: String,
        /// The value that the second person saw.
        seen: FieldValue,
    },
    /// Mark a field as not applicable.
    EntryNotApplicable {
        /// The step.
        step: StepRef,
        /// The field.
        field: String,
        /// Why.
        reason: String,
    },
    /// Mark a step as not applicable.
    StepNotApplicable {
        /// The step.
        step: StepRef,
        /// Why.
        reason: String,
    },
    /// Complete a step, or sign it again.
    CompleteStep {
        /// The step.
        step: StepRef,
        /// When the work ended; `None` means now.
        performed_at: Option<Timestamp>,
        /// The last event that the person had before them, for a step that is signed.
        seen: u64,
    },
    /// End the culture after the passage at work.
    EndCulture {
        /// Why.
        reason: String,
    },
    /// Add a comment.
    Comment {
        /// The step, where it is about one.
        step: Option<StepRef>,
        /// The words.
        text: String,
    },
}

impl ProcessingCommand {
    /// What the command asks for before its own rule is asked.
    pub(in crate::batch) fn demands(&self) -> Demands<'_> {
        match self {
            Self::RecordEntry {
                step, performed_at, ..
            } => Demands::work(Action::RecordEntry, step, *performed_at).keeping_alive(step),
            Self::CompleteStep {
                step, performed_at, ..
            } => {
                let work = Work {
                    step,
                    performed_at: *performed_at,
                    ends_step: true,
                };
                Demands {
                    work: Some(work),
                    ..Demands::right(Action::RecordEntry).keeping_alive(step)
                }
            }
            Self::EntryNotApplicable { step, .. } | Self::StepNotApplicable { step, .. } => {
                Demands::work(Action::RecordEntry, step, None)
            }
            Self::CorrectEntry { .. } => Demands::right(Action::CorrectEntry),
            Self::VerifyEntry { step, .. } => {
                Demands::whole_record(Action::VerifyEntry).keeping_alive(step)
            }
            // Cells that can't grow further are frozen the sooner.
            Self::EndCulture { .. } => Demands::right(Action::RecordEntry),
            Self::Comment { .. } => Demands::right(Action::Comment),
        }
    }
}
