//! Above everything else: which print this is, and how the batch stood at that moment.

use super::parts::{TEXT, run};
use crate::certificate::layout::{Flow, MARGIN, Mark, Style, WIDTH, height, paragraph, wrap};
use domain::certificate::Certificate;

/// The state at printing, in a frame of its own. Where something holds the batch, the frame is heavy: it must not be
/// overlooked above a verdict that says that the batch complies.
pub(super) fn state(flow: &mut Flow<'_>, certificate: &Certificate) {
    let printing = &certificate.printing;
    let checkpoint = &certificate.checkpoint;
    let mut words = vec![
        vec![
            run("State at printing:", Style::regular(10.0)),
            run(&printing.state, Style::bold(10.0)),
        ],
        paragraph(
            format!(
                "Print {} of {} by {}, from checkpoint {} with {} entries.",
                printing.number, printing.at, printing.by, checkpoint.origin, checkpoint.size
            ),
            TEXT,
        ),
    ];
    let style = if printing.holds {
        Style::bold(8.5)
    } else {
        TEXT
    };
    words.extend((printing.lines.iter()).map(|line| paragraph(line.clone(), style)));
    words.push(paragraph(
        "Below stands what was certified, unchanged.",
        TEXT,
    ));
    let text: Vec<_> = words
        .iter()
        .flat_map(|paragraph| wrap(flow.faces, paragraph, WIDTH - 24.0))
        .collect();
    // A long list runs over the page as any text does; then there is no frame around it.
    let box_height = height(&text) + 14.0;
    if box_height < MOST {
        flow.need(box_height);
        let y = flow.y;
        flow.mark(Mark::Frame {
            x: MARGIN,
            y,
            width: WIDTH,
            height: box_height,
            thickness: if printing.holds { 3.0 } else { 0.8 },
            filled: false,
        });
        let mut down = y + 7.0;
        for line in &text {
            flow.line_at(MARGIN + 12.0, down, line);
            down += line.height;
        }
        flow.y += box_height;
    } else {
        for paragraph in &words {
            flow.paragraph(paragraph);
        }
    }
    flow.gap(12.0);
}

/// The highest frame.
const MOST: f32 = 400.0;
