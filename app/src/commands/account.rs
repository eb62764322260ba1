//! One's own account: the password, and the statement that goes before the first signature.

use leptos::prelude::*;

use crate::answer::{Answered, answer, onward};
use crate::desk::{AppState, Desk, Trouble, carried, done, whence};
use crate::door::Whence;
use crate::form::{FormPost, Typed, hidden};

/// Chooses a new password.
///
/// # Errors
/// None of its own.
#[server(endpoint = "change-password", input = FormPost)]
pub async fn change_password(
    /// `password`, `new_password`, `repeated_password`; `to` is the page after it, `kept` a form that waits there.
    form: Typed,
) -> Answered {
    let done = change(&form).await;
    answer(form, done).await
}

async fn change(form: &Typed) -> Result<String, Trouble> {
    let state = AppState::here()?;
    // Also open to those who have to change it before anything else.
    let visitor = state.visitor().await?.ok_or(Trouble::SignIn)?;
    let typed = |field| form.raw(field).unwrap_or_default();
    let (old, new, repeated) = (
        typed("password"),
        typed("new_password"),
        typed("repeated_password"),
    );
    let from = Whence {
        session: visitor.person.session,
        ..whence()?
    };
    let command = carried(form, hidden::COMMAND)?;
    let changed = state
        .door
        .change_password(&visitor.person, command, [old, new, repeated], from)
        .await??;
    done(changed)?;
    Ok(onward(form, "/account"))
}

/// Accepts that an electronic signature binds like one by hand.
///
/// # Errors
/// None of its own.
#[server(endpoint = "accept-statement", input = FormPost)]
pub async fn accept_statement(
    /// `accepted`.
    form: Typed,
) -> Answered {
    let done = accept(&form).await;
    answer(form, done).await
}

async fn accept(form: &Typed) -> Result<String, Trouble> {
    let desk = Desk::open().await?;
    if !form.ticked("accepted") {
        let text =
            "Tick the box to accept the statement. Without it you can work, but sign nothing.";
        return Err(domain::refusal::Words::at("accepted", text).into());
    }
    done(
        desk.door
            .accept_statement(&desk.person, desk.command(form)?)
            .await?,
    )?;
    Ok("/account".to_owned())
}
