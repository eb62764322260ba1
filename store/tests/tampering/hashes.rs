//! Changes of the hashes and the checkpoints, by someone who knows how they are made.

use crate::{
    changes::{LAST, Tampered, tampered},
    place::{Place, key, ledger},
};
use domain::ledger::{
    Entry, Hash, LedgerKey, Payload,
    tree::{self, Nodes},
};
use std::sync::Arc;
use store::Store;

/// The hashes, so that they fit what was changed.
pub async fn hashes(
    number: u64,
    place: &Place,
    store: &Arc<dyn Store>,
    mut entries: Vec<Entry>,
    position: u64,
) -> Tampered {
    let zero = bytes(place, Hash([0; 32]));
    let rewritten = "History was rewritten between";
    let forge = |entries: &mut Vec<Entry>| {
        let entry = &mut entries[usize::try_from(position - 1).unwrap()];
        entry.payload = Payload::parse(r#"{"n":"forged"}"#).unwrap();
    };
    match number {
        19 => {
            let sql = format!("update entry set leaf_hash = {zero} where position = {position}");
            place.tamper(&sql).await;
            tampered(
                "leaf",
                &format!("Entry {position} was altered"),
                false,
                position,
            )
        }
        20 => {
            forge(&mut entries);
            let leaf = entries[usize::try_from(position - 1).unwrap()].leaf_hash();
            let sql = format!(
                "update entry set payload = '{{\"n\":\"forged\"}}', leaf_hash = {} where position = {position}",
                bytes(place, leaf)
            );
            place.tamper(&sql).await;
            tampered("payload and leaf", rewritten, true, position)
        }
        21 => {
            forge(&mut entries);
            rewrite(place, &entries).await;
            tampered("the whole tree", rewritten, true, position)
        }
        22 => {
            forge(&mut entries);
            let nodes = rewrite(place, &entries).await;
            resign(place, store, &nodes, &key("GE", 9)).await;
            tampered(
                "the tree, signed by another key",
                "does not count",
                true,
                position,
            )
        }
        28 => {
            let index = position % tree::node_count(LAST);
            place
                .tamper(&format!(
                    "update tree_hash set hash = {zero} where idx = {index}"
                ))
                .await;
            let named = format!("The kept hash {index} of the tree");
            tampered("node", &named, false, position)
        }
        29 => {
            let index = position % tree::node_count(LAST);
            place
                .tamper(&format!("delete from tree_hash where idx = {index}"))
                .await;
            let named = format!("The kept hash {index} of the tree");
            tampered("node removed", &named, false, position)
        }
        _ => {
            // Two persons' signatures change places, and the tree is made to fit.
            let signatures: Vec<_> = entries
                .iter()
                .filter(|entry| entry.payload.as_str().contains("signed"))
                .map(|entry| usize::try_from(entry.position - 1).unwrap())
                .collect();
            let (one, two) = (signatures[0], signatures[1]);
            let first = entries[one].payload.clone();
            entries[one].payload = std::mem::replace(&mut entries[two].payload, first);
            rewrite(place, &entries).await;
            let named = format!("The signature in entry {} does not fit", one + 1);
            tampered("signature of a person", &named, true, position)
        }
    }
}

/// The checkpoints.
pub async fn checkpoint(
    number: u64,
    place: &Place,
    store: &Arc<dyn Store>,
    other: u64,
) -> Tampered {
    let all = store.checkpoints(&ledger("GE")).await.unwrap();
    let which = usize::try_from(other).unwrap() % (all.len() - 1);
    let (one, next) = (&all[which], &all[which + 1]);
    let (size, root) = (one.checkpoint.size, one.checkpoint.root);
    let set = |note: &str| format!("update checkpoint set note = '{note}' where size = {size};");
    let does_not_count = "does not count";
    let (kind, sql, named, in_export) = match number {
        23 => (
            "checkpoint's text",
            set(&one
                .note
                .replacen(&format!("\n{size}\n"), &format!("\n{}\n", size - 1), 1)),
            does_not_count,
            true,
        ),
        24 => {
            let signature = |note: &str| note.split_once("\n\n").unwrap().1.to_owned();
            let note = one
                .note
                .replace(&signature(&one.note), &signature(&next.note));
            ("checkpoint's signature", set(&note), does_not_count, true)
        }
        25 => (
            "beside a checkpoint",
            format!(
                "update checkpoint set root = {} where size = {size}",
                bytes(place, Hash([0; 32]))
            ),
            "kept beside the checkpoint",
            false,
        ),
        26 => (
            "checkpoint unreadable",
            set("nothing"),
            does_not_count,
            true,
        ),
        27 => (
            "checkpoint of another ledger",
            set(&key("PI", 1).sign(size, root).note),
            does_not_count,
            true,
        ),
        _ => (
            "checkpoints removed",
            // The last signature of a person is entry 36.
            "delete from checkpoint where size >= 36".to_owned(),
            "No checkpoint covers the signature in entry 36",
            true,
        ),
    };
    place.tamper(&sql).await;
    tampered(kind, named, in_export, size)
}

/// Payloads, leaves and tree as `entries` have them.
async fn rewrite(place: &Place, entries: &[Entry]) -> Nodes {
    let (mut nodes, mut sql) = (Nodes::new(), String::new());
    for (before, entry) in (0..).zip(entries) {
        let leaf = entry.leaf_hash();
        sql += &format!(
            "update entry set payload = '{}', leaf_hash = {} where position = {};",
            entry.payload.as_str().replace('\'', "''"),
            bytes(place, leaf),
            entry.position
        );
        nodes.extend(tree::append(before, leaf, &nodes).unwrap());
    }
    for (index, hash) in &nodes {
        sql += &format!(
            "update tree_hash set hash = {} where idx = {index};",
            bytes(place, *hash)
        );
    }
    place.tamper(&sql).await;
    nodes
}

/// Every checkpoint, over the tree as it is now.
async fn resign(place: &Place, store: &Arc<dyn Store>, nodes: &Nodes, key: &LedgerKey) {
    let mut sql = String::new();
    for kept in store.checkpoints(&ledger("GE")).await.unwrap() {
        let size = kept.checkpoint.size;
        let root = tree::root(size, nodes).unwrap();
        sql += &format!(
            "update checkpoint set note = '{}', root = {} where size = {size};",
            key.sign(size, root).note,
            bytes(place, root)
        );
    }
    place.tamper(&sql).await;
}

/// What somebody does who has the key too: another history, signed again. Only entries that nobody signed after are changed
/// here; else the signatures of persons are made to fit as well.
pub async fn rewrite_with_the_key(place: &Place, store: &Arc<dyn Store>) {
    let mut entries = store.entries(&ledger("GE"), 0, 1000).await.unwrap();
    // No person signed its stream after entry 37.
    entries[36].payload = Payload::parse(r#"{"n":"forged"}"#).unwrap();
    let nodes = rewrite(place, &entries).await;
    resign(place, store, &nodes, &key("GE", 1)).await;
}

/// What somebody does who has no key: everything after an earlier checkpoint is gone.
pub async fn cut_back(place: &Place, store: &Arc<dyn Store>) {
    let all = store.checkpoints(&ledger("GE")).await.unwrap();
    let size = all[all.len() - 2].checkpoint.size;
    let nodes = tree::node_count(size);
    place
        .tamper(&format!(
            "delete from entry where position > {size}; delete from tree_hash where idx >= {nodes};
             delete from checkpoint where size > {size}; delete from command where first_position > {size};"
        ))
        .await;
}

fn bytes(place: &Place, hash: Hash) -> String {
    match place {
        Place::Sqlite(_) => format!("x'{hash}'"),
        Place::Postgres { .. } => format!("'\\x{hash}'::bytea"),
    }
}
