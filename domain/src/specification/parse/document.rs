//! The shape of a specification document. Each value keeps its place in the text.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de};
use std::fmt;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSpecification {
    pub key: Spanned<String>,
    pub version: Spanned<u32>,
    pub title: Spanned<String>,
    pub product: Spanned<String>,
    pub source: Spanned<String>,
    pub dose: Option<Spanned<RawDose>>,
    pub shelf_life: Option<Spanned<RawShelfLife>>,
    #[serde(default)]
    pub criterion: Vec<Spanned<RawCriterion>>,
    #[serde(default)]
    pub group: Vec<Spanned<RawGroup>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCriterion {
    pub key: Spanned<String>,
    pub test: Spanned<String>,
    pub method: Spanned<String>,
    pub sample_point: Spanned<String>,
    pub stage: Spanned<String>,
    pub result: Spanned<String>,
    pub unit: Option<Spanned<String>>,
    pub categories: Option<Spanned<Vec<Spanned<String>>>>,
    pub limit: Option<Spanned<String>>,
    pub equals: Option<Spanned<String>>,
    pub one_of: Option<Spanned<Vec<Spanned<String>>>>,
    pub endotoxin: Option<Spanned<RawEndotoxin>>,
    #[serde(default)]
    pub informative: bool,
    pub rounding: Option<Spanned<String>>,
    pub decimals: Option<Spanned<u32>>,
    pub due_days: Option<Spanned<u32>>,
    pub minimum_days: Option<Spanned<u32>>,
    pub source: Option<Spanned<String>>,
    #[serde(default)]
    pub site_choice: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawEndotoxin {
    pub k: Spanned<Exact>,
    pub volume_ml: Spanned<Exact>,
    pub duration_h: Spanned<Exact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDose {
    pub minimum: Spanned<Exact>,
    pub maximum: Spanned<Exact>,
    pub unit: Spanned<String>,
    pub source: Option<Spanned<String>>,
    #[serde(default)]
    pub site_choice: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawShelfLife {
    pub frozen_days: Option<Spanned<u32>>,
    pub formulated_hours: Option<Spanned<u32>>,
    pub source: Option<Spanned<String>>,
    #[serde(default)]
    pub site_choice: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawGroup {
    pub key: Spanned<String>,
    pub rule: Spanned<String>,
    pub criteria: Spanned<Vec<Spanned<String>>>,
}

/// Where a figure is from, as the tables of specifications and master records say it.
pub struct RawBasis<'a> {
    pub source: Option<&'a Spanned<String>>,
    pub site_choice: bool,
}

macro_rules! says_its_basis {
    ($($table:ident)*) => {$(
        impl $table {
            pub fn basis(&self) -> RawBasis<'_> {
                RawBasis { source: self.source.as_ref(), site_choice: self.site_choice }
            }
        }
    )*};
}

says_its_basis! { RawCriterion RawDose RawShelfLife }

/// An exact number: an integer, or a decimal number in quotes. A bare `0.2` would be read as a binary fraction.
pub struct Exact(pub Decimal);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExactVisitor)
    }
}

struct ExactVisitor;

impl de::Visitor<'_> for ExactVisitor {
    type Value = Exact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer, or a decimal number in quotes")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Exact, E> {
        Ok(Exact(Decimal::from(value)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Exact, E> {
        crate::specification::limit::exact(text)
            .map(Exact)
            .ok_or_else(|| {
                E::custom(format_args!(
                    "“{text}” is not an exact number; write it as \"70\" or \"0.5\""
                ))
            })
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Exact, E> {
        Err(E::custom(format_args!(
            "write \"{value}\" in quotes: without them the number is not exact"
        )))
    }
}
