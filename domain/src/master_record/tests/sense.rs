//! What is refused although it is spelled as documents are: what nobody can read, tell apart, meet or finish.

use super::*;

/// The record that ships with `old` replaced where it first stands.
fn with(old: &str, new: &str) -> String {
    assert!(BM_MSC.contains(old), "{old}");
    BM_MSC.replacen(old, new, 1)
}

/// It is refused with this reason, at the line in which `marker` first stands.
fn refused(text: &str, marker: &str, reason: &str) {
    let at = text
        .find(marker)
        .unwrap_or_else(|| panic!("no {marker:?} in the text"));
    let line = text[..at].matches('\n').count() + 1;
    match MasterRecord::parse(text) {
        Ok(_) => panic!("not refused, wanted “{reason}”"),
        Err(wrong) => {
            assert!(wrong.reason.contains(reason), "{wrong}; wanted “{reason}”");
            assert_eq!(wrong.line, line, "{wrong}");
        }
    }
}

#[test]
fn a_text_that_nobody_can_read_is_refused_by_its_place() {
    let long = |many: usize| "t".repeat(many);
    let title = "title = \"Line clearance\"";
    let label = "label = \"Culture area\"";
    for (old, new, reason) in [
        (
            title,
            "title = \"Line\\u0000 clearance\"".to_owned(),
            "title holds an invisible character (control character)",
        ),
        (
            title,
            "title = \"Line\\u202E clearance\"".to_owned(),
            "mark of the direction of writing",
        ),
        (
            title,
            "title = \"Line\\nclearance\"".to_owned(),
            "(line break)",
        ),
        (
            title,
            format!("title = \"{}\"", long(201)),
            "title has 201 characters; at most 200",
        ),
        (
            title,
            format!("title = \"{}\"", long(200_000)),
            "title has 200000 characters",
        ),
        (label, "label = \"\\u200B\"".to_owned(), "label is empty"),
        (label, "label = \"\\u200D\"".to_owned(), "label is empty"),
        (
            label,
            format!("label = \"{}\"", long(121)),
            "label has 121 characters; at most 120",
        ),
        (
            "hint = \"Number of vessels times the area of one\"",
            "hint = \"Number\\u2066of vessels\"".to_owned(),
            "hint holds an invisible character",
        ),
        (
            "source = \"every 3 to 4 days\"",
            format!("source = \"{}\"", long(4001)),
            "source has 4001 characters; at most 4000",
        ),
        (
            "product = \"Autologous",
            "product = \"\\u202EAutologous".to_owned(),
            "product holds an invisible character",
        ),
    ] {
        refused(&with(old, &new), &new, reason);
    }
    for allowed in [
        with(title, &format!("title = \"{}\"", long(200))),
        with(label, &format!("label = \"{}\"", long(120))),
        with(
            "instruction = \"Clear and",
            "instruction = \"Clear\\n\\tand",
        ),
    ] {
        assert!(MasterRecord::parse(&allowed).is_ok());
    }
    let key = format!("key = \"{}\"", long(61));
    refused(&with("key = \"buffer-lot\"", &key), &key, "at most 60");
}

#[test]
fn what_people_tell_apart_by_eye_differs_by_more_than_case_and_spaces() {
    for (old, new, marker, reason) in [
        (
            "label = \"Wash buffer, lot\"",
            "label = \"density  gradient medium, Lot\"",
            "label = \"density  gradient",
            "a field before is called “density  gradient medium, Lot” too",
        ),
        (
            "key = \"buffer-lot\"",
            "key = \"Gradient-lot\"",
            "key = \"Gradient-lot\"",
            "field “Gradient-lot” reads like “gradient-lot” of this step",
        ),
        (
            "title = \"Final harvest\"",
            "title = \"line Clearance\"",
            "title = \"line Clearance\"",
            "a step before is called “Line clearance” too",
        ),
        (
            "sample_point = \"final-product\"",
            "sample_point = \"In-process\"",
            "\"In-process\"",
            "sample point “In-process” reads like “in-process”",
        ),
        (
            "choices = [\"negative\", \"positive\"]\nexpected",
            "choices = [\"negative\", \"negative\\u200D\"]\nexpected",
            "choices = [\"negative\", \"negative\\u200D\"]",
            "holds an invisible character",
        ),
        (
            "choices = [\"negative\", \"positive\"]\nexpected",
            "choices = [\"negative\", \"negative\\u200B\"]\nexpected",
            "choices = [\"negative\", \"negative\\u200B\"]",
            "a choice holds an invisible character (zero-width space)",
        ),
        (
            "choices = [\"spindle-shaped\", \"mixed\"",
            "choices = [\"spindle-shaped\", \"mixed\", \" Mixed\"",
            "choices = [\"spindle-shaped\"",
            "“Mixed” stands twice in choices",
        ),
    ] {
        refused(&with(old, new), marker, reason);
    }
    // In two steps fields may be called the same.
    assert!(BM_MSC.matches("label = \"Room\"").count() > 1);
}

