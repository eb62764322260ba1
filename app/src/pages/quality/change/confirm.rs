//! Confirming one's own returned result.

use domain::batch::{BatchCommand, QualityCommand};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::chosen::about;
use super::super::row::Row;
use crate::commands::quality::ConfirmResult;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{LongTextField, form};

/// The command, as far as it is known before anything is typed.
pub(in super::super) fn command(row: &Row<'_>) -> BatchCommand {
    BatchCommand::Quality(QualityCommand::ConfirmResult {
        sample: row.sample.id,
        criterion: row.test.criterion.clone(),
        result: row.test.values(),
        answer: String::new(),
    })
}

/// The form, for the analyst to whom the result was returned.
pub(in super::super) fn panel(sight: &Sight, row: &Row<'_>) -> Option<AnyView> {
    let confirming = sight.page.form(&row.form("confirm"));
    sight.offered_or_silent(command(row), &confirming, || {
        let fields = view! {
            {about(sight, row)}
            {hidden_field("result", row.test.values())}
            <p>"Compare the result with the raw data again. Where it was typed wrong, correct it below."</p>
            <LongTextField
                form=&confirming
                name="answer"
                label="What the raw data say"
                rows=2
                hint="The reviewer reads it."
            />
            {send("Confirm the result as entered")}
        };
        form(&confirming, ConfirmResult::url(), fields)
    })
}
