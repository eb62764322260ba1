//! The rules of a batch, attacked: long sequences of commands by many people, and every command in every state near the
//! disposition. What must hold is said by an oracle that reads the events alone and shares no code with the rules.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing test may panic"
)]

#[path = "../batch/documents.rs"]
mod documents;
mod moves;
mod oracle;
mod people;
mod search;
mod sequences;
mod verdicts;
mod world;
