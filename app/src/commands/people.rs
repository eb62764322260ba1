//! Accounts of other people: added, their roles granted and ended, disabled, enabled, unlocked, given a new password. Only
//! for who keeps accounts; the record is told by [`crate::door`], which also ends sessions and keeps the passwords.

use domain::ids::UserId;
use domain::ledger::LedgerName;
use domain::people::PersonCommand;
use domain::refusal::Words;
use domain::rights::{Action, Role};
use leptos::prelude::*;
use store::Answer;
use uuid::Uuid;

use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, done};
use crate::door::NewPassword;
use crate::form::{FormPost, Typed};
use crate::read::Reading;
use crate::zone::{self, Zone};

/// Adds an account with its first password, which its owner has to change.
///
/// # Errors
/// None of its own.
#[server(endpoint = "add-account", input = FormPost)]
pub async fn add_account(
    /// `user_name`, `printed_name`; `identity_by`, `identity_on`, `identity_how`; `site` and any number of `role`;
    /// `new_password`, `repeated_password`.
    form: Typed,
) -> Answered {
    let done = add(&form).await;
    answer(form, done).await
}

async fn add(form: &Typed) -> Result<String, Trouble> {
    let desk = keeper().await?;
    let today = zone(&desk).await?.day(desk.now());
    let mut reading = Reading::of(form);
    let user_name = reading.text("user_name", "User name");
    let printed_name = reading.text("printed_name", "Full name");
    let by = reading.text("identity_by", "Checked by");
    let on = reading.day("identity_on", "Checked on");
    let how = reading.text("identity_how", "How it was checked");
    if on.is_some_and(|on| on > today) {
        let text = "Checked on: the day lies in the future. Enter the day of the check.";
        reading.note("identity_on", text);
    }
    let roles = roles(form, &mut reading);
    let at = longer_of(by.as_deref(), how.as_deref());
    // What could not be read has its refusal already: in its place stands anything at all, and nothing of that is recorded.
    let (by, how) = (by.unwrap_or_default(), how.unwrap_or_default());
    let what = PersonCommand::Add {
        user_name: user_name.unwrap_or_default(),
        printed_name: printed_name.unwrap_or_default(),
        identity_check: format!("Checked by {by} on {}: {how}", on.unwrap_or(today)),
        roles: roles.unwrap_or_default(),
        own_password: false,
    };
    let command = desk.command(form)?;
    // Not from the form: whoever sends it must not choose an account that exists.
    let user = UserId(Uuid::new_v5(&command.0, b"account"));
    let (door, password) = (&desk.door, new_password(form));
    if !reading.nothing_noted() {
        let refused = door
            .would_refuse(&desk.person, command, user, &what, password)
            .await?;
        return Err(reading.refused_with(at_fields(refused, at)));
    }
    let answer = door
        .add_account(&desk.person, command, user, what, password, desk.whence()?)
        .await?;
    done(match answer {
        Answer::Refused(refused) => Answer::Refused(at_fields(refused, at)),
        answer => answer,
    })?;
    Ok(page_of(user))
}

/// The first roles. At the organisation there is the administrator alone, which needs no tick.
fn roles(form: &Typed, reading: &mut Reading<'_>) -> Option<Vec<(String, Role)>> {
    let site = form.text("site");
    let ticked: Result<Vec<Role>, _> = form.all("role").into_iter().map(str::parse).collect();
    let mut roles = reading.take("role", ticked)?;
    if site == LedgerName::org().as_str() {
        roles.push(Role::Administrator);
    }
    if site.is_empty() && !roles.is_empty() {
        reading.note("site", "Site is not chosen. Choose the site of the roles.");
        return None;
    }
    // A box is ticked once, however often a form names it.
    let mut once: Vec<(String, Role)> = Vec::new();
    for role in roles {
        let one = (site.to_owned(), role);
        if !once.contains(&one) {
            once.push(one);
        }
    }
    Some(once)
}

/// A password typed twice.
fn new_password(form: &Typed) -> NewPassword<'_> {
    let typed = |field| form.raw(field).unwrap_or_default();
    NewPassword {
        text: typed("new_password"),
        repeated: Some(typed("repeated_password")),
    }
}

