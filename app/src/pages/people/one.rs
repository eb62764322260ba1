//! One account: what it is, what it may do, and what can be done about it.

use domain::ids::UserId;
use domain::ledger::LedgerName;
use domain::people::Account;
use domain::rights::Action;
use leptos::prelude::*;
use store::{Credential, SessionRow};

use super::{at, forms, history, state};
use crate::commands::people::zone;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::{Empty, Facts, fact, frame};
use crate::zone::Zone;

/// So many of the last sessions are shown.
const SESSIONS: usize = 20;

/// One account.
#[component]
pub fn PersonPage() -> impl IntoView {
    drawn(person)
}

async fn person(page: Page) -> Result<AnyView, Trouble> {
    page.desk
        .require(Action::KeepAccounts, LedgerName::org().as_str())?;
    let id = page.path().split('/').nth(2).unwrap_or_default();
    let user: UserId = id.parse().map_err(|_| Trouble::NotFound)?;
    let account = page.desk.records.account(user).await?;
    let account = account.ok_or(Trouble::NotFound)?;
    let zone = zone(&page.desk).await?;
    let store = page.desk.records.store();
    let credential = store.credential(user).await?;
    let sessions = page.desk.door.sessions_of(user).await?;
    let history = history::of(&page.desk, user, zone).await?;
    let mut sites: Vec<_> = store
        .sites()
        .await?
        .into_iter()
        .map(|site| site.code)
        .collect();
    sites.push(LedgerName::org().as_str().to_owned());
    let own = page.desk.person.user == Some(user);
    let change = if own {
        view! { <p>"This is your own account: only another administrator can change its roles or its state."</p> }
            .into_any()
    } else {
        view! {
            {forms::state(&page, user, account.state)}
            {forms::reset(&page, user)}
        }
        .into_any()
    };
    let name = account.printed_name.clone();
    let content = view! {
        <p><a href="/people">"All people"</a></p>
        <h1>{name.clone()}</h1>
        <Facts facts=facts(&account, credential.as_ref(), zone)/>
        <section aria-labelledby="roles">
            <h2 id="roles">"Roles"</h2>
            {roles(&page, &account, own, zone)}
            {(!own).then(|| forms::grant(&page, user, &sites))}
        </section>
        <section aria-labelledby="access">
            <h2 id="access">"Access"</h2>
            {change}
        </section>
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Sessions"</h2>
            {session_table(&sessions, zone)}
        </section>
        <section aria-labelledby="history">
            <h2 id="history">"History"</h2>
            {history}
        </section>
    };
    Ok(frame(&page, &name, content))
}

fn facts(account: &Account, credential: Option<&Credential>, zone: Zone) -> Vec<AnyView> {
    let password = match credential {
        None => "none: the person can’t sign in".to_owned(),
        Some(credential) => {
            let set = zone.shown(credential.changed_at);
            let must_change = if credential.must_change {
                ", to be changed at the next sign-in"
            } else {
                ""
            };
            format!("set {set}{must_change}")
        }
    };
    let failures = credential.map_or(0, |credential| credential.failed_attempts);
    let mut facts = vec![
        fact("User name", account.user_name.clone()),
        fact("State", state(account.state.code())),
        fact("Account since", zone.shown(account.added_at)),
        fact("Identity", account.identity_check.clone()),
        fact(
            "Statement on electronic signatures",
            if account.accountable {
                "accepted"
            } else {
                "not accepted yet: signs nothing"
            },
        ),
        fact("Password", password),
    ];
    if failures > 0 {
        facts.push(fact("Wrong passwords in a row", failures.to_string()));
    }
    facts
}

fn roles(page: &Page, account: &Account, own: bool, zone: Zone) -> AnyView {
    if account.roles.is_empty() {
        return view! { <Empty what="No role" how="The account can sign in but do nothing until a role is granted."/> }
            .into_any();
    }
    let rows: Vec<_> = account
        .roles
        .iter()
        .map(|((site, role), (since, by))| {
            let end = (!own).then(|| forms::end(page, account.id, site, *role));
            view! {
                <tr>
                    <th scope="row">{at(site, role.label())}</th>
                    <td>{zone.shown(*since)}</td>
                    <td>{by.clone()}</td>
                    <td>{end}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Table of the roles">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Role"</th>
                        <th scope="col">"Since"</th>
                        <th scope="col">"Granted by"</th>
                        <th scope="col">"Change"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn session_table(sessions: &[SessionRow], zone: Zone) -> AnyView {
    if sessions.is_empty() {
        return view! { <Empty what="No session" how="A line is here for each time that the person signs in."/> }.into_any();
    }
    let rows: Vec<_> = sessions
        .iter()
        .take(SESSIONS)
        .map(|session| {
            let ended = session.ended_at.map(|at| zone.shown(at));
            let because = session
                .ended_because
                .as_deref()
                .map(|because| because.replace('-', " "));
            view! {
                <tr>
                    <td>{zone.shown(session.created_at)}</td>
                    <td>{zone.shown(session.last_seen_at)}</td>
                    <td>{ended}</td>
                    <td>{because.unwrap_or_else(|| "open".to_owned())}</td>
                </tr>
            }
        })
        .collect();
    let more = sessions.len().saturating_sub(SESSIONS);
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Table of the sessions">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Signed in"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"Ended"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {(more > 0).then(|| view! { <p>{format!("{more} older sessions are in the ledger of the organisation.")}</p> })}
    }
    .into_any()
}
