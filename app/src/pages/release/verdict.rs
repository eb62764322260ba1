//! The verdict at a glance, and what stands in the way.

use domain::batch::{Blocker, Disposition, Meaning, Place};
use domain::release::Outcome;
use domain::rights::Action;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::papers::PrintCertificate;
use crate::commands::step::at_step;
use crate::pages::marks::mark;
use crate::pages::sight::Sight;
use crate::parts::fields::{form_as, hidden_field};
use crate::parts::{Facts, fact, weighed};

/// Where the batch stands, how many criteria came out how, and what it is judged by.
pub(super) fn section(sight: &Sight) -> AnyView {
    let batch = &sight.batch;
    let specification = &batch.documents.specification;
    let harvest = &batch.harvest;
    let mut facts = vec![
        fact("Criteria", counts(sight)),
        fact(
            "Specification",
            format!("{}, {}", specification.label(), specification.title),
        ),
        fact(
            "Body weight",
            weighed(harvest.weight_kg, harvest.weighed_on),
        ),
    ];
    if let Some(window) = &specification.dose {
        facts.push(fact(
            "Dose",
            format!("{} ({})", window.text(), window.basis),
        ));
    }
    let (class, words, more) = standing(sight);
    view! {
        <section id="verdict" class=format!("verdict verdict-{class}") aria-labelledby="verdict-heading">
            <h2 id="verdict-heading">{mark(class, words)}</h2>
            {more}
            <Facts facts=facts/>
            {certificates(sight)}
        </section>
    }
    .into_any()
}

/// The batch in a few words, and what goes with them.
fn standing(sight: &Sight) -> (&'static str, String, Option<AnyView>) {
    let batch = &sight.batch;
    let free = batch.blockers(sight.now).is_empty();
    match &batch.disposition {
        Disposition::Rejected { reasons, signature } => {
            let more = view! {
                <p class="words">{reasons.clone()}</p>
                <p>{sight.signed(signature)}</p>
            };
            ("fail", "Rejected".to_owned(), Some(more.into_any()))
        }
        Disposition::Certified(certification) => {
            let number = &certification.certificate;
            let by = view! { <p>{sight.signed(&certification.signature)}</p> }.into_any();
            if free {
                let words = format!("Released: certificate {number}");
                ("pass", words, Some(by))
            } else {
                let words = format!("Certified as {number}, but no dose may leave now");
                ("fail", words, Some(by))
            }
        }
        Disposition::Open if free => (
            "pass",
            "Every criterion is met: ready to be certified".to_owned(),
            None,
        ),
        Disposition::Open => match worst(sight) {
            Some(Outcome::Fail) => ("fail", "Does not meet its specification".to_owned(), None),
            Some(Outcome::Pass) => (
                "pending",
                "Every criterion is met; the record is not ready".to_owned(),
                None,
            ),
            _ => ("pending", "Not releasable yet".to_owned(), None),
        },
    }
}

/// Fail where anything that counts fails, pass where everything passes, else nothing to say yet.
fn worst(sight: &Sight) -> Option<Outcome> {
    let verdict = sight.batch.verdict();
    if verdict.releasable_finally() {
        return Some(Outcome::Pass);
    }
    let grouped = |key: &str| sight.batch.documents.specification.group_of(key).is_some();
    let alone = verdict.criteria.iter().filter(|one| !grouped(&one.key));
    let mut outcomes = alone
        .map(|one| &one.outcome)
        .chain(verdict.groups.iter().map(|group| &group.outcome));
    outcomes
        .any(|outcome| *outcome == Outcome::Fail)
        .then_some(Outcome::Fail)
}

/// How many criteria came out how, the worst first.
fn counts(sight: &Sight) -> AnyView {
    let verdict = sight.batch.verdict();
    let kinds = [
        "fail",
        "indeterminate",
        "missing",
        "pending",
        "pass",
        "informative",
    ];
    let counts: Vec<_> = kinds
        .into_iter()
        .filter_map(|word| {
            let of_kind = |outcome: &Outcome| outcome.word() == word;
            let count = verdict
                .criteria
                .iter()
                .filter(|one| of_kind(&one.outcome))
                .count();
            (count > 0).then(|| mark(word, format!("{count} {word}")))
        })
        .collect();
    view! { <span class="counts">{counts}</span> }.into_any()
}

/// The forms that print the papers: the certificate that stands, and those before it, which say so.
fn certificates(sight: &Sight) -> Option<AnyView> {
    if !sight.may(Action::PrintCertificate) {
        return None;
    }
    let standing = match &sight.batch.disposition {
        Disposition::Certified(certification) => Some(certification.certificate.as_str()),
        _ => None,
    };
    let forms: Vec<_> = sight
        .batch
        .register_rows()
        .into_iter()
        .filter(|row| row.decision == Meaning::Certified.code())
        .map(|row| {
            let number = row.certificate_number;
            let stands = standing == Some(number.as_str());
            certificate(sight, &number, stands)
        })
        .collect();
    (!forms.is_empty()).then(|| view! { <div class="papers">{forms}</div> }.into_any())
}

fn certificate(sight: &Sight, number: &str, stands: bool) -> AnyView {
    let printing = sight.page.form(&format!("print:{number}"));
    let (class, words) = if stands {
        ("button primary", format!("Print certificate {number}"))
    } else {
        ("button", format!("Print {number}, which no longer stands"))
    };
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("number", number)}
        <button type="submit" class=class>{words}</button>
    };
    form_as("form-button", &printing, PrintCertificate::url(), fields)
}

/// What stands in the way, each with a link to where it is dealt with.
pub(super) fn blocking(sight: &Sight) -> Option<AnyView> {
    if let Disposition::Rejected { .. } = sight.batch.disposition {
        return None;
    }
    let blockers = sight.batch.blockers(sight.now);
    if blockers.is_empty() {
        return None;
    }
    let lines: Vec<_> = blockers
        .iter()
        .map(|blocker| line(sight, blocker))
        .collect();
    let heading = format!("What stands in the way ({})", lines.len());
    Some(
        view! {
            <section id="blocking" aria-labelledby="blocking-heading">
                <h2 id="blocking-heading">{heading}</h2>
                <ul class="blockers">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}

fn line(sight: &Sight, blocker: &Blocker) -> AnyView {
    let batch = &sight.batch;
    let id = batch.id;
    let to = match blocker.place() {
        Place::Step(at) => at_step(batch, &at),
        Place::Quality => format!("/batches/{id}/quality"),
        Place::Deviation(deviation) => format!("/batches/{id}/deviations#deviation-{deviation}"),
        Place::Stop(number) => format!("/batches/{id}/deviations#stop-{number}"),
        Place::Exception(number) => format!("#exception-{number}"),
        Place::Signatures => "#signatures".to_owned(),
    };
    view! { <li><a href=to>{capital(&blocker.to_string())}</a></li> }.into_any()
}

/// The words as a sentence begins.
fn capital(words: &str) -> String {
    let mut signs = words.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}
