//! What stands between the network and the pages: headers, limits, the same-origin check, and the papers to download.

pub mod address;
mod answer;
mod body;
pub mod connections;
mod download;
mod headers;
mod pace;
pub mod public_url;
mod same_origin;
mod seldom;
pub mod site;
pub mod work;

use address::Proxies;
use app::desk::{AppState, Notices};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use leptos::{
    config::{Env, LeptosOptions},
    context::provide_context,
};
use leptos_axum::{LeptosRoutes as _, file_and_error_handler_with_context, generate_route_list};
use public_url::PublicUrls;
use seldom::Seldom;
use site::Site;
use std::{sync::Arc, time::Duration};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, trace::TraceLayer};
use work::Work;

/// Nobody waits longer for an answer.
const LONGEST: Duration = Duration::from_secs(30);

/// How the pages are served.
#[derive(Clone)]
pub struct Serving {
    /// What the browser loads.
    pub site: Site,
    /// Under which addresses browsers know the program.
    pub public: PublicUrls,
    /// The proxies in front that name the browser's address in `X-Forwarded-For`.
    pub proxies: Proxies,
    /// What is at work.
    pub work: Work,
}

/// Everything that is served.
pub fn router(state: &AppState, serving: &Serving) -> Router {
    let options = LeptosOptions::builder()
        .output_name("autolog")
        .site_root(site::NO_FOLDER)
        .site_pkg_dir("pkg")
        .env(Env::PROD)
        .build();
    let routes = generate_route_list(app::shell::App);
    let context = {
        let state = state.clone();
        let notices = Notices(serving.site.has(site::NOTICES));
        move || {
            provide_context(notices);
            provide_context(state.clone());
            headers::policy_of_page();
        }
    };
    let pages = Router::new()
        .leptos_routes_with_context(&options, routes, context.clone(), app::shell::shell)
        // What has no page has none to read, and takes nothing either.
        .fallback(get(
            file_and_error_handler_with_context::<LeptosOptions, _>(context, |_| {
                app::shell::shell()
            }),
        ))
        .with_state(options);
    let papers = Router::new()
        .route("/healthz", get(health))
        .route("/board.csv", get(download::board_as_csv))
        .route("/batches/{id}/prints/{place}", get(download::print))
        .route("/ledgers/{site}/export.jsonl", get(download::ledger))
        .with_state(state.clone());
    let (public, proxies) = (serving.public.clone(), Arc::clone(&serving.proxies));
    papers
        .merge(pages)
        .layer(from_fn_with_state(serving.site.clone(), site::serve))
        .layer(from_fn_with_state(serving.work.clone(), work::to_its_end))
        .layer(from_fn_with_state(proxies, address::name))
        .layer(from_fn(body::take_in))
        .layer(from_fn(body::check_address))
        .layer(from_fn_with_state(public.clone(), same_origin::check))
        .layer(from_fn_with_state(public.clone(), public_url::check))
        .layer(from_fn(in_time))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(from_fn_with_state(public.is_secure(), headers::add))
        .layer(TraceLayer::new_for_http().make_span_with(span))
}

static NO_ANSWER: Seldom = Seldom::new();

/// Whether the server and its database answer.
async fn health(State(state): State<AppState>) -> Response {
    match state.records.store().ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(fault) => {
            // Anybody can ask, as often as they like.
            NO_ANSWER.tell(|more| {
                tracing::error!(error = %fault, more, "the database doesn't answer");
            });
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database doesn't answer\n",
            )
                .into_response()
        }
    }
}

async fn in_time(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let wants = answer::Wants::of(request.headers());
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => wants.words(
            StatusCode::SERVICE_UNAVAILABLE,
            "The answer took too long",
            "The server did not answer in time. Open the page again to see whether what you sent was recorded.",
        ),
    }
}

/// A request in the log: without its query, in which a person may have typed.
fn span(request: &axum::extract::Request) -> tracing::Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use axum::{body::Body, http::Request};
    use tower::ServiceExt as _;

    /// A body of which nothing comes.
    struct Never;

    impl hyper::body::Body for Never {
        type Data = axum::body::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
            std::task::Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_panic_is_answered_with_a_number_and_without_its_words() {
        async fn breaks() -> &'static str {
            panic!("the words of the panic")
        }
        let router = Router::new()
            .route("/", get(breaks).post(breaks))
            .layer(from_fn_with_state(Work::default(), work::to_its_end))
            .layer(CatchPanicLayer::custom(answer::panicked));
        for method in ["GET", "POST"] {
            let request = Request::builder().method(method).uri("/");
            let request = request.body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
            let text = String::from_utf8(body.unwrap().to_vec()).unwrap();
            assert!(text.contains("this number: "), "{method}: {text}");
            assert!(!text.contains("the words"), "{method}: {text}");
        }
    }

    // The clock of the test jumps ahead as soon as nothing else is left to do.
    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let router = Router::new()
            .route("/", axum::routing::post(|| async { "taken" }))
            .layer(from_fn(body::take_in))
            .layer(from_fn(in_time));
        let body = Body::new(Never);
        let request = Request::post("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let answer = router.oneshot(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
    }
}
