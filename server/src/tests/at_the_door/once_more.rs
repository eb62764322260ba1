//! Passwords tried by another way than at the door: by a form that is sent once more, or past a clock that was set.

use super::*;

on_both! {
    a_form_sent_again_is_held_against_no_password_that_was_set_since
    guesses_by_a_form_sent_again_are_limited_as_all_are
    a_form_that_added_an_account_is_no_way_to_guess_its_password
    a_change_sent_again_is_held_against_no_password_that_was_set_since
    a_clock_that_was_put_back_takes_no_limit_away
    a_lock_stays_and_is_undone_whatever_the_clock_shows
    a_person_sets_sixty_passwords_in_an_hour
}

const THIRD: &str = "a third row of some words";
const SENT_BEFORE: &str = "set a password then, which is not the one that you typed now";
const SET_SINCE: &str = "another one was set since";
const TOO_MANY: &str = "too many wrong passwords";

fn said(answer: &Answer) -> &str {
    match answer {
        Answer::Refused(words) => &words[0].text,
        Answer::Done(_) => "done",
    }
}

async fn signed_in(bench: &Bench, name: &str, password: &str) -> Person {
    let signed_in = bench.door.sign_in(name, password, None, HERE).await;
    signed_in.unwrap().unwrap().visitor.person
}

async fn a_form_sent_again_is_held_against_no_password_that_was_set_since(bench: Bench) {
    let id = command();
    assert_eq!(said(&reset(&bench, id, OTHER).await), "done");
    let tom = signed_in(&bench, "tom", OTHER).await;
    let new = [OTHER, THIRD, THIRD];
    let chosen = bench.door.change_password(&tom, command(), new, HERE).await;
    assert!(matches!(chosen.unwrap(), Ok(Answer::Done(_))));
    // Right or wrong, now or then: there is one answer, and nothing is hashed for it.
    for guess in [THIRD, OTHER, "violet gravel piano 47 lamp"] {
        let (hashes, answer) = hashes_of(reset(&bench, id, guess)).await;
        assert!(said(&answer).contains(SET_SINCE), "{answer:?}");
        assert_eq!(hashes, 0);
    }
    bench.end().await;
}

async fn guesses_by_a_form_sent_again_are_limited_as_all_are(bench: Bench) {
    let id = command();
    assert_eq!(said(&reset(&bench, id, OTHER).await), "done");
    for guess in 0..10 {
        let guess = format!("violet gravel piano {guess} lamp");
        let answer = reset(&bench, id, &guess).await;
        assert!(said(&answer).contains(SENT_BEFORE), "{answer:?}");
    }
    let (hashes, answer) = hashes_of(reset(&bench, id, OTHER)).await;
    assert!(said(&answer).contains(TOO_MANY), "{answer:?}");
    assert_eq!(hashes, 0);
    // It is the one limit: at the door no more are checked either.
    assert_eq!(tries(&bench, OTHER).await, Err(Refusal::TooMany));
    bench.clock.forward(TimeDelta::seconds(61));
    assert_eq!(said(&reset(&bench, id, OTHER).await), "done");
    let credential = bench.records().store().credential(user(2)).await;
    assert_eq!(credential.unwrap().unwrap().failed_attempts, 0);
    bench.end().await;
}

async fn a_form_that_added_an_account_is_no_way_to_guess_its_password(bench: Bench) {
    let id = command();
    let add = async |password| {
        let what = PersonCommand::Add {
            user_name: "eva".to_owned(),
            printed_name: "eva, made up".to_owned(),
            identity_check: "made up".to_owned(),
            roles: vec![("GE".to_owned(), Role::Technician)],
            own_password: false,
        };
        let by = by();
        let added = bench
            .door
            .add_account(&by, id, user(3), what, password, HERE);
        added.await.unwrap()
    };
    for (password, expected) in [(PASSWORD, "done"), (PASSWORD, "done"), (THIRD, SENT_BEFORE)] {
        let answer = add(password).await;
        assert!(said(&answer).contains(expected), "{answer:?}");
    }
    let eva = signed_in(&bench, "eva", PASSWORD).await;
    let new = [PASSWORD, OTHER, OTHER];
    let chosen = bench.door.change_password(&eva, command(), new, HERE).await;
    assert!(matches!(chosen.unwrap(), Ok(Answer::Done(_))));
    for guess in [OTHER, PASSWORD, THIRD] {
        let answer = add(guess).await;
        assert!(said(&answer).contains(SET_SINCE), "{answer:?}");
    }
    bench.end().await;
}

