//! The result of a test while it is typed, by the same judging as the release.

use domain::release::{Outcome, ResultValue, judge};
use domain::specification::Criterion;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Judgement;

/// What the result of a test is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tested {
    pub criterion: Criterion,
    pub weight_kg: Decimal,
}

impl Tested {
    /// The limit for this recipient, where there is one.
    pub fn limit_words(&self) -> Option<String> {
        self.criterion.limit.as_ref()?;
        Some(self.criterion.limit_text(Some(self.weight_kg)))
    }

    /// What the typed result is worth.
    pub fn judge(&self, typed: &str) -> Judgement {
        let outside = |words| Judgement {
            words,
            within: false,
        };
        let value = match ResultValue::read(typed, &self.criterion) {
            Ok(value) => value,
            Err(why) => return outside(why.to_string()),
        };
        let judged = judge(&self.criterion, Some(&value), Some(self.weight_kg));
        let shown = judged.shown.unwrap_or_default();
        let limit = self.criterion.limit_text(Some(self.weight_kg));
        match judged.outcome {
            Outcome::Pass => Judgement {
                words: format!("{shown} meets the limit"),
                within: true,
            },
            Outcome::Informative => Judgement {
                words: format!("{shown}, reported only"),
                within: true,
            },
            Outcome::Indeterminate { why } => outside(why),
            _ => outside(format!("{shown} does not meet the limit {limit}")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use domain::specification::{BM_MSC, Specification};

    // A11-4.7, DI-4: rounded and censored as on the server.
    #[test]
    fn a_result_is_judged_while_it_is_typed_as_it_will_be_at_release() {
        let specification = Specification::parse(BM_MSC).unwrap();
        let cases = [
            ("viability", "69.5", "70 % meets the limit", true),
            ("viability", "69,4", "69 % does not meet the limit", false),
            ("viability", "> 60", "can't decide the limit", false),
            ("viability", "> 95", "> 95 % meets the limit", true),
            ("viability", "101", "can't be", false),
            ("viability", "7e1", "70 % meets the limit", true),
            ("viability", "7e99", "power of ten", false),
            ("viability", "97.647", "98 % meets the limit", true),
            ("hla-dr", "31", "reported only", true),
        ];
        for (key, typed, words, within) in cases {
            let criterion = specification.criterion(key).unwrap().clone();
            let weight_kg = Decimal::from(70);
            let judged = Tested {
                criterion,
                weight_kg,
            }
            .judge(typed);
            assert!(judged.words.contains(words), "{typed}: {}", judged.words);
            assert_eq!(judged.within, within, "{typed}");
        }
    }
}
