//! What is typed and not recorded.

use crate::place::{Place, time, user};
use store::{KeptForm, bounds};
use uuid::Uuid;

fn form(number: u128, owner: u128, at: i64) -> KeptForm {
    KeptForm {
        id: Uuid::from_u128(number),
        owner: user(owner),
        browser: Some("mine".to_owned()),
        created_at: time(at),
        page: "/batches/1".to_owned(),
        form: "count".to_owned(),
        typed: r#"{"viable":"79,9"}"#.to_owned(),
    }
}

// A form goes back to the person and the browser that sent it, and to nobody else.
pub async fn a_kept_form_is_for_its_own_person_and_browser_alone(place: &Place) {
    let store = place.open().await;
    for (number, at) in [(1, 10), (2, 20), (3, 30)] {
        assert!(store.keep_form(&form(number, 1, at)).await.unwrap());
    }
    let kept = async |number, owner, browser| {
        let id = Uuid::from_u128(number);
        store.kept_form(id, user(owner), browser).await.unwrap()
    };
    assert_eq!(kept(3, 1, "another's").await, None);
    assert_eq!(kept(3, 2, "mine").await, None);
    // Read again and again, as a page that is loaded again.
    assert_eq!(kept(3, 1, "mine").await, Some(form(3, 1, 30)));
    assert_eq!(kept(3, 1, "mine").await, Some(form(3, 1, 30)));
    // Refused again: what was typed last is what comes back.
    let again = KeptForm {
        typed: r#"{"viable":"80"}"#.to_owned(),
        ..form(3, 1, 40)
    };
    store.keep_form(&again).await.unwrap();
    assert_eq!(kept(3, 1, "mine").await, Some(again));
    store.forget_form(Uuid::from_u128(3)).await.unwrap();
    assert_eq!(kept(3, 1, "mine").await, None);
    assert_eq!(store.forget_forms(time(20)).await.unwrap(), 1);
    assert_eq!(kept(1, 1, "mine").await, None);
    assert_eq!(kept(2, 1, "mine").await, Some(form(2, 1, 20)));
    store.close().await;
}

pub async fn a_draft_is_its_persons_on_its_page_at_any_browser(place: &Place) {
    let store = place.open().await;
    let draft = |number, owner, at| KeptForm {
        browser: None,
        ..form(number, owner, at)
    };
    store.keep_form(&draft(1, 1, 10)).await.unwrap();
    store.keep_form(&draft(2, 1, 20)).await.unwrap();
    store.keep_form(&draft(3, 2, 30)).await.unwrap();
    // A refused form is no draft.
    store.keep_form(&form(4, 1, 40)).await.unwrap();
    let drafts = async |owner, page| store.drafts(user(owner), page).await.unwrap();
    assert_eq!(
        drafts(1, "/batches/1").await,
        [draft(2, 1, 20), draft(1, 1, 10)]
    );
    assert_eq!(drafts(2, "/batches/1").await, [draft(3, 2, 30)]);
    assert_eq!(drafts(1, "/batches/2").await, []);
    store.close().await;
}

// Whatever is sent, what is kept has an end: by person, by form, in all.
pub async fn forms_are_few_and_small(place: &Place) {
    let store = place.open().await;
    let most = bounds::OF_A_PERSON as u128;
    for number in 0..most + 5 {
        let form = form(number, 1, number as i64);
        assert!(store.keep_form(&form).await.unwrap());
    }
    let kept = async |number, owner| {
        let id = Uuid::from_u128(number);
        let kept = store.kept_form(id, user(owner), "mine").await.unwrap();
        kept.is_some()
    };
    // The oldest five went.
    for number in 0..most + 5 {
        assert_eq!(kept(number, 1).await, number >= 5, "{number}");
    }
    let room = bounds::BYTES_OF_A_FORM - "/batches/1".len() - "count".len();
    for (bytes, fits) in [(room, true), (room + 1, false)] {
        let large = KeptForm {
            typed: "x".repeat(bytes),
            ..form(999, 2, 1)
        };
        assert_eq!(store.keep_form(&large).await.unwrap(), fits, "{bytes}");
    }
    // As many persons as it takes to come to the bound of all.
    let persons = bounds::IN_ALL as u128 / most + 2;
    let mut number = 10_000;
    for person in 10..10 + persons {
        for _ in 0..most {
            number += 1;
            let form = form(number, person, number as i64);
            store.keep_form(&form).await.unwrap();
        }
    }
    let mut left = 0;
    for one in 10_001..=number {
        left += i64::from(kept(one, 10 + (one - 10_001) / most).await);
    }
    assert_eq!(left, bounds::IN_ALL);
    assert!(kept(number, 10 + persons - 1).await);
    store.close().await;
}

pub async fn a_browser_is_known_for_the_person_who_signed_in_there(place: &Place) {
    let store = place.open().await;
    store.note_browser("b", user(1), time(10)).await.unwrap();
    store.note_browser("b", user(2), time(20)).await.unwrap();
    store.note_browser("b", user(1), time(30)).await.unwrap();
    let known = async |browser, person| store.known_browser(browser, user(person)).await.unwrap();
    assert_eq!(known("b", 1).await, Some(time(30)));
    assert_eq!(known("b", 2).await, Some(time(20)));
    assert_eq!(known("b", 3).await, None);
    assert_eq!(known("c", 1).await, None);
    store.forget_forms(time(25)).await.unwrap();
    assert_eq!(known("b", 2).await, None);
    store.close().await;
}

// F: what strangers and forms do never touches the file of the record.
pub async fn the_file_of_the_record_does_not_grow_with_forms(place: &Place) {
    let Place::Sqlite { .. } = place else {
        return;
    };
    let store = place.open().await;
    let path = place.url().trim_start_matches("sqlite:").to_owned();
    let size = |ending: &str| std::fs::metadata(format!("{path}{ending}")).map_or(0, |it| it.len());
    let before = (size(""), size("-wal"));
    assert_eq!(size(".forms"), 0, "made with the first form alone");
    for number in 0..400 {
        let large = KeptForm {
            typed: "x".repeat(60_000),
            ..form(number, number % 30, number as i64)
        };
        store.keep_form(&large).await.unwrap();
    }
    assert_eq!((size(""), size("-wal")), before);
    assert!(size(".forms") <= u64::from(bounds::PAGES) * 4096);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(format!("{path}.forms"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // Forgotten forms give their room back.
    store.forget_forms(time(1_000_000)).await.unwrap();
    assert!(size(".forms") < 100_000, "{}", size(".forms"));
    store.close().await;
}

// F: a backup is of the record; what is typed and not recorded is in none.
pub async fn no_form_is_in_a_backup(place: &Place) {
    let store = place.open().await;
    let mark = "half a thought";
    let draft = KeptForm {
        browser: None,
        typed: mark.to_owned(),
        ..form(1, 1, 10)
    };
    store.keep_form(&draft).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup");
    let mut file = store::BackupFile::create(&path).await.unwrap();
    store.back_up(&mut file).await.unwrap();
    file.finish(&path).await.unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.len() > 1000);
    let held = bytes
        .windows(mark.len())
        .any(|part| part == mark.as_bytes());
    assert!(!held);
    store.close().await;
}
