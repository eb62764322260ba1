//! What is served, as the router itself has it, and what somebody needs for each of it.

use super::{
    super::bench::{Bench, Engine},
    Needs::{self, *},
};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
};
use domain::rights::Action::*;
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;

/// What somebody needs for it. A route without a line here, and a line without a route, fail.
const NEEDS: &[(&str, Needs)] = &[
    ("/", AtSomeSite(ReadBatch)),
    ("/about", SignedIn),
    ("/account", SignedIn),
    ("/batches/{id}", OfBatch(ReadBatch)),
    ("/batches/{id}/audit", OfBatch(ReadAuditTrail)),
    ("/batches/{id}/deviations", OfBatch(ReadBatch)),
    ("/batches/{id}/prints/{place}", OfBatch(ReadBatch)),
    ("/batches/{id}/quality", OfBatch(ReadBatch)),
    ("/batches/{id}/release", OfBatch(ReadBatch)),
    ("/board.csv", AtSomeSite(ReadBatch)),
    ("/change-password", SignedInAnyhow),
    ("/clock", SignedIn),
    ("/fault", Nothing),
    ("/harvests/new", AtSomeSite(RegisterHarvest)),
    ("/healthz", Nothing),
    ("/ledgers/{site}/export.jsonl", OfSite(ReadAuditTrail)),
    ("/people", InOrganisation(KeepAccounts)),
    ("/people/{id}", InOrganisation(KeepAccounts)),
    ("/register", AtSomeSite(ReadBatch)),
    ("/search", AtSomeSite(ReadBatch)),
    // Who is signed in goes on to the board.
    ("/sign-in", Nobody),
    ("/api/accept-statement", SignedIn),
    ("/api/add-account", InOrganisation(KeepAccounts)),
    ("/api/assess-deviation", OfBatch(CloseDeviation)),
    ("/api/assess-exception", OfBatch(AssessException)),
    ("/api/certify", OfBatch(Certify)),
    ("/api/change-password", SignedInAnyhow),
    ("/api/classify-deviation", OfBatch(CloseDeviation)),
    ("/api/close-deviation", OfBatch(CloseDeviation)),
    ("/api/comment", OfBatch(Comment)),
    ("/api/complete-step", OfBatch(RecordEntry)),
    ("/api/confirm-clock", AtSomeSite(ConfirmClock)),
    ("/api/confirm-result", OfBatch(CorrectResult)),
    ("/api/copy-audit-trail", OfBatch(ReadAuditTrail)),
    ("/api/correct-entry", OfBatch(CorrectEntry)),
    ("/api/correct-harvest", OfBatch(CorrectHarvest)),
    ("/api/correct-result", OfBatch(CorrectResult)),
    ("/api/correct-time", OfBatch(CorrectEntry)),
    ("/api/destroy-dose", OfBatch(GiveDose)),
    ("/api/destroy-unit", OfBatch(DestroyUnit)),
    ("/api/disable-account", InOrganisation(KeepAccounts)),
    ("/api/dispatch-dose", OfBatch(GiveDose)),
    ("/api/enable-account", InOrganisation(KeepAccounts)),
    ("/api/end-culture", OfBatch(RecordEntry)),
    ("/api/end-role", InOrganisation(KeepAccounts)),
    ("/api/enter-result", OfBatch(EnterResult)),
    ("/api/entry-not-applicable", OfBatch(RecordEntry)),
    ("/api/grant-role", InOrganisation(KeepAccounts)),
    ("/api/invalidate-result", OfBatch(ReviewResult)),
    ("/api/lift-stop", OfBatch(LiftStop)),
    ("/api/prepare-dose", OfBatch(GiveDose)),
    ("/api/print-certificate", OfBatch(PrintCertificate)),
    ("/api/raise-deviation", OfBatch(RaiseDeviation)),
    ("/api/read-identifiers", OfBatch(ReadIdentifiers)),
    ("/api/record-entry", OfBatch(RecordEntry)),
    ("/api/record-infusion", OfBatch(GiveDose)),
    ("/api/register-harvest", OfSite(RegisterHarvest)),
    ("/api/reject", OfBatch(Reject)),
    ("/api/reset-password", InOrganisation(KeepAccounts)),
    ("/api/return-result", OfBatch(ReviewResult)),
    ("/api/review-result", OfBatch(ReviewResult)),
    ("/api/save-draft", SignedIn),
    ("/api/sign-in", Nothing),
    ("/api/sign-out", Nothing),
    ("/api/sign-out-everywhere", SignedInAnyhow),
    ("/api/sign-review", OfBatch(SignReview)),
    ("/api/stay-signed-in", SignedIn),
    ("/api/step-not-applicable", OfBatch(RecordEntry)),
    ("/api/store-unit", OfBatch(RecordEntry)),
    ("/api/take-sample", OfBatch(TakeSample)),
    ("/api/unlock-account", InOrganisation(KeepAccounts)),
    ("/api/verify-entry", OfBatch(VerifyEntry)),
    (
        "/api/withdraw-certification",
        OfBatch(WithdrawCertification),
    ),
];

