//! Reading what was typed: every field of a form is looked at before it is refused, so that a person mends it once.

use chrono::NaiveDate;
use domain::decimal;
use domain::refusal::Words;
use domain::time::{Timestamp, read_day};
use rust_decimal::Decimal;
use std::str::FromStr;

use crate::desk::Trouble;
use crate::form::Typed;
use crate::zone::Zone;

/// A form being read. Each method gives the value, or notes why there is none.
pub struct Reading<'a> {
    form: &'a Typed,
    refused: Vec<Words>,
}

impl<'a> Reading<'a> {
    /// Begins to read.
    #[must_use]
    pub fn of(form: &'a Typed) -> Self {
        Self {
            form,
            refused: Vec::new(),
        }
    }

    /// Words that may not be empty.
    pub fn text(&mut self, field: &str, label: &str) -> Option<String> {
        let text = self.form.text(field);
        if text.is_empty() {
            return self.refuse(field, format!("{label} is empty. Enter it."));
        }
        Some(text.to_owned())
    }

    /// A number that may not be empty.
    pub fn number(&mut self, field: &str, label: &str) -> Option<Decimal> {
        let text = self.text(field, label)?;
        decimal::parse_non_negative(&text)
            .map_err(|why| self.note(field, format!("{label}: {why}")))
            .ok()
    }

    /// A day that may not be empty.
    pub fn day(&mut self, field: &str, label: &str) -> Option<NaiveDate> {
        let text = self.text(field, label)?;
        match read_day(&text) {
            Some(day) => Some(day),
            None => self.refuse(
                field,
                format!("{label} “{text}” is not a day. Write it as 2026-03-05."),
            ),
        }
    }

    /// A moment that may not be empty, in the zone of the site.
    pub fn moment(
        &mut self,
        field: &str,
        label: &str,
        zone: Zone,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.text(field, label)?;
        self.moment_or_now(field, label, zone, now)?
    }

    /// A moment in the zone of the site; the inner `None` where nothing was typed, which means now.
    pub fn moment_or_now(
        &mut self,
        field: &str,
        label: &str,
        zone: Zone,
        now: Timestamp,
    ) -> Option<Option<Timestamp>> {
        let text = self.form.text(field);
        if text.is_empty() {
            return Some(None);
        }
        match zone.parse(text, now) {
            Ok(moment) => Some(Some(moment)),
            Err(why) => self.refuse(field, format!("{label}: {why}")),
        }
    }

    /// One of a closed list, by the code that the form sends.
    pub fn choice<T: FromStr>(&mut self, field: &str, label: &str) -> Option<T> {
        let text = self.form.text(field);
        match text.parse() {
            Ok(chosen) => Some(chosen),
            Err(_) if text.is_empty() => {
                self.refuse(field, format!("{label} is not chosen. Choose one."))
            }
            Err(_) => self.refuse(
                field,
                format!("{label}: “{text}” is not one of the choices. Choose again."),
            ),
        }
    }

    /// What another reader made of a field.
    pub fn take<T>(&mut self, field: &str, read: Result<T, impl ToString>) -> Option<T> {
        read.map_err(|why| self.note(field, why.to_string())).ok()
    }

    /// Notes why a field is refused.
    pub fn note(&mut self, field: &str, text: impl Into<String>) {
        self.refused.push(Words::at(field, text));
    }

    /// Goes on where nothing was noted.
    ///
    /// # Errors
    /// [`Trouble::Refused`] with everything that was.
    pub fn finish(self) -> Result<(), Trouble> {
        if self.refused.is_empty() {
            Ok(())
        } else {
            Err(self.refused())
        }
    }

    /// What has been noted, as the answer to the form.
    #[must_use]
    pub fn refused(self) -> Trouble {
        Trouble::Refused(self.refused)
    }

    /// The same, with what is said besides of fields that could be read.
    #[must_use]
    pub fn refused_with(mut self, more: impl Iterator<Item = Words>) -> Trouble {
        let unread: Vec<_> = self
            .refused
            .iter()
            .filter_map(|one| one.field.clone())
            .collect();
        self.refused.extend(more.filter(|words| {
            let at = words.field.as_ref();
            at.is_some_and(|field| !unread.contains(field))
        }));
        Trouble::Refused(self.refused)
    }

    /// Whether everything could be read so far.
    #[must_use]
    pub fn nothing_noted(&self) -> bool {
        self.refused.is_empty()
    }

    /// Notes user name and password of a signature where one is empty: so that this is said with everything else.
    pub fn signature(&mut self) {
        self.text("user_name", "User name");
        if self.form.raw("password").unwrap_or_default().is_empty() {
            self.note("password", "Password is empty. Enter it.");
        }
    }

    fn refuse<T>(&mut self, field: &str, text: String) -> Option<T> {
        self.note(field, text);
        None
    }
}
