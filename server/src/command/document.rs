//! `autolog document`: specifications and master records, checked, adopted, listed, shown and compared.

use super::{emptied, new_command, operator, read_document_file};
use crate::config::{Config, Opened};
use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use domain::{
    ledger::rows::DocumentRow,
    refusal::Words,
    site::{Document, DocumentKind, Refusal, kind_of, pair_fits, read_document},
    typed::on_one_line,
};
use similar::TextDiff;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};
use store::Answer;

/// What can be done with documents. Whether a file is a master record (docs/master-record-format.md) or a specification
/// (docs/specification-format.md) is seen from what stands in it.
#[derive(Subcommand, Debug)]
pub enum DocumentCommand {
    /// Check documents, without a record: that each can be used, and that each master record fits each specification.
    ///
    /// It ends with 1 where one can't be used; then it names file, line and reason.
    Check {
        /// The documents.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Adopt the next version of a document, or of a master record and its specification at once.
    ///
    /// New batches of the sites under it run under it from then on; it says which those are. A version is never changed.
    Add {
        /// The document, or both documents.
        #[arg(required = true, num_args = 1..=2)]
        files: Vec<PathBuf>,
    },
    /// List every version that is adopted, and where it is in force.
    List,
    /// Show the exact text of a version.
    Show {
        /// Its key, as BM-MSC; where both kinds have the key, specification:BM-MSC or master-record:BM-MSC.
        key: String,
        /// Its version. Not named so here: clap has an argument of that name itself.
        #[arg(value_name = "VERSION")]
        number: u32,
    },
    /// Compare two documents of one kind line by line.
    Diff {
        /// A file, or an adopted version, as BM-MSC:1 or specification:BM-MSC:1.
        old: String,
        /// The same.
        new: String,
    },
}

/// Runs the command.
pub async fn run(config: &Config, command: &DocumentCommand) -> Result<ExitCode> {
    match command {
        DocumentCommand::Check { files } => check(files),
        DocumentCommand::Add { files } => add(config, files).await,
        DocumentCommand::List => list(config).await,
        DocumentCommand::Show { key, number } => {
            let (rows, code) = rows(config).await?;
            let row = find(&rows, key, *number)?;
            std::io::stdout().write_all(row.text.as_bytes())?;
            Ok(code)
        }
        DocumentCommand::Diff { old, new } => diff(config, old, new).await,
    }
}

fn check(files: &[PathBuf]) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    let mut read: Vec<(&Path, Document)> = Vec::new();
    for file in files {
        match read_document(&read_document_file(file)?) {
            Ok(document) => {
                let Document {
                    kind, key, version, ..
                } = &document;
                say!("{}: {kind} {key} v{version} can be used.", file.display());
                read.push((file, document));
            }
            Err(why) => {
                eprintln!("{}: {why}", file.display());
                code = ExitCode::FAILURE;
            }
        }
    }
    let of = |kind| {
        read.iter()
            .filter(move |(_, document)| document.kind == kind)
    };
    for (record_file, record) in of(DocumentKind::MasterRecord) {
        for (file, specification) in of(DocumentKind::Specification) {
            match pair_fits(&record.text, &specification.text, &[]) {
                Ok(()) => say!("{} and {} fit.", record_file.display(), file.display()),
                Err(why) => {
                    eprintln!("{why}");
                    code = ExitCode::FAILURE;
                }
            }
        }
    }
    Ok(code)
}

async fn add(config: &Config, files: &[PathBuf]) -> Result<ExitCode> {
    let texts = files.iter().map(|file| read_document_file(file));
    let texts = texts.collect::<Result<Vec<_>>>()?;
    let opened = config.open_now().await?;
    let (by, command) = (operator(), new_command()?);
    let answer = opened.records.adopt_documents(&by, command, &texts).await;
    opened.close().await?;
    Ok(match answer? {
        Answer::Done(outcome) => {
            say!("{}", outcome.text);
            ExitCode::SUCCESS
        }
        Answer::Refused(words) => {
            for Words { text, .. } in words {
                eprintln!("{text}");
            }
            ExitCode::FAILURE
        }
    })
}

