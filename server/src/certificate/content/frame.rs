//! Head and foot of every page.

use crate::certificate::{
    layout::{Line, MARGIN, Mark, PAGE, Style, WIDTH, height, paragraph, wrap},
    typeface::Faces,
};
use domain::certificate::{Certificate, Status};

const TEXT: Style = Style::regular(7.0);
const STRONG: Style = Style::bold(7.0);
/// The room for the number of a certificate beside the name of its site.
const NUMBER: f32 = 250.0;
/// The room for “Page 10 of 12”.
const PAGES: f32 = 70.0;
const GAP: f32 = 10.0;
/// From the rule to the text outside, and to the text of the page.
const INNER: f32 = 3.0;
const OUTER: f32 = 9.0;

/// Head and foot, the same on each page but for the page's number.
pub(super) struct Frame {
    site: Vec<Line>,
    number: Vec<Line>,
    foot: Vec<Line>,
}

impl Frame {
    pub fn of(certificate: &Certificate, faces: &Faces) -> Self {
        let status = match certificate.status {
            Status::Final => String::new(),
            Status::Withdrawn { .. } | Status::Superseded { .. } | Status::Void { .. } => {
                format!(" – {}", certificate.status.word().to_uppercase())
            }
        };
        let number = format!("Certificate of analysis {}{status}", certificate.number);
        let checkpoint = &certificate.checkpoint;
        let printed_from = format!(
            "Printed from checkpoint {}, {} entries, root {}",
            checkpoint.origin, checkpoint.size, checkpoint.root
        );
        let site = format!("{} · {}", certificate.site.code, certificate.site.name);
        let wrapped =
            |text: String, style: Style, width: f32| wrap(faces, &paragraph(text, style), width);
        let mut foot = wrapped(
            format!(
                "Certificate {}, print {} of {}",
                certificate.number, certificate.printing.number, certificate.printing.at
            ),
            TEXT,
            WIDTH - PAGES - GAP,
        );
        foot.extend(wrapped(printed_from, TEXT, WIDTH - PAGES - GAP));
        Self {
            site: wrapped(site, TEXT, WIDTH - NUMBER - GAP),
            number: wrapped(number, STRONG, NUMBER),
            foot,
        }
    }

    pub fn head_height(&self) -> f32 {
        height(&self.site).max(height(&self.number)) + INNER + OUTER
    }

    pub fn foot_height(&self) -> f32 {
        height(&self.foot) + INNER + OUTER
    }

    /// The pages with head and foot.
    pub fn around(&self, mut pages: Vec<Vec<Mark>>, faces: &Faces) -> Vec<Vec<Mark>> {
        let count = pages.len();
        for (index, page) in pages.iter_mut().enumerate() {
            let mut marks = self.head(faces);
            marks.append(page);
            marks.extend(self.foot(faces, index + 1, count));
            *page = marks;
        }
        pages
    }

    fn head(&self, faces: &Faces) -> Vec<Mark> {
        let mut marks = column(&self.site, MARGIN, MARGIN, faces);
        let mut y = MARGIN;
        for line in &self.number {
            marks.extend(line.marks(MARGIN + WIDTH - line.width, y, faces));
            y += line.height;
        }
        let below = MARGIN + self.head_height() - OUTER;
        marks.push(rule(below));
        marks
    }

    fn foot(&self, faces: &Faces, page: usize, count: usize) -> Vec<Mark> {
        let top = PAGE.1 - MARGIN - height(&self.foot);
        let mut marks = vec![rule(top - INNER)];
        marks.extend(column(&self.foot, MARGIN, top, faces));
        for line in wrap(
            faces,
            &paragraph(format!("Page {page} of {count}"), STRONG),
            PAGES,
        ) {
            marks.extend(line.marks(MARGIN + WIDTH - line.width, top, faces));
        }
        marks
    }
}

fn column(lines: &[Line], x: f32, y: f32, faces: &Faces) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut y = y;
    for line in lines {
        marks.extend(line.marks(x, y, faces));
        y += line.height;
    }
    marks
}

fn rule(y: f32) -> Mark {
    Mark::Rule {
        from: (MARGIN, y),
        to: (MARGIN + WIDTH, y),
        thickness: 0.5,
    }
}
