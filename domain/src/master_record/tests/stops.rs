//! What a document says of stops and of days, and what is refused of it.

use super::*;
use crate::master_record::LiftedBy;

/// A receipt with a stop of each kind, and the step that assesses one.
const STOPS: &str = r#"key = "SMALL"
version = 1
title = "A small process"
product = "Cells"
late_after_minutes = 60
[[step]]
key = "receipt"
title = "Receipt"
kind = "receive"
keeps_alive = true
instruction = "Receive."
field = [
  { key = "identity", label = "Identity agrees", type = "yes-no", expected = ["yes"], required = true, stop = "identifiers" },
  { key = "intact", label = "Container", type = "choice", choices = ["intact", "open"], expected = ["intact"], required = true, stop = "hold/usable" },
  { key = "temperature", label = "Temperature", type = "number", unit = "°C", limit = "<= 25", required = true, site_choice = true, stop = "nothing" },
  { key = "expiry", label = "Expiry", type = "day", future = true, limit = ">= performed_at", required = true, site_choice = true, stop = "hold/usable" },
]
[[step]]
key = "formulate"
title = "Formulation"
kind = "checklist"
instruction = "Formulate."
[[step]]
key = "hold"
title = "Assessment"
kind = "assess"
instruction = "Look."
field = [
  { key = "usable", label = "Usable", type = "yes-no", expected = ["yes"], required = true },
  { key = "note", label = "Note", type = "text" },
]
"#;

#[test]
fn a_stop_names_what_lifts_it() {
    let record = MasterRecord::parse(STOPS).unwrap();
    let receipt = record.step("receipt").unwrap();
    assert!(receipt.keeps_alive);
    assert!(!record.step("formulate").unwrap().keeps_alive);
    let lifted_by = |key: &str| receipt.field(key).unwrap().stop.clone();
    let usable = LiftedBy::Entry {
        step: "hold".to_owned(),
        field: "usable".to_owned(),
    };
    assert_eq!(lifted_by("identity"), Some(LiftedBy::Identifiers));
    assert_eq!(lifted_by("intact"), Some(usable));
    assert_eq!(lifted_by("temperature"), Some(LiftedBy::Nothing));
    assert!(record.lifted_in("hold"));
    assert!(!record.lifted_in("receipt"));
}

