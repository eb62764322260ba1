//! Which key counts for which checkpoint.

use super::{Trust, Verifier};
use crate::ledger::{
    checkpoint::{NotACheckpoint, SignedCheckpoint},
    key::PublicKey,
};

/// The keys that are trusted, each with the sizes of the checkpoints that it may have signed.
pub(super) struct Keys(Vec<(PublicKey, u64, u64)>);

impl Keys {
    /// Whether a trusted key signed the checkpoint while it was the ledger's key.
    pub(super) fn check(&self, signed: &SignedCheckpoint) -> Result<(), NotACheckpoint> {
        let size = signed.checkpoint.size;
        let (then, other): (Vec<_>, Vec<_>) = self
            .0
            .iter()
            .partition(|(_, from, until)| (*from..=*until).contains(&size));
        let keys = |some: Vec<&(PublicKey, u64, u64)>| -> Vec<PublicKey> {
            some.into_iter().map(|(key, ..)| key.clone()).collect()
        };
        let checked = signed.check(&keys(then));
        if checked == Err(NotACheckpoint::UnknownKey) && signed.check(&keys(other)).is_ok() {
            return Err(NotACheckpoint::NotInForce);
        }
        checked
    }
}

impl Verifier {
    /// The keys that count: those that are trusted from elsewhere, and those that these vouch for. Where a key took the
    /// place of another, the checkpoint over that very entry is signed by the new one, and by the old one too where that
    /// was still there; somebody who trusts one of the two trusts the other through it.
    pub(super) fn keys(&self, checkpoints: &[SignedCheckpoint]) -> Keys {
        let mut trusted: Vec<PublicKey> = match &self.trust {
            Trust::Keys(keys) => keys.clone(),
            Trust::Embedded => {
                let named = self.adoptions.iter();
                let named = named.map(|(_, adopted)| adopted.public_key.clone());
                self.embedded.iter().cloned().chain(named).collect()
            }
        };
        loop {
            let mut more = Vec::new();
            for (position, adopted) in &self.adoptions {
                let two = [Some(&adopted.public_key), adopted.replaces.as_ref()];
                let (known, new): (Vec<_>, Vec<_>) = two
                    .into_iter()
                    .flatten()
                    .cloned()
                    .partition(|key| trusted.contains(key));
                let vouched = checkpoints.iter().any(|signed| {
                    signed.checkpoint.size == *position
                        && signed.check(&known).is_ok()
                        && self.fits(signed)
                });
                if vouched {
                    more.extend(new);
                }
            }
            if more.is_empty() {
                break;
            }
            trusted.extend(more);
        }
        let in_force = |key: PublicKey| {
            let adopted = self
                .adoptions
                .iter()
                .find(|(_, adopted)| adopted.public_key == key && adopted.replaces.is_some());
            let ended = self
                .adoptions
                .iter()
                .find(|(_, adopted)| adopted.replaces.as_ref() == Some(&key));
            let from = adopted.map_or(0, |(position, _)| *position);
            let until = ended.map_or(u64::MAX, |(position, _)| *position);
            (key, from, until)
        };
        Keys(trusted.into_iter().map(in_force).collect())
    }
}
