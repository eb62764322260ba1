//! The correction of a time that was stated.

use domain::batch::TimeOf;
use domain::rights::Action;
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::sight::Sight;
use crate::commands::times::CorrectTime;
use crate::form::slug;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{LongTextField, TimeField, form};

/// A fold with the form that corrects a time; nothing where the person can't.
pub fn correction(sight: &Sight, of: &TimeOf, old: Timestamp) -> Option<AnyView> {
    let open = matches!(sight.batch.disposition, domain::batch::Disposition::Open);
    if !open || !sight.may(Action::CorrectEntry) {
        return None;
    }
    // The form is about this time and no other, whatever else stands on the page.
    let code = serde_json::to_string(of).ok()?;
    let label = sight.batch.time_label(of);
    let step = sight.batch.step_of_time(of);
    let place = step.map(|step| step.to_string()).unwrap_or_default();
    let correct = sight
        .page
        .form(&format!("time:{}", slug(&format!("{place} {code}"))));
    let now = sight.zone.typed(old);
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("of", code)}
        <TimeField form=&correct name="at" label="True time" now=now/>
        <LongTextField form=&correct name="reason" label="Reason for the correction" rows=2
            hint="The old time stays readable, with this reason."/>
        {send("Correct the time")}
    };
    Some(
        view! {
            <details class="fold fold-quiet" open=correct.is_begun()>
                <summary>"Correct the time"<span class="visually-hidden">": "{label}</span></summary>
                {form(&correct, CorrectTime::url(), fields)}
            </details>
        }
        .into_any(),
    )
}
