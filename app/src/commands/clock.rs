//! Confirming the server's clock by a time that was read elsewhere.

use domain::refusal::Words;
use domain::rights::Action;
use leptos::prelude::*;
use store::{Answer, Signing};

use crate::answer::{Answered, answer};
use crate::commands::people::zone;
use crate::desk::{Desk, Trouble, done};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Confirms the clock: the first of two people, or the second.
///
/// # Errors
/// None of its own.
#[server(endpoint = "confirm-clock", input = FormPost)]
pub async fn confirm_clock(
    /// `read`, `source`, `user_name`, `password`.
    form: Typed,
) -> Answered {
    let done = confirm(&form).await;
    answer(form, done).await
}

async fn confirm(form: &Typed) -> Result<String, Trouble> {
    let desk = Desk::open().await?;
    let action = Action::ConfirmClock;
    let sites = desk.person.sites_where(action);
    let site = sites.first().ok_or(Trouble::NotAllowed(action))?;
    let zone = zone(&desk).await?;
    let mut reading = Reading::of(form);
    let read = reading.moment("read", "Time that you read", zone, desk.now());
    let source = reading.text("source", "Read from");
    let (at, from) = (
        read.unwrap_or(desk.now()),
        source.clone().unwrap_or_default(),
    );
    let command = desk.command(form)?;
    let with = |signing| {
        let records = &desk.records;
        records.confirm_clock(&desk.person, command, at, &from, zone, signing)
    };
    // Without a signature nothing is recorded: this tells what is wrong with the other fields before the password is looked
    // at. In place of what could not be read stands anything at all.
    if let Answer::Refused(words) = with(Signing::No).await? {
        let unsigned = |words: &Words| words.field.as_deref() == Some("password");
        reading.note_more(words.into_iter().filter(|words| !unsigned(words)));
    }
    reading.signature(&desk.person);
    reading.finish()?;
    let signing = desk.confirm_at(form, site, action).await?;
    let answer = with(signing).await?;
    done(answer)?;
    Ok("/clock".to_owned())
}
