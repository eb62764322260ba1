//! `autolog site`: a manufacturing site with its ledger, its key and its documents.

use super::{emptied, new_command, operator, read_document_file, told};
use crate::config::{Config, Opened};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use domain::{
    identifiers::{NotAScheme, Scheme},
    ledger::{
        LedgerName,
        rows::{DocumentRow, SiteRow},
    },
    master_record::{BM_MSC as MASTER_RECORD, MasterRecord},
    site::{DocumentKind, Organisation, Site, SiteChange},
    specification::{BM_MSC as SPECIFICATION, Specification},
    time::Timestamp,
    typed::on_one_line,
};
use std::{path::PathBuf, process::ExitCode};
use store::{Answer, Person};

/// What can be done with sites.
#[derive(Subcommand, Debug)]
pub enum SiteCommand {
    /// Open a site: its ledger, the key that signs it, and the documents that its batches run under.
    Add(Add),
    /// Change a site: put its new batches under other documents, or correct what is printed of it.
    ///
    /// Old, new and reason are recorded. Batches at work stay under the versions that they began with.
    Change(Change),
    /// List the sites.
    List,
}

/// What changes of a site.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true)
    .args(["name", "address", "facility", "donation_number", "time_zone", "master_record", "specification"]))]
pub struct Change {
    /// Its code.
    code: String,
    /// Its name, as printed.
    #[arg(long)]
    name: Option<String>,
    /// Its address, as printed.
    #[arg(long)]
    address: Option<String>,
    #[command(flatten)]
    numbers: Numbers,
    /// Its time zone by its IANA name, as Europe/Rome.
    #[arg(long)]
    time_zone: Option<String>,
    /// The key of an adopted master record.
    #[arg(long, value_name = "KEY")]
    master_record: Option<String>,
    /// The key of an adopted specification.
    #[arg(long, value_name = "KEY")]
    specification: Option<String>,
    /// Why.
    #[arg(long)]
    reason: String,
}

/// A site to open.
#[derive(Args, Debug)]
pub struct Add {
    /// Its code: 2 to 8 capital letters and digits. It names the ledger and begins the batch numbers.
    code: String,
    /// Its name, as printed.
    #[arg(long)]
    name: String,
    /// Its address, as printed.
    #[arg(long)]
    address: String,
    #[command(flatten)]
    numbers: Numbers,
    /// Its time zone by its IANA name, as Europe/Rome.
    #[arg(long)]
    time_zone: String,
    /// The master record of its batches (docs/master-record-format.md); without it, the one that comes with Autolog.
    #[arg(long, value_name = "FILE.toml")]
    master_record: Option<PathBuf>,
    /// The specification of its batches (docs/specification-format.md); without it, the one that comes with Autolog.
    #[arg(long, value_name = "FILE.toml")]
    specification: Option<PathBuf>,
}

/// How a site numbers donations.
#[derive(Args, Debug)]
pub struct Numbers {
    /// By ISBT 128: the facility with which its donation numbers begin, as A9999; once more for each facility that collects for
    /// it. A DIN of any other is refused.
    #[arg(long, value_name = "CODE", conflicts_with = "donation_number")]
    facility: Vec<String>,
    /// By a pattern of the lab's own, as D{year}-{number:4}: capitals, digits, - / and . stand for themselves, {year} for four
    /// digits, {number:N} and {letter:N} for N digits or capitals. Its numbers may not read like a DIN, a chain-of-identity id or
    /// a batch number, as GE-2026-0001.
    #[arg(long, value_name = "PATTERN")]
    donation_number: Option<String>,
}

impl Numbers {
    /// The scheme; `None` where none is given.
    fn scheme(&self) -> Result<Option<Scheme>, NotAScheme> {
        match (&self.donation_number, self.facility.as_slice()) {
            (Some(pattern), _) => Scheme::own(pattern).map(Some),
            (None, []) => Ok(None),
            (None, facilities) => Scheme::isbt_128(facilities).map(Some),
        }
    }
}

/// Everything that a new site needs.
pub struct SiteOpening {
    /// Its code, name, address, scheme and time zone; the keys of its documents are filled in.
    pub site: Site,
    /// The text of its master record.
    pub master_record: String,
    /// The text of its specification.
    pub specification: String,
}

