//! Release: the verdict, what stands in the way, who signed, and what may leave.

mod criteria;
mod decision;
mod dose;
mod exceptions;
mod prepare;
mod signatures;
mod units;
mod verdict;

use domain::print::PrintedDocument;
use leptos::prelude::*;

use super::prints;
use super::sight::Sight;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::frame::Tab;

/// The release of a batch, and its doses.
#[component]
pub fn ReleasePage() -> impl IntoView {
    drawn(release)
}

async fn release(page: Page) -> Result<AnyView, Trouble> {
    let sight = Sight::open(page).await?;
    let signatures = signatures::section(&sight).await?;
    let decision = decision::section(&sight);
    let certificate = |document: &PrintedDocument| match document {
        PrintedDocument::Certificate { .. } => true,
        PrintedDocument::AuditTrail { .. } => false,
    };
    let prints = prints::section(&sight.page, &sight.batch, sight.zone, certificate).await?;
    let places = places(decision.is_some());
    let content = view! {
        <h1>"Release"</h1>
        {places}
        {verdict::section(&sight)}
        {prints}
        {verdict::blocking(&sight)}
        {criteria::section(&sight)}
        {exceptions::section(&sight)}
        {signatures}
        {decision}
        {units::section(&sight)}
        {dose::section(&sight)}
    };
    Ok(sight.framed("Release", Tab::Release, content))
}

/// What is on this long page.
fn places(decision: bool) -> AnyView {
    let places = [
        ("criteria", "Criteria"),
        ("exceptions", "Exceptions"),
        ("signatures", "Signatures"),
        ("decision", "Decision"),
        ("units", "Units"),
        ("doses", "Doses"),
    ];
    let links: Vec<_> = places
        .into_iter()
        .filter(|(id, _)| decision || *id != "decision")
        .map(|(id, words)| view! { <a href=format!("#{id}")>{words}</a> })
        .collect();
    view! { <nav class="on-this-page" aria-label="On this page">{links}</nav> }.into_any()
}
