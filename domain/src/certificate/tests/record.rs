//! A certified batch, event by event.

use super::*;
use crate::{
    batch::{
        Batch, By, DocumentRef, Documents, DueTest, FieldValue, Registered, ReleaseEvent,
        Signature, Signed, UnitForm,
    },
    ids::{BatchId, UserId},
    ledger::{Hash, LedgerName},
    master_record::{MasterRecord, StepRef},
    release::Sign,
    rights::Role,
    specification::Specification,
    zone::Zone,
};
use chrono::TimeDelta;
use rust_decimal::Decimal;
use std::sync::Arc;

const MASTER: &str = r#"
key = "bm-msc"
version = 2
title = "Expansion"
product = "MSC"
late_after_minutes = 60
[[step]]
key = "harvest"
title = "Final harvest"
kind = "final-harvest"
instruction = "Count twice."
signature = "performed"
[[step.field]]
key = "identity"
label = "Identity agrees"
type = "yes-no"
expected = ["yes"]
[[step.field]]
key = "total-cells-1"
label = "Total cells, first count"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "viable-cells-1"
label = "Viable cells, first count"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "total-cells-2"
label = "Total cells, second count"
type = "number"
unit = "cells"
required = true
[[step.field]]
key = "viable-cells-2"
label = "Viable cells, second count"
type = "number"
unit = "cells"
required = true
[[step]]
key = "freeze"
title = "Freezing"
kind = "freeze"
instruction = "Freeze."
signature = "performed"
"#;

const SPECIFICATION: &str = r#"
key = "BM-MSC"
version = 3
title = "Release specification"
product = "Bone-marrow MSC"
source = "Site"
[dose]
minimum = 1
maximum = 2
unit = "10^6 cells/kg"
source = "NCT02239393"
[shelf_life]
frozen_days = 365
site_choice = true
[[criterion]]
key = "viability"
test = "Viability"
method = "Trypan blue"
sample_point = "final"
stage = "before_release"
result = "number"
unit = "%"
limit = ">= 70"
rounding = "as-limit"
source = "Table 2"
[[criterion]]
key = "sterility"
test = "Sterility"
method = "Ph. Eur. 2.6.27"
sample_point = "final"
stage = "before_release"
result = "category"
categories = ["no growth", "growth"]
equals = "no growth"
source = "Table 4"
[[criterion]]
key = "endotoxin"
test = "Endotoxin"
method = "LAL"
sample_point = "final"
stage = "before_release"
result = "number"
unit = "EU/mL"
limit = "<= 0.5"
rounding = "none"
site_choice = true
[[criterion]]
key = "hla-dr"
test = "HLA-DR"
method = "Flow cytometry"
sample_point = "final"
stage = "before_release"
result = "number"
unit = "%"
limit = "<= 20"
informative = true
decimals = 1
source = "Table 2"
[[criterion]]
key = "karyotype"
test = "Karyotype"
method = "G-banding"
sample_point = "final"
stage = "before_release"
result = "text"
informative = true
site_choice = true
[[group]]
key = "microbiology"
rule = "each-of"
criteria = ["sterility", "endotoxin"]
"#;

pub(super) const TECHNICIAN: u128 = 1;
pub(super) const QA: u128 = 2;
pub(super) const QP: u128 = 3;

pub(super) fn at(hours: i64) -> Timestamp {
    Timestamp::parse("2026-03-05T12:00:00Z")
        .unwrap()
        .plus(TimeDelta::hours(hours))
}

pub(super) fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn by(user: u128) -> By {
    let (name, role) = match user {
        QA => ("Jörg Łukasz", Role::QaReviewer),
        QP => ("Éva Őry", Role::QualifiedPerson),
        _ => ("Technician 1", Role::Technician),
    };
    By {
        user: UserId(Uuid::from_u128(user)),
        name: name.to_owned(),
        role,
    }
}

/// Events in the order of the test, numbered and timed one hour apart.
pub(super) struct Record(pub Vec<Recorded>);

impl Record {
    pub(super) fn then(mut self, user: u128, event: BatchEvent) -> Self {
        let version = self.0.len() as u64 + 1;
        self.0.push(Recorded {
            version,
            at: at(version as i64),
            clock: crate::clock::ClockState::Confirmed,
            by: by(user),
            event,
        });
        self
    }

