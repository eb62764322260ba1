//! The names that units are made of.

/// What kind of name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// No name: a plain number, or a power of ten alone.
    Plain,
    /// Whole things that are counted.
    Count,
    /// A unit that takes a metric prefix.
    Metric,
    /// A unit that takes none.
    Other,
    /// A temperature on a scale with degrees below zero.
    Temperature,
    /// A logarithm.
    Logarithm,
}

macro_rules! atoms {
    ($($name:ident: $sort:ident $symbol:literal $singular:literal $ucum:literal;)*) => {
        /// A name of a unit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Atom {$($name,)*}

        impl Atom {
            /// Every name.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// As a document writes it, of several.
            pub fn symbol(self) -> &'static str {
                match self { $(Self::$name => $symbol,)* }
            }

            /// Of one.
            pub fn singular(self) -> &'static str {
                match self { $(Self::$name => $singular,)* }
            }

            /// Its code in UCUM.
            pub fn ucum(self) -> &'static str {
                match self { $(Self::$name => $ucum,)* }
            }

            pub fn sort(self) -> Sort {
                match self { $(Self::$name => Sort::$sort,)* }
            }
        }
    };
}

// UCUM: Regenstrief Institute, The Unified Code for Units of Measure, version 2.1; what it has no code for is an
// annotation in braces.
atoms! {
    One: Plain "" "" "1";
    Percent: Other "%" "%" "%";
    PartsPerMillion: Other "ppm" "ppm" "[ppm]";
    Fold: Other "x" "x" "{fold}";
    Gravity: Other "x g" "x g" "[g]";
    Logarithm: Logarithm "log10" "log10" "{log10}";
    Acidity: Other "pH" "pH" "[pH]";

    Cells: Count "cells" "cell" "{cells}";
    Mononuclear: Count "MNC" "MNC" "{MNC}";
    Copies: Count "copies" "copy" "{copies}";
    Colonies: Count "colonies" "colony" "{colonies}";
    Particles: Count "particles" "particle" "{particles}";
    Events: Count "events" "event" "{events}";
    Spots: Count "spots" "spot" "{spots}";
    Passages: Count "passages" "passage" "{passages}";
    Vessels: Count "vessels" "vessel" "{vessels}";
    Flasks: Count "flasks" "flask" "{flasks}";
    Plates: Count "plates" "plate" "{plates}";
    Wells: Count "wells" "well" "{wells}";
    Fields: Count "fields" "field" "{fields}";
    Bags: Count "bags" "bag" "{bags}";
    Vials: Count "vials" "vial" "{vials}";
    Units: Count "units" "unit" "{units}";
    Doublings: Other "doublings" "doubling" "{doublings}";

    ColonyFormingUnits: Other "CFU" "CFU" "[CFU]";
    ColonyFormingFibroblasts: Other "CFU-F" "CFU-F" "{CFU-F}";
    PlaqueFormingUnits: Other "PFU" "PFU" "[PFU]";
    InfectiousDoses: Other "TCID50" "TCID50" "[TCID_50]";
    EndotoxinUnits: Other "EU" "EU" "[EU]";
    InternationalUnits: Metric "IU" "IU" "[IU]";
    EnzymeUnits: Metric "U" "U" "U";
    FluorescenceIntensity: Other "MFI" "MFI" "{MFI}";
    LightUnits: Other "RLU" "RLU" "{RLU}";
    OpticalDensity: Other "OD" "OD" "{OD}";
    ThresholdCycles: Other "Ct" "Ct" "{Ct}";

    Gram: Metric "g" "g" "g";
    Dalton: Metric "Da" "Da" "u";
    Mole: Metric "mol" "mol" "mol";
    Equivalent: Metric "Eq" "Eq" "eq";
    Osmole: Metric "Osm" "Osm" "osm";
    Litre: Metric "L" "L" "L";
    Metre: Metric "m" "m" "m";
    Second: Metric "s" "s" "s";
    Minute: Other "min" "min" "min";
    Hour: Other "h" "h" "h";
    Day: Other "d" "d" "d";
    Week: Other "wk" "wk" "wk";
    Month: Other "mo" "mo" "mo";
    Celsius: Temperature "°C" "°C" "Cel";
    Kelvin: Metric "K" "K" "K";
    Pascal: Metric "Pa" "Pa" "Pa";
    Bar: Metric "bar" "bar" "bar";
    MercuryColumn: Other "mmHg" "mmHg" "mm[Hg]";
    Gray: Metric "Gy" "Gy" "Gy";
    Becquerel: Metric "Bq" "Bq" "Bq";
    Volt: Metric "V" "V" "V";
    Ampere: Metric "A" "A" "A";
    Watt: Metric "W" "W" "W";
    Hertz: Metric "Hz" "Hz" "Hz";
}

/// Metric prefixes with their codes in UCUM; the first is none.
pub const PREFIXES: [(&str, &str); 13] = [
    ("", ""),
    ("f", "f"),
    ("p", "p"),
    ("n", "n"),
    ("µ", "u"),
    ("m", "m"),
    ("c", "c"),
    ("d", "d"),
    ("h", "h"),
    ("k", "k"),
    ("M", "M"),
    ("G", "G"),
    ("T", "T"),
];
/// A thousandth, in [`PREFIXES`].
pub const MILLI: u8 = 5;
/// A hundredth.
pub const CENTI: u8 = 6;
/// A thousand times.
pub const KILO: u8 = 9;
