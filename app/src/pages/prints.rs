//! The prints of a batch's papers: which, by whom, when; each opens again with the same bytes.

use domain::batch::Batch;
use domain::print::{Print, PrintedDocument};
use leptos::prelude::*;

use crate::desk::Trouble;
use crate::page::Page;
use crate::zone::Zone;

/// The most prints that a page lists; the others are in the ledger.
const MOST: usize = 50;

/// The prints of a batch that `shown` keeps, newest first; nothing where there is none yet.
pub(super) async fn section(
    page: &Page,
    batch: &Batch,
    zone: Zone,
    shown: impl Fn(&PrintedDocument) -> bool,
) -> Result<Option<AnyView>, Trouble> {
    let site = &batch.harvest.site;
    let prints = page.desk.records.prints(batch.id, site).await?;
    let of_page: Vec<_> = prints
        .iter()
        .enumerate()
        .filter(|(_, print)| {
            shown(&print.document) && page.desk.person.may(site, print.document.action())
        })
        .collect();
    if of_page.is_empty() {
        return Ok(None);
    }
    let count = of_page.len();
    let lines: Vec<_> = of_page
        .into_iter()
        .rev()
        .take(MOST)
        .map(|(place, print)| line(batch, zone, place + 1, print))
        .collect();
    let more = (count > MOST).then(|| format!("The newest {MOST} of {count}."));
    Ok(Some(
        view! {
            <section id="prints" aria-labelledby="prints-heading">
                <h2 id="prints-heading">"Prints (" {count} ")"</h2>
                <p class="sub">"Each opens as it was printed, with the state of that moment." {more.map(|more| format!(" {more}"))}</p>
                <div class="scrolls" tabindex="0" role="region" aria-label="Table of prints">
                    <table class="prints">
                        <thead>
                            <tr>
                                <th scope="col">"Print"</th>
                                <th scope="col">"Document"</th>
                                <th scope="col">"Printed"</th>
                                <th scope="col">"By"</th>
                            </tr>
                        </thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    ))
}

fn line(batch: &Batch, zone: Zone, place: usize, print: &Print) -> AnyView {
    // The address is left to the server: it is no page.
    let to = format!("/batches/{}/prints/{place}", batch.id);
    view! {
        <tr>
            <th scope="row">
                <a class="nowrap" rel="external" href=to download="" data-print="">{print.number.clone()}</a>
            </th>
            <td>{print.document.to_string()}</td>
            <td class="nowrap">{zone.shown(print.printed_at)}</td>
            <td>{print.by.clone()}</td>
        </tr>
    }
    .into_any()
}
