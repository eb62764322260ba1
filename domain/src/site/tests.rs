#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::{master_record::BM_MSC as RECORD, specification::BM_MSC as SPECIFICATION};

fn site(code: &str) -> Site {
    Site {
        code: code.to_owned(),
        name: "Cell lab".to_owned(),
        address: "Largo 1".to_owned(),
        scheme: "isbt-128 A9999".parse().unwrap(),
        time_zone: "UTC".to_owned(),
        master_record: "BM-MSC".to_owned(),
        specification: "BM-MSC".to_owned(),
    }
}

fn adopted(texts: &[&str]) -> Vec<DocumentRow> {
    let at = Timestamp::parse("2026-03-02T08:00:00Z").unwrap();
    let row = |text: &&str| read_document(text).unwrap().row(at, "A test");
    texts.iter().map(row).collect()
}

fn version(text: &str, version: &str) -> String {
    let text = text.replacen("version = 1", &format!("version = {version}"), 1);
    text.replacen("title = \"Autologous", "title = \"Newer autologous", 1)
}

fn adopt_at(sites: &[&str], kept: &[&str], texts: &[&str]) -> Result<Adoption, String> {
    let sites: Vec<_> = sites.iter().map(|code| site(code).row()).collect();
    let documents = adopted(kept);
    let organisation = Organisation {
        sites: &sites,
        documents: &documents,
    };
    let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
    adopt(&texts, &organisation).map_err(|why| why.to_string())
}

#[test]
fn a_document_says_of_which_kind_it_is() {
    assert_eq!(kind_of(RECORD), Ok(DocumentKind::MasterRecord));
    assert_eq!(kind_of(SPECIFICATION), Ok(DocumentKind::Specification));
    for text in ["", "key = \"X\"", "step = 1\ncriterion = 1"] {
        assert_eq!(kind_of(text), Err(Refusal::NoDocument), "{text}");
    }
    assert!(
        kind_of("a\nkey = = 1")
            .unwrap_err()
            .to_string()
            .starts_with("line 1: ")
    );
}

#[test]
fn a_document_holds_nothing_that_cannot_be_seen() {
    for (hidden, name) in [
        ("\u{202e}", "mark of the direction of writing"),
        ("\u{200b}", "zero-width space"),
        ("\u{2066}", "mark of the direction of writing"),
    ] {
        for place in ["title = \"", "# A comment", "test = \""] {
            let line = SPECIFICATION
                .lines()
                .position(|line| line.starts_with(place));
            let (text, line) = match line {
                Some(line) => {
                    let hiding = format!("{place}{hidden}");
                    (SPECIFICATION.replacen(place, &hiding, 1), line + 1)
                }
                None => (format!("{place}{hidden}\n{SPECIFICATION}"), 1),
            };
            let refused = read_document(&text).unwrap_err().to_string();
            assert!(refused.starts_with(&format!("line {line}: ")), "{refused}");
            let said = format!("holds an invisible character ({name}). Write ");
            assert!(refused.contains(&said), "{refused}");
        }
    }
    for shipped in [RECORD, SPECIFICATION] {
        assert!(read_document(shipped).is_ok());
    }
}

#[test]
fn adoption_says_where_a_document_is_in_force() {
    let words = |sites: &[&str], kept: &[&str], texts: &[&str]| {
        adopt_at(sites, kept, texts).map(|adoption| (adoption.documents.len(), adoption.words))
    };
    let both = [RECORD, SPECIFICATION];
    let second = version(SPECIFICATION, "2");
    assert_eq!(
        words(&[], &[], &both),
        Ok((
            2,
            "Master record BM-MSC v1 adopted. In force at no site: put a site under it with autolog site change. \
             Specification BM-MSC v1 adopted. In force at no site: put a site under it with autolog site change."
                .to_owned()
        ))
    );
    assert_eq!(
        words(&["GE", "PI"], &both, &[&second]),
        Ok((
            1,
            "Specification BM-MSC v2 adopted. In force at GE, PI.".to_owned()
        ))
    );
    assert_eq!(
        words(&["GE"], &both, &[SPECIFICATION]),
        Ok((
            0,
            "Specification BM-MSC v1 is adopted already; nothing was changed.".to_owned()
        ))
    );
}

