//! Sessions: from signing in to signing out.

use super::{Door, Fault, Refusal, Visitor, Whence};
use chrono::TimeDelta;
use domain::{
    ids::{SessionId, UserId},
    ledger::rows::PersonRow,
    people::{Ending, IDLE, LONGEST, PersonCommand},
    rights::{Role, own_account},
};
use sha2::{Digest as _, Sha256};
use store::{Person, SessionRow};

/// What a use of a session is sure to add: it is noted at most so often, see [`NOTED_EVERY`].
pub const RENEWED: TimeDelta = TimeDelta::minutes(14);
/// How often at most it is noted that a session is used.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// So many sessions of a person are shown.
const SHOWN: u32 = 100;
/// So long an ended session is kept in its table. In the record it stays.
pub const ENDED_KEPT_FOR: TimeDelta = TimeDelta::days(30);

/// What signing in gives.
pub struct SignedIn {
    /// The token for the browser; only its hash is kept here.
    pub token: String,
    /// Who signed in.
    pub visitor: Visitor,
}

impl Door {
    /// Signs a person in. `previous` is the token that the browser brought along: its session ends, so that no token
    /// from before is worth anything.
    ///
    /// # Errors
    /// [`Fault`]; a refusal is in the inner result.
    pub async fn sign_in(
        &self,
        user_name: &str,
        password: &str,
        previous: Option<&str>,
        from: Whence,
    ) -> Result<Result<SignedIn, Refusal>, Fault> {
        let known = match self.verify(user_name, password, from).await? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !self.limiter.may_sign_in(user_name) {
            return Ok(Err(Refusal::TooManySignIns));
        }
        if let Some(previous) = previous {
            self.sign_out(previous).await?;
        }
        let user = known.row.user;
        let now = self.records.now();
        let mut bytes = [0; 32];
        (self.random)(&mut bytes).map_err(Fault::Random)?;
        let token = hex::encode(bytes);
        let session = SessionRow {
            token_hash: hash_of(&token),
            id: SessionId(self.new_id()?),
            user,
            created_at: now,
            last_seen_at: now,
            ended_at: None,
            ended_because: None,
        };
        let by = person(known.row, session.id, Vec::new());
        let (command, proved) = (self.new_command()?, known.credential.mark());
        let begun = self
            .records
            .begin_session(&by, command, session.clone(), proved);
        // The password was right a moment ago; who can't use the account any more is told no more than others.
        if begun.await?.is_err() {
            return Ok(Err(Refusal::Wrong));
        }
        let visitor = self.visitor_of(&session).await?;
        Ok(visitor
            .map(|visitor| SignedIn { token, visitor })
            .ok_or(Refusal::Wrong))
    }

    /// Who brings this token; `None` where its session has ended, was idle for too long, or the account can't be used.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn authenticate(&self, token: &str) -> Result<Option<Visitor>, Fault> {
        let store = self.records.store();
        let Some(session) = store.session(&hash_of(token)).await? else {
            return Ok(None);
        };
        if session.ended_at.is_some() {
            return Ok(None);
        }
        let now = self.records.now();
        if session.open().is_over(now) {
            self.end(&session, Ending::Expired).await?;
            return Ok(None);
        }
        let mut session = session;
        if now.since(session.last_seen_at) >= NOTED_EVERY {
            store.touch_session(&session.token_hash, now).await?;
            session.last_seen_at = now;
        }
        self.visitor_of(&session).await
    }

    /// Whose session a token was, also where it has ended.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn session_of(&self, token: &str) -> Result<Option<UserId>, Fault> {
        let session = self.records.store().session(&hash_of(token)).await?;
        Ok(session.map(|session| session.user))
    }

    /// Ends the session of a token, where it lasts.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn sign_out(&self, token: &str) -> Result<(), Fault> {
        match self.records.store().session(&hash_of(token)).await? {
            Some(session) if session.ended_at.is_none() => {
                self.end(&session, Ending::SignedOut).await
            }
            _ => Ok(()),
        }
    }

    /// Ends all sessions of the person, on every device.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn sign_out_everywhere(&self, person: &Person) -> Result<(), Fault> {
        if let Some(user) = person.user {
            let (command, what) = (self.new_command()?, PersonCommand::SignOutEverywhere);
            self.records
                .on_person(person, command, user, what, None)
                .await?;
        }
        Ok(())
    }

    /// Whether the session of a token was ended by its owner, on every device: the same form sent twice asks for what is so
    /// already.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn was_signed_out_everywhere(&self, token: &str) -> Result<bool, Fault> {
        let session = self.records.store().session(&hash_of(token)).await?;
        let because = session.and_then(|session| session.ended_because);
        Ok(because.as_deref() == Some(Ending::Everywhere.code()))
    }

    /// The sessions of a person, newest first, also those that ended lately.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRow>, Fault> {
        Ok(self.records.store().sessions_of(user, SHOWN).await?)
    }

    async fn end(&self, session: &SessionRow, because: Ending) -> Result<(), Fault> {
        let Some(row) = self.records.store().person(session.user).await? else {
            return Ok(());
        };
        let by = person(row, session.id, Vec::new());
        let command = self.new_command()?;
        let ended = self.records.end_session(&by, command, session.id, because);
        Ok(ended.await?)
    }

    /// Whose session this is, as they stand; `None` where it is over, or they can't use their account.
    async fn visitor_of(&self, session: &SessionRow) -> Result<Option<Visitor>, Fault> {
        let store = self.records.store();
        let standing = store.standing(session.user, Some(session.id)).await?;
        if own_account(standing.as_ref(), true).is_err() {
            return Ok(None);
        }
        let (Some(standing), Some(row)) = (standing, store.person(session.user).await?) else {
            return Ok(None);
        };
        // P11-200a3, A11d-11.4: who didn't choose the password themselves may do nothing but choose one.
        let roles = match standing.must_change {
            true => Vec::new(),
            false => standing.roles,
        };
        let ends_at_latest = session.created_at.plus(LONGEST);
        Ok(Some(Visitor {
            person: person(row, session.id, roles),
            must_change: standing.must_change,
            ends_at: session.last_seen_at.plus(IDLE).min(ends_at_latest),
            ends_at_latest,
        }))
    }
}

fn person(row: PersonRow, session: SessionId, roles: Vec<(String, Role)>) -> Person {
    Person {
        user: Some(row.user),
        user_name: row.user_name,
        name: row.printed_name,
        session: Some(session),
        roles,
        beside: None,
    }
}

/// What is kept of a token: who reads the table can't take over a session. A plain hash is enough, since nobody guesses
/// 32 random bytes.
fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
