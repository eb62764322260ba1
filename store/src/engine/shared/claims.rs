//! The table of claims: what one alone can hold.
//!
//! A decision looks claims up under the lock of its own ledger and refuses what it sees. What another ledger takes at the
//! same moment can't be seen yet: there the key of the table decides, as the second insert waits for the first commit.

use super::{Conn, Row, columns::Columns, rows::one};
use crate::{Fault, Taken};
use domain::{
    batch::{ClaimKey, ClaimKind},
    ids::BatchId,
    ledger::rows::ClaimRow,
};
use std::collections::BTreeSet;

const HOLDER: &str =
    "select kind, scope, code, holder from claim where kind = $1 and scope = $2 and code = $3";
const OF_BATCH: &str = "select c.kind, c.scope, c.code, c.holder from claim_of_batch b join claim c
    on c.kind = b.kind and c.scope = b.scope and c.code = b.code where b.batch_id = $1";
const ALL: &str = "select b.batch_id, c.kind, c.scope, c.code, c.holder from claim_of_batch b join claim c
    on c.kind = b.kind and c.scope = b.scope and c.code = b.code order by b.batch_id, c.kind, c.scope, c.code";
const PUT: &str = "insert into claim (kind, scope, code, holder) values ($1, $2, $3, $4)
    on conflict (kind, scope, code) do nothing";
const JOIN: &str =
    "insert into claim_of_batch (batch_id, kind, scope, code) values ($1, $2, $3, $4)";
const LEAVE: &str =
    "delete from claim_of_batch where batch_id = $1 and kind = $2 and scope = $3 and code = $4";
const FREE: &str = "delete from claim where kind = $1 and scope = $2 and code = $3 and not exists (
    select 1 from claim_of_batch b where b.kind = claim.kind and b.scope = claim.scope and b.code = claim.code)";

/// All claims that a batch has now, in place of those that it had.
pub(super) async fn put(conn: &mut Conn, batch: BatchId, claims: &[ClaimRow]) -> Result<(), Fault> {
    // In order of their keys: two that each wait for a claim that the other one has put would wait for ever.
    let wanted: BTreeSet<_> = claims.iter().collect();
    let kept = of_batch(conn, batch).await?;
    let kept: BTreeSet<_> = kept.iter().collect();
    for gone in kept.difference(&wanted) {
        leave(conn, batch, gone).await?;
    }
    for new in wanted.difference(&kept) {
        take(conn, batch, new).await?;
    }
    Ok(())
}

async fn take(conn: &mut Conn, batch: BatchId, claim: &ClaimRow) -> Result<(), Fault> {
    let writing = "writing table claim";
    let query = sqlx::query(PUT)
        .bind(&claim.kind)
        .bind(&claim.scope)
        .bind(&claim.code)
        .bind(&claim.holder);
    query
        .execute(&mut *conn)
        .await
        .map_err(Fault::while_(writing))?;
    // In another statement: it sees what was committed while this one waited.
    match held(conn, &claim.kind, &claim.scope, &claim.code).await? {
        Some(holder) if holder == claim.holder => (),
        other => return Err(taken(claim, other)),
    }
    let query = sqlx::query(JOIN)
        .bind(batch.to_string())
        .bind(&claim.kind)
        .bind(&claim.scope)
        .bind(&claim.code);
    let done = query.execute(conn).await;
    let done = done.map_err(Fault::while_("writing table claim_of_batch"))?;
    one(done.rows_affected(), "claim_of_batch", || shown(claim))
}

async fn leave(conn: &mut Conn, batch: BatchId, claim: &ClaimRow) -> Result<(), Fault> {
    let query = sqlx::query(LEAVE)
        .bind(batch.to_string())
        .bind(&claim.kind)
        .bind(&claim.scope)
        .bind(&claim.code);
    let done = query.execute(&mut *conn).await;
    let done = done.map_err(Fault::while_("writing table claim_of_batch"))?;
    one(done.rows_affected(), "claim_of_batch", || shown(claim))?;
    let query = sqlx::query(FREE)
        .bind(&claim.kind)
        .bind(&claim.scope)
        .bind(&claim.code);
    let done = query.execute(conn).await;
    done.map_err(Fault::while_("writing table claim"))?;
    Ok(())
}

/// `holder` is `None` where they gave it up in this very moment.
fn taken(claim: &ClaimRow, holder: Option<String>) -> Fault {
    let key = claim.kind.parse::<ClaimKind>().ok().map(|kind| ClaimKey {
        kind,
        scope: claim.scope.clone(),
        code: claim.code.clone(),
    });
    Fault::Taken {
        table: "claim",
        row: shown(claim),
        claim: key
            .zip(holder)
            .map(|(key, holder)| Box::new(Taken { key, holder })),
    }
}

fn shown(claim: &ClaimRow) -> String {
    format!("{} / {} / {}", claim.kind, claim.scope, claim.code)
}

async fn held(
    conn: &mut Conn,
    kind: &str,
    scope: &str,
    code: &str,
) -> Result<Option<String>, Fault> {
    let query = sqlx::query(HOLDER).bind(kind).bind(scope).bind(code);
    let row = query.fetch_optional(conn).await;
    let row = row.map_err(Fault::while_("reading table claim"))?;
    Ok(row
        .as_ref()
        .map(claim_row)
        .transpose()?
        .map(|row| row.holder))
}

/// Who holds the claim.
pub(super) async fn holder(conn: &mut Conn, key: &ClaimKey) -> Result<Option<String>, Fault> {
    held(conn, key.kind.code(), &key.scope, &key.code).await
}

async fn of_batch(conn: &mut Conn, batch: BatchId) -> Result<Vec<ClaimRow>, Fault> {
    let rows = sqlx::query(OF_BATCH)
        .bind(batch.to_string())
        .fetch_all(conn)
        .await;
    let rows = rows.map_err(Fault::while_("reading table claim"))?;
    rows.iter().map(claim_row).collect()
}

/// The claims of every batch, by its id.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<(BatchId, Vec<ClaimRow>)>, Fault> {
    let rows = sqlx::query(ALL).fetch_all(conn).await;
    let mut all: Vec<(BatchId, Vec<ClaimRow>)> = Vec::new();
    for row in &rows.map_err(Fault::while_("reading table claim"))? {
        let batch = Columns::of(row, "claim_of_batch", &["batch_id"]).parsed("batch_id")?;
        let claim = claim_row(row)?;
        match all.last_mut() {
            Some((of, claims)) if *of == batch => claims.push(claim),
            _ => all.push((batch, vec![claim])),
        }
    }
    Ok(all)
}

fn claim_row(row: &Row) -> Result<ClaimRow, Fault> {
    let columns = Columns::of(row, "claim", &["kind", "scope", "code"]);
    Ok(ClaimRow {
        kind: columns.text("kind")?,
        scope: columns.text("scope")?,
        code: columns.text("code")?,
        holder: columns.text("holder")?,
    })
}
