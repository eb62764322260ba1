//! What a person can ask of a batch, already parsed.

use super::{
    DeviationClass, DocumentRef, FieldValue, HarvestField, Held, InvalidationReason, TimeOf,
};
use crate::{
    clock::ClockState,
    fit::Misfit,
    identifiers::{Coi, DonationNumber, Scheme},
    ids::{DeviationId, DoseId, SampleId, UnitId, UserId},
    master_record::StepRef,
    release::ResultValue,
    rights::{Action, Role},
    time::Timestamp,
    zone::Zone,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What a decision needs from outside: the person, the moment, and what was proven.
#[derive(Debug, Clone)]
pub struct Context {
    /// The server's clock.
    pub now: Timestamp,
    /// Whether it is confirmed: where it isn't, nothing is held against it.
    pub clock: ClockState,
    /// The zone of the batch: a day that a person types is held against the day that the site's clocks showed at the
    /// moment in question, and refusals name times by those clocks.
    pub zone: Zone,
    /// The account.
    pub user: UserId,
    /// Its user name.
    pub user_name: String,
    /// Its printed name.
    pub name: String,
    /// Its roles at the batch's site.
    pub roles: Vec<Role>,
    /// The digest of the record up to its last event, present only where user name and password were given again in
    /// this very request.
    pub signing: Option<String>,
    /// Who holds what the command asks for (`claims_of_command`), looked up in its transaction.
    pub held: Held,
}

impl Context {
    /// The day at the site.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.zone.day(self.now)
    }

    /// A moment in words, as the site's clocks showed it.
    #[must_use]
    pub fn shown(&self, at: Timestamp) -> String {
        self.zone.shown(at)
    }
}

/// A second person who gave their own user name and password in the request of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Second {
    /// The account.
    pub user: UserId,
    /// Its user name.
    pub user_name: String,
    /// Its printed name.
    pub name: String,
    /// Its roles at the batch's site.
    pub roles: Vec<Role>,
}

impl BatchCommand {
    /// The second person whose password was checked with it, and what they have to be allowed.
    #[must_use]
    pub fn second(&self) -> Option<(UserId, Action)> {
        if let Self::CorrectResult {
            second: Some(second),
            ..
        } = self
        {
            return Some((second.user, Action::ReviewResult));
        }
        None
    }

    /// The same with the roles that the second person has now.
    #[must_use]
    pub fn with_second_in(mut self, roles: Vec<Role>) -> Self {
        if let Self::CorrectResult {
            second: Some(second),
            ..
        } = &mut self
        {
            second.roles = roles;
        }
        self
    }
}

/// The harvest as a person registers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Harvest {
    /// The subject's code.
    pub subject: String,
    /// The number of the donation: a DIN, or one of the lab's own.
    pub din: DonationNumber,
    /// The chain-of-identity id, where the order has one.
    pub coi: Option<Coi>,
    /// When the marrow was taken.
    pub collected_at: Timestamp,
    /// Who took it.
    pub collected_by: String,
    /// Volume of the aspirate in mL.
    pub volume_ml: Decimal,
    /// The anticoagulant.
    pub anticoagulant: String,
    /// Whether consent was confirmed.
    pub consent: bool,
    /// The version of the consent form.
    pub consent_version: String,
    /// The day of consent.
    pub consented_on: NaiveDate,
    /// Body weight in kg.
    pub weight_kg: Decimal,
    /// The day of weighing.
    pub weighed_on: NaiveDate,
    /// Whether two identifiers were read from patient and label.
    pub identity_confirmed: bool,
}

/// What the record of other batches says, looked up in the transaction of the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookups {
    /// The site's code.
    pub site: String,
    /// The year of the server's day at the site.
    pub year: i32,
    /// How many batches the site has registered before.
    pub batches_before: u64,
    /// How the site numbers donations.
    pub scheme: Scheme,
    /// The master record in force at the site.
    pub master_record: DocumentRef,
    /// The specification in force at the site.
    pub specification: DocumentRef,
    /// Why the two can't be used together; empty where they fit.
    pub misfits: Vec<Misfit>,
}

