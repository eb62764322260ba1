//! Sites, documents and accounts: the organisation's ledger.

use super::{
    Answer, Foreseen, Password, Person, Records, accounts, answer_all, projector, standing,
};
use crate::{Decided, Executed, Fault, InDoubt, Loaded, Lookup, Request, RowFinding};
use domain::{
    ids::{CommandId, UserId},
    ledger::{LedgerName, StreamName},
    people::{self, Account, Asker, Asking, PersonCommand, PersonEvent},
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
            return Ok(Answer::Refused(why.all_words()));
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
        Ok(answer_all(ran, site::Refusal::all_words))
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
        let read = match site::read_documents(texts) {
            Ok(read) => read,
            Err(why) => return Ok(Answer::Refused(why.all_words())),
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
        Ok(answer_all(ran, site::Refusal::all_words))
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
        let sites = self.site_codes().await?;
        let request = self.request_on_person(by, command, user, &what)?;
        let ran = self
            .store
            .execute(&request, |loaded| {
                let asker = accounts::asker(loaded, by, &what, password.as_ref());
                let events = decided(loaded, (by, asker), user, &what, &sites)?;
                Ok(Decided {
                    effects: accounts::effects(&events, user, loaded.now(), password.as_ref()),
                    ..loaded.decided(&events, PersonEvent::VERSION)
                })
            })
            .await?;
        match ran {
            Executed::Refused(Undecided::Unreadable(fault)) => Err(fault),
            ran => Ok(answer_all(ran, Undecided::words)),
        }
    }

    /// What would come of a command on an account as things stand now, without recording it: before anything is made
    /// ready for it, such as the hash of a password. A command that is sent again gets the answer that is true. What is recorded
    /// is decided again where it is recorded.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn foresee(
        &self,
        by: &Person,
        command: CommandId,
        user: UserId,
        what: &PersonCommand,
    ) -> Result<Foreseen, Fault> {
        let sites = self.site_codes().await?;
        let request = self.request_on_person(by, command, user, what)?;
        let ran = self
            .store
            .execute(&request, |loaded| {
                let asker = accounts::asker(loaded, by, what, None);
                // Nothing is ever handed back to be recorded.
                Err(decided(loaded, (by, asker), user, what, &sites).err())
            })
            .await?;
        Ok(match ran {
            Executed::Refused(None) => Foreseen::Recorded,
            Executed::Refused(Some(Undecided::Refused(why))) => Foreseen::Refused(why.all_words()),
            Executed::Refused(Some(Undecided::Unreadable(fault))) => return Err(fault),
            ran => Foreseen::Answered(answer_all(ran, |_| Vec::new())),
        })
    }

    async fn site_codes(&self) -> Result<Vec<String>, Fault> {
        let sites = self.store.sites().await?;
        Ok(sites.into_iter().map(|site| site.code).collect())
    }

    /// The command that set the password which the account has now: a command sent again is held against that password only
    /// where it is this one. `None` where there is no such account.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn password_set_by(&self, user: UserId) -> Result<Option<CommandId>, Fault> {
        let stream = name("person", &user.to_string())?;
        let entries = self.store.stream(&LedgerName::org(), &stream).await?;
        for entry in entries.iter().rev() {
            let event: PersonEvent = entry.event().map_err(|why| Fault::Unreadable {
                what: format!("entry {} of ledger org", entry.position),
                why: why.to_string(),
            })?;
            if matches!(event, PersonEvent::PasswordSet { .. }) {
                return Ok(Some(entry.command_id));
            }
        }
        Ok(None)
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
        lookups.extend([Lookup::OpenSessions(user), Lookup::Administrators]);
        if matches!(what, PersonCommand::Add { .. }) {
            lookups.push(Lookup::UserNames);
        }
        if matches!(
            what,
            PersonCommand::Add { .. } | PersonCommand::Enable { .. }
        ) {
            lookups.push(Lookup::NamesInUse);
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

/// Why a command on an account isn't decided in its favour.
enum Undecided {
    Refused(people::Refusal),
    /// Its entries can't be read.
    Unreadable(Fault),
}

impl Undecided {
    fn words(&self) -> Vec<Words> {
        match self {
            Self::Refused(why) => why.all_words(),
            Self::Unreadable(_) => Vec::new(),
        }
    }
}

/// What the domain decides on a command on an account, as the account and all accounts together stand under the lock.
fn decided(
    loaded: &Loaded,
    (by, asker): (&Person, Asker),
    user: UserId,
    what: &PersonCommand,
    sites: &[String],
) -> Result<Vec<PersonEvent>, Undecided> {
    let asking = Asking {
        by: asker,
        sites: sites.to_vec(),
        user_names: match what {
            PersonCommand::Add { .. } => loaded.user_names().to_vec(),
            _ => Vec::new(),
        },
        names_in_use: match what {
            PersonCommand::Add { .. } | PersonCommand::Enable { .. } => {
                loaded.names_in_use().to_vec()
            }
            _ => Vec::new(),
        },
        administrators: loaded.administrators().to_vec(),
        sessions: loaded
            .open_sessions(user)
            .iter()
            .map(|one| one.id)
            .collect(),
        own_session: by.session,
    };
    let account = projector::account(user, loaded.entries()).map_err(Undecided::Unreadable)?;
    people::decide(account.as_ref(), what.clone(), &asking).map_err(Undecided::Refused)
}

fn name(kind: &str, id: &str) -> Result<StreamName, Fault> {
    StreamName::of(kind, id).map_err(|why| Fault::Missing(why.to_string()))
}
