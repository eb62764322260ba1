//! The clock of the server over HTTP: what everybody is told while it is in doubt, what is refused, how two people end it.

use super::bench::{Bench, Client, command};
use crate::demo::{self, PASSWORD};
use app::{door::Whence, reply::Reply};
use chrono::TimeDelta;
use domain::{batch::Progress, clock::ClockState, ledger::LedgerName, time::Timestamp};

const NOT_CONFIRMED: &str = "clock is not confirmed";

async fn post(client: &Client, path: &str, more: &[(&str, &str)]) -> Result<(), String> {
    let command = command().to_string();
    let mut form = vec![
        ("command_id", command.as_str()),
        ("form", "test"),
        ("page", "/"),
    ];
    form.extend(more);
    let answer = client.post(path, &form).await;
    match serde_json::from_str(&answer.text) {
        Ok(Reply::Done(_)) => Ok(()),
        _ => Err(answer.text),
    }
}

/// Somebody reads a time elsewhere and confirms the clock.
async fn confirm(bench: &Bench, who: &str, read: Timestamp) -> Result<(), String> {
    let client = bench.person(who).await;
    let read = read.utc().format("%Y-%m-%dT%H:%MZ").to_string();
    let read = read.replace('Z', "+00:00");
    let more = [
        ("read", read.as_str()),
        ("source", "radio clock"),
        ("user_name", who),
        ("password", PASSWORD),
    ];
    post(&client, "/api/confirm-clock", &more).await
}

// A11-8, ATMP-9: a clock that was set back lets nothing leave, whatever it says of a shelf life.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_set_back_stops_the_record_until_two_people_have_confirmed_it() {
    let bench = Bench::demo().await;
    let noon = bench.records().now();
    let back = noon.plus(-TimeDelta::days(2));
    bench.clock.set(back);
    // Signing in works, and the page says what is wrong.
    let pharmacist = bench.person("pharmacist.1").await;
    let path = format!("/batches/{}/release", demo::batch_id("certified"));
    let page = pharmacist.get(&path).await.text;
    assert!(
        page.contains("Clock not confirmed") && page.contains("/clock"),
        "{page}"
    );
    let batch = bench
        .records()
        .batch(demo::batch_id("infused"))
        .await
        .unwrap()
        .unwrap();
    let (id, dose) = (batch.id.to_string(), batch.doses[0].id.to_string());
    let din = batch.harvest.din.to_string();
    let check = batch.harvest.din.check_character();
    let check = check.map(String::from).unwrap_or_default();
    let dispatch = [
        ("batch", id.as_str()),
        ("dose", dose.as_str()),
        ("subject", batch.harvest.subject.as_str()),
        ("din", din.as_str()),
        ("check", check.as_str()),
        ("destination", "Ward 3"),
    ];
    let refused = post(&pharmacist, "/api/dispatch-dose", &dispatch)
        .await
        .unwrap_err();
    assert!(refused.contains(NOT_CONFIRMED), "{refused}");
    let technician = bench.person("technician.1").await;
    let comment = [("batch", id.as_str()), ("text", "a word")];
    let refused = post(&technician, "/api/comment", &comment)
        .await
        .unwrap_err();
    assert!(refused.contains(NOT_CONFIRMED), "{refused}");
    // Who may not confirm it can't; who reads another time is told; one person is not two.
    assert!(confirm(&bench, "technician.1", back).await.is_err());
    let refused = confirm(&bench, "qa.1", noon).await.unwrap_err();
    assert!(
        refused.contains("they differ by more than 2 minutes"),
        "{refused}"
    );
    confirm(&bench, "qa.1", back).await.unwrap();
    let refused = confirm(&bench, "qa.1", back).await.unwrap_err();
    assert!(refused.contains("A second person"), "{refused}");
    let page = bench
        .person("administrator.1")
        .await
        .get("/clock")
        .await
        .text;
    assert!(
        page.contains("A second person has to read the time elsewhere"),
        "{page}"
    );
    confirm(&bench, "qp.1", back).await.unwrap();
    // The work goes on, and what was recorded meanwhile says so.
    let page = technician.get("/").await.text;
    assert!(!page.contains("Clock not confirmed"), "{page}");
    post(&technician, "/api/comment", &comment).await.unwrap();
    let store = bench.records().store();
    let org = store.entries(&LedgerName::org(), 0, 10_000).await.unwrap();
    let flagged = |entry: &&domain::ledger::Entry| entry.origin.clock == ClockState::NotConfirmed;
    assert!(
        org.iter()
            .filter(flagged)
            .any(|entry| entry.kind == "signed-in")
    );
    assert!(org.iter().any(|entry| entry.kind == "clock-corrected"));
    for ledger in ["org", "GE", "BA"] {
        let ledger = LedgerName::parse(ledger).unwrap();
        let findings = store.verify(&ledger).await.unwrap();
        assert!(findings.is_clean(), "{findings}");
    }
    bench.end().await;
}

