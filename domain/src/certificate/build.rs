//! Makes the certificate from a batch and its events.

use super::{
    Certificate, DeviationOnPaper, DocumentOnPaper, Figure, PrintedCheckpoint, Printing,
    SignatureOnPaper, SiteOnPaper, Status, StopOnPaper, UnitOnPaper, changes, criteria,
};
use crate::{
    batch::{
        Batch, BatchEvent, Certification, Disposition, DocumentRef, HarvestField, Meaning,
        Recorded, ReleaseEvent, Signature, SignatureRecord, Stop, Unit, UnitState,
    },
    decimal,
    expansion::dose_per_kg,
    identifiers::Coi,
    master_record::StepKind,
    measure::Measure,
    specification::DoseWindow,
    time::Timestamp,
};
use rust_decimal::Decimal;

/// What the certificate needs besides the batch.
#[derive(Clone, Copy)]
pub struct Paper<'a> {
    /// The site.
    pub site: &'a SiteOnPaper,
    /// The tree that is printed from.
    pub checkpoint: &'a PrintedCheckpoint,
    /// The program and its version.
    pub program: &'a str,
    /// Which print it is.
    pub print: &'a PrintOf,
    /// Writes a moment in the site's zone, with the zone.
    pub shown: &'a dyn Fn(Timestamp) -> String,
}

/// Which print a paper is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintOf {
    /// Its number, such as `GE-2026-0007-P3`.
    pub number: String,
    /// When it is made.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Certificate {
    /// The certificate that stands; `None` where the batch is not certified, or a later change voided the signature.
    ///
    /// `events` are all events of the batch, in order.
    #[must_use]
    pub fn of(batch: &Batch, events: &[Recorded], paper: &Paper<'_>) -> Option<Self> {
        let certification = standing(batch)?;
        Self::numbered(&certification.certificate, batch, events, paper)
    }

    /// The certificate of this number, also one that was withdrawn: it says what the record said when it was signed,
    /// and its status says what became of it. `None` where the batch has no certificate of this number.
    #[must_use]
    pub fn numbered(
        number: &str,
        batch: &Batch,
        events: &[Recorded],
        paper: &Paper<'_>,
    ) -> Option<Self> {
        let signed = events.iter().position(
            |recorded| matches!(&recorded.event, BatchEvent::Release(ReleaseEvent::Certified { certificate, .. }) if certificate == number),
        )?;
        let (before, after) = events.split_at(signed + 1);
        let then = Batch::fold(batch.id, batch.documents.clone(), before.iter().cloned())?;
        let mut certificate = at_signing(&then, before, paper)?;
        let version = before.last()?.version;
        certificate.status = status(batch, version, after, paper);
        certificate.printing = Printing::of(batch, &certificate.status, paper);
        Some(certificate)
    }
}

fn standing(batch: &Batch) -> Option<&Certification> {
    let Disposition::Certified(certification) = &batch.disposition else {
        return None;
    };
    let record = batch
        .signatures
        .iter()
        .find(|record| record.version == certification.version)?;
    record.void_since.is_none().then_some(certification)
}

/// What became of a certificate since it was signed: by the events after it, and by whether `batch` as it is now holds
/// its signature for void.
fn status(batch: &Batch, signed: u64, after: &[Recorded], paper: &Paper<'_>) -> Status {
    let withdrawn = after.iter().find_map(|recorded| match &recorded.event {
        BatchEvent::Release(ReleaseEvent::CertificationWithdrawn {
            reason, signature, ..
        }) => Some((reason.clone(), signature)),
        _ => None,
    });
    let Some((reason, signature)) = withdrawn else {
        let record = batch
            .signatures
            .iter()
            .find(|record| record.version == signed);
        let void_since = record.and_then(|record| record.void_since);
        let change = after
            .iter()
            .find(|recorded| Some(recorded.version) == void_since);
        return change.map_or(Status::Final, |change| Status::Void {
            at: (paper.shown)(change.at),
            by: format!("{}, {}", change.by.name, change.by.role),
        });
    };
    let at = (paper.shown)(signature.at);
    let latest = after
        .iter()
        .rev()
        .find_map(|recorded| match &recorded.event {
            BatchEvent::Release(ReleaseEvent::Certified { certificate, .. }) => {
                Some(certificate.clone())
            }
            _ => None,
        });
    match latest {
        Some(by) => Status::Superseded { by, at, reason },
        None => Status::Withdrawn {
            at,
            by: signed_by(signature),
            reason,
        },
    }
}

