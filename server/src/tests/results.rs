//! A result that was typed wrong, from the form to the ledger: both values stay, and nobody turns a verdict alone.

use super::bench::{Bench, Client, command};
use crate::demo::{self, PASSWORD};
use app::reply::Reply;
use chrono::NaiveDate;
use domain::{
    batch::{Batch, Test},
    ids::SampleId,
    people::PersonCommand,
    release::{Outcome, ResultValue},
    specification::ResultKind,
};
use rust_decimal::Decimal;
use store::Person;

const BATCH: &str = "waiting";

async fn batch(bench: &Bench) -> Batch {
    let id = demo::batch_id(BATCH);
    bench.records().batch(id).await.unwrap().unwrap()
}

/// A test with a number that passes, by which a batch could be certified.
async fn a_number(bench: &Bench) -> (SampleId, String, String) {
    let batch = batch(bench).await;
    let verdict = batch.verdict();
    let tests = batch.samples.iter().flat_map(|sample| {
        let of = |test| (sample.id, test);
        sample.tests.iter().map(of)
    });
    for (sample, test) in tests {
        let test: &Test = test;
        let criterion = batch.documents.specification.criterion(&test.criterion);
        let number = criterion
            .is_some_and(|one| matches!(one.result, ResultKind::Number { .. }) && !one.informative);
        let passes = verdict
            .criterion(&test.criterion)
            .is_some_and(|one| one.outcome == Outcome::Pass);
        if let (true, true, Some(standing)) = (number, passes, test.standing())
            && matches!(standing.value, ResultValue::Number(_))
            && fails(&batch, sample, test, standing.tested_on)
        {
            return (sample, test.criterion.clone(), standing.value.to_string());
        }
    }
    panic!("no number of {BATCH} passes");
}

/// Whether none at all would be a failure of this test.
fn fails(batch: &Batch, sample: SampleId, test: &Test, on: NaiveDate) -> bool {
    let none = ResultValue::Number(Decimal::ZERO);
    batch.outcome_of(sample, &test.criterion, &none, on) == Some(Outcome::Fail)
}

async fn ask(client: &Client, endpoint: &str, fields: &[(&str, &str)]) -> Reply {
    let (batch, command) = (demo::batch_id(BATCH).to_string(), command().to_string());
    let mut form = vec![
        ("batch", batch.as_str()),
        ("command_id", &command),
        ("form", "test"),
        ("page", "/"),
    ];
    form.extend(fields);
    let answer = client.post(&format!("/api/{endpoint}"), &form).await;
    serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("{}", answer.text))
}

fn done(reply: &Reply) {
    assert!(matches!(reply, Reply::Done(_)), "{reply:?}");
}

fn fields(reply: &Reply) -> Vec<String> {
    match reply {
        Reply::Refused(words) => words
            .iter()
            .map(|one| one.field.clone().unwrap_or_default())
            .collect(),
        other => panic!("{other:?}"),
    }
}

