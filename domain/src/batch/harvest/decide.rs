//! Registering a harvest, and correcting its figures.

use crate::{
    batch::{
        Batch, BatchEvent, Context, Harvest, HarvestCommand, HarvestEvent, HarvestField,
        HarvestRefusal, InputRefusal, Lookups, Refusal, Registered,
        claims::{coi_unclaimed, unclaimed},
        decide::{Checks, above_zero, line, open, words},
    },
    decimal::DecimalSign,
    identifiers::{Coi, NO_COI},
    measure::{Measure, Quantity},
    rights::{Action, Role},
    time::{Timestamp, typed_day},
    typed::{self, Takes},
};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What a command on the harvest does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: HarvestCommand,
    context: &Context,
) -> Result<Vec<BatchEvent>, Refusal> {
    let event = match command {
        HarvestCommand::CorrectHarvest {
            field,
            value,
            reason,
        } => correct(batch, context, field, &value, &reason),
    }?;
    Ok(vec![event])
}

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
    if !lookups.misfits.is_empty() {
        return Err(Refusal::Harvest(HarvestRefusal::DocumentsMisfit {
            misfits: lookups.misfits,
        }));
    }
    let mut checks = Checks::default();
    let read = read(&harvest, context, &mut checks);
    if let Err(why) = lookups.scheme.check(&harvest.din) {
        checks.refuse(Refusal::Harvest(HarvestRefusal::OtherScheme(why)));
    }
    if let Ok(subject) = subject_code(&harvest.subject) {
        for taken in unclaimed(&lookups.site, &subject, &harvest, &context.held) {
            checks.refuse(taken);
        }
    }
    let Some(read) = read.filter(|_| checks.passed()) else {
        return Err(checks.refused());
    };
    let registered = Registered {
        number: format!(
            "{}-{}-{:04}",
            lookups.site,
            lookups.year,
            lookups.batches_before + 1
        ),
        site: lookups.site,
        subject: read.subject,
        din: harvest.din,
        coi: harvest.coi,
        collected_at: harvest.collected_at,
        collected_by: read.collected_by,
        volume_ml: harvest.volume_ml,
        anticoagulant: read.anticoagulant,
        consent_version: read.consent_version,
        consented_on: harvest.consented_on,
        weight_kg: harvest.weight_kg,
        weighed_on: harvest.weighed_on,
        time_zone: context.zone.name().to_owned(),
        master_record: lookups.master_record,
        specification: lookups.specification,
    };
    Ok((
        role,
        BatchEvent::Harvest(HarvestEvent::HarvestRegistered(Box::new(registered))),
    ))
}

/// Everything that is wrong with what was typed of a harvest, without what the record of other batches says.
#[must_use]
pub fn harvest_refusals(harvest: &Harvest, context: &Context) -> Vec<Refusal> {
    let mut checks = Checks::default();
    read(harvest, context, &mut checks);
    checks.all()
}

/// The words of a harvest as they are recorded.
struct Read {
    subject: String,
    collected_by: String,
    anticoagulant: String,
    consent_version: String,
}

/// Looks at every field of a harvest.
fn read(harvest: &Harvest, context: &Context, checks: &mut Checks) -> Option<Read> {
    if !harvest.consent {
        checks.refuse(Refusal::Harvest(HarvestRefusal::NoConsent));
    }
    if !harvest.identity_confirmed {
        checks.refuse(Refusal::Harvest(HarvestRefusal::IdentityNotConfirmed));
    }
    let collected = context.stated(
        "collected_at",
        "Time of collection",
        Some(harvest.collected_at),
        None,
    );
    checks.take(collected);
    checks.take(consented_before(harvest, context));
    for (long_ago, day) in [
        (&CONSENT, harvest.consented_on),
        (&WEIGHING, harvest.weighed_on),
    ] {
        checks.take(not_long_ago(long_ago, day, harvest.collected_at, context));
    }
    let subject = checks.take(subject_code(&harvest.subject));
    let collected_by = checks.take(line(
        "collected_by",
        "Collected by",
        &harvest.collected_by,
        Takes::Words,
    ));
    checks.take(volume(harvest.volume_ml));
    let anticoagulant = checks.take(line(
        "anticoagulant",
        "Anticoagulant",
        &harvest.anticoagulant,
        Takes::Words,
    ));
    let version = "Version of the consent form";
    let consent_version = checks.take(line(
        "consent_version",
        version,
        &harvest.consent_version,
        Takes::Words,
    ));
    let (consented, weighed) = (harvest.consented_on, harvest.weighed_on);
    checks.take(not_later(
        "consented_on",
        "Day of consent",
        consented,
        context,
    ));
    checks.take(plausible_weight(harvest.weight_kg));
    checks.take(not_later("weighed_on", "Day of weighing", weighed, context));
    Some(Read {
        subject: subject?,
        collected_by: collected_by?,
        anticoagulant: anticoagulant?,
        consent_version: consent_version?,
    })
}

