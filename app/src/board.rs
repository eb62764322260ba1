//! The board, read for the page that shows it and for the copy that is downloaded: both read the same filter and the same
//! order from the address, so that a copy holds what the page showed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::batch::{BatchFlag, BatchState, Needs};
use domain::csv;
use domain::identifiers::DonationNumber;
use domain::ledger::rows::BoardRow;
use domain::rights::Action;
use domain::time::Timestamp;
use store::{BoardFilter, Person, Records, Shown};

use crate::desk::Trouble;
use crate::zone::{self, Zone};

/// No board shows more batches than this; others are found by the filters.
pub const MOST: u32 = 500;

/// The values of the address's query that a board reads.
pub mod query {
    /// Whose batches: the code of a site.
    pub const SITE: &str = "site";
    /// Which of them: a code of `BatchState` or `BatchFlag`, `all`, or nothing for those that are open.
    pub const STATE: &str = "state";
    /// In which order: a name of a column, with a hyphen before it for the other way round.
    pub const SORT: &str = "sort";
}

/// Which batches a board shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Those that somebody still has work with.
    Open,
    /// Those of them that have a flag.
    Flagged(BatchFlag),
    /// All, also those that are done with.
    All,
    /// Those in one state.
    In(BatchState),
}

impl Choice {
    /// All choices, in the order in which they are offered.
    pub fn every() -> impl Iterator<Item = Self> {
        let flags = BatchFlag::ALL.iter().copied().map(Self::Flagged);
        let states = BatchState::ALL.iter().copied().map(Self::In);
        [Self::Open]
            .into_iter()
            .chain(flags)
            .chain([Self::All])
            .chain(states)
    }

    /// What a word of the address asks for; one that there is not asks for those that are open.
    #[must_use]
    pub fn asked(word: Option<&str>) -> Self {
        let named = |choice: &Self| Some(choice.code()) == word;
        Self::every().find(named).unwrap_or(Self::Open)
    }

    /// The word of the address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Flagged(flag) => flag.code(),
            Self::All => "all",
            Self::In(state) => state.code(),
        }
    }

    /// The words for a person.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Flagged(flag) => flag.label(),
            Self::All => "All",
            Self::In(state) => state.label(),
        }
    }

    fn shown(self) -> Shown {
        match self {
            Self::Open => Shown::Open(None),
            Self::Flagged(flag) => Shown::Open(Some(flag)),
            Self::All => Shown::States(BatchState::ALL.to_vec()),
            Self::In(state) => Shown::States(vec![state]),
        }
    }
}

/// The batches of a person's sites, with what the address asks of them.
pub struct Board {
    /// The sites that the person may read, with the zone of each.
    pub zones: BTreeMap<String, Zone>,
    /// The one site that is shown; `None` for all of them.
    pub site: Option<String>,
    /// Which batches are shown.
    pub choice: Choice,
    /// The batches, in their order; of more than [`MOST`] those that are due first.
    pub rows: Vec<BoardRow>,
    /// The moment at which they were read.
    pub now: Timestamp,
}

const HEADINGS: [&str; 16] = [
    "Batch",
    "Site",
    "State",
    "Flags",
    "Next",
    "Waits for",
    "Due (UTC)",
    "Due (site)",
    "Overdue",
    "Hours since collection",
    "Passage",
    "Culture begun (UTC)",
    "Day of culture",
    "Subject",
    "DIN",
    "CoI",
];

impl Board {
    /// Reads the board of a person. `asked` gives the values of the address's query; a site or state that there is not
    /// narrows nothing.
    ///
    /// # Errors
    /// [`Trouble::NotAllowed`] where no role of theirs reads batches; [`Trouble::Fault`].
    pub async fn read(
        records: &Records,
        person: &Person,
        asked: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Trouble> {
        let sites = person.sites_where(Action::ReadBatch);
        if sites.is_empty() {
            return Err(Trouble::NotAllowed(Action::ReadBatch));
        }
        let site = asked(query::SITE).filter(|site| sites.contains(site));
        let choice = Choice::asked(asked(query::STATE).as_deref());
        let filter = BoardFilter {
            sites: site
                .as_ref()
                .map_or_else(|| sites.clone(), |site| vec![site.clone()]),
            shown: choice.shown(),
            limit: MOST,
        };
        let mut rows = records.store().board(&filter).await?;
        sort(&mut rows, &asked(query::SORT).unwrap_or_default());
        let mut zones = BTreeMap::new();
        for site in sites {
            let row = records.site(&site).await?.ok_or(Trouble::NotFound)?;
            zones.insert(site, zone::named(&row.time_zone)?);
        }
        Ok(Self {
            zones,
            site,
            choice,
            rows,
            now: records.now(),
        })
    }

    /// Whether a batch should have gone on by now.
    #[must_use]
    pub fn is_overdue(&self, row: &BoardRow) -> bool {
        row.next_due.is_some_and(|due| due.is_overdue(self.now))
    }

    /// The day on which a copy is made.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.zone_of_copy().day(self.now)
    }

