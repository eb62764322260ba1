//! What was typed is checked as a whole, once it is clear that the person may do it now.

use super::*;

// A form is corrected in one go.
#[test]
fn everything_wrong_with_a_new_account_is_said_at_once() {
    let with = |user_name: &str, printed_name: &str, identity_check: &str, site: &str| {
        let command = PersonCommand::Add {
            user_name: user_name.to_owned(),
            printed_name: printed_name.to_owned(),
            identity_check: identity_check.to_owned(),
            roles: vec![
                (site.to_owned(), Role::Technician),
                (site.to_owned(), Role::QcAnalyst),
            ],
            own_password: false,
        };
        let given = Asking {
            user_names: vec!["tech1".to_owned()],
            ..administrator()
        };
        let refused = decide(None, command, &given).err();
        let words = refused.map(|why| why.all_words()).unwrap_or_default();
        let fields = words.into_iter().map(|words| words.field.unwrap());
        fields.collect::<Vec<_>>()
    };
    let long = "x".repeat(301);
    for (user_name, printed_name, identity_check, site, fields) in [
        ("tech2", "Technician 2", "passport", "GE", &[][..]),
        ("tech1", "Technician 2", "passport", "GE", &["user_name"]),
        (
            "t",
            " ",
            "",
            "XX",
            // The site is told once, however many roles it would have had.
            &["user_name", "printed_name", "identity_check", "site"],
        ),
        (
            "techl",
            &*long,
            &*long,
            "org",
            &["user_name", "printed_name", "identity_check", "site"],
        ),
        ("tech2", "", "passport", "XX", &["printed_name", "site"]),
    ] {
        assert_eq!(
            with(user_name, printed_name, identity_check, site),
            fields,
            "{user_name}"
        );
    }
}

// What no reason puts right is told before a reason is asked for.
#[test]
fn who_may_and_when_comes_before_what_was_typed() {
    let eva = account(vec![granted("org", Role::Administrator)]);
    let last = Asking {
        by: Asker::CommandLine,
        administrators: vec![with_own(2)],
        ..administrator()
    };
    let end = PersonCommand::End {
        site: because("org"),
        role: Role::Administrator,
        reason: because(" "),
    };
    let disable = PersonCommand::Disable {
        reason: because(""),
    };
    for command in [end, disable] {
        let refused = decide(Some(&eva), command, &last);
        assert!(
            matches!(refused, Err(Refusal::LastAdministrator { .. })),
            "{refused:?}"
        );
    }
    let asking = Asking {
        by: person(3, Err(rights::Refusal::NoAccount)),
        ..administrator()
    };
    let refused = decide(None, add("t", &[("XX", Role::Technician)]), &asking);
    assert_eq!(refused, Err(Refusal::Standing(rights::Refusal::NoAccount)));
}
