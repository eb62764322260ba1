//! Finding by a term: by its beginning, at one's own sites alone, and as fast in a large record as in a small one.

use crate::place::{Place, batch, board_row, event_with, give, request};
use domain::{
    identifiers::folded_code,
    ledger::{RowChange, rows::TermRow},
    search::TermKind,
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use store::{FIND_PREFIX, FIND_WHOLE, SearchFilter, Store};

fn term(number: u128, site: &str, kind: TermKind, shown: &str) -> TermRow {
    let target = match kind {
        TermKind::Unit => format!("unit of {number}"),
        _ => String::new(),
    };
    TermRow {
        site: site.to_owned(),
        term: folded_code(shown),
        kind,
        batch: batch(number),
        target,
        shown: shown.to_owned(),
    }
}

/// Puts a batch with its terms.
async fn put(
    store: &Arc<dyn Store>,
    command: u128,
    number: u128,
    site: &str,
    terms: &[(TermKind, &str)],
) {
    let terms = terms.iter();
    let rows = [
        RowChange::PutBoard(board_row(number, site)),
        RowChange::PutTerms {
            batch: batch(number),
            terms: terms
                .map(|(kind, shown)| term(number, site, *kind, shown))
                .collect(),
        },
    ];
    give(store, &request(command, number), vec![event_with(&rows)]).await;
}

async fn found(
    store: &Arc<dyn Store>,
    sites: &[&str],
    text: &str,
    whole: bool,
    limit: u32,
) -> Vec<String> {
    let filter = SearchFilter {
        sites: sites.iter().map(|site| (*site).to_owned()).collect(),
        term: folded_code(text),
        whole,
        limit,
    };
    let hits = store.search(&filter).await.unwrap();
    for hit in &hits {
        assert_eq!(hit.term.batch, hit.batch.batch);
        assert_eq!(hit.term.site, hit.batch.site);
    }
    hits.into_iter().map(|hit| hit.term.shown).collect()
}

pub async fn a_term_is_found_by_its_beginning_and_only_at_the_sites_asked_for(place: &Place) {
    use TermKind::{Batch, Subject, Unit};
    let store = place.open().await;
    put(
        &store,
        1,
        1,
        "GE",
        &[
            (Batch, "GE-2026-0001"),
            (Subject, "S-1"),
            (Unit, "GE-2026-0001-U01"),
        ],
    )
    .await;
    put(
        &store,
        2,
        2,
        "GE",
        &[(Batch, "GE-2026-0002"), (Subject, "S-10")],
    )
    .await;
    put(
        &store,
        3,
        3,
        "PI",
        &[(Batch, "PI-2026-0001"), (Subject, "S-1"), (Unit, "Ünit 3")],
    )
    .await;
    put(&store, 4, 4, "ge", &[(Subject, "S-1")]).await;
    let both = ["GE", "PI"];
    for (sites, text, whole, limit, wanted) in [
        (&["GE"][..], "s1", false, 9, &["S-1", "S-10"][..]),
        (&["GE"], "s1", true, 9, &["S-1"]),
        (&["GE"], "s-1", false, 1, &["S-1"]),
        (&both, "S-1", false, 9, &["S-1", "S-1", "S-10"]),
        (&both, "S-1", true, 9, &["S-1", "S-1"]),
        (&both, "s 10", true, 9, &["S-10"]),
        (&both, "S-2", false, 9, &[]),
        (&["PI"], "ge-2026", false, 9, &[]),
        (
            &["GE"],
            "ge-2026",
            false,
            9,
            &["GE-2026-0001", "GE-2026-0001-U01", "GE-2026-0002"],
        ),
        (&["PI"], "ünit", false, 9, &["Ünit 3"]),
        (&["PI"], "ü", false, 9, &["Ünit 3"]),
        (&[], "s1", false, 9, &[]),
        (&["G"], "s1", false, 9, &[]),
        (&["GE"], "2026", false, 9, &[]),
    ] {
        assert_eq!(
            found(&store, sites, text, whole, limit).await,
            wanted,
            "{sites:?} {text} {whole} {limit}"
        );
    }
}

pub async fn terms_of_a_batch_are_replaced_as_a_whole(place: &Place) {
    use TermKind::{Batch, Subject, Unit};
    let store = place.open().await;
    put(&store, 1, 1, "GE", &[(Batch, "GE-1"), (Subject, "WRONG")]).await;
    put(&store, 2, 2, "GE", &[(Batch, "GE-2"), (Subject, "WRONG")]).await;
    put(
        &store,
        3,
        1,
        "GE",
        &[(Batch, "GE-1"), (Subject, "RIGHT"), (Unit, "GE-1-U01")],
    )
    .await;
    let all = async |text: &str| found(&store, &["GE"], text, false, 9).await;
    assert_eq!(all("right").await, ["RIGHT"]);
    assert_eq!(all("wrong").await, ["WRONG"], "the one of the other batch");
    assert_eq!(all("GE1").await, ["GE-1", "GE-1-U01"]);
    let before = store.rows().await.unwrap();
    let tampered =
        "delete from search_term where kind = 'unit'; update search_term set shown = 'X'";
    place.raw(tampered).await.unwrap();
    let wrong = store.verify_rows().await.unwrap();
    let wrong: Vec<_> = wrong.iter().map(ToString::to_string).collect();
    assert!(
        wrong
            .iter()
            .any(|one| one.contains("search_term") && one.contains("missing")),
        "{wrong:?}"
    );
    assert!(
        wrong.iter().any(|one| one.contains("column shown")),
        "{wrong:?}"
    );
    store.rebuild().await.unwrap();
    assert_eq!(store.rows().await.unwrap(), before);
}

/// Batches from `from` up to `to` as a large record has them, each with four terms.
fn many(place: &Place, from: u32, to: u32) -> String {
    let (numbers, id, digits) = match place {
        Place::Sqlite(_) => (
            format!(
                "(with recursive n (i) as (select {from} union all select i + 1 from n where i < {to}) select i from n)"
            ),
            "printf('00000000-0000-0000-0000-%012x', i)",
            "printf('%06d', i)",
        ),
        Place::Postgres { .. } => (
            format!("(select i from generate_series({from}, {to}) as g (i))"),
            "'00000000-0000-0000-0000-' || lpad(to_hex(i), 12, '0')",
            "lpad(i::text, 6, '0')",
        ),
    };
    let mut sql = format!(
        "insert into board (batch_id, site, number, subject, din, coi, state, flags, is_open, fresh_since, passage,
            culture_started, next_step, next_due, needs, version, registered_at)
        select {id}, 'GE', 'GE-2026-' || {digits}, 'S-' || {digits}, 'G123417' || {digits}, null, 'closed', '', 0, null,
            null, null, null, null, null, 1, i from {numbers} as numbers;"
    );
    for (kind, term) in [
        ("batch", "'GE2026'"),
        ("subject", "'S'"),
        ("din", "'G123417'"),
        ("unit", "'GE2026U01'"),
    ] {
        sql += &format!(
            "insert into search_term (site, term, kind, batch_id, target, shown)
            select 'GE', {term} || {digits}, '{kind}', {id}, '', {term} || {digits} from {numbers} as numbers;"
        );
    }
    sql + "analyze;"
}

