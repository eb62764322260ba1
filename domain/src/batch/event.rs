//! What can have happened to a batch. An event is written once and read for thirty years: a field is never renamed or
//! removed; a change of shape is a new [`BatchEvent::VERSION`].

mod ledger;
mod parts;

pub use ledger::NotAnEvent;
pub use parts::{
    DeviationClass, DueTest, FieldValue, HarvestField, InvalidationReason, JudgedAgain, Meaning,
    SecondAnalyst, Signature, Signed, TimeOf, UnitForm, VerdictChange,
};

use crate::{
    clock::ClockState,
    identifiers::{Coi, DonationNumber},
    ids::{DeviationId, DoseId, SampleId, UnitId, UserId},
    master_record::{LiftedBy, StepRef},
    release::ResultValue,
    rights::Role,
    time::Timestamp,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which version of which document a batch runs under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRef {
    /// The document's key, such as `bm-msc`.
    pub key: String,
    /// Its version, from 1.
    pub version: u32,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
}

/// The harvest that a batch begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The batch number, such as `GE-2026-0007`.
    pub number: String,
    /// The site's code.
    pub site: String,
    /// The subject's code in the trial; never a name.
    pub subject: String,
    /// The number of the donation: a DIN, or one of the lab's own.
    pub din: DonationNumber,
    /// The chain-of-identity id of the therapy, where the order has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub coi: Option<Coi>,
    /// When the marrow was taken.
    pub collected_at: Timestamp,
    /// Who took it.
    pub collected_by: String,
    /// Volume of the aspirate in mL.
    pub volume_ml: Decimal,
    /// The anticoagulant in the container.
    pub anticoagulant: String,
    /// The version of the consent form that the patient signed.
    pub consent_version: String,
    /// The day on which consent was given.
    pub consented_on: NaiveDate,
    /// Body weight in kg.
    pub weight_kg: Decimal,
    /// The day on which it was measured.
    pub weighed_on: NaiveDate,
    /// The time zone of the site by its IANA name: the days of this batch are counted in it.
    pub time_zone: String,
    /// The master record that the batch runs under.
    pub master_record: DocumentRef,
    /// The specification that it is judged by.
    pub specification: DocumentRef,
}

