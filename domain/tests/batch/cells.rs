//! Cells don't appear from nowhere: what is sampled, seeded and stored was counted before, in the culture too.

use crate::record::{
    TECH, after_p0, after_p1, controlled, correct, entry, n, not_applicable, number, take,
};
use domain::batch::{QualityRefusal, Refusal};

// P1 gave 160 million viable cells.
#[test]
fn no_more_cells_are_sampled_than_the_passage_gave() {
    let given = after_p1();
    given
        .when(TECH, take(1, "ip-sample@P1", "160000000"))
        .accepted();
    given
        .when(TECH, take(1, "ip-sample@P1", "160000001"))
        .refused(Refusal::Quality(QualityRefusal::TooManyOfPassage {
            field: "viable_cells",
            passage: 1,
            wanted: "160\u{202f}000\u{202f}001".to_owned(),
            left: "160\u{202f}000\u{202f}000".to_owned(),
        }));
    let twice = given.does(TECH, take(1, "ip-sample@P1", "100000000"));
    twice
        .when(TECH, take(2, "ip-sample@P1", "60000000"))
        .accepted();
    twice
        .when(TECH, take(2, "ip-sample@P1", "60000001"))
        .says("60 000 001 viable cells are more than the 60 000 000 left of P1. Check the figure.");
}

#[test]
fn what_was_sampled_is_not_seeded() {
    let given = after_p0()
        .seeded(1, "500000")
        .counted(1, "60000000", "50000000")
        .does(TECH, take(1, "ip-sample@P1", "100000"))
        .completed(TECH, "ip-sample@P1")
        .result(1, "viability-ip", number("94"));
    assert_eq!(given.batch().viable_left_of(1), Some(49_900_000.into()));
    given
        .when(TECH, entry("seed@P2", "cells-seeded", n("49900000")))
        .accepted();
    given
        .when(TECH, entry("seed@P2", "cells-seeded", n("49900001")))
        .says("49 900 001 viable cells are more than the 49 900 000 left of P1. Check the figure.");
    // Nor is the count corrected below both.
    let seeded = given.entry(TECH, "seed@P2", "cells-seeded", n("40000000"));
    seeded
        .when(TECH, correct("passage@P1", "viable-cells", n("40100000")))
        .accepted();
    seeded
        .when(TECH, correct("passage@P1", "viable-cells", n("40099999")))
        .says("40 100 000 viable cells are more than the 40 099 999 left of P1. Check the figure.");
}

#[test]
fn a_passage_is_not_corrected_below_what_was_sampled_of_it() {
    let given = after_p1().does(TECH, take(1, "ip-sample@P1", "100000"));
    given
        .when(TECH, correct("passage@P1", "viable-cells", n("100000")))
        .accepted();
    assert!(matches!(
        given
            .when(TECH, correct("passage@P1", "viable-cells", n("99999")))
            .0,
        Err(Refusal::Quality(QualityRefusal::TooManyOfPassage {
            field: "value",
            ..
        }))
    ));
}

// A harvest whose count was left out: what is counted later must cover what was taken meanwhile.
#[test]
fn a_count_that_comes_late_covers_what_was_taken() {
    let given = controlled()
        .after(1)
        .entry(TECH, "harvest", "total-cells-1", n("168000000"))
        .does(TECH, not_applicable("harvest", "viable-cells-1"))
        .entry(TECH, "harvest", "total-cells-2", n("166000000"))
        .entry(TECH, "harvest", "viable-cells-2", n("156000000"))
        .completed(TECH, "harvest")
        .does(TECH, take(2, "sample", "158000000"));
    given
        .when(TECH, correct("harvest", "viable-cells-1", n("160000000")))
        .accepted();
    given
        .when(TECH, correct("harvest", "viable-cells-1", n("159999998")))
        .says("158 000 000 viable cells are more than the 157 999 999 left of the final harvest. Check the figure.");
}
