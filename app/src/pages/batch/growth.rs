//! The growth of the culture: a curve, and the table of its passages beside it.

use domain::batch::Batch;
use domain::decimal::{grouped, round_half_up};
use domain::expansion::{Figure, PassageCounts, PassageGrowth, Seeded};
use domain::time::Timestamp;
use domain::zone::Zone;
use leptos::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::super::sight::Sight;
use crate::parts::chart::{GrowthChart, PassageCurve, Point};

/// The curve and the table, once something is seeded.
pub fn section(sight: &Sight) -> Option<AnyView> {
    let counts = sight.batch.passage_counts();
    let growth = sight.batch.growth();
    let began = sight.batch.culture_began().or(counts.first()?.seeded_at)?;
    let curves = curves(&counts, &growth, began, sight.zone);
    let lines: Vec<_> = counts
        .iter()
        .zip(&growth)
        .map(|(counts, growth)| line(counts, growth, began, sight.zone))
        .collect();
    let target = target(&sight.batch);
    Some(
        view! {
            <section class="growth" aria-labelledby="growth">
                <h2 id="growth">"Growth"</h2>
                {target}
                <GrowthChart passages=curves/>
                <div class="scrolls" tabindex="0" role="region" aria-label="Passages">
                    <table class="passages">
                        <thead>
                            <tr>
                                <th scope="col">"Passage"</th>
                                <th scope="col" class="number">"Day"</th>
                                <th scope="col" class="number">"Seeded"</th>
                                <th scope="col" class="number">"Cells/cm²"</th>
                                <th scope="col" class="number">"Viable cells"</th>
                                <th scope="col" class="number">"Viability, %"</th>
                                <th scope="col" class="number">"Fold"</th>
                                <th scope="col" class="number"><abbr title="Population doublings">"PD"</abbr></th>
                                <th scope="col" class="number"><abbr title="Cumulative population doublings">"CPD"</abbr></th>
                                <th scope="col" class="number">"Doubling, h"</th>
                            </tr>
                        </thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

/// How far the culture is from the target of the master record.
fn target(batch: &Batch) -> Option<AnyView> {
    let culture = batch.documents.master_record.culture.as_ref()?;
    let target = culture
        .target_viable_per_kg
        .checked_mul(batch.harvest.weight_kg)?;
    let words = format!(
        "Target: {} viable cells ({} per kg for {} kg), at the latest in P{}.",
        grouped(target.normalize()),
        grouped(culture.target_viable_per_kg),
        batch.harvest.weight_kg,
        culture.maximum_passage
    );
    Some(view! { <p class="sub">{words}</p> }.into_any())
}

fn line(counts: &PassageCounts, growth: &PassageGrowth, began: Timestamp, zone: Zone) -> AnyView {
    let figure = |figure: Figure, decimals: u32| {
        let words = match figure {
            Figure::Value(value) if decimals == 0 => grouped(round_half_up(value, 0)),
            Figure::Value(_) => figure.shown(decimals),
            // A dash with the reason on demand: never a zero.
            Figure::NotComputable(_) | Figure::Pending => "–".to_owned(),
        };
        let reason = match figure {
            Figure::NotComputable(why) => Some(why.to_string()),
            Figure::Pending => Some("Pending: not counted yet.".to_owned()),
            Figure::Value(_) => None,
        };
        let title = reason.clone();
        view! {
            <td class="number" title=title>
                {words}{reason.map(|reason| view! { <span class="visually-hidden">" ("{reason}")"</span> })}
            </td>
        }
        .into_any()
    };
    let kind = matches!(counts.seeded, Seeded::Mononuclear(_))
        .then(|| view! { <span class="sub">"mononuclear"</span> });
    let day = counts
        .harvested_at
        .or(counts.seeded_at)
        .map(|at| zone.days_between(began, at).to_string());
    view! {
        <tr>
            <th scope="row">{format!("P{}", counts.passage)}</th>
            <td class="number">{day}</td>
            <td class="number nowrap">{grouped(counts.seeded.cells())}{kind}</td>
            {figure(growth.seeding_density, 0)}
            <td class="number nowrap">{counts.harvested_viable.map_or_else(|| "–".to_owned(), grouped)}</td>
            {figure(growth.viability, 1)}
            {figure(growth.fold, 1)}
            {figure(growth.doublings, 2)}
            {figure(growth.cumulative_doublings, 2)}
            {figure(growth.doubling_time_hours, 1)}
        </tr>
    }
    .into_any()
}

fn curves(
    counts: &[PassageCounts],
    growth: &[PassageGrowth],
    began: Timestamp,
    zone: Zone,
) -> Vec<PassageCurve> {
    let point = |at: Option<Timestamp>, figure: Option<Decimal>| {
        // By the clocks of the site, as the days in the table: at the same time of the day 14 days later it is day 14.
        let gone = zone.local(at?) - zone.local(began);
        let day = gone.num_minutes() as f64 / (24.0 * 60.0);
        Some(Point {
            day: day.max(0.0),
            figure: round_half_up(figure?, 6).to_f64()?,
        })
    };
    counts
        .iter()
        .zip(growth)
        .map(|(counts, growth)| PassageCurve {
            passage: counts.passage,
            seeded: point(counts.seeded_at, Some(counts.seeded.cells())),
            harvested: point(counts.harvested_at, counts.harvested_viable),
            doublings: point(counts.harvested_at, growth.cumulative_doublings.value()),
        })
        .collect()
}
