//! The keys of a ledger: those that it names, and those that another process made while this one runs.

use super::{Conn, engine::Engine, read};
use crate::Fault;
use domain::ledger::{KeyAdopted, LedgerName, PublicKey, StreamName};

/// The keys that a ledger says sign it, in order, and those that it says they took the place of.
pub(super) async fn named(conn: &mut Conn, ledger: &LedgerName) -> Result<Vec<PublicKey>, Fault> {
    let mut named = Vec::new();
    for entry in read::stream(conn, ledger, &StreamName::key(ledger)).await? {
        if let Ok(Some(adopted)) = KeyAdopted::of(&entry) {
            for key in adopted.replaces.into_iter().chain([adopted.public_key]) {
                named.retain(|before| *before != key);
                named.push(key);
            }
        }
    }
    Ok(named)
}

/// Looks for keys that were put into the folder of this process since it opened the record, as by `autolog site add` or
/// `autolog key rotate` while it serves. One counts where the ledger names it too.
pub(super) async fn learn(
    engine: &Engine,
    conn: &mut Conn,
    ledger: &LedgerName,
) -> Result<(), Fault> {
    let kept = engine.kept_keys(ledger);
    if !kept.is_empty() {
        let named = named(conn, ledger).await?;
        engine.learn(ledger, kept, &named);
    }
    Ok(())
}