/// The record keeps the check of the identity as one text; the form asks for it in three fields. Where it is too long, it is
/// the longer one of those that hold words.
fn longer_of(by: Option<&str>, how: Option<&str>) -> &'static str {
    let length = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
    if length(by) > length(how) {
        "identity_by"
    } else {
        "identity_how"
    }
}

/// Has what is wrong with the check of the identity stand at that field of the form.
fn at_fields(mut refused: Vec<Words>, at: &str) -> Vec<Words> {
    for one in &mut refused {
        if one.field.as_deref() == Some("identity_check") {
            one.field = Some(at.to_owned());
        }
    }
    refused
}

/// Grants a role.
///
/// # Errors
/// None of its own.
#[server(endpoint = "grant-role", input = FormPost)]
pub async fn grant_role(
    /// `user`, `site`, `role`.
    form: Typed,
) -> Answered {
    let done = grant(&form).await;
    answer(form, done).await
}

async fn grant(form: &Typed) -> Result<String, Trouble> {
    let desk = keeper().await?;
    let mut reading = Reading::of(form);
    let site = reading.text("site", "Site");
    let role = reading.choice("role", "Role");
    let (Some(site), Some(role)) = (site, role) else {
        return Err(reading.refused());
    };
    carry_out(&desk, form, PersonCommand::Grant { site, role }).await
}

/// Ends a role.
///
/// # Errors
/// None of its own.
#[server(endpoint = "end-role", input = FormPost)]
pub async fn end_role(
    /// `user`, `site`, `role`, `reason`.
    form: Typed,
) -> Answered {
    let done = end(&form).await;
    answer(form, done).await
}

async fn end(form: &Typed) -> Result<String, Trouble> {
    let desk = keeper().await?;
    let mut reading = Reading::of(form);
    let site = reading.text("site", "Site");
    let role = reading.choice("role", "Role");
    let reason = reading.text("reason", "Reason");
    let (Some(site), Some(role), Some(reason)) = (site, role, reason) else {
        return Err(reading.refused());
    };
    carry_out(&desk, form, PersonCommand::End { site, role, reason }).await
}

/// Disables an account; its sessions end.
///
/// # Errors
/// None of its own.
#[server(endpoint = "disable-account", input = FormPost)]
pub async fn disable_account(
    /// `user`, `reason`.
    form: Typed,
) -> Answered {
    let done = with_reason(&form, |reason| PersonCommand::Disable { reason }).await;
    answer(form, done).await
}

/// Enables an account again.
///
/// # Errors
/// None of its own.
#[server(endpoint = "enable-account", input = FormPost)]
pub async fn enable_account(
    /// `user`, `reason`.
    form: Typed,
) -> Answered {
    let done = with_reason(&form, |reason| PersonCommand::Enable { reason }).await;
    answer(form, done).await
}

/// Unlocks an account that wrong passwords locked (A11d-11.7).
///
/// # Errors
/// None of its own.
#[server(endpoint = "unlock-account", input = FormPost)]
pub async fn unlock_account(
    /// `user`, `reason`.
    form: Typed,
) -> Answered {
    let done = with_reason(&form, |reason| PersonCommand::Unlock { reason }).await;
    answer(form, done).await
}

async fn with_reason(
    form: &Typed,
    what: impl FnOnce(String) -> PersonCommand,
) -> Result<String, Trouble> {
    let desk = keeper().await?;
    let mut reading = Reading::of(form);
    let Some(reason) = reading.text("reason", "Reason") else {
        return Err(reading.refused());
    };
    carry_out(&desk, form, what(reason)).await
}

/// Sets a new password for somebody else, who has to change it (A11d-11.4).
///
/// # Errors
/// None of its own.
#[server(endpoint = "reset-password", input = FormPost)]
pub async fn reset_password(
    /// `user`, `new_password`, `repeated_password`.
    form: Typed,
) -> Answered {
    let done = reset(&form).await;
    answer(form, done).await
}

