//! The decision: QA's review, and then the Qualified Person's word.

use domain::batch::{BatchCommand, Disposition, Meaning, ReleaseCommand};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::commands::release::{CertifyBatch, RejectBatch, SignReview, WithdrawCertification};
use crate::pages::sight::Sight;
use crate::parts::fields::hidden_field;
use crate::parts::{LongTextField, SignaturePanel, form};

/// What this person can sign now; nothing where they can sign nothing.
pub(super) fn section(sight: &Sight) -> Option<AnyView> {
    let panels: Vec<_> = [
        review(sight),
        certify(sight),
        reject(sight),
        withdraw(sight),
    ]
    .into_iter()
    .flatten()
    .collect();
    if panels.is_empty() {
        return None;
    }
    Some(
        view! {
            <section id="decision" aria-labelledby="decision-heading">
                <h2 id="decision-heading">"Decision"</h2>
                {panels}
            </section>
        }
        .into_any(),
    )
}

fn review(sight: &Sight) -> Option<AnyView> {
    let seen = sight.batch.version;
    let signing = sight.page.form("sign-review");
    if is_decided(sight) && !signing.came_back() {
        return None;
    }
    let number = &sight.batch.harvest.number;
    let panel = sight.offered(BatchCommand::Release(ReleaseCommand::SignReview { seen }), &signing, || {
        let fields = view! {
            {hidden_field("batch", sight.batch.id)}
            <SignaturePanel
                form=&signing
                what=format!("You sign that you reviewed the record of batch {number} up to entry {seen}.")
                meaning=Meaning::Reviewed
                consequences="A Qualified Person can then certify or reject the batch. A later change of the record makes the signature void."
                seen=seen
                button="Sign the review"
            />
        };
        form(&signing, SignReview::url(), fields)
    })?;
    Some(view! { <h3>"Review by QA"</h3> {panel} }.into_any())
}

fn certify(sight: &Sight) -> Option<AnyView> {
    let seen = sight.batch.version;
    let signing = sight.page.form("certify");
    if is_decided(sight) && !signing.came_back() {
        return None;
    }
    let harvest = &sight.batch.harvest;
    let check = harvest
        .din
        .check_character()
        .map(|check| format!(" {check}"));
    let what = format!(
        "You certify batch {}, {} {}{}, of subject {}: made under {}, judged by {}.",
        harvest.number,
        harvest.din.name(),
        harvest.din.grouped(),
        check.unwrap_or_default(),
        harvest.subject,
        sight.batch.documents.master_record.label(),
        sight.batch.documents.specification.label(),
    );
    let panel = sight.offered(BatchCommand::Release(ReleaseCommand::Certify { seen }), &signing, || {
        let fields = view! {
            {hidden_field("batch", sight.batch.id)}
            <SignaturePanel
                form=&signing
                what=what
                meaning=Meaning::Certified
                consequences="Doses of this batch can then be prepared and dispatched for its donor, and the certificate of analysis is printed."
                seen=seen
                button="Sign and certify the batch"
            />
        };
        form(&signing, CertifyBatch::url(), fields)
    })?;
    Some(view! { <h3>"Certification"</h3> {panel} }.into_any())
}

/// The verdict at the top says how; there is nothing more to say here.
fn is_decided(sight: &Sight) -> bool {
    sight.batch.disposition != Disposition::Open
}

fn reject(sight: &Sight) -> Option<AnyView> {
    let seen = sight.batch.version;
    let signing = sight.page.form("reject");
    let command = BatchCommand::Release(ReleaseCommand::Reject {
        reasons: String::new(),
        seen,
    });
    let what = format!("You reject batch {}.", sight.batch.harvest.number);
    // Why a batch can't be rejected is told by the batch itself: it is decided on already.
    let panel = sight.offered_or_silent(command, &signing, || {
        let fields = view! {
            {hidden_field("batch", sight.batch.id)}
            <LongTextField form=&signing name="reasons" label="Reason"/>
            <SignaturePanel
                form=&signing
                what=what
                meaning=Meaning::Rejected
                consequences="This can’t be taken back. No dose of this batch ever leaves; its units are destroyed."
                seen=seen
                button="Sign and reject the batch"
            />
        };
        form(&signing, RejectBatch::url(), fields)
    })?;
    Some(fold("Reject the batch", signing.is_begun(), panel))
}

fn withdraw(sight: &Sight) -> Option<AnyView> {
    let seen = sight.batch.version;
    let signing = sight.page.form("withdraw");
    let command = BatchCommand::Release(ReleaseCommand::WithdrawCertification {
        reason: String::new(),
        seen,
    });
    let what = format!(
        "You withdraw the certification of batch {}.",
        sight.batch.harvest.number
    );
    let panel = sight.offered_or_silent(command, &signing, || {
        let fields = view! {
            {hidden_field("batch", sight.batch.id)}
            <LongTextField form=&signing name="reason" label="Reason"/>
            <SignaturePanel
                form=&signing
                what=what
                meaning=Meaning::Withdrawn
                consequences="No dose can leave any more. Certification and review become void; the batch is reviewed and decided on anew."
                seen=seen
                button="Sign and withdraw"
            />
        };
        form(&signing, WithdrawCertification::url(), fields)
    })?;
    Some(fold(
        "Withdraw the certification",
        signing.is_begun(),
        panel,
    ))
}

fn fold(summary: &'static str, open: bool, panel: AnyView) -> AnyView {
    view! {
        <details class="fold" open=open>
            <summary>{summary}</summary>
            {panel}
        </details>
    }
    .into_any()
}
