//! People: who has an account, and which roles since when and by whom: the access review (A11d-11.11).

mod forms;
mod history;
mod one;

pub use one::PersonPage;

use domain::ledger::LedgerName;
use domain::ledger::rows::{PersonRow, RoleRow};
use domain::people::AccountState;
use domain::rights::{Action, Role};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::people::{AddAccount, zone};
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::filter::{choose, filters, search};
use crate::parts::{Empty, form, frame, locked_accounts, sortable, sortable_by};
use crate::zone::Zone;

/// All accounts.
#[component]
pub fn PeoplePage() -> impl IntoView {
    drawn(people)
}

/// A person and their roles.
struct Held {
    row: PersonRow,
    roles: Vec<RoleRow>,
}

async fn people(page: Page) -> Result<AnyView, Trouble> {
    page.desk
        .require(Action::KeepAccounts, LedgerName::org().as_str())?;
    let store = page.desk.records.store();
    let zone = zone(&page.desk).await?;
    let mut sites: Vec<_> = store
        .sites()
        .await?
        .into_iter()
        .map(|site| site.code)
        .collect();
    sites.push(LedgerName::org().as_str().to_owned());
    let mut held = Vec::new();
    let persons = store.persons().await?;
    let all = persons.len();
    for row in persons {
        let roles = store.roles(row.user).await?;
        held.push(Held { row, roles });
    }
    held.retain(|one| fits(&page, one));
    sort(&mut held, page.query("sort").unwrap_or(DEFAULT));
    let add = page.form("add-account");
    let fields = forms::add(&add, &sites);
    let locked = locked_accounts(&page).await?;
    let content = view! {
        <h1>"People"</h1>
        {locked}
        <p class="lead">
            "Who has an account, in which roles, since when and by whom. An account is never removed, and its user name is \
             never given to somebody else."
        </p>
        <details class="fold" open=add.is_begun()>
            <summary>"Add an account"</summary>
            {form(&add, AddAccount::url(), fields)}
        </details>
        {filter(&page, &sites)}
        <p>{if held.len() == all { format!("{all} accounts.") } else { format!("{} of {all} accounts.", held.len()) }}</p>
        {table(&page, &held, zone)}
    };
    Ok(frame(&page, "People", content))
}

const DEFAULT: &str = "name";

/// Whether the account meets the filter in the address.
fn fits(page: &Page, one: &Held) -> bool {
    let has = |text: &str, part: &str| text.to_lowercase().contains(&part.trim().to_lowercase());
    let role = |fits: &dyn Fn(&RoleRow) -> bool| one.roles.iter().any(fits);
    page.query("state")
        .is_none_or(|state| one.row.state == state)
        && page
            .query("site")
            .is_none_or(|site| role(&|held| held.site == site))
        && page
            .query("role")
            .is_none_or(|code| role(&|held| held.role == code))
        && page
            .query("text")
            .is_none_or(|text| has(&one.row.printed_name, text) || has(&one.row.user_name, text))
}

fn sort(held: &mut [Held], by: &str) {
    let (column, descending) = match by.strip_prefix('-') {
        Some(column) => (column, true),
        None => (by, false),
    };
    held.sort_by(|one, other| one.row.user_name.cmp(&other.row.user_name));
    held.sort_by(|one, other| {
        let order = match column {
            "user-name" => one.row.user_name.cmp(&other.row.user_name),
            "state" => one.row.state.cmp(&other.row.state),
            "added" => one.row.added_at.cmp(&other.row.added_at),
            _ => one.row.printed_name.cmp(&other.row.printed_name),
        };
        if descending { order.reverse() } else { order }
    });
}

fn filter(page: &Page, sites: &[String]) -> AnyView {
    let states = AccountState::ALL
        .iter()
        .map(|state| (state.code().to_owned(), state.label().to_owned()));
    let sites = sites.iter().map(|site| (site.clone(), site.clone()));
    let roles = Role::ALL
        .iter()
        .map(|role| (role.code().to_owned(), role.label().to_owned()));
    let filtered = ["state", "site", "role", "text"]
        .iter()
        .any(|name| page.query(name).is_some());
    let parts = vec![
        choose(page, "state", "State", states),
        choose(page, "site", "Site", sites),
        choose(page, "role", "Role", roles),
        search(page, "text", "Name"),
    ];
    filters(page, "Filter of the accounts", parts, filtered)
}

fn table(page: &Page, held: &[Held], zone: Zone) -> AnyView {
    if held.is_empty() {
        return view! {
            <Empty
                what="No account fits the filter"
                how="An account is here as soon as an administrator has added it. Choose another filter, or show all."
            />
        }
        .into_any();
    }
    let head = |key, words| sortable(page, key, words, DEFAULT);
    let rows: Vec<_> = held.iter().map(|one| line(one, zone)).collect();
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Accounts">
            <table class="people">
                <thead>
                    <tr>
                        {sortable_by(page, &[("name", "Name"), ("user-name", "user name")], DEFAULT)}
                        {head("state", "State")}
                        <th scope="col">"Roles, since when and by whom"</th>
                        <th scope="col">"Statement accepted"</th>
                        {head("added", "Account since")}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(one: &Held, zone: Zone) -> AnyView {
    let roles: Vec<_> = one
        .roles
        .iter()
        .map(|role| {
            let since = format!("since {} by {}", zone.shown(role.since), role.by);
            view! { <li>{in_words(role)}<span class="sub">{since}</span></li> }
        })
        .collect();
    let roles = if roles.is_empty() {
        view! { "none" }.into_any()
    } else {
        view! { <ul class="plain-list">{roles}</ul> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/people/{}", one.row.user)>{one.row.printed_name.clone()}</a>
                <span class="sub">{one.row.user_name.clone()}</span>
            </th>
            <td>{state(&one.row.state)}</td>
            <td>{roles}</td>
            <td>{if one.row.accountable { "yes" } else { "no" }}</td>
            <td>{zone.shown(one.row.added_at)}</td>
        </tr>
    }
    .into_any()
}

/// A role in words: `Technician at GE`.
fn in_words(role: &RoleRow) -> String {
    let words = role
        .role
        .parse::<Role>()
        .map_or_else(|_| role.role.clone(), |role| role.to_string());
    at(&role.site, &words)
}

fn at(site: &str, role: &str) -> String {
    if site == LedgerName::org().as_str() {
        format!("{role} of the organisation")
    } else {
        format!("{role} at {site}")
    }
}

/// The state of an account: a word, a colour and a shape.
fn state(code: &str) -> AnyView {
    let (colour, shape, words) = match code.parse() {
        Ok(AccountState::Active) => (
            "green",
            r#"<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M4.5 8.2l2.4 2.4 4.6-5" fill="none" stroke="var(--badge-paper)" stroke-width="2"/>"#,
            "active",
        ),
        Ok(AccountState::Locked) => (
            "amber",
            r#"<path d="M3 7.5h10V14H3zM5 7.5V5a3 3 0 0 1 6 0v2.5" fill="none" stroke="currentColor" stroke-width="2"/>"#,
            "locked",
        ),
        Ok(AccountState::Disabled) => (
            "red",
            r#"<path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2.8"/>"#,
            "disabled",
        ),
        Err(_) => ("grey", "", code),
    };
    view! {
        <span class=format!("badge badge-{colour}")>
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" inner_html=shape></svg>
            {words.to_owned()}
        </span>
    }
    .into_any()
}
