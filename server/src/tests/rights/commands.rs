//! Commands.

use super::{
    super::bench::{Answer, Bench, Client},
    CALLERS, Needs, Object, Table, new_password, person,
    routes::{commands, needs},
};
use crate::demo::{self, PASSWORD};
use app::reply::Reply;
use domain::{batch, ids::CommandId, rights::Action};
use uuid::Uuid;

/// What came of a command, in a word.
fn word(answer: &Answer) -> &'static str {
    let not_allowed = |text: &str| {
        let refusal = |action: &Action| batch::Refusal::not_allowed(*action).to_string();
        Action::ALL.iter().any(|action| refusal(action) == text)
    };
    let not_there = "There is no such record, or it is not of your site";
    match serde_json::from_str(&answer.text) {
        Ok(Reply::SignIn) => "sign-in",
        Ok(Reply::PasswordFirst) => "password",
        Ok(Reply::Done(_)) => "yes",
        Ok(Reply::Refused(words)) if words.iter().any(|words| not_allowed(&words.text)) => "no",
        Ok(Reply::Refused(words))
            if words.iter().any(|words| words.text.starts_with(not_there)) =>
        {
            "none"
        }
        Ok(Reply::Refused(_)) => "yes",
        Ok(Reply::Fault(_) | Reply::PlainWay) | Err(_) => "?",
    }
}

/// What a command is sent about: a batch of one's own site where nothing can be done any more, one of the other site, none.
const OBJECTS: [Object; 3] = [
    Object {
        name: "GE",
        site: Some("GE"),
    },
    Object {
        name: "BA",
        site: Some("BA"),
    },
    Object {
        name: "none",
        site: None,
    },
];

fn objects(needs: Needs) -> &'static [Object] {
    match needs {
        Needs::OfBatch(_) | Needs::OfSite(_) => &OBJECTS,
        _ => &OBJECTS[..1],
    }
}

/// A form that names a batch and its parts, and says nothing else.
async fn send(client: &Client, route: &str, object: &Object, user_name: &str) -> &'static str {
    let batch = match object.site {
        Some("GE") => demo::batch_id("infused").to_string(),
        Some(_) => demo::batch_id("overdue").to_string(),
        None => Uuid::from_u128(7).to_string(),
    };
    let user = demo::person_id("technician.2").to_string();
    let named = format!("{route} {} {user_name}", object.name);
    let command = CommandId(Uuid::new_v5(&Uuid::nil(), named.as_bytes())).to_string();
    let seen = if route.ends_with("verify-entry") {
        r#"{"text":"Clean room 2"}"#
    } else {
        "1"
    };
    let mut form = vec![
        ("batch", batch.as_str()),
        ("site", object.site.unwrap_or("XX")),
        ("user", user.as_str()),
        ("command_id", command.as_str()),
        ("form", "walk"),
        ("page", "/"),
        ("step", "receipt"),
        ("field", "room"),
        ("seen", seen),
    ];
    // Where a signature is asked for, it is given rightly: so it is the right that refuses, and no wrong password counts.
    if !["/api/sign-in", "/api/add-account"].contains(&route) {
        form.extend([("user_name", user_name), ("password", PASSWORD)]);
    }
    word(&client.post(route, &form).await)
}

// P11-10d, P11-10g, A11-15: a change of what somebody may do is a change of a checked-in table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_lets_in_whom_it_should() {
    let bench = Bench::demo().await;
    let mut table = Table::default();
    let before = entries(&bench).await;
    let nobody = bench.nobody();
    let mut new = new_password(&bench).await;
    let routes = commands(&bench.router);
    for route in &routes {
        if route.contains("sign-out") {
            new = bench.person("technician.9").await;
        }
        let needs = needs(route);
        for object in objects(needs) {
            let row = format!("{route} {}", object.name);
            let found = send(&nobody, route, object, "nobody").await;
            table.note(&row, "nobody", found, needs.word_for_nobody());
            let found = send(&new, route, object, "technician.9").await;
            table.note(&row, "new password", found, needs.word_for_new_password());
        }
    }
    for (_, user_name) in CALLERS {
        let mut client = bench.person(user_name).await;
        for route in &routes {
            if route.contains("sign-out") {
                client = bench.person(user_name).await;
            }
            let needs = needs(route);
            for object in objects(needs) {
                let row = format!("{route} {}", object.name);
                let found = send(&client, route, object, user_name).await;
                table.note(
                    &row,
                    user_name,
                    found,
                    needs.word(&person(user_name), object),
                );
            }
        }
    }
    assert_eq!(table.wrong, Vec::<String>::new());
    insta::assert_snapshot!("commands", table.text());
    assert_eq!(entries(&bench).await, before);
    bench.end().await;
}

/// How many entries the two batches have.
async fn entries(bench: &Bench) -> Vec<usize> {
    let mut sizes = Vec::new();
    for batch in ["infused", "overdue"] {
        let entries = bench.records().batch_entries(demo::batch_id(batch)).await;
        sizes.push(entries.unwrap().len());
    }
    sizes
}
