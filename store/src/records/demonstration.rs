//! Whether the record is a demonstration.

use super::{Answer, Person, Records, answer};
use crate::{Fault, Lookup};
use domain::{
    demonstration,
    ids::CommandId,
    ledger::{LedgerName, StreamName},
    refusal::Words,
};

impl Records {
    /// Begins an empty record as a demonstration.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn begin_demonstration(
        &self,
        by: &Person,
        command: CommandId,
    ) -> Result<Answer, Fault> {
        let request = self.request(
            by,
            "administrator",
            LedgerName::org(),
            stream()?,
            command,
            &demonstration::STATEMENT,
            vec![Lookup::PersonCount],
        );
        let ran = self
            .store
            .execute(&request, |loaded| {
                let begun = demonstration::begin(loaded.person_count()).ok_or(())?;
                Ok(loaded.decided(&[begun], 1))
            })
            .await?;
        Ok(answer(ran, |()| {
            Words::of("There are accounts in this record already. Nothing was changed.")
        }))
    }

    /// Whether the record says of itself that it is a demonstration.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn is_demonstration(&self) -> Result<bool, Fault> {
        let entries = self.store.stream(&LedgerName::org(), &stream()?).await?;
        Ok(!entries.is_empty())
    }
}

fn stream() -> Result<StreamName, Fault> {
    StreamName::of("demonstration", "record").map_err(|why| Fault::Missing(why.to_string()))
}
