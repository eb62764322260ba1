//! What a batch holds alone: identifiers, and the positions of its units.
//!
//! A claim is a row of its own, written in the transaction of the entry that makes it; the row's key decides where two
//! want the same at the same moment, also from two sites and two servers (`docs/adr/0012-unique-claims.md`).

use super::{
    Batch, BatchCommand, DoseState, Harvest, HarvestRefusal, InputRefusal, InventoryRefusal,
    Refusal, Unit, UnitForm, UnitState, demands::Claim,
};
use crate::{
    identifiers::{Coi, DonationNumber, folded_code, folded_position, folded_subject},
    ids::{BatchId, DoseId},
    ledger::rows::ClaimRow,
    rights::words,
};
use std::collections::BTreeMap;

words! {
    /// What can be held by one alone.
    ClaimKind, "a kind of claim" {
        /// The id of a batch, over all sites.
        Batch = "batch", "batch id";
        /// A batch number.
        BatchNumber = "batch-number", "batch number";
        /// A donation number, over all sites.
        Donation = "donation", "donation number";
        /// A chain-of-identity id, over all sites: it belongs to one subject, whose donations share it.
        Coi = "coi", "chain-of-identity id";
        /// The chain-of-identity id of a subject: there is one.
        CoiOfSubject = "coi-of-subject", "chain-of-identity id of the subject";
        /// The spelling of a subject code at its site.
        Subject = "subject", "subject code";
        /// A position in the store of a site.
        Position = "position", "position";
    }
}

/// The scope of what is unique over all sites. No site has this code.
const ALL_SITES: &str = "*";

/// What is claimed: unique within its kind and scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimKey {
    /// Of what kind.
    pub kind: ClaimKind,
    /// The site's code, or `*` for all sites.
    pub scope: String,
    /// What is claimed, in its comparable form.
    pub code: String,
}

impl ClaimKey {
    fn of(kind: ClaimKind, scope: &str, code: impl Into<String>) -> Self {
        Self {
            kind,
            scope: scope.to_owned(),
            code: code.into(),
        }
    }

    /// The id of a batch.
    #[must_use]
    pub fn batch(id: BatchId) -> Self {
        Self::of(ClaimKind::Batch, ALL_SITES, id.to_string())
    }

    /// A donation number. A DIN is compared as it is: facilities may differ by an I and a 1, and its check character finds
    /// what was misread. A number of a lab's own has none, and no pattern makes one that reads like a DIN.
    #[must_use]
    pub fn donation(number: &DonationNumber) -> Self {
        let code = match number {
            DonationNumber::Isbt128(din) => din.as_str().to_owned(),
            DonationNumber::Own(own) => folded_subject(own.as_str()),
        };
        Self::of(ClaimKind::Donation, ALL_SITES, code)
    }

    /// A chain-of-identity id.
    #[must_use]
    pub fn coi(coi: &Coi) -> Self {
        Self::of(ClaimKind::Coi, ALL_SITES, folded_code(coi.as_str()))
    }

    /// The chain-of-identity id of a subject.
    #[must_use]
    pub fn coi_of_subject(site: &str, subject: &str) -> Self {
        Self::of(ClaimKind::CoiOfSubject, site, folded_subject(subject))
    }

    /// A subject code.
    #[must_use]
    pub fn subject(site: &str, subject: &str) -> Self {
        Self::of(ClaimKind::Subject, site, folded_subject(subject))
    }

    /// A position in a site's store.
    #[must_use]
    pub fn position(site: &str, location: &str) -> Self {
        Self::of(ClaimKind::Position, site, folded_position(location))
    }

    fn held_by(self, holder: impl Into<String>) -> ClaimRow {
        ClaimRow {
            kind: self.kind.code().to_owned(),
            scope: self.scope,
            code: self.code,
            holder: holder.into(),
        }
    }

    /// The refusal of the one who wants what `holder` has.
    #[must_use]
    pub fn taken(&self, holder: &str) -> Refusal {
        let (code, holder) = (self.code.clone(), holder.to_owned());
        match self.kind {
            ClaimKind::Batch | ClaimKind::BatchNumber => {
                Refusal::Input(InputRefusal::IdUsed { what: "batch" })
            }
            ClaimKind::Donation => match holder.split_once(OF_BATCH) {
                Some((din, batch)) => Refusal::Harvest(HarvestRefusal::DinUsed {
                    din: din.to_owned(),
                    batch: batch.to_owned(),
                }),
                None => Refusal::Harvest(HarvestRefusal::DinUsed {
                    din: code,
                    batch: holder,
                }),
            },
            ClaimKind::Coi => Refusal::Harvest(HarvestRefusal::CoiUsed {
                coi: code,
                subject: holder,
            }),
            ClaimKind::CoiOfSubject => {
                Refusal::Harvest(HarvestRefusal::SubjectHasCoi { coi: holder })
            }
            ClaimKind::Subject => {
                Refusal::Harvest(HarvestRefusal::SubjectSpelled { known: holder })
            }
            ClaimKind::Position => {
                Refusal::Inventory(InventoryRefusal::PositionTaken { unit: holder })
            }
        }
    }
}

/// Who holds what a command asks for, looked up in its transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held(BTreeMap<ClaimKey, String>);

impl Held {
    /// Who holds what.
    #[must_use]
    pub fn of(held: impl IntoIterator<Item = (ClaimKey, String)>) -> Self {
        Self(held.into_iter().collect())
    }