async fn a_change_sent_again_is_held_against_no_password_that_was_set_since(bench: Bench) {
    let tom = signed_in(&bench, "tom", PASSWORD).await;
    let (first, second) = (command(), command());
    let change = async |id, old, new| {
        let changed = bench.door.change_password(&tom, id, [old, new, new], HERE);
        changed.await.unwrap()
    };
    assert!(matches!(
        change(first, PASSWORD, OTHER).await,
        Ok(Answer::Done(_))
    ));
    assert!(matches!(
        change(second, OTHER, THIRD).await,
        Ok(Answer::Done(_))
    ));
    for guess in [THIRD, OTHER, "violet gravel piano 47 lamp"] {
        let (hashes, again) = hashes_of(change(first, PASSWORD, guess)).await;
        assert_eq!(again, Err(Refusal::SetSince));
        assert_eq!(hashes, 0);
    }
    assert!(matches!(
        change(second, OTHER, THIRD).await,
        Ok(Answer::Done(_))
    ));
    bench.end().await;
}

async fn a_clock_that_was_put_back_takes_no_limit_away(bench: Bench) {
    let now = bench.records().now();
    let tried = async |name: &str| {
        let signed_in = bench.door.sign_in(name, "a guess", None, HERE).await;
        signed_in.unwrap().map(|_| ())
    };
    // The clock was ahead when the first wrong one came.
    bench.clock.set(now.plus(TimeDelta::hours(2)));
    assert_eq!(tried("nobody").await, Err(Refusal::Wrong));
    bench.clock.set(now);
    for guess in 1..10 {
        assert_eq!(tried("nobody").await, Err(Refusal::Wrong), "{guess}");
    }
    for ahead in [0, 24, -24] {
        bench.clock.set(now.plus(TimeDelta::hours(ahead)));
        assert_eq!(tried("nobody").await, Err(Refusal::TooMany), "{ahead}");
    }
    // A minute that has passed is one, whatever the clock shows.
    bench.clock.forward(TimeDelta::seconds(61));
    assert_eq!(tried("nobody").await, Err(Refusal::Wrong));
    bench.end().await;
}

async fn a_lock_stays_and_is_undone_whatever_the_clock_shows(bench: Bench) {
    let now = bench.records().now();
    bench.clock.set(now.plus(TimeDelta::hours(2)));
    for _ in 0..WRONG_PASSWORDS_ALLOWED {
        assert_eq!(tries(&bench, "wrong").await, Err(Refusal::Wrong));
    }
    for ahead in [0, 24 * 365] {
        bench.clock.set(now.plus(TimeDelta::hours(ahead)));
        assert_eq!(tries(&bench, PASSWORD).await, Err(Refusal::Wrong));
    }
    bench.clock.set(now);
    let reason = "It was them".to_owned();
    let unlock = PersonCommand::Unlock { reason };
    let by = by();
    let unlocked = bench.door.on_account(&by, command(), user(2), unlock);
    assert_eq!(said(&unlocked.await.unwrap()), "done");
    assert!(tries(&bench, PASSWORD).await.is_ok());
    bench.end().await;
}

async fn a_person_sets_sixty_passwords_in_an_hour(bench: Bench) {
    let anna = signed_in(&bench, "anna", PASSWORD).await;
    let set = async |id| {
        let reset = bench.door.reset_password(&anna, id, user(2), OTHER, HERE);
        reset.await.unwrap()
    };
    for nth in 0..60 {
        assert_eq!(said(&set(command()).await), "done", "{nth}");
    }
    let last = command();
    let refused = set(last).await;
    assert!(
        said(&refused).contains("60 times within an hour"),
        "{refused:?}"
    );
    bench.clock.forward(TimeDelta::minutes(2));
    assert_eq!(said(&set(last).await), "done");
    // Sent again, it is no further one.
    assert_eq!(said(&set(last).await), "done");
    bench.end().await;
}
