//! What ties a kept form to the browser that it was typed in.

use axum::http::{HeaderValue, header};
use domain::ledger::Hash;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::desk::{AppState, Trouble, request};

/// The hash that a kept form is bound to. A browser that has no mark of its own yet is given one.
///
/// The mark says nothing of who is signed in, so that a form outlives the session that it was begun in.
///
/// # Errors
/// [`Trouble::Fault`].
pub fn binding(state: &AppState) -> Result<String, Trouble> {
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

/// The hash that this browser's kept forms are bound to; `None` where it has no mark.
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
