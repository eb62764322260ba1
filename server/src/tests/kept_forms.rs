//! What was typed comes back with the words of the refusal, to a browser without script too.

use super::bench::{Answer, Bench};
use axum::{
    body::Body,
    http::{Request, header},
};

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