#[test]
fn a_limit_that_no_value_meets_or_every_one_is_refused_wherever_it_stands() {
    let check = "of = \"viability\"\nlimit = \">= 70\"";
    let sampled = "limit = \">= collected_at - 30 days and <= collected_at + 7 days\"";
    let volume = "limit = \">= 12 and <= 100\"";
    for (old, new, marker, reason) in [
        (
            check,
            "of = \"viability\"\nlimit = \"> 100\"",
            "limit = \"> 100\"",
            "no value in % can meet the limit > 100 %",
        ),
        (
            check,
            "of = \"viability\"\nlimit = \">= 0\"",
            "limit = \">= 0\"",
            "every value in % meets the limit",
        ),
        (
            volume,
            "limit = \"< 0\"",
            "limit = \"< 0\"",
            "no value in mL can meet the limit < 0 mL",
        ),
        (
            sampled,
            "limit = \">= collected_at - 36500 days\"",
            "limit = \">= collected_at - 36500 days\"",
            "more than ten years away",
        ),
        (
            sampled,
            "limit = \">= performed_at + 10 days and <= performed_at - 10 days\"",
            "limit = \">= performed_at + 10 days",
            "no day or moment can meet the limit",
        ),
        (
            sampled,
            "future = true\nlimit = \">= performed_at and <= collected_at - 1 days\"",
            "limit = \">= performed_at and <= collected_at",
            "no work is done before the collection",
        ),
    ] {
        refused(&with(old, new), marker, reason);
    }
    let twice = format!(
        "[[step.check]]\nof = \"viability\" # again\nlimit = \"< 70\"\nsite_choice = true\n\n[[step.check]]\n{check}"
    );
    let twice = with(&format!("[[step.check]]\n{check}"), &twice);
    refused(&twice, check, "viability has a check in this step already");
}

#[test]
fn a_window_can_be_met_by_work_in_the_order_of_the_record() {
    let window = |from: &str, hours: (u32, u32)| {
        format!(
            "[step.window]\n{from}from_hours = {}\nto_hours = {}\nsite_choice = true\n\n",
            hours.0, hours.1
        )
    };
    let collection = "counts_from = \"collection\"\n";
    let cleared = |window: &str| {
        let field = "[[step.field]]\nkey = \"room\"\nlabel = \"Room\"\ntype = \"text\"\nrequired = true\n\n[[step.field]]\nkey = \"cabinet\"";
        with(field, &format!("{window}{field}"))
    };
    let medium = |from: u32, to: u32| {
        with(
            "from_hours = 72\nto_hours = 96",
            &format!("from_hours = {from}\nto_hours = {to}"),
        )
    };
    for (text, marker, reason) in [
        (
            cleared(&window(collection, (48, 60))),
            "[step.window]\ncounts_from = \"collection\"\nfrom_hours = 0\n",
            Some(
                "step “isolation” is to be done within 24 hours of the collection, and by their windows the steps before it take \
                 48 hours at least",
            ),
        ),
        (
            cleared(&window("", (25, 30))),
            "[step.window]\ncounts_from = \"collection\"\nfrom_hours = 0\n",
            Some("take 25 hours at least"),
        ),
        (cleared(&window(collection, (24, 60))), "", None),
        (cleared(&window("", (1, 60))), "", None),
        (
            medium(700, 800),
            "[step.window]\nfrom_hours = 700",
            Some(
                "step “change-medium” is due 700 hours after the work before it at the earliest, and step “passage”, which ends \
                 it, within 504 hours of the work before",
            ),
        ),
        (
            medium(505, 800),
            "[step.window]\nfrom_hours = 505",
            Some("no batch could do both in time"),
        ),
        (medium(504, 800), "", None),
        // Each batch has two passages of 120 hours at least.
        (
            with(
                "from_hours = 120\nto_hours = 504",
                "counts_from = \"collection\"\nfrom_hours = 120\nto_hours = 504",
            )
            .replacen(
                "title = \"Seeding\"\nkind = \"seed\"\nkeeps_alive = true\n",
                "title = \"Seeding\"\nkind = \"seed\"\nkeeps_alive = true\n\
                 window = { from_hours = 260, to_hours = 300, site_choice = true }\n",
                1,
            ),
            "[step.window]\ncounts_from = \"collection\"\nfrom_hours = 120\n",
            Some("step “passage” is to be done within 504 hours of the collection"),
        ),
    ] {
        match reason {
            Some(reason) => refused(&text, marker, reason),
            None => assert!(
                MasterRecord::parse(&text).is_ok(),
                "{:?}",
                MasterRecord::parse(&text).err()
            ),
        }
    }
}

#[test]
fn a_record_has_a_size_that_people_can_read() {
    let step = |nth: usize| {
        format!(
            "[[step]]\nkey = \"more-{nth}\"\ntitle = \"More {nth}\"\nkind = \"checklist\"\ninstruction = \"Look.\"\n"
        )
    };
    let field = |nth: usize| {
        format!("[[step.field]]\nkey = \"more-{nth}\"\nlabel = \"More {nth}\"\ntype = \"text\"\n")
    };
    let there = BM_MSC.matches("[[step]]").count();
    let steps = |many: usize| {
        let more: String = (there..many).map(step).collect();
        format!("{BM_MSC}\n{more}")
    };
    let fields = |many: usize| {
        let more: String = (0..many).map(field).collect();
        format!("{BM_MSC}\n{}{more}", step(0))
    };
    assert!(MasterRecord::parse(&steps(200)).is_ok());
    refused(
        &steps(201),
        "[[step]]\nkey = \"more-200\"",
        "there are 201 steps; at most 200 are read",
    );
    assert!(MasterRecord::parse(&fields(100)).is_ok());
    refused(
        &fields(101),
        "[[step.field]]\nkey = \"more-100\"",
        "there are 101 fields in this step; at most 100 are read",
    );
    let filled = |bytes: usize| format!("{BM_MSC}#{}", "x".repeat(bytes - BM_MSC.len() - 1));
    assert!(MasterRecord::parse(&filled(specification::LONGEST_DOCUMENT)).is_ok());
    refused(
        &filled(specification::LONGEST_DOCUMENT + 1),
        "# Master record",
        "at most 262144 (256 kB) are read",
    );
}
