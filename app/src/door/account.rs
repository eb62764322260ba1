//! Accounts: added, changed, their passwords set. What the door needs for it is set in the transaction that records it.

use super::{
    Door, Fault, NewPassword, Often, Refusal, Whence,
    password::{is_published, length_rule, password_rule, words_of},
};
use domain::{
    ids::{CommandId, UserId},
    ledger::LedgerName,
    people::PersonCommand,
    refusal::{Checks, Words},
    rights::{self, Action, By},
};
use store::{Answer, Foreseen, Password, Person};

/// What a person accepts before their first signature (21 CFR 11.10(j), 11.100(c)).
pub const STATEMENT: &str = "My electronic signature in Autolog binds me like my signature by hand. I am accountable \
                             for everything that is done under it. I keep my password to myself.";

impl Door {
    /// Adds an account (`add` is [`PersonCommand::Add`]) with its first password.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn add_account(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        add: PersonCommand,
        password: impl Into<NewPassword<'_>>,
        from: Whence,
    ) -> Result<Answer, Fault> {
        self.set_password(by, command, user, add, password.into(), from)
            .await
    }

    /// Everything that is wrong with a command that sets a password of somebody else, and with that password, where the
    /// form can't be taken anyway. Nothing is hashed for it.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn would_refuse(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: &PersonCommand,
        password: NewPassword<'_>,
    ) -> Result<Vec<Words>, Fault> {
        let unfit = self.unfit_for(user, what, password).await?;
        let foreseen = self.records.foresee(by, command, user, what).await?;
        Ok(match foreseen {
            Foreseen::Answered(Answer::Refused(words)) => words,
            Foreseen::Answered(Answer::Done(_)) | Foreseen::Recorded => unfit,
            Foreseen::Refused(words) => together(words, unfit),
        })
    }

    /// Changes an account: roles, state. Sessions end where the account can't be used any more.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn on_account(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: PersonCommand,
    ) -> Result<Answer, Fault> {
        Ok(self
            .records
            .on_person(by, command, user, what, None)
            .await?)
    }

    /// An administrator sets a new password, to be changed at the next sign-in: alone it signs nothing.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn reset_password(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        password: impl Into<NewPassword<'_>>,
        from: Whence,
    ) -> Result<Answer, Fault> {
        let what = PersonCommand::ResetPassword;
        self.set_password(by, command, user, what, password.into(), from)
            .await
    }

    /// The person chooses a new password. Their other sessions end.
    ///
    /// # Errors
    /// [`Fault`]; a refusal of the door is in the inner result.
    pub async fn change_password(
        &self,
        person: &Person,
        command: CommandId,
        [password, new_password, repeated_password]: [&str; 3],
        from: Whence,
    ) -> Result<Result<Answer, Refusal>, Fault> {
        let Some(user) = person.user else {
            return Ok(Err(Refusal::MayNot(rights::Refusal::NoAccount)));
        };
        let names = (person.user_name.as_str(), person.name.as_str());
        let mut checks = Checks::default();
        if password.is_empty() {
            checks.refuse(Refusal::NoPassword);
        }
        match self.rule(names, new_password).await? {
            Err(refusal) => checks.refuse(refusal),
            Ok(()) if new_password == password => checks.refuse(Refusal::SamePassword),
            Ok(()) => {}
        }
        let typed = NewPassword {
            text: new_password,
            repeated: Some(repeated_password),
        };
        checks.take(typed.is_typed_twice());
        if let Err(refusal) = checks.finish() {
            return Ok(Err(refusal));
        }
        // The same form sent twice, side by side: the second one finds what the first has done.
        let _one = self.one_by_one(&self.changes, user).await;
        let what = PersonCommand::ChoosePassword;
        let foreseen = self.records.foresee(person, command, user, &what);
        if let Foreseen::Answered(before) = foreseen.await? {
            let Answer::Done(_) = before else {
                return Ok(Ok(before));
            };
            if self.records.password_set_by(user).await? != Some(command) {
                return Ok(Err(Refusal::SetSince));
            }
            // A wrong one counts and locks as everywhere.
            let is_so = self.verify(&person.user_name, new_password, from).await?;
            return Ok(match is_so {
                Ok(_) => Ok(before),
                Err(Refusal::TooMany) => Err(Refusal::TooMany),
                Err(_) => Err(Refusal::SentBefore),
            });
        }
        let known = match self.verify(&person.user_name, password, from).await? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Err(refusal) = self.may_again(person, Often::Password) {
            return Ok(Err(refusal));
        }
        let password = Password {
            hash: self.hasher.hash(new_password).await?,
            proved: Some(known.credential.mark()),
        };
        let chosen = self
            .records
            .on_person(person, command, user, what, Some(password));
        Ok(Ok(chosen.await?))
    }

    /// Records what sets a password, and sets it in the same transaction. Sent again, it is told as done where that password
    /// is so, and else as what it is.
    async fn set_password(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: PersonCommand,
        password: NewPassword<'_>,
        from: Whence,
    ) -> Result<Answer, Fault> {
        let _one = self.one_by_one(&self.changes, user).await;
        if by.user.is_some() {
            // Before anything is hashed; it is asked again where it is recorded.
            let org = LedgerName::org();
            let may = self
                .records
                .may_now(by, org.as_str(), Action::KeepAccounts, By::Hand);
            if let Err(why) = may.await? {
                return Ok(refused(&Refusal::MayNot(why)));
            }
        }
        let unfit = self.unfit_for(user, &what, password).await?;
        let foreseen = self.records.foresee(by, command, user, &what).await?;
        let answer = match foreseen {
            Foreseen::Answered(Answer::Refused(words)) => return Ok(Answer::Refused(words)),
            Foreseen::Refused(words) => return Ok(Answer::Refused(together(words, unfit))),
            // Also where the form was sent before: what can't be a password was not set by it.
            _ if !unfit.is_empty() => return Ok(Answer::Refused(unfit)),
            Foreseen::Answered(answer) => answer,
            Foreseen::Recorded => {
                if let Err(refusal) = self.may_again(by, Often::Password) {
                    return Ok(refused(&refusal));
                }
                let password = Password {
                    hash: self.hasher.hash(password.text).await?,
                    proved: None,
                };
                let set = self
                    .records
                    .on_person(by, command, user, what, Some(password));
                set.await?
            }
        };
        let repeated = matches!(&answer, Answer::Done(outcome) if outcome.repeated);
        if repeated {
            let is_so = self.is_what_was_set(command, user, password.text, from);
            if let Err(refusal) = is_so.await? {
                return Ok(refused(&refusal));
            }
        }
        Ok(answer)
    }

    /// Whether this is the password that the command set. One that was set since, as by the person themselves, is nothing that
    /// the person who sends it again has set: it is held against none then. Each wrong one counts as everywhere; the account isn't
    /// locked by it, as nobody guesses at what is the person's own.
    async fn is_what_was_set(
        &self,
        command: CommandId,
        user: UserId,
        password: &str,
        from: Whence,
    ) -> Result<Result<(), Refusal>, Fault> {
        let row = self.records.store().person(user).await?;
        let user_name = row.map(|row| row.user_name).unwrap_or_default();
        let turn = self.hasher.turn().await?;
        // Asked with the turn: others may have been wrong while this one waited.
        if self.limiter.is_full(&user_name, from) {
            return Ok(Err(Refusal::TooMany));
        }
        // In this order: where no password was set after that of the command, the one that was read before is it.
        let credential = self.records.store().credential(user).await?;
        let set_by = self.records.password_set_by(user).await?;
        let Some(credential) = credential.filter(|_| set_by == Some(command)) else {
            return Ok(Err(Refusal::SetSince));
        };
        let (right, turn) = turn.verify(password, &credential.password_hash).await?;
        if !right {
            // Before the turn goes to the next.
            self.limiter.note_wrong(&user_name, from);
        }
        drop(turn);
        Ok(if right {
            Ok(())
        } else {
            Err(Refusal::SentBefore)
        })
    }

    /// Everything that is wrong with the password that a command sets.
    async fn unfit_for(
        &self,
        user: UserId,
        what: &PersonCommand,
        password: NewPassword<'_>,
    ) -> Result<Vec<Words>, Fault> {
        let (user_name, name) = match what {
            PersonCommand::Add {
                user_name,
                printed_name,
                ..
            } => (user_name.clone(), printed_name.clone()),
            _ => {
                let row = self.records.store().person(user).await?;
                row.map(|row| (row.user_name, row.printed_name))
                    .unwrap_or_default()
            }
        };
        let mut checks = Checks::default();
        checks.take(self.rule((&user_name, &name), password.text).await?);
        checks.take(password.is_typed_twice());
        Ok(checks.all().iter().map(Refusal::words).collect())
    }

    /// Whether somebody of this user name and full name can have this password.
    async fn rule(
        &self,
        (user_name, name): (&str, &str),
        password: &str,
    ) -> Result<Result<(), Refusal>, Fault> {
        if is_published(password) {
            return Ok(match self.records.is_demonstration().await? {
                true => length_rule(password),
                false => Err(Refusal::Published),
            });
        }
        let mut words = words_of(user_name);
        words.extend(words_of(name));
        for site in self.records.store().sites().await? {
            for text in [&site.code, &site.name, &site.address] {
                words.extend(words_of(text));
            }
        }
        let password = password.to_owned();
        // A long one takes some milliseconds.
        let ruled = tokio::task::spawn_blocking(move || password_rule(&words, &password));
        ruled.await.map_err(|why| Fault::Hashing(why.to_string()))
    }

    /// Whether the person accepted the [`STATEMENT`].
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn is_accountable(&self, user: UserId) -> Result<bool, Fault> {
        let account = self.records.account(user).await?;
        Ok(account.is_some_and(|account| account.accountable))
    }

    /// The person accepts the [`STATEMENT`].
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn accept_statement(
        &self,
        person: &Person,
        command: CommandId,
    ) -> Result<Answer, Fault> {
        let Some(user) = person.user else {
            return Ok(refused(&Refusal::Wrong));
        };
        let statement = STATEMENT.to_owned();
        let what = PersonCommand::Accept { statement };
        Ok(self
            .records
            .on_person(person, command, user, what, None)
            .await?)
    }
}

fn refused(refusal: &Refusal) -> Answer {
    Answer::Refused(refusal.all_words())
}

/// What is wrong with a command and with its password. Who may do it and when comes first: where that refuses, correcting
/// a field wouldn't help.
fn together(refused: Vec<Words>, unfit: Vec<Words>) -> Vec<Words> {
    if refused.iter().any(|words| words.field.is_none()) {
        return refused;
    }
    [refused, unfit].concat()
}
