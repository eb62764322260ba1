//! Every page, paper and command, asked for as each role and as nobody: rights as a table, and against the domain's own
//! table of rights.

use super::bench::{Answer, Bench, Client};
use crate::demo::{self, PASSWORD};
use app::reply::Reply;
use domain::{
    batch,
    ids::CommandId,
    people::PersonCommand,
    rights::{
        Action::{self, *},
        Role, may,
    },
};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeMap;
use store::Person;
use uuid::Uuid;

/// Who asks: the name of the column, and the account of the demonstration.
const CALLERS: [(&str, &str, Option<Role>); 9] = [
    ("collector", "collector.1", Some(Role::Collector)),
    ("technician", "technician.1", Some(Role::Technician)),
    ("qc-analyst", "qc.1", Some(Role::QcAnalyst)),
    ("qa-reviewer", "qa.1", Some(Role::QaReviewer)),
    ("qualified-p", "qp.1", Some(Role::QualifiedPerson)),
    ("pharmacist", "pharmacist.1", Some(Role::Pharmacist)),
    ("inspector", "inspector.1", Some(Role::Inspector)),
    (
        "administrator",
        "administrator.1",
        Some(Role::Administrator),
    ),
    // A technician of the other site.
    ("elsewhere", "technician.3", None),
];

/// What is asked for, and the action that it needs at the batch's site (or in the organisation).
const READ: [(&str, Needs); 21] = [
    // An administrator goes on to the people.
    ("/", Needs::AtSomeSite(ReadBatch)),
    ("/about", Needs::SignedIn),
    ("/account", Needs::SignedIn),
    ("/batches/:id", Needs::At(ReadBatch)),
    ("/batches/:id/audit", Needs::At(ReadAuditTrail)),
    ("/batches/:id/audit.csv", Needs::At(ReadAuditTrail)),
    ("/batches/:id/audit.json", Needs::At(ReadAuditTrail)),
    ("/batches/:id/certificate.pdf", Needs::At(PrintCertificate)),
    ("/batches/:id/deviations", Needs::At(ReadBatch)),
    ("/batches/:id/quality", Needs::At(ReadBatch)),
    ("/batches/:id/release", Needs::At(ReadBatch)),
    ("/board.csv", Needs::AtSomeSite(ReadBatch)),
    ("/change-password", Needs::SignedIn),
    ("/fault", Needs::Nothing),
    ("/harvests/new", Needs::AtSomeSite(RegisterHarvest)),
    ("/healthz", Needs::Nothing),
    ("/ledgers/GE/export.jsonl", Needs::At(ReadAuditTrail)),
    ("/people", Needs::At(KeepAccounts)),
    ("/people/:id", Needs::At(KeepAccounts)),
    ("/register", Needs::AtSomeSite(ReadBatch)),
    // Who is signed in goes on to the board.
    ("/sign-in", Needs::Nobody),
];

/// The commands.
const COMMANDS: [(&str, Needs); 41] = [
    ("accept-statement", Needs::SignedIn),
    ("add-account", Needs::At(KeepAccounts)),
    ("assess-deviation", Needs::At(CloseDeviation)),
    ("assess-exception", Needs::At(AssessException)),
    ("certify", Needs::At(Certify)),
    ("change-password", Needs::SignedIn),
    ("classify-deviation", Needs::At(CloseDeviation)),
    ("close-deviation", Needs::At(CloseDeviation)),
    ("comment", Needs::At(Comment)),
    ("complete-step", Needs::At(RecordEntry)),
    ("correct-entry", Needs::At(CorrectEntry)),
    ("correct-harvest", Needs::At(CorrectHarvest)),
    ("destroy-dose", Needs::At(GiveDose)),
    ("destroy-unit", Needs::At(DestroyUnit)),
    ("disable-account", Needs::At(KeepAccounts)),
    ("dispatch-dose", Needs::At(GiveDose)),
    ("enable-account", Needs::At(KeepAccounts)),
    ("end-culture", Needs::At(RecordEntry)),
    ("end-role", Needs::At(KeepAccounts)),
    ("enter-result", Needs::At(EnterResult)),
    ("entry-not-applicable", Needs::At(RecordEntry)),
    ("grant-role", Needs::At(KeepAccounts)),
    ("invalidate-result", Needs::At(ReviewResult)),
    ("prepare-dose", Needs::At(GiveDose)),
    ("raise-deviation", Needs::At(RaiseDeviation)),
    ("record-entry", Needs::At(RecordEntry)),
    ("record-infusion", Needs::At(GiveDose)),
    ("register-harvest", Needs::At(RegisterHarvest)),
    ("reject", Needs::At(Reject)),
    ("reset-password", Needs::At(KeepAccounts)),
    ("review-result", Needs::At(ReviewResult)),
    ("sign-in", Needs::Nothing),
    ("sign-out", Needs::Nothing),
    ("sign-out-everywhere", Needs::SignedIn),
    ("sign-review", Needs::At(SignReview)),
    ("step-not-applicable", Needs::At(RecordEntry)),
    ("store-unit", Needs::At(RecordEntry)),
    ("take-sample", Needs::At(TakeSample)),
    ("unlock-account", Needs::At(KeepAccounts)),
    ("verify-entry", Needs::At(VerifyEntry)),
    ("withdraw-certification", Needs::At(WithdrawCertification)),
];

