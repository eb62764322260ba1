//! Commands that wait at the same time share a transaction.
//!
//! Each position and each hash of the tree follows from the one before, so a ledger has one writer. Whoever has the turn takes
//! over the open transaction, or begins one, and adds what its command came to; the next in the queue goes on from there. The
//! commit comes behind all that waited when the transaction began, and no command is answered before it. Where anything of a
//! shared transaction fails, nothing of it was recorded, and each of its commands is tried once more in one of its own.

use super::{
    Tx, append, clock,
    engine::{Engine, commit},
    head::Head,
    hold, lookups,
    pending::Pending,
    read::{self, Done},
    standings,
};
use crate::{
    Decide, Effect, Fault, Lookup, Ran, Request,
    command::{Found, Part},
    engine::Lock,
};
use domain::{
    clock::ClockRecord,
    ids::{CommandId, SessionId, UserId},
    ledger::{Entry, LedgerName, RowChange, SignedCheckpoint, StreamName},
    rights::Standing,
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{MutexGuard as Turn, oneshot};

#[path = "group/time.rs"]
mod time;

/// How long a command waits for its turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// No more commands than this are looked up at once.
const AT_ONCE: usize = 64;

/// Those who wait to write, and what was known of the ledgers when the last of them had written.
#[derive(Default)]
pub(super) struct Queue {
    /// Goes round in the order in which they came; the transaction that is open, where one is.
    turn: tokio::sync::Mutex<Option<Group>>,
    /// The commands that are under way; one that came twice is there twice.
    asked: Mutex<Vec<AskedFor>>,
    /// The ledgers as the last transactions left them.
    heads: Mutex<BTreeMap<LedgerName, Head>>,
}

/// A command that is under way.
#[derive(Clone)]
struct AskedFor {
    ledger: LedgerName,
    id: CommandId,
    people: Vec<Acting>,
}

/// A person and the session in which they act.
pub(super) type Acting = (UserId, Option<SessionId>);

/// A transaction that commands share.
pub(super) struct Group {
    tx: Tx,
    /// The ledgers that it holds the locks of.
    heads: BTreeMap<LedgerName, Head>,
    /// Commands of which it is known that they were not done before.
    new: HashSet<CommandId>,
    /// Commands that are done in this transaction.
    done: HashMap<CommandId, Done>,
    /// How the people stand who asked, as long as no command of this transaction changes an account.
    standings: HashMap<Acting, Option<Standing>>,
    pending: Pending,
    members: Vec<oneshot::Sender<()>>,
    /// What the organisation's ledger says of the clock.
    clock: Arc<ClockRecord>,
    /// The newest time of all ledgers, where the first reading of the clock is judged.
    newest: Option<Timestamp>,
    /// The ledgers that have not repeated the last correction of the clock.
    behind: BTreeSet<LedgerName>,
    /// Whether more is said of the clock in this transaction: the next command must see it.
    clock_changed: bool,
}

/// Runs the command; once more where another one came in between.
pub(super) async fn run(
    engine: &Engine,
    request: &Request,
    decide: &mut Decide<'_>,
) -> Result<Ran, Fault> {
    let _asked = Asked::new(engine.queue(), request);
    let (mut alone, mut conflicts) = (false, 0);
    loop {
        match attempt(engine, request, decide, alone).await {
            Ok(Some(ran)) => return Ok(ran),
            Ok(None) => tracing::info!(command = %request.command_id, "once more, alone"),
            Err(fault) if fault.is_conflict() && conflicts == 0 => {
                tracing::info!(command = %request.command_id, %fault, "conflict, once more");
                conflicts += 1;
            }
            Err(Fault::Taken {
                claim: Some(taken), ..
            }) => return Ok(Ran::Taken(*taken)),
            Err(fault) if fault.is_conflict() => {
                tracing::warn!(command = %request.command_id, %fault, "conflict again, given up");
                return Ok(Ran::Conflict);
            }
            Err(fault) => return Err(fault),
        }
        alone = true;
    }
}

/// One turn. `None` where a transaction that was shared has failed; never so where `alone`.
async fn attempt(
    engine: &Engine,
    request: &Request,
    decide: &mut Decide<'_>,
    alone: bool,
) -> Result<Option<Ran>, Fault> {
    let queue = engine.queue();
    let mut turn = queue.turn().await?;
    let open = turn.take();
    // Where this is given up halfway, the transaction goes with it, and nothing was recorded.
    let mut group = match open {
        Some(group) if !alone && group.heads.contains_key(&request.ledger) => group,
        others => {
            if let Some(others) = others {
                others.end(queue).await;
            }
            Group::begin(engine, &request.ledger).await?
        }
    };
    let ran = match append::step(engine, &mut group, request, decide).await {
        Ok(ran) => ran,
        Err(fault) if group.members.is_empty() => return Err(fault),
        Err(fault) => {
            tracing::info!(command = %request.command_id, %fault, "a shared transaction failed");
            return Ok(None);
        }
    };
    if alone || group.clock_changed || queue.asked().len() <= 1 {
        group.commit(queue).await?;
        return Ok(Some(ran));
    }
    let committed = group.join(queue);
    *turn = Some(group);
    drop(turn);
    Ok(committed.await.is_ok().then_some(ran))
}

/// Ends whatever transaction is open, once all who came before have had their turn.
async fn end_in_turn(queue: Arc<Queue>) {
    let mut turn = queue.turn.lock().await;
    if let Some(group) = turn.take() {
        group.end(&queue).await;
    }
}

impl Queue {
    async fn turn(&self) -> Result<Turn<'_, Option<Group>>, Fault> {
        let waited = tokio::time::timeout(PATIENCE, self.turn.lock()).await;
        waited.map_err(|_| Fault::while_("waiting for the writer lock")(sqlx::Error::PoolTimedOut))
    }

    fn asked(&self) -> MutexGuard<'_, Vec<AskedFor>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heads(&self) -> MutexGuard<'_, BTreeMap<LedgerName, Head>> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Group {
    /// Begins a transaction on a ledger, and on those of all other commands that are under way.
    async fn begin(engine: &Engine, ledger: &LedgerName) -> Result<Self, Fault> {
        let queue = engine.queue();
        let asked: Vec<_> = queue.asked().iter().take(AT_ONCE).cloned().collect();
        // In order of name: two that each wait for what the other one holds would wait for ever.
        let ledgers: BTreeSet<_> = asked
            .iter()
            .map(|one| &one.ledger)
            .chain([ledger])
            .collect();
        let ledgers: Vec<_> = ledgers.into_iter().collect();
        let ids: Vec<_> = asked.iter().map(|one| one.id).collect();
        let people: Vec<_> = asked.iter().flat_map(|one| one.people.clone()).collect();
        let mut tx = engine.writing(Lock::Ledgers(&ledgers)).await?;
        let (sizes, done) = read::heads(&mut tx, &ledgers, &ids).await?;
        let mut heads = BTreeMap::new();
        for (ledger, size) in ledgers.into_iter().zip(sizes) {
            let known = queue.heads().remove(ledger);
            let head = match known {
                // Nobody else has appended since: what is known of it holds.
                Some(head) if head.tree.size == size => head,
                _ => Head::load(&mut tx, ledger, size).await?,
            };
            heads.insert(ledger.clone(), head);
        }
        let clock = clock::record(engine, &mut tx).await?;
        let newest = match engine.guard().is_started() {
            true => None,
            false => clock::newest(&mut tx, &clock).await?,
        };
        let mut behind = BTreeSet::new();
        for (ledger, head) in &mut heads {
            if head.last.is_none() && head.tree.size > 0 {
                head.last = clock::last(&mut tx, ledger).await?;
            }
            if head.clock_version != clock.version {
                head.is_behind = clock::is_behind(&mut tx, ledger, &clock).await?;
                head.clock_version = clock.version;
            }
            if head.is_behind && head.tree.size > 0 {
                behind.insert(ledger.clone());
            }
        }
        let standings = standings::standings(&mut tx, &people).await?;
        Ok(Self {
            tx,
            heads,
            clock,
            newest,
            behind,
            clock_changed: false,
            new: ids.into_iter().filter(|id| !done.contains(id)).collect(),
            done: HashMap::new(),
            standings,
            pending: Pending::default(),
            members: Vec::new(),
        })
    }

    /// Becomes one of those that are told of the commit. The first one sees to it that there is one, even where all of them
    /// go away meanwhile.
    fn join(&mut self, queue: &Arc<Queue>) -> oneshot::Receiver<()> {
        if self.members.is_empty() {
            tokio::spawn(end_in_turn(Arc::clone(queue)));
        }
        let (tell, told) = oneshot::channel();
        self.members.push(tell);
        told
    }

    /// Commits; who isn't told of it tries once more.
    async fn end(self, queue: &Queue) {
        let members = self.members.len();
        if let Err(fault) = self.commit(queue).await {
            tracing::warn!(%fault, members, "a shared transaction failed");
        }
    }

    async fn commit(mut self, queue: &Queue) -> Result<(), Fault> {
        self.flush().await?;
        commit(self.tx).await?;
        let mut heads = queue.heads();
        for (ledger, mut head) in self.heads {
            head.forget_what_is_not_needed();
            heads.insert(ledger, head);
        }
        drop(heads);
        for member in self.members {
            // One that went away needs no answer.
            let _ = member.send(());
        }
        Ok(())
    }

    /// What a command led to that was done before.
    pub(super) async fn done(&mut self, id: CommandId) -> Result<Option<Done>, Fault> {
        if let Some(done) = self.done.get(&id) {
            return Ok(Some(done.clone()));
        }
        if self.new.contains(&id) {
            return Ok(None);
        }
        read::command(&mut self.tx, id).await
    }

    /// Finds everything that a decision asked for. How people stand is asked for by nearly every command, and known.
    pub(super) async fn find(
        &mut self,
        lookups: &[Lookup],
    ) -> Result<HashMap<Lookup, Found>, Fault> {
        let mut found = HashMap::new();
        for lookup in lookups {
            let answer = match lookup {
                Lookup::Standing(user, session) => {
                    Found::Standing(self.standing((*user, *session)).await?)
                }
                other => lookups::one(self.reading().await?, other).await?,
            };
            found.insert(lookup.clone(), answer);
        }
        Ok(found)
    }

    async fn standing(&mut self, acting: Acting) -> Result<Option<Standing>, Fault> {
        if !self.standings.contains_key(&acting) {
            let found = standings::standings(self.reading().await?, &[acting]).await?;
            self.standings.extend(found);
        }
        Ok(self.standings.get(&acting).cloned().flatten())
    }

    /// Takes rows and effects that were decided. Where an account changes by them, nobody stands as they stood.
    pub(super) fn change(&mut self, rows: Vec<RowChange>, effects: Vec<Effect>) {
        let of_account =
            |row: &RowChange| matches!(row, RowChange::PutPerson(_) | RowChange::PutRoles { .. });
        if !effects.is_empty() || rows.iter().any(of_account) {
            self.standings.clear();
        }
        self.pending.change(rows);
        self.pending.affect(effects);
    }

    /// What the decision has to see of its stream.
    pub(super) async fn part(&mut self, engine: &Engine, request: &Request) -> Result<Part, Fault> {
        let (ledger, stream) = (&request.ledger, &request.stream);
        let version = self.heads.get(ledger).and_then(|head| head.version(stream));
        let part = match (request.known, version) {
            (Some(after), Some(version)) if after == version => Part::none(after),
            (Some(after), _) => self.after(engine, ledger, stream, after).await?,
            (None, _) => self.whole(engine, ledger, stream).await?,
        };
        if let Some(head) = self.heads.get_mut(ledger) {
            head.note_version(stream, part.version());
        }
        Ok(part)
    }

    async fn after(
        &mut self,
        engine: &Engine,
        ledger: &LedgerName,
        stream: &StreamName,
        after: u64,
    ) -> Result<Part, Fault> {
        let mut entries = read::stream_from(self.reading().await?, ledger, stream, after).await?;
        // What is known must be there still.
        if entries.first().map(|entry| entry.version) != Some(after) {
            return self.whole(engine, ledger, stream).await;
        }
        entries.remove(0);
        Ok(Part {
            after,
            entries,
            wrong: None,
        })
    }

    async fn whole(
        &mut self,
        engine: &Engine,
        ledger: &LedgerName,
        stream: &StreamName,
    ) -> Result<Part, Fault> {
        let committed = self.done.is_empty();
        let conn = self.reading().await?;
        let held = hold::stream(engine, conn, ledger, stream, committed).await?;
        // Nothing is decided on a part of what was recorded.
        if let Some(why) = held.unread {
            return Err(why);
        }
        Ok(Part {
            after: 0,
            entries: held.entries,
            wrong: held.wrong,
        })
    }

    /// The connection, after everything that waits was written: what is read is as it stands.
    pub(super) async fn reading(&mut self) -> Result<&mut super::Conn, Fault> {
        self.flush().await?;
        Ok(&mut self.tx)
    }

    async fn flush(&mut self) -> Result<(), Fault> {
        mem::take(&mut self.pending).write(&mut self.tx).await
    }

    pub(super) fn head(&mut self, ledger: &LedgerName) -> Result<&mut Head, Fault> {
        self.heads
            .get_mut(ledger)
            .ok_or_else(|| Fault::Missing(format!("ledger {ledger}")))
    }

    /// Appends an entry to the tree and to what waits to be written.
    pub(super) fn append(&mut self, entry: Entry) -> Result<(), Fault> {
        let leaf = entry.leaf_hash();
        let head = self.head(&entry.ledger)?;
        let nodes = head.tree.push(leaf)?;
        head.note_version(&entry.stream, entry.version);
        head.last = Some(entry.recorded_at);
        let of_clock = entry.stream == StreamName::clock(&LedgerName::org());
        self.clock_changed |= of_clock;
        self.pending.append(entry, leaf, nodes);
        Ok(())
    }

    /// Signs a ledger as it stands.
    pub(super) async fn sign(
        &mut self,
        engine: &Engine,
        ledger: &LedgerName,
        now: Timestamp,
    ) -> Result<SignedCheckpoint, Fault> {
        self.flush().await?;
        let head = self.heads.get(ledger);
        let head = head.ok_or_else(|| Fault::Missing(format!("ledger {ledger}")))?;
        append::sign(engine, &mut self.tx, &head.tree, now).await
    }

    /// Remembers what a command came to.
    pub(super) fn remember(&mut self, id: CommandId, first_position: u64, done: Done) {
        self.pending.remember(id, first_position, done.clone());
        self.done.insert(id, done);
    }
}

/// A command that is under way: it is looked up together with the others.
struct Asked<'q> {
    queue: &'q Queue,
    id: CommandId,
}

impl<'q> Asked<'q> {
    fn new(queue: &'q Queue, request: &Request) -> Self {
        let id = request.command_id;
        let acting = |lookup: &Lookup| match lookup {
            Lookup::Standing(user, session) => Some((*user, *session)),
            _ => None,
        };
        queue.asked().push(AskedFor {
            ledger: request.ledger.clone(),
            id,
            people: request.lookups.iter().filter_map(acting).collect(),
        });
        Self { queue, id }
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        let mut asked = self.queue.asked();
        if let Some(place) = asked.iter().position(|one| one.id == self.id) {
            asked.swap_remove(place);
        }
    }
}
