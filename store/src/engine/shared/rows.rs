//! Writing the read tables. Every statement says what is: applied twice it changes nothing more.

use super::{
    Conn, claims,
    columns::signed,
    insert_all,
    pending::{Column, Insert},
};
use crate::Fault;
use domain::{
    batch::BatchFlag,
    ids::{BatchId, UserId},
    ledger::{
        RowChange,
        rows::{BoardRow, DocumentRow, PersonRow, RegisterRow, RoleRow, SiteRow, TermRow},
    },
};

const BOARD: [&str; 17] = [
    "batch_id",
    "site",
    "number",
    "subject",
    "din",
    "coi",
    "state",
    "flags",
    "is_open",
    "fresh_since",
    "passage",
    "culture_started",
    "next_step",
    "next_due",
    "needs",
    "version",
    "registered_at",
];
const BOARD_AGAIN: &str = " on conflict (batch_id) do update set site = excluded.site, number = excluded.number,
    subject = excluded.subject, din = excluded.din, coi = excluded.coi, state = excluded.state,
    flags = excluded.flags, is_open = excluded.is_open, fresh_since = excluded.fresh_since, passage = excluded.passage, culture_started = excluded.culture_started, next_step = excluded.next_step,
    next_due = excluded.next_due, needs = excluded.needs, version = excluded.version,
    registered_at = excluded.registered_at";
const TERM: [&str; 6] = ["site", "term", "kind", "batch_id", "target", "shown"];
const DROP_TERMS: &str = "delete from search_term where batch_id = $1";
/// So many terms are written at once; a batch with more has them in several statements.
const TERMS_AT_ONCE: usize = 500;
const PUT_PERSON: &str = "insert into person (user_id, user_name, printed_name, state, accountable, version, added_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (user_id) do update set user_name = excluded.user_name, printed_name = excluded.printed_name,
    state = excluded.state, accountable = excluded.accountable, version = excluded.version, added_at = excluded.added_at";
const DROP_ROLES: &str = "delete from person_role where user_id = $1";
const ADD_ROLE: &str =
    "insert into person_role (user_id, site, role, since, given_by) values ($1, $2, $3, $4, $5)";
const PUT_SITE: &str = "insert into site (code, name, address, scheme, time_zone, master_record, specification)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (code) do update set name = excluded.name, address = excluded.address, scheme = excluded.scheme,
    time_zone = excluded.time_zone, master_record = excluded.master_record, specification = excluded.specification";
const PUT_DOCUMENT: &str = "insert into document (kind, doc_key, version, title, sha256, body, approved_at, approved_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (kind, doc_key, version) do update set title = excluded.title, sha256 = excluded.sha256,
    body = excluded.body, approved_at = excluded.approved_at, approved_by = excluded.approved_by";
const PUT_REGISTER: &str =
    "insert into register (certificate_number, site, batch_id, batch_number, product, signer,
    signer_name, signed_at, decision) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (certificate_number) do nothing";
const REGISTER_LINE: &str =
    "select certificate_number, site, batch_id, batch_number, product, signer, signer_name,
    signed_at, decision from register where certificate_number = $1";

/// What `rebuild` empties. In the order of the tables in the migration.
pub(super) const EMPTY: [&str; 9] = [
    "delete from board",
    "delete from claim",
    "delete from claim_of_batch",
    "delete from search_term",
    "delete from person",
    "delete from person_role",
    "delete from site",
    "delete from document",
    "delete from register",
];

pub(crate) async fn apply_all(conn: &mut Conn, changes: &[RowChange]) -> Result<(), Fault> {
    for change in changes {
        match change {
            RowChange::PutBoard(row) => insert_all(conn, &[insert_boards(&[row])?]).await?,
            RowChange::PutClaims { batch, claims: of } => claims::put(conn, *batch, of).await?,
            RowChange::PutTerms { batch, terms } => put_terms(conn, *batch, terms).await?,
            RowChange::PutPerson(row) => put_person(conn, row).await?,
            RowChange::PutRoles { user, roles } => put_roles(conn, *user, roles).await?,
            RowChange::PutSite(row) => put_site(conn, row).await?,
            RowChange::PutDocument(row) => put_document(conn, row).await?,
            RowChange::PutRegister(row) => put_register(conn, row).await?,
        }
    }
    Ok(())
}

/// What puts these rows on the board, or in the place of those that are there.
pub(super) fn insert_boards<'a>(boards: &[&'a BoardRow]) -> Result<Insert<'a>, Fault> {
    let of = || boards.iter().copied();
    Ok(Insert {
        table: "board",
        names: &BOARD,
        columns: vec![
            Column::text(of().map(|row| row.batch.to_string())),
            Column::text(of().map(|row| &row.site)),
            Column::text(of().map(|row| &row.number)),
            Column::text(of().map(|row| &row.subject)),
            Column::text(of().map(|row| &row.din)),
            Column::maybe_text(of().map(|row| row.coi.as_ref())),
            Column::text(of().map(|row| &row.state)),
            Column::text(of().map(|row| flag_codes(&row.flags))),
            Column::number(of().map(|row| u64::from(row.is_open)))?,
            Column::maybe_moment(of().map(|row| row.fresh_since)),
            Column::Number(of().map(|row| row.passage.map(i64::from)).collect()),
            Column::maybe_moment(of().map(|row| row.culture_started)),
            Column::maybe_text(of().map(|row| row.next_step.as_ref())),
            Column::maybe_moment(of().map(|row| row.next_due)),
            Column::maybe_text(of().map(|row| row.needs.as_ref())),
            Column::number(of().map(|row| row.version))?,
            Column::moment(of().map(|row| row.registered_at)),
        ],
        rows: boards.len(),
        again: BOARD_AGAIN,
    })
}

