#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::decimal::{DecimalSign, NotANumber};

#[test]
fn each_unit_has_one_symbol_one_print_and_one_code() {
    for (symbol, print, ucum) in [
        ("%", "%", "%"),
        ("cells", "cells", "{cells}"),
        ("10^6 cells", "× 10⁶ cells", "10*6{cells}"),
        ("10^6 cells/mL", "× 10⁶ cells/mL", "10*6{cells}/mL"),
        ("cells/mL", "cells/mL", "{cells}/mL"),
        ("cells/cm2", "cells/cm²", "{cells}/cm2"),
        ("cm2", "cm²", "cm2"),
        ("mL", "mL", "mL"),
        ("L", "L", "L"),
        ("µL", "µL", "uL"),
        ("°C", "°C", "Cel"),
        ("°C/min", "°C/min", "Cel/min"),
        ("h", "h", "h"),
        ("min", "min", "min"),
        ("d", "d", "d"),
        ("kg", "kg", "kg"),
        ("g", "g", "g"),
        ("x g", "× g", "[g]"),
        ("EU/mL", "EU/mL", "[EU]/mL"),
        ("EU/kg", "EU/kg", "[EU]/kg"),
        ("EU/kg/h", "EU/kg/h", "[EU]/kg/h"),
        ("IU/mL", "IU/mL", "[IU]/mL"),
        ("IU", "IU", "[IU]"),
        ("10^6 cells/kg", "× 10⁶ cells/kg", "10*6{cells}/kg"),
        ("10^6/kg", "× 10⁶/kg", "10*6/kg"),
        ("cells/kg", "cells/kg", "{cells}/kg"),
        ("per 10^6 MNC", "per 10⁶ MNC", "/10*6{MNC}"),
        ("per 1000 cells", "per 1000 cells", "/10*3{cells}"),
        ("x", "fold", "{fold}"),
        ("none", "", "1"),
        ("pg/mL", "pg/mL", "pg/mL"),
        ("ng/10^6 cells", "ng/10⁶ cells", "ng/10*6{cells}"),
        ("ng/10^6 cells/d", "ng/10⁶ cells/d", "ng/10*6{cells}/d"),
        ("CFU/mL", "CFU/mL", "[CFU]/mL"),
        ("CFU/4 h", "CFU/4 h", "[CFU]/(4.h)"),
        ("CFU/m3", "CFU/m³", "[CFU]/m3"),
        ("particles/m3", "particles/m³", "{particles}/m3"),
        ("copies/cell", "copies/cell", "{copies}/{cells}"),
        ("copies/µg", "copies/µg", "{copies}/ug"),
        ("mosm", "", ""),
        ("mOsm/kg", "mOsm/kg", "mosm/kg"),
        ("mmol/L", "mmol/L", "mmol/L"),
        ("kPa", "kPa", "kPa"),
        ("hPa", "hPa", "hPa"),
        ("pH", "pH", "[pH]"),
        ("per h", "per h", "/h"),
        ("TCID50/mL", "TCID50/mL", "[TCID_50]/mL"),
        ("ng/mg", "ng/mg", "ng/mg"),
        ("cells/10^6 cells", "cells/10⁶ cells", "{cells}/10*6{cells}"),
        ("MPa", "MPa", "MPa"),
        ("MIU", "MIU", "M[IU]"),
    ] {
        let Ok(measure) = symbol.parse::<Measure>() else {
            assert_eq!(symbol, "mosm");
            continue;
        };
        assert_eq!(measure.symbol(), symbol);
        assert_eq!(measure.to_string(), print, "{symbol}");
        assert_eq!(measure.ucum(), ucum, "{symbol}");
        let stored = serde_json::to_string(&measure).unwrap();
        assert_eq!(stored, format!("\"{symbol}\""));
        assert_eq!(serde_json::from_str::<Measure>(&stored).unwrap(), measure);
    }
}

