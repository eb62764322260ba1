//! Judging a number while it is typed: the same code in the browser and on the server.

mod tested;

use std::collections::BTreeMap;

use domain::batch::{By, Entry, FieldValue, Stamp, StepRecord, Value};
use domain::decimal::{self, DecimalSign};
use domain::identifiers::{Din, read_din_input, scan_in, without_frame};
use domain::ids::UserId;
use domain::master_record::{Check, CheckOf, Field, FieldKind};
use domain::measure::{Measure, Quantity};
use domain::rights::Role;
use domain::specification::{Criterion, Limit};
use domain::time::Timestamp;
use domain::typed::{self, Takes};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::tested::Tested;

/// What a number is judged by: small enough to stand in the page, and read there by the same program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    label: String,
    unit: Measure,
    /// As a document writes it: `>= 80`.
    limit: Option<String>,
    /// The bounds between which it is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    between: Option<(Decimal, Decimal)>,
    /// What judges it in the place of unit and limit, where it is the result of a test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<Box<Tested>>,
}

/// What a typed number is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// In words.
    pub words: String,
    /// Whether it is as expected.
    pub within: bool,
}

impl Judgement {
    /// The class that gives it its colour and mark.
    #[must_use]
    pub fn class(&self) -> &'static str {
        if self.words.starts_with('=') {
            // Read, not judged: no tick.
            "judgement understood"
        } else if self.within {
            "judgement within"
        } else {
            "judgement outside"
        }
    }
}

impl Judged {
    /// By the limit of a number field of a step.
    #[must_use]
    pub fn by_field(field: &Field) -> Option<Self> {
        match &field.kind {
            FieldKind::Number { unit, limit, .. } => Some(Self {
                label: field.label.clone(),
                unit: *unit,
                limit: limit.as_ref().map(written),
                between: None,
                result: None,
            }),
            _ => None,
        }
    }

    /// By a unit or the bounds in it, and a limit.
    #[must_use]
    pub fn by(label: &str, quantity: impl Into<Quantity>, limit: Option<&Limit>) -> Self {
        let quantity = quantity.into();
        Self {
            label: label.to_owned(),
            unit: quantity.unit,
            limit: limit.map(written),
            between: quantity.least.zip(quantity.greatest),
            result: None,
        }
    }

    /// By the criterion of a test, for a recipient of this body weight.
    #[must_use]
    pub fn by_criterion(criterion: &Criterion, weight_kg: Decimal) -> Self {
        Self {
            label: criterion.test.clone(),
            unit: criterion.unit(),
            limit: None,
            between: None,
            result: Some(Box::new(Tested {
                criterion: criterion.clone(),
                weight_kg,
            })),
        }
    }

    /// As it stands in the page.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it stands in the page, read again.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn limit(&self) -> Option<Limit> {
        self.limit.as_deref()?.parse().ok()
    }

    /// The limit in words, where there is one.
    #[must_use]
    pub fn limit_words(&self) -> Option<String> {
        if let Some(tested) = &self.result {
            return tested.limit_words();
        }
        Some(self.limit()?.text(self.unit, None, None))
    }

    /// What the typed text is worth; `None` while nothing can be said.
    #[must_use]
    pub fn judge(&self, typed: &str) -> Option<Judgement> {
        if typed.trim().is_empty() {
            return None;
        }
        if let Some(tested) = &self.result {
            return Some(tested.judge(typed));
        }
        let quantity = Quantity {
            unit: self.unit,
            least: self.between.map(|(least, _)| least),
            greatest: self.between.map(|(_, greatest)| greatest),
        };
        let outside = |why: String| Judgement {
            words: format!("{}: {why}", self.label),
            within: false,
        };
        let number = match quantity.read(typed, DecimalSign::Either) {
            Ok(number) => number,
            Err(why) => return Some(outside(why.to_string())),
        };
        if let Err(why) = self.unit.check(number) {
            return Some(outside(why.to_string()));
        }
        let understood = as_understood(typed, &self.unit.after(decimal::grouped(number)));
        // The limit itself stands beside the field.
        let Some(limit) = self.limit() else {
            return understood.map(|words| Judgement {
                words,
                within: true,
            });
        };
        let within = limit.admits(number);
        let verdict = if within {
            "within the limit"
        } else {
            "outside the limit"
        };
        let words = understood.map_or_else(
            || verdict.to_owned(),
            |number| format!("{verdict} ({number})"),
        );
        Some(Judgement { words, within })
    }
}

