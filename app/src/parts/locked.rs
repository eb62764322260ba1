//! Accounts that wrong passwords have locked, told to those who look after them: who keeps accounts, and QA of a site
//! where the account has a role (P11-300d).

use domain::ledger::LedgerName;
use domain::ledger::rows::RoleRow;
use domain::people::AccountState;
use domain::rights::Action;
use leptos::prelude::*;

use crate::commands::people::zone;
use crate::desk::Trouble;
use crate::page::Page;

/// The locked accounts that concern the person; nothing where there are none.
///
/// # Errors
/// [`Trouble::Fault`].
pub async fn locked_accounts(page: &Page) -> Result<Option<AnyView>, Trouble> {
    let person = &page.desk.person;
    let keeps = person.may(LedgerName::org().as_str(), Action::KeepAccounts);
    // Who closes deviations: that somebody tried to get in is one.
    let sites = person.sites_where(Action::CloseDeviation);
    if !keeps && sites.is_empty() {
        return Ok(None);
    }
    let store = page.desk.records.store();
    let zone = zone(&page.desk).await?;
    let mut lines = Vec::new();
    for row in store.persons().await? {
        if row.state != AccountState::Locked.code() {
            continue;
        }
        let roles = store.roles(row.user).await?;
        let here = |role: &RoleRow| sites.contains(&role.site);
        if !keeps && !roles.iter().any(here) {
            continue;
        }
        let since = store.credential(row.user).await?;
        let since = since.and_then(|credential| credential.locked_at);
        let when = since.map(|since| format!(", since {}", zone.shown(since)));
        let name = format!("{} ({})", row.printed_name, row.user_name);
        let name = if keeps {
            view! { <a href=format!("/people/{}", row.user)>{name}</a> }.into_any()
        } else {
            view! { <span>{name}</span> }.into_any()
        };
        lines.push(view! { <li>{name}{when}</li> });
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let what_to_do = if keeps {
        "Ask each of them whether it was they who typed. Unlock the account if so; if not, somebody tried to get in: tell QA."
    } else {
        "Ask each of them whether it was they who typed. If not, somebody tried to get in: raise a deviation. An \
         administrator unlocks."
    };
    Ok(Some(
        view! {
            <section class="notice stop" aria-label="Locked accounts">
                <p><strong>"Locked after wrong passwords in a row:"</strong></p>
                <ul>{lines}</ul>
                <p>{what_to_do}</p>
            </section>
        }
        .into_any(),
    ))
}
