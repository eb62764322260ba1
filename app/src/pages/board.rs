//! The board: the open batches, what is due first at the top.

use domain::batch::{BatchState, Needs};
use domain::ledger::rows::BoardRow;
use domain::rights::Action;
use leptos::prelude::*;

use crate::answer::see;
use crate::board::{Board, Choice, MOST, query};
use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::band::colour_of;
use crate::parts::due::Due;
use crate::parts::{Badge, Empty, Flags, frame, locked_accounts, sortable};

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    drawn(board)
}

async fn board(page: Page) -> Result<AnyView, Trouble> {
    if page.desk.person.sites_where(Action::ReadBatch).is_empty()
        && page.desk.person.may("org", Action::KeepAccounts)
    {
        see("/people");
        return Ok(().into_any());
    }
    let asked = |name: &str| page.query(name).map(str::to_owned);
    let board = Board::read(&page.desk.records, &page.desk.person, asked).await?;
    let overdue = board
        .rows
        .iter()
        .filter(|row| board.is_overdue(row))
        .count();
    let lines: Vec<_> = board.rows.iter().map(|row| line(&board, row)).collect();
    let list = if lines.is_empty() {
        empty(&page, &board)
    } else {
        table(&page, lines, board.zones.len() > 1)
    };
    let count = match (board.rows.len(), overdue) {
        (1, 0) => "1 batch".to_owned(),
        (count, 0) => format!("{count} batches"),
        (count, overdue) => format!("{count} batches, {overdue} overdue"),
    };
    let more = (board.rows.len() == MOST as usize).then(|| {
        view! { <p class="lead">"These are the " {MOST} " that are due first. Choose a state or a site to see others."</p> }
    });
    let locked = locked_accounts(&page).await?;
    Ok(frame(
        &page,
        "Board",
        view! {
            {locked}
            <div class="heading">
                <h1>"Batches"</h1>
                <p class="count">{count}</p>
            </div>
            {filters(&page, &board)}
            {more}
            {list}
        },
    ))
}

fn table(page: &Page, lines: Vec<AnyView>, several: bool) -> AnyView {
    let head = |key, words| sortable(page, key, words, "due");
    view! {
        <div class="scrolls" role="region" aria-label="Batches" tabindex="0">
            <table class="board">
                <thead>
                    <tr>
                        {head("number", "Batch")}
                        {head("state", "State")}
                        <th scope="col">"Next"</th>
                        {head("due", "Due")}
                        {head("culture", "Culture")}
                        {head("subject", "Subject and DIN")}
                        {several.then(|| head("site", "Site"))}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(board: &Board, row: &BoardRow) -> AnyView {
    let several = board.zones.len() > 1;
    let zone = board.zone(row);
    let state = row.state.parse::<BatchState>().ok();
    let overdue = board.is_overdue(row);
    let due = row.next_due.map(|due| {
        let due = Due::of(zone, due, board.now);
        let class = if due.overdue { "due overdue" } else { "due" };
        view! { <span class=class>{due.when}</span><span class="sub">{due.words}</span> }
    });
    let needs = row
        .needs
        .as_deref()
        .and_then(|needs| needs.parse::<Needs>().ok());
    let next = row.next_step.clone().map(|next| {
        view! { <span>{next}</span>{needs.map(|needs| view! { <span class="sub">{needs.label()}</span> })} }
    });
    let culture = board.day_of_culture(row).map(|day| {
        let passage = row.passage.map(|passage| format!("P{passage}, "));
        format!("{}day {day}", passage.unwrap_or_default())
    });
    let fresh = board
        .hours_since_collection(row)
        .map(|hours| format!("collected {hours} h ago"));
    let din = domain::identifiers::DonationNumber::shown(&row.din);
    view! {
        <tr class:overdue=overdue>
            <th scope="row">
                <a class=format!("batch-link band-{}", colour_of(&row.number)) href=format!("/batches/{}", row.batch)>
                    {row.number.clone()}
                </a>
            </th>
            <td>{state.map(|state| view! { <Badge state=state/> })}<Flags flags=row.flags.clone()/></td>
            <td>{next}</td>
            <td class="nowrap">{due}</td>
            <td class="nowrap">{culture.or(fresh)}</td>
            <td class="nowrap">{row.subject.clone()}<span class="sub din">{din}</span></td>
            {several.then(|| view! { <td>{row.site.clone()}</td> })}
        </tr>
    }
    .into_any()
}

fn filters(page: &Page, board: &Board) -> AnyView {
    let option = |value: &str, words: &str, chosen: bool| {
        view! { <option value=value.to_owned() selected=chosen>{words.to_owned()}</option> }
            .into_any()
    };
    let choices: Vec<_> = Choice::every()
        .map(|one| option(one.code(), one.label(), one == board.choice))
        .collect();
    let of_sites: Vec<_> = board
        .zones
        .keys()
        .map(|one| option(one, one, board.site.as_ref() == Some(one)))
        .collect();
    let asked = page.with_query(query::SORT, page.query(query::SORT));
    let copy = format!("/board.csv{}", asked.strip_prefix('/').unwrap_or_default());
    let sort = page
        .query("sort")
        .map(|sort| view! { <input type="hidden" name="sort" value=sort.to_owned()/> });
    view! {
        <form class="filters" method="get" action="/" role="search" aria-label="Filter the batches" data-filter="">
            {sort}
            <div class="filter">
                <label for="filter-state">"State"</label>
                <select id="filter-state" name="state">{choices}</select>
            </div>
            {(board.zones.len() > 1).then(|| view! {
                <div class="filter">
                    <label for="filter-site">"Site"</label>
                    <select id="filter-site" name="site"><option value="">"All my sites"</option>{of_sites}</select>
                </div>
            })}
            <div class="filters-go">
                <button type="submit">"Show"</button>
                <a class="button" href=copy download="">"CSV"</a>
            </div>
        </form>
    }
    .into_any()
}

fn empty(page: &Page, board: &Board) -> AnyView {
    if board.choice != Choice::Open || board.site.is_some() {
        return view! {
            <Empty what="No batch in this state." how="Choose another state above, or “All”, or look for a batch at the top of the page."/>
        }
        .into_any();
    }
    let how = if page
        .desk
        .person
        .sites_where(Action::RegisterHarvest)
        .is_empty()
    {
        "A batch begins when a technician or collector registers a harvest."
    } else {
        "A batch begins with a harvest: choose “New harvest” above."
    };
    view! { <Empty what="No batch is open." how=how/> }.into_any()
}
