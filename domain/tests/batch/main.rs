//! The rules of a batch, given / when / then over events: no database, no clock.
//!
//! A test begins with what has happened (`given`), asks for one thing (`when`), and says what comes of it: the event, or the
//! refusal with its words.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failing test may panic"
)]

mod altered;
mod board;
mod cells;
mod clock;
mod corrections;
mod coverage;
mod culture;
mod days;
mod deviations;
mod documents;
mod doses;
mod due;
mod entries;
mod exceptions;
mod expiries;
mod golden;
mod harvest;
mod ids;
mod lifted;
mod minimum_times;
mod misplaced;
mod order_of_times;
mod passed_over;
mod record;
mod rejudged;
mod release;
mod results;
mod rights;
mod samples;
mod shipped;
mod signatures;
mod steps;
mod stops;
mod stops_again;
mod terms;
mod times;
mod times_of_others;
mod units;
