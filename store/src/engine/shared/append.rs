//! One command: what it came to.

use super::{
    Conn,
    columns::signed,
    engine::Engine,
    group::Group,
    head::Tree,
    keys,
    read::{self, Done},
    rows::one,
};
use crate::{Decide, Decided, Fault, InDoubt, Loaded, Outcome, Ran, Request, Times, command::Part};
use domain::{
    clock::ClockState,
    ledger::{Entry, LedgerKey, Origin, SignedCheckpoint, signed::signed_of},
    time::Timestamp,
};
const INSERT_CHECKPOINT: &str =
    "insert into checkpoint (ledger, size, root, note, made_at) values ($1, $2, $3, $4, $5)";

/// Decides the command in the transaction of `group` and adds what it came to.
pub(super) async fn step(
    engine: &Engine,
    group: &mut Group,
    request: &Request,
    decide: &mut Decide<'_>,
) -> Result<Ran, Fault> {
    if let Some(done) = group.done(request.command_id).await? {
        let same = done.content_hash == request.content_hash
            && done.ledger == request.ledger
            && done.stream == request.stream;
        return Ok(if same {
            Ran::Done(done.outcome)
        } else {
            Ran::OtherContent
        });
    }
    let (stamp, record_of_clock) = group.stamp(engine, &request.ledger)?;
    if let (Some(doubt), InDoubt::Refuse) = (stamp.doubt, request.in_doubt) {
        return Ok(Ran::ClockNotConfirmed(doubt));
    }
    let part = group.part(engine, request).await?;
    if request
        .expected_version
        .is_some_and(|expected| expected != part.version())
    {
        return Ok(Ran::Conflict);
    }
    let found = group.find(&request.lookups).await?;
    let loaded = Loaded::new(request, stamp, record_of_clock, part, found);
    let decided = decide(&loaded);
    if let Some(fault) = loaded.fault() {
        return Err(fault);
    }
    match decided {
        Some(decided) => record(engine, group, request, loaded, decided)
            .await
            .map(Ran::Done),
        None => Ok(Ran::Refused),
    }
}

/// Adds everything that was decided.
async fn record(
    engine: &Engine,
    group: &mut Group,
    request: &Request,
    loaded: Loaded,
    decided: Decided,
) -> Result<Outcome, Fault> {
    let stamp = loaded.stamp();
    let Part {
        after, mut entries, ..
    } = loaded.into_part();
    let Decided {
        events,
        mut checkpoint,
        rows,
        times,
        role,
        effects,
        outcome: text,
    } = decided;
    let (now, clock) = match times {
        Times::GoOn => (stamp.at, stamp.state()),
        Times::GoBack => (stamp.shown, ClockState::Confirmed),
    };
    let mut outcome = Outcome {
        first_position: None,
        entry_count: events.len() as u64,
        version: after + (entries.len() + events.len()) as u64,
        text,
        repeated: false,
        checkpoint: None,
    };
    if events.is_empty() {
        let why = || Fault::Missing("the entry of what is done to an account".to_owned());
        return effects.is_empty().then_some(outcome).ok_or_else(why);
    }
    let mut actor = request.actor.clone();
    if let Some(role) = role {
        actor.role = role.code().to_owned();
    }
    group.repeat_correction(request, &stamp)?;
    let first = group.head(&request.ledger)?.tree.size + 1;
    for (position, event) in (first..).zip(events) {
        // A payload that can't be read here is no signature that the verifier could accept either.
        checkpoint |= !matches!(signed_of(&event.payload), Ok(None));
        let entry = Entry {
            ledger: request.ledger.clone(),
            position,
            stream: request.stream.clone(),
            version: after + entries.len() as u64 + 1,
            recorded_at: now,
            actor: actor.clone(),
            origin: Origin {
                clock,
                ..request.origin.clone()
            },
            command_id: request.command_id,
            kind: event.kind,
            kind_version: event.kind_version,
            payload: event.payload,
        };
        group.append(entry.clone())?;
        entries.push(entry);
    }
    let rows = match rows {
        Some(rows) => rows,
        None if after > 0 => {
            let why = "rows of a stream of which only the end was read".to_owned();
            return Err(Fault::NotLookedUp(why));
        }
        None => engine.project(&request.stream, &entries)?,
    };
    group.change(rows, effects);
    outcome.first_position = Some(first);
    if checkpoint {
        outcome.checkpoint = Some(group.sign(engine, &request.ledger, now).await?);
    }
    let done = Done {
        ledger: request.ledger.clone(),
        stream: request.stream.clone(),
        content_hash: request.content_hash,
        outcome: Outcome {
            repeated: true,
            ..outcome.clone()
        },
    };
    group.remember(request.command_id, first, done);
    Ok(outcome)
}

/// Signs the tree as it stands and keeps the checkpoint.
///
/// A key that another one took the place of signs no more, also where another process put it there: the new one is looked up
/// then. Under the entry that adopts a new key both sign, where the old one is here.
pub(super) async fn sign(
    engine: &Engine,
    conn: &mut Conn,
    tree: &Tree,
    now: Timestamp,
) -> Result<SignedCheckpoint, Fault> {
    let root = tree.root()?;
    let adopted = read::adopted_key(conn, &tree.ledger).await?;
    let in_force = |key: &LedgerKey| match &adopted {
        Some((_, adopted)) => adopted.public_key == key.public(),
        None => true,
    };
    if !engine.key(&tree.ledger).is_ok_and(|key| in_force(&key)) {
        keys::learn(engine, conn, &tree.ledger).await?;
    }
    let key = engine.key(&tree.ledger)?;
    let mut signed_checkpoint = key.sign(tree.size, root);
    if let Some((position, adopted)) = adopted {
        if adopted.public_key != key.public() {
            let ledger = tree.ledger.clone();
            return Err(Fault::KeyReplaced { ledger, position });
        }
        let before = adopted.replaces.as_ref().filter(|_| position == tree.size);
        if let Some(before) = before.and_then(|before| engine.key_before(before)) {
            signed_checkpoint = before.sign_too(signed_checkpoint);
        }
    }
    let query = sqlx::query(INSERT_CHECKPOINT)
        .bind(tree.ledger.as_str())
        .bind(signed(tree.size)?)
        .bind(root.0.to_vec())
        .bind(&signed_checkpoint.note)
        .bind(now.micros());
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("keeping a checkpoint"))?;
    one(done.rows_affected(), "checkpoint", || {
        format!("{} / {}", tree.ledger, tree.size)
    })?;
    Ok(signed_checkpoint)
}
