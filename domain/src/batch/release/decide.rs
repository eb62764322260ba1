//! Signing the review, certifying, rejecting, withdrawing.

use crate::{
    batch::{
        Batch, BatchEvent, Context, Disposition, Meaning, Refusal, ReleaseCommand, ReleaseEvent,
        ReleaseRefusal,
        decide::{open, words},
    },
    rights::Role,
};

/// What a command on the release does.
///
/// # Errors
/// A [`Refusal`] with words for the person.
pub(in crate::batch) fn decide(
    batch: &Batch,
    command: ReleaseCommand,
    context: &Context,
    role: Role,
) -> Result<Vec<BatchEvent>, Refusal> {
    let event = match command {
        ReleaseCommand::SignReview { seen } => sign_review(batch, context, role, seen),
        ReleaseCommand::Certify { seen } => certify(batch, context, role, seen),
        ReleaseCommand::Reject { reasons, seen } => reject(batch, context, role, &reasons, seen),
        ReleaseCommand::WithdrawCertification { reason, seen } => {
            withdraw(batch, context, role, &reason, seen)
        }
    }?;
    Ok(vec![event])
}

fn sign_review(
    batch: &Batch,
    context: &Context,
    role: Role,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    ensure_independent(batch, context)?;
    if let Some(review) = batch.review() {
        return Err(Refusal::Release(ReleaseRefusal::ReviewStands {
            name: review.signature.name.clone(),
        }));
    }
    let blockers = batch.review_blockers();
    if !blockers.is_empty() {
        return Err(Refusal::Release(ReleaseRefusal::Blocked { blockers }));
    }
    let (signature, signed) = context.sign(batch, role, Meaning::Reviewed, seen)?;
    Ok(BatchEvent::Release(ReleaseEvent::ReviewSigned {
        signature,
        signed,
    }))
}

/// A11-15, A16-steps: checked, then certified, then made available.
fn certify(batch: &Batch, context: &Context, role: Role, seen: u64) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    ensure_independent(batch, context)?;
    if batch
        .review()
        .is_some_and(|review| review.signature.signer == context.user)
    {
        return Err(Refusal::Release(ReleaseRefusal::OwnReview {
            name: context.name.clone(),
        }));
    }
    let blockers = batch.blockers(context.now);
    if !blockers.is_empty() {
        return Err(Refusal::Release(ReleaseRefusal::Blocked { blockers }));
    }
    let (signature, signed) = context.sign(batch, role, Meaning::Certified, seen)?;
    let before = batch
        .signatures
        .iter()
        .filter(|record| record.signature.meaning == Meaning::Certified)
        .count();
    let certificate = batch.certificate_number(before + 1);
    Ok(BatchEvent::Release(ReleaseEvent::Certified {
        certificate,
        signature,
        signed,
    }))
}

fn reject(
    batch: &Batch,
    context: &Context,
    role: Role,
    reasons: &str,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    open(batch)?;
    let reasons = words("reasons", "Reasons", reasons)?;
    let (signature, signed) = context.sign(batch, role, Meaning::Rejected, seen)?;
    Ok(BatchEvent::Release(ReleaseEvent::Rejected {
        reasons,
        signature,
        signed,
    }))
}

fn withdraw(
    batch: &Batch,
    context: &Context,
    role: Role,
    reason: &str,
    seen: u64,
) -> Result<BatchEvent, Refusal> {
    let Disposition::Certified(_) = batch.disposition else {
        return Err(Refusal::Release(ReleaseRefusal::NotCertified {
            batch: batch.harvest.number.clone(),
        }));
    };
    let reason = words("reason", "Reason", reason)?;
    let (signature, signed) = context.sign(batch, role, Meaning::Withdrawn, seen)?;
    Ok(BatchEvent::Release(ReleaseEvent::CertificationWithdrawn {
        reason,
        signature,
        signed,
    }))
}

fn ensure_independent(batch: &Batch, context: &Context) -> Result<(), Refusal> {
    if batch.contributors.contains(&context.user) {
        return Err(Refusal::Release(ReleaseRefusal::OwnRecord {
            name: context.name.clone(),
        }));
    }
    Ok(())
}
