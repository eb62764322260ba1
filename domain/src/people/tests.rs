#![expect(clippy::unwrap_used, reason = "tests")]

mod at_once;

use super::*;
use uuid::Uuid;

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn noon() -> Timestamp {
    Timestamp::parse("2026-03-05T12:00:00Z").unwrap()
}

fn administrator() -> Asking {
    Asking {
        by: person(1, Ok(())),
        sites: vec!["GE".to_owned()],
        user_names: Vec::new(),
        names_in_use: Vec::new(),
        administrators: vec![with_own(1)],
        sessions: Vec::new(),
        own_session: None,
    }
}

fn person(number: u128, allowed: Result<(), rights::Refusal>) -> Asker {
    Asker::Person {
        user: user(number),
        allowed,
    }
}

fn with_own(number: u128) -> Administrator {
    Administrator {
        user: user(number),
        own_password: true,
    }
}

fn with_given(number: u128) -> Administrator {
    Administrator {
        own_password: false,
        ..with_own(number)
    }
}

fn session(number: u128) -> SessionId {
    SessionId(Uuid::from_u128(number))
}

fn because(reason: &str) -> String {
    reason.to_owned()
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
        own_password: false,
    }
}

/// The account of user 2, after these events.
fn account(events: Vec<PersonEvent>) -> Account {
    let added = decide(None, add("tech1", &[]), &administrator()).unwrap();
    let at = noon();
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
    let events = decide(None, add(" Tech1 ", &roles), &administrator()).unwrap();
    assert!(
        matches!(&events[0], PersonEvent::AccountAdded { user_name, .. } if user_name == "tech1")
    );
    assert_eq!(
        events[1..],
        [
            granted("GE", Role::Technician),
            granted("GE", Role::QcAnalyst),
            PersonEvent::PasswordSet { by_another: true },
        ]
    );
}

// P11-100a: also not in other letters, or so that nobody could tell the two apart.
#[test]
fn a_user_name_is_never_given_again() {
    let given = Asking {
        user_names: vec!["tech.1".to_owned(), "carmen".to_owned()],
        ..administrator()
    };
    let used = |name: &str| Some(Refusal::UserNameUsed(name.to_owned()));
    let alike = |wanted: &str, given: &str| {
        Some(Refusal::UserNameAlike {
            wanted: wanted.to_owned(),
            given: given.to_owned(),
        })
    };
    let cases = [
        ("tech.1", used("tech.1")),
        (" TECH.1 ", used("tech.1")),
        ("tech.l", alike("tech.l", "tech.1")),
        ("tech-1", alike("tech-1", "tech.1")),
        ("camnen", None),
        // An r and an m are no m and an n.
        ("camen", None),
        ("tech.2", None),
        ("tech.11", None),
        ("tech.i", alike("tech.i", "tech.1")),
        ("tech.1-", Some(Refusal::UserName("tech.1-".to_owned()))),
        ("tech.1.", Some(Refusal::UserName("tech.1.".to_owned()))),
        ("tech..1", Some(Refusal::UserName("tech..1".to_owned()))),
        ("tech.-1", Some(Refusal::UserName("tech.-1".to_owned()))),
    ];
    for (name, refusal) in cases {
        assert_eq!(
            decide(None, add(name, &[]), &given).err(),
            refusal,
            "{name}"
        );
    }
    let given = Asking {
        user_names: vec!["barney.o".to_owned()],
        ..administrator()
    };
    let refused = decide(None, add("bamey.0", &[]), &given).err();
    assert_eq!(refused, alike("bamey.0", "barney.o"));
    let given = Asking {
        user_names: vec!["administrator.1".to_owned()],
        ..administrator()
    };
    for wanted in [
        "admlnistrator.1",
        "administrator.i",
        "adm1nistrator.l",
        "administrat0r-1",
    ] {
        let refused = decide(None, add(wanted, &[]), &given).err();
        assert_eq!(refused, alike(wanted, "administrator.1"), "{wanted}");
    }
}

fn named(printed_name: &str) -> PersonCommand {
    let PersonCommand::Add {
        user_name,
        identity_check,
        roles,
        own_password,
        ..
    } = add("tech9", &[])
    else {
        unreachable!("it adds");
    };
    PersonCommand::Add {
        user_name,
        printed_name: printed_name.to_owned(),
        identity_check,
        roles,
        own_password,
    }
}

