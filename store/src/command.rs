//! What goes into a command and what comes out.

use crate::{Credential, Effect, Fault, Taken, engine::Stamp};
use domain::{
    batch::{ClaimKey, Held},
    clock::{ClockRecord, ClockState, Doubt},
    ids::{CommandId, SessionId, UserId},
    ledger::{
        Actor, Entry, Event, Hash, LedgerName, Origin, RowChange, SignedCheckpoint, StreamName,
        rows::{DocumentRow, PersonRow, RoleRow, SiteRow},
        signed_digest,
    },
    people::{Administrator, OpenSession},
    rights::{Role, Standing},
    site::Organisation,
    time::Timestamp,
};
use serde::Serialize;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// One command, before it is decided.
#[derive(Debug, Clone)]
pub struct Request {
    /// The ledger that it would be recorded in.
    pub ledger: LedgerName,
    /// The stream that it is about.
    pub stream: StreamName,
    /// The id that came with the form.
    pub command_id: CommandId,
    /// A hash over everything that was sent and over who sent it ([`Hash::of`]): the same id with another content is
    /// not the same command.
    pub content_hash: Hash,
    /// Who asks.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// The version of the stream that the person saw; where the stream has grown since, the answer is a conflict.
    /// `None` where it doesn't matter.
    pub expected_version: Option<u64>,
    /// The version up to which the one who decides knows the stream already: [`Loaded::entries`] are then those after it, and the
    /// stream isn't checked. `None` asks for all of them, checked: whatever signs or hands cells out does.
    pub known: Option<u64>,
    /// What the decision has to know beside the stream.
    pub lookups: Vec<Lookup>,
    /// Whether it is decided at all while the clock is in doubt.
    pub in_doubt: InDoubt,
}

/// What becomes of a command while the clock isn't confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InDoubt {
    /// It is refused: [`Executed::ClockNotConfirmed`].
    Refuse,
    /// The decision says itself what it refuses then ([`Loaded::clock`]); what is recorded is flagged.
    Decide,
}

/// Something that a decision has to know beside its own stream.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// All entries of another stream, of any ledger.
    Stream(LedgerName, StreamName),
    /// Who holds a claim.
    Claim(ClaimKey),
    /// How many batches a site has registered.
    BatchCount(String),
    /// How many lines of the certification register a site has.
    RegisterCount(String),
    /// A person by id.
    Person(UserId),
    /// A person by user name.
    PersonNamed(String),
    /// How many persons there are.
    PersonCount,
    /// The roles of a person.
    Roles(UserId),
    /// How a person stands, acting in this session. Accounts change under the lock of the organisation's ledger, which
    /// every transaction holds at least with others: what is found holds until the command is recorded.
    Standing(UserId, Option<SessionId>),
    /// The user names that were ever given.
    UserNames,
    /// User name and full name of each account that isn't disabled.
    NamesInUse,
    /// The accounts that keep accounts and can be used.
    Administrators,
    /// The sessions of a person that last.
    OpenSessions(UserId),
    /// The credential of a person.
    Credential(UserId),
    /// A site by its code.
    Site(String),
    /// One version of a document: its kind, key and version.
    Document(String, String, u32),
    /// The highest approved version of a document: its kind and key.
    LatestDocument(String, String),
    /// Every site and every version of every document.
    Organisation,
}

/// What a lookup found.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    Stream(Vec<Entry>),
    Claim(Option<String>),
    Count(u64),
    Person(Option<PersonRow>),
    Roles(Vec<RoleRow>),
    Standing(Option<Standing>),
    Names(Vec<String>),
    NamesInUse(Vec<(String, String)>),
    Administrators(Vec<Administrator>),
    Sessions(Vec<OpenSession>),
    Credential(Option<Credential>),
    Site(Option<SiteRow>),
    Document(Option<DocumentRow>),
    Organisation(Vec<SiteRow>, Vec<DocumentRow>),
}

/// What a decision sees: the record as it stands under the writer lock.
///
/// A question that the request didn't look up is answered as if there were nothing, and the whole command then ends as
/// [`Fault::NotLookedUp`](crate::Fault::NotLookedUp): nothing is ever recorded on such an answer.
#[derive(Debug)]
pub struct Loaded {
    stamp: Stamp,
    record: Arc<ClockRecord>,
    ledger: LedgerName,
    stream: StreamName,
    part: Part,
    found: HashMap<Lookup, Found>,
    fault: Mutex<Option<Fault>>,
}

