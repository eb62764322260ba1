//! Passwords: set in the transaction that records it, checked for who may, counted once, slowed down everywhere.

use super::{super::bench::Client, *};
use app::door::PUBLISHED;
use std::net::IpAddr;

on_both! {
    a_reset_sent_again_is_done_or_says_that_it_is_not
    a_reset_that_nobody_waits_for_is_done_or_not_recorded
    a_reset_whose_line_is_cut_is_carried_out
    a_changed_password_sent_again_is_no_wrong_guess
    each_wrong_guess_counts_once_wherever_it_is_made
    guesses_side_by_side_lock_once_and_are_no_more_than_five
    no_password_is_checked_for_who_may_not
    wrong_passwords_are_slowed_down_by_session_and_by_address
    nobody_has_more_than_twenty_sessions
    the_published_password_is_none_outside_a_demonstration
    the_names_of_a_person_and_of_the_sites_are_no_password
}

fn done(answer: &Answer) -> bool {
    matches!(answer, Answer::Done(_))
}

async fn failures(bench: &Bench, number: u128) -> u32 {
    let credential = bench.records().store().credential(user(number)).await;
    credential.unwrap().unwrap().failed_attempts
}

async fn a_reset_sent_again_is_done_or_says_that_it_is_not(bench: Bench) {
    let id = command();
    assert!(done(&reset(&bench, id, OTHER).await));
    assert!(done(&reset(&bench, id, OTHER).await), "it is so");
    // Under the same id another password was not set.
    let third = "a third row of some words";
    assert!(!done(&reset(&bench, id, third).await));
    assert!(tries(&bench, third).await.is_err());
    assert!(tries(&bench, PASSWORD).await.is_err());
    assert!(tries(&bench, OTHER).await.is_ok());
    let kinds = kinds_in_org(&bench).await;
    let set = kinds.iter().filter(|kind| *kind == "password-set").count();
    assert_eq!(set, 3, "one each when added, one reset");
    bench.end().await;
}

/// The line is cut at each moment of the work: the entry and the password go together.
async fn a_reset_that_nobody_waits_for_is_done_or_not_recorded(bench: Bench) {
    let resets = async || {
        let kinds = kinds_in_org(&bench).await;
        kinds.iter().filter(|kind| *kind == "password-set").count()
    };
    let mut passwords = [PASSWORD, OTHER];
    for round in 0..12_u64 {
        let (before, id) = (resets().await, command());
        let cut = std::time::Duration::from_millis(4 * round);
        let cut_off = tokio::time::timeout(cut, reset(&bench, id, passwords[1])).await;
        if let Ok(answer) = cut_off {
            assert!(done(&answer));
        }
        // What was begun in the store ends by itself.
        tokio::time::sleep(std::time::Duration::from_millis(60)).await;
        let recorded = resets().await > before;
        assert_eq!(
            tries(&bench, passwords[1]).await.is_ok(),
            recorded,
            "{round}"
        );
        bench.clock.forward(TimeDelta::minutes(2));
        assert!(done(&reset(&bench, id, passwords[1]).await));
        assert!(tries(&bench, passwords[0]).await.is_err());
        assert!(tries(&bench, passwords[1]).await.is_ok());
        assert_eq!(resets().await, before + 1);
        bench.clock.forward(TimeDelta::minutes(2));
        passwords.reverse();
    }
    bench.end().await;
}

