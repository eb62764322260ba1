//! Pages, papers and files.

use super::{
    super::bench::{Answer, Bench, Client},
    CALLERS, Needs, Object, Table, new_password, person,
    routes::{needs, plain, routes},
    sizes,
};
use crate::demo;

/// What came of a request to read, in a word.
fn word(route: &str, answer: &Answer) -> &'static str {
    match (answer.status.as_u16(), answer.header("location")) {
        (200, _) => "yes",
        (500, _) if route == "/fault" => "yes",
        (303, "/") => "board",
        (303, to) if to.starts_with("/sign-in") => "sign-in",
        (303, to) if to.starts_with("/change-password") => "password",
        (303, "/people") => "people",
        (403, _) => "no",
        (404, _) => "none",
        _ => "?",
    }
}

/// The addresses of a route: of an object of one's own site, of another site's, of none.
fn addresses(route: &str) -> Vec<(Object, String)> {
    let object = |name, site| Object { name, site };
    let batch = |name: &str| demo::batch_id(name).to_string();
    let nothing = "00000000-0000-4000-8000-000000000000".to_owned();
    let filled = if route.starts_with("/people/{") {
        vec![
            (
                object("an account", Some("org")),
                demo::person_id("technician.2").to_string(),
            ),
            (object("no account", None), nothing),
            (object("no id", None), "..%2f".to_owned()),
        ]
    } else if route.contains("{site}") {
        vec![
            (object("GE", Some("GE")), "GE".to_owned()),
            (object("BA", Some("BA")), "BA".to_owned()),
            (object("org", None), "org".to_owned()),
            (object("none", None), "XX".to_owned()),
        ]
    } else if route.contains("{id}") {
        vec![
            (object("GE", Some("GE")), batch("infused")),
            (object("BA", Some("BA")), batch("overdue")),
            (object("none", None), nothing),
            (object("no id", None), "..%2f".to_owned()),
        ]
    } else {
        return vec![(object("", Some("GE")), route.to_owned())];
    };
    filled
        .into_iter()
        .map(|(object, id)| (object, route.replace("{id}", &id).replace("{site}", &id)))
        .collect()
}

/// The word that has to be there where the rights alone don't say it.
fn expected(needs: Needs, route: &str, object: &Object, user_name: &str) -> &'static str {
    match (route, object.site, needs.word(&person(user_name), object)) {
        // Who keeps accounts has no board.
        ("/", _, "no") => "people",
        // There is no print of that name; who opens one that is there is told by `prints`.
        ("/batches/{id}/prints/{place}", _, "yes" | "no") => "none",
        (_, _, word) => word,
    }
}

// P11-10d, P11-10g, A11-15: a change of what somebody may see is a change of a checked-in table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_and_paper_lets_in_whom_it_should() {
    let bench = Bench::demo().await;
    let mut table = Table::default();
    let (nobody, new) = (bench.nobody(), new_password(&bench).await);
    let mut callers: Vec<(&str, Client)> = Vec::new();
    for (_, user_name) in CALLERS {
        callers.push((user_name, bench.person(user_name).await));
    }
    let before = sizes(&bench).await;
    for route in routes(&bench.router) {
        if route.starts_with("/api/") {
            continue;
        }
        let needs = needs(&route);
        for (object, address) in addresses(&route) {
            let row = format!("{route} {}", object.name);
            let row = row.trim_end();
            let route = plain(&route);
            let found = word(route, &nobody.get(&address).await);
            table.note(row, "nobody", found, needs.word_for_nobody());
            let found = word(route, &new.get(&address).await);
            table.note(row, "new password", found, needs.word_for_new_password());
            for (user_name, client) in &callers {
                let found = word(route, &client.get(&address).await);
                let expected = expected(needs, route, &object, user_name);
                table.note(row, user_name, found, expected);
            }
        }
    }
    // What is no route: a file of the browser's side is for everyone, and everything else isn't there.
    for (address, expected) in [
        ("/pkg/autolog.css", "yes"),
        ("/pkg/none.css", "none"),
        ("/pkg/", "none"),
        ("/nowhere", "none"),
        ("/api/nothing", "none"),
        ("/.git/config", "none"),
    ] {
        let others = callers
            .iter()
            .map(|(user_name, client)| (*user_name, client));
        for (caller, client) in [("nobody", &nobody), ("new password", &new)]
            .into_iter()
            .chain(others)
        {
            let found = word(address, &client.get(address).await);
            table.note(address, caller, found, expected);
        }
    }
    assert_eq!(table.wrong, Vec::<String>::new());
    insta::assert_snapshot!("read", table.text());
    // Reading changes nothing.
    assert_eq!(sizes(&bench).await, before);
    bench.end().await;
}
