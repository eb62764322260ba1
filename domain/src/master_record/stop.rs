//! Stops: a field whose failing answer puts the batch on hold, and what lifts that hold.

use super::{Field, FieldKind};
use crate::decimal::repeated;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// What lifts a stop. A document writes it as `identifiers`, `nothing`, or the field as `step/field`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiftedBy {
    /// Both identifiers, read again by two people and found to agree with the record. For a stop on identity.
    Identifiers,
    /// Nothing: the batch is rejected.
    Nothing,
    /// A passing entry of a field in a step of kind `assess`, made after the stop.
    Entry {
        /// The step's key.
        step: String,
        /// The field's key.
        field: String,
    },
}

const IDENTIFIERS: &str = "identifiers";
const NOTHING: &str = "nothing";

impl fmt::Display for LiftedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifiers => f.write_str(IDENTIFIERS),
            Self::Nothing => f.write_str(NOTHING),
            Self::Entry { step, field } => write!(f, "{step}/{field}"),
        }
    }
}

/// A text that doesn't say what lifts a stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” doesn't say what lifts the stop; write \"identifiers\", \"nothing\", or a field as \"step/field\""
)]
pub struct NotALift(pub String);

impl FromStr for LiftedBy {
    type Err = NotALift;

    fn from_str(text: &str) -> Result<Self, NotALift> {
        let wrong = || NotALift(repeated(text));
        let plain = |key: &str| {
            let of_a_key = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !key.is_empty() && key.len() <= 60 && key.chars().all(of_a_key)
        };
        match text {
            IDENTIFIERS => Ok(Self::Identifiers),
            NOTHING => Ok(Self::Nothing),
            other => match other.split_once('/') {
                Some((step, field)) if plain(step) && plain(field) => Ok(Self::Entry {
                    step: step.to_owned(),
                    field: field.to_owned(),
                }),
                Some(_) | None => Err(wrong()),
            },
        }
    }
}

impl Serialize for LiftedBy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LiftedBy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

impl Field {
    /// Whether any answer to this field departs from what is expected. Where none does, it neither stops nor lifts
    /// anything.
    #[must_use]
    pub fn can_fail(&self) -> bool {
        match &self.kind {
            FieldKind::Number { limit, .. } => limit.is_some(),
            FieldKind::Choice { choices, expected } => {
                !expected.is_empty() && choices.iter().any(|choice| !expected.contains(choice))
            }
            FieldKind::YesNo { expected } => expected.is_some(),
            FieldKind::Moment | FieldKind::Day => self.within.is_some(),
            FieldKind::Text => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lifts_a_stop_has_one_spelling() {
        for text in ["identifiers", "nothing", "hold-assessment/container"] {
            assert_eq!(
                text.parse::<LiftedBy>().map(|lift| lift.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in [
            "",
            "/",
            "step/",
            "/field",
            "a/b/c",
            "Identifiers",
            "no one",
            "a b/c",
        ] {
            assert!(text.parse::<LiftedBy>().is_err(), "{text}");
        }
    }
}
