//! Release: the verdict, what stands in the way, who signed, and what may leave.

mod criteria;
mod decision;
mod dose;
mod exceptions;
mod prepare;
mod signatures;
mod units;
mod verdict;

use leptos::prelude::*;

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
    let content = view! {
        <h1>"Release"</h1>
        {verdict::section(&sight)}
        {verdict::blocking(&sight)}
        {decision::section(&sight)}
        {criteria::section(&sight)}
        {exceptions::section(&sight)}
        {signatures}
        {units::section(&sight)}
        {dose::section(&sight)}
    };
    Ok(sight.framed("Release", Tab::Release, content))
}