// P11-50a: the printed name says who signed.
#[test]
fn a_full_name_is_nobody_elses_in_print() {
    let given = Asking {
        names_in_use: vec![("qa.1".to_owned(), "QA reviewer 1".to_owned())],
        ..administrator()
    };
    for wanted in [
        "QA reviewer 1",
        "QA\u{a0}reviewer  1",
        "qa reviewer 1",
        "QA reviewer l",
        "QA revlewer I",
        "Q\u{ff21} reviewer \u{ff11}",
    ] {
        let refused = decide(None, named(wanted), &given).unwrap_err();
        assert!(
            matches!(&refused, Refusal::PrintedNameAlike { user_name, .. } if user_name == "qa.1"),
            "{wanted}: {refused}"
        );
    }
    for (wanted, kept) in [
        ("QA reviewer 2", "QA reviewer 2"),
        ("QA reviewer 1 (night shift)", "QA reviewer 1 (night shift)"),
        ("\u{a0}Anna \u{2003} Rossi ", "Anna Rossi"),
        ("Анна Иванова", "Анна Иванова"),
        ("Anna Иванова", "Anna Иванова"),
        ("山田 はなこ", "山田 はなこ"),
        ("O’Brien-Müller", "O’Brien-Müller"),
    ] {
        let events = decide(None, named(wanted), &given).unwrap();
        let PersonEvent::AccountAdded { printed_name, .. } = &events[0] else {
            panic!("{events:?}")
        };
        assert_eq!(printed_name, kept);
    }
    for (wanted, said) in [
        (
            "Q\u{410} reviewer 3",
            "“Q\u{410}” in the full name has letters of more than one script",
        ),
        ("Anna-M\u{430}ria Rossi", "“M\u{430}ria” in the full name"),
        (
            "Anna\u{202e}issoR",
            "Full name holds an invisible character",
        ),
        (
            "Anna\nRossi",
            "Full name holds an invisible character (line break)",
        ),
        (
            "Anna\u{1b}[31m Rossi",
            "Full name holds an invisible character (escape)",
        ),
        ("\u{200b}", "Full name is empty."),
        ("", "Full name is empty."),
    ] {
        let refused = decide(None, named(wanted), &given).unwrap_err().to_string();
        assert!(refused.starts_with(said), "{wanted:?}: {refused}");
    }
    // The name of a disabled account can be given again; then that account can't be enabled under it.
    let left = account(vec![PersonEvent::AccountDisabled {
        reason: because("Left"),
    }]);
    let enable = || PersonCommand::Enable {
        reason: because("Back"),
    };
    assert!(decide(Some(&left), enable(), &given).is_ok());
    let taken = Asking {
        names_in_use: vec![("tech.7".to_owned(), "Technician 1".to_owned())],
        ..administrator()
    };
    let refused = decide(Some(&left), enable(), &taken);
    assert!(
        matches!(refused, Err(Refusal::NameInUse { .. })),
        "{refused:?}"
    );
}

// Who could let anybody in again? A password that somebody else set may never have reached its person.
#[test]
fn the_last_administrator_who_can_sign_in_stays() {
    let eva = account(vec![granted("org", Role::Administrator)]);
    let end = || PersonCommand::End {
        site: because("org"),
        role: Role::Administrator,
        reason: because("Moved on"),
    };
    let disable = || PersonCommand::Disable {
        reason: because("Left"),
    };
    // The account is that of user 2.
    for (administrators, stays) in [
        (vec![with_own(1), with_own(2)], false),
        (vec![with_own(2)], true),
        // Another one has not chosen a password yet.
        (vec![with_given(1), with_own(2)], true),
        (vec![with_given(1), with_given(3), with_own(2)], true),
        (vec![with_given(1), with_own(3), with_own(2)], false),
        (vec![with_own(1), with_given(2)], false),
        // The first set-up: nobody has signed in yet.
        (vec![with_given(2)], true),
        (vec![with_given(1), with_given(2)], false),
        // An administrator who is locked takes nothing away, and is none of those who are left.
        (vec![with_own(1)], false),
        (vec![with_given(1)], false),
        (Vec::new(), false),
    ] {
        for (command, by) in [
            (end(), Asker::CommandLine),
            (end(), person(1, Ok(()))),
            (disable(), Asker::CommandLine),
            (disable(), person(1, Ok(()))),
        ] {
            let asking = Asking {
                by,
                administrators: administrators.clone(),
                ..administrator()
            };
            let decided = decide(Some(&eva), command, &asking);
            let refused = matches!(decided, Err(Refusal::LastAdministrator { .. }));
            assert_eq!(refused, stays, "{administrators:?}");
        }
    }
}

#[test]
fn each_first_role_is_given_once() {
    let twice = [
        ("GE", Role::Technician),
        ("GE", Role::QcAnalyst),
        ("GE", Role::Technician),
    ];
    let refused = decide(None, add("tech1", &twice), &administrator());
    let expected = Refusal::HasRole {
        role: Role::Technician,
        site: because("GE"),
    };
    assert_eq!(refused, Err(expected));
    let org = [("org", Role::Administrator), ("org", Role::Administrator)];
    let refused = decide(None, add("adm1", &org), &administrator());
    assert!(matches!(refused, Err(Refusal::HasRole { .. })));
}