#[test]
fn versions_count_from_one_without_gaps() {
    let both = [RECORD, SPECIFICATION];
    for (kept, number, next) in [
        (&[][..], "2", "1"),
        (&[], "4294967295", "1"),
        (&both[..], "3", "2"),
        (&both[..], "4294967295", "2"),
    ] {
        let refused = adopt_at(&[], kept, &[&version(SPECIFICATION, number)]).unwrap_err();
        assert_eq!(
            refused,
            format!(
                "Specification BM-MSC v{number} is not the next one. Versions count 1, 2, 3, …: give this text version {next}."
            )
        );
    }
    let changed = SPECIFICATION.replacen("title = \"", "title = \"Other ", 1);
    assert_eq!(
        adopt_at(&[], &both, &[&changed]).unwrap_err(),
        "Specification BM-MSC v1 exists with another text. A version is never changed: give the new text version 2."
    );
    // The least and the next are taken.
    assert!(adopt_at(&[], &[], &[SPECIFICATION]).is_ok());
    assert!(adopt_at(&[], &both, &[&version(SPECIFICATION, "2")]).is_ok());
    let spelled = SPECIFICATION.replacen("key = \"BM-MSC\"", "key = \"bm-msc\"", 1);
    assert_eq!(
        adopt_at(&[], &both, &[&spelled]).unwrap_err(),
        "There is a Specification BM-MSC, which reads like bm-msc. Write its key as BM-MSC, or choose another."
    );
    let refused = adopt_at(&[], &[], &[SPECIFICATION, &version(SPECIFICATION, "2")]);
    assert!(
        refused
            .unwrap_err()
            .starts_with("Both are a Specification.")
    );
}

#[test]
fn a_version_that_would_not_fit_what_is_in_force_is_refused_naming_the_site() {
    let both = [RECORD, SPECIFICATION];
    let typo = version(SPECIFICATION, "2").replace("\"final-product\"", "\"final-prodcut\"");
    let refused = adopt_at(&["GE", "PI"], &both, &[&typo]).unwrap_err();
    assert!(
        refused.starts_with(
            "Specification BM-MSC v2 and master record BM-MSC v1, in force at GE, PI, don't fit: criterion “viability” is \
             tested at sample point “final-prodcut”, and no step of the master record takes that sample (it has: \
             in-process, final-product); "
        ),
        "{refused}"
    );
    assert!(refused.ends_with(
        "Correct one of them; autolog document add adopts new versions of both at once."
    ));
    // In force nowhere, it harms nobody yet; what is given with it must fit it all the same.
    assert!(adopt_at(&[], &both, &[&typo]).is_ok());
    assert!(
        adopt_at(
            &[],
            &[],
            &[RECORD, &SPECIFICATION.replace("\"in-process\"", "\"ip\"")]
        )
        .is_err()
    );
    // Both at once, where each alone would be refused.
    let renamed = |text: &str| version(text, "2").replace("\"final-product\"", "\"final\"");
    let (record, specification) = (renamed(RECORD), renamed(SPECIFICATION));
    for alone in [&record, &specification] {
        assert!(adopt_at(&["GE"], &both, &[alone]).is_err());
    }
    let at_once = adopt_at(&["GE"], &both, &[&specification, &record]).unwrap();
    assert_eq!(at_once.documents.len(), 2);
}

