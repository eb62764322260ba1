//! Sessions: begun again at each sign-in, over after a while, over at once where the account is.

use super::*;

on_both! {
    a_token_is_worth_nothing_after_the_next_sign_in
    fifteen_minutes_without_a_request_end_a_session
    a_session_in_use_lasts_to_the_end_of_a_long_shift
    a_disabled_account_has_no_session_left
    signing_out_everywhere_ends_every_session
    sign_ins_and_sign_outs_are_in_the_record
    sign_ins_side_by_side_leave_twenty_sessions
    two_devices_have_two_sessions
    a_token_that_somebody_else_set_is_not_taken_over
    an_ended_role_ends_its_rights_at_once
}

async fn a_token_is_worth_nothing_after_the_next_sign_in(bench: Bench) {
    let first = tries(&bench, PASSWORD).await.unwrap();
    assert!(bench.door.authenticate(&first).await.unwrap().is_some());
    let second = bench
        .door
        .sign_in("tom", PASSWORD, Some(&first), HERE)
        .await
        .unwrap();
    let second = second.unwrap().token;
    assert_ne!(first, second);
    assert_eq!(bench.door.authenticate(&first).await.unwrap(), None);
    assert!(bench.door.authenticate(&second).await.unwrap().is_some());
    bench.door.sign_out(&second).await.unwrap();
    assert_eq!(bench.door.authenticate(&second).await.unwrap(), None);
    bench.end().await;
}

// A11d-11.8
async fn fifteen_minutes_without_a_request_end_a_session(bench: Bench) {
    let token = tries(&bench, PASSWORD).await.unwrap();
    bench.clock.forward(TimeDelta::minutes(15));
    assert!(bench.door.authenticate(&token).await.unwrap().is_some());
    bench
        .clock
        .forward(TimeDelta::minutes(15) + TimeDelta::seconds(1));
    assert_eq!(bench.door.authenticate(&token).await.unwrap(), None);
    let sessions = bench.door.sessions_of(user(2)).await.unwrap();
    assert_eq!(sessions[0].ended_because.as_deref(), Some("expired"));
    bench.end().await;
}

async fn a_session_in_use_lasts_to_the_end_of_a_long_shift(bench: Bench) {
    let token = tries(&bench, PASSWORD).await.unwrap();
    for _ in 0..72 {
        bench.clock.forward(TimeDelta::minutes(10));
        assert!(bench.door.authenticate(&token).await.unwrap().is_some());
    }
    bench.clock.forward(TimeDelta::minutes(1));
    assert_eq!(bench.door.authenticate(&token).await.unwrap(), None);
    bench.end().await;
}

async fn a_disabled_account_has_no_session_left(bench: Bench) {
    let token = tries(&bench, PASSWORD).await.unwrap();
    let disable = PersonCommand::Disable {
        reason: "Left".to_owned(),
    };
    let answer = bench
        .door
        .on_account(&by(), command(), user(2), disable)
        .await;
    assert!(matches!(answer.unwrap(), Answer::Done(_)));
    assert_eq!(bench.door.authenticate(&token).await.unwrap(), None);
    assert_eq!(tries(&bench, PASSWORD).await, Err(Refusal::Wrong));
    bench.end().await;
}

async fn signing_out_everywhere_ends_every_session(bench: Bench) {
    let tokens = [
        tries(&bench, PASSWORD).await.unwrap(),
        tries(&bench, PASSWORD).await.unwrap(),
    ];
    let visitor = bench.door.authenticate(&tokens[0]).await.unwrap().unwrap();
    bench
        .door
        .sign_out_everywhere(&visitor.person)
        .await
        .unwrap();
    for token in &tokens {
        assert_eq!(bench.door.authenticate(token).await.unwrap(), None);
    }
    bench.end().await;
}

