//! Lines of the log that a stranger can bring about at will: a few a minute, then how many were left out.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// So many lines a minute of one kind.
pub const MOST: u32 = 10;
const MINUTE: Duration = Duration::from_secs(60);

/// One kind of line.
pub struct Seldom(Mutex<Option<Told>>);

struct Told {
    since: Instant,
    lines: u32,
    left_out: u64,
}

impl Seldom {
    pub const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Tells, unless that was told too often within this minute. It is given how many were left out before.
    pub fn tell(&self, tell: impl FnOnce(u64)) {
        let now = Instant::now();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match told.as_mut() {
            Some(told) if now.duration_since(told.since) < MINUTE => {
                if told.lines >= MOST {
                    told.left_out += 1;
                    return;
                }
                told.lines += 1;
                0
            }
            others => {
                let left_out = others.map_or(0, |told| told.left_out);
                *told = Some(Told {
                    since: now,
                    lines: 1,
                    left_out: 0,
                });
                left_out
            }
        };
        drop(told);
        tell(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_minute_has_few_lines_and_the_next_one_says_how_many_were_left_out() {
        let seldom = Seldom::new();
        let mut told = Vec::new();
        for _ in 0..25 {
            seldom.tell(|more| told.push(more));
        }
        assert_eq!(told, [0; MOST as usize]);
        tokio::time::advance(MINUTE).await;
        seldom.tell(|more| told.push(more));
        assert_eq!(told.last(), Some(&15));
    }
}
