//! The board: the batches at work, what is due first at the top.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::batch::{BatchState, Needs};
use domain::ledger::rows::BoardRow;
use domain::rights::Action;
use domain::time::Timestamp;
use leptos::prelude::*;
use store::BoardFilter;

use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::band::colour_of;
use crate::parts::{Badge, Empty, frame, sortable};
use crate::zone::Zone;

/// No board shows more batches than this; older ones are found by the filters.
const MOST: u32 = 500;

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    drawn(board)
}

async fn board(page: Page) -> Result<AnyView, Trouble> {
    if page.desk.person.sites_where(Action::ReadBatch).is_empty()
        && page.desk.person.may("org", Action::KeepAccounts)
    {
        return Err(Trouble::Elsewhere("/people".to_owned()));
    }
    let sites = page.sites(Action::ReadBatch)?;
    let site = page
        .query("site")
        .filter(|site| sites.iter().any(|one| one == site));
    let state = page.query("state").unwrap_or("at-work");
    let filter = BoardFilter {
        sites: site.map_or_else(|| sites.clone(), |site| vec![site.to_owned()]),
        state: state
            .parse::<BatchState>()
            .ok()
            .map(|state| state.code().to_owned()),
        limit: MOST,
    };
    let mut rows = page.desk.records.store().board(&filter).await?;
    if state == "at-work" {
        rows.retain(|row| row.state.parse() != Ok(BatchState::Closed));
    }
    sort(&mut rows, page.query("sort").unwrap_or("due"));
    let mut zones = BTreeMap::new();
    for site in &sites {
        zones.insert(site.clone(), page.desk.zone(site).await?);
    }
    let now = page.desk.now();
    let overdue = rows.iter().filter(|row| is_overdue(row, now)).count();
    let lines: Vec<_> = rows.iter().map(|row| line(row, now, &zones)).collect();
    let list = if lines.is_empty() {
        empty(&page, state)
    } else {
        table(&page, lines, sites.len() > 1)
    };
    let count = match (rows.len(), overdue) {
        (1, 0) => "1 batch".to_owned(),
        (count, 0) => format!("{count} batches"),
        (count, overdue) => format!("{count} batches, {overdue} overdue"),
    };
    Ok(frame(
        &page,
        "Board",
        view! {
            <div class="heading">
                <h1>"Batches"</h1>
                <p class="count">{count}</p>
            </div>
            {filters(&page, &sites, site, state)}
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

fn line(row: &BoardRow, now: Timestamp, zones: &BTreeMap<String, Zone>) -> AnyView {
    let several = zones.len() > 1;
    let zone = zones
        .get(&row.site)
        .copied()
        .unwrap_or_else(|| Zone::named("UTC"));
    let state = row.state.parse::<BatchState>().ok();
    let overdue = is_overdue(row, now);
    let due = row.next_due.map(|due| {
        let left = due.since(now);
        let words = if overdue {
            format!("overdue by {}", span(-left))
        } else {
            format!("in {}", span(left))
        };
        let class = if overdue { "due overdue" } else { "due" };
        view! { <span class=class>{zone.shown(due)}</span><span class="sub">{words}</span> }
    });
    let needs = row
        .needs
        .as_deref()
        .and_then(|needs| needs.parse::<Needs>().ok());
    let next = row.next_step.clone().map(|next| {
        view! { <span>{next}</span>{needs.map(|needs| view! { <span class="sub">{needs.label()}</span> })} }
    });
    let culture = row.culture_started.map(|began| {
        let day = format!("day {}", now.since(began).num_days());
        let passage = row.passage.map(|passage| format!("P{passage}, "));
        format!("{}{day}", passage.unwrap_or_default())
    });
    let din = domain::identifiers::Din::parse(&row.din)
        .map_or_else(|_| row.din.clone(), |din| din.grouped());
    view! {
        <tr class:overdue=overdue>
            <th scope="row">
                <a class=format!("batch-link band-{}", colour_of(&row.number)) href=format!("/batches/{}", row.batch)>
                    {row.number.clone()}
                </a>
            </th>
            <td>{state.map(|state| view! { <Badge state=state/> })}</td>
            <td>{next}</td>
            <td class="nowrap">{due}</td>
            <td class="nowrap">{culture}</td>
            <td class="nowrap">{row.subject.clone()}<span class="sub din">{din}</span></td>
            {several.then(|| view! { <td>{row.site.clone()}</td> })}
        </tr>
    }
    .into_any()
}

fn filters(page: &Page, sites: &[String], site: Option<&str>, state: &str) -> AnyView {
    let option = |value: &str, words: &str, chosen: bool| {
        view! { <option value=value.to_owned() selected=chosen>{words.to_owned()}</option> }
            .into_any()
    };
    let mut states = vec![
        option("at-work", "At work", state == "at-work"),
        option("all", "All", state == "all"),
    ];
    states.extend(
        BatchState::ALL
            .iter()
            .map(|one| option(one.code(), one.label(), state == one.code())),
    );
    let of_sites: Vec<_> = sites
        .iter()
        .map(|one| option(one, one, site == Some(one.as_str())))
        .collect();
    let sort = page
        .query("sort")
        .map(|sort| view! { <input type="hidden" name="sort" value=sort.to_owned()/> });
    view! {
        <form class="filters" method="get" action="/" role="search" aria-label="Filter the batches" data-filter="">
            {sort}
            <div class="filter">
                <label for="filter-state">"State"</label>
                <select id="filter-state" name="state">{states}</select>
            </div>
            {(sites.len() > 1).then(|| view! {
                <div class="filter">
                    <label for="filter-site">"Site"</label>
                    <select id="filter-site" name="site"><option value="">"All my sites"</option>{of_sites}</select>
                </div>
            })}
            <button type="submit">"Show"</button>
        </form>
    }
    .into_any()
}

fn empty(page: &Page, state: &str) -> AnyView {
    if state != "at-work" || page.query("site").is_some() {
        return view! {
            <Empty what="No batch in this state." how="Choose another state above, or “All”."/>
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
    view! { <Empty what="No batch is at work." how=how/> }.into_any()
}

fn is_overdue(row: &BoardRow, now: Timestamp) -> bool {
    row.next_due.is_some_and(|due| due < now)
}

fn sort(rows: &mut [BoardRow], by: &str) {
    let (key, down) = by.strip_prefix('-').map_or((by, false), |key| (key, true));
    match key {
        "number" => rows.sort_by(|one, other| one.number.cmp(&other.number)),
        "state" => rows.sort_by(|one, other| one.state.cmp(&other.state)),
        "subject" => rows.sort_by(|one, other| one.subject.cmp(&other.subject)),
        "site" => rows.sort_by(|one, other| one.site.cmp(&other.site)),
        "culture" => rows.sort_by_key(|row| (row.culture_started.is_none(), row.culture_started)),
        // What is bound to no time comes last.
        _ => rows.sort_by_key(|row| (row.next_due.is_none(), row.next_due)),
    }
    if down {
        rows.reverse();
    }
}

/// A span of time in one figure.
pub(super) fn span(time: TimeDelta) -> String {
    let plural = |count: i64, one: &str| {
        if count == 1 {
            format!("1 {one}")
        } else {
            format!("{count} {one}s")
        }
    };
    match time {
        time if time >= TimeDelta::days(2) => plural(time.num_days(), "day"),
        time if time >= TimeDelta::hours(2) => format!("{} h", time.num_hours()),
        time => format!("{} min", time.num_minutes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_said_in_one_figure() {
        let cases = [
            (0, "0 min"),
            (119, "119 min"),
            (120, "2 h"),
            (2879, "47 h"),
            (2880, "2 days"),
            (14_400, "10 days"),
        ];
        for (minutes, words) in cases {
            assert_eq!(span(TimeDelta::minutes(minutes)), words);
        }
    }
}
