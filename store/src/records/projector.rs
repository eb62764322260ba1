//! From the entries of a stream to its state and its rows.

use super::Shelf;
use crate::{Fault, Projector};
use domain::{
    batch::{Batch, BatchEvent, By, HarvestEvent, Recorded},
    clock::ClockState,
    ids::{BatchId, UserId},
    ledger::{Entry, Event, RowChange},
    people::{Account, PersonEvent},
    site::SiteEvent,
    time::Timestamp,
};
use std::{error::Error, sync::Arc};
use uuid::Uuid;

/// The pure function from a stream to its rows. The documents that batches run under are read from `shelf`.
#[must_use]
pub fn projector(shelf: Shelf) -> Projector {
    Arc::new(move |entries| rows(&shelf, entries))
}

fn rows(shelf: &Shelf, entries: &[Entry]) -> Result<Vec<RowChange>, Box<dyn Error + Send + Sync>> {
    let Some(first) = entries.first() else {
        return Ok(Vec::new());
    };
    match first.stream.kind() {
        "batch" => {
            let id = first
                .stream
                .batch_id()
                .ok_or("a stream of a batch without its id")?;
            let batch = batch(shelf, id, entries)?;
            let mut rows = vec![RowChange::PutBoard(batch.board_row())];
            rows.extend(other_rows(&batch));
            Ok(rows)
        }
        "person" => {
            let id = UserId(Uuid::parse_str(first.stream.id())?);
            let account =
                account(id, entries)?.ok_or("the account's first entry doesn't add it")?;
            let roles = account.role_rows();
            Ok(vec![
                RowChange::PutPerson(account.row()),
                RowChange::PutRoles { user: id, roles },
            ])
        }
        "site" | "document" => {
            let mut rows = Vec::new();
            for entry in entries {
                match entry.event::<SiteEvent>()? {
                    SiteEvent::SiteOpened(site) => rows.push(RowChange::PutSite(site.row())),
                    SiteEvent::SiteChanged { new, .. } => rows.push(RowChange::PutSite(new.row())),
                    SiteEvent::DocumentAdopted(document) => {
                        shelf.take(document.kind, &document.text, &document.sha256)?;
                        rows.push(RowChange::PutDocument(
                            document.row(entry.recorded_at, &entry.actor.name),
                        ));
                    }
                }
            }
            Ok(rows)
        }
        // Sessions have no row in the record.
        _ => Ok(Vec::new()),
    }
}

/// The rows of a batch beside its board row: they change seldom.
fn other_rows(batch: &Batch) -> Vec<RowChange> {
    let claims = RowChange::PutClaims {
        batch: batch.id,
        claims: batch.claims(),
    };
    let register = batch.register_rows().into_iter();
    // The terms of a search change where something gets a code of its own.
    let terms = RowChange::PutTerms {
        batch: batch.id,
        terms: batch.term_rows(),
    };
    [claims, terms]
        .into_iter()
        .chain(register.map(RowChange::PutRegister))
        .collect()
}

/// A batch after what was decided now, and the rows that are new or others with it.
pub(super) fn follow(
    mut batch: Batch,
    events: &[Event],
    (now, clock): (Timestamp, ClockState),
    by: &By,
) -> Result<(Batch, Vec<RowChange>), Fault> {
    let before = other_rows(&batch);
    for event in events {
        batch.apply(Recorded {
            version: batch.version + 1,
            at: now,
            clock,
            by: by.clone(),
            // As a person who reads it later finds it.
            event: BatchEvent::from_ledger(&event.kind, event.kind_version, &event.payload)
                .map_err(|why| Fault::Unreadable {
                    what: format!("event {}", event.kind),
                    why: why.to_string(),
                })?,
        });
    }
    let mut rows = vec![RowChange::PutBoard(batch.board_row())];
    let others = other_rows(&batch).into_iter();
    rows.extend(others.filter(|row| !before.contains(row)));
    Ok((batch, rows))
}

/// A batch after the entries that follow.
pub(super) fn go_on(mut batch: Batch, entries: &[Entry]) -> Result<Batch, Fault> {
    for entry in entries {
        batch.apply(recorded(entry)?);
    }
    Ok(batch)
}

/// The batch that its entries make.
pub(super) fn batch(shelf: &Shelf, id: BatchId, entries: &[Entry]) -> Result<Batch, Fault> {
    let recorded = entries
        .iter()
        .map(recorded)
        .collect::<Result<Vec<_>, _>>()?;
    let unreadable = || Fault::Unreadable {
        what: format!("batch {id}"),
        why: "its first entry registers no harvest".to_owned(),
    };
    let Some(BatchEvent::Harvest(HarvestEvent::HarvestRegistered(harvest))) =
        recorded.first().map(|first| &first.event)
    else {
        return Err(unreadable());
    };
    let documents = shelf.documents(harvest)?;
    Batch::fold(id, documents, recorded).ok_or_else(unreadable)
}

/// An entry of a batch as the domain reads it.
fn recorded(entry: &Entry) -> Result<Recorded, Fault> {
    Recorded::from_entry(entry).map_err(|why| Fault::Unreadable {
        what: format!("entry {} of ledger {}", entry.position, entry.ledger),
        why: why.to_string(),
    })
}

/// The account that its entries make; `None` where there are none.
pub(super) fn account(id: UserId, entries: &[Entry]) -> Result<Option<Account>, Fault> {
    let event = |entry: &Entry| {
        let unreadable = |why: domain::ledger::NotAnEntry| Fault::Unreadable {
            what: format!("entry {} of ledger {}", entry.position, entry.ledger),
            why: why.to_string(),
        };
        let event: PersonEvent = entry.event().map_err(unreadable)?;
        Ok((entry.recorded_at, entry.actor.name.clone(), event))
    };
    let events = entries
        .iter()
        .map(event)
        .collect::<Result<Vec<_>, Fault>>()?;
    Ok(Account::fold(id, events))
}
