//! A clock that is wrong: what is refused, what is recorded meanwhile, and how two people put it right.

use crate::accounts::employ;
use crate::place::{Place, decided, event, export, ledger, opening, request, time, user};
use chrono::TimeDelta;
use domain::{
    clock::{Cause, ClockState, Steady, Synchronised},
    ids::CommandId,
    ledger::{
        Entry, Finding, Line,
        verify::{Trust, verify_lines},
    },
    rights::Role,
    time::Timestamp,
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use store::{
    Answer, Executed, InDoubt, Loaded, Opening, Person, Records, Request, Shelf, Signing, Store,
};
use uuid::Uuid;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// The clocks of one server, which a test sets.
#[derive(Clone, Default)]
struct Clocks(Arc<[AtomicI64; 2]>);

impl Clocks {
    /// Time passes: both go on.
    fn pass(&self, micros: i64) {
        self.0[0].fetch_add(micros, Ordering::Relaxed);
        self.0[1].fetch_add(micros, Ordering::Relaxed);
    }

    /// Somebody sets the one that can be set.
    fn set(&self, micros: i64) {
        self.0[0].store(micros, Ordering::Relaxed);
    }

    fn shown(&self) -> i64 {
        self.0[0].load(Ordering::Relaxed)
    }

    /// A server that starts now.
    async fn server(&self, place: &Place) -> Server {
        let (wall, steady) = (self.0.clone(), self.0.clone());
        let clock: store::Clock = Arc::new(move || time(wall[0].load(Ordering::Relaxed)));
        let opening = Opening {
            clock: clock.clone(),
            steady: Some(Arc::new(move || Steady {
                elapsed: TimeDelta::microseconds(steady[1].load(Ordering::Relaxed)),
                synchronised: Synchronised::Unknown,
            })),
            ..opening(&place.url())
        };
        let store = store::open(opening).await.unwrap();
        let records = Records::new(store.clone(), Shelf::default(), clock, "0.1.0");
        Server { store, records }
    }
}

struct Server {
    store: Arc<dyn Store>,
    records: Records,
}

impl Server {
    async fn ask(&self, id: u128, in_doubt: InDoubt) -> Executed<Infallible> {
        let request = Request {
            in_doubt,
            ..request(id, 1)
        };
        let decide = |_: &Loaded| Ok(decided(vec![event("{}")]));
        self.store.execute(&request, decide).await.unwrap()
    }

    /// A command that waits for the clock.
    async fn takes(&self, id: u128) -> bool {
        match self.ask(id, InDoubt::Refuse).await {
            Executed::Done(_) => true,
            Executed::ClockNotConfirmed(_) => false,
            other => panic!("{other:?}"),
        }
    }

    async fn cause(&self) -> Option<Cause> {
        let view = self.records.clock().await.unwrap();
        view.doubt.map(|doubt| doubt.cause)
    }

    async fn confirm(&self, number: u128, role: Role, read: Timestamp) -> Answer {
        let by = Person {
            user: Some(user(number)),
            user_name: format!("person.{number}"),
            name: format!("Person {number}"),
            session: None,
            roles: vec![("GE".to_owned(), role)],
            beside: None,
        };
        employ(&self.store, number, "GE", role).await;
        self.records
            .confirm_clock(
                &by,
                command(number, read),
                read,
                "radio clock",
                domain::zone::Zone::utc(),
                Signing::Authenticated,
            )
            .await
            .unwrap()
    }

    async fn two_confirm(&self, read: Timestamp) {
        for (number, role) in [(11, Role::QaReviewer), (12, Role::Administrator)] {
            let answer = self.confirm(number, role, read).await;
            assert!(matches!(answer, Answer::Done(_)), "{answer:?}");
        }
    }

    async fn entries(&self, of: &str) -> Vec<Entry> {
        self.store.entries(&ledger(of), 0, 1000).await.unwrap()
    }

    /// Both ledgers hold, by the program and from their lines alone.
    async fn all_hold(&self) {
        for name in ["org", "GE"] {
            let findings = self.store.verify(&ledger(name)).await.unwrap();
            assert!(findings.is_clean(), "{findings}");
        }
        let lines = export(&self.store).await;
        let findings = verify_lines(lines, Trust::Embedded);
        assert!(findings.is_clean(), "{findings}");
    }
}

/// Another id for each person and each time that they read.
fn command(number: u128, read: Timestamp) -> CommandId {
    let time = u128::from(read.micros().unsigned_abs());
    CommandId(Uuid::from_u128(number << 64 | time))
}

fn goes_back(entries: &[Entry]) -> usize {
    let pairs = entries.windows(2);
    pairs
        .filter(|pair| pair[1].recorded_at < pair[0].recorded_at)
        .count()
}

// A11-8, P11-10e: a clock set back at a restart.
pub async fn a_clock_behind_the_newest_entry_refuses_and_two_people_let_it_go_back(place: &Place) {
    let clocks = Clocks::default();
    clocks.set(5 * DAY);
    let before = clocks.server(place).await;
    assert!(before.takes(1).await);
    before.store.close().await;
    // It starts again with its clock two days back.
    clocks.set(3 * DAY);
    let server = clocks.server(place).await;
    assert!(!server.takes(2).await);
    assert_eq!(server.cause().await, Some(Cause::BehindRecord));
    // What can't wait is recorded, flagged, and goes back no second.
    assert!(matches!(
        server.ask(3, InDoubt::Decide).await,
        Executed::Done(_)
    ));
    let flagged = server.entries("GE").await.pop().unwrap();
    assert_eq!(flagged.origin.clock, ClockState::NotConfirmed);
    assert_eq!(flagged.recorded_at, time(5 * DAY));
    // Nobody confirms it but by the true time, with the right, and as two.
    let refused = server.confirm(11, Role::QaReviewer, time(5 * DAY)).await;
    assert!(matches!(refused, Answer::Refused(_)), "{refused:?}");
    let refused = server.confirm(11, Role::Technician, time(3 * DAY)).await;
    assert!(matches!(refused, Answer::Refused(_)), "{refused:?}");
    let first = server.confirm(11, Role::QaReviewer, time(3 * DAY)).await;
    assert!(matches!(first, Answer::Done(_)), "{first:?}");
    let again = server
        .confirm(11, Role::QaReviewer, time(3 * DAY + SECOND))
        .await;
    assert!(matches!(again, Answer::Refused(_)), "{again:?}");
    assert!(!server.takes(4).await);
    clocks.pass(SECOND);
    let second = server.confirm(12, Role::Administrator, time(3 * DAY)).await;
    assert!(matches!(second, Answer::Done(_)), "{second:?}");
    assert_eq!(server.cause().await, None);
    // It was right all along: what was recorded before had been ahead.
    assert!(server.takes(5).await);
    clocks.pass(SECOND);
    assert!(server.takes(6).await);
    let entries = server.entries("GE").await;
    let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "clock-corrected-here")
            .count(),
        1
    );
    assert_eq!(goes_back(&entries), 1);
    assert_eq!(goes_back(&server.entries("org").await), 0);
    let corrected = server.entries("org").await.pop().unwrap();
    assert_eq!(corrected.kind, "clock-corrected");
    assert!(corrected.payload.as_str().contains("\"signed\""));
    server.all_hold().await;
    // Once is once: set back again, it is in doubt again.
    server.store.close().await;
    clocks.set(2 * DAY);
    let server = clocks.server(place).await;
    assert!(!server.takes(7).await);
    server.store.close().await;
}

