//! The changes: what is done, what must be said of it, and whether an export shows it.

use crate::{
    hashes::{checkpoint, hashes},
    place::{Place, ledger},
};
use domain::ledger::Entry;
use std::sync::Arc;
use store::Store;

/// splitmix64: the same seed gives the same changes.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `first` to `last`.
    fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.next() % (last - first + 1)
    }
}

/// What was done.
#[derive(Debug)]
pub struct Tampered {
    pub kind: &'static str,
    /// Words that `verify` must use.
    pub named: String,
    /// Whether the export is another one too; what is only kept beside the entries is not in it.
    pub in_export: bool,
    position: u64,
}

impl Tampered {
    /// What can't be exported any more, done to the lines of the export of before.
    pub fn in_lines(&self, lines: &[String]) -> Vec<String> {
        let start = format!(r#"{{"ledger":"GE","position":{},"#, self.position);
        let change = |line: &String| match line.starts_with(&start) {
            true => line.replacen(r#""actor":{"user":""#, r#""actor":{"user":"nobody"#, 1),
            false => line.clone(),
        };
        lines.iter().map(change).collect()
    }
}

/// The tables that are put back after each change.
const TABLES: [&str; 7] = [
    "entry",
    "tree_hash",
    "checkpoint",
    "command",
    "board",
    "claim",
    "claim_of_batch",
];

pub async fn keep(place: &Place) {
    for table in TABLES {
        let sql = format!("create table kept_{table} as select * from {table}");
        place.raw_with_all_rights(&sql).await.unwrap();
    }
}

pub async fn put_back(place: &Place) {
    let mut sql = String::new();
    for table in TABLES {
        sql += &format!("delete from {table}; insert into {table} select * from kept_{table};");
    }
    place.tamper(&sql).await;
}

/// One kind of change.
pub struct Change(u64);

/// How many kinds there are.
const KINDS: u64 = 38;
/// How many entries there are.
pub const LAST: u64 = 40;

impl Change {
    pub fn nth(number: u64) -> Self {
        Self(number % KINDS)
    }

    pub async fn tamper(
        &self,
        place: &Place,
        store: &Arc<dyn Store>,
        random: &mut Random,
    ) -> Tampered {
        let entries = store.entries(&ledger("GE"), 0, 1000).await.unwrap();
        assert_eq!(entries.len() as u64, LAST);
        let position = random.between(1, LAST - 1);
        let other = random.next();
        match self.0 {
            0..=9 => value(self.0, place, position, other).await,
            10..=18 => place_of_an_entry(self.0, place, &entries, position, other).await,
            19..=22 | 28..=30 => hashes(self.0, place, store, entries, position).await,
            23..=27 | 31 => checkpoint(self.0, place, store, other).await,
            _ => beside(self.0, place, position, other).await,
        }
    }
}

pub fn tampered(kind: &'static str, named: &str, in_export: bool, position: u64) -> Tampered {
    Tampered {
        kind,
        named: named.to_owned(),
        in_export,
        position,
    }
}

/// A value of one entry.
async fn value(number: u64, place: &Place, position: u64, other: u64) -> Tampered {
    let uuid = format!("'00000000-0000-4000-8000-{:012x}'", other >> 16);
    let (kind, set) = match number {
        0 => ("payload", format!("payload = '{{\"n\":{other}}}'")),
        1 => (
            "time",
            format!("recorded_at = recorded_at + {}", 1 + other % 1_000_000),
        ),
        2 => ("name", "actor_name = 'Someone Else'".to_owned()),
        3 => ("role", "actor_role = 'qualified-person'".to_owned()),
        4 => ("person", format!("actor_user = {uuid}")),
        5 => ("session", format!("session = {uuid}")),
        6 => ("program", "app_version = '0.0.9'".to_owned()),
        7 => ("command", format!("command_id = {uuid}")),
        8 => ("kind", "kind = 'result-entered'".to_owned()),
        _ if other.is_multiple_of(2) => ("clock", "clock = 'not-confirmed'".to_owned()),
        _ => ("kind version", "kind_version = kind_version + 1".to_owned()),
    };
    place
        .tamper(&format!(
            "update entry set {set} where position = {position}"
        ))
        .await;
    let named = format!("Entry {position} was altered");
    tampered(kind, &named, true, position)
}

/// Where an entry stands, and whether it does.
async fn place_of_an_entry(
    number: u64,
    place: &Place,
    entries: &[Entry],
    position: u64,
    other: u64,
) -> Tampered {
    let altered = |position: u64| format!("Entry {position} was altered");
    let at = |position: u64| &entries[usize::try_from(position - 1).unwrap()];
    // A copy of an entry as the next one of its stream, at another place in the ledger.
    let copy = |to: u64| {
        format!(
            "insert into entry select ledger, {to}, stream, 900 + version, recorded_at, actor_user, actor_name, actor_role,
             session, app_version, clock, command_id, kind, kind_version, payload, leaf_hash from entry where position = {position};"
        )
    };
    let shift = format!(
        "update entry set position = position + 1000 where position > {position};
         update entry set position = position - 999 where position > 1000;"
    );
    let (kind, sql, named, in_export) = match number {
        10 => (
            "unreadable",
            format!("update entry set actor_user = 'nobody' where position = {position}"),
            format!("in the place of entry {position} is not an entry"),
            true,
        ),
        11 => (
            "stream",
            format!(
                "update entry set stream = 'batch:00000000-0000-0000-0000-00000000004d', version = 1 where position = {position}"
            ),
            altered(position),
            true,
        ),
        12 => {
            // An entry of the first half has a later one in its stream.
            let position = 1 + position % 20;
            let one = at(position);
            let later = entries
                .iter()
                .find(|entry| entry.stream == one.stream && entry.version == one.version + 1)
                .unwrap();
            let (a, b) = (one.version, later.version);
            let sql = format!(
                "update entry set version = 1000 where position = {position};
                 update entry set version = {a} where position = {};
                 update entry set version = {b} where position = {position};",
                later.position
            );
            ("versions", sql, altered(position), true)
        }
        13 => {
            let with = 1 + (position + other % (LAST - 2)) % LAST;
            let with = if with == position { LAST } else { with };
            let sql = format!(
                "update entry set position = 1000 where position = {position};
                 update entry set position = {position} where position = {with};
                 update entry set position = {with} where position = 1000;"
            );
            ("order", sql, altered(position), true)
        }
        14 => (
            "removed",
            format!("delete from entry where position = {position}"),
            format!("The entries {position} to {position} are missing"),
            true,
        ),
        15 => (
            "end removed",
            format!("delete from entry where position > {position}"),
            "the end was cut off".to_owned(),
            true,
        ),
        16 => (
            "inserted",
            format!("{shift} {}", copy(position + 1)),
            altered(position + 1),
            true,
        ),
        17 => (
            "doubled",
            format!(
                "{shift} {}",
                copy(position + 1).replace("900 + version", "800 + version")
            ),
            altered(position + 2),
            true,
        ),
        // Nothing binds what comes after the last checkpoint but what is kept beside it.
        _ => ("added", copy(LAST + 1), altered(LAST + 1), false),
    };
    place.tamper(&sql).await;
    tampered(kind, &named, in_export, position)
}

/// What is kept beside the ledger.
async fn beside(number: u64, place: &Place, position: u64, other: u64) -> Tampered {
    let batch = format!("00000000-0000-0000-0000-{:012x}", other % 5);
    let stranger = "00000000-0000-0000-0000-00000000004d";
    let (kind, sql, named) = match number {
        32 => (
            "command forgotten",
            format!("delete from command where first_position = {position}"),
            format!("Entry {position} of ledger GE: the command"),
        ),
        33 => (
            "command's place",
            format!("update command set first_position = 40 where first_position = {position}"),
            "the command that made it is not remembered so".to_owned(),
        ),
        34 => (
            "board",
            format!("update board set state = 'released' where batch_id = '{batch}'"),
            format!("Table board, row {batch}, column state: it says “released”"),
        ),
        35 => (
            "board row removed",
            format!("delete from board where batch_id = '{batch}'"),
            format!("Table board, row {batch}: it is missing"),
        ),
        36 => (
            "claim",
            format!("update claim_of_batch set batch_id = '{stranger}' where batch_id = '{batch}'"),
            format!("Table claim_of_batch, row {stranger} / donation"),
        ),
        _ => (
            "claim invented",
            "insert into claim values ('donation', '*', 'A999917654321', 'GE-0001')".to_owned(),
            "Table claim, row donation / * / A999917654321: it follows from no entry".to_owned(),
        ),
    };
    place.tamper(&sql).await;
    tampered(kind, &named, false, position)
}
