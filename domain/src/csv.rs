//! Lines of a table that a spreadsheet opens (RFC 4180, UTF-8): every copy that people download is written with these.

/// Appends a line of `width` cells, empty ones after those given. None begins a formula.
pub fn line<'a>(text: &mut String, width: usize, cells: impl IntoIterator<Item = &'a str>) {
    let mut written = 0;
    for cell in cells {
        if written > 0 {
            text.push(',');
        }
        text.push_str(&quoted(&guarded(cell)));
        written += 1;
    }
    for _ in written..width {
        text.push(',');
    }
    text.push_str("\r\n");
}

/// A cell that a spreadsheet shows as text and never runs as a formula: one that begins with `=`, `+`, `-`, `@`, their wide
/// forms, a tab or a line break gets an apostrophe before it.
///
/// Where a comma is the decimal sign, spreadsheets end a cell at a semicolon instead, whatever the quotes around it say: what
/// would begin a formula there gets one too.
#[must_use]
pub fn guarded(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 1);
    if cell.starts_with(['\t', '\r', '\n']) {
        text.push('\'');
    }
    let mut begins = true;
    for (at, sign) in cell.char_indices() {
        if begins && cell[at..].trim_start_matches(' ').starts_with(FORMULA) {
            text.push('\'');
        }
        begins = matches!(sign, ';' | '\t' | '\r' | '\n');
        text.push(sign);
    }
    text
}

/// What a formula begins with.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\r', '\n', ';', '\t']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_never_begins_a_formula() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+393331234", "'+393331234"),
            ("-80 °C", "'-80 °C"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("\nx", "'\nx"),
            (" =1+1", "' =1+1"),
            ("＝1+1", "'＝1+1"),
            // Where a semicolon ends a cell.
            ("seen;=1+1", "seen;'=1+1"),
            ("seen; @SUM(A1)", "seen;' @SUM(A1)"),
            ("seen\n-x\t+y", "seen\n'-x\t'+y"),
            ("seen; and done", "seen; and done"),
            ("'=x", "'=x"),
            ("a=b", "a=b"),
            ("96.4 %", "96.4 %"),
            ("", ""),
        ];
        for (cell, expected) in cases {
            assert_eq!(guarded(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn a_line_has_its_width_and_quotes_what_would_break_it() {
        let mut text = String::new();
        line(&mut text, 3, ["a", "b;c"]);
        line(&mut text, 3, ["=\"x\"", "1,5", "two\nlines"]);
        assert_eq!(
            text,
            "a,\"b;c\",\r\n\"'=\"\"x\"\"\",\"1,5\",\"two\nlines\"\r\n"
        );
    }
}
