//! The test that the person chose, or the next one that they can do something about, with its forms.

use domain::batch::{BatchCommand, InvalidationReason, QualityCommand};
use domain::measure::Measure;
use domain::release::{Outcome, ResultValue};
use domain::specification::{Criterion, ResultKind};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::change::{confirm, correct, give_back};
use super::row::{Row, rows};
use crate::commands::quality::{EnterResult, InvalidateResult, ReviewResult};
use crate::form::Form;
use crate::judge::Judged;
use crate::pages::marks::{outcome_mark, waits};
use crate::pages::sight::{Offer, Sight};
use crate::parts::fields::{hidden_field, send};
use crate::parts::{
    ChoiceField, DayField, Facts, LongTextField, NumberField, TextField, fact, form,
};

const FORMS: [&str; 6] = [
    "result",
    "review",
    "correct",
    "return",
    "confirm",
    "invalidate",
];

/// The panel at the top of the page.
pub(super) fn panel(sight: &Sight) -> Option<AnyView> {
    let rows = rows(&sight.batch);
    let asked = asked_for(sight, &rows);
    let next = asked.is_none();
    let row = asked.or_else(|| next_for(sight, &rows))?;
    let heading = if next {
        format!("Next: {}, sample {}", row.name(), row.sample.code)
    } else {
        format!("{}, sample {}", row.name(), row.sample.code)
    };
    Some(
        view! {
            <section class="panel" id="chosen" aria-labelledby="chosen-heading">
                <h2 id="chosen-heading">{heading}</h2>
                <Facts facts=facts(sight, &row)/>
                {forms(sight, &row)}
            </section>
        }
        .into_any(),
    )
}

/// The test that the address names, or whose form came back.
fn asked_for<'a>(sight: &Sight, rows: &[Row<'a>]) -> Option<Row<'a>> {
    let page = &sight.page;
    let came_back = |row: &Row<'_>| {
        FORMS
            .iter()
            .any(|what| page.form(&row.form(what)).came_back())
    };
    let named = |row: &Row<'_>| {
        page.query("sample") == Some(row.sample.id.to_string().as_str())
            && page.query("test") == Some(row.test.criterion.as_str())
    };
    let back = rows.iter().find(|row| came_back(row));
    back.or_else(|| rows.iter().find(|row| named(row))).copied()
}

/// The next due of the tests that this person can enter or review.
fn next_for<'a>(sight: &Sight, rows: &[Row<'a>]) -> Option<Row<'a>> {
    let can = |row: &&Row<'a>| {
        let command = match row.test.standing() {
            Some(result) if result.returned().is_some() => confirm::command(row),
            Some(result) if result.reviewed.is_none() => review(row),
            Some(_) | None => enter(sight, row),
        };
        row.is_awaited(&sight.batch) && matches!(sight.offers(command), Offer::Yes)
    };
    rows.iter()
        .filter(can)
        .min_by_key(|row| row.too_early(&sight.batch).unwrap_or(row.test.due))
        .copied()
}

fn enter(sight: &Sight, row: &Row<'_>) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::EnterResult {
        sample: row.sample.id,
        criterion: row.test.criterion.clone(),
        value: ResultValue::Text(String::new()),
        tested_on: sight.zone.day(sight.now),
    })
}

fn review(row: &Row<'_>) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::ReviewResult {
        sample: row.sample.id,
        criterion: row.test.criterion.clone(),
        result: row.test.values(),
    })
}

fn facts(sight: &Sight, row: &Row<'_>) -> Vec<AnyView> {
    let mut facts = vec![
        fact("Limit", row.limit(&sight.batch)),
        fact("Sample point", row.sample.point.clone()),
        fact("Due", row.due(sight)),
    ];
    if let Some(from) = row.counts_from(&sight.batch) {
        facts.push(fact("A pass counts from", from.to_string()));
    }
    if let Some(criterion) = row.criterion {
        facts.push(fact("Method", criterion.method.clone()));
        facts.push(fact("Source of the limit", criterion.basis.to_string()));
    }
    if let Some(result) = row.test.standing() {
        let judgement = row.judged(&sight.batch, result);
        let outcome = judgement.map(|judgement| {
            let why = match &judgement.outcome {
                Outcome::Pending { awaits } => Some(format!(" {}", waits(*awaits))),
                Outcome::Pass
                | Outcome::Fail
                | Outcome::Missing
                | Outcome::Indeterminate { .. }
                | Outcome::Informative => None,
            };
            view! { {outcome_mark(&judgement.outcome)}{why} }
        });
        let value = view! { <strong>{row.entered(result)}</strong> " " {outcome} };
        facts.push(fact("Result", value));
        if let Some(before) = before(row) {
            facts.push(fact("Entered first", before));
        }
        facts.push(fact("Tested on", result.tested_on.to_string()));
        facts.push(fact("Entered by", sight.who(&result.entered)));
        if let Some(stamp) = &result.reviewed {
            facts.push(fact("Reviewed by", sight.who(stamp)));
        }
        if let Some(returned) = result.returned() {
            let words =
                view! { {sight.who(&returned.stamp)} ": " <q>{returned.reason.clone()}</q> };
            facts.push(fact("Returned by", words));
        }
    }
    facts
}

/// The value that was entered first, where it is another than the one that counts.
fn before(row: &Row<'_>) -> Option<AnyView> {
    let first = row.first_value()?;
    Some(view! { <del>{first}</del> }.into_any())
}