/// A limit as it is read again: without its unit.
fn written(limit: &Limit) -> String {
    limit.text(Measure::PLAIN, None, None)
}

/// How the number was understood, where that doesn't look like what was typed: a decimal comma, or many digits.
fn as_understood(typed: &str, shown: &str) -> Option<String> {
    let bare = |text: &str| {
        text.chars()
            .filter(|sign| sign.is_ascii_digit() || *sign == '.')
            .collect::<String>()
    };
    let long = bare(typed).len() > 4;
    let other = !bare(shown).starts_with(&bare(typed)) || typed.contains([',', '−', '–']);
    (long || other).then(|| format!("= {shown}"))
}

/// The numbers of a step that are recorded, by the key of their field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Known(BTreeMap<String, Decimal>);

impl Known {
    /// The numbers of a step.
    #[must_use]
    pub fn of(record: &StepRecord) -> Self {
        Self(
            record
                .entries
                .keys()
                .filter_map(|key| Some((key.clone(), record.number(key)?)))
                .collect(),
        )
    }
}

/// A figure that is computed from fields of a step, of which some are recorded and some are being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computed {
    of: CheckOf,
    limit: String,
    known: Known,
}

impl Computed {
    /// By a check of the master record.
    #[must_use]
    pub fn by(check: &Check, known: Known) -> Self {
        Self {
            of: check.of,
            limit: written(&check.limit),
            known,
        }
    }

    /// As it stands in the page.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it stands in the page, read again.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The limit in words. Both figures are in percent.
    #[must_use]
    pub fn limit_words(&self) -> String {
        let limit: Option<Limit> = self.limit.parse().ok();
        limit.map_or_else(String::new, |limit| {
            limit.text(Measure::PERCENT, None, None)
        })
    }

    /// What the figure is worth with what is typed now, by the key of each field; `None` while it can't be computed.
    #[must_use]
    pub fn judge(&self, typed: &dyn Fn(&str) -> Option<String>) -> Option<Judgement> {
        let keys = ["", "-1", "-2"]
            .iter()
            .flat_map(|end| [format!("total-cells{end}"), format!("viable-cells{end}")]);
        let number = |key: String| {
            let typed = typed(&key).and_then(|typed| {
                Quantity::from(Measure::CELLS)
                    .read(&typed, DecimalSign::Either)
                    .ok()
            });
            let number = typed.or_else(|| self.known.0.get(&key).copied())?;
            Some((key, as_recorded(number)))
        };
        let record = StepRecord {
            entries: keys.filter_map(number).collect(),
            ..StepRecord::default()
        };
        let figure = record.computed(self.of)?;
        let limit: Limit = self.limit.parse().ok()?;
        let shown = Measure::PERCENT.after(decimal::shown(figure, 1));
        let words = if limit.admits(figure) {
            format!("{shown} is within the limit")
        } else {
            format!("{shown} is outside the limit {}", self.limit_words())
        };
        Some(Judgement {
            words,
            within: limit.admits(figure),
        })
    }
}

/// What a scanned or typed donation number is worth; `None` while nothing can be said. A number typed by hand is held
/// against its check character on the server alone, when both are there.
#[must_use]
pub fn judge_din(typed: &str) -> Option<Judgement> {
    let code = without_frame(typed);
    if code.starts_with(['=', '&']) || scan_in(typed).is_some() {
        return Some(match read_din_input(typed, "") {
            Ok(din) => Judgement {
                words: format!("Scanned: {}", din.grouped()),
                within: true,
            },
            Err(why) => Judgement {
                words: why.to_string(),
                within: false,
            },
        });
    }
    // Thirteen characters with the spaces of the label between them; before that, typing goes on.
    let signs: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    if signs.len() < 13 {
        return None;
    }
    Some(match Din::parse(&signs) {
        Ok(din) => Judgement {
            words: format!("Read as {}. Now the boxed character.", din.grouped()),
            within: true,
        },
        Err(why) => Judgement {
            words: why.to_string(),
            within: false,
        },
    })
}

