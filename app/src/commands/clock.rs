//! Confirming the server's clock by a time that was read elsewhere.

use domain::rights::Action;
use leptos::prelude::*;

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
    let (Some(read), Some(source)) = (read, source) else {
        return Err(reading.refused());
    };
    let signing = desk.confirm_at(form, site, action).await?;
    let answer = desk
        .records
        .confirm_clock(
            &desk.person,
            desk.command(form)?,
            read,
            &source,
            zone,
            signing,
        )
        .await?;
    done(answer)?;
    Ok("/clock".to_owned())
}
