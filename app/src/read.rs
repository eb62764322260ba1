//! Reading what was typed: every field of a form is looked at before it is refused, so that a person mends it once.

use chrono::NaiveDate;
use domain::decimal::DecimalSign;
use domain::identifiers::{Scanned, scan_in};
use domain::measure::Quantity;
use domain::refusal::Words;
use domain::time::{Timestamp, typed_day};
use domain::typed::{self, Takes};
use rust_decimal::Decimal;
use std::str::FromStr;
use store::Person;

use crate::desk::Trouble;
use crate::door::is_own_user_name;
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

    /// Words of one line or several that may not be empty.
    pub fn text(&mut self, field: &str, label: &str) -> Option<String> {
        let text = self.filled(field, label)?;
        let taken = typed::lines(text, label).map(str::to_owned);
        self.take(field, taken)
    }

    /// One line that may not be empty, without what a scanner puts around it and nothing that belongs into another field.
    pub fn line(&mut self, field: &str, label: &str, takes: Takes) -> Option<String> {
        let text = self.filled(field, label)?;
        let taken = typed::line(text, label, takes).map(str::to_owned);
        self.take(field, taken)
    }

    /// A number that may not be empty or below zero.
    pub fn number(
        &mut self,
        field: &str,
        label: &str,
        quantity: impl Into<Quantity>,
    ) -> Option<Decimal> {
        let text = self.filled(field, label)?;
        quantity
            .into()
            .read_non_negative(text, DecimalSign::Either)
            .map_err(|why| self.note(field, format!("{label}: {why}")))
            .ok()
    }

    /// A day that may not be empty.
    pub fn day(&mut self, field: &str, label: &str) -> Option<NaiveDate> {
        let text = self.line(field, label, Takes::Day)?;
        typed_day(&text)
            .map_err(|why| self.note(field, format!("{label}: {why}")))
            .ok()
    }

    /// What was typed, where something else reads it; it may not be empty.
    pub fn as_typed(&mut self, field: &str, label: &str) -> Option<String> {
        self.filled(field, label).map(str::to_owned)
    }

    /// What was typed into a field; noted as refused where it is nothing.
    fn filled(&mut self, field: &str, label: &str) -> Option<&'a str> {
        let text = self.form.text(field);
        if text.is_empty() {
            return self.refuse(field, format!("{label} is empty. Enter it."));
        }
        Some(text)
    }

    /// A moment that may not be empty, in the zone of the site.
    pub fn moment(
        &mut self,
        field: &str,
        label: &str,
        zone: Zone,
        now: Timestamp,
    ) -> Option<Timestamp> {
        self.filled(field, label)?;
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
        let text = self.line(field, label, Takes::Moment)?;
        let scanned;
        let text = match scan_in(&text) {
            None => &text,
            Some(_) => {
                scanned = self.take(field, scanned_moment(&text))?;
                &scanned
            }
        };
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
    pub fn refused_with(mut self, more: impl IntoIterator<Item = Words>) -> Trouble {
        self.note_more(more);
        self.refused()
    }

    /// Notes what is said besides of fields that could be read.
    pub fn note_more(&mut self, more: impl IntoIterator<Item = Words>) {
        let noted = self.refused.iter().filter_map(|one| one.field.clone());
        let unread: Vec<_> = noted.collect();
        let read = more.into_iter().filter(|words| {
            let at = words.field.as_ref();
            at.is_some_and(|field| !unread.contains(field))
        });
        self.refused.extend(read);
    }

    /// Whether everything could be read so far.
    #[must_use]
    pub fn nothing_noted(&self) -> bool {
        self.refused.is_empty()
    }

    /// Notes what can be wrong with user name and password of a signature before the password is looked at, so that this is
    /// said with everything else.
    pub fn signature(&mut self, signer: &Person) {
        if let Some(name) = self.text("user_name", "User name") {
            self.take("user_name", is_own_user_name(signer, &name));
        }
        self.password("Password");
    }

    /// Notes the password that proves who somebody is where it is empty; whether it is right is asked last of all.
    pub fn password(&mut self, label: &str) {
        if self.form.raw("password").unwrap_or_default().is_empty() {
            self.note("password", format!("{label} is empty. Enter it."));
        }
    }

    fn refuse<T>(&mut self, field: &str, text: String) -> Option<T> {
        self.note(field, text);
        None
    }
}

