//! What was decided and waits to be written, many rows at once.

use super::{Conn, accounts, columns::signed, insert_all, read::Done, rows};
use crate::{Effect, Fault};
use domain::{
    ids::{BatchId, CommandId},
    ledger::{Entry, Hash, LedgerName, RowChange, rows::BoardRow},
    time::Timestamp,
};
use std::{borrow::Cow, collections::BTreeMap};

const ENTRY: [&str; 16] = [
    "ledger",
    "position",
    "stream",
    "version",
    "recorded_at",
    "actor_user",
    "actor_name",
    "actor_role",
    "session",
    "app_version",
    "clock",
    "command_id",
    "kind",
    "kind_version",
    "payload",
    "leaf_hash",
];
const NODE: [&str; 3] = ["ledger", "idx", "hash"];
const COMMAND: [&str; 8] = [
    "command_id",
    "ledger",
    "stream",
    "content_hash",
    "first_position",
    "entry_count",
    "version",
    "outcome",
];

/// So many rows of a table are written at once: an entry has 16 values, and SQLite takes 32,766 in one statement.
const AT_ONCE: usize = 500;

/// Rows to be inserted into one table, column by column.
pub(crate) struct Insert<'a> {
    pub(crate) table: &'static str,
    pub(crate) names: &'static [&'static str],
    /// As many as there are names.
    pub(crate) columns: Vec<Column<'a>>,
    /// How many values each column has.
    pub(crate) rows: usize,
    /// What follows the values: what to do where a row is there already.
    pub(crate) again: &'static str,
}

/// The values of one column.
pub(crate) enum Column<'a> {
    Text(Vec<Option<Cow<'a, str>>>),
    Number(Vec<Option<i64>>),
    Bytes(Vec<&'a [u8]>),
}

impl<'a> Column<'a> {
    pub(super) fn text<T: Into<Cow<'a, str>>>(values: impl Iterator<Item = T>) -> Self {
        Self::Text(values.map(|text| Some(text.into())).collect())
    }

    pub(super) fn maybe_text<T: Into<Cow<'a, str>>>(
        values: impl Iterator<Item = Option<T>>,
    ) -> Self {
        Self::Text(values.map(|text| text.map(Into::into)).collect())
    }

    pub(super) fn number(values: impl Iterator<Item = u64>) -> Result<Self, Fault> {
        let numbers = values.map(|number| signed(number).map(Some));
        Ok(Self::Number(numbers.collect::<Result<_, _>>()?))
    }

    pub(super) fn moment(values: impl Iterator<Item = Timestamp>) -> Self {
        Self::Number(values.map(|moment| Some(moment.micros())).collect())
    }

    pub(super) fn maybe_moment(values: impl Iterator<Item = Option<Timestamp>>) -> Self {
        let moments = values.map(|moment| moment.map(|moment| moment.micros()));
        Self::Number(moments.collect())
    }

    pub(super) fn hash(values: impl Iterator<Item = &'a Hash>) -> Self {
        Self::Bytes(values.map(|hash| hash.0.as_slice()).collect())
    }
}

/// Entries with all that goes with them, in the order in which they were decided.
#[derive(Default)]
pub(super) struct Pending {
    entries: Vec<(Entry, Hash)>,
    nodes: Vec<(LedgerName, u64, Hash)>,
    boards: BTreeMap<BatchId, BoardRow>,
    rows: Vec<RowChange>,
    effects: Vec<Effect>,
    commands: Vec<(CommandId, u64, Done)>,
}

impl Pending {
    pub(super) fn append(&mut self, entry: Entry, leaf: Hash, nodes: Vec<(u64, Hash)>) {
        let of_ledger = |(index, hash)| (entry.ledger.clone(), index, hash);
        self.nodes.extend(nodes.into_iter().map(of_ledger));
        self.entries.push((entry, leaf));
    }

    pub(super) fn change(&mut self, rows: Vec<RowChange>) {
        for row in rows {
            match row {
                // The last one of a batch says all.
                RowChange::PutBoard(row) => drop(self.boards.insert(row.batch, row)),
                row => self.rows.push(row),
            }
        }
    }

