#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn din(text: &str) -> Scanned {
    Scanned::Din(Din::parse(text).unwrap())
}

#[test]
fn every_structure_is_read() {
    let code = |code: &str, product_use| Scanned::Product {
        code: code.to_owned(),
        product_use,
    };
    for (scan, read) in [
        ("=A99991712345600", din("A999917123456")),
        ("=G12341765432170", din("G123417654321")),
        ("=<S12954A0", code("S12954A0", ProductUse::Other)),
        ("=<S12951A0", code("S12951A0", ProductUse::AutologousOnly)),
        (
            "=<S1295XA0",
            code("S1295XA0", ProductUse::AutologousBiohazard),
        ),
        ("=<S1295xA0", code("S1295xA0", ProductUse::Other)),
        ("=>019031", Scanned::ExpirationDate(date(2019, 1, 31))),
        ("=>020366", Scanned::ExpirationDate(date(2020, 12, 31))),
        ("=>020060", Scanned::ExpirationDate(date(2020, 2, 29))),
        ("=>019060", Scanned::ExpirationDate(date(2019, 3, 1))),
        ("=>000366", Scanned::ExpirationDate(date(2000, 12, 31))),
        ("=>099365", Scanned::ExpirationDate(date(2099, 12, 31))),
        (
            "&>0183652359",
            Scanned::ExpirationDateTime {
                day: date(2018, 12, 31),
                time: None,
            },
        ),
        (
            "&>0183652358",
            Scanned::ExpirationDateTime {
                day: date(2018, 12, 31),
                time: Some(clock(23, 58)),
            },
        ),
        (
            "&>0180010000",
            Scanned::ExpirationDateTime {
                day: date(2018, 1, 1),
                time: Some(clock(0, 0)),
            },
        ),
        (
            "&*0170091330",
            Scanned::CollectionDateTime {
                day: date(2017, 1, 9),
                time: clock(13, 30),
            },
        ),
        (
            "&*0170092359",
            Scanned::CollectionDateTime {
                day: date(2017, 1, 9),
                time: clock(23, 59),
            },
        ),
        ("=,000012", Scanned::Division("000012".to_owned())),
        ("  =>019031\r\n", Scanned::ExpirationDate(date(2019, 1, 31))),
    ] {
        assert_eq!(Scanned::read(scan), Ok(read), "{scan}");
    }
}

#[test]
fn a_compound_is_read_when_its_count_is_right() {
    assert_eq!(
        Scanned::read("=+04000=/A9997XYZ100T0479=A99991712345600=,000012=>019031"),
        Ok(Scanned::Compound(vec![
            Scanned::ProcessorProduct {
                facility: "A9997".to_owned(),
                facility_code: "XYZ100".to_owned(),
                product: "T0479".to_owned(),
            },
            din("A999917123456"),
            Scanned::Division("000012".to_owned()),
            Scanned::ExpirationDate(date(2019, 1, 31)),
        ]))
    );
}

#[test]
fn nothing_of_a_wrong_compound_is_used() {
    let parts = "=/A9997XYZ100T0479=A99991712345600=,000012=>019031";
    for said in [0, 1, 3, 5, 99] {
        let refusal = NotAScan::CompoundCount { said, found: 4 };
        assert_eq!(
            Scanned::read(&format!("=+{said:02}000{parts}")),
            Err(refusal)
        );
    }
    // The count is judged before what the structures hold.
    let bad_day = "=+05000=A99991712345600=>019366";
    assert_eq!(
        Scanned::read(bad_day),
        Err(NotAScan::CompoundCount { said: 5, found: 2 })
    );
    assert_eq!(
        Scanned::read("=+02000=A99991712345600=>019366"),
        Err(NotAScan::Day {
            text: "=>019366".to_owned()
        })
    );
    assert_eq!(
        Scanned::read("=+00000"),
        Err(NotAScan::CompoundCount { said: 0, found: 0 })
    );
    for scan in [
        "=+04000=/A9997XYZ100T0479=A99991712345600=,000012=>01903",
        "=+04000=/A9997XYZ100T0479=A99991712345600=,000012=>0190311",
        "=+01000=+01000=>019031",
        "=+0X000=>019031",
        "=+01",
        "=+01000?",
    ] {
        assert!(
            matches!(Scanned::read(scan), Err(NotAScan::Compound { .. })),
            "{scan}"
        );
    }
    assert!(matches!(
        Scanned::read("=+02000=G12341765432171=>019031"),
        Err(NotAScan::Din(NotADin::WrongFlag { .. }))
    ));
}

