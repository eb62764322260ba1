//! What a person types on the command line passes the rule that the forms have: it stands in the ledger for ever.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "accidents/lab.rs"]
#[expect(dead_code, reason = "shared with the accidents")]
mod lab;
#[path = "common/place.rs"]
#[expect(dead_code, reason = "shared with the tests of the database's server")]
mod place;

use lab::Postgres;
use place::Place;

const SECRET: &str = "glass heron under 44 lamps\n";

fn user<'a>(user_name: &'a str, name: &'a str, check: &'a str) -> [&'a str; 10] {
    [
        "user",
        "add",
        user_name,
        "--name",
        name,
        "--identity-check",
        check,
        "--role",
        "GE:technician",
        "--password-stdin",
    ]
}

fn words_are_read(place: &Place) {
    let refuse = |arguments: &[&str], words: &str| {
        // Who is not asked for a password reads nothing.
        let (code, said) = match arguments {
            ["user", "add", ..] => place.run_with(arguments, SECRET),
            _ => place.run(arguments),
        };
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    };
    for (nothing, words) in [
        ("\u{200b}", "eason is empty."),
        ("\u{2800} \u{200d}", "eason is empty."),
        ("left\u{202e}", "eason holds an invisible character"),
        ("le\u{200b}ft", "eason holds an invisible character"),
        (
            "le\u{1b}[2Jft",
            "eason holds an invisible character (escape)",
        ),
    ] {
        for command in [
            ["user", "disable", "eva.neri", "--reason", nothing].as_slice(),
            &["site", "change", "GE", "--name", "Lab", "--reason", nothing],
            &["key", "rotate", "--ledger", "GE", "--reason", nothing],
        ] {
            refuse(command, words);
        }
    }
    for hidden in ["a\u{202e}b", "a\u{200b}b", "a\u{1b}b", "a\nb"] {
        let words = "holds an invisible character";
        refuse(&user("tom.verdi", hidden, "Card"), words);
        refuse(
            &["site", "change", "GE", "--name", hidden, "--reason", "x"],
            words,
        );
        refuse(
            &["site", "change", "GE", "--address", hidden, "--reason", "x"],
            words,
        );
        let open = [
            "site",
            "add",
            "PI",
            "--name",
            hidden,
            "--address",
            "Largo 1",
            "--facility",
            "A9998",
        ];
        refuse(
            &[&open[..], &["--time-zone", "Europe/Rome"]].concat(),
            words,
        );
    }
    for (user_name, name, words) in [
        ("eva.neri.", "Tom", "can't be a user name"),
        ("eva..neri", "Tom", "can't be a user name"),
        ("eva.nerl", "Tom", "looks like eva.neri"),
        ("tom.verdi", "Eva\u{a0} Neri", "prints like Eva Neri"),
        (
            "tom.verdi",
            "Ev\u{430} Neri",
            "letters of more than one script",
        ),
    ] {
        refuse(&user(user_name, name, "Card"), words);
    }
    for pattern in [
        "CHA9999{number:8}",
        "GE-{year}-{number:4}",
        "A9999{number:8}",
    ] {
        let change = [
            "site",
            "change",
            "GE",
            "--donation-number",
            pattern,
            "--reason",
            "x",
        ];
        let (code, said) = place.run(&change);
        assert!(matches!(code, Some(1 | 2)), "{said}");
        assert!(said.contains("read like"), "{said}");
    }
    let (code, ledger) = place.run(&["export", "--ledger", "org"]);
    assert_eq!(code, Some(0), "{ledger}");
    for one in [
        "tom.verdi",
        "\u{202e}",
        "\u{200b}",
        "\\u001b",
        "AccountDisabled",
        "account-disabled",
    ] {
        assert!(!ledger.contains(one), "{one:?} is in the ledger");
    }
}

#[test]
fn the_command_line_takes_words_as_the_forms_do() {
    let place = Place::nothing().with_a_record();
    let (code, said) = place.run_with(&user("eva.neri", "Eva  Neri", "Card"), SECRET);
    assert_eq!(code, Some(0), "{said}");
    assert!(place.run(&["user", "list"]).1.contains(" Eva Neri "));
    words_are_read(&place);
}

#[test]
fn on_postgresql_it_takes_them_likewise() {
    let Some(postgres) = Postgres::make() else {
        return;
    };
    let place = Place::on(postgres.url()).with_a_record();
    let (code, said) = place.run_with(&user("eva.neri", "Eva Neri", "Card"), SECRET);
    assert_eq!(code, Some(0), "{said}");
    words_are_read(&place);
}
