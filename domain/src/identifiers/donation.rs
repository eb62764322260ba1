//! The number of a donation, by the scheme of its site.

use super::Din;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// The number of a donation: a DIN of ISBT 128, or one by the lab's own pattern.
///
/// In the ledger a DIN stands as its 13 characters, a number of the lab's own as `own:` and the number; no DIN has a colon.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DonationNumber {
    /// A donation identification number of ISBT 128.
    Isbt128(Din),
    /// A number by a pattern of the lab's own.
    Own(OwnNumber),
}

/// A number by a lab's own pattern, read by [`Pattern::read`](super::Pattern::read).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnNumber(pub(super) String);

impl OwnNumber {
    /// The number as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What marks a number of the lab's own in the ledger.
const OWN: &str = "own:";

impl DonationNumber {
    /// The number, without a check character.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Isbt128(din) => din.as_str(),
            Self::Own(own) => own.as_str(),
        }
    }

    /// The number as a label shows it.
    #[must_use]
    pub fn grouped(&self) -> String {
        match self {
            Self::Isbt128(din) => din.grouped(),
            Self::Own(own) => own.0.clone(),
        }
    }

    /// The boxed check character; a number of the lab's own has none.
    #[must_use]
    pub fn check_character(&self) -> Option<char> {
        match self {
            Self::Isbt128(din) => Some(din.check_character()),
            Self::Own(_) => None,
        }
    }

    /// The number as a label shows it, with its check character where it has one: `G1234 17 654321 [A]`.
    #[must_use]
    pub fn with_check(&self) -> String {
        match self.check_character() {
            Some(check) => format!("{} [{check}]", self.grouped()),
            None => self.grouped(),
        }
    }

    /// What the number is called on pages and papers.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Isbt128(_) => "DIN",
            Self::Own(_) => "Donation number",
        }
    }

    /// The name within a sentence.
    #[must_use]
    pub fn spoken(&self) -> &'static str {
        match self {
            Self::Isbt128(_) => "DIN",
            Self::Own(_) => "donation number",
        }
    }

    /// The number as a read table has it, `grouped` where it is a DIN.
    #[must_use]
    pub fn shown(text: &str) -> String {
        Din::parse(text).map_or_else(|_| text.to_owned(), |din| din.grouped())
    }

    /// A number of a lab's own as typed, to be held against one that is recorded.
    #[must_use]
    pub fn own_as_typed(text: &str) -> Self {
        Self::Own(OwnNumber(text.trim().to_owned()))
    }
}

impl From<Din> for DonationNumber {
    fn from(din: Din) -> Self {
        Self::Isbt128(din)
    }
}

impl fmt::Display for DonationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for DonationNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Isbt128(din) => din.serialize(serializer),
            Self::Own(own) => serializer.collect_str(&format_args!("{OWN}{}", own.0)),
        }
    }
}

impl<'de> Deserialize<'de> for DonationNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.strip_prefix(OWN) {
            Some("") => Err(D::Error::custom("a donation number is empty")),
            Some(own) => Ok(Self::Own(OwnNumber(own.to_owned()))),
            None => Din::parse(&text)
                .map(Self::Isbt128)
                .map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_number_reads_back_as_what_it_is() {
        // As a DIN looks, but the lab's own.
        let own = DonationNumber::Own(OwnNumber("A999917123456".to_owned()));
        let din: DonationNumber = Din::parse("A999917123456").unwrap().into();
        for (number, stored) in [(&own, "\"own:A999917123456\""), (&din, "\"A999917123456\"")] {
            assert_eq!(serde_json::to_string(number).unwrap(), stored);
            assert_eq!(
                &serde_json::from_str::<DonationNumber>(stored).unwrap(),
                number
            );
        }
        assert_eq!(
            (own.name(), own.with_check()),
            ("Donation number", "A999917123456".to_owned())
        );
        assert_eq!(
            (din.name(), din.with_check()),
            ("DIN", "A9999 17 123456 [9]".to_owned())
        );
        for wrong in ["\"own:\"", "\"\"", "\"A99991712345\""] {
            assert!(
                serde_json::from_str::<DonationNumber>(wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
