//! Samples and their results.

use crate::{
    batch::{
        Batch, BatchEvent, Context, InputRefusal, InventoryRefusal, ProcessingRefusal,
        QualityEvent, QualityRefusal, Refusal, Sample, Test, TestResult,
        decide::{Checks, counted, open},
        processing::entry::{before, open_step},
    },
    decimal::grouped,
    ids::SampleId,
    master_record::{StepKind, StepRef},
    release::ResultValue,
    specification::{Criterion, ResultKind},
    time::Timestamp,
    typed,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;

pub(in crate::batch) fn take(
    batch: &Batch,
    context: &Context,
    sample: SampleId,
    at: StepRef,
    taken_at: Option<Timestamp>,
    viable_cells: Decimal,
) -> Result<BatchEvent, Refusal> {
    let planned = open_step(batch, &at)?;
    let (StepKind::Sample, Some(point)) = (planned.step.kind, &planned.step.sample_point) else {
        return Err(Refusal::Processing(ProcessingRefusal::WrongStep {
            title: batch.step_title(&at),
            what: "samples are taken",
        }));
    };
    if batch.sample(sample).is_some() {
        return Err(Refusal::Input(InputRefusal::IdUsed { what: "sample" }));
    }
    // None at all is right for a sample of the medium.
    let mut checks = Checks::default();
    let cells = counted("viable_cells", "Viable cells in the sample", viable_cells)
        .and_then(|cells| cells_are_there(batch, &at, cells).map(|()| cells));
    let viable_cells = checks.take(cells);
    let stated = context.stated("taken_at", "Taken at", taken_at, before(batch, &at));
    let taken_at = checks.take(stated);
    let (Some(viable_cells), Some(taken_at)) = (viable_cells, taken_at) else {
        return Err(checks.refused());
    };
    Ok(BatchEvent::Quality(QualityEvent::SampleTaken {
        sample,
        code: format!("{}-S{:02}", batch.harvest.number, batch.samples.len() + 1),
        point: point.clone(),
        tests: batch.tests_at(point, context.zone.day(taken_at)),
        step: at,
        taken_at,
        viable_cells,
    }))
}

/// Cells don't appear from nowhere: what is sampled was counted at the end of the passage, or in the final harvest.
fn cells_are_there(batch: &Batch, at: &StepRef, viable_cells: Decimal) -> Result<(), Refusal> {
    let field = "viable_cells";
    let left = match at.passage {
        Some(passage) => batch.viable_left_of(passage),
        None => batch.viable_left(),
    };
    let Some(left) = left.filter(|left| viable_cells > *left) else {
        return Ok(());
    };
    let (wanted, left) = (grouped(viable_cells), grouped(left));
    Err(match at.passage {
        Some(passage) => Refusal::Quality(QualityRefusal::TooManyOfPassage {
            field,
            passage,
            wanted,
            left,
        }),
        None => Refusal::Inventory(InventoryRefusal::TooManyCells {
            field,
            wanted,
            left,
        }),
    })
}

pub(in crate::batch) fn enter(
    batch: &Batch,
    context: &Context,
    sample: SampleId,
    criterion: String,
    value: ResultValue,
    tested_on: NaiveDate,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let (of, test) = test_of(batch, sample, &criterion)?;
    // What was read before the minimum time of its method is read again.
    let read_again = |standing: &TestResult| {
        batch.too_early(of, test).is_some() && tested_on > standing.tested_on
    };
    if let Some(standing) = test.standing().filter(|standing| !read_again(standing)) {
        return Err(Refusal::Quality(QualityRefusal::ResultStands {
            test: batch.test_name(&criterion),
            sample: of.code.clone(),
            value: standing.value.to_string(),
        }));
    }
    let criterion_of = batch.documents.specification.criterion(&criterion);
    let mut checks = Checks::default();
    if !criterion_of.is_some_and(|of| fits(of, &value)) {
        checks.refuse(Refusal::Processing(ProcessingRefusal::WrongKind {
            field: "value".to_owned(),
            label: batch.test_name(&criterion),
        }));
    }
    checks.take(day_of_test(of, context, tested_on));
    if !checks.passed() {
        return Err(checks.refused());
    }
    Ok(BatchEvent::Quality(QualityEvent::ResultEntered {
        sample,
        criterion,
        value,
        tested_on,
    }))
}

/// A test is made after its sample is taken, and not after today.
pub(in crate::batch) fn day_of_test(
    of: &Sample,
    context: &Context,
    tested_on: NaiveDate,
) -> Result<(), Refusal> {
    if tested_on > context.today() {
        let (field, what) = ("tested_on", "Day of the test");
        return Err(Refusal::Input(InputRefusal::InFuture {
            field,
            what,
            at: tested_on.to_string(),
        }));
    }
    let taken_on = context.zone.day(of.taken_at);
    if tested_on < taken_on {
        return Err(Refusal::Input(InputRefusal::BeforePrevious {
            field: "tested_on",
            what: "Day of the test",
            at: tested_on.to_string(),
            before_what: format!("the taking of sample {}", of.code),
            before: taken_on.to_string(),
        }));
    }
    Ok(())
}

/// Whether a result is one that the test of this criterion can give.
pub(in crate::batch) fn fits(criterion: &Criterion, value: &ResultValue) -> bool {
    match (&criterion.result, value) {
        (ResultKind::Number { unit }, _) => {
            (value.number()).is_some_and(|number| unit.check(number).is_ok())
        }
        (ResultKind::Category { allowed }, ResultValue::Category(found)) => allowed.contains(found),
        (ResultKind::Text, ResultValue::Text(text)) => {
            !typed::is_blank(text) && typed::unprintable_in_lines(text).is_none()
        }
        _ => false,
    }
}

pub(in crate::batch) fn test_of<'a>(
    batch: &'a Batch,
    sample: SampleId,
    criterion: &str,
) -> Result<(&'a Sample, &'a Test), Refusal> {
    let of = batch.sample(sample).ok_or_else(|| {
        Refusal::Quality(QualityRefusal::UnknownSample {
            batch: batch.harvest.number.clone(),
        })
    })?;
    let test = of.tests.iter().find(|test| test.criterion == criterion);
    Ok((
        of,
        test.ok_or_else(|| {
            Refusal::Quality(QualityRefusal::UnknownTest {
                sample: of.code.clone(),
            })
        })?,
    ))
}
