//! A field of a step: its type, unit and limit, and how what a person typed is read.

use super::{ActTimes, LiftedBy, TimeLimit};
use crate::{
    batch::FieldValue,
    decimal::{self, DecimalSign, NotANumber},
    measure::{Impossible, Measure, Quantity},
    specification::{Basis, Limit},
    time::{NotADay, NotATime, Timestamp, typed_day},
    typed::{self, NotTaken, Takes},
};

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A number in a unit.
    Number {
        /// The unit.
        unit: Measure,
        /// The limit; outside is an exception, not a refusal.
        limit: Option<Limit>,
        /// Where the limit comes from.
        basis: Option<Basis>,
    },
    /// Words.
    Text,
    /// One of these.
    Choice {
        /// The choices in order.
        choices: Vec<String>,
        /// The choices that are no exception; empty means each.
        expected: Vec<String>,
    },
    /// Yes or no.
    YesNo {
        /// The answer that is no exception.
        expected: Option<bool>,
    },
    /// A moment, not in the future.
    Moment,
    /// A day.
    Day,
}

/// A field of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its key, unique in the step.
    pub key: String,
    /// Its label for the person.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether the step can be completed without it.
    pub required: bool,
    /// Whether a second person must confirm it.
    pub critical: bool,
    /// A word on how to fill it.
    pub hint: Option<String>,
    /// Whether a day or a moment in it may lie in the future, as an expiry does.
    pub future: bool,
    /// The limit of a day or a moment against the work; outside is an exception, not a refusal.
    pub within: Option<Within>,
    /// Whether a failing answer puts the batch on hold, and what lifts that.
    pub stop: Option<LiftedBy>,
}

/// A limit of a day or a moment, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// The limit.
    pub limit: TimeLimit,
    /// Where it comes from.
    pub basis: Basis,
}

/// Why what was typed is no value of the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAValue {
    /// Nothing was typed.
    #[error("{label} is empty. Enter it, or mark it as not applicable with the reason.")]
    Empty {
        /// The field's label.
        label: String,
    },
    /// Not a number.
    #[error("{label}: {why}")]
    Number {
        /// The field's label.
        label: String,
        /// Why.
        why: NotANumber,
    },
    /// A value that the unit can't have.
    #[error("{label}: {why}")]
    Impossible {
        /// The field's label.
        label: String,
        /// Why.
        why: Impossible,
    },
    /// Not one of the choices.
    #[error("{label} “{value}” is not one of the choices: {choices}.")]
    Choice {
        /// The field's label.
        label: String,
        /// What was sent.
        value: String,
        /// What there is.
        choices: String,
    },
    /// Too long.
    #[error(
        "{label} has {length} characters; at most {MAX_TEXT} are kept. Shorten it, or add the rest as a comment."
    )]
    TooLong {
        /// The field's label.
        label: String,
        /// How many.
        length: usize,
    },
    /// Not a moment.
    #[error("{label}: {why}")]
    Time {
        /// The field's label.
        label: String,
        /// Why.
        why: NotATime,
    },
    /// Not a day.
    #[error("{label}: {why}")]
    Day {
        /// The field's label.
        label: String,
        /// Why.
        why: NotADay,
    },
    /// A scan that belongs into another field, or what can't be seen.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

/// The longest text that a field keeps.
pub const MAX_TEXT: usize = 2000;

impl Field {
    /// Reads what was typed into this field. `moment` reads a date and time in the site's zone.
    ///
    /// # Errors
    /// [`NotAValue`] with words for the person; a value outside its limit is no error here but an exception later.
    pub fn read(
        &self,
        text: &str,
        moment: &dyn Fn(&str) -> Result<Timestamp, NotATime>,
    ) -> Result<FieldValue, NotAValue> {
        let label = || self.label.clone();
        let text = text.trim();
        if text.is_empty() {
            return Err(NotAValue::Empty { label: label() });
        }
        let length = text.chars().count();
        if length > MAX_TEXT {
            return Err(NotAValue::TooLong {
                label: label(),
                length,
            });
        }
        match &self.kind {
            FieldKind::Number { unit, .. } => self.read_number(text, *unit),
            FieldKind::Text => {
                let text = typed::line(text, &self.label, Takes::Words)?;
                Ok(FieldValue::Text(text.to_owned()))
            }
            FieldKind::Choice { choices, .. } if choices.iter().any(|choice| choice == text) => {
                Ok(FieldValue::Choice(text.to_owned()))
            }
            FieldKind::Choice { choices, .. } => Err(NotAValue::Choice {
                label: label(),
                value: text.to_owned(),
                choices: choices.join(", "),
            }),
            FieldKind::YesNo { .. } => match text {
                "yes" => Ok(FieldValue::YesNo(true)),
                "no" => Ok(FieldValue::YesNo(false)),
                _ => Err(NotAValue::Choice {
                    label: label(),
                    value: text.to_owned(),
                    choices: "yes, no".to_owned(),
                }),
            },
            FieldKind::Moment => {
                moment(text)
                    .map(FieldValue::Moment)
                    .map_err(|why| NotAValue::Time {
                        label: label(),
                        why,
                    })
            }
            FieldKind::Day => {
                let text = typed::line(text, &self.label, self.takes_scans())?;
                typed_day(text)
                    .map(FieldValue::Day)
                    .map_err(|why| NotAValue::Day {
                        label: label(),
                        why,
                    })
            }
        }
    }

