//! Sites, documents, accounts and sessions: the organisation's ledger.

use super::{Answer, Person, Records, answer, projector};
use crate::{Executed, Fault, InDoubt, Lookup, RowFinding};
use domain::{
    ids::{CommandId, SessionId, UserId},
    ledger::{LedgerName, StreamName},
    people::{self, Account, Asking, PersonCommand, PersonEvent, SessionEvent},
    refusal::Words,
    rights::Role,
    site::{self, DocumentKind, Site, SiteEvent},
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
        let stream = name("site", &site.code)?;
        let zone = crate::zone::named(&site.time_zone).ok();
        let lookups = vec![Lookup::Site(site.code.clone())];
        let request = self.request(
            by,
            "administrator",
            LedgerName::org(),
            stream,
            command,
            &site,
            lookups,
        );
        let ran = self
            .store
            .execute(&request, |loaded| {
                let exists = loaded.site(&site.code).is_some();
                site::open_site(site.clone(), zone, exists).map(|event| loaded.decided(&[event], 1))
            })
            .await?;
        Ok(answer(ran, |why: &site::Refusal| {
            Words::of(why.to_string())
        }))
    }

    /// Adopts a version of a document; the same text again changes nothing.
    ///
    /// # Errors
    /// [`Fault`]; nothing was recorded then.
    pub async fn adopt_document(
        &self,
        by: &Person,
        command: CommandId,
        kind: DocumentKind,
        text: &str,
    ) -> Result<Answer, Fault> {
        let words = |why: &site::Refusal| Words::of(why.to_string());
        let document = match site::adopt(kind, text, |_, _| None) {
            Ok(Some(document)) => document,
            Ok(None) => return Ok(Answer::Refused(Vec::new())),
            Err(why) => return Ok(answer(Executed::Refused(why), words)),
        };
        let (key, version) = (document.key.clone(), document.version);
        let stream = name("document", &format!("{}.{key}", kind.code()))?;
        let lookups = vec![Lookup::Document(
            kind.code().to_owned(),
            key.clone(),
            version,
        )];
        let request = self.request(
            by,
            "administrator",
            LedgerName::org(),
            stream,
            command,
            &document,
            lookups,
        );
        let ran = self
            .store
            .execute(&request, |loaded| {
                let before = |key: &str, version| {
                    loaded
                        .document(kind.code(), key, version)
                        .map(|row| row.sha256.clone())
                };
                let adopted = site::adopt(kind, text, before)?;
                Ok(loaded.decided(adopted.map(SiteEvent::DocumentAdopted).as_slice(), 1))
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
