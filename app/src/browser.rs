//! What ties a kept form to the browser that it was typed in.

use axum::http::{HeaderValue, header};
use domain::ids::{CommandId, UserId};
use domain::ledger::Hash;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use uuid::Uuid;

use crate::desk::{AppState, Trouble, request};

/// What a kept form is bound to: this browser, and who was signed in. A form of nobody, whose session had ended, is bound
/// to the browser alone, so that it outlives the session that it was begun in.
#[must_use]
pub fn binding(mark: &str, person: Option<UserId>) -> String {
    person.map_or_else(
        || mark.to_owned(),
        |person| hash(&format!("{mark} {person}")),
    )
}

/// The id under which a form of this browser is kept: the same command, sent again, has the same.
#[must_use]
pub fn kept_id(mark: &str, command: CommandId) -> Uuid {
    Uuid::new_v5(&command.0, mark.as_bytes())
}

/// The hash of this browser's mark. One that has no mark of its own yet is given one.
///
/// # Errors
/// [`Trouble::Fault`].
pub fn mark(state: &AppState) -> Result<String, Trouble> {
    if let Some(known) = known(state)? {
        return Ok(known);
    }
    let mark = format!("{}{}", state.new_id()?.simple(), state.new_id()?.simple());
    let secure = if state.door.cookie().secure {
        "; Secure"
    } else {
        ""
    };
    let cookie = format!(
        "{}={mark}; Path=/; HttpOnly; SameSite=Strict{secure}",
        name(state)
    );
    if let (Some(response), Ok(cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie),
    ) {
        response.append_header(header::SET_COOKIE, cookie);
    }
    Ok(hash(&mark))
}

/// The hash of this browser's mark; `None` where it has none.
///
/// # Errors
/// [`Trouble::Broken`] outside a request.
pub fn known(state: &AppState) -> Result<Option<String>, Trouble> {
    let name = name(state);
    let parts = request()?;
    let cookies = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    Ok(pairs
        .find(|(key, mark)| *key == name && mark.len() == 64)
        .map(|(_, mark)| hash(mark)))
}

fn name(state: &AppState) -> &'static str {
    if state.door.cookie().secure {
        "__Host-autolog-form"
    } else {
        "autolog-form"
    }
}

fn hash(mark: &str) -> String {
    Hash::of(mark.as_bytes()).to_string()
}
