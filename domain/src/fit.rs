//! Whether a master record and a specification can be used together: what one of them says that the other must have.
//!
//! Each rule here keeps a batch from a dead end: begun under such a pair, it could never be released.

use crate::{
    master_record::{MasterRecord, Step, StepKind},
    specification::{Criterion, Specification, Stage},
};
use rust_decimal::Decimal;

/// Why a master record and a specification can't be used together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// They are for two products.
    #[error("the master record makes “{made}”, the specification is for “{judged}”")]
    Product {
        /// The product of the master record.
        made: String,
        /// The product of the specification.
        judged: String,
    },
    /// No step takes the sample of a criterion.
    #[error(
        "criterion “{criterion}” is tested at sample point “{point}”, and no step of the master record takes that sample \
         (it has: {known})"
    )]
    NoStep {
        /// The criterion's key.
        criterion: String,
        /// Its sample point.
        point: String,
        /// The sample points of the master record.
        known: String,
    },
    /// No criterion is tested in the sample of a step.
    #[error(
        "step “{step}” takes a sample at “{point}”, and no criterion of the specification is tested there"
    )]
    NoCriterion {
        /// The step's key.
        step: String,
        /// Its sample point.
        point: String,
    },
    /// A batch can go by without the sample of a criterion.
    #[error(
        "criterion “{criterion}” is tested at sample point “{point}”, which a batch can pass without a sample: {why}"
    )]
    Passed {
        /// The criterion's key.
        criterion: String,
        /// Its sample point.
        point: String,
        /// How.
        why: &'static str,
    },
    /// An in-process criterion that stops nothing.
    #[error(
        "criterion “{criterion}” is to be met before the next step, and no step follows the sample at “{point}”"
    )]
    StopsNothing {
        /// The criterion's key.
        criterion: String,
        /// Its sample point.
        point: String,
    },
    /// Units of a form without a shelf life can't be released.
    #[error("step “{step}” stores units, and the specification states no {figure} in [shelf_life]")]
    NoShelfLife {
        /// The step's key.
        step: String,
        /// The figure that is missing.
        figure: &'static str,
    },
    /// Nothing is stored that could be released.
    #[error("no step of the master record stores units, so there would be nothing to release")]
    NoUnits,
    /// The culture ends with less than a dose.
    #[error(
        "the culture ends at {target} viable cells per kg, which is less than the least dose of {least} cells per kg"
    )]
    BelowDose {
        /// The target of the culture.
        target: Decimal,
        /// The least dose.
        least: Decimal,
    },
}

/// Everything in which the two don't fit; nothing where they do.
#[must_use]
pub fn misfits(record: &MasterRecord, specification: &Specification) -> Vec<Misfit> {
    let mut found = Vec::new();
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain(&record.product) != plain(&specification.product) {
        found.push(Misfit::Product {
            made: record.product.clone(),
            judged: specification.product.clone(),
        });
    }
    let criteria = specification.criteria.iter();
    found.extend(criteria.filter_map(|criterion| sampled(record, criterion)));
    for step in &record.steps {
        if let Some(point) = &step.sample_point
            && specification.criteria_at(point).next().is_none()
        {
            found.push(Misfit::NoCriterion {
                step: step.key.clone(),
                point: point.clone(),
            });
        }
        found.extend(shelf_life(step, specification));
    }
    found.extend(dose(record, specification));
    found
}

