//! The certification register: who certified or rejected which batch, and when (EU GMP Annex 16, 1.6).

use domain::batch::Meaning;
use domain::ledger::rows::RegisterRow;
use domain::rights::Action;
use leptos::prelude::*;
use std::collections::BTreeMap;
use store::RegisterFilter;

use crate::desk::Trouble;
use crate::page::{Page, drawn};
use crate::parts::filter::{choose, filters};
use crate::parts::{Empty, frame, sortable};
use crate::zone::Zone;

/// More than any site signs in its life.
const MOST: u32 = 10_000;

/// The register of the person's sites.
#[component]
pub fn RegisterPage() -> impl IntoView {
    drawn(register)
}

async fn register(page: Page) -> Result<AnyView, Trouble> {
    let sites = page.sites(Action::ReadBatch)?;
    let asked = page
        .query("site")
        .filter(|site| sites.iter().any(|own| own == site));
    let of = asked.map_or_else(|| sites.clone(), |site| vec![site.to_owned()]);
    let mut zones = BTreeMap::new();
    for site in &of {
        zones.insert(site.clone(), page.desk.zone(site).await?);
    }
    let filter = RegisterFilter {
        sites: of.clone(),
        limit: MOST,
    };
    let mut rows = page.desk.records.store().register(&filter).await?;
    sort(&mut rows, page.query("sort").unwrap_or(DEFAULT));
    let printed = zones
        .values()
        .next()
        .map(|zone| zone.shown(page.desk.now()));
    let several = sites.len() > 1;
    let choices = sites.into_iter().map(|site| (site.clone(), site));
    let parts = vec![choose(&page, "site", "Site", choices)];
    let content = view! {
        <h1>"Certification register"</h1>
        <p class="lead">
            "Each certification and each rejection that was signed at " {of.join(", ")}
            ", also one that was withdrawn later. The batch says what became of it."
        </p>
        {several.then(|| filters(&page, "Filter of the register", parts, page.query("site").is_some()))}
        {table(&page, &rows, &zones)}
        <p class="only-printed">
            "Printed " {printed} " by " {page.desk.person.name.clone()} ", Autolog " {page.desk.records.version().to_owned()}
        </p>
    };
    Ok(frame(&page, "Certification register", content))
}

const DEFAULT: &str = "-signed";

fn sort(rows: &mut [RegisterRow], by: &str) {
    let (column, descending) = match by.strip_prefix('-') {
        Some(column) => (column, true),
        None => (by, false),
    };
    // One after the other, so that equal rows stay by their number.
    rows.sort_by(|one, other| one.certificate_number.cmp(&other.certificate_number));
    rows.sort_by(|one, other| {
        let order = match column {
            "number" => one.certificate_number.cmp(&other.certificate_number),
            "batch" => one.batch_number.cmp(&other.batch_number),
            "decision" => one.decision.cmp(&other.decision),
            "signer" => one.signer_name.cmp(&other.signer_name),
            _ => one.signed_at.cmp(&other.signed_at),
        };
        if descending { order.reverse() } else { order }
    });
}

fn table(page: &Page, rows: &[RegisterRow], zones: &BTreeMap<String, Zone>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <Empty
                what="Nothing is certified or rejected yet"
                how="A line is written here when a Qualified Person signs the certification or the rejection of a batch."
            />
        }
        .into_any();
    }
    let lines: Vec<_> = rows.iter().map(|row| line(row, zones)).collect();
    let head = |key, words| sortable(page, key, words, DEFAULT);
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Certification register">
            <table class="register">
                <thead>
                    <tr>
                        {head("number", "Number")}
                        {head("batch", "Batch")}
                        <th scope="col">"Product"</th>
                        {head("decision", "Decision")}
                        {head("signer", "Signed by")}
                        {head("signed", "Signed at")}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(row: &RegisterRow, zones: &BTreeMap<String, Zone>) -> AnyView {
    let zone = zones.get(&row.site).copied().unwrap_or_else(Zone::utc);
    let decision = row
        .decision
        .parse::<Meaning>()
        .map_or_else(|_| row.decision.clone(), |meaning| meaning.to_string());
    view! {
        <tr>
            <th scope="row" class="nowrap">{row.certificate_number.clone()}</th>
            <td class="nowrap"><a href=format!("/batches/{}/release", row.batch)>{row.batch_number.clone()}</a></td>
            <td>{row.product.clone()}</td>
            <td>{decision}</td>
            <td>{row.signer_name.clone()}</td>
            <td>{zone.shown(row.signed_at)}</td>
        </tr>
    }
    .into_any()
}