#[test]
fn other_spellings_are_the_same_unit() {
    for (spelled, symbol) in [
        ("cells/cm²", "cells/cm2"),
        ("cells/cm^2", "cells/cm2"),
        ("cell/mL", "cells/mL"),
        ("copies/cells", "copies/cell"),
        ("10⁶ cells/kg", "10^6 cells/kg"),
        ("× 10⁶ cells/kg", "10^6 cells/kg"),
        ("1000000 cells", "10^6 cells"),
        ("per 10^3 cells", "per 1000 cells"),
        ("1/h", "per h"),
        ("ug/mL", "µg/mL"),
        ("μg/mL", "µg/mL"),
        ("× g", "x g"),
        ("fold", "x"),
    ] {
        let measure: Measure = spelled.parse().unwrap();
        assert_eq!(measure.symbol(), symbol, "{spelled}");
        assert_eq!(measure.symbol().parse(), Ok(measure), "{spelled}");
    }
}

#[test]
fn the_constants_are_the_units_of_their_symbols() {
    for (measure, symbol) in [
        (Measure::PLAIN, "none"),
        (Measure::PERCENT, "%"),
        (Measure::CELLS, "cells"),
        (Measure::MILLION_CELLS, "10^6 cells"),
        (Measure::CELLS_PER_MILLILITRE, "cells/mL"),
        (Measure::SQUARE_CENTIMETRE, "cm2"),
        (Measure::MILLILITRE, "mL"),
        (Measure::CELSIUS, "°C"),
        (Measure::KILOGRAM, "kg"),
        (Measure::ENDOTOXIN_PER_MILLILITRE, "EU/mL"),
        (Measure::INTERNATIONAL_UNITS_PER_MILLILITRE, "IU/mL"),
        (Measure::MILLION_CELLS_PER_KILOGRAM, "10^6 cells/kg"),
        (Measure::CELLS_PER_KILOGRAM, "cells/kg"),
        (Measure::PER_MILLION_MONONUCLEAR, "per 10^6 MNC"),
        (Measure::PER_THOUSAND_CELLS, "per 1000 cells"),
        (Measure::FOLD, "x"),
    ] {
        assert_eq!(symbol.parse(), Ok(measure));
        assert_eq!(measure.symbol(), symbol);
    }
}

#[test]
fn a_unit_that_is_not_in_the_grammar_is_refused_with_those_near_it() {
    for (symbol, words) in [
        ("", "a term is empty"),
        ("percent", "“percent” is no name of a unit."),
        ("ml", "“ml” is no name of a unit. Near it are mL"),
        ("EU/ml", "Near it are mL"),
        ("cels", "Near it are cells"),
        ("Cells", "Near it are cells"),
        ("10^6cells", "write a space after the number"),
        ("10^x cells", "is no whole number or power of ten"),
        ("10^99 cells", "is no whole number or power of ten"),
        ("10^0 cells", "is no whole number or power of ten"),
        ("0 cells", "is no whole number or power of ten"),
        ("99999 cells", "is no whole number or power of ten"),
        ("% ", "“% ” is no name of a unit"),
        ("pg/", "a term is empty"),
        ("pg//mL", "a term is empty"),
        ("/mL", "a term is empty"),
        ("pg/1", "a 1 below the line says nothing"),
        ("1", "write “none” for a plain number"),
        ("a/b/c", "is no name of a unit"),
        ("g/L/h/d/min", "at most 3 terms stand below the line"),
        ("mmin", "is no name of a unit"),
        ("mL/mL/mL/mL", "it divides L by itself"),
        ("%/%", "it divides % by itself"),
        ("cells/cell", "it divides cells by itself"),
        ("EU/kg/h/kg", "g stands below the line twice"),
        ("mg/mL/L", "L stands below the line twice"),
        ("ML", "write mL if that is meant"),
        ("cells/ML", "write mL if that is meant"),
        ("Mg", "write mg if that is meant"),
        ("GL", "write mL if that is meant"),
        ("Mm2", "write mm2 if that is meant"),
        ("kcells", "is no name of a unit"),
        ("g2", "is no name of a unit"),
        ("cm4", "is no name of a unit"),
        ("mg/mL;DROP", "is no name of a unit"),
        ("=1+1", "is no name of a unit"),
    ] {
        let refused = symbol.parse::<Measure>().unwrap_err().to_string();
        assert!(
            refused.starts_with(&format!("“{symbol}” is no known unit: ")),
            "{refused}"
        );
        assert!(refused.contains(words), "{refused}");
        assert!(refused.chars().count() < 400, "{refused}");
    }
    let long = "g/".repeat(10_000);
    assert!(long.parse::<Measure>().is_err());
}

