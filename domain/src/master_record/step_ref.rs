//! Which step of a batch, in which passage, and for a recurring one the how-manieth.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// One step of one batch, written `isolation`, `seed@P1` or `medium-change@P1#2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepRef {
    /// The step's key in the master record.
    pub key: String,
    /// The passage, for a step inside the culture.
    pub passage: Option<u16>,
    /// The how-manieth time, from 1, for a recurring step.
    pub nth: Option<u16>,
}

impl StepRef {
    /// A step outside the culture that happens once.
    #[must_use]
    pub fn once(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            passage: None,
            nth: None,
        }
    }

    /// A step of a passage.
    #[must_use]
    pub fn of_passage(key: &str, passage: u16) -> Self {
        Self {
            key: key.to_owned(),
            passage: Some(passage),
            nth: None,
        }
    }
}

impl fmt::Display for StepRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if let Some(passage) = self.passage {
            write!(f, "@P{passage}")?;
        }
        if let Some(nth) = self.nth {
            write!(f, "#{nth}")?;
        }
        Ok(())
    }
}

/// A text that names no step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” names no step. Open the batch again and choose the step there.")]
pub struct NotAStep(pub String);

impl FromStr for StepRef {
    type Err = NotAStep;

    fn from_str(text: &str) -> Result<Self, NotAStep> {
        let wrong = || NotAStep(text.chars().take(60).collect());
        let (rest, nth) = match text.split_once('#') {
            Some((rest, nth)) => (
                rest,
                Some(
                    nth.parse::<u16>()
                        .ok()
                        .filter(|n| *n > 0)
                        .ok_or_else(wrong)?,
                ),
            ),
            None => (text, None),
        };
        let (key, passage) = match rest.split_once("@P") {
            Some((key, passage)) => (key, Some(passage.parse::<u16>().map_err(|_| wrong())?)),
            None => (rest, None),
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if key.is_empty() || key.len() > 60 || !key.chars().all(plain) {
            return Err(wrong());
        }
        let step = Self {
            key: key.to_owned(),
            passage,
            nth,
        };
        // One step has one spelling: no leading zeros, no plus signs.
        if step.to_string() == text {
            Ok(step)
        } else {
            Err(wrong())
        }
    }
}

impl Serialize for StepRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StepRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_spelling() {
        for text in ["isolation", "seed@P0", "medium-change@P1#2", "observe#3"] {
            assert_eq!(
                text.parse::<StepRef>().map(|step| step.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in [
            "",
            "@P1",
            "seed@P",
            "seed@P01",
            "seed@P+1",
            "seed#0",
            "Seed",
            "seed@P99999",
            "a b",
            "seed#1@P1",
        ] {
            assert!(text.parse::<StepRef>().is_err(), "{text}");
        }
    }
}