    pub(super) fn affect(&mut self, effects: Vec<Effect>) {
        self.effects.extend(effects);
    }

    pub(super) fn remember(&mut self, id: CommandId, first_position: u64, done: Done) {
        self.commands.push((id, first_position, done));
    }

    /// Writes everything.
    pub(super) async fn write(self, conn: &mut Conn) -> Result<(), Fault> {
        let boards: Vec<_> = self.boards.values().collect();
        let mut entries = self.entries.chunks(AT_ONCE);
        let mut nodes = self.nodes.chunks(AT_ONCE);
        let mut boards = boards.chunks(AT_ONCE);
        let mut commands = self.commands.chunks(AT_ONCE);
        loop {
            let inserts = [
                entries.next().map(insert_entries).transpose()?,
                nodes.next().map(insert_nodes).transpose()?,
                boards.next().map(rows::insert_boards).transpose()?,
                commands.next().map(insert_commands).transpose()?,
            ];
            let inserts: Vec<_> = inserts.into_iter().flatten().collect();
            if inserts.is_empty() {
                break;
            }
            insert_all(conn, &inserts).await?;
        }
        rows::apply_all(conn, &self.rows).await?;
        for effect in &self.effects {
            accounts::apply(conn, effect).await?;
        }
        Ok(())
    }
}

fn insert_entries(entries: &[(Entry, Hash)]) -> Result<Insert<'_>, Fault> {
    let of = || entries.iter().map(|(entry, _)| entry);
    Ok(Insert {
        table: "entry",
        names: &ENTRY,
        columns: vec![
            Column::text(of().map(|entry| entry.ledger.as_str())),
            Column::number(of().map(|entry| entry.position))?,
            Column::text(of().map(|entry| entry.stream.as_str())),
            Column::number(of().map(|entry| entry.version))?,
            Column::moment(of().map(|entry| entry.recorded_at)),
            Column::maybe_text(of().map(|entry| entry.actor.user.map(|id| id.to_string()))),
            Column::text(of().map(|entry| &entry.actor.name)),
            Column::text(of().map(|entry| &entry.actor.role)),
            Column::maybe_text(of().map(|entry| entry.origin.session.map(|id| id.to_string()))),
            Column::text(of().map(|entry| &entry.origin.app_version)),
            Column::text(of().map(|entry| entry.origin.clock.code())),
            Column::text(of().map(|entry| entry.command_id.to_string())),
            Column::text(of().map(|entry| &entry.kind)),
            Column::number(of().map(|entry| u64::from(entry.kind_version)))?,
            Column::text(of().map(|entry| entry.payload.as_str())),
            Column::hash(entries.iter().map(|(_, leaf)| leaf)),
        ],
        rows: entries.len(),
        again: "",
    })
}

fn insert_nodes(nodes: &[(LedgerName, u64, Hash)]) -> Result<Insert<'_>, Fault> {
    Ok(Insert {
        table: "tree_hash",
        names: &NODE,
        columns: vec![
            Column::text(nodes.iter().map(|(ledger, ..)| ledger.as_str())),
            Column::number(nodes.iter().map(|(_, index, _)| *index))?,
            Column::hash(nodes.iter().map(|(.., hash)| hash)),
        ],
        rows: nodes.len(),
        again: "",
    })
}

fn insert_commands(commands: &[(CommandId, u64, Done)]) -> Result<Insert<'_>, Fault> {
    let of = || commands.iter().map(|(.., done)| done);
    Ok(Insert {
        table: "command",
        names: &COMMAND,
        columns: vec![
            Column::text(commands.iter().map(|(id, ..)| id.to_string())),
            Column::text(of().map(|done| done.ledger.as_str())),
            Column::text(of().map(|done| done.stream.as_str())),
            Column::hash(of().map(|done| &done.content_hash)),
            Column::number(commands.iter().map(|(_, first, _)| *first))?,
            Column::number(of().map(|done| done.outcome.entry_count))?,
            Column::number(of().map(|done| done.outcome.version))?,
            Column::text(of().map(|done| &done.outcome.text)),
        ],
        rows: commands.len(),
        again: "",
    })
}
