//! Reading the read tables, for decisions and for pages.

use super::{
    Conn, Db, Row, accounts, claims,
    columns::Columns,
    read, standings,
    structs::{board_row, document_row, person_row, register_row, role_row, site_row, term_row},
};
use crate::{BoardFilter, Fault, Lookup, RegisterFilter, SessionRow, Shown, command::Found};
use domain::{
    ids::{BatchId, UserId},
    ledger::{
        RowChange,
        rows::{BoardRow, DocumentRow, PersonRow, RegisterRow, RoleRow, SiteRow, TermRow},
    },
};
use sqlx::QueryBuilder;
use std::collections::{BTreeMap, BTreeSet};

macro_rules! select {
    ($table:ident, $rest:literal) => {
        concat!($table!(), " ", $rest)
    };
}
macro_rules! board {
    () => {
        "select batch_id, site, number, subject, din, coi, state, flags, is_open, fresh_since, passage, culture_started, next_step, next_due, needs,
        version, registered_at from board"
    };
}
macro_rules! person {
    () => {
        "select user_id, user_name, printed_name, state, accountable, version, added_at from person"
    };
}
macro_rules! role {
    () => {
        "select user_id, site, role, since, given_by from person_role"
    };
}
macro_rules! site {
    () => {
        "select code, name, address, scheme, time_zone, master_record, specification from site"
    };
}
macro_rules! document {
    () => {
        "select kind, doc_key, version, title, sha256, body, approved_at, approved_by from document"
    };
}
macro_rules! register {
    () => {
        "select certificate_number, site, batch_id, batch_number, product, signer, signer_name, signed_at, decision
        from register"
    };
}

/// As the indexes `board_in_order` and `board_open` have it.
const BOARD_ORDER: &str =
    " order by case when next_due is null then 1 else 0 end, next_due, number, batch_id limit ";
const BATCH: &str = select!(board, "where batch_id = $1");
const ALL_BOARD: &str = select!(board, "order by batch_id");
const ALL_TERMS: &str = "select site, term, kind, batch_id, target, shown from search_term";
const PERSON: &str = select!(person, "where user_id = $1");
const PERSON_NAMED: &str = select!(person, "where user_name = $1");
const PERSONS: &str = select!(person, "order by printed_name, user_name");
const ALL_PERSONS: &str = select!(person, "order by user_id");
const ROLES: &str = select!(role, "where user_id = $1 order by site, role");
const SITE: &str = select!(site, "where code = $1");
const SITES: &str = select!(site, "order by code");
const DOCUMENT: &str = select!(
    document,
    "where kind = $1 and doc_key = $2 and version = $3"
);
const LATEST_DOCUMENT: &str = select!(
    document,
    "where kind = $1 and doc_key = $2 and approved_at is not null order by version desc limit 1"
);
const DOCUMENTS: &str = select!(document, "where kind = $1 order by doc_key, version desc");
const ALL_DOCUMENTS: &str = select!(document, "order by kind, doc_key, version");
const REGISTER: &str = select!(
    register,
    "where replace($1, ',' || site || ',', '') <> $1 order by signed_at desc, certificate_number desc limit $2"
);
const ALL_REGISTER: &str = select!(register, "order by certificate_number");
const BATCH_COUNT: &str = "select count(*) as n from board where site = $1";
const REGISTER_COUNT: &str = "select count(*) as n from register where site = $1";
const PERSON_COUNT: &str = "select count(*) as n from person";

