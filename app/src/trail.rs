//! The audit trail of a batch, read for the page that shows it and for the prints of it: both read the same filter and the
//! same order, so that a print holds what the page showed.

use domain::batch::{
    AuditColumn, AuditCopy, AuditFilter, AuditOrder, AuditReading, AuditRow, Batch,
};
use domain::ids::UserId;
use domain::ledger::{Entry, LedgerName, SignedCheckpoint};
use domain::print::Print;
use domain::refusal::Words;
use domain::rights::Action;
use domain::search::MAX_QUERY;
use std::collections::BTreeMap;
use std::str::FromStr;
use store::{Person, Records};

use crate::desk::Trouble;
use crate::papers::short;
use crate::zone::Zone;

/// The values of the address's query that a trail reads.
pub mod query {
    /// What the rows are about: a code of `AuditGroup`.
    pub const GROUP: &str = "group";
    /// Who made them: the id of an account.
    pub const PERSON: &str = "person";
    /// The step that they are about, such as `seed@P1`.
    pub const STEP: &str = "step";
    /// Text that stands in them.
    pub const TEXT: &str = "text";
    /// A code of `AuditColumn`, with a hyphen before it for the other way round.
    pub const SORT: &str = "sort";
}

/// The audit trail of a batch with what the address asks of it.
pub struct Trail {
    /// The batch.
    pub batch: Batch,
    /// The zone of its site.
    pub zone: Zone,
    /// All rows, in the order of the ledger.
    pub rows: Vec<AuditRow>,
    /// What is shown.
    pub filter: AuditFilter,
    /// In which order.
    pub order: AuditOrder,
    /// The tree that a print was made from.
    checkpoint: Option<SignedCheckpoint>,
}

/// In which format a copy is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table for a spreadsheet.
    Csv,
    /// For a program: also with the exact entries of the ledger.
    Json,
}

impl Format {
    /// The ending of the file's name.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// A copy to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The name of the file.
    pub file_name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub text: String,
}

