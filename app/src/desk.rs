//! Where a request is dealt with: who asks, what they may, and the record that they ask of.

use axum::http::request::Parts;
use domain::batch::{self, Batch, BatchCommand, Context, Held, Refusal, StandingRefusal};
use domain::clock::ClockState;
use domain::ids::{BatchId, CommandId};
use domain::refusal::Words;
use domain::rights::Action;
use domain::time::Timestamp;
use leptos::prelude::use_context;
use std::net::IpAddr;
use std::str::FromStr;
use store::{Answer, ClockView, Person, Records, Signing};
use uuid::Uuid;

use crate::door::{self, Door, Visitor, Whence};
use crate::form::{Typed, hidden};
use crate::papers::Printer;
use crate::read::Reading;
use crate::zone::{self, Zone};

/// What a form is answered with that no page of ours has made.
pub const INCOMPLETE: &str = "This form is incomplete, and nothing was recorded. Open its page again and send it from there.";

/// What the server hands to pages and commands as a Leptos context.
#[derive(Clone)]
pub struct AppState {
    /// The record.
    pub records: Records,
    /// Who may come in.
    pub door: Door,
    /// What lays out certificates.
    pub printer: Printer,
}

/// Whether the server has the licences of all that Autolog is made of: a program that was built to be handed on does.
#[derive(Debug, Clone, Copy)]
pub struct Notices(pub bool);