    pub(super) fn signed(
        self,
        user: u128,
        meaning: Meaning,
        event: impl FnOnce(Signature, Signed) -> BatchEvent,
    ) -> Self {
        let version = self.0.len() as u64;
        let By {
            user: signer,
            name,
            role,
        } = by(user);
        let user_name = format!("user{user}");
        let signature = Signature {
            signer,
            user_name,
            name,
            role,
            at: at(version as i64 + 1),
            meaning,
        };
        self.then(
            user,
            event(
                signature,
                Signed {
                    version,
                    digest: "d".to_owned(),
                },
            ),
        )
    }

    pub(super) fn entry(self, field: &str, value: &str) -> Self {
        self.then(
            TECHNICIAN,
            BatchEvent::Processing(ProcessingEvent::EntryRecorded {
                step: StepRef::once("harvest"),
                field: field.to_owned(),
                value: FieldValue::Number(d(value)),
                performed_at: at(1),
                outside: None,
            }),
        )
    }

    pub(super) fn corrected(self, old: &str, new: &str) -> Self {
        self.then(
            TECHNICIAN,
            BatchEvent::Processing(ProcessingEvent::EntryCorrected {
                step: StepRef::once("harvest"),
                field: "viable-cells-1".to_owned(),
                old: FieldValue::Number(d(old)),
                new: FieldValue::Number(d(new)),
                reason: "misread".to_owned(),
                outside: None,
            }),
        )
    }

    pub(super) fn completed(self, step: &str) -> Self {
        let step = StepRef::once(step);
        let performed_at = at(self.0.len() as i64);
        self.signed(TECHNICIAN, Meaning::Performed, |signature, signed| {
            BatchEvent::Processing(ProcessingEvent::StepCompleted {
                step,
                performed_at,
                signature: Some(signature),
                signed: Some(signed),
            })
        })
    }

    pub(super) fn result(self, criterion: &str, value: ResultValue) -> Self {
        let (criterion, tested_on) = (
            criterion.to_owned(),
            NaiveDate::from_ymd_opt(2026, 3, 6).unwrap(),
        );
        self.then(
            TECHNICIAN,
            BatchEvent::Quality(QualityEvent::ResultEntered {
                sample: sample(),
                criterion,
                value,
                tested_on,
            }),
        )
    }

    pub(super) fn reviewed(self, criterion: &str) -> Self {
        let criterion = criterion.to_owned();
        self.then(
            QA,
            BatchEvent::Quality(QualityEvent::ResultReviewed {
                sample: sample(),
                criterion,
            }),
        )
    }

    pub(super) fn review(self) -> Self {
        self.signed(QA, Meaning::Reviewed, |signature, signed| {
            BatchEvent::Release(ReleaseEvent::ReviewSigned { signature, signed })
        })
    }

    pub(super) fn certified(self, number: &str) -> Self {
        let certificate = number.to_owned();
        self.signed(QP, Meaning::Certified, |signature, signed| {
            BatchEvent::Release(ReleaseEvent::Certified {
                certificate,
                signature,
                signed,
            })
        })
    }

    pub(super) fn withdrawn(self) -> Self {
        let reason = "wrong weight".to_owned();
        self.signed(QP, Meaning::Withdrawn, |signature, signed| {
            BatchEvent::Release(ReleaseEvent::CertificationWithdrawn {
                reason,
                signature,
                signed,
            })
        })
    }

    pub(super) fn batch(&self) -> Batch {
        let documents = Documents {
            master_record: Arc::new(MasterRecord::parse(MASTER).unwrap()),
            specification: Arc::new(Specification::parse(SPECIFICATION).unwrap()),
            zone: Zone::utc(),
        };
        Batch::fold(
            BatchId(Uuid::from_u128(9)),
            documents,
            self.0.iter().cloned(),
        )
        .unwrap()
    }

    pub(super) fn certificate(&self) -> Option<Certificate> {
        printed(|paper| Certificate::of(&self.batch(), &self.0, paper))
    }

    pub(super) fn numbered(&self, number: &str) -> Option<Certificate> {
        printed(|paper| Certificate::numbered(number, &self.batch(), &self.0, paper))
    }
}

