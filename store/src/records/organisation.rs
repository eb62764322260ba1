//! Sites, documents and accounts: the organisation's ledger.

use super::{Answer, Password, Person, Records, accounts, answer, projector, standing};
use crate::{Decided, Executed, Fault, InDoubt, Lookup, Request, RowFinding};
use domain::{
    ids::{CommandId, UserId},
    ledger::{LedgerName, StreamName},
    people::{self, Account, Asking, PersonCommand, PersonEvent},
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

    /// Decides a command on an account, and records what was decided together with what it does to password, lock and
    /// sessions. `password` goes with what sets one, and with nothing else.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn on_person(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: PersonCommand,
        password: Option<Password>,
    ) -> Result<Answer, Fault> {
        if what.sets_password() != password.is_some() {
            return Err(Fault::Missing("the password of the command".to_owned()));
        }
        let sites = self.store.sites().await?;
        let sites: Vec<_> = sites.into_iter().map(|site| site.code).collect();
        let request = self.request_on_person(by, command, user, &what)?;
        let mut unreadable = None;
        let ran = self
            .store
            .execute(&request, |loaded| {
                let asking = Asking {
                    by: accounts::asker(loaded, by, &what, password.as_ref()),
                    sites: Vec::clone(&sites),
                    user_names: match &what {
                        PersonCommand::Add { .. } => loaded.user_names().to_vec(),
                        _ => Vec::new(),
                    },
                    administrators: loaded.active_with(Role::Administrator).to_vec(),
                    sessions: loaded.open_sessions(user).to_vec(),
                    own_session: by.session,
                };
                let account = projector::account(user, loaded.entries()).unwrap_or_else(|fault| {
                    unreadable = Some(fault);
                    None
                });
                let events = people::decide(account.as_ref(), what.clone(), &asking)?;
                Ok(Decided {
                    effects: accounts::effects(&events, user, loaded.now(), password.as_ref()),
                    ..loaded.decided(&events, PersonEvent::VERSION)
                })
            })
            .await?;
        match unreadable {
            Some(fault) => Err(fault),
            None => Ok(answer(ran, people::Refusal::words)),
        }
    }

    /// What came of this command of this person, where it was given before: whoever sends it again is told the truth,
    /// before anything is made ready for it. `None` where it is new.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn given_before(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: &PersonCommand,
    ) -> Result<Option<Answer>, Fault> {
        let request = self.request_on_person(by, command, user, what)?;
        let ran = self.store.execute(&request, |_| Err(())).await?;
        Ok(match ran {
            Executed::Refused(()) => None,
            ran => Some(answer(ran, |()| Words::of(String::new()))),
        })
    }

    fn request_on_person(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: &PersonCommand,
    ) -> Result<Request, Fault> {
        let role = if by.user == Some(user) {
            "self"
        } else if by.is_program() {
            "program"
        } else {
            Role::Administrator.code()
        };
        let mut lookups = standing::lookups(by);
        lookups.extend([
            Lookup::OpenSessions(user),
            Lookup::ActiveWith(Role::Administrator),
        ]);
        if matches!(what, PersonCommand::Add { .. }) {
            lookups.push(Lookup::UserNames);
        }
        let stream = name("person", &user.to_string())?;
        let org = LedgerName::org();
        let mut request = self.request(by, role, org, stream, command, what, lookups);
        if people::is_recorded_in_doubt(what) {
            request.in_doubt = InDoubt::Decide;
        }
        Ok(request)
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
