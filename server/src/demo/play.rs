//! Plays the script: each turn as its person, through the record's own commands.

use super::{
    command, done,
    script::{Act, Turn},
};
use anyhow::{Context as _, Result};
use domain::batch::{Batch, BatchCommand, ExceptionCommand, Harvest};
use store::{Answer, Person, Records, Signing};

/// Plays one turn as its person.
pub async fn play(records: &Records, number: usize, turn: &Turn, by: &Person) -> Result<()> {
    let what = format!("turn {number} of batch {}", turn.name);
    let id = super::batch_id(turn.name);
    let run = async |name: String, what: BatchCommand, signing: Signing| -> Result<Answer> {
        Ok(records
            .on_batch(by, command(&name), id, what, signing)
            .await?)
    };
    let name = format!("turn/{number}");
    match &turn.act {
        Act::Register(harvest) => {
            let harvest = Harvest::clone(harvest);
            let registered = records
                .register_harvest(by, command(&name), id, turn.place.code(), harvest)
                .await?;
            done(&what, registered)
        }
        Act::Do(wanted) => done(
            &what,
            run(name, BatchCommand::clone(wanted), Signing::No).await?,
        ),
        Act::Sign(wanted) => {
            let seen = batch(records, turn).await?.version;
            done(
                &what,
                run(name, wanted(seen), Signing::Authenticated).await?,
            )
        }
        Act::FromRecord(wanted) => {
            let wanted = wanted(&batch(records, turn).await?);
            let wanted = wanted.with_context(|| format!("{what} has nothing to ask for"))?;
            done(&what, run(name, wanted, Signing::Authenticated).await?)
        }
        Act::AssessAll(assessment) => {
            for exception in &batch(records, turn).await?.exceptions {
                if exception.assessed.is_none() {
                    let exception = exception.stamp.version;
                    let assess = BatchCommand::Exception(ExceptionCommand::AssessException {
                        exception,
                        assessment: (*assessment).to_owned(),
                    });
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
