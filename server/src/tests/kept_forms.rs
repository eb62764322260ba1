//! What was typed comes back with the words of the refusal, to a browser without script too.

use super::bench::{Answer, Bench, Client, command};
use crate::demo;
use app::reply::Reply;
use axum::{
    body::Body,
    http::{Request, header},
};
use store::Person;

/// A password that somebody else set.
const GIVEN: &str = "given by somebody else";

/// The page that a refused form leads a browser without script to.
async fn shown_again(bench: &Bench, refused: &Answer) -> String {
    let (mark, _) = refused.header("set-cookie").split_once(';').unwrap();
    let page = Request::get(refused.header("location"))
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, mark)
        .body(Body::empty());
    bench.nobody().send(page.unwrap()).await.text
}

// WEB-NOJS
#[tokio::test]
async fn a_refused_sign_in_says_why_also_while_a_form_of_another_page_waits() {
    let bench = Bench::demo().await;
    for (page, waiting) in [
        ("/sign-in", ""),
        ("/sign-in?to=%2Fabout&kept=waiting", "waiting"),
    ] {
        let form = [
            ("form", "sign-in"),
            ("page", page),
            ("kept", waiting),
            ("user_name", "qp.1"),
            ("password", "not the right one"),
        ];
        let nobody = bench.nobody();
        let refused = nobody.post_as("/api/sign-in", &form, "text/html").await;
        let again = shown_again(&bench, &refused).await;
        assert!(again.contains("is not right"), "{again}");
        assert!(again.contains("value=\"qp.1\""), "{again}");
        assert_eq!(again.contains("value=\"waiting\""), !waiting.is_empty());
        assert!(!again.contains("You were signed out"), "{again}");
    }
    bench.end().await;
}

/// A browser without script: its session and the mark of its kept forms.
struct Browser<'a> {
    bench: &'a Bench,
    cookies: Vec<(String, String)>,
}

impl Browser<'_> {
    async fn ask(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        let answer = self
            .bench
            .nobody()
            .send(request.body(Body::from(body)).unwrap())
            .await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(kept, _)| kept != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    async fn get(&mut self, page: &str) -> Answer {
        self.ask(Request::get(page.split('#').next().unwrap()), String::new())
            .await
    }

    /// Sends a plain form; gives the page that it leads to.
    async fn post(&mut self, endpoint: &str, form: &[(&str, &str)]) -> String {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let answer = self
            .ask(Request::post(format!("/api/{endpoint}")), body)
            .await;
        answer.header("location").to_owned()
    }
}

/// The value of a hidden field of a page.
fn hidden(page: &str, name: &str) -> String {
    let field = page
        .split("<input")
        .find(|field| field.contains(&format!("name=\"{name}\"")))
        .unwrap();
    let value = field
        .split("value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    value.unwrap_or_default().to_owned()
}

// P11-200a3, WEB-NOJS: nothing that was typed is lost, and nothing is called done that wasn't recorded.
#[tokio::test]
async fn a_form_waits_while_the_password_is_changed() {
    let bench = Bench::demo().await;
    let mut browser = Browser {
        bench: &bench,
        cookies: Vec::new(),
    };
    browser
        .post(
            "sign-in",
            &[("user_name", "technician.1"), ("password", demo::PASSWORD)],
        )
        .await;
    let reset = bench
        .door
        .reset_password(
            &Person::command_line("test"),
            command(),
            demo::person_id("technician.1"),
            GIVEN,
        )
        .await;
    assert!(matches!(reset.unwrap(), store::Answer::Done(_)));

    let batch = demo::batch_id("expanding").to_string();
    let entries = async || {
        bench
            .records()
            .batch_entries(demo::batch_id("expanding"))
            .await
            .unwrap()
            .len()
    };
    let before = entries().await;
    let page = format!("/batches/{batch}?open=all");
    let id = command().to_string();
    let typed = [
        ("batch", batch.as_str()),
        ("command_id", &id),
        ("form", "comment"),
        ("page", &page),
        ("text", "typed before"),
    ];
    // The reset ended the session, so the form waits behind the sign-in, and then behind the new password.
    let to = browser.post("comment", &typed).await;
    assert!(to.starts_with("/sign-in?to="), "{to}");
    let shown = browser.get(&to).await.text;
    let (onward, kept) = (hidden(&shown, "to"), hidden(&shown, "kept"));
    let sign_in = [
        ("user_name", "technician.1"),
        ("password", GIVEN),
        ("to", &onward),
        ("kept", &kept),
    ];
    let to = browser.post("sign-in", &sign_in).await;
    assert!(to.starts_with("/change-password?to="), "{to}");

    // A command sent now is not done, for a script either; and its form waits too.
    let script = Client {
        token: Some(
            browser
                .cookies
                .iter()
                .find(|(name, _)| name == "autolog")
                .unwrap()
                .1
                .clone(),
        ),
        ..bench.nobody()
    };
    let answer = script.post("/api/comment", &typed).await;
    assert_eq!(
        serde_json::from_str::<Reply>(&answer.text).unwrap(),
        Reply::PasswordFirst
    );
    let again = browser.post("comment", &typed).await;
    assert!(
        again.starts_with("/change-password?to=") && again.contains("&kept="),
        "{again}"
    );
    assert_eq!(entries().await, before);
    // So is a page that is asked for.
    let page_first = browser.get("/register?site=GE").await;
    assert_eq!(
        page_first.header("location"),
        "/change-password?to=%2Fregister%3Fsite%3DGE"
    );

    // It is one command, so one form waits for both ways.
    let passwords = [
        (GIVEN, "chosen by the person"),
        ("chosen by the person", "and another one of theirs"),
    ];
    for (way, (old, own)) in [again, to].into_iter().zip(passwords) {
        let shown = browser.get(&way).await.text;
        let (onward, kept) = (hidden(&shown, "to"), hidden(&shown, "kept"));
        assert_eq!(onward.replace("&amp;", "&"), page);
        // A new password that is refused loses neither.
        let short = [
            ("form", "change-password"),
            ("page", way.as_str()),
            ("password", old),
            ("new_password", "short"),
            ("to", &page),
            ("kept", &kept),
        ];
        let refused = browser.post("change-password", &short).await;
        let shown = browser.get(&refused).await.text;
        assert!(shown.contains("it needs at least 12"), "{refused}");
        assert_eq!(hidden(&shown, "kept"), kept);
        let change = [
            ("password", old),
            ("new_password", own),
            ("repeated_password", own),
            ("to", &page),
            ("kept", &kept),
        ];
        let back = browser.post("change-password", &change).await;
        assert_eq!(back, format!("{page}&kept={kept}#refused"));
        let shown = browser.get(&back).await.text;
        assert!(shown.contains("typed before"), "{back}");
        assert!(shown.contains("had to be changed first"), "{back}");
        assert!(shown.contains(&id), "the same command");
    }
    assert_eq!(entries().await, before);
    let to = browser.post("comment", &typed).await;
    assert!(to.starts_with("/batches/"), "{to}");
    assert_eq!(entries().await, before + 1);
    bench.end().await;
}
