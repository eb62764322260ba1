#![expect(clippy::unwrap_used, reason = "tests")]

mod papers;
mod poppler;

use super::{
    layout::{MARGIN, PAGE},
    print,
};
use domain::certificate::Certificate;
use poppler::{pages, poppler, words};
use serde_json::Value;

/// Without blanks, so that it doesn't matter where a line was wrapped.
fn joined(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

/// Every text that a certificate holds, but for words that stand for something else in the file.
fn texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Number(number) => texts.push(number.to_string()),
        Value::Array(all) => all.iter().for_each(|one| self::texts(one, texts)),
        Value::Object(fields) => {
            for (key, field) in fields {
                if !["certified_at", "stage", "rule", "outcome", "kind"].contains(&key.as_str()) {
                    self::texts(field, texts);
                }
            }
        }
        _ => {}
    }
}

// A11-8.1, A11-8.2
#[test]
fn every_field_of_the_certificate_is_on_the_paper() {
    for certificate in [
        papers::ordinary(),
        papers::withdrawn(),
        papers::superseded(),
        papers::void(),
    ] {
        let Some(pages) = pages(&print(&certificate).unwrap()) else {
            return;
        };
        let paper = joined(&pages.concat());
        let mut all = Vec::new();
        texts(&serde_json::to_value(&certificate).unwrap(), &mut all);
        assert!(all.len() > 150, "{}", all.len());
        for text in all {
            assert!(
                paper.contains(&joined(&text)),
                "“{text}” is not on\n{}",
                pages.concat()
            );
        }
        for criterion in &certificate.criteria {
            assert!(paper.contains(&joined(&format!(
                "{}, {}",
                criterion.sample_point, criterion.stage
            ))));
        }
        assert!(paper.contains(
            "Eachofthesemustpass:Osteogenicdifferentiation,Adipogenicdifferentiation:pass"
        ));
    }
}

// A11-8.1
#[test]
fn each_page_bears_its_number_the_certificate_and_the_checkpoint() {
    for certificate in [papers::ordinary(), papers::long(), papers::withdrawn()] {
        let Some(pages) = pages(&print(&certificate).unwrap()) else {
            return;
        };
        for (index, page) in pages.iter().enumerate() {
            let page = joined(page);
            let place = format!("Page{}of{}", index + 1, pages.len());
            for expected in [
                place,
                joined(&format!(
                    "{} · {}",
                    certificate.site.code, certificate.site.name
                )),
                format!("Certificateofanalysis{}", certificate.number),
                format!("Certificate{}", certificate.number),
                format!(
                    "checkpointautolog/GE,1234entries,root{}",
                    certificate.checkpoint.root
                ),
            ] {
                assert!(
                    page.contains(&expected),
                    "“{expected}” is not on page {}:\n{page}",
                    index + 1
                );
            }
        }
    }
}

// A11-8.2
#[test]
fn changed_and_repeated_values_are_marked_where_they_stand() {
    let Some(pages) = pages(&print(&papers::ordinary()).unwrap()) else {
        return;
    };
    let paper = joined(&pages.concat());
    for marked in [
        "70kg,measuredon2026-03-04†",
        "nogrowth†repeatedafterinvalidation:growthinthenegativecontrol",
    ] {
        assert!(paper.contains(marked), "“{marked}” is not in\n{paper}");
    }
    assert_eq!(
        paper.matches('†').count(),
        4,
        "two values and what the sign means"
    );
    let Some(pages) = self::pages(&print(&papers::withdrawn()).unwrap()) else {
        return;
    };
    assert!(joined(&pages.concat()).contains("Novaluewaschangedsinceitsfirstentry."));
}

// A figure by body weight names its cells and its power of ten, as a person writes it.
#[test]
fn the_dose_of_a_unit_stands_under_its_unit() {
    for certificate in [papers::ordinary(), papers::long()] {
        let Some(pages) = pages(&print(&certificate).unwrap()) else {
            return;
        };
        let paper = joined(&pages.concat());
        assert!(paper.contains("Viablecells,×10⁶/kg"), "{paper}");
        assert!(!paper.contains('^'), "{paper}");
    }
}

