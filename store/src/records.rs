//! The record as the program uses it: one method a kind of command, each load → decide → append → project.
//!
//! No rule of the field is here: `domain` decides, and the read tables follow from [`projector`] alone.

mod accounts;
mod clock;
mod demonstration;
mod keys;
mod known;
mod organisation;
mod projector;
mod second;
mod sessions;
mod shelf;
mod standing;

pub use accounts::{Foreseen, Password};
pub use projector::projector;
pub use shelf::Shelf;

use crate::{Clock, Decided, Executed, Fault, InDoubt, Loaded, Lookup, Outcome, Request, Store};
use domain::{
    batch::{self, Batch, BatchCommand, Context, DocumentRef, Harvest, Held, Lookups, Recorded},
    clock::ClockState,
    identifiers::{NotAScheme, Scheme},
    ids::{BatchId, CommandId, SessionId, UserId},
    ledger::{Actor, Entry, Hash, LedgerName, Origin, StreamName, rows::SiteRow},
    print::{Print, PrintEvent},
    refusal::Words,
    rights::{Action, By, Role, may, role_for},
    site::DocumentKind,
    time::Timestamp,
    zone::Zone,
};
use known::Known;
use std::{fmt::Debug, sync::Arc};

/// The name of the program where it records something of itself. The command line has another: the person who runs it asks.
pub(crate) const PROGRAM: &str = "Autolog";

/// The role in which it does.
pub(crate) const PROGRAM_ROLE: &str = "program";

/// A signed-in person, the command line, or the program itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account; `None` for the command line and the program.
    pub user: Option<UserId>,
    /// Its user name.
    pub user_name: String,
    /// Its printed name.
    pub name: String,
    /// The session.
    pub session: Option<SessionId>,
    /// Its roles: site (or `org`) and role, as they were when the request began. Pages are drawn by them; whether something
    /// may be recorded is asked again where it is.
    pub roles: Vec<(String, Role)>,
    /// At whose device a second person acts, where they do.
    pub beside: Option<Beside>,
}

/// A second person at the device of another: `session` of [`Person`] is that other one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// Who is signed in there.
    pub host: UserId,
    /// The password that the second person gave, by [`Credential::mark`](crate::Credential::mark).
    pub password: Hash,
}

impl Person {
    /// The command line, as the person who runs it on the server's machine.
    #[must_use]
    pub fn command_line(name: &str) -> Self {
        let name = format!("Command line ({name})");
        Self {
            user: None,
            user_name: String::new(),
            name,
            session: None,
            roles: Vec::new(),
            beside: None,
        }
    }

    /// The program itself, where nobody asked for what is recorded.
    #[must_use]
    pub fn program() -> Self {
        Self {
            name: PROGRAM.to_owned(),
            ..Self::command_line("")
        }
    }

    /// Whether this is the program itself, and neither an account nor the command line.
    #[must_use]
    pub fn is_program(&self) -> bool {
        self.user.is_none() && self.name == PROGRAM
    }

    /// The roles at a site.
    #[must_use]
    pub fn roles_at(&self, site: &str) -> Vec<Role> {
        self.roles
            .iter()
            .filter(|(at, _)| at == site)
            .map(|(_, role)| *role)
            .collect()
    }

    /// Whether a role at the site allows the action.
    #[must_use]
    pub fn may(&self, site: &str, action: Action) -> bool {
        self.roles
            .iter()
            .any(|(at, role)| at == site && may(*role, action))
    }

    /// The sites at which a role allows the action, in order, each once.
    #[must_use]
    pub fn sites_where(&self, action: Action) -> Vec<String> {
        let mut sites: Vec<_> = self
            .roles
            .iter()
            .filter(|(_, role)| may(*role, action))
            .map(|(site, _)| site.clone())
            .collect();
        sites.sort();
        sites.dedup();
        sites
    }

    fn actor(&self, role: &str) -> Actor {
        Actor {
            user: self.user,
            name: self.name.clone(),
            role: role.to_owned(),
        }
    }
}

/// Whether user name and password were given again in this very request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// They were not: nothing can be signed.
    No,
    /// They were, and they are the person's.
    Authenticated,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Recorded, now or already before.
    Done(Outcome),
    /// Refused, with words for the person; nothing was recorded.
    Refused(Vec<Words>),
}

