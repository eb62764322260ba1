//! What was typed comes back with the words of the refusal, to a browser without script too.

use super::bench::{Answer, Bench, Client, command};
use crate::demo;
use app::{door::Whence, reply::Reply};
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

/// A comment as the page of a person sends it.
fn comment<'a>(
    batch: &'a str,
    id: &'a str,
    person: &'a str,
    text: &'a str,
) -> [(&'a str, &'a str); 6] {
    [
        ("batch", batch),
        ("command_id", id),
        ("form", "comment"),
        ("page", "/register"),
        ("person", person),
        ("text", text),
    ]
}

async fn sign_in(browser: &mut Browser<'_>, user_name: &str, to: &str, kept: &str) -> String {
    let form = [
        ("user_name", user_name),
        ("password", demo::PASSWORD),
        ("to", to),
        ("kept", kept),
    ];
    browser.post("sign-in", &form).await
}

// F, I: what one person typed at a tablet is never shown to the next.
#[tokio::test]
async fn a_form_goes_back_to_its_own_person_alone() {
    let bench = Bench::demo().await;
    let mut tablet = Browser {
        bench: &bench,
        cookies: Vec::new(),
    };
    let batch = demo::batch_id("expanding").to_string();
    let id = command().to_string();
    let first = demo::person_id("technician.1").to_string();
    let typed = comment(&batch, &id, &first, "meant for the first alone");
    sign_in(&mut tablet, "technician.1", "", "").await;
    // The session ends while it is typed: by sign-out in another tab, or by inactivity.
    tablet.post("sign-out", &[]).await;
    let to = tablet.post("comment", &typed).await;
    assert!(
        to.starts_with("/sign-in?to=") && to.contains("&kept="),
        "{to}"
    );
    let shown = tablet.get(&to).await.text;
    let (onward, kept) = (hidden(&shown, "to"), hidden(&shown, "kept"));
    for (user_name, sees) in [
        ("technician.2", false),
        ("qa.1", false),
        ("technician.1", true),
    ] {
        let page = sign_in(&mut tablet, user_name, &onward, &kept).await;
        let shown = tablet.get(&page).await;
        assert_eq!(
            shown.text.contains("meant for the first"),
            sees,
            "{user_name} {page}"
        );
        tablet.post("sign-out", &[]).await;
    }
    // Another browser of the same person has no part in it either.
    let mut other = Browser {
        bench: &bench,
        cookies: Vec::new(),
    };
    let page = sign_in(&mut other, "technician.1", &onward, &kept).await;
    assert!(!other.get(&page).await.text.contains("meant for the first"));
    bench.end().await;
}

// A page that is still open from the person before is theirs, also where somebody else sends its form.
#[tokio::test]
async fn a_form_of_another_persons_page_is_kept_for_that_person() {
    let bench = Bench::demo().await;
    let mut tablet = Browser {
        bench: &bench,
        cookies: Vec::new(),
    };
    let batch = demo::batch_id("expanding").to_string();
    let first = demo::person_id("technician.1").to_string();
    sign_in(&mut tablet, "technician.1", "", "").await;
    tablet.post("sign-out", &[]).await;
    sign_in(&mut tablet, "technician.2", "", "").await;
    let id = command().to_string();
    for text in ["meant for the first alone", ""] {
        // Also where something else is wrong with it.
        let typed = comment(&batch, &id, &first, text);
        let to = tablet.post("comment", &typed).await;
        let shown = tablet.get(&to).await.text;
        assert!(shown.contains("while another person was signed in"), "{to}");
        assert!(!shown.contains("meant for the first"), "{to}");
    }
    bench.end().await;
}

/// The bytes of the record's own file with its log, and those of the file of forms.
fn sizes(bench: &Bench) -> (u64, u64) {
    let (mut record, mut forms) = (0, 0);
    for entry in std::fs::read_dir(bench.folder()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if !name.contains(".db") {
            continue;
        }
        let size = entry.metadata().unwrap().len();
        *(if name.contains(".forms") {
            &mut forms
        } else {
            &mut record
        }) += size;
    }
    assert!(record > 0);
    (record, forms)
}

