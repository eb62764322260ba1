//! Who am I: roles, password, statement, sessions, the way out everywhere.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::account::{AcceptStatement, ChangePassword};
use crate::commands::sign_in::SignOutEverywhere;
use crate::desk::Trouble;
use crate::door::{SHORTEST, STATEMENT};
use crate::form::Form;
use crate::page::{Page, drawn, drawn_for_all};
use crate::parts::fields::{passed_on, send};
use crate::parts::{CheckField, Facts, PasswordField, fact, form, frame, open_frame};
use crate::zone::Zone;

/// One's own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    drawn(account)
}

async fn account(page: Page) -> Result<AnyView, Trouble> {
    let person = page.desk.person.clone();
    let Some(user) = person.user else {
        return Err(Trouble::SignIn);
    };
    let accountable = page.desk.door.is_accountable(user).await?;
    let sessions = page.desk.door.sessions_of(user).await?;
    // Sessions are of no site; a person of one site reads them in its zone.
    let site = person
        .roles
        .iter()
        .find(|(site, _)| site != "org")
        .map(|(site, _)| site.clone());
    let zone = match site {
        Some(site) => page.desk.zone(&site).await?,
        None => Zone::utc(),
    };
    let open: Vec<_> = sessions
        .iter()
        .filter(|session| session.ended_at.is_none())
        .map(|session| {
            let here = person.session == Some(session.id);
            view! {
                <tr>
                    <td>{zone.shown(session.created_at)}</td>
                    <td>{zone.shown(session.last_seen_at)}</td>
                    <td>{if here { "this one" } else { "another device" }}</td>
                </tr>
            }
        })
        .collect();
    let mut roles: Vec<_> = person
        .roles
        .iter()
        .map(|(site, role)| format!("{role} at {site}"))
        .collect();
    roles.sort();
    let roles = if roles.is_empty() {
        "none".to_owned()
    } else {
        roles.join(", ")
    };
    let facts = vec![
        fact("Name, as signatures print it", person.name.clone()),
        fact("User name", person.user_name.clone()),
        fact("Roles", roles),
    ];
    let change = page.form("change-password");
    Ok(frame(
        &page,
        "My account",
        view! {
            <h1>"My account"</h1>
            <Facts facts=facts/>
            <section aria-labelledby="statement">
                <h2 id="statement">"Electronic signature"</h2>
                {statement(&page, accountable)}
            </section>
            <section aria-labelledby="password">
                <h2 id="password">"Password"</h2>
                <details class="fold" open=change.is_begun()>
                    <summary>"Change my password"</summary>
                    {change_form(&change, ())}
                </details>
            </section>
            <section aria-labelledby="sessions">
                <h2 id="sessions">"Where I am signed in"</h2>
                <div class="scrolls" tabindex="0" role="region" aria-label="My sessions">
                <table>
                    <thead><tr><th scope="col">"Since"</th><th scope="col">"Last used"</th><th scope="col">"Device"</th></tr></thead>
                    <tbody>{open}</tbody>
                </table>
                </div>
                <form method="post" action=SignOutEverywhere::url()>
                    <div class="actions"><button type="submit">"Sign out everywhere"</button></div>
                </form>
            </section>
        },
    ))
}

fn statement(page: &Page, accountable: bool) -> AnyView {
    if accountable {
        return view! { <p>"You accepted: “"{STATEMENT}"”"</p> }.into_any();
    }
    let accept = page.form("accept-statement");
    let fields = view! {
        <p>"Before your first signature you accept this statement. It is recorded under your name."</p>
        <blockquote>{STATEMENT}</blockquote>
        <CheckField form=&accept name="accepted" label="I accept this statement"/>
        {send("Accept")}
    };
    form(&accept, AcceptStatement::url(), fields)
}

fn change_form(change: &Form, passed_on: impl IntoView + 'static) -> AnyView {
    let rule =
        format!("At least {SHORTEST} characters. A few words in a row are easy to keep in mind.");
    let fields = view! {
        {passed_on.into_view()}
        <PasswordField form=change label="Password now" autocomplete="current-password"/>
        <PasswordField form=change name="new_password" label="New password" hint=rule autocomplete="new-password"/>
        <PasswordField form=change name="repeated_password" label="New password again" autocomplete="new-password"/>
        {send("Change my password")}
    };
    form(change, ChangePassword::url(), fields)
}

/// The password that somebody else set has to be changed before anything else.
#[component]
pub fn ChangePasswordPage() -> impl IntoView {
    drawn_for_all(|visit| async move {
        if visit.visitor().is_none() {
            return Err(Trouble::SignIn);
        }
        let change = visit.form("change-password");
        let passed_on = passed_on(&visit, &change);
        Ok(open_frame(
            &visit,
            "Change your password",
            view! {
                <h1>"Choose a password of your own"</h1>
                <p>"Somebody else set your password. Until you have chosen your own, you can read, enter and sign nothing."</p>
                {change_form(&change, passed_on)}
            },
        ))
    })
}
