//! The set-up with two roles of `docs/postgresql.md`, by the very SQL that stands there: the role that serves can add to the
//! record and read it, and nothing else. Tried, not read from a catalogue.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "conformance/place.rs"]
#[expect(dead_code, reason = "shared with the conformance suite")]
mod place;

use place::{Place, event, give, ledger, opening, request, seven};
use std::{fs, path::Path};

/// The blocks of SQL in the document, for this database and these roles.
fn sql(database: &str, app: &str) -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/postgresql.md");
    let text = fs::read_to_string(file).unwrap();
    let blocks = text.split("```sql\n").skip(1);
    blocks
        .map(|block| {
            let block = block.split_once("```").unwrap().0;
            block
                .replace("database autolog ", &format!("database {database} "))
                .replace("autolog_app", app)
        })
        .collect()
}

// P11-10e1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_role_that_serves_can_only_add_and_read() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let Place::Postgres { name, .. } = &place else {
        unreachable!()
    };
    let app = format!("{name}_app");
    let blocks = sql(name, &app);
    assert_eq!(blocks.len(), 2);
    place.on_server(&format!("drop role if exists {app}")).await;
    place.on_server(&blocks[0]).await;
    // Before the owner has made the tables, the role that serves can't.
    let url = place
        .url()
        .replace(&format!("{name}:{name}@"), &format!("{app}@"));
    assert!(store::open(opening(&url)).await.is_err());
    place.open().await.close().await;
    place.raw(&blocks[1]).await.unwrap();

    let store = store::open(opening(&url)).await.unwrap();
    seven(&store).await;
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
    store.rebuild().await.unwrap();
    let (table, owner) = (["entry", "tree_hash", "checkpoint", "command"], name);
    let mut attempts = vec![
        "create table mine (a int)".to_owned(),
        "create or replace function refuse_change() returns trigger language plpgsql as $$ begin return new; end $$".to_owned(),
        "set session_replication_role = replica".to_owned(),
        format!("set role {owner}"),
        "update _sqlx_migrations set success = false".to_owned(),
    ];
    for table in table {
        attempts.extend([
            format!("update {table} set ledger = ledger"),
            format!("delete from {table}"),
            format!("truncate {table}"),
            format!("drop table {table}"),
            format!("alter table {table} disable trigger all"),
            format!("drop trigger {table}_stays on {table}"),
            format!("alter table {table} owner to {app}"),
            format!("create rule nothing as on insert to {table} do instead nothing"),
        ]);
    }
    for attempt in attempts {
        let refused = place.raw_at(&url, &attempt).await.expect_err(&attempt);
        let because = ["permission denied", "must be owner"];
        assert!(
            because.iter().any(|words| refused.contains(words)),
            "{attempt}: {refused}"
        );
    }
    // Granting oneself a right that one doesn't have is only warned of, and gives nothing.
    let grant = format!("grant update on entry to {app}");
    place.raw_at(&url, &grant).await.ok();
    let update = "update entry set payload = '{}'";
    assert!(place.raw_at(&url, update).await.is_err());
    give(&store, &request(90, 1), vec![event("{}")]).await;
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
    store.close().await;
    place.drop_database().await;
    place.on_server(&format!("drop role {app}")).await;
}

// Why docs/postgresql.md offers two roles: the owner's own revoked right is the owner's to take back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_can_take_back_what_was_revoked_and_is_found_out() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let store = place.open().await;
    seven(&store).await;
    let update = "update entry set payload = '{\"n\":50}' where position = 5";
    let refused = place.raw(update).await.unwrap_err();
    assert!(refused.contains("permission denied"), "{refused}");
    place
        .raw("grant update on entry to current_user; drop trigger entry_stays on entry")
        .await
        .unwrap();
    place.raw(update).await.unwrap();
    assert!(!store.verify(&ledger("GE")).await.unwrap().is_clean());
    store.close().await;
    place.drop_database().await;
}
