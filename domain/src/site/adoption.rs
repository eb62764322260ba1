//! Adopting documents: the next version of one, or of a master record and its specification at once.

use super::{Document, DocumentKind, Organisation, Refusal, sha256};
use crate::{
    fit::misfits,
    identifiers::folded_subject,
    ledger::rows::{DocumentRow, SiteRow},
    master_record::MasterRecord,
    refusal::Checks,
    specification::{Malformed, Specification, parse::shaped},
    typed::unprintable_in_lines,
};
use serde::{Deserialize, de::IgnoredAny};
use std::collections::BTreeMap;

/// A master record and a specification can be used together; `sites` are those at which they are in force.
///
/// # Errors
/// [`Refusal::Malformed`], [`Refusal::Misfit`].
pub fn pair_fits(record: &str, specification: &str, sites: &[String]) -> Result<(), Refusal> {
    let record = MasterRecord::parse(record)?;
    let specification = Specification::parse(specification)?;
    let misfits = misfits(&record, &specification);
    if misfits.is_empty() {
        return Ok(());
    }
    Err(Refusal::Misfit {
        specification: specification.label(),
        master_record: record.label(),
        sites: sites.to_vec(),
        misfits,
    })
}

/// Which kind of document a text is, by what only that kind has.
///
/// # Errors
/// [`Refusal::Malformed`] where it is no TOML; [`Refusal::NoDocument`].
pub fn kind_of(text: &str) -> Result<DocumentKind, Refusal> {
    #[derive(Deserialize)]
    struct Shape {
        step: Option<IgnoredAny>,
        criterion: Option<IgnoredAny>,
    }
    let shape: Shape = shaped(text).map_err(|mistake| mistake.in_text(text))?;
    match (shape.step, shape.criterion) {
        (Some(_), None) => Ok(DocumentKind::MasterRecord),
        (None, Some(_)) => Ok(DocumentKind::Specification),
        (Some(_), Some(_)) | (None, None) => Err(Refusal::NoDocument),
    }
}

/// Reads a document as the version that it says it is.
///
/// # Errors
/// [`Refusal::Malformed`] with line and reason; [`Refusal::NoDocument`].
pub fn read_document(text: &str) -> Result<Document, Refusal> {
    let kind = kind_of(text)?;
    let (key, version, title) = match kind {
        DocumentKind::MasterRecord => {
            let record = MasterRecord::parse(text)?;
            (record.key, record.version, record.title)
        }
        DocumentKind::Specification => {
            let specification = Specification::parse(text)?;
            (
                specification.key,
                specification.version,
                specification.title,
            )
        }
    };
    all_visible(text)?;
    Ok(Document {
        kind,
        key,
        version,
        title,
        sha256: sha256(text),
        text: text.to_owned(),
    })
}

/// Reads documents that are adopted at once.
///
/// # Errors
/// Why each that can't be read can't, as one [`Refusal`].
pub fn read_documents(texts: &[String]) -> Result<Vec<Document>, Refusal> {
    let mut checks = Checks::default();
    let read = texts.iter().map(|text| checks.take(read_document(text)));
    let read: Vec<_> = read.collect();
    checks.finish()?;
    Ok(read.into_iter().flatten().collect())
}

/// A document is read by people: what they can't see isn't in it, not in a comment either.
fn all_visible(text: &str) -> Result<(), Malformed> {
    // Some editors begin a file with a mark of its encoding.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split('\n').zip(1..);
    let hidden = lines.find_map(|(line, number)| Some((unprintable_in_lines(line)?, number)));
    hidden.map_or(Ok(()), |(name, line)| {
        Err(Malformed {
            line,
            reason: format!("it holds an invisible character ({name}). Write the line without it."),
        })
    })
}

/// What is adopted, and what the person is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The versions that are new.
    pub documents: Vec<Document>,
    /// A sentence for each text: adopted, and where it is in force.
    pub words: String,
}

