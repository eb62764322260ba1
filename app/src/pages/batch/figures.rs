//! Figures computed from the fields of a step, live while they are typed.

use domain::batch::Planned;
use leptos::prelude::*;

use super::super::sight::Sight;
use crate::judge::{Computed, Known};

/// The figures with their limits that the master record asks of the step.
pub fn checks(sight: &Sight, planned: &Planned<'_>) -> Option<AnyView> {
    if planned.step.checks.is_empty() {
        return None;
    }
    let record = sight.batch.steps.get(&planned.at);
    let known: Known = record.map(Known::of).unwrap_or_default();
    let lines: Vec<_> = planned
        .step
        .checks
        .iter()
        .map(|check| {
            let computed = Computed::by(check, known.clone());
            let now = computed.judge(&|_| None);
            let class = now.as_ref().map_or("judgement", |judgement| judgement.class());
            let words = now.map_or_else(|| "not computable yet".to_owned(), |judgement| judgement.words);
            view! {
                <div class="fact">
                    <dt>{check.of.label()}<span class="limit">" limit "{computed.limit_words()}</span></dt>
                    <dd><span class=class data-compute=computed.to_text() aria-live="polite">{words}</span></dd>
                </div>
            }
        })
        .collect();
    Some(view! { <dl class="facts figures">{lines}</dl> }.into_any())
}