// F: what nobody signed in can make grow is nothing.
#[tokio::test]
async fn a_flood_of_forms_from_strangers_is_kept_nowhere() {
    let bench = Bench::demo().await;
    let mut before = None;
    let batch = demo::batch_id("expanding").to_string();
    let person = demo::person_id("technician.1").to_string();
    let filler = "x".repeat(18_000);
    for number in 0..200 {
        let id = command().to_string();
        let mut form = comment(&batch, &id, &person, &filler).to_vec();
        form.extend([("more", filler.as_str()), ("and", filler.as_str())]);
        let nobody = bench.nobody();
        let endpoint = ["/api/comment", "/api/register-harvest", "/api/sign-in"][number % 3];
        let answer = nobody.post_as(endpoint, &form, "text/html").await;
        assert!(!answer.status.is_server_error(), "{}", answer.text);
        // A mark of one's own making is no session.
        let request = Request::post(endpoint)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("autolog-form={}", "a".repeat(64)))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&form)
            .finish();
        nobody.send(request.body(Body::from(body)).unwrap()).await;
        // The first that claims to be known opens what it is looked up in.
        before = before.or(Some(sizes(&bench)));
    }
    let (record, forms) = sizes(&bench);
    assert_eq!(Some((record, forms)), before);
    assert!(forms < 100_000, "{forms}");
    bench.end().await;
}

// F: nor does a person who is signed in fill the disk.
#[tokio::test]
async fn a_flood_of_forms_from_one_person_has_an_end() {
    let bench = Bench::demo().await;
    let mut tablet = Browser {
        bench: &bench,
        cookies: Vec::new(),
    };
    sign_in(&mut tablet, "technician.1", "", "").await;
    let person = demo::person_id("technician.1").to_string();
    let batch = demo::batch_id("expanding").to_string();
    let filler = "x".repeat(19_000);
    let (record, _) = sizes(&bench);
    for _ in 0..100 {
        let id = command().to_string();
        let mut form = comment(&batch, &id, &person, " ").to_vec();
        form.extend([("more", filler.as_str()), ("and", filler.as_str())]);
        tablet.post("comment", &form).await;
        tablet.post("save-draft", &form).await;
    }
    let (still, forms) = sizes(&bench);
    assert_eq!(still, record);
    let most = store::bounds::OF_A_PERSON as u64 * store::bounds::BYTES_OF_A_FORM as u64;
    assert!(forms <= most + 200_000, "{forms}");
    bench.end().await;
}

// I: what is typed and not sent survives a change of page, of browser and of session, for its person alone.
#[tokio::test]
async fn a_draft_is_restored_for_its_person_until_it_is_sent() {
    let bench = Bench::demo().await;
    let client = bench.person("technician.1").await;
    let batch = demo::batch_id("expanding").to_string();
    let page = format!("/batches/{batch}");
    let shown = client.get(&page).await.text;
    let (person, form) = (hidden(&shown, "person"), "comment");
    assert!(shown.contains("value=\"comment\""), "the page has the form");
    let id = command().to_string();
    let typed = [
        ("batch", batch.as_str()),
        ("command_id", id.as_str()),
        ("form", form),
        ("page", page.as_str()),
        ("person", person.as_str()),
        ("text", "typed and not sent"),
        ("user_name", "second.person"),
        ("password", "of a second person"),
    ];
    let kept = client.post("/api/save-draft", &typed).await;
    assert_eq!(
        serde_json::from_str::<Reply>(&kept.text).unwrap(),
        Reply::Done(String::new())
    );
    // In a new session, at another browser, on another tab of the batch and back.
    let again = bench.person("technician.1").await;
    let shown = again.get(&format!("{page}?open=all")).await.text;
    assert!(
        shown.contains("typed and not sent") && shown.contains(&id),
        "the same command"
    );
    for secret in ["second.person", "of a second person"] {
        assert!(!shown.contains(secret));
    }
    let other = bench.person("technician.2").await;
    assert!(!other.get(&page).await.text.contains("typed and not sent"));
    // Nobody keeps a draft under another's name.
    let anothers = other.post("/api/save-draft", &typed).await;
    assert!(matches!(
        serde_json::from_str::<Reply>(&anothers.text).unwrap(),
        Reply::Refused(_)
    ));
    // Sent, it is gone.
    let sent = again.post("/api/comment", &typed).await;
    assert!(sent.text.contains("done"), "{}", sent.text);
    let shown = again.get(&page).await.text;
    assert!(!shown.contains(&id), "no draft is left");
    bench.end().await;
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
            Whence::default(),
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
        let (first, second) = (command().to_string(), command().to_string());
        let short = [
            ("command_id", first.as_str()),
            ("form", "change-password"),
            ("page", way.as_str()),
            ("password", old),
            ("new_password", "short"),
            ("to", &page),
            ("kept", &kept),
        ];
        let refused = browser.post("change-password", &short).await;
        let shown = browser.get(&refused).await.text;
        assert!(shown.contains("it needs at least 12"), "{refused}: {shown}");
        assert_eq!(hidden(&shown, "kept"), kept);
        let change = [
            ("command_id", second.as_str()),
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
