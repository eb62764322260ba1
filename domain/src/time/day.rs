//! Days as they are typed, pasted from a spreadsheet, or scanned from a label.

use crate::{
    decimal::repeated,
    identifiers::{ScanKind, Scanned, scan_in, without_frame},
    typed,
};
use chrono::{Datelike as _, NaiveDate};

/// A text that is no day, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotADay {
    /// In no form that is read.
    #[error("“{text}” is not a day. Write it as 2026-03-05, or as 5 Mar 2026.")]
    Unreadable {
        /// What was typed.
        text: String,
    },
    /// A day and a month that can be read in either order.
    #[error("“{text}” can be read in two ways. Write {one} or {other}.")]
    Ambiguous {
        /// What was typed.
        text: String,
        /// The day before the month.
        one: NaiveDate,
        /// The month before the day.
        other: NaiveDate,
    },
    /// A year of two digits, which may be the day as well.
    #[error("“{text}” has a year of two digits. Write it in full, as in 2026-03-05.")]
    ShortYear {
        /// What was typed.
        text: String,
    },
    /// The number by which a spreadsheet counts days.
    #[error(
        "“{text}” is how a spreadsheet counts days. Write the day as 2026-03-05, or show the column as dates before you copy it."
    )]
    Serial {
        /// What was typed.
        text: String,
    },
    /// Not in the calendar.
    #[error("“{text}” is not in the calendar. Check the day and the month.")]
    NoSuchDay {
        /// What was typed.
        text: String,
    },
    /// A year that no record has.
    #[error("“{text}” is in the year {year}. Check the year.")]
    Year {
        /// What was typed.
        text: String,
        /// The year.
        year: i32,
    },
    /// A scan that holds no day.
    #[error("This is {}. Enter the day as 2026-03-05.", what.with_article())]
    Scan {
        /// What it is.
        what: ScanKind,
    },
    /// A scan of a day that can't be used.
    #[error("{why}")]
    WrongScan {
        /// What is wrong with it.
        why: String,
    },
    /// A character that can't be seen.
    #[error("“{text}” holds an invisible character ({name}). Type the day again.")]
    Invisible {
        /// What was typed, without it.
        text: String,
        /// Its name.
        name: &'static str,
    },
}

/// Reads a day in one reading: `2026-03-05`, `5 Mar 2026`, `05-MAR-2026`, `27.11.2026`, `27/11/2026`, or an expiry or
/// collection date as a scanner sends it.
///
/// # Errors
/// [`NotADay`]: `05/03/2026` is one day in Dublin and another in Boston, and neither is guessed.
pub fn typed_day(text: &str) -> Result<NaiveDate, NotADay> {
    match scan_in(text) {
        Some(what) => scanned(text, what),
        None => written_day(without_frame(text)),
    }
}

/// Reads a day as people write it.
///
/// # Errors
/// As [`typed_day`].
pub(crate) fn written_day(text: &str) -> Result<NaiveDate, NotADay> {
    if let Some(name) = typed::invisible(text) {
        return Err(NotADay::Invisible {
            text: repeated(&typed::without_invisible(text)),
            name,
        });
    }
    let shown = || repeated(text);
    let unreadable = || NotADay::Unreadable { text: shown() };
    if text.len() > 30 {
        return Err(unreadable());
    }
    if text.len() >= 5 && text.len() <= 8 && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(match text.len() {
            5 => NotADay::Serial { text: shown() },
            _ => unreadable(),
        });
    }
    let parts: Vec<&str> = text
        .split([' ', '-', '.', '/', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let [first, second, third] = parts[..] else {
        return Err(unreadable());
    };
    let numbers = (digits(first), digits(second), digits(third));
    let read = |year: &str, month: u32, day: u32| dated(year, month, day, text);
    match numbers {
        // The year first: then the month, everywhere.
        (Some(_), Some(month), Some(day)) if first.len() == 4 => {
            if one_separator(text) {
                read(first, month, day)
            } else {
                Err(unreadable())
            }
        }
        (Some(one), Some(other), Some(_)) if third.len() == 4 => {
            if !one_separator(text) {
                return Err(unreadable());
            }
            either_order(third, one, other, text)
        }
        (Some(_), Some(_), Some(_)) => Err(NotADay::ShortYear { text: shown() }),
        (Some(day), None, Some(_)) if third.len() == 4 => {
            let month = month(second).ok_or_else(unreadable)?;
            read(third, month, day)
        }
        (Some(_), None, Some(day)) if first.len() == 4 => {
            let month = month(second).ok_or_else(unreadable)?;
            read(first, month, day)
        }
        (None, Some(day), Some(_)) if third.len() == 4 => {
            let month = month(first).ok_or_else(unreadable)?;
            read(third, month, day)
        }
        (Some(_), None, Some(_)) | (None, Some(_), Some(_)) => {
            Err(if month(first).or(month(second)).is_some() {
                NotADay::ShortYear { text: shown() }
            } else {
                unreadable()
            })
        }
        _ => Err(unreadable()),
    }
}

fn scanned(text: &str, what: ScanKind) -> Result<NaiveDate, NotADay> {
    if !matches!(what, ScanKind::Expiry | ScanKind::Collection) {
        return Err(NotADay::Scan { what });
    }
    match Scanned::read(text) {
        Ok(
            Scanned::ExpirationDate(day)
            | Scanned::ExpirationDateTime { day, .. }
            | Scanned::CollectionDateTime { day, .. },
        ) => Ok(day),
        Ok(
            Scanned::Din(_)
            | Scanned::Product { .. }
            | Scanned::ProcessorProduct { .. }
            | Scanned::Division(_)
            | Scanned::Compound(_),
        ) => Err(NotADay::Scan { what }),
        Err(why) => Err(NotADay::WrongScan {
            why: why.to_string(),
        }),
    }
}

/// A number of one, two or four digits.
fn digits(part: &str) -> Option<u32> {
    let plain = matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|sign| sign.is_ascii_digit());
    plain.then(|| part.parse().ok()).flatten()
}

