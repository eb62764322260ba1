//! Raising a deviation on any step, or on the batch as a whole.

use domain::batch::{BatchCommand, DeviationCommand};
use domain::ids::DeviationId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::deviations::RaiseDeviation;
use crate::form::Form;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{ChoiceField, LongTextField, form};

/// The form, folded away unless it is wanted: the address may name the step (`?step=`).
pub(super) fn fold(sight: &Sight) -> Option<AnyView> {
    let raising = sight.page.form("raise-deviation");
    let command = BatchCommand::Deviation(DeviationCommand::RaiseDeviation {
        deviation: DeviationId(raising.command().0),
        step: None,
        description: String::new(),
    });
    let panel = sight.offered(command, &raising, || raise_form(sight, &raising))?;
    let open = raising.is_begun()
        || sight.page.query("step").is_some()
        || sight.batch.deviations.is_empty();
    Some(
        view! {
            <details class="fold" id="raise" open=open>
                <summary>"Raise a deviation"</summary>
                {panel}
            </details>
        }
        .into_any(),
    )
}

fn raise_form(sight: &Sight, raising: &Form) -> AnyView {
    let mut steps = vec![("none".to_owned(), "The batch as a whole".to_owned())];
    steps.extend(
        sight
            .batch
            .plan()
            .iter()
            .map(|planned| (planned.at.to_string(), sight.batch.step_title(&planned.at))),
    );
    let at_first = sight.page.query("step").unwrap_or("none").to_owned();
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        <ChoiceField form=raising name="step" label="Step" choices=steps value=at_first/>
        <LongTextField
            form=raising
            name="description"
            label="What happened"
            hint="What was seen, when, and what was done at once. Causes come later."
            rows=5
        />
        {send("Raise the deviation")}
    };
    form(raising, RaiseDeviation::url(), fields)
}