/// The date and time of a collection as a label has them, in the form in which a person types them. Print has 23:59 for a time
/// that is not known.
fn scanned_moment(text: &str) -> Result<String, String> {
    match Scanned::read(text).map_err(|why| why.to_string())? {
        Scanned::CollectionDateTime { day, time } => {
            let time = time.format("%H:%M").to_string();
            if time == "23:59" {
                return Err(format!(
                    "This label has the day {day} and no time. Type the time as well: {day} 13:42."
                ));
            }
            Ok(format!("{day} {time}"))
        }
        Scanned::Din(_)
        | Scanned::Product { .. }
        | Scanned::ProcessorProduct { .. }
        | Scanned::Division(_)
        | Scanned::ExpirationDate(_)
        | Scanned::ExpirationDateTime { .. }
        | Scanned::Compound(_) => {
            Err("This scan holds no date and time. Type it as 2026-03-05 13:42.".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(reading: Reading<'_>) -> Vec<String> {
        reading
            .refused
            .into_iter()
            .map(|words| words.text)
            .collect()
    }

    // ATMP-9: what the page's own script would stop is stopped without it.
    #[test]
    fn a_scan_into_the_wrong_field_of_a_form_is_refused_and_named() {
        let form = Typed::of(&[
            ("subject", "=A99991712345600"),
            ("lot", "]C1=<S12951A0"),
            ("reason", "CHA999926000001"),
            ("consented_on", "=>026365"),
            ("weight_kg", "=A99991712345600"),
            ("collected_at", "&>0263652359"),
        ]);
        let mut reading = Reading::of(&form);
        assert_eq!(
            reading.line("subject", "Subject code", Takes::Subject),
            None
        );
        assert_eq!(reading.text("lot", "Lot"), None);
        assert_eq!(reading.text("reason", "Reason"), None);
        assert_eq!(reading.day("consented_on", "Day of consent"), None);
        let weight = domain::batch::body_weight();
        assert_eq!(reading.number("weight_kg", "Body weight", weight), None);
        let (zone, now) = (Zone::utc(), Timestamp::from(chrono::DateTime::UNIX_EPOCH));
        assert_eq!(
            reading.moment("collected_at", "Time of collection", zone, now),
            None
        );
        let said = refused(reading);
        for (said, words) in said.iter().zip([
            "This is a DIN scan. The subject code has letters, digits and hyphens only.",
            "This is a product code scan.",
            "This is a chain-of-identity identifier (CoI).",
            "This is an expiry date scan.",
            "Body weight: This is a DIN scan.",
            "This is an expiry date scan.",
        ]) {
            assert!(said.starts_with(words), "{said}");
        }
        assert_eq!(said.len(), 6);
    }

    #[test]
    fn a_scan_that_fits_is_read() {
        let form = Typed::of(&[
            ("collected_at", "]C1&*0260640930\r"),
            ("unknown", "&*0260642359"),
            ("day", "&*0260642359"),
            ("weight_kg", "70.125 kg"),
            ("reason", "one\ntwo"),
        ]);
        let mut reading = Reading::of(&form);
        let (zone, now) = (Zone::utc(), Timestamp::from(chrono::DateTime::UNIX_EPOCH));
        let at = reading.moment("collected_at", "Time of collection", zone, now);
        assert_eq!(
            at.map(|at| at.to_string()).as_deref(),
            Some("2026-03-05T09:30:00.000000Z")
        );
        assert_eq!(
            reading
                .day("day", "Day")
                .map(|day| day.to_string())
                .as_deref(),
            Some("2026-03-05")
        );
        let weight = reading.number("weight_kg", "Body weight", domain::batch::body_weight());
        assert_eq!(weight.map(|kg| kg.to_string()).as_deref(), Some("70.125"));
        assert_eq!(
            reading.text("reason", "Reason").as_deref(),
            Some("one\ntwo")
        );
        assert_eq!(
            reading.moment("unknown", "Time of collection", zone, now),
            None
        );
        assert_eq!(
            refused(reading),
            [
                "This label has the day 2026-03-05 and no time. Type the time as well: 2026-03-05 13:42."
            ]
        );
    }
}