/// Why a page isn't drawn or a command isn't carried out.
#[derive(Debug)]
pub enum Trouble {
    /// Nobody is signed in, or the session has ended.
    SignIn,
    /// Somebody else set the password: it has to be changed before anything else.
    PasswordFirst,
    /// Refused with words.
    Refused(Vec<Words>),
    /// Refused for now: too much of it came from there lately.
    TooMany(Words),
    /// Refused because the page was drawn for somebody else than who is signed in now.
    AnothersPage(Vec<Words>),
    /// There is no such thing, or none that this person may know of.
    NotFound,
    /// The person's roles don't allow it.
    NotAllowed(Action),
    /// The program failed.
    Fault(Box<door::Fault>),
    /// The program was put together wrongly.
    Broken(&'static str),
}

impl From<store::Fault> for Trouble {
    fn from(fault: store::Fault) -> Self {
        Self::Fault(Box::new(fault.into()))
    }
}

impl From<door::Fault> for Trouble {
    fn from(fault: door::Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl From<Words> for Trouble {
    fn from(words: Words) -> Self {
        Self::Refused(vec![words])
    }
}

impl From<door::Refusal> for Trouble {
    fn from(refusal: door::Refusal) -> Self {
        match refusal {
            door::Refusal::TooMany | door::Refusal::TooManySignIns | door::Refusal::TooOften(_) => {
                Self::TooMany(refusal.words())
            }
            refusal => Self::Refused(refusal.all_words()),
        }
    }
}

impl AppState {
    /// The state that the server has handed over.
    ///
    /// # Errors
    /// [`Trouble::Broken`] where it hasn't.
    pub fn here() -> Result<Self, Trouble> {
        use_context().ok_or(Trouble::Broken("no state was handed to the page"))
    }

    /// Who sends this request; `None` where nobody is signed in.
    ///
    /// # Errors
    /// [`Trouble::Fault`].
    pub async fn visitor(&self) -> Result<Option<Visitor>, Trouble> {
        match self.door.cookie().token(&request()?.headers) {
            Some(token) => Ok(self.door.authenticate(&token).await?),
            None => Ok(None),
        }
    }

    /// A new random id.
    ///
    /// # Errors
    /// [`Trouble::Fault`].
    pub fn new_id(&self) -> Result<Uuid, Trouble> {
        Ok(self.door.new_id()?)
    }
}

/// Whether the clock is confirmed, as far as is known.
#[must_use]
pub fn state_of(view: &ClockView) -> ClockState {
    match view.doubt {
        None => ClockState::Confirmed,
        Some(_) => ClockState::NotConfirmed,
    }
}

/// The request being answered.
///
/// # Errors
/// [`Trouble::Broken`] outside a request.
pub fn request() -> Result<Parts, Trouble> {
    use_context().ok_or(Trouble::Broken("there is no request"))
}

/// The address of a browser, as the server found it: of the connection, or as the proxy in front names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// From where the request being answered comes; its session is not looked at.
///
/// # Errors
/// [`Trouble::Broken`] outside a request.
pub fn whence() -> Result<Whence, Trouble> {
    let address = request()?.extensions.get::<ClientAddress>().copied();
    Ok(Whence {
        address: address.map(|ClientAddress(address)| address),
        session: None,
    })
}

/// A request of a person who is signed in. A clone is cheap.
#[derive(Clone)]
pub struct Desk {
    /// The record.
    pub records: Records,
    /// Who may come in.
    pub door: Door,
    /// Who asks.
    pub person: Person,
    /// Whether the server's clock is confirmed.
    pub clock: ClockState,
}

impl Desk {
    /// The desk of the person who sends this request.
    ///
    /// # Errors
    /// [`Trouble::SignIn`] where nobody is signed in, [`Trouble::PasswordFirst`] where the password has to be changed first.
    pub async fn open() -> Result<Self, Trouble> {
        let state = AppState::here()?;
        let visitor = state.visitor().await?.ok_or(Trouble::SignIn)?;
        let clock = state_of(&state.records.clock().await?);
        Self::of(state, visitor, clock)
    }

    /// The desk of a person who was recognised.
    ///
    /// # Errors
    /// [`Trouble::PasswordFirst`] where the password has to be changed first.
    pub fn of(state: AppState, visitor: Visitor, clock: ClockState) -> Result<Self, Trouble> {
        if visitor.must_change {
            return Err(Trouble::PasswordFirst);
        }
        Ok(Self {
            records: state.records,
            door: state.door,
            person: visitor.person,
            clock,
        })
    }

    /// The server's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.records.now()
    }

    /// A new random id.
    ///
    /// # Errors
    /// [`Trouble::Fault`].
    pub fn new_id(&self) -> Result<Uuid, Trouble> {
        Ok(self.door.new_id()?)
    }

    /// The desk and the batch of a form (by its hidden field `batch`), where the person may do this at its site.
    ///
    /// # Errors
    /// As [`Desk::open`]; [`Trouble::NotFound`] where there is no such batch at a site of theirs,
    /// [`Trouble::NotAllowed`] where no role of theirs allows it.
    pub async fn at_batch(form: &Typed, action: Action) -> Result<(Self, Batch), Trouble> {
        let desk = Self::open().await?;
        let batch = desk.batch_of(form).await?;
        desk.require(action, &batch.harvest.site)?;
        Ok((desk, batch))
    }

    /// Goes on only where the person may do this at the site.
    ///
    /// # Errors
    /// [`Trouble::NotAllowed`].
    pub fn require(&self, action: Action, site: &str) -> Result<(), Trouble> {
        if self.person.may(site, action) {
            Ok(())
        } else {
            Err(Trouble::NotAllowed(action))
        }
    }

    /// The time zone of a site.
    ///
    /// # Errors
    /// [`Trouble::NotFound`] where there is no such site.
    pub async fn zone(&self, site: &str) -> Result<Zone, Trouble> {
        let row = self.records.site(site).await?.ok_or(Trouble::NotFound)?;
        Ok(zone::named(&row.time_zone)?)
    }

    /// A batch that the person may read. One of another site is answered as if it were not there.
    ///
    /// # Errors
    /// [`Trouble::NotFound`].
    pub async fn batch(&self, id: BatchId) -> Result<Batch, Trouble> {
        let batch = self.records.batch(id).await?.ok_or(Trouble::NotFound)?;
        if self.person.may(&batch.harvest.site, Action::ReadBatch) {
            Ok(batch)
        } else {
            Err(Trouble::NotFound)
        }
    }

    /// The batch that a form is about, by its hidden field `batch`.
    ///
    /// # Errors
    /// [`Trouble::NotFound`].
    pub async fn batch_of(&self, form: &Typed) -> Result<Batch, Trouble> {
        self.batch(form.text("batch").parse().map_err(|_| Trouble::NotFound)?)
            .await
    }

    /// Carries out a command on a batch as the signed-in person. What is to be signed needs [`Desk::confirm`] before it.
    ///
    /// # Errors
    /// [`Trouble::Refused`] with the words of the domain; nothing was recorded then.
    pub async fn on_batch(
        &self,
        batch: &Batch,
        form: &Typed,
        what: BatchCommand,
        signing: Signing,
    ) -> Result<(), Trouble> {
        self.on_batch_as(&self.person, batch, form, what, signing)
            .await
    }

    /// The same as another person, whose password was checked in this request.
    ///
    /// # Errors
    /// As [`Desk::on_batch`].
    pub async fn on_batch_as(
        &self,
        by: &Person,
        batch: &Batch,
        form: &Typed,
        what: BatchCommand,
        signing: Signing,
    ) -> Result<(), Trouble> {
        let answer = self
            .records
            .on_batch(by, self.command(form)?, batch.id, what, signing)
            .await?;
        done(answer)
    }

    /// What the domain would say to a command now, without recording it; `None` where it would take it. What decides is
    /// asked again when it is recorded.
    ///
    /// # Errors
    /// [`Trouble::SignIn`] for a person without an account.
    pub fn would_refuse(
        &self,
        batch: &Batch,
        what: BatchCommand,
    ) -> Result<Option<Refusal>, Trouble> {
        let context = self.context(batch).ok_or(Trouble::SignIn)?;
        Ok(batch::decide(batch, what, &context).err())
    }

    /// Everything that is wrong with a form: what could not be read, and what the domain would say of the other fields.
    /// `what` is the command with anything at all in place of what could not be read.
    #[must_use]
    pub fn all_refused(&self, batch: &Batch, reading: Reading<'_>, what: BatchCommand) -> Trouble {
        reading.refused_with(self.refused_unsigned(batch, what))
    }

    /// What the domain would say of a form, but for the signature, which is not made yet.
    fn refused_unsigned(&self, batch: &Batch, what: BatchCommand) -> Vec<Words> {
        match self.would_refuse(batch, what).ok().flatten() {
            None | Some(Refusal::Standing(StandingRefusal::NotAuthenticated)) => Vec::new(),
            Some(refusal) => refusal.all_words(),
        }
    }

    /// What a decision on a batch would know of this person, who has not signed; `None` for a person without an account.
    #[must_use]
    pub fn context(&self, batch: &Batch) -> Option<Context> {
        self.context_at(&batch.harvest.site, batch.zone())
    }

    /// The same at a site, for what is no batch yet.
    #[must_use]
    pub fn context_at(&self, site: &str, zone: Zone) -> Option<Context> {
        Some(Context {
            now: self.now(),
            clock: self.clock,
            zone,
            user: self.person.user?,
            user_name: self.person.user_name.clone(),
            name: self.person.name.clone(),
            roles: self.person.roles_at(site),
            signing: None,
            // Who holds what is asked in the transaction alone.
            held: Held::default(),
        })
    }

    /// The id of the command that a form carries, where its page was drawn for the person who is signed in: on a shared
    /// tablet, what one typed isn't recorded under the name of another who signed in meanwhile in another tab.
    ///
    /// # Errors
    /// [`Trouble::Refused`] where it carries none, [`Trouble::AnothersPage`] where it was somebody else's page.
    pub fn command(&self, form: &Typed) -> Result<CommandId, Trouble> {
        let drawn_for = form.text(hidden::PERSON);
        let me = self.person.user.map(|user| user.to_string());
        // A form without a page behind it, as of a program, says nothing of whose page it is.
        if !drawn_for.is_empty() && me.as_deref() != Some(drawn_for) {
            return Err(anothers_page(&self.person.name));
        }
        command(form)
    }

    /// Checks user name and password, as typed into the signature panel, against the signed-in person, where they may sign
    /// `action` on the batch.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn confirm(
        &self,
        form: &Typed,
        batch: &Batch,
        action: Action,
    ) -> Result<Signing, Trouble> {
        self.confirm_at(form, &batch.harvest.site, action).await
    }