/// What was read of a stream.
#[derive(Debug)]
pub(crate) struct Part {
    /// The version after which it begins; 0 where it is all of it.
    pub(crate) after: u64,
    /// The entries after that, in order.
    pub(crate) entries: Vec<Entry>,
    /// What is wrong with the stream, where all of it was read.
    pub(crate) wrong: Option<String>,
}

impl Part {
    /// Nothing more than is known already.
    pub(crate) fn none(after: u64) -> Self {
        Self {
            after,
            entries: Vec::new(),
            wrong: None,
        }
    }

    pub(crate) fn version(&self) -> u64 {
        self.after + self.entries.len() as u64
    }
}

impl Loaded {
    pub(crate) fn new(
        request: &Request,
        stamp: Stamp,
        record: Arc<ClockRecord>,
        part: Part,
        found: HashMap<Lookup, Found>,
    ) -> Self {
        let (ledger, stream) = (request.ledger.clone(), request.stream.clone());
        Self {
            stamp,
            record,
            ledger,
            stream,
            part,
            found,
            fault: Mutex::new(None),
        }
    }

    /// The moment that the new entries will carry as `recorded_at`.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.stamp.at
    }

    /// Whether the clock is confirmed.
    #[must_use]
    pub fn clock(&self) -> ClockState {
        self.stamp.state()
    }

    /// What the clock shows: other than [`Self::now`] where that would go back in time.
    #[must_use]
    pub fn shown(&self) -> Timestamp {
        self.stamp.shown
    }

    /// What the organisation's ledger says of the clock.
    #[must_use]
    pub fn clock_record(&self) -> &ClockRecord {
        &self.record
    }

    pub(crate) fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// The version after which [`Self::entries`] begin: what the request names as known, or 0 where they are all of them.
    #[must_use]
    pub fn after(&self) -> u64 {
        self.part.after
    }

    /// The entries of the stream, in order: all of them, or those after [`Self::after`].
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.part.entries
    }

    /// What is wrong with the stream, where it was changed outside Autolog; looked for where all of it was read.
    #[must_use]
    pub fn wrong(&self) -> Option<&str> {
        self.part.wrong.as_deref()
    }

    /// The version of the stream: the number of its entries.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.part.version()
    }

    /// The digest that a signature over the stream as it stands binds; its `version` is [`Self::version`]. Needs all of it.
    #[must_use]
    pub fn signed_digest(&self) -> String {
        if self.part.after > 0 {
            self.fail(|| Fault::NotLookedUp("a digest over the whole stream".to_owned()));
        }
        let leaves: Vec<_> = self.entries().iter().map(Entry::leaf_hash).collect();
        signed_digest(&self.ledger, &self.stream, &leaves)
    }

    /// The entries of another stream. Needs [`Lookup::Stream`].
    #[must_use]
    pub fn stream(&self, ledger: &LedgerName, stream: &StreamName) -> &[Entry] {
        match self.find(&Lookup::Stream(ledger.clone(), stream.clone())) {
            Some(Found::Stream(entries)) => entries,
            _ => &[],
        }
    }

    /// Who holds a claim. Needs [`Lookup::Claim`].
    #[must_use]
    pub fn claim(&self, key: &ClaimKey) -> Option<&str> {
        match self.find(&Lookup::Claim(key.clone())) {
            Some(Found::Claim(holder)) => holder.as_deref(),
            _ => None,
        }
    }

    /// Who holds these claims. Needs [`Lookup::Claim`] of each.
    #[must_use]
    pub fn held(&self, keys: &[ClaimKey]) -> Held {
        let holder = |key: &ClaimKey| Some((key.clone(), self.claim(key)?.to_owned()));
        Held::of(keys.iter().filter_map(holder))
    }

    /// How many batches the site has registered. Needs [`Lookup::BatchCount`].
    #[must_use]
    pub fn batch_count(&self, site: &str) -> u64 {
        self.count(&Lookup::BatchCount(site.to_owned()))
    }

    /// How many lines the site has in the certification register. Needs [`Lookup::RegisterCount`].
    #[must_use]
    pub fn register_count(&self, site: &str) -> u64 {
        self.count(&Lookup::RegisterCount(site.to_owned()))
    }

    /// How many persons there are. Needs [`Lookup::PersonCount`].
    #[must_use]
    pub fn person_count(&self) -> u64 {
        self.count(&Lookup::PersonCount)
    }

    /// A person by id. Needs [`Lookup::Person`].
    #[must_use]
    pub fn person(&self, user: UserId) -> Option<&PersonRow> {
        self.a_person(&Lookup::Person(user))
    }

    /// A person by user name. Needs [`Lookup::PersonNamed`].
    #[must_use]
    pub fn person_named(&self, user_name: &str) -> Option<&PersonRow> {
        self.a_person(&Lookup::PersonNamed(user_name.to_owned()))
    }

    /// The roles of a person. Needs [`Lookup::Roles`].
    #[must_use]
    pub fn roles(&self, user: UserId) -> &[RoleRow] {
        match self.find(&Lookup::Roles(user)) {
            Some(Found::Roles(roles)) => roles,
            _ => &[],
        }
    }

    /// How a person stands. Needs [`Lookup::Standing`].
    #[must_use]
    pub fn standing(&self, user: UserId, session: Option<SessionId>) -> Option<&Standing> {
        match self.find(&Lookup::Standing(user, session)) {
            Some(Found::Standing(standing)) => standing.as_ref(),
            _ => None,
        }
    }

    /// The user names that were ever given. Needs [`Lookup::UserNames`].
    #[must_use]
    pub fn user_names(&self) -> &[String] {
        match self.find(&Lookup::UserNames) {
            Some(Found::Names(names)) => names,
            _ => &[],
        }
    }

    /// User name and full name of each account that isn't disabled. Needs [`Lookup::NamesInUse`].
    #[must_use]
    pub fn names_in_use(&self) -> &[(String, String)] {
        match self.find(&Lookup::NamesInUse) {
            Some(Found::NamesInUse(names)) => names,
            _ => &[],
        }
    }

    /// The accounts that keep accounts and can be used. Needs [`Lookup::Administrators`].
    #[must_use]
    pub fn administrators(&self) -> &[Administrator] {
        match self.find(&Lookup::Administrators) {
            Some(Found::Administrators(found)) => found,
            _ => &[],
        }
    }

    /// The sessions of a person that last. Needs [`Lookup::OpenSessions`].
    #[must_use]
    pub fn open_sessions(&self, user: UserId) -> &[OpenSession] {
        match self.find(&Lookup::OpenSessions(user)) {
            Some(Found::Sessions(sessions)) => sessions,
            _ => &[],
        }
    }

    /// The credential of a person. Needs [`Lookup::Credential`].
    #[must_use]
    pub fn credential(&self, user: UserId) -> Option<&Credential> {
        match self.find(&Lookup::Credential(user)) {
            Some(Found::Credential(credential)) => credential.as_ref(),
            _ => None,
        }
    }

    /// A site by its code. Needs [`Lookup::Site`].
    #[must_use]
    pub fn site(&self, code: &str) -> Option<&SiteRow> {
        match self.find(&Lookup::Site(code.to_owned())) {
            Some(Found::Site(site)) => site.as_ref(),
            _ => None,
        }
    }

    /// One version of a document. Needs [`Lookup::Document`].
    #[must_use]
    pub fn document(&self, kind: &str, key: &str, version: u32) -> Option<&DocumentRow> {
        self.a_document(&Lookup::Document(kind.to_owned(), key.to_owned(), version))
    }

    /// The highest approved version of a document. Needs [`Lookup::LatestDocument`].
    #[must_use]
    pub fn latest_document(&self, kind: &str, key: &str) -> Option<&DocumentRow> {
        self.a_document(&Lookup::LatestDocument(kind.to_owned(), key.to_owned()))
    }

    /// Every site and every version of every document. Needs [`Lookup::Organisation`].
    #[must_use]
    pub fn organisation(&self) -> Organisation<'_> {
        let (sites, documents): (&[_], &[_]) = match self.find(&Lookup::Organisation) {
            Some(Found::Organisation(sites, documents)) => (sites, documents),
            _ => (&[], &[]),
        };
        Organisation { sites, documents }
    }

    /// The events of a decision, as they are written. One that can't be written ends the whole command as
    /// [`Fault::Entry`]: nothing is ever left out.
    #[must_use]
    pub fn decided(&self, events: &[impl Serialize], version: u16) -> Decided {
        let written: Result<Vec<_>, _> = events
            .iter()
            .map(|event| Event::of(event, version))
            .collect();
        let events = written.unwrap_or_else(|why| {
            self.fail(|| Fault::Entry(why));
            Vec::new()
        });
        Decided {
            events,
            ..Decided::default()
        }
    }

    /// What ends the command, whatever was decided.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.lock().take()
    }

    /// Ends the whole command, whatever is decided.
    pub(crate) fn fail(&self, why: impl FnOnce() -> Fault) {
        self.lock().get_or_insert_with(why);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Fault>> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was read of the stream, to go on from.
    pub(crate) fn into_part(self) -> Part {
        self.part
    }

    fn find(&self, lookup: &Lookup) -> Option<&Found> {
        let found = self.found.get(lookup);
        if found.is_none() {
            self.fail(|| Fault::NotLookedUp(format!("{lookup:?}")));
        }
        found
    }

    fn count(&self, lookup: &Lookup) -> u64 {
        match self.find(lookup) {
            Some(Found::Count(count)) => *count,
            _ => 0,
        }
    }

    fn a_person(&self, lookup: &Lookup) -> Option<&PersonRow> {
        match self.find(lookup) {
            Some(Found::Person(person)) => person.as_ref(),
            _ => None,
        }
    }

    fn a_document(&self, lookup: &Lookup) -> Option<&DocumentRow> {
        match self.find(lookup) {
            Some(Found::Document(document)) => document.as_ref(),
            _ => None,
        }
    }
}

