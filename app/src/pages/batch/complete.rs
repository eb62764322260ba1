//! Completing a step, with the signature that it needs; or saying that it doesn't apply; or ending the culture.

use domain::batch::{BatchCommand, Entry, Meaning, Planned, ProcessingCommand};
use domain::master_record::{StepKind, StepSignature};
use domain::rights::Action;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::sight::{Offer, Sight};
use crate::commands::step::{Comment, CompleteStep, EndCulture, StepNotApplicable};
use crate::parts::fields::{clock, hidden_field, send};
use crate::parts::{LongTextField, SignaturePanel, TimeField, form};

/// The end of the step at work.
pub fn section(sight: &Sight, planned: &Planned<'_>) -> AnyView {
    let missing = missing(sight, planned);
    let completing = if missing.is_empty() {
        complete(sight, planned)
    } else {
        still_to_do(&missing)
    };
    view! {
        <div class="completing">
            {completing}
        </div>
    }
    .into_any()
}

fn still_to_do(missing: &[String]) -> AnyView {
    let lines: Vec<_> = missing
        .iter()
        .map(|one| view! { <li>{one.clone()}</li> })
        .collect();
    view! {
        <div class="still">
            <h3>"Before the step can be completed"</h3>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

/// What keeps the step from being completed; the domain refuses it all the same.
fn missing(sight: &Sight, planned: &Planned<'_>) -> Vec<String> {
    let record = sight.batch.steps.get(&planned.at);
    let entry = |key: &str| record.and_then(|record| record.entries.get(key));
    let mut missing = Vec::new();
    let required = || planned.step.fields.iter().filter(|field| field.required);
    match required()
        .filter(|field| entry(&field.key).is_none())
        .count()
    {
        0 => {}
        1 => missing.push("1 entry is still to be recorded".to_owned()),
        count => missing.push(format!("{count} entries are still to be recorded")),
    }
    for field in planned.step.fields.iter().filter(|field| field.critical) {
        let waits = |entry: &Entry| entry.verified.is_none() && entry.not_applicable.is_none();
        if entry(&field.key).is_some_and(waits) {
            missing.push(format!("{} waits for a second person", field.label));
        }
    }
    match planned.step.kind {
        StepKind::Sample
            if !sight
                .batch
                .samples
                .iter()
                .any(|sample| sample.step == planned.at) =>
        {
            missing.push("no sample is recorded".to_owned());
        }
        StepKind::Freeze | StepKind::Formulate if sight.batch.units.is_empty() => {
            missing.push("no unit is recorded".to_owned());
        }
        _ => {}
    }
    missing
}

/// The form that completes a step, or signs it again.
pub fn complete(sight: &Sight, planned: &Planned<'_>) -> AnyView {
    let complete = sight.page.form(&format!("complete:{}", planned.at));
    let title = sight.batch.step_title(&planned.at);
    let now = sight.zone.shown(sight.now);
    let other = complete
        .typed("performed_at")
        .is_some_and(|typed| !typed.is_empty());
    let when = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("step", &planned.at)}
        <details class="fold fold-quiet when" open=other || !complete.refused_at("performed_at").is_empty()>
            <summary>"The work ends now, "{clock(sight.zone, sight.now)}</summary>
            <TimeField form=&complete name="performed_at" label="The work ended at" now=now or_now=true/>
        </details>
    };
    let fields = match planned.step.signature {
        StepSignature::None => view! {
            {when}
            {hidden_field("seen", sight.batch.version)}
            {send(format!("Complete {title}"))}
        }
        .into_any(),
        StepSignature::Performed => {
            let number = &sight.batch.harvest.number;
            let what = format!(
                "You sign that you carried out “{title}” of batch {number} as it is recorded here."
            );
            view! {
                {when}
                <SignaturePanel form=&complete what=what meaning=Meaning::Performed
                    consequences="The step is complete. An entry that is corrected after this makes the signature void, and the step is signed again."
                    seen=sight.batch.version button=format!("Sign and complete {title}")/>
            }
            .into_any()
        }
    };
    form(&complete, CompleteStep::url(), fields)
}

/// What can be said of the step besides: a comment, that it doesn't apply, that the culture ends, a deviation.
pub fn asides(sight: &Sight, planned: &Planned<'_>, works: bool) -> AnyView {
    let at = &planned.at;
    let skip = sight.page.form(&format!("skip:{at}"));
    let end = sight.page.form("end-culture");
    let remark = sight.page.form(&format!("comment:{at}"));
    let needed = matches!(
        planned.step.kind,
        StepKind::Receive
            | StepKind::Isolate
            | StepKind::Seed
            | StepKind::Passage
            | StepKind::FinalHarvest
    );
    // A step with a stop is answered, not left out; where no sample was taken, there is none to answer for.
    let stops = planned.step.kind != StepKind::Sample
        && planned.step.fields.iter().any(|field| field.stop.is_some());
    let offers_end = end.is_begun()
        || matches!(
            sight.offers(BatchCommand::Processing(ProcessingCommand::EndCulture {
                reason: "?".to_owned()
            })),
            Offer::Yes
        );
    let skipping = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("step", at)}
        <LongTextField form=&skip name="reason" label="The whole step is not applicable, because" rows=2/>
        {send("Record as not applicable")}
    };
    let ending = view! {
        {hidden_field("batch", sight.batch.id)}
        <LongTextField form=&end name="reason" label="The culture ends here, because" rows=2
            hint="It ends after the passage that was counted last. QA assesses it in the review."/>
        {send("End the culture")}
    };
    let remarking = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("step", at)}
        <LongTextField form=&remark name="text" label="Comment" rows=2/>
        {send("Add the comment")}
    };
    let deviation = format!(
        "/batches/{}/deviations?step={}",
        sight.batch.id,
        crate::answer::escaped(&at.to_string())
    );
    view! {
        <div class="asides">
            {sight.may(Action::Comment).then(|| view! {
                <details class="fold" open=remark.is_begun()>
                    <summary>"Comment on this step"</summary>{form(&remark, Comment::url(), remarking)}
                </details>
            })}
            {(works && !needed && !stops).then(|| view! {
                <details class="fold" open=skip.is_begun()>
                    <summary>"Step not applicable"</summary>{form(&skip, StepNotApplicable::url(), skipping)}
                </details>
            })}
            {offers_end.then(|| view! {
                <details class="fold" open=end.is_begun()>
                    <summary>"End the culture here"</summary>{form(&end, EndCulture::url(), ending)}
                </details>
            })}
            {sight.may(Action::RaiseDeviation).then(|| view! { <a class="button" href=deviation>"Raise a deviation"</a> })}
        </div>
    }
    .into_any()
}