    /// The same where a form asks for more than user name and password. What is wrong with any of its fields is told together,
    /// before the password is looked at; `what` is the command with anything at all in place of what could not be read.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn confirm_with(
        &self,
        form: &Typed,
        batch: &Batch,
        action: Action,
        mut reading: Reading<'_>,
        what: BatchCommand,
    ) -> Result<Signing, Trouble> {
        reading.note_more(self.refused_unsigned(batch, what));
        reading.signature(&self.person);
        reading.finish()?;
        self.confirm(form, batch, action).await
    }

    /// The same for what concerns no batch, at a site or in the organisation.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn confirm_at(
        &self,
        form: &Typed,
        site: &str,
        action: Action,
    ) -> Result<Signing, Trouble> {
        let mut reading = Reading::of(form);
        reading.signature(&self.person);
        reading.finish()?;
        let password = form.raw("password").unwrap_or_default();
        let name = form.text("user_name");
        let from = self.whence()?;
        Ok(self
            .door
            .confirm(&self.person, (site, action), name, password, from)
            .await??)
    }

    /// The second person who typed user name and password into a panel on this tablet to do `action` on the batch.
    ///
    /// # Errors
    /// [`Trouble::Refused`].
    pub async fn second_person(
        &self,
        form: &Typed,
        batch: &Batch,
        action: Action,
    ) -> Result<Person, Trouble> {
        let password = form.raw("password").unwrap_or_default();
        let name = form.text("user_name");
        let what = (batch.harvest.site.as_str(), action);
        let from = self.whence()?;
        Ok(self
            .door
            .second_person(&self.person, what, name, password, from)
            .await??)
    }

    /// From where the request comes.
    ///
    /// # Errors
    /// [`Trouble::Broken`] outside a request.
    pub fn whence(&self) -> Result<Whence, Trouble> {
        let session = self.person.session;
        Ok(Whence {
            session,
            ..whence()?
        })
    }
}

