//! What ties a kept form to the browser and the person that it was typed by.

use axum::http::{HeaderValue, header};
use domain::ids::{CommandId, UserId};
use domain::ledger::Hash;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use uuid::Uuid;

use crate::desk::{AppState, Trouble, request};
use crate::form::Kept;

/// The id under which a refused form of this browser and person is kept: the same command, sent again, has the same.
#[must_use]
pub fn kept_id(mark: &str, owner: UserId, command: CommandId) -> Uuid {
    Uuid::new_v5(&command.0, format!("{mark} {owner}").as_bytes())
}

/// The id under which a draft of this person is kept, at whatever browser.
#[must_use]
pub fn draft_id(owner: UserId, command: CommandId) -> Uuid {
    Uuid::new_v5(&command.0, format!("draft {owner}").as_bytes())
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

/// Notes that a person signed in at this browser: from now on forms of theirs are kept for it, also once the session has
/// ended. A browser that has no mark of its own yet is given one.
///
/// # Errors
/// [`Trouble::Fault`].
pub async fn note_session(state: &AppState, person: UserId) -> Result<(), Trouble> {
    let mark = mark(state)?;
    let store = state.records.store();
    Ok(store
        .note_browser(&mark, person, state.records.now())
        .await?)
}

/// The longest text that a browser is given to keep by itself.
const LONGEST_OWN: usize = 3500;

/// The name in an address of a form that the browser keeps by itself.
pub const IN_BROWSER: &str = "here";

/// Has the browser itself keep a form for the next page, as before a sign-in: what a stranger sends is never kept on the
/// server.
pub fn keep_own(state: &AppState, kept: &Kept) -> bool {
    // In hexadecimal nothing that was typed is read as a part of the header.
    let text = hex::encode(serde_json::to_string(kept).unwrap_or_default());
    if text.len() > LONGEST_OWN {
        return false;
    }
    let secure = if state.door.cookie().secure {
        "; Secure"
    } else {
        ""
    };
    let name = own_name(state);
    let cookie = format!("{name}={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age=120{secure}");
    let (Some(response), Ok(cookie)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(&cookie),
    ) else {
        return false;
    };
    response.append_header(header::SET_COOKIE, cookie);
    true
}

/// The form that the browser kept by itself.
///
/// # Errors
/// [`Trouble::Broken`] outside a request.
pub fn kept_own(state: &AppState) -> Result<Option<Kept>, Trouble> {
    let name = own_name(state);
    let parts = request()?;
    let mut pairs = parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let Some((_, text)) = pairs.find(|(key, _)| *key == name) else {
        return Ok(None);
    };
    let kept = hex::decode(text).ok();
    Ok(kept.and_then(|kept| serde_json::from_slice(&kept).ok()))
}

fn own_name(state: &AppState) -> &'static str {
    if state.door.cookie().secure {
        "__Host-autolog-own"
    } else {
        "autolog-own"
    }
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
