//! Signing: the password again each time, over what was shown and nothing else.

use super::bench::{Bench, Client, command};
use crate::demo::{self, PASSWORD};
use app::{door::Whence, reply::Reply};
use domain::{
    batch::{BatchEvent, Recorded},
    ledger::{Entry, Event, Hash, LedgerName, StreamName},
};
use std::{collections::BTreeMap, convert::Infallible};
use store::{Decided, Executed, Request};

/// A form of a signature over a batch of the demonstration.
#[derive(Clone)]
struct Panel {
    endpoint: &'static str,
    fields: BTreeMap<&'static str, String>,
}

impl Panel {
    fn of(endpoint: &'static str, batch: &str, seen: usize, signer: &str) -> Self {
        let fields = [
            ("batch", demo::batch_id(batch).to_string()),
            ("seen", seen.to_string()),
            ("user_name", signer.to_owned()),
            ("password", PASSWORD.to_owned()),
            ("command_id", command().to_string()),
        ];
        Self {
            endpoint,
            fields: fields.into(),
        }
    }

    fn with(&self, field: &'static str, value: impl ToString) -> Self {
        let mut panel = self.clone();
        panel.fields.insert(field, value.to_string());
        panel
    }

    /// Sends it: `Ok` where it was taken, else the words.
    async fn sent_by(&self, client: &Client) -> Result<String, String> {
        match self.answer_to(client).await {
            Reply::Done(page) => Ok(page),
            Reply::Refused(words) => Err(words[0].text.clone()),
            other => panic!("{other:?}"),
        }
    }

    async fn answer_to(&self, client: &Client) -> Reply {
        let form: Vec<_> = self
            .fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let answer = client.post(&format!("/api/{}", self.endpoint), &form).await;
        serde_json::from_str(&answer.text).unwrap()
    }
}

async fn entries(bench: &Bench, batch: &str) -> Vec<Entry> {
    let entries = bench.records().batch_entries(demo::batch_id(batch)).await;
    entries.unwrap()
}

// An empty password is told with what else is wrong, and no password is looked at beside another field that is wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_wrong_with_a_form_that_is_signed_is_told_at_once() {
    let bench = Bench::demo().await;
    let (qa, qp) = (bench.person("qa.1").await, bench.person("qp.1").await);
    let seen = entries(&bench, "waiting").await.len();
    let long = "x".repeat(4001);
    let review = Panel::of("sign-review", "waiting", seen, "qa.1");
    let reject = Panel::of("reject", "waiting", seen, "qp.1").with("reasons", "Lost");
    for (client, panel, fields) in [
        (
            &qa,
            review.with("user_name", "").with("password", ""),
            &["user_name", "password"][..],
        ),
        (
            &qa,
            review.with("user_name", "qp.1").with("password", ""),
            &["user_name", "password"],
        ),
        (
            &qp,
            reject
                .with("reasons", "")
                .with("user_name", "qa.1")
                .with("password", ""),
            &["reasons", "user_name", "password"],
        ),
        (
            &qp,
            reject.with("reasons", &long).with("password", ""),
            &["reasons", "password"],
        ),
        (
            &qp,
            reject.with("reasons", &long).with("password", "a guess"),
            &["reasons"],
        ),
        (&qp, reject.with("password", "a guess"), &["password"]),
    ] {
        let Reply::Refused(words) = panel.answer_to(client).await else {
            panic!("{:?}", panel.fields)
        };
        let at: Vec<_> = words.into_iter().filter_map(|words| words.field).collect();
        assert_eq!(at, fields, "{:?}", panel.fields);
    }
    bench.end().await;
}

