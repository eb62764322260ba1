//! Assessing exceptions, signing the review, certifying, rejecting, withdrawing.

use super::{open, words};
use crate::{
    batch::{Batch, BatchEvent, Context, Disposition, Meaning, Refusal},
    ids::UserId,
    rights::Role,
};

pub(super) fn assess_exception(
    batch: &Batch,
    context: &Context,
    number: u64,
    assessment: &str,
) -> Result<BatchEvent, Refusal> {
    let exception = batch
        .exceptions
        .iter()
        .find(|one| one.stamp.version == number)
        .ok_or_else(|| Refusal::UnknownException {
            batch: batch.harvest.number.clone(),
            exception: number,
        })?;
    if let Some((_, stamp)) = &exception.assessed {
        return Err(Refusal::AlreadyAssessed {
            exception: number,
            name: stamp.by.name.clone(),
        });
    }
    if exception.stamp.by.user == context.user || confirmed_by(batch, number, context.user) {
        return Err(Refusal::OwnEntry {
            name: context.name.clone(),
        });
    }
    let assessment = words("assessment", "Assessment", assessment)?;
    Ok(BatchEvent::ExceptionAssessed {
        exception: number,
        assessment,
    })
}

pub(super) fn sign_review(
    batch: &Batch,
    context: &Context,
    role: Role,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    not_a_maker(batch, context)?;
    if let Some(review) = batch.review() {
        return Err(Refusal::ReviewStands {
            name: review.signature.name.clone(),
        });
    }
    let blockers = batch.review_blockers();
    if !blockers.is_empty() {
        return Err(Refusal::Blocked { blockers });
    }
    let (signature, signed) = context.sign(batch, role, Meaning::Reviewed, seen)?;
    Ok(BatchEvent::ReviewSigned { signature, signed })
}

/// A11-15, A16-steps: checked, then certified, then made available.
pub(super) fn certify(
    batch: &Batch,
    context: &Context,
    role: Role,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    not_a_maker(batch, context)?;
    if batch
        .review()
        .is_some_and(|review| review.signature.signer == context.user)
    {
        return Err(Refusal::OwnReview {
            name: context.name.clone(),
        });
    }
    let blockers = batch.blockers(context.now);
    if !blockers.is_empty() {
        return Err(Refusal::Blocked { blockers });
    }
    let (signature, signed) = context.sign(batch, role, Meaning::Certified, seen)?;
    let before = batch
        .signatures
        .iter()
        .filter(|record| record.signature.meaning == Meaning::Certified)
        .count();
    let certificate = batch.certificate_number(before + 1);
    Ok(BatchEvent::Certified {
        certificate,
        signature,
        signed,
    })
}

pub(super) fn reject(
    batch: &Batch,
    context: &Context,
    role: Role,
    reasons: &str,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let reasons = words("reasons", "Reasons", reasons)?;
    let (signature, signed) = context.sign(batch, role, Meaning::Rejected, seen)?;
    Ok(BatchEvent::Rejected {
        reasons,
        signature,
        signed,
    })
}

pub(super) fn withdraw(
    batch: &Batch,
    context: &Context,
    role: Role,
    reason: &str,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    let Disposition::Certified(_) = batch.disposition else {
        return Err(Refusal::NotCertified {
            batch: batch.harvest.number.clone(),
        });
    };
    let reason = words("reason", "Reason", reason)?;
    let (signature, signed) = context.sign(batch, role, Meaning::Withdrawn, seen)?;
    Ok(BatchEvent::CertificationWithdrawn {
        reason,
        signature,
        signed,
    })
}

/// Whether this person confirmed, as the second analyst, the correction that made an exception.
fn confirmed_by(batch: &Batch, exception: u64, user: UserId) -> bool {
    let results = (batch.samples.iter())
        .flat_map(|sample| &sample.tests)
        .flat_map(|test| &test.results);
    results
        .flat_map(|result| &result.corrections)
        .filter(|correction| correction.stamp.version == exception)
        .filter_map(|correction| correction.verdict.as_ref())
        .any(|change| change.second.user == user)
}

fn not_a_maker(batch: &Batch, context: &Context) -> Result<(), Refusal> {
    if batch.makers.contains(&context.user) {
        return Err(Refusal::OwnRecord {
            name: context.name.clone(),
        });
    }
    Ok(())
}
