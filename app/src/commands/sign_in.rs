//! Signing in and out.

use axum::http::header;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use uuid::Uuid;

use crate::answer::{Answered, CHANGE_PASSWORD, answer, by_way_of, local_page, onward, report};
use crate::browser;
use crate::desk::{AppState, Trouble, request, whence};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Signs in.
///
/// # Errors
/// None of its own.
#[server(endpoint = "sign-in", input = FormPost)]
pub async fn sign_in(
    /// `user_name`, `password`; `to` is the page after it, `kept` a form that waits there.
    form: Typed,
) -> Answered {
    let done = let_in(&form).await;
    answer(form, done).await
}

async fn let_in(form: &Typed) -> Result<String, Trouble> {
    let state = AppState::here()?;
    let mut reading = Reading::of(form);
    let user_name = reading.text("user_name", "User name");
    reading.password("Password");
    let password = form.raw("password").unwrap_or_default();
    let Some(user_name) = user_name.filter(|_| reading.nothing_noted()) else {
        return Err(reading.refused());
    };
    let previous = state.door.cookie().token(&request()?.headers);
    let signed_in = state
        .door
        .sign_in(&user_name, password, previous.as_deref(), whence()?)
        .await??;
    set_cookie(state.door.cookie().give(&signed_in.token));
    if let Some(user) = signed_in.visitor.person.user {
        // Where it can't be noted, forms of this browser are not kept; the person is in all the same.
        if let Err(trouble) = browser::note_session(&state, user).await {
            let _ = report(&trouble);
        }
    }
    if signed_in.visitor.must_change {
        // What waits behind the sign-in waits behind the new password too.
        let kept = form.text("kept").parse::<Uuid>().ok();
        let to = local_page(form.text("to")).unwrap_or("/");
        let kept = kept.map(|kept| kept.to_string());
        return Ok(by_way_of(CHANGE_PASSWORD, to, kept.as_deref()));
    }
    Ok(onward(form, "/"))
}

/// Signs out on this device.
///
/// # Errors
/// None of its own.
#[server(endpoint = "sign-out", input = FormPost)]
pub async fn sign_out(
    /// Nothing is asked.
    form: Typed,
) -> Answered {
    let done = let_out().await;
    answer(form, done).await
}

async fn let_out() -> Result<String, Trouble> {
    let state = AppState::here()?;
    if let Some(token) = state.door.cookie().token(&request()?.headers) {
        state.door.sign_out(&token).await?;
    }
    set_cookie(state.door.cookie().take_away());
    Ok("/sign-in".to_owned())
}

/// Signs out on every device.
///
/// # Errors
/// None of its own.
#[server(endpoint = "sign-out-everywhere", input = FormPost)]
pub async fn sign_out_everywhere(
    /// Nothing is asked.
    form: Typed,
) -> Answered {
    let done = let_out_everywhere().await;
    answer(form, done).await
}

async fn let_out_everywhere() -> Result<String, Trouble> {
    let state = AppState::here()?;
    match state.visitor().await? {
        Some(visitor) => state.door.sign_out_everywhere(&visitor.person).await?,
        None => {
            let token = state.door.cookie().token(&request()?.headers);
            let token = token.ok_or(Trouble::SignIn)?;
            if !state.door.was_signed_out_everywhere(&token).await? {
                return Err(Trouble::SignIn);
            }
        }
    }
    set_cookie(state.door.cookie().take_away());
    Ok("/sign-in".to_owned())
}

fn set_cookie(value: axum::http::HeaderValue) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(header::SET_COOKIE, value);
    }
}