/// Why a form is not taken that was typed on the page of another person. What was typed goes back to that person alone.
#[must_use]
pub fn anothers_page(name: &str) -> Trouble {
    let text = format!(
        "This page was opened while another person was signed in here, and nothing was recorded. What was typed there is kept \
         for that person. You are signed in as {name}: the page is now yours, enter it here."
    );
    Trouble::AnothersPage(vec![Words::of(text)])
}

/// The id of the command that a form carries.
fn command(form: &Typed) -> Result<CommandId, Trouble> {
    carried(form, hidden::COMMAND)
}

/// What a form carries in a hidden field.
///
/// # Errors
/// [`Trouble::Refused`] where it carries nothing that can be read: a form that no page of ours has made.
pub fn carried<T: FromStr>(form: &Typed, field: &str) -> Result<T, Trouble> {
    form.text(field)
        .parse()
        .map_err(|_| Words::of(INCOMPLETE).into())
}

/// The id of what a form adds: the same form sent again adds the same.
///
/// # Errors
/// [`Trouble::Refused`] where the form carries no command.
pub fn new_id(form: &Typed) -> Result<Uuid, Trouble> {
    Ok(Uuid::new_v5(&command(form)?.0, b"added"))
}

/// Goes on where the record took the command.
///
/// # Errors
/// [`Trouble::Refused`].
pub fn done(answer: Answer) -> Result<(), Trouble> {
    match answer {
        Answer::Done(_) => Ok(()),
        Answer::Refused(words) => Err(Trouble::Refused(words)),
    }
}
