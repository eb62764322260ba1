//! An event of a batch as it stands in the ledger, and back.

use crate::batch::{BatchEvent, By, Recorded};
use serde::de::{DeserializeOwned, Error as _};
use strum::VariantNames;

use crate::{
    ledger::{Entry, Payload, tagged},
    rights::Role,
};

/// What stands in the ledger is no event of a batch that this version of the program knows.
#[derive(Debug, thiserror::Error)]
pub enum NotAnEvent {
    /// Of a kind, or with a payload, that is not known.
    #[error("the entry “{kind}” can't be read as an event of a batch: {source}")]
    Unreadable {
        /// The kind.
        kind: String,
        /// Why.
        source: serde_json::Error,
    },
    /// Of a kind that is longer than any is.
    #[error("the entry “{kind}…” is of no kind that this program knows")]
    NoKind {
        /// How it begins.
        kind: String,
    },
    /// Written by a later version of the program.
    #[error(
        "the entry “{kind}” is of version {version}; this program reads versions up to {}",
        BatchEvent::VERSION
    )]
    Later {
        /// The kind.
        kind: String,
        /// The version.
        version: u16,
    },
    /// Made by no account, or in a role that there is not.
    #[error("the entry “{kind}” names no person with a role at the site")]
    Nobody {
        /// The kind.
        kind: String,
    },
}

/// No kind of event has a longer name.
const LONGEST_KIND: usize = 40;

impl BatchEvent {
    /// The event that stands in the ledger as `kind` in `version`, with `payload`.
    ///
    /// # Errors
    /// [`NotAnEvent`] with the reason.
    pub fn from_ledger(kind: &str, version: u16, payload: &Payload) -> Result<Self, NotAnEvent> {
        let named = || kind.chars().take(LONGEST_KIND).collect();
        if kind.len() > LONGEST_KIND {
            return Err(NotAnEvent::NoKind { kind: named() });
        }
        if version > Self::VERSION {
            return Err(NotAnEvent::Later {
                kind: named(),
                version,
            });
        }
        Self::read(kind, payload).map_err(|source| NotAnEvent::Unreadable {
            kind: named(),
            source,
        })
    }

    /// The kinds of event that there are.
    #[cfg(test)]
    pub(in crate::batch) fn kinds() -> impl Iterator<Item = &'static str> {
        use crate::batch::{
            DeviationEvent, DoseEvent, ExceptionEvent, HarvestEvent, InventoryEvent,
            ProcessingEvent, QualityEvent, ReleaseEvent, StopEvent, TimesEvent,
        };
        let of_slices = [
            HarvestEvent::VARIANTS,
            ProcessingEvent::VARIANTS,
            TimesEvent::VARIANTS,
            QualityEvent::VARIANTS,
            StopEvent::VARIANTS,
            DeviationEvent::VARIANTS,
            ExceptionEvent::VARIANTS,
            ReleaseEvent::VARIANTS,
            InventoryEvent::VARIANTS,
            DoseEvent::VARIANTS,
        ];
        of_slices.into_iter().flatten().copied()
    }

    /// The event of the slice that has this kind. Each kind is that of one slice.
    fn read(kind: &str, payload: &Payload) -> Result<Self, serde_json::Error> {
        of_slice(kind, payload, Self::Harvest)
            .or_else(|| of_slice(kind, payload, Self::Processing))
            .or_else(|| of_slice(kind, payload, Self::Times))
            .or_else(|| of_slice(kind, payload, Self::Quality))
            .or_else(|| of_slice(kind, payload, Self::Stop))
            .or_else(|| of_slice(kind, payload, Self::Deviation))
            .or_else(|| of_slice(kind, payload, Self::Exception))
            .or_else(|| of_slice(kind, payload, Self::Release))
            .or_else(|| of_slice(kind, payload, Self::Inventory))
            .or_else(|| of_slice(kind, payload, Self::Dose))
            .unwrap_or_else(|| {
                let unknown = format_args!("there is no such kind");
                Err(serde_json::Error::custom(unknown))
            })
    }
}

/// The event of a slice; `None` where the kind is of another.
fn of_slice<T: DeserializeOwned + VariantNames>(
    kind: &str,
    payload: &Payload,
    sum: fn(T) -> BatchEvent,
) -> Option<Result<BatchEvent, serde_json::Error>> {
    T::VARIANTS
        .contains(&kind)
        .then(|| tagged::read(kind, payload).map(sum))
}

impl Recorded {
    /// The event that an entry of a batch's stream holds.
    ///
    /// # Errors
    /// [`NotAnEvent`] with the reason.
    pub fn from_entry(entry: &Entry) -> Result<Self, NotAnEvent> {
        let event = BatchEvent::from_ledger(&entry.kind, entry.kind_version, &entry.payload)?;
        let nobody = || NotAnEvent::Nobody {
            kind: entry.kind.clone(),
        };
        let role: Role = entry.actor.role.parse().map_err(|_| nobody())?;
        let user = entry.actor.user.ok_or_else(nobody)?;
        let by = By {
            user,
            name: entry.actor.name.clone(),
            role,
        };
        Ok(Self {
            version: entry.version,
            at: entry.recorded_at,
            clock: entry.origin.clock,
            by,
            event,
        })
    }
}