pub async fn servers_that_differ_by_seconds_record_no_time_twice_or_backwards(place: &Place) {
    let (ahead, behind) = (Clocks::default(), Clocks::default());
    ahead.set(3 * SECOND);
    let (one, two) = (ahead.server(place).await, behind.server(place).await);
    for id in (0..10).step_by(2) {
        assert!(one.takes(100 + id).await);
        assert!(two.takes(101 + id).await);
        ahead.pass(SECOND);
        behind.pass(SECOND);
    }
    let entries = two.entries("GE").await;
    assert_eq!((entries.len(), goes_back(&entries)), (10, 0));
    assert!(
        entries
            .iter()
            .all(|entry| entry.origin.clock == ClockState::Confirmed)
    );
    assert!(
        one.store
            .verify(&ledger("GE"))
            .await
            .unwrap()
            .found
            .is_empty()
    );
    one.store.close().await;
    two.store.close().await;
}

// A year ahead for minutes: afterwards the work goes on at the true time.
pub async fn a_clock_set_forward_while_it_runs_is_noticed_and_put_right(place: &Place) {
    let clocks = Clocks::default();
    let server = clocks.server(place).await;
    assert!(server.takes(1).await);
    clocks.pass(60 * SECOND);
    clocks.set(clocks.shown() + 365 * DAY);
    assert!(!server.takes(2).await);
    assert_eq!(server.cause().await, Some(Cause::SetForward));
    assert!(matches!(
        server.ask(3, InDoubt::Decide).await,
        Executed::Done(_)
    ));
    clocks.pass(300 * SECOND);
    // Set right again it stays in doubt until two people say that it is right.
    clocks.set(360 * SECOND);
    assert!(!server.takes(4).await);
    server.two_confirm(time(clocks.shown())).await;
    assert!(server.takes(5).await);
    let entries = server.entries("GE").await;
    assert_eq!(entries.last().unwrap().recorded_at, time(360 * SECOND));
    assert_eq!(goes_back(&entries), 1);
    server.all_hold().await;
    // Set back while it runs it is in doubt, also where no entry is later.
    clocks.pass(DAY);
    clocks.set(clocks.shown() - DAY / 2);
    assert!(!server.takes(6).await);
    assert_eq!(server.cause().await, Some(Cause::SetBack));
    server.store.close().await;
}