fn at_signing(batch: &Batch, events: &[Recorded], paper: &Paper<'_>) -> Option<Certificate> {
    let certification = standing(batch)?;
    let verdict = batch.verdict();
    // Certifying asks for it; a paper that says otherwise must not come to be, whatever stands in the ledger.
    if !verdict.releasable_finally() {
        return None;
    }
    let harvest = &batch.harvest;
    let (specification, master) = (
        &batch.documents.specification,
        &batch.documents.master_record,
    );
    Some(Certificate {
        number: certification.certificate.clone(),
        status: Status::Final,
        certified_at: certification.signature.at,
        site: paper.site.clone(),
        product: specification.product.clone(),
        batch: harvest.number.clone(),
        din: harvest.din.grouped(),
        din_check: harvest.din.check_character(),
        coi: Coi::shown(harvest.coi.as_ref()),
        subject: harvest.subject.clone(),
        specification: document(
            specification.label(),
            &specification.title,
            &harvest.specification,
        ),
        master_record: document(master.label(), &master.title, &harvest.master_record),
        program: paper.program.to_owned(),
        conclusion: format!(
            "The batch meets every criterion of specification {} that is judged, and is certified for release by {} \
             on {}.",
            specification.label(),
            signed_by(&certification.signature),
            (paper.shown)(certification.signature.at),
        ),
        criteria: criteria::criteria(batch, &verdict),
        groups: criteria::groups(batch, &verdict),
        dates: dates(batch, paper),
        dose: dose(batch, events),
        units: batch
            .units
            .iter()
            .map(|unit| unit_line(batch, unit, paper))
            .collect(),
        changes: changes::changes(batch, events, paper),
        stops: stops(batch, paper),
        deviations: deviations(batch),
        signatures: signatures(batch, paper),
        earlier: earlier(batch, events, paper),
        printing: Printing::of(batch, &Status::Final, paper),
        checkpoint: paper.checkpoint.clone(),
    })
}

fn document(label: String, title: &str, of: &DocumentRef) -> DocumentOnPaper {
    DocumentOnPaper {
        label,
        title: title.to_owned(),
        sha256: of.sha256.clone(),
    }
}

fn signed_by(signature: &Signature) -> String {
    format!(
        "{} ({}), {}",
        signature.name, signature.user_name, signature.role
    )
}

fn figure(label: &str, text: String) -> Figure {
    Figure {
        label: label.to_owned(),
        text,
        changed: false,
    }
}

fn dates(batch: &Batch, paper: &Paper<'_>) -> Vec<Figure> {
    let shown = paper.shown;
    let mut dates = vec![figure(
        "Marrow collected",
        shown(batch.harvest.collected_at),
    )];
    for step in &batch.documents.master_record.steps {
        if !matches!(
            step.kind,
            StepKind::FinalHarvest | StepKind::Freeze | StepKind::Formulate
        ) {
            continue;
        }
        for (at, record) in batch.steps.iter().filter(|(at, _)| at.key == step.key) {
            if let Some(completed) = &record.completed {
                dates.push(figure(&batch.step_title(at), shown(completed.performed_at)));
            }
        }
    }
    let tests = batch
        .samples
        .iter()
        .flat_map(|sample| &sample.tests)
        .filter_map(crate::batch::Test::standing);
    let days: std::collections::BTreeSet<_> = tests.map(|result| result.tested_on).collect();
    match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => {
            dates.push(figure("Tested", format!("{first} to {last}")))
        }
        (Some(day), _) => dates.push(figure("Tested", day.to_string())),
        _ => {}
    }
    let kept = batch
        .units
        .iter()
        .filter(|unit| !matches!(unit.state, UnitState::Destroyed { .. }));
    if let Some(expiry) = kept.filter_map(|unit| batch.expires_at(unit)).min() {
        dates.push(figure("Expiry (earliest unit)", shown(expiry)));
    }
    dates
}

fn dose(batch: &Batch, events: &[Recorded]) -> Vec<Figure> {
    let harvest = &batch.harvest;
    let weight = Figure {
        label: "Body weight".to_owned(),
        text: format!(
            "{}, measured on {}",
            Measure::KILOGRAM.after(harvest.weight_kg),
            harvest.weighed_on
        ),
        changed: changes::of_harvest(events, &[HarvestField::Weight, HarvestField::WeighedOn]),
    };
    let mut figures = vec![weight];
    if let Some(window) = &batch.documents.specification.dose {
        figures.push(figure("Dose", window_text(window, harvest.weight_kg)));
    }
    if let Some(viable) = batch.harvested_viable() {
        figures.push(Figure {
            label: "Viable cells of the final harvest".to_owned(),
            text: decimal::grouped(viable),
            changed: changes::of_step(batch, events, StepKind::FinalHarvest),
        });
    }
    let stored = batch
        .units
        .iter()
        .filter(|unit| unit.state == UnitState::Stored);
    let all: Decimal = stored.map(|unit| unit.viable_cells).sum();
    let text = format!(
        "{} viable cells, {}",
        decimal::grouped(all),
        per_kg_with_unit(all, harvest.weight_kg)
    );
    figures.push(figure("All units together", text));
    figures
}

fn window_text(window: &DoseWindow, weight_kg: Decimal) -> String {
    format!(
        "{} ({}), for {}",
        window.text(),
        window.basis,
        Measure::KILOGRAM.after(weight_kg)
    )
}