/// A route without the slash at its end: the framework serves every page with and without it.
pub fn plain(route: &str) -> &str {
    match route.trim_end_matches('/') {
        "" => "/",
        plain => plain,
    }
}

/// What somebody needs for a route.
pub(super) fn needs(route: &str) -> Needs {
    let route = plain(route);
    let found = NEEDS.iter().find(|(known, _)| *known == route);
    found
        .unwrap_or_else(|| panic!("{route} is served, and nothing says who may ask for it"))
        .1
}

/// Every route of the router, in order. It has no list of them, but shows them where it is debugged.
pub fn routes(router: &Router) -> BTreeSet<String> {
    let shown = format!("{router:?}");
    let mut found = BTreeSet::new();
    for node in shown.split("Node { paths: {").skip(1) {
        let (paths, _) = node.split_once("} }").unwrap();
        for path in paths
            .split("RouteId(")
            .filter_map(|part| part.split('"').nth(1))
        {
            // The place where everything else ends up has names of axum's own.
            if !path.contains("__private__") {
                found.insert(path.to_owned());
            }
        }
    }
    found
}

/// The commands among them.
pub fn commands(router: &Router) -> Vec<String> {
    let mut commands: Vec<_> = routes(router)
        .into_iter()
        .filter(|route| route.starts_with("/api/"))
        .collect();
    // Those that end the session come last.
    commands.sort_by_key(|route| route.contains("sign-out"));
    commands
}

// P11-10d: a page, paper or command that nothing is said of has no test of its rights.
#[tokio::test]
async fn whatever_the_router_serves_is_walked() {
    let bench = Bench::empty(Engine::Sqlite).await.unwrap();
    let routes = routes(&bench.router);
    // The router was understood: it has what the framework says that it made of pages and commands.
    for (path, method) in server_fn_paths() {
        assert!(routes.contains(path), "{path}");
        assert_eq!(method, Method::POST, "{path} changes something");
    }
    for page in leptos_axum::generate_route_list(app::shell::App) {
        assert!(routes.contains(page.path()), "{}", page.path());
    }
    let known: BTreeSet<_> = NEEDS.iter().map(|(route, _)| (*route).to_owned()).collect();
    let served: BTreeSet<_> = routes.iter().map(|route| plain(route).to_owned()).collect();
    assert_eq!(served, known);
    bench.end().await;
}

// A11-15: the methods that each takes. What changes something is posted, what is read changes nothing (P11-10d).
#[tokio::test]
async fn each_takes_its_own_methods_alone() {
    let bench = Bench::empty(Engine::Sqlite).await.unwrap();
    let mut table = String::new();
    for route in routes(&bench.router) {
        let request = Request::patch(route.replace(['{', '}'], ""))
            .header("sec-fetch-site", "same-origin")
            .body(Body::empty());
        let answer = bench.nobody().send(request.unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{route}");
        let allowed = answer.header("allow").to_owned();
        let expected = if route.starts_with("/api/") {
            "POST"
        } else {
            "GET,HEAD"
        };
        assert_eq!(allowed, expected, "{route}");
        table.push_str(&format!("{route:<36} {allowed}\n"));
    }
    insta::assert_snapshot!("methods", table);
    bench.end().await;
}
