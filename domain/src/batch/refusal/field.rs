//! At which field of a form a refusal stands.

use super::Refusal;
use crate::refusal::{Several, Words};

impl Several for Refusal {
    fn several(refused: Vec<Self>) -> Self {
        Self::Several(refused)
    }
}

impl Refusal {
    /// The words, at the form field that they belong to.
    #[must_use]
    pub fn words(&self) -> Words {
        let text = self.to_string();
        match self.field() {
            Some(field) => Words::at(field, text),
            None => Words::of(text),
        }
    }

    /// The words of everything that was refused, each at its form field.
    #[must_use]
    pub fn all_words(&self) -> Vec<Words> {
        match self {
            Self::Several(refusals) => refusals.iter().flat_map(Self::all_words).collect(),
            one => vec![one.words()],
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Standing(why) => why.field(),
            Self::Input(why) => why.field(),
            Self::Harvest(why) => why.field(),
            Self::Times(why) => why.field(),
            Self::Processing(why) => why.field(),
            Self::Quality(why) => why.field(),
            Self::Stop(why) => why.field(),
            Self::Deviation(why) => why.field(),
            Self::Exception(why) => why.field(),
            Self::Release(why) => why.field(),
            Self::Inventory(why) => why.field(),
            Self::Dose(why) => why.field(),
            Self::Several(_) => None,
        }
    }
}
