//! The verdict criterion by criterion, and on each group.

use domain::batch::{Test, TestResult};
use domain::release::{CriterionVerdict, GroupVerdict, Outcome};
use domain::specification::GroupRule;
use leptos::prelude::*;

use crate::pages::marks::{mark, outcome_mark, waits};
use crate::pages::row_id;
use crate::pages::sight::Sight;

/// The table of the criteria, and below it that of the groups.
pub(super) fn section(sight: &Sight) -> AnyView {
    let verdict = sight.batch.verdict();
    let lines: Vec<_> = verdict
        .criteria
        .iter()
        .map(|criterion| line(sight, criterion))
        .collect();
    view! {
        <section id="criteria" aria-labelledby="criteria-heading">
            <h2 id="criteria-heading">"Criteria of " {verdict.specification.clone()}</h2>
            <div class="scrolls" tabindex="0" role="region" aria-label="Table of the criteria">
                <table class="criteria">
                    <thead>
                        <tr>
                            <th scope="col">"Test"</th>
                            <th scope="col">"Limit"</th>
                            <th scope="col" class="number">"Result"</th>
                            <th scope="col">"Verdict"</th>
                            <th scope="col">"Sample"</th>
                            <th scope="col">"Entered by"</th>
                            <th scope="col">"Reviewed by"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            {groups(sight, &verdict.groups)}
        </section>
    }
    .into_any()
}

fn line(sight: &Sight, criterion: &CriterionVerdict) -> AnyView {
    let result = result_of(sight, criterion);
    let in_group = sight.batch.documents.specification.group_of(&criterion.key);
    let with = in_group.map(|group| {
        let rule = match group.rule {
            GroupRule::OneOf => "one is enough of",
            GroupRule::EachOf => "each of",
        };
        view! { <span class="method">{format!("in the group {}: {rule} its tests", group.key)}</span> }
    });
    let entered = result.map(|result| sight.who(&result.entered));
    let reviewed = result.map(|result| match &result.reviewed {
        Some(stamp) => sight.who(stamp),
        None => mark("pending", "Not yet"),
    });
    view! {
        <tr id=format!("criterion-{}", criterion.key)>
            <th scope="row">
                {criterion.test.clone()}
                <span class="method">{criterion.method.clone()} ", " {criterion.stage.to_string()}</span>
                {with}
            </th>
            <td>
                {criterion.limit_text.clone()}
                <span class="source">{criterion.source.clone()}</span>
            </td>
            <td class="number">{value(sight, criterion)}</td>
            <td>{outcome(criterion)}</td>
            <td>{sample(sight, criterion)}</td>
            <td>{entered}</td>
            <td>{reviewed}</td>
        </tr>
    }
    .into_any()
}

/// The result that decided.
fn result_of<'a>(sight: &'a Sight, criterion: &CriterionVerdict) -> Option<&'a TestResult> {
    let sample = sight.batch.sample(criterion.sample?)?;
    let test = sample
        .tests
        .iter()
        .find(|test| test.criterion == criterion.key)?;
    test.standing()
}

/// The result; before it, struck through, each value that it replaces: who reviews and who certifies sees both.
fn value(sight: &Sight, criterion: &CriterionVerdict) -> AnyView {
    let failing = criterion.outcome == Outcome::Fail;
    let awaiting = criterion.awaiting_review.clone();
    let before: Vec<_> = criterion
        .sample
        .and_then(|id| sight.batch.sample(id))
        .and_then(|sample| (sample.tests.iter()).find(|test| test.criterion == criterion.key))
        .map(Test::replaced)
        .unwrap_or_default()
        .into_iter()
        .map(|old| {
            let old = sight.batch.result_shown(&criterion.key, old);
            view! { <del><span class="visually-hidden">"formerly "</span>{old}</del>" " }
        })
        .collect();
    view! {
        {before}
        <span class=failing.then_some("outside")>{criterion.value_as_judged.clone()}</span>
        {awaiting.map(|value| view! { {value} <span class="until">"not reviewed"</span> })}
    }
    .into_any()
}

fn outcome(criterion: &CriterionVerdict) -> AnyView {
    let why = match &criterion.outcome {
        Outcome::Pending { awaits } => Some(waits(*awaits)),
        Outcome::Missing => Some("no sample".to_owned()),
        Outcome::Indeterminate { why } => Some(why.clone()),
        Outcome::Pass | Outcome::Fail | Outcome::Informative => None,
    };
    view! {
        {outcome_mark(&criterion.outcome)}
        {why.map(|why| view! { <span class="why">{why}</span> })}
    }
    .into_any()
}

/// The sample that decided, or the point where one is still to be taken.
fn sample(sight: &Sight, criterion: &CriterionVerdict) -> AnyView {
    let point = criterion.sample_point.clone();
    let code = criterion.sample.and_then(|id| sight.batch.sample(id));
    let link = code.map(|sample| {
        let place = row_id(sample.id, &criterion.key);
        let to = format!("/batches/{}/quality#{place}", sight.batch.id);
        view! { <a class="nowrap" href=to>{sample.code.clone()}</a> }
    });
    view! {
        {link}
        <span class="method">{point}</span>
    }
    .into_any()
}

fn groups(sight: &Sight, groups: &[GroupVerdict]) -> Option<AnyView> {
    if groups.is_empty() {
        return None;
    }
    let lines: Vec<_> = groups
        .iter()
        .map(|group| group_line(sight, group))
        .collect();
    Some(
        view! {
            <h3 id="groups-heading">"Groups of criteria"</h3>
            <div class="scrolls" tabindex="0" role="region" aria-label="Table of the groups">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Group"</th>
                            <th scope="col">"Asks for"</th>
                            <th scope="col">"Tests"</th>
                            <th scope="col">"Verdict"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any(),
    )
}

fn group_line(sight: &Sight, group: &GroupVerdict) -> AnyView {
    let rule = match group.rule {
        GroupRule::OneOf => "one that passes",
        GroupRule::EachOf => "each to pass",
    };
    let tests: Vec<_> = group
        .criteria
        .iter()
        .map(|key| sight.batch.test_name(key))
        .collect();
    view! {
        <tr>
            <th scope="row">{group.key.clone()}</th>
            <td>{rule}</td>
            <td>{tests.join(", ")}</td>
            <td>{outcome_mark(&group.outcome)}</td>
        </tr>
    }
    .into_any()
}
