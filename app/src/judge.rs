//! Judging a number while it is typed: the same code in the browser and on the server.

use domain::decimal;
use domain::master_record::{Field, FieldKind};
use domain::measure::Measure;
use domain::specification::Limit;
use serde::{Deserialize, Serialize};

/// What a number is judged by: small enough to stand in the page, and read there by the same program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    label: String,
    unit: Measure,
    /// As a document writes it: `>= 80`.
    limit: Option<String>,
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
        if self.within {
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
            }),
            _ => None,
        }
    }

    /// By a unit and a limit.
    #[must_use]
    pub fn by(label: &str, unit: Measure, limit: Option<&Limit>) -> Self {
        Self {
            label: label.to_owned(),
            unit,
            limit: limit.map(written),
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
        Some(self.limit()?.text(self.unit, None, None))
    }

    /// What the typed text is worth; `None` while nothing can be said.
    #[must_use]
    pub fn judge(&self, typed: &str) -> Option<Judgement> {
        if typed.trim().is_empty() {
            return None;
        }
        let kind = FieldKind::Number {
            unit: self.unit,
            limit: self.limit(),
            basis: None,
        };
        let label = self.label.clone();
        let field = Field {
            key: String::new(),
            label,
            kind,
            required: true,
            critical: false,
            hint: None,
            future: false,
        };
        let no_moment = |text: &str| {
            Err(domain::time::NotATime {
                text: text.to_owned(),
            })
        };
        match field.read(typed, &no_moment) {
            Err(why) => Some(Judgement {
                words: why.to_string(),
                within: false,
            }),
            Ok(value) => match field.outside(&value) {
                Some(limit) => {
                    let words = format!("{} is outside the limit {limit}", field.shown(&value));
                    Some(Judgement {
                        words,
                        within: false,
                    })
                }
                None if self.limit.is_some() => Some(Judgement {
                    words: format!("{} is within the limit", field.shown(&value)),
                    within: true,
                }),
                None => as_understood(typed, &field.shown(&value)),
            },
        }
    }
}

/// A limit as it is read again: without its unit.
fn written(limit: &Limit) -> String {
    limit.text(Measure::Plain, None, None)
}

/// How the number was understood, where that doesn't look like what was typed: a decimal comma, or many digits.
fn as_understood(typed: &str, shown: &str) -> Option<Judgement> {
    let bare = |text: &str| {
        text.chars()
            .filter(|sign| sign.is_ascii_digit() || *sign == '.')
            .collect::<String>()
    };
    let long = bare(typed).len() > 4;
    let other = !bare(shown).starts_with(&bare(typed)) || typed.contains(',');
    (long || other).then(|| Judgement {
        words: format!("= {shown}"),
        within: true,
    })
}

/// The number that was typed, where it is one.
#[must_use]
pub fn number(typed: &str) -> Option<rust_decimal::Decimal> {
    decimal::parse(typed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viability() -> Judged {
        Judged {
            label: "Viability".to_owned(),
            unit: Measure::Percent,
            limit: Some(">= 80".to_owned()),
        }
    }

    // A11-4.7, DI-4
    #[test]
    fn a_number_is_judged_while_it_is_typed() {
        let cases = [
            ("", None),
            ("79.9", Some(("79.9 % is outside the limit", false))),
            ("79,9", Some(("79.9 % is outside the limit", false))),
            ("80", Some(("80 % is within the limit", true))),
            ("101", Some(("101 % can't be", false))),
            ("8e1", Some(("Viability:", false))),
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

    #[test]
    fn what_stands_in_the_page_is_read_again() {
        assert_eq!(Judged::from_text(&viability().to_text()), Some(viability()));
        assert_eq!(viability().limit_words().as_deref(), Some("≥ 80 %"));
    }
}