/// Over HTTP: what the server has begun it ends, whether or not somebody waits for the answer; sent again it is done.
async fn a_reset_whose_line_is_cut_is_carried_out(bench: Bench) {
    let signed_in = bench.door.sign_in("anna", PASSWORD, None, HERE).await;
    let anna = Client {
        token: Some(signed_in.unwrap().unwrap().token),
        ..bench.nobody()
    };
    let resets = async || {
        let kinds = kinds_in_org(&bench).await;
        kinds.iter().filter(|kind| *kind == "password-set").count()
    };
    let mut passwords = [PASSWORD, OTHER];
    for round in 0..5_u64 {
        let (before, id, tom) = (resets().await, command().to_string(), user(2).to_string());
        let form = [
            ("user", tom.as_str()),
            ("command_id", id.as_str()),
            ("new_password", passwords[1]),
            ("repeated_password", passwords[1]),
        ];
        let sent = anna.post("/api/reset-password", &form);
        let cut = std::time::Duration::from_millis(1 + 3 * round);
        let answered = tokio::time::timeout(cut, sent).await.is_ok();
        for _ in 0..400 {
            if resets().await > before {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        assert_eq!(
            resets().await,
            before + 1,
            "round {round}, answered: {answered}"
        );
        assert!(tries(&bench, passwords[0]).await.is_err());
        assert!(tries(&bench, passwords[1]).await.is_ok());
        let again = anna.post("/api/reset-password", &form).await;
        assert!(again.text.contains("\"done\""), "{}", again.text);
        assert_eq!(resets().await, before + 1);
        bench.clock.forward(TimeDelta::minutes(2));
        passwords.reverse();
    }
    bench.end().await;
}

async fn a_changed_password_sent_again_is_no_wrong_guess(bench: Bench) {
    let signed_in = bench.door.sign_in("tom", PASSWORD, None, HERE).await;
    let tom = signed_in.unwrap().unwrap().visitor.person;
    let id = command();
    let change = async |new| {
        let changed = bench
            .door
            .change_password(&tom, id, [PASSWORD, new, new], HERE);
        changed.await.unwrap()
    };
    // A double tap: both at once, and once more later.
    let (first, second) = tokio::join!(change(OTHER), change(OTHER));
    for changed in [first, second, change(OTHER).await] {
        assert!(matches!(changed, Ok(Answer::Done(_))), "{changed:?}");
    }
    assert_eq!(failures(&bench, 2).await, 0);
    // Another new password under the same id is not set, and not told as set.
    let third = "a third row of some words";
    assert_eq!(change(third).await, Err(Refusal::SentBefore));
    assert!(tries(&bench, third).await.is_err());
    assert!(tries(&bench, OTHER).await.is_ok());
    bench.end().await;
}

// P11-300d
async fn each_wrong_guess_counts_once_wherever_it_is_made(bench: Bench) {
    let signed_in = bench.door.sign_in("tom", PASSWORD, None, HERE).await;
    let tom = signed_in.unwrap().unwrap().visitor.person;
    let accepted = bench.door.accept_statement(&tom, command()).await;
    assert!(done(&accepted.unwrap()));
    assert!(tries(&bench, "wrong").await.is_err());
    assert_eq!(failures(&bench, 2).await, 1);
    let door = &bench.door;
    let signed = door.confirm(&tom, WORK, "tom", "wrong", HERE).await;
    assert_eq!(signed.unwrap(), Err(Refusal::Wrong));
    assert_eq!(failures(&bench, 2).await, 2);
    let second = door.second_person(&tom, WORK, "tom", "wrong", HERE).await;
    assert_eq!(second.unwrap(), Err(Refusal::Wrong));
    assert_eq!(failures(&bench, 2).await, 3);
    let new = ["wrong", OTHER, OTHER];
    let changed = door.change_password(&tom, command(), new, HERE).await;
    assert_eq!(changed.unwrap(), Err(Refusal::Wrong));
    assert_eq!(failures(&bench, 2).await, 4);
    bench.end().await;
}

async fn guesses_side_by_side_lock_once_and_are_no_more_than_five(bench: Bench) {
    let guesses = (0..20).map(|guess| {
        let (door, guess) = (bench.door.clone(), format!("guess number {guess}"));
        tokio::spawn(async move { door.sign_in("tom", &guess, None, HERE).await })
    });
    for guess in guesses.collect::<Vec<_>>() {
        assert!(guess.await.unwrap().unwrap().is_err());
    }
    assert_eq!(failures(&bench, 2).await, WRONG_PASSWORDS_ALLOWED);
    let kinds = kinds_in_org(&bench).await;
    let locked = kinds.iter().filter(|kind| *kind == "account-locked");
    assert_eq!(locked.count(), 1);
    bench.end().await;
}

// An inspector reads everything and has nobody's password checked, nor does anybody have that of a person who may not do it.
async fn no_password_is_checked_for_who_may_not(bench: Bench) {
    add(&bench, 3, "ida", &[("GE", Role::Inspector)], true).await;
    add(&bench, 4, "pia", &[("GE", Role::Pharmacist)], true).await;
    let person = async |name| {
        let signed_in = bench.door.sign_in(name, PASSWORD, None, HERE).await;
        signed_in.unwrap().unwrap().visitor.person
    };
    let (tom, ida) = (person("tom").await, person("ida").await);
    let elsewhere = ("BA", Action::VerifyEntry);
    for (at, what, name, password) in [
        (&ida, WORK, "tom", PASSWORD),
        (&ida, WORK, "tom", "a guess"),
        (&tom, WORK, "ida", "a guess"),
        (&tom, WORK, "pia", PASSWORD),
        (&tom, WORK, "anna", "a guess"),
        (&tom, WORK, "nobody-of-that-name", "a guess"),
        (&tom, elsewhere, "tom", "a guess"),
    ] {
        let second = bench.door.second_person(at, what, name, password, HERE);
        let (hashes, second) = hashes_of(second).await;
        assert!(second.unwrap().is_err(), "{name}");
        assert_eq!(hashes, 0, "{name}");
    }
    let certify = ("GE", Action::Certify);
    let signed = bench.door.confirm(&tom, certify, "tom", "a guess", HERE);
    let (hashes, signed) = hashes_of(signed).await;
    assert!(matches!(signed.unwrap(), Err(Refusal::MayNot(_))));
    assert_eq!(hashes, 0);
    for number in [1, 2, 3, 4] {
        assert_eq!(failures(&bench, number).await, 0, "{number}");
    }
    bench.end().await;
}

async fn wrong_passwords_are_slowed_down_by_session_and_by_address(bench: Bench) {
    let signed_in = bench.door.sign_in("tom", PASSWORD, None, HERE).await;
    let tom = signed_in.unwrap().unwrap().visitor.person;
    let from = |last: u8, session| Whence {
        address: Some(IpAddr::from([192, 0, 2, last])),
        session,
    };
    let tried = async |name: &str, from| {
        let signed_in = bench.door.sign_in(name, "a guess", None, from).await;
        signed_in.unwrap().map(|_| ())
    };
    // Ten in a session, whatever the names and addresses.
    for guess in 0..10 {
        let name = format!("name.{guess}");
        let wrong = tried(&name, from(guess, tom.session)).await;
        assert_eq!(wrong, Err(Refusal::Wrong), "{guess}");
    }
    let full = tried("another", from(20, tom.session)).await;
    assert_eq!(full, Err(Refusal::TooMany));
    // Right ones are not kept out elsewhere, and don't count: many tablets share an address.
    for _ in 0..40 {
        let signed_in = bench.door.sign_in("tom", PASSWORD, None, from(99, None));
        assert!(signed_in.await.unwrap().is_ok());
    }
    // Thirty from an address.
    for guess in 0..30 {
        let name = format!("other.{guess}");
        assert_eq!(
            tried(&name, from(99, None)).await,
            Err(Refusal::Wrong),
            "{guess}"
        );
    }
    let (hashes, full) = hashes_of(tried("one-more", from(99, None))).await;
    assert_eq!((hashes, full), (0, Err(Refusal::TooMany)));
    assert_eq!(tried("one-more", from(98, None)).await, Err(Refusal::Wrong));
    bench.clock.forward(TimeDelta::seconds(61));
    assert_eq!(tried("one-more", from(99, None)).await, Err(Refusal::Wrong));
    bench.end().await;
}

async fn nobody_has_more_than_twenty_sessions(bench: Bench) {
    let mut tokens = Vec::new();
    for _ in 0..25 {
        tokens.push(tries(&bench, PASSWORD).await.unwrap());
        bench.clock.forward(TimeDelta::seconds(10));
    }
    for (nth, token) in tokens.iter().enumerate() {
        let lasts = bench.door.authenticate(token).await.unwrap().is_some();
        assert_eq!(lasts, nth >= 5, "{nth}");
    }
    bench.end().await;
}

async fn the_published_password_is_none_outside_a_demonstration(bench: Bench) {
    let Answer::Refused(words) = reset(&bench, command(), PUBLISHED).await else {
        panic!("it was set")
    };
    assert!(words[0].text.contains("demonstration"), "{words:?}");
    // A record of people becomes no demonstration.
    let begun = bench.records().begin_demonstration(&by(), command()).await;
    assert!(!done(&begun.unwrap()));
    assert!(!done(&reset(&bench, command(), PUBLISHED).await));
    bench.end().await;
}

async fn the_names_of_a_person_and_of_the_sites_are_no_password(bench: Bench) {
    let site = demo::sites().unwrap().remove(0);
    let first = site.name.split(' ').next().unwrap().to_owned();
    for password in [
        "Password2026!".to_owned(),
        "tom made up 1980".to_owned(),
        format!("{first}{first}2026"),
        "autolog-autolog-1".to_owned(),
    ] {
        let Answer::Refused(words) = reset(&bench, command(), &password).await else {
            panic!("{password} was set")
        };
        assert!(words[0].text.contains("guessed soon"), "{words:?}");
        assert_eq!(words[0].field.as_deref(), Some("new_password"));
    }
    bench.end().await;
}
