//! Choosing the units of a dose: their sum and the dose per kg stand there while one chooses.

use domain::decimal::{grouped, shown};
use domain::specification::DoseWindow;
use leptos::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A unit that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitChoice {
    /// Its id.
    pub id: String,
    /// What stands beside the box.
    pub words: String,
    /// Whether it may be taken.
    pub released: bool,
    /// Whether it was chosen before.
    pub chosen: bool,
    /// Viable cells in it.
    pub viable_cells: Decimal,
}

/// The units of a dose to be. Without script it is a list of boxes, and the server reckons.
#[island]
pub fn DoseChoice(
    /// The id of the field; the first box has it.
    id: String,
    /// Why the choice was refused; empty where it wasn't.
    refused: String,
    /// The units.
    units: Vec<UnitChoice>,
    /// The weight that the dose is computed for.
    weight_kg: Decimal,
    /// The window of the dose, where the specification has one.
    window: Option<DoseWindow>,
) -> impl IntoView {
    let (chosen, choose) = signal(units.iter().map(|unit| unit.chosen).collect::<Vec<_>>());
    let (awake, wake) = signal(false);
    Effect::new(move |_| wake.set(true));
    let cells: Vec<_> = units.iter().map(|unit| unit.viable_cells).collect();
    let total = move || {
        let chosen = chosen.get();
        let taken = cells.iter().zip(&chosen).filter(|(_, taken)| **taken);
        taken.map(|(cells, _)| *cells).sum::<Decimal>()
    };
    let sum = move || {
        if !awake.get() {
            return (
                "dose-total",
                "The sum is reckoned when the form is sent.".to_owned(),
            );
        }
        against(total(), weight_kg, window.as_ref())
    };
    let sum = Memo::new(move |_| sum());
    let refusal_id = format!("{id}-refusal");
    let boxes: Vec<_> = units
        .into_iter()
        .enumerate()
        .map(|(place, unit)| {
            let id = if place == 0 {
                id.clone()
            } else {
                format!("{id}-{place}")
            };
            view! {
                <label class="choice" for=id.clone()>
                    <input
                        type="checkbox"
                        id=id.clone()
                        name="units"
                        value=unit.id
                        checked=unit.chosen
                        disabled=!unit.released
                        on:change=move |event| {
                            let ticked = event_target_checked(&event);
                            choose.update(|chosen| {
                                if let Some(one) = chosen.get_mut(place) {
                                    *one = ticked;
                                }
                            });
                        }
                    />
                    <span>{unit.words}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field" aria-describedby=refusal_id.clone()>
            <legend>"Units of this dose"</legend>
            <p class="refusal" id=refusal_id.clone()>{refused}</p>
            <div class="choices choices-column">{boxes}</div>
            <p class=move || sum.get().0 aria-live="polite">{move || sum.get().1}</p>
        </fieldset>
    }
}

/// The sum, the dose per kg, and whether that is within the window; judged as the server judges it.
fn against(
    cells: Decimal,
    weight_kg: Decimal,
    window: Option<&DoseWindow>,
) -> (&'static str, String) {
    let per_kg = domain::expansion::dose_per_kg(cells, weight_kg).ok();
    let millions = per_kg.and_then(|cells| cells.checked_div(Decimal::from(1_000_000)));
    let per_kg = millions.map_or_else(String::new, |figure| {
        format!(", {} × 10⁶ per kg", shown(figure, 2))
    });
    let sum = format!("Chosen: {} viable cells{per_kg}", grouped(cells));
    match window {
        _ if cells.is_zero() => ("dose-total", "Chosen: no unit yet.".to_owned()),
        Some(window) if window.permits(cells, weight_kg) => (
            "dose-total judgement within",
            format!("{sum}: within {}.", window.text()),
        ),
        Some(window) => (
            "dose-total judgement outside",
            format!("{sum}: outside {}.", window.text()),
        ),
        None => ("dose-total", format!("{sum}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::measure::Measure;
    use domain::specification::Basis;

    // P11-DOSE: 1 to 2 million per kg, both bounds within.
    #[test]
    fn the_sum_is_held_against_the_window_while_one_chooses() {
        let window = DoseWindow {
            minimum: Decimal::ONE,
            maximum: Decimal::TWO,
            unit: Measure::MILLION_CELLS_PER_KILOGRAM,
            basis: Basis::SiteChoice { note: None },
        };
        let cases = [
            (0, "no unit yet"),
            (69_999_999, "outside"),
            (70_000_000, "within"),
            (140_000_000, "within"),
            (140_000_001, "outside"),
        ];
        for (cells, expected) in cases {
            let (_, words) = against(Decimal::from(cells), Decimal::from(70), Some(&window));
            assert!(words.contains(expected), "{cells}: {words}");
        }
    }
}
