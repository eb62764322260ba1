//! Certificates to print.

use domain::{
    certificate::{
        Certificate, ChangeOnPaper, CriterionOnPaper, DeviationOnPaper, DocumentOnPaper, Figure,
        GroupOnPaper, PrintedCheckpoint, Printing, ResultOnPaper, SignatureOnPaper, SiteOnPaper,
        Status, StopOnPaper, UnitOnPaper,
    },
    release::Outcome,
    specification::{GroupRule, Stage},
    time::Timestamp,
};

/// Letters of the languages of the EU that others lack, and of Norwegian, Icelandic and Turkish.
pub const ALPHABETS: [(&str, &str); 14] = [
    ("German", "Ärztin Öße Übermäßig ÄÖÜ äöüß ẞ"),
    ("French", "àâæçéèêëîïôœùûüÿ ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ"),
    ("Spanish and Portuguese", "áéíóúüñ ¿¡ ãõâêôàç ÑÃÕ ªº"),
    ("Italian and Catalan", "àèéìòù ÀÈÉÌÒÙ l·l"),
    ("Polish", "ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ"),
    (
        "Czech and Slovak",
        "áčďéěíňóřšťúůýž äĺľôŕ ÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ ĹĽÔŔ",
    ),
    ("Hungarian", "áéíóöőúüű ÁÉÍÓÖŐÚÜŰ"),
    ("Romanian", "ăâîșț ĂÂÎȘȚ şţ"),
    ("Croatian and Slovene", "čćđšž ČĆĐŠŽ ǆ"),
    (
        "Estonian, Latvian, Lithuanian",
        "äõöüšž āčēģīķļņōŗšūž ąčęėįšųūž ĀČĒĢĪĶĻŅŪŽ ĄĖĮŲ",
    ),
    ("Nordic", "æøåäöðþ ÆØÅÄÖÐÞ"),
    ("Maltese, Irish, Turkish", "ċġħż ĊĠĦŻ áéíóúḃċḋ ğış ĞİŞ"),
    (
        "Greek",
        "Αλέξανδρος Παπαδόπουλος ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ άέήίόύώϊϋΐΰς",
    ),
    (
        "Bulgarian",
        "Йордан Щъркелов АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ абвгдежзийклмнопрстуфхцчшщъьюя",
    ),
];

