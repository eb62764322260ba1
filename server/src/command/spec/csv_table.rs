//! From the bytes of a CSV file, as spreadsheets and instruments write it, to the rows of a table. What a file can't say for
//! itself is declared, by a line before its headings or by a flag; nothing is guessed.

use super::{Separator, Sign};
use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;
use csv::{ReaderBuilder, StringRecord};
use domain::release::table::{Table, TableRow};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The longest table: a file that is larger is no table of results.
const LONGEST: usize = 64 * 1024 * 1024;

/// How letters are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Encoding {
    /// UTF-8.
    #[value(name = "utf-8")]
    Utf8,
    /// UTF-16, the low byte first, as Excel's “Unicode text”.
    #[value(name = "utf-16le")]
    Utf16Le,
    /// UTF-16, the high byte first.
    #[value(name = "utf-16be")]
    Utf16Be,
    /// Windows-1252, as Excel writes CSV in Western Europe.
    #[value(name = "windows-1252")]
    Windows1252,
}

/// What flags say of a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Declared {
    /// How its letters are stored.
    pub encoding: Option<Encoding>,
    /// What separates its cells.
    pub separator: Option<Separator>,
    /// Its decimal sign.
    pub decimal_sign: Option<Sign>,
}

/// A table, and the decimal sign that is declared for it.
#[derive(Debug)]
pub struct CsvTable {
    /// The table.
    pub table: Table,
    /// The sign, where one is declared.
    pub decimal_sign: Option<Sign>,
}

/// Reads a file.
pub fn read(bytes: &[u8], declared: Declared) -> Result<CsvTable> {
    ensure!(
        bytes.len() <= LONGEST,
        "it has {} bytes; at most {LONGEST} are read",
        bytes.len()
    );
    let text = decoded(bytes, declared.encoding)?;
    let (head, body) = Head::of(&text)?;
    let separator = agreed("separator", head.separator, declared.separator)?;
    let decimal_sign = agreed("decimal sign", head.decimal_sign, declared.decimal_sign)?;
    let separator = match separator {
        Some(separator) => separator,
        None => separator_of(body)?,
    };
    let rows = rows(body, separator, head.lines)?;
    let mut rows = rows.into_iter();
    let Some(header) = rows.next() else {
        bail!("it is empty. Its first row names the columns: batch, then the criteria.");
    };
    Ok(CsvTable {
        table: Table {
            header,
            rows: rows.collect(),
        },
        decimal_sign,
    })
}

/// The one that is declared; refused where a line of the file and a flag disagree.
fn agreed<T: PartialEq + ValueEnum>(
    what: &str,
    line: Option<T>,
    flag: Option<T>,
) -> Result<Option<T>> {
    match (line, flag) {
        (Some(line), Some(flag)) if line != flag => {
            bail!(
                "a line before its headings declares another {what} than the flag does. Leave one out."
            )
        }
        (line, flag) => Ok(line.or(flag)),
    }
}

/// The text of the bytes, without a byte order mark.
fn decoded(bytes: &[u8], declared: Option<Encoding>) -> Result<String> {
    let marked = encoding_rs::Encoding::for_bom(bytes);
    let named = declared.map(|encoding| match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Windows1252 => WINDOWS_1252,
    });
    let (encoding, mark) = match (marked, named) {
        (Some((marked, _)), Some(named)) if marked != named => bail!(
            "its first bytes mark it as {}, and --encoding says {}. Leave --encoding out.",
            marked.name(),
            named.name()
        ),
        (Some((marked, mark)), _) => (marked, mark),
        (None, Some(named)) => (named, 0),
        (None, None) if bytes.contains(&0) => bail!(
            "it holds zero bytes and no byte order mark. If it is UTF-16, add --encoding utf-16le or utf-16be."
        ),
        (None, None) => (UTF_8, 0),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    let text = text.with_context(|| {
        let name = encoding.name();
        if encoding == UTF_8 {
            format!("it is not {name}. Save it as CSV UTF-8, or say how it is stored: --encoding windows-1252.")
        } else {
            format!("it is not {name}")
        }
    })?;
    Ok(text.into_owned())
}

/// What the lines before the headings declare.
#[derive(Default)]
struct Head {
    separator: Option<Separator>,
    decimal_sign: Option<Sign>,
    /// How many lines there are.
    lines: usize,
}

