//! The document around every page and the table of routes.

mod wake;

use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use self::wake::Wake;
use crate::pages::{
    AboutPage, AccountPage, AuditPage, BatchPage, BoardPage, ChangePasswordPage, ClockPage,
    DeviationsPage, FaultPage, NewHarvestPage, NotFound, PeoplePage, PersonPage, QualityPage,
    RegisterPage, ReleasePage, SearchPage, SignInPage,
};

/// The document around the pages.
pub fn shell() -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/pkg/icon.svg" r#type="image/svg+xml"/>
                <link rel="stylesheet" href="/pkg/autolog.css"/>
                <link rel="stylesheet" href="/pkg/record.css"/>
                <link rel="stylesheet" href="/pkg/release.css"/>
                <Wake/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The routes. Each waits for its record, so that the page is complete when it arrives.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Autolog"/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=BoardPage ssr=SsrMode::Async/>
                <Route path=path!("/harvests/new") view=NewHarvestPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/change-password") view=ChangePasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/batches/:id") view=BatchPage ssr=SsrMode::Async/>
                <Route path=path!("/batches/:id/quality") view=QualityPage ssr=SsrMode::Async/>
                <Route path=path!("/batches/:id/deviations") view=DeviationsPage ssr=SsrMode::Async/>
                <Route path=path!("/batches/:id/release") view=ReleasePage ssr=SsrMode::Async/>
                <Route path=path!("/batches/:id/audit") view=AuditPage ssr=SsrMode::Async/>
                <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/people/:id") view=PersonPage ssr=SsrMode::Async/>
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
                <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/about") view=AboutPage ssr=SsrMode::Async/>
                <Route path=path!("/clock") view=ClockPage ssr=SsrMode::Async/>
                <Route path=path!("/fault") view=FaultPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