// A11-6, A11-9, P11-200a1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_that_turns_a_verdict_needs_the_second_analyst_at_that_moment() {
    let bench = Bench::demo().await;
    let (sample, criterion, right) = a_number(&bench).await;
    let (one, two) = (bench.person("qc.1").await, bench.person("qc.2").await);
    let today = batch(&bench)
        .await
        .zone()
        .day(bench.records().now())
        .to_string();
    let sample = sample.to_string();
    let about = [
        ("sample", sample.as_str()),
        ("criterion", criterion.as_str()),
        ("tested_on", today.as_str()),
    ];
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        let mut fields = about.to_vec();
        fields.extend(more);
        fields
    };
    // Reviewed already: a second analyst finds the typing error, with the raw data.
    let found = |raw_data| {
        with(&[
            ("result", "1"),
            ("reason", "transcription-error"),
            ("evidence", "the printout has another figure"),
            ("raw_data", raw_data),
        ])
    };
    assert_eq!(
        fields(&ask(&two, "invalidate-result", &found("")).await),
        ["raw_data"]
    );
    done(&ask(&two, "invalidate-result", &found("FC-12, page 3")).await);
    let wrong = with(&[("value", "0"), ("sign", "")]);
    done(&ask(&one, "enter-result", &wrong).await);
    // The reviewer returns it; its analyst corrects it.
    done(
        &ask(
            &two,
            "return-result",
            &with(&[("result", "2"), ("reason", "not what is printed")]),
        )
        .await,
    );
    let correct = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        let mut fields = with(&[("result", "2"), ("sign", "")]);
        fields.push(("value", right.as_str()));
        fields.extend(more);
        fields
    };
    let reply = ask(&one, "correct-result", &correct(&[("reason", "")])).await;
    assert_eq!(
        fields(&reply),
        ["reason", "raw_data", "user_name", "password"],
        "all at once"
    );
    let reason = ("reason", "digits left out");
    let raw_data = ("raw_data", "FC-12, page 3");
    let password = ("password", PASSWORD);
    for (user_name, password, at) in [
        ("", password, "user_name"),
        ("qc.1", password, "user_name"),
        ("qa.1", password, "user_name"),
    ] {
        let named = [reason, raw_data, ("user_name", user_name), password];
        let reply = ask(&one, "correct-result", &correct(&named)).await;
        assert_eq!(fields(&reply), [at], "{user_name}: {reply:?}");
    }
    let second = [reason, raw_data, ("user_name", "qc.2"), password];
    let wrong_password = [
        reason,
        raw_data,
        ("user_name", "qc.2"),
        ("password", "not that one"),
    ];
    let reply = ask(&one, "correct-result", &correct(&wrong_password)).await;
    assert!(matches!(reply, Reply::Refused(_)), "{reply:?}");
    done(&ask(&one, "correct-result", &correct(&second)).await);
    let after = batch(&bench).await;
    let tests = &after.sample(sample.parse().unwrap()).unwrap().tests;
    let test = tests
        .iter()
        .find(|test| test.criterion == criterion)
        .unwrap();
    let standing = test.standing().unwrap();
    assert_eq!(standing.value.to_string(), right);
    assert_eq!(standing.first().to_string(), "0");
    let change = standing.corrections[0].verdict.clone().unwrap();
    assert_eq!(
        (
            change.before.as_str(),
            change.after.as_str(),
            change.second.user_name.as_str()
        ),
        ("fail", "pass", "qc.2")
    );
    // Each page that decides shows both values.
    for tab in ["quality", "release"] {
        let page = one.get(&format!("/batches/{}/{tab}", after.id)).await;
        assert!(page.text.contains("<del"), "{tab}");
    }
    bench.end().await;
}

// A1: what a second person may is asked in the transaction, not only when the password is checked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_analyst_whose_account_is_disabled_confirms_nothing() {
    let bench = Bench::demo().await;
    let (sample, criterion, right) = a_number(&bench).await;
    let records = bench.records();
    let one = bench.person("qc.1").await;
    let two = bench.person("qc.2").await;
    let person = |client: &Client| {
        let token = client.token.clone().unwrap();
        let door = bench.door.clone();
        async move { door.authenticate(&token).await.unwrap().unwrap().person }
    };
    let (first, second) = (person(&one).await, person(&two).await);
    let id = demo::batch_id(BATCH);
    let today = batch(&bench).await.zone().day(records.now());
    let on = async |by: &Person, what| {
        let what = BatchCommand::Quality(what);
        let done = records.on_batch(by, command(), id, what, store::Signing::No);
        done.await.unwrap()
    };
    use domain::batch::{
        BatchCommand, InvalidationReason,
        QualityCommand::{CorrectResult, EnterResult, InvalidateResult},
        Second,
    };
    let invalidate = InvalidateResult {
        sample,
        criterion: criterion.clone(),
        result: 1,
        reason: InvalidationReason::TranscriptionError,
        evidence: "printout".to_owned(),
        raw_data: "FC-12".to_owned(),
    };
    assert!(matches!(
        on(&second, invalidate).await,
        store::Answer::Done(_)
    ));
    let enter = EnterResult {
        sample,
        criterion: criterion.clone(),
        value: ResultValue::Number(Decimal::ZERO),
        tested_on: today,
    };
    assert!(matches!(on(&first, enter).await, store::Answer::Done(_)));
    let correct = CorrectResult {
        sample,
        criterion,
        result: 2,
        value: ResultValue::Number(right.parse().unwrap()),
        tested_on: today,
        reason: "digits left out".to_owned(),
        raw_data: "FC-12".to_owned(),
        second: Some(Second {
            user: second.user.unwrap(),
            user_name: second.user_name.clone(),
            name: second.name.clone(),
            roles: second.roles_at("GE"),
        }),
    };
    // The password was right, and the account was disabled before the correction was recorded.
    let disabled = records
        .on_person(
            &Person::command_line("test"),
            command(),
            second.user.unwrap(),
            PersonCommand::Disable {
                reason: "left".to_owned(),
            },
            None,
        )
        .await
        .unwrap();
    assert!(matches!(disabled, store::Answer::Done(_)), "{disabled:?}");
    let refused = on(&first, correct).await;
    assert!(
        matches!(&refused, store::Answer::Refused(words) if words[0].text.contains("may not review results")),
        "{refused:?}"
    );
    bench.end().await;
}
