//! Sites, documents, accounts and sessions: the organisation's ledger.

use super::{Answer, Person, Records, answer, projector};
use crate::{Executed, Fault, InDoubt, Lookup, RowFinding};
use domain::{
    ids::{CommandId, SessionId, UserId},
    ledger::{LedgerName, StreamName},
    people::{self, Account, Asking, PersonCommand, PersonEvent, SessionEvent},
    refusal::Words,
    rights::Role,
    site::{self, Organisation, Site, SiteChange, SiteEvent},
};

impl Records {
    /// Opens a site. Its ledger's key must have been adopted before.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn open_site(
        &self,
        by: &Person,
        command: CommandId,
        site: Site,
    ) -> Result<Answer, Fault> {
        let (content, zone) = (site.clone(), crate::zone::named(&site.time_zone).ok());
        self.on_site(by, command, &site.code, &content, |organisation| {
            site::open_site(site.clone(), zone, organisation)
        })
        .await
    }

    /// Puts a site under other documents, or changes what is printed of it. Batches at work stay as they are.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn change_site(
        &self,
        by: &Person,
        command: CommandId,
        code: &str,
        change: SiteChange,
        reason: &str,
    ) -> Result<Answer, Fault> {
        self.on_site(by, command, code, &(&change, reason), |organisation| {
            let zone_of = |name: &str| crate::zone::named(name).ok();
            site::change_site(code, change.clone(), reason, zone_of, organisation)
        })
        .await
    }

    async fn on_site(
        &self,
        by: &Person,
        command: CommandId,
        code: &str,
        content: &(impl std::fmt::Debug + Sync),
        decide: impl Fn(&Organisation<'_>) -> Result<SiteEvent, site::Refusal> + Send + Sync,
    ) -> Result<Answer, Fault> {
        // A code that can't name a stream is no code of a site either.
        let Ok(stream) = StreamName::of("site", code) else {
            let why = site::Refusal::Code(code.to_owned());
            return Ok(Answer::Refused(vec![Words::of(why.to_string())]));
        };
        let request = self.request(
            by,
            "administrator",
            LedgerName::org(),
            stream,
            command,
            content,
            vec![Lookup::Organisation],
        );
        let ran = self
            .store
            .execute(&request, |loaded| {
                let event = decide(&loaded.organisation())?;
                Ok(loaded.decided(&[event], 1))
            })
            .await?;
        Ok(answer(ran, |why: &site::Refusal| {
            Words::of(why.to_string())
        }))
    }

    /// Adopts the next version of a document, or of a master record and its specification at once. The outcome's text says
    /// where they are in force. A text that is adopted already changes nothing.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn adopt_documents(
        &self,
        by: &Person,
        command: CommandId,
        texts: &[String],
    ) -> Result<Answer, Fault> {
        let words = |why: &site::Refusal| Words::of(why.to_string());
        let read: Result<Vec<_>, _> = texts.iter().map(|text| site::read_document(text)).collect();
        let read = match read {
            Ok(read) => read,
            Err(why) => return Ok(answer(Executed::Refused(why), words)),
        };
        // Of two at once, the master record's stream takes both: a command has one stream.
        let Some(first) = read.iter().min_by_key(|document| document.kind) else {
            return Ok(Answer::Refused(vec![Words::of("No document was given.")]));
        };
        let stream = name("document", &format!("{}.{}", first.kind.code(), first.key))?;
        let request = self.request(
            by,
            "administrator",
            LedgerName::org(),
            stream,
            command,
            &texts,
            vec![Lookup::Organisation],
        );
        let ran = self
            .store
            .execute(&request, |loaded| {
                let adoption = site::adopt(texts, &loaded.organisation())?;
                let events = adoption
                    .documents
                    .into_iter()
                    .map(SiteEvent::DocumentAdopted);
                let mut decided = loaded.decided(&events.collect::<Vec<_>>(), 1);
                decided.outcome = adoption.words;
                Ok(decided)
            })
            .await?;
        Ok(answer(ran, words))
    }

    /// Decides a command on an account and records what was decided.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn on_person(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: PersonCommand,
    ) -> Result<Answer, Fault> {
        let sites = self
            .store
            .sites()
            .await?
            .into_iter()
            .map(|site| site.code)
            .collect();
        let roles = by.roles_at(LedgerName::org().as_str());
        let mut lookups = Vec::new();
        if let PersonCommand::Add { user_name, .. } = &what {
            let normal = people::normal_user_name(user_name).unwrap_or_default();
            lookups.push(Lookup::PersonNamed(normal));
        }
        let role = if by.user == Some(user) {
            "self"
        } else if by.is_program() {
            "program"
        } else {
            Role::Administrator.code()
        };
        let stream =
            StreamName::of("person", user).map_err(|why| Fault::Missing(why.to_string()))?;
        let mut request = self.request(
            by,
            role,
            LedgerName::org(),
            stream,
            command,
            &what,
            lookups.clone(),
        );
        if people::is_recorded_in_doubt(&what) {
            request.in_doubt = InDoubt::Decide;
        }
        let mut unreadable = None;
        let ran = self
            .store
            .execute(&request, |loaded| {
                let used = match lookups.first() {
                    Some(Lookup::PersonNamed(normal)) => loaded.person_named(normal).is_some(),
                    _ => false,
                };
                let asking = Asking {
                    user: by.user,
                    roles: roles.clone(),
                    now: loaded.now(),
                    sites: Vec::clone(&sites),
                };
                let account = projector::account(user, loaded.entries()).unwrap_or_else(|fault| {
                    unreadable = Some(fault);
                    None
                });
                let events = people::decide(account.as_ref(), what.clone(), &asking, used)?;
                Ok(loaded.decided(&events, PersonEvent::VERSION))
            })
            .await?;
        match unreadable {
            Some(fault) => Err(fault),
            None => Ok(answer(ran, people::Refusal::words)),
        }
    }

    /// An account as its entries make it; `None` where there is none.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn account(&self, user: UserId) -> Result<Option<Account>, Fault> {
        let stream =
            StreamName::of("person", user).map_err(|why| Fault::Missing(why.to_string()))?;
        let entries = self.store.stream(&LedgerName::org(), &stream).await?;
        projector::account(user, &entries)
    }

    /// Records that a session began or ended: a stream of its own.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn on_session(
        &self,
        by: &Person,
        command: CommandId,
        session: SessionId,
        event: SessionEvent,
    ) -> Result<(), Fault> {
        let stream =
            StreamName::of("session", session).map_err(|why| Fault::Missing(why.to_string()))?;
        let mut request = self.request(
            by,
            "self",
            LedgerName::org(),
            stream,
            command,
            &event,
            Vec::new(),
        );
        // Who can't sign in can't confirm the clock.
        request.in_doubt = InDoubt::Decide;
        let decide = |loaded: &crate::Loaded| {
            Ok::<_, std::convert::Infallible>(loaded.decided(std::slice::from_ref(&event), 1))
        };
        self.store.execute(&request, decide).await.map(|_| ())
    }

    /// Empties the read tables and makes them again; answers how many streams were read. The documents are taken from
    /// the ledger first: batches can't be folded without them.
    ///
    /// # Errors
    /// [`Fault`]; the tables are then as they were.
    pub async fn rebuild(&self) -> Result<u64, Fault> {
        self.shelve_documents().await?;
        self.store.rebuild().await
    }

    /// Everything in which the read tables and the remembered commands differ from what the entries say.
    ///
    /// # Errors
    /// [`Fault`] where the database fails, or a document can't be read.
    pub async fn verify_rows(&self) -> Result<Vec<RowFinding>, Fault> {
        self.shelve_documents().await?;
        self.store.verify_rows().await
    }

    /// Puts the documents on the shelf as the ledger has them.
    async fn shelve_documents(&self) -> Result<(), Fault> {
        let mut after = 0;
        loop {
            let entries = self.store.entries(&LedgerName::org(), after, 500).await?;
            let Some(last) = entries.last() else { break };
            after = last.position;
            for entry in entries
                .iter()
                .filter(|entry| entry.stream.kind() == "document")
            {
                let read = entry.event().map_err(|why| Fault::Unreadable {
                    what: format!("entry {} of ledger org", entry.position),
                    why: why.to_string(),
                })?;
                if let SiteEvent::DocumentAdopted(document) = read {
                    self.shelf
                        .take(document.kind, &document.text, &document.sha256)?;
                }
            }
        }
        Ok(())
    }
}

fn name(kind: &str, id: &str) -> Result<StreamName, Fault> {
    StreamName::of(kind, id).map_err(|why| Fault::Missing(why.to_string()))
}
