//! A new key takes the place of an old one: what each signed counts for its time.

use crate::place::{Place, event, export, give, key, ledger, opening, request, seven};
use domain::{
    ids::CommandId,
    ledger::{
        Finding, KeyAdopted, Keyring, NotACheckpoint,
        verify::{Trust, verify_lines},
    },
};
use std::sync::Arc;
use store::{Answer, Fault, Opening, Person, Records, Shelf, Store};
use uuid::Uuid;

fn records(store: &Arc<dyn Store>) -> Records {
    let Opening { clock, .. } = opening("");
    Records::new(store.clone(), Shelf::default(), clock, "0.1.0")
}

/// Adopts key number `seed` of ledger GE.
async fn adopt(store: &Arc<dyn Store>, seed: u8) {
    let command = CommandId(Uuid::from_u128(1_000 + u128::from(seed)));
    let answer = records(store)
        .adopt_key(
            &Person::command_line("test"),
            command,
            key("GE", seed),
            "A reason",
        )
        .await
        .unwrap();
    assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
}

async fn with_keys(place: &Place, seeds: &[u8]) -> Arc<dyn Store> {
    let mut opening = opening(&place.url());
    opening.keys = Keyring::new(seeds.iter().map(|seed| key("GE", *seed)));
    store::open(opening).await.unwrap()
}

fn trusting(seed: u8) -> Trust {
    Trust::Keys(vec![key("GE", seed).public()])
}

// A11-7.2, P11-10c
pub async fn a_rotation_is_an_entry_that_both_keys_sign(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    adopt(&store, 2).await;
    give(&store, &request(20, 1), vec![event("{}")]).await;
    store.checkpoint(&ledger("GE")).await.unwrap();
    let (position, adopted) = store.adopted_key(&ledger("GE")).await.unwrap().unwrap();
    assert_eq!(position, 8);
    assert_eq!(
        adopted,
        KeyAdopted {
            public_key: key("GE", 2).public(),
            replaces: Some(key("GE", 1).public()),
            reason: "A reason".to_owned()
        }
    );
    let checkpoints = store.checkpoints(&ledger("GE")).await.unwrap();
    let signed_by = |size: u64, seed: u8| {
        let signed = checkpoints
            .iter()
            .find(|signed| signed.checkpoint.size == size)
            .unwrap();
        signed.check(&[key("GE", seed).public()]).is_ok()
    };
    assert!(
        signed_by(8, 1) && signed_by(8, 2),
        "each vouches for the other"
    );
    assert!(signed_by(7, 1) && !signed_by(7, 2));
    assert!(!signed_by(9, 1) && signed_by(9, 2));
    // Whoever knows either key, or none, can check all of it; whoever knows another one can't.
    let lines = export(&store).await;
    for trust in [trusting(1), trusting(2), Trust::Embedded] {
        let findings = verify_lines(&lines, trust);
        assert_eq!(findings.found, []);
        assert_eq!(findings.checkpoints, [3, 6, 7, 8, 9]);
    }
    assert!(!verify_lines(&lines, trusting(3)).is_clean());
    // On a machine with the new key alone.
    let findings = with_keys(place, &[2]).await.verify(&ledger("GE")).await;
    assert_eq!(findings.unwrap().found, []);
}

pub async fn a_replaced_key_signs_no_more(place: &Place) {
    let store = place.open().await;
    seven(&store).await;
    // A server that doesn't know of the rotation.
    let other = place.open().await;
    adopt(&store, 2).await;
    give(&other, &request(20, 1), vec![event("{}")]).await;
    let fault = other.checkpoint(&ledger("GE")).await.unwrap_err();
    assert!(
        matches!(fault, Fault::KeyReplaced { position: 8, .. }),
        "{fault}"
    );
    assert!(store.verify(&ledger("GE")).await.unwrap().is_clean());
    // Whoever stole the old key signs by hand.
    let proof = store.consistency(&ledger("GE"), 9, 9).await.unwrap();
    let stolen = key("GE", 1).sign(9, proof.root);
    let mut lines = export(&store).await;
    lines.push(domain::ledger::Line::Checkpoint(stolen.note).text());
    for trust in [trusting(1), trusting(2), Trust::Embedded] {
        let found = verify_lines(&lines, trust).found;
        assert!(
            matches!(
                found.as_slice(),
                [Finding::BadCheckpoint {
                    why: NotACheckpoint::NotInForce,
                    ..
                }]
            ),
            "{found:?}"
        );
    }
}

// Nobody can vouch for a key that takes the place of a lost one: it has to be known from elsewhere.
pub async fn after_a_lost_key_the_new_one_must_be_known(place: &Place) {
    let store = place.open().await;
    adopt_first(&store).await;
    seven(&store).await;
    store.close().await;
    let store = with_keys(place, &[]).await;
    adopt(&store, 2).await;
    let lines = export(&store).await;
    let known = verify_lines(&lines, trusting(2));
    assert_eq!(known.found, []);
    assert_eq!(known.checkpoints, [1, 4, 7, 8, 9]);
    let found = verify_lines(&lines, trusting(1)).found;
    assert!(
        matches!(
            found.as_slice(),
            [Finding::BadCheckpoint {
                why: NotACheckpoint::UnknownKey,
                ..
            }]
        ),
        "{found:?}"
    );
}

async fn adopt_first(store: &Arc<dyn Store>) {
    // The program has its first key told as soon as there is a ledger.
    let first = records(store);
    let answer = first
        .adopt_key(
            &Person::command_line("test"),
            CommandId(Uuid::from_u128(999)),
            key("GE", 1),
            "The first key",
        )
        .await
        .unwrap();
    assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
    let (_, adopted) = store.adopted_key(&ledger("GE")).await.unwrap().unwrap();
    assert_eq!(adopted.replaces, None);
    let again = first
        .adopt_key(
            &Person::command_line("test"),
            CommandId(Uuid::from_u128(998)),
            key("GE", 1),
            "Again",
        )
        .await
        .unwrap();
    assert!(matches!(again, Answer::Refused(_)), "{again:?}");
}
