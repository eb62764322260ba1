//! From the entries of a stream to its state and its rows.

use super::Shelf;
use crate::{Fault, Projector};
use domain::{
    batch::{Batch, BatchEvent, By, Recorded},
    ids::{BatchId, UserId},
    ledger::{Entry, RowChange},
    people::{Account, PersonEvent},
    site::SiteEvent,
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
            rows.extend(
                batch
                    .identifier_rows()
                    .into_iter()
                    .map(RowChange::UseIdentifier),
            );
            rows.extend(
                batch
                    .register_rows()
                    .into_iter()
                    .map(RowChange::PutRegister),
            );
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
    let Some(BatchEvent::HarvestRegistered(harvest)) = recorded.first().map(|first| &first.event)
    else {
        return Err(unreadable());
    };
    let documents = shelf.documents(harvest)?;
    Batch::fold(id, documents, recorded).ok_or_else(unreadable)
}

/// An entry of a batch as the domain reads it.
pub(super) fn recorded(entry: &Entry) -> Result<Recorded, Fault> {
    let unreadable = |why: String| Fault::Unreadable {
        what: format!("entry {} of ledger {}", entry.position, entry.ledger),
        why,
    };
    let user = entry
        .actor
        .user
        .ok_or_else(|| unreadable("no account made it".to_owned()))?;
    let role = entry.actor.role.parse().map_err(unreadable)?;
    Ok(Recorded {
        version: entry.version,
        at: entry.recorded_at,
        by: By {
            user,
            name: entry.actor.name.clone(),
            role,
        },
        event: entry.event().map_err(|why| unreadable(why.to_string()))?,
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
