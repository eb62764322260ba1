//! [`crate::Tables::search`].

use super::{
    Conn, Row,
    structs::{board_row, term_row},
};
use crate::{FIND_PREFIX, FIND_WHOLE, Fault, SearchFilter, SearchHit};
use std::collections::BTreeSet;

pub(super) async fn search(
    conn: &mut Conn,
    filter: &SearchFilter,
) -> Result<Vec<SearchHit>, Fault> {
    let mut hits = Vec::new();
    // Site by site, each by the primary key and no further than could be shown.
    for site in filter.sites.iter().collect::<BTreeSet<_>>() {
        let query = if filter.whole {
            sqlx::query(FIND_WHOLE)
        } else {
            sqlx::query(FIND_PREFIX)
        };
        let query = query
            .bind(site)
            .bind(&filter.term)
            .bind(i64::from(filter.limit));
        let query = if filter.whole {
            query
        } else {
            query.bind(filter.after_all())
        };
        let rows = query
            .fetch_all(&mut *conn)
            .await
            .map_err(Fault::while_("reading table search_term"))?;
        for row in &rows {
            hits.push(hit(row)?);
        }
    }
    hits.sort_by(|one: &SearchHit, other| {
        let (term, other_term) = (&one.term, &other.term);
        (&term.term, term.kind, &one.batch.number, &term.target).cmp(&(
            &other_term.term,
            other_term.kind,
            &other.batch.number,
            &other_term.target,
        ))
    });
    hits.truncate(filter.limit as usize);
    Ok(hits)
}

fn hit(row: &Row) -> Result<SearchHit, Fault> {
    Ok(SearchHit {
        term: term_row(row)?,
        batch: board_row(row)?,
    })
}