#[test]
fn a_site_is_opened_and_changed_under_documents_that_fit() {
    let typo = SPECIFICATION
        .replacen("key = \"BM-MSC\"", "key = \"TYPO\"", 1)
        .replace("\"final-product\"", "\"final-prodcut\"");
    let other = SPECIFICATION.replacen("key = \"BM-MSC\"", "key = \"OTHER\"", 1);
    let documents = adopted(&[RECORD, SPECIFICATION, &typo, &other]);
    let open = |sites: &[&str], site: Site| {
        let sites: Vec<_> = sites.iter().map(|code| self::site(code).row()).collect();
        let organisation = Organisation {
            sites: &sites,
            documents: &documents,
        };
        open_site(site, Some(Zone::utc()), &organisation).map_err(|why| why.to_string())
    };
    let under = |specification: &str| Site {
        specification: specification.to_owned(),
        ..site("GE")
    };
    assert_eq!(
        open(&["PI"], site("GE")),
        Ok(SiteEvent::SiteOpened(site("GE")))
    );
    assert!(
        open(&[], under("TYPO"))
            .unwrap_err()
            .contains("“final-prodcut”")
    );
    assert!(
        open(&[], under("NONE"))
            .unwrap_err()
            .starts_with("No Specification NONE is adopted.")
    );
    assert_eq!(
        open(&["GE"], site("GE")).unwrap_err(),
        "Site GE exists already."
    );
    for (known, code) in [("G0", "GO"), ("G1", "GI"), ("G1", "GL")] {
        let refused = open(&[known], site(code)).unwrap_err();
        assert!(
            refused.starts_with(&format!("“{code}” reads like {known}")),
            "{refused}"
        );
    }
    assert!(
        open(&[], site("ORG"))
            .unwrap_err()
            .starts_with("“ORG” reads like org")
    );

    let change = |change: SiteChange, reason: &str| {
        let sites = [site("GE").row()];
        let organisation = Organisation {
            sites: &sites,
            documents: &documents,
        };
        change_site(
            "GE",
            change,
            reason,
            |name| (name == "UTC").then(Zone::utc),
            &organisation,
        )
        .map_err(|why| why.to_string())
    };
    let to = |specification: &str| SiteChange {
        specification: Some(specification.to_owned()),
        ..SiteChange::default()
    };
    assert_eq!(
        change(to("OTHER"), " new trial "),
        Ok(SiteEvent::SiteChanged {
            old: Box::new(site("GE")),
            new: Box::new(under("OTHER")),
            reason: "new trial".to_owned(),
        })
    );
    assert!(
        change(to("TYPO"), "new trial")
            .unwrap_err()
            .contains("“final-prodcut”")
    );
    assert!(
        change(to("NONE"), "new trial")
            .unwrap_err()
            .starts_with("No Specification NONE")
    );
    assert_eq!(
        change(to("OTHER"), " ").unwrap_err(),
        "The reason is empty. Enter it."
    );
    let same = change(SiteChange::default(), "new trial").unwrap_err();
    assert_eq!(
        same,
        "Site GE is as it shall be already. Nothing was changed."
    );
    let empty = SiteChange {
        name: Some(" ".to_owned()),
        ..SiteChange::default()
    };
    assert_eq!(
        change(empty, "moved").unwrap_err(),
        "The site’s name is empty. Enter it."
    );
    // One rule for what is printed, from wherever it comes.
    let words = |name: &str, address: &str, reason: &str| {
        let wanted = SiteChange {
            name: Some(name.to_owned()),
            address: Some(address.to_owned()),
            ..SiteChange::default()
        };
        change(wanted, reason)
    };
    for (name, address, reason, said) in [
        ("\u{200b}", "Largo 2", "moved", "The site’s name is empty."),
        (
            "Cell\u{202e}bal",
            "Largo 2",
            "moved",
            "The site’s name holds an invisible character",
        ),
        (
            "Cell lab",
            "Largo 2\nGenoa",
            "moved",
            "The site’s address holds an invisible character (line break)",
        ),
        (
            "Cell lab",
            "Largo\u{1b}[2J 2",
            "moved",
            "The site’s address holds an invisible character (escape)",
        ),
        ("Cell lab", "Largo 2", "\u{200b}", "The reason is empty."),
        (
            "Cell lab",
            "Largo 2",
            "mo\u{200b}ved",
            "The reason holds an invisible character",
        ),
        (
            "Cell \u{a0} lab",
            " Largo 1",
            "moved",
            "Site GE is as it shall be already.",
        ),
    ] {
        let refused = words(name, address, reason).unwrap_err();
        assert!(refused.starts_with(said), "{refused}");
    }
    let opened = open(
        &[],
        Site {
            name: " Cell \u{a0}lab ".to_owned(),
            ..site("GE")
        },
    );
    assert_eq!(opened, Ok(SiteEvent::SiteOpened(site("GE"))));
    assert!(
        open(
            &[],
            Site {
                name: "Cell\u{200b} lab".to_owned(),
                ..site("GE")
            }
        )
        .is_err()
    );
    let moved = SiteChange {
        time_zone: Some("Genoa".to_owned()),
        ..SiteChange::default()
    };
    assert!(
        change(moved, "moved")
            .unwrap_err()
            .starts_with("“Genoa” is no time zone.")
    );
}

