//! What is refused, at which line, and why.

use super::*;

// A11-4.7
#[test]
fn a_malformed_document_is_refused_with_line_and_reason() {
    let viability = |old: &str, new: &str| format!("{HEAD}{}", replaced(VIABILITY, old, new));
    let sterility =
        |old: &str, new: &str| format!("{HEAD}{VIABILITY}{}", replaced(STERILITY, old, new));
    let endotoxin = |old: &str, new: &str| format!("{HEAD}{}", replaced(ENDOTOXIN, old, new));
    let head = |old: &str, new: &str| format!("{}{VIABILITY}", replaced(HEAD, old, new));
    let group = |text: &str| format!("{HEAD}{VIABILITY}{STERILITY}{text}");
    let dose = |text: &str| format!("{HEAD}[dose]\n{text}\n{VIABILITY}");
    let cases: Vec<(String, usize, &str)> = vec![
        // Not a document of this kind.
        (String::new(), 1, "missing field `key`"),
        ("key = \"X".to_owned(), 1, "invalid basic string"),
        (
            format!("{HEAD}colour = 1\n{VIABILITY}"),
            6,
            "unknown field `colour`",
        ),
        (format!("{HEAD}key = \"AGAIN\"\n"), 6, "duplicate key"),
        // The document's head.
        (
            head("version = 3", "version = 0"),
            2,
            "versions count from 1",
        ),
        (head("version = 3", "version = -1"), 2, "expected u32"),
        (
            head("version = 3", "version = \"3\""),
            2,
            "invalid type: string",
        ),
        (
            head("\"TEST\"", "\"TE ST\""),
            1,
            "use letters, digits and hyphens",
        ),
        (head("\"TEST\"", "\"\""), 1, "is not a name"),
        (head("\"A test\"", "\" \""), 3, "title is empty"),
        (head("\"A paper\"", "\"\""), 5, "source is empty"),
        (HEAD.to_owned(), 1, "no criterion is judged before release"),
        (
            format!("{HEAD}{STERILITY}"),
            1,
            "no criterion is judged before release",
        ),
        (
            viability(
                "limit = \">= 70\"\nrounding = \"as-limit\"",
                "informative = true",
            ),
            1,
            "no criterion is judged",
        ),
        // A criterion's own fields.
        (
            viability("test = \"Viability\"\n", ""),
            6,
            "missing field `test`",
        ),
        (viability("test =", "tset ="), 8, "unknown field `tset`"),
        (
            viability("\"viability\"", "\"via bility\""),
            7,
            "use letters, digits and hyphens",
        ),
        (viability("\"Trypan blue\"", "\"\""), 9, "method is empty"),
        (
            viability("\"final-product\"", "\"\""),
            10,
            "sample_point “” is not a name",
        ),
        (
            viability("\"before_release\"", "\"release\""),
            11,
            "“release” is no stage",
        ),
        (
            viability("\"number\"", "\"figure\""),
            12,
            "“figure” is no kind of result",
        ),
        (
            viability("\"%\"", "\"percent\""),
            13,
            "“percent” is no known unit: “percent” is no name of a unit. Names are such as %",
        ),
        (viability("unit = \"%\"\n", ""), 12, "a number needs a unit"),
        (
            viability("source = \"A paper\"\n", ""),
            6,
            "criterion “viability” has no source",
        ),
        (
            viability("source = \"A paper\"", "site_choice = false"),
            6,
            "has no source",
        ),
        (
            viability("source = \"A paper\"", "source = \"\""),
            16,
            "source is empty",
        ),
        (
            viability("source = \"A paper\"", "site_choice = \"yes\""),
            16,
            "invalid type: string",
        ),
        (
            viability("source =", "due_days = -1\nsource ="),
            16,
            "expected u32",
        ),
        (
            viability("source =", "due_days = 366\nsource ="),
            16,
            "a result is due within 365 days",
        ),
        (
            viability("source =", "minimum_days = -1\nsource ="),
            16,
            "expected u32",
        ),
        (
            viability("source =", "minimum_days = 7\nsource ="),
            16,
            "minimum_days without due_days",
        ),
        (
            viability("source =", "due_days = 6\nminimum_days = 7\nsource ="),
            16,
            "the result is due after 6 days, before the 7 days of its method are over",
        ),
        (
            format!(
                "{HEAD}{VIABILITY}{}",
                replaced(
                    VIABILITY,
                    "limit = \">= 70\"\nrounding = \"as-limit\"",
                    "informative = true\ndue_days = 7\nminimum_days = 7"
                )
                .replace("\"viability\"", "\"other\"")
            ),
            27,
            "an informative result is not judged",
        ),
        (
            format!("{HEAD}{VIABILITY}{VIABILITY}"),
            18,
            "key “viability” is used twice",
        ),
        // Limits on a number.
        (viability("\">= 70\"", "\"\""), 14, "the limit is empty"),
        (viability("\">= 70\"", "\"70\""), 14, "“70” has no sign"),
        (viability("\">= 70\"", "70"), 14, "invalid type: integer"),
        (
            viability("\">= 70\"", "\">= \""),
            14,
            "“” is not an exact number",
        ),
        (
            viability("\">= 70\"", "\">= 70 %\""),
            14,
            "“70 %” is not an exact number",
        ),
        (
            viability("\">= 70\"", "\">= 79,9\""),
            14,
            "“79,9” is not an exact number",
        ),
        (
            viability("\">= 70\"", "\">= 7e1\""),
            14,
            "“7e1” is not an exact number",
        ),
        (
            viability("\">= 70\"", "\">= 70 and >= 80\""),
            14,
            "a limit is one bound",
        ),
        (
            viability("\">= 70\"", "\">= 70 and = 80\""),
            14,
            "a limit is one bound",
        ),
        (
            viability("\">= 70\"", "\"> 70 and < 80 and < 90\""),
            14,
            "a limit is one bound",
        ),
        (
            viability("\">= 70\"", "\">= 95 and <= 70\""),
            14,
            "the lower bound 95 is above the upper bound 70",
        ),
        (
            viability("\">= 70\"", "\"> 70 and <= 70\""),
            14,
            "no value can meet this limit",
        ),
        (
            viability("\">= 70\"", "\">= 101\""),
            14,
            "the greatest possible value is 100 %",
        ),
        (
            viability("\">= 70\"", "\"<= -1\""),
            14,
            "the least possible value is 0 %",
        ),
        (
            viability("\">= 70\"", "\"> 100\""),
            14,
            "no value in % can meet the limit",
        ),
        (
            viability("\">= 70\"", "\"< 0\""),
            14,
            "no value in % can meet the limit",
        ),
        (
            viability("limit = \">= 70\"\n", ""),
            6,
            "criterion “viability” has no limit",
        ),
        (
            viability("rounding =", "equals = \"70\"\nrounding ="),
            15,
            "equals beside limit: a criterion has one limit",
        ),
        (
            viability("limit = \">= 70\"", "equals = \"70\""),
            14,
            "write limit for a number",
        ),
        (
            viability("source =", "categories = [\"a\", \"b\"]\nsource ="),
            16,
            "only a category has categories",
        ),
        // Rounding and decimals.
        (
            viability("rounding = \"as-limit\"\n", ""),
            14,
            "say how a result is rounded",
        ),
        (
            viability("\"as-limit\"", "\"up\""),
            15,
            "“up” is no rounding",
        ),
        (
            viability("\">= 70\"", "\">= 70.0 and <= 95\""),
            15,
            "both bounds with the same decimals",
        ),
        (
            viability("source =", "informative = true\nsource ="),
            15,
            "needs a judged limit with digits of its own",
        ),
        (
            viability("source =", "decimals = 1\nsource ="),
            16,
            "a judged number is shown as judged",
        ),
        (
            endotoxin("source =", "rounding = \"as-limit\"\nsource ="),
            15,
            "needs a judged limit with digits of its own",
        ),
        (
            endotoxin("source =", "decimals = 10\nsource ="),
            15,
            "at most 9 decimals",
        ),
        // Categories and texts.
        (
            sterility("categories = [\"no growth\", \"growth\"]\n", ""),
            23,
            "a category needs categories",
        ),
        (
            sterility("[\"no growth\", \"growth\"]", "[\"no growth\"]"),
            24,
            "categories needs 2 or more",
        ),
        (
            sterility("\"growth\"]", "\"No Growth\"]"),
            24,
            "“No Growth” stands twice",
        ),
        (sterility("\"growth\"]", "\"\"]"), 24, "categories is empty"),
        (
            sterility("equals = \"no growth\"", "equals = \"sterile\""),
            25,
            "“sterile” is none of the categories: no growth; growth",
        ),
        (
            sterility("equals = \"no growth\"", "equals = \"\""),
            25,
            "equals is empty",
        ),
        (
            sterility("equals = \"no growth\"", "one_of = []"),
            25,
            "one_of needs 1 or more",
        ),
        (
            sterility(
                "equals = \"no growth\"",
                "one_of = [\"growth\", \"no growth\"]",
            ),
            25,
            "no result could fail",
        ),
        (
            sterility("equals = \"no growth\"", "one_of = [\"sterile\"]"),
            25,
            "“sterile” is none of the categories",
        ),
        (
            sterility("equals = \"no growth\"", "limit = \"<= 1\""),
            25,
            "write equals or one_of for a category",
        ),
        (
            sterility("source =", "unit = \"%\"\nsource ="),
            26,
            "only a number has a unit",
        ),
        (
            sterility("source =", "rounding = \"as-limit\"\nsource ="),
            26,
            "needs a judged limit",
        ),
        (
            viability("\"number\"\nunit = \"%\"", "\"text\""),
            13,
            "a text can't be judged by a limit",
        ),
        // Endotoxin.
        (
            endotoxin("\"EU/mL\"", "\"EU/kg\""),
            14,
            "is in EU/mL or IU/mL, not in EU/kg",
        ),
        (endotoxin("k = 5", "k = 0.2"), 14, "write \"0.2\" in quotes"),
        (
            endotoxin("k = 5", "k = \"five\""),
            14,
            "“five” is not an exact number",
        ),
        (endotoxin("k = 5", "k = 0"), 14, "k must be above zero"),
        (
            endotoxin("volume_ml = 100", "volume_ml = \"-1\""),
            14,
            "volume_ml must be above zero, it is -1",
        ),
        (
            endotoxin("duration_h = 1", "duration_h = 0"),
            14,
            "duration_h must be above zero",
        ),
        (
            endotoxin(", duration_h = 1", ""),
            14,
            "missing field `duration_h`",
        ),
        (
            endotoxin("duration_h = 1", "duration_min = 20"),
            14,
            "unknown field `duration_min`",
        ),
        // Dose.
        (
            dose("minimum = 1\nmaximum = 2\nunit = \"10^6 cells/kg\""),
            6,
            "the dose has no source",
        ),
        (
            dose("minimum = 3\nmaximum = 2\nunit = \"10^6 cells/kg\"\nsource = \"A\""),
            7,
            "the least dose 3 is above the greatest 2",
        ),
        (
            dose("minimum = 0\nmaximum = 2\nunit = \"10^6 cells/kg\"\nsource = \"A\""),
            7,
            "minimum must be above zero",
        ),
        (
            dose("minimum = 1\nmaximum = 2.5\nunit = \"10^6 cells/kg\"\nsource = \"A\""),
            8,
            "write \"2.5\" in quotes",
        ),
        (
            dose("minimum = 1\nmaximum = 2\nunit = \"mL\"\nsource = \"A\""),
            9,
            "a dose is in 10^6 cells/kg or cells/kg",
        ),
        (
            format!("{HEAD}[shelf_life]\nfrozen_days = 0\nsite_choice = true\n{VIABILITY}"),
            7,
            "one day at least",
        ),
        (
            format!("{HEAD}[shelf_life]\nformulated_hours = 0\nsite_choice = true\n{VIABILITY}"),
            7,
            "one hour at least",
        ),
        (
            format!("{HEAD}[shelf_life]\nfrozen_days = 10959\nsite_choice = true\n{VIABILITY}"),
            7,
            "a shelf life is one day at least and 10958 days at most",
        ),
        (
            format!("{HEAD}[shelf_life]\nsite_choice = true\n{VIABILITY}"),
            6,
            "the shelf life has no figure",
        ),
        (
            format!("{HEAD}[shelf_life]\nfrozen_days = 365\n{VIABILITY}"),
            6,
            "the shelf life has no source",
        ),
        // Groups; the first starts in line 27.
        (
            group(
                "[[group]]\nkey = \"g\"\nrule = \"one-of\"\ncriteria = [\"viability\", \"cd73\"]\n",
            ),
            30,
            "criterion “cd73” of the group is not in this specification",
        ),
        (
            group(
                "[[group]]\nkey = \"g\"\nrule = \"any\"\ncriteria = [\"viability\", \"sterility\"]\n",
            ),
            29,
            "“any” is no rule of a group",
        ),
        (
            group("[[group]]\nkey = \"g\"\nrule = \"one-of\"\ncriteria = [\"viability\"]\n"),
            30,
            "needs two criteria or more",
        ),
        (
            group(
                "[[group]]\nkey = \"g\"\nrule = \"one-of\"\ncriteria = [\n  \"viability\",\n  \"viability\",\n]\n",
            ),
            32,
            "is in a group already",
        ),
        (
            group(
                "[[group]]\nkey = \"g\"\nrule = \"one-of\"\ncriteria = [\"viability\", \"sterility\"]\n",
            ),
            30,
            "is of another stage",
        ),
        (
            group(
                "[[group]]\nkey = \"viability\"\nrule = \"one-of\"\ncriteria = [\"viability\", \"sterility\"]\n",
            ),
            28,
            "is used twice",
        ),
        (
            group("[[group]]\nkey = \"g\"\nrule = \"one-of\"\n"),
            27,
            "missing field `criteria`",
        ),
    ];
    for (text, line, reason) in cases {
        let malformed = Specification::parse(&text).err();
        let Some(malformed) = malformed else {
            panic!("accepted, though: {reason}\n{text}");
        };
        assert!(
            malformed.reason.contains(reason),
            "expected “{reason}”, found “{malformed}” in\n{text}"
        );
        assert_eq!(malformed.line, line, "{malformed} in\n{text}");
    }
}

#[test]
fn an_informative_criterion_is_in_no_group() {
    let informative = VIABILITY
        .replace("\"viability\"", "\"hla-dr\"")
        .replace("\"Viability\"", "\"HLA-DR\"")
        .replace("rounding = \"as-limit\"", "informative = true");
    let group =
        "[[group]]\nkey = \"g\"\nrule = \"one-of\"\ncriteria = [\"viability\", \"hla-dr\"]\n";
    let malformed =
        Specification::parse(&format!("{HEAD}{VIABILITY}{informative}{group}")).unwrap_err();
    assert_eq!(
        malformed.to_string(),
        "line 31: criterion “hla-dr” is informative, it can't be in a group"
    );
}

#[test]
fn lines_are_counted_in_files_of_both_kinds_of_line_end() {
    let text = format!("{HEAD}{}", replaced(VIABILITY, ">= 70", "70"));
    assert_eq!(
        Specification::parse(&text.replace('\n', "\r\n"))
            .unwrap_err()
            .line,
        14
    );
}

fn replaced(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}
