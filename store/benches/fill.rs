//! Fills a record for the pages to be measured on: `fill FOLDER BATCHES` adds batches to the demonstration in a data
//! folder until the site GE has that many, one of them with 500 entries, and prints its id.
//!
//! Called by `end2end/bench/pages.mjs`. Everything goes through the store, as the commands of people do; `autolog verify`
//! and `autolog rebuild` hold on what comes out.

mod place;

use domain::ledger::{Keyring, LedgerKey};
use place::{Failed, SetClock, Template, batch_id, make};
use std::{fs, path::Path};
use store::{BoardFilter, Mode, Opening, Records, Shelf, Shown, Transport, projector};

/// The site of the demonstration that is filled.
const SITE: &str = "GE";
/// Entries of the batch whose page is measured.
const LONG: u64 = 500;
/// Entries of each of the others.
const SHORT: usize = 10;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let arguments: Vec<_> = std::env::args().collect();
    // `cargo test` and `cargo bench` call benches without a folder.
    let [_, folder, batches] = arguments.as_slice() else {
        return Ok(());
    };
    fill(Path::new(folder), batches.parse()?).await
}

async fn fill(folder: &Path, batches: u32) -> Result<(), Failed> {
    let clock = SetClock::new();
    let shelf = Shelf::default();
    let opening = Opening {
        url: format!("sqlite:{}", folder.join("autolog.db").display()),
        mode: Mode::Create,
        transport: Transport::Encrypted,
        steady: None,
        clock: clock.clock(),
        keys: Keyring::new(keys(folder)?),
        kept_keys: None,
        projector: projector(shelf.clone()),
    };
    let records = Records::new(store::open(opening).await?, shelf, clock.clock(), "bench");
    // The demonstration ends now: what is added comes after it.
    if let (Some(newest), _) = records.store().times_beyond(clock.now()).await? {
        clock.set(newest.max(clock.now()));
    }
    let batch = make(&records, &clock, SITE, 1, LONG).await?;
    let template = Template::of(&records, batch).await?;
    let there = BoardFilter {
        sites: vec![SITE.to_owned()],
        shown: Shown::States(domain::batch::BatchState::ALL.to_vec()),
        limit: batches,
    };
    let there = records.store().board(&there).await?.len();
    for number in 2..=batches.saturating_sub(u32::try_from(there)?) + 1 {
        template.copy(&records, number, SHORT).await?;
    }
    records.store().close().await;
    println!("{}", batch_id(1));
    Ok(())
}

fn keys(folder: &Path) -> Result<Vec<LedgerKey>, Failed> {
    let files = fs::read_dir(folder.join("keys"))?;
    files
        .map(|file| {
            Ok(LedgerKey::from_secret_text(&fs::read_to_string(
                file?.path(),
            )?)?)
        })
        .collect()
}
