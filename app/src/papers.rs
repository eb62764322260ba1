//! Papers that leave the house. A print is made once, with an entry that says who printed what and when; opened again it
//! gives the same bytes, or says that it can't.

use domain::batch::Recorded;
use domain::certificate::{Certificate, Paper, PrintOf, PrintedCheckpoint, SiteOnPaper};
use domain::ids::BatchId;
use domain::ledger::{Hash, LedgerName};
use domain::print::{Print, PrintEvent, PrintedDocument, print_number};
use domain::refusal::Words;
use domain::time::Timestamp;
use std::error::Error;

use crate::desk::{AppState, Desk, Trouble};
use crate::door::Often;
use crate::form::Typed;
use crate::trail::{Format, Trail};

/// What lays out a certificate as a PDF file: the same certificate gives the same bytes.
pub type Printer = fn(&Certificate) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>>;

/// How often a number is taken again that another print took meanwhile.
const TRIES: usize = 5;

/// A file of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A print that was opened again.
#[derive(Debug)]
pub enum Opened {
    /// The same bytes as on that day.
    Same(File),
    /// This version of the program, or a record that was changed, makes others: it is not shown.
    Another(Box<Print>),
}

/// Prints a document of a batch that the person may print.
///
/// # Errors
/// [`Trouble::Refused`] where there is no such document; nothing was recorded then.
pub async fn print(
    desk: &Desk,
    form: &Typed,
    id: BatchId,
    document: PrintedDocument,
) -> Result<(), Trouble> {
    let state = AppState::here()?;
    let batch = desk.batch(id).await?;
    let site = batch.harvest.site.clone();
    desk.require(document.action(), &site)?;
    document.check().map_err(|why| Words::of(why.to_string()))?;
    let command = desk.command(form)?;
    desk.door.may_again(&desk.person, Often::Print)?;
    let row = state.records.site(&site).await?.ok_or(Trouble::NotFound)?;
    for _ in 0..TRIES {
        let before = state.records.prints(id, &site).await?.len();
        let batch = desk.batch(id).await?;
        // A paper of a part of a record would pass for one of the whole.
        if let Some(what) = &batch.altered {
            return Err(Words::of(format!(
                "The record of this batch was changed outside Autolog: {what} Nothing is printed of it. Its pages show what can be read; autolog export gives every entry to the person who examines it."
            ))
            .into());
        }
        let mut print = Print {
            number: print_number(&batch.harvest.number, before),
            document: document.clone(),
            printed_at: desk.now(),
            by: format!("{} ({})", desk.person.name, desk.person.user_name),
            batch_version: batch.version,
            checkpoint: checkpoint(&state, &site).await?,
            site: SiteOnPaper {
                code: row.code.clone(),
                name: row.name.clone(),
                address: row.address.clone(),
                time_zone: batch.zone().name().to_owned(),
            },
            program: format!("Autolog {}", state.records.version()),
            sha256: String::new(),
        };
        let file = made(&state, id, &print).await?;
        print.sha256 = Hash::of(&file.bytes).to_string();
        let event = PrintEvent::Printed(Box::new(print));
        let recorded = state
            .records
            .record_print(&desk.person, command, id, &site, before as u64, event)
            .await?;
        if let Some(answer) = recorded {
            return crate::desk::done(answer);
        }
    }
    Err(Words::of(
        "Others print papers of this batch at this moment. Nothing was printed: try again.",
    )
    .into())
}

/// Opens a print again.
///
/// # Errors
/// [`Trouble::NotFound`] where there is no such print; [`Trouble::NotAllowed`].
pub async fn open(
    state: &AppState,
    person: &store::Person,
    id: BatchId,
    place: usize,
) -> Result<Opened, Trouble> {
    let row = state.records.store().batch(id).await?;
    let row = row
        .filter(|row| person.may(&row.site, domain::rights::Action::ReadBatch))
        .ok_or(Trouble::NotFound)?;
    let prints = state.records.prints(id, &row.site).await?;
    let print = place.checked_sub(1).and_then(|place| prints.get(place));
    let print = print.ok_or(Trouble::NotFound)?;
    let action = print.document.action();
    if !person.may(&row.site, action) {
        return Err(Trouble::NotAllowed(action));
    }
    let file = made(state, id, print).await?;
    if Hash::of(&file.bytes).to_string() == print.sha256 {
        Ok(Opened::Same(file))
    } else {
        Ok(Opened::Another(Box::new(print.clone())))
    }
}

/// The file of a print, from what its entry says and the record up to there.
async fn made(state: &AppState, id: BatchId, print: &Print) -> Result<File, Trouble> {
    match &print.document {
        PrintedDocument::Certificate { number } => certificate(state, id, print, number).await,
        PrintedDocument::AuditTrail { format, filter } => {
            let format = match format.as_str() {
                "json" => Format::Json,
                _ => Format::Csv,
            };
            let batch = state.records.batch_at(id, print.batch_version).await?;
            let batch = batch.ok_or(Trouble::NotFound)?;
            let trail = Trail::printed(&state.records, batch, filter, print).await?;
            let copy = trail.printed_copy(format, print);
            Ok(File {
                name: copy.file_name,
                media_type: copy.media_type,
                bytes: copy.text.into_bytes(),
            })
        }
    }
}

async fn certificate(
    state: &AppState,
    id: BatchId,
    print: &Print,
    number: &str,
) -> Result<File, Trouble> {
    let batch = state.records.batch_at(id, print.batch_version).await?;
    let batch = batch.ok_or(Trouble::NotFound)?;
    let entries = state.records.batch_entries(id).await?;
    let upto = entries
        .iter()
        .filter(|entry| entry.version <= print.batch_version);
    let events = upto
        .map(Recorded::from_entry)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|why| {
            let what = format!("record of batch {}", batch.harvest.number);
            let why = why.to_string();
            Trouble::from(store::Fault::Unreadable { what, why })
        })?;
    let zone = batch.zone();
    let certificate = Certificate::numbered(
        number,
        &batch,
        &events,
        &Paper {
            site: &print.site,
            checkpoint: &print.checkpoint,
            program: &print.program,
            print: &PrintOf {
                number: print.number.clone(),
                at: print.printed_at,
                by: print.by.clone(),
            },
            shown: &|at: Timestamp| zone.shown(at),
        },
    );
    let no_such = "This batch has no such certificate. A certificate is there once the Qualified Person has certified the batch.";
    let certificate = certificate.ok_or_else(|| Words::of(no_such))?;
    let name = format!("{}-{}.pdf", certificate.number, short(&print.number));
    let printer = state.printer;
    let printed = tokio::task::spawn_blocking(move || printer(&certificate)).await;
    let bytes = printed
        .map_err(|_| Trouble::Broken("the printer broke"))?
        .map_err(|why| {
            tracing::error!(error = %why, "a certificate could not be printed");
            Trouble::Broken("a certificate could not be printed")
        })?;
    Ok(File {
        name,
        media_type: "application/pdf",
        bytes,
    })
}

/// The end of a print's number: `P3`.
#[must_use]
pub fn short(number: &str) -> &str {
    number.rsplit('-').next().unwrap_or(number)
}

/// The tree of the ledger at this moment, signed.
async fn checkpoint(state: &AppState, site: &str) -> Result<PrintedCheckpoint, Trouble> {
    let ledger = LedgerName::parse(site).map_err(|_| Trouble::NotFound)?;
    let store = state.records.store();
    let signed = store.checkpoint(&ledger).await?;
    let signed = signed.ok_or(Trouble::NotFound)?;
    Ok(PrintedCheckpoint::from(&signed.checkpoint))
}
