//! Finds a place for text: wrapping by glyph widths, and pages.

use super::typeface::{Faces, Weight};

const MILLIMETRE: f32 = 72.0 / 25.4;
/// A4.
pub(super) const PAGE: (f32, f32) = (210.0 * MILLIMETRE, 297.0 * MILLIMETRE);
/// The margin on all four sides.
pub(super) const MARGIN: f32 = 20.0 * MILLIMETRE;
/// The width between the margins.
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// The height of a line, in sizes of its type. The tallest letters of the face need 1.17.
const LEADING: f32 = 1.28;
/// From the top of a line to its base line, in sizes of its type.
const ASCENT: f32 = 0.99;

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub weight: Weight,
    pub size: f32,
    /// 0 is black, 1 is white.
    pub grey: f32,
    /// A frame around each word, as around the check character of a DIN.
    pub boxed: bool,
}

impl Style {
    pub const fn regular(size: f32) -> Self {
        Self {
            weight: Weight::Regular,
            size,
            grey: 0.0,
            boxed: false,
        }
    }

    pub const fn bold(size: f32) -> Self {
        Self {
            weight: Weight::Bold,
            ..Self::regular(size)
        }
    }

    pub const fn grey(self, grey: f32) -> Self {
        Self { grey, ..self }
    }

    pub const fn boxed(self) -> Self {
        Self {
            boxed: true,
            ..self
        }
    }
}

/// A piece of text in one style.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub text: String,
    pub style: Style,
}

/// Text that is wrapped as a whole.
pub(super) type Paragraph = Vec<Run>;

/// A paragraph of one style.
pub(super) fn paragraph(text: impl Into<String>, style: Style) -> Paragraph {
    vec![Run {
        text: text.into(),
        style,
    }]
}

/// One line, with the place of each piece from its left end.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub pieces: Vec<(f32, Run)>,
    pub width: f32,
    pub height: f32,
    base: f32,
}

/// What stands on a page; `y` grows downwards from its top.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// Text, with the place of its base line.
    Text { x: f32, y: f32, run: Run },
    /// A line.
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        thickness: f32,
    },
    /// A rectangle, filled with black or only framed.
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        thickness: f32,
        filled: bool,
    },
}

/// Wraps a paragraph to a width. A word that is wider than the whole line is broken wherever it must be.
pub(super) fn wrap(faces: &Faces, paragraph: &Paragraph, width: f32) -> Vec<Line> {
    let mut lines = vec![Line::default()];
    for run in paragraph {
        let text = faces.printable(&run.text);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            place(faces, word, run.style, width, &mut lines);
        }
    }
    for line in &mut lines {
        let sizes = line.pieces.iter().map(|(_, run)| run.style.size);
        let size = sizes.fold(0.0, f32::max);
        line.height = size * LEADING;
        line.base = size * ASCENT;
    }
    lines.retain(|line| !line.pieces.is_empty());
    lines
}

fn place(faces: &Faces, word: &str, style: Style, width: f32, lines: &mut Vec<Line>) {
    let measure = |text: &str| faces.width(style.weight, style.size, text);
    let mut rest = word;
    loop {
        let Some(line) = lines.last_mut() else { return };
        let blank = if line.pieces.is_empty() {
            0.0
        } else {
            measure(" ")
        };
        // The frame of a boxed word needs room on both sides.
        let room = width - line.width - blank - if style.boxed { 2.0 * BOX } else { 0.0 };
        if measure(rest) <= room {
            line.push(faces, rest, style, blank);
            return;
        }
        if !line.pieces.is_empty() {
            lines.push(Line::default());
            continue;
        }
        let fitting = fitting(rest, room, &measure);
        let (head, tail) = rest.split_at(fitting);
        line.push(faces, head, style, blank);
        if tail.is_empty() {
            return;
        }
        rest = tail;
        lines.push(Line::default());
    }
}

