//! The master record: the ordered steps of a process, as a versioned TOML document.
//!
//! The format is described in `docs/master-record-format.md`. What a batch does is data of the site; no step, window or
//! limit is a constant in code. What the arithmetic needs of a step (how many cells were seeded, how many were
//! harvested) stands in fields whose keys the step's [`StepKind`] prescribes.

mod field;
mod parse;
mod step_ref;
mod stop;
mod time_limit;

pub use field::{Field, FieldKind, NotAValue, Within};
pub use parse::required_fields;
pub use step_ref::{NotAStep, StepRef};
pub use stop::{LiftedBy, NotALift};
pub use time_limit::{ActTimes, Anchor, Comparison, NotATimeLimit, TimeBound, TimeLimit, TimeUnit};

use crate::{
    rights::words,
    specification::{Basis, Limit, Malformed},
};
use chrono::TimeDelta;
use rust_decimal::Decimal;

/// The master record that ships with the program, for autologous bone-marrow MSC.
pub const BM_MSC: &str = include_str!("../documents/master-record-bm-msc.toml");

/// A process: what is done, in which order, with what limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterRecord {
    /// Its key, such as `bm-msc`.
    pub key: String,
    /// Its version, from 1.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// The product that it makes.
    pub product: String,
    /// An entry recorded longer than this after it was performed is late, an exception that review shows.
    pub late_after: TimeDelta,
    /// The passages, where the process has them.
    pub culture: Option<Culture>,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// The passages: a run of steps repeated until enough cells are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Culture {
    /// The first step of a passage.
    pub first_step: String,
    /// The last step of a passage.
    pub last_step: String,
    /// No passage follows the one with this number; the first is P0.
    pub maximum_passage: u16,
    /// The culture doesn't end before the passage with this number.
    pub minimum_passage: u16,
    /// The culture ends when this many viable cells per kg of body weight were harvested.
    pub target_viable_per_kg: Decimal,
    /// Where the figures come from.
    pub basis: Basis,
}

words! {
    /// What a step does to the cells.
    StepKind, "a kind of step" {
        /// Receipt of the aspirate.
        Receive = "receive", "Receipt";
        /// Isolation of mononuclear cells.
        Isolate = "isolate", "Isolation";
        /// Seeding of a passage.
        Seed = "seed", "Seeding";
        /// Change of medium.
        ChangeMedium = "change-medium", "Change of medium";
        /// Observation of the culture.
        Observe = "observe", "Observation";
        /// Detachment and count at the end of a passage.
        Passage = "passage", "Passage";
        /// The final harvest: pool, wash, count twice.
        FinalHarvest = "final-harvest", "Final harvest";
        /// Taking samples for quality control.
        Sample = "sample", "Sampling";
        /// Freezing in units.
        Freeze = "freeze", "Freezing";
        /// Formulating fresh units.
        Formulate = "formulate", "Formulation";
        /// A checklist of the site's own.
        Checklist = "checklist", "Checklist";
        /// The assessment of what a stop was raised for. It stands outside the order: open while a stop that it can
        /// lift is, once for each time that one was raised.
        Assess = "assess", "Assessment of a stop";
    }
}

words! {
    /// The signature that a step needs when it is completed.
    StepSignature, "a signature of a step" {
        /// None: each entry names who made it.
        None = "none", "none";
        /// The person who carried it out signs with user name and password.
        Performed = "performed", "performed";
    }
}

words! {
    /// A figure that is computed from the fields of a step.
    CheckOf, "a computed figure" {
        /// 100 × viable / total, in %. Of a final harvest: of the means of both counts.
        Viability = "viability", "Viability";
        /// Coefficient of variation of the two total counts of a final harvest, in %.
        CountCv = "count-cv", "CV of the two counts";
    }
}

/// A limit on a computed figure; outside is an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The figure.
    pub of: CheckOf,
    /// Its limit.
    pub limit: Limit,
    /// Where the limit comes from.
    pub basis: Basis,
}

words! {
    /// What the window of a step counts from.
    WindowStart, "a start of a window" {
        /// The end of the work before it; for a recurring step also its own last time.
        WorkBefore = "work-before", "the work before";
        /// The collection of the marrow: the time runs while the steps before it are done.
        Collection = "collection", "the collection";
    }
}

/// When a step is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// What it counts from.
    pub counts_from: WindowStart,
    /// Not before.
    pub from: TimeDelta,
    /// Not after.
    pub to: TimeDelta,
    /// Where the window comes from.
    pub basis: Basis,
}

/// A step of the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its key, unique in the document.
    pub key: String,
    /// Its title for the person.
    pub title: String,
    /// What it does to the cells.
    pub kind: StepKind,
    /// What to do, in the site's words.
    pub instruction: String,
    /// Whether it may happen any number of times before the next step.
    pub recurring: bool,
    /// Whether it keeps the cells alive: such a step is recorded, and flagged, also while the batch is on hold.
    pub keeps_alive: bool,
    /// In which passages it happens; empty means in each.
    pub only_passages: Vec<u16>,
    /// When it is due.
    pub window: Option<Window>,
    /// The signature on completing it.
    pub signature: StepSignature,
    /// The sample point of the specification, for a step of kind sample.
    pub sample_point: Option<String>,
    /// Its fields in order.
    pub fields: Vec<Field>,
    /// Limits on computed figures.
    pub checks: Vec<Check>,
}

impl Step {
    /// The field with this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

impl MasterRecord {
    /// Reads a document.
    ///
    /// # Errors
    /// [`Malformed`] with the line and the reason.
    pub fn parse(toml: &str) -> Result<Self, Malformed> {
        parse::master_record(toml)
    }

    /// Name and version, as papers and pages print them: `bm-msc v1`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} v{}", self.key, self.version)
    }

    /// The step with this key.
    #[must_use]
    pub fn step(&self, key: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.key == key)
    }

    /// The places of the first and the last step of a passage; `None` where the process has no passages.
    #[must_use]
    pub fn culture_range(&self) -> Option<(usize, usize)> {
        let culture = self.culture.as_ref()?;
        let place = |key: &str| self.steps.iter().position(|step| step.key == key);
        Some((place(&culture.first_step)?, place(&culture.last_step)?))
    }

    /// Whether some stop is lifted by a field of this step.
    #[must_use]
    pub fn lifted_in(&self, key: &str) -> bool {
        let fields = self.steps.iter().flat_map(|step| &step.fields);
        fields
            .filter_map(|field| field.stop.as_ref())
            .any(|lifted_by| matches!(lifted_by, LiftedBy::Entry { step, .. } if step == key))
    }

    /// Whether the step at this place belongs to the passages.
    #[must_use]
    pub fn in_culture(&self, place: usize) -> bool {
        self.culture_range()
            .is_some_and(|(first, last)| (first..=last).contains(&place))
    }
}

#[cfg(test)]
mod tests;
