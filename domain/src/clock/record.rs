//! What the organisation's ledger says of the clock.

use super::{Cause, ClockCopied, ClockEvent, CopiedFrom, Doubt, Reader};
use crate::{ledger::entry::Entry, time::Timestamp};

/// The clock as the stream `clock:org` makes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockRecord {
    /// The number of entries.
    pub version: u64,
    /// The doubt that nobody has ended yet.
    pub doubt: Option<OpenDoubt>,
    /// The last time that a doubt was ended.
    pub correction: Option<Correction>,
}

/// A doubt that nobody has ended yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDoubt {
    /// What was noticed.
    pub doubt: Doubt,
    /// The `recorded_at` of the entry that says so.
    pub recorded_at: Timestamp,
    /// The first of the two people, once they have confirmed.
    pub first: Option<Reader>,
}

/// A doubt that two people ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// When, by the clock that they confirmed.
    pub at: Timestamp,
    /// What other ledgers repeat of it.
    pub copy: ClockCopied,
}

impl ClockRecord {
    /// The clock after its entries, in order.
    ///
    /// # Errors
    /// The reason, where one of them can't be read.
    pub fn fold(entries: &[Entry]) -> Result<Self, String> {
        let mut record = Self::default();
        for entry in entries {
            let event: ClockEvent = entry.event().map_err(|why| why.to_string())?;
            record.version = entry.version;
            match event {
                ClockEvent::ClockDoubted(doubt) => {
                    record.doubt.get_or_insert(OpenDoubt {
                        doubt,
                        recorded_at: entry.recorded_at,
                        first: None,
                    });
                }
                ClockEvent::ClockRead(read) => {
                    if let Some(open) = &mut record.doubt {
                        open.first = Some(read.reader);
                    }
                }
                ClockEvent::ClockCorrected(corrected) => {
                    record.doubt = None;
                    record.correction = Some(Correction {
                        at: entry.recorded_at,
                        copy: ClockCopied {
                            cause: corrected.cause,
                            from: corrected.from,
                            to: corrected.to,
                            readers: corrected.readers,
                            org: CopiedFrom {
                                version: entry.version,
                                leaf: entry.leaf_hash(),
                            },
                        },
                    });
                }
                // It stands in other ledgers.
                ClockEvent::ClockCopied(_) => {}
            }
        }
        Ok(record)
    }

    /// The cause of the doubt that is open.
    #[must_use]
    pub fn cause(&self) -> Option<Cause> {
        self.doubt.as_ref().map(|open| open.doubt.cause)
    }
}