async fn reset(form: &Typed) -> Result<String, Trouble> {
    let desk = keeper().await?;
    let user = user(form)?;
    let answer = desk
        .door
        .reset_password(
            &desk.person,
            desk.command(form)?,
            user,
            new_password(form),
            desk.whence()?,
        )
        .await?;
    done(answer)?;
    Ok(page_of(user))
}

/// The desk of a person who keeps accounts; the record asks for the same right again.
async fn keeper() -> Result<Desk, Trouble> {
    let desk = Desk::open().await?;
    desk.require(Action::KeepAccounts, LedgerName::org().as_str())?;
    Ok(desk)
}

async fn carry_out(desk: &Desk, form: &Typed, what: PersonCommand) -> Result<String, Trouble> {
    let user = user(form)?;
    let answer = desk
        .door
        .on_account(&desk.person, desk.command(form)?, user, what)
        .await?;
    done(answer)?;
    Ok(page_of(user))
}

fn user(form: &Typed) -> Result<UserId, Trouble> {
    form.text("user").parse().map_err(|_| Trouble::NotFound)
}

fn page_of(user: UserId) -> String {
    format!("/people/{user}")
}

/// The zone in which accounts are read: an administrator has no site, so that of the sites where they all share one.
///
/// # Errors
/// [`Trouble::Fault`].
pub async fn zone(desk: &Desk) -> Result<Zone, Trouble> {
    let sites = desk.records.store().sites().await?;
    let mut zones: Vec<_> = sites.into_iter().map(|site| site.time_zone).collect();
    zones.dedup();
    Ok(match zones.as_slice() {
        [one] => zone::named(one)?,
        _ => Zone::utc(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> (Option<Vec<(String, Role)>>, bool) {
        let form = Typed::of(pairs);
        let mut reading = Reading::of(&form);
        let roles = roles(&form, &mut reading);
        let refused = matches!(reading.refused(), Trouble::Refused(words) if !words.is_empty());
        (roles, refused)
    }

    #[test]
    fn the_first_roles_are_those_ticked_at_one_site() {
        let at = |site: &str, role| (site.to_owned(), role);
        let ticked = [
            ("site", "GE"),
            ("role", "technician"),
            ("role", "qc-analyst"),
        ];
        let expected = vec![at("GE", Role::Technician), at("GE", Role::QcAnalyst)];
        assert_eq!(read(&ticked), (Some(expected), false));
        let administrator = vec![at("org", Role::Administrator)];
        assert_eq!(read(&[("site", "org")]), (Some(administrator), false));
        let once = vec![at("GE", Role::Technician)];
        let many = vec![("role", "technician"); 4_000];
        let form = [vec![("site", "GE")], many].concat();
        assert_eq!(read(&form), (Some(once), false));
        let administrator = vec![at("org", Role::Administrator)];
        assert_eq!(
            read(&[("site", "org"), ("role", "administrator")]),
            (Some(administrator), false)
        );
        assert_eq!(read(&[("site", "GE")]), (Some(Vec::new()), false));
        assert_eq!(read(&[]), (Some(Vec::new()), false));
        assert_eq!(read(&[("role", "technician")]), (None, true));
        assert_eq!(read(&[("site", "GE"), ("role", "king")]), (None, true));
    }

    // P11-100b: who checked the identity is at the field that was typed into.
    #[test]
    fn a_refused_identity_check_stands_at_the_longer_field_of_the_form() {
        let long = "x".repeat(400);
        for (by, how, at) in [
            (Some("QA 1"), Some("passport"), "identity_how"),
            (Some("QA 1"), Some(&*long), "identity_how"),
            (Some(&*long), Some("passport"), "identity_by"),
            (Some(&*long), None, "identity_by"),
            (None, Some(&*long), "identity_how"),
            (None, None, "identity_how"),
        ] {
            let refused = vec![Words::at("identity_check", "Too long.")];
            let refused = at_fields(refused, longer_of(by, how));
            assert_eq!(refused, [Words::at(at, "Too long.")]);
        }
        let other = vec![Words::at("user_name", "Used."), Words::of("Not now.")];
        assert_eq!(at_fields(other.clone(), "identity_how"), other);
    }
}