impl Head {
    /// Reads `sep=;` (as Excel does) and `decimal=,` in either order.
    fn of(text: &str) -> Result<(Self, &str)> {
        let mut head = Self::default();
        let mut rest = text;
        loop {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            // Excel fills the line up with empty cells when it saves it again.
            let line = line.trim_end_matches(['\r', ' ']).trim_matches('"');
            let lower = line.to_ascii_lowercase();
            if let Some(sign) = lower.strip_prefix("sep=") {
                ensure!(
                    head.separator.is_none(),
                    "it declares its separator twice. Leave one of the lines sep= out."
                );
                head.separator = Some(match sign.chars().next() {
                    Some(',') => Separator::Comma,
                    Some(';') => Separator::Semicolon,
                    Some('\t') => Separator::Tab,
                    _ => bail!(
                        "its line “{line}” declares no separator that is read: a comma, a semicolon or a tab."
                    ),
                });
            } else if let Some(sign) = lower.strip_prefix("decimal=") {
                ensure!(
                    head.decimal_sign.is_none(),
                    "it declares its decimal sign twice. Leave one of the lines decimal= out."
                );
                head.decimal_sign = Some(match sign.trim_matches('"').chars().next() {
                    Some('.') => Sign::Point,
                    Some(',') => Sign::Comma,
                    _ => bail!(
                        "its line “{line}” declares no decimal sign: write decimal=. or decimal=,"
                    ),
                });
            } else {
                return Ok((head, rest));
            }
            head.lines += 1;
            rest = after;
        }
    }
}

/// What separates the headings. Nothing else says it: cells may hold commas as decimal signs.
fn separator_of(text: &str) -> Result<Separator> {
    let mut quoted = false;
    let mut found = [(',', false), (';', false), ('\t', false)];
    let first = text.trim_start_matches(['\r', '\n']);
    for sign in first.chars() {
        match sign {
            '"' => quoted = !quoted,
            '\r' | '\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (separator, there) in &mut found {
                    *there |= *separator == sign;
                }
            }
        }
    }
    Ok(match found.map(|(_, there)| there) {
        [_, false, false] => Separator::Comma,
        [false, true, false] => Separator::Semicolon,
        [false, false, true] => Separator::Tab,
        _ => bail!(
            "its headings hold more than one of comma, semicolon and tab. Say which one separates the cells: --separator, \
             or a first line sep=;"
        ),
    })
}

/// The rows with their numbers as a spreadsheet shows them: a line break in quotes begins none, and an empty line is one.
fn rows(text: &str, separator: Separator, before: usize) -> Result<Vec<TableRow>> {
    let mut reader = ReaderBuilder::new()
        // Rows of another length are refused with their number, as every other mistake is.
        .flexible(true)
        .has_headers(false)
        .delimiter(match separator {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
        })
        .from_reader(text.as_bytes());
    let mut rows: Vec<TableRow> = Vec::new();
    let mut record = StringRecord::new();
    let mut number = before;
    let bytes = text.as_bytes();
    while reader.read_record(&mut record)? {
        let start = record.position().map_or(0, |position| position.byte());
        let start = usize::try_from(start)?;
        // The reader passes over empty lines; a spreadsheet counts them.
        number += 1 + empty_lines(bytes, start);
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if rows.is_empty() && cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        rows.push(TableRow { number, cells });
    }
    if let Some(open) = open_quote(text, separator) {
        bail!(
            "the quotation mark in line {} is never closed",
            before + open
        );
    }
    Ok(rows)
}

/// Empty lines before a record that begins at `start`, as the reader counts: behind the CR of a CRLF, and before what it skips.
fn empty_lines(bytes: &[u8], start: usize) -> usize {
    let behind_cr = start > 0 && bytes.get(start - 1) == Some(&b'\r');
    let own_end = behind_cr && bytes.get(start) == Some(&b'\n');
    let from = start + usize::from(own_end);
    bytes
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|byte| **byte == b'\n')
        .count()
}

/// The line of a quotation mark at the head of a cell that has no other end: the rest of the file would be one cell.
fn open_quote(text: &str, separator: Separator) -> Option<usize> {
    let separator = match separator {
        Separator::Comma => ',',
        Separator::Semicolon => ';',
        Separator::Tab => '\t',
    };
    let mut line = 1;
    let mut opened = None;
    let mut at_head = true;
    for sign in text.chars() {
        if sign == '"' && opened.is_some() {
            // A doubled one closes and opens at once.
            opened = None;
            at_head = true;
        } else if sign == '"' && at_head {
            opened = Some(line);
        } else {
            at_head = sign == separator || matches!(sign, '\n' | '\r');
        }
        if sign == '\n' {
            line += 1;
        }
    }
    opened
}

#[cfg(test)]
mod tests;