/// What a scan into a field that it doesn't belong into is worth; `None` where nothing is wrong.
#[must_use]
pub fn judge_line(typed: &str, label: &str, takes: Takes) -> Option<Judgement> {
    let why = typed::line(typed, label, takes).err()?;
    Some(Judgement {
        words: why.to_string(),
        within: false,
    })
}

/// A number as if it were recorded, to compute with.
fn as_recorded(number: Decimal) -> Entry {
    let at = Timestamp::from(chrono::DateTime::UNIX_EPOCH);
    let by = By {
        user: UserId(Uuid::nil()),
        name: String::new(),
        role: Role::Technician,
    };
    let stamp = Stamp { version: 0, at, by };
    Entry {
        values: vec![Value {
            value: FieldValue::Number(number),
            stamp,
            reason: None,
            outside: None,
        }],
        not_applicable: None,
        performed_at: at,
        verified: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viability() -> Judged {
        Judged {
            label: "Viability".to_owned(),
            unit: Measure::PERCENT,
            limit: Some(">= 80".to_owned()),
            between: None,
            result: None,
        }
    }

    // A11-4.7, DI-4
    #[test]
    fn a_number_is_judged_while_it_is_typed() {
        let cases = [
            ("", None),
            ("79.9", Some(("outside the limit", false))),
            ("79,9", Some(("outside the limit (= 79.9 %)", false))),
            ("80", Some(("within the limit", true))),
            ("101", Some(("101 % can't be", false))),
            ("97.647", Some(("within the limit", true))),
            ("97,647 %", Some(("within the limit (= 97.647 %)", true))),
            ("8e1", Some(("within the limit (= 80 %)", true))),
            ("8e99", Some(("Viability:", false))),
            ("=A99991712345600", Some(("This is a DIN scan.", false))),
        ];
        for (typed, expected) in cases {
            let judged = viability().judge(typed);
            match (judged, expected) {
                (None, None) => {}
                (Some(judged), Some((words, within))) => {
                    assert!(judged.words.contains(words), "{typed}: {}", judged.words);
                    assert_eq!(judged.within, within, "{typed}");
                }
                (judged, _) => panic!("{typed}: {judged:?}"),
            }
        }
    }

    // A11d-10.1: the same figure as the server will record.
    #[test]
    fn viability_is_computed_from_what_is_recorded_and_what_is_typed() {
        let known = Known(BTreeMap::from([(
            "total-cells".to_owned(),
            Decimal::from(100),
        )]));
        let computed = Computed {
            of: CheckOf::Viability,
            limit: "≥ 80".to_owned(),
            known,
        };
        let typed = |value: &'static str| {
            move |key: &str| (key == "viable-cells").then(|| value.to_owned())
        };
        let cases = [
            ("97", Some(("97.0 % is within", true))),
            ("79.9", Some(("79.9 % is outside the limit ≥ 80 %", false))),
            ("80", Some(("80.0 % is within", true))),
            ("101", None),
            ("", None),
            ("x", None),
        ];
        for (value, expected) in cases {
            let judged = computed.judge(&typed(value));
            match (&judged, expected) {
                (None, None) => {}
                (Some(judged), Some((words, within)))
                    if judged.words.contains(words) && judged.within == within => {}
                _ => panic!("{value}: {judged:?}"),
            }
        }
        assert_eq!(Computed::from_text(&computed.to_text()), Some(computed));
    }

    #[test]
    fn what_stands_in_the_page_is_read_again() {
        assert_eq!(Judged::from_text(&viability().to_text()), Some(viability()));
        assert_eq!(viability().limit_words().as_deref(), Some("≥ 80 %"));
    }
}