/// Runs the command.
pub async fn run(config: &Config, command: SiteCommand) -> Result<ExitCode> {
    match command {
        SiteCommand::Add(add) => {
            let opened = config.open_now().await?;
            let added = self::add(&opened, add).await;
            opened.close().await?;
            added
        }
        SiteCommand::Change(change) => {
            let opened = config.open_to_serve().await?;
            let changed = self::change(&opened, change).await;
            opened.records.store().close().await;
            changed
        }
        SiteCommand::List => {
            let opened = config.open_to_read().await?;
            list(&opened).await?;
            emptied::told(&opened).await
        }
    }
}

async fn add(opened: &Opened, add: Add) -> Result<ExitCode> {
    let text = |file: &Option<PathBuf>, shipped: &str| {
        file.as_deref()
            .map_or_else(|| Ok(shipped.to_owned()), read_document_file)
    };
    let Some(scheme) = add.numbers.scheme()? else {
        bail!(
            "say how donations are numbered: --facility A9999, or --donation-number \"D{{year}}-{{number:4}}\""
        );
    };
    let opening = SiteOpening {
        master_record: text(&add.master_record, MASTER_RECORD)?,
        specification: text(&add.specification, SPECIFICATION)?,
        site: Site {
            code: add.code,
            name: add.name,
            address: add.address,
            scheme,
            time_zone: add.time_zone,
            master_record: String::new(),
            specification: String::new(),
        },
    };
    let done = format!("Site {} is open.", opening.site.code);
    let answer = open_site(opened, &operator(), opening).await?;
    Ok(told(answer, &done))
}

/// Adopts the documents of a site, makes its key and opens it.
pub async fn open_site(opened: &Opened, by: &Person, opening: SiteOpening) -> Result<Answer> {
    let SiteOpening {
        mut site,
        master_record,
        specification,
    } = opening;
    site.master_record = MasterRecord::parse(&master_record)?.key;
    site.specification = Specification::parse(&specification)?.key;
    let texts = [master_record, specification];
    // A code that can't be one must not become the name of a file; what is open already keeps its key; and nothing is
    // adopted for a site that is refused.
    let store = opened.records.store();
    let (sites, mut documents) = (store.sites().await?, Vec::new());
    for kind in DocumentKind::ALL {
        documents.extend(store.documents(kind.code()).await?);
    }
    let now = opened.records.now();
    if let Err(why) = would_open(&site, &texts, &sites, documents, now) {
        return Ok(Answer::Refused(why.all_words()));
    }
    let adopted = opened.records.adopt_documents(by, new_command()?, &texts);
    let adopted = adopted.await?;
    if matches!(adopted, Answer::Refused(_)) {
        return Ok(adopted);
    }
    let ledger = LedgerName::parse(&site.code)?;
    if !opened.keys.ledgers()?.contains(&ledger) {
        opened.make_key(&ledger)?;
    }
    let answer = opened.records.open_site(by, new_command()?, site).await?;
    if matches!(answer, Answer::Done(_)) {
        for ledger in [LedgerName::org(), ledger] {
            opened.tell_key(&ledger).await?;
        }
    }
    Ok(answer)
}

/// Whether the site could be opened once its documents are adopted.
fn would_open(
    site: &Site,
    texts: &[String],
    sites: &[SiteRow],
    mut documents: Vec<DocumentRow>,
    now: Timestamp,
) -> Result<(), domain::site::Refusal> {
    let organisation = Organisation {
        sites,
        documents: &documents,
    };
    let adopted = domain::site::adopt(texts, &organisation)?.documents;
    documents.extend(adopted.iter().map(|document| document.row(now, "")));
    let organisation = Organisation {
        sites,
        documents: &documents,
    };
    let zone = store::zone::named(&site.time_zone).ok();
    domain::site::open_site(site.clone(), zone, &organisation).map(|_| ())
}

/// Puts a site under other documents, or changes what is printed of it.
async fn change(opened: &Opened, change: Change) -> Result<ExitCode> {
    let done = format!(
        "Site {} was changed. Batches at work stay as they are.",
        change.code
    );
    let wanted = SiteChange {
        name: change.name,
        address: change.address,
        scheme: change.numbers.scheme()?,
        time_zone: change.time_zone,
        master_record: change.master_record,
        specification: change.specification,
    };
    let (by, command) = (operator(), new_command()?);
    let asked = opened
        .records
        .change_site(&by, command, &change.code, wanted, &change.reason);
    Ok(told(asked.await?, &done))
}

async fn list(opened: &Opened) -> Result<()> {
    for site in opened.records.store().sites().await? {
        say!(
            "{}\t{}\t{}\t{}",
            site.code,
            on_one_line(&site.name),
            site.scheme,
            site.time_zone
        );
    }
    Ok(())
}
