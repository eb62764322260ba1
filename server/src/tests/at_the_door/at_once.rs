//! Forms about people and passwords: what is wrong with any of their fields is told at once, before a password is hashed.

use super::{super::bench::Client, *};
use app::reply::Reply;

on_both! {
    all_that_is_wrong_with_a_new_account_is_told_at_once
    all_that_is_wrong_with_a_new_password_is_told_at_once
}

/// Anna at a browser.
async fn anna(bench: &Bench) -> Client {
    let signed_in = bench.door.sign_in("anna", PASSWORD, None, HERE).await;
    Client {
        token: Some(signed_in.unwrap().unwrap().token),
        ..bench.nobody()
    }
}

async fn sent(client: &Client, path: &str, form: &[(&str, &str)]) -> Reply {
    let id = command().to_string();
    let form = [&[("command_id", id.as_str())][..], form].concat();
    let answer = client.post(path, &form).await;
    serde_json::from_str(&answer.text).unwrap()
}

/// The fields at which a form is refused.
async fn refused_at(client: &Client, path: &str, form: &[(&str, &str)]) -> Vec<String> {
    let Reply::Refused(words) = sent(client, path, form).await else {
        panic!("{path} was taken")
    };
    let field = |words: domain::refusal::Words| words.field.unwrap_or(words.text);
    words.into_iter().map(field).collect()
}

async fn all_that_is_wrong_with_a_new_account_is_told_at_once(bench: Bench) {
    let anna = anna(&bench).await;
    let right = [
        ("user_name", "lea"),
        ("printed_name", "Lea, made up"),
        ("identity_by", "QA 1"),
        ("identity_on", "2026-03-01"),
        ("identity_how", "passport"),
        ("site", "GE"),
        ("role", "technician"),
        ("new_password", OTHER),
        ("repeated_password", OTHER),
    ];
    let long = "x".repeat(400);
    // What the form alone tells, what the record knows, what the password is: each beside the others.
    for (wrong, fields) in [
        (&[("user_name", "tom")][..], &["user_name"][..]),
        (
            &[("new_password", "short"), ("repeated_password", "other")],
            &["new_password", "repeated_password"],
        ),
        (
            &[
                ("user_name", "tom"),
                ("site", "XX"),
                ("new_password", "short"),
                ("repeated_password", "other"),
            ],
            &["new_password", "repeated_password", "site", "user_name"],
        ),
        (
            &[("identity_by", &*long), ("identity_how", "")],
            &["identity_by", "identity_how"],
        ),
        (
            &[
                ("user_name", "tom"),
                ("printed_name", ""),
                ("identity_by", " "),
                ("identity_on", "2026-03-06"),
                ("identity_how", ""),
                ("site", ""),
                ("new_password", ""),
                ("repeated_password", ""),
            ],
            &[
                "identity_by",
                "identity_how",
                "identity_on",
                "new_password",
                "printed_name",
                "repeated_password",
                "site",
                "user_name",
            ],
        ),
    ] {
        let form = right.map(|(name, value)| {
            let other = wrong.iter().find(|(of, _)| *of == name);
            (name, other.map_or(value, |(_, other)| *other))
        });
        let mut at = refused_at(&anna, "/api/add-account", &form).await;
        at.sort();
        assert_eq!(at, fields);
    }
    let persons = bench.records().store().persons().await.unwrap();
    assert_eq!(persons.len(), 2);
    let taken = sent(&anna, "/api/add-account", &right).await;
    assert!(matches!(taken, Reply::Done(_)), "{taken:?}");
    bench.end().await;
}

async fn all_that_is_wrong_with_a_new_password_is_told_at_once(bench: Bench) {
    let (anna, tom) = (anna(&bench).await, user(2).to_string());
    let reset = async |new: &str, repeated: &str| {
        let form = [
            ("user", tom.as_str()),
            ("new_password", new),
            ("repeated_password", repeated),
        ];
        refused_at(&anna, "/api/reset-password", &form).await
    };
    let both = ["new_password", "repeated_password"];
    assert_eq!(reset("", "").await, both);
    assert_eq!(reset("short", "").await, both);
    assert_eq!(reset("short", "shorter").await, both);
    assert_eq!(reset("short", "short").await, ["new_password"]);
    assert_eq!(reset("", OTHER).await, ["new_password"]);
    assert_eq!(reset(OTHER, "").await, ["repeated_password"]);
    assert_eq!(reset(OTHER, PASSWORD).await, ["repeated_password"]);
    let change = async |now: &str, new: &str, repeated: &str| {
        let form = [
            ("password", now),
            ("new_password", new),
            ("repeated_password", repeated),
        ];
        refused_at(&anna, "/api/change-password", &form).await
    };
    let all = ["password", "new_password", "repeated_password"];
    assert_eq!(change("", "", "").await, all);
    assert_eq!(change("", "short", "shorter").await, all);
    assert_eq!(change("", OTHER, OTHER).await, ["password"]);
    // Whether the one of now is right is asked last of all, and only where nothing else is wrong.
    assert_eq!(change("a guess", "short", "shorter").await, both);
    assert_eq!(change(PASSWORD, PASSWORD, "shorter").await, both);
    let credential = bench.records().store().credential(user(1)).await;
    assert_eq!(credential.unwrap().unwrap().failed_attempts, 0);
    let signed_in = bench.door.sign_in("tom", PASSWORD, None, HERE).await;
    let tom = signed_in.unwrap().unwrap().visitor.person;
    let typed = ["a guess", "short", "shorter"];
    let changed = bench.door.change_password(&tom, command(), typed, HERE);
    let (hashes, changed) = hashes_of(changed).await;
    let several = vec![Refusal::TooShort { length: 5 }, Refusal::NotRepeated];
    assert_eq!(changed.unwrap(), Err(Refusal::Several(several)));
    assert_eq!(hashes, 0);
    bench.end().await;
}