/// Marrow is taken from who has agreed to it, so the consent is not of a later day.
fn consented_before(harvest: &Harvest, context: &Context) -> Result<(), Refusal> {
    let collected_on = context.zone.day(harvest.collected_at);
    if harvest.consented_on <= collected_on || harvest.consented_on > context.today() {
        return Ok(());
    }
    Err(Refusal::Input(InputRefusal::BeforePrevious {
        field: "consented_on",
        what: "Time of collection",
        at: context.shown(harvest.collected_at),
        before_what: "the day of consent".to_owned(),
        before: harvest.consented_on.to_string(),
    }))
}

/// Whether the marrow can have been taken at another time than the one that was registered: after the consent, and not so
/// long after it or the weighing that neither counts.
pub(in crate::batch) fn collected_at(
    harvest: &Registered,
    at: Timestamp,
    context: &Context,
) -> Result<(), Refusal> {
    if harvest.consented_on > context.zone.day(at) {
        return Err(Refusal::Input(InputRefusal::BeforePrevious {
            field: "at",
            what: "Time of collection",
            at: context.shown(at),
            before_what: "the day of consent".to_owned(),
            before: harvest.consented_on.to_string(),
        }));
    }
    for (long_ago, day) in [
        (CONSENT, harvest.consented_on),
        (WEIGHING, harvest.weighed_on),
    ] {
        let long_ago = LongAgo {
            field: "at",
            ..long_ago
        };
        not_long_ago(&long_ago, day, at, context)?;
    }
    Ok(())
}

/// A day before the collection that can't be right, since nobody would go by what was said or measured then.
struct LongAgo {
    field: &'static str,
    what: &'static str,
    days: i64,
    rule: &'static str,
}

const CONSENT: LongAgo = LongAgo {
    field: "consented_on",
    what: "Day of consent",
    days: 3660,
    rule: "it is more than ten years before the collection",
};

const WEIGHING: LongAgo = LongAgo {
    field: "weighed_on",
    what: "Day of weighing",
    days: 366,
    rule: "it is more than a year before the collection, and the dose is reckoned from that weight",
};

fn not_long_ago(
    stale: &LongAgo,
    day: NaiveDate,
    collected_at: Timestamp,
    context: &Context,
) -> Result<(), Refusal> {
    let before = (context.zone.day(collected_at)).signed_duration_since(day);
    if before.num_days() <= stale.days {
        return Ok(());
    }
    Err(Refusal::Input(InputRefusal::Implausible {
        field: stale.field,
        what: stale.what,
        value: day.to_string(),
        rule: stale.rule,
    }))
}

/// Subject codes are short and hold no spaces, so that no name is typed by habit; and no other number is one.
fn subject_code(text: &str) -> Result<String, Refusal> {
    let code = line("subject", "Subject code", text, Takes::Subject)?;
    if !code.contains(|sign: char| sign.is_ascii_alphanumeric()) {
        return Err(Refusal::Input(InputRefusal::Implausible {
            field: "subject",
            what: "Subject code",
            value: format!("“{code}”"),
            rule: "it names the subject by a letter or digit at least",
        }));
    }
    let plain = code
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '/');
    if plain && code.len() <= 20 {
        return Ok(code);
    }
    Err(Refusal::Input(InputRefusal::Implausible {
        field: "subject",
        what: "Subject code",
        value: format!("“{code}”"),
        rule: "it holds letters, digits, - and / (at most 20), and never a name",
    }))
}

