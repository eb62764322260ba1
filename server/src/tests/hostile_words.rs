//! A whole record in which everything that people can write is an attack: it stays text on every page and in every paper.

mod words;

use super::{
    bench::{Bench, Engine, command, noon},
    rights::routes::{plain, routes},
};
use crate::{
    command::{SiteOpening, open_site},
    demo::{self, EVERYONE},
};
use app::door::Whence;
use domain::{
    master_record::BM_MSC as MASTER_RECORD, people::PersonCommand,
    specification::BM_MSC as SPECIFICATION,
};
use store::{Answer, Person};
use words::{nasty, nasty_act, nasty_line};

fn done(answer: Answer, what: &str) {
    assert!(matches!(answer, Answer::Done(_)), "{what}: {answer:?}");
}

/// The demonstration, said by hostile people of hostile sites.
async fn filled() -> Bench {
    let bench = Bench::empty(Engine::Sqlite).await.unwrap();
    bench.clock.set(noon().plus(-chrono::TimeDelta::days(150)));
    let by = Person {
        name: nasty(),
        ..Person::command_line("test")
    };
    let begun = bench.records().begin_demonstration(&by, command()).await;
    done(begun.unwrap(), "the beginning");
    for mut site in demo::sites().unwrap() {
        (site.name, site.address) = (nasty_line(), nasty_line());
        let opening = SiteOpening {
            site,
            master_record: MASTER_RECORD.to_owned(),
            specification: SPECIFICATION.to_owned(),
        };
        done(
            open_site(&bench.opened, &by, opening).await.unwrap(),
            "site",
        );
    }
    for one in &EVERYONE {
        let user = demo::person_id(one.user_name);
        let roles = one
            .roles
            .iter()
            .map(|(site, role)| ((*site).to_owned(), *role))
            .collect();
        let add = PersonCommand::Add {
            user_name: one.user_name.to_owned(),
            // Nobody prints like somebody else.
            printed_name: format!("{} {}", nasty_line(), one.user_name),
            identity_check: nasty(),
            roles,
            own_password: true,
        };
        let added = bench
            .door
            .add_account(&by, command(), user, add, demo::PASSWORD, Whence::default())
            .await;
        done(added.unwrap(), one.user_name);
        let person = demo::signed_in(one.user_name).unwrap();
        done(
            bench
                .door
                .accept_statement(&person, command())
                .await
                .unwrap(),
            one.user_name,
        );
    }
    let leaver = demo::person_id("qa.2");
    let reason = nasty;
    for what in [
        PersonCommand::Disable { reason: reason() },
        PersonCommand::Enable { reason: reason() },
        PersonCommand::End {
            site: "BA".to_owned(),
            role: domain::rights::Role::QaReviewer,
            reason: reason(),
        },
    ] {
        done(
            bench
                .door
                .on_account(&by, command(), leaver, what)
                .await
                .unwrap(),
            "qa.2",
        );
    }
    for (number, mut turn) in demo::turns(noon()).unwrap().into_iter().enumerate() {
        bench.clock.set(turn.at);
        turn.act = nasty_act(turn.act);
        let person = Person {
            name: nasty(),
            ..demo::signed_in(turn.by).unwrap()
        };
        demo::play(bench.records(), number, &turn, &person)
            .await
            .unwrap();
    }
    bench.clock.set(noon());
    bench
}

/// Nothing of it is an element or an attribute of its own.
fn inert(address: &str, text: &str) {
    for alive in [
        "<script>alert",
        "<img src=x",
        "</textarea></title>",
        "onerror=alert(1)>",
    ] {
        assert!(!text.contains(alive), "{address}: {alive}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_people_write_stays_words_on_every_page_and_in_every_paper() {
    let bench = filled().await;
    let mut shown = 0;
    for user_name in [
        "qa.1",
        "technician.1",
        "qc.1",
        "pharmacist.1",
        "inspector.1",
        "administrator.1",
    ] {
        let client = bench.person(user_name).await;
        for address in addresses(&bench) {
            let answer = client.get(&address).await;
            assert!(
                answer.status.as_u16() < 500,
                "{address} as {user_name}: {}",
                answer.text
            );
            let kind = answer.header("content-type").to_owned();
            if kind.starts_with("text/html") {
                inert(&address, &answer.text);
                shown += answer.text.matches("&lt;script&gt;alert").count();
            } else if kind.starts_with("text/csv") {
                no_formula(&address, &answer.text);
            } else if kind == "application/json" {
                let copy: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
                assert!(
                    copy["entries"]
                        .to_string()
                        .contains("</script><script>alert"),
                    "{address}"
                );
            } else if kind == "application/pdf" {
                nothing_to_run(&address, &answer.text);
            }
        }
    }
    // It was there to be seen.
    assert!(shown > 1000, "{shown}");
    bench.end().await;
}

fn addresses(bench: &Bench) -> Vec<String> {
    let mut addresses = Vec::new();
    for route in routes(&bench.router) {
        let route = plain(&route);
        if route.starts_with("/api/") || route == "/fault" {
            continue;
        }
        if route.contains("{site}") {
            addresses.push(route.replace("{site}", "GE"));
        } else if route.starts_with("/people/") {
            for user_name in ["qa.2", "technician.1"] {
                addresses.push(route.replace("{id}", &demo::person_id(user_name).to_string()));
            }
        } else if route.contains("{id}") {
            for batch in [
                "infused",
                "certified",
                "blocked",
                "waiting",
                "expanding",
                "registered",
            ] {
                addresses.push(route.replace("{id}", &demo::batch_id(batch).to_string()));
            }
        } else {
            addresses.push(route.to_owned());
        }
    }
    addresses.dedup();
    addresses
}

/// No cell begins a formula, whether a comma or a semicolon ends it.
fn no_formula(address: &str, text: &str) {
    let mut cells = 0;
    for separator in [b',', b';', b'\t'] {
        // Spreadsheets that split at another sign than the file was written with don't heed its quotes.
        let quoting = separator == b',';
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .quoting(quoting)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        for record in reader.records() {
            for cell in record.unwrap().iter() {
                cells += 1;
                let cell = cell.trim_start();
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{address}: {cell}");
            }
        }
    }
    assert!(cells > 100, "{address}");
}

/// A certificate is drawn; nothing in it runs, opens or leads anywhere.
fn nothing_to_run(address: &str, text: &str) {
    for alive in [
        "/JavaScript",
        "/JS",
        "/OpenAction",
        "/AA",
        "/Launch",
        "/URI",
        "/EmbeddedFile",
        "/AcroForm",
    ] {
        let at = text
            .find(&format!("{alive} "))
            .or_else(|| text.find(&format!("{alive}(")));
        assert!(at.is_none(), "{address}: {alive}");
    }
}