/// What somebody needs for a page or a command.
#[derive(Clone, Copy)]
enum Needs {
    /// Nothing: the listed few (P11-10d).
    Nothing,
    /// Not to be signed in.
    Nobody,
    /// To be signed in.
    SignedIn,
    /// A role that allows it at the site.
    At(Action),
    /// A role that allows it at any site.
    AtSomeSite(Action),
}

impl Needs {
    fn met_by(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Nobody, _) => false,
            (Self::Nothing | Self::SignedIn, _) => true,
            (Self::At(action) | Self::AtSomeSite(action), Some(role)) => may(role, action),
            (Self::At(_), None) => false,
            (Self::AtSomeSite(action), None) => may(Role::Technician, action),
        }
    }
}

/// The batch that everything is asked of: its dose is infused, so that nothing of it can be done any more.
fn path(pattern: &str) -> String {
    let id = if pattern.starts_with("/people") {
        demo::person_id("technician.2").to_string()
    } else {
        demo::batch_id("infused").to_string()
    };
    pattern.replace(":id", &id)
}

/// What came of a request to read, in a word.
fn read_word(pattern: &str, answer: &Answer) -> &'static str {
    match (answer.status.as_u16(), answer.header("location")) {
        (200, _) => "yes",
        (500, _) if pattern == "/fault" => "yes",
        (303, "/") => "board",
        (303, to) if to.starts_with("/sign-in") => "sign-in",
        (303, to) if to.starts_with("/change-password") => "password",
        (303, "/people") => "people",
        (403, _) => "no",
        (404, _) => "none",
        _ => "?",
    }
}

/// What came of a command, in a word.
fn command_word(answer: &Answer) -> &'static str {
    let not_allowed = |text: &str| {
        let refusal = |action: &Action| batch::Refusal::NotAllowed { action: *action }.to_string();
        Action::ALL.iter().any(|action| refusal(action) == text)
    };
    match serde_json::from_str(&answer.text) {
        Ok(Reply::SignIn) => "sign-in",
        Ok(Reply::Done(page)) if page == "/change-password" => "password",
        Ok(Reply::Done(_)) => "yes",
        Ok(Reply::Refused(words)) if words.iter().any(|words| not_allowed(&words.text)) => "no",
        Ok(Reply::Refused(words))
            if words.iter().any(|words| {
                words
                    .text
                    .starts_with("There is no such record, or it is not of your site")
            }) =>
        {
            "none"
        }
        Ok(Reply::Refused(_)) => "yes",
        Ok(Reply::Fault(_)) | Err(_) => "?",
    }
}

/// A form that names a batch and its parts, and says nothing else.
async fn send(client: &Client, endpoint: &str, user_name: &str) -> Answer {
    let batch = demo::batch_id("infused").to_string();
    let user = demo::person_id("technician.2").to_string();
    let command = CommandId(Uuid::new_v5(
        &Uuid::nil(),
        format!("{endpoint} {user_name}").as_bytes(),
    ))
    .to_string();
    let mut form = vec![
        ("batch", batch.as_str()),
        ("site", "GE"),
        ("user", user.as_str()),
        ("command_id", command.as_str()),
        ("form", "walk"),
        ("page", "/"),
        ("step", "receipt"),
        ("field", "room"),
        (
            "seen",
            if endpoint == "verify-entry" {
                r#"{"text":"Clean room 2"}"#
            } else {
                "1"
            },
        ),
    ];
    // Where a signature is asked for, it is given rightly: so it is the right that refuses, and no wrong password counts.
    if !["sign-in", "add-account"].contains(&endpoint) {
        form.extend([("user_name", user_name), ("password", PASSWORD)]);
    }
    client.post(&format!("/api/{endpoint}"), &form).await
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Vec<&'static str>>,
}

impl Table {
    fn note(&mut self, row: &str, word: &'static str) {
        self.rows.entry(row.to_owned()).or_default().push(word);
    }

    fn text(&self) -> String {
        let mut text = format!("{:<36} {:<14} {:<14}", "", "nobody", "new password");
        for (caller, _, _) in CALLERS {
            text.push_str(&format!(" {caller:<13}"));
        }
        for (row, words) in &self.rows {
            text.truncate(text.trim_end().len());
            text.push_str(&format!("\n{row:<36}"));
            for (place, word) in words.iter().enumerate() {
                let width = if place < 2 { 14 } else { 13 };
                text.push_str(&format!(" {word:<width$}"));
            }
        }
        text.truncate(text.trim_end().len());
        text + "\n"
    }
}

