//! The release specification: what must hold of a batch, as a versioned document with the source of each limit.
//!
//! The document's format is described in `docs/specification-format.md`.

pub(crate) mod limit;
pub(crate) mod parse;
pub(crate) mod telling;

pub use limit::{Bound, Endotoxin, Limit, NotALimit};
pub use parse::{LONGEST_DOCUMENT, Malformed};

use crate::measure::Measure;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The specification that ships with the program, for autologous bone-marrow MSC.
pub const BM_MSC: &str = include_str!("../documents/specification-bm-msc.toml");

/// A release specification: one version of one document. A batch names the version that it is judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specification {
    /// Its short name, the same in all versions: `BM-MSC`.
    pub key: String,
    /// Its version, from 1.
    pub version: u32,
    /// Its title, for pages and papers.
    pub title: String,
    /// The product that it is for.
    pub product: String,
    /// Where it is from as a whole.
    pub source: String,
    /// The cells that one dose may hold, by body weight; `None` where the product isn't dosed by weight.
    pub dose: Option<DoseWindow>,
    /// How long a frozen unit may be kept.
    pub shelf_life: Option<ShelfLife>,
    /// The criteria, in the order in which a certificate lists them; their keys are unique.
    pub criteria: Vec<Criterion>,
    /// Groups of criteria; a criterion is in one group at most.
    pub groups: Vec<Group>,
}

impl Specification {
    /// Reads a specification document.
    ///
    /// # Errors
    /// [`Malformed`] with the line and the reason, for what is no TOML, has unknown or missing fields, or can't be
    /// judged by.
    pub fn parse(toml: &str) -> Result<Self, Malformed> {
        parse::specification(toml)
    }

    /// Its name as papers and refusals write it: `BM-MSC v3`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} v{}", self.key, self.version)
    }

    /// The criterion of that key.
    #[must_use]
    pub fn criterion(&self, key: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.key == key)
    }

    /// The criteria that a sample taken at this sample point is tested for.
    pub fn criteria_at<'a>(&'a self, sample_point: &'a str) -> impl Iterator<Item = &'a Criterion> {
        self.criteria
            .iter()
            .filter(move |criterion| criterion.sample_point == sample_point)
    }

    /// The group that this criterion is in.
    #[must_use]
    pub fn group_of(&self, criterion: &str) -> Option<&Group> {
        self.groups
            .iter()
            .find(|group| group.criteria.iter().any(|key| key == criterion))
    }
}

/// One criterion: a test at a sample point, with the limit that its result must meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its name within the specification.
    pub key: String,
    /// The test, as a certificate prints it.
    pub test: String,
    /// The method of the test.
    pub method: String,
    /// The sample step of the master record whose sample is tested.
    pub sample_point: String,
    /// When it must be met.
    pub stage: Stage,
    /// What kind of result the test gives.
    pub result: ResultKind,
    /// The limit; of an informative criterion it is printed for reference only.
    pub limit: Option<Limit>,
    /// Reported, not judged.
    pub informative: bool,
    /// How a number is rounded before it is compared.
    pub rounding: Rounding,
    /// Decimals of an informative number, or of a computed limit, when shown; a judged number is shown as judged.
    pub decimals: Option<u32>,
    /// The result is due so many days of the calendar after sampling.
    pub due_days: u32,
    /// A pass counts only if it was read so many days of the calendar after sampling, or later: the minimum time of the
    /// method. A failure counts at once.
    pub minimum_days: u32,
    /// Where the limit is from.
    pub basis: Basis,
}

impl Criterion {
    /// The limit as papers print it: `≥ 70 %`, `one of: 46,XX; 46,XY`, `≤ 3.5 EU/mL (5 EU/kg/h × 70 kg × 1 h / 100 mL)`.
    ///
    /// An endotoxin limit without the recipient's weight stays a formula.
    #[must_use]
    pub fn limit_text(&self, weight_kg: Option<Decimal>) -> String {
        let limit = self
            .limit
            .as_ref()
            .map(|limit| limit.text(self.unit(), weight_kg, self.decimals));
        match (limit, self.informative) {
            (Some(limit), true) => format!("{limit} (informative)"),
            (Some(limit), false) => limit,
            (None, _) => "none (informative)".to_owned(),
        }
    }

