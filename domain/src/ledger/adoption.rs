//! Which key signs a ledger from which entry on: entries of the ledger itself.

use super::{entry::Entry, key::PublicKey, name::KEY_STREAM};
use serde::{Deserialize, Serialize};

/// What is told of a ledger's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum KeyEvent {
    /// A key signs from this entry on.
    KeyAdopted(KeyAdopted),
}

impl KeyEvent {
    /// The version of its payload.
    pub const VERSION: u16 = 1;
}

/// A key that signs from this entry on. The checkpoint over this entry as its last is signed by this key, and by the one
/// before it too where that is still there: so either vouches for the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyAdopted {
    /// The key.
    pub public_key: PublicKey,
    /// The key that it takes the place of, which signs nothing after this entry; `None` for the first.
    pub replaces: Option<PublicKey>,
    /// Why.
    pub reason: String,
}

impl KeyAdopted {
    /// What an entry says of the keys of its ledger; `None` where it is about something else.
    ///
    /// # Errors
    /// The reason, where it is about a key and can't be read.
    pub fn of(entry: &Entry) -> Result<Option<Self>, String> {
        if entry.stream.kind() != KEY_STREAM {
            return Ok(None);
        }
        let KeyEvent::KeyAdopted(adopted) = entry.event().map_err(|why| why.to_string())?;
        let keys = [Some(&adopted.public_key), adopted.replaces.as_ref()];
        let other = keys
            .into_iter()
            .flatten()
            .find(|key| *key.ledger() != entry.ledger);
        match other {
            Some(key) => Err(format!("{key} is the key of another ledger")),
            None => Ok(Some(adopted)),
        }
    }
}
