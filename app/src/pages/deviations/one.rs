//! One deviation: what is known of it, and what is still to be done until QA closes it.

use domain::batch::{BatchCommand, Deviation, DeviationClass, DeviationCommand, Meaning};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::{class, place_id, state, step};
use crate::commands::deviations::{AssessDeviation, ClassifyDeviation, CloseDeviation};
use crate::form::Form;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{ChoiceField, Facts, LongTextField, SignaturePanel, fact, form};

/// The section of one deviation.
pub(super) fn section(sight: &Sight, deviation: &Deviation) -> AnyView {
    let id = place_id(deviation);
    let heading = format!("{id}-heading");
    let open = deviation.closed.is_none();
    let closed = deviation
        .closed
        .as_ref()
        .map(|signature| view! { <p>"Closed by " {sight.signed(signature)}</p> });
    view! {
        <section class="deviation" id=id aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{deviation.number.clone()} " " {state(deviation)}</h2>
            <Facts facts=facts(sight, deviation)/>
            <p class="words">{deviation.description.clone()}</p>
            {assessment(sight, deviation)}
            {closed}
            {open.then(|| [classify(sight, deviation), assess(sight, deviation), close(sight, deviation)])}
        </section>
    }
    .into_any()
}

fn facts(sight: &Sight, deviation: &Deviation) -> Vec<AnyView> {
    let classified = deviation
        .class
        .as_ref()
        .map(|(_, stamp)| view! { ", by " {sight.who(stamp)} });
    vec![
        fact("Step", step(sight, deviation)),
        fact("Raised by", sight.who(&deviation.raised)),
        fact("Class", view! { {class(deviation)} {classified} }),
    ]
}

fn assessment(sight: &Sight, deviation: &Deviation) -> Option<AnyView> {
    let (root_cause, impact, stamp) = deviation.assessment.as_ref()?;
    Some(
        view! {
            <dl class="assessment">
                <dt>"Root cause"</dt>
                <dd class="words">{root_cause.clone()}</dd>
                <dt>"Impact on product and patient"</dt>
                <dd class="words">{impact.clone()}</dd>
                <dt>"Stated by"</dt>
                <dd>{sight.who(stamp)}</dd>
            </dl>
        }
        .into_any(),
    )
}

fn about(sight: &Sight, deviation: &Deviation) -> AnyView {
    view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("deviation", deviation.id)}
    }
    .into_any()
}

fn fold(summary: String, open: bool, panel: AnyView) -> AnyView {
    view! {
        <details class="fold" open=open>
            <summary>{summary}</summary>
            {panel}
        </details>
    }
    .into_any()
}

fn classify(sight: &Sight, deviation: &Deviation) -> Option<AnyView> {
    let classifying = sight.page.form(&format!("classify:{}", deviation.number));
    let class = deviation.class.as_ref().map(|(class, _)| *class);
    // The same class again would be refused, and that is no reason to offer no other.
    let other = match class {
        Some(DeviationClass::Minor) => DeviationClass::Major,
        _ => DeviationClass::Minor,
    };
    let command = BatchCommand::Deviation(DeviationCommand::ClassifyDeviation {
        deviation: deviation.id,
        class: other,
    });
    let panel = sight.offered(command, &classifying, || {
        let choices = DeviationClass::ALL
            .iter()
            .map(|class| (class.code().to_owned(), class.label().to_owned()))
            .collect();
        let value = class.map_or("", DeviationClass::code);
        let fields = view! {
            {about(sight, deviation)}
            <ChoiceField
                form=&classifying
                name="class"
                label="Class"
                choices=choices
                value=value
                hint="Minor: no influence on the product. Major: may influence it. Critical: likely to harm the patient or void the product."
            />
            {send("Classify")}
        };
        form(&classifying, ClassifyDeviation::url(), fields)
    })?;
    let summary = if class.is_some() {
        "Change the class"
    } else {
        "Classify"
    };
    let open = classifying.is_begun() || class.is_none();
    Some(fold(summary.to_owned(), open, panel))
}

fn assess(sight: &Sight, deviation: &Deviation) -> Option<AnyView> {
    let assessing = sight.page.form(&format!("assess:{}", deviation.number));
    let command = BatchCommand::Deviation(DeviationCommand::AssessDeviation {
        deviation: deviation.id,
        root_cause: String::new(),
        impact: String::new(),
    });
    let panel = sight.offered(command, &assessing, || {
        let fields = view! {
            {about(sight, deviation)}
            <LongTextField form=&assessing name="root_cause" label="Root cause"/>
            <LongTextField form=&assessing name="impact" label="Impact on product and patient"/>
            {send("State cause and impact")}
        };
        form(&assessing, AssessDeviation::url(), fields)
    })?;
    let stated = deviation.assessment.is_some();
    let summary = if stated {
        "State cause and impact anew"
    } else {
        "Root cause and impact"
    };
    let open = assessing.is_begun() || (deviation.class.is_some() && !stated);
    Some(fold(summary.to_owned(), open, panel))
}

fn close(sight: &Sight, deviation: &Deviation) -> Option<AnyView> {
    let closing = sight.page.form(&format!("close:{}", deviation.number));
    let command = BatchCommand::Deviation(DeviationCommand::CloseDeviation {
        deviation: deviation.id,
        seen: sight.batch.version,
    });
    let panel = sight.offered(command, &closing, || close_form(sight, deviation, &closing))?;
    let ready = deviation.class.is_some() && deviation.assessment.is_some();
    let open = closing.is_begun() || ready;
    Some(fold(format!("Close {}", deviation.number), open, panel))
}

fn close_form(sight: &Sight, deviation: &Deviation, closing: &Form) -> AnyView {
    let class = deviation
        .class
        .as_ref()
        .map_or("", |(class, _)| class.label());
    let what = format!(
        "You close deviation {} ({class}) of batch {}.",
        deviation.number, sight.batch.harvest.number
    );
    let fields = view! {
        {about(sight, deviation)}
        <SignaturePanel
            form=closing
            what=what
            meaning=Meaning::DeviationClosed
            consequences="A closed deviation can't be changed any more, and no longer keeps the batch from release."
            seen=sight.batch.version
            button="Sign and close the deviation"
        />
    };
    form(closing, CloseDeviation::url(), fields)
}