/// A person whose password somebody else has set.
async fn new_password(bench: &Bench) -> Client {
    let add = PersonCommand::Add {
        user_name: "technician.9".to_owned(),
        printed_name: "Technician 9".to_owned(),
        identity_check: "made up".to_owned(),
        roles: vec![("GE".to_owned(), Role::Technician)],
    };
    let user = domain::ids::UserId(Uuid::from_u128(9));
    let by = Person::command_line("test");
    let added = bench
        .door
        .add_account(&by, super::bench::command(), user, add, PASSWORD, false)
        .await;
    assert!(matches!(added.unwrap(), store::Answer::Done(_)));
    bench.person("technician.9").await
}

// P11-10d, P11-10g, A11-15: a change of what somebody may see or do is a change of a checked-in table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_and_paper_lets_in_whom_it_should() {
    let bench = Bench::demo().await;
    let mut table = Table::default();
    let mut callers = vec![bench.nobody(), new_password(&bench).await];
    for (_, user_name, _) in CALLERS {
        callers.push(bench.person(user_name).await);
    }
    let before = sizes(&bench).await;
    let mut wrong = Vec::new();
    for (pattern, needs) in READ {
        for (place, client) in callers.iter().enumerate() {
            let word = read_word(pattern, &client.get(&path(pattern)).await);
            table.note(pattern, word);
            let expected = match place {
                0 => matches!(needs, Needs::Nothing | Needs::Nobody),
                1 => matches!(needs, Needs::Nothing) || pattern == "/change-password",
                _ => needs.met_by(CALLERS[place - 2].2),
            };
            if (word == "yes") != expected {
                wrong.push(format!("{pattern} as caller {place}: {word}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    insta::assert_snapshot!("read", table.text());
    // Reading changes nothing.
    assert_eq!(sizes(&bench).await, before);
    bench.end().await;
}

// P11-10d, P11-10g, A11-15
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_lets_in_whom_it_should() {
    let bench = Bench::demo().await;
    let mut table = Table::default();
    let entries = bench
        .records()
        .batch_entries(demo::batch_id("infused"))
        .await
        .unwrap();
    let mut wrong = Vec::new();
    let nobody = bench.nobody();
    let mut new = new_password(&bench).await;
    for (endpoint, needs) in last_those_that_end_the_session() {
        if endpoint.starts_with("sign-out") {
            new = bench.person("technician.9").await;
        }
        let word = command_word(&send(&nobody, endpoint, "nobody").await);
        table.note(endpoint, word);
        let expected = if matches!(needs, Needs::Nothing) {
            "yes"
        } else {
            "sign-in"
        };
        assert_eq!(word, expected, "{endpoint} as nobody");
        let word = command_word(&send(&new, endpoint, "technician.9").await);
        table.note(endpoint, word);
        // P11-200a3
        let own = ["change-password", "sign-out-everywhere"].contains(&endpoint);
        let expected = if own || matches!(needs, Needs::Nothing) {
            "yes"
        } else {
            "password"
        };
        assert_eq!(
            word, expected,
            "{endpoint} with a password that somebody else has set"
        );
    }
    for (_, user_name, role) in CALLERS {
        let mut client = bench.person(user_name).await;
        for (endpoint, needs) in last_those_that_end_the_session() {
            if endpoint.starts_with("sign-out") {
                client = bench.person(user_name).await;
            }
            let word = command_word(&send(&client, endpoint, user_name).await);
            table.note(endpoint, word);
            if (word == "yes") != needs.met_by(role) {
                wrong.push(format!("{endpoint} as {user_name}: {word}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    insta::assert_snapshot!("commands", table.text());
    let after = bench
        .records()
        .batch_entries(demo::batch_id("infused"))
        .await
        .unwrap();
    assert_eq!(after, entries);
    bench.end().await;
}

// P11-10d: a page or a command that is in no table above has no test of its rights.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_served_that_is_not_walked() {
    let bench = Bench::empty(super::bench::Engine::Sqlite).await.unwrap();
    let served: Vec<_> = leptos_axum::generate_route_list(app::shell::App)
        .iter()
        .map(|route| route.path().to_owned())
        .collect();
    assert!(served.len() > 10);
    for route in served {
        let pattern = route.replace('{', ":").replace('}', "");
        assert!(
            READ.iter().any(|(walked, _)| *walked == pattern),
            "page {pattern}"
        );
    }
    let mut endpoints: Vec<_> = server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(
                method,
                axum::http::Method::POST,
                "{path} changes something and is not posted"
            );
            path.trim_start_matches("/api/").to_owned()
        })
        .collect();
    endpoints.sort();
    let walked: Vec<_> = COMMANDS
        .iter()
        .map(|(endpoint, _)| (*endpoint).to_owned())
        .collect();
    assert_eq!(endpoints, walked);
    bench.end().await;
}

fn last_those_that_end_the_session() -> impl Iterator<Item = (&'static str, Needs)> {
    let mut commands = COMMANDS;
    commands.sort_by_key(|(endpoint, _)| endpoint.starts_with("sign-out"));
    commands.into_iter()
}

async fn sizes(bench: &Bench) -> Vec<(String, u64)> {
    let heads = bench.records().store().heads().await.unwrap();
    heads
        .into_iter()
        .map(|head| (head.ledger.to_string(), head.size))
        .collect()
}
