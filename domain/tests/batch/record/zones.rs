//! Time zones as plain data: the changes of their clocks around the tests.

use super::at;
use domain::zone::{Change, Clocks, Zone, ZoneTable};

fn zone(name: &str, offset: i32, letters: &str, changes: &[(&str, i32, &str)]) -> Zone {
    let change = |(from, offset, letters): &(&str, i32, &str)| Change {
        at: at(from),
        to: Clocks::new(*offset, letters),
    };
    Zone::of(Box::leak(Box::new(ZoneTable {
        changes: changes.iter().map(change).collect(),
        ..ZoneTable::fixed(name, offset, letters)
    })))
}

/// Forward on 29 March, back on 25 October 2026.
pub fn rome() -> Zone {
    let changes = [
        ("2025-10-26T01:00:00Z", 3600, "CET"),
        ("2026-03-29T01:00:00Z", 7200, "CEST"),
        ("2026-10-25T01:00:00Z", 3600, "CET"),
        ("2027-03-28T01:00:00Z", 7200, "CEST"),
    ];
    zone("Europe/Rome", 7200, "CEST", &changes)
}

/// Behind UTC: its day ends after UTC's.
pub fn toronto() -> Zone {
    let changes = [
        ("2026-03-08T07:00:00Z", -14_400, "EDT"),
        ("2026-11-01T06:00:00Z", -18_000, "EST"),
    ];
    zone("America/Toronto", -18_000, "EST", &changes)
}

/// No letters of its own, and no change since 2022.
pub fn tehran() -> Zone {
    zone("Asia/Tehran", 12_600, "+0330", &[])
}

/// Its clocks go by half an hour.
pub fn lord_howe() -> Zone {
    let changes = [
        ("2026-04-04T15:00:00Z", 37_800, "+1030"),
        ("2026-10-03T15:30:00Z", 39_600, "+11"),
    ];
    zone("Australia/Lord_Howe", 39_600, "+11", &changes)
}