/// Each batch has the sample of the criterion taken, and where work has to wait for it, there is work that waits.
fn sampled(record: &MasterRecord, criterion: &Criterion) -> Option<Misfit> {
    let (key, point) = (criterion.key.clone(), criterion.sample_point.clone());
    let takes = |step: &&Step| step.sample_point.as_ref() == Some(&point);
    let steps: Vec<_> = record.steps.iter().filter(takes).collect();
    if steps.is_empty() {
        let mut known: Vec<_> = record
            .steps
            .iter()
            .filter_map(|step| step.sample_point.as_deref())
            .collect();
        known.dedup();
        let known = match known.is_empty() {
            true => "none".to_owned(),
            false => known.join(", "),
        };
        return Some(Misfit::NoStep {
            criterion: key,
            point,
            known,
        });
    }
    let certain = steps
        .iter()
        .any(|step| !step.recurring && reached(record, step));
    if !certain {
        let why = match steps.iter().all(|step| step.recurring) {
            true => "a recurring step may be left out",
            false => "the culture may end before the passages in which it is taken",
        };
        return Some(Misfit::Passed {
            criterion: key,
            point,
            why,
        });
    }
    let mut in_turn = record
        .steps
        .iter()
        .filter(|step| step.kind != StepKind::Assess);
    let last = in_turn.next_back().map(|step| &step.key);
    let stops = steps.iter().any(|step| Some(&step.key) != last);
    (criterion.stage == Stage::InProcess && !stops).then_some(Misfit::StopsNothing {
        criterion: key,
        point,
    })
}

/// Whether every batch comes to the step: it happens in a passage that the culture doesn't end before, and not only
/// while the batch is on hold.
fn reached(record: &MasterRecord, step: &Step) -> bool {
    if step.kind == StepKind::Assess {
        return false;
    }
    let least = record
        .culture
        .as_ref()
        .map_or(0, |culture| culture.minimum_passage);
    step.only_passages.is_empty() || step.only_passages.iter().any(|passage| *passage <= least)
}

fn shelf_life(step: &Step, specification: &Specification) -> Option<Misfit> {
    let life = specification.shelf_life.as_ref();
    let (figure, stated) = match step.kind {
        StepKind::Freeze => ("frozen_days", life.and_then(|life| life.frozen_days)),
        StepKind::Formulate => (
            "formulated_hours",
            life.and_then(|life| life.formulated_hours),
        ),
        StepKind::Receive
        | StepKind::Isolate
        | StepKind::Seed
        | StepKind::ChangeMedium
        | StepKind::Observe
        | StepKind::Passage
        | StepKind::FinalHarvest
        | StepKind::Sample
        | StepKind::Checklist
        | StepKind::Assess => return None,
    };
    stated.is_none().then(|| Misfit::NoShelfLife {
        step: step.key.clone(),
        figure,
    })
}