fn forms(sight: &Sight, row: &Row<'_>) -> AnyView {
    let entering = sight.page.form(&row.form("result"));
    let next_reading = row.too_early(&sight.batch).is_some();
    let entry = (row.takes_result(&sight.batch) || entering.came_back()).then(|| {
        let draw = || enter_form(sight, row, &entering);
        if next_reading {
            sight.offered_or_silent(enter(sight, row), &entering, draw)
        } else {
            sight.offered(enter(sight, row), &entering, draw)
        }
    });
    if row.test.standing().is_none() || (entering.came_back() && !next_reading) {
        return entry.into_any();
    }
    let reviewing = sight.page.form(&row.form("review"));
    let unreviewed = row
        .test
        .standing()
        .is_some_and(|result| result.reviewed.is_none());
    // What was returned waits for its analyst, who has a form for it.
    let waits = row
        .test
        .standing()
        .is_some_and(|result| result.returned().is_some());
    let own = matches!(sight.offers(confirm::command(row)), Offer::Yes);
    let review_panel = ((unreviewed && !(waits && own)) || reviewing.came_back()).then(|| {
        sight.offered(review(row), &reviewing, || {
            let fields = view! {
                {about(sight, row)}
                {hidden_field("result", row.test.values())}
                <p>"You compared the result with the raw data of the test: value, sample, method and day agree."</p>
                {send("Confirm the result as reviewed")}
            };
            form(&reviewing, ReviewResult::url(), fields)
        })
    });
    view! {
        {confirm::panel(sight, row)}
        {review_panel}
        {correct::panel(sight, row)}
        {give_back::panel(sight, row)}
        {entry}
        {invalidate(sight, row)}
    }
    .into_any()
}

pub(super) fn about(sight: &Sight, row: &Row<'_>) -> AnyView {
    view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("sample", row.sample.id)}
        {hidden_field("criterion", &row.test.criterion)}
    }
    .into_any()
}

fn enter_form(sight: &Sight, row: &Row<'_>, entering: &Form) -> AnyView {
    let today = sight.zone.day(sight.now).to_string();
    let fields = view! {
        {about(sight, row)}
        {row.criterion.map(|criterion| result_field(sight, criterion, entering))}
        <DayField form=entering name="tested_on" label="Day of the test" value=today hint=day_hint(sight, row)/>
        {send("Enter the result")}
    };
    form(entering, EnterResult::url(), fields)
}

/// Which day is meant, and what the minimum time of the method makes of it.
fn day_hint(sight: &Sight, row: &Row<'_>) -> String {
    match row.counts_from(&sight.batch) {
        Some(from) => format!(
            "The day on which the result was read. What passes counts from {from}; before, it is pending. What fails counts at once."
        ),
        None => "The day on which the result was read.".to_owned(),
    }
}

/// The field that fits the kind of result that the test gives.
pub(super) fn result_field(sight: &Sight, criterion: &Criterion, entering: &Form) -> AnyView {
    match &criterion.result {
        ResultKind::Number { .. } => {
            let unit = criterion.unit();
            let judged = Judged::by_criterion(criterion, sight.batch.harvest.weight_kg);
            let signs = ["", "<", "<=", ">", ">="]
                .iter()
                .zip(["exactly", "<", "≤", ">", "≥"])
                .map(|(code, words)| ((*code).to_owned(), words.to_owned()))
                .collect();
            view! {
                <ChoiceField
                    form=entering
                    name="sign"
                    label="The test found"
                    choices=signs
                    value=String::new()
                    hint="Below or above what the test can measure: choose the sign, and enter the bound."
                />
                {if unit == Measure::PLAIN {
                    view! { <NumberField form=entering name="value" label="Result" judged=judged/> }.into_any()
                } else {
                    view! { <NumberField form=entering name="value" label="Result" unit=unit.to_string() judged=judged/> }
                        .into_any()
                }}
            }
            .into_any()
        }
        ResultKind::Category { allowed } => {
            let choices = allowed
                .iter()
                .map(|one| (one.clone(), one.clone()))
                .collect();
            view! { <ChoiceField form=entering name="value" label="Result" choices=choices/> }
                .into_any()
        }
        ResultKind::Text => {
            view! { <TextField form=entering name="value" label="Result" width="wide"/> }.into_any()
        }
    }
}

fn invalidate(sight: &Sight, row: &Row<'_>) -> Option<AnyView> {
    row.test.standing()?;
    let name = row.form("invalidate");
    let invalidating = sight.page.form(&name);
    let command = BatchCommand::Quality(QualityCommand::InvalidateResult {
        sample: row.sample.id,
        criterion: row.test.criterion.clone(),
        result: row.test.values(),
        reason: InvalidationReason::NegativeControl,
        evidence: String::new(),
        raw_data: String::new(),
    });
    let choices = InvalidationReason::ALL
        .iter()
        .map(|reason| (reason.code().to_owned(), reason.label().to_owned()))
        .collect();
    let panel = sight.offered(command, &invalidating, || {
        let fields = view! {
            {about(sight, row)}
            {hidden_field("result", row.test.values())}
            <p>
                "A result that fails its limit is not invalid for that. It counts until one of these reasons is shown; it stays \
                 visible, and the test is repeated once. After a transcription error the test is not repeated: the analyst \
                 enters the result again from the raw data."
            </p>
            <ChoiceField form=&invalidating name="reason" label="Reason" choices=choices/>
            <LongTextField
                form=&invalidating
                name="evidence"
                label="Evidence"
                hint="What shows it: report, control, instrument and its number."
            />
            <TextField
                form=&invalidating
                name="raw_data"
                label="Raw data"
                width="wide"
                hint="Where they are: report, instrument, file. Needed for a transcription error."
                optional=true
            />
            {send("Invalidate the result")}
        };
        form(&invalidating, InvalidateResult::url(), fields)
    })?;
    Some(
        view! {
            <details class="fold" open=invalidating.is_begun()>
                <summary>"Invalidate this result"</summary>
                {panel}
            </details>
        }
        .into_any(),
    )
}
