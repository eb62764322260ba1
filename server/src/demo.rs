//! `autolog demo`: a record to look around in, made by the same commands that people use.
//!
//! Every person, patient and site is made up. Figures of cells and doses are from publications, each named where it
//! stands; what no publication gives is the demonstration's own.

mod batches;
mod clock;
mod people;
mod play;
mod script;
mod usual;

pub use clock::SetClock;
pub use people::signed_in;
#[cfg(test)]
pub use people::{PASSWORD, PEOPLE as EVERYONE, id_of as person_id};
pub use play::play;
#[cfg(test)]
pub use script::Act;
pub use script::Turn;

use crate::{
    clock as machine,
    command::{SiteOpening, open_site},
    config::{Config, Opened},
    random,
};
use anyhow::{Context as _, Result, bail};
use app::{
    door::{Door, SessionCookie},
    zone,
};
use chrono::TimeDelta;
use clap::Args;
use domain::{
    identifiers::Scheme,
    ids::{BatchId, CommandId},
    master_record::{BM_MSC as MASTER_RECORD, MasterRecord},
    site::Site,
    specification::{BM_MSC as SPECIFICATION, Specification},
    time::Timestamp,
};
use people::PEOPLE;
use script::Scene;
use std::process::ExitCode;
use store::{Answer, Person};
use uuid::Uuid;

/// The demonstration.
#[derive(Args, Debug)]
pub struct Options {
    /// The moment at which the demonstration ends, as 2026-03-05T12:00:00Z; without it, now. The same moment gives the
    /// same batches.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    clock: Option<Timestamp>,
}

fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|why| why.to_string())
}

/// What every id of the demonstration is made from, so that they are the same each time.
const SEED: Uuid = Uuid::from_u128(0x6175_746f_6c6f_672d_6465_6d6f_0000_0001);

/// The id of what the demonstration calls `name`.
fn id(name: &str) -> Uuid {
    Uuid::new_v5(&SEED, name.as_bytes())
}

fn command(name: &str) -> CommandId {
    CommandId::of_form(SEED, name)
}

/// Runs the command.
pub async fn run(config: &Config, options: &Options) -> Result<ExitCode> {
    let now = options.clock.unwrap_or_else(machine::now);
    let clock = SetClock::at(now);
    let opened = config.open_to_write(clock.clock()).await?;
    let known = opened.records.store().persons().await?;
    if known.is_empty() {
        fill(&opened, &clock, now).await?;
        say!("The record was filled with a demonstration.\n");
        people::print();
    } else {
        say!("There is a record already. Nothing was changed.\n");
        if known
            .iter()
            .any(|row| row.user == people::id_of("administrator.1"))
        {
            people::print();
        }
    }
    opened.records.store().close().await;
    Ok(ExitCode::SUCCESS)
}

/// Fills an empty record so that it ends at `now`.
pub async fn fill(opened: &Opened, clock: &SetClock, now: Timestamp) -> Result<()> {
    clock.set(now.plus(-TimeDelta::days(150)));
    let begun = opened
        .records
        .begin_demonstration(&by_demo(), command("begin"))
        .await?;
    done("the beginning", begun)?;
    for site in sites()? {
        let code = site.code.clone();
        let opening = SiteOpening {
            site,
            master_record: MASTER_RECORD.to_owned(),
            specification: SPECIFICATION.to_owned(),
        };
        done(
            &format!("site {code}"),
            open_site(opened, &by_demo(), opening).await?,
        )?;
        clock.forward(TimeDelta::minutes(5));
    }
    let cookie = SessionCookie { secure: true };
    let door = Door::new(
        opened.records.clone(),
        random::of_the_machine(),
        &clock.elapsed(),
        cookie,
    )
    .await?;
    for one in &PEOPLE {
        people::add(&door, one).await?;
        clock.forward(TimeDelta::minutes(5));
    }
    for (number, turn) in turns(now)?.iter().enumerate() {
        let by = signed_in(turn.by).with_context(|| format!("nobody is {}", turn.by))?;
        clock.set(turn.at);
        play(&opened.records, number, turn, &by).await?;
    }
    clock.set(now);
    Ok(())
}

/// What everyone does, in the order of time, so that it ends at `now`.
pub fn turns(now: Timestamp) -> Result<Vec<Turn>> {
    let master_record = MasterRecord::parse(MASTER_RECORD)?;
    let specification = Specification::parse(SPECIFICATION)?;
    let mut turns: Vec<Turn> = Vec::new();
    for batch in batches::all() {
        let scene = Scene {
            master_record: &master_record,
            specification: &specification,
            zone: zone::named(batch.site.time_zone())?,
            now,
        };
        turns.extend(batches::script(&batch, &scene)?);
    }
    // Every ledger is written in the order of time, as it would have been.
    turns.sort_by_key(|turn| turn.at);
    Ok(turns)
}

/// The sites of the demonstration.
pub fn sites() -> Result<Vec<Site>> {
    use batches::Place;
    let site = |place: Place| {
        Ok(Site {
            code: place.code().to_owned(),
            name: place.name().to_owned(),
            address: place.address().to_owned(),
            scheme: Scheme::isbt_128(&[place.facility(), COLLECTS_FOR_ALL].map(str::to_owned))?,
            time_zone: place.time_zone().to_owned(),
            master_record: String::new(),
            specification: String::new(),
        })
    };
    [Place::Genoa, Place::Barcelona]
        .into_iter()
        .map(site)
        .collect()
}

/// A facility that ISBT 128 keeps for tests: a hospital that takes marrow for both sites.
const COLLECTS_FOR_ALL: &str = "A9997";

fn by_demo() -> Person {
    Person::command_line("autolog demo")
}

/// Goes on where the record took it: the demonstration is told refusals like anyone else, and must not get any.
fn done(what: &str, answer: Answer) -> Result<()> {
    match answer {
        Answer::Done(_) => Ok(()),
        Answer::Refused(words) => {
            let words: Vec<_> = words.into_iter().map(|words| words.text).collect();
            bail!(
                "the demonstration was refused at {what}: {}",
                words.join(" ")
            )
        }
    }
}

/// The batch that the demonstration calls `name`.
pub fn batch_id(name: &str) -> BatchId {
    BatchId(id(&format!("batch/{name}")))
}
