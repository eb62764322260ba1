//! What happened to an account, from its entries in the organisation's ledger.

use domain::ids::UserId;
use domain::ledger::{LedgerName, StreamName};
use domain::people::PersonEvent;
use leptos::prelude::*;

use crate::desk::{Desk, Trouble};
use crate::zone::Zone;

/// The entries of an account, newest first.
pub(super) async fn of(desk: &Desk, user: UserId, zone: Zone) -> Result<AnyView, Trouble> {
    let stream = StreamName::of("person", user).map_err(|_| Trouble::NotFound)?;
    let entries = desk
        .records
        .store()
        .stream(&LedgerName::org(), &stream)
        .await?;
    let mut rows = Vec::new();
    for entry in entries.iter().rev() {
        let event: PersonEvent = entry.event().map_err(|why| {
            let what = format!("entry {} of ledger org", entry.position);
            let why = why.to_string();
            Trouble::from(store::Fault::Unreadable { what, why })
        })?;
        let (what, why) = words(&event);
        let place = format!("entry {}, ledger {}", entry.version, entry.position);
        rows.push(view! {
            <tr>
                <th scope="row" class="nowrap">
                    {zone.shown(entry.recorded_at)}
                    <span class="sub">{place}</span>
                </th>
                <td>{entry.actor.name.clone()}</td>
                <td>{what}</td>
                <td class="typed">{why}</td>
            </tr>
        });
    }
    let table = view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Entries of the account">
            <table class="trail">
                <thead>
                    <tr>
                        <th scope="col">"Recorded"</th>
                        <th scope="col">"By"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Why"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    Ok(table.into_any())
}

/// What an event says, and why it was done.
fn words(event: &PersonEvent) -> (String, Option<String>) {
    match event {
        PersonEvent::AccountAdded {
            user_name,
            printed_name,
            identity_check,
        } => (
            format!("Account added: {user_name}, {printed_name}. Identity: {identity_check}"),
            None,
        ),
        PersonEvent::RoleGranted { site, role } => {
            let role = super::at(site, role.label());
            (format!("Role granted: {role}"), None)
        }
        PersonEvent::RoleEnded { site, role, reason } => {
            let role = super::at(site, role.label());
            (format!("Role ended: {role}"), Some(reason.clone()))
        }
        PersonEvent::AccountDisabled { reason } => {
            ("Account disabled".to_owned(), Some(reason.clone()))
        }
        PersonEvent::AccountEnabled { reason } => {
            ("Account enabled".to_owned(), Some(reason.clone()))
        }
        PersonEvent::AccountLocked { failures } => (
            "Account locked".to_owned(),
            Some(format!("{failures} wrong passwords in a row")),
        ),
        PersonEvent::AccountUnlocked { reason } => {
            ("Account unlocked".to_owned(), Some(reason.clone()))
        }
        PersonEvent::PasswordSet { by_another: true } => (
            "Password set by another, to be changed at the next sign-in".to_owned(),
            None,
        ),
        PersonEvent::PasswordSet { by_another: false } => {
            ("Password chosen by the person".to_owned(), None)
        }
        PersonEvent::SessionsEnded { sessions, because } => (
            format!("Sessions ended with it: {}", sessions.len()),
            Some(because.label().to_owned()),
        ),
        PersonEvent::AccountabilityAccepted { statement } => (
            format!("Statement on electronic signatures accepted: “{statement}”"),
            None,
        ),
    }
}
