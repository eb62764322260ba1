//! [`Accounts`]: passwords and sessions.

use super::{
    Conn, Lock, Row,
    columns::Columns,
    engine::{Engine, commit},
    rows::one,
    standings,
};
use crate::{Accounts, Credential, Effect, Fault, SessionRow};
use async_trait::async_trait;
use domain::{
    ids::{SessionId, UserId},
    rights::Standing,
    time::Timestamp,
};

const PUT_CREDENTIAL: &str = "insert into credential (user_id, password_hash, must_change, failed_attempts, locked_at,
    changed_at) values ($1, $2, $3, $4, $5, $6)
    on conflict (user_id) do update set password_hash = excluded.password_hash, must_change = excluded.must_change,
    failed_attempts = excluded.failed_attempts, changed_at = excluded.changed_at";
const CREDENTIAL: &str =
    "select user_id, password_hash, must_change, failed_attempts, locked_at, changed_at
    from credential where user_id = $1";
const COUNT_GUESS: &str = "update credential set failed_attempts = failed_attempts + 1
    where user_id = $1 and failed_attempts < $2 and locked_at is null
    returning user_id, failed_attempts";
const FORGET_FAILURES: &str = "update credential set failed_attempts = 0 where user_id = $1 and failed_attempts > 0 and locked_at is null";
const LOCK: &str = "update credential set locked_at = $2 where user_id = $1";
const UNLOCK: &str =
    "update credential set locked_at = null, failed_attempts = 0 where user_id = $1";
const START_SESSION: &str =
    "insert into session (token_hash, session_id, user_id, created_at, last_seen_at, ended_at,
    ended_because) values ($1, $2, $3, $4, $5, $6, $7)";
const SESSION: &str =
    "select token_hash, session_id, user_id, created_at, last_seen_at, ended_at, ended_because
    from session where token_hash = $1";
const SESSIONS_OF: &str =
    "select token_hash, session_id, user_id, created_at, last_seen_at, ended_at, ended_because
    from session where user_id = $1 order by created_at desc, session_id limit $2";
const OPEN_SESSIONS: &str =
    "select token_hash, session_id, user_id, created_at, last_seen_at, ended_at, ended_because
    from session where user_id = $1 and ended_at is null order by last_seen_at, session_id";
const TOUCH_SESSION: &str =
    "update session set last_seen_at = $2 where token_hash = $1 and ended_at is null";
const END_SESSION: &str = "update session set ended_at = $2, ended_because = $3 where session_id = $1 and ended_at is null";
const FORGET_SESSIONS: &str = "delete from session where ended_at < $1";

#[async_trait]
impl Accounts for Engine {
    async fn standing(
        &self,
        user: UserId,
        session: Option<SessionId>,
    ) -> Result<Option<Standing>, Fault> {
        let acting = (user, session);
        let mut tx = self.snapshot().await?;
        let mut found = standings::standings(&mut tx, &[acting]).await?;
        Ok(found.remove(&acting).flatten())
    }

    async fn credential(&self, user: UserId) -> Result<Option<Credential>, Fault> {
        credential_of(&mut *self.reading().await?, user).await
    }

    async fn count_guess(&self, user: UserId, most: u32) -> Result<Option<u32>, Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = sqlx::query(COUNT_GUESS)
            .bind(user.to_string())
            .bind(i64::from(most));
        let row = query
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::while_("writing table credential"))?;
        commit(tx).await?;
        let count =
            |row: Row| Columns::of(&row, "credential", &["user_id"]).number("failed_attempts");
        row.map(count).transpose()
    }

    async fn forget_failures(&self, user: UserId) -> Result<(), Fault> {
        let mut tx = self.writing(Lock::None).await?;
        forget_failures(&mut tx, user).await?;
        commit(tx).await
    }

    async fn session(&self, token_hash: &str) -> Result<Option<SessionRow>, Fault> {
        let query = sqlx::query(SESSION).bind(token_hash);
        let row = query.fetch_optional(&mut *self.reading().await?).await;
        row.map_err(Fault::while_("reading table session"))?
            .as_ref()
            .map(session)
            .transpose()
    }

    async fn sessions_of(&self, user: UserId, most: u32) -> Result<Vec<SessionRow>, Fault> {
        let query = sqlx::query(SESSIONS_OF)
            .bind(user.to_string())
            .bind(i64::from(most));
        let rows = query.fetch_all(&mut *self.reading().await?).await;
        rows.map_err(Fault::while_("reading table session"))?
            .iter()
            .map(session)
            .collect()
    }

    async fn open_sessions_of(&self, user: UserId) -> Result<Vec<SessionRow>, Fault> {
        open_sessions(&mut *self.reading().await?, user).await
    }

    async fn touch_session(&self, token_hash: &str, now: Timestamp) -> Result<(), Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = sqlx::query(TOUCH_SESSION)
            .bind(token_hash)
            .bind(now.micros());
        query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_("writing table session"))?;
        commit(tx).await
    }

    async fn forget_sessions(&self, moment: Timestamp) -> Result<u64, Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = sqlx::query(FORGET_SESSIONS).bind(moment.micros());
        let done = query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_("writing table session"))?;
        commit(tx).await?;
        Ok(done.rows_affected())
    }
}