pub async fn a_doubt_is_shared_by_two_servers_and_outlives_a_start(place: &Place) {
    let (right, wrong) = (Clocks::default(), Clocks::default());
    let (one, two) = (right.server(place).await, wrong.server(place).await);
    assert!(one.takes(1).await && two.takes(2).await);
    wrong.set(wrong.shown() + 30 * DAY);
    assert!(!two.takes(3).await);
    assert!(one.takes(4).await, "the other one doesn't know yet");
    two.records
        .record_doubt(CommandId(Uuid::from_u128(1 << 100)))
        .await
        .unwrap();
    assert!(!one.takes(5).await);
    two.store.close().await;
    let again = wrong.server(place).await;
    assert!(!again.takes(6).await);
    // Two people confirm it at the server that is right; the other one is still wrong, and says so.
    one.two_confirm(time(right.shown())).await;
    assert!(one.takes(7).await);
    assert!(!again.takes(8).await);
    assert!(one.takes(9).await);
    one.store.close().await;
    again.store.close().await;
}

pub async fn times_that_go_back_without_a_word_are_found(place: &Place) {
    let clocks = Clocks::default();
    let server = clocks.server(place).await;
    for id in 1..=3 {
        assert!(server.takes(id).await);
        clocks.pass(SECOND);
    }
    let mut lines = export(&server.store).await;
    let later = |line: &String| {
        let Ok(mut entry) = Entry::from_line(line) else {
            return line.clone();
        };
        if entry.position == 1 {
            entry.recorded_at = time(DAY);
        }
        entry.line()
    };
    lines.retain(|line| !matches!(serde_json::from_str(line), Ok(Line::Checkpoint(_))));
    assert!(verify_lines(&lines, Trust::Embedded).is_clean());
    let changed: Vec<_> = lines.iter().map(later).collect();
    let found = verify_lines(changed, Trust::Embedded).found;
    let went_back = |finding: &Finding| matches!(finding, Finding::WentBack { position: 2, .. });
    assert!(found.len() == 1 && found.iter().all(went_back), "{found:?}");
    server.store.close().await;
}
