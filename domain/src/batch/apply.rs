//! The fold: what an event does to a batch. It decides nothing and refuses nothing: what stands in the ledger happened.

mod signatures;

use super::{Batch, BatchEvent, Recorded, Stamp};

impl Batch {
    /// Takes one event into the state.
    pub fn apply(&mut self, recorded: Recorded) {
        let Recorded {
            version,
            at,
            clock,
            by,
            event,
        } = recorded;
        let stamp = Stamp { version, at, by };
        self.take_effect(&event, clock, &stamp);
        self.version = version;
        match event {
            BatchEvent::Harvest(event) => self.apply_harvest(event, stamp),
            BatchEvent::Processing(event) => self.apply_processing(event, stamp),
            BatchEvent::Times(event) => self.apply_times(event, stamp),
            BatchEvent::Quality(event) => self.apply_quality(event, stamp),
            BatchEvent::Stop(event) => self.apply_stop(event, stamp),
            BatchEvent::Deviation(event) => self.apply_deviation(event, stamp),
            BatchEvent::Exception(event) => self.apply_exception(event, stamp),
            BatchEvent::Release(event) => self.apply_release(event, stamp),
            BatchEvent::Inventory(event) => self.apply_inventory(event, stamp),
            BatchEvent::Dose(event) => self.apply_dose(event, stamp),
        }
    }
}