// A11-8: what a culture needed meanwhile is flagged where QA reviews it and where an inspector reads who did what.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_made_while_the_clock_was_in_doubt_is_flagged_on_the_release_page_and_in_the_trail()
 {
    const EXCEPTION: &str = "clock was not confirmed: its time of recording may be wrong";
    const FLAG: &str = "clock not confirmed";
    let bench = Bench::demo().await;
    let noon = bench.records().now();
    let id = demo::batch_id("expanding");
    // Signed in each time: a session of before is over once the clock was set back.
    let pages = async || {
        let reviewer = bench.person("qa.1").await;
        let release = reviewer.get(&format!("/batches/{id}/release")).await.text;
        let audit = reviewer.get(&format!("/batches/{id}/audit")).await.text;
        (release, audit)
    };
    let (release, audit) = pages().await;
    assert!(!release.contains(EXCEPTION), "{release}");
    assert!(
        !audit.contains(EXCEPTION) && !audit.contains(FLAG),
        "{audit}"
    );
    let batch = bench.records().batch(id).await.unwrap().unwrap();
    let at = batch
        .plan()
        .into_iter()
        .find(|planned| planned.step.key == "observe" && planned.progress == Progress::Open)
        .unwrap()
        .at;
    bench.clock.set(noon.plus(-TimeDelta::days(2)));
    let (batch, step) = (id.to_string(), at.to_string());
    let performed_at = noon.utc().format("%Y-%m-%dT%H:%M+00:00").to_string();
    let observed = [
        ("batch", batch.as_str()),
        ("step", step.as_str()),
        ("field", "confluence"),
        ("value", "60"),
        ("performed_at", performed_at.as_str()),
    ];
    let technician = bench.person("technician.1").await;
    post(&technician, "/api/record-entry", &observed)
        .await
        .unwrap();
    confirm(&bench, "qa.1", noon.plus(-TimeDelta::days(2)))
        .await
        .unwrap();
    confirm(&bench, "qp.1", noon.plus(-TimeDelta::days(2)))
        .await
        .unwrap();
    // It stays flagged after the clock was confirmed.
    let (release, audit) = pages().await;
    assert!(release.contains(EXCEPTION), "{release}");
    assert!(audit.contains(EXCEPTION) && audit.contains(FLAG), "{audit}");
    bench.end().await;
}

// What is wrong with any field of the form is told together; the password is looked at last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_is_wrong_with_a_reading_is_told_at_once() {
    let bench = Bench::demo().await;
    bench
        .clock
        .set(bench.records().now().plus(-TimeDelta::days(2)));
    let client = bench.person("qa.1").await;
    for (read, source, user_name, password, fields) in [
        (
            "",
            "",
            "",
            "",
            &["read", "source", "user_name", "password"][..],
        ),
        (
            "soon",
            "radio clock",
            "qp.1",
            "",
            &["read", "user_name", "password"],
        ),
        // Two days after what the server shows.
        (
            "2026-03-05 13:00",
            "",
            "qa.1",
            "",
            &["source", "read", "password"],
        ),
        (
            "2026-03-05 13:00",
            "radio clock",
            "qa.1",
            "a guess",
            &["read"],
        ),
    ] {
        let more = [
            ("read", read),
            ("source", source),
            ("user_name", user_name),
            ("password", password),
        ];
        let answer = post(&client, "/api/confirm-clock", &more)
            .await
            .unwrap_err();
        let Ok(Reply::Refused(words)) = serde_json::from_str(&answer) else {
            panic!("{answer}")
        };
        let at: Vec<_> = words.into_iter().filter_map(|words| words.field).collect();
        assert_eq!(at, fields, "{answer}");
    }
    bench.end().await;
}

// A session that was used at a time that has not come yet is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_from_the_future_is_over() {
    let bench = Bench::demo().await;
    let signed_in = bench
        .door
        .sign_in("technician.1", PASSWORD, None, Whence::default())
        .await
        .unwrap();
    let token = signed_in.unwrap().token;
    bench.clock.forward(-TimeDelta::seconds(10));
    assert!(
        bench.door.authenticate(&token).await.unwrap().is_some(),
        "servers differ by seconds"
    );
    bench.clock.forward(-TimeDelta::seconds(1));
    assert!(bench.door.authenticate(&token).await.unwrap().is_none());
    bench.clock.forward(TimeDelta::minutes(1));
    assert!(
        bench.door.authenticate(&token).await.unwrap().is_none(),
        "it stays over"
    );
    bench.end().await;
}
