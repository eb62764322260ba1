//! What of a state can still matter: two records with the same key take the same commands from here on.
//!
//! Left out are moments and places of entries, words, comments, exceptions that are assessed and values that were
//! replaced. Kept of each person is whether a rule could still look at them.

use crate::{
    people::{MANY, Person, QA, QP},
    world::World,
};
use domain::batch::{Batch, Disposition, Meaning, UnitState};
use std::fmt::Write as _;

/// Who could review or certify: only of these it matters whether they made a part of the record.
const SIGNERS: [Person; 3] = [QA, QP, MANY];

pub fn key(world: &World) -> String {
    let batch = &world.batch;
    let mut text = String::new();
    let mut put = |what: &str, value: &dyn std::fmt::Debug| {
        write!(text, "{what}={value:?};").unwrap();
    };
    put("disposition", &std::mem::discriminant(&batch.disposition));
    put("weight", &batch.harvest.weight_kg.normalize());
    for (at, record) in &batch.steps {
        put("step", &(at.to_string(), record.is_over()));
        for (field, entry) in &record.entries {
            let authors: Vec<_> = entry.values.iter().map(|one| one.stamp.by.user).collect();
            let author = authors.iter().collect::<std::collections::BTreeSet<_>>();
            put(
                "entry",
                &(field, entry.value(), author, entry.verified.is_some()),
            );
        }
    }
    for sample in &batch.samples {
        for test in &sample.tests {
            for result in &test.results {
                put(
                    "result",
                    &(
                        &result.value,
                        result.entered.by.user,
                        result.reviewed.is_some(),
                        result.invalidated.is_some(),
                        result.returned().is_some(),
                        result.corrections.len(),
                    ),
                );
            }
        }
    }
    quality(batch, &mut put);
    signatures(batch, &mut put);
    for unit in &batch.units {
        let expired = batch.expires_at(unit).is_some_and(|at| world.now >= at);
        let state = match unit.state {
            UnitState::Stored => "stored",
            UnitState::InDose(_) => "in a dose",
            UnitState::Destroyed { .. } => "destroyed",
        };
        put("unit", &(state, expired));
    }
    for dose in &batch.doses {
        let state = std::mem::discriminant(&dose.state);
        put("dose", &(dose.id, &dose.units, state));
    }
    text
}

fn quality(batch: &Batch, put: &mut dyn FnMut(&str, &dyn std::fmt::Debug)) {
    let certified = match &batch.disposition {
        Disposition::Certified(certification) => Some(certification.version),
        _ => None,
    };
    for one in &batch.deviations {
        let after = certified.is_some_and(|version| one.raised.version > version);
        put(
            "deviation",
            &(
                one.raised.by.user,
                one.class.is_some(),
                one.assessment.is_some(),
                one.closed.is_some(),
                after,
            ),
        );
    }
    let open = batch.exceptions.iter().filter(|one| one.assessed.is_none());
    let mut by: Vec<_> = open.map(|one| one.stamp.by.user).collect();
    by.sort();
    put("exceptions", &by);
}

fn signatures(batch: &Batch, put: &mut dyn FnMut(&str, &dyn std::fmt::Debug)) {
    for meaning in [Meaning::Performed, Meaning::Reviewed, Meaning::Certified] {
        let stand = batch
            .signatures
            .iter()
            .filter(|one| one.signature.meaning == meaning && one.void_since.is_none());
        let who: std::collections::BTreeSet<_> = stand.map(|one| one.signature.signer).collect();
        let who = if meaning == Meaning::Performed {
            // Whose it is, no rule asks.
            who.into_iter().take(1).map(|_| None).collect::<Vec<_>>()
        } else {
            who.into_iter().map(Some).collect()
        };
        put("signature", &(meaning, who));
    }
    let contributors = SIGNERS.map(|one| batch.contributors.contains(&one.user()));
    put("contributors", &contributors);
}
