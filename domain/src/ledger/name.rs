//! The names of ledgers and of streams.

use crate::{decimal::repeated, ids::BatchId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// The kind of the stream that tells of a ledger's keys.
pub(super) const KEY_STREAM: &str = "key";

/// The kind of the stream that tells of the clock.
pub(crate) const CLOCK_STREAM: &str = "clock";

/// A text that can't name a ledger or a stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not {wanted}.")]
pub struct NotAName {
    /// What was given.
    pub text: String,
    /// What would be one.
    pub wanted: &'static str,
}

/// The name of a ledger: a site's code such as `GE`, or `org` for what all sites share.
///
/// 1 to 16 ASCII letters, digits and hyphens, the first one a letter: it stands in the origin of a checkpoint, where
/// blanks and `+` have a meaning of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerName(String);

impl LedgerName {
    /// The ledger of persons, sites, specifications and master records.
    #[must_use]
    pub fn org() -> Self {
        Self("org".to_owned())
    }

    /// Reads a name.
    ///
    /// # Errors
    /// [`NotAName`] where `text` breaks the rule above.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let first = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let rest = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if first && rest && text.len() <= 16 {
            return Ok(Self(text.to_owned()));
        }
        let wanted = "the name of a ledger: 1 to 16 letters, digits and hyphens, a letter first";
        Err(NotAName {
            text: repeated(text),
            wanted,
        })
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What names this ledger in its checkpoints and keys: `autolog/GE`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("autolog/{}", self.0)
    }
}

/// The name of a stream: its kind and the id of what it tells of, `batch:0190b6a0-…`.
///
/// The kind is of lower-case letters and hyphens, the id of ASCII letters, digits, `.`, `_` and `-`; no more than 120
/// characters together. No line break can be in it: the digest that a signature binds relies on that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamName(String);

impl StreamName {
    /// The stream of a batch.
    #[must_use]
    pub fn batch(batch: BatchId) -> Self {
        Self(format!("batch:{batch}"))
    }

    /// The stream that tells which keys sign a ledger.
    #[must_use]
    pub fn key(ledger: &LedgerName) -> Self {
        Self(format!("{KEY_STREAM}:{ledger}"))
    }

    /// The stream that tells of the clock in a ledger; in the organisation's, who confirmed it.
    #[must_use]
    pub fn clock(ledger: &LedgerName) -> Self {
        Self(format!("{CLOCK_STREAM}:{ledger}"))
    }

    /// The stream of `kind` for `id`.
    ///
    /// # Errors
    /// [`NotAName`] where the two together break the rule above.
    pub fn of(kind: &str, id: impl fmt::Display) -> Result<Self, NotAName> {
        Self::parse(&format!("{kind}:{id}"))
    }

    /// Reads `kind:id`.
    ///
    /// # Errors
    /// [`NotAName`] where `text` breaks the rule above.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let well = |(kind, id): (&str, &str)| {
            !kind.is_empty()
                && !id.is_empty()
                && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                && id
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        };
        if text.len() <= 120 && text.split_once(':').is_some_and(well) {
            return Ok(Self(text.to_owned()));
        }
        Err(NotAName {
            text: repeated(text),
            wanted: "the name of a stream, such as batch:<id>",
        })
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the colon.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    /// What stands after the colon.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, id)| id)
    }

    /// The batch that this stream tells of, where it is a batch's.
    #[must_use]
    pub fn batch_id(&self) -> Option<BatchId> {
        (self.kind() == "batch")
            .then(|| self.id().parse().ok())
            .flatten()
    }
}

macro_rules! as_text {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAName;

            fn from_str(text: &str) -> Result<Self, NotAName> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    )*};
}

as_text! { LedgerName StreamName }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_named_by_letters_digits_and_hyphens() {
        for good in ["GE", "org", "PI-2", "A", "a234567890123456"] {
            assert!(LedgerName::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "1GE",
            "-GE",
            "G E",
            "GE+",
            "GE/2",
            "GÈ",
            "a2345678901234567",
            "GE\n",
        ] {
            assert!(LedgerName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_stream_is_a_kind_and_an_id() {
        let id: BatchId = "0190b6a0-0000-7000-8000-000000000001"
            .parse()
            .unwrap_or(BatchId(uuid::Uuid::nil()));
        assert_eq!(StreamName::batch(id).batch_id(), Some(id));
        for good in ["batch:1", "master-record:bm-msc.v1", "person:0190b6a0"] {
            assert!(StreamName::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "batch",
            "batch:",
            ":1",
            "Batch:1",
            "batch:1\n2",
            "batch:a b",
            "batch:a:b",
        ] {
            assert!(StreamName::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            StreamName::parse("person:x").map(|s| s.batch_id()),
            Ok(None)
        );
    }
}
