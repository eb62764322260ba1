//! The time of entries in a transaction that commands share, and the correction of the clock in each ledger.

use super::{
    super::{engine::Engine, read::Done},
    Group,
};
use crate::{
    Fault, Outcome, Request,
    engine::Stamp,
    records::{PROGRAM, PROGRAM_ROLE},
};
use domain::{
    clock::{ClockEvent, ClockRecord, ClockState},
    ids::CommandId,
    ledger::{Actor, Entry, Event, LedgerName, Origin, StreamName},
};
use std::sync::Arc;
use uuid::Uuid;

impl Group {
    /// The time that a new entry of a ledger gets, and what is known of the clock.
    pub(in super::super) fn stamp(
        &mut self,
        engine: &Engine,
        ledger: &LedgerName,
    ) -> Result<(Stamp, Arc<ClockRecord>), Fault> {
        let (newest, behind) = (self.newest, self.behind.contains(ledger));
        let last = self.head(ledger)?.last;
        let mut stamp = engine.guard().stamp(last.filter(|_| !behind), newest);
        if let (Some(last), Some(_)) = (last, stamp.doubt) {
            // Nothing goes back before it is confirmed.
            stamp.at = stamp.at.max(last);
        }
        Ok((stamp, Arc::clone(&self.clock)))
    }

    /// Has a ledger repeat the last correction of the clock before its first entry after that.
    pub(in super::super) fn repeat_correction(
        &mut self,
        request: &Request,
        stamp: &Stamp,
    ) -> Result<(), Fault> {
        let ledger = &request.ledger;
        if stamp.doubt.is_some() || !self.behind.contains(ledger) {
            return Ok(());
        }
        let Some(correction) = self.clock.correction.clone() else {
            return Ok(());
        };
        let head = self.head(ledger)?;
        let (position, stream) = (head.tree.size + 1, StreamName::clock(ledger));
        let version = head.clock_entries + 1;
        let event = ClockEvent::ClockCopied(correction.copy.clone());
        let event = Event::of(&event, ClockEvent::VERSION)?;
        let seed = format!("{}{ledger}", correction.copy.org.leaf.base64());
        let command_id = CommandId(Uuid::new_v5(&Uuid::NAMESPACE_OID, seed.as_bytes()));
        let entry = Entry {
            ledger: ledger.clone(),
            position,
            stream: stream.clone(),
            version,
            recorded_at: stamp.at,
            actor: Actor {
                user: None,
                name: PROGRAM.to_owned(),
                role: PROGRAM_ROLE.to_owned(),
            },
            origin: Origin {
                session: None,
                app_version: request.origin.app_version.clone(),
                clock: ClockState::Confirmed,
            },
            command_id,
            kind: event.kind,
            kind_version: event.kind_version,
            payload: event.payload,
        };
        let content_hash = entry.leaf_hash();
        self.append(entry)?;
        let outcome = Outcome {
            first_position: Some(position),
            entry_count: 1,
            version,
            text: String::new(),
            repeated: true,
            checkpoint: None,
        };
        let done = Done {
            ledger: ledger.clone(),
            stream,
            content_hash,
            outcome,
        };
        self.remember(command_id, position, done);
        self.behind.remove(ledger);
        if let Some(head) = self.heads.get_mut(ledger) {
            head.is_behind = false;
            head.clock_entries = version;
        }
        Ok(())
    }
}
