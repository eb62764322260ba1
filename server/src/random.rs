//! The machine's random source. Nothing else asks it.

use app::door::Random;
use std::{io, sync::Arc};
use uuid::Uuid;

/// The random source of the operating system.
pub fn of_the_machine() -> Random {
    Arc::new(fill)
}

/// A new random id (version 4).
pub fn id() -> io::Result<Uuid> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// Secret random bytes.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks for random bytes"
)]
pub fn fill(bytes: &mut [u8]) -> io::Result<()> {
    getrandom::fill(bytes).map_err(io::Error::other)
}
