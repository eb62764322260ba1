//! What is refused, at which line, and why.

use super::*;

/// A process that is as small as one with passages can be.
const SMALL: &str = r#"key = "SMALL"
version = 1
title = "A small process"
product = "Cells"
late_after_minutes = 60
[culture]
first_step = "seed"
last_step = "passage"
minimum_passage = 0
maximum_passage = 2
target_viable_per_kg = "1000000"
site_choice = true
[[step]]
key = "receipt"
title = "Receipt"
kind = "receive"
instruction = "Receive."
[[step.field]]
key = "temperature"
label = "Temperature"
type = "number"
unit = "°C"
limit = ">= 2 and <= 25"
source = "A paper"
[[step.field]]
key = "intact"
label = "Intact"
type = "yes-no"
expected = ["yes"]
[[step.field]]
key = "colour"
label = "Colour"
type = "choice"
choices = ["red", "brown"]
expected = ["red"]
[[step]]
key = "seed"
title = "Seeding"
kind = "seed"
instruction = "Seed."
[[step.field]]
key = "cells-seeded"
label = "Cells"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "area"
label = "Area"
type = "number"
unit = "cm2"
required = true
[[step]]
key = "medium"
title = "Medium"
kind = "change-medium"
recurring = true
instruction = "Change."
[step.window]
from_hours = 72
to_hours = 96
site_choice = true
[[step]]
key = "sample"
title = "Sample"
kind = "sample"
sample_point = "in-process"
only_passages = [1]
instruction = "Sample."
[[step]]
key = "passage"
title = "Passage"
kind = "passage"
instruction = "Count."
[[step.field]]
key = "total-cells"
label = "Total"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "viable-cells"
label = "Viable"
type = "number"
unit = "cells"
required = true
[[step.check]]
of = "viability"
limit = ">= 70"
site_choice = true
"#;

const HARVEST: &str = r#"[[step]]
key = "harvest"
title = "Harvest"
kind = "final-harvest"
instruction = "Harvest."
field = [
  { key = "total-cells-1", label = "T1", type = "number", unit = "cells", required = true },
  { key = "viable-cells-1", label = "V1", type = "number", unit = "cells", required = true },
  { key = "total-cells-2", label = "T2", type = "number", unit = "cells", required = true },
  { key = "viable-cells-2", label = "V2", type = "number", unit = "cells", required = true },
]
"#;

const FREEZE: &str = r#"[[step]]
key = "freeze"
title = "Freezing"
kind = "freeze"
instruction = "Freeze."
"#;

fn replaced(old: &str, new: &str) -> String {
    assert!(SMALL.contains(old), "{old}");
    SMALL.replacen(old, new, 1)
}

#[test]
fn the_small_process_is_read() {
    assert!(MasterRecord::parse(SMALL).is_ok());
    assert!(MasterRecord::parse(&format!("{SMALL}{HARVEST}{FREEZE}")).is_ok());
}