// P11-300c: what makes an account unusable, or its password another, ends its sessions in the same act.
#[test]
fn sessions_end_with_what_takes_the_account_away() {
    let tom = account(Vec::new());
    let asking = |by: Asker| Asking {
        by,
        sessions: vec![session(7), session(8)],
        own_session: Some(session(8)),
        ..administrator()
    };
    let own = || asking(person(2, Ok(())));
    let other = || asking(person(1, Ok(())));
    let reason = || because("Left");
    let (all, others) = (vec![session(7), session(8)], vec![session(7)]);
    for (command, asking, ended) in [
        (
            PersonCommand::Disable { reason: reason() },
            other(),
            Some((&all, Ending::Disabled)),
        ),
        (
            PersonCommand::ResetPassword,
            other(),
            Some((&all, Ending::PasswordReset)),
        ),
        (
            PersonCommand::Lock { failures: 5 },
            asking(Asker::Program),
            Some((&all, Ending::Locked)),
        ),
        (
            PersonCommand::SignOutEverywhere,
            own(),
            Some((&all, Ending::Everywhere)),
        ),
        (
            PersonCommand::ChoosePassword,
            own(),
            Some((&others, Ending::Everywhere)),
        ),
        (
            PersonCommand::Accept {
                statement: because("Mine"),
            },
            own(),
            None,
        ),
    ] {
        let events = decide(Some(&tom), command.clone(), &asking).unwrap();
        let found = events.iter().find_map(|event| match event {
            PersonEvent::SessionsEnded { sessions, because } => Some((sessions, *because)),
            _ => None,
        });
        assert_eq!(found, ended, "{command:?}");
    }
    let nowhere = Asking {
        sessions: Vec::new(),
        ..other()
    };
    let events = decide(Some(&tom), PersonCommand::ResetPassword, &nowhere).unwrap();
    assert_eq!(events, [PersonEvent::PasswordSet { by_another: true }]);
}

#[test]
fn nobody_sees_to_what_is_anothers_own() {
    let tom = account(Vec::new());
    for by in [person(1, Ok(())), Asker::CommandLine] {
        let asking = Asking {
            by,
            ..administrator()
        };
        for command in [
            PersonCommand::ChoosePassword,
            PersonCommand::SignOutEverywhere,
            PersonCommand::Accept {
                statement: because("Mine"),
            },
        ] {
            assert_eq!(
                decide(Some(&tom), command, &asking),
                Err(Refusal::NotAllowed)
            );
        }
    }
}

// P11-100b: adding is no way round the rules for granting.
#[test]
fn no_account_is_added_over_one_that_exists() {
    let own = account(vec![granted("org", Role::Administrator)]);
    let over = add("other", &[("GE", Role::QualifiedPerson)]);
    let refused = decide(Some(&own), over, &administrator());
    assert_eq!(refused, Err(Refusal::Exists));
}

#[test]
fn nobody_changes_their_own_roles_or_state() {
    let own = account(vec![granted("org", Role::Administrator)]);
    let asking = Asking {
        by: person(2, Ok(())),
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
            decide(Some(&own), command, &asking),
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
        let decided = decide(None, add("tech1", &roles), &administrator());
        assert_eq!(decided.is_ok(), allowed, "{roles:?}");
    }
}

#[test]
fn a_reason_is_asked_for_and_only_what_is_locked_is_unlocked() {
    let locked = account(vec![PersonEvent::AccountLocked { failures: 5 }]);
    let unlock = |reason: &str| PersonCommand::Unlock {
        reason: reason.to_owned(),
    };
    for nothing in [
        "  ",
        "\u{200b}",
        "\u{feff} \u{2060}",
        "\u{202e}hcum",
        "a\u{1b}[0m",
    ] {
        let refused = decide(Some(&locked), unlock(nothing), &administrator());
        assert!(
            matches!(
                refused,
                Err(Refusal::Text {
                    field: "reason",
                    ..
                })
            ),
            "{nothing:?}"
        );
    }
    let unlocked = decide(Some(&locked), unlock("was them"), &administrator()).unwrap();
    let active = account(unlocked);
    assert_eq!(active.state, AccountState::Active);
    let again = decide(Some(&active), unlock("again"), &administrator());
    assert_eq!(again, Err(Refusal::State(AccountState::Active)));
}

// P11-10g
#[test]
fn only_who_may_now_changes_accounts() {
    let disabled = || rights::Refusal::State {
        user_name: because("anna"),
        state: AccountState::Disabled,
    };
    for (allowed, refusal) in [
        (Ok(()), None),
        (
            Err(rights::Refusal::Role {
                action: rights::Action::KeepAccounts,
            }),
            Some(Refusal::NotAllowed),
        ),
        (Err(disabled()), Some(Refusal::Standing(disabled()))),
    ] {
        let asking = Asking {
            by: person(1, allowed),
            ..administrator()
        };
        assert_eq!(decide(None, add("tech1", &[]), &asking).err(), refusal);
    }
}

#[test]
fn an_account_is_locked_once() {
    let locked = account(vec![PersonEvent::AccountLocked { failures: 5 }]);
    let asking = Asking {
        by: Asker::Program,
        ..administrator()
    };
    let again = decide(Some(&locked), PersonCommand::Lock { failures: 6 }, &asking);
    assert_eq!(again, Err(Refusal::State(AccountState::Locked)));
}
