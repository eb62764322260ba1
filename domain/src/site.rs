//! Sites and the documents in force: what the organisation's ledger says of them.

mod adoption;

pub use adoption::{Adoption, adopt, kind_of, pair_fits, read_document, read_documents};

use crate::{
    batch::DocumentRef,
    fit::Misfit,
    identifiers::{NotAScheme, Scheme, folded_subject},
    ledger::{
        LedgerName,
        rows::{DocumentRow, SiteRow},
    },
    refusal::{Checks, Several, Words},
    rights::words,
    specification::Malformed,
    time::Timestamp,
    typed::{NotWords, one_line, several_lines},
    zone::Zone,
};
use serde::{Deserialize, Serialize};

/// A manufacturing site, with its own ledger and key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its code, which is the name of its ledger and begins its batch numbers.
    pub code: String,
    /// Its name as printed.
    pub name: String,
    /// Its address as printed.
    pub address: String,
    /// How its donations are numbered.
    pub scheme: Scheme,
    /// Its time zone by its IANA name.
    pub time_zone: String,
    /// The key of the master record that its new batches run under.
    pub master_record: String,
    /// The key of the specification that its new batches are judged by.
    pub specification: String,
}

words! {
    /// What kind of document a batch runs under.
    DocumentKind, "a kind of document" {
        /// What is done.
        MasterRecord = "master-record", "Master record";
        /// What must hold.
        Specification = "specification", "Specification";
    }
}

/// A document as it is adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Which kind.
    pub kind: DocumentKind,
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// Its exact text.
    pub text: String,
}

/// An event of the organisation's ledger about sites and documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "kebab-case")]
pub enum SiteEvent {
    /// A site was opened.
    SiteOpened(Site),
    /// A site was put under other documents, or what is printed of it was changed.
    SiteChanged {
        /// As it was.
        old: Box<Site>,
        /// As it is.
        new: Box<Site>,
        /// Why.
        reason: String,
    },
    /// A version of a document was adopted.
    DocumentAdopted(Document),
}

/// Why a site or a document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A code that can't be one.
    #[error("“{0}” is no code of a site. Use 2 to 8 capital letters and digits, as in GE.")]
    Code(String),
    /// The code is used.
    #[error("Site {0} exists already.")]
    Exists(String),
    /// A time zone that the database of zones doesn't have.
    #[error("“{0}” is no time zone. Use its IANA name, as Europe/Rome.")]
    TimeZone(String),
    /// The code reads like one that is used.
    #[error("“{code}” reads like {known}, and batch numbers begin with it. Choose another code.")]
    ReadsLike {
        /// The code.
        code: String,
        /// The one that is used.
        known: String,
    },
    /// There is no such site.
    #[error("There is no site {0}. autolog site list names them.")]
    Unknown(String),
    /// Words that can't be kept.
    #[error("{0}")]
    Words(#[from] NotWords),
    /// Nothing of the site would change.
    #[error("Site {0} is as it shall be already. Nothing was changed.")]
    NothingChanged(String),
    /// More than one thing is wrong with what was given.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Several(Vec<Refusal>),
    /// A scheme that is none.
    #[error("{0}")]
    Scheme(#[from] NotAScheme),
    /// A document that can't be read.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// A document that is neither.
    #[error(
        "This is neither a master record, which has [[step]], nor a specification, which has [[criterion]]."
    )]
    NoDocument,
    /// This version exists with another text.
    #[error(
        "{kind} {key} v{version} exists with another text. A version is never changed: give the new text version {next}."
    )]
    VersionExists {
        /// Which kind.
        kind: DocumentKind,
        /// Its key.
        key: String,
        /// Its version.
        version: u32,
        /// The next version.
        next: u64,
    },
    /// Not the next version.
    #[error(
        "{kind} {key} v{version} is not the next one. Versions count 1, 2, 3, …: give this text version {next}."
    )]
    NotNext {
        /// Which kind.
        kind: DocumentKind,
        /// Its key.
        key: String,
        /// Its version.
        version: u32,
        /// The next version.
        next: u64,
    },
    /// The key is known by another spelling.
    #[error(
        "There is a {kind} {known}, which reads like {key}. Write its key as {known}, or choose another."
    )]
    KeySpelled {
        /// Which kind.
        kind: DocumentKind,
        /// The key.
        key: String,
        /// The one that exists.
        known: String,
    },
    /// Two texts of one kind are adopted at once.
    #[error(
        "Both are a {0}. Adopt one after the other, or a master record and its specification at once."
    )]
    SameKind(DocumentKind),
    /// No version of a document is adopted.
    #[error(
        "No {kind} {key} is adopted. autolog document list names what is; autolog document add adopts one."
    )]
    NotAdopted {
        /// Which kind.
        kind: DocumentKind,
        /// The key.
        key: String,
    },
    /// Two documents can't be used together.
    #[error(
        "Specification {specification} and master record {master_record}{} don't fit: {}. Correct one of them; \
         autolog document add adopts new versions of both at once.",
        at(.sites),
        .misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    )]
    Misfit {
        /// The specification with its version.
        specification: String,
        /// The master record with its version.
        master_record: String,
        /// The sites at which both are in force.
        sites: Vec<String>,
        /// Why.
        misfits: Vec<Misfit>,
    },
}

