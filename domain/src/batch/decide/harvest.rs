//! Registering a harvest, and correcting its figures.

use super::{above_zero, open, words};
use crate::{
    batch::{
        Batch, BatchEvent, Context, Harvest, HarvestField, Lookups, Refusal, Registered,
        claims::{coi_unclaimed, unclaimed},
    },
    decimal::{self, repeated},
    identifiers::{Coi, NO_COI},
    rights::{Action, Role},
    time::read_day,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Registers a harvest: the batch begins.
///
/// # Errors
/// A [`Refusal`] with words for the person; then nothing is recorded.
pub fn register(
    harvest: Harvest,
    lookups: Lookups,
    context: &Context,
) -> Result<(Role, BatchEvent), Refusal> {
    let role = context.role(Action::RegisterHarvest)?;
    let subject = subject_code(&harvest.subject)?;
    unclaimed(&lookups.site, &subject, &harvest, &context.held)?;
    if !harvest.consent {
        return Err(Refusal::NoConsent);
    }
    if !harvest.identity_confirmed {
        return Err(Refusal::IdentityNotConfirmed);
    }
    let collected_at = context.stated(
        "collected_at",
        "Time of collection",
        Some(harvest.collected_at),
        None,
    )?;
    consented_before(&harvest, context)?;
    let registered = Registered {
        number: format!(
            "{}-{}-{:04}",
            lookups.site,
            lookups.year,
            lookups.batches_before + 1
        ),
        site: lookups.site,
        subject,
        din: harvest.din,
        coi: harvest.coi,
        collected_at,
        collected_by: words("collected_by", "Collected by", &harvest.collected_by)?,
        volume_ml: volume(harvest.volume_ml)?,
        anticoagulant: words("anticoagulant", "Anticoagulant", &harvest.anticoagulant)?,
        consent_version: words(
            "consent_version",
            "Version of the consent form",
            &harvest.consent_version,
        )?,
        consented_on: not_later(
            "consented_on",
            "Day of consent",
            harvest.consented_on,
            context,
        )?,
        weight_kg: weight(harvest.weight_kg)?,
        weighed_on: not_later("weighed_on", "Day of weighing", harvest.weighed_on, context)?,
        time_zone: context.zone.name().to_owned(),
        master_record: lookups.master_record,
        specification: lookups.specification,
    };
    Ok((role, BatchEvent::HarvestRegistered(Box::new(registered))))
}

/// Marrow is taken from who has agreed to it, so the consent is not of a later day.
fn consented_before(harvest: &Harvest, context: &Context) -> Result<(), Refusal> {
    let collected_on = context.zone.day(harvest.collected_at);
    if harvest.consented_on <= collected_on || harvest.consented_on > context.today() {
        return Ok(());
    }
    Err(Refusal::BeforePrevious {
        field: "consented_on",
        what: "Time of collection",
        at: context.shown(harvest.collected_at),
        before_what: "the day of consent".to_owned(),
        before: harvest.consented_on.to_string(),
    })
}

/// Subject codes are short and hold no spaces, so that no name is typed by habit.
fn subject_code(text: &str) -> Result<String, Refusal> {
    let code = words("subject", "Subject code", text)?;
    let plain = code
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '/');
    if plain && code.len() <= 20 {
        return Ok(code);
    }
    Err(Refusal::Implausible {
        field: "subject",
        what: "Subject code",
        value: format!("“{code}”"),
        rule: "it holds letters, digits, - and / (at most 20), and never a name",
    })
}

fn volume(value: Decimal) -> Result<Decimal, Refusal> {
    above_zero("volume_ml", "Volume of the aspirate", value)?;
    if value > Decimal::from(2000) {
        let rule = "an aspirate is less than 2000 mL";
        return Err(implausible(
            "volume_ml",
            "Volume of the aspirate",
            value,
            "mL",
            rule,
        ));
    }
    Ok(value)
}

fn weight(value: Decimal) -> Result<Decimal, Refusal> {
    above_zero("weight_kg", "Body weight", value)?;
    if value < Decimal::TWO || value > Decimal::from(400) {
        return Err(implausible(
            "weight_kg",
            "Body weight",
            value,
            "kg",
            "a body weighs 2 to 400 kg",
        ));
    }
    Ok(value)
}

fn implausible(
    field: &'static str,
    what: &'static str,
    value: Decimal,
    unit: &str,
    rule: &'static str,
) -> Refusal {
    Refusal::Implausible {
        field,
        what,
        value: format!("{value} {unit}"),
        rule,
    }
}

fn not_later(
    field: &'static str,
    what: &'static str,
    day: NaiveDate,
    context: &Context,
) -> Result<NaiveDate, Refusal> {
    if day > context.today() {
        return Err(Refusal::InFuture {
            field,
            what,
            at: day.to_string(),
        });
    }
    Ok(day)
}

pub(super) fn correct(
    batch: &Batch,
    context: &Context,
    field: HarvestField,
    value: &str,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let harvest = &batch.harvest;
    let number =
        |text: &str| decimal::parse(text).map_err(|why| Refusal::Unreadable(why.to_string()));
    let (old, new) = match field {
        HarvestField::Coi => {
            let new = match value.trim() {
                NO_COI => None,
                typed => Some(
                    Coi::parse_typed(typed).map_err(|why| Refusal::Unreadable(why.to_string()))?,
                ),
            };
            if let Some(coi) = &new {
                coi_unclaimed(batch, coi, &context.held)?;
            }
            (Coi::shown(harvest.coi.as_ref()), Coi::shown(new.as_ref()))
        }
        HarvestField::CollectedBy => (
            harvest.collected_by.clone(),
            words("value", "New value", value)?,
        ),
        HarvestField::Anticoagulant => (
            harvest.anticoagulant.clone(),
            words("value", "New value", value)?,
        ),
        HarvestField::ConsentVersion => (
            harvest.consent_version.clone(),
            words("value", "New value", value)?,
        ),
        HarvestField::Volume => (
            harvest.volume_ml.to_string(),
            volume(number(value)?)?.to_string(),
        ),
        HarvestField::Weight => (
            harvest.weight_kg.to_string(),
            weight(number(value)?)?.to_string(),
        ),
        HarvestField::WeighedOn => {
            let day = read_day(value).ok_or_else(|| {
                let value = repeated(value);
                Refusal::Unreadable(format!("“{value}” is not a day. Write it as 2026-03-05."))
            })?;
            (
                harvest.weighed_on.to_string(),
                not_later("value", "Day of weighing", day, context)?.to_string(),
            )
        }
    };
    if old == new {
        return Err(Refusal::NothingChanged { value: old });
    }
    Ok(BatchEvent::HarvestCorrected {
        field,
        old,
        new,
        reason: words("reason", "Reason", reason)?,
    })
}
