#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;
use chrono::TimeDelta;

fn at(hours: i64) -> Timestamp {
    Timestamp::parse("2026-03-02T08:00:00Z")
        .unwrap()
        .plus(TimeDelta::hours(hours))
}

fn counts(passage: u16, seeded: Seeded, harvested: Option<i64>) -> PassageCounts {
    PassageCounts {
        passage,
        seeded,
        area_cm2: Some(Decimal::from(176)),
        seeded_at: Some(at(i64::from(passage) * 336)),
        harvested_viable: harvested.map(Decimal::from),
        harvested_dead: harvested.map(|_| Decimal::ZERO),
        harvested_at: harvested.map(|_| at(i64::from(passage) * 336 + 336)),
    }
}

fn viable(passage: u16, seeded: i64, harvested: i64) -> PassageCounts {
    counts(
        passage,
        Seeded::Viable(Decimal::from(seeded)),
        Some(harvested),
    )
}

fn primary() -> PassageCounts {
    counts(
        0,
        Seeded::Mononuclear(Decimal::from(17_600_000)),
        Some(190_000),
    )
}

/// Colter, Class, DiGirolamo, Prockop, PNAS 2000;97:3213, table 2: donor, cells harvested of 530 seeded on 176 cm2 after
/// 14 days at passages 1 to 3; then doublings, doubling time and cumulative doublings as computed from them.
type Colter = (
    &'static str,
    [i64; 3],
    [(&'static str, &'static str, &'static str); 3],
);
const COLTER: [Colter; 4] = [
    (
        "59R",
        [190_000, 240_000, 750_000],
        [
            ("8.486", "39.60", "8.486"),
            ("8.823", "38.08", "17.309"),
            ("10.467", "32.10", "27.775"),
        ],
    ),
    (
        "59L",
        [140_000, 170_000, 500_000],
        [
            ("8.045", "41.76", "8.045"),
            ("8.325", "40.36", "16.371"),
            ("9.882", "34.00", "26.252"),
        ],
    ),
    (
        "58R",
        [80_000, 1_100_000, 230_000],
        [
            ("7.238", "46.42", "7.238"),
            ("11.019", "30.49", "18.257"),
            ("8.761", "38.35", "27.019"),
        ],
    ),
    (
        "58L",
        [86_000, 420_000, 310_000],
        [
            ("7.342", "45.76", "7.342"),
            ("9.630", "34.89", "16.972"),
            ("9.192", "36.55", "26.164"),
        ],
    ),
];

#[test]
fn published_counts_give_their_doublings() {
    for (donor, harvests, expected) in COLTER {
        let mut passages = vec![primary()];
        passages.extend(
            (1..)
                .zip(harvests)
                .map(|(passage, harvested)| viable(passage, 530, harvested)),
        );
        let growth = expansion(&passages);
        assert_eq!(growth.len(), 4);
        for (figures, (doublings, hours, cumulative)) in growth.iter().skip(1).zip(expected) {
            let passage = figures.passage;
            assert_eq!(figures.doublings.shown(3), doublings, "{donor} P{passage}");
            assert_eq!(
                figures.doubling_time_hours.shown(2),
                hours,
                "{donor} P{passage}"
            );
            assert_eq!(
                figures.cumulative_doublings.shown(3),
                cumulative,
                "{donor} P{passage}"
            );
            assert_eq!(figures.seeding_density.shown(2), "3.01");
            assert!(!figures.loss);
        }
    }
}

#[test]
fn passage_0_of_mononuclear_cells_has_no_doublings() {
    let growth = expansion(&[primary(), viable(1, 530, 190_000)]);
    let mononuclear = Figure::NotComputable(NotComputable::Mononuclear);
    let first = growth.first().unwrap();
    assert_eq!(
        (first.doublings, first.doubling_time_hours, first.fold),
        (mononuclear, mononuclear, mononuclear)
    );
    assert_eq!(
        first.cumulative_doublings,
        Figure::NotComputable(NotComputable::StartsAtPassage1)
    );
    assert_eq!(first.doublings.shown(3), "not computable");
    assert_eq!(first.viability, Figure::Value(Decimal::ONE_HUNDRED));
    assert_eq!(first.seeding_density, Figure::Value(Decimal::from(100_000)));
    assert!(!first.loss, "fewer MSC than mononuclear cells is no loss");
    assert_eq!(
        growth.get(1).unwrap().cumulative_doublings.shown(3),
        "8.486"
    );
}

#[test]
fn a_passage_before_its_harvest_is_pending() {
    let growing = counts(2, Seeded::Viable(Decimal::from(530)), None);
    let growth = expansion(&[
        viable(1, 530, 190_000),
        growing,
        counts(3, growing.seeded, Some(750_000)),
    ]);
    let second = growth.get(1).unwrap();
    assert_eq!(second.doublings, Figure::Pending);
    assert_eq!(second.cumulative_doublings, Figure::Pending);
    assert_eq!(second.doubling_time_hours, Figure::Pending);
    assert_eq!(second.fold, Figure::Pending);
    assert_eq!(second.viability, Figure::Pending);
    assert_eq!(second.doublings.shown(3), "pending");
    assert_eq!(
        growth.get(2).unwrap().cumulative_doublings,
        Figure::Pending,
        "a sum with a pending part is pending"
    );
    for timeless in [
        PassageCounts {
            harvested_at: None,
            ..viable(1, 530, 190_000)
        },
        PassageCounts {
            seeded_at: None,
            ..viable(1, 530, 190_000)
        },
    ] {
        assert_eq!(
            expansion(&[timeless]).first().unwrap().doubling_time_hours,
            Figure::Pending
        );
    }
}

#[test]
fn a_loss_keeps_its_sign_and_is_flagged() {
    let growth = expansion(&[
        viable(1, 1000, 8000),
        viable(2, 1000, 500),
        viable(3, 1000, 1000),
    ]);
    let [grown, lost, same] = growth.as_slice() else {
        panic!("three passages")
    };
    assert_eq!(
        (grown.doublings.shown(3), grown.loss),
        ("3.000".to_owned(), false)
    );
    assert_eq!(
        (lost.doublings.shown(3), lost.loss),
        ("-1.000".to_owned(), true)
    );
    assert_eq!(
        lost.doubling_time_hours,
        Figure::NotComputable(NotComputable::NoGrowth)
    );
    assert_eq!(lost.cumulative_doublings.shown(3), "2.000");
    assert_eq!(
        (same.doublings.shown(3), same.loss),
        ("0.000".to_owned(), false)
    );
}

#[test]
fn a_culture_that_is_all_lost_ends_the_sum() {
    let growth = expansion(&[
        viable(1, 1000, 8000),
        viable(2, 1000, 0),
        viable(3, 1000, 8000),
    ]);
    let [_, lost, after] = growth.as_slice() else {
        panic!("three passages")
    };
    assert_eq!(
        lost.doublings,
        Figure::NotComputable(NotComputable::NothingHarvested)
    );
    assert_eq!(
        lost.viability,
        Figure::NotComputable(NotComputable::NothingCounted)
    );
    assert_eq!(lost.fold, Figure::Value(Decimal::ZERO));
    assert!(lost.loss);
    assert_eq!(
        lost.cumulative_doublings,
        Figure::NotComputable(NotComputable::NothingHarvested)
    );
    assert_eq!(
        after.cumulative_doublings,
        Figure::NotComputable(NotComputable::EarlierPassage)
    );
    assert_eq!(after.doublings.shown(3), "3.000");
}

#[test]
fn a_sum_needs_each_passage_in_order() {
    let missing = Figure::NotComputable(NotComputable::EarlierPassage);
    for numbers in [vec![2], vec![1, 3], vec![1, 1], vec![2, 1], vec![1, 3, 4]] {
        let passages: Vec<_> = numbers
            .iter()
            .map(|passage| viable(*passage, 1000, 2000))
            .collect();
        let last = expansion(&passages).pop().unwrap();
        assert_eq!(last.cumulative_doublings, missing, "{numbers:?}");
        assert_eq!(
            last.doublings,
            Figure::Value(Decimal::ONE),
            "its own doublings stand"
        );
    }
}

#[test]
fn cells_taken_away_between_passages_are_in_no_doublings() {
    // 8000 harvested, 7000 frozen, 1000 seeded again: the second passage counts from 1000.
    let growth = expansion(&[viable(1, 1000, 8000), viable(2, 1000, 4000)]);
    assert_eq!(
        growth.last().unwrap().cumulative_doublings.shown(3),
        "5.000"
    );
}

#[test]
fn a_harvest_before_its_seeding_has_no_doubling_time() {
    let mut reversed = viable(1, 530, 190_000);
    for harvested_at in [at(336), at(0)] {
        reversed.harvested_at = Some(harvested_at);
        let growth = expansion(&[reversed]);
        let figures = growth.first().unwrap();
        assert_eq!(
            figures.doubling_time_hours,
            Figure::NotComputable(NotComputable::NoTime)
        );
        assert_eq!(figures.doublings.shown(3), "8.486");
    }
}

#[test]
fn absurd_counts_do_not_panic() {
    assert!(expansion(&[]).is_empty());
    let numbers = [
        None,
        Some(Decimal::MIN),
        Some(Decimal::ZERO),
        Some(Decimal::new(1, 28)),
        Some(Decimal::MAX),
    ];
    let long_ago = Timestamp::from_micros(-62_167_219_200_000_000).unwrap();
    let far_off = Timestamp::from_micros(253_402_300_799_999_999).unwrap();
    for seeded in numbers
        .into_iter()
        .flatten()
        .flat_map(|cells| [Seeded::Viable(cells), Seeded::Mononuclear(cells)])
    {
        for harvested_viable in numbers {
            for area_cm2 in numbers {
                let passage = PassageCounts {
                    passage: u16::MAX,
                    seeded,
                    area_cm2,
                    seeded_at: Some(long_ago),
                    harvested_viable,
                    harvested_dead: area_cm2,
                    harvested_at: Some(far_off),
                };
                let _ = expansion(&[
                    passage,
                    passage,
                    PassageCounts {
                        passage: 1,
                        ..passage
                    },
                ]);
            }
        }
    }
}
