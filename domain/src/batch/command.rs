//! What a person can ask of a batch, already parsed.

use super::{
    DeviationCommand, DocumentRef, DoseCommand, ExceptionCommand, HarvestCommand, Held,
    InventoryCommand, ProcessingCommand, QualityCommand, ReleaseCommand, StopCommand, TimesCommand,
    demands::Demands,
};
use crate::{
    clock::ClockState,
    fit::Misfit,
    identifiers::{Coi, DonationNumber, Scheme},
    ids::UserId,
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
        if let Self::Quality(QualityCommand::CorrectResult {
            second: Some(second),
            ..
        }) = self
        {
            return Some((second.user, Action::ReviewResult));
        }
        None
    }

    /// The same with the roles that the second person has now.
    #[must_use]
    pub fn with_second_in(mut self, roles: Vec<Role>) -> Self {
        if let Self::Quality(QualityCommand::CorrectResult {
            second: Some(second),
            ..
        }) = &mut self
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

/// What can be asked of a batch, by the slice that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchCommand {
    /// The harvest.
    Harvest(HarvestCommand),
    /// Steps and field entries.
    Processing(ProcessingCommand),
    /// Stated times.
    Times(TimesCommand),
    /// Samples and results.
    Quality(QualityCommand),
    /// Stops.
    Stop(StopCommand),
    /// Deviations.
    Deviation(DeviationCommand),
    /// Exceptions.
    Exception(ExceptionCommand),
    /// Review, certification, rejection.
    Release(ReleaseCommand),
    /// Units.
    Inventory(InventoryCommand),
    /// Doses.
    Dose(DoseCommand),
}

impl BatchCommand {
    /// What the command asks for before its own rule is asked.
    pub(super) fn demands(&self) -> Demands<'_> {
        match self {
            Self::Harvest(command) => command.demands(),
            Self::Processing(command) => command.demands(),
            Self::Times(command) => command.demands(),
            Self::Quality(command) => command.demands(),
            Self::Stop(command) => command.demands(),
            Self::Deviation(command) => command.demands(),
            Self::Exception(command) => command.demands(),
            Self::Release(command) => command.demands(),
            Self::Inventory(command) => command.demands(),
            Self::Dose(command) => command.demands(),
        }
    }

    /// The right that the command needs.
    #[must_use]
    pub fn action(&self) -> Action {
        self.demands().action
    }

    /// Whether the command binds the record as it stands, or hands cells out on the strength of it.
    #[must_use]
    pub fn needs_a_whole_record(&self) -> bool {
        self.demands().whole_record
    }
}
