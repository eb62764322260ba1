//! A batch as one person has it before them: what a page about it draws from, and which commands it may offer.

use std::sync::Arc;

use domain::batch::{
    self, Batch, BatchCommand, Context, Refusal, ReleaseRefusal, Signature, Stamp, StandingRefusal,
};
use domain::ids::BatchId;
use domain::master_record::StepRef;
use domain::rights::Action;
use domain::time::Timestamp;
use leptos::prelude::*;

use crate::commands::step::at_step;
use crate::desk::Trouble;
use crate::form::Form;
use crate::page::Page;
use crate::parts::frame::{Tab, batch_frame};
use crate::zone::Zone;

/// A batch before a person. A clone is cheap.
#[derive(Clone)]
pub struct Sight {
    /// The page that is drawn.
    pub page: Page,
    /// The batch.
    pub batch: Arc<Batch>,
    /// The zone in which its days are counted and its times are shown.
    pub zone: Zone,
    /// The moment at which it is looked at.
    pub now: Timestamp,
}

impl Sight {
    /// The batch that the page's address names: `/batches/{id}/...`.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] where there is none that this person may read.
    pub async fn open(page: Page) -> Result<Self, Trouble> {
        let id = page.path().split('/').nth(2).unwrap_or_default();
        let id: BatchId = id.parse().map_err(|_| Trouble::NotFound)?;
        let batch = page.desk.batch(id).await?;
        let zone = batch.zone();
        let now = page.desk.now();
        Ok(Self {
            page,
            batch: Arc::new(batch),
            zone,
            now,
        })
    }

    /// One of the pages of the batch, under its band.
    pub fn framed(&self, title: &str, here: Tab, content: impl IntoView + 'static) -> AnyView {
        batch_frame(&self.page, title, &self.batch, here, content)
    }

    /// Whether a role of the person at the batch's site allows it.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        let site = &self.batch.harvest.site;
        self.page.desk.person.may(site, action)
    }

    /// What the domain would be told of the person if they asked for something now, without having signed.
    #[must_use]
    pub fn context(&self) -> Option<Context> {
        self.page.desk.context(&self.batch)
    }

    /// Whether a form for this command is offered: the domain is asked with the form still empty. A refusal that stands at
    /// a field is then what the person is about to fill in; any other is the reason why there is no form.
    #[must_use]
    pub fn offers(&self, command: BatchCommand) -> Offer {
        let Some(context) = self.context() else {
            return Offer::Never;
        };
        match batch::decide(&self.batch, command, &context) {
            Err(Refusal::Standing(StandingRefusal::NotAllowed { .. })) => Offer::Never,
            Err(why) if why.all_words().iter().any(|one| one.field.is_none()) => Offer::NotNow(why),
            _ => Offer::Yes,
        }
    }

    /// The form where the command is offered, the reason where it isn't now, nothing where the role never allows it. A
    /// form that came back is shown in any case, so that what was typed isn't lost.
    pub fn offered(
        &self,
        command: BatchCommand,
        form: &Form,
        draw: impl FnOnce() -> AnyView,
    ) -> Option<AnyView> {
        match self.offers(command) {
            Offer::NotNow(why) if !form.came_back() => Some(self.not_now(&why)),
            Offer::Never if !form.came_back() => None,
            _ => Some(draw()),
        }
    }

    /// The same without a reason, where the page itself shows it.
    pub fn offered_or_silent(
        &self,
        command: BatchCommand,
        form: &Form,
        draw: impl FnOnce() -> AnyView,
    ) -> Option<AnyView> {
        let offered = form.came_back() || matches!(self.offers(command), Offer::Yes);
        offered.then(draw)
    }

    fn not_now(&self, why: &Refusal) -> AnyView {
        // What blocks has a list of its own; a few are named here too.
        if let Refusal::Release(ReleaseRefusal::Blocked { blockers }) = why
            && blockers.len() > 3
        {
            let to = format!("{}#blocking", Tab::Release.path(&self.batch));
            let words = format!("{} things stand in the way", blockers.len());
            return view! { <p class="not-now">"Not yet: " <a href=to>{words}</a> "."</p> }
                .into_any();
        }
        view! { <p class="not-now">{why.to_string()}</p> }.into_any()
    }

    /// A moment, in the zone of the site.
    pub fn moment(&self, at: Timestamp) -> AnyView {
        let shown = self.zone.shown(at);
        let (day, clock) = shown.split_once(' ').unwrap_or((&shown, ""));
        // A line may end between the day and the time, not within one.
        view! {
            <time datetime=at.to_string()>
                <span class="nowrap">{day.to_owned()}</span> " " <span class="nowrap">{clock.to_owned()}</span>
            </time>
        }
        .into_any()
    }

    /// Who did something, and when.
    pub fn who(&self, stamp: &Stamp) -> AnyView {
        view! {
            <span class="by">{stamp.by.name.clone()}</span>
            " "
            {self.moment(stamp.at)}
        }
        .into_any()
    }

    /// A signature in full, as the law wants it wherever the record is shown (A11-11.50): printed name, user name, role,
    /// meaning, moment with zone.
    pub fn signed(&self, signature: &Signature) -> AnyView {
        view! {
            <span class="signed">
                <strong>{signature.name.clone()}</strong>
                " (" {signature.user_name.clone()} "), "
                {signature.role.label()}
                ": “"
                {signature.meaning.label()}
                "”, "
                {self.moment(signature.at)}
            </span>
        }
        .into_any()
    }

    /// A link to a step of the batch record.
    pub fn step(&self, at: &StepRef) -> AnyView {
        view! { <a href=at_step(&self.batch, at)>{self.batch.step_title(at)}</a> }.into_any()
    }
}

/// Whether a form for a command is offered.
#[derive(Debug)]
pub enum Offer {
    /// The command can be sent.
    Yes,
    /// Not as the batch stands.
    NotNow(Refusal),
    /// Not in the person's roles.
    Never,
}