#[test]
fn everything_wrong_with_a_site_is_said_at_once() {
    let documents = adopted(&[RECORD, SPECIFICATION]);
    let sites = [site("GE").row()];
    let organisation = Organisation {
        sites: &sites,
        documents: &documents,
    };
    let begins = |refused: Refusal, words: &[&str]| {
        let said = refused.all_words();
        assert_eq!(said.len(), words.len(), "{said:?}");
        for (said, words) in said.iter().zip(words) {
            assert!(said.text.starts_with(words), "{said:?}");
        }
    };
    let wrong = Site {
        name: " ".to_owned(),
        address: String::new(),
        time_zone: "Genoa".to_owned(),
        master_record: "NONE".to_owned(),
        specification: "OTHER".to_owned(),
        ..site("ge")
    };
    begins(
        open_site(wrong, None, &organisation).unwrap_err(),
        &[
            "“ge” is no code of a site.",
            "The site’s name is empty.",
            "The site’s address is empty.",
            "“Genoa” is no time zone.",
            "No Master record NONE is adopted.",
            "No Specification OTHER is adopted.",
        ],
    );
    let change = SiteChange {
        name: Some(String::new()),
        time_zone: Some(" ".to_owned()),
        ..SiteChange::default()
    };
    begins(
        change_site("GE", change, " ", |_| None, &organisation).unwrap_err(),
        &[
            "The reason is empty.",
            "The site’s name is empty.",
            "The site’s time zone is empty.",
        ],
    );
    let unchanged = SiteChange::default();
    begins(
        change_site("GE", unchanged, "", |_| None, &organisation).unwrap_err(),
        &["The reason is empty.", "Site GE is as it shall be already."],
    );
}

#[test]
fn everything_wrong_with_documents_adopted_at_once_is_said_at_once() {
    let organisation = Organisation {
        sites: &[],
        documents: &[],
    };
    let texts = ["key = ".to_owned(), "title = \"neither\"".to_owned()];
    let refused = adopt(&texts, &organisation).unwrap_err();
    assert!(
        matches!(
            &refused,
            Refusal::Several(both)
                if matches!(both.as_slice(), [Refusal::Malformed(_), Refusal::NoDocument])
        ),
        "{refused:?}"
    );
    let texts = [version(RECORD, "7"), version(SPECIFICATION, "8")];
    let refused = adopt(&texts, &organisation).unwrap_err();
    assert!(
        matches!(
            &refused,
            Refusal::Several(both)
                if matches!(both.as_slice(), [Refusal::NotNext { .. }, Refusal::NotNext { .. }])
        ),
        "{refused:?}"
    );
}
