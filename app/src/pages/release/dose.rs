//! The doses: prepared, dispatched to their donor, infused or destroyed.

use domain::batch::{BatchCommand, Dose, DoseCommand, DoseState, TimeOf};
use domain::decimal::grouped;
use domain::typed::Takes;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use rust_decimal::Decimal;

use super::prepare;
use super::units::per_kg;
use crate::commands::release::{DestroyDose, DispatchDose, RecordInfusion};
use crate::form::Form;
use crate::pages::batch::times;
use crate::pages::marks::mark;
use crate::pages::sight::Sight;
use crate::parts::fields::{check_character, hidden_field, send};
use crate::parts::{
    CheckField, Empty, Facts, LongTextField, NumberField, TextField, TimeField, fact, form, weighed,
};

/// Every dose with what can be done with it, and the form for a new one.
pub(super) fn section(sight: &Sight) -> AnyView {
    let doses = &sight.batch.doses;
    let list = if doses.is_empty() {
        view! {
            <Empty
                what="No doses yet"
                how="Once the batch is certified, a clinical pharmacist makes a dose of its units and sends it to its donor."
            />
        }
        .into_any()
    } else {
        doses
            .iter()
            .map(|dose| article(sight, dose))
            .collect_view()
            .into_any()
    };
    view! {
        <section id="doses" aria-labelledby="doses-heading">
            <h2 id="doses-heading">"Doses"</h2>
            {list}
            {prepare::panel(sight)}
        </section>
    }
    .into_any()
}

fn article(sight: &Sight, dose: &Dose) -> AnyView {
    let heading = format!("dose-{}-heading", dose.id);
    view! {
        <article class="dose" id=format!("dose-{}", dose.id) aria-labelledby=heading.clone()>
            <h3 id=heading.clone()>{dose.code.clone()} " " {state(dose)}</h3>
            <Facts facts=facts(sight, dose)/>
            {dispatch(sight, dose)}
            {infuse(sight, dose)}
            {retime(sight, dose)}
            {destroy(sight, dose)}
        </article>
    }
    .into_any()
}

fn state(dose: &Dose) -> AnyView {
    match dose.state {
        DoseState::Prepared => mark("pending", "Prepared, at the site"),
        DoseState::Dispatched { .. } => mark("pending", "Dispatched"),
        DoseState::Infused { .. } => mark("pass", "Infused"),
        DoseState::Destroyed { .. } => mark("void", "Destroyed"),
    }
}

fn facts(sight: &Sight, dose: &Dose) -> Vec<AnyView> {
    let batch = &sight.batch;
    let codes: Vec<_> = dose
        .units
        .iter()
        .filter_map(|id| Some(batch.unit(*id)?.code.clone()))
        .collect();
    let mut facts = vec![
        fact("Units", codes.join(", ")),
        fact("Viable cells", grouped(dose.viable_cells)),
        fact(
            "Dose",
            format!("{} × 10⁶ viable cells per kg", per_kg_of(sight, dose)),
        ),
        fact("Reckoned for", weighed(dose.weight_kg, dose.weighed_on)),
        fact("Prepared by", sight.who(&dose.prepared)),
    ];
    if let Some(at) = batch.dose_expires_at(dose) {
        let expired = sight.now >= at;
        let words =
            view! { {sight.moment(at)} {expired.then(|| view! { " " {mark("fail", "expired")} })} };
        facts.push(fact("Expires", words));
    }
    match &dose.state {
        DoseState::Prepared => {}
        DoseState::Dispatched { at, destination } => {
            let words = view! { {destination.clone()} ", " {sight.moment(*at)} };
            facts.push(fact("Dispatched to", words));
        }
        DoseState::Infused {
            started_at,
            ended_at,
            volume_ml,
        } => {
            let (start, end) = of_infusion(dose);
            let words = view! {
                {sight.moment(*started_at)} " to " {sight.moment(*ended_at)}
                {times::former(sight, &start)}
                {times::former(sight, &end)}
            };
            facts.push(fact("Infused", words));
            facts.push(fact("Volume given", format!("{volume_ml} mL")));
        }
        DoseState::Destroyed { reason, at } => {
            let words = view! { {sight.moment(*at)} ": " {reason.clone()} };
            facts.push(fact("Destroyed", words));
        }
    }
    facts
}

/// The two times of an infusion.
fn of_infusion(dose: &Dose) -> (TimeOf, TimeOf) {
    let dose = dose.id;
    (TimeOf::InfusionStart { dose }, TimeOf::InfusionEnd { dose })
}

/// The corrections of both times of an infusion.
fn retime(sight: &Sight, dose: &Dose) -> Option<AnyView> {
    let (started_at, ended_at) = match dose.state {
        DoseState::Infused {
            started_at,
            ended_at,
            ..
        } => (started_at, ended_at),
        DoseState::Prepared | DoseState::Dispatched { .. } | DoseState::Destroyed { .. } => {
            return None;
        }
    };
    let (start, end) = of_infusion(dose);
    Some(
        view! {
            {times::correction(sight, &start, started_at)}
            {times::correction(sight, &end, ended_at)}
        }
        .into_any(),
    )
}

