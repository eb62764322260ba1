//! Signing in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::answer::{local_page, see};
use crate::commands::sign_in::SignIn;
use crate::desk::Trouble;
use crate::page::{Visit, drawn_for_all};
use crate::parts::fields::{passed_on, send};
use crate::parts::{PasswordField, TextField, form, open_frame};

/// The sign-in.
#[component]
pub fn SignInPage() -> impl IntoView {
    drawn_for_all(|visit| async move { draw(&visit) })
}

fn draw(visit: &Visit) -> Result<AnyView, Trouble> {
    let to = visit.query("to").and_then(local_page).unwrap_or("/");
    if visit.visitor().is_some() && visit.query("kept").is_none() {
        see(to);
        return Ok(().into_any());
    }
    let sign_in = visit.form("sign-in");
    let waiting = visit.query("kept").is_some() && !sign_in.came_back();
    let fields = view! {
        {passed_on(visit, &sign_in)}
        <TextField form=&sign_in name="user_name" label="User name" autocomplete="username"/>
        <PasswordField form=&sign_in autocomplete="current-password"/>
        {send("Sign in")}
    };
    Ok(open_frame(
        visit,
        "Sign in",
        view! {
            <h1>"Sign in"</h1>
            {waiting.then(|| view! {
                <div class="notice" role="status">
                    <p><strong>"You were signed out before your form was saved."</strong></p>
                    <p>"Sign in: what you typed is kept and comes back, and nothing was recorded yet."</p>
                </div>
            })}
            {form(&sign_in, SignIn::url(), fields)}
            <p class="hint">"Without a request for 15 minutes you are signed out."</p>
        },
    ))
}
