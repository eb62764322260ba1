//! The units of a batch: where each lies, until when it may be given, and where it went.

use domain::batch::{BatchCommand, InventoryCommand, Unit, UnitState};
use domain::decimal::{grouped, shown};
use domain::ids::UnitId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use rust_decimal::Decimal;

use crate::commands::release::DestroyUnit;
use crate::form::Form;
use crate::pages::marks::mark;
use crate::pages::sight::Sight;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{ChoiceField, Empty, LongTextField, form};

/// The table of units, and the form that records that one was destroyed.
pub(super) fn section(sight: &Sight) -> AnyView {
    let list = if sight.batch.units.is_empty() {
        view! {
            <Empty
                what="No units yet"
                how="Each bag or vial that is recorded at the freezing or formulation step stands here."
            />
        }
        .into_any()
    } else {
        table(sight)
    };
    view! {
        <section id="units" aria-labelledby="units-heading">
            <h2 id="units-heading">"Units"</h2>
            {list}
            {destroy(sight)}
        </section>
    }
    .into_any()
}

fn table(sight: &Sight) -> AnyView {
    let lines: Vec<_> = sight
        .batch
        .units
        .iter()
        .map(|unit| line(sight, unit))
        .collect();
    view! {
        <div class="scrolls" tabindex="0" role="region" aria-label="Table of the units">
            <table class="units">
                <thead>
                    <tr>
                        <th scope="col">"Unit"</th>
                        <th scope="col" class="number">"Viable cells"</th>
                        <th scope="col">"Location"</th>
                        <th scope="col">"Expires"</th>
                        <th scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(sight: &Sight, unit: &Unit) -> AnyView {
    let expires = match sight.batch.expires_at(unit) {
        Some(at) => sight.moment(at),
        None => "no shelf life stated".into_any(),
    };
    view! {
        <tr id=format!("unit-{}", unit.id)>
            <th scope="row">
                <span class="nowrap">{unit.code.clone()}</span>
                <span class="sub">{unit.form.label()} ", " {unit.volume_ml.to_string()} " mL"</span>
            </th>
            <td class="number">
                {grouped(unit.viable_cells)}
                <span class="sub">{per_kg(sight, unit.viable_cells)} " × 10⁶ per kg"</span>
            </td>
            <td>
                {unit.location.clone()}
                <span class="sub">"since " {sight.moment(unit.stored_at)}</span>
            </td>
            <td>{expires}</td>
            <td>{state(sight, unit)}</td>
        </tr>
    }
    .into_any()
}

/// Millions of viable cells per kg of the weight that the batch has, to two decimals.
pub(super) fn per_kg(sight: &Sight, cells: Decimal) -> String {
    let weight = sight.batch.harvest.weight_kg;
    let per_kg = domain::expansion::dose_per_kg(cells, weight).ok();
    let millions = per_kg.and_then(|cells| cells.checked_div(Decimal::from(1_000_000)));
    millions.map_or_else(|| "not computable".to_owned(), |figure| shown(figure, 2))
}

fn state(sight: &Sight, unit: &Unit) -> AnyView {
    let expired = sight
        .batch
        .expires_at(unit)
        .is_some_and(|at| sight.now >= at);
    match &unit.state {
        UnitState::Stored if expired => mark("fail", "Expired"),
        UnitState::Stored => mark("pass", "In the store"),
        UnitState::InDose(id) => {
            let code = sight.batch.dose(*id).map(|dose| dose.code.clone());
            let to = format!("#dose-{id}");
            view! { "In " <a href=to>{code}</a> }.into_any()
        }
        UnitState::Destroyed { reason, at } => view! {
            {mark("void", "Destroyed")}
            <span class="why">{sight.moment(*at)} ": " {reason.clone()}</span>
        }
        .into_any(),
    }
}

fn destroy(sight: &Sight) -> Option<AnyView> {
    let stored: Vec<_> = sight
        .batch
        .units
        .iter()
        .filter(|unit| unit.state == UnitState::Stored)
        .collect();
    let first: UnitId = stored.first()?.id;
    let destroying = sight.page.form("destroy-unit");
    let command = BatchCommand::Inventory(InventoryCommand::DestroyUnit {
        unit: first,
        reason: String::new(),
    });
    let panel = sight.offered(command, &destroying, || {
        destroy_form(sight, &stored, &destroying)
    })?;
    Some(
        view! {
            <details class="fold" open=destroying.is_begun()>
                <summary>"Record that a unit was destroyed"</summary>
                {panel}
            </details>
        }
        .into_any(),
    )
}

fn destroy_form(sight: &Sight, stored: &[&Unit], destroying: &Form) -> AnyView {
    let choices = stored
        .iter()
        .map(|unit| (unit.id.to_string(), unit.code.clone()))
        .collect();
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        <ChoiceField form=destroying name="unit" label="Unit" choices=choices/>
        <LongTextField form=destroying name="reason" label="Reason" hint="Why it was destroyed, and how." rows=2/>
        {send("Record the destruction")}
    };
    form(destroying, DestroyUnit::url(), fields)
}