/// Adopts one document, or a master record and its specification at once. A text that is adopted already changes nothing.
///
/// # Errors
/// [`Refusal`] where one can't be read, is not the next version, or doesn't fit what it is or comes in force with.
pub fn adopt(texts: &[String], organisation: &Organisation<'_>) -> Result<Adoption, Refusal> {
    let read = read_documents(texts)?;
    if let [one, other, ..] = read.as_slice()
        && one.kind == other.kind
    {
        return Err(Refusal::SameKind(one.kind));
    }
    let mut words = Vec::new();
    let mut documents = Vec::new();
    let mut checks = Checks::default();
    for document in &read {
        let Some(new) = checks.take(is_new(document, organisation)) else {
            continue;
        };
        let sites = in_force_at(document, organisation);
        words.push(adopted(document, new, &sites));
        documents.extend(new.then(|| document.clone()));
    }
    checks.finish()?;
    let text_of = |kind, key: &str| {
        let new = documents
            .iter()
            .find(|one| one.kind == kind && one.key == *key);
        new.map_or_else(
            || organisation.latest(kind, key),
            |new| Ok(new.text.as_str()),
        )
    };
    let mut pairs: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for site in organisation.sites {
        let keys = (site.master_record.as_str(), site.specification.as_str());
        pairs.entry(keys).or_default().push(site.code.clone());
    }
    for ((record, specification), sites) in pairs {
        let touched = documents.iter().any(|one| match one.kind {
            DocumentKind::MasterRecord => one.key == record,
            DocumentKind::Specification => one.key == specification,
        });
        if touched {
            let record = text_of(DocumentKind::MasterRecord, record)?;
            let specification = text_of(DocumentKind::Specification, specification)?;
            pair_fits(record, specification, &sites)?;
        }
    }
    let given = |kind| read.iter().find(|one| one.kind == kind);
    if let (Some(record), Some(specification)) = (
        given(DocumentKind::MasterRecord),
        given(DocumentKind::Specification),
    ) {
        pair_fits(&record.text, &specification.text, &[])?;
    }
    Ok(Adoption {
        words: words.join(" "),
        documents,
    })
}

/// Whether the document is the next version of its key; `false` where this very text is adopted already.
fn is_new(document: &Document, organisation: &Organisation<'_>) -> Result<bool, Refusal> {
    let (kind, key, version) = (document.kind, document.key.clone(), document.version);
    let mut of_kind = organisation
        .documents
        .iter()
        .filter(|row| row.kind == kind.code());
    let spelled =
        |row: &&DocumentRow| row.key != key && folded_subject(&row.key) == folded_subject(&key);
    if let Some(row) = of_kind.find(spelled) {
        let known = row.key.clone();
        return Err(Refusal::KeySpelled { kind, key, known });
    }
    let versions: Vec<_> = organisation.versions(kind, &key).collect();
    let last = versions.iter().map(|row| row.version).max().unwrap_or(0);
    let next = u64::from(last) + 1;
    match versions.iter().find(|row| row.version == version) {
        Some(row) if row.sha256 == document.sha256 => Ok(false),
        Some(_) => Err(Refusal::VersionExists {
            kind,
            key,
            version,
            next,
        }),
        None if u64::from(version) == next => Ok(true),
        None => Err(Refusal::NotNext {
            kind,
            key,
            version,
            next,
        }),
    }
}

/// The sites whose new batches run under the newest version of this document.
fn in_force_at(document: &Document, organisation: &Organisation<'_>) -> Vec<String> {
    let under = |site: &&SiteRow| match document.kind {
        DocumentKind::MasterRecord => site.master_record == document.key,
        DocumentKind::Specification => site.specification == document.key,
    };
    let sites = organisation.sites.iter().filter(under);
    sites.map(|site| site.code.clone()).collect()
}

fn adopted(document: &Document, new: bool, sites: &[String]) -> String {
    let Document {
        kind, key, version, ..
    } = document;
    if !new {
        return format!("{kind} {key} v{version} is adopted already; nothing was changed.");
    }
    match sites {
        [] => format!(
            "{kind} {key} v{version} adopted. In force at no site: put a site under it with autolog site change."
        ),
        sites => format!(
            "{kind} {key} v{version} adopted. In force at {}.",
            sites.join(", ")
        ),
    }
}
