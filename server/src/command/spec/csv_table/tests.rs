#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use super::*;

fn cells(bytes: &[u8], declared: Declared) -> Result<Vec<(usize, Vec<String>)>> {
    let CsvTable { table, .. } = read(bytes, declared)?;
    let rows = [table.header].into_iter().chain(table.rows);
    Ok(rows.map(|row| (row.number, row.cells)).collect())
}

fn expected(rows: &[(usize, &[&str])]) -> Vec<(usize, Vec<String>)> {
    let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    rows.iter()
        .map(|(number, cells)| (*number, owned(cells)))
        .collect()
}

fn utf16(text: &str, bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn a_table_is_read_whatever_program_wrote_it() {
    let marked = "\u{feff}batch;viability\r\nB1;97,6\r\n";
    let files: [(&str, Vec<u8>); 11] = [
        ("commas", b"batch,viability\nB1,\"97,6\"\n".to_vec()),
        ("semicolons", b"batch;viability\r\nB1;97,6\r\n".to_vec()),
        ("tabs", b"batch\tviability\nB1\t97,6".to_vec()),
        ("a mark", marked.as_bytes().to_vec()),
        ("sep=", b"sep=;\r\nbatch;viability\r\nB1;97,6\r\n".to_vec()),
        (
            "a mark and sep=",
            "\u{feff}sep=;\nbatch;viability\nB1;97,6"
                .as_bytes()
                .to_vec(),
        ),
        (
            "SEP= quoted",
            b"\"SEP=;\"\nbatch;viability\nB1;97,6".to_vec(),
        ),
        (
            "decimal= and sep=",
            b"decimal=,\nsep=;\nbatch;viability\nB1;97,6".to_vec(),
        ),
        ("UTF-16, low byte first", utf16(marked, u16::to_le_bytes)),
        ("UTF-16, high byte first", utf16(marked, u16::to_be_bytes)),
        (
            "a lone separator",
            b"sep=;\nbatch;viability\nB1;97,6".to_vec(),
        ),
    ];
    for (name, bytes) in files {
        let rows = cells(&bytes, Declared::default()).unwrap();
        let texts: Vec<_> = rows.into_iter().map(|(_, cells)| cells).collect();
        assert_eq!(texts, [["batch", "viability"], ["B1", "97,6"]], "{name}");
    }
}

#[test]
fn a_row_has_the_number_that_a_spreadsheet_shows() {
    let text = "sep=;\nbatch;note\n\n\nB1;\"two\nlines\"\n;\nB2;x\n";
    assert_eq!(
        cells(text.as_bytes(), Declared::default()).unwrap(),
        expected(&[
            (2, &["batch", "note"]),
            (5, &["B1", "two\nlines"]),
            (6, &["", ""]),
            (7, &["B2", "x"]),
        ])
    );
    // The same with the line ends of Windows, and with a mark for inches that is no quotation.
    let text = "sep=;\r\nbatch;note\r\n\r\n\r\nB1;5\" dish\r\nB2;\"a \"\"b\"\"\"\r\n";
    assert_eq!(
        cells(text.as_bytes(), Declared::default()).unwrap(),
        expected(&[
            (2, &["batch", "note"]),
            (5, &["B1", "5\" dish"]),
            (6, &["B2", "a \"b\""]),
        ])
    );
    // Empty rows above the headings are none.
    let text = "\r\n;\r\nbatch;viability\r\nB1;97\r\n";
    assert_eq!(
        cells(text.as_bytes(), Declared::default()).unwrap(),
        expected(&[(3, &["batch", "viability"]), (4, &["B1", "97"])])
    );
}

#[test]
fn what_a_file_can_not_say_is_declared_and_never_guessed() {
    let declared = |encoding, separator, decimal_sign| Declared {
        encoding,
        separator,
        decimal_sign,
    };
    let western = b"batch;viability\nM\xfcller;97,6\n";
    let refused = |bytes: &[u8], with: Declared| format!("{:#}", read(bytes, with).unwrap_err());
    assert!(refused(western, Declared::default()).contains("--encoding windows-1252"));
    let rows = cells(western, declared(Some(Encoding::Windows1252), None, None)).unwrap();
    assert_eq!(rows[1].1[0], "Müller");
    let unmarked = utf16("batch;viability\nB1;97", u16::to_le_bytes);
    assert!(refused(&unmarked, Declared::default()).contains("--encoding utf-16le"));
    assert!(cells(&unmarked, declared(Some(Encoding::Utf16Le), None, None)).is_ok());
    let both = b"batch;Viability, %\nB1;97\n";
    assert!(refused(both, Declared::default()).contains("--separator"));
    let rows = cells(both, declared(None, Some(Separator::Semicolon), None)).unwrap();
    assert_eq!(rows[0].1, ["batch", "Viability, %"]);
    for (bytes, with, words) in [
        (
            &b"sep=|\nbatch|viability"[..],
            Declared::default(),
            "declares no separator",
        ),
        (
            b"decimal=x\nbatch;viability",
            Declared::default(),
            "declares no decimal sign",
        ),
        (
            b"decimal=,\ndecimal=.\nbatch;viability",
            Declared::default(),
            "declares its decimal sign twice",
        ),
        (
            b"sep=;\ndecimal=,\nsep=,\nbatch;viability",
            Declared::default(),
            "declares its separator twice",
        ),
        (
            b"sep=;\nbatch;viability",
            declared(None, Some(Separator::Comma), None),
            "another separator than the flag",
        ),
        (
            b"decimal=,\nbatch;viability",
            declared(None, None, Some(Sign::Point)),
            "another decimal sign than the flag",
        ),
        (
            b"\xff\xfeb\x00",
            declared(Some(Encoding::Utf8), None, None),
            "Leave --encoding out",
        ),
        (b"", Declared::default(), "it is empty"),
        (b"\n\n", Declared::default(), "it is empty"),
        (b"\xef\xbb\xbf", Declared::default(), "it is empty"),
        (
            b"batch;viability\nB1;\"97\n",
            Declared::default(),
            "the quotation mark in line 2 is never closed",
        ),
        (
            b"batch;viability\nB1;\xff\n",
            Declared::default(),
            "it is not UTF-8",
        ),
        (b"\xff\xfeb", Declared::default(), "it is not UTF-16LE"),
    ] {
        let said = refused(bytes, with);
        assert!(said.contains(words), "{said}");
    }
    let CsvTable { decimal_sign, .. } =
        read(b"decimal=,\nbatch;viability", Declared::default()).unwrap();
    assert_eq!(decimal_sign, Some(Sign::Comma));
}
