//! Plays the script: each turn as its person, at its moment, through the record's own commands.

use super::{
    clock::SetClock,
    command, done, people,
    script::{Act, Turn},
};
use anyhow::{Context as _, Result};
use app::zone::Zone;
use domain::batch::{Batch, BatchCommand, Harvest};
use store::{Answer, Records, Signing};

/// Plays all turns in their order.
pub async fn all(records: &Records, clock: &SetClock, turns: Vec<Turn>) -> Result<()> {
    for (number, turn) in turns.into_iter().enumerate() {
        clock.set(turn.at);
        play(records, number, &turn).await?;
    }
    Ok(())
}

async fn play(records: &Records, number: usize, turn: &Turn) -> Result<()> {
    let what = format!("turn {number} of batch {}", turn.name);
    let by = people::signed_in(turn.by).with_context(|| format!("nobody is {}", turn.by))?;
    let offset = Zone::named(turn.place.time_zone()).offset(turn.at);
    let id = super::batch_id(turn.name);
    let run = async |name: String, what: BatchCommand, signing: Signing| -> Result<Answer> {
        Ok(records
            .on_batch(&by, command(&name), id, offset, what, signing)
            .await?)
    };
    let name = format!("turn/{number}");
    match &turn.act {
        Act::Register(harvest) => {
            let harvest = Harvest::clone(harvest);
            let registered = records
                .register_harvest(&by, command(&name), id, turn.place.code(), offset, harvest)
                .await?;
            done(&what, registered)
        }
        Act::Do(wanted) => done(&what, run(name, wanted.clone(), Signing::No).await?),
        Act::Sign(wanted) => {
            let seen = batch(records, turn).await?.version;
            done(
                &what,
                run(name, wanted(seen), Signing::Authenticated).await?,
            )
        }
        Act::AssessAll(assessment) => {
            for exception in &batch(records, turn).await?.exceptions {
                if exception.assessed.is_none() {
                    let exception = exception.stamp.version;
                    let assess = BatchCommand::AssessException {
                        exception,
                        assessment: (*assessment).to_owned(),
                    };
                    let name = format!("{name}/{exception}");
                    done(&what, run(name, assess, Signing::No).await?)?;
                }
            }
            Ok(())
        }
    }
}

async fn batch(records: &Records, turn: &Turn) -> Result<Batch> {
    let batch = records.batch(super::batch_id(turn.name)).await?;
    batch.with_context(|| format!("there is no batch {}", turn.name))
}