/// Finds one thing that a decision asked for.
pub(super) async fn one(conn: &mut Conn, lookup: &Lookup) -> Result<Found, Fault> {
    Ok(match lookup {
        Lookup::Stream(ledger, stream) => Found::Stream(read::stream(conn, ledger, stream).await?),
        Lookup::Claim(key) => Found::Claim(claims::holder(conn, key).await?),
        Lookup::BatchCount(site) => Found::Count(count_of(conn, BATCH_COUNT, site).await?),
        Lookup::RegisterCount(site) => Found::Count(count_of(conn, REGISTER_COUNT, site).await?),
        Lookup::Person(user) => Found::Person(person(conn, *user).await?),
        Lookup::PersonNamed(name) => Found::Person(person_named(conn, name).await?),
        Lookup::PersonCount => Found::Count(person_count(conn).await?),
        Lookup::Roles(user) => Found::Roles(roles(conn, *user).await?),
        Lookup::Standing(user, session) => {
            let acting = (*user, *session);
            let mut found = standings::standings(conn, &[acting]).await?;
            Found::Standing(found.remove(&acting).flatten())
        }
        Lookup::UserNames => Found::Names(standings::user_names(conn).await?),
        Lookup::NamesInUse => Found::NamesInUse(standings::names_in_use(conn).await?),
        Lookup::Administrators => Found::Administrators(standings::administrators(conn).await?),
        Lookup::OpenSessions(user) => {
            let open = accounts::open_sessions(conn, *user).await?;
            Found::Sessions(open.iter().map(SessionRow::open).collect())
        }
        Lookup::Credential(user) => Found::Credential(accounts::credential_of(conn, *user).await?),
        Lookup::Site(code) => Found::Site(site(conn, code).await?),
        Lookup::Document(kind, key, version) => {
            Found::Document(document(conn, kind, key, *version).await?)
        }
        Lookup::Organisation => {
            let mut documents = Vec::new();
            for row in rows_of(conn, ALL_DOCUMENTS).await? {
                documents.push(document_row(&row)?);
            }
            Found::Organisation(sites(conn).await?, documents)
        }
        Lookup::LatestDocument(kind, key) => {
            Found::Document(latest_document(conn, kind, key).await?)
        }
    })
}

pub(super) async fn board(conn: &mut Conn, filter: &BoardFilter) -> Result<Vec<BoardRow>, Fault> {
    let sites: BTreeSet<_> = filter.sites.iter().collect();
    let mut board = Vec::new();
    for site in sites {
        // Each part by an index, no further than could be shown: what is done with grows for ever and is not read.
        let mut query = QueryBuilder::<Db>::new("");
        match &filter.shown {
            Shown::Open(flag) => {
                query.push(board!()).push(" where site = ");
                query.push_bind(site.as_str()).push(" and is_open = 1");
                if let Some(flag) = flag {
                    query.push(" and ' ' || flags || ' ' like ");
                    query.push_bind(format!("% {} %", flag.code()));
                }
                query.push(BOARD_ORDER).push_bind(i64::from(filter.limit));
            }
            Shown::States(states) if states.is_empty() => continue,
            Shown::States(states) => {
                let states: BTreeSet<_> = states.iter().collect();
                for (nth, state) in states.into_iter().enumerate() {
                    let joined = if nth == 0 { "" } else { " union all " };
                    query.push(joined).push("select * from (").push(board!());
                    query.push(" where site = ").push_bind(site.as_str());
                    query.push(" and state = ").push_bind(state.code());
                    query.push(BOARD_ORDER).push_bind(i64::from(filter.limit));
                    query.push(") as in_state");
                }
            }
        }
        let rows = query
            .build()
            .fetch_all(&mut *conn)
            .await
            .map_err(Fault::while_("reading table board"))?;
        for row in &rows {
            board.push(board_row(row)?);
        }
    }
    board.sort_by(|one: &BoardRow, other| {
        let due = |row: &BoardRow| (row.next_due.is_none(), row.next_due);
        let order = due(one).cmp(&due(other));
        order.then_with(|| (&one.number, one.batch).cmp(&(&other.number, other.batch)))
    });
    board.truncate(filter.limit as usize);
    Ok(board)
}

pub(super) async fn batch(conn: &mut Conn, batch: BatchId) -> Result<Option<BoardRow>, Fault> {
    let query = sqlx::query(BATCH).bind(batch.to_string());
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading table board"))?;
    row.as_ref().map(board_row).transpose()
}

pub(super) async fn person(conn: &mut Conn, user: UserId) -> Result<Option<PersonRow>, Fault> {
    let query = sqlx::query(PERSON).bind(user.to_string());
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading table person"))?;
    row.as_ref().map(person_row).transpose()
}

pub(super) async fn person_named(
    conn: &mut Conn,
    user_name: &str,
) -> Result<Option<PersonRow>, Fault> {
    let query = sqlx::query(PERSON_NAMED).bind(user_name);
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading table person"))?;
    row.as_ref().map(person_row).transpose()
}

pub(super) async fn persons(conn: &mut Conn) -> Result<Vec<PersonRow>, Fault> {
    let rows = sqlx::query(PERSONS)
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table person"))?;
    rows.iter().map(person_row).collect()
}

pub(super) async fn roles(conn: &mut Conn, user: UserId) -> Result<Vec<RoleRow>, Fault> {
    let query = sqlx::query(ROLES).bind(user.to_string());
    let rows = query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table person_role"))?;
    rows.iter().map(role_row).collect()
}