impl Several for Refusal {
    fn several(refused: Vec<Self>) -> Self {
        Self::Several(refused)
    }
}

impl Refusal {
    /// The words of everything that was refused.
    #[must_use]
    pub fn all_words(&self) -> Vec<Words> {
        match self {
            Self::Several(refusals) => refusals.iter().flat_map(Self::all_words).collect(),
            one => vec![Words::of(one.to_string())],
        }
    }
}

fn at(sites: &[String]) -> String {
    match sites {
        [] => String::new(),
        sites => format!(", in force at {},", sites.join(", ")),
    }
}

/// The sites and documents as they stand under the lock of the organisation's ledger.
#[derive(Debug, Clone, Copy)]
pub struct Organisation<'a> {
    /// Every site.
    pub sites: &'a [SiteRow],
    /// Every version of every document.
    pub documents: &'a [DocumentRow],
}

impl Organisation<'_> {
    fn versions(&self, kind: DocumentKind, key: &str) -> impl Iterator<Item = &DocumentRow> {
        self.documents
            .iter()
            .filter(move |row| row.kind == kind.code() && row.key == key)
    }

    fn latest(&self, kind: DocumentKind, key: &str) -> Result<&str, Refusal> {
        let latest = self.versions(kind, key).max_by_key(|row| row.version);
        let latest = latest.map(|row| row.text.as_str());
        let key = key.to_owned();
        latest.ok_or(Refusal::NotAdopted { kind, key })
    }
}

/// Opens a site. `zone` is the one of its name: the days of its batches are counted in it.
///
/// # Errors
/// [`Refusal`] with words for the person.
pub fn open_site(
    site: Site,
    zone: Option<Zone>,
    organisation: &Organisation<'_>,
) -> Result<SiteEvent, Refusal> {
    let mut checks = Checks::default();
    checks.take(free_code(&site.code, organisation));
    let fitting = fitting(site, zone, organisation, &mut checks);
    match fitting.filter(|_| checks.passed()) {
        Some(site) => Ok(SiteEvent::SiteOpened(site)),
        None => Err(checks.refused()),
    }
}

/// The code can be one of a site, and is not used.
fn free_code(code: &str, organisation: &Organisation<'_>) -> Result<(), Refusal> {
    let plain = code
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if !plain || !(2..=8).contains(&code.len()) || LedgerName::parse(code).is_err() {
        return Err(Refusal::Code(code.to_owned()));
    }
    let known = organisation.sites.iter().map(|row| row.code.as_str());
    for known in known.chain([LedgerName::org().as_str()]) {
        if known == code {
            return Err(Refusal::Exists(code.to_owned()));
        }
        if folded_subject(known) == folded_subject(code) {
            let (code, known) = (code.to_owned(), known.to_owned());
            return Err(Refusal::ReadsLike { code, known });
        }
    }
    Ok(())
}

/// What is to change of a site; `None` leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteChange {
    /// Its name as printed.
    pub name: Option<String>,
    /// Its address as printed.
    pub address: Option<String>,
    /// How its donations are numbered.
    pub scheme: Option<Scheme>,
    /// Its time zone.
    pub time_zone: Option<String>,
    /// The key of the master record of its new batches.
    pub master_record: Option<String>,
    /// The key of the specification of its new batches.
    pub specification: Option<String>,
}

