//! Sessions: each begins and ends together with its entry.

use super::{Person, Records};
use crate::{Decided, Effect, Executed, Fault, InDoubt, Loaded, Lookup, SessionRow};
use domain::{
    ids::{CommandId, SessionId},
    ledger::{Hash, LedgerName, StreamName},
    people::{Ending, SessionEvent, sessions_over},
    rights::{self, own_account},
};

impl Records {
    /// Begins a session of the person, where the account can be used and the password that was checked is still its own. Those
    /// of their sessions that are over, or too many with it, end in the same transaction.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then. A refusal is in the inner result.
    pub async fn begin_session(
        &self,
        by: &Person,
        command: CommandId,
        session: SessionRow,
        checked: Hash,
    ) -> Result<Result<(), rights::Refusal>, Fault> {
        let event = SessionEvent::SignedIn {
            user_name: by.user_name.clone(),
        };
        let user = session.user;
        let lookups = vec![Lookup::Standing(user, None), Lookup::OpenSessions(user)];
        let mut request = self.request(
            by,
            "self",
            LedgerName::org(),
            stream(session.id)?,
            command,
            &event,
            lookups,
        );
        // Who can't sign in can't confirm the clock.
        request.in_doubt = InDoubt::Decide;
        let begin = |loaded: &Loaded| {
            let standing = loaded.standing(user, None);
            own_account(standing, true)?;
            if let Some(standing) = standing {
                standing.has_password(checked)?;
            }
            let mut events = vec![event.clone()];
            let mut effects = Vec::new();
            for (because, sessions) in sessions_over(loaded.open_sessions(user), session.created_at)
            {
                let end = |session: &SessionId| Effect::EndSession {
                    session: *session,
                    at: loaded.now(),
                    because,
                };
                effects.extend(sessions.iter().map(end));
                events.push(SessionEvent::OthersEnded { sessions, because });
            }
            effects.push(Effect::StartSession(session.clone()));
            Ok(Decided {
                effects,
                ..loaded.decided(&events, 1)
            })
        };
        match self.store.execute(&request, begin).await? {
            Executed::Done(_) => Ok(Ok(())),
            Executed::Refused(why) => Ok(Err(why)),
            // Command and session are new: nobody else has them.
            Executed::OtherContent
            | Executed::Conflict
            | Executed::Taken(_)
            | Executed::ClockNotConfirmed(_) => {
                Err(Fault::Missing("the session that was begun".to_owned()))
            }
        }
    }

    /// Ends a session of the person, where it lasts.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn end_session(
        &self,
        by: &Person,
        command: CommandId,
        session: SessionId,
        because: Ending,
    ) -> Result<(), Fault> {
        let Some(user) = by.user else { return Ok(()) };
        let event = SessionEvent::SignedOut { because };
        let mut request = self.request(
            by,
            "self",
            LedgerName::org(),
            stream(session)?,
            command,
            &event,
            vec![Lookup::OpenSessions(user)],
        );
        request.in_doubt = InDoubt::Decide;
        let end = |loaded: &Loaded| {
            // Two requests can find the same session over; one of them ends it.
            if !loaded
                .open_sessions(user)
                .iter()
                .any(|one| one.id == session)
            {
                return Ok::<_, std::convert::Infallible>(Decided::default());
            }
            let at = loaded.now();
            Ok(Decided {
                effects: vec![Effect::EndSession {
                    session,
                    at,
                    because,
                }],
                ..loaded.decided(std::slice::from_ref(&event), 1)
            })
        };
        self.store.execute(&request, end).await.map(|_| ())
    }
}

fn stream(session: SessionId) -> Result<StreamName, Fault> {
    StreamName::of("session", session).map_err(|why| Fault::Missing(why.to_string()))
}