/// The codes of flags with a space between, as the column keeps them.
fn flag_codes(flags: &[BatchFlag]) -> String {
    let codes: Vec<_> = flags.iter().map(|flag| flag.code()).collect();
    codes.join(" ")
}

async fn put_terms(conn: &mut Conn, batch: BatchId, terms: &[TermRow]) -> Result<(), Fault> {
    let query = sqlx::query(DROP_TERMS).bind(batch.to_string());
    query
        .execute(&mut *conn)
        .await
        .map_err(Fault::while_("writing table search_term"))?;
    for terms in terms.chunks(TERMS_AT_ONCE) {
        let of = || terms.iter();
        let insert = Insert {
            table: "search_term",
            names: &TERM,
            columns: vec![
                Column::text(of().map(|row| &row.site)),
                Column::text(of().map(|row| &row.term)),
                Column::text(of().map(|row| row.kind.code())),
                Column::text(of().map(|row| row.batch.to_string())),
                Column::text(of().map(|row| &row.target)),
                Column::text(of().map(|row| &row.shown)),
            ],
            rows: terms.len(),
            again: "",
        };
        insert_all(conn, &[insert]).await?;
    }
    Ok(())
}

async fn put_person(conn: &mut Conn, row: &PersonRow) -> Result<(), Fault> {
    let query = sqlx::query(PUT_PERSON)
        .bind(row.user.to_string())
        .bind(&row.user_name)
        .bind(&row.printed_name)
        .bind(&row.state)
        .bind(i64::from(row.accountable))
        .bind(signed(row.version)?)
        .bind(row.added_at.micros());
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("writing table person"))?;
    one(done.rows_affected(), "person", || row.user.to_string())
}

async fn put_roles(conn: &mut Conn, user: UserId, roles: &[RoleRow]) -> Result<(), Fault> {
    let query = sqlx::query(DROP_ROLES).bind(user.to_string());
    query
        .execute(&mut *conn)
        .await
        .map_err(Fault::while_("writing table person_role"))?;
    for role in roles {
        let query = sqlx::query(ADD_ROLE)
            .bind(user.to_string())
            .bind(&role.site)
            .bind(&role.role)
            .bind(role.since.micros())
            .bind(&role.by);
        let done = query
            .execute(&mut *conn)
            .await
            .map_err(Fault::while_("writing table person_role"))?;
        one(done.rows_affected(), "person_role", || {
            format!("{user} / {} / {}", role.site, role.role)
        })?;
    }
    Ok(())
}

async fn put_site(conn: &mut Conn, row: &SiteRow) -> Result<(), Fault> {
    let query = sqlx::query(PUT_SITE)
        .bind(&row.code)
        .bind(&row.name)
        .bind(&row.address)
        .bind(&row.scheme)
        .bind(&row.time_zone)
        .bind(&row.master_record)
        .bind(&row.specification);
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("writing table site"))?;
    one(done.rows_affected(), "site", || row.code.clone())
}

async fn put_document(conn: &mut Conn, row: &DocumentRow) -> Result<(), Fault> {
    let query = sqlx::query(PUT_DOCUMENT)
        .bind(&row.kind)
        .bind(&row.key)
        .bind(i64::from(row.version))
        .bind(&row.title)
        .bind(&row.sha256)
        .bind(&row.text)
        .bind(row.approved_at.map(|time| time.micros()))
        .bind(&row.approved_by);
    let done = query
        .execute(conn)
        .await
        .map_err(Fault::while_("writing table document"))?;
    one(done.rows_affected(), "document", || {
        format!("{} / {} / {}", row.kind, row.key, row.version)
    })
}

/// A line that stands in the register stays as it is; another one under its number is refused.
async fn put_register(conn: &mut Conn, row: &RegisterRow) -> Result<(), Fault> {
    let query = sqlx::query(PUT_REGISTER)
        .bind(&row.certificate_number)
        .bind(&row.site)
        .bind(row.batch.to_string())
        .bind(&row.batch_number)
        .bind(&row.product)
        .bind(row.signer.to_string())
        .bind(&row.signer_name)
        .bind(row.signed_at.micros())
        .bind(&row.decision);
    query
        .execute(&mut *conn)
        .await
        .map_err(Fault::while_("writing table register"))?;
    let query = sqlx::query(REGISTER_LINE).bind(&row.certificate_number);
    let kept = query
        .fetch_one(conn)
        .await
        .map_err(Fault::while_("reading table register"))?;
    if super::structs::register_row(&kept)? == *row {
        return Ok(());
    }
    Err(Fault::Taken {
        table: "register",
        row: row.certificate_number.clone(),
        claim: None,
    })
}

/// Exactly one row was written.
pub(super) fn one(
    found: u64,
    table: &'static str,
    row: impl FnOnce() -> String,
) -> Result<(), Fault> {
    if found == 1 {
        return Ok(());
    }
    Err(Fault::RowsAffected {
        table,
        row: row(),
        found,
    })
}

/// Exactly as many rows were written as there were to write.
pub(crate) fn all_written(table: &'static str, wanted: usize, found: u64) -> Result<(), Fault> {
    if found == wanted as u64 {
        return Ok(());
    }
    Err(Fault::RowsWritten {
        table,
        wanted,
        found,
    })
}
