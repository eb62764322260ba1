//! The steps in order: done, open, waiting.

use domain::batch::{Planned, Progress};
use leptos::prelude::*;

use super::super::sight::Sight;
use super::over::Over;
use crate::answer::escaped;

/// The list of the steps, each a link to where it stands.
pub fn list(
    sight: &Sight,
    plan: &[Planned<'_>],
    chosen: Option<&Planned<'_>>,
    over: &Over<'_, '_>,
) -> AnyView {
    let lines = groups(plan, chosen, |planned| line(sight, planned, chosen, over));
    let master = &sight.batch.documents.master_record;
    view! {
        <nav class="steps" aria-labelledby="steps">
            <h2 id="steps">"Steps"</h2>
            <ol>{lines}</ol>
            <p class="sub">{format!("{}, {}", master.title, master.label())}</p>
        </nav>
    }
    .into_any()
}

/// The steps of a passage that is over fold into one line.
fn groups(
    plan: &[Planned<'_>],
    chosen: Option<&Planned<'_>>,
    line: impl Fn(&Planned<'_>) -> AnyView,
) -> Vec<AnyView> {
    let runs = plan.chunk_by(|one, next| one.at.passage == next.at.passage);
    let group = |run: &[Planned<'_>]| {
        let lines: Vec<_> = run.iter().map(&line).collect();
        let Some(passage) = run.first().and_then(|planned| planned.at.passage) else {
            return lines.into_any();
        };
        let over = run.iter().all(|planned| planned.progress == Progress::Over);
        let here = chosen.is_some_and(|chosen| chosen.at.passage == Some(passage));
        let shape = shape(if over { "done" } else { "open" });
        let count = format!("{} steps", run.len());
        view! {
            <li class=if over { "step-done" } else { "step-passage" }>
                <details open=here || !over>
                    <summary>
                        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" inner_html=shape></svg>
                        <span>{format!("Passage {passage}")}</span>
                        <span class="steps-count">{count}</span>
                    </summary>
                    <ol>{lines}</ol>
                </details>
            </li>
        }
        .into_any()
    };
    runs.map(group).collect()
}

fn line(
    sight: &Sight,
    planned: &Planned<'_>,
    chosen: Option<&Planned<'_>>,
    over: &Over<'_, '_>,
) -> AnyView {
    let title = sight.batch.step_title(&planned.at);
    let here = chosen.is_some_and(|chosen| chosen.at == planned.at);
    let record = sight.batch.steps.get(&planned.at);
    let skipped = record.is_some_and(|record| record.not_applicable.is_some());
    let (class, word) = match planned.progress {
        Progress::Over if skipped => ("skipped", "not applicable"),
        Progress::Over => ("done", "done"),
        Progress::Open if here => ("here", "now"),
        Progress::Open => ("open", "possible now"),
        Progress::Waiting => ("waiting", "later"),
    };
    let to = match planned.progress {
        Progress::Over => Some(over.link(sight, &planned.at)),
        Progress::Open if here => Some("#next".to_owned()),
        Progress::Open => Some(format!(
            "/batches/{}?step={}#next",
            sight.batch.id,
            escaped(&planned.at.to_string())
        )),
        Progress::Waiting => None,
    };
    let shape = shape(class);
    let mark = view! {
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" inner_html=shape></svg>
    };
    let words = view! { {title}<span class="visually-hidden">", "{word}</span> };
    let current = here.then_some("step");
    let inside = match to {
        Some(to) => {
            view! { <a href=to aria-current=current>{mark}<span>{words}</span></a> }.into_any()
        }
        None => view! { <span class="later">{mark}<span>{words}</span></span> }.into_any(),
    };
    view! { <li class=format!("step-{class}")>{inside}</li> }.into_any()
}

fn shape(class: &str) -> &'static str {
    match class {
        "done" => {
            r#"<path d="M2.5 8.5l3.8 4L13.5 4" fill="none" stroke="currentColor" stroke-width="2.4"/>"#
        }
        "skipped" => r#"<path d="M3 8h10" stroke="currentColor" stroke-width="2.4"/>"#,
        "here" => r#"<path d="M4 2l9 6-9 6z" fill="currentColor"/>"#,
        "open" => {
            r#"<circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="2"/>"#
        }
        _ => r#"<circle cx="8" cy="8" r="2.2" fill="currentColor"/>"#,
    }
}
