//! The server as a whole, in this process: what it lets in, to whom, and what it says.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod altered;
mod at_the_door;
mod bench;
mod clock;
mod connections;
mod cross_site;
mod demonstration;
mod hostile;
mod hostile_words;
mod kept_forms;
mod prints;
mod results;
mod rights;
mod search;
mod signing;
mod stops;
mod times;
mod web;
