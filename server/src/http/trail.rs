//! The audit trail of a batch as it is copied: who, what, old, new, why, when.

use app::zone::Zone;
use domain::ledger::{Entry, NotAnEntry};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Which entries are copied. Every part that is given has to fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    /// Part of the person's name.
    pub who: String,
    /// The kind of entry, such as `entry-corrected`.
    pub kind: String,
    /// Part of what it is about, such as a step or a criterion.
    pub about: String,
    /// Part of any text of the entry.
    pub text: String,
}

impl Filter {
    /// The filter in words, as it stands on the copy (P11-10e3).
    pub fn named(&self) -> String {
        let parts = [
            ("by", &self.who),
            ("kind", &self.kind),
            ("about", &self.about),
            ("text", &self.text),
        ];
        let given: Vec<_> = parts
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("{name}: {text}"))
            .collect();
        if given.is_empty() {
            "none: all entries".to_owned()
        } else {
            given.join("; ")
        }
    }

    /// Whether a line is copied.
    pub fn takes(&self, line: &Line) -> bool {
        let holds =
            |text: &str, part: &str| text.to_lowercase().contains(&part.trim().to_lowercase());
        let all = line.cells().join("\n");
        (self.kind.is_empty() || self.kind == line.kind)
            && holds(&line.who, &self.who)
            && holds(&line.about, &self.about)
            && holds(&all, &self.text)
    }
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its place in the batch.
    pub number: u64,
    /// Its place in the site's ledger.
    pub position: u64,
    /// When the server recorded it, in UTC.
    pub recorded_at: String,
    /// The same in the zone of the site.
    pub recorded_at_site: String,
    /// The person's name as printed.
    pub who: String,
    /// The role in which they acted.
    pub role: String,
    /// What happened.
    pub kind: String,
    /// The step and field, sample and criterion, deviation, unit or dose that it is about.
    pub about: String,
    /// The value before.
    pub old: String,
    /// The value from now on.
    pub new: String,
    /// Why.
    pub why: String,
    /// What else it says.
    pub more: String,
    /// The hash of the entry in the ledger's tree.
    pub leaf_hash: String,
}

/// The headings of the columns, in the order of [`Line::cells`].
pub const HEADINGS: [&str; 13] = [
    "number",
    "position",
    "recorded_at",
    "recorded_at_site",
    "who",
    "role",
    "kind",
    "about",
    "old",
    "new",
    "why",
    "more",
    "leaf_hash",
];

const ABOUT: [&str; 10] = [
    "step",
    "field",
    "code",
    "sample",
    "criterion",
    "number",
    "deviation",
    "exception",
    "unit",
    "dose",
];
const NEW: [&str; 9] = [
    "new",
    "value",
    "text",
    "description",
    "assessment",
    "impact",
    "class",
    "certificate",
    "statement",
];
const WHY: [&str; 4] = ["reason", "reasons", "evidence", "root_cause"];

impl Line {
    /// The line of an entry.
    pub fn of(entry: &Entry, zone: Zone) -> Result<Self, NotAnEntry> {
        let mut payload: Map<String, Value> = entry.payload.read().map_err(NotAnEntry::Json)?;
        let about = taken(&mut payload, &ABOUT).join(" / ");
        let old = taken(&mut payload, &["old"]).join("; ");
        let new = taken(&mut payload, &NEW).join("; ");
        let why = taken(&mut payload, &WHY).join("; ");
        Ok(Self {
            number: entry.version,
            position: entry.position,
            recorded_at: entry.recorded_at.to_string(),
            recorded_at_site: zone.shown(entry.recorded_at),
            who: entry.actor.name.clone(),
            role: entry.actor.role.clone(),
            kind: entry.kind.clone(),
            about,
            old,
            new,
            why,
            more: pairs(&payload),
            leaf_hash: entry.leaf_hash().to_string(),
        })
    }

    /// Its cells, in the order of [`HEADINGS`].
    pub fn cells(&self) -> [String; 13] {
        [
            self.number.to_string(),
            self.position.to_string(),
            self.recorded_at.clone(),
            self.recorded_at_site.clone(),
            self.who.clone(),
            self.role.clone(),
            self.kind.clone(),
            self.about.clone(),
            self.old.clone(),
            self.new.clone(),
            self.why.clone(),
            self.more.clone(),
            self.leaf_hash.clone(),
        ]
    }
}

fn taken(payload: &mut Map<String, Value>, keys: &[&str]) -> Vec<String> {
    let words = keys
        .iter()
        .filter_map(|key| payload.remove(*key))
        .map(|value| words(&value));
    words.filter(|words| !words.is_empty()).collect()
}

fn pairs(object: &Map<String, Value>) -> String {
    let pair = |(key, value): (&String, &Value)| match words(value) {
        words if words.is_empty() => None,
        words => Some(format!("{}: {words}", key.replace('_', " "))),
    };
    object
        .iter()
        .filter_map(pair)
        .collect::<Vec<_>>()
        .join("; ")
}

/// A value of a payload in words: `{"number":"72"}` is 72, `{"sign":"<","bound":"0.05"}` is < 0.05.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(answer) => if *answer { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(object) => {
            match (object.get("sign"), object.get("bound"), object.get("value")) {
                (Some(sign), Some(bound), _) => format!("{} {}", words(sign), words(bound)),
                (_, _, Some(value)) if object.contains_key("kind") => words(value),
                _ if object.len() == 1 => object.values().map(words).collect(),
                _ => pairs(object),
            }
        }
    }
}

/// A table for a spreadsheet. Its last column names the filter, on every line of the copy.
pub fn csv(lines: &[Line], filter: &Filter) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS.iter().chain(&["filter"]))?;
    let named = filter.named();
    for line in lines {
        let cells = line.cells();
        let cells = cells.iter().map(String::as_str).chain([named.as_str()]);
        writer.write_record(cells.map(inert))?;
    }
    if lines.is_empty() {
        let empty = std::iter::repeat_n("", HEADINGS.len()).chain([named.as_str()]);
        writer.write_record(empty.map(inert))?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// A cell that a spreadsheet doesn't take for a formula.
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["72", "a=b", "", "'quoted'"] {
            assert_eq!(inert(text), text);
        }
    }

    #[test]
    fn values_of_the_record_are_told_in_words() {
        for (json, said) in [
            (r#"{"number":"72"}"#, "72"),
            (r#"{"yes-no":true}"#, "yes"),
            (r#"{"kind":"number","value":"97.0"}"#, "97.0"),
            (
                r#"{"kind":"censored","value":{"sign":"<","bound":"0.05"}}"#,
                "< 0.05",
            ),
            (r#"["a","b"]"#, "a, b"),
            ("null", ""),
            (r#"{"a_b":"1","c":"2"}"#, "a b: 1; c: 2"),
        ] {
            assert_eq!(words(&serde_json::from_str(json).unwrap()), said, "{json}");
        }
    }

    #[test]
    fn the_copy_names_its_filter_also_where_nothing_fits() {
        // P11-10e3
        let filter = Filter {
            kind: "entry-corrected".to_owned(),
            ..Filter::default()
        };
        let copy = String::from_utf8(csv(&[], &filter).unwrap()).unwrap();
        assert!(copy.ends_with(",kind: entry-corrected\n"), "{copy}");
    }
}
