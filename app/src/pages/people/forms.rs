//! The forms by which accounts are kept.

use domain::ids::UserId;
use domain::ledger::LedgerName;
use domain::people::AccountState;
use domain::rights::Role;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::people::{
    DisableAccount, EnableAccount, EndRole, GrantRole, ResetPassword, UnlockAccount,
};
use crate::door::SHORTEST;
use crate::form::Form;
use crate::page::Page;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{ChoiceField, DayField, LongTextField, PasswordField, TextField, form};

/// The fields of a new account.
pub(super) fn add(add: &Form, sites: &[String]) -> AnyView {
    view! {
        <TextField
            form=add
            name="user_name"
            label="User name"
            hint="3 to 40 small letters, digits, dots and hyphens. It is never given to somebody else, also not later."
        />
        <TextField form=add name="printed_name" label="Full name" hint="As signatures and certificates print it."/>
        <fieldset class="group">
            <legend>"Check of the person’s identity"</legend>
            <TextField form=add name="identity_by" label="Checked by" hint="Name of whoever saw the person."/>
            <DayField form=add name="identity_on" label="Checked on"/>
            <TextField form=add name="identity_how" label="How it was checked" hint="For example: passport, number kept by the personnel office."/>
        </fieldset>
        <fieldset class="group">
            <legend>"First roles"</legend>
            <ChoiceField form=add name="site" label="Site" choices=places(sites)/>
            {role_boxes(add)}
        </fieldset>
        {password(add, "First password")}
        {send("Add the account")}
    }
    .into_any()
}

/// The sites, and the organisation for an administrator.
fn places(sites: &[String]) -> Vec<(String, String)> {
    let words = |site: &String| {
        if site == LedgerName::org().as_str() {
            "The whole organisation, as administrator".to_owned()
        } else {
            site.clone()
        }
    };
    sites
        .iter()
        .map(|site| (site.clone(), words(site)))
        .collect()
}

/// The roles that there are at a site.
fn site_roles() -> impl Iterator<Item = Role> {
    let all = Role::ALL.iter().copied();
    all.filter(|role| *role != Role::Administrator)
}

fn role_boxes(form: &Form) -> AnyView {
    let id = form.field_id("role");
    let boxes: Vec<_> = site_roles()
        .enumerate()
        .map(|(place, role)| {
            // A link to the field leads to its first box.
            let id = if place == 0 {
                id.clone()
            } else {
                format!("{id}-{place}")
            };
            let checked = form.ticked("role", role.code());
            let of = id.clone();
            let invalid = (place == 0 && !form.refused_at("role").is_empty()).then_some("true");
            view! {
                <label class="choice" for=of>
                    <input type="checkbox" id=id name="role" value=role.code() checked=checked aria-invalid=invalid/>
                    <span>{role.label()}</span>
                </label>
            }
        })
        .collect();
    let refusal = format!("{id}-refusal");
    let described_by = refusal.clone();
    view! {
        <fieldset class="field" aria-describedby=described_by>
            <legend>"Roles there"</legend>
            <p class="hint">"Further roles, also at other sites, can be granted afterwards. An administrator has that role alone: tick nothing."</p>
            <p class="refusal" id=refusal>{form.refused_at("role").join(" ")}</p>
            <div class="choices">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

/// A password that its owner has to change, typed twice.
fn password(form: &Form, label: &'static str) -> AnyView {
    let hint = format!(
        "At least {SHORTEST} characters. Tell it to the person; at the first sign-in they choose their own, and until then \
         they can do nothing else."
    );
    view! {
        <PasswordField form=form name="new_password" label=label hint=hint autocomplete="new-password"/>
        <PasswordField form=form name="repeated_password" label="The same password again" autocomplete="new-password"/>
    }
    .into_any()
}

/// A form about one account, folded until it is asked for.
fn folded(
    page: &Page,
    name: &str,
    summary: String,
    action: &'static str,
    user: UserId,
    fields: impl FnOnce(&Form) -> AnyView,
) -> AnyView {
    let asked = page.form(name);
    let fields = fields(&asked);
    let inside = view! {
        {hidden_field("user", user)}
        {fields}
    };
    view! {
        <details class="fold" open=asked.is_begun()>
            <summary>{summary}</summary>
            {form(&asked, action, inside)}
        </details>
    }
    .into_any()
}

/// Grants a further role.
pub(super) fn grant(page: &Page, user: UserId, sites: &[String]) -> AnyView {
    let summary = "Grant a role".to_owned();
    let places = places(sites);
    folded(
        page,
        "grant-role",
        summary,
        GrantRole::url(),
        user,
        |asked| {
            let roles = Role::ALL
                .iter()
                .map(|role| (role.code().to_owned(), role.label().to_owned()))
                .collect();
            view! {
                <ChoiceField form=asked name="site" label="Site" choices=places/>
                <ChoiceField form=asked name="role" label="Role" choices=roles/>
                {send("Grant the role")}
            }
            .into_any()
        },
    )
}

/// Ends one of the roles.
pub(super) fn end(page: &Page, user: UserId, site: &str, role: Role) -> AnyView {
    let name = format!("end-role:{site}:{}", role.code());
    let summary = format!("End “{}”", super::at(site, role.label()));
    let site = site.to_owned();
    folded(page, &name, summary, EndRole::url(), user, |asked| {
        view! {
            {hidden_field("site", site)}
            {hidden_field("role", role.code())}
            {reason(asked)}
            {send("End the role")}
        }
        .into_any()
    })
}

/// What can be done about the state of an account.
pub(super) fn state(page: &Page, user: UserId, state: AccountState) -> AnyView {
    let with_reason =
        |name: &str, summary: &str, action, note: &'static str, button: &'static str| {
            folded(page, name, summary.to_owned(), action, user, |asked| {
                view! {
                    <p>{note}</p>
                    {reason(asked)}
                    {send(button)}
                }
                .into_any()
            })
        };
    let unlock = (state == AccountState::Locked).then(|| {
        with_reason(
            "unlock-account",
            "Unlock the account",
            UnlockAccount::url(),
            "Ask the person first whether the wrong passwords were theirs.",
            "Unlock",
        )
    });
    let disable = (state != AccountState::Disabled).then(|| {
        with_reason(
            "disable-account",
            "Disable the account",
            DisableAccount::url(),
            "The person is signed out everywhere at once and can’t sign in any more. What they recorded and signed stays.",
            "Disable",
        )
    });
    let enable = (state == AccountState::Disabled).then(|| {
        with_reason(
            "enable-account",
            "Enable the account",
            EnableAccount::url(),
            "The person can sign in again, with the roles that are listed above.",
            "Enable",
        )
    });
    view! { {unlock} {disable} {enable} }.into_any()
}

/// A new password for somebody who forgot theirs.
pub(super) fn reset(page: &Page, user: UserId) -> AnyView {
    let summary = "Set a new password".to_owned();
    folded(
        page,
        "reset-password",
        summary,
        ResetPassword::url(),
        user,
        |asked| {
            view! {
            <p>"For a person who forgot theirs. They are signed out everywhere. It doesn’t unlock the account."</p>
            {password(asked, "New password")}
            {send("Set the password")}
        }
        .into_any()
        },
    )
}

fn reason(form: &Form) -> AnyView {
    view! { <LongTextField form=form name="reason" label="Reason" rows=2/> }.into_any()
}
