//! The stops of a batch: what failed, what lifts it, and the form that does.

use domain::batch::{BatchCommand, Entry, IdentifierReading, Meaning, Stop, StopCommand};
use domain::master_record::{Field, LiftedBy, StepRef};
use domain::rights::Action;
use domain::typed::Takes;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::step::at_step;
use crate::commands::stops::{LiftStop, ReadIdentifiers};
use crate::form::Form;
use crate::pages::marks::mark;
use crate::pages::sight::Sight;
use crate::parts::fields::{check_character, hidden_field, send};
use crate::parts::{Facts, SignaturePanel, TextField, fact, form};

/// Every stop that was raised, the open ones first.
pub(super) fn sections(sight: &Sight) -> Vec<AnyView> {
    let stops = &sight.batch.stops;
    let (open, lifted): (Vec<_>, Vec<_>) = stops.iter().partition(|stop| stop.lifted.is_none());
    open.into_iter()
        .chain(lifted)
        .map(|stop| section(sight, stop))
        .collect()
}

fn section(sight: &Sight, stop: &Stop) -> AnyView {
    let id = format!("stop-{}", stop.number());
    let heading = format!("{id}-heading");
    let open = stop.lifted.is_none();
    let state = if open {
        mark("fail", "On hold")
    } else {
        mark("pass", "Lifted")
    };
    let lifted = stop.lifted.as_ref().map(|lifted| {
        let on = entries_in_words(&lifted.evidence);
        view! { <p>{format!("Lifted on {on}, by ")} {sight.signed(&lifted.signature)}</p> }
    });
    view! {
        <section class="deviation stop" id=id aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{format!("Stop: {}", stop.label)} " " {state}</h2>
            <Facts facts=facts(sight, stop)/>
            {readings(sight, stop)}
            {lifted}
            {open.then(|| ways(sight, stop))}
        </section>
    }
    .into_any()
}

fn facts(sight: &Sight, stop: &Stop) -> Vec<AnyView> {
    let deviation = sight.batch.deviation(stop.deviation).map(|deviation| {
        let to = format!("#deviation-{}", deviation.id);
        view! { <a href=to>{deviation.number.clone()}</a> }
    });
    let rule = format!(
        "master record {} v{}",
        stop.master_record.key, stop.master_record.version
    );
    vec![
        fact(
            "Found",
            format!("{}, expected {}", stop.found, stop.expected),
        ),
        fact(
            "Step",
            view! { {sight.step(&stop.step)} {format!(", entry {}", stop.entry)} },
        ),
        fact("Raised by", sight.who(&stop.raised)),
        fact("Stop of", rule),
        fact("Lifted by", sight.batch.lift_words(&stop.lifted_by)),
        fact("Deviation", deviation),
    ]
}

fn entries_in_words(numbers: &[u64]) -> String {
    let words: Vec<_> = numbers.iter().map(u64::to_string).collect();
    match words.as_slice() {
        [one] => format!("entry {one}"),
        more => format!("entries {}", more.join(" and ")),
    }
}

/// What can be done about an open stop.
fn ways(sight: &Sight, stop: &Stop) -> AnyView {
    match &stop.lifted_by {
        LiftedBy::Nothing => view! {
            <p class="not-now">"Nothing lifts this stop. A Qualified Person rejects the batch on the page of the release."</p>
        }
        .into_any(),
        LiftedBy::Identifiers => {
            let evidence = two_readings(stop);
            view! {
                {read_again(sight, stop)}
                {evidence.map_or_else(
                    || lift_waits("Two people read both identifiers again, and both agree; then QA signs here."),
                    |readings| lift(sight, stop, &readings.map(|one| one.stamp.version), &of_readings(readings)),
                )}
            }
            .into_any()
        }
        LiftedBy::Entry { step, field } => match assessment(sight, stop, step, field) {
            Some(Assessment { at, field, entry, number }) => {
                let value = entry.value().map_or_else(String::new, |value| field.shown(value));
                let by = entry.values.last().map_or("", |value| &value.stamp.by.name);
                let confirmed = entry.verified.as_ref().map_or_else(String::new, |stamp| {
                    format!(", confirmed by {}", stamp.by.name)
                });
                let words = format!(
                    "entry {number}: {}, {value} (recorded by {by}{confirmed}, {})",
                    field.label,
                    sight.batch.step_title(at)
                );
                lift(sight, stop, &[number], &words)
            }
            None => {
                let next = sight.batch.plan().into_iter().rev().find(|planned| planned.at.key == *step);
                let to = next.map(|planned| at_step(&sight.batch, &planned.at));
                let link = to.filter(|_| sight.may(Action::RecordEntry)).map(|to| {
                    view! { <p><a class="button" href=to>"Record the assessment"</a></p> }
                });
                view! {
                    {lift_waits("The assessment is not recorded yet; then QA signs here.")}
                    {link}
                }
                .into_any()
            }
        },
    }
}

fn lift_waits(words: &'static str) -> AnyView {
    view! { <p class="not-now">{words}</p> }.into_any()
}

/// The entry that could lift a stop.
struct Assessment<'a> {
    at: &'a StepRef,
    field: &'a Field,
    entry: &'a Entry,
    number: u64,
}

