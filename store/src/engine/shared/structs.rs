//! A row of each read table as its struct.

use super::{Row, columns::Columns};
use crate::Fault;
use domain::batch::BatchFlag;
use domain::ledger::rows::{
    BoardRow, DocumentRow, PersonRow, RegisterRow, RoleRow, SiteRow, TermRow,
};

pub(super) fn board_row(row: &Row) -> Result<BoardRow, Fault> {
    let columns = Columns::of(row, "board", &["batch_id"]);
    Ok(BoardRow {
        batch: columns.parsed("batch_id")?,
        site: columns.text("site")?,
        number: columns.text("number")?,
        subject: columns.text("subject")?,
        din: columns.text("din")?,
        coi: columns.maybe_text("coi")?,
        state: columns.text("state")?,
        flags: flags(&columns)?,
        is_open: columns.number::<u64>("is_open")? == 1,
        fresh_since: columns.maybe_time("fresh_since")?,
        passage: columns.maybe_number("passage")?,
        culture_started: columns.maybe_time("culture_started")?,
        next_step: columns.maybe_text("next_step")?,
        next_due: columns.maybe_time("next_due")?,
        needs: columns.maybe_text("needs")?,
        version: columns.number("version")?,
        registered_at: columns.time("registered_at")?,
    })
}

fn flags(columns: &Columns<'_>) -> Result<Vec<BatchFlag>, Fault> {
    let codes = columns.text("flags")?;
    let flag = |code: &str| {
        code.parse::<BatchFlag>()
            .map_err(|why| columns.wrong("flags", why))
    };
    codes.split_whitespace().map(flag).collect()
}

pub(super) fn term_row(row: &Row) -> Result<TermRow, Fault> {
    let columns = Columns::of(row, "search_term", &["site", "term", "kind", "batch_id"]);
    let kind = columns.text("kind")?;
    Ok(TermRow {
        site: columns.text("site")?,
        term: columns.text("term")?,
        kind: kind
            .parse()
            .map_err(|why: String| columns.wrong("kind", why))?,
        batch: columns.parsed("batch_id")?,
        target: columns.text("target")?,
        shown: columns.text("shown")?,
    })
}

pub(super) fn person_row(row: &Row) -> Result<PersonRow, Fault> {
    let columns = Columns::of(row, "person", &["user_id"]);
    Ok(PersonRow {
        user: columns.parsed("user_id")?,
        user_name: columns.text("user_name")?,
        printed_name: columns.text("printed_name")?,
        state: columns.text("state")?,
        accountable: columns.number::<u64>("accountable")? == 1,
        version: columns.number("version")?,
        added_at: columns.time("added_at")?,
    })
}

pub(super) fn role_row(row: &Row) -> Result<RoleRow, Fault> {
    let columns = Columns::of(row, "person_role", &["user_id", "site", "role"]);
    Ok(RoleRow {
        site: columns.text("site")?,
        role: columns.text("role")?,
        since: columns.time("since")?,
        by: columns.text("given_by")?,
    })
}

pub(super) fn site_row(row: &Row) -> Result<SiteRow, Fault> {
    let columns = Columns::of(row, "site", &["code"]);
    Ok(SiteRow {
        code: columns.text("code")?,
        name: columns.text("name")?,
        address: columns.text("address")?,
        scheme: columns.text("scheme")?,
        time_zone: columns.text("time_zone")?,
        master_record: columns.text("master_record")?,
        specification: columns.text("specification")?,
    })
}

pub(super) fn document_row(row: &Row) -> Result<DocumentRow, Fault> {
    let columns = Columns::of(row, "document", &["kind", "doc_key", "version"]);
    Ok(DocumentRow {
        kind: columns.text("kind")?,
        key: columns.text("doc_key")?,
        version: columns.number("version")?,
        title: columns.text("title")?,
        sha256: columns.text("sha256")?,
        text: columns.text("body")?,
        approved_at: columns.maybe_time("approved_at")?,
        approved_by: columns.maybe_text("approved_by")?,
    })
}

pub(super) fn register_row(row: &Row) -> Result<RegisterRow, Fault> {
    let columns = Columns::of(row, "register", &["certificate_number"]);
    Ok(RegisterRow {
        certificate_number: columns.text("certificate_number")?,
        site: columns.text("site")?,
        batch: columns.parsed("batch_id")?,
        batch_number: columns.text("batch_number")?,
        product: columns.text("product")?,
        signer: columns.parsed("signer")?,
        signer_name: columns.text("signer_name")?,
        signed_at: columns.time("signed_at")?,
        decision: columns.text("decision")?,
    })
}
