//! Registering a harvest, and correcting its figures.

use domain::batch::{
    BatchCommand, Harvest, HarvestCommand, HarvestField, Refusal, aspirate_volume, body_weight,
    harvest_refusals,
};
use domain::identifiers::{Coi, Din, DonationNumber, Scheme, read_din_input, without_frame};
use domain::ids::BatchId;
use domain::rights::Action;
use domain::typed::Takes;
use leptos::prelude::*;
use store::Signing;

use crate::answer::{Answered, answer};
use crate::desk::{Desk, Trouble, done, new_id};
use crate::form::{FormPost, Typed};
use crate::read::Reading;

/// Registers a harvest: a batch begins.
///
/// # Errors
/// None of its own.
#[server(endpoint = "register-harvest", input = FormPost)]
pub async fn register_harvest(
    /// `site` and the fields of [`Harvest`]; `din` with `check`, or what a scanner sent.
    form: Typed,
) -> Answered {
    let done = register(&form).await;
    answer(form, done).await
}

/// A donation number of a test facility, see [`register`].
const ANY_DIN: &str = "A999917123456";

async fn register(form: &Typed) -> Result<String, Trouble> {
    let desk = Desk::open().await?;
    let site = form.text("site").to_owned();
    desk.require(Action::RegisterHarvest, &site)?;
    let zone = desk.zone(&site).await?;
    let now = desk.now();
    let row = desk.records.site(&site).await?.ok_or(Trouble::NotFound)?;
    let scheme = store::scheme_of(&row)?;
    let mut reading = Reading::of(form);
    let subject = reading.line("subject", "Subject code", Takes::Subject);
    let din = donation(form, &scheme, &mut reading);
    let coi = match form.text("coi") {
        "" => Some(None),
        typed => reading.take("coi", Coi::parse_typed(typed)).map(Some),
    };
    let collected_at = reading.moment("collected_at", "Time of collection", zone, now);
    let collected_by = reading.line("collected_by", "Collected by", Takes::Words);
    let volume_ml = reading.number("volume_ml", "Volume of the aspirate", aspirate_volume());
    let anticoagulant = reading.line("anticoagulant", "Anticoagulant", Takes::Words);
    let consent_version = reading.line(
        "consent_version",
        "Version of the consent form",
        Takes::Words,
    );
    let consented_on = reading.day("consented_on", "Day of consent");
    let weight_kg = reading.number("weight_kg", "Body weight", body_weight());
    let weighed_on = reading.day("weighed_on", "Day of weighing");
    let whole = reading.nothing_noted();
    // What could not be read has its refusal already: in its place stands anything at all, and nothing of that is recorded.
    let Some(din) = din.or_else(|| Din::parse(ANY_DIN).ok().map(Into::into)) else {
        return Err(reading.refused());
    };
    let harvest = Harvest {
        subject: subject.unwrap_or_default(),
        din,
        coi: coi.flatten(),
        collected_at: collected_at.unwrap_or(now),
        collected_by: collected_by.unwrap_or_default(),
        volume_ml: volume_ml.unwrap_or_default(),
        anticoagulant: anticoagulant.unwrap_or_default(),
        consent: form.ticked("consent"),
        consent_version: consent_version.unwrap_or_default(),
        consented_on: consented_on.unwrap_or(zone.day(now)),
        weight_kg: weight_kg.unwrap_or_default(),
        weighed_on: weighed_on.unwrap_or(zone.day(now)),
        identity_confirmed: form.ticked("identity_confirmed"),
    };
    if !whole {
        let context = desk.context_at(&site, zone).ok_or(Trouble::SignIn)?;
        let more = harvest_refusals(&harvest, &context);
        return Err(reading.refused_with(more.iter().flat_map(Refusal::all_words)));
    }
    let batch = BatchId(new_id(form)?);
    let by = &desk.person;
    done(
        desk.records
            .register_harvest(by, desk.command(form)?, batch, &site, harvest)
            .await?,
    )?;
    Ok(format!("/batches/{batch}"))
}

/// The number of a donation, by the scheme of its site.
fn donation(form: &Typed, scheme: &Scheme, reading: &mut Reading) -> Option<DonationNumber> {
    match scheme {
        Scheme::Isbt128(_) => din(form, reading).map(Into::into),
        Scheme::Own(pattern) => reading
            .take("din", pattern.read(without_frame(form.text("din"))))
            .map(DonationNumber::Own),
    }
}

/// The number of a donation, as read from a label to be held against the recorded one.
pub fn donation_like(
    recorded: &DonationNumber,
    form: &Typed,
    reading: &mut Reading,
) -> Option<DonationNumber> {
    match recorded {
        DonationNumber::Isbt128(_) => din(form, reading).map(Into::into),
        DonationNumber::Own(_) => reading
            .text("din", "Donation number")
            .map(|text| DonationNumber::own_as_typed(without_frame(&text))),
    }
}

/// A DIN as a scanner sent it, alone or in a compound, or as typed with its boxed check character.
pub fn din(form: &Typed, reading: &mut Reading) -> Option<Din> {
    match read_din_input(form.text("din"), form.text("check")) {
        Ok(din) => Some(din),
        Err(why) => {
            let field = if why.at_check() { "check" } else { "din" };
            reading.note(field, why.to_string());
            None
        }
    }
}

/// Corrects a figure of the harvest.
///
/// # Errors
/// None of its own.
#[server(endpoint = "correct-harvest", input = FormPost)]
pub async fn correct_harvest(
    /// `batch`, `field`, `value`, `reason`.
    form: Typed,
) -> Answered {
    let done = correct(&form).await;
    answer(form, done).await
}

async fn correct(form: &Typed) -> Result<String, Trouble> {
    let (desk, batch) = Desk::at_batch(form, Action::CorrectHarvest).await?;
    let mut reading = Reading::of(form);
    let field: Option<HarvestField> = reading.choice("field", "Figure");
    // Of which kind it is says the figure, and the domain reads it by that.
    let value = reading.as_typed("value", "New value");
    let reason = reading.text("reason", "Reason");
    let (Some(field), Some(value), Some(reason)) = (field, value, reason) else {
        return Err(reading.refused());
    };
    let what = BatchCommand::Harvest(HarvestCommand::CorrectHarvest {
        field,
        value,
        reason,
    });
    desk.on_batch(&batch, form, what, Signing::No).await?;
    Ok(format!("/batches/{}#harvest", batch.id))
}