/// By the weight that the dose was computed for.
fn per_kg_of(sight: &Sight, dose: &Dose) -> String {
    if dose.weight_kg == sight.batch.harvest.weight_kg {
        return per_kg(sight, dose.viable_cells);
    }
    let per_kg = domain::expansion::dose_per_kg(dose.viable_cells, dose.weight_kg).ok();
    let millions = per_kg.and_then(|cells| cells.checked_div(Decimal::from(1_000_000)));
    millions.map_or_else(String::new, |figure| domain::decimal::shown(figure, 2))
}

fn about(sight: &Sight, dose: &Dose) -> AnyView {
    view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("dose", dose.id)}
    }
    .into_any()
}

fn dispatch(sight: &Sight, dose: &Dose) -> Option<AnyView> {
    let dispatching = sight.page.form(&format!("dispatch:{}", dose.code));
    if dose.state != DoseState::Prepared && !dispatching.came_back() {
        return None;
    }
    let command = BatchCommand::Dose(DoseCommand::DispatchDose {
        dose: dose.id,
        subject: String::new(),
        din: sight.batch.harvest.din.clone(),
        destination: String::new(),
    });
    let panel = sight.offered(command, &dispatching, || {
        dispatch_form(sight, dose, &dispatching)
    })?;
    Some(view! { <h4>"Dispatch"</h4> {panel} }.into_any())
}

fn dispatch_form(sight: &Sight, dose: &Dose, dispatching: &Form) -> AnyView {
    let number = &sight.batch.harvest.din;
    let is_din = number.check_character().is_some();
    let hint = match is_din {
        true => "Scan it, or type the 13 characters and then the boxed one.",
        false => "Scan it, or type it as printed.",
    };
    let fields = view! {
        {about(sight, dose)}
        <p>{format!("Read both identifiers again: the subject code from the order, the {} from the label of each unit.", number.spoken())}</p>
        <TextField form=dispatching name="subject" label="Subject code of the recipient, from the order" width="short"
            takes=Takes::Subject/>
        <TextField form=dispatching name="din" label=format!("{}, from the label", number.name()) scans=is_din hint=hint/>
        {is_din.then(|| check_character(dispatching, "check", "Check character", "The boxed one after the number; not asked for after a scan."))}
        <TextField form=dispatching name="destination" label="Destination" hint="Ward or hospital, and who takes it over." width="wide"/>
        {send(format!("Dispatch {}", dose.code))}
    };
    form(dispatching, DispatchDose::url(), fields)
}

fn infuse(sight: &Sight, dose: &Dose) -> Option<AnyView> {
    let infusing = sight.page.form(&format!("infuse:{}", dose.code));
    if !matches!(dose.state, DoseState::Dispatched { .. }) && !infusing.came_back() {
        return None;
    }
    let command = BatchCommand::Dose(DoseCommand::RecordInfusion {
        dose: dose.id,
        started_at: sight.now,
        ended_at: sight.now,
        volume_ml: Decimal::ZERO,
        given_on_hold: false,
    });
    let panel = sight.offered(command, &infusing, || infuse_form(sight, dose, &infusing))?;
    Some(view! { <h4>"Infusion"</h4> {panel} }.into_any())
}

fn infuse_form(sight: &Sight, dose: &Dose, infusing: &Form) -> AnyView {
    let now = sight.zone.shown(sight.now);
    let held = sight.batch.dose_held_by(sight.now);
    let fields = view! {
        {about(sight, dose)}
        <TimeField form=infusing name="started_at" label="Start of the infusion" now=now.clone()/>
        <TimeField form=infusing name="ended_at" label="End of the infusion" now=now/>
        <NumberField form=infusing name="volume_ml" label="Volume given" unit="mL"/>
        {held.map(|held_by| view! {
            <div class="notice stop" role="note">
                <p><strong>"On hold: the dose must not be given. "</strong>{held_by}"."</p>
                <CheckField form=infusing name="given_on_hold"
                    label="It was given already, while the batch was on hold. A deviation is raised with this record."/>
            </div>
        })}
        {send("Record the infusion")}
    };
    form(infusing, RecordInfusion::url(), fields)
}

fn destroy(sight: &Sight, dose: &Dose) -> Option<AnyView> {
    let destroying = sight.page.form(&format!("destroy:{}", dose.code));
    let command = BatchCommand::Dose(DoseCommand::DestroyDose {
        dose: dose.id,
        reason: String::new(),
    });
    let panel = sight.offered_or_silent(command, &destroying, || {
        let fields = view! {
            {about(sight, dose)}
            <LongTextField form=&destroying name="reason" label="Reason" hint="Why it was not given, and how it was destroyed." rows=2/>
            {send("Record the destruction")}
        };
        form(&destroying, DestroyDose::url(), fields)
    })?;
    Some(
        view! {
            <details class="fold" open=destroying.is_begun()>
                <summary>"Not given: record its destruction"</summary>
                {panel}
            </details>
        }
        .into_any(),
    )
}