/// The record.
#[derive(Clone)]
pub struct Records {
    store: Arc<dyn Store>,
    shelf: Shelf,
    clock: Clock,
    version: String,
    known: Known,
}

impl Records {
    /// The record in `store`; `shelf` is the one that the store's [`projector`] reads from.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, shelf: Shelf, clock: Clock, version: &str) -> Self {
        Self {
            store,
            shelf,
            clock,
            version: version.to_owned(),
            known: Known::default(),
        }
    }

    /// What is kept.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The server's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The version of the program.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// A batch as its entries make it; `None` where there is none.
    ///
    /// # Errors
    /// [`Fault`] where the database fails or an entry can't be read.
    pub async fn batch(&self, id: BatchId) -> Result<Option<Batch>, Fault> {
        self.batch_at(id, u64::MAX).await
    }

    /// A batch as it was after its entry number `version`; `None` where there is no batch.
    ///
    /// # Errors
    /// As [`Records::batch`].
    pub async fn batch_at(&self, id: BatchId, version: u64) -> Result<Option<Batch>, Fault> {
        let Some(row) = self.store.batch(id).await? else {
            return Ok(None);
        };
        let (mut entries, wrong) = self.held(id, &row.site).await?;
        entries.retain(|entry| entry.version <= version);
        if entries.is_empty() {
            return Ok(None);
        }
        let mut batch = match projector::batch(&self.shelf, id, &entries) {
            Err(Fault::Missing(_)) => {
                self.fill_shelf().await?;
                projector::batch(&self.shelf, id, &entries)?
            }
            batch => batch?,
        };
        batch.altered = wrong;
        Ok(Some(batch))
    }

    /// All entries of a batch, in order; none where there is no such batch.
    ///
    /// # Errors
    /// [`Fault`], also where one of them can't be read any more.
    pub async fn batch_entries(&self, id: BatchId) -> Result<Vec<Entry>, Fault> {
        let Some(row) = self.store.batch(id).await? else {
            return Ok(Vec::new());
        };
        self.store
            .stream(&ledger(&row.site)?, &StreamName::batch(id))
            .await
    }

    /// The entries of a batch for a page that says what is wrong with its record: where it was changed outside Autolog, those
    /// before the first that can't be read any more. No copy and no paper is made of them.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn readable_entries(&self, id: BatchId) -> Result<Vec<Entry>, Fault> {
        let Some(row) = self.store.batch(id).await? else {
            return Ok(Vec::new());
        };
        let (entries, _) = self.held(id, &row.site).await?;
        Ok(entries)
    }

    /// The entries of a batch, and what is wrong with them: then those before the first that is no event of a batch.
    async fn held(&self, id: BatchId, site: &str) -> Result<(Vec<Entry>, Option<String>), Fault> {
        let stream = StreamName::batch(id);
        let (mut entries, wrong) = self.store.held_stream(&ledger(site)?, &stream).await?;
        if wrong.is_some() {
            let readable = entries
                .iter()
                .map_while(|entry| Recorded::from_entry(entry).ok());
            let readable = readable.count();
            // Where there is nothing to be shown, the reason is.
            entries.truncate(readable.max(1));
        }
        Ok((entries, wrong))
    }

    /// A site; `None` where there is none.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn site(&self, code: &str) -> Result<Option<SiteRow>, Fault> {
        self.store.site(code).await
    }

    /// Registers a harvest at a site as the new batch `id`. Its days are counted in the zone of that site from then on.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn register_harvest(
        &self,
        by: &Person,
        command: CommandId,
        id: BatchId,
        site: &str,
        harvest: Harvest,
    ) -> Result<Answer, Fault> {
        let not_allowed = || batch::Refusal::not_allowed(Action::RegisterHarvest);
        // Who never could isn't told more; who could when the page was drawn is asked about again below.
        let (Some(user), Some(role), Some(row)) = (
            by.user,
            role_for(&by.roles_at(site), Action::RegisterHarvest),
            self.store.site(site).await?,
        ) else {
            return Ok(refused(not_allowed().words()));
        };
        let zone = crate::zone::named(&row.time_zone)?;
        let scheme = scheme_of(&row)?;
        let documents = [
            (DocumentKind::MasterRecord, row.master_record.clone()),
            (DocumentKind::Specification, row.specification.clone()),
        ];
        let claims = batch::claims_of_harvest(site, &harvest);
        let mut lookups = standing::lookups(by);
        lookups.push(Lookup::BatchCount(site.to_owned()));
        let known = batch::ClaimKey::batch(id);
        lookups.push(Lookup::Claim(known.clone()));
        lookups.extend(claims.iter().cloned().map(Lookup::Claim));
        lookups.push(Lookup::Site(site.to_owned()));
        lookups.extend(
            documents
                .iter()
                .map(|(kind, key)| Lookup::LatestDocument(kind.code().to_owned(), key.clone())),
        );
        let request = self.request(
            by,
            role.code(),
            ledger(site)?,
            StreamName::batch(id),
            command,
            &harvest,
            lookups,
        );
        let mut moved = false;
        let ran = self
            .store
            .execute(&request, |loaded| {
                let action = Action::RegisterHarvest;
                let roles = standing::roles_now(loaded, by, site, action, By::Hand)?;
                // A batch of another site has its stream in another ledger.
                if loaded.version() > 0 || loaded.claim(&known).is_some() {
                    return Err(batch::Refusal::Input(batch::InputRefusal::IdUsed {
                        what: "batch",
                    }));
                }
                // Put under other documents, or moved, in this very moment.
                if loaded.site(site) != Some(&row) {
                    moved = true;
                    return Err(not_allowed());
                }
                let [master_record, specification] = documents.each_ref().map(|(kind, key)| {
                    self.in_force(loaded, *kind, key).unwrap_or_else(|fault| {
                        loaded.fail(|| fault);
                        None
                    })
                });
                let (Some(master_record), Some(specification)) = (master_record, specification)
                else {
                    return Err(not_allowed());
                };
                let held = loaded.held(&claims);
                let context = self.context(by, user, roles, loaded, zone, None, held);
                let lookups = Lookups {
                    site: site.to_owned(),
                    year: chrono::Datelike::year(&context.today()),
                    batches_before: loaded.batch_count(site),
                    scheme: scheme.clone(),
                    misfits: self.shelf.misfits(&master_record, &specification),
                    master_record,
                    specification,
                };
                let (role, event) = batch::register(harvest.clone(), lookups, &context)?;
                Ok(Decided {
                    role: Some(role),
                    ..loaded.decided(&[event], batch::BatchEvent::VERSION)
                })
            })
            .await?;
        let ran = if moved { Executed::Conflict } else { ran };
        Ok(answer_all(ran, batch::Refusal::all_words))
    }

    /// Decides a command on a batch and records what was decided.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn on_batch(
        &self,
        by: &Person,
        command: CommandId,
        id: BatchId,
        what: BatchCommand,
        signing: Signing,
    ) -> Result<Answer, Fault> {
        let action = what.action();
        let not_allowed = || refused(batch::Refusal::not_allowed(action).words());
        let known = self.known.get(id);
        let site = match &known {
            Some(batch) => batch.harvest.site.clone(),
            // A batch that isn't there and one of another site are answered alike.
            None => match self.store.batch(id).await? {
                Some(row) => row.site,
                None => return Ok(not_allowed()),
            },
        };
        let role = role_for(&by.roles_at(&site), action);
        let (Some(user), Some(role)) = (by.user, role) else {
            return Ok(not_allowed());
        };
        let claims = batch::claims_of_command(&site, &what);
        let mut lookups = standing::lookups(by);
        lookups.extend(second::lookups(&what, by));
        lookups.extend(claims.iter().cloned().map(Lookup::Claim));
        let mut request = self.request(
            by,
            role.code(),
            ledger(&site)?,
            StreamName::batch(id),
            command,
            &what,
            lookups,
        );
        let how = match signing {
            Signing::Authenticated => By::Signature,
            Signing::No => By::Hand,
        };
        // Who signs, or hands cells out, goes by nothing but what stands in the record at that moment.
        let known = known.filter(|_| signing == Signing::No && !what.needs_a_whole_record());
        request.in_doubt = InDoubt::Decide;
        request.known = known.as_ref().map(|batch| batch.version);
        for last_try in [false, true] {
            let mut unreadable = None;
            let mut after = None;
            let ran = self
                .store
                .execute(&request, |loaded| {
                    let roles = standing::roles_now(loaded, by, &site, action, how)?;
                    let digest =
                        (signing == Signing::Authenticated).then(|| loaded.signed_digest());
                    let read = match &known {
                        Some(known) if known.version == loaded.after() => {
                            projector::go_on(Batch::clone(known), loaded.entries())
                        }
                        _ => projector::batch(&self.shelf, id, loaded.entries()),
                    };
                    let mut batch = match read {
                        Ok(batch) => batch,
                        Err(fault) => {
                            unreadable = Some(fault);
                            return Err(batch::Refusal::not_allowed(action));
                        }
                    };
                    batch.altered = loaded.wrong().map(str::to_owned);
                    let (zone, held) = (batch.zone(), loaded.held(&claims));
                    let context = self.context(by, user, roles, loaded, zone, digest, held);
                    let (role, events) = batch::decide(
                        &batch,
                        second::as_of_now(what.clone(), loaded, by, &site),
                        &context,
                    )?;
                    let mut decided = loaded.decided(&events, batch::BatchEvent::VERSION);
                    decided.role = Some(role);
                    let by = batch::By {
                        user,
                        name: by.name.clone(),
                        role,
                    };
                    match projector::follow(
                        batch,
                        &decided.events,
                        (loaded.now(), loaded.clock()),
                        &by,
                    ) {
                        Ok((batch, rows)) => {
                            decided.rows = Some(rows);
                            after = Some(batch);
                        }
                        Err(fault) => loaded.fail(|| fault),
                    }
                    Ok(decided)
                })
                .await?;
            match unreadable {
                None => {
                    if let (Executed::Done(done), Some(batch)) = (&ran, after)
                        && !done.repeated
                    {
                        self.known.keep(batch);
                    }
                    return Ok(answer_all(ran, batch::Refusal::all_words));
                }
                Some(Fault::Missing(_)) if !last_try => self.fill_shelf().await?,
                Some(fault) => return Err(fault),
            }
        }
        Ok(not_allowed())
    }

    /// Every print of a batch's papers, in order.
    ///
    /// # Errors
    /// [`Fault`], also where an entry can't be read.
    pub async fn prints(&self, id: BatchId, site: &str) -> Result<Vec<Print>, Fault> {
        let stream = PrintEvent::stream(id).map_err(|why| Fault::Missing(why.to_string()))?;
        let entries = self.store.stream(&ledger(site)?, &stream).await?;
        let print = |entry: &Entry| match entry.event::<PrintEvent>() {
            Ok(PrintEvent::Printed(print)) => Ok(*print),
            Err(why) => Err(Fault::Unreadable {
                what: format!("print {}", entry.version),
                why: why.to_string(),
            }),
        };
        entries.iter().map(print).collect()
    }

    /// Records a print of a batch's papers, the one after `before`; `None` where another print came in between.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn record_print(
        &self,
        by: &Person,
        command: CommandId,
        id: BatchId,
        site: &str,
        before: u64,
        event: PrintEvent,
    ) -> Result<Option<Answer>, Fault> {
        let PrintEvent::Printed(print) = &event;
        let action = print.document.action();
        if let Err(why) = print.document.check() {
            return Ok(Some(refused(Words::of(why.to_string()))));
        }
        let Some(role) = role_for(&by.roles_at(site), action) else {
            return Ok(Some(refused(batch::Refusal::not_allowed(action).words())));
        };
        let stream = PrintEvent::stream(id).map_err(|why| Fault::Missing(why.to_string()))?;
        let mut request = self.request(
            by,
            role.code(),
            ledger(site)?,
            stream,
            command,
            // Sent twice, a form prints once: its number and its moment are no part of what was asked.
            &print.document,
            standing::lookups(by),
        );
        request.expected_version = Some(before);
        let decide = |loaded: &Loaded| {
            let roles = standing::roles_now(loaded, by, site, action, By::Hand)?;
            Ok::<_, batch::Refusal>(Decided {
                role: role_for(&roles, action),
                ..loaded.decided(std::slice::from_ref(&event), PrintEvent::VERSION)
            })
        };
        Ok(match self.store.execute(&request, decide).await? {
            Executed::Conflict => None,
            ran => Some(answer_all(ran, batch::Refusal::all_words)),
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a context, each named in it"
    )]
    fn context(
        &self,
        by: &Person,
        user: UserId,
        roles: Vec<Role>,
        loaded: &Loaded,
        zone: Zone,
        signing: Option<String>,
        held: Held,
    ) -> Context {
        Context {
            now: loaded.now(),
            clock: loaded.clock(),
            zone,
            user,
            user_name: by.user_name.clone(),
            name: by.name.clone(),
            roles,
            signing,
            held,
        }
    }

    /// The newest version of a document, on the shelf. `None` only where the command fails anyhow.
    fn in_force(
        &self,
        loaded: &Loaded,
        kind: DocumentKind,
        key: &str,
    ) -> Result<Option<DocumentRef>, Fault> {
        let row = loaded.latest_document(kind.code(), key);
        let row = row.ok_or_else(|| Fault::Missing(format!("{kind} {key}")))?;
        self.shelf.take_row(row)?;
        Ok(Some(DocumentRef {
            key: row.key.clone(),
            version: row.version,
            sha256: row.sha256.clone(),
        }))
    }

    /// Puts every adopted document on the shelf: those of a batch may have been adopted by another server.
    async fn fill_shelf(&self) -> Result<(), Fault> {
        for kind in DocumentKind::ALL {
            for row in self.store.documents(kind.code()).await? {
                self.shelf.take_row(&row)?;
            }
        }
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a request, each named in it"
    )]
    fn request(
        &self,
        by: &Person,
        role: &str,
        ledger: LedgerName,
        stream: StreamName,
        command_id: CommandId,
        content: &impl Debug,
        lookups: Vec<Lookup>,
    ) -> Request {
        // The same form sent twice asks for the same; the same id with anything else in it is refused.
        let content = format!("{ledger} {stream} {:?} {content:?}", by.user);
        Request {
            ledger,
            stream,
            command_id,
            content_hash: Hash::of(content.as_bytes()),
            actor: by.actor(role),
            origin: Origin {
                session: by.session,
                app_version: self.version.clone(),
                // The store says so of each entry when it writes it.
                clock: ClockState::Confirmed,
            },
            expected_version: None,
            known: None,
            lookups,
            in_doubt: InDoubt::Refuse,
        }
    }
}

