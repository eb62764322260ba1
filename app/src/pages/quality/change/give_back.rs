//! Returning another analyst's result.

use domain::batch::{BatchCommand, QualityCommand};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::chosen::about;
use super::super::row::Row;
use crate::commands::quality::ReturnResult;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{LongTextField, form};

/// The form, for the analyst who reviews the result.
pub(in super::super) fn panel(sight: &Sight, row: &Row<'_>) -> Option<AnyView> {
    row.test.standing()?;
    let returning = sight.page.form(&row.form("return"));
    let command = BatchCommand::Quality(QualityCommand::ReturnResult {
        sample: row.sample.id,
        criterion: row.test.criterion.clone(),
        result: row.test.values(),
        reason: String::new(),
    });
    let panel = sight.offered_or_silent(command, &returning, || {
        let fields = view! {
            {about(sight, row)}
            {hidden_field("result", row.test.values())}
            <p>"The analyst who entered the result corrects it or confirms it again; then it can be reviewed."</p>
            <LongTextField
                form=&returning
                name="reason"
                label="Reason for the return"
                rows=2
                hint="What differs from the raw data."
            />
            {send("Return the result")}
        };
        form(&returning, ReturnResult::url(), fields)
    })?;
    Some(
        view! {
            <details class="fold" open=returning.is_begun()>
                <summary>"Return this result to the analyst"</summary>
                {panel}
            </details>
        }
        .into_any(),
    )
}
