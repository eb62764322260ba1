//! Cells don't appear from nowhere: what was harvested is in units, in samples, or left; nothing is below zero; each unit
//! and each dose ends once.

use super::{Key, number};
use domain::{
    batch::{
        BatchEvent, DoseEvent, FieldValue, InventoryEvent, ProcessingEvent, QualityEvent, Recorded,
    },
    ids::{DoseId, UnitId},
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What the events say of the cells.
#[derive(Default)]
struct Cells {
    values: BTreeMap<Key, Option<FieldValue>>,
    harvested: bool,
    stored: BTreeMap<UnitId, (Decimal, u8)>,
    from_harvest: Decimal,
    from_passage: BTreeMap<u16, Decimal>,
    counted: BTreeMap<u16, ()>,
    doses: BTreeMap<DoseId, u8>,
}

/// Everything that doesn't add up, after any of the events; and the cells left of the final harvest after the last.
pub fn cells_from_nowhere(events: &[Recorded]) -> (Vec<String>, Option<Decimal>) {
    let mut cells = Cells::default();
    let mut wrong = Vec::new();
    for recorded in events {
        cells.take(recorded, &mut wrong);
        if cells.left().is_some_and(|left| left < Decimal::ZERO) {
            wrong.push(format!(
                "entry {}: more cells used than harvested",
                recorded.version
            ));
        }
        if !cells.stored.is_empty() && cells.harvest().is_none() {
            wrong.push(format!("entry {}: units of no harvest", recorded.version));
        }
        wrong.extend(cells.passages(recorded.version));
    }
    (wrong, cells.left())
}

impl Cells {
    fn take(&mut self, recorded: &Recorded, wrong: &mut Vec<String>) {
        let mut complain = |what: String| wrong.push(format!("entry {}: {what}", recorded.version));
        let place = |step: &domain::master_record::StepRef, field: &str| super::key(step, field);
        match &recorded.event {
            BatchEvent::Processing(ProcessingEvent::EntryRecorded {
                step, field, value, ..
            }) => drop(self.values.insert(place(step, field), Some(value.clone()))),
            BatchEvent::Processing(ProcessingEvent::EntryCorrected {
                step, field, new, ..
            }) => drop(self.values.insert(place(step, field), Some(new.clone()))),
            BatchEvent::Processing(ProcessingEvent::EntryNotApplicable { step, field, .. }) => {
                drop(self.values.insert(place(step, field), None));
            }
            BatchEvent::Processing(ProcessingEvent::StepCompleted { step, .. }) => match step
                .passage
            {
                None if step.key == "harvest" => self.harvested = true,
                Some(passage) if step.key == "passage" => drop(self.counted.insert(passage, ())),
                _ => {}
            },
            BatchEvent::Quality(QualityEvent::SampleTaken {
                step, viable_cells, ..
            }) => match step.passage {
                Some(passage) => *self.from_passage.entry(passage).or_default() += viable_cells,
                None if self.harvested => self.from_harvest += viable_cells,
                None => {}
            },
            BatchEvent::Inventory(InventoryEvent::UnitStored {
                unit, viable_cells, ..
            }) => {
                self.from_harvest += viable_cells;
                if self.stored.insert(*unit, (*viable_cells, 0)).is_some() {
                    complain(format!("unit {unit} is stored twice"));
                }
            }
            BatchEvent::Inventory(InventoryEvent::UnitDestroyed { unit, .. }) => {
                self.ends(*unit, &mut complain)
            }
            BatchEvent::Dose(DoseEvent::DosePrepared {
                dose,
                units,
                viable_cells,
                ..
            }) => {
                let mut sum = Decimal::ZERO;
                for unit in units {
                    self.ends(*unit, &mut complain);
                    sum += self.stored.get(unit).map_or(Decimal::ZERO, |one| one.0);
                }
                if sum != *viable_cells {
                    complain(format!("dose {dose} says {viable_cells}, its units {sum}"));
                }
                if self.doses.insert(*dose, 0).is_some() {
                    complain(format!("dose {dose} is prepared twice"));
                }
            }
            BatchEvent::Dose(DoseEvent::DoseInfused { dose, .. })
            | BatchEvent::Dose(DoseEvent::DoseDestroyed { dose, .. }) => {
                let ends = self.doses.entry(*dose).or_default();
                *ends += 1;
                if *ends > 1 {
                    complain(format!("dose {dose} ends twice"));
                }
            }
            _ => {}
        }
    }

    fn ends(&mut self, unit: UnitId, complain: &mut dyn FnMut(String)) {
        match self.stored.get_mut(&unit) {
            Some((_, ends)) => {
                *ends += 1;
                if *ends > 1 {
                    complain(format!("unit {unit} ends twice"));
                }
            }
            None => complain(format!("unit {unit} was never stored")),
        }
    }

    /// Viable cells of the final harvest: the mean of both counts.
    fn harvest(&self) -> Option<Decimal> {
        let count = |nth: &str| number(&self.values, "harvest", nth);
        let sum = count("viable-cells-1")?.checked_add(count("viable-cells-2")?)?;
        self.harvested.then(|| sum / Decimal::TWO)
    }

    fn left(&self) -> Option<Decimal> {
        Some(self.harvest()? - self.from_harvest)
    }

    /// Of a passage that was counted: what was sampled, and seeded into the next one, is not more than it gave.
    fn passages(&self, version: u64) -> Vec<String> {
        let mut wrong = Vec::new();
        for passage in self.counted.keys() {
            let gave = number(&self.values, &format!("passage@P{passage}"), "viable-cells");
            let next = format!("seed@P{}", passage + 1);
            let seeded = number(&self.values, &next, "cells-seeded").unwrap_or_default();
            let sampled = self.from_passage.get(passage).copied().unwrap_or_default();
            let Some(gave) = gave else { continue };
            if seeded.checked_add(sampled).is_none_or(|used| used > gave) {
                wrong.push(format!(
                    "entry {version}: P{passage} gave {gave}, and {sampled} were sampled, {seeded} seeded"
                ));
            }
        }
        wrong
    }
}
