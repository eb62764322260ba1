//! All of a ledger at once: check it, project it again, hand it out.

use super::{
    Conn, Lock,
    engine::{Engine, commit},
    keys,
    read::{self, PAGE},
    rows,
};
use crate::{Fault, Sink};
use domain::ledger::{
    Checkpoint, Entry, Finding, Findings, Hash, LedgerName, Line, PublicKey, SignedCheckpoint,
    Verifier, verify::Trust,
};
use std::{collections::BTreeSet, error::Error as _};

/// Checks a ledger against the hashes that are kept and against every checkpoint.
pub(super) async fn verify(
    engine: &Engine,
    ledger: &LedgerName,
    known: &[(u64, Hash)],
) -> Result<Findings, Fault> {
    // Entries and checkpoints of the same moment: a checkpoint made meanwhile would seem to count too many.
    let mut tx = engine.snapshot().await?;
    keys::learn(engine, &mut tx, ledger).await?;
    let mut verifier = Verifier::new(Some(ledger.clone()), Trust::Keys(engine.trusted(ledger)));
    for (size, root) in known {
        verifier.know(*size, *root);
    }
    let mut after = 0;
    loop {
        let page = read::entry_rows(&mut tx, ledger, after, PAGE).await?;
        for row in &page {
            let columns = read::entry_columns(row);
            after = columns.number("position")?;
            match (read::entry(row), columns.hash("leaf_hash")) {
                (Ok(entry), kept) => verifier.entry(&entry, Some(kept.unwrap_or(Hash([0; 32])))),
                (Err(why), kept) => verifier.unreadable(after, reasons(&why), kept.ok()),
            }
        }
        if page.len() < PAGE as usize {
            break;
        }
    }
    let mut beside = Vec::new();
    for kept in read::notes(&mut tx, ledger).await? {
        verifier.checkpoint(&kept.note);
        let signed = SignedCheckpoint::parse(&kept.note).map(|signed| signed.checkpoint);
        let same = |it: &Checkpoint| it.size == kept.size && Some(it.root) == kept.root;
        if signed.is_ok_and(|signed| !same(&signed)) {
            beside.push(Finding::CheckpointColumns { size: kept.size });
        }
    }
    let wrong = wrong_nodes(&mut tx, ledger, &verifier).await?;
    let mut findings = verifier.finish();
    findings.found.extend(beside);
    // Where entries are wrong already, every hash above them is too: naming those would hide the entries.
    let entries_hold = findings.found.iter().all(|f| {
        matches!(
            f,
            Finding::BadCheckpoint { .. }
                | Finding::NoEntries
                | Finding::WentBack { .. }
                | Finding::CutOff { .. }
                | Finding::CheckpointColumns { .. }
        )
    });
    if entries_hold {
        findings
            .found
            .extend(wrong.into_iter().map(|index| Finding::WrongNode { index }));
    }
    Ok(findings)
}

/// The storage indexes of kept hashes that don't follow from the entries, or are missing.
async fn wrong_nodes(
    conn: &mut Conn,
    ledger: &LedgerName,
    verifier: &Verifier,
) -> Result<Vec<u64>, Fault> {
    let expected = verifier.nodes();
    let (mut wrong, mut next, mut after) = (Vec::new(), 0, -1);
    loop {
        let page = read::node_page(conn, ledger, after).await?;
        for (index, hash) in &page {
            wrong.extend(next..*index);
            if expected.get(index) != Some(hash) {
                wrong.push(*index);
            }
            next = index + 1;
        }
        let Some((last, _)) = page.last() else { break };
        after = super::columns::signed(*last)?;
    }
    wrong.extend(next..expected.len() as u64);
    Ok(wrong)
}

/// Checks every ledger, and remembers of each whether it holds: where it doesn't, nothing of it is signed.
pub(super) async fn watch(engine: &Engine) -> Result<Vec<Findings>, Fault> {
    let heads = read::ledgers(&mut *engine.reading().await?).await?;
    // A ledger that was emptied has no head any more, but it has a key.
    let mut ledgers: BTreeSet<_> = heads.into_iter().map(|(ledger, _)| ledger).collect();
    ledgers.extend(engine.ledgers_with_a_key());
    let mut all = Vec::new();
    for ledger in ledgers {
        let findings = verify(engine, &ledger, &[]).await?;
        let words = findings
            .found
            .first()
            .map(|first| match findings.found.len() {
                1 => format!("Ledger {ledger} does not hold: {first}"),
                count => {
                    format!("Ledger {ledger} does not hold, {count} things are wrong: {first}")
                }
            });
        engine.suspect(ledger, words);
        all.push(findings);
    }
    Ok(all)
}

/// A fault with what caused it, in one line.
pub(super) fn reasons(fault: &Fault) -> String {
    let causes = std::iter::successors(fault.source(), |cause| (**cause).source());
    causes.fold(fault.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Empties the read tables and makes them again.
pub(super) async fn rebuild(engine: &Engine) -> Result<u64, Fault> {
    let mut tx = engine.writing(Lock::All).await?;
    for sql in rows::EMPTY {
        sqlx::query(sql)
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_("emptying the read tables"))?;
    }
    let mut count = 0;
    for (ledger, _) in read::ledgers(&mut tx).await? {
        let mut after = 0;
        loop {
            let page = read::streams(&mut tx, &ledger, after).await?;
            let Some((last, _)) = page.last() else { break };
            after = *last;
            for (_, stream) in page {
                let entries = read::stream(&mut tx, &ledger, &stream).await?;
                rows::apply_all(&mut tx, &engine.project(&stream, &entries)?).await?;
                count += 1;
            }
        }
    }
    commit(tx).await?;
    Ok(count)
}

/// The keys that are trusted, and those that the ledger itself says signed it.
async fn all_keys(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &LedgerName,
) -> Result<Vec<PublicKey>, Fault> {
    let mut all = engine.trusted(ledger);
    all.extend(keys::named(conn, ledger).await?);
    let mut told = BTreeSet::new();
    all.retain(|key| told.insert(key.to_string()));
    Ok(all)
}

/// Writes keys, entries and checkpoints; each checkpoint after the last entry that it counts.
pub(super) async fn export(
    engine: &Engine,
    ledger: &LedgerName,
    sink: &mut Sink<'_>,
) -> Result<(), Fault> {
    let mut tx = engine.snapshot().await?;
    for key in all_keys(engine, &mut tx, ledger).await? {
        sink(&Line::PublicKey(key).text()).map_err(Fault::Sink)?;
    }
    // As they stand, also where one can't be read any more: an export of a tampered ledger is evidence.
    let mut checkpoints = read::notes(&mut tx, ledger).await?.into_iter().peekable();
    let mut after = 0;
    loop {
        let page = read::entry_rows(&mut tx, ledger, after, PAGE).await?;
        for row in &page {
            let entry: Entry = read::entry(row)?;
            after = entry.position;
            sink(&entry.line()).map_err(Fault::Sink)?;
            while let Some(kept) = checkpoints.next_if(|kept| kept.size <= after) {
                sink(&Line::Checkpoint(kept.note).text()).map_err(Fault::Sink)?;
            }
        }
        if page.len() < PAGE as usize {
            break;
        }
    }
    for kept in checkpoints {
        sink(&Line::Checkpoint(kept.note).text()).map_err(Fault::Sink)?;
    }
    Ok(())
}
