//! Preparing a dose: units are chosen, their sum is held against the window of the dose.

use domain::batch::{BatchCommand, DoseCommand, Unit, UnitState};
use domain::decimal::grouped;
use domain::ids::DoseId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::units::per_kg;
use crate::commands::release::PrepareDose;
use crate::form::Form;
use crate::islands::{DoseChoice, UnitChoice};
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::form;

/// The form, where doses may leave.
pub(super) fn panel(sight: &Sight) -> Option<AnyView> {
    let preparing = sight.page.form("prepare-dose");
    let command = BatchCommand::Dose(DoseCommand::PrepareDose {
        dose: DoseId(preparing.command().0),
        units: Vec::new(),
    });
    let panel = sight.offered(command, &preparing, || {
        if sight
            .batch
            .units
            .iter()
            .all(|unit| unit.state != UnitState::Stored)
        {
            return view! { <p class="not-now">"No unit is left in the store."</p> }.into_any();
        }
        prepare_form(sight, &preparing)
    })?;
    Some(view! { <h3 id="prepare">"Prepare a dose"</h3> {panel} }.into_any())
}

fn prepare_form(sight: &Sight, preparing: &Form) -> AnyView {
    let harvest = &sight.batch.harvest;
    let window = sight.batch.documents.specification.dose.clone();
    let cells = window.as_ref().and_then(|window| {
        let (least, most) = window.cells(harvest.weight_kg)?;
        Some(format!(
            "A dose for {} kg has {} to {} viable cells ({}).",
            harvest.weight_kg.normalize(),
            grouped(least.normalize()),
            grouped(most.normalize()),
            window.text()
        ))
    });
    let units = sight
        .batch
        .units
        .iter()
        .filter(|unit| unit.state == UnitState::Stored)
        .map(|unit| choice(sight, preparing, unit))
        .collect();
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        <p>{cells}</p>
        <DoseChoice
            id=preparing.field_id("units")
            refused=preparing.refused_at("units").join(" ")
            units=units
            weight_kg=harvest.weight_kg
            window=window
        />
        {send("Prepare the dose")}
    };
    form(preparing, PrepareDose::url(), fields)
}

fn choice(sight: &Sight, preparing: &Form, unit: &Unit) -> UnitChoice {
    let released = sight
        .context()
        .is_some_and(|context| sight.batch.released_unit(unit.id, &context).is_ok());
    let words = format!(
        "{}: {} viable cells, {} × 10⁶ per kg, {}",
        unit.code,
        grouped(unit.viable_cells),
        per_kg(sight, unit.viable_cells),
        unit.location
    );
    let words = if released {
        words
    } else {
        format!("{words}, expired")
    };
    let id = unit.id.to_string();
    UnitChoice {
        chosen: preparing.ticked("units", &id),
        id,
        words,
        released,
        viable_cells: unit.viable_cells,
    }
}
