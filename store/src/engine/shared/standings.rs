//! How people stand, and what holds of all accounts together: read where it is decided what somebody may do.

use super::{Conn, Db, Row, columns::Columns, group::Acting, read::few_lengths};
use crate::Fault;
use domain::{
    ids::{SessionId, UserId},
    ledger::{Hash, LedgerName},
    people::{AccountState, Administrator},
    rights::{Role, Standing},
};
use sqlx::QueryBuilder;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const STANDING: &str = "select p.user_id as user_id, p.user_name as user_name, p.state as state,
    p.accountable as accountable, c.must_change as must_change, c.locked_at as locked_at, c.password_hash as password_hash,
    r.site as site, r.role as role
    from person p left join credential c on c.user_id = p.user_id left join person_role r on r.user_id = p.user_id
    where p.user_id in (";
const LASTING: &str = "select session_id from session where ended_at is null and session_id in (";
const USER_NAMES: &str = "select user_name from person order by user_name";
const NAMES_IN_USE: &str =
    "select user_name, printed_name from person where state <> $1 order by user_name";
const ADMINISTRATORS: &str =
    "select p.user_id as user_id, c.must_change as must_change from person p
    join person_role r on r.user_id = p.user_id join credential c on c.user_id = p.user_id
    where p.state = $1 and c.locked_at is null and r.site = $2 and r.role = $3 order by p.user_id";

/// How each of them stands; `None` for who has no account.
pub(super) async fn standings(
    conn: &mut Conn,
    acting: &[Acting],
) -> Result<HashMap<Acting, Option<Standing>>, Fault> {
    if acting.is_empty() {
        return Ok(HashMap::new());
    }
    let users: BTreeSet<UserId> = acting.iter().map(|(user, _)| *user).collect();
    let users: Vec<_> = users.into_iter().collect();
    let sessions: BTreeSet<SessionId> = acting.iter().filter_map(|(_, session)| *session).collect();
    let sessions: Vec<_> = sessions.into_iter().collect();
    let people = people(conn, &users).await?;
    let lasting = lasting(conn, &sessions).await?;
    let stands = |acting: &Acting| {
        let (user, session) = acting;
        let standing = people.get(user).map(|standing| Standing {
            session_over: session.is_some_and(|session| !lasting.contains(&session)),
            ..standing.clone()
        });
        (*acting, standing)
    };
    Ok(acting.iter().map(stands).collect())
}

async fn people(conn: &mut Conn, users: &[UserId]) -> Result<BTreeMap<UserId, Standing>, Fault> {
    let mut query = QueryBuilder::<Db>::new(STANDING);
    let mut list = query.separated(", ");
    for user in few_lengths(users) {
        list.push_bind(user.to_string());
    }
    query.push(") order by p.user_id, r.site, r.role");
    let rows = query
        .build()
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading how people stand"))?;
    let mut people = BTreeMap::new();
    for row in &rows {
        let columns = Columns::of(row, "person", &["user_id"]);
        let user: UserId = columns.parsed("user_id")?;
        let kept: String = columns.text("state")?;
        let state = kept
            .parse()
            .map_err(|why: String| columns.wrong("state", why))?;
        let locked = columns.maybe_time("locked_at")?.is_some();
        let kept_hash = columns.maybe_text("password_hash")?;
        let standing = Standing {
            user_name: columns.text("user_name")?,
            state: if locked && state == AccountState::Active {
                AccountState::Locked
            } else {
                state
            },
            // An account whose password was taken away can do nothing either.
            must_change: columns.maybe_flag("must_change")?.unwrap_or(true),
            accountable: columns.number::<u64>("accountable")? == 1,
            session_over: false,
            password: kept_hash.map(|hash| Hash::of(hash.as_bytes())),
            roles: Vec::new(),
        };
        let standing = people.entry(user).or_insert(standing);
        let held = columns.maybe_text("site")?.zip(columns.maybe_text("role")?);
        // A role that this version of the program doesn't know grants nothing.
        if let Some((site, role)) = held
            && let Ok(role) = role.parse::<Role>()
        {
            standing.roles.push((site, role));
        }
    }
    Ok(people)
}

/// Those of the sessions that last.
async fn lasting(conn: &mut Conn, sessions: &[SessionId]) -> Result<BTreeSet<SessionId>, Fault> {
    if sessions.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut query = QueryBuilder::<Db>::new(LASTING);
    let mut list = query.separated(", ");
    for session in few_lengths(sessions) {
        list.push_bind(session.to_string());
    }
    query.push(")");
    let rows = query
        .build()
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table session"))?;
    rows.iter()
        .map(|row| Columns::of(row, "session", &["session_id"]).parsed("session_id"))
        .collect()
}

/// The user names that were ever given.
pub(super) async fn user_names(conn: &mut Conn) -> Result<Vec<String>, Fault> {
    let rows = sqlx::query(USER_NAMES)
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table person"))?;
    rows.iter()
        .map(|row| Columns::of(row, "person", &["user_name"]).text("user_name"))
        .collect()
}

/// User name and full name of each account that isn't disabled.
pub(super) async fn names_in_use(conn: &mut Conn) -> Result<Vec<(String, String)>, Fault> {
    let rows = sqlx::query(NAMES_IN_USE)
        .bind(AccountState::Disabled.code())
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table person"))?;
    let names = |row| {
        let columns = Columns::of(row, "person", &["user_name", "printed_name"]);
        Ok((columns.text("user_name")?, columns.text("printed_name")?))
    };
    rows.iter().map(names).collect()
}

/// The accounts that keep accounts and can be used; one without a password can't.
pub(super) async fn administrators(conn: &mut Conn) -> Result<Vec<Administrator>, Fault> {
    let query = sqlx::query(ADMINISTRATORS)
        .bind(AccountState::Active.code())
        .bind(LedgerName::org().as_str().to_owned())
        .bind(Role::Administrator.code());
    let rows = query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table person"))?;
    let one = |row: &Row| {
        let columns = Columns::of(row, "person", &["user_id"]);
        Ok(Administrator {
            user: columns.parsed("user_id")?,
            own_password: !columns.flag("must_change")?,
        })
    };
    rows.iter().map(one).collect()
}