    /// The zone in which a copy says when it was made: that of the sites in it where they share one, else UTC.
    fn zone_of_copy(&self) -> Zone {
        let shown = |code: &String| self.site.as_ref().is_none_or(|one| one == code);
        let mut zones = (self.zones.iter())
            .filter(|(code, _)| shown(code))
            .map(|(_, zone)| *zone);
        let first = zones.next().unwrap_or_else(Zone::utc);
        if zones.all(|zone| zone == first) {
            first
        } else {
            Zone::utc()
        }
    }

    /// Hours since the collection, in whole hours, while the marrow is fresh.
    #[must_use]
    pub fn hours_since_collection(&self, row: &BoardRow) -> Option<i64> {
        row.fresh_since
            .map(|collected| self.now.since(collected).num_hours())
    }

    /// The zone of a batch's site.
    #[must_use]
    pub fn zone(&self, row: &BoardRow) -> Zone {
        let zone = self.zones.get(&row.site).copied();
        zone.unwrap_or_else(Zone::utc)
    }

    /// The day of culture; `None` where nothing is in culture.
    #[must_use]
    pub fn day_of_culture(&self, row: &BoardRow) -> Option<i64> {
        row.culture_started
            .map(|began| self.zone(row).days_between(began, self.now))
    }

    /// What is shown, as a table for a spreadsheet: first what it is a copy of, who made it and when (P11-10e3).
    #[must_use]
    pub fn csv(&self, person: &Person, program: &str) -> String {
        let choice = self.choice.label();
        let sites: Vec<_> = self.zones.keys().map(String::as_str).collect();
        let sites = self.site.clone().unwrap_or_else(|| sites.join(", "));
        let said = [
            ("Board of", sites),
            (
                "Batches",
                format!("{choice}, {} in this copy", self.rows.len()),
            ),
            (
                "Copy made by",
                format!("{} ({})", person.name, person.user_name),
            ),
            ("Copy made at", self.zone_of_copy().shown(self.now)),
            ("Program", format!("Autolog {program}")),
        ];
        let mut text = String::new();
        for (what, value) in &said {
            csv::line(&mut text, HEADINGS.len(), [*what, value.as_str()]);
        }
        csv::line(&mut text, HEADINGS.len(), [""]);
        csv::line(&mut text, HEADINGS.len(), HEADINGS);
        for row in &self.rows {
            let cells = self.cells(row);
            csv::line(&mut text, cells.len(), cells.iter().map(String::as_str));
        }
        text
    }

    fn cells(&self, row: &BoardRow) -> [String; HEADINGS.len()] {
        let label = |code: &str, label: Option<&str>| label.unwrap_or(code).to_owned();
        let state = row.state.parse().ok().map(BatchState::label);
        let flags: Vec<_> = row.flags.iter().map(|flag| flag.label()).collect();
        let needs = row.needs.as_deref().unwrap_or_default();
        let utc = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
        let zone = self.zone(row);
        [
            row.number.clone(),
            row.site.clone(),
            label(&row.state, state),
            flags.join(", "),
            row.next_step.clone().unwrap_or_default(),
            label(needs, needs.parse().ok().map(Needs::label)),
            utc(row.next_due),
            row.next_due.map_or_else(String::new, |due| zone.due(due)),
            if self.is_overdue(row) { "yes" } else { "no" }.to_owned(),
            self.hours_since_collection(row)
                .map_or_else(String::new, |hours| hours.to_string()),
            row.passage
                .map_or_else(String::new, |passage| format!("P{passage}")),
            utc(row.culture_started),
            self.day_of_culture(row)
                .map_or_else(String::new, |day| day.to_string()),
            row.subject.clone(),
            DonationNumber::shown(&row.din),
            row.coi.clone().unwrap_or_default(),
        ]
    }
}

fn sort(rows: &mut [BoardRow], by: &str) {
    let (key, down) = by.strip_prefix('-').map_or((by, false), |key| (key, true));
    match key {
        "number" => rows.sort_by(|one, other| one.number.cmp(&other.number)),
        "state" => rows.sort_by(|one, other| one.state.cmp(&other.state)),
        "subject" => rows.sort_by(|one, other| one.subject.cmp(&other.subject)),
        "site" => rows.sort_by(|one, other| one.site.cmp(&other.site)),
        "culture" => rows.sort_by_key(|row| (row.culture_started.is_none(), row.culture_started)),
        // What is bound to no time comes last.
        _ => rows.sort_by_key(|row| (row.next_due.is_none(), row.next_due)),
    }
    if down {
        rows.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_has_its_own_word_and_any_other_word_means_open() {
        for choice in Choice::every() {
            assert_eq!(Choice::asked(Some(choice.code())), choice);
        }
        for word in [None, Some(""), Some("at-work"), Some("none-such")] {
            assert_eq!(Choice::asked(word), Choice::Open, "{word:?}");
        }
    }
}
