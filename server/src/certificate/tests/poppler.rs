//! Reads printed pages back with poppler's tools.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

/// What a tool says of a file; `None`, said loudly, where the tool isn't there. CI has it, so there it must be.
pub fn poppler(tool: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(why) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "{tool} can't be run: {why}. Install poppler-utils."
            );
            eprintln!(
                "SKIPPED: {tool} can't be run ({why}), nothing was compared. Install poppler-utils."
            );
            return None;
        }
    };
    let mut stdin = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{tool}: {complaints}"
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The text of each page, in the order in which it was written: a cell of a table stays together.
pub fn pages(pdf: &[u8]) -> Option<Vec<String>> {
    let text = poppler("pdftotext", &["-raw", "-enc", "UTF-8", "-", "-"], pdf)?;
    Some(text.split_terminator('\u{c}').map(str::to_owned).collect())
}

/// A word and where it stands, in points from the top left corner.
#[derive(Debug)]
pub struct Word {
    #[expect(dead_code, reason = "named by a failing test")]
    pub text: String,
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Word {
    pub fn overlaps(&self, other: &Self) -> bool {
        // Places are written with six decimals; words of one line touch.
        let slack = 0.05;
        self.left + slack < other.right
            && other.left + slack < self.right
            && self.top + slack < other.bottom
            && other.top + slack < self.bottom
    }
}

/// The words of each page.
pub fn words(pdf: &[u8]) -> Option<Vec<Vec<Word>>> {
    let xml = poppler(
        "pdftotext",
        &["-bbox-layout", "-enc", "UTF-8", "-", "-"],
        pdf,
    )?;
    Some(
        xml.split("<page ")
            .skip(1)
            .map(|page| page.split("<word ").skip(1).map(word).collect())
            .collect(),
    )
}

fn word(xml: &str) -> Word {
    let place = |name: &str| -> f32 {
        let value = xml.split(&format!("{name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().parse().unwrap()
    };
    let text = xml.split('>').nth(1).unwrap().split('<').next().unwrap();
    Word {
        text: text.to_owned(),
        left: place("xMin"),
        top: place("yMin"),
        right: place("xMax"),
        bottom: place("yMax"),
    }
}