pub fn ordinary() -> Certificate {
    let at = "2026-04-02 09:41 CEST (+02:00)".to_owned();
    Certificate {
        number: "GE-2026-0007-C1".to_owned(),
        status: Status::Final,
        certified_at: Timestamp::from_micros(1_775_115_660_000_000).unwrap(),
        site: SiteOnPaper {
            code: "GE".to_owned(),
            name: "Cell Factory, University Hospital".to_owned(),
            address: "Largo Rosanna Benzi 10, 16132 Genova, Italy".to_owned(),
            time_zone: "Europe/Rome".to_owned(),
        },
        product: "Autologous bone-marrow mesenchymal stromal cells, frozen suspension for intravenous infusion".to_owned(),
        batch: "GE-2026-0007".to_owned(),
        din: "G1234 17 654321".to_owned(),
        din_check: Some('A'),
        coi: "CHA999926ABC123".to_owned(),
        subject: "GE-017".to_owned(),
        specification: document("BM-MSC v1", "Autologous bone-marrow MSC, release specification", "5e"),
        master_record: document("bm-msc v2", "Isolation, expansion and freezing of bone-marrow MSC", "a7"),
        program: "Autolog 0.1.0".to_owned(),
        conclusion: format!(
            "The batch meets every criterion of specification BM-MSC v1 that is judged, and is certified for release by \
             Qualified Person 1 (qp1), Qualified Person on {at}."
        ),
        criteria: criteria(),
        groups: vec![GroupOnPaper {
            rule: GroupRule::EachOf,
            tests: vec!["Osteogenic differentiation".to_owned(), "Adipogenic differentiation".to_owned()],
            outcome: Outcome::Pass,
        }],
        dates: vec![
            figure("Marrow collected", "2026-03-05 11:20 CET (+01:00)"),
            figure("Final harvest", "2026-03-26 14:05 CET (+01:00)"),
            figure("Freezing", "2026-03-26 16:30 CET (+01:00)"),
            figure("Tested", "2026-03-26 to 2026-04-01"),
            figure("Expiry (earliest unit)", "2027-03-26 16:30 CET (+01:00)"),
        ],
        dose: vec![
            Figure { changed: true, ..figure("Body weight", "70 kg, measured on 2026-03-04") },
            figure("Dose", "1 to 2 × 10⁶ viable cells/kg (NCT02239393), for 70 kg"),
            figure("Viable cells of the final harvest", "233\u{202f}000\u{202f}000"),
            figure("All units together", "210\u{202f}000\u{202f}000 viable cells, 3.00 × 10⁶ viable cells/kg"),
        ],
        units: vec![unit("GE-2026-0007-U01", "tank 2 / rack 4 / box 1 / A3"), unit("GE-2026-0007-U02", "tank 2 / rack 4 / box 1 / A4")],
        changes: vec![ChangeOnPaper {
            what: "Harvest: body weight".to_owned(),
            old: "60 kg".to_owned(),
            new: "70 kg".to_owned(),
            reason: "typing error, weight read again from the chart".to_owned(),
            by: "Technician 1, Technician".to_owned(),
            at: "2026-03-06 08:15 CET (+01:00)".to_owned(),
        }],
        stops: vec![StopOnPaper {
            what: "Identity agrees: no, expected yes".to_owned(),
            step: "Receipt".to_owned(),
            raised: "Technician 2, 2026-03-05 14:05 CET (+01:00)".to_owned(),
            lifted: "QA reviewer 2 (qa2), QA reviewer, 2026-03-05 15:20 CET (+01:00), on entry 14 and 15".to_owned(),
        }],
        deviations: vec![DeviationOnPaper {
            number: "GE-2026-0007-D1".to_owned(),
            description: "Change of medium six hours late in passage 1.".to_owned(),
            class: "minor".to_owned(),
            impact: "None: confluence and viability as expected.".to_owned(),
        }],
        signatures: vec![
            signature("Technician 1", "Technician", "Performed as recorded", "Final harvest"),
            signature("QA reviewer 1", "QA reviewer", "Reviewed, record complete", "Batch GE-2026-0007"),
            signature("Qualified Person 1", "Qualified Person", "Certified for release", "Batch GE-2026-0007"),
        ],
        earlier: Vec::new(),
        printing: Printing {
            number: "GE-2026-0007-P1".to_owned(),
            at: at.clone(),
            by: "Qualified Person 1 (qp1)".to_owned(),
            state: "Certified".to_owned(),
            lines: vec!["No deviation, exception or expiry holds the batch.".to_owned()],
            holds: false,
        },
        checkpoint: PrintedCheckpoint {
            origin: "autolog/GE".to_owned(),
            size: 1234,
            root: "CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=".to_owned(),
        },
    }
}

fn document(label: &str, title: &str, byte: &str) -> DocumentOnPaper {
    DocumentOnPaper {
        label: label.to_owned(),
        title: title.to_owned(),
        sha256: byte.repeat(32),
    }
}

fn figure(label: &str, text: &str) -> Figure {
    Figure {
        label: label.to_owned(),
        text: text.to_owned(),
        changed: false,
    }
}

fn unit(code: &str, location: &str) -> UnitOnPaper {
    UnitOnPaper {
        code: code.to_owned(),
        form: "frozen".to_owned(),
        viable_cells: "105\u{202f}000\u{202f}000".to_owned(),
        per_kg: "1.50".to_owned(),
        volume: "50 mL".to_owned(),
        location: location.to_owned(),
        stored_at: "2026-03-26 16:30 CET (+01:00)".to_owned(),
        expires_at: Some("2027-03-26 16:30 CET (+01:00)".to_owned()),
    }
}

pub fn signature(name: &str, role: &str, meaning: &str, of: &str) -> SignatureOnPaper {
    SignatureOnPaper {
        name: name.to_owned(),
        user_name: name.to_lowercase().replace(' ', ""),
        role: role.to_owned(),
        at: "2026-04-02 09:41 CEST (+02:00)".to_owned(),
        meaning: meaning.to_owned(),
        of: of.to_owned(),
    }
}

pub fn criterion(test: &str, method: &str, limit: &str, result: &str) -> CriterionOnPaper {
    CriterionOnPaper {
        test: test.to_owned(),
        method: method.to_owned(),
        sample_point: "final-product".to_owned(),
        stage: Stage::BeforeRelease,
        limit: limit.to_owned(),
        source: "EudraCT 2010-024041-78, J Transl Med 2018 Table 2".to_owned(),
        results: vec![ResultOnPaper {
            sample: "GE-2026-0007-S02".to_owned(),
            result: result.to_owned(),
            tested_on: "2026-03-27".parse().unwrap(),
            corrected_from: Vec::new(),
            repeated_after: Vec::new(),
        }],
        informative: false,
        verdict: "pass".to_owned(),
    }
}

