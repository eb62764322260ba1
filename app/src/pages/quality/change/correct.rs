//! Correcting one's own result.

use domain::batch::{BatchCommand, QualityCommand};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::chosen::{about, result_field};
use super::super::row::Row;
use crate::commands::quality::CorrectResult;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{DayField, LongTextField, PasswordField, TextField, form};

/// The form, for the analyst who entered the result.
pub(in super::super) fn panel(sight: &Sight, row: &Row<'_>) -> Option<AnyView> {
    let result = row.test.standing()?;
    let correcting = sight.page.form(&row.form("correct"));
    let command = BatchCommand::Quality(QualityCommand::CorrectResult {
        sample: row.sample.id,
        criterion: row.test.criterion.clone(),
        result: row.test.values(),
        value: result.value.clone(),
        tested_on: result.tested_on,
        reason: String::new(),
        raw_data: String::new(),
        second: None,
    });
    let panel = sight.offered_or_silent(command, &correcting, || {
        let tested_on = result.tested_on.to_string();
        let fields = view! {
            {about(sight, row)}
            {hidden_field("result", row.test.values())}
            <p>"Now: " <strong>{row.entered(result)}</strong> ". It stays readable, with the reason."</p>
            {row.criterion.map(|criterion| result_field(sight, criterion, &correcting))}
            <DayField form=&correcting name="tested_on" label="Day of the test" value=tested_on/>
            <LongTextField form=&correcting name="reason" label="Reason for the correction" rows=2/>
            <fieldset class="only-if">
                <legend>"Only where the verdict changes"</legend>
                <p>
                    "From pass to fail, or the other way: name the raw data, and have a second QC analyst compare them and \
                     enter user name and password. QA assesses the change."
                </p>
                <TextField
                    form=&correcting
                    name="raw_data"
                    label="Raw data"
                    width="wide"
                    hint="Where they are: report, instrument, file."
                    optional=true
                />
                <TextField
                    form=&correcting
                    name="user_name"
                    label="User name of the second analyst"
                    autocomplete="off"
                    optional=true
                />
                <PasswordField form=&correcting label="Password of the second analyst"/>
            </fieldset>
            {send("Correct the result")}
        };
        form(&correcting, CorrectResult::url(), fields)
    })?;
    Some(
        view! {
            <details class="fold" open=correcting.is_begun()>
                <summary>"Correct this result"</summary>
                {panel}
            </details>
        }
        .into_any(),
    )
}