/// The volume of an aspirate, in mL.
#[must_use]
pub fn aspirate_volume() -> Quantity {
    Quantity::between(Measure::MILLILITRE, Decimal::ZERO, Decimal::from(2000))
}

/// The weight of a body, in kg.
#[must_use]
pub fn body_weight() -> Quantity {
    Quantity::between(Measure::KILOGRAM, Decimal::TWO, Decimal::from(400))
}

fn volume(value: Decimal) -> Result<Decimal, Refusal> {
    above_zero("volume_ml", "Volume of the aspirate", value)?;
    if aspirate_volume().greatest.is_some_and(|most| value > most) {
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

/// A plausible body weight: doses and endotoxin limits are calculated from it.
///
/// # Errors
/// [`InputRefusal::Implausible`], or that it is not above zero.
pub fn plausible_weight(value: Decimal) -> Result<Decimal, Refusal> {
    above_zero("weight_kg", "Body weight", value)?;
    let Quantity {
        least, greatest, ..
    } = body_weight();
    if least.is_some_and(|least| value < least) || greatest.is_some_and(|most| value > most) {
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
    Refusal::Input(InputRefusal::Implausible {
        field,
        what,
        value: format!("{value} {unit}"),
        rule,
    })
}

fn not_later(
    field: &'static str,
    what: &'static str,
    day: NaiveDate,
    context: &Context,
) -> Result<NaiveDate, Refusal> {
    if day > context.today() {
        return Err(Refusal::Input(InputRefusal::InFuture {
            field,
            what,
            at: day.to_string(),
        }));
    }
    Ok(day)
}

fn correct(
    batch: &Batch,
    context: &Context,
    field: HarvestField,
    value: &str,
    reason: &str,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let harvest = &batch.harvest;
    let number = |quantity: Quantity| {
        let read = quantity.read(value, DecimalSign::Either);
        read.map_err(|why| Refusal::Input(InputRefusal::Unreadable(why.to_string())))
    };
    let new_line = |text: &str| {
        let read = typed::line(text, "New value", Takes::Words);
        let line = read.map_err(|why| Refusal::Input(InputRefusal::Unreadable(why.to_string())))?;
        words("value", "New value", line)
    };
    let (old, new) = match field {
        HarvestField::Coi => {
            let new = match value.trim() {
                NO_COI => None,
                typed => Some(
                    Coi::parse_typed(typed)
                        .map_err(|why| Refusal::Input(InputRefusal::Unreadable(why.to_string())))?,
                ),
            };
            if let Some(coi) = &new {
                coi_unclaimed(batch, coi, &context.held)?;
            }
            (Coi::shown(harvest.coi.as_ref()), Coi::shown(new.as_ref()))
        }
        HarvestField::CollectedBy => (harvest.collected_by.clone(), new_line(value)?),
        HarvestField::Anticoagulant => (harvest.anticoagulant.clone(), new_line(value)?),
        HarvestField::ConsentVersion => (harvest.consent_version.clone(), new_line(value)?),
        HarvestField::Volume => (
            harvest.volume_ml.to_string(),
            volume(number(aspirate_volume())?)?.to_string(),
        ),
        HarvestField::Weight => (
            harvest.weight_kg.to_string(),
            plausible_weight(number(body_weight())?)?.to_string(),
        ),
        HarvestField::WeighedOn => {
            let scan = typed::line(value, "Day of weighing", Takes::Day);
            let text =
                scan.map_err(|why| Refusal::Input(InputRefusal::Unreadable(why.to_string())))?;
            let day = typed_day(text)
                .map_err(|why| Refusal::Input(InputRefusal::Unreadable(why.to_string())))?;
            let weighing = LongAgo {
                field: "value",
                ..WEIGHING
            };
            not_long_ago(&weighing, day, harvest.collected_at, context)?;
            (
                harvest.weighed_on.to_string(),
                not_later("value", "Day of weighing", day, context)?.to_string(),
            )
        }
    };
    if old == new {
        return Err(Refusal::Input(InputRefusal::NothingChanged { value: old }));
    }
    Ok(BatchEvent::Harvest(HarvestEvent::HarvestCorrected {
        field,
        old,
        new,
        reason: words("reason", "Reason", reason)?,
    }))
}