/// How many bytes of a word fit; at least one letter. After a hyphen or a slash where one is among them.
fn fitting(word: &str, room: f32, measure: &impl Fn(&str) -> f32) -> usize {
    let ends = word
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    let mut fitting = 0;
    let mut after_sign = 0;
    for end in ends {
        if fitting > 0 && measure(&word[..end]) > room {
            break;
        }
        fitting = end;
        if word[..end].ends_with(['-', '/', '_', ',', ';']) {
            after_sign = end;
        }
    }
    if after_sign * 2 > fitting && fitting < word.len() {
        after_sign
    } else {
        fitting
    }
}

/// The distance from a boxed word to its frame.
const BOX: f32 = 2.0;

impl Line {
    fn push(&mut self, faces: &Faces, text: &str, style: Style, blank: f32) {
        let width = faces.width(style.weight, style.size, text);
        let inset = if style.boxed { BOX } else { 0.0 };
        match self.pieces.last_mut() {
            // Words of one style are shown as one text, so that a reader of the file finds their blanks.
            Some((_, run)) if run.style == style && !style.boxed => {
                run.text.push(' ');
                run.text.push_str(text);
            }
            _ => self.pieces.push((
                self.width + blank + inset,
                Run {
                    text: text.to_owned(),
                    style,
                },
            )),
        }
        self.width += blank + width + 2.0 * inset;
    }

    /// The marks of this line with its top left corner at a place.
    pub fn marks(&self, x: f32, y: f32, faces: &Faces) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (at, run) in &self.pieces {
            if run.style.boxed {
                let Style { weight, size, .. } = run.style;
                marks.push(Mark::Frame {
                    x: x + at - BOX,
                    y: y + self.base - size * 0.9,
                    width: faces.width(weight, size, &run.text) + 2.0 * BOX,
                    height: size * 1.12,
                    thickness: 0.6,
                    filled: false,
                });
            }
            marks.push(Mark::Text {
                x: x + at,
                y: y + self.base,
                run: run.clone(),
            });
        }
        marks
    }
}

/// The height of lines.
pub(super) fn height(lines: &[Line]) -> f32 {
    lines.iter().map(|line| line.height).sum()
}

/// Pages that fill from top to bottom.
pub(super) struct Flow<'a> {
    pub faces: &'a Faces,
    pub pages: Vec<Vec<Mark>>,
    pub y: f32,
    pub top: f32,
    pub bottom: f32,
}

impl<'a> Flow<'a> {
    /// Pages whose first and last points in height are taken by head and foot.
    pub fn new(faces: &'a Faces, head: f32, foot: f32) -> Self {
        let (top, bottom) = (MARGIN + head, PAGE.1 - MARGIN - foot);
        Self {
            faces,
            pages: vec![Vec::new()],
            y: top,
            top,
            bottom,
        }
    }

    pub fn room(&self) -> f32 {
        self.bottom - self.y
    }

    /// Begins a page, unless this one is empty.
    pub fn turn(&mut self) {
        if self.y > self.top {
            self.pages.push(Vec::new());
            self.y = self.top;
        }
    }

    /// Turns the page where so much doesn't fit on this one.
    pub fn need(&mut self, height: f32) {
        if height > self.room() {
            self.turn();
        }
    }

    pub fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    pub fn gap(&mut self, height: f32) {
        if self.y > self.top {
            self.y += height;
        }
    }

    /// Lines at the cursor, turning pages between them.
    pub fn lines(&mut self, x: f32, lines: &[Line]) {
        for line in lines {
            self.need(line.height);
            self.line_at(x, self.y, line);
            self.y += line.height;
        }
    }

    pub fn line_at(&mut self, x: f32, y: f32, line: &Line) {
        for mark in line.marks(x, y, self.faces) {
            self.mark(mark);
        }
    }

    /// A paragraph over the whole width.
    pub fn paragraph(&mut self, paragraph: &Paragraph) {
        let lines = wrap(self.faces, paragraph, WIDTH);
        self.lines(MARGIN, &lines);
    }
}