#[expect(
    clippy::disallowed_methods,
    reason = "it is measured how long finding takes"
)]
/// The time that half of the searches take at most: by the whole term, by a beginning that many have, by one that few
/// have, and by one that nothing has.
async fn half_take(store: &Arc<dyn Store>, batches: u32) -> Duration {
    let mut took = Vec::new();
    for nth in 0..200 {
        let number = (nth * 7919) % batches + 1;
        let (text, whole) = match nth % 4 {
            0 => (format!("G123417{number:06}"), true),
            1 => ("GE-2026".to_owned(), false),
            2 => (format!("S-{:04}", number / 100), false),
            _ => (format!("S-{number:06}X"), false),
        };
        let begun = Instant::now();
        let found = found(store, &["GE", "PI"], &text, whole, 51).await;
        took.push(begun.elapsed());
        assert_eq!(found.is_empty(), nth % 4 == 3, "{text}");
    }
    took.sort();
    took[took.len() / 2]
}

/// How the database goes about a statement, in its own words.
async fn plan(place: &Place, sql: &str) -> String {
    let values = ["'GE'", "'S0001'", "51", "'S0001\u{10ffff}'"];
    let mut sql = sql.to_owned();
    for (place, value) in (1..).zip(values) {
        sql = sql.replace(&format!("${place}"), value);
    }
    match place {
        Place::Sqlite(_) => {
            let mut connection = SqliteConnection::connect(&place.url()).await.unwrap();
            let sql = AssertSqlSafe(format!("explain query plan {sql}"));
            let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
            let lines = rows.iter().map(|row| row.get::<String, _>("detail"));
            lines.collect::<Vec<_>>().join("\n")
        }
        Place::Postgres { .. } => {
            let mut connection = PgConnection::connect(&place.url()).await.unwrap();
            let sql = AssertSqlSafe(format!("explain {sql}"));
            let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
            let lines = rows.iter().map(|row| row.get::<String, _>(0));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

pub async fn finding_takes_as_long_at_100_000_batches_as_at_1_000(place: &Place) {
    let store = place.open().await;
    place.raw(&many(place, 1, 1_000)).await.unwrap();
    half_take(&store, 1_000).await;
    let small = half_take(&store, 1_000).await;
    place.raw(&many(place, 1_001, 100_000)).await.unwrap();
    let last = found(&store, &["GE"], "S-100000", true, 51).await;
    assert_eq!(last, ["S100000"]);
    half_take(&store, 100_000).await;
    let large = half_take(&store, 100_000).await;
    println!("half of the searches take {small:?} at 1,000 batches and {large:?} at 100,000");
    // A search that reads the table takes a hundred times as long; a busy machine doesn't.
    assert!(
        large < small * 5 + Duration::from_millis(2),
        "{large:?} at 100,000 batches, {small:?} at 1,000"
    );
    for sql in [FIND_WHOLE, FIND_PREFIX] {
        let plan = plan(place, sql).await;
        let by_index = match place {
            Place::Sqlite(_) => plan.contains("SEARCH t USING") && !plan.contains("SCAN"),
            Place::Postgres { .. } => {
                plan.contains("search_term_pkey") && !plan.contains("Seq Scan")
            }
        };
        assert!(by_index, "{plan}");
    }
}
