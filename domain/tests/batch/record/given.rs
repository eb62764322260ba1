//! A batch on its way, each function a step further than the one before. All of it was asked for and allowed.

use super::{
    PHARMACIST, Record, TECH, TECH2, YES, category, choice, n, number, prepare, registered, store,
    take, text,
};
use domain::release::ResultValue;

/// Given the receipt, signed.
pub fn received() -> Record {
    receive(registered())
}

/// Given the receipt of this harvest, signed.
pub fn receive(registered: Record) -> Record {
    registered
        .after(1)
        .entry(TECH, "receipt", "identity", YES)
        .verified(TECH2, "receipt", "identity")
        .entry(TECH, "receipt", "container", choice("intact"))
        .entry(TECH, "receipt", "temperature", n("18.5"))
        .completed(TECH, "receipt")
}

/// Given the line clearance.
pub fn cleared() -> Record {
    received()
        .entry(TECH, "clearance", "grade", choice("A"))
        .completed(TECH, "clearance")
}

impl Record {
    /// Given a seeding.
    pub fn seeded(self, passage: u16, cells: &str) -> Self {
        let at = format!("seed@P{passage}");
        self.entry(TECH, &at, "cells-seeded", n(cells))
            .entry(TECH, &at, "area", n("176"))
            .completed(TECH, &at)
    }

    /// Given the count at the end of a passage, a week after what came before.
    pub fn counted(self, passage: u16, total: &str, viable: &str) -> Self {
        let at = format!("passage@P{passage}");
        self.after(168)
            .entry(TECH, &at, "total-cells", n(total))
            .entry(TECH, &at, "viable-cells", n(viable))
            .verified(TECH2, &at, "viable-cells")
            .completed(TECH, &at)
    }
}

/// Given P0.
pub fn after_p0() -> Record {
    cleared()
        .seeded(0, "20000000")
        .counted(0, "1000000", "900000")
}

/// Given P1, its target reached.
pub fn after_p1() -> Record {
    after_p0()
        .seeded(1, "500000")
        .counted(1, "170000000", "160000000")
}

/// Given the in-process control, passed.
pub fn controlled() -> Record {
    after_p1()
        .does(TECH, take(1, "ip-sample@P1", "100000"))
        .completed(TECH, "ip-sample@P1")
        .result(1, "viability-ip", number("94"))
}

/// Given the final harvest of 158 million viable cells, signed.
pub fn harvested() -> Record {
    controlled()
        .after(1)
        .entry(TECH, "harvest", "total-cells-1", n("168000000"))
        .entry(TECH, "harvest", "viable-cells-1", n("160000000"))
        .entry(TECH, "harvest", "total-cells-2", n("166000000"))
        .entry(TECH, "harvest", "viable-cells-2", n("156000000"))
        .completed(TECH, "harvest")
}

/// Given the sample of the final product.
pub fn sampled() -> Record {
    harvested()
        .does(TECH, take(2, "sample", "1000000"))
        .completed(TECH, "sample")
}

/// Given four frozen units of 38 million.
pub fn frozen() -> Record {
    let stored = (1..=4).fold(sampled(), |record, id| {
        record.does(TECH, store(id, "38000000", &format!("T1/R1/B1/{id}")))
    });
    stored
        .entry(TECH, "freeze", "freezer", text("CRF-1"))
        .completed(TECH, "freeze")
}

/// Given that all steps are over.
pub fn finished() -> Record {
    frozen()
        .entry(TECH, "closing", "problems", text("none"))
        .completed(TECH, "closing")
}

/// Given that all results are there, and pass.
pub fn tested() -> Record {
    finished()
        .after(24 * 7)
        .result(2, "viability", number("93"))
        .result(2, "sterility", category("no growth"))
        .result(2, "remark", ResultValue::Text("spindle-shaped".to_owned()))
}

/// Given a certified batch.
pub fn certified() -> Record {
    tested().reviewed().certified()
}

/// Given a dose of two units, prepared.
pub fn prepared() -> Record {
    certified().does(PHARMACIST, prepare(1, &[1, 2]))
}