/// Which kind of refusal, without the text that it repeats.
fn kind(refusal: &NotAScan) -> &'static str {
    match refusal {
        NotAScan::Empty => "empty",
        NotAScan::Unknown { .. } => "unknown",
        NotAScan::Length { .. } => "length",
        NotAScan::Control { .. } => "control",
        NotAScan::NoDin { .. } => "no din",
        NotAScan::Twice { .. } => "twice",
        NotAScan::Din(_) => "din",
        NotAScan::Code { .. } => "code",
        NotAScan::Day { .. } => "day",
        NotAScan::Time { .. } => "time",
        NotAScan::Compound { .. } => "compound",
        NotAScan::CompoundCount { .. } => "count",
    }
}

// DI-4
#[test]
fn a_wrong_scan_is_refused() {
    for (scan, why) in [
        ("", "empty"),
        (" \r\n", "empty"),
        ("=", "unknown"),
        ("&", "unknown"),
        ("019031", "unknown"),
        ("=%5100", "unknown"),
        ("https://example.org", "unknown"),
        ("=>01903é", "unknown"),
        ("=>019\u{1d}031", "control"),
        ("=>019\u{0}31", "control"),
        ("=>019\u{200b}031", "control"),
        ("=+02000=>019031=>019031", "twice"),
        ("=+02000=>019031&>0190312359", "twice"),
        ("=+02000=<S12954A0=<S12951A0", "twice"),
        ("=+03000=A99991712345600=>019031=G12341765432170", "twice"),
        ("💉", "unknown"),
        ("=>01903", "length"),
        ("=>0190311", "length"),
        ("&>018365235", "length"),
        ("=<S12954A", "length"),
        ("=<S12954A00", "length"),
        ("=G1234176543217", "length"),
        ("=G12341765432171", "din"),
        ("=GO2341765432170", "din"),
        ("=g12341765432170", "din"),
        ("=<s12954A0", "code"),
        ("=<112954A0", "code"),
        ("=<S12954A-", "code"),
        ("=/O9997XYZ100T0479", "code"),
        ("=/A9997xyz100T0479", "code"),
        ("=,00001 ", "length"),
        ("=,0000-1", "code"),
        ("=>019000", "day"),
        ("=>019366", "day"),
        ("=>020367", "day"),
        ("=>019999", "day"),
        ("=>119031", "day"),
        ("=>919031", "day"),
        ("=>01 031", "day"),
        ("=>+19031", "day"),
        ("&>0190000000", "day"),
        ("&>0190012400", "time"),
        ("&>0190011260", "time"),
        ("&*017009-330", "time"),
        ("&*0170099999", "time"),
    ] {
        assert_eq!(
            Scanned::read(scan).as_ref().map_err(kind),
            Err(why),
            "{scan:?}"
        );
        let _ = Scanned::read(scan).map_err(|refusal| refusal.to_string());
    }
}

#[test]
fn no_scan_makes_it_panic() {
    let whole = "=+04000=/A9997XYZ100T0479=A99991712345600=,000012=>019031";
    for end in 0..whole.len() {
        for sign in ["", "é", "\u{0}", "=", "9"] {
            let (before, after) = whole.split_at(end);
            let _ = Scanned::read(&format!("{before}{sign}"));
            let _ = Scanned::read(&format!("{before}{sign}{after}"));
        }
    }
    let _ = Scanned::read(&"=>019031".repeat(10_000));
    let _ = Scanned::read(&format!("=+99000{}", "=>019031".repeat(10_000)));
}
