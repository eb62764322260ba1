//! Sessions: from signing in to signing out.

use super::{Door, Fault, Refusal, Visitor};
use chrono::TimeDelta;
use domain::{
    clock::SKEW,
    ids::{SessionId, UserId},
    ledger::rows::PersonRow,
    people::{AccountState, SessionEvent},
    rights::Role,
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};
use store::{Person, SessionRow};

/// A session without a request for this long has ended. Nobody can switch that off (A11d-11.8).
pub const IDLE: TimeDelta = TimeDelta::minutes(15);
/// What a use of a session is sure to add: it is noted at most so often, see [`NOTED_EVERY`].
pub const RENEWED: TimeDelta = TimeDelta::minutes(14);
/// No session lasts longer than a long shift.
const LONGEST: TimeDelta = TimeDelta::hours(12);
/// How often at most it is noted that a session is used.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Why a session ended that its owner ended on every device.
const EVERYWHERE: &str = "everywhere";

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
    ) -> Result<Result<SignedIn, Refusal>, Fault> {
        let known = match self.verify(user_name, password).await? {
            Ok(known) => known,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(previous) = previous {
            self.sign_out(previous).await?;
        }
        let now = self.records.now();
        self.end_idle_sessions(known.row.user, now).await?;
        let mut bytes = [0; 32];
        (self.random)(&mut bytes).map_err(Fault::Random)?;
        let token = hex::encode(bytes);
        let session = SessionRow {
            token_hash: hash_of(&token),
            id: SessionId(self.new_id()?),
            user: known.row.user,
            created_at: now,
            last_seen_at: now,
            ended_at: None,
            ended_because: None,
        };
        let must_change = known.credential.must_change;
        let visitor = self.visitor(known.row, &session, must_change).await?;
        let event = SessionEvent::SignedIn {
            user_name: visitor.person.user_name.clone(),
        };
        // In the record first: nobody is in who isn't in the log of sign-ins.
        self.note(&visitor.person, session.id, event).await?;
        self.records.store().start_session(&session).await?;
        Ok(Ok(SignedIn { token, visitor }))
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
        if is_over(&session, now) {
            self.end(&session, "expired").await?;
            return Ok(None);
        }
        let row = store.person(session.user).await?;
        let Some(row) = row.filter(|row| row.state == AccountState::Active.code()) else {
            self.end(&session, "disabled").await?;
            return Ok(None);
        };
        let mut session = session;
        if now.since(session.last_seen_at) >= NOTED_EVERY {
            store.touch_session(&session.token_hash, now).await?;
            session.last_seen_at = now;
        }
        // An account whose password was taken away can do nothing either.
        let credential = store.credential(session.user).await?;
        let must_change = credential.is_none_or(|credential| credential.must_change);
        self.visitor(row, &session, must_change).await.map(Some)
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
            Some(session) if session.ended_at.is_none() => self.end(&session, "signed-out").await,
            _ => Ok(()),
        }
    }

    /// Ends all sessions of the person, on every device.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn sign_out_everywhere(&self, person: &Person) -> Result<(), Fault> {
        match person.user {
            Some(user) => self.end_sessions(user, None, EVERYWHERE).await,
            None => Ok(()),
        }
    }

    /// Whether the session of a token was ended by its owner, on every device: the same form sent twice asks for what is so
    /// already.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn was_signed_out_everywhere(&self, token: &str) -> Result<bool, Fault> {
        let session = self.records.store().session(&hash_of(token)).await?;
        let because = session.and_then(|session| session.ended_because);
        Ok(because.as_deref() == Some(EVERYWHERE))
    }

    /// The sessions of a person, newest first, also ended ones.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRow>, Fault> {
        Ok(self.records.store().sessions_of(user).await?)
    }

    /// Ends the sessions of a person that last, all but `kept`.
    pub(super) async fn end_sessions(
        &self,
        user: UserId,
        kept: Option<SessionId>,
        because: &str,
    ) -> Result<(), Fault> {
        for session in self.records.store().sessions_of(user).await? {
            if session.ended_at.is_none() && Some(session.id) != kept {
                self.end(&session, because).await?;
            }
        }
        Ok(())
    }

    /// A browser that was closed never comes back to say so: its session ends in the log when its owner signs in again.
    async fn end_idle_sessions(&self, user: UserId, now: Timestamp) -> Result<(), Fault> {
        for session in self.records.store().sessions_of(user).await? {
            if session.ended_at.is_none() && is_over(&session, now) {
                self.end(&session, "expired").await?;
            }
        }
        Ok(())
    }

    async fn end(&self, session: &SessionRow, because: &str) -> Result<(), Fault> {
        let (store, now) = (self.records.store(), self.records.now());
        // Two requests can find the same session over; one of them ends it.
        if !store.end_session(&session.token_hash, now, because).await? {
            return Ok(());
        }
        let Some(row) = store.person(session.user).await? else {
            return Ok(());
        };
        let person = person(row, session.id, Vec::new());
        let because = because.to_owned();
        self.note(&person, session.id, SessionEvent::SignedOut { because })
            .await
    }

    async fn note(
        &self,
        by: &Person,
        session: SessionId,
        event: SessionEvent,
    ) -> Result<(), Fault> {
        let command = self.new_command()?;
        Ok(self.records.on_session(by, command, session, event).await?)
    }

    async fn visitor(
        &self,
        row: PersonRow,
        session: &SessionRow,
        must_change: bool,
    ) -> Result<Visitor, Fault> {
        // P11-200a3, A11d-11.4: who didn't choose the password themselves may do nothing but choose one.
        let roles = if must_change {
            Vec::new()
        } else {
            self.roles(row.user).await?
        };
        let person = person(row, session.id, roles);
        let ends_at_latest = session.created_at.plus(LONGEST);
        Ok(Visitor {
            person,
            must_change,
            ends_at: session.last_seen_at.plus(IDLE).min(ends_at_latest),
            ends_at_latest,
        })
    }
}

fn person(row: PersonRow, session: SessionId, roles: Vec<(String, Role)>) -> Person {
    Person {
        user: Some(row.user),
        user_name: row.user_name,
        name: row.printed_name,
        session: Some(session),
        roles,
    }
}

fn is_over(session: &SessionRow, now: Timestamp) -> bool {
    // The clock was ahead when it was used last: nobody knows how long ago that was. Servers differ by seconds.
    let from_the_future = |at: Timestamp| at.since(now) > SKEW;
    from_the_future(session.last_seen_at)
        || from_the_future(session.created_at)
        || now.since(session.last_seen_at) > IDLE
        || now.since(session.created_at) > LONGEST
}

/// What is kept of a token: who reads the table can't take over a session. A plain hash is enough, since nobody guesses
/// 32 random bytes.
fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
