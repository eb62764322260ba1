//! What else there is of the batch, each with a link; and the comments.

use domain::rights::Action;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::super::sight::Sight;
use crate::commands::step::Comment;
use crate::parts::fields::{hidden_field, send};
use crate::parts::frame::Tab;
use crate::parts::{LongTextField, form};

/// Exceptions, deviations and samples in a line each.
pub fn section(sight: &Sight) -> AnyView {
    let batch = &sight.batch;
    let exceptions = batch.exceptions.len();
    let unassessed = batch
        .exceptions
        .iter()
        .filter(|one| one.assessed.is_none())
        .count();
    let deviations = batch.deviations.len();
    let open = batch.open_deviations().count();
    let tests: usize = batch.samples.iter().map(|sample| sample.tests.len()).sum();
    let pending = batch
        .samples
        .iter()
        .flat_map(|sample| &sample.tests)
        .filter(|test| test.standing().is_none())
        .count();
    let card = |tab: Tab, name: &str, count: String, detail: String, calls: bool| {
        view! {
            <a class="card" class:calls=calls href=tab.path(batch)>
                <span class="card-name">{name.to_owned()}</span>
                <span class="card-count">{count}</span>
                <span class="sub">{detail}</span>
            </a>
        }
        .into_any()
    };
    view! {
        <section class="cards" aria-label="What else there is of this batch">
            {card(Tab::Release, "Exceptions", exceptions.to_string(), format!("{unassessed} not assessed"), unassessed > 0)}
            {card(Tab::Deviations, "Deviations", deviations.to_string(), format!("{open} open"), open > 0)}
            {card(Tab::Quality, "Tests", tests.to_string(), format!("{pending} without a result"), false)}
        </section>
    }
    .into_any()
}

/// The comments on the batch as a whole, and the form for another.
pub fn comments(sight: &Sight) -> AnyView {
    let lines: Vec<_> = sight
        .batch
        .comments
        .iter()
        .map(|comment| view! { <p class="comment"><q>{comment.text.clone()}</q>" "{sight.who(&comment.stamp)}</p> })
        .collect();
    let remark = sight.page.form("comment");
    let fields = view! {
        {hidden_field("batch", sight.batch.id)}
        {hidden_field("step", "")}
        <LongTextField form=&remark name="text" label="Comment" rows=2/>
        {send("Add the comment")}
    };
    view! {
        <section id="comments" aria-labelledby="comments-title">
            <h2 id="comments-title">"Comments on the batch"</h2>
            {lines}
            {sight.may(Action::Comment).then(|| view! {
                <details class="fold" open=remark.is_begun()>
                    <summary>"Comment on the batch"</summary>{form(&remark, Comment::url(), fields)}
                </details>
            })}
        </section>
    }
    .into_any()
}
