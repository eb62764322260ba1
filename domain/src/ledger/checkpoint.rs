//! Checkpoints: the root of a ledger's tree, signed with the ledger's key.
//!
//! Formats of C2SP: `tlog-checkpoint` inside a `signed-note`, Ed25519. A checkpoint holds no time: the same tree signed
//! twice with the same key is the same text.

use super::{key::PublicKey, name::LedgerName, tree::Hash};
use serde::{Deserialize, Serialize};
use signed_note::{Note, NoteError, StandardVerifier, VerifierList};
use std::collections::BTreeSet;

/// The tree of a ledger as it was when it held `size` entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The ledger; its first line is `autolog/<ledger>`.
    pub ledger: LedgerName,
    /// The number of entries.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: origin, size, root, each ended by a line break.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.ledger.origin(),
            self.size,
            self.root.base64()
        )
    }
}

/// A checkpoint with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCheckpoint {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// The whole signed note, as it is kept, printed and exported.
    pub note: String,
}

/// What is wrong with a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACheckpoint {
    /// Not the form of a signed checkpoint of one of our ledgers.
    #[error("it is not a signed checkpoint of a ledger")]
    Malformed,
    /// Signed by none of the keys that were given.
    #[error("none of the trusted keys signed it")]
    UnknownKey,
    /// A trusted key signed it, but not while it was the ledger's key.
    #[error("the key that signed it was not the key of the ledger then")]
    NotInForce,
    /// The signature of a trusted key doesn't fit the text.
    #[error("its signature does not fit its text")]
    BadSignature,
}

impl SignedCheckpoint {
    /// Reads a signed note. Its signature is not checked by this: see [`Self::check`].
    ///
    /// # Errors
    /// [`NotACheckpoint::Malformed`] where it is no checkpoint of a ledger.
    pub fn parse(note: &str) -> Result<Self, NotACheckpoint> {
        let malformed = NotACheckpoint::Malformed;
        let signed = Note::from_bytes(note.as_bytes()).map_err(|_| malformed.clone())?;
        let inner =
            tlog_tiles::Checkpoint::from_bytes(signed.text()).map_err(|_| malformed.clone())?;
        let ledger = inner
            .origin()
            .strip_prefix("autolog/")
            .and_then(|name| LedgerName::parse(name).ok());
        let ledger = ledger.ok_or_else(|| malformed.clone())?;
        let checkpoint = Checkpoint {
            ledger,
            size: inner.size(),
            root: Hash(inner.hash().0),
        };
        if checkpoint.text().as_bytes() != signed.text() {
            return Err(malformed);
        }
        Ok(Self {
            checkpoint,
            note: note.to_owned(),
        })
    }

    /// Checks the signature against the keys that are trusted for the ledger; one good signature is enough.
    ///
    /// # Errors
    /// [`NotACheckpoint`] where no trusted key signed exactly this.
    pub fn check(&self, trusted: &[PublicKey]) -> Result<(), NotACheckpoint> {
        let note = Note::from_bytes(self.note.as_bytes()).map_err(|_| NotACheckpoint::Malformed)?;
        // The library takes the same key twice for an ambiguity.
        let texts: BTreeSet<_> = trusted
            .iter()
            .filter(|key| *key.ledger() == self.checkpoint.ledger)
            .map(PublicKey::as_str)
            .collect();
        let mut verifiers: Vec<Box<dyn signed_note::Verifier>> = Vec::new();
        for text in texts {
            let verifier = StandardVerifier::new(text).map_err(|_| NotACheckpoint::Malformed)?;
            verifiers.push(Box::new(verifier));
        }
        match note.verify(&VerifierList::new(verifiers)) {
            Ok(_) if note.text() == self.checkpoint.text().as_bytes() => Ok(()),
            Ok(_) => Err(NotACheckpoint::BadSignature),
            Err(NoteError::UnverifiedNote) => Err(NotACheckpoint::UnknownKey),
            Err(_) => Err(NotACheckpoint::BadSignature),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::ledger::LedgerKey;
    use signed_note::StandardSigner;

    fn key(ledger: &str, seed: u8) -> LedgerKey {
        LedgerKey::from_seed(LedgerName::parse(ledger).unwrap(), &[seed; 32])
    }

    #[test]
    fn a_checkpoint_is_origin_size_and_root_under_an_ed25519_signature() {
        let signed = key("GE", 1).sign(3, Hash([9; 32]));
        let lines: Vec<_> = signed.note.lines().collect();
        assert_eq!(
            lines[..4],
            [
                "autolog/GE",
                "3",
                "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=",
                ""
            ]
        );
        assert!(lines[4].starts_with("— autolog/GE "), "{}", lines[4]);
        assert_eq!(SignedCheckpoint::parse(&signed.note), Ok(signed.clone()));
        assert_eq!(signed.check(&[key("GE", 1).public()]), Ok(()));
        assert_eq!(key("GE", 1).sign(3, Hash([9; 32])), signed);
    }

    #[test]
    fn the_library_writes_the_same_note() {
        let ours = key("GE", 1).sign(3, Hash([9; 32]));
        let signer = StandardSigner::new(&key("GE", 1).secret_text()).unwrap();
        let mut note = Note::new(
            ours.checkpoint.text().as_bytes(),
            &[] as &[signed_note::Signature],
        )
        .unwrap();
        note.add_sigs(&[&signer]).unwrap();
        assert_eq!(String::from_utf8(note.to_bytes()).unwrap(), ours.note);
    }

    #[test]
    fn only_a_trusted_key_of_the_same_ledger_counts() {
        let signed = key("GE", 1).sign(3, Hash([9; 32]));
        assert_eq!(signed.check(&[]), Err(NotACheckpoint::UnknownKey));
        assert_eq!(
            signed.check(&[key("GE", 2).public(), key("PI", 1).public()]),
            Err(NotACheckpoint::UnknownKey)
        );
        let both = [
            key("GE", 2).public(),
            key("GE", 1).public(),
            key("GE", 1).public(),
        ];
        assert_eq!(signed.check(&both), Ok(()));
    }

    #[test]
    fn a_changed_size_breaks_the_signature() {
        let note = key("GE", 1)
            .sign(3, Hash([9; 32]))
            .note
            .replacen("\n3\n", "\n4\n", 1);
        let changed = SignedCheckpoint::parse(&note).unwrap();
        assert_eq!(
            changed.check(&[key("GE", 1).public()]),
            Err(NotACheckpoint::BadSignature)
        );
    }

    #[test]
    fn what_is_no_checkpoint_of_a_ledger_is_refused() {
        let good = key("GE", 1).sign(3, Hash([9; 32])).note;
        let cases = [
            String::new(),
            "autolog/GE".to_owned(),
            good.replace("autolog/GE\n", "example.org/log\n"),
            good.replacen("\n3\n", "\n03\n", 1),
            good.replacen("=\n", "=\nextension\n", 1),
            good.trim_end().to_owned(),
        ];
        for case in cases {
            assert_eq!(
                SignedCheckpoint::parse(&case),
                Err(NotACheckpoint::Malformed),
                "{case}"
            );
        }
    }
}