/// What can be asked of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchCommand {
    /// Correct a figure of the harvest.
    CorrectHarvest {
        /// Which.
        field: HarvestField,
        /// The new value as typed.
        value: String,
        /// Why.
        reason: String,
    },
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
    /// Correct a time that was stated.
    CorrectTime {
        /// What it is the time of.
        of: TimeOf,
        /// The true time.
        at: Timestamp,
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
    /// Take a sample.
    TakeSample {
        /// Its new id.
        sample: SampleId,
        /// The step.
        step: StepRef,
        /// When; `None` means now.
        taken_at: Option<Timestamp>,
        /// Viable cells that went into it.
        viable_cells: Decimal,
    },
    /// Enter a result.
    EnterResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// The result.
        value: ResultValue,
        /// The day of the test.
        tested_on: NaiveDate,
    },
    /// Review another analyst's result.
    ReviewResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
    },
    /// Correct one's own result before its review.
    CorrectResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// The result as the raw data have it.
        value: ResultValue,
        /// The day of the test.
        tested_on: NaiveDate,
        /// Why.
        reason: String,
        /// Where the raw data are; may be empty where the verdict stays.
        raw_data: String,
        /// The analyst who confirmed it in the same request.
        second: Option<Second>,
    },
    /// Return another analyst's result, so that they correct it or confirm it again.
    ReturnResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the reviewer had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// Why.
        reason: String,
    },
    /// Confirm one's own returned result as it was entered.
    ConfirmResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// What the analyst found in the raw data.
        answer: String,
    },
    /// Invalidate a result.
    InvalidateResult {
        /// The sample.
        sample: SampleId,
        /// The criterion.
        criterion: String,
        /// Which value of the test the analyst had before them, see [`Test::values`](super::Test::values).
        result: usize,
        /// The listed reason.
        reason: InvalidationReason,
        /// The evidence.
        evidence: String,
        /// Where the raw data are; may be empty but for a transcription error.
        raw_data: String,
    },
    /// Read both identifiers again, for a stop on identity.
    ReadIdentifiers {
        /// The stop, by its number.
        stop: u64,
        /// The subject code, read from the order.
        subject: String,
        /// The DIN, read from the label.
        din: DonationNumber,
    },
    /// Lift a stop by signature.
    LiftStop {
        /// The stop, by its number.
        stop: u64,
        /// The entries of the batch that it rests on.
        evidence: Vec<u64>,
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Raise a deviation.
    RaiseDeviation {
        /// Its new id.
        deviation: DeviationId,
        /// The step, where it is about one.
        step: Option<StepRef>,
        /// What happened.
        description: String,
    },
    /// Classify a deviation.
    ClassifyDeviation {
        /// Which.
        deviation: DeviationId,
        /// How grave.
        class: DeviationClass,
    },
    /// State cause and impact of a deviation.
    AssessDeviation {
        /// Which.
        deviation: DeviationId,
        /// Root cause.
        root_cause: String,
        /// Impact on product and patient.
        impact: String,
    },
    /// Close a deviation by signature.
    CloseDeviation {
        /// Which.
        deviation: DeviationId,
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Assess an exception.
    AssessException {
        /// Its number.
        exception: u64,
        /// The assessment.
        assessment: String,
    },
    /// Sign the review of the record.
    SignReview {
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Certify the batch.
    Certify {
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Reject the batch.
    Reject {
        /// The reasons.
        reasons: String,
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Withdraw the certification.
    WithdrawCertification {
        /// Why.
        reason: String,
        /// The last event that the person had before them.
        seen: u64,
    },
    /// Store a unit.
    StoreUnit {
        /// Its new id.
        unit: UnitId,
        /// The step.
        step: StepRef,
        /// Viable cells in it.
        viable_cells: Decimal,
        /// Its volume in mL.
        volume_ml: Decimal,
        /// Where it lies.
        location: String,
        /// When; `None` means now.
        stored_at: Option<Timestamp>,
    },
    /// Record the destruction of a unit.
    DestroyUnit {
        /// Which.
        unit: UnitId,
        /// Why and how.
        reason: String,
    },
    /// Prepare a dose from released units.
    PrepareDose {
        /// Its new id.
        dose: DoseId,
        /// The units to take.
        units: Vec<UnitId>,
    },
    /// Dispatch a dose.
    DispatchDose {
        /// Which.
        dose: DoseId,
        /// The recipient's subject code, read from the order.
        subject: String,
        /// The number of the donation, read from the label.
        din: DonationNumber,
        /// To whom it goes.
        destination: String,
    },
    /// Record the infusion of a dose.
    RecordInfusion {
        /// Which.
        dose: DoseId,
        /// Start.
        started_at: Timestamp,
        /// End.
        ended_at: Timestamp,
        /// Volume given, in mL.
        volume_ml: Decimal,
        /// Whether the person says that it was given although something held the dose. Without that word an infusion is
        /// refused while the batch is on hold: it must not be begun.
        given_on_hold: bool,
    },
    /// Record that a dose was destroyed.
    DestroyDose {
        /// Which.
        dose: DoseId,
        /// Why and how.
        reason: String,
    },
}
