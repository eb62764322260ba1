//! Every page, paper and command, asked for as each role and as nobody: rights as a table, and against the domain's own
//! table of rights. What there is to ask for is taken from the router that serves it.

mod commands;
mod reading;
pub mod routes;

use super::bench::{Bench, Client};
use crate::demo::{self, PASSWORD};
use app::door::Whence;
use domain::{
    people::PersonCommand,
    rights::{Action, Role},
};
use std::collections::BTreeMap;
use store::Person;
use uuid::Uuid;

/// Who asks: the name of the column, and the account of the demonstration.
const CALLERS: [(&str, &str); 9] = [
    ("collector", "collector.1"),
    ("technician", "technician.1"),
    // Of both sites, as the inspector is.
    ("qc-analyst", "qc.1"),
    ("qa-reviewer", "qa.1"),
    ("qualified-p", "qp.1"),
    ("pharmacist", "pharmacist.1"),
    ("inspector", "inspector.1"),
    ("administrator", "administrator.1"),
    // A technician of the other site.
    ("elsewhere", "technician.3"),
];

/// What somebody needs for a page or a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Nothing: the listed few (P11-10d).
    Nothing,
    /// Not to be signed in.
    Nobody,
    /// To be signed in.
    SignedIn,
    /// To be signed in, also with a password that somebody else set.
    SignedInAnyhow,
    /// A role that allows it at the site of the batch.
    OfBatch(Action),
    /// A role that allows it at the site that is named.
    OfSite(Action),
    /// A role that allows it in the organisation.
    InOrganisation(Action),
    /// A role that allows it at any site.
    AtSomeSite(Action),
}

/// What of there is: an object of one's own site, of another, of none.
#[derive(Debug, Clone)]
struct Object {
    /// Its name in the table.
    name: &'static str,
    /// Its site; `None` where there is no such thing.
    site: Option<&'static str>,
}

impl Needs {
    /// The word that has to stand in the table for a person who is signed in, asking for something of `object`.
    fn word(self, person: &Person, object: &Object) -> &'static str {
        let word = |may: bool| if may { "yes" } else { "no" };
        match self {
            Self::Nobody => "board",
            Self::Nothing | Self::SignedIn | Self::SignedInAnyhow => "yes",
            Self::OfBatch(action) => match object.site {
                Some(site) if person.may(site, Action::ReadBatch) => word(person.may(site, action)),
                // One of another site is answered as if it were not there.
                _ => "none",
            },
            Self::OfSite(action) => word(object.site.is_some_and(|site| person.may(site, action))),
            Self::InOrganisation(action) if person.may("org", action) => match object.site {
                Some(_) => "yes",
                None => "none",
            },
            Self::InOrganisation(_) => "no",
            Self::AtSomeSite(action) => word(!person.sites_where(action).is_empty()),
        }
    }

    /// The word for nobody.
    fn word_for_nobody(self) -> &'static str {
        match self {
            Self::Nothing | Self::Nobody => "yes",
            _ => "sign-in",
        }
    }

    /// The word for somebody whose password somebody else set (P11-200a3).
    fn word_for_new_password(self) -> &'static str {
        match self {
            Self::Nobody => "board",
            Self::Nothing | Self::SignedInAnyhow => "yes",
            _ => "password",
        }
    }
}

#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Vec<&'static str>>,
    wrong: Vec<String>,
}

impl Table {
    /// Notes what came of a request, and whether it is what has to come of it.
    fn note(&mut self, row: &str, caller: &str, word: &'static str, expected: &'static str) {
        self.rows.entry(row.to_owned()).or_default().push(word);
        if word != expected {
            self.wrong
                .push(format!("{row} as {caller}: {word}, not {expected}"));
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{:<44} {:<9} {:<13}", "", "nobody", "new password");
        for (caller, _) in CALLERS {
            text.push_str(&format!(" {caller:<13}"));
        }
        for (row, words) in &self.rows {
            text.truncate(text.trim_end().len());
            text.push_str(&format!("\n{row:<44}"));
            for (place, word) in words.iter().enumerate() {
                let width = if place == 0 { 9 } else { 13 };
                text.push_str(&format!(" {word:<width$}"));
            }
        }
        text.truncate(text.trim_end().len());
        text + "\n"
    }
}

/// One of the demonstration's people as the record sees them.
fn person(user_name: &str) -> Person {
    demo::signed_in(user_name).unwrap()
}

/// A person whose password somebody else has set.
async fn new_password(bench: &Bench) -> Client {
    let add = PersonCommand::Add {
        user_name: "technician.9".to_owned(),
        printed_name: "Technician 9".to_owned(),
        identity_check: "made up".to_owned(),
        roles: vec![("GE".to_owned(), Role::Technician)],
        own_password: false,
    };
    let user = domain::ids::UserId(Uuid::from_u128(9));
    let by = Person::command_line("test");
    let added = bench
        .door
        .add_account(
            &by,
            super::bench::command(),
            user,
            add,
            PASSWORD,
            Whence::default(),
        )
        .await;
    assert!(matches!(added.unwrap(), store::Answer::Done(_)));
    bench.person("technician.9").await
}

async fn sizes(bench: &Bench) -> Vec<(String, u64)> {
    let heads = bench.records().store().heads().await.unwrap();
    heads
        .into_iter()
        .map(|head| (head.ledger.to_string(), head.size))
        .collect()
}
