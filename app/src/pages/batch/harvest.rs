//! The harvest that the batch began with, and the correction of its figures.

use domain::batch::{HarvestField, TimeOf};
use domain::identifiers::Coi;
use domain::rights::Action;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::sight::Sight;
use super::times;
use crate::commands::harvest::CorrectHarvest;
use crate::parts::fields::hidden_field;
use crate::parts::fields::send;
use crate::parts::{ChoiceField, Facts, LongTextField, TextField, fact, form};

/// The harvest with its identifiers.
pub fn section(sight: &Sight) -> AnyView {
    let harvest = &sight.batch.harvest;
    let collection = TimeOf::Collection;
    let collected =
        view! { {sight.moment(harvest.collected_at)}{times::former(sight, &collection)} };
    let facts = vec![
        fact("Subject code", harvest.subject.clone()),
        fact(harvest.din.name(), harvest.din.with_check()),
        fact("Chain-of-identity id", Coi::shown(harvest.coi.as_ref())),
        fact("Collected", collected),
        fact("Collected by", harvest.collected_by.clone()),
        fact(
            "Volume of the aspirate",
            format!("{} mL", harvest.volume_ml),
        ),
        fact("Anticoagulant", harvest.anticoagulant.clone()),
        fact(
            "Consent",
            format!(
                "confirmed, version {}, {}",
                harvest.consent_version, harvest.consented_on
            ),
        ),
        fact(
            "Body weight",
            format!("{} kg, {}", harvest.weight_kg, harvest.weighed_on),
        ),
        fact("Master record", sight.batch.documents.master_record.label()),
        fact("Specification", sight.batch.documents.specification.label()),
        fact("Registered", sight.who(&sight.batch.registered)),
    ];
    let open = matches!(sight.batch.disposition, domain::batch::Disposition::Open);
    view! {
        <details class="over" id="harvest">
            <summary><h3>"Harvest"</h3><span class="over-when">{sight.moment(harvest.collected_at)}", "{harvest.collected_by.clone()}</span></summary>
            <Facts facts=facts/>
            {(open && sight.may(Action::CorrectHarvest)).then(|| correction(sight))}
            {times::correction(sight, &collection, harvest.collected_at)}
        </details>
    }
    .into_any()
}

fn correction(sight: &Sight) -> AnyView {
    let correct = sight.page.form("correct-harvest");
    let choices: Vec<_> = HarvestField::ALL
        .iter()
        .map(|field| (field.code().to_owned(), capitalised(field.label())))
        .collect();
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        <ChoiceField form=&correct name="field" label="Figure" choices=choices/>
        <TextField form=&correct name="value" label="New value" hint="A day as 2026-03-05, a number with a point; none for no chain-of-identity id."/>
        <LongTextField form=&correct name="reason" label="Reason for the correction" rows=2
            hint="The old value stays readable, with this reason."/>
        {send("Correct the figure")}
    };
    view! {
        <details class="fold" open=correct.is_begun()>
            <summary>"Correct a figure of the harvest"</summary>
            <p class="hint">"Subject code and donation number can’t be changed: a batch with a wrong one is rejected."</p>
            {form(&correct, CorrectHarvest::url(), fields)}
        </details>
    }
    .into_any()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
