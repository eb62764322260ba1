//! What is typed and not sent: drafts, and the time that is left of a session. No command of the record.

use domain::ids::CommandId;
use domain::refusal::Words;
use leptos::prelude::*;
use store::KeptForm;

use crate::answer::{Answered, local_page, report};
use crate::browser;
use crate::desk::{Desk, INCOMPLETE, Trouble};
use crate::form::{FormPost, Kept, Typed, hidden};
use crate::reply::Reply;

/// Keeps what is typed into a form so far as a draft of its person. No password, and no user name of a second person.
///
/// # Errors
/// None of its own.
#[server(endpoint = "save-draft", input = FormPost)]
pub async fn save_draft(
    /// The form as it would be sent.
    form: Typed,
) -> Answered {
    Ok(replied(save(form).await))
}

/// Says that the person is still there: the session goes on.
///
/// # Errors
/// None of its own.
#[server(endpoint = "stay-signed-in", input = FormPost)]
pub async fn stay_signed_in(
    /// `page`: where the person is.
    form: Typed,
) -> Answered {
    // Recognising who asks is what counts as activity.
    let stayed = Desk::open().await.map(|_| ());
    if crate::answer::accepts_page() {
        crate::answer::see(local_page(form.text(hidden::PAGE)).unwrap_or("/"));
    }
    Ok(replied(stayed))
}

async fn save(form: Typed) -> Result<(), Trouble> {
    let desk = Desk::open().await?;
    let Some(owner) = desk.person.user else {
        return Err(Trouble::SignIn);
    };
    let command: CommandId = desk.command(&form)?;
    let name = form.text(hidden::FORM).to_owned();
    let page = local_page(form.text(hidden::PAGE)).ok_or_else(|| Words::of(INCOMPLETE))?;
    let page = page.split(['?', '#']).next().unwrap_or(page).to_owned();
    let store = desk.records.store();
    let id = browser::draft_id(owner, command);
    let draft = Kept {
        form: name.clone(),
        typed: form.as_draft(),
        refused: Vec::new(),
    };
    if draft.typed.by_hand().next().is_none() {
        return Ok(store.forget_form(id).await?);
    }
    let typed =
        serde_json::to_string(&draft).map_err(|_| Trouble::Broken("a draft can't be kept"))?;
    let row = KeptForm {
        id,
        owner,
        browser: None,
        created_at: desk.now(),
        page,
        form: name,
        typed,
    };
    if store.keep_form(&row).await? {
        return Ok(());
    }
    Err(
        Words::of("What you typed is longer than 64 kB and is not kept as a draft. Shorten it.")
            .into(),
    )
}

fn replied(done: Result<(), Trouble>) -> Reply {
    match done {
        Ok(()) => Reply::Done(String::new()),
        Err(Trouble::SignIn) => Reply::SignIn,
        Err(Trouble::PasswordFirst) => Reply::PasswordFirst,
        Err(Trouble::AnothersPage(words) | Trouble::Refused(words)) => Reply::Refused(words),
        Err(Trouble::TooMany(words)) => Reply::Refused(vec![words]),
        Err(Trouble::NotFound) => Reply::Refused(vec![Words::of(INCOMPLETE)]),
        Err(Trouble::NotAllowed(action)) => {
            Reply::Refused(vec![domain::batch::Refusal::not_allowed(action).words()])
        }
        Err(fault @ (Trouble::Fault(_) | Trouble::Broken(_))) => Reply::Fault(report(&fault)),
    }
}
