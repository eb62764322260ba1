//! Why a command on a batch is refused, in words for the person.

mod field;
mod standing;

use super::Blocker;
use crate::{
    fit::Misfit,
    identifiers::NotOfScheme,
    master_record::StepRef,
    rights::{self, Action},
    typed::NotTaken,
};

/// Why a command on a batch is refused. Each says the rule, the value, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No role of the person allows it.
    #[error("Your roles at this site don't allow you to {action}. Ask a person with that role.")]
    NotAllowed {
        /// What they asked for.
        action: Action,
    },
    /// The person may not act now: the account, its password or the session is not as it was.
    #[error("{0}")]
    Standing(rights::Refusal),
    /// The password was not given again.
    #[error("A signature needs your user name and password again. Enter both and sign.")]
    NotAuthenticated,
    /// The server's clock can't be trusted.
    #[error(
        "The server's clock is not confirmed, and nothing was recorded. Two people have to read the time elsewhere and confirm \
         it on the page Clock. Until then only steps that keep cells alive are recorded: write the rest down on paper."
    )]
    ClockNotConfirmed,
    /// A time that can't be taken from the clock.
    #[error(
        "{what}: the server's clock is not confirmed. Enter the time at which it was done, read elsewhere."
    )]
    TimeNeeded {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
    },
    /// The record was changed past the program.
    #[error(
        "The record of this batch was changed outside Autolog: {what} Nothing of it can be signed and no dose can leave. \
         Keep the cells, and tell QA and whoever runs Autolog: autolog verify says what was changed."
    )]
    RecordAltered {
        /// What was found.
        what: String,
    },
    /// The record changed since the page was drawn.
    #[error(
        "The record has changed since this page was opened (entry {seen}, now {version}). Read what is new, then sign."
    )]
    Stale {
        /// What the person saw.
        seen: u64,
        /// What there is.
        version: u64,
    },
    /// The batch is certified or rejected.
    #[error(
        "Batch {batch} is {state}: its record can only be read. Raise a deviation, or have the certification withdrawn."
    )]
    RecordClosed {
        /// The batch number.
        batch: String,
        /// Certified or rejected.
        state: &'static str,
    },
    /// A text that must be given is empty.
    #[error("{what} is empty. Write it in a few words.")]
    Empty {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
    },
    /// A text is too long.
    #[error("{what} has {length} characters; at most {max} are kept. Shorten it.")]
    TooLong {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// How many.
        length: usize,
        /// How many are kept.
        max: usize,
    },
    /// A figure that must be above zero is not.
    #[error("{what} must be above zero. Enter what was measured.")]
    NotAboveZero {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
    },
    /// A figure that can't be right.
    #[error("{what} {value} is not plausible: {rule}. Check the figure and its unit.")]
    Implausible {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// The figure.
        value: String,
        /// The rule.
        rule: &'static str,
    },
    /// More than one thing is wrong with what was typed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Several(Vec<Refusal>),
    /// What belongs into another field.
    #[error("{why}")]
    NotTaken {
        /// The form field.
        field: &'static str,
        /// What it is, and what to do.
        why: NotTaken,
    },
    /// A typed text that could not be read.
    #[error("{0}")]
    Unreadable(String),

    /// The documents in force can't be used together.
    #[error(
        "No batch can begin at this site: its specification and its master record don't fit: {}. Keep the marrow, and tell \
         QA: a version that fits must be adopted.",
        .misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    DocumentsMisfit {
        /// Why.
        misfits: Vec<Misfit>,
    },
    /// Consent was not confirmed.
    #[error("Consent is not confirmed. Marrow can't be registered without the patient's consent.")]
    NoConsent,
    /// Identity was not confirmed.
    #[error(
        "The identity check is not confirmed. Read two identifiers from the patient and from the label, then confirm."
    )]
    IdentityNotConfirmed,
    /// The number is none of the site's.
    #[error("{0}")]
    OtherScheme(NotOfScheme),
    /// The DIN is used.
    #[error(
        "Donation number {din} is already used by batch {batch}. A donation number is never used again, nor one that reads \
         like it: check the label."
    )]
    DinUsed {
        /// The number.
        din: String,
        /// By which batch.
        batch: String,
    },
    /// The chain-of-identity id belongs to another subject.
    #[error(
        "Chain-of-identity id {coi} belongs to subject {subject}; O is read as 0, I and L as 1. Check the order."
    )]
    CoiUsed {
        /// The id in its comparable form.
        coi: String,
        /// Whose it is.
        subject: String,
    },
    /// The subject has another chain-of-identity id.
    #[error(
        "This subject already has chain-of-identity id {coi}, and all donations of one therapy share it. Check subject \
         code and order; where they are right, enter {coi}."
    )]
    SubjectHasCoi {
        /// The id that the subject has.
        coi: String,
    },
    /// The subject is known by another spelling.
    #[error(
        "A subject of this site is spelled {known}, which reads the same. If it is the same patient, enter {known}; if \
         not, have the code checked by whoever gave it."
    )]
    SubjectSpelled {
        /// The spelling that is known.
        known: String,
    },
    /// The position holds another unit.
    #[error(
        "Unit {unit} lies at this position, or at one that reads like it. Enter a free one, or record first that {unit} has \
         left."
    )]
    PositionTaken {
        /// The unit that lies there.
        unit: String,
    },
    /// The corrected value equals the present one.
    #[error("The new value is the same as the old one ({value}). Nothing was changed.")]
    NothingChanged {
        /// The value.
        value: String,
    },

    /// A time in the future.
    #[error("{what} {at} is in the future. Enter when it was done.")]
    InFuture {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// What was entered.
        at: Moment,
    },
    /// A time before what came before.
    #[error("{what} {at} is before {before_what} ({before}). Check both times.")]
    BeforePrevious {
        /// The form field.
        field: &'static str,
        /// Its label.
        what: &'static str,
        /// What was entered.
        at: Moment,
        /// What came before.
        before_what: String,
        /// When that was.
        before: Moment,
    },

    /// A time after what came after.
    #[error(
        "{what} {at} is after {after_what} ({after}). Check both times; correct the later one first."
    )]
    AfterNext {
        /// What it is the time of.
        what: String,
        /// What was entered.
        at: Moment,
        /// What came after.
        after_what: String,
        /// When that was.
        after: Moment,
    },

    /// The batch has no such step now.
    #[error(
        "This batch has no step {step} at this point. Open the batch again and go on with the step shown there."
    )]
    UnknownStep {
        /// Which.
        step: StepRef,
    },
    /// A step out of order.
    #[error(
        "{title} can't be recorded yet: {waiting_for} is not complete. Complete that step first."
    )]
    StepWaits {
        /// The step's title.
        title: String,
        /// The step in the way.
        waiting_for: String,
    },
    /// A step that is over.
    #[error("{title} is already over. To change an entry, correct it with a reason.")]
    StepOver {
        /// The step's title.
        title: String,
    },
    /// An in-process criterion stops the next step.
    #[error(
        "{title} can't be recorded yet: {test} at {point} is {state}. Its result must pass before the work goes on."
    )]
    InProcessControl {
        /// The step's title.
        title: String,
        /// The test.
        test: String,
        /// The sample point.
        point: String,
        /// What came of it.
        state: String,
    },
    /// The step has no such field.
    #[error("{title} has no field “{field}”. Open the batch again.")]
    UnknownField {
        /// The step's title.
        title: String,
        /// The field.
        field: String,
    },
    /// A value of another type than the field's.
    #[error("{label}: what was entered doesn't fit this field. Enter it again.")]
    WrongKind {
        /// The field's key.
        field: String,
        /// The field's label.
        label: String,
    },
    /// Recorded already.
    #[error("{label} is already recorded as {value}. To change it, correct it with a reason.")]
    AlreadyRecorded {
        /// The field's key.
        field: String,
        /// The field's label.
        label: String,
        /// The value.
        value: String,
    },
    /// Not recorded yet.
    #[error("{label} is not recorded yet. Record it first.")]
    NotRecorded {
        /// The field's label.
        label: String,
    },
    /// More viable cells than cells.
    #[error("Viable cells ({viable}) are more than total cells ({total}). Check both counts.")]
    ViableAboveTotal {
        /// The field's key.
        field: String,
        /// Viable.
        viable: String,
        /// Total.
        total: String,
    },
    /// More cells seeded than the passage before gave.
    #[error(
        "{seeded} viable cells seeded are more than the {harvested} that the passage before gave. Check the figure."
    )]
    SeededAboveHarvest {
        /// Seeded.
        seeded: String,
        /// Harvested.
        harvested: String,
    },
    /// The step can't be completed.
    #[error("{title} can't be completed: {} missing. Record each, or mark it as not applicable with the reason.", .fields.join(", "))]
    FieldsMissing {
        /// The step's title.
        title: String,
        /// The labels of what is missing.
        fields: Vec<String>,
    },
    /// Critical entries wait for the second person.
    #[error("{title} can't be completed: {} must be confirmed by a second person.", .fields.join(", "))]
    NotVerified {
        /// The step's title.
        title: String,
        /// The labels.
        fields: Vec<String>,
    },
    /// The field needs no second person.
    #[error("{label} needs no confirmation by a second person.")]
    NotCritical {
        /// The field's label.
        label: String,
    },
    /// The second person is the first.
    #[error("{name} made this entry. The second person must be somebody else.")]
    OwnEntry {
        /// Who.
        name: String,
    },
    /// Confirmed already.
    #[error("{label} is already confirmed by {name}.")]
    AlreadyVerified {
        /// The field's label.
        label: String,
        /// By whom.
        name: String,
    },
    /// The second person saw another value.
    #[error(
        "{label} was changed to {value} while you were reading it. Read the new value, then confirm."
    )]
    SeenAnother {
        /// The field's label.
        label: String,
        /// What there is.
        value: String,
    },
    /// The culture can't be ended here.
    #[error(
        "The culture can be ended while a passage is at work and its cells are counted at the end of it. Count the passage first."
    )]
    CultureNotOpen,

    /// A step of another kind.
    #[error("{title} is not a step at which {what}. Choose the right step.")]
    WrongStep {
        /// The step's title.
        title: String,
        /// What was asked.
        what: &'static str,
    },
    /// The sample step has no sample.
    #[error(
        "{title} can't be completed: no sample is recorded. Record each sample that was taken."
    )]
    NoSample {
        /// The step's title.
        title: String,
    },
    /// The freezing step has no unit.
    #[error("{title} can't be completed: no unit is recorded. Record each bag or vial.")]
    NoUnit {
        /// The step's title.
        title: String,
    },
    /// Cells from nowhere.
    #[error(
        "{wanted} viable cells are more than the {left} left of the final harvest. Check the figure."
    )]
    TooManyCells {
        /// The form field.
        field: &'static str,
        /// Wanted.
        wanted: String,
        /// Left.
        left: String,
    },
    /// More cells taken from a passage than it gave.
    #[error("{wanted} viable cells are more than the {left} left of P{passage}. Check the figure.")]
    TooManyOfPassage {
        /// The form field.
        field: &'static str,
        /// The passage.
        passage: u16,
        /// Wanted.
        wanted: String,
        /// Left.
        left: String,
    },
    /// The id of something new is that of something in the record.
    #[error("This {what} is in the record already. Open the page again to add another.")]
    IdUsed {
        /// What was to be added.
        what: &'static str,
    },
    /// Not a sample of this batch.
    #[error(
        "This sample is not one of batch {batch}. Nothing was recorded: check the label on the sample."
    )]
    UnknownSample {
        /// The batch number.
        batch: String,
    },
    /// The sample is not for this test.
    #[error("Sample {sample} is not for this test. Check the label and the test.")]
    UnknownTest {
        /// The sample's code.
        sample: String,
    },
    /// A result stands already.
    #[error(
        "{test} of sample {sample} already has a result ({value}). A valid result can't be replaced; it can be invalidated for a listed reason."
    )]
    ResultStands {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// The value.
        value: String,
    },
    /// There is no result.
    #[error("{test} of sample {sample} has no result yet.")]
    NoResult {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
    },
    /// The result that the analyst saw doesn't stand any more.
    #[error(
        "{test} of sample {sample} was corrected or repeated since this page was opened: its result is now {value}. Read that result, then decide on it."
    )]
    ResultReplaced {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// The value that stands.
        value: String,
    },
    /// The result is reviewed already.
    #[error("{test} of sample {sample} is already reviewed by {name}.")]
    AlreadyReviewed {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// By whom.
        name: String,
    },
    /// One's own result.
    #[error("{name} entered this result. Another analyst must review it.")]
    OwnResult {
        /// Who.
        name: String,
    },
    /// Another analyst's result.
    #[error(
        "{name} entered {test} of sample {sample}: only {name} can correct or confirm it. Return it with the reason."
    )]
    AnothersResult {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// Who entered it.
        name: String,
    },
    /// The result was returned and is not answered.
    #[error(
        "{test} of sample {sample} was returned to {name}: {reason} It can be reviewed once {name} has corrected it or confirmed it again."
    )]
    ResultReturned {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// Who entered it.
        name: String,
        /// Why it was returned.
        reason: String,
    },
    /// Returned already.
    #[error("{test} of sample {sample} was already returned by {name}.")]
    AlreadyReturned {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// By whom.
        name: String,
    },
    /// Nobody returned the result.
    #[error(
        "{test} of sample {sample} was not returned. There is nothing to confirm: another analyst reviews it."
    )]
    NotReturned {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
    },
    /// The corrected result equals the present one.
    #[error(
        "Result and day of the test are the same as before ({value}). Enter what the raw data say, or leave it."
    )]
    ResultUnchanged {
        /// The value.
        value: String,
    },
    /// A correction that changes the verdict names no raw data.
    #[error(
        "This correction changes the verdict from {before} to {after}. Enter where the raw data are that show the result: report, instrument, file."
    )]
    NoRawData {
        /// The verdict before.
        before: &'static str,
        /// The verdict after.
        after: &'static str,
    },
    /// No second analyst confirmed a correction that changes the verdict.
    #[error(
        "This correction changes the verdict from {before} to {after}. A second analyst compares it with the raw data and enters user name and password here."
    )]
    NoSecondAnalyst {
        /// The verdict before.
        before: &'static str,
        /// The verdict after.
        after: &'static str,
    },
    /// The second analyst is the first.
    #[error("{name} makes this correction. Another analyst must confirm it.")]
    OwnCorrection {
        /// Who.
        name: String,
    },
    /// The second person is no analyst.
    #[error(
        "{name} may not review results at this site. A second QC analyst must confirm the correction."
    )]
    NoAnalyst {
        /// Who.
        name: String,
    },
    /// A typing error in a result that nobody has reviewed.
    #[error(
        "{test} of sample {sample} is not reviewed yet. Return it to {name}, who corrects a typing error with the reason."
    )]
    TypingErrorBeforeReview {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
        /// Who entered it.
        name: String,
    },
    /// Only one repeat.
    #[error(
        "{test} of sample {sample} was repeated once already. A second result can't be invalidated: raise a deviation."
    )]
    RepeatedOnce {
        /// The test.
        test: String,
        /// The sample's code.
        sample: String,
    },

    /// A stop holds the batch.
    #[error(
        "{title} can't be recorded now: the batch is on hold ({held_by}). Only work that keeps the cells alive goes on. \
         What was done before the hold is recorded with its time; what was done since is told in a deviation."
    )]
    OnHold {
        /// The step's title.
        title: String,
        /// The stops.
        held_by: String,
    },
    /// A dose that must not be given.
    #[error(
        "The batch is on hold: {held_by}. The dose must not be given. If it was given already, say so and record it; a \
         deviation is raised with it."
    )]
    InfusionOnHold {
        /// What holds it.
        held_by: String,
    },
    /// A stop that somebody would pass over.
    #[error("{label} is a stop of the master record and must be answered. Record what was found.")]
    StopNotApplicable {
        /// The field's label.
        label: String,
    },
    /// A step in which something was done that somebody would pass over.
    #[error(
        "{title} can't be marked as not applicable: {made} in it. Record its fields as they were found, and complete the step."
    )]
    StepWasDone {
        /// The step's title.
        title: String,
        /// What was made in it, in words.
        made: String,
    },
    /// Not a stop of this batch.
    #[error("This stop is not one of batch {batch}. Open the deviations of the batch again.")]
    UnknownStop {
        /// The batch number.
        batch: String,
    },
    /// The stop is lifted.
    #[error("The stop “{label}” is already lifted by {name}.")]
    StopLifted {
        /// The field's label.
        label: String,
        /// By whom.
        name: String,
    },
    /// The master record says otherwise what lifts the stop.
    #[error(
        "The stop “{label}” is not lifted by this. What lifts it, after the stop was raised: {needed}."
    )]
    StopLiftedOtherwise {
        /// The field's label.
        label: String,
        /// What lifts it.
        needed: String,
    },
    /// The entry that should lift a stop fails itself.
    #[error(
        "{label} is {value}, expected {expected}: it lifts no stop. The batch stays on hold, or is rejected."
    )]
    LiftingEntryFails {
        /// The field's label.
        label: String,
        /// Its value.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// The entry that should lift a stop is of a time before what stopped the batch.
    #[error(
        "{label} was found at {at}, before what it should lift: the stop “{stop}” ({raised}). Assess once more what stopped \
         the batch, or correct the time if it is wrong."
    )]
    LiftingEntryBefore {
        /// The field's label.
        label: String,
        /// When it was found.
        at: Moment,
        /// The label of the stop.
        stop: String,
        /// When the failing answer was given.
        raised: Moment,
    },
    /// The entry that should lift a stop waits for the second person.
    #[error("{label} is not confirmed by a second person. Have it confirmed, then lift the stop.")]
    LiftingEntryNotVerified {
        /// The field's label.
        label: String,
    },
    /// One's own stop or evidence.
    #[error(
        "{name} recorded or confirmed what this stop, or its lifting, rests on. Another QA reviewer must lift it."
    )]
    OwnStop {
        /// Who.
        name: String,
    },
    /// Not a deviation of this batch.
    #[error("This deviation is not one of batch {batch}.")]
    UnknownDeviation {
        /// The batch number.
        batch: String,
    },
    /// The deviation is closed.
    #[error("Deviation {number} is closed.")]
    DeviationClosed {
        /// Its number.
        number: String,
    },
    /// The deviation lacks something.
    #[error("Deviation {number} can't be closed: {missing}. Add that first.")]
    DeviationIncomplete {
        /// Its number.
        number: String,
        /// What is missing.
        missing: &'static str,
    },
    /// One's own deviation.
    #[error("{name} raised this deviation. Another person must close it.")]
    OwnDeviation {
        /// Who.
        name: String,
    },
    /// Not an exception of this batch.
    #[error("Batch {batch} has no exception number {exception}.")]
    UnknownException {
        /// The batch number.
        batch: String,
        /// The number.
        exception: u64,
    },
    /// Assessed already.
    #[error("Exception {exception} is already assessed by {name}.")]
    AlreadyAssessed {
        /// The number.
        exception: u64,
        /// By whom.
        name: String,
    },

    /// Something stands in the way.
    #[error("This can't be signed yet: {}.", .blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Blocked {
        /// What.
        blockers: Vec<Blocker>,
    },
    /// Something keeps the doses at the site.
    #[error("No dose can leave now: {}.", .blockers.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    HeldBack {
        /// What.
        blockers: Vec<Blocker>,
    },
    /// One's own batch.
    #[error(
        "{name} made entries in this batch or destroyed a unit of it. The record must be reviewed and certified by people who did not make it."
    )]
    OwnRecord {
        /// Who.
        name: String,
    },
    /// One's own review.
    #[error("{name} signed the review. Another person must certify.")]
    OwnReview {
        /// Who.
        name: String,
    },
    /// Reviewed already.
    #[error("The record is already reviewed by {name}, and that signature stands.")]
    ReviewStands {
        /// By whom.
        name: String,
    },
    /// No certification that stands.
    #[error(
        "Batch {batch} is not certified. No dose leaves without the signature of a Qualified Person that stands."
    )]
    NotCertified {
        /// The batch number.
        batch: String,
    },

    /// Not a unit of this batch.
    #[error("This unit is not one of this batch. Check the label.")]
    UnknownUnit,
    /// The unit has ended.
    #[error("Unit {unit} is no longer in the store.")]
    UnitEnded {
        /// Its code.
        unit: String,
    },
    /// Expired.
    #[error("{what} expired at {at}. It can't be given; record its destruction.")]
    Expired {
        /// The unit or dose.
        what: String,
        /// When.
        at: Moment,
    },
    /// Nothing says how long the unit may be kept.
    #[error(
        "The specification states no shelf life for unit {unit}, so its expiry is not known. It can't be given."
    )]
    NoShelfLife {
        /// Its code.
        unit: String,
    },
    /// No unit chosen.
    #[error("No unit is chosen. Choose the units of this dose.")]
    NoUnitChosen,
    /// The dose is outside its window.
    #[error(
        "{viable} viable cells for {weight} kg are {per_kg} × 10⁶ per kg, outside the dose of {window}. Prepare a dose of other units."
    )]
    DoseOutsideWindow {
        /// Viable cells.
        viable: String,
        /// Weight in kg.
        weight: String,
        /// Millions per kg.
        per_kg: String,
        /// The window.
        window: String,
    },
    /// Not a dose of this batch.
    #[error("This dose is not one of this batch. Check the label.")]
    UnknownDose,
    /// The dose is elsewhere in its life.
    #[error("Dose {dose} is {state}. This can be recorded only of a dose that is {wanted}.")]
    DoseState {
        /// Its code.
        dose: String,
        /// Where it is.
        state: &'static str,
        /// Where it would have to be.
        wanted: &'static str,
    },
    /// The recipient is not the donor.
    #[error(
        "{what} {given} is not that of this batch. Stop: this dose is for its own donor alone. Check the order and the label."
    )]
    WrongRecipient {
        /// The form field.
        field: &'static str,
        /// Which identifier.
        what: &'static str,
        /// What was read.
        given: String,
    },
}

/// A moment or a day, as a refusal names it.
pub type Moment = String;