/// Whether the same sign stands twice, once between each two numbers.
fn one_separator(text: &str) -> bool {
    let signs: Vec<char> = text.chars().filter(|sign| !sign.is_ascii_digit()).collect();
    matches!(signs[..], [one, other] if one == other)
}

fn month(name: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.to_ascii_lowercase();
    let fits = |month: &str| name.len() >= 3 && (name == month || name == month[..3]);
    let place = MONTHS.iter().position(|month| fits(month))?;
    u32::try_from(place + 1).ok()
}

fn either_order(year: &str, one: u32, other: u32, text: &str) -> Result<NaiveDate, NotADay> {
    let day_first = dated(year, other, one, text);
    let month_first = dated(year, one, other, text);
    match (day_first, month_first) {
        (Ok(day), Ok(month)) if day != month => Err(NotADay::Ambiguous {
            text: repeated(text),
            one: day,
            other: month,
        }),
        (Ok(day), _) => Ok(day),
        (Err(_), Ok(day)) => Ok(day),
        (Err(why), Err(_)) => Err(why),
    }
}

fn dated(year: &str, month: u32, day: u32, text: &str) -> Result<NaiveDate, NotADay> {
    let date = year
        .parse()
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    let date = date.ok_or_else(|| NotADay::NoSuchDay {
        text: repeated(text),
    })?;
    // A patient may be born before 1950; no record is of a day outside these years, and a slip of a key is.
    if (1900..=2199).contains(&date.year()) {
        Ok(date)
    } else {
        Err(NotADay::Year {
            text: repeated(text),
            year: date.year(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    // DI-4
    #[test]
    fn a_day_is_read_where_it_can_be_read_in_one_way() {
        for (typed, meant) in [
            ("2026-03-05", "2026-03-05"),
            (" 2026-03-05 ", "2026-03-05"),
            ("2026-3-5", "2026-03-05"),
            ("2026/03/05", "2026-03-05"),
            ("2026.03.05", "2026-03-05"),
            ("27.11.2026", "2026-11-27"),
            ("27/11/2026", "2026-11-27"),
            ("11/27/2026", "2026-11-27"),
            ("27-11-2026", "2026-11-27"),
            ("05.05.2026", "2026-05-05"),
            ("5 Mar 2026", "2026-03-05"),
            ("05-MAR-2026", "2026-03-05"),
            ("5. March 2026", "2026-03-05"),
            ("March 5, 2026", "2026-03-05"),
            ("2026-Mar-05", "2026-03-05"),
            // As print and scanners have them: 23:59 stands for a time not known.
            ("=>026064", "2026-03-05"),
            ("]C1=>026064\r\n", "2026-03-05"),
            ("&>0260642359", "2026-03-05"),
            ("&*0260641330", "2026-03-05"),
        ] {
            let read = typed_day(typed);
            assert_eq!(read, Ok(meant.parse().unwrap()), "{typed}");
        }
    }

    #[test]
    fn a_day_that_is_none_or_two_is_refused_with_words() {
        for (typed, words) in [
            (
                "05.03.2026",
                "“05.03.2026” can be read in two ways. Write 2026-03-05 or 2026-05-03.",
            ),
            (
                "03/05/2026",
                "“03/05/2026” can be read in two ways. Write 2026-05-03 or 2026-03-05.",
            ),
            ("46353", "“46353” is how a spreadsheet counts days."),
            ("20260305", "is not a day"),
            ("260305", "is not a day"),
            ("26-03-05", "has a year of two digits"),
            ("5.3.26", "has a year of two digits"),
            ("5 Mar 26", "has a year of two digits"),
            ("2026-02-29", "is not in the calendar"),
            ("31.02.2026", "is not in the calendar"),
            ("32.13.2026", "is not in the calendar"),
            ("0026-03-05", "is in the year 26"),
            ("0365-02-06", "is in the year 365"),
            ("9999-01-01", "is in the year 9999"),
            ("+2026-03-05", "is not a day"),
            ("2026-03/05", "is not a day"),
            ("2026--03-05", "is not a day"),
            ("5 M 2026", "is not a day"),
            ("yesterday", "is not a day"),
            ("", "is not a day"),
            (
                "2026-03-05\u{200b}",
                "invisible character (zero-width space)",
            ),
            ("２０２６-03-05", "is not a day"),
            ("=A99991712345600", "This is a DIN scan."),
            ("=<S12951A0", "This is a product code scan."),
            ("=>026366", "has a day that is in no calendar"),
            ("=>126064", "has a day that is in no calendar"),
        ] {
            let said = typed_day(typed).unwrap_err().to_string();
            assert!(said.contains(words), "{typed}: {said}");
        }
    }
}
