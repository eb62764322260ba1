//! What a person's signature binds.

use super::{
    entry::Payload,
    name::{LedgerName, StreamName},
    tree::Hash,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What an event that is a signature carries at the top of its payload, under the key `signed`.
///
/// The payload of such an event is a struct with a field `signed: Signed`. `verify` computes the digest again from the
/// entries: a signature moved to another record, or a record changed under it, is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The version of the stream that was signed: its entries 1 to `version`. Always below the version of the entry
    /// that holds the signature itself.
    pub version: u64,
    /// [`signed_digest`] of those entries, as hexadecimal digits.
    pub digest: String,
}

/// The digest of the first entries of a stream, given their leaf hashes in order: 64 hexadecimal digits.
///
/// SHA-256 over `autolog-signed-v1\n` ‖ ledger ‖ `\n` ‖ stream ‖ `\n` ‖ number of entries in decimal ‖ `\n` ‖ the leaf
/// hashes, 32 bytes each.
#[must_use]
pub fn signed_digest(ledger: &LedgerName, stream: &StreamName, leaves: &[Hash]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!(
        "autolog-signed-v1\n{ledger}\n{stream}\n{}\n",
        leaves.len()
    ));
    for leaf in leaves {
        hasher.update(leaf.0);
    }
    hex::encode(hasher.finalize())
}

/// The key `signed` of a payload: `Ok(None)` where it has none.
///
/// # Errors
/// The reason of `serde_json` where there is one, but not with a version and a digest.
pub fn signed_of(payload: &Payload) -> Result<Option<Signed>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Top {
        #[serde(default)]
        signed: Option<Signed>,
    }
    payload.read::<Top>().map(|top| top.signed)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_signature_binds_ledger_stream_number_and_order_of_entries() {
        // P11-70
        let ledger = |name| LedgerName::parse(name).unwrap();
        let stream = |name| StreamName::parse(name).unwrap();
        let (a, b) = (Hash([1; 32]), Hash([2; 32]));
        let digest = signed_digest(&ledger("GE"), &stream("batch:1"), &[a, b]);
        // Computed apart, with Python's hashlib.
        assert_eq!(
            digest,
            "3acc6c2abab722809948941c1b7777ce4d5c91a3673e1546047cea1c79c52ac5"
        );
        for other in [
            signed_digest(&ledger("PI"), &stream("batch:1"), &[a, b]),
            signed_digest(&ledger("GE"), &stream("batch:2"), &[a, b]),
            signed_digest(&ledger("GE"), &stream("batch:1"), &[b, a]),
            signed_digest(&ledger("GE"), &stream("batch:1"), &[a]),
        ] {
            assert_ne!(other, digest);
        }
    }

    #[test]
    fn a_signature_is_found_at_the_top_of_the_payload_only() {
        let read = |text: &str| signed_of(&Payload::parse(text).unwrap());
        assert_eq!(read(r#"{"meaning":"reviewed"}"#).unwrap(), None);
        assert_eq!(
            read(r#"{"in":{"signed":{"version":1,"digest":"00"}}}"#).unwrap(),
            None
        );
        let signed =
            read(r#"{"signed":{"version":1,"digest":"00"},"meaning":"reviewed"}"#).unwrap();
        assert_eq!(
            signed,
            Some(Signed {
                version: 1,
                digest: "00".to_owned()
            })
        );
        assert!(read(r#"{"signed":true}"#).is_err());
    }
}