/// An event of a batch. The names in `serde` are the kinds that stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum BatchEvent {
    /// The harvest was registered; the batch exists.
    HarvestRegistered(Box<Registered>),
    /// A figure of the harvest was corrected.
    HarvestCorrected {
        /// Which.
        field: HarvestField,
        /// As it was, in words of the record.
        old: String,
        /// As it is.
        new: String,
        /// Why.
        reason: String,
    },
    /// A field of a step was recorded.
    EntryRecorded {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
        /// What was entered.
        value: FieldValue,
        /// When it was done, as the person says.
        performed_at: Timestamp,
        /// The limit in words that the value is outside of, as it was judged when it was recorded; `None` where it is as
        /// expected.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        outside: Option<String>,
    },
    /// An entry was corrected.
    EntryCorrected {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
        /// The value before.
        old: FieldValue,
        /// The value now.
        new: FieldValue,
        /// Why.
        reason: String,
        /// The limit in words that the value now is outside of, as for an entry.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        outside: Option<String>,
    },
    /// A time that a person had stated was corrected.
    TimeCorrected {
        /// What it is the time of.
        of: TimeOf,
        /// The time before.
        old: Timestamp,
        /// The time now.
        new: Timestamp,
        /// The limit in words that the value of the entry is outside of by this time: an expiry, for instance.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        outside: Option<String>,
        /// The entries that are held against the collection and judged otherwise by its corrected time.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        judged: Vec<JudgedAgain>,
        /// Why.
        reason: String,
    },
    /// A second person confirmed a critical entry.
    EntryVerified {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
    },
    /// A field does not apply.
    EntryNotApplicable {
        /// The step.
        step: StepRef,
        /// The field's key.
        field: String,
        /// Why.
        reason: String,
    },
    /// A whole step does not apply.
    StepNotApplicable {
        /// The step.
        step: StepRef,
        /// Why.
        reason: String,
    },
    /// A step was completed, or signed again after its signature became void.
    StepCompleted {
        /// The step.
        step: StepRef,
        /// When the work ended, as the person says.
        performed_at: Timestamp,
        /// The signature, where the master record asks for one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        signature: Option<Signature>,
        /// What it binds.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        signed: Option<Signed>,
    },
    /// The culture was ended before its target and before its last passage.
    CultureEnded {
        /// Why.
        reason: String,
    },
    /// A comment.
    CommentAdded {
        /// The step that it is about; none where it is about the batch.
        step: Option<StepRef>,
        /// The words.
        text: String,
    },
    /// A sample was taken.
    SampleTaken {
        /// Its id.
        sample: SampleId,
        /// Its code on the label, such as `GE-2026-0007-S01`.
        code: String,
        /// The step at which it was taken.
        step: StepRef,
        /// The sample point of the specification.
        point: String,
        /// When it was taken.
        taken_at: Timestamp,
        /// Viable cells that went into it.
        viable_cells: Decimal,
        /// The tests that it is for.
        tests: Vec<DueTest>,
    },
    /// A result was entered.
    ResultEntered {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The result.
        value: ResultValue,
        /// The day of the test.
        tested_on: NaiveDate,
    },
    /// A second analyst reviewed a result.
    ResultReviewed {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
    },
    /// A figure beside a reviewed result was corrected, and the result is judged otherwise: its review is void.
    ResultRejudged {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The verdict on the result before, in a word.
        before: String,
        /// The verdict on the result now, in a word.
        after: String,
        /// What was corrected.
        figure: String,
        /// Why.
        reason: String,
    },
    /// The analyst who entered a result corrected it before its review.
    ResultCorrected {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The result before.
        old: ResultValue,
        /// The day of the test before.
        old_tested_on: NaiveDate,
        /// The result now.
        new: ResultValue,
        /// The day of the test now.
        tested_on: NaiveDate,
        /// Why.
        reason: String,
        /// Where the raw data are that show the result; always there where the verdict changes.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        raw_data: Option<String>,
        /// What the correction changes of the verdict, and who confirmed it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        verdict: Option<VerdictChange>,
    },
    /// The reviewer returned a result to the analyst who entered it.
    ResultReturned {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Why.
        reason: String,
    },
    /// The analyst confirmed a returned result as it was entered.
    ResultConfirmed {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// What the analyst found in the raw data.
        answer: String,
    },
    /// A result was invalidated for a listed reason.
    ResultInvalidated {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The listed reason.
        reason: InvalidationReason,
        /// The evidence for it.
        evidence: String,
        /// Where the raw data are; always there for a transcription error.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        raw_data: Option<String>,
    },
    /// A failing answer to a stop of the master record put the batch on hold. What the rule was is written here: a later
    /// version of a document or of the program changes nothing of it.
    StopRaised {
        /// The step of the stop.
        step: StepRef,
        /// The field's key.
        field: String,
        /// The entry of the batch that holds the failing answer: the one before this event.
        entry: u64,
        /// The answer in words.
        found: String,
        /// What was expected, in words.
        expected: String,
        /// What lifts it.
        lifted_by: LiftedBy,
        /// The master record that makes the field a stop.
        master_record: DocumentRef,
        /// The deviation that was raised in the same act.
        deviation: DeviationId,
    },
    /// Both identifiers were read again for a stop on identity.
    IdentifiersRead {
        /// The stop, by the entry that raised the hold.
        stop: u64,
        /// The subject code as read.
        subject: String,
        /// The DIN as read.
        din: DonationNumber,
        /// Whether both are those of the batch.
        agree: bool,
    },
    /// QA lifted a stop.
    StopLifted {
        /// The stop, by the entry that raised the hold.
        stop: u64,
        /// What it rests on, by entries of the batch: the one that the master record names, or two readings of both
        /// identifiers.
        evidence: Vec<u64>,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// A deviation was raised.
    DeviationRaised {
        /// Its id.
        deviation: DeviationId,
        /// Its number in the batch, such as `GE-2026-0007-D1`.
        number: String,
        /// The step, where it is about one.
        step: Option<StepRef>,
        /// What happened.
        description: String,
    },
    /// A deviation was classified.
    DeviationClassified {
        /// Which.
        deviation: DeviationId,
        /// How grave.
        class: DeviationClass,
    },
    /// Its root cause and its impact on the product were stated.
    DeviationAssessed {
        /// Which.
        deviation: DeviationId,
        /// The root cause.
        root_cause: String,
        /// The impact on the product and the patient.
        impact: String,
    },
    /// A deviation was closed.
    DeviationClosed {
        /// Which.
        deviation: DeviationId,
        /// By whose signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// An exception was assessed.
    ExceptionAssessed {
        /// The entry of the batch that made the exception.
        exception: u64,
        /// The assessment.
        assessment: String,
    },
    /// QA signed the review of the record.
    ReviewSigned {
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// The QP certified the batch.
    Certified {
        /// The certificate's number, such as `GE-2026-0007-C1`.
        certificate: String,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// The QP rejected the batch.
    Rejected {
        /// The reasons.
        reasons: String,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// The certification was withdrawn.
    CertificationWithdrawn {
        /// Why.
        reason: String,
        /// The signature.
        signature: Signature,
        /// What it binds.
        signed: Signed,
    },
    /// A unit was frozen or formulated.
    UnitStored {
        /// Its id.
        unit: UnitId,
        /// Its code on the label, such as `GE-2026-0007-U01`.
        code: String,
        /// How it was made.
        form: UnitForm,
        /// The step at which it was made.
        step: StepRef,
        /// Viable cells in it.
        viable_cells: Decimal,
        /// Its volume in mL.
        volume_ml: Decimal,
        /// Where it lies: tank / rack / box / position.
        location: String,
        /// When it was stored.
        stored_at: Timestamp,
    },
    /// A unit was destroyed.
    UnitDestroyed {
        /// Which.
        unit: UnitId,
        /// Why and how.
        reason: String,
        /// When.
        destroyed_at: Timestamp,
    },
    /// A dose was prepared from released units.
    DosePrepared {
        /// Its id.
        dose: DoseId,
        /// Its code, such as `GE-2026-0007-DOSE1`.
        code: String,
        /// The units taken.
        units: Vec<UnitId>,
        /// Viable cells in them.
        viable_cells: Decimal,
        /// The weight that it was reckoned for, in kg.
        weight_kg: Decimal,
        /// The day of that weight.
        weighed_on: NaiveDate,
    },
    /// A dose left the site.
    DoseDispatched {
        /// Which.
        dose: DoseId,
        /// The subject code as read from the order.
        subject: String,
        /// The number of the donation as read from the label.
        din: DonationNumber,
        /// To whom it went.
        destination: String,
        /// When.
        dispatched_at: Timestamp,
    },
    /// A dose was infused.
    DoseInfused {
        /// Which.
        dose: DoseId,
        /// Start of the infusion.
        started_at: Timestamp,
        /// End of the infusion.
        ended_at: Timestamp,
        /// Volume given, in mL.
        volume_ml: Decimal,
        /// Why the dose should not have been given, in words, where something held it at that time.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        on_hold: Option<String>,
    },
    /// A dose was not given and was destroyed.
    DoseDestroyed {
        /// Which.
        dose: DoseId,
        /// Why and how.
        reason: String,
        /// When.
        destroyed_at: Timestamp,
    },
}

impl BatchEvent {
    /// The version of the shape of all kinds.
    pub const VERSION: u16 = 1;
}

/// Who made an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The account.
    pub user: UserId,
    /// The printed name at that moment.
    pub name: String,
    /// The role in which they acted.
    pub role: Role,
}

/// An event as it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the batch, from 1.
    pub version: u64,
    /// When the server recorded it.
    pub at: Timestamp,
    /// Whether its clock was confirmed then.
    pub clock: ClockState,
    /// Who.
    pub by: By,
    /// What.
    pub event: BatchEvent,
}