// A11-8.2
#[test]
fn stops_are_printed_with_what_lifts_them_and_only_where_there_were_any() {
    let Some(pages) = pages(&print(&papers::ordinary()).unwrap()) else {
        return;
    };
    let paper = joined(&pages.concat());
    for words in [
        "Stops raised and lifted",
        "Stop (batch on hold)",
        "Identity agrees: no, expected yes Receipt",
        "Technician 2, 2026-03-05 14:05 CET (+01:00)",
        "QA reviewer 2 (qa2), QA reviewer, 2026-03-05 15:20 CET (+01:00), on entry 14 and 15",
    ] {
        assert!(
            paper.contains(&joined(words)),
            "“{words}” is not on\n{paper}"
        );
    }
    let Some(pages) = self::pages(&print(&papers::withdrawn()).unwrap()) else {
        return;
    };
    assert!(!joined(&pages.concat()).contains("Stopsraisedandlifted"));
}

#[test]
fn the_first_page_says_at_a_glance_whether_the_batch_complies() {
    for (certificate, word, other) in [
        (papers::ordinary(), "COMPLIES", "Nothing may be released"),
        (papers::withdrawn(), "WITHDRAWN", "COMPLIES"),
        (papers::superseded(), "SUPERSEDED", "COMPLIES"),
        (papers::void(), "VOID", "COMPLIES"),
    ] {
        let Some(pages) = pages(&print(&certificate).unwrap()) else {
            return;
        };
        assert!(pages[0].contains(word), "{}", pages[0]);
        assert!(!joined(&pages[0]).contains(&joined(other)), "{}", pages[0]);
        let every = pages.iter().all(|page| page.contains(word));
        assert!(
            every || word == "COMPLIES",
            "a paper that doesn't stand says so on each page"
        );
    }
}

#[test]
fn the_letters_of_all_languages_of_the_eu_survive() {
    let mut certificate = papers::ordinary();
    certificate.signatures = papers::ALPHABETS
        .map(|(language, letters)| papers::signature(letters, language, letters, "Batch"))
        .to_vec();
    let Some(pages) = pages(&print(&certificate).unwrap()) else {
        return;
    };
    let paper = joined(&pages.concat());
    for (language, letters) in papers::ALPHABETS {
        assert_eq!(
            paper.matches(&joined(letters)).count(),
            2,
            "{language}: regular and bold\n{paper}"
        );
    }
}

#[test]
fn what_the_font_lacks_is_printed_as_its_code_point_and_not_lost() {
    let mut certificate = papers::ordinary();
    // Chinese, a change of direction, Hebrew, a zero-width blank, a line break.
    certificate.subject = "A中B\u{202e}Cא\u{200b}D\nE".to_owned();
    let Some(pages) = pages(&print(&certificate).unwrap()) else {
        return;
    };
    let paper = joined(&pages.concat());
    assert!(
        paper.contains("A[U+4E2D]B[U+202E]C[U+05D0][U+200B]DE"),
        "{paper}"
    );
}

// A11-8.1: nothing cut off, nothing on top of another.
#[test]
fn nothing_overlaps_and_nothing_leaves_the_margins() {
    let mut alphabets = papers::long();
    alphabets.signatures = papers::ALPHABETS
        .map(|(language, letters)| papers::signature(letters, language, letters, "Batch"))
        .to_vec();
    for certificate in [
        papers::ordinary(),
        papers::withdrawn(),
        papers::long(),
        alphabets,
    ] {
        let Some(pages) = words(&print(&certificate).unwrap()) else {
            return;
        };
        assert!(!pages.is_empty());
        for (index, words) in pages.iter().enumerate() {
            assert!(
                words.len() > 20,
                "page {} holds {} words only",
                index + 1,
                words.len()
            );
            for (at, word) in words.iter().enumerate() {
                let within = word.left >= MARGIN - 0.1
                    && word.right <= PAGE.0 - MARGIN + 0.1
                    && word.top >= MARGIN - 0.1
                    && word.bottom <= PAGE.1 - MARGIN + 0.1;
                assert!(within, "page {}: {word:?} is in the margin", index + 1);
                for other in &words[at + 1..] {
                    assert!(
                        !word.overlaps(other),
                        "page {}: {word:?} overlaps {other:?}",
                        index + 1
                    );
                }
            }
        }
    }
}