// A11-4.7
#[test]
fn a_value_outside_nature_is_refused() {
    let unit = |symbol: &str| symbol.parse::<Measure>().unwrap();
    let cases = [
        ("%", "0", None),
        ("%", "100", None),
        ("%", "100.0", None),
        (
            "%",
            "100.1",
            Some("100.1 % can't be: the greatest possible value is 100 %. Check the figure."),
        ),
        (
            "%",
            "-0.1",
            Some("-0.1 % can't be: the least possible value is 0 %. Check the figure."),
        ),
        ("cells", "0", None),
        (
            "cells",
            "-1",
            Some("-1 cells can't be: the least possible value is 0 cells. Check the figure."),
        ),
        ("cells", "1000.0", None),
        (
            "cells",
            "1000.5",
            Some(
                "1000.5 cells can't be: cells are counted as whole ones. Check the figure and its unit.",
            ),
        ),
        (
            "bags",
            "1.5",
            Some(
                "1.5 bags can't be: bags are counted as whole ones. Check the figure and its unit.",
            ),
        ),
        ("10^6 cells", "1.500000", None),
        ("10^6 cells", "1.0000010", None),
        (
            "10^6 cells",
            "1.0000005",
            Some(
                "1.0000005 × 10⁶ cells can't be: cells are counted as whole ones. Check the figure and its unit.",
            ),
        ),
        ("cells/mL", "0.5", None),
        (
            "pg/mL",
            "-1",
            Some("-1 pg/mL can't be: the least possible value is 0 pg/mL. Check the figure."),
        ),
        ("°C", "-196", None),
        ("°C", "-273.15", None),
        (
            "°C",
            "-273.16",
            Some("-273.16 °C can't be: the least possible value is -273.15 °C. Check the figure."),
        ),
        // A rate of cooling.
        ("°C/min", "-1", None),
        ("none", "-3", None),
        ("log10", "-3", None),
        ("x", "250", None),
        (
            "x",
            "-1",
            Some("-1-fold can't be: the least possible value is 0-fold. Check the figure."),
        ),
    ];
    for (symbol, value, refused) in cases {
        let value: Decimal = value.parse().unwrap();
        let words = unit(symbol).check(value).err().map(|e| e.to_string());
        assert_eq!(words.as_deref(), refused, "{symbol} {value}");
    }
}

#[test]
fn a_number_is_followed_by_its_unit_as_print_has_it() {
    for (symbol, number, shown) in [
        ("%", "79.9", "79.9 %"),
        ("none", "3", "3"),
        ("cells", "1", "1 cell"),
        ("cells", "0", "0 cells"),
        ("cells", "2", "2 cells"),
        ("cells/mL", "1", "1 cell/mL"),
        ("copies/cell", "1", "1 copy/cell"),
        ("10^6 cells/kg", "1", "1 × 10⁶ cells/kg"),
        ("10^6 cells/kg", "1.5", "1.5 × 10⁶ cells/kg"),
        ("per 10^6 MNC", "31", "31 per 10⁶ MNC"),
        ("x g", "400", "400 × g"),
        ("x", "250", "250-fold"),
    ] {
        let unit: Measure = symbol.parse().unwrap();
        assert_eq!(unit.after(number), shown, "{symbol}");
    }
}

