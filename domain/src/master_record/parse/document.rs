//! The shape of a master record document. Each value keeps its place in the text.

use crate::specification::parse::RawBasis;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMasterRecord {
    pub key: Spanned<String>,
    pub version: Spanned<u32>,
    pub title: Spanned<String>,
    pub product: Spanned<String>,
    pub late_after_minutes: Spanned<u32>,
    pub culture: Option<Spanned<RawCulture>>,
    #[serde(default)]
    pub step: Vec<Spanned<RawStep>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCulture {
    pub first_step: Spanned<String>,
    pub last_step: Spanned<String>,
    pub maximum_passage: Spanned<u16>,
    pub minimum_passage: Spanned<u16>,
    pub target_viable_per_kg: Spanned<String>,
    pub source: Option<Spanned<String>>,
    #[serde(default)]
    pub site_choice: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub key: Spanned<String>,
    pub title: Spanned<String>,
    pub kind: Spanned<String>,
    pub instruction: Spanned<String>,
    #[serde(default)]
    pub recurring: bool,
    pub keeps_alive: Option<Spanned<bool>>,
    pub only_passages: Option<Spanned<Vec<u16>>>,
    pub window: Option<Spanned<RawWindow>>,
    pub signature: Option<Spanned<String>>,
    pub sample_point: Option<Spanned<String>>,
    #[serde(default)]
    pub field: Vec<Spanned<RawField>>,
    #[serde(default)]
    pub check: Vec<Spanned<RawCheck>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub key: Spanned<String>,
    pub label: Spanned<String>,
    #[serde(rename = "type")]
    pub kind: Spanned<String>,
    pub unit: Option<Spanned<String>>,
    pub limit: Option<Spanned<String>>,
    pub choices: Option<Spanned<Vec<Spanned<String>>>>,
    pub expected: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub critical: bool,
    pub future: Option<Spanned<bool>>,
    pub stop: Option<Spanned<String>>,
    pub hint: Option<Spanned<String>>,
    pub source: Option<Spanned<String>>,
    #[serde(default)]
    pub site_choice: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWindow {
    pub counts_from: Option<Spanned<String>>,
    pub from_hours: u32,
    pub to_hours: Spanned<u32>,
    pub source: Option<Spanned<String>>,
    #[serde(default)]
    pub site_choice: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    pub of: Spanned<String>,
    pub limit: Spanned<String>,
    pub source: Option<Spanned<String>>,
    #[serde(default)]
    pub site_choice: bool,
}

macro_rules! says_its_basis {
    ($($table:ident)*) => {$(
        impl $table {
            pub(super) fn basis(&self) -> RawBasis<'_> {
                RawBasis { source: self.source.as_ref(), site_choice: self.site_choice }
            }
        }
    )*};
}

says_its_basis! { RawCulture RawField RawWindow RawCheck }
