#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use uuid::Uuid;

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn administrator() -> Asking {
    Asking {
        user: Some(user(1)),
        roles: vec![Role::Administrator],
        now: Timestamp::parse("2026-03-05T12:00:00Z").unwrap(),
        sites: vec!["GE".to_owned()],
    }
}

fn add(user_name: &str, roles: &[(&str, Role)]) -> PersonCommand {
    PersonCommand::Add {
        user_name: user_name.to_owned(),
        printed_name: "Technician 1".to_owned(),
        identity_check: "Checked by QA 1 on 2026-03-01: passport".to_owned(),
        roles: roles
            .iter()
            .map(|(site, role)| ((*site).to_owned(), *role))
            .collect(),
    }
}

/// The account of user 2, after these events.
fn account(events: Vec<PersonEvent>) -> Account {
    let added = decide(None, add("tech1", &[]), &administrator(), false).unwrap();
    let at = administrator().now;
    let recorded = added.into_iter().chain(events);
    Account::fold(
        user(2),
        recorded.map(|event| (at, "Administrator 1".to_owned(), event)),
    )
    .unwrap()
}

fn granted(site: &str, role: Role) -> PersonEvent {
    PersonEvent::RoleGranted {
        site: site.to_owned(),
        role,
    }
}

#[test]
fn an_account_begins_with_its_roles() {
    let roles = [("GE", Role::Technician), ("GE", Role::QcAnalyst)];
    let events = decide(None, add(" Tech1 ", &roles), &administrator(), false).unwrap();
    assert!(
        matches!(&events[0], PersonEvent::AccountAdded { user_name, .. } if user_name == "tech1")
    );
    assert_eq!(
        events[1..],
        [
            granted("GE", Role::Technician),
            granted("GE", Role::QcAnalyst)
        ]
    );
}

// P11-100a
#[test]
fn a_user_name_is_never_given_again() {
    let refused = decide(None, add("tech1", &[]), &administrator(), true);
    assert_eq!(refused, Err(Refusal::UserNameUsed("tech1".to_owned())));
}

// P11-100b: adding is no way round the rules for granting.
#[test]
fn no_account_is_added_over_one_that_exists() {
    let own = account(vec![granted("org", Role::Administrator)]);
    let over = add("other", &[("GE", Role::QualifiedPerson)]);
    let refused = decide(Some(&own), over, &administrator(), false);
    assert_eq!(refused, Err(Refusal::Exists));
}

#[test]
fn nobody_changes_their_own_roles_or_state() {
    let own = account(vec![granted("org", Role::Administrator)]);
    let asking = Asking {
        user: Some(user(2)),
        ..administrator()
    };
    let grant = PersonCommand::Grant {
        site: "GE".to_owned(),
        role: Role::Technician,
    };
    let disable = PersonCommand::Disable {
        reason: "leaves".to_owned(),
    };
    for command in [grant, disable, PersonCommand::ResetPassword] {
        assert_eq!(
            decide(Some(&own), command, &asking, false),
            Err(Refusal::OwnAccount)
        );
    }
}

#[test]
fn an_administrator_has_no_role_at_a_site_and_nobody_else_one_in_the_organisation() {
    let cases = [
        (vec![("GE", Role::Administrator)], false),
        (vec![("org", Role::Technician)], false),
        (
            vec![("org", Role::Administrator), ("GE", Role::Technician)],
            false,
        ),
        (vec![("org", Role::Administrator)], true),
        (vec![("GE", Role::Technician)], true),
    ];
    for (roles, allowed) in cases {
        let decided = decide(None, add("tech1", &roles), &administrator(), false);
        assert_eq!(decided.is_ok(), allowed, "{roles:?}");
    }
}

#[test]
fn a_reason_is_asked_for_and_only_what_is_locked_is_unlocked() {
    let locked = account(vec![PersonEvent::AccountLocked { failures: 5 }]);
    let unlock = |reason: &str| PersonCommand::Unlock {
        reason: reason.to_owned(),
    };
    let refused = decide(Some(&locked), unlock("  "), &administrator(), false);
    assert!(matches!(
        refused,
        Err(Refusal::Text {
            field: "reason",
            ..
        })
    ));
    let unlocked = decide(Some(&locked), unlock("was them"), &administrator(), false).unwrap();
    let active = account(unlocked);
    assert_eq!(active.state, AccountState::Active);
    let again = decide(Some(&active), unlock("again"), &administrator(), false);
    assert_eq!(again, Err(Refusal::State(AccountState::Active)));
}

// P11-10g
#[test]
fn only_who_keeps_accounts_changes_them() {
    for role in Role::ALL {
        let asking = Asking {
            roles: vec![*role],
            ..administrator()
        };
        let decided = decide(None, add("tech1", &[]), &asking, false);
        assert_eq!(decided.is_ok(), *role == Role::Administrator, "{role}");
    }
}
