//! About this program: which version runs, under which documents, and what proves the record (P11-10k).

use domain::ledger::rows::{DocumentRow, SiteRow};
use domain::ledger::{LedgerName, PublicKey};
use domain::rights::Action;
use domain::site::DocumentKind;
use leptos::prelude::*;
use store::Head;

use crate::desk::{Desk, Notices, Trouble};
use crate::page::{Page, drawn};
use crate::parts::{Empty, Facts, fact, frame};

/// What runs here.
#[component]
pub fn AboutPage() -> impl IntoView {
    drawn(about)
}

async fn about(page: Page) -> Result<AnyView, Trouble> {
    let sites = sites(&page.desk).await?;
    let ledgers = ledgers(&page.desk, &sites).await?;
    let mut documents = Vec::new();
    for kind in [DocumentKind::MasterRecord, DocumentKind::Specification] {
        documents.extend(in_force(&page.desk, kind, &sites).await?);
    }
    let program = vec![
        fact("Program", "Autolog"),
        fact("Running version", page.desk.records.version().to_owned()),
        fact("Licence", licence()),
        fact(
            "Sites",
            sites
                .iter()
                .map(|site| format!("{} ({})", site.name, site.code))
                .collect::<Vec<_>>()
                .join(", "),
        ),
    ];
    let content = view! {
        <h1>"About"</h1>
        <Facts facts=program/>
        <section aria-labelledby="documents">
            <h2 id="documents">"Documents in force"</h2>
            <p>
                "A new batch runs under the newest version of each. A batch at work stays with the versions that it began \
                 with; its own pages name them."
            </p>
            {document_list(documents)}
        </section>
        <section aria-labelledby="ledgers">
            <h2 id="ledgers">"Ledgers"</h2>
            <p>
                "Every entry of the record stands in the ledger of its site. A checkpoint is the ledger’s number of entries \
                 and the root of its tree, signed with the site’s key: who keeps one can find any later change of what was \
                 before it."
            </p>
            {ledgers.into_iter().map(ledger).collect::<Vec<_>>()}
        </section>
    };
    Ok(frame(&page, "About", content))
}

/// The licence of the program, and those of all that it is made of where the server has them.
fn licence() -> AnyView {
    let links = use_context::<Notices>().is_some_and(|notices| notices.0);
    if !links {
        return view! { "Apache-2.0" }.into_any();
    }
    view! {
        <a href="/LICENSE.txt">"Apache-2.0"</a>
        ", "
        <a href="/third-party-notices.txt">"third-party notices"</a>
    }
    .into_any()
}

/// The sites of the person's roles; all of them for who keeps accounts.
async fn sites(desk: &Desk) -> Result<Vec<SiteRow>, Trouble> {
    let all = desk.records.store().sites().await?;
    if !desk.person.sites_where(Action::KeepAccounts).is_empty() {
        return Ok(all);
    }
    let own = |site: &SiteRow| desk.person.roles.iter().any(|(at, _)| *at == site.code);
    Ok(all.into_iter().filter(own).collect())
}

/// A document and the sites that it is in force at.
struct InForce {
    kind: DocumentKind,
    row: DocumentRow,
    sites: Vec<String>,
    approved: Option<String>,
}

async fn in_force(
    desk: &Desk,
    kind: DocumentKind,
    sites: &[SiteRow],
) -> Result<Vec<InForce>, Trouble> {
    let mut found: Vec<InForce> = Vec::new();
    for site in sites {
        let key = match kind {
            DocumentKind::MasterRecord => &site.master_record,
            DocumentKind::Specification => &site.specification,
        };
        if let Some(known) = found.iter_mut().find(|known| known.row.key == *key) {
            known.sites.push(site.code.clone());
            continue;
        }
        let row = desk
            .records
            .store()
            .latest_document(kind.code(), key)
            .await?;
        if let Some(row) = row {
            let zone = desk.zone(&site.code).await?;
            let approved = row.approved_at.map(|at| {
                let by = row.approved_by.clone().unwrap_or_default();
                format!("{} by {by}", zone.shown(at))
            });
            found.push(InForce {
                kind,
                row,
                sites: vec![site.code.clone()],
                approved,
            });
        }
    }
    Ok(found)
}

