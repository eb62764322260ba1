//! Accounts: added, changed, their passwords set. Beside the entry in the ledger stands what the door needs for it.

use super::{Door, Fault, Refusal, password_rule};
use domain::{
    ids::{CommandId, UserId},
    people::{PersonCommand, PersonEvent},
};
use store::{Answer, Credential, Person};

/// What a person accepts before their first signature (21 CFR 11.10(j), 11.100(c)).
pub const STATEMENT: &str = "My electronic signature in Autolog binds me like my signature by hand. I am accountable \
                             for everything that is done under it. I keep my password to myself.";

impl Door {
    /// Adds an account (`add` is [`PersonCommand::Add`]) with its first password. `own_password` says that the person
    /// themselves typed it; else it has to be changed at the first sign-in.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn add_account(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        add: PersonCommand,
        password: &str,
        own_password: bool,
    ) -> Result<Answer, Fault> {
        if let PersonCommand::Add { user_name, .. } = &add
            && let Err(refusal) = password_rule(user_name, password)
        {
            return Ok(refused(&refusal));
        }
        let answer = self.records.on_person(by, command, user, add).await?;
        // The same form again must not bring an old password back.
        let missing = self.records.store().credential(user).await?.is_none();
        if matches!(answer, Answer::Done(_)) && missing {
            self.put_password(user, password, !own_password).await?;
            let event = PersonEvent::PasswordSet {
                by_another: !own_password,
            };
            self.note_on(by, user, event).await?;
        }
        Ok(answer)
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
        let disables = matches!(what, PersonCommand::Disable { .. });
        // An account that was locked before it was disabled is active again in the record: it must not stay locked here.
        let unlocks = matches!(
            what,
            PersonCommand::Unlock { .. } | PersonCommand::Enable { .. }
        );
        let answer = self.records.on_person(by, command, user, what).await?;
        if matches!(answer, Answer::Done(_)) {
            if disables {
                self.end_sessions(user, None, "disabled").await?;
            }
            if unlocks {
                self.records.store().set_locked(user, None).await?;
            }
        }
        Ok(answer)
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
        password: &str,
    ) -> Result<Answer, Fault> {
        let row = self.records.store().person(user).await?;
        let user_name = row.map(|row| row.user_name).unwrap_or_default();
        if let Err(refusal) = password_rule(&user_name, password) {
            return Ok(refused(&refusal));
        }
        let what = PersonCommand::ResetPassword;
        let answer = self.records.on_person(by, command, user, what).await?;
        if let Answer::Done(outcome) = &answer
            && !outcome.repeated
        {
            self.put_password(user, password, true).await?;
            self.end_sessions(user, None, "password-reset").await?;
        }
        Ok(answer)
    }

    /// The person chooses a new password. Their other sessions end.
    ///
    /// # Errors
    /// [`Fault`]; a refusal is in the inner result.
    pub async fn change_password(
        &self,
        person: &Person,
        password: &str,
        new_password: &str,
        repeated_password: &str,
    ) -> Result<Result<(), Refusal>, Fault> {
        let wished = password_rule(&person.user_name, new_password).and_then(|()| {
            if new_password == password {
                Err(Refusal::SamePassword)
            } else if new_password != repeated_password {
                Err(Refusal::NotRepeated)
            } else {
                Ok(())
            }
        });
        if let Err(refusal) = wished {
            return Ok(Err(refusal));
        }
        let known = match self.verify(&person.user_name, password).await? {
            Ok(known) => known,
            // A form that was sent twice: the first has done what the second asks for.
            Err(Refusal::Wrong) if self.is_password_of(person, new_password).await? => {
                return Ok(Ok(()));
            }
            Err(refusal) => return Ok(Err(refusal)),
        };
        let user = known.row.user;
        self.put_password(user, new_password, false).await?;
        let event = PersonEvent::PasswordSet { by_another: false };
        self.note_on(person, user, event).await?;
        self.end_sessions(user, person.session, "everywhere")
            .await?;
        Ok(Ok(()))
    }

    /// Whether this is the password of the account. Asked only after a wrong one was counted, so that nobody guesses by it
    /// more often than by signing in.
    async fn is_password_of(&self, person: &Person, password: &str) -> Result<bool, Fault> {
        let Some(user) = person.user else {
            return Ok(false);
        };
        let store = self.records.store();
        let Some(credential) = store.credential(user).await? else {
            return Ok(false);
        };
        if credential.locked_at.is_some()
            || !self
                .hasher
                .verify(password, &credential.password_hash)
                .await?
        {
            return Ok(false);
        }
        store.forget_failures(user).await?;
        Ok(true)
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
        let what = PersonCommand::Note(PersonEvent::AccountabilityAccepted { statement });
        Ok(self.records.on_person(person, command, user, what).await?)
    }

    async fn note_on(&self, by: &Person, user: UserId, event: PersonEvent) -> Result<(), Fault> {
        let command = self.new_command()?;
        let what = PersonCommand::Note(event);
        self.records.on_person(by, command, user, what).await?;
        Ok(())
    }

    async fn put_password(
        &self,
        user: UserId,
        password: &str,
        must_change: bool,
    ) -> Result<(), Fault> {
        let password_hash = self.hasher.hash(password).await?;
        let before = self.records.store().credential(user).await?;
        let credential = Credential {
            user,
            password_hash,
            must_change,
            failed_attempts: 0,
            // A new password doesn't unlock.
            locked_at: before.and_then(|before| before.locked_at),
            changed_at: self.records.now(),
        };
        Ok(self.records.store().put_credential(&credential).await?)
    }
}

fn refused(refusal: &Refusal) -> Answer {
    Answer::Refused(vec![refusal.words()])
}