pub(super) fn printed(make: impl FnOnce(&Paper<'_>) -> Option<Certificate>) -> Option<Certificate> {
    let site = SiteOnPaper {
        code: "GE".to_owned(),
        name: "Genova".to_owned(),
        address: "Via 1".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
    };
    let ledger = LedgerName::parse("GE").unwrap();
    let checkpoint = PrintedCheckpoint::from(&Checkpoint {
        ledger,
        size: 40,
        root: Hash([7; 32]),
    });
    let shown = |at: Timestamp| at.utc().format("%Y-%m-%d %H:%M UTC").to_string();
    make(&Paper {
        site: &site,
        checkpoint: &checkpoint,
        program: "Autolog 0.1.0",
        print: &PrintOf {
            number: "GE-2026-0007-P1".to_owned(),
            at: at(100),
            by: "Inspector 1 (inspector.1)".to_owned(),
        },
        shown: &shown,
    })
}

pub(super) fn sample() -> SampleId {
    SampleId(Uuid::from_u128(20))
}

pub(super) fn registered() -> Registered {
    let document = |key: &str, version| DocumentRef {
        key: key.to_owned(),
        version,
        sha256: "ab".repeat(32),
    };
    Registered {
        number: "GE-2026-0007".to_owned(),
        site: "GE".to_owned(),
        subject: "GE-01".to_owned(),
        din: crate::identifiers::Din::parse("G123417654321")
            .unwrap()
            .into(),
        coi: Some(crate::identifiers::Coi::parse("CHA999926ABC123").unwrap()),
        collected_at: at(0),
        collected_by: "Collector".to_owned(),
        volume_ml: d("50"),
        anticoagulant: "heparin".to_owned(),
        consent_version: "2".to_owned(),
        consented_on: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        weight_kg: d("70"),
        weighed_on: NaiveDate::from_ymd_opt(2026, 3, 4).unwrap(),
        time_zone: "UTC".to_owned(),
        master_record: document("bm-msc", 2),
        specification: document("BM-MSC", 3),
    }
}

pub(super) fn harvested() -> Record {
    let tests = ["viability", "sterility", "endotoxin", "hla-dr", "karyotype"];
    let due = |key: &str| DueTest {
        criterion: key.to_owned(),
        due: NaiveDate::from_ymd_opt(2026, 3, 12).unwrap(),
    };
    Record(Vec::new())
        .then(
            TECHNICIAN,
            BatchEvent::Harvest(HarvestEvent::HarvestRegistered(Box::new(registered()))),
        )
        .entry("total-cells-1", "150000000")
        .entry("viable-cells-1", "140000000")
        .entry("total-cells-2", "150000000")
        .entry("viable-cells-2", "141000000")
        .completed("harvest")
        .then(
            TECHNICIAN,
            BatchEvent::Quality(QualityEvent::SampleTaken {
                sample: sample(),
                code: "GE-2026-0007-S01".to_owned(),
                step: StepRef::once("harvest"),
                point: "final".to_owned(),
                taken_at: at(6),
                viable_cells: d("1000000"),
                tests: tests.map(due).to_vec(),
            }),
        )
        .then(
            TECHNICIAN,
            BatchEvent::Inventory(InventoryEvent::UnitStored {
                unit: UnitId(Uuid::from_u128(30)),
                code: "GE-2026-0007-U01".to_owned(),
                form: UnitForm::Frozen,
                step: StepRef::once("freeze"),
                viable_cells: d("105000000"),
                volume_ml: d("50"),
                location: "tank 1 / rack 2".to_owned(),
                stored_at: at(8),
            }),
        )
        .completed("freeze")
}

pub(super) fn tested(record: Record) -> Record {
    let endotoxin = ResultValue::Censored {
        sign: Sign::Below,
        bound: d("0.05"),
    };
    record
        .result("viability", ResultValue::Number(d("69.5")))
        .reviewed("viability")
        .result("sterility", ResultValue::Category("no growth".to_owned()))
        .reviewed("sterility")
        .result("endotoxin", endotoxin)
        .reviewed("endotoxin")
        .result("hla-dr", ResultValue::Number(d("27.31")))
        .reviewed("hla-dr")
        .result("karyotype", ResultValue::Text("46,XX".to_owned()))
}

pub(super) fn certified() -> Record {
    tested(harvested()).review().certified("GE-2026-0007-C1")
}