    /// What a scanner may send into this field.
    #[must_use]
    pub fn takes_scans(&self) -> Takes {
        match self.kind {
            FieldKind::Day if self.future => Takes::Expiry,
            FieldKind::Day => Takes::Day,
            FieldKind::Moment => Takes::Moment,
            FieldKind::Number { .. }
            | FieldKind::Text
            | FieldKind::Choice { .. }
            | FieldKind::YesNo { .. } => Takes::Words,
        }
    }

    fn read_number(&self, text: &str, unit: Measure) -> Result<FieldValue, NotAValue> {
        let label = self.label.clone();
        let read = Quantity::from(unit).read(text, DecimalSign::Either);
        let number = read.map_err(|why| NotAValue::Number {
            label: label.clone(),
            why,
        })?;
        unit.check(number)
            .map_err(|why| NotAValue::Impossible { label, why })?;
        Ok(FieldValue::Number(number))
    }

    /// Whether a value is of this field's type: a number that its unit can have, a text that is kept whole, one of the
    /// choices.
    #[must_use]
    pub fn takes(&self, value: &FieldValue) -> bool {
        match (&self.kind, value) {
            (FieldKind::Number { unit, .. }, FieldValue::Number(number)) => {
                unit.check(*number).is_ok()
            }
            (FieldKind::Text, FieldValue::Text(text)) => {
                !typed::is_blank(text)
                    && typed::unprintable_in_lines(text).is_none()
                    && text.chars().count() <= MAX_TEXT
            }
            (FieldKind::YesNo { .. }, FieldValue::YesNo(_))
            | (FieldKind::Moment, FieldValue::Moment(_))
            | (FieldKind::Day, FieldValue::Day(_)) => true,
            (FieldKind::Choice { choices, .. }, FieldValue::Choice(choice)) => {
                choices.contains(choice)
            }
            _ => false,
        }
    }

    /// A value of this field as pages show it, with its unit; a moment in UTC.
    #[must_use]
    pub fn shown(&self, value: &FieldValue) -> String {
        match (&self.kind, value) {
            (FieldKind::Number { unit, .. }, FieldValue::Number(number)) => {
                unit.after(decimal::grouped(*number))
            }
            _ => value.to_string(),
        }
    }

    /// Why `value` is an exception in this field: the limit in words that it is outside of; `None` where it is as
    /// expected. A day or a moment is judged against the work that it was entered for.
    #[must_use]
    pub fn outside(&self, value: &FieldValue, act: &ActTimes) -> Option<String> {
        match &self.within {
            Some(within) => within.limit.missed_by(value, act),
            None => self.outside_at_any_time(value),
        }
    }

    /// As [`Field::outside`], for what doesn't depend on when the work was done: a number, a choice, yes or no.
    #[must_use]
    pub fn outside_at_any_time(&self, value: &FieldValue) -> Option<String> {
        match (&self.kind, value) {
            (
                FieldKind::Number {
                    unit,
                    limit: Some(limit),
                    ..
                },
                FieldValue::Number(number),
            ) if !limit.admits(*number) => Some(limit.text(*unit, None, None)),
            (FieldKind::Choice { expected, .. }, FieldValue::Choice(choice))
                if !expected.is_empty() && !expected.contains(choice) =>
            {
                Some(expected.join(" or "))
            }
            (
                FieldKind::YesNo {
                    expected: Some(expected),
                },
                FieldValue::YesNo(answer),
            ) if answer != expected => Some(if *expected { "yes" } else { "no" }.to_owned()),
            _ => None,
        }
    }
}