async fn list(config: &Config) -> Result<ExitCode> {
    let opened = config.open_to_read().await?;
    let sites = opened.records.store().sites().await?;
    let rows = adopted(&opened).await?;
    let mut newest = None;
    for row in &rows {
        let key = (row.kind.as_str(), row.key.as_str());
        // The newest version comes first.
        let in_force = newest.replace(key) != Some(key);
        let under = sites.iter().filter(|site| {
            in_force
                && match row.kind == DocumentKind::MasterRecord.code() {
                    true => site.master_record == row.key,
                    false => site.specification == row.key,
                }
        });
        let under: Vec<_> = under.map(|site| site.code.as_str()).collect();
        let place = match under.as_slice() {
            [] => "-".to_owned(),
            sites => sites.join(", "),
        };
        say!(
            "{}\t{}\tv{}\t{place}\t{}\t{}",
            row.kind,
            row.key,
            row.version,
            row.approved_at
                .map_or_else(|| "-".to_owned(), |at| at.to_string()),
            on_one_line(&row.title)
        );
    }
    emptied::told(&opened).await
}

/// What is adopted, and how the command that tells of it ends.
async fn rows(config: &Config) -> Result<(Vec<DocumentRow>, ExitCode)> {
    let opened = config.open_to_read().await?;
    let rows = adopted(&opened).await?;
    let code = emptied::told(&opened).await?;
    Ok((rows, code))
}

async fn adopted(opened: &Opened) -> Result<Vec<DocumentRow>> {
    let mut rows = Vec::new();
    for kind in DocumentKind::ALL {
        rows.extend(opened.records.store().documents(kind.code()).await?);
    }
    Ok(rows)
}

/// The version of that key, of the kind that stands before a colon or of the only one that has it.
fn find<'r>(rows: &'r [DocumentRow], name: &str, version: u32) -> Result<&'r DocumentRow> {
    let (kind, key) = match name.split_once(':') {
        Some((kind, key)) => {
            let kind: DocumentKind = kind.parse().map_err(anyhow::Error::msg)?;
            (Some(kind.code()), key)
        }
        None => (None, name),
    };
    let known = |row: &&DocumentRow| {
        row.key == key && row.version == version && kind.is_none_or(|kind| row.kind == kind)
    };
    let mut found = rows.iter().filter(known);
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row),
        (Some(_), Some(_)) => bail!(
            "Both a master record and a specification have the key {key}. Say which: master-record:{key} or \
             specification:{key}."
        ),
        (None, _) => bail!("No {name} v{version} is adopted. autolog document list names what is."),
    }
}

/// A master record differs from a specification in every line, and that says nothing. A text that is no TOML may be on its way
/// to a document, and can be compared.
fn of_one_kind((old, before): (&str, &str), (new, after): (&str, &str)) -> Result<()> {
    let kind = |name: &str, text: &str| match kind_of(text) {
        Ok(kind) => Ok(Some(kind)),
        Err(why @ Refusal::NoDocument) => bail!("{name} can't be compared. {why}"),
        Err(_) => Ok(None),
    };
    match (kind(old, before)?, kind(new, after)?) {
        (Some(before), Some(after)) if before != after => bail!(
            "{old} is a {before}, {new} a {after}: the two can't be compared. Name two documents of one kind."
        ),
        _ => Ok(()),
    }
}

async fn diff(config: &Config, old: &str, new: &str) -> Result<ExitCode> {
    let files = [old, new].map(|name| Path::new(name).is_file());
    let (rows, code) = match files {
        [true, true] => (Vec::new(), ExitCode::SUCCESS),
        _ => rows(config).await?,
    };
    let text = |name: &str, is_file: bool| -> Result<String> {
        if is_file {
            return read_document_file(Path::new(name));
        }
        let unclear = || format!("{name} is neither a file nor an adopted version, as BM-MSC:1");
        let (key, version) = name.rsplit_once(':').with_context(unclear)?;
        let version = version.parse().with_context(unclear)?;
        Ok(find(&rows, key, version)?.text.clone())
    };
    let (before, after) = (text(old, files[0])?, text(new, files[1])?);
    of_one_kind((old, &before), (new, &after))?;
    let compared = TextDiff::from_lines(&before, &after);
    let mut unified = compared.unified_diff();
    write!(
        std::io::stdout(),
        "{}",
        unified.context_radius(3).header(old, new)
    )?;
    Ok(code)
}