fn dose(record: &MasterRecord, specification: &Specification) -> Option<Misfit> {
    let stores = |step: &Step| matches!(step.kind, StepKind::Freeze | StepKind::Formulate);
    if !record.steps.iter().any(stores) {
        return Some(Misfit::NoUnits);
    }
    let (least, _) = specification.dose.as_ref()?.cells(Decimal::ONE)?;
    let target = record.culture.as_ref()?.target_viable_per_kg;
    (target < least).then_some(Misfit::BelowDose { target, least })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::{master_record, specification};

    fn found(record: &str, specification: &str) -> Vec<String> {
        let record = MasterRecord::parse(record).unwrap();
        let specification = Specification::parse(specification).unwrap();
        let found = misfits(&record, &specification).into_iter();
        found.map(|misfit| misfit.to_string()).collect()
    }

    const RECORD: &str = master_record::BM_MSC;
    const SPECIFICATION: &str = specification::BM_MSC;

    #[test]
    fn the_documents_that_ship_fit() {
        assert_eq!(found(RECORD, SPECIFICATION), Vec::<String>::new());
    }

    #[test]
    fn what_one_document_asks_for_and_the_other_lacks_is_a_misfit() {
        let in_spec = |from: &str, to: &str| (RECORD.to_owned(), SPECIFICATION.replace(from, to));
        let in_record = |from: &str, to: &str| (RECORD.replace(from, to), SPECIFICATION.to_owned());
        let first = |(record, specification): (String, String)| {
            assert!(record != RECORD || specification != SPECIFICATION);
            found(&record, &specification).into_iter().next()
        };
        let point = "sample_point = \"in-process\"";
        for (documents, words) in [
            (
                in_spec(point, "sample_point = \"in-proces\""),
                "criterion “viability-in-process” is tested at sample point “in-proces”, and no step of the master record \
                 takes that sample (it has: in-process, final-product)",
            ),
            (
                in_record(point, "sample_point = \"in-proces\""),
                "criterion “viability-in-process” is tested at sample point “in-process”, and no step of the master record \
                 takes that sample (it has: in-proces, final-product)",
            ),
            (
                // The culture may end after P1.
                in_record("only_passages = [1]", "only_passages = [2, 3]"),
                "criterion “viability-in-process” is tested at sample point “in-process”, which a batch can pass without a \
                 sample: the culture may end before the passages in which it is taken",
            ),
            (
                in_record(
                    "sample_point = \"final-product\"",
                    "recurring = true\nsample_point = \"final-product\"",
                ),
                "criterion “viability” is tested at sample point “final-product”, which a batch can pass without a sample: a \
                 recurring step may be left out",
            ),
            (
                in_spec("frozen_days = 365", "formulated_hours = 24"),
                "step “freeze” stores units, and the specification states no frozen_days in [shelf_life]",
            ),
            (
                in_record(
                    "target_viable_per_kg = \"2000000\"",
                    "target_viable_per_kg = \"999999\"",
                ),
                "the culture ends at 999999 viable cells per kg, which is less than the least dose of 1000000 cells per kg",
            ),
        ] {
            assert_eq!(first(documents).as_deref(), Some(words));
        }
        let other = in_spec(
            "product = \"Autologous bone-marrow mesenchymal",
            "product = \"Adipose mesenchymal",
        );
        assert!(
            first(other).is_some_and(|words| words.contains("the specification is for “Adipose"))
        );
        // At the boundary: the least dose itself, and a passage that each batch has.
        for (record, specification) in [
            in_record(
                "target_viable_per_kg = \"2000000\"",
                "target_viable_per_kg = \"1000000\"",
            ),
            in_record("only_passages = [1]", "only_passages = [1, 2]"),
        ] {
            assert_eq!(found(&record, &specification), Vec::<String>::new());
        }
        // A sample that nothing is tested in.
        let (record, _) = in_record(
            "[[step]]\nkey = \"closing\"",
            "[[step]]\nkey = \"more\"\ntitle = \"More\"\nkind = \"sample\"\nsample_point = \"more\"\ninstruction = \"Take.\"\n\n\
             [[step]]\nkey = \"closing\"",
        );
        assert_eq!(
            found(&record, SPECIFICATION),
            [
                "step “more” takes a sample at “more”, and no criterion of the specification is tested there"
            ]
        );
        // In process, and nothing that waits for it: a step that is done only while the batch is on hold waits for nothing.
        let (last, _) = in_record(
            "[[step]]\nkey = \"hold-assessment\"",
            "[[step]]\nkey = \"last\"\ntitle = \"Last\"\nkind = \"sample\"\nsample_point = \"last\"\ninstruction = \"Take.\"\n\n\
             [[step]]\nkey = \"hold-assessment\"",
        );
        let judged = SPECIFICATION.replace(point, "sample_point = \"last\"");
        assert_eq!(
            found(&last, &judged),
            [
                "criterion “viability-in-process” is to be met before the next step, and no step follows the sample at “last”",
                "step “in-process-sample” takes a sample at “in-process”, and no criterion of the specification is tested there",
            ]
        );
        let (unstored, _) = in_record("kind = \"freeze\"", "kind = \"checklist\"");
        let without_dose = SPECIFICATION.replace(
            "[dose]\nminimum = 1\nmaximum = 2\nunit = \"10^6 cells/kg\"\nsource = \"NCT02239393\"\n",
            "",
        );
        assert_ne!(without_dose, SPECIFICATION);
        for specification in [SPECIFICATION, &without_dose] {
            assert_eq!(
                found(&unstored, specification),
                ["no step of the master record stores units, so there would be nothing to release"]
            );
        }
    }
}
