//! Reading a row's columns; a value that can't be what was written is a fault that names its place.

use super::Row;
use crate::Fault;
use domain::{ledger::Hash, time::Timestamp};
use sqlx::{Decode, Row as _, Type};
use std::{error::Error, fmt, str::FromStr};

/// A row of `table`, to be read column by column.
pub(super) struct Columns<'r> {
    pub(super) row: &'r Row,
    pub(super) table: &'static str,
    /// The columns of its key, to name the row in a fault.
    pub(super) key: &'static [&'static str],
}

type Because = Box<dyn Error + Send + Sync>;

impl<'r> Columns<'r> {
    pub(super) fn of(row: &'r Row, table: &'static str, key: &'static [&'static str]) -> Self {
        Self { row, table, key }
    }

    pub(super) fn text(&self, column: &'static str) -> Result<String, Fault> {
        self.get(column)
    }

    pub(super) fn maybe_text(&self, column: &'static str) -> Result<Option<String>, Fault> {
        self.get(column)
    }

    pub(super) fn flag(&self, column: &'static str) -> Result<bool, Fault> {
        self.get(column)
    }

    pub(super) fn maybe_flag(&self, column: &'static str) -> Result<Option<bool>, Fault> {
        self.get(column)
    }

    /// A text that is read further: an id, a name.
    pub(super) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, Fault>
    where
        T::Err: Error + Send + Sync + 'static,
    {
        self.text(column)?
            .parse()
            .map_err(|why| self.wrong(column, why))
    }

    pub(super) fn maybe_parsed<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, Fault>
    where
        T::Err: Error + Send + Sync + 'static,
    {
        self.maybe_text(column)?
            .map(|text| text.parse().map_err(|why| self.wrong(column, why)))
            .transpose()
    }

    pub(super) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, Fault>
    where
        T::Error: Error + Send + Sync + 'static,
    {
        T::try_from(self.get::<i64>(column)?).map_err(|why| self.wrong(column, why))
    }

    pub(super) fn maybe_number<T: TryFrom<i64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, Fault>
    where
        T::Error: Error + Send + Sync + 'static,
    {
        let number = self.get::<Option<i64>>(column)?;
        number
            .map(|number| T::try_from(number).map_err(|why| self.wrong(column, why)))
            .transpose()
    }

    pub(super) fn time(&self, column: &'static str) -> Result<Timestamp, Fault> {
        let micros = self.get(column)?;
        Timestamp::from_micros(micros).ok_or_else(|| self.wrong(column, "not a moment"))
    }

    pub(super) fn maybe_time(&self, column: &'static str) -> Result<Option<Timestamp>, Fault> {
        let micros: Option<i64> = self.get(column)?;
        micros
            .map(|micros| {
                Timestamp::from_micros(micros).ok_or_else(|| self.wrong(column, "not a moment"))
            })
            .transpose()
    }

    pub(super) fn hash(&self, column: &'static str) -> Result<Hash, Fault> {
        let bytes: Vec<u8> = self.get(column)?;
        Hash::from_slice(&bytes).ok_or_else(|| self.wrong(column, "not 32 bytes"))
    }

    /// The fault that `column` of this row holds something else than was written.
    pub(super) fn wrong(&self, column: &'static str, why: impl Into<Because>) -> Fault {
        Fault::Inconsistent {
            table: self.table,
            column,
            row: self.to_string(),
            source: why.into(),
        }
    }

    fn get<T: Decode<'r, super::Db> + Type<super::Db>>(
        &self,
        column: &'static str,
    ) -> Result<T, Fault> {
        self.row
            .try_get(column)
            .map_err(|why| self.wrong(column, why))
    }
}

impl fmt::Display for Columns<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, column) in self.key.iter().enumerate() {
            let text = self.row.try_get::<String, _>(*column);
            let text = text.or_else(|_| {
                self.row
                    .try_get::<i64, _>(*column)
                    .map(|number| number.to_string())
            });
            let between = if index == 0 { "" } else { " / " };
            write!(f, "{between}{}", text.unwrap_or_else(|_| "?".to_owned()))?;
        }
        Ok(())
    }
}

/// A number as the engines keep it.
pub(super) fn signed(number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_| Fault::TooLarge(number))
}
