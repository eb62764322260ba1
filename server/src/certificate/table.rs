//! Tables: rows are kept whole where a page can hold them, and the head stands again on each page.

use super::layout::{Flow, Line, MARGIN, Mark, Paragraph, Style, height, paragraph, wrap};

/// The distance of text from the rules above and below it.
const PADDING: f32 = 2.6;
/// The distance between two columns.
const GUTTER: f32 = 7.0;
const HEAD: Style = Style::bold(7.0);
const RULE: f32 = 0.35;

/// A column: its head, and its share of the width in parts of the whole.
pub(super) struct Column {
    pub head: &'static str,
    pub share: f32,
}

/// A cell: paragraphs one below the other.
pub(super) type Cell = Vec<Paragraph>;

/// A table ready to be placed.
pub(super) struct Table {
    /// Left ends of the columns.
    lefts: Vec<f32>,
    right: f32,
    head: Vec<Vec<Line>>,
    rows: Vec<Vec<Vec<Line>>>,
}

impl Table {
    /// Wraps all cells. Shares are taken of the sum of all shares.
    pub fn new(flow: &Flow<'_>, width: f32, columns: &[Column], rows: &[Vec<Cell>]) -> Self {
        let whole: f32 = columns.iter().map(|column| column.share).sum();
        let gutters = GUTTER * columns.len().saturating_sub(1) as f32;
        let widths: Vec<f32> = columns
            .iter()
            .map(|column| (width - gutters) * column.share / whole)
            .collect();
        let mut lefts = Vec::new();
        let mut left = MARGIN;
        for width in &widths {
            lefts.push(left);
            left += width + GUTTER;
        }
        let wrapped = |cell: &Cell, width: f32| -> Vec<Line> {
            cell.iter()
                .flat_map(|paragraph| wrap(flow.faces, paragraph, width))
                .collect()
        };
        let heads = columns
            .iter()
            .map(|column| vec![paragraph(column.head, HEAD)]);
        Self {
            head: heads
                .zip(&widths)
                .map(|(cell, width)| wrapped(&cell, *width))
                .collect(),
            rows: rows
                .iter()
                .map(|row| {
                    row.iter()
                        .zip(&widths)
                        .map(|(cell, width)| wrapped(cell, *width))
                        .collect()
                })
                .collect(),
            lefts,
            right: MARGIN + width,
        }
    }

    /// The height of the head and the first row, so that a title isn't parted from them.
    pub fn beginning(&self, flow: &Flow<'_>) -> f32 {
        let first = self.rows.first().map_or(0.0, |row| row_height(row));
        (self.head_height() + first).min(flow.bottom - flow.top)
    }

    fn head_height(&self) -> f32 {
        if self.head.iter().all(Vec::is_empty) {
            0.0
        } else {
            row_height(&self.head)
        }
    }

    /// Places the table at the cursor.
    pub fn place(self, flow: &mut Flow<'_>) {
        flow.need(self.beginning(flow));
        self.place_head(flow);
        let capacity = flow.bottom - flow.top - self.head_height();
        for row in &self.rows {
            let height = row_height(row);
            if height > flow.room() && (height <= capacity || flow.room() < capacity / 4.0) {
                self.turn(flow);
            }
            if height <= flow.room() {
                self.place_row(flow, row);
            } else {
                self.place_tall(flow, row);
            }
        }
    }

    fn turn(&self, flow: &mut Flow<'_>) {
        flow.turn();
        self.place_head(flow);
    }

    fn place_head(&self, flow: &mut Flow<'_>) {
        if self.head_height() > 0.0 {
            self.cells(flow, &self.head);
            self.rule(flow, 2.0 * RULE);
        }
    }

    fn place_row(&self, flow: &mut Flow<'_>, row: &[Vec<Line>]) {
        self.cells(flow, row);
        self.rule(flow, RULE);
    }

    /// A row that no page can hold goes on over pages, line by line.
    fn place_tall(&self, flow: &mut Flow<'_>, row: &[Vec<Line>]) {
        let mut rest: Vec<&[Line]> = row.iter().map(Vec::as_slice).collect();
        loop {
            let room = flow.room() - 2.0 * PADDING;
            let mut part = Vec::new();
            for cell in &mut rest {
                let (now, later) = cell.split_at(fitting(cell, room));
                part.push(now.to_vec());
                *cell = later;
            }
            self.place_row(flow, &part);
            if rest.iter().all(|cell| cell.is_empty()) {
                return;
            }
            self.turn(flow);
        }
    }

    fn cells(&self, flow: &mut Flow<'_>, row: &[Vec<Line>]) {
        for (cell, left) in row.iter().zip(&self.lefts) {
            let mut y = flow.y + PADDING;
            for line in cell {
                flow.line_at(*left, y, line);
                y += line.height;
            }
        }
        flow.y += row_height(row);
    }

    fn rule(&self, flow: &mut Flow<'_>, thickness: f32) {
        let y = flow.y;
        flow.mark(Mark::Rule {
            from: (MARGIN, y),
            to: (self.right, y),
            thickness,
        });
    }
}

fn row_height(row: &[Vec<Line>]) -> f32 {
    row.iter().map(|cell| height(cell)).fold(0.0, f32::max) + 2.0 * PADDING
}

/// How many lines fit; at least one, so that every page takes some.
fn fitting(lines: &[Line], room: f32) -> usize {
    let mut taken = 0.0;
    let fits = lines.iter().take_while(|line| {
        taken += line.height;
        taken <= room
    });
    fits.count().max(1).min(lines.len())
}