fn document_list(documents: Vec<InForce>) -> AnyView {
    if documents.is_empty() {
        return view! {
            <Empty
                what="No document is in force at your sites"
                how="The person who runs Autolog adopts master records and specifications on the command line of the server."
            />
        }
        .into_any();
    }
    documents
        .into_iter()
        .map(document)
        .collect::<Vec<_>>()
        .into_any()
}

fn document(one: InForce) -> AnyView {
    let name = format!("{} v{}", one.row.key, one.row.version);
    let id = format!("{}-{}", one.kind.code(), crate::form::slug(&one.row.key));
    let text = format!("Text of {} {name}", one.kind.to_string().to_lowercase());
    let facts = vec![
        fact("Version", one.row.version.to_string()),
        fact("In force at", one.sites.join(", ")),
        fact("Adopted", one.approved.unwrap_or_else(|| "no".to_owned())),
        fact(
            "SHA-256 of its text",
            view! { <code class="hash">{one.row.sha256}</code> },
        ),
    ];
    view! {
        <article class="document" id=id>
            <h3>{one.kind.to_string()} " " {name}</h3>
            <p>{one.row.title}</p>
            <Facts facts=facts/>
            <details class="fold">
                <summary>{text.clone()}</summary>
                <pre class="document-text" tabindex="0" role="region" aria-label=text>{one.row.text}</pre>
            </details>
        </article>
    }
    .into_any()
}

/// A ledger as it stands, and the keys that count for it.
struct Standing {
    ledger: LedgerName,
    head: Option<Head>,
    keys: Vec<PublicKey>,
    may_export: bool,
}

async fn ledgers(desk: &Desk, sites: &[SiteRow]) -> Result<Vec<Standing>, Trouble> {
    let store = desk.records.store();
    let heads = store.heads().await?;
    let names = sites.iter().map(|site| site.code.clone());
    let names = names.chain([LedgerName::org().as_str().to_owned()]);
    let standing = |name: String| {
        let ledger = LedgerName::parse(&name).ok()?;
        Some(Standing {
            head: heads.iter().find(|head| head.ledger == ledger).cloned(),
            keys: store.public_keys(&ledger),
            may_export: desk.person.may(&name, Action::ReadAuditTrail),
            ledger,
        })
    };
    Ok(names.filter_map(standing).collect())
}

fn ledger(one: Standing) -> AnyView {
    let name = one.ledger.to_string();
    let size = one.head.as_ref().map_or(0, |head| head.size);
    let checkpoint = one.head.and_then(|head| head.checkpoint);
    let covered = checkpoint.as_ref().map_or_else(
        || "none yet".to_owned(),
        |signed| format!("{} entries", signed.checkpoint.size),
    );
    let keys: Vec<_> = one
        .keys
        .iter()
        .map(|key| view! { <code class="hash">{key.to_string()}</code>" " })
        .collect();
    let what = if one.ledger == LedgerName::org() {
        "Ledger org: people, sites and documents".to_owned()
    } else {
        format!("Ledger {name}: the batches of site {name}")
    };
    let facts = vec![
        fact("Entries", size.to_string()),
        fact("Newest checkpoint", covered),
        fact("Public key", keys),
    ];
    let export = format!("/ledgers/{name}/export.jsonl");
    view! {
        <article class="ledger">
            <h3>{what}</h3>
            <Facts facts=facts/>
            {checkpoint.map(|signed| view! {
                <pre class="checkpoint" tabindex="0" role="region" aria-label=format!("Newest checkpoint of ledger {name}")>
                    {signed.note}
                </pre>
            })}
            {one.may_export.then(|| view! {
                <p>
                    <a class="button" href=export download="">"Export the ledger"</a>
                    " One entry a line, with keys and checkpoints: all that is needed to verify it without Autolog."
                </p>
            })}
        </article>
    }
    .into_any()
}