// A11-8.1
#[test]
fn forty_criteria_and_long_names_are_printed_in_full() {
    let certificate = papers::long();
    let Some(pages) = pages(&print(&certificate).unwrap()) else {
        return;
    };
    let paper = joined(&pages.concat());
    for criterion in &certificate.criteria {
        for text in [
            &criterion.test,
            &criterion.method,
            &criterion.limit,
            &criterion.results[0].result,
        ] {
            assert!(
                paper.contains(&joined(text)),
                "“{text}” is not on the paper"
            );
        }
    }
    for text in [
        &certificate.product,
        &certificate.subject,
        &certificate.site.address,
        &certificate.site.name,
    ] {
        assert!(
            paper.contains(&joined(text)),
            "“{text}” is not on the paper"
        );
    }
    for unit in &certificate.units {
        assert!(
            paper.contains(&joined(&format!("{}{}", unit.location, unit.stored_at))),
            "{}",
            unit.code
        );
    }
    for word in certificate.changes[0].reason.split(' ') {
        assert!(paper.contains(word), "“{word}” is not on the paper");
    }
    let heads = pages
        .iter()
        .filter(|page| page.contains("Result as judged"))
        .count();
    let tests = pages
        .iter()
        .filter(|page| joined(page).contains("final-product,beforerelease"))
        .count();
    assert!(tests > 10, "{tests}");
    assert_eq!(
        heads, tests,
        "each page with criteria bears the head of the table"
    );
}

// A row of 8000 characters in a narrow column is taller than a page.
#[test]
fn a_row_taller_than_a_page_goes_on_over_pages() {
    let mut certificate = papers::ordinary();
    let words: Vec<String> = (0..1600).map(|number| format!("w{number:04}")).collect();
    certificate.changes[0].reason = words.join(" ");
    let Some(pages) = pages(&print(&certificate).unwrap()) else {
        return;
    };
    let paper = pages.concat();
    assert!(pages.len() > 4, "{}", pages.len());
    assert!(words.iter().all(|word| paper.contains(word)));
}

#[test]
fn the_same_certificate_gives_the_same_bytes() {
    let one = print(&papers::ordinary()).unwrap();
    assert_eq!(one, print(&papers::ordinary()).unwrap());
    let mut other: Certificate = papers::ordinary();
    other.checkpoint.size += 1;
    assert_ne!(one, print(&other).unwrap());
}

#[test]
fn the_fonts_are_embedded_with_the_glyphs_that_are_used_only() {
    let bytes = print(&papers::ordinary()).unwrap();
    assert!(bytes.len() < 120_000, "{} bytes", bytes.len());
    let Some(fonts) = poppler("pdffonts", &["-"], &bytes) else {
        return;
    };
    let lines: Vec<_> = fonts
        .lines()
        .filter(|line| line.contains("DejaVuSansCondensed"))
        .collect();
    assert_eq!(lines.len(), 2, "{fonts}");
    for line in lines {
        assert!(
            line.contains("CID TrueType") && line.contains("yes yes yes"),
            "embedded, subset, readable: {line}"
        );
    }
}

#[test]
fn the_file_names_its_certificate() {
    let Some(about) = poppler("pdfinfo", &["-"], &print(&papers::ordinary()).unwrap()) else {
        return;
    };
    assert!(
        about.contains("Certificate of analysis GE-2026-0007-C1"),
        "{about}"
    );
    assert!(about.contains("A4"), "{about}");
}
