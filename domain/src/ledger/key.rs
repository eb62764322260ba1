//! The keys that sign a ledger's checkpoints: Ed25519, written as C2SP `signed-note` writes them.

use super::{
    checkpoint::{Checkpoint, SignedCheckpoint},
    name::LedgerName,
    tree::Hash,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signer as _, SigningKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use signed_note::{StandardSigner, StandardVerifier};
use std::{collections::BTreeMap, fmt};

/// The type of key that C2SP gives the number 1: Ed25519.
const ED25519: u8 = 1;

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

    /// Adds this key's signature to that of another one: somebody who trusts either key can go on to the other.
    #[must_use]
    pub fn sign_too(&self, signed: SignedCheckpoint) -> SignedCheckpoint {
        let own = self.sign(signed.checkpoint.size, signed.checkpoint.root);
        let text = signed.checkpoint.text();
        let line = own.note.trim_start_matches(&text).trim_start_matches('\n');
        SignedCheckpoint {
            note: format!("{}{line}", signed.note),
            ..signed
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
    /// Those that [`Self::adopt`] put another one in the place of: each vouches for the next.
    before: Vec<LedgerKey>,
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
        Self {
            signing,
            before: Vec::new(),
            trusted,
        }
    }

    /// The same, which also trusts `keys`.
    #[must_use]
    pub fn trusting(mut self, keys: impl IntoIterator<Item = PublicKey>) -> Self {
        self.trusted.extend(keys);
        self
    }

    /// Signs with `key` from now on; the key before it stays trusted.
    pub fn adopt(&mut self, key: LedgerKey) {
        self.trust(key.public());
        self.before
            .extend(self.signing.insert(key.ledger.clone(), key));
    }

    /// Takes the signature of `key` from now on.
    pub fn trust(&mut self, key: PublicKey) {
        if !self.trusted.contains(&key) {
            self.trusted.push(key);
        }
    }

    /// Learns of the keys of a ledger that another process made. `kept` is what lies where its keys are kept, `named` what
    /// the ledger says of its keys, in order. A key has to be in both; of a ledger that names none yet, the first one that
    /// is kept counts. The one that is named last signs from now on, unless the one that signs is none of those named: then
    /// what was read of the ledger is from before it.
    pub fn learn(&mut self, ledger: &LedgerName, kept: Vec<LedgerKey>, named: &[PublicKey]) {
        let mut kept: Vec<_> = kept
            .into_iter()
            .filter(|key| key.ledger == *ledger)
            .collect();
        if named.is_empty() {
            kept.truncate(1);
        } else {
            kept.retain(|key| named.contains(&key.public()));
        }
        for key in kept {
            let public = key.public();
            self.trust(public.clone());
            let signs = named.last().is_none_or(|last| *last == public);
            let takes_its_place = match self.signing.get(ledger).map(LedgerKey::public) {
                None => true,
                Some(signing) => signing != public && named.contains(&signing),
            };
            if signs && takes_its_place {
                self.adopt(key);
            }
        }
    }

    /// The key with this public half that signed before the one that signs now.
    #[must_use]
    pub fn before(&self, public: &PublicKey) -> Option<&LedgerKey> {
        self.before.iter().find(|key| key.public() == *public)
    }

    /// The key that signs for `ledger`.
    #[must_use]
    pub fn signing(&self, ledger: &LedgerName) -> Option<&LedgerKey> {
        self.signing.get(ledger)
    }

    /// The ledgers that a key signs for.
    pub fn ledgers(&self) -> impl Iterator<Item = &LedgerName> {
        self.signing.keys()
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
    fn a_key_reads_back_from_its_file() {
        let key = key("GE", 5);
        let back = LedgerKey::from_secret_text(&format!("{}\n", key.secret_text())).unwrap();
        assert_eq!(back.public(), key.public());
        assert_eq!(PublicKey::parse(key.public().as_str()), Ok(key.public()));
        assert!(LedgerKey::from_secret_text(key.public().as_str()).is_err());
        assert!(PublicKey::parse(&key.secret_text()).is_err());
        assert!(!format!("{key:?}").contains("PRIVATE"));
    }

    #[test]
    fn two_keys_sign_one_checkpoint_and_either_is_enough() {
        let both = key("GE", 1).sign_too(key("GE", 2).sign(3, Hash([9; 32])));
        assert_eq!(SignedCheckpoint::parse(&both.note).as_ref(), Ok(&both));
        for seed in [1, 2] {
            assert_eq!(both.check(&[key("GE", seed).public()]), Ok(()));
        }
        assert!(both.check(&[key("GE", 3).public()]).is_err());
    }

    #[test]
    fn a_new_key_signs_and_the_one_before_stays_trusted() {
        let name = LedgerName::parse("GE").unwrap();
        let mut ring = Keyring::new([key("GE", 1), key("PI", 1)]);
        ring.adopt(key("GE", 2));
        assert_eq!(ring.signing(&name).unwrap().public(), key("GE", 2).public());
        assert_eq!(
            ring.trusted(&name),
            [key("GE", 1).public(), key("GE", 2).public()]
        );
        assert!(ring.before(&key("GE", 1).public()).is_some());
        assert!(ring.before(&key("GE", 2).public()).is_none());
        let ring = Keyring::default().trusting([key("GE", 3).public()]);
        assert_eq!(ring.trusted(&name), [key("GE", 3).public()]);
        assert!(ring.signing(&name).is_none());
    }

    #[test]
    fn a_key_is_learned_where_it_is_kept_and_its_ledger_names_it() {
        type Seeds<'a> = &'a [u8];
        type Case<'a> = (
            &'a str,
            Seeds<'a>,
            Seeds<'a>,
            Seeds<'a>,
            Option<u8>,
            Seeds<'a>,
        );
        let name = LedgerName::parse("GE").unwrap();
        // What this process has, what is kept, what the ledger names; then what signs and what is trusted.
        let cases: [Case<'_>; 9] = [
            ("a new ledger", &[], &[1], &[1], Some(1), &[1]),
            (
                "one that names no key yet",
                &[],
                &[1, 2],
                &[],
                Some(1),
                &[1],
            ),
            ("a rotation", &[1], &[2], &[1, 2], Some(2), &[1, 2]),
            ("one under way", &[1], &[1, 2], &[1, 2], Some(2), &[1, 2]),
            ("one prepared", &[1], &[1, 2], &[1], Some(1), &[1]),
            ("kept, but not named", &[1], &[3], &[1], Some(1), &[1]),
            ("named, but not kept", &[1], &[1], &[1, 3], Some(1), &[1]),
            ("neither", &[], &[], &[3], None, &[]),
            (
                "read before the rotation",
                &[2],
                &[1],
                &[1],
                Some(2),
                &[2, 1],
            ),
        ];
        for (case, has, kept, named, signs, trusted) in cases {
            let mut ring = Keyring::new(has.iter().map(|seed| key("GE", *seed)));
            let public = |seeds: Seeds<'_>| -> Vec<_> {
                seeds.iter().map(|seed| key("GE", *seed).public()).collect()
            };
            let kept = kept.iter().map(|seed| key("GE", *seed));
            // That of another ledger counts for this one in no case.
            let kept = [key("PI", 1)].into_iter().chain(kept).collect();
            ring.learn(&name, kept, &public(named));
            let signing = ring.signing(&name).map(LedgerKey::public);
            assert_eq!(
                signing,
                signs.map(|seed| key("GE", seed).public()),
                "{case}"
            );
            assert_eq!(ring.trusted(&name), public(trusted), "{case}");
        }
    }
}