    /// The unit of a number; [`Measure::PLAIN`] for categories and texts.
    #[must_use]
    pub fn unit(&self) -> Measure {
        match &self.result {
            ResultKind::Number { unit } => *unit,
            ResultKind::Category { .. } | ResultKind::Text => Measure::PLAIN,
        }
    }
}

/// When a criterion must be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Before the next step of the process.
    InProcess,
    /// Before a dose may leave.
    BeforeRelease,
    /// Its sample is taken before release, its result comes after (14-day sterility of a fresh product).
    AfterRelease,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InProcess => "in process",
            Self::BeforeRelease => "before release",
            Self::AfterRelease => "after release",
        })
    }
}

/// What kind of result a test gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ResultKind {
    /// A number in one unit, exact or censored.
    Number {
        /// Its unit.
        unit: Measure,
    },
    /// One of the listed words.
    Category {
        /// All that the test can find, passing or not.
        allowed: Vec<String>,
    },
    /// Free text; never judged.
    Text,
}

/// How a number is rounded before it is compared with its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// To the digits of the limit, a half away from zero, as pharmacopoeias do unless otherwise prescribed.
    AsLimit,
    /// Not at all.
    None,
}

/// Where a limit is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Basis {
    /// A published document.
    Source {
        /// Which.
        text: String,
    },
    /// The site's own choice.
    SiteChoice {
        /// Why, or after what.
        note: Option<String>,
    },
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { text } => f.write_str(text),
            Self::SiteChoice { note: None } => f.write_str("Site’s own choice"),
            Self::SiteChoice { note: Some(note) } => write!(f, "Site’s own choice: {note}"),
        }
    }
}

/// Viable cells that one dose may hold, by body weight; both bounds are allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseWindow {
    /// The least dose, in `unit`.
    pub minimum: Decimal,
    /// The greatest dose, in `unit`.
    pub maximum: Decimal,
    /// [`Measure::MILLION_CELLS_PER_KILOGRAM`] or [`Measure::CELLS_PER_KILOGRAM`].
    pub unit: Measure,
    /// Where the window is from.
    pub basis: Basis,
}

impl DoseWindow {
    /// The least and the most viable cells for this body weight; `None` for a weight that is not above zero.
    #[must_use]
    pub fn cells(&self, weight_kg: Decimal) -> Option<(Decimal, Decimal)> {
        let factor = match self.unit {
            Measure::MILLION_CELLS_PER_KILOGRAM => Decimal::from(1_000_000),
            _ => Decimal::ONE,
        };
        let cells = |per_kg: Decimal| per_kg.checked_mul(factor)?.checked_mul(weight_kg);
        (weight_kg > Decimal::ZERO)
            .then(|| cells(self.minimum).zip(cells(self.maximum)))
            .flatten()
    }

    /// Whether so many viable cells are a dose for this weight. Compares products, so that no division rounds a limit
    /// away; `false` for a weight that is not above zero.
    #[must_use]
    pub fn permits(&self, viable_cells: Decimal, weight_kg: Decimal) -> bool {
        self.cells(weight_kg)
            .is_some_and(|(least, most)| least <= viable_cells && viable_cells <= most)
    }

    /// The window as papers print it: `1 to 2 × 10⁶ viable cells/kg`.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{} to {} {}",
            self.minimum.normalize(),
            self.maximum.normalize(),
            match self.unit {
                Measure::MILLION_CELLS_PER_KILOGRAM => "× 10⁶ viable cells/kg",
                _ => "viable cells/kg",
            }
        )
    }
}

/// How long a unit may be kept; one of the two figures at least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShelfLife {
    /// Days from freezing; `None` where no frozen unit is given.
    pub frozen_days: Option<u32>,
    /// Hours from formulation; `None` where no fresh unit is given.
    pub formulated_hours: Option<u32>,
    /// Where the figure is from.
    pub basis: Basis,
}

/// Criteria that are met together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name within the specification.
    pub key: String,
    /// What it asks of its members.
    pub rule: GroupRule,
    /// Keys of its members: two or more, judged, of one stage.
    pub criteria: Vec<String>,
}

/// What a group asks of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupRule {
    /// One member that passes is enough (“CD14 or CD11b”).
    OneOf,
    /// Every member must pass.
    EachOf,
}

#[cfg(test)]
mod tests;
