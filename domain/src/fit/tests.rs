#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::{master_record, specification};

fn found(record: &str, specification: &str) -> Vec<String> {
    let record = MasterRecord::parse(record).unwrap();
    let specification = Specification::parse(specification).unwrap();
    let found = misfits(&record, &specification).into_iter();
    found.map(|misfit| misfit.to_string()).collect()
}

const RECORD: &str = master_record::BM_MSC;
const SPECIFICATION: &str = specification::BM_MSC;

#[test]
fn the_documents_that_ship_fit() {
    assert_eq!(found(RECORD, SPECIFICATION), Vec::<String>::new());
}

#[test]
fn what_one_document_asks_for_and_the_other_lacks_is_a_misfit() {
    let in_spec = |from: &str, to: &str| (RECORD.to_owned(), SPECIFICATION.replace(from, to));
    let in_record = |from: &str, to: &str| (RECORD.replace(from, to), SPECIFICATION.to_owned());
    let first = |(record, specification): (String, String)| {
        assert!(record != RECORD || specification != SPECIFICATION);
        found(&record, &specification).into_iter().next()
    };
    let point = "sample_point = \"in-process\"";
    for (documents, words) in [
        (
            in_spec(point, "sample_point = \"in-proces\""),
            "criterion “viability-in-process” is tested at sample point “in-proces”, and no step of the master record \
             takes that sample (it has: in-process, final-product)",
        ),
        (
            in_record(point, "sample_point = \"in-proces\""),
            "criterion “viability-in-process” is tested at sample point “in-process”, and no step of the master record \
             takes that sample (it has: in-proces, final-product)",
        ),
        (
            // The culture may end after P1.
            in_record("only_passages = [1]", "only_passages = [2, 3]"),
            "criterion “viability-in-process” is tested at sample point “in-process”, which a batch can pass without a \
             sample: the culture may end before the passages in which it is taken",
        ),
        (
            in_record(
                "sample_point = \"final-product\"",
                "recurring = true\nsample_point = \"final-product\"",
            ),
            "criterion “viability” is tested at sample point “final-product”, which a batch can pass without a sample: a \
             recurring step may be left out",
        ),
        (
            in_spec("frozen_days = 365", "formulated_hours = 24"),
            "step “freeze” stores units, and the specification states no frozen_days in [shelf_life]",
        ),
        (
            in_record(
                "target_viable_per_kg = \"2000000\"",
                "target_viable_per_kg = \"999999\"",
            ),
            "the culture ends at 999999 viable cells per kg, which is less than the least dose of 1000000 cells per kg",
        ),
    ] {
        assert_eq!(first(documents).as_deref(), Some(words));
    }
    let other = in_spec(
        "product = \"Autologous bone-marrow mesenchymal",
        "product = \"Adipose mesenchymal",
    );
    assert!(first(other).is_some_and(|words| words.contains("the specification is for “Adipose")));
    // At the boundary: the least dose itself, and a passage that each batch has.
    for (record, specification) in [
        in_record(
            "target_viable_per_kg = \"2000000\"",
            "target_viable_per_kg = \"1000000\"",
        ),
        in_record("only_passages = [1]", "only_passages = [1, 2]"),
    ] {
        assert_eq!(found(&record, &specification), Vec::<String>::new());
    }
    // A sample that nothing is tested in.
    let (record, _) = in_record(
        "[[step]]\nkey = \"closing\"",
        "[[step]]\nkey = \"more\"\ntitle = \"More\"\nkind = \"sample\"\nsample_point = \"more\"\ninstruction = \"Take.\"\n\n\
         [[step]]\nkey = \"closing\"",
    );
    assert_eq!(
        found(&record, SPECIFICATION),
        [
            "step “more” takes a sample at “more”, and no criterion of the specification is tested there"
        ]
    );
    // In process, and nothing that waits for it: a step that is done only while the batch is on hold waits for nothing.
    let (last, _) = in_record(
        "[[step]]\nkey = \"hold-assessment\"",
        "[[step]]\nkey = \"last\"\ntitle = \"Last\"\nkind = \"sample\"\nsample_point = \"last\"\ninstruction = \"Take.\"\n\n\
         [[step]]\nkey = \"hold-assessment\"",
    );
    let judged = SPECIFICATION.replace(point, "sample_point = \"last\"");
    assert_eq!(
        found(&last, &judged),
        [
            "criterion “viability-in-process” is to be met before the next step, and no step follows the sample at “last”",
            "step “in-process-sample” takes a sample at “in-process”, and no criterion of the specification is tested there",
        ]
    );
    let (unstored, _) = in_record("kind = \"freeze\"", "kind = \"checklist\"");
    let without_dose = SPECIFICATION.replace(
        "[dose]\nminimum = 1\nmaximum = 2\nunit = \"10^6 cells/kg\"\nsource = \"NCT02239393\"\n",
        "",
    );
    assert_ne!(without_dose, SPECIFICATION);
    for specification in [SPECIFICATION, &without_dose] {
        assert_eq!(
            found(&unstored, specification),
            ["no step of the master record stores units, so there would be nothing to release"]
        );
    }
}

#[test]
fn a_unit_keeps_until_the_results_count_that_it_waits_for() {
    let fresh = RECORD.replace(
        "kind = \"freeze\"\nkeeps_alive = true",
        "kind = \"formulate\"",
    );
    assert_ne!(fresh, RECORD);
    let frozen =
        |days: u32| SPECIFICATION.replace("frozen_days = 365", &format!("frozen_days = {days}"));
    let formulated = |hours: u32| {
        SPECIFICATION.replace("frozen_days = 365", &format!("formulated_hours = {hours}"))
    };
    let too_short = |figure: &str| {
        vec![format!(
            "a pass of criterion “sterility” counts 7 days after sampling or later, when the units of step “freeze” are past their \
             {figure} and none could be released; lengthen the one, or shorten the other, or judge the criterion \
             after_release"
        )]
    };
    let after = |text: String| {
        let (before, from) = text.split_once("key = \"sterility\"").unwrap();
        let later = from.replacen("stage = \"before_release\"", "stage = \"after_release\"", 1);
        format!("{before}key = \"sterility\"{later}")
    };
    // In process: the culture waits for the result, not the unit.
    let in_process = |text: String| {
        let (before, from) = text.split_once("key = \"sterility\"").unwrap();
        let earlier = from.replacen("\"final-product\"", "\"in-process\"", 1);
        format!("{before}key = \"sterility\"{earlier}")
    };
    for (record, specification, wanted) in [
        (RECORD, frozen(5), too_short("frozen_days = 5")),
        (RECORD, frozen(6), too_short("frozen_days = 6")),
        (RECORD, frozen(7), Vec::new()),
        (RECORD, after(frozen(5)), Vec::new()),
        (RECORD, in_process(frozen(5)), Vec::new()),
        (&fresh, formulated(24), too_short("formulated_hours = 24")),
        (&fresh, formulated(143), too_short("formulated_hours = 143")),
        (&fresh, formulated(144), Vec::new()),
        (&fresh, after(formulated(24)), Vec::new()),
    ] {
        assert_eq!(found(record, &specification), wanted);
    }
}