pub(super) async fn sites(conn: &mut Conn) -> Result<Vec<SiteRow>, Fault> {
    let rows = sqlx::query(SITES)
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table site"))?;
    rows.iter().map(site_row).collect()
}

pub(super) async fn site(conn: &mut Conn, code: &str) -> Result<Option<SiteRow>, Fault> {
    let query = sqlx::query(SITE).bind(code);
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading table site"))?;
    row.as_ref().map(site_row).transpose()
}

pub(super) async fn documents(conn: &mut Conn, kind: &str) -> Result<Vec<DocumentRow>, Fault> {
    let rows = sqlx::query(DOCUMENTS).bind(kind).fetch_all(conn).await;
    rows.map_err(Fault::while_("reading table document"))?
        .iter()
        .map(document_row)
        .collect()
}

pub(super) async fn document(
    conn: &mut Conn,
    kind: &str,
    key: &str,
    version: u32,
) -> Result<Option<DocumentRow>, Fault> {
    let query = sqlx::query(DOCUMENT)
        .bind(kind)
        .bind(key)
        .bind(i64::from(version));
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading table document"))?;
    row.as_ref().map(document_row).transpose()
}

pub(super) async fn latest_document(
    conn: &mut Conn,
    kind: &str,
    key: &str,
) -> Result<Option<DocumentRow>, Fault> {
    let query = sqlx::query(LATEST_DOCUMENT).bind(kind).bind(key);
    let row = query
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading table document"))?;
    row.as_ref().map(document_row).transpose()
}

pub(super) async fn register(
    conn: &mut Conn,
    filter: &RegisterFilter,
) -> Result<Vec<RegisterRow>, Fault> {
    let query = sqlx::query(REGISTER)
        .bind(listed(&filter.sites))
        .bind(i64::from(filter.limit));
    let rows = query
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading table register"))?;
    rows.iter().map(register_row).collect()
}

/// Everything that stands in the read tables, table by table, each by its key.
pub(super) async fn everything(conn: &mut Conn) -> Result<Vec<RowChange>, Fault> {
    let mut all = Vec::new();
    for row in rows_of(conn, ALL_BOARD).await? {
        all.push(RowChange::PutBoard(board_row(&row)?));
    }
    for (batch, claims) in claims::all(conn).await? {
        all.push(RowChange::PutClaims { batch, claims });
    }
    let mut terms: BTreeMap<BatchId, Vec<TermRow>> = BTreeMap::new();
    for row in rows_of(conn, ALL_TERMS).await? {
        let row = term_row(&row)?;
        terms.entry(row.batch).or_default().push(row);
    }
    for (batch, mut terms) in terms {
        terms.sort();
        all.push(RowChange::PutTerms { batch, terms });
    }
    for row in rows_of(conn, ALL_PERSONS).await? {
        let person = person_row(&row)?;
        let (user, roles) = (person.user, roles(conn, person.user).await?);
        all.extend([
            RowChange::PutPerson(person),
            RowChange::PutRoles { user, roles },
        ]);
    }
    for row in rows_of(conn, SITES).await? {
        all.push(RowChange::PutSite(site_row(&row)?));
    }
    for row in rows_of(conn, ALL_DOCUMENTS).await? {
        all.push(RowChange::PutDocument(document_row(&row)?));
    }
    for row in rows_of(conn, ALL_REGISTER).await? {
        all.push(RowChange::PutRegister(register_row(&row)?));
    }
    Ok(all)
}

async fn rows_of(conn: &mut Conn, sql: &'static str) -> Result<Vec<Row>, Fault> {
    sqlx::query(sql)
        .fetch_all(conn)
        .await
        .map_err(Fault::while_("reading the read tables"))
}

async fn count_of(conn: &mut Conn, sql: &'static str, site: &str) -> Result<u64, Fault> {
    let row = sqlx::query(sql)
        .bind(site)
        .fetch_one(conn)
        .await
        .map_err(Fault::while_("counting rows"))?;
    Columns::of(&row, "board", &[]).number("n")
}

async fn person_count(conn: &mut Conn) -> Result<u64, Fault> {
    let row = sqlx::query(PERSON_COUNT)
        .fetch_one(conn)
        .await
        .map_err(Fault::while_("counting persons"))?;
    Columns::of(&row, "person", &[]).number("n")
}

/// `,GE,,PI,`: each site between two commas of its own. One text, as a list of parameters would make the statement
/// another one each time.
fn listed(words: &[String]) -> String {
    words.iter().map(|word| format!(",{word},")).collect()
}
