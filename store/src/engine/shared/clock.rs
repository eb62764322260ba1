//! The clock that entries are written by: what it shows is judged under the writer lock, and what is in doubt is told.

use super::{Conn, Row, columns::Columns, engine::Engine, read};
use crate::{Clock, ClockView, Fault, SteadyClock, engine::Stamp};
use domain::{
    clock::{Anchor, ClockEvent, ClockRecord, Doubt, Judgement, Reading, judge},
    ledger::{LedgerName, StreamName},
    time::Timestamp,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const CLOCK_VERSION: &str =
    "select coalesce(max(version), 0) as version from entry where ledger = $1 and stream = $2";
const LAST: &str = "select ledger, position, recorded_at from entry where ledger = $1
    order by position desc limit 1";
const NEWEST: &str = "select max(recorded_at) as at from entry";
const FIRST_BEYOND: &str = "select min(recorded_at) as at from entry where recorded_at > $1";

/// The clocks of this process, and what it knows of theirs being right.
pub(super) struct Guard {
    clock: Clock,
    steady: Option<SteadyClock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When the clock was right.
    anchor: Option<Anchor>,
    /// Whether a first reading was judged, against the newest entries of all ledgers.
    started: bool,
    /// What is wrong, before the ledger says so.
    noticed: Option<Doubt>,
    /// What the ledger says; `None` before it was read first.
    record: Option<Arc<ClockRecord>>,
}

impl Guard {
    pub(super) fn new(clock: Clock, steady: Option<SteadyClock>) -> Self {
        Self {
            clock,
            steady,
            state: Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn reading(&self) -> Reading {
        Reading {
            wall: self.now(),
            steady: self.steady.as_ref().map(|steady| steady()),
        }
    }

    pub(super) fn is_started(&self) -> bool {
        self.lock().started
    }

    pub(super) fn record(&self) -> Option<Arc<ClockRecord>> {
        self.lock().record.clone()
    }

    /// Takes what the ledger says now. Where two people have confirmed the clock since, it counts from there: on each server,
    /// also where another one took their confirmation.
    fn follow(&self, record: ClockRecord) -> Arc<ClockRecord> {
        let reading = self.reading();
        let record = Arc::new(record);
        let mut state = self.lock();
        let corrected = |record: &ClockRecord| {
            let correction = record.correction.as_ref();
            correction.map(|correction| correction.copy.org.version)
        };
        if let Some(before) = &state.record
            && corrected(before) != corrected(&record)
            && let Some(correction) = &record.correction
        {
            state.noticed = None;
            state.anchor = reading.steady.map(|steady| Anchor {
                wall: correction.at,
                elapsed: steady.elapsed,
            });
        }
        state.record = Some(Arc::clone(&record));
        record
    }

    /// The time to write after an entry of `last`; `newest` is the newest of all ledgers, needed where the first reading
    /// is judged.
    pub(super) fn stamp(&self, last: Option<Timestamp>, newest: Option<Timestamp>) -> Stamp {
        let reading = self.reading();
        let shown = reading.wall;
        let mut state = self.lock();
        let recorded = state
            .record
            .as_ref()
            .and_then(|record| record.doubt.as_ref());
        let doubt = recorded.map(|open| open.doubt).or(state.noticed);
        let in_doubt = |doubt| Stamp {
            at: last.map_or(shown, |last| last.max(shown)),
            shown,
            doubt: Some(doubt),
        };
        if let Some(doubt) = doubt {
            return in_doubt(doubt);
        }
        match judge(&reading, state.anchor.as_ref(), last.max(newest)) {
            Judgement::Fine(at) | Judgement::Clamped(at) => {
                state.started = true;
                if state.anchor.is_none() {
                    state.anchor = reading.steady.map(|steady| Anchor {
                        wall: shown,
                        elapsed: steady.elapsed,
                    });
                }
                Stamp {
                    at,
                    shown,
                    doubt: None,
                }
            }
            Judgement::InDoubt(doubt) => {
                state.noticed = Some(doubt);
                in_doubt(doubt)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many entries a ledger has of the clock.
pub(super) async fn entries(conn: &mut Conn, ledger: &LedgerName) -> Result<u64, Fault> {
    let query = sqlx::query(CLOCK_VERSION)
        .bind(ledger.as_str())
        .bind(StreamName::clock(ledger).as_str().to_owned());
    let row = query
        .fetch_one(conn)
        .await
        .map_err(Fault::while_("reading the state of the clock"))?;
    Columns::of(&row, "entry", &[]).number("version")
}

/// What the organisation's ledger says of the clock, read again where it says more than before.
pub(super) async fn record(engine: &Engine, conn: &mut Conn) -> Result<Arc<ClockRecord>, Fault> {
    let (org, known) = (LedgerName::org(), engine.guard().record());
    let version = entries(conn, &org).await?;
    if let Some(known) = known.filter(|known| known.version == version) {
        return Ok(known);
    }
    let entries = read::stream(conn, &org, &StreamName::clock(&org)).await?;
    let record = ClockRecord::fold(&entries).map_err(|why| Fault::Unreadable {
        what: "the state of the clock".to_owned(),
        why,
    })?;
    Ok(engine.guard().follow(record))
}

/// The newest time that counts, of all ledgers: not those of a ledger that has written nothing since the clock was corrected.
pub(super) async fn newest(
    conn: &mut Conn,
    record: &ClockRecord,
) -> Result<Option<Timestamp>, Fault> {
    let mut newest = None;
    for (ledger, _) in read::ledgers(conn).await? {
        if !is_behind(conn, &ledger, record).await? {
            newest = newest.max(last(conn, &ledger).await?);
        }
    }
    Ok(newest)
}

/// Whether a ledger hasn't repeated the last correction of the clock yet: its next entry may be before its last one.
pub(super) async fn is_behind(
    conn: &mut Conn,
    ledger: &LedgerName,
    record: &ClockRecord,
) -> Result<bool, Fault> {
    let Some(correction) = record.correction.as_ref() else {
        return Ok(false);
    };
    if *ledger == LedgerName::org() {
        return Ok(false);
    }
    let entries = read::stream(conn, ledger, &StreamName::clock(ledger)).await?;
    let repeated = entries.last().and_then(|entry| match entry.event() {
        Ok(ClockEvent::ClockCopied(copied)) => Some(copied.org.version),
        _ => None,
    });
    Ok(repeated.is_none_or(|version| version < correction.copy.org.version))
}

/// When the last entry of a ledger was recorded.
pub(super) async fn last(conn: &mut Conn, ledger: &LedgerName) -> Result<Option<Timestamp>, Fault> {
    let row = sqlx::query(LAST)
        .bind(ledger.as_str())
        .fetch_optional(conn)
        .await
        .map_err(Fault::while_("reading the last entry of a ledger"))?;
    row.map(|row| read::entry_columns(&row).time("recorded_at"))
        .transpose()
}

/// What is known of the clock; `whole` judges a first reading too.
pub(super) async fn view(engine: &Engine, conn: &mut Conn) -> Result<ClockView, Fault> {
    let record = record(engine, conn).await?;
    let newest = match engine.guard().is_started() {
        true => None,
        false => newest(conn, &record).await?,
    };
    let stamp = engine.guard().stamp(None, newest);
    Ok(ClockView {
        record: ClockRecord::clone(&record),
        shown: stamp.shown,
        doubt: stamp.doubt,
    })
}

/// The latest time in any ledger, and the first one after `moment`.
pub(super) async fn span(
    conn: &mut Conn,
    moment: Timestamp,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Fault> {
    let reading = "reading the times of entries";
    let newest = sqlx::query(NEWEST)
        .fetch_one(&mut *conn)
        .await
        .map_err(Fault::while_(reading))?;
    let first = sqlx::query(FIRST_BEYOND)
        .bind(moment.micros())
        .fetch_one(conn)
        .await
        .map_err(Fault::while_(reading))?;
    let time = |row: &Row| Columns::of(row, "entry", &[]).maybe_time("at");
    Ok((time(&newest)?, time(&first)?))
}
