//! The batches of the demonstration: one in each state that a board shows.

mod course;
mod figures;

pub use course::script;
pub use figures::all;

/// A site of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The larger one.
    Genoa,
    /// The other one, to show that rights end at a site.
    Barcelona,
}

impl Place {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Genoa => "GE",
            Self::Barcelona => "BA",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Genoa => "Demonstration cell lab, Genoa",
            Self::Barcelona => "Demonstration cell lab, Barcelona",
        }
    }

    /// Its address.
    pub fn address(self) -> &'static str {
        match self {
            Self::Genoa => "Genoa, Italy",
            Self::Barcelona => "Barcelona, Spain",
        }
    }

    /// One of the facility codes that ISBT 128 keeps for tests.
    pub fn facility(self) -> &'static str {
        match self {
            Self::Genoa => "A9999",
            Self::Barcelona => "A9998",
        }
    }

    /// Its time zone.
    pub fn time_zone(self) -> &'static str {
        match self {
            Self::Genoa => "Europe/Rome",
            Self::Barcelona => "Europe/Madrid",
        }
    }

    /// Who takes the marrow there.
    pub fn collector(self) -> &'static str {
        match self {
            Self::Genoa => "collector.1",
            Self::Barcelona => "collector.2",
        }
    }

    /// Who works at the bench.
    pub fn technician(self) -> &'static str {
        match self {
            Self::Genoa => "technician.1",
            Self::Barcelona => "technician.3",
        }
    }

    /// Who confirms what is critical.
    pub fn second_person(self) -> &'static str {
        match self {
            Self::Genoa => "technician.2",
            Self::Barcelona => "technician.4",
        }
    }
}

/// A batch of the demonstration, in figures.
pub struct DemoBatch {
    /// What the demonstration calls it.
    pub name: &'static str,
    /// Where it is made.
    pub site: Place,
    /// So many days before the end of the demonstration the marrow was taken.
    pub days_ago: i64,
    /// The serial number in its DIN.
    pub serial: u32,
    /// The subject's code.
    pub subject: &'static str,
    /// Body weight in kg.
    pub weight_kg: &'static str,
    /// Volume of the aspirate in mL.
    pub volume_ml: &'static str,
    /// The highest temperature on the way in °C.
    pub warmest: &'static str,
    /// Mononuclear cells after isolation.
    pub mnc: &'static str,
    /// The passages from P0 on; empty where the marrow was not received yet.
    pub passages: &'static [DemoPassage],
    /// What was harvested, frozen and tested; `None` where it is not as far.
    pub product: Option<Product>,
    /// How far the release is.
    pub release: Release,
}

/// A passage in figures.
pub struct DemoPassage {
    /// Cells seeded: mononuclear in P0, viable later.
    pub seeded: &'static str,
    /// Culture area in cm².
    pub area: &'static str,
    /// The vessels in words.
    pub vessels: &'static str,
    /// Hours from seeding to detachment.
    pub hours: i64,
    /// Total and viable cells at its end; `None` while it grows.
    pub counted: Option<(&'static str, &'static str)>,
    /// Changes of medium so far, by hours after seeding.
    pub medium_changed_after: &'static [i64],
}

/// The final product in figures.
pub struct Product {
    /// Total and viable cells, first count.
    pub first_count: (&'static str, &'static str),
    /// Total and viable cells, second count.
    pub second_count: (&'static str, &'static str),
    /// How many units were frozen.
    pub units: usize,
    /// Viable cells in each.
    pub unit_cells: &'static str,
    /// All viable cells frozen.
    pub stored_cells: &'static str,
    /// Of those harvested, in %.
    pub yield_percent: &'static str,
    /// Results that differ from the usual ones.
    pub results: &'static [(&'static str, &'static str)],
}

/// How far the release of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// In process.
    NotYet,
    /// Everything is there and passes; QA is next.
    WaitsForReview,
    /// A criterion fails, another is missing, a deviation is open.
    Blocked,
    /// The Qualified Person has certified it.
    Certified,
    /// Certified, and a dose of two units was infused.
    Infused,
}
