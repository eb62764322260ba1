//! What the tables beside the ledger can say wrongly.

use domain::ledger::StreamName;

/// One thing in which a table beside the ledger differs from what the entries say. `autolog rebuild` makes the read tables
/// right again; how it came about is another question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowFinding {
    /// A row that follows from no entry.
    #[error("Table {table}, row {row}: it follows from no entry.")]
    Extra {
        /// The table.
        table: String,
        /// The row, by its key.
        row: String,
    },
    /// A row that follows from the entries is not there.
    #[error("Table {table}, row {row}: it is missing.")]
    Missing {
        /// The table.
        table: String,
        /// The row, by its key.
        row: String,
    },
    /// A row that says something else than the entries.
    #[error(
        "Table {table}, row {row}, column {column}: it says “{kept}”, by the entries it is “{wanted}”."
    )]
    Changed {
        /// The table.
        table: String,
        /// The row, by its key.
        row: String,
        /// The column.
        column: String,
        /// What is there.
        kept: String,
        /// What follows from the entries.
        wanted: String,
    },
    /// The rows of a stream can't be made.
    #[error("The rows of {stream} can't be made from its entries: {why}.")]
    NotMade {
        /// The stream.
        stream: StreamName,
        /// Why.
        why: String,
    },
    /// An entry whose command is not remembered as what made it.
    #[error("Entry {position} of ledger {ledger}: the command that made it is not remembered so.")]
    WithoutCommand {
        /// The ledger.
        ledger: String,
        /// The position.
        position: i64,
    },
    /// A command whose entries are not there.
    #[error(
        "Command {command} is remembered, but the entries that it made are others or not there."
    )]
    WithoutEntry {
        /// The command.
        command: String,
    },
}
