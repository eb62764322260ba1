//! The search box: what it finds, for whom, and what it says where it finds nothing.

use super::bench::{Answer, Bench, Client};
use crate::demo;
use domain::identifiers::DonationNumber;

/// The demonstration's infused batch of site GE.
const NUMBER: &str = "GE-2025-0001";
const DIN: &str = "A999925000007";

async fn find(client: &Client, text: &str) -> Answer {
    let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    client.get(&format!("/search?q={query}")).await
}

/// Where the answer leads to.
async fn leads_to(client: &Client, text: &str) -> String {
    let answer = find(client, text).await;
    assert_eq!(answer.status.as_u16(), 303, "{text}: {}", answer.text);
    answer.header("location").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_thing_that_is_meant_opens_at_once() {
    let bench = Bench::demo().await;
    let client = bench.person("qa.1").await;
    let id = demo::batch_id("infused");
    let page = format!("/batches/{id}");
    let batch = bench.records().batch(id).await.unwrap().unwrap();
    let DonationNumber::Isbt128(din) = &batch.harvest.din else {
        panic!("the demonstration's donations have DINs");
    };
    let (check, flag) = (din.check_character(), din.flag());
    for text in [
        NUMBER.to_owned(),
        "ge 2025 0001".to_owned(),
        "ＧＥ－２０２５－０００１".to_owned(),
        DIN.to_owned(),
        format!("={DIN}{flag}"),
        format!("={DIN}00"),
        format!("={}{flag}", DIN.to_lowercase()),
        format!("]C0={DIN}{flag}\r"),
        format!("A9999 25 000007 {check}"),
        batch.harvest.subject.to_lowercase(),
        batch.harvest.coi.clone().unwrap().to_string(),
    ] {
        assert_eq!(leads_to(&client, &text).await, page, "{text}");
    }
    let sample = &batch.samples[0];
    let unit = &batch.units[0];
    let dose = &batch.doses[0];
    for (text, place) in [
        (&sample.code, format!("{page}/quality#sample-{}", sample.id)),
        (&unit.code, format!("{page}/release#unit-{}", unit.id)),
        (&dose.code, format!("{page}/release#dose-{}", dose.id)),
        (
            &format!("{NUMBER}-C1"),
            format!("{page}/release#signatures"),
        ),
    ] {
        assert_eq!(leads_to(&client, text).await, place, "{text}");
    }
    let held = bench
        .records()
        .batch(demo::batch_id("blocked"))
        .await
        .unwrap()
        .unwrap();
    let deviation = &held.deviations[0];
    assert_eq!(
        leads_to(&client, &deviation.number).await,
        format!("/batches/{}/deviations#deviation-{}", held.id, deviation.id)
    );
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_beginning_of_a_number_gives_a_list_with_kind_state_and_site() {
    let bench = Bench::demo().await;
    // Of both sites.
    let client = bench.person("qc.1").await;
    let text = find(&client, "ge-2025").await.text;
    for wanted in [
        NUMBER,
        "GE-2025-0002",
        "Infused",
        "Released",
        "Unit",
        "Batch",
        ">GE<",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!text.contains("BA-2026-0001"));
    let text = find(&client, "BA-2").await.text;
    assert!(
        text.contains("BA-2026-0001") && text.contains(">BA<"),
        "{text}"
    );
    bench.end().await;
}

// P11-10g: what another site has is as if it weren't there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_of_another_site_is_not_found() {
    let bench = Bench::demo().await;
    let elsewhere = bench.person("technician.3").await;
    for text in [
        NUMBER,
        DIN,
        "GE-2025",
        "GE-2025-0001-U01",
        &format!("={DIN}00"),
    ] {
        let there = find(&elsewhere, text).await;
        assert_eq!(there.status.as_u16(), 200, "{text}");
        let never = "ZZ-9999-9999";
        let none = find(&elsewhere, never).await;
        let main_of = |answer: &Answer, typed: &str| {
            let text = answer.text.replace(typed, "TYPED");
            let (_, main) = text.split_once("<main").unwrap();
            let (main, _) = main.split_once("</main>").unwrap();
            main.to_owned()
        };
        assert_eq!(main_of(&there, text), main_of(&none, never));
    }
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_looked_for_is_said_and_stays_in_the_box() {
    let bench = Bench::demo().await;
    let client = bench.person("qa.1").await;
    for (text, words) in [
        ("", "Scan or type what you look for"),
        ("---", "at least one letter or digit"),
        (
            "A9999 25 000007 *",
            "The check character of A999925000007 is not *",
        ),
        ("=A99992500000799", "is no flag"),
        ("=<S1234V00", "This is a product code scan"),
        (
            "nothing-like-it",
            "Nothing at your sites is called “nothing-like-it”",
        ),
        ("GE-2025-1", "leading zeros do"),
        (
            "</title><b>",
            "Nothing at your sites is called “&lt;/title&gt;&lt;b&gt;”",
        ),
    ] {
        let answer = find(&client, text).await;
        assert_eq!(answer.status.as_u16(), 200, "{text}");
        let page = answer.text;
        assert!(page.contains(words), "{text}: {page}");
        assert!(!page.contains("<b>"), "{text}");
    }
    let long = "7".repeat(201);
    let page = find(&client, &long).await.text;
    assert!(page.contains("This has 201 characters"), "{page}");
    bench.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_a_reader_has_the_box_and_no_other_has() {
    let bench = Bench::demo().await;
    let client = bench.person("qa.1").await;
    let id = demo::batch_id("infused");
    let has = |answer: Answer| answer.text.contains("action=\"/search\"");
    for page in ["/", "/register", "/about", "/account", "/search"] {
        assert!(has(client.get(page).await), "{page}");
    }
    for tab in ["", "/quality", "/deviations", "/release", "/audit"] {
        let page = format!("/batches/{id}{tab}");
        assert!(has(client.get(&page).await), "{page}");
    }
    assert!(!has(bench.nobody().get("/sign-in").await));
    let administrator = bench.person("administrator.1").await;
    assert!(!has(administrator.get("/people").await));
    assert_eq!(find(&administrator, NUMBER).await.status.as_u16(), 403);
    bench.end().await;
}
