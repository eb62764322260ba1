//! The growth curve: viable cells on a logarithmic axis and cumulative doublings over time, drawn on the server.

use std::fmt::Write as _;

use leptos::prelude::*;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 56.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 40.0;

/// A count of viable cells, or a sum of doublings, on a day of culture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Days since the culture began.
    pub day: f64,
    /// The figure.
    pub figure: f64,
}

/// One passage: seeded, harvested.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageCurve {
    /// Its number.
    pub passage: u16,
    /// What was seeded; of P0 these are mononuclear cells and drawn apart.
    pub seeded: Option<Point>,
    /// Viable cells harvested.
    pub harvested: Option<Point>,
    /// Cumulative doublings after it.
    pub doublings: Option<Point>,
}

/// A growth curve. It is drawn for the eye from floating-point numbers; the figures stand in the table beside it.
#[component]
pub fn GrowthChart(
    /// The passages in order.
    passages: Vec<PassageCurve>,
) -> impl IntoView {
    let Some(scale) = Scale::of(&passages) else {
        return ().into_any();
    };
    let mut drawing = String::new();
    scale.axes(&mut drawing);
    scale.passages(&mut drawing, &passages);
    scale.doublings(&mut drawing, &passages);
    let words = in_words(&passages);
    // Only numbers and the words of this file go into the drawing.
    let inside = format!(
        "<title id=\"growth-title\">Growth of the culture</title><desc id=\"growth-desc\">{words}</desc>{drawing}"
    );
    view! {
        <figure class="chart">
            <svg
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                role="img"
                aria-labelledby="growth-title growth-desc"
                inner_html=inside
            ></svg>
            <figcaption>
                <span class="key key-cells">"viable cells, logarithmic"</span>
                <span class="key key-doublings">"cumulative population doublings"</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

fn in_words(passages: &[PassageCurve]) -> String {
    let harvested = passages.iter().filter_map(|passage| {
        let point = passage.harvested?;
        Some(format!(
            "P{} day {:.0}: {:.2e} viable cells",
            passage.passage, point.day, point.figure
        ))
    });
    let list: Vec<_> = harvested.collect();
    if list.is_empty() {
        "No passage is harvested yet.".to_owned()
    } else {
        list.join("; ")
    }
}

struct Scale {
    days: f64,
    low: i32,
    high: i32,
    doublings: f64,
}

impl Scale {
    fn of(passages: &[PassageCurve]) -> Option<Self> {
        let cells = || {
            passages
                .iter()
                .flat_map(|one| [one.seeded, one.harvested])
                .flatten()
                .filter(|one| one.figure > 0.0)
        };
        let least = cells().map(|one| one.figure).reduce(f64::min)?;
        let most = cells().map(|one| one.figure).reduce(f64::max)?;
        let days = cells().map(|one| one.day).fold(1.0, f64::max);
        let sums = passages
            .iter()
            .filter_map(|one| one.doublings)
            .map(|one| one.figure);
        let low = least.log10().floor() as i32;
        Some(Self {
            days: (days / 7.0).ceil().max(1.0) * 7.0,
            low,
            high: (most.log10().ceil() as i32).max(low + 1),
            doublings: (sums.fold(1.0, f64::max) / 5.0).ceil() * 5.0,
        })
    }

    fn x(&self, day: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * day / self.days
    }

    fn y_cells(&self, cells: f64) -> f64 {
        let part = (cells.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part
    }

    fn y_doublings(&self, doublings: f64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (doublings / self.doublings).max(0.0)
    }

    fn axes(&self, drawing: &mut String) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for power in self.low..=self.high {
            let y = self.y_cells(10f64.powi(power));
            let _ = write!(
                drawing,
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">10<tspan dy=\"-5\" font-size=\"10\">{power}</tspan></text>",
                LEFT - 8.0,
                y + 4.0
            );
        }
        let weeks = (self.days / 7.0).round() as u32;
        let every = if weeks > 10 { 2 } else { 1 };
        for week in (0..=weeks).step_by(every) {
            let day = f64::from(week) * 7.0;
            let x = self.x(day);
            let _ = write!(
                drawing,
                "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom}\"/>\
                 <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{day:.0}</text>",
                bottom + 18.0
            );
        }
        for part in 0..=5 {
            let sum = self.doublings * f64::from(part) / 5.0;
            let y = self.y_doublings(sum);
            let _ = write!(
                drawing,
                "<text class=\"tick tick-doublings\" x=\"{:.1}\" y=\"{:.1}\">{sum:.0}</text>",
                right + 8.0,
                y + 4.0
            );
        }
        let _ = write!(
            drawing,
            "<text class=\"axis\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">days of culture</text>",
            (LEFT + right) / 2.0,
            HEIGHT - 6.0
        );
    }

    fn passages(&self, drawing: &mut String, passages: &[PassageCurve]) {
        for one in passages {
            if let Some(seeded) = one.seeded {
                let (x, y) = (self.x(seeded.day), self.y_cells(seeded.figure));
                let _ = write!(
                    drawing,
                    "<line class=\"passage\" x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>\
                     <text class=\"passage-name\" x=\"{:.1}\" y=\"{:.1}\">P{}</text>\
                     <circle class=\"seeded\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>",
                    HEIGHT - BOTTOM,
                    x + 4.0,
                    TOP - 8.0,
                    one.passage
                );
                if let Some(harvested) = one.harvested {
                    let class = if one.passage == 0 {
                        "cells cells-mixed"
                    } else {
                        "cells"
                    };
                    let _ = write!(
                        drawing,
                        "<line class=\"{class}\" x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
                        self.x(harvested.day),
                        self.y_cells(harvested.figure)
                    );
                }
            }
            if let Some(harvested) = one.harvested {
                let _ = write!(
                    drawing,
                    "<circle class=\"harvested\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\"/>",
                    self.x(harvested.day),
                    self.y_cells(harvested.figure)
                );
            }
        }
    }

    fn doublings(&self, drawing: &mut String, passages: &[PassageCurve]) {
        let points: Vec<_> = passages.iter().filter_map(|one| one.doublings).collect();
        let line: Vec<_> = points
            .iter()
            .map(|one| format!("{:.1},{:.1}", self.x(one.day), self.y_doublings(one.figure)))
            .collect();
        if line.is_empty() {
            return;
        }
        let _ = write!(
            drawing,
            "<polyline class=\"doublings\" points=\"{}\"/>",
            line.join(" ")
        );
        for one in &points {
            let (x, y) = (self.x(one.day), self.y_doublings(one.figure));
            let _ = write!(
                drawing,
                "<rect class=\"doublings-point\" x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\"/>",
                x - 4.5,
                y - 4.5
            );
        }
    }
}
