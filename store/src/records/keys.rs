//! Which key signs a ledger: an entry of that ledger.

use super::{Answer, Person, Records, answer};
use crate::{Decided, Fault, InDoubt};
use domain::{
    ids::CommandId,
    ledger::{KeyAdopted, KeyEvent, LedgerKey, StreamName},
    refusal::Words,
};
use std::convert::Infallible;

impl Records {
    /// Signs a ledger with `key` from now on, and says so in the ledger: the entry names the key and the one that it takes
    /// the place of, and the checkpoint over it is signed by both where the old one is here.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn adopt_key(
        &self,
        by: &Person,
        command: CommandId,
        key: LedgerKey,
        reason: &str,
    ) -> Result<Answer, Fault> {
        let ledger = key.ledger().clone();
        let adopted = self.store.adopted_key(&ledger).await?;
        let told = adopted.map(|(_, adopted)| adopted.public_key);
        if told.as_ref() == Some(&key.public()) {
            let words = format!("Ledger {ledger} is signed by this key already.");
            return Ok(Answer::Refused(vec![Words::of(words)]));
        }
        // A ledger from before its keys were told: what signed it until now is the key that is here.
        let signing = self.store.signing_key(&ledger);
        let replaces = told.or(signing.filter(|signing| *signing != key.public()));
        let event = KeyEvent::KeyAdopted(KeyAdopted {
            public_key: key.public(),
            replaces,
            reason: reason.to_owned(),
        });
        self.store.adopt_key(key);
        let stream = StreamName::key(&ledger);
        let mut request = self.request(
            by,
            "administrator",
            ledger,
            stream,
            command,
            &event,
            Vec::new(),
        );
        // A key that was stolen or lost doesn't wait for a clock; the entry says that it wasn't confirmed.
        request.in_doubt = InDoubt::Decide;
        let decide = |loaded: &crate::Loaded| {
            Ok::<_, Infallible>(Decided {
                checkpoint: true,
                rows: None,
                ..loaded.decided(std::slice::from_ref(&event), KeyEvent::VERSION)
            })
        };
        let ran = self.store.execute(&request, decide).await?;
        Ok(answer(ran, |never| match *never {}))
    }
}
