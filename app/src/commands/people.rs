//! Accounts of other people: added, their roles granted and ended, disabled, enabled, unlocked, given a new password. Only
//! for who keeps accounts; the record is told by [`crate::door`], which also ends sessions and keeps the passwords.

use domain::ids::UserId;
use domain::ledger::LedgerName;
use domain::people::PersonCommand;
use domain::rights::{Action, Role};
use leptos::prelude::*;
use store::Answer;
use uuid::Uuid;

use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, done};
use crate::door;
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
    let password = passwords(form, &mut reading);
    let (Some(user_name), Some(printed_name), Some(by), Some(on), Some(how)) =
        (user_name, printed_name, by, on, how)
    else {
        return Err(reading.refused());
    };
    let (Some(roles), Some(password)) = (roles, password) else {
        return Err(reading.refused());
    };
    if on > today {
        return Err(reading.refused());
    }
    let command = desk.command(form)?;
    // Not from the form: whoever sends it must not choose an account that exists.
    let user = UserId(Uuid::new_v5(&command.0, b"account"));
    let identity_check = format!("Checked by {by} on {on}: {how}");
    let what = PersonCommand::Add {
        user_name,
        printed_name,
        identity_check,
        roles,
        own_password: false,
    };
    let answer = desk
        .door
        .add_account(&desk.person, command, user, what, password)
        .await?;
    done(at_fields(answer))?;
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
    Some(
        roles
            .into_iter()
            .map(|role| (site.to_owned(), role))
            .collect(),
    )
}

/// A password typed twice.
fn passwords<'a>(form: &'a Typed, reading: &mut Reading<'_>) -> Option<&'a str> {
    let typed = |field| form.raw(field).unwrap_or_default();
    let (password, repeated) = (typed("new_password"), typed("repeated_password"));
    if password.is_empty() {
        reading.note("new_password", "Password is empty. Enter it.");
        return None;
    }
    if password != repeated {
        let refusal = door::Refusal::NotRepeated;
        reading.note("repeated_password", refusal.to_string());
        return None;
    }
    Some(password)
}

/// The record keeps the check of the identity as one text; the form asks for it in three fields.
fn at_fields(answer: Answer) -> Answer {
    let Answer::Refused(mut words) = answer else {
        return answer;
    };
    for one in &mut words {
        if one.field.as_deref() == Some("identity_check") {
            one.field = Some("identity_how".to_owned());
        }
    }
    Answer::Refused(words)
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
    let mut reading = Reading::of(form);
    let Some(password) = passwords(form, &mut reading) else {
        return Err(reading.refused());
    };
    let answer = desk
        .door
        .reset_password(&desk.person, desk.command(form)?, user, password)
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
        assert_eq!(read(&[("site", "GE")]), (Some(Vec::new()), false));
        assert_eq!(read(&[]), (Some(Vec::new()), false));
        assert_eq!(read(&[("role", "technician")]), (None, true));
        assert_eq!(read(&[("site", "GE"), ("role", "king")]), (None, true));
    }

    #[test]
    fn a_password_is_typed_twice_alike() {
        let typed = |first, second| {
            let form = Typed::of(&[("new_password", first), ("repeated_password", second)]);
            let mut reading = Reading::of(&form);
            passwords(&form, &mut reading).map(str::to_owned)
        };
        // Blanks at its ends belong to it.
        assert_eq!(typed(" a b ", " a b ").as_deref(), Some(" a b "));
        assert_eq!(typed("a b", "a b "), None);
        assert_eq!(typed("", ""), None);
    }

    // P11-100b: who checked the identity is at the field that was typed into.
    #[test]
    fn a_refused_identity_check_stands_at_the_field_of_the_form() {
        let refused = Answer::Refused(vec![domain::refusal::Words::at(
            "identity_check",
            "Too long.",
        )]);
        let expected = Answer::Refused(vec![domain::refusal::Words::at(
            "identity_how",
            "Too long.",
        )]);
        assert_eq!(at_fields(refused), expected);
    }
}
