//! What events are made of: values, signatures, and words from closed lists.

use crate::{
    ids::{DoseId, SampleId, UnitId, UserId},
    master_record::StepRef,
    rights::{Role, words},
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

words! {
    /// What can be corrected of the harvest. Subject code and donation number can't: doses are handed over by them.
    HarvestField, "a figure of the harvest" {
        /// Who took the marrow.
        CollectedBy = "collected-by", "collected by";
        /// The aspirate's volume.
        Volume = "volume", "volume of the aspirate";
        /// The anticoagulant.
        Anticoagulant = "anticoagulant", "anticoagulant";
        /// The version of the consent form.
        ConsentVersion = "consent-version", "version of the consent form";
        /// Body weight.
        Weight = "weight", "body weight";
        /// The day of weighing.
        WeighedOn = "weighed-on", "day of weighing";
        /// The chain-of-identity id: given later, typed wrongly, or not of this therapy.
        Coi = "coi", "chain-of-identity id";
    }
}

/// What a field of a step holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldValue {
    /// A number in the field's unit.
    Number(Decimal),
    /// Words.
    Text(String),
    /// One of the field's choices.
    Choice(String),
    /// Yes or no.
    YesNo(bool),
    /// A moment.
    Moment(Timestamp),
    /// A day.
    Day(NaiveDate),
}

impl std::fmt::Display for FieldValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) | Self::Choice(text) => text.fmt(f),
            Self::YesNo(answer) => f.write_str(if *answer { "yes" } else { "no" }),
            Self::Moment(at) => at.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

words! {
    /// What a signature means. It is part of what is signed.
    Meaning, "a meaning of a signature" {
        /// I carried this step out as recorded.
        Performed = "performed", "Performed as recorded";
        /// I reviewed the record and found it complete.
        Reviewed = "reviewed", "Reviewed, record complete";
        /// I lift this stop on what the record says of it.
        StopLifted = "stop-lifted", "Stop lifted, batch may go on";
        /// I closed this deviation.
        DeviationClosed = "deviation-closed", "Deviation assessed and closed";
        /// I certify this batch for release.
        Certified = "certified", "Certified for release";
        /// I reject this batch.
        Rejected = "rejected", "Rejected";
        /// I withdraw the certification.
        Withdrawn = "withdrawn", "Certification withdrawn";
    }
}

/// What was signed: the record up to an entry, bound by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The last entry of the batch that the signer had before them.
    pub version: u64,
    /// The digest of the batch's entries up to there, see `docs/ledger-format.md`.
    pub digest: String,
}

/// What a stated time is the time of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeOf {
    /// An entry of a step.
    Entry {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
    },
    /// The end of a step.
    Step {
        /// The step.
        step: StepRef,
    },
    /// The taking of a sample.
    Sample {
        /// Which.
        sample: SampleId,
    },
    /// The storing of a unit.
    Unit {
        /// Which.
        unit: UnitId,
    },
    /// The collection of the marrow.
    Collection,
    /// The start of an infusion.
    InfusionStart {
        /// Of which dose.
        dose: DoseId,
    },
    /// The end of an infusion.
    InfusionEnd {
        /// Of which dose.
        dose: DoseId,
    },
}

impl TimeOf {
    /// Whether it is of what was done with a dose: that stands beside the record that was certified, not in it.
    #[must_use]
    pub fn is_of_infusion(&self) -> bool {
        match self {
            Self::InfusionStart { .. } | Self::InfusionEnd { .. } => true,
            Self::Entry { .. }
            | Self::Step { .. }
            | Self::Sample { .. }
            | Self::Unit { .. }
            | Self::Collection => false,
        }
    }
}

/// An entry that is judged otherwise since the time of the collection was corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedAgain {
    /// The step.
    pub step: StepRef,
    /// The field's key.
    pub field: String,
    /// The limit in words that its value is outside of now; `None` where it is as expected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub outside: Option<String>,
}

/// A person's electronic signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The account that signed.
    pub signer: UserId,
    /// Its user name.
    pub user_name: String,
    /// The signer's printed name at that moment.
    pub name: String,
    /// The role in which they signed.
    pub role: Role,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// What it means.
    pub meaning: Meaning,
}

/// One test that a sample is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueTest {
    /// The criterion's key in the specification.
    pub criterion: String,
    /// The day on which its result is due, by the clocks of the site.
    pub due: NaiveDate,
}

words! {
    /// Why a result may be invalidated. Failing its limit is no reason (Ph. Eur. 2.6.1 for sterility).
    InvalidationReason, "a reason to invalidate a result" {
        /// Growth in the negative control.
        NegativeControl = "negative-control", "growth in the negative control";
        /// The monitoring of the test facility shows a fault.
        Monitoring = "monitoring", "faulty monitoring of the test facility";
        /// The review of the testing procedure shows a fault.
        Procedure = "procedure", "faulty test procedure";
        /// The organism found comes from a fault in the test.
        TestFault = "test-fault", "organism due to a fault of the test";
        /// The instrument or reagent failed its own suitability check.
        Suitability = "suitability", "instrument or reagent failed its suitability check";
        /// The raw data have another result than the one that was typed and reviewed. The test is not repeated: the
        /// result is entered again from the raw data.
        TranscriptionError = "transcription-error", "transcription error";
    }
}

impl InvalidationReason {
    /// Whether the test itself was at fault, so that it is repeated.
    #[must_use]
    pub fn repeats_test(self) -> bool {
        match self {
            Self::NegativeControl
            | Self::Monitoring
            | Self::Procedure
            | Self::TestFault
            | Self::Suitability => true,
            Self::TranscriptionError => false,
        }
    }
}

/// The analyst who confirmed another's correction, with their own user name and password in the same act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondAnalyst {
    /// The account.
    pub user: UserId,
    /// Its user name.
    pub user_name: String,
    /// The printed name at that moment.
    pub name: String,
    /// The role in which they confirmed it.
    pub role: Role,
}

/// What a correction changes of the verdict on a result. There is none without a second analyst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictChange {
    /// The verdict on the result before, in a word.
    pub before: String,
    /// The verdict on the result now, in a word.
    pub after: String,
    /// Who compared both results with the raw data and confirmed the new one.
    pub second: SecondAnalyst,
}

words! {
    /// How grave a deviation is.
    DeviationClass, "a class of deviation" {
        /// No influence on the product.
        Minor = "minor", "minor";
        /// May influence the product.
        Major = "major", "major";
        /// Likely to harm the patient or void the product.
        Critical = "critical", "critical";
    }
}

words! {
    /// How a unit was made.
    UnitForm, "a form of unit" {
        /// Frozen in a bag or vial.
        Frozen = "frozen", "frozen";
        /// Formulated fresh.
        Formulated = "formulated", "formulated";
    }
}
