//! [`Accounts`]: passwords and sessions.

use super::{
    Conn, Lock, Row,
    columns::Columns,
    engine::{Engine, commit},
    rows::one,
};
use crate::{Accounts, Credential, Fault, SessionRow};
use async_trait::async_trait;
use domain::{ids::UserId, time::Timestamp};

const PUT_CREDENTIAL: &str = "insert into credential (user_id, password_hash, must_change, failed_attempts, locked_at,
    changed_at) values ($1, $2, $3, $4, $5, $6)
    on conflict (user_id) do update set password_hash = excluded.password_hash, must_change = excluded.must_change,
    failed_attempts = excluded.failed_attempts, locked_at = excluded.locked_at, changed_at = excluded.changed_at";
const CREDENTIAL: &str =
    "select user_id, password_hash, must_change, failed_attempts, locked_at, changed_at
    from credential where user_id = $1";
const COUNT_FAILURE: &str =
    "update credential set failed_attempts = failed_attempts + 1 where user_id = $1
    returning user_id, failed_attempts";
const FORGET_FAILURES: &str = "update credential set failed_attempts = 0 where user_id = $1";
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
    from session where user_id = $1 order by created_at desc, session_id";
const TOUCH_SESSION: &str =
    "update session set last_seen_at = $2 where token_hash = $1 and ended_at is null";
const END_SESSION: &str = "update session set ended_at = $2, ended_because = $3 where token_hash = $1 and ended_at is null";
const END_SESSIONS_OF: &str =
    "update session set ended_at = $2, ended_because = $3 where user_id = $1 and ended_at is null";

#[async_trait]
impl Accounts for Engine {
    async fn put_credential(&self, credential: &Credential) -> Result<(), Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = sqlx::query(PUT_CREDENTIAL)
            .bind(credential.user.to_string())
            .bind(&credential.password_hash)
            .bind(credential.must_change)
            .bind(i64::from(credential.failed_attempts))
            .bind(credential.locked_at.map(Timestamp::micros))
            .bind(credential.changed_at.micros());
        let done = query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_("writing table credential"))?;
        one(done.rows_affected(), "credential", || {
            credential.user.to_string()
        })?;
        commit(tx).await
    }

    async fn credential(&self, user: UserId) -> Result<Option<Credential>, Fault> {
        let query = sqlx::query(CREDENTIAL).bind(user.to_string());
        let row = query.fetch_optional(&mut *self.reading().await?).await;
        row.map_err(Fault::while_("reading table credential"))?
            .as_ref()
            .map(credential)
            .transpose()
    }

    async fn count_failure(&self, user: UserId) -> Result<u32, Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = sqlx::query(COUNT_FAILURE).bind(user.to_string());
        let row = query
            .fetch_optional(&mut *tx)
            .await
            .map_err(Fault::while_("writing table credential"))?;
        commit(tx).await?;
        let count =
            |row: Row| Columns::of(&row, "credential", &["user_id"]).number("failed_attempts");
        row.map_or(Ok(0), count)
    }

    async fn forget_failures(&self, user: UserId) -> Result<(), Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = sqlx::query(FORGET_FAILURES).bind(user.to_string());
        query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_("writing table credential"))?;
        commit(tx).await
    }

    async fn set_locked(&self, user: UserId, since: Option<Timestamp>) -> Result<(), Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = match since {
            Some(since) => sqlx::query(LOCK)
                .bind(user.to_string())
                .bind(since.micros()),
            None => sqlx::query(UNLOCK).bind(user.to_string()),
        };
        let done = query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_("writing table credential"))?;
        one(done.rows_affected(), "credential", || user.to_string())?;
        commit(tx).await
    }

    async fn start_session(&self, session: &SessionRow) -> Result<(), Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let query = sqlx::query(START_SESSION)
            .bind(&session.token_hash)
            .bind(session.id.to_string())
            .bind(session.user.to_string())
            .bind(session.created_at.micros())
            .bind(session.last_seen_at.micros())
            .bind(session.ended_at.map(Timestamp::micros))
            .bind(&session.ended_because);
        let done = query
            .execute(&mut *tx)
            .await
            .map_err(Fault::while_("writing table session"))?;
        one(done.rows_affected(), "session", || session.id.to_string())?;
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

    async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionRow>, Fault> {
        let query = sqlx::query(SESSIONS_OF).bind(user.to_string());
        let rows = query.fetch_all(&mut *self.reading().await?).await;
        rows.map_err(Fault::while_("reading table session"))?
            .iter()
            .map(session)
            .collect()
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

    async fn end_session(
        &self,
        token_hash: &str,
        now: Timestamp,
        because: &str,
    ) -> Result<bool, Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let ended = end(&mut tx, END_SESSION, token_hash, now, because).await?;
        commit(tx).await?;
        Ok(ended > 0)
    }

    async fn end_sessions_of(
        &self,
        user: UserId,
        now: Timestamp,
        because: &str,
    ) -> Result<u64, Fault> {
        let mut tx = self.writing(Lock::None).await?;
        let ended = end(&mut tx, END_SESSIONS_OF, &user.to_string(), now, because).await?;
        commit(tx).await?;
        Ok(ended)
    }
}

async fn end(
    conn: &mut Conn,
    sql: &'static str,
    whose: &str,
    now: Timestamp,
    because: &str,
) -> Result<u64, Fault> {
    let query = sqlx::query(sql)
        .bind(whose)
        .bind(now.micros())
        .bind(because);
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("writing table session"))?;
    Ok(done.rows_affected())
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
