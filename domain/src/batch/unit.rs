//! Units and doses. A unit that is not released has no way to be dispatched: a dose is made of [`ReleasedUnit`]s alone.

use super::{
    Batch, Context, Disposition, InventoryRefusal, Refusal, ReleaseRefusal, Stamp, UnitForm,
};
use crate::{
    ids::{DoseId, UnitId},
    master_record::StepRef,
    time::{Timestamp, days_after},
};
use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;

/// A bag or vial of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its code.
    pub code: String,
    /// How it was made.
    pub form: UnitForm,
    /// The step at which it was made.
    pub step: StepRef,
    /// Viable cells in it.
    pub viable_cells: Decimal,
    /// Its volume in mL.
    pub volume_ml: Decimal,
    /// Where it lies.
    pub location: String,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// Who and when.
    pub stamp: Stamp,
    /// Where it is in its life.
    pub state: UnitState,
}

/// Where a unit is in its life. Each unit ends once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitState {
    /// In the store.
    Stored,
    /// Taken for a dose.
    InDose(DoseId),
    /// Destroyed on its own.
    Destroyed {
        /// Why and how.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

/// A dose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dose {
    /// Its id.
    pub id: DoseId,
    /// Its code.
    pub code: String,
    /// The units taken.
    pub units: Vec<UnitId>,
    /// Viable cells in it.
    pub viable_cells: Decimal,
    /// The weight that it was computed for, in kg.
    pub weight_kg: Decimal,
    /// The day of that weight.
    pub weighed_on: NaiveDate,
    /// When it was prepared.
    pub prepared: Stamp,
    /// When it left the site, if it did.
    pub dispatched_at: Option<Timestamp>,
    /// Where it is in its life.
    pub state: DoseState,
}

/// Where a dose is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoseState {
    /// Prepared, still at the site.
    Prepared,
    /// On its way.
    Dispatched {
        /// When.
        at: Timestamp,
        /// To whom.
        destination: String,
    },
    /// Infused.
    Infused {
        /// Start.
        started_at: Timestamp,
        /// End.
        ended_at: Timestamp,
        /// Volume given, in mL.
        volume_ml: Decimal,
    },
    /// Not given, destroyed.
    Destroyed {
        /// Why and how.
        reason: String,
        /// When.
        at: Timestamp,
    },
}

/// A unit that may go to its patient: the batch is certified, the signature stands, nothing is open, it is not expired.
/// Only [`Batch::released_unit`] makes one.
#[derive(Debug)]
pub struct ReleasedUnit<'a> {
    unit: &'a Unit,
}

impl ReleasedUnit<'_> {
    /// The unit.
    #[must_use]
    pub fn unit(&self) -> &Unit {
        self.unit
    }
}

impl Batch {
    /// The unit with this id.
    #[must_use]
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// The dose with this id.
    #[must_use]
    pub fn dose(&self, id: DoseId) -> Option<&Dose> {
        self.doses.iter().find(|dose| dose.id == id)
    }

    /// When a unit expires: when it was frozen or formulated, plus the shelf life that the specification states for that
    /// form; `None` where it states none. Such a unit can't be released. Days are days of the calendar: the unit keeps
    /// until the end of its last day at the site, as a label that names a day means it. Hours are counted as they pass.
    #[must_use]
    pub fn expires_at(&self, unit: &Unit) -> Option<Timestamp> {
        let life = self.documents.specification.shelf_life.as_ref()?;
        Some(match unit.form {
            UnitForm::Frozen => {
                let stored_on = self.zone().day(unit.stored_at);
                self.zone().end_of(days_after(stored_on, life.frozen_days?))
            }
            UnitForm::Formulated => {
                let hours = TimeDelta::hours(life.formulated_hours?.into());
                unit.stored_at.plus(hours)
            }
        })
    }

    /// The earliest expiry of the units of a dose.
    #[must_use]
    pub fn dose_expires_at(&self, dose: &Dose) -> Option<Timestamp> {
        dose.units
            .iter()
            .filter_map(|id| self.expires_at(self.unit(*id)?))
            .min()
    }

    /// Whether doses may leave the batch at this moment.
    ///
    /// # Errors
    /// [`ReleaseRefusal::NotCertified`] without a certification that stands; [`ReleaseRefusal::HeldBack`] where anything has come up
    /// since.
    pub fn may_leave(&self, now: Timestamp) -> Result<(), Refusal> {
        let Disposition::Certified(_) = self.disposition else {
            return Err(Refusal::Release(ReleaseRefusal::NotCertified {
                batch: self.harvest.number.clone(),
            }));
        };
        let blockers = self.blockers(now);
        if blockers.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Release(ReleaseRefusal::HeldBack { blockers }))
        }
    }

    /// The unit, as one that may go to its patient.
    ///
    /// # Errors
    /// As [`Batch::may_leave`]; and where the unit is unknown, has ended, has no shelf life, or is expired.
    pub fn released_unit(
        &self,
        id: UnitId,
        context: &Context,
    ) -> Result<ReleasedUnit<'_>, Refusal> {
        self.may_leave(context.now)?;
        let unit = self
            .unit(id)
            .ok_or(Refusal::Inventory(InventoryRefusal::UnknownUnit))?;
        if unit.state != UnitState::Stored {
            return Err(Refusal::Inventory(InventoryRefusal::UnitEnded {
                unit: unit.code.clone(),
            }));
        }
        let expires_at = self.expires_at(unit).ok_or_else(|| {
            Refusal::Inventory(InventoryRefusal::NoShelfLife {
                unit: unit.code.clone(),
            })
        })?;
        if context.now >= expires_at {
            return Err(Refusal::Inventory(InventoryRefusal::Expired {
                what: unit.code.clone(),
                at: context.shown(expires_at),
            }));
        }
        Ok(ReleasedUnit { unit })
    }
}
