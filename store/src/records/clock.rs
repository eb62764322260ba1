//! The clock of the record: a doubt is told in the organisation's ledger, and two people end it there.

use super::{Answer, PROGRAM_ROLE, Person, Records, Signing, answer_all, standing};
use crate::{ClockView, Decided, Fault, InDoubt, Times};
use domain::{
    clock::{self, ClockEvent, Confirming},
    ids::CommandId,
    ledger::{LedgerName, Signed, StreamName},
    rights::{Action, By, role_for},
    time::Timestamp,
    zone::Zone,
};
use std::convert::Infallible;

/// What a person who records something is told while the clock is in doubt.
pub(super) const NOT_CONFIRMED: &str = "The server's clock is not confirmed, and nothing was recorded. Two people have to read \
     the time elsewhere and confirm it on the page Clock. Until then only steps that keep cells alive are recorded: write the \
     rest down on paper.";

impl Records {
    /// What is known of the clock.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn clock(&self) -> Result<ClockView, Fault> {
        self.store.clock().await
    }

    /// Has the organisation's ledger say that the clock is in doubt, where this server noticed it and the ledger doesn't say
    /// so yet: every server then refuses what waits for the clock.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn record_doubt(&self, command: CommandId) -> Result<(), Fault> {
        let view = self.clock().await?;
        let (None, Some(doubt)) = (&view.record.doubt, view.doubt) else {
            return Ok(());
        };
        let org = LedgerName::org();
        let stream = StreamName::clock(&org);
        let program = Person::program();
        let mut request = self.request(
            &program,
            PROGRAM_ROLE,
            org,
            stream,
            command,
            &doubt,
            Vec::new(),
        );
        request.in_doubt = InDoubt::Decide;
        let decide = |loaded: &crate::Loaded| {
            let event = clock::doubt(loaded.clock_record(), doubt);
            Ok::<_, Infallible>(loaded.decided(event.as_slice(), ClockEvent::VERSION))
        };
        self.store.execute(&request, decide).await.map(|_| ())
    }

    /// Takes a person's reading of the true time: the first of two is noted, the second ends the doubt. `zone` is that of
    /// the place where they are, for the words of a refusal.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn confirm_clock(
        &self,
        by: &Person,
        command: CommandId,
        read: Timestamp,
        source: &str,
        zone: Zone,
        signing: Signing,
    ) -> Result<Answer, Fault> {
        let roles: Vec<_> = by.roles.iter().map(|(_, role)| *role).collect();
        let role = role_for(&roles, Action::ConfirmClock);
        let (Some(user), Some(role)) = (by.user, role) else {
            let action = Action::ConfirmClock;
            let words = clock::Refusal::NotAllowed { action }.words();
            return Ok(Answer::Refused(vec![words]));
        };
        // What this server has only noticed is told first: the readings bind it.
        self.record_doubt(CommandId::of_form(command.0, "doubt"))
            .await?;
        let (newest, first_beyond) = self.store.times_beyond(self.now()).await?;
        let org = LedgerName::org();
        let stream = StreamName::clock(&org);
        let content = (read, source);
        let mut request = self.request(
            by,
            role.code(),
            org,
            stream,
            command,
            &content,
            standing::lookups(by),
        );
        request.in_doubt = InDoubt::Decide;
        let decide = |loaded: &crate::Loaded| {
            let now = standing::allowed_somewhere(loaded, by, Action::ConfirmClock, By::Signature);
            let Some(role) = now else {
                let action = Action::ConfirmClock;
                return Err(clock::Refusal::NotAllowed { action });
            };
            let signed = || Signed {
                version: loaded.version(),
                digest: loaded.signed_digest(),
            };
            let confirming = Confirming {
                user,
                name: by.name.clone(),
                roles: roles.clone(),
                shown: loaded.shown(),
                zone,
                signing: (signing == Signing::Authenticated).then(signed),
                newest,
                first_beyond,
            };
            let event = clock::confirm(loaded.clock_record(), &confirming, read, source)?;
            let times = match event.lets_times_go_back() {
                true => Times::GoBack,
                false => Times::GoOn,
            };
            let decided = loaded.decided(std::slice::from_ref(&event), ClockEvent::VERSION);
            Ok(Decided {
                times,
                role: Some(role),
                ..decided
            })
        };
        let ran = self.store.execute(&request, decide).await?;
        Ok(answer_all(ran, clock::Refusal::all_words))
    }
}