fn ledger(site: &str) -> Result<LedgerName, Fault> {
    LedgerName::parse(site).map_err(|_| Fault::Missing(format!("site {site}")))
}

/// How a site numbers donations.
///
/// # Errors
/// [`Fault::Unreadable`] where its row says something else.
pub fn scheme_of(site: &SiteRow) -> Result<Scheme, Fault> {
    site.scheme
        .parse()
        .map_err(|why: NotAScheme| Fault::Unreadable {
            what: format!("scheme of site {}", site.code),
            why: why.to_string(),
        })
}

fn refused(words: Words) -> Answer {
    Answer::Refused(vec![words])
}

fn answer<R>(ran: Executed<R>, words: impl Fn(&R) -> Words) -> Answer {
    answer_all(ran, |why| vec![words(why)])
}

fn answer_all<R>(ran: Executed<R>, words: impl Fn(&R) -> Vec<Words>) -> Answer {
    match ran {
        Executed::Done(outcome) => Answer::Done(outcome),
        Executed::Refused(why) => Answer::Refused(words(&why)),
        Executed::Taken(taken) => refused(taken.key.taken(&taken.holder).words()),
        Executed::ClockNotConfirmed(_) => refused(Words::of(clock::NOT_CONFIRMED)),
        Executed::OtherContent => refused(Words::of(
            "This form was already sent with other content, and that was recorded. Open the page again to see it.",
        )),
        Executed::Conflict => refused(Words::of(
            "Somebody else recorded something at the same moment. Nothing of yours was recorded: read the page again, then send it once more.",
        )),
    }
}
