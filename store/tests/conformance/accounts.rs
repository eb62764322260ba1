//! Passwords and sessions.

use crate::place::{Place, time, user};
use domain::ids::SessionId;
use store::{Credential, SessionRow};
use uuid::Uuid;

pub async fn a_credential_is_kept_counted_and_locked(place: &Place) {
    // P11-300d
    let store = place.open().await;
    let mut credential = Credential {
        user: user(1),
        password_hash: "$argon2id$v=19$...".to_owned(),
        must_change: true,
        failed_attempts: 0,
        locked_at: None,
        changed_at: time(1),
    };
    assert_eq!(store.credential(user(1)).await.unwrap(), None);
    assert_eq!(store.count_failure(user(1)).await.unwrap(), 0);
    store.put_credential(&credential).await.unwrap();
    assert_eq!(
        store.credential(user(1)).await.unwrap(),
        Some(credential.clone())
    );
    assert_eq!(store.count_failure(user(1)).await.unwrap(), 1);
    assert_eq!(store.count_failure(user(1)).await.unwrap(), 2);
    store.forget_failures(user(1)).await.unwrap();
    assert_eq!(store.count_failure(user(1)).await.unwrap(), 1);
    store.set_locked(user(1), Some(time(2))).await.unwrap();
    (credential.failed_attempts, credential.locked_at) = (1, Some(time(2)));
    assert_eq!(
        store.credential(user(1)).await.unwrap(),
        Some(credential.clone())
    );
    store.set_locked(user(1), None).await.unwrap();
    (credential.failed_attempts, credential.locked_at) = (0, None);
    assert_eq!(
        store.credential(user(1)).await.unwrap(),
        Some(credential.clone())
    );
    (credential.must_change, credential.changed_at) = (false, time(3));
    credential.password_hash = "$argon2id$v=19$other".to_owned();
    store.put_credential(&credential).await.unwrap();
    assert_eq!(store.credential(user(1)).await.unwrap(), Some(credential));
    assert!(
        store.set_locked(user(2), None).await.is_err(),
        "there is no such account"
    );
}

pub fn session(token: &str, id: u128, owner: u128) -> SessionRow {
    SessionRow {
        token_hash: token.to_owned(),
        id: SessionId(Uuid::from_u128(id)),
        user: user(owner),
        created_at: time(i64::try_from(id).unwrap()),
        last_seen_at: time(i64::try_from(id).unwrap()),
        ended_at: None,
        ended_because: None,
    }
}

pub async fn a_session_ends_once(place: &Place) {
    let store = place.open().await;
    let mut row = session("a", 1, 1);
    assert_eq!(store.session("a").await.unwrap(), None);
    store.start_session(&row).await.unwrap();
    store.touch_session("a", time(50)).await.unwrap();
    row.last_seen_at = time(50);
    assert_eq!(store.session("a").await.unwrap(), Some(row.clone()));
    assert!(
        store
            .end_session("a", time(60), "signed-out")
            .await
            .unwrap()
    );
    assert!(!store.end_session("a", time(70), "expired").await.unwrap());
    assert!(!store.end_session("b", time(70), "expired").await.unwrap());
    store.touch_session("a", time(80)).await.unwrap();
    (row.ended_at, row.ended_because) = (Some(time(60)), Some("signed-out".to_owned()));
    assert_eq!(store.session("a").await.unwrap(), Some(row));
}

pub async fn all_sessions_of_a_person_end_together(place: &Place) {
    let store = place.open().await;
    for (token, id, owner) in [("a", 1, 1), ("b", 2, 1), ("c", 3, 2)] {
        store
            .start_session(&session(token, id, owner))
            .await
            .unwrap();
    }
    assert_eq!(
        store
            .end_sessions_of(user(1), time(9), "disabled")
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        store
            .end_sessions_of(user(1), time(10), "disabled")
            .await
            .unwrap(),
        0
    );
    let ended = store.sessions_of(user(1)).await.unwrap();
    assert_eq!(
        ended
            .iter()
            .map(|row| row.token_hash.as_str())
            .collect::<Vec<_>>(),
        ["b", "a"]
    );
    assert!(ended.iter().all(|row| row.ended_at == Some(time(9))));
    assert_eq!(store.session("c").await.unwrap().unwrap().ended_at, None);
}