    /// The claim is free, or held by `own`.
    ///
    /// # Errors
    /// The refusal that names who holds it.
    pub(super) fn free_or(&self, key: &ClaimKey, own: &str) -> Result<(), Refusal> {
        match self.0.get(key) {
            Some(holder) if holder != own => Err(key.taken(holder)),
            _ => Ok(()),
        }
    }
}

/// What stands between a donation number and the number of its batch: neither has a blank.
const OF_BATCH: &str = " of batch ";

/// How the holder of a donation number is named: with the number as it was typed, which the claim doesn't keep.
fn donation_of_batch(number: &DonationNumber, batch: &str) -> String {
    format!("{number}{OF_BATCH}{batch}")
}

/// How the holder of a chain-of-identity id is named: subject codes are unique at a site alone.
fn subject_of_site(site: &str, subject: &str) -> String {
    format!("{subject} of site {site}")
}

/// The claims of others that decide on a new harvest at a site.
#[must_use]
pub fn claims_of_harvest(site: &str, harvest: &Harvest) -> Vec<ClaimKey> {
    let mut keys = vec![
        ClaimKey::donation(&harvest.din),
        ClaimKey::subject(site, &harvest.subject),
        ClaimKey::coi_of_subject(site, &harvest.subject),
    ];
    keys.extend(harvest.coi.as_ref().map(ClaimKey::coi));
    keys
}

/// The claims of others that decide on a command on a batch of a site.
#[must_use]
pub fn claims_of_command(site: &str, command: &BatchCommand) -> Vec<ClaimKey> {
    match command.demands().claims {
        Claim::Nothing => Vec::new(),
        Claim::Position(location) => vec![ClaimKey::position(site, location)],
        Claim::Coi(typed) => Coi::parse_typed(typed).iter().map(ClaimKey::coi).collect(),
    }
}

/// A new harvest takes nothing that another holds. A repeat harvest of a subject keeps its spelling and its
/// chain-of-identity id.
pub(super) fn unclaimed(site: &str, subject: &str, harvest: &Harvest, held: &Held) -> Vec<Refusal> {
    let subject_of = subject_of_site(site, subject);
    let coi = harvest.coi.as_ref();
    let own = coi.map_or("", Coi::as_str);
    let of_coi = coi.map_or(Ok(()), |coi| held.free_or(&ClaimKey::coi(coi), &subject_of));
    [
        held.free_or(&ClaimKey::donation(&harvest.din), ""),
        held.free_or(&ClaimKey::subject(site, subject), subject),
        // One id that another subject has is one mistake, and is said once.
        of_coi.and_then(|()| held.free_or(&ClaimKey::coi_of_subject(site, subject), own)),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

/// A chain-of-identity id that a batch is to have belongs to no other subject.
pub(super) fn coi_unclaimed(batch: &Batch, coi: &Coi, held: &Held) -> Result<(), Refusal> {
    let harvest = &batch.harvest;
    let own = subject_of_site(&harvest.site, &harvest.subject);
    held.free_or(&ClaimKey::coi(coi), &own)
}

/// The position is free: of the units of this batch, and of all others at the site.
pub(super) fn position_free(batch: &Batch, location: &str, held: &Held) -> Result<(), Refusal> {
    let key = ClaimKey::position(&batch.harvest.site, location);
    let own = |unit: &&Unit| {
        batch.holds_position(unit) && ClaimKey::position(&batch.harvest.site, &unit.location) == key
    };
    match batch.units.iter().find(own) {
        Some(unit) => Err(key.taken(&unit.code)),
        None => held.free_or(&key, ""),
    }
}

impl Batch {
    /// Everything that this batch holds alone. Identifiers are held for ever; a position until its unit has left.
    #[must_use]
    pub fn claims(&self) -> Vec<ClaimRow> {
        let harvest = &self.harvest;
        let (site, subject) = (harvest.site.as_str(), harvest.subject.as_str());
        let number = ClaimKey::of(ClaimKind::BatchNumber, ALL_SITES, &harvest.number);
        let mut claims = vec![
            ClaimKey::batch(self.id).held_by(&harvest.number),
            number.held_by(self.id.to_string()),
            ClaimKey::donation(&harvest.din)
                .held_by(donation_of_batch(&harvest.din, &harvest.number)),
            ClaimKey::subject(site, subject).held_by(subject),
        ];
        if let Some(coi) = &harvest.coi {
            claims.push(ClaimKey::coi(coi).held_by(subject_of_site(site, subject)));
            claims.push(ClaimKey::coi_of_subject(site, subject).held_by(coi.as_str()));
        }
        let positions = self.units.iter().filter(|unit| self.holds_position(unit));
        claims.extend(
            positions.map(|unit| ClaimKey::position(site, &unit.location).held_by(&unit.code)),
        );
        claims
    }

    /// Whether the unit lies at its position: a frozen one that is still at the site. Units given fresh share a shelf.
    fn holds_position(&self, unit: &Unit) -> bool {
        let here = match &unit.state {
            UnitState::Stored => true,
            UnitState::InDose(dose) => self.is_at_site(*dose),
            UnitState::Destroyed { .. } => false,
        };
        here && unit.form == UnitForm::Frozen
    }

    fn is_at_site(&self, dose: DoseId) -> bool {
        self.dose(dose).is_some_and(|dose| match dose.state {
            DoseState::Prepared => true,
            DoseState::Dispatched { .. }
            | DoseState::Infused { .. }
            | DoseState::Destroyed { .. } => false,
        })
    }
}
