//! What a step takes out of the culture: samples for the laboratory, units for the store.

use domain::batch::{Planned, Progress, TimeOf, UnitForm};
use domain::decimal::grouped;
use domain::master_record::StepKind;
use domain::measure::Measure;
use domain::rights::Action;
use domain::time::Timestamp;
use domain::typed::Takes;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::sight::Sight;
use super::times;
use crate::commands::step::{StoreUnit, TakeSample};
use crate::judge::Judged;
use crate::parts::fields::{hidden_field, send};
use crate::parts::{NumberField, TextField, TimeField, form};

/// The samples or units of a sampling, freezing or formulating step, and the form for another.
pub fn section(sight: &Sight, planned: &Planned<'_>, works: bool) -> Option<AnyView> {
    match planned.step.kind {
        StepKind::Sample => {
            let takes = sight.may(Action::TakeSample)
                && planned.progress == Progress::Open
                && matches!(sight.batch.disposition, domain::batch::Disposition::Open);
            Some(
                view! { {samples(sight, planned)}{(takes).then(|| sample_form(sight, planned))} }
                    .into_any(),
            )
        }
        StepKind::Freeze | StepKind::Formulate => {
            Some(view! { {units(sight)}{works.then(|| unit_form(sight, planned))} }.into_any())
        }
        _ => None,
    }
}

/// A time with what it was before, and its correction.
fn stated(sight: &Sight, of: &TimeOf, at: Timestamp) -> AnyView {
    view! { {sight.moment(at)}{times::former(sight, of)}{times::correction(sight, of, at)} }
        .into_any()
}

/// The samples that were taken at a step.
pub fn samples(sight: &Sight, planned: &Planned<'_>) -> Option<AnyView> {
    let of_step = sight
        .batch
        .samples
        .iter()
        .filter(|sample| sample.step == planned.at);
    let lines: Vec<_> = of_step
        .map(|sample| {
            let tests: Vec<_> = sample
                .tests
                .iter()
                .map(|test| sight.batch.test_name(&test.criterion))
                .collect();
            view! {
                <tr>
                    <th scope="row" class="nowrap">{sample.code.clone()}</th>
                    <td>{stated(sight, &TimeOf::Sample { sample: sample.id }, sample.taken_at)}</td>
                    <td class="number">{grouped(sample.viable_cells)}</td>
                    <td>{tests.join(", ")}</td>
                    <td>{sample.stamp.by.name.clone()}</td>
                </tr>
            }
        })
        .collect();
    // More than one step takes samples: each region of the page has a name of its own.
    let region = format!("Samples taken, {}", sight.batch.step_title(&planned.at));
    (!lines.is_empty()).then(|| {
        view! {
            <div class="scrolls" tabindex="0" role="region" aria-label=region>
                <table>
                    <caption>"Samples taken"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Sample"</th>
                            <th scope="col">"Taken"</th>
                            <th scope="col" class="number">"Viable cells"</th>
                            <th scope="col">"Tests"</th>
                            <th scope="col">"By"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

fn sample_form(sight: &Sight, planned: &Planned<'_>) -> AnyView {
    let take = sight.page.form(&format!("sample:{}", planned.at));
    let point = planned.step.sample_point.clone().unwrap_or_default();
    let tests: Vec<_> = sight
        .batch
        .documents
        .specification
        .criteria_at(&point)
        .map(|criterion| criterion.test.clone())
        .collect();
    let now = sight.zone.shown(sight.now);
    let region = format!("Take a sample, {}", sight.batch.step_title(&planned.at));
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("step", &planned.at)}
        <NumberField form=&take name="viable_cells" label="Viable cells in the sample" unit="cells"
            hint="They are no longer in the batch." judged=Judged::by("Viable cells", Measure::CELLS, None)/>
        <TimeField form=&take name="taken_at" label="Taken at" now=now or_now=true/>
        {send("Record the sample")}
    };
    view! {
        <section class="taking" aria-label=region>
            <h3>"Take a sample"</h3>
            <p class="hint">{format!("Sample point {point}, for: {}.", tests.join(", "))}</p>
            {form(&take, TakeSample::url(), fields)}
        </section>
    }
    .into_any()
}

/// The units of the batch.
pub fn units(sight: &Sight) -> Option<AnyView> {
    let lines: Vec<_> = sight
        .batch
        .units
        .iter()
        .map(|unit| {
            view! {
                <tr>
                    <th scope="row" class="nowrap">{unit.code.clone()}</th>
                    <td class="number">{grouped(unit.viable_cells)}</td>
                    <td class="number">{unit.volume_ml.to_string()}</td>
                    <td>{unit.location.clone()}</td>
                    <td>{stated(sight, &TimeOf::Unit { unit: unit.id }, unit.stored_at)}</td>
                    <td>{unit.stamp.by.name.clone()}</td>
                </tr>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <div class="scrolls" tabindex="0" role="region" aria-label="Units stored">
                <table>
                    <caption>"Units stored"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Unit"</th>
                            <th scope="col" class="number">"Viable cells"</th>
                            <th scope="col" class="number">"Volume, mL"</th>
                            <th scope="col">"Location"</th>
                            <th scope="col">"Stored"</th>
                            <th scope="col">"By"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

fn unit_form(sight: &Sight, planned: &Planned<'_>) -> AnyView {
    let store = sight.page.form(&format!("unit:{}", planned.at));
    let of_kind = if planned.step.kind == StepKind::Freeze {
        UnitForm::Frozen
    } else {
        UnitForm::Formulated
    };
    let left = sight.batch.viable_left().map(|left| {
        format!(
            "{} viable cells of the final harvest are left.",
            grouped(left)
        )
    });
    let now = sight.zone.shown(sight.now);
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("step", &planned.at)}
        <NumberField form=&store name="viable_cells" label="Viable cells in the unit" unit="cells" nostrip:hint=left
            judged=Judged::by("Viable cells", Measure::CELLS, None)/>
        <NumberField form=&store name="volume_ml" label="Volume of the unit" unit="mL"
            judged=Judged::by("Volume", Measure::MILLILITRE, None)/>
        <TextField form=&store name="location" label="Location" takes=Takes::Position hint="Tank / rack / box / position"/>
        <TimeField form=&store name="stored_at" label="Stored at" now=now or_now=true/>
        {send("Record the unit")}
    };
    view! {
        <section class="taking" aria-label="Store a unit">
            <h3>{format!("Store a unit, {}", of_kind.label())}</h3>
            {form(&store, StoreUnit::url(), fields)}
        </section>
    }
    .into_any()
}