// A11d-11.9
async fn sign_ins_and_sign_outs_are_in_the_record(bench: Bench) {
    let token = tries(&bench, PASSWORD).await.unwrap();
    bench.door.sign_out(&token).await.unwrap();
    let left_open = tries(&bench, PASSWORD).await.unwrap();
    let open = bench.records().store().open_sessions_of(user(2)).await;
    let closed = open.unwrap()[0].id;
    bench.clock.forward(TimeDelta::hours(1));
    // The browser of that session was closed: its end is noted when Tom comes again.
    tries(&bench, PASSWORD).await.unwrap();
    assert_eq!(bench.door.authenticate(&left_open).await.unwrap(), None);
    let entries = entries_of_org(&bench).await;
    let told: Vec<_> = entries
        .iter()
        .filter(|entry| entry.stream.kind() == "session")
        .map(|entry| {
            assert_eq!(entry.actor.user, Some(user(2)));
            format!("{} {}", entry.kind, entry.payload.as_str())
        })
        .collect();
    let signed_in = r#"signed-in {"user_name":"tom"}"#;
    assert_eq!(
        told,
        [
            signed_in,
            r#"signed-out {"because":"signed-out"}"#,
            signed_in,
            signed_in,
            &format!(r#"others-ended {{"sessions":["{closed}"],"because":"expired"}}"#),
        ]
    );
    bench.end().await;
}

// How many there are is decided in the transaction that begins one more.
async fn sign_ins_side_by_side_leave_twenty_sessions(bench: Bench) {
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let door = bench.door.clone();
        all.spawn(async move { door.sign_in("tom", PASSWORD, None, HERE).await });
    }
    for signed_in in all.join_all().await {
        assert!(signed_in.unwrap().is_ok());
    }
    let open = bench.records().store().open_sessions_of(user(2)).await;
    assert_eq!(open.unwrap().len(), 20);
    let ended = bench.door.sessions_of(user(2)).await.unwrap();
    let because = ended.iter().filter_map(|one| one.ended_because.as_deref());
    assert_eq!(because.collect::<Vec<_>>(), ["too-many"; 20]);
    bench.end().await;
}

async fn two_devices_have_two_sessions(bench: Bench) {
    let (tablet, desk) = (
        tries(&bench, PASSWORD).await.unwrap(),
        tries(&bench, PASSWORD).await.unwrap(),
    );
    assert_ne!(tablet, desk);
    let lasting = bench.door.sessions_of(user(2)).await.unwrap();
    assert_eq!(
        lasting
            .iter()
            .filter(|session| session.ended_at.is_none())
            .count(),
        2
    );
    bench.door.sign_out(&tablet).await.unwrap();
    assert_eq!(bench.door.authenticate(&tablet).await.unwrap(), None);
    let at_the_desk = bench.door.authenticate(&desk).await.unwrap().unwrap();
    // A new password ends the sessions on other devices, in which somebody else may sit, and keeps this one.
    let tablet = tries(&bench, PASSWORD).await.unwrap();
    let changed = bench
        .door
        .change_password(
            &at_the_desk.person,
            command(),
            [PASSWORD, OTHER, OTHER],
            HERE,
        )
        .await;
    assert!(matches!(changed.unwrap(), Ok(Answer::Done(_))));
    assert_eq!(bench.door.authenticate(&tablet).await.unwrap(), None);
    assert!(bench.door.authenticate(&desk).await.unwrap().is_some());
    bench.end().await;
}

// Fixation: a token that was planted in the browser before the sign-in opens nothing after it.
async fn a_token_that_somebody_else_set_is_not_taken_over(bench: Bench) {
    let planted = "0a".repeat(32);
    let signed_in = bench
        .door
        .sign_in("tom", PASSWORD, Some(&planted), HERE)
        .await
        .unwrap();
    let token = signed_in.unwrap_or_else(|why| panic!("{why}")).token;
    assert_ne!(token, planted);
    assert_eq!(bench.door.authenticate(&planted).await.unwrap(), None);
    // 256 bits at random, and only their hash is kept: who reads the table has no session.
    assert_eq!(token.len(), 64);
    let kept = bench
        .door
        .sessions_of(user(2))
        .await
        .unwrap()
        .remove(0)
        .token_hash;
    assert_ne!(kept, token);
    assert_eq!(bench.door.authenticate(&kept).await.unwrap(), None);
    bench.end().await;
}

// A11-12: no sign-out has to be waited for.
async fn an_ended_role_ends_its_rights_at_once(bench: Bench) {
    let token = tries(&bench, PASSWORD).await.unwrap();
    let may = async || {
        let tom = bench
            .door
            .authenticate(&token)
            .await
            .unwrap()
            .unwrap()
            .person;
        tom.may("org", Action::KeepAccounts)
    };
    assert!(!may().await);
    let change = async |what| {
        let answer = bench.door.on_account(&by(), command(), user(2), what).await;
        assert!(matches!(answer.unwrap(), Answer::Done(_)));
    };
    end_technician(&bench).await;
    let (site, role) = ("org".to_owned(), Role::Administrator);
    change(PersonCommand::Grant {
        site: site.clone(),
        role,
    })
    .await;
    assert!(may().await);
    change(PersonCommand::End {
        site,
        role,
        reason: "Moved on".to_owned(),
    })
    .await;
    assert!(!may().await);
    bench.end().await;
}

/// An administrator has no role at a site.
async fn end_technician(bench: &Bench) {
    let end = PersonCommand::End {
        site: "GE".to_owned(),
        role: Role::Technician,
        reason: "Becomes administrator".to_owned(),
    };
    let answer = bench.door.on_account(&by(), command(), user(2), end).await;
    assert!(matches!(answer.unwrap(), Answer::Done(_)));
}
