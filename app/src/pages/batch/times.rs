//! A time that was stated: what it was before it was corrected, and its correction.

use domain::batch::{Retimed, TimeOf};
use domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::times::CorrectTime;
use crate::form::slug;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{LongTextField, TimeField, form};

/// What a time was before it was corrected: each former one with who corrected it, and why.
pub fn former(sight: &Sight, of: &TimeOf) -> Vec<AnyView> {
    let line = |one: &Retimed| {
        view! {
            <span class="sub">
                <del><span class="visually-hidden">"formerly "</span>{sight.zone.shown(one.old)}</del>
                ", corrected by " {one.stamp.by.name.clone()} ", because: " <q>{one.reason.clone()}</q>
            </span>
        }
        .into_any()
    };
    sight.batch.retimed_of(of).map(line).collect()
}

/// A fold with the form that corrects a time; nothing where the person can't.
pub fn correction(sight: &Sight, of: &TimeOf, old: Timestamp) -> Option<AnyView> {
    let open = matches!(sight.batch.disposition, domain::batch::Disposition::Open);
    if !(open || of.is_of_infusion()) || !sight.may(of.action()) {
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