/// What a decision answers when it is not a refusal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// The new entries of the stream, in order. None at all records nothing.
    pub events: Vec<Event>,
    /// Whether a checkpoint is signed over them. One is signed in any case where an event is a person's signature
    /// (a payload with the key `signed`).
    pub checkpoint: bool,
    /// The rows that follow, where the one who decides has made them with the state; `None` has the projector make them of the
    /// whole stream.
    pub rows: Option<Vec<RowChange>>,
    /// Whether the times of the ledger may go back to what the clock shows: only where two people have confirmed it.
    pub times: Times,
    /// The role in which the person acts, where it is decided with the rest; `None` keeps that of the request.
    pub role: Option<Role>,
    /// What is done to accounts together with the entries. Without an entry there is none.
    pub effects: Vec<Effect>,
    /// What the same command is answered with when it comes again: a text for the caller, such as an id that was given.
    pub outcome: String,
}

/// How the time of new entries follows from that of the last one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Times {
    /// It is never before it.
    #[default]
    GoOn,
    /// It is what the clock shows now, which two people have confirmed.
    GoBack,
}

/// What a command led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The position of the first new entry; `None` where the decision had no events.
    pub first_position: Option<u64>,
    /// How many entries it made.
    pub entry_count: u64,
    /// The version of the stream after it.
    pub version: u64,
    /// What the decision gave as its outcome, the first time.
    pub text: String,
    /// Whether it had been done before, so that nothing was recorded now.
    pub repeated: bool,
    /// The checkpoint that was made with it.
    pub checkpoint: Option<SignedCheckpoint>,
}

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Executed<R> {
    /// Recorded, now or already before.
    Done(Outcome),
    /// The decision refused it; nothing was recorded.
    Refused(R),
    /// The clock isn't confirmed, and this command waits until it is; nothing was recorded.
    ClockNotConfirmed(Doubt),
    /// The command id was already used for something else; nothing was recorded.
    OtherContent,
    /// Someone else holds what it would take; nothing was recorded.
    Taken(Taken),
    /// The record has changed since the person saw it, or someone else came in between twice in a row; nothing was
    /// recorded.
    Conflict,
}

/// [`Executed`] before the refusal is put in: what a trait object can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ran {
    /// See [`Executed::Done`].
    Done(Outcome),
    /// See [`Executed::Refused`].
    Refused,
    /// See [`Executed::ClockNotConfirmed`].
    ClockNotConfirmed(Doubt),
    /// See [`Executed::OtherContent`].
    OtherContent,
    /// See [`Executed::Taken`].
    Taken(Taken),
    /// See [`Executed::Conflict`].
    Conflict,
}