fn per_kg(viable: Decimal, weight_kg: Decimal) -> String {
    let millions = dose_per_kg(viable, weight_kg).map(|cells| cells / Decimal::from(1_000_000));
    millions.map_or_else(
        |_| "not computable".to_owned(),
        |millions| decimal::shown(millions, 2),
    )
}

fn per_kg_with_unit(viable: Decimal, weight_kg: Decimal) -> String {
    format!("{} × 10⁶ viable cells/kg", per_kg(viable, weight_kg))
}

fn unit_line(batch: &Batch, unit: &Unit, paper: &Paper<'_>) -> UnitOnPaper {
    UnitOnPaper {
        code: unit.code.clone(),
        form: unit.form.to_string(),
        viable_cells: decimal::grouped(unit.viable_cells),
        per_kg: per_kg(unit.viable_cells, batch.harvest.weight_kg),
        volume: Measure::MILLILITRE.after(unit.volume_ml),
        location: match &unit.state {
            UnitState::Destroyed { reason, .. } => format!("destroyed: {reason}"),
            _ => unit.location.clone(),
        },
        stored_at: (paper.shown)(unit.stored_at),
        expires_at: batch.expires_at(unit).map(paper.shown),
    }
}

fn stops(batch: &Batch, paper: &Paper<'_>) -> Vec<StopOnPaper> {
    let line = |stop: &Stop| StopOnPaper {
        what: stop.words(),
        step: batch.step_title(&stop.step),
        raised: format!("{}, {}", stop.raised.by.name, (paper.shown)(stop.raised.at)),
        // Nothing is certified while a stop holds it; were it so all the same, the paper says so.
        lifted: stop.lifted.as_ref().map_or_else(
            || "not lifted".to_owned(),
            |lifted| {
                let entries: Vec<_> = lifted.evidence.iter().map(u64::to_string).collect();
                format!(
                    "{}, {}, on entry {}",
                    signed_by(&lifted.signature),
                    (paper.shown)(lifted.signature.at),
                    entries.join(" and ")
                )
            },
        ),
    };
    batch.stops.iter().map(line).collect()
}

fn deviations(batch: &Batch) -> Vec<DeviationOnPaper> {
    let line = |deviation: &crate::batch::Deviation| DeviationOnPaper {
        number: deviation.number.clone(),
        description: deviation.description.clone(),
        class: deviation
            .class
            .as_ref()
            .map_or("not classified", |(class, _)| class.label())
            .to_owned(),
        impact: deviation
            .assessment
            .as_ref()
            .map_or_else(String::new, |(_, impact, _)| impact.clone()),
    };
    batch.deviations.iter().map(line).collect()
}

fn signatures(batch: &Batch, paper: &Paper<'_>) -> Vec<SignatureOnPaper> {
    let of_making = |record: &&SignatureRecord| {
        record.void_since.is_none()
            && !matches!(
                record.signature.meaning,
                Meaning::Rejected | Meaning::Withdrawn
            )
    };
    let line = |record: &SignatureRecord| SignatureOnPaper {
        name: record.signature.name.clone(),
        user_name: record.signature.user_name.clone(),
        role: record.signature.role.to_string(),
        at: (paper.shown)(record.signature.at),
        meaning: record.signature.meaning.to_string(),
        of: subject_of(batch, record),
    };
    batch
        .signatures
        .iter()
        .filter(of_making)
        .map(line)
        .collect()
}

fn subject_of(batch: &Batch, record: &SignatureRecord) -> String {
    let closes =
        |deviation: &&crate::batch::Deviation| deviation.closed.as_ref() == Some(&record.signature);
    let lifts = |stop: &&Stop| {
        (stop.lifted.as_ref()).is_some_and(|lifted| lifted.stamp.version == record.version)
    };
    if let Some(stop) = batch.stops.iter().find(lifts) {
        return format!("Stop “{}”", stop.label);
    }
    match (&record.step, batch.deviations.iter().find(closes)) {
        (Some(step), _) => batch.step_title(step),
        (None, Some(deviation)) => format!("Deviation {}", deviation.number),
        (None, None) => format!("Batch {}", batch.harvest.number),
    }
}

/// The certificates before the one that stands, each withdrawn.
fn earlier(batch: &Batch, events: &[Recorded], paper: &Paper<'_>) -> Vec<String> {
    let current = standing(batch).map(|certification| certification.certificate.as_str());
    let mut lines: Vec<String> = Vec::new();
    for recorded in events {
        match &recorded.event {
            BatchEvent::Release(ReleaseEvent::Certified { certificate, .. })
                if Some(certificate.as_str()) != current =>
            {
                lines.push(certificate.clone());
            }
            BatchEvent::Release(ReleaseEvent::CertificationWithdrawn {
                reason, signature, ..
            }) => {
                if let Some(line) = lines.last_mut() {
                    line.push_str(&format!(
                        ", withdrawn on {}: {reason}",
                        (paper.shown)(signature.at)
                    ));
                }
            }
            _ => {}
        }
    }
    lines
}
