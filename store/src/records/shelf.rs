//! The documents in memory: read once, parsed once, shared by every batch that runs under them.

use crate::Fault;
use domain::{
    batch::{DocumentRef, Documents, Registered},
    fit::{Misfit, misfits},
    ledger::rows::DocumentRow,
    master_record::MasterRecord,
    site::{DocumentKind, sha256},
    specification::Specification,
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// The documents that were read so far.
#[derive(Debug, Clone, Default)]
pub struct Shelf(Arc<RwLock<Held>>);

#[derive(Debug, Default)]
struct Held {
    master_records: HashMap<String, Arc<MasterRecord>>,
    specifications: HashMap<String, Arc<Specification>>,
}

impl Shelf {
    /// Parses a version and keeps it under the hash of its text.
    ///
    /// # Errors
    /// [`Fault::Unreadable`] where the text is not what its hash says, or can't be read.
    pub fn take(&self, kind: DocumentKind, text: &str, hash: &str) -> Result<(), Fault> {
        let unreadable = |why: String| Fault::Unreadable {
            what: format!("{kind} {hash}"),
            why,
        };
        if sha256(text) != hash {
            return Err(unreadable(
                "its text is not the one that its hash was made of".to_owned(),
            ));
        }
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match kind {
            DocumentKind::MasterRecord => {
                let record =
                    MasterRecord::parse(text).map_err(|why| unreadable(why.to_string()))?;
                held.master_records
                    .insert(hash.to_owned(), Arc::new(record));
            }
            DocumentKind::Specification => {
                let specification =
                    Specification::parse(text).map_err(|why| unreadable(why.to_string()))?;
                held.specifications
                    .insert(hash.to_owned(), Arc::new(specification));
            }
        }
        Ok(())
    }

    pub(super) fn take_row(&self, row: &DocumentRow) -> Result<(), Fault> {
        let kind = row.kind.parse().map_err(|why| Fault::Unreadable {
            what: "document".to_owned(),
            why,
        })?;
        self.take(kind, &row.text, &row.sha256)
    }

    /// Why two documents of the shelf can't be used together.
    pub(super) fn misfits(&self, record: &DocumentRef, specification: &DocumentRef) -> Vec<Misfit> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let record = held.master_records.get(&record.sha256);
        let specification = held.specifications.get(&specification.sha256);
        match record.zip(specification) {
            Some((record, specification)) => misfits(record, specification),
            None => Vec::new(),
        }
    }

    /// The documents of a batch.
    ///
    /// # Errors
    /// [`Fault::Missing`] where one is not on the shelf; [`Fault::UnknownZone`].
    pub fn documents(&self, harvest: &Registered) -> Result<Documents, Fault> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let missing = |reference: &DocumentRef| {
            Fault::Missing(format!("{} v{}", reference.key, reference.version))
        };
        let master_record = held.master_records.get(&harvest.master_record.sha256);
        let specification = held.specifications.get(&harvest.specification.sha256);
        Ok(Documents {
            zone: crate::zone::named(&harvest.time_zone)?,
            master_record: master_record
                .cloned()
                .ok_or_else(|| missing(&harvest.master_record))?,
            specification: specification
                .cloned()
                .ok_or_else(|| missing(&harvest.specification))?,
        })
    }
}
