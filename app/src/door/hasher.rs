//! How a password is kept: as an Argon2id hash.
//!
//! Each hash works in 19 MiB. Two blocks of that size are made once and used again and again: given back to the allocator
//! they would stay in the arena of each thread that ever hashed. Whoever works on a hash has one of the two turns until the
//! work is done, also where the one who asked has gone away meanwhile.

use super::{Fault, Random};
use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many passwords are hashed at the same time.
const AT_ONCE: usize = 2;

/// Hashes and checks passwords.
#[derive(Clone)]
pub(super) struct Hasher {
    random: Random,
    at_once: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    nobodys: Arc<str>,
}

/// A turn to hash one password.
pub(super) struct Turn {
    hasher: Hasher,
    permit: OwnedSemaphorePermit,
}

impl Hasher {
    pub(super) async fn new(random: &Random) -> Result<Self, Fault> {
        let mut hasher = Self {
            random: Arc::clone(random),
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
            memory: Arc::default(),
            nobodys: "".into(),
        };
        // No password has this hash: it is of bytes that nobody knows.
        let mut bytes = [0; 32];
        random(&mut bytes).map_err(Fault::Random)?;
        hasher.nobodys = hasher.hash(&hex::encode(bytes)).await?.into();
        Ok(hasher)
    }

    /// The hash that no password has: to hold one against where there is no other.
    pub(super) fn nobodys(&self) -> &str {
        &self.nobodys
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, Fault> {
        let mut salt = [0; 16];
        (self.random)(&mut salt).map_err(Fault::Random)?;
        let password = password.to_owned();
        let turn = self.turn().await?;
        let (hash, _) = turn
            .work(move |memory| {
                let params = params()?;
                let salt = Salt::new(&salt).map_err(Broken::of)?;
                let output = filled(&params, password.as_bytes(), &salt, memory)?;
                let hash = PasswordHash {
                    algorithm: Algorithm::Argon2id.ident(),
                    version: Some(Version::V0x13.into()),
                    params: ParamsString::try_from(&params).map_err(Broken::of)?,
                    salt: Some(salt),
                    hash: Some(output),
                };
                Ok(hash.to_string())
            })
            .await?;
        Ok(hash)
    }

    /// Waits for a turn.
    pub(super) async fn turn(&self) -> Result<Turn, Fault> {
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        let permit = permit.map_err(|why| Fault::Hashing(why.to_string()))?;
        Ok(Turn {
            hasher: self.clone(),
            permit,
        })
    }
}

impl Turn {
    /// Holds a password against a hash. The turn lasts as long as what is answered beside it.
    pub(super) async fn verify(
        self,
        password: &str,
        hash: &str,
    ) -> Result<(bool, OwnedSemaphorePermit), Fault> {
        tracing::trace!("a password is held against a hash");
        let (password, hash) = (password.to_owned(), hash.to_owned());
        self.work(move |memory| {
            let kept = PasswordHash::new(&hash).map_err(Broken::of)?;
            let algorithm = Algorithm::try_from(kept.algorithm.as_str()).map_err(Broken::of)?;
            if algorithm != Algorithm::Argon2id {
                return Err(Broken("another algorithm than Argon2id".to_owned()));
            }
            let params = Params::try_from(&kept).map_err(Broken::of)?;
            let (Some(salt), Some(wanted)) = (kept.salt, kept.hash) else {
                return Err(Broken("no salt or no hash".to_owned()));
            };
            // Compared in the same time whatever differs.
            Ok(filled(&params, password.as_bytes(), &salt, memory)? == wanted)
        })
        .await
    }

    /// Works on a thread of its own, so that pages are served meanwhile. The permit goes with the work, and the memory
    /// comes back with it.
    async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, Broken> + Send + 'static,
    ) -> Result<(T, OwnedSemaphorePermit), Fault> {
        let Self { hasher, permit } = self;
        let done = tokio::task::spawn_blocking(move || {
            let shelf = &hasher.memory;
            let taken = shelf.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut memory = taken.unwrap_or_default();
            let done = work(&mut memory);
            shelf
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(memory);
            done.map(|done| (done, permit))
        });
        let failed = |why: &dyn std::fmt::Display| Fault::Hashing(why.to_string());
        done.await
            .map_err(|why| failed(&why))?
            .map_err(|Broken(why)| failed(&why))
    }
}

/// Why a password can't be hashed.
struct Broken(String);

impl Broken {
    fn of(why: impl std::fmt::Display) -> Self {
        Self(why.to_string())
    }
}

/// Argon2id with 19 MiB, 2 passes and 1 lane, as the OWASP password storage cheat sheet gives it.
fn params() -> Result<Params, Broken> {
    Params::new(19 * 1024, 2, 1, None).map_err(Broken::of)
}

fn filled(
    params: &Params,
    password: &[u8],
    salt: &Salt,
    memory: &mut Vec<Block>,
) -> Result<Output, Broken> {
    let wanted = params.block_count();
    if memory.len() < wanted {
        memory.resize(wanted, Block::default());
    }
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut out = vec![0; length];
    argon2
        .hash_password_into_with_memory(password, salt, &mut out, &mut memory[..])
        .map_err(Broken::of)?;
    Output::new(&out).map_err(Broken::of)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn random() -> Random {
        Arc::new(|bytes| {
            bytes.fill(7);
            Ok(())
        })
    }

    // What was kept by the library's own function is read, and the other way round.
    #[tokio::test]
    async fn a_hash_is_the_one_of_the_standard() {
        use argon2::{PasswordHasher as _, PasswordVerifier as _};
        let hasher = Hasher::new(&random()).await.unwrap();
        let hash = hasher.hash("a few words in a row").await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let library = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(19 * 1024, 2, 1, None).unwrap(),
        );
        library
            .verify_password(b"a few words in a row", hash.as_str())
            .unwrap();
        let theirs = library
            .hash_password_with_salt(b"marrow", &[9; 16])
            .unwrap()
            .to_string();
        for (password, right) in [("marrow", true), ("Marrow", false), ("", false)] {
            let turn = hasher.turn().await.unwrap();
            assert_eq!(turn.verify(password, &theirs).await.unwrap().0, right);
        }
    }

    #[tokio::test]
    async fn a_turn_outlives_whoever_asked_and_no_more_memory_is_made() {
        let hasher = Hasher::new(&random()).await.unwrap();
        for _ in 0..8 {
            let turn = hasher.turn().await.unwrap();
            let nobodys = hasher.nobodys().to_owned();
            let mut asked = Box::pin(turn.verify("a guess", &nobodys));
            // Asked for once, and given up.
            let waited = tokio::time::timeout(std::time::Duration::from_millis(1), &mut asked);
            drop(waited.await);
            drop(asked);
        }
        // Both turns come back once the work is done.
        let turns = (hasher.turn().await.unwrap(), hasher.turn().await.unwrap());
        drop(turns);
        assert!(hasher.memory.lock().unwrap().len() <= AT_ONCE);
    }

    #[tokio::test]
    async fn a_hash_of_another_kind_is_no_wrong_password() {
        let hasher = Hasher::new(&random()).await.unwrap();
        for kept in [
            "",
            "plain",
            "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            let turn = hasher.turn().await.unwrap();
            assert!(turn.verify("a guess", kept).await.is_err(), "{kept}");
        }
    }
}