/// Changes a site; `zone_of` knows the zone of a name. Batches at work stay as they are.
///
/// # Errors
/// [`Refusal`] with words for the person.
pub fn change_site(
    code: &str,
    change: SiteChange,
    reason: &str,
    zone_of: impl Fn(&str) -> Option<Zone>,
    organisation: &Organisation<'_>,
) -> Result<SiteEvent, Refusal> {
    let row = organisation.sites.iter().find(|row| row.code == code);
    let old = Site::of(row.ok_or_else(|| Refusal::Unknown(code.to_owned()))?)?;
    let mut checks = Checks::default();
    let reason = several_lines(reason, "The reason", MAX_WORDS);
    let reason = checks.take(reason.map_err(Refusal::Words));
    let other = |new: Option<String>, old: &String| new.unwrap_or_else(|| old.clone());
    let new = Site {
        code: old.code.clone(),
        name: other(change.name, &old.name),
        address: other(change.address, &old.address),
        scheme: change.scheme.unwrap_or_else(|| old.scheme.clone()),
        time_zone: other(change.time_zone, &old.time_zone),
        master_record: other(change.master_record, &old.master_record),
        specification: other(change.specification, &old.specification),
    };
    let zone = zone_of(&new.time_zone);
    let new = if new == old {
        Some(new)
    } else {
        fitting(new, zone, organisation, &mut checks)
    };
    if new.as_ref() == Some(&old) {
        checks.refuse(Refusal::NothingChanged(old.code.clone()));
    }
    let (Some(reason), Some(new), true) = (reason, new, checks.passed()) else {
        return Err(checks.refused());
    };
    Ok(SiteEvent::SiteChanged {
        old: Box::new(old),
        new: Box::new(new),
        reason,
    })
}

/// The longest name, address or reason that is kept of a site.
const MAX_WORDS: usize = 300;

/// The site with its words as they are printed; its documents are there and fit.
fn fitting(
    site: Site,
    zone: Option<Zone>,
    organisation: &Organisation<'_>,
    checks: &mut Checks<Refusal>,
) -> Option<Site> {
    let words = |text: &str, what| one_line(text, what, MAX_WORDS).map_err(Refusal::Words);
    let name = checks.take(words(&site.name, "The site’s name"));
    let address = checks.take(words(&site.address, "The site’s address"));
    let time_zone = checks.take(words(&site.time_zone, "The site’s time zone"));
    if let Some(shown) = time_zone
        && zone.is_none_or(|zone| zone.name() != site.time_zone)
    {
        checks.refuse(Refusal::TimeZone(shown));
    }
    let record = organisation.latest(DocumentKind::MasterRecord, &site.master_record);
    let specification = organisation.latest(DocumentKind::Specification, &site.specification);
    if let (Some(record), Some(specification)) = (checks.take(record), checks.take(specification)) {
        checks.take(pair_fits(record, specification, &[]));
    }
    Some(Site {
        name: name?,
        address: address?,
        ..site
    })
}

/// SHA-256 of a document's text, in hexadecimal.
#[must_use]
pub fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(text.as_bytes()))
}

impl Document {
    /// How a batch names this version.
    #[must_use]
    pub fn reference(&self) -> DocumentRef {
        DocumentRef {
            key: self.key.clone(),
            version: self.version,
            sha256: self.sha256.clone(),
        }
    }

    /// Its row in the read tables.
    #[must_use]
    pub fn row(&self, at: Timestamp, by: &str) -> DocumentRow {
        DocumentRow {
            kind: self.kind.code().to_owned(),
            key: self.key.clone(),
            version: self.version,
            title: self.title.clone(),
            sha256: self.sha256.clone(),
            text: self.text.clone(),
            approved_at: Some(at),
            approved_by: Some(by.to_owned()),
        }
    }
}

impl Site {
    /// The site of a row.
    ///
    /// # Errors
    /// [`NotAScheme`] where its scheme is none.
    pub fn of(row: &SiteRow) -> Result<Self, NotAScheme> {
        Ok(Self {
            code: row.code.clone(),
            name: row.name.clone(),
            address: row.address.clone(),
            scheme: row.scheme.parse()?,
            time_zone: row.time_zone.clone(),
            master_record: row.master_record.clone(),
            specification: row.specification.clone(),
        })
    }

    /// Its row in the read tables.
    #[must_use]
    pub fn row(&self) -> SiteRow {
        SiteRow {
            code: self.code.clone(),
            name: self.name.clone(),
            address: self.address.clone(),
            scheme: self.scheme.to_string(),
            time_zone: self.time_zone.clone(),
            master_record: self.master_record.clone(),
            specification: self.specification.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
