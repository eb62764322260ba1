//! Checkpoints: the root of a ledger's tree, signed with the ledger's key.
//!
//! Formats of C2SP: `tlog-checkpoint` inside a `signed-note`, Ed25519. A checkpoint holds no time: the same tree signed
//! twice with the same key is the same text.

use super::{name::LedgerName, tree::Hash};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signer as _, SigningKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use signed_note::{Note, NoteError, StandardSigner, StandardVerifier, VerifierList};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// The type of key that C2SP gives the number 1: Ed25519.
const ED25519: u8 = 1;

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
            .filter(|key| key.ledger == self.checkpoint.ledger)
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

/// The public half of a ledger's key, as C2SP writes it: `autolog/GE+<id>+<base64>`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey {
    ledger: LedgerName,
    text: String,
}

impl PublicKey {
    /// Reads a key.
    ///
    /// # Errors
    /// [`NotAKey`] where it is none, or none of a ledger.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        StandardVerifier::new(text).map_err(|_| NotAKey)?;
        let ledger = ledger_of(text.split('+').next().unwrap_or_default())?;
        Ok(Self {
            ledger,
            text: text.to_owned(),
        })
    }

    /// The ledger that it speaks for.
    #[must_use]
    pub fn ledger(&self) -> &LedgerName {
        &self.ledger
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        Self::parse(&text)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.text
    }
}

/// A text that is no key of a ledger. It doesn't repeat the text: that could be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the key of a ledger")]
pub struct NotAKey;

fn ledger_of(origin: &str) -> Result<LedgerName, NotAKey> {
    origin
        .strip_prefix("autolog/")
        .and_then(|name| LedgerName::parse(name).ok())
        .ok_or(NotAKey)
}

/// The key that signs the checkpoints of one ledger. It lives in a file of its own, never in the database.
#[derive(Clone)]
pub struct LedgerKey {
    ledger: LedgerName,
    signing: SigningKey,
}

impl LedgerKey {
    /// The key of `ledger` from 32 secret random bytes.
    #[must_use]
    pub fn from_seed(ledger: LedgerName, seed: &[u8; 32]) -> Self {
        Self {
            ledger,
            signing: SigningKey::from_bytes(seed),
        }
    }

    /// Reads what [`Self::secret_text`] wrote; blanks and line breaks around it don't matter.
    ///
    /// # Errors
    /// [`NotAKey`] where it is none.
    pub fn from_secret_text(text: &str) -> Result<Self, NotAKey> {
        let text = text.trim();
        // The library checks the form and that the id fits the key.
        StandardSigner::new(text).map_err(|_| NotAKey)?;
        let mut parts = text.splitn(5, '+').skip(2);
        let ledger = ledger_of(parts.next().unwrap_or_default())?;
        let key = BASE64_STANDARD
            .decode(parts.nth(1).unwrap_or_default())
            .map_err(|_| NotAKey)?;
        let seed: &[u8; 32] = key
            .get(1..)
            .and_then(|seed| seed.try_into().ok())
            .ok_or(NotAKey)?;
        Ok(Self::from_seed(ledger, seed))
    }

    /// The text of the key's file: `PRIVATE+KEY+autolog/GE+<id>+<base64>`. A secret.
    #[must_use]
    pub fn secret_text(&self) -> String {
        let mut bytes = vec![ED25519];
        bytes.extend(self.signing.to_bytes());
        format!(
            "PRIVATE+KEY+{}+{:08x}+{}",
            self.ledger.origin(),
            self.id(),
            BASE64_STANDARD.encode(bytes)
        )
    }

    /// The ledger that it signs for.
    #[must_use]
    pub fn ledger(&self) -> &LedgerName {
        &self.ledger
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let text = signed_note::new_ed25519_verifier_key(
            &self.ledger.origin(),
            &self.signing.verifying_key(),
        );
        PublicKey {
            ledger: self.ledger.clone(),
            text,
        }
    }

    /// Signs the tree of the first `size` entries. The same tree gives the same text (RFC 8032).
    #[must_use]
    pub fn sign(&self, size: u64, root: Hash) -> SignedCheckpoint {
        let checkpoint = Checkpoint {
            ledger: self.ledger.clone(),
            size,
            root,
        };
        let text = checkpoint.text();
        let mut signature = self.id().to_be_bytes().to_vec();
        signature.extend(self.signing.sign(text.as_bytes()).to_bytes());
        let line = format!(
            "— {} {}\n",
            self.ledger.origin(),
            BASE64_STANDARD.encode(signature)
        );
        SignedCheckpoint {
            checkpoint,
            note: format!("{text}\n{line}"),
        }
    }

    fn id(&self) -> u32 {
        let mut public = vec![ED25519];
        public.extend(self.signing.verifying_key().to_bytes());
        let mut hasher = Sha256::new();
        hasher.update(self.ledger.origin());
        hasher.update(b"\n");
        hasher.update(public);
        let hash: [u8; 32] = hasher.finalize().into();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }
}

impl fmt::Debug for LedgerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LedgerKey({})", self.public())
    }
}

/// The keys that sign, one for each ledger, and further public keys that are still trusted, as those before a rotation.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    signing: BTreeMap<LedgerName, LedgerKey>,
    trusted: Vec<PublicKey>,
}

impl Keyring {
    /// A keyring that signs with `keys`.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = LedgerKey>) -> Self {
        let signing: BTreeMap<_, _> = keys
            .into_iter()
            .map(|key| (key.ledger.clone(), key))
            .collect();
        let trusted = signing.values().map(LedgerKey::public).collect();
        Self { signing, trusted }
    }

    /// The same, which also trusts `keys`.
    #[must_use]
    pub fn trusting(mut self, keys: impl IntoIterator<Item = PublicKey>) -> Self {
        self.trusted.extend(keys);
        self
    }

    /// Signs with `key` from now on; the key before it stays trusted.
    pub fn adopt(&mut self, key: LedgerKey) {
        self.trusted.push(key.public());
        self.signing.insert(key.ledger.clone(), key);
    }

    /// The key that signs for `ledger`.
    #[must_use]
    pub fn signing(&self, ledger: &LedgerName) -> Option<&LedgerKey> {
        self.signing.get(ledger)
    }

    /// The keys whose signature counts for `ledger`.
    #[must_use]
    pub fn trusted(&self, ledger: &LedgerName) -> Vec<PublicKey> {
        self.trusted
            .iter()
            .filter(|key| key.ledger == *ledger)
            .cloned()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

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

    #[test]
    fn a_key_reads_back_from_its_file() {
        let key = key("GE", 5);
        let back = LedgerKey::from_secret_text(&format!("{}\n", key.secret_text())).unwrap();
        assert_eq!(back.public(), key.public());
        assert_eq!(PublicKey::parse(key.public().as_str()), Ok(key.public()));
        assert!(LedgerKey::from_secret_text(key.public().as_str()).is_err());
        assert!(PublicKey::parse(&key.secret_text()).is_err());
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }
}