// P11-200a1: a session is not a signature, and each signature is one of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_signature_is_made_with_its_own_password_over_what_was_shown() {
    let bench = Bench::demo().await;
    let (qa, qp) = (bench.person("qa.1").await, bench.person("qp.1").await);
    let technician = bench.person("technician.1").await;
    let before = entries(&bench, "waiting").await;
    let seen = before.len();
    let review = Panel::of("sign-review", "waiting", seen, "qa.1");
    for (wrong, words) in [
        (review.with("password", ""), "Password is empty"),
        (review.with("password", "a guess"), "is not right"),
        (
            review.with("user_name", "qp.1"),
            "You are signed in as qa.1",
        ),
        (review.with("user_name", ""), "User name is empty"),
        // P11-70: the page is older than the record, or claims to be younger than it.
        (review.with("seen", seen - 1), "has changed"),
        (review.with("seen", seen + 1), "has changed"),
        (review.with("seen", "99999999999999999999"), "incomplete"),
        (review.with("seen", "-1"), "incomplete"),
    ] {
        let said = wrong.sent_by(&qa).await.unwrap_err();
        assert!(said.contains(words), "{:?}: {said}", wrong.fields);
    }
    // Somebody whose role doesn't sign it, in the own session or with the words of another.
    assert!(review.sent_by(&technician).await.is_err());
    assert!(
        review
            .with("user_name", "technician.1")
            .sent_by(&technician)
            .await
            .is_err()
    );
    assert_eq!(entries(&bench, "waiting").await, before);

    // What else a form claims of the signature is not heeded.
    let forged = review
        .with("name", "Somebody else")
        .with("role", "qualified-person")
        .with("meaning", "certified")
        .with("at", "2020-01-01T00:00:00Z")
        .with("signed", r#"{"version":1,"digest":"00"}"#)
        .with("digest", "00");
    forged.sent_by(&qa).await.unwrap();
    let after = entries(&bench, "waiting").await;
    assert_eq!(after.len(), seen + 1);
    let signed: serde_json::Value = serde_json::from_str(after[seen].payload.as_str()).unwrap();
    assert_eq!(signed["signature"]["name"], "QA reviewer 1");
    assert_eq!(signed["signature"]["role"], "qa-reviewer");
    assert_eq!(signed["signature"]["meaning"], "reviewed");
    assert_eq!(signed["signed"]["version"], seen);
    assert_ne!(signed["signed"]["digest"], "00");

    // Replayed it is the same signature; with a wrong password it is none at all.
    forged.sent_by(&qa).await.unwrap();
    assert!(
        forged
            .with("password", "a guess")
            .sent_by(&qa)
            .await
            .is_err()
    );
    // By somebody else, or on another record, it is another command under the same id.
    assert!(forged.with("user_name", "qp.1").sent_by(&qp).await.is_err());
    let elsewhere = forged.with("batch", demo::batch_id("blocked"));
    assert!(
        elsewhere
            .sent_by(&qa)
            .await
            .unwrap_err()
            .contains("already sent with other content")
    );
    assert_eq!(entries(&bench, "waiting").await, after);

    // The next signature asks again, and is refused over a page from before the last entry.
    let certify = Panel::of("certify", "waiting", seen, "qp.1");
    assert!(
        certify
            .sent_by(&qp)
            .await
            .unwrap_err()
            .contains("has changed")
    );
    let certify = certify.with("seen", seen + 1);
    assert!(certify.with("password", "").sent_by(&qp).await.is_err());
    certify.sent_by(&qp).await.unwrap();
    assert_eq!(entries(&bench, "waiting").await.len(), seen + 2);
    let genoa = LedgerName::parse("GE").unwrap();
    let store = bench.records().store();
    assert!(store.verify(&genoa).await.unwrap().is_clean());

    // P11-70: the same signature copied to another record, by a program that can write to the ledger, is named.
    let event = Recorded::from_entry(&after[seen]).unwrap().event;
    let transplant = Request {
        ledger: genoa.clone(),
        stream: StreamName::batch(demo::batch_id("blocked")),
        command_id: command(),
        content_hash: Hash::of(b"transplanted"),
        actor: after[seen].actor.clone(),
        origin: after[seen].origin.clone(),
        expected_version: None,
        known: None,
        lookups: Vec::new(),
        in_doubt: store::InDoubt::Refuse,
    };
    let events = vec![Event::of(&event, BatchEvent::VERSION).unwrap()];
    let decided = Decided {
        events,
        ..Decided::default()
    };
    let ran = store.execute(&transplant, |_| Ok::<_, Infallible>(decided.clone()));
    assert!(matches!(ran.await.unwrap(), Executed::Done(_)));
    let last = entries(&bench, "blocked").await.pop().unwrap();
    let found = format!("{:?}", store.verify(&genoa).await.unwrap().found);
    assert!(found.contains(&last.position.to_string()), "{found}");
    bench.end().await;
}

// P11-300d: a lock is told to those who look after the account, and to nobody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_account_is_told_to_the_administrator_and_to_qa_of_its_site() {
    let bench = Bench::demo().await;
    let told = async |user_name: &str, page: &str| {
        let text = bench.person(user_name).await.get(page).await.text;
        text.contains("Locked after wrong passwords")
            && text.contains("Technician 2 (technician.2)")
    };
    let who = [
        ("administrator.1", "/people", true),
        ("qa.1", "/", true),
        // QA of the other site, and who looks after nobody.
        ("qa.2", "/", false),
        ("technician.1", "/", false),
        ("inspector.1", "/", false),
    ];
    for (user_name, page, _) in who {
        assert!(!told(user_name, page).await, "{user_name}, before");
    }
    for _ in 0..app::door::WRONG_PASSWORDS_ALLOWED {
        let signed_in = bench
            .door
            .sign_in("technician.2", "a guess", None, Whence::default())
            .await;
        assert!(signed_in.unwrap().is_err());
    }
    for (user_name, page, expected) in who {
        assert_eq!(told(user_name, page).await, expected, "{user_name}");
    }
    bench.end().await;
}