// A11-4.7, DI-4: what people and machines write into a field with a unit, each with the one value that it means.
#[test]
fn a_number_in_a_unit_has_one_value_or_is_refused() {
    let value = |text: &str| Ok(text.parse::<Decimal>().unwrap());
    let cases: [(&str, &str, Result<Decimal, &str>); 34] = [
        // A per cent can't be 97,647: a Vi-CELL prints three decimals.
        ("%", "97.647", value("97.647")),
        ("%", "97,647", value("97.647")),
        ("%", "0.467", value("0.467")),
        ("%", "1.000", value("1.000")),
        ("°C", "37.125", value("37.125")),
        ("°C", "−196", value("-196")),
        ("°C", "−80,5 °C", value("-80.5")),
        // A concentration can be either.
        (
            "cells/mL",
            "97.647",
            Err("can be read in two ways. Write 97647 if thousands are meant, or 97.6470"),
        ),
        ("10^6 cells", "1.234", Err("can be read in two ways")),
        (
            "cells",
            "97.647",
            Err("can be read in two ways. Write 97647"),
        ),
        ("none", "1.005", Err("can be read in two ways")),
        // The unit of the field after the number.
        ("mL", "5 mL", value("5")),
        ("mL", "5ml", value("5")),
        ("%", "5 %", value("5")),
        ("%", "5％", value("5")),
        ("%", "97.647 %", value("97.647")),
        ("cells", "1 cell", value("1")),
        ("cells", "1.6e8 cells", value("160000000")),
        ("cells/mL", "1.6 × 10^6 cells/mL", value("1600000")),
        (
            "10^6 cells/mL",
            "1.6 × 10⁶ cells/mL",
            Err("is in cells/mL; this field is in × 10⁶ cells/mL"),
        ),
        ("10^6 cells/mL", "1.6", value("1.6")),
        ("cm2", "175 cm²", value("175")),
        ("x g", "400 x g", value("400")),
        ("EU/mL", "0.5 EU/mL", value("0.5")),
        ("EU/mL", "0.5 eu/ml", value("0.5")),
        // Another unit, by its name.
        (
            "mL",
            "5 L",
            Err("is in L; this field is in mL. Nothing is converted"),
        ),
        ("mL", "5 %", Err("is in %; this field is in mL")),
        ("kg", "70000 g", Err("is in g; this field is in kg")),
        ("none", "5 %", Err("is in %; this field has no unit")),
        ("%", "5 mL", Err("is in mL; this field is in %")),
        ("mL", "5 drops", Err("has more than a number")),
        // A power of ten, where the unit has one.
        (
            "10^6 cells",
            "1.6e8",
            Err("has a power of ten, and so has the unit of this field (× 10⁶ cells)"),
        ),
        ("kg", "=A99991712345600", Err("This is a DIN scan.")),
        ("%", "", Err("Nothing is entered")),
    ];
    for (symbol, typed, expected) in cases {
        let quantity = Quantity::from(symbol.parse::<Measure>().unwrap());
        let read = quantity.read(typed, DecimalSign::Either);
        match expected {
            Ok(value) => assert_eq!(read, Ok(value), "{typed} in {symbol}"),
            Err(words) => {
                let said = read.unwrap_err().to_string();
                assert!(said.contains(words), "{typed} in {symbol}: {said}");
            }
        }
    }
}

#[test]
fn plausible_bounds_choose_between_two_readings_alone() {
    let volume = Quantity::between(Measure::MILLILITRE, Decimal::ZERO, Decimal::from(2000));
    let weight = Quantity::between(Measure::KILOGRAM, Decimal::TWO, Decimal::from(400));
    let read = |quantity: Quantity, text| quantity.read(text, DecimalSign::Either);
    assert_eq!(read(weight, "70.125"), Ok("70.125".parse().unwrap()));
    assert_eq!(read(volume, "97.647"), Ok("97.647".parse().unwrap()));
    assert!(matches!(
        read(volume, "1.500"),
        Err(NotANumber::Ambiguous { .. })
    ));
    // A value beyond the bounds is read, and refused by its own rule.
    assert_eq!(read(weight, "401"), Ok(Decimal::from(401)));
    assert!(matches!(
        weight.read_non_negative("−70", DecimalSign::Either),
        Err(NotANumber::Negative { .. })
    ));
}