// A11-4.7
#[test]
fn a_malformed_document_is_refused_with_line_and_reason() {
    let head = &SMALL[..SMALL.find("[culture]").unwrap()];
    let start = SMALL.find("[[step]]").unwrap();
    let before_steps = &SMALL[..start];
    let cases: Vec<(String, usize, &str)> = vec![
        // The head.
        (String::new(), 1, "missing field `key`"),
        ("key = \"X".to_owned(), 1, "invalid basic string"),
        (
            replaced("title = \"A small", "titel = \"A small"),
            3,
            "unknown field `titel`",
        ),
        (
            replaced("\"SMALL\"", "\"SM ALL\""),
            1,
            "use letters, digits and hyphens",
        ),
        (
            replaced("version = 1", "version = 0"),
            2,
            "versions count from 1",
        ),
        (
            replaced("\"A small process\"", "\" \""),
            3,
            "title is empty",
        ),
        (replaced("\"Cells\"", "\"\""), 4, "product is empty"),
        (
            replaced("late_after_minutes = 60", "late_after_minutes = -1"),
            5,
            "expected u32",
        ),
        (head.to_owned(), 1, "no step; write at least one [[step]]"),
        // The culture.
        (before_steps.to_owned(), 1, "no step"),
        (
            replaced("first_step = \"seed\"", "first_step = \"seeding\""),
            7,
            "there is no step “seeding”",
        ),
        (
            replaced("first_step = \"seed\"", "first_step = \"medium\""),
            6,
            "not recurring",
        ),
        (
            replaced(
                "first_step = \"seed\"\nlast_step = \"passage\"",
                "first_step = \"passage\"\nlast_step = \"seed\"",
            ),
            8,
            "stands before its first",
        ),
        (
            replaced("minimum_passage = 0", "minimum_passage = 3"),
            9,
            "above maximum_passage",
        ),
        (
            replaced("maximum_passage = 2", "maximum_passage = 51"),
            10,
            "more than 50 passages",
        ),
        (
            replaced("\"1000000\"", "\"1e6\""),
            11,
            "“1e6” is not a number above zero",
        ),
        (
            replaced("\"1000000\"", "\"0\""),
            11,
            "“0” is not a number above zero",
        ),
        (
            replaced("\"1000000\"", "\"-5\""),
            11,
            "“-5” is not a number above zero",
        ),
        (
            replaced("\"1000000\"\nsite_choice = true", "\"1000000\""),
            6,
            "the culture has no source",
        ),
        (
            replaced("first_step = \"seed\"", "first_step = \"sample\"")
                .replace("only_passages = [1]\n", ""),
            1,
            "seed or passage stands once, inside the culture",
        ),
        // A step.
        (
            replaced("key = \"receipt\"", "key = \"Receipt\""),
            14,
            "use lower case, at most 60",
        ),
        (
            replaced("key = \"receipt\"", "key = \"re@ceipt\""),
            14,
            "use letters, digits and hyphens",
        ),
        (
            replaced("key = \"receipt\"", "key = \"medium\""),
            54,
            "“medium” is used twice",
        ),
        (
            replaced("\"receive\"", "\"receiving\""),
            16,
            "“receiving” is not a kind of step. Choose one of: receive,",
        ),
        (replaced("\"Receive.\"", "\"\""), 17, "instruction is empty"),
        (
            replaced("title = \"Receipt\"\n", ""),
            13,
            "missing field `title`",
        ),
        (
            replaced("kind = \"receive\"", "kind = \"receive\"\nrecurring = true"),
            13,
            "receive can't be recurring",
        ),
        (
            replaced("kind = \"passage\"", "kind = \"passage\"\nrecurring = true"),
            70,
            "passage can't be recurring",
        ),
        (
            replaced(
                "kind = \"receive\"",
                "kind = \"receive\"\nsignature = \"done\"",
            ),
            17,
            "“done” is not a signature of a step",
        ),
        (
            replaced(
                "kind = \"receive\"",
                "kind = \"receive\"\nsample_point = \"x\"",
            ),
            17,
            "only a step of kind sample",
        ),
        (
            replaced("sample_point = \"in-process\"\n", ""),
            63,
            "needs a sample_point",
        ),
        (
            replaced(
                "sample_point = \"in-process\"",
                "sample_point = \"in process\"",
            ),
            67,
            "is not a name",
        ),
        (
            replaced("only_passages = [1]", "only_passages = [3]"),
            68,
            "there is no P3: the last passage is P2",
        ),
        (
            replaced("only_passages = [1]", "only_passages = []"),
            68,
            "names no passage",
        ),
        (
            replaced(
                "kind = \"receive\"",
                "kind = \"receive\"\nonly_passages = [1]",
            ),
            17,
            "only a step inside the culture",
        ),
        (
            replaced("kind = \"seed\"", "kind = \"seed\"\nonly_passages = [1]"),
            40,
            "step “seed” happens in each passage",
        ),
        (
            replaced(
                "kind = \"passage\"",
                "kind = \"passage\"\nonly_passages = [1]",
            ),
            74,
            "step “passage” happens in each passage",
        ),
        // Its window.
        (
            replaced(
                "from_hours = 72\nto_hours = 96",
                "counts_from = \"collection\"\nfrom_hours = 72\nto_hours = 96",
            ),
            60,
            "a recurring step is due again after each time",
        ),
        (
            replaced(
                "from_hours = 72\nto_hours = 96",
                "counts_from = \"receipt\"\nfrom_hours = 72\nto_hours = 96",
            ),
            60,
            "is not a start of a window",
        ),
        (
            replaced("to_hours = 96", "to_hours = 71"),
            61,
            "not below from_hours",
        ),
        (
            replaced(
                "from_hours = 72\nto_hours = 96",
                "from_hours = 0\nto_hours = 0",
            ),
            61,
            "above zero",
        ),
        (
            replaced("to_hours = 96\nsite_choice = true", "to_hours = 96"),
            59,
            "the window has no source",
        ),
        // Its fields.
        (
            replaced("key = \"intact\"", "key = \"temperature\""),
            26,
            "“temperature” stands twice in this step",
        ),
        (
            replaced("label = \"Intact\"", "label = \"\""),
            27,
            "label is empty",
        ),
        (
            replaced("\"yes-no\"", "\"boolean\""),
            28,
            "“boolean” is not a type of field",
        ),
        (
            replaced("unit = \"°C\"\n", ""),
            18,
            "a number needs its unit",
        ),
        (replaced("\"°C\"", "\"C\""), 22, "“C” is no known unit"),
        (
            replaced("\">= 2 and <= 25\"", "\"2\""),
            23,
            "“2” has no sign",
        ),
        (
            replaced("\">= 2 and <= 25\"", "\">= 25 and <= 2\""),
            23,
            "no value can meet this limit",
        ),
        (
            replaced("\">= 2 and <= 25\"", "\">= -300\""),
            23,
            "-300 °C can't be",
        ),
        (
            replaced("source = \"A paper\"\n", ""),
            18,
            "the limit has no source",
        ),
        (
            replaced("source = \"A paper\"", "source = \"\""),
            24,
            "source is empty",
        ),
        (
            replaced("limit = \">= 2 and <= 25\"\n", ""),
            23,
            "this field has none",
        ),
        (
            replaced(
                "label = \"Intact\"",
                "label = \"Intact\"\nsite_choice = true",
            ),
            26,
            "this field has none",
        ),
        (
            replaced("label = \"Intact\"", "label = \"Intact\"\nunit = \"%\""),
            28,
            "only a field of type number",
        ),
        (
            replaced("label = \"Intact\"", "label = \"Intact\"\nlimit = \"> 1\""),
            28,
            "only a number, a day and a moment have a limit",
        ),
        (
            replaced(
                "label = \"Intact\"",
                "label = \"Intact\"\nchoices = [\"a\", \"b\"]",
            ),
            28,
            "only a field of type choice",
        ),
        (
            replaced("label = \"Intact\"", "label = \"Intact\"\nfuture = true"),
            28,
            "only a day",
        ),
        (
            replaced("unit = \"°C\"", "unit = \"°C\"\nexpected = [\"4\"]"),
            23,
            "only a choice and a yes-no",
        ),
        (
            replaced("expected = [\"yes\"]", "expected = [\"true\"]"),
            29,
            "[\"yes\"] or [\"no\"]",
        ),
        (
            replaced("expected = [\"yes\"]", "expected = [\"yes\", \"no\"]"),
            29,
            "[\"yes\"] or [\"no\"]",
        ),
        (
            replaced("[\"red\", \"brown\"]", "[\"red\"]"),
            33,
            "two choices or more",
        ),
        (
            replaced("[\"red\", \"brown\"]", "[\"red\", \"red\"]"),
            34,
            "“red” stands twice",
        ),
        (
            replaced("[\"red\", \"brown\"]", "[\"red\", \" \"]"),
            34,
            "a choice is empty",
        ),
        (
            replaced("expected = [\"red\"]", "expected = [\"green\"]"),
            35,
            "“green” is not one of the choices",
        ),
        // What the arithmetic reads.
        (
            replaced("key = \"area\"", "key = \"surface\""),
            36,
            "needs the required number field “area” in cm2",
        ),
        (
            replaced("unit = \"cm2\"", "unit = \"mL\""),
            36,
            "“area” in cm2",
        ),
        (
            replaced("unit = \"cm2\"\nrequired = true", "unit = \"cm2\""),
            36,
            "the required number field “area”",
        ),
        (
            replaced("key = \"viable-cells\"", "key = \"viable\""),
            70,
            "“viable-cells” in cells",
        ),
        // Its checks.
        (
            replaced("of = \"viability\"", "of = \"vitality\""),
            88,
            "“vitality” is not a computed figure",
        ),
        (
            replaced("of = \"viability\"", "of = \"count-cv\""),
            88,
            "count-cv can't be computed for a step of kind passage",
        ),
        (
            replaced("limit = \">= 70\"", "limit = \"70\""),
            89,
            "“70” has no sign",
        ),
        (
            replaced("limit = \">= 70\"", "limit = \">= 170\""),
            89,
            "170 % can't be",
        ),
        (
            replaced("limit = \">= 70\"\nsite_choice = true", "limit = \">= 70\""),
            87,
            "the check has no source",
        ),
        // Steps in their places.
        (
            format!("{SMALL}{FREEZE}"),
            1,
            "units are stored from a final harvest",
        ),
        (
            format!("{SMALL}{FREEZE}{HARVEST}"),
            1,
            "units are stored before the final harvest",
        ),
        (
            format!("{before_steps}{HARVEST}{}", &SMALL[start..]),
            1,
            "one final harvest at most, after the culture",
        ),
        (
            format!(
                "{SMALL}{HARVEST}{}",
                HARVEST
                    .replace("\"harvest\"", "\"again\"")
                    .replace("\"Harvest\"", "\"Again\"")
            ),
            1,
            "one final harvest at most",
        ),
        (
            format!("{head}{}", &SMALL[start..]),
            61,
            "only a step inside the culture",
        ),
        (
            format!(
                "{head}{}",
                SMALL[start..].replace("only_passages = [1]\n", "")
            ),
            1,
            "seed or passage stands once, inside the culture",
        ),
        (
            replaced(
                "kind = \"change-medium\"\nrecurring = true",
                "kind = \"passage\"",
            ),
            53,
            "“total-cells”",
        ),
        (
            replaced(
                &SMALL[SMALL.find("[[step]]\nkey = \"passage\"").unwrap()..],
                "[[step]]\nkey = \"passage\"\ntitle = \"Look\"\nkind = \"observe\"\ninstruction = \"Look.\"\n",
            ),
            1,
            "needs one step of kind passage",
        ),
    ];
    for (document, line, reason) in cases {
        match MasterRecord::parse(&document) {
            Ok(_) => panic!("not refused, wanted “{reason}”"),
            Err(wrong) => {
                let says = wrong.reason.contains(reason) && wrong.line == line;
                assert!(says, "“{wrong}” does not say “{reason}” of line {line}");
            }
        }
    }
}