// A11-4.7: what can't work is refused where it stands.
#[test]
fn a_stop_that_can_not_work_is_refused_with_line_and_reason() {
    let cases = [
        // What lifts it.
        (
            r#"stop = "hold/usable" },"#,
            r#"stop = "hold" },"#,
            14,
            "doesn't say what lifts the stop",
        ),
        (
            r#"stop = "hold/usable" },"#,
            r#"stop = "QA" },"#,
            14,
            "doesn't say what lifts the stop",
        ),
        (
            r#"stop = "hold/usable" },"#,
            r#"stop = "held/usable" },"#,
            14,
            "there is no step “held”",
        ),
        (
            r#"stop = "hold/usable" },"#,
            r#"stop = "hold/use" },"#,
            14,
            "step “hold” has no field “use”",
        ),
        (
            r#"stop = "hold/usable" },"#,
            r#"stop = "receipt/identity" },"#,
            14,
            "step “receipt” is of kind receive",
        ),
        (
            r#"stop = "hold/usable" },"#,
            r#"stop = "hold/note" },"#,
            14,
            "no answer to field “note” of step “hold” fails",
        ),
        // The stop itself.
        (
            r#"expected = ["yes"], required = true, stop = "identifiers""#,
            r#"required = true, stop = "identifiers""#,
            13,
            "no answer to it fails",
        ),
        (
            r#"expected = ["intact"], required"#,
            r#"expected = ["intact", "open"], required"#,
            14,
            "expected names every choice",
        ),
        (
            r#"limit = "<= 25", required = true, site_choice = true,"#,
            "required = true,",
            15,
            "no answer to it fails",
        ),
        (
            r#"expected = ["yes"], required = true, stop"#,
            r#"expected = ["yes"], stop"#,
            13,
            "it can be left out",
        ),
        // The steps.
        (
            r#"kind = "checklist""#,
            "kind = \"formulate\"\nkeeps_alive = true",
            22,
            "formulating makes units for the patient",
        ),
        (
            r#"kind = "assess""#,
            "kind = \"assess\"\nkeeps_alive = true",
            27,
            "only while the batch is on hold",
        ),
        (
            r#"kind = "assess""#,
            "kind = \"assess\"\nrecurring = true",
            23,
            "it is neither recurring nor due",
        ),
        (
            r#"kind = "assess""#,
            r#"kind = "checklist""#,
            14,
            "step “hold” is of kind checklist",
        ),
        (
            r#"{ key = "note", label = "Note", type = "text" },"#,
            r#"{ key = "note", label = "Note", type = "yes-no", expected = ["yes"], required = true, stop = "nothing" },"#,
            23,
            "it has none of its own",
        ),
        // Days.
        (
            r#"limit = ">= performed_at""#,
            r#"limit = ">= today""#,
            16,
            "is no limit of a day or a moment",
        ),
        (
            r#"limit = ">= performed_at""#,
            r#"limit = ">= performed_at + 2 hours""#,
            16,
            "a day is counted in days",
        ),
        (
            r#"future = true, limit"#,
            "limit",
            16,
            "write future = true",
        ),
        (
            r#"limit = ">= performed_at", required = true, site_choice = true"#,
            r#"limit = ">= performed_at", required = true"#,
            16,
            "the limit has no source",
        ),
        (
            r#"type = "text" }"#,
            r#"type = "text", limit = ">= performed_at", site_choice = true }"#,
            30,
            "only a number, a day and a moment have a limit",
        ),
    ];
    for (old, new, line, reason) in cases {
        assert!(STOPS.contains(old), "{old}");
        let refused = MasterRecord::parse(&STOPS.replacen(old, new, 1)).unwrap_err();
        assert!(refused.reason.contains(reason), "{new}: {refused:?}");
        assert_eq!(refused.line, line, "{new}: {refused:?}");
    }
    let idle = STOPS.replace(r#", stop = "hold/usable""#, r#", stop = "nothing""#);
    let refused = MasterRecord::parse(&idle).unwrap_err();
    assert!(
        refused
            .reason
            .contains("no stop is lifted by a field of it"),
        "{refused:?}"
    );
}

// ATMP-9: identity is a stop wherever it is asked; and what arrives damaged, unsealed, too cold or too warm stops the batch.
#[test]
fn the_stops_of_the_record_that_ships_are_these() {
    let record = shipped();
    let stops: Vec<_> = record
        .steps
        .iter()
        .flat_map(|step| {
            step.fields.iter().filter_map(|field| {
                let stop = field.stop.as_ref()?;
                Some(format!("{}/{}: {stop}", step.key, field.key))
            })
        })
        .collect();
    assert_eq!(
        stops,
        [
            "receipt/identity-match: identifiers",
            "receipt/container-intact: hold-assessment/material-usable",
            "receipt/seal-intact: hold-assessment/material-usable",
            "receipt/temperature-lowest: hold-assessment/material-usable",
            "receipt/temperature-highest: hold-assessment/material-usable",
            "line-clearance/cleared: hold-assessment/material-usable",
            "line-clearance/materials-released: hold-assessment/material-usable",
            "observe/contamination: hold-assessment/material-usable",
            "passage/identity-match: identifiers",
            "in-process-sample/label-checked: identifiers",
            "final-harvest/identity-match: identifiers",
            "final-product-sample/label-checked: identifiers",
            "freeze/identity-match: identifiers",
        ]
    );
    let not_alive: Vec<_> = record
        .steps
        .iter()
        .filter(|step| !step.keeps_alive)
        .map(|step| step.key.as_str())
        .collect();
    assert_eq!(not_alive, ["closing", "hold-assessment"]);
}
