//! The figures of the batches.
//!
//! From print: the expansions of donors 59R and 58R (Colter, PNAS 2000;97:3213, table 2: 530 cells on 176 cm² in each
//! passage, 14 days, about 20 mL of marrow with 12 to 27 million nucleated cells) and the doses of 1.4, 1.5 and
//! 1.8 × 10^6 per kg (in the range of 1.2 to 2.0 that Canesi, J Transl Med 2016;14:127, table 1, gave). P0 is not counted
//! in that table, nor are dead cells; those figures, and the passages of the larger cultures, are the demonstration's own.

use super::{
    DemoBatch, DemoPassage, Place, Product,
    Release::{Blocked, Certified, Infused, NotYet, WaitsForReview},
};

/// Changes of medium in a passage of 14 days and of 7 days, each 3 to 4 days after the one before.
const TWO_WEEKS: &[i64] = &[74, 168, 242];
const ONE_WEEK: &[i64] = &[74];

const fn passage(
    seeded: &'static str,
    area: &'static str,
    vessels: &'static str,
    counted: (&'static str, &'static str),
    week: bool,
) -> DemoPassage {
    DemoPassage {
        seeded,
        area,
        vessels,
        hours: if week { 168 } else { 336 },
        counted: Some(counted),
        medium_changed_after: if week { ONE_WEEK } else { TWO_WEEKS },
    }
}

const fn growing(seeded: &'static str, medium_changed_after: &'static [i64]) -> DemoPassage {
    DemoPassage {
        seeded,
        area: "176",
        vessels: "1 plate of 176 cm2",
        hours: 336,
        counted: None,
        medium_changed_after,
    }
}

const PLATE: &str = "1 plate of 176 cm2";
const TWO_LAYERS: &str = "1 two-layer stack";
const SIX_LAYERS: &str = "3 two-layer stacks";

/// All batches, in the order in which the marrow was taken.
pub fn all() -> Vec<DemoBatch> {
    vec![
        infused(),
        certified(),
        blocked(),
        waiting(),
        expanding(),
        overdue(),
        registered(),
    ]
}

fn infused() -> DemoBatch {
    DemoBatch {
        name: "infused",
        site: Place::Genoa,
        days_ago: 110,
        serial: 7,
        subject: "GE-007",
        weight_kg: "70",
        volume_ml: "42",
        warmest: "25.6",
        mnc: "168000000",
        passages: const {
            &[
                passage(
                    "160000000",
                    "1272",
                    TWO_LAYERS,
                    ("9600000", "9200000"),
                    false,
                ),
                passage(
                    "5000000",
                    "1272",
                    TWO_LAYERS,
                    ("39000000", "37500000"),
                    true,
                ),
                passage(
                    "12000000",
                    "3816",
                    SIX_LAYERS,
                    ("268000000", "259000000"),
                    true,
                ),
            ]
        },
        product: Some(Product {
            first_count: ("249000000", "239000000"),
            second_count: ("255000000", "245000000"),
            units: 4,
            // Two units of 49 million for 70 kg: 1.4 million per kg.
            unit_cells: "49000000",
            stored_cells: "196000000",
            yield_percent: "81.0",
            results: &[],
        }),
        release: Infused,
    }
}

fn certified() -> DemoBatch {
    DemoBatch {
        name: "certified",
        site: Place::Genoa,
        days_ago: 75,
        serial: 9,
        subject: "GE-009",
        weight_kg: "62.5",
        volume_ml: "38",
        warmest: "21.4",
        mnc: "151000000",
        passages: const {
            &[
                passage(
                    "145000000",
                    "1272",
                    TWO_LAYERS,
                    ("8900000", "8600000"),
                    false,
                ),
                passage(
                    "5000000",
                    "1272",
                    TWO_LAYERS,
                    ("41200000", "39800000"),
                    true,
                ),
                passage(
                    "12000000",
                    "3816",
                    SIX_LAYERS,
                    ("291000000", "283000000"),
                    true,
                ),
            ]
        },
        product: Some(Product {
            first_count: ("274000000", "266000000"),
            second_count: ("268000000", "260000000"),
            units: 6,
            // Three units of 37.5 million for 62.5 kg: 1.8 million per kg.
            unit_cells: "37500000",
            stored_cells: "225000000",
            yield_percent: "85.6",
            results: &[
                ("karyotype", "46,XY"),
                ("cd105", "97.9"),
                ("hla-dr", "12.4"),
            ],
        }),
        release: Certified,
    }
}