/// The latest entry of the field that the master record names, made after the stop.
fn assessment<'a>(
    sight: &'a Sight,
    stop: &Stop,
    step: &str,
    field: &str,
) -> Option<Assessment<'a>> {
    let batch = &sight.batch;
    let definition = batch.documents.master_record.step(step)?.field(field)?;
    let of_step = batch.steps.iter().filter(|(at, _)| at.key == step);
    of_step
        .filter_map(|(at, record)| {
            let entry = record.entries.get(field)?;
            let made_after = entry.values.first()?.stamp.version > stop.number();
            let number = entry.values.last()?.stamp.version;
            made_after.then_some(Assessment {
                at,
                field: definition,
                entry,
                number,
            })
        })
        .max_by_key(|found| found.number)
}

/// The first readings of two people that count.
fn two_readings(stop: &Stop) -> Option<[&IdentifierReading; 2]> {
    let readings = stop.agreeing_readings();
    let first = readings.first()?;
    let other = (readings.iter()).find(|one| one.stamp.by.user != first.stamp.by.user)?;
    Some([first, other])
}

fn of_readings([first, second]: [&IdentifierReading; 2]) -> String {
    format!(
        "both identifiers as read again by {} (entry {}) and {} (entry {})",
        first.stamp.by.name, first.stamp.version, second.stamp.by.name, second.stamp.version
    )
}

fn readings(sight: &Sight, stop: &Stop) -> Option<AnyView> {
    let lines: Vec<_> = stop
        .readings
        .iter()
        .map(|reading| {
            let verdict = if reading.agree {
                mark("pass", "Agrees")
            } else {
                mark("fail", "Does not agree")
            };
            view! {
                <tr>
                    <td>{sight.who(&reading.stamp)}</td>
                    <td>{reading.subject.clone()}</td>
                    <td class="din">{reading.din.with_check()}</td>
                    <td>{verdict}</td>
                </tr>
            }
        })
        .collect();
    let region = format!("Identifiers read again, {}", stop.label);
    (!lines.is_empty()).then(|| {
        view! {
            <div class="scrolls" tabindex="0" role="region" aria-label=region>
                <table>
                    <caption>"Identifiers read again"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Read by"</th>
                            <th scope="col">"Subject code"</th>
                            <th scope="col">"DIN"</th>
                            <th scope="col">"Against the record"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    })
}

fn about(sight: &Sight, stop: &Stop) -> AnyView {
    view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("stop", stop.number())}
    }
    .into_any()
}

fn read_again(sight: &Sight, stop: &Stop) -> Option<AnyView> {
    let reading = sight
        .page
        .form(&format!("read-identifiers:{}", stop.number()));
    let number = &sight.batch.harvest.din;
    let is_din = number.check_character().is_some();
    let hint = match is_din {
        true => "Scan it, or type the 13 characters and then the boxed one.",
        false => "Scan it, or type it as printed.",
    };
    let command = BatchCommand::Stop(StopCommand::ReadIdentifiers {
        stop: stop.number(),
        subject: String::new(),
        din: number.clone(),
    });
    let panel = sight.offered(command, &reading, || {
        let fields = view! {
            {about(sight, stop)}
            <TextField form=&reading name="subject" label="Subject code, from the order" width="short"
                takes=Takes::Subject/>
            <TextField form=&reading name="din" label=format!("{}, from the container", number.name()) scans=is_din hint=hint/>
            {is_din.then(|| check_character(&reading, "check", "Check character", "The boxed character beside the DIN. Not needed after a scan."))}
            {send("Record what was read")}
        };
        form(&reading, ReadIdentifiers::url(), fields)
    })?;
    Some(
        view! {
            <h3>"Read both identifiers again"</h3>
            <p>"Each of two people reads them from the container and the order, in their own session. What does not agree is kept."</p>
            {panel}
        }
        .into_any(),
    )
}

fn lift(sight: &Sight, stop: &Stop, evidence: &[u64], on: &str) -> AnyView {
    let lifting = sight.page.form(&format!("lift-stop:{}", stop.number()));
    let seen = sight.batch.version;
    let command = BatchCommand::Stop(StopCommand::LiftStop {
        stop: stop.number(),
        evidence: evidence.to_vec(),
        seen,
    });
    let panel = sight.offered(command, &lifting, || {
        lift_form(sight, stop, evidence, on, &lifting)
    });
    match panel {
        Some(panel) => view! { <h3>"Lift the stop"</h3> {panel} }.into_any(),
        None => view! { <p class="not-now">{format!("QA decides on {on}.")}</p> }.into_any(),
    }
}

fn lift_form(sight: &Sight, stop: &Stop, evidence: &[u64], on: &str, lifting: &Form) -> AnyView {
    let numbers: Vec<_> = evidence.iter().map(u64::to_string).collect();
    let what = format!(
        "I lift the stop “{}” of batch {} on {on}.",
        stop.label, sight.batch.harvest.number
    );
    let fields = view! {
        {about(sight, stop)}
        {hidden_field("evidence", numbers.join(","))}
        <SignaturePanel
            form=lifting
            what=what
            meaning=Meaning::StopLifted
            consequences="The batch is no longer held by this stop. Its deviation is still assessed and closed before the batch is reviewed."
            seen=sight.batch.version
            button="Sign and lift the stop"
        />
    };
    form(lifting, LiftStop::url(), fields)
}
