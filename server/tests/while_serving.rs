//! Commands given on the machine while the real program serves: it goes on with what they made, without a restart.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "accidents/lab.rs"]
#[expect(dead_code, reason = "shared with the accidents")]
mod lab;
#[path = "accidents/web.rs"]
#[expect(dead_code, reason = "shared with the accidents")]
mod web;

use chrono::{DateTime, TimeDelta};
use lab::{Lab, Postgres, Server};
use std::cell::Cell;

const PASSWORD: &str = "glass heron under 44 lamps";

fn done(lab: &Lab, arguments: &[&str]) {
    let (code, said) = lab.run_with(arguments, &format!("{PASSWORD}\n"));
    assert_eq!(code, Some(0), "{arguments:?}: {said}");
}

fn add_person(lab: &Lab, user_name: &str, role: &[&str]) {
    let add = ["user", "add", user_name, "--name", user_name];
    let how = [
        "--identity-check",
        "Identity card, seen by the head of QA",
        "--own-password",
        "--password-stdin",
    ];
    done(lab, &[&add[..], &how, role].concat());
}

/// Somebody who is signed in.
struct Client<'s> {
    server: &'s Server,
    cookie: String,
    sent: Cell<u32>,
}

impl<'s> Client<'s> {
    fn new(server: &'s Server, user_name: &str) -> Self {
        let form = format!(
            "user_name={user_name}&password={}",
            PASSWORD.replace(' ', "+")
        );
        Self {
            server,
            cookie: lab::sign_in(&server.address, &form),
            sent: Cell::new(0),
        }
    }

    /// Sends a command that has to be taken; where it leads to.
    fn sends(&self, command: &str, fields: &[(&str, &str)]) -> String {
        self.sent.set(self.sent.get() + 1);
        let id = format!("00000000-0000-4000-8000-{:012}", self.sent.get());
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("command_id", id.as_str()), ("form", "none"), ("page", "/")])
            .extend_pairs(fields)
            .finish();
        let path = format!("/api/{command}");
        let answer = lab::send(&self.server.address, &self.cookie, &path, &form);
        let (_, to) = answer
            .split_once(r#"{"done":""#)
            .unwrap_or_else(|| panic!("{command}: {answer}"));
        to.split('"').next().unwrap().to_owned()
    }

    fn page(&self, path: &str) -> String {
        web::get(&self.server.address, &self.cookie, path)
    }
}

fn a_site_is_added(lab: &Lab) {
    add_person(lab, "anna.rossi", &["--administrator"]);
    let server = lab.serve();
    let facility = ["--facility", "A9999", "--time-zone", "Europe/Rome"];
    let site = [
        "site",
        "add",
        "NF",
        "--name",
        "New lab",
        "--address",
        "Pier 1, Genoa",
    ];
    done(lab, &[&site[..], &facility].concat());
    for person in ["technician.one", "technician.two"] {
        add_person(lab, person, &["--role", "NF:technician"]);
    }
    let technician = Client::new(&server, "technician.one");
    let now = DateTime::parse_from_str(&lab::now(), "%Y-%m-%dT%H:%M%:z").unwrap();
    let day = |before: i64| {
        (now - TimeDelta::days(before))
            .format("%Y-%m-%d")
            .to_string()
    };
    let collected = (now - TimeDelta::hours(2)).format("%Y-%m-%dT%H:%M+00:00");
    let page = technician.sends(
        "register-harvest",
        &[
            ("site", "NF"),
            ("subject", "NF-001"),
            ("din", "=A99991712345600"),
            ("identity_confirmed", "yes"),
            ("collected_at", &collected.to_string()),
            ("collected_by", "Collector on duty"),
            ("volume_ml", "42"),
            ("anticoagulant", "Heparin"),
            ("consent", "yes"),
            ("consent_version", "ICF 3.0"),
            ("consented_on", &day(9)),
            ("weight_kg", "79.9"),
            ("weighed_on", &day(1)),
        ],
    );
    let batch = page.trim_start_matches("/batches/").to_owned();
    let verified = |step: &str, field: &str| {
        let of = [("batch", batch.as_str()), ("step", step), ("field", field)];
        technician.sends("record-entry", &[&of[..], &[("value", "yes")]].concat());
        let second = [
            ("seen", r#"{"yes-no":true}"#),
            ("user_name", "technician.two"),
            ("password", PASSWORD),
        ];
        technician.sends("verify-entry", &[&of[..], &second].concat());
    };
    verified("receipt", "identity-match");
    holds(&technician.page(&page));

    // The keys of the site and of the organisation are replaced meanwhile.
    for ledger in ["NF", "org"] {
        done(
            lab,
            &["key", "rotate", "--ledger", ledger, "--reason", "Yearly"],
        );
    }
    let change = [
        "site",
        "change",
        "NF",
        "--name",
        "Newer lab",
        "--reason",
        "As printed",
    ];
    done(lab, &change);
    add_person(lab, "qa.one", &["--role", "NF:qa-reviewer"]);
    technician.sends(
        "comment",
        &[("batch", &batch), ("text", "After the new key")],
    );
    holds(&technician.page(&page));
    holds(&Client::new(&server, "qa.one").page(&page));
    server.end();
    done(lab, &["verify"]);
}

fn holds(page: &str) {
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for words in ["outside Autolog", "does not count", "does not hold"] {
        assert!(!page.contains(words), "{words}: {page}");
    }
}

#[test]
fn a_site_added_and_keys_rotated_while_it_serves_need_no_restart_on_sqlite() {
    a_site_is_added(&Lab::of_today());
}

#[test]
fn a_site_added_and_keys_rotated_while_it_serves_need_no_restart_on_postgresql() {
    if let Some(postgres) = Postgres::make() {
        let mut lab = Lab::of_today();
        lab.on(&postgres);
        a_site_is_added(&lab);
    }
}
