//! Sites and the documents in force: what the organisation's ledger says of them.

use crate::{
    batch::DocumentRef,
    ledger::{
        LedgerName,
        rows::{DocumentRow, SiteRow},
    },
    master_record::MasterRecord,
    rights::words,
    specification::{Malformed, Specification},
    time::Timestamp,
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
    /// Its ISBT 128 facility code.
    pub facility: String,
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
    /// Something is empty.
    #[error("The site’s {0} is empty.")]
    Empty(&'static str),
    /// A document that can't be read.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// This version exists with another text.
    #[error(
        "{kind} {key} v{version} exists with another text. A version is never changed: give the new text a new version."
    )]
    VersionExists {
        /// Which kind.
        kind: DocumentKind,
        /// Its key.
        key: String,
        /// Its version.
        version: u32,
    },
}

/// Opens a site. `zone` is the one of its name: the days of its batches are counted in it.
///
/// # Errors
/// [`Refusal`] with words for the person.
pub fn open_site(site: Site, zone: Option<Zone>, exists: bool) -> Result<SiteEvent, Refusal> {
    let plain = site
        .code
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let named = LedgerName::parse(&site.code).is_ok();
    if !plain || !(2..=8).contains(&site.code.len()) || !named {
        return Err(Refusal::Code(site.code));
    }
    if exists {
        return Err(Refusal::Exists(site.code));
    }
    for (what, text) in [
        ("name", &site.name),
        ("address", &site.address),
        ("time zone", &site.time_zone),
    ] {
        if text.trim().is_empty() {
            return Err(Refusal::Empty(what));
        }
    }
    if zone.is_none_or(|zone| zone.name() != site.time_zone) {
        return Err(Refusal::TimeZone(site.time_zone));
    }
    Ok(SiteEvent::SiteOpened(site))
}

/// Reads a document and adopts it as the version that it says it is. `before` is the hash of that version, where it
/// exists.
///
/// # Errors
/// [`Refusal::Malformed`] with line and reason; [`Refusal::VersionExists`].
pub fn adopt(
    kind: DocumentKind,
    text: &str,
    before: impl Fn(&str, u32) -> Option<String>,
) -> Result<Option<Document>, Refusal> {
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
    let sha256 = sha256(text);
    match before(&key, version) {
        Some(hash) if hash == sha256 => Ok(None),
        Some(_) => Err(Refusal::VersionExists { kind, key, version }),
        None => Ok(Some(Document {
            kind,
            key,
            version,
            title,
            sha256,
            text: text.to_owned(),
        })),
    }
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
    /// Its row in the read tables.
    #[must_use]
    pub fn row(&self) -> SiteRow {
        SiteRow {
            code: self.code.clone(),
            name: self.name.clone(),
            address: self.address.clone(),
            facility: self.facility.clone(),
            time_zone: self.time_zone.clone(),
            master_record: self.master_record.clone(),
            specification: self.specification.clone(),
        }
    }
}