/// Does what an entry does to accounts, in the transaction that records the entry.
pub(super) async fn apply(conn: &mut Conn, effect: &Effect) -> Result<(), Fault> {
    match effect {
        Effect::PutCredential(credential) => put_credential(conn, credential).await,
        Effect::Lock { user, since } => {
            let query = sqlx::query(LOCK)
                .bind(user.to_string())
                .bind(since.micros());
            let done = query
                .execute(conn)
                .await
                .map_err(Fault::while_("writing table credential"))?;
            one(done.rows_affected(), "credential", || user.to_string())
        }
        // An account that never had a password has nothing to be unlocked.
        Effect::Unlock { user } => sqlx::query(UNLOCK)
            .bind(user.to_string())
            .execute(conn)
            .await
            .map(|_| ())
            .map_err(Fault::while_("writing table credential")),
        Effect::StartSession(session) => {
            start_session(conn, session).await?;
            forget_failures(conn, session.user).await
        }
        Effect::EndSession {
            session,
            at,
            because,
        } => {
            let query = sqlx::query(END_SESSION)
                .bind(session.to_string())
                .bind(at.micros())
                .bind(because.code());
            let done = query
                .execute(conn)
                .await
                .map_err(Fault::while_("writing table session"))?;
            one(done.rows_affected(), "session", || session.to_string())
        }
    }
}

async fn put_credential(conn: &mut Conn, credential: &Credential) -> Result<(), Fault> {
    let query = sqlx::query(PUT_CREDENTIAL)
        .bind(credential.user.to_string())
        .bind(&credential.password_hash)
        .bind(credential.must_change)
        .bind(i64::from(credential.failed_attempts))
        .bind(credential.locked_at.map(Timestamp::micros))
        .bind(credential.changed_at.micros());
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("writing table credential"))?;
    one(done.rows_affected(), "credential", || {
        credential.user.to_string()
    })
}

async fn start_session(conn: &mut Conn, session: &SessionRow) -> Result<(), Fault> {
    let query = sqlx::query(START_SESSION)
        .bind(&session.token_hash)
        .bind(session.id.to_string())
        .bind(session.user.to_string())
        .bind(session.created_at.micros())
        .bind(session.last_seen_at.micros())
        .bind(session.ended_at.map(Timestamp::micros))
        .bind(&session.ended_because);
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("writing table session"))?;
    one(done.rows_affected(), "session", || session.id.to_string())
}

async fn forget_failures(conn: &mut Conn, user: UserId) -> Result<(), Fault> {
    let query = sqlx::query(FORGET_FAILURES).bind(user.to_string());
    let done = query.execute(conn).await;
    done.map(|_| ())
        .map_err(Fault::while_("writing table credential"))
}

pub(super) async fn credential_of(
    conn: &mut Conn,
    user: UserId,
) -> Result<Option<Credential>, Fault> {
    let query = sqlx::query(CREDENTIAL).bind(user.to_string());
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading table credential"))?;
    row.as_ref().map(credential).transpose()
}

pub(super) async fn open_sessions(conn: &mut Conn, user: UserId) -> Result<Vec<SessionRow>, Fault> {
    let query = sqlx::query(OPEN_SESSIONS).bind(user.to_string());
    let rows = query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table session"))?;
    rows.iter().map(session).collect()
}

fn credential(row: &Row) -> Result<Credential, Fault> {
    let columns = Columns::of(row, "credential", &["user_id"]);
    Ok(Credential {
        user: columns.parsed("user_id")?,
        password_hash: columns.text("password_hash")?,
        must_change: columns.flag("must_change")?,
        failed_attempts: columns.number("failed_attempts")?,
        locked_at: columns.maybe_time("locked_at")?,
        changed_at: columns.time("changed_at")?,
    })
}

fn session(row: &Row) -> Result<SessionRow, Fault> {
    let columns = Columns::of(row, "session", &["session_id"]);
    Ok(SessionRow {
        token_hash: columns.text("token_hash")?,
        id: columns.parsed("session_id")?,
        user: columns.parsed("user_id")?,
        created_at: columns.time("created_at")?,
        last_seen_at: columns.time("last_seen_at")?,
        ended_at: columns.maybe_time("ended_at")?,
        ended_because: columns.maybe_text("ended_because")?,
    })
}