fn criteria() -> Vec<CriterionOnPaper> {
    let flow = "Flow cytometry, Ph. Eur. 2.7.24";
    let mut sterility = criterion(
        "Sterility",
        "Growth-based, aerobic and anaerobic, 7 days, Ph. Eur. 2.6.27",
        "no growth",
        "no growth",
    );
    sterility.results[0].repeated_after = vec!["growth in the negative control".to_owned()];
    let mut dr = criterion("HLA-DR", flow, "≤ 20 % (informative)", "27.3 %");
    (dr.informative, dr.verdict) = (true, "informative".to_owned());
    let mut karyotype = criterion("Karyotype", "G-banding", "none (informative)", "");
    (karyotype.informative, karyotype.verdict) = (true, "informative".to_owned());
    karyotype.results.clear();
    vec![
        criterion(
            "Viability",
            "Trypan blue exclusion, Ph. Eur. 2.7.29",
            "≥ 70 %",
            "94 %",
        ),
        criterion("CD105", flow, "≥ 95 %", "99 %"),
        criterion("CD73", flow, "≥ 95 %", "98 %"),
        criterion("CD45", flow, "≤ 5 %", "1 %"),
        dr,
        criterion(
            "Osteogenic differentiation",
            "In vitro differentiation, staining of mineral",
            "present",
            "present",
        ),
        criterion(
            "Adipogenic differentiation",
            "In vitro differentiation, staining of lipid",
            "present",
            "present",
        ),
        sterility,
        criterion(
            "Mycoplasma",
            "Nucleic acid amplification, Ph. Eur. 2.6.7",
            "not detected",
            "not detected",
        ),
        criterion(
            "Endotoxin",
            "LAL, Ph. Eur. 2.6.14",
            "≤ 3.50 EU/mL (5 EU/kg/h × 70 kg × 1 h / 100 mL)",
            "< 0.05 EU/mL",
        ),
        karyotype,
    ]
}

/// Forty criteria, names of 300 characters with and without blanks, and a reason of 2000.
pub fn long() -> Certificate {
    let blanks = "Universitätsklinikum für Zelltherapie ".repeat(8);
    let name: String = blanks.chars().take(300).collect();
    let word = "Donaudampfschifffahrtsgesellschaft"
        .repeat(9)
        .chars()
        .take(300)
        .collect::<String>();
    let mut certificate = ordinary();
    certificate.site.name.clone_from(&name);
    certificate.site.address.clone_from(&word);
    certificate.product.clone_from(&word);
    certificate.subject = "S".repeat(300);
    certificate.criteria = (1..=40)
        .map(|number| {
            let mut one = criterion(
                &format!("Test {number} {name}"),
                &word,
                &format!("≥ {number} %"),
                &word,
            );
            one.results.push(ResultOnPaper {
                sample: format!("GE-2026-0007-S{number:02}"),
                ..one.results[0].clone()
            });
            one
        })
        .collect();
    let people = [
        ("QA reviewer", "Reviewed, record complete"),
        ("Qualified Person", "Certified for release"),
    ];
    certificate.signatures = people
        .map(|(role, meaning)| signature(&name, role, meaning, &word))
        .to_vec();
    certificate.units = (1..=60)
        .map(|number| unit(&format!("GE-2026-0007-U{number:02}"), &name))
        .collect();
    let reason: Vec<String> = (1..=400).map(|number| format!("w{number:03}")).collect();
    certificate.changes[0].reason = reason.join(" ");
    certificate.changes[0].old.clone_from(&word);
    certificate
}

pub fn withdrawn() -> Certificate {
    let mut certificate = ordinary();
    certificate.status = Status::Withdrawn {
        at: "2026-04-03 10:00 CEST (+02:00)".to_owned(),
        by: "Qualified Person 2 (qp2), Qualified Person".to_owned(),
        reason: "the weight was that of another subject".to_owned(),
    };
    certificate.changes.clear();
    certificate.stops.clear();
    certificate.deviations.clear();
    certificate
}

pub fn superseded() -> Certificate {
    let mut certificate = ordinary();
    certificate.status = Status::Superseded {
        by: "GE-2026-0007-C3".to_owned(),
        at: "2026-04-03 10:00 CEST (+02:00)".to_owned(),
        reason: "typing error in the weight".to_owned(),
    };
    certificate.earlier = vec!["GE-2026-0007-C0, withdrawn on 2026-04-01: wrong unit".to_owned()];
    certificate
}

pub fn void() -> Certificate {
    let mut certificate = ordinary();
    certificate.status = Status::Void {
        at: "2026-04-03 10:00 CEST (+02:00)".to_owned(),
        by: "QA reviewer 1, QA reviewer".to_owned(),
    };
    certificate
}