fn blocked() -> DemoBatch {
    DemoBatch {
        name: "blocked",
        site: Place::Genoa,
        days_ago: 58,
        serial: 10,
        subject: "GE-010",
        weight_kg: "81",
        volume_ml: "45",
        warmest: "20.8",
        mnc: "174000000",
        passages: const {
            &[
                passage(
                    "170000000",
                    "1272",
                    TWO_LAYERS,
                    ("7800000", "7300000"),
                    false,
                ),
                passage(
                    "5000000",
                    "1272",
                    TWO_LAYERS,
                    ("30400000", "28900000"),
                    true,
                ),
                passage(
                    "12000000",
                    "3816",
                    SIX_LAYERS,
                    ("252000000", "243000000"),
                    true,
                ),
            ]
        },
        product: Some(Product {
            first_count: ("236000000", "228000000"),
            second_count: ("241000000", "232000000"),
            units: 4,
            unit_cells: "50000000",
            stored_cells: "200000000",
            yield_percent: "87.0",
            // Above the limit of 5 %: blood cells were carried along.
            results: &[("cd45", "6.8")],
        }),
        release: Blocked,
    }
}

fn waiting() -> DemoBatch {
    DemoBatch {
        name: "waiting",
        site: Place::Genoa,
        days_ago: 54,
        serial: 11,
        subject: "GE-011",
        weight_kg: "74",
        volume_ml: "40",
        warmest: "19.9",
        mnc: "189000000",
        passages: const {
            &[
                passage(
                    "180000000",
                    "1272",
                    TWO_LAYERS,
                    ("10400000", "10100000"),
                    false,
                ),
                passage(
                    "5000000",
                    "1272",
                    TWO_LAYERS,
                    ("43600000", "42300000"),
                    true,
                ),
                passage(
                    "12000000",
                    "3816",
                    SIX_LAYERS,
                    ("302000000", "290000000"),
                    true,
                ),
            ]
        },
        product: Some(Product {
            first_count: ("284000000", "273000000"),
            second_count: ("278000000", "267000000"),
            units: 4,
            // Two units of 55.5 million for 74 kg: 1.5 million per kg.
            unit_cells: "55500000",
            stored_cells: "222000000",
            yield_percent: "82.2",
            results: &[("cd73", "98.2"), ("endotoxin", "0.12")],
        }),
        release: WaitsForReview,
    }
}

/// Donor 59R of Colter 2000: 1.9 × 10^5, then 2.4 × 10^5, the third passage is growing.
fn expanding() -> DemoBatch {
    DemoBatch {
        name: "expanding",
        site: Place::Genoa,
        days_ago: 52,
        serial: 12,
        subject: "GE-012",
        weight_kg: "68.5",
        volume_ml: "20",
        warmest: "21.4",
        mnc: "20000000",
        passages: const {
            &[
                passage("20000000", "176", PLATE, ("158000", "152000"), false),
                passage("530", "176", PLATE, ("198000", "190000"), false),
                passage("530", "176", PLATE, ("247000", "240000"), false),
                growing("530", &[74, 168]),
            ]
        },
        product: None,
        release: NotYet,
    }
}

/// Donor 58R of Colter 2000 in its first passage. Its medium should have been changed by now.
fn overdue() -> DemoBatch {
    DemoBatch {
        name: "overdue",
        site: Place::Barcelona,
        days_ago: 20,
        serial: 3,
        subject: "BA-003",
        weight_kg: "59",
        volume_ml: "20",
        warmest: "18.7",
        mnc: "14000000",
        passages: const {
            &[
                passage("13500000", "176", PLATE, ("121000", "115000"), false),
                growing("530", &[]),
            ]
        },
        product: None,
        release: NotYet,
    }
}

fn registered() -> DemoBatch {
    DemoBatch {
        name: "registered",
        site: Place::Genoa,
        days_ago: 1,
        serial: 13,
        subject: "GE-013",
        weight_kg: "77",
        volume_ml: "36",
        warmest: "20.1",
        mnc: "0",
        passages: &[],
        product: None,
        release: NotYet,
    }
}
