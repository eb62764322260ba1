//! A sample: where and when it was taken, and its tests in a table.

use domain::batch::{Sample, TestResult};
use domain::release::Outcome;
use leptos::prelude::*;

use super::row::{Row, rows_of};
use crate::pages::marks::{mark, outcome_mark, waits};
use crate::pages::sight::Sight;
use crate::parts::{Facts, fact};

/// The section of one sample.
pub(super) fn section(sight: &Sight, sample: &Sample) -> AnyView {
    let id = format!("sample-{}", sample.id);
    let heading = format!("{id}-heading");
    let facts = vec![
        fact("Sample point", sample.point.clone()),
        fact("Taken at", sight.moment(sample.taken_at)),
        fact("Step", sight.step(&sample.step)),
        fact(
            "Viable cells in it",
            domain::decimal::grouped(sample.viable_cells),
        ),
        fact("Recorded by", sight.who(&sample.stamp)),
    ];
    let lines: Vec<_> = rows_of(&sight.batch, sample)
        .iter()
        .map(|row| lines(sight, row))
        .collect();
    view! {
        <section class="sample" id=id aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>"Sample " {sample.code.clone()}</h2>
            <Facts facts=facts/>
            <div class="scrolls" tabindex="0" role="region" aria-label=format!("Table of sample {}", sample.code)>
                <table class="tests">
                    <thead>
                        <tr>
                            <th scope="col">"Test"</th>
                            <th scope="col">"Limit"</th>
                            <th scope="col">"Due"</th>
                            <th scope="col" class="number">"Result"</th>
                            <th scope="col">"Verdict"</th>
                            <th scope="col">"Entered"</th>
                            <th scope="col">"Reviewed"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// The lines of a test: the one that counts, and below it each result that was invalidated or read too early.
fn lines(sight: &Sight, row: &Row<'_>) -> AnyView {
    let standing = row.test.standing();
    let earlier: Vec<_> = row
        .test
        .results
        .iter()
        .filter(|result| standing.is_none_or(|standing| !std::ptr::eq(*result, standing)))
        .map(|result| earlier_line(sight, row, result))
        .collect();
    let method = row.criterion.map(|criterion| criterion.method.clone());
    view! {
        <tr id=row.id()>
            <th scope="row">
                <a href=row.chosen(&sight.batch)>{row.name().to_owned()}</a>
                <span class="method">{method}</span>
            </th>
            <td>{row.limit(&sight.batch)}</td>
            <td>{row.due(sight)}</td>
            <td class="number">{standing.map(|result| value(sight, row, result))}</td>
            <td>{verdict(sight, row)}</td>
            <td>{standing.map(|result| entered(sight, result))}</td>
            <td>{standing.map(|result| reviewed(sight, result))}</td>
        </tr>
        {earlier}
        {standing.map(|result| changes(sight, row, result))}
    }
    .into_any()
}

/// How the result was returned and corrected, each on a line of its own with who, when and why.
fn changes(sight: &Sight, row: &Row<'_>, result: &TestResult) -> AnyView {
    let name = || row.name().to_owned();
    let corrected = result.corrections.iter().map(|one| {
        let new = row.with_unit(&one.new);
        let old = row.with_unit(&one.old);
        let raw_data = one.raw_data.as_ref();
        let raw_data = raw_data.map(|raw_data| format!(" Raw data: {raw_data}."));
        let verdict = one.verdict.as_ref().map(|change| {
            format!(
                " Verdict {}, now {}; confirmed by {}, {}.",
                change.before, change.after, change.second.name, change.second.role
            )
        });
        view! {
            <tr class="changed-result">
                <td>{name()} ", corrected"</td>
                <td colspan="2"><q>{one.reason.clone()}</q> "." {raw_data} {verdict}</td>
                <td class="number"><del>{old}</del> " " {new}</td>
                <td></td>
                <td>{sight.who(&one.stamp)}</td>
                <td></td>
            </tr>
        }
    });
    let returned = result.returns.iter().map(|one| {
        let answer = match &one.answered {
            Some((answer, stamp)) => {
                view! { <q>{answer.clone()}</q> " " {sight.who(stamp)} }.into_any()
            }
            None => mark("pending", "Waits for the analyst"),
        };
        view! {
            <tr class="changed-result">
                <td>{name()} ", returned"</td>
                <td colspan="4"><q>{one.reason.clone()}</q> " " {sight.who(&one.stamp)}</td>
                <td colspan="2">{answer}</td>
            </tr>
        }
    });
    view! {
        {returned.collect_view()}
        {corrected.collect_view()}
    }
    .into_any()
}

/// The result as judged; beside it, where that looks different, as it was entered.
fn value(sight: &Sight, row: &Row<'_>, result: &TestResult) -> AnyView {
    let entered = row.entered(result);
    let judgement = row.judged(&sight.batch, result);
    let failing = judgement
        .as_ref()
        .is_some_and(|judgement| judgement.outcome == Outcome::Fail);
    let shown = judgement
        .and_then(|judgement| judgement.shown)
        .unwrap_or_else(|| entered.clone());
    let as_entered = (shown != entered).then(|| format!("entered as {entered}"));
    let before: Vec<_> = result
        .corrections
        .iter()
        .map(|one| {
            let old = row.with_unit(&one.old);
            view! { <del><span class="visually-hidden">"formerly "</span>{old}</del>" " }
        })
        .collect();
    view! {
        {before}
        <span class=failing.then_some("outside")>{shown}</span>
        {as_entered.map(|words| view! { <span class="as-entered">{words}</span> })}
    }
    .into_any()
}

fn verdict(sight: &Sight, row: &Row<'_>) -> AnyView {
    let Some(result) = row.test.standing() else {
        return mark("pending", "Awaited");
    };
    let Some(judgement) = row.judged(&sight.batch, result) else {
        return mark("missing", "No criterion");
    };
    let why = match &judgement.outcome {
        Outcome::Indeterminate { why } => Some(why.clone()),
        Outcome::Pending { awaits } => Some(waits(*awaits)),
        Outcome::Pass | Outcome::Fail | Outcome::Missing | Outcome::Informative => None,
    };
    let unreviewed = result.reviewed.is_none();
    view! {
        {outcome_mark(&judgement.outcome)}
        {unreviewed.then(|| view! { <span class="until">"once it is reviewed"</span> })}
        {why.map(|why| view! { <span class="why">{why}</span> })}
    }
    .into_any()
}

fn entered(sight: &Sight, result: &TestResult) -> AnyView {
    view! {
        {sight.who(&result.entered)}
        <span class="tested-on">"tested on " <span class="nowrap">{result.tested_on.to_string()}</span></span>
    }
    .into_any()
}

fn reviewed(sight: &Sight, result: &TestResult) -> AnyView {
    match &result.reviewed {
        Some(stamp) => sight.who(stamp),
        None => mark("pending", "Not yet"),
    }
}

fn earlier_line(sight: &Sight, row: &Row<'_>, result: &TestResult) -> AnyView {
    invalidated_line(sight, row, result).unwrap_or_else(|| {
        view! {
            <tr class="invalidated">
                <td>{row.name().to_owned()} ", earlier reading"</td>
                <td colspan="2">"Read before the minimum time of its method"</td>
                <td class="number">{row.entered(result)}</td>
                <td>{mark("pending", "Too early")}</td>
                <td>{entered(sight, result)}</td>
                <td>{result.reviewed.as_ref().map(|stamp| sight.who(stamp))}</td>
            </tr>
        }
        .into_any()
    })
}

fn invalidated_line(sight: &Sight, row: &Row<'_>, result: &TestResult) -> Option<AnyView> {
    let why = result.invalidated.as_ref()?;
    let raw_data = why.raw_data.as_ref();
    let raw_data = raw_data.map_or_else(String::new, |raw_data| format!("; raw data: {raw_data}"));
    let words = format!(
        "Invalid, {}: {}{raw_data}",
        why.reason.label(),
        why.evidence
    );
    Some(
        view! {
            <tr class="invalidated">
                <td>{row.name().to_owned()} ", earlier result"</td>
                <td colspan="2">{words} " " {sight.who(&why.stamp)}</td>
                <td class="number"><del>{row.entered(result)}</del></td>
                <td>{mark("void", "Invalid")}</td>
                <td>{entered(sight, result)}</td>
                <td>{result.reviewed.as_ref().map(|stamp| sight.who(stamp))}</td>
            </tr>
        }
        .into_any(),
    )
}