impl Trail {
    /// Reads the trail of a batch for a page, which says at its top what is wrong with the record and shows what can be
    /// read of it. `asked` gives the values of the address's query.
    ///
    /// # Errors
    /// [`Trouble::NotAllowed`]; [`Trouble::Refused`] where the address asks for what there is not; [`Trouble::Fault`] where
    /// an entry can't be read.
    pub async fn read(
        records: &Records,
        person: &Person,
        batch: Batch,
        asked: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Trouble> {
        let site = &batch.harvest.site;
        if !person.may(site, Action::ReadAuditTrail) {
            return Err(Trouble::NotAllowed(Action::ReadAuditTrail));
        }
        let zone = batch.zone();
        let persons = records.store().persons().await?;
        let user_names: BTreeMap<_, _> = persons
            .into_iter()
            .map(|person| (person.user, person.user_name))
            .collect();
        let entries = records.readable_entries(batch.id).await?;
        let rows = rows(&batch, &entries, &user_names, zone)?;
        Ok(Self {
            checkpoint: None,
            filter: filter(&asked)?,
            order: order(&asked)?,
            batch,
            zone,
            rows,
        })
    }

    /// The trail as a print has it: of the record as it was then.
    ///
    /// # Errors
    /// As [`Trail::read`].
    pub async fn printed(
        records: &Records,
        batch: Batch,
        filtered: &str,
        print: &Print,
    ) -> Result<Self, Trouble> {
        let zone = batch.zone();
        let persons = records.store().persons().await?;
        let user_names: BTreeMap<_, _> = persons
            .into_iter()
            .map(|person| (person.user, person.user_name))
            .collect();
        let mut entries = records.batch_entries(batch.id).await?;
        entries.retain(|entry| entry.version <= print.batch_version);
        let asked = |name: &str| {
            let mut pairs = form_urlencoded::parse(filtered.as_bytes());
            let value = pairs.find(|(key, _)| key == name)?.1;
            (!value.is_empty()).then(|| value.into_owned())
        };
        let ledger = LedgerName::parse(&batch.harvest.site).map_err(|_| Trouble::NotFound)?;
        let signed = records
            .store()
            .checkpoints(&ledger)
            .await?
            .into_iter()
            .find(|signed| signed.checkpoint.size == print.checkpoint.size);
        let rows = rows(&batch, &entries, &user_names, zone)?;
        Ok(Self {
            checkpoint: signed,
            filter: filter(&asked)?,
            order: order(&asked)?,
            batch,
            zone,
            rows,
        })
    }

    /// The copy of what is shown, as a print has it.
    #[must_use]
    pub fn printed_copy(&self, format: Format, print: &Print) -> Download {
        let rows = self.shown();
        let copy = AuditCopy {
            batch: &self.batch.harvest.number,
            site: &self.batch.harvest.site,
            filter: &self.filter.words(&self.rows),
            order: self.order,
            made_by: &print.by,
            made_at: print.printed_at,
            program: &print.program,
            checkpoint: self.checkpoint.as_ref(),
            entries: self.rows.len(),
            rows: &rows,
            zone: self.zone,
        };
        Download {
            file_name: format!(
                "{}-audit-trail-{}.{}",
                self.batch.harvest.number,
                short(&print.number),
                format.ending()
            ),
            media_type: format.media_type(),
            text: match format {
                Format::Csv => copy.csv(),
                Format::Json => copy.json(),
            },
        }
    }

    /// The rows that the filter keeps, in their order.
    #[must_use]
    pub fn shown(&self) -> Vec<&AuditRow> {
        let mut shown: Vec<_> = self
            .rows
            .iter()
            .filter(|row| self.filter.keeps(row))
            .collect();
        self.order.sort(&mut shown);
        shown
    }
}

fn rows(
    batch: &Batch,
    entries: &[Entry],
    user_names: &BTreeMap<UserId, String>,
    zone: Zone,
) -> Result<Vec<AuditRow>, Trouble> {
    let reading = AuditReading {
        user_names,
        shown: &|at| zone.shown(at),
    };
    batch.audit(entries, &reading).map_err(|why| {
        let what = format!("audit trail of batch {}", batch.harvest.number);
        let why = why.to_string();
        store::Fault::Unreadable { what, why }.into()
    })
}

/// The filter that the address asks for.
///
/// # Errors
/// [`Trouble::Refused`] where a part of it names nothing: neither page nor copy shows more than was asked for.
fn filter(asked: &impl Fn(&str) -> Option<String>) -> Result<AuditFilter, Trouble> {
    Ok(AuditFilter {
        group: named(asked(query::GROUP))?,
        person: named(asked(query::PERSON))?,
        step: named(asked(query::STEP))?,
        text: text(asked(query::TEXT).unwrap_or_default().trim())?,
    })
}

/// The text that is looked for in the rows: as long as anything that is looked for.
fn text(asked: &str) -> Result<String, Trouble> {
    let length = asked.chars().count();
    if length <= MAX_QUERY {
        return Ok(asked.to_owned());
    }
    let said = format!(
        "The text of the filter has {length} characters, and at most {MAX_QUERY} can be looked for. Open the audit trail again and look for a part of it."
    );
    Err(Words::of(said).into())
}

fn order(asked: &impl Fn(&str) -> Option<String>) -> Result<AuditOrder, Trouble> {
    let text = asked(query::SORT).unwrap_or_default();
    let (column, descending) = match text.strip_prefix('-') {
        Some(column) => (column, true),
        None => (text.as_str(), false),
    };
    let column = named(Some(column.to_owned()))?.unwrap_or(AuditColumn::Recorded);
    Ok(AuditOrder { column, descending })
}

/// What a part of the address names; `None` where it is missing or empty.
fn named<T: FromStr>(text: Option<String>) -> Result<Option<T>, Trouble> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| {
        let said = "The filter names something that there is not. Open the audit trail again and choose it there.";
        Words::of(said).into()
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use domain::batch::AuditGroup;

    fn address(text: &'static str) -> impl Fn(&str) -> Option<String> {
        move |name| {
            form_urlencoded::parse(text.as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        }
    }

    // P11-10e3
    #[test]
    fn filter_and_order_are_read_from_the_address() {
        let asked = address("group=corrections&step=seed%40P1&text=+cells+&sort=-person");
        let read = filter(&asked).unwrap();
        assert_eq!(read.group, Some(AuditGroup::Corrections));
        assert_eq!(
            read.step.map(|step| step.to_string()).as_deref(),
            Some("seed@P1")
        );
        assert_eq!((read.person, read.text.as_str()), (None, "cells"));
        let expected = AuditOrder {
            column: AuditColumn::Person,
            descending: true,
        };
        assert_eq!(order(&asked).unwrap(), expected);
    }

    #[test]
    fn what_the_address_names_wrongly_is_refused_and_not_passed_over() {
        for text in ["group=none-such", "person=7", "step=@@", "sort=weight"] {
            let asked = address(text);
            let read = filter(&asked).and_then(|_| order(&asked));
            assert!(matches!(read, Err(Trouble::Refused(_))), "{text}");
        }
        let asked = address("group=&person=&step=&text=++&sort=");
        assert!(filter(&asked).is_ok_and(|read| read.is_empty()));
        assert!(order(&asked).is_ok_and(|read| read == AuditOrder::default()));
    }
}
