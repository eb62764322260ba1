//! What the search box of every page finds: straight to its page where one thing is meant, else a list.

use domain::batch::BatchState;
use domain::rights::Action;
use domain::search::{Query, TermKind};
use leptos::prelude::*;
use std::collections::BTreeSet;
use store::{SearchFilter, SearchHit};

use crate::answer::see;
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::band::colour_of;
use crate::parts::find::QUERY;
use crate::parts::{Badge, Empty, Flags, frame};

/// No more finds are shown: with more of them nobody looks through the list, but types another character.
const MOST: u32 = 50;

/// The page of what was found.
#[component]
pub fn SearchPage() -> impl IntoView {
    drawn(search)
}

async fn search(page: Page) -> Result<AnyView, Trouble> {
    let sites = page.sites(Action::ReadBatch)?;
    let several = sites.len() > 1;
    let Some(typed) = page.query(QUERY) else {
        return Ok(shown(&page, nothing_asked(), None));
    };
    let query = match Query::read(typed) {
        Ok(query) => query,
        Err(why) => return Ok(shown(&page, refused(&why.to_string()), None)),
    };
    let filter = SearchFilter {
        sites,
        term: query.term.clone(),
        whole: query.whole,
        // One more tells whether there are more.
        limit: MOST + 1,
    };
    let mut hits = page.desk.records.store().search(&filter).await?;
    if let Some(place) = the_one(&hits, &query) {
        see(&place);
        return Ok(().into_any());
    }
    let more = hits.len() > MOST as usize;
    hits.truncate(MOST as usize);
    let count = match (hits.len(), more) {
        (_, true) => format!("the first {MOST}; type more of it to see fewer"),
        (1, false) => "1 found".to_owned(),
        (count, false) => format!("{count} found"),
    };
    let content = if hits.is_empty() {
        nothing_found(typed)
    } else {
        table(&hits, several)
    };
    Ok(shown(&page, content, Some(count)))
}

/// The one page that is meant: everything that is this very term stands on it.
fn the_one(hits: &[SearchHit], query: &Query) -> Option<String> {
    let exact = hits.iter().filter(|hit| hit.term.term == query.term);
    let places: BTreeSet<_> = exact.map(place).collect();
    let mut places = places.into_iter();
    places.next().filter(|_| places.next().is_none())
}

/// Where on the pages a find is.
fn place(hit: &SearchHit) -> String {
    let (batch, target) = (hit.term.batch, &hit.term.target);
    match hit.term.kind {
        TermKind::Batch | TermKind::Din | TermKind::Subject | TermKind::Coi => {
            format!("/batches/{batch}")
        }
        TermKind::Sample => format!("/batches/{batch}/quality#sample-{target}"),
        TermKind::Unit => format!("/batches/{batch}/release#unit-{target}"),
        TermKind::Dose => format!("/batches/{batch}/release#dose-{target}"),
        TermKind::Deviation => format!("/batches/{batch}/deviations#deviation-{target}"),
        TermKind::Certificate => format!("/batches/{batch}/release#signatures"),
    }
}

fn shown(page: &Page, content: AnyView, count: Option<String>) -> AnyView {
    let typed = page.query(QUERY).unwrap_or_default().to_owned();
    let heading = if typed.is_empty() {
        "Find".to_owned()
    } else {
        format!("Find “{}”", domain::decimal::repeated(&typed))
    };
    frame(
        page,
        "Find",
        view! {
            <div class="heading">
                <h1>{heading}</h1>
                <p class="count" role="status">{count}</p>
            </div>
            {content}
        },
    )
}

const WHAT: &str = "batch number, DIN, subject code, chain-of-identity id, or the number of a sample, unit, dose, \
                    deviation or certificate. The beginning is enough; capitals, spaces and hyphens make no difference, \
                    leading zeros do. A scan of the label works too.";

fn nothing_asked() -> AnyView {
    let how = format!("It can be a {WHAT}");
    view! { <Empty what="Scan or type what you look for into the box above." how=how/> }.into_any()
}

fn nothing_found(typed: &str) -> AnyView {
    let what = format!(
        "Nothing at your sites is called “{}” or begins so.",
        domain::decimal::repeated(typed)
    );
    view! { <Empty what=what how=format!("What can be looked for: {WHAT}")/> }.into_any()
}

fn refused(why: &str) -> AnyView {
    view! {
        <div class="refusals" role="alert">
            <p class="refusals-heading">"Nothing was looked for"</p>
            <ul><li>{why.to_owned()}</li></ul>
        </div>
    }
    .into_any()
}

fn table(hits: &[SearchHit], several: bool) -> AnyView {
    let lines: Vec<_> = hits.iter().map(|hit| line(hit, several)).collect();
    view! {
        <div class="scrolls" role="region" aria-label="What was found" tabindex="0">
            <table class="board found">
                <thead>
                    <tr>
                        <th scope="col">"Found"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Batch"</th>
                        <th scope="col">"State of the batch"</th>
                        <th scope="col">"Subject"</th>
                        {several.then(|| view! { <th scope="col">"Site"</th> })}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(hit: &SearchHit, several: bool) -> AnyView {
    let batch = &hit.batch;
    let state = batch.state.parse::<BatchState>().ok();
    let term = match hit.term.kind {
        TermKind::Din => domain::identifiers::Din::parse(&hit.term.shown)
            .map_or_else(|_| hit.term.shown.clone(), |din| din.grouped()),
        TermKind::Batch
        | TermKind::Subject
        | TermKind::Coi
        | TermKind::Sample
        | TermKind::Unit
        | TermKind::Dose
        | TermKind::Deviation
        | TermKind::Certificate => hit.term.shown.clone(),
    };
    view! {
        <tr>
            <th scope="row"><a class="find-link" href=place(hit)>{term}</a></th>
            <td>{hit.term.kind.label()}</td>
            <td>
                <a class=format!("batch-link band-{}", colour_of(&batch.number)) href=format!("/batches/{}", batch.batch)>
                    {batch.number.clone()}
                </a>
            </td>
            <td>{state.map(|state| view! { <Badge state=state/> })}<Flags flags=batch.flags.clone()/></td>
            <td class="nowrap">{batch.subject.clone()}</td>
            {several.then(|| view! { <td>{batch.site.clone()}</td> })}
        </tr>
    }
    .into_any()
}
