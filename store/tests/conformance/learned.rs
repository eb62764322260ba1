//! Two processes on one database, as a server and the command line: what one of them makes, the other one goes on with.

use crate::place::{Place, event, give, key, ledger, opening, request};
use domain::{
    identifiers::Scheme,
    ids::{CommandId, UserId},
    ledger::{Keyring, LedgerKey},
    people::PersonCommand,
    rights::Role,
    site::{Site, SiteChange},
};
use std::sync::{Arc, Mutex};
use store::{Answer, Fault, KeptKeys, Opening, Password, Person, Records, Shelf, Store, projector};
use uuid::Uuid;

/// A folder of keys that every process on it looks into.
#[derive(Clone, Default)]
struct Folder(Arc<Mutex<Vec<LedgerKey>>>);

impl Folder {
    fn of(seeds: &[u8]) -> Self {
        let folder = Self::default();
        folder.put(seeds);
        folder
    }

    /// These keys of ledger GE, and no other.
    fn put(&self, seeds: &[u8]) {
        *self.0.lock().unwrap() = seeds.iter().map(|seed| key("GE", *seed)).collect();
    }

    fn kept(&self) -> KeptKeys {
        let folder = self.clone();
        Arc::new(move |ledger| {
            let keys = folder.0.lock().unwrap();
            Ok(keys
                .iter()
                .filter(|key| key.ledger() == ledger)
                .cloned()
                .collect())
        })
    }

    async fn open(&self, place: &Place) -> Arc<dyn Store> {
        let keys = Keyring::new(self.0.lock().unwrap().clone());
        let kept_keys = Some(self.kept());
        let opening = Opening {
            keys,
            kept_keys,
            ..opening(&place.url())
        };
        store::open(opening).await.unwrap()
    }
}

/// Has ledger GE name key number `seed`, as a rotation does.
async fn adopt(store: &Arc<dyn Store>, seed: u8) {
    let records = Records::new(store.clone(), Shelf::default(), opening("").clock, "0.1.0");
    let command = CommandId(Uuid::from_u128(1_000 + u128::from(seed)));
    let by = Person::command_line("test");
    let answer = records
        .adopt_key(&by, command, key("GE", seed), "A reason")
        .await;
    assert!(matches!(answer, Ok(Answer::Done(_))), "{answer:?}");
}

/// What is wrong with the stream of batch 1, as it is read and as it is written to; it becomes one entry longer.
async fn wrong(store: &Arc<dyn Store>, id: u128) -> Option<String> {
    let request = request(id, 1);
    let (_, read) = store
        .held_stream(&request.ledger, &request.stream)
        .await
        .unwrap();
    let mut loaded = None;
    let decide = |found: &store::Loaded| {
        loaded = Some(found.wrong().map(str::to_owned));
        Ok::<_, std::convert::Infallible>(crate::place::decided(vec![event("{}")]))
    };
    store.execute(&request, decide).await.unwrap();
    assert_eq!(loaded, Some(read.clone()));
    read
}

async fn verifies(store: &Arc<dyn Store>) {
    let findings = store.verify(&ledger("GE")).await.unwrap();
    assert!(findings.is_clean(), "{findings}");
    for findings in store.watch().await.unwrap() {
        assert!(findings.is_clean(), "{findings}");
    }
}

pub async fn a_ledger_that_another_process_made_is_read_and_signed_without_a_restart(
    place: &Place,
) {
    let folder = Folder::of(&[]);
    let serving = folder.open(place).await;
    let other = folder.open(place).await;
    // As `autolog site add`: the key is there before its ledger.
    folder.put(&[1]);
    adopt(&other, 1).await;
    assert_eq!(serving.signing_key(&ledger("GE")), None);
    give(&serving, &request(1, 1), vec![event("{}")]).await;
    assert_eq!(wrong(&serving, 2).await, None);
    verifies(&serving).await;
    assert_eq!(serving.public_keys(&ledger("GE")), [key("GE", 1).public()]);
    let signed = serving.checkpoint(&ledger("GE")).await.unwrap().unwrap();
    assert_eq!(signed.checkpoint.size, 3);
    verifies(&other).await;
    // A server with a folder of its own, which didn't get the file, signs nothing.
    let elsewhere = Folder::of(&[]).open(place).await;
    give(&elsewhere, &request(3, 1), vec![event("{}")]).await;
    let fault = elsewhere.checkpoint(&ledger("GE")).await.unwrap_err();
    assert!(matches!(fault, Fault::NoKey(_)), "{fault}");
}

pub async fn a_new_key_is_learned_without_a_restart(place: &Place) {
    let folder = Folder::of(&[1]);
    let serving = folder.open(place).await;
    let other = folder.open(place).await;
    adopt(&other, 1).await;
    give(&serving, &request(1, 1), vec![event("{}")]).await;
    // While it is put in place both lie there.
    folder.put(&[1, 2]);
    adopt(&other, 2).await;
    give(&other, &request(2, 1), vec![event("{}")]).await;
    other.checkpoint(&ledger("GE")).await.unwrap();
    assert_eq!(wrong(&serving, 3).await, None);
    folder.put(&[2]);
    verifies(&serving).await;
    let signed = serving.checkpoint(&ledger("GE")).await.unwrap().unwrap();
    assert_eq!(signed.check(&[key("GE", 2).public()]), Ok(()));
    assert_eq!(
        serving.signing_key(&ledger("GE")),
        Some(key("GE", 2).public())
    );
    // Signed first, before anything of it is read.
    folder.put(&[3]);
    adopt(&other, 3).await;
    give(&serving, &request(4, 1), vec![event("{}")]).await;
    let signed = serving.checkpoint(&ledger("GE")).await.unwrap().unwrap();
    assert_eq!(signed.check(&[key("GE", 3).public()]), Ok(()));
    verifies(&serving).await;
    verifies(&other).await;
}

pub async fn a_key_in_the_folder_or_in_the_ledger_alone_does_not_count(place: &Place) {
    let folder = Folder::of(&[1]);
    let serving = folder.open(place).await;
    let thief = place.open().await;
    adopt(&serving, 1).await;
    give(&serving, &request(1, 1), vec![event("{}")]).await;
    // In the folder, but not named by the ledger.
    folder.put(&[1, 9]);
    let proof = serving.consistency(&ledger("GE"), 2, 2).await.unwrap();
    let forged = key("GE", 9).sign(2, proof.root);
    let root: String = proof
        .root
        .0
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let root = match place {
        Place::Sqlite(_) => format!("x'{root}'"),
        Place::Postgres { .. } => format!("'\\x{root}'"),
    };
    let insert = format!(
        "insert into checkpoint (ledger, size, root, note, made_at) values ('GE', 2, {root}, '{}', 1772713320123456)",
        forged.note
    );
    place.tamper(&insert).await;
    let says = |wrong: Option<String>| {
        let says = wrong
            .as_deref()
            .is_some_and(|why| why.contains("does not count"));
        assert!(says, "{wrong:?}");
    };
    says(wrong(&serving, 2).await);
    assert!(!serving.verify(&ledger("GE")).await.unwrap().is_clean());
    assert_eq!(
        serving.signing_key(&ledger("GE")),
        Some(key("GE", 1).public())
    );
    // Named by the ledger, but not in the folder: a second server whose folder didn't get the file yet.
    folder.put(&[1]);
    adopt(&thief, 2).await;
    give(&thief, &request(3, 1), vec![event("{}")]).await;
    thief.checkpoint(&ledger("GE")).await.unwrap();
    says(wrong(&serving, 4).await);
    let fault = serving.checkpoint(&ledger("GE")).await.unwrap_err();
    assert!(matches!(fault, Fault::KeyReplaced { .. }), "{fault}");
    // With the file it goes on.
    folder.put(&[2]);
    assert_eq!(wrong(&serving, 5).await, None);
    assert!(serving.checkpoint(&ledger("GE")).await.is_ok());
}

struct Organisation {
    records: Records,
    next: u128,
}

impl Organisation {
    async fn on(place: &Place) -> Self {
        let shelf = Shelf::default();
        let opening = Opening {
            projector: projector(shelf.clone()),
            ..opening(&place.url())
        };
        let clock = opening.clock.clone();
        let store = store::open(opening).await.unwrap();
        let records = Records::new(store, shelf, clock, "0.1.0");
        Self { records, next: 0 }
    }

    fn command(&mut self, whose: u128) -> CommandId {
        self.next += 1;
        CommandId(Uuid::from_u128(whose * 1_000 + self.next))
    }
}

fn done(answer: Result<Answer, Fault>) {
    assert!(matches!(answer, Ok(Answer::Done(_))), "{answer:?}");
}

/// What the organisation's ledger says is read where it is needed: nothing of it is kept in a process.
pub async fn what_another_process_records_of_the_organisation_is_seen_at_once(place: &Place) {
    let by = Person::command_line("test");
    let mut serving = Organisation::on(place).await;
    let mut other = Organisation::on(place).await;
    let master_record = domain::master_record::BM_MSC.to_owned();
    let specification = domain::specification::BM_MSC.to_owned();
    let (command, texts) = (other.command(1), [master_record, specification.clone()]);
    done(other.records.adopt_documents(&by, command, &texts).await);
    let site = Site {
        code: "GE".to_owned(),
        name: "Cell lab".to_owned(),
        address: "Largo 1, Genoa".to_owned(),
        scheme: Scheme::isbt_128(&["A9999".to_owned()]).unwrap(),
        time_zone: "Europe/Rome".to_owned(),
        master_record: "BM-MSC".to_owned(),
        specification: "BM-MSC".to_owned(),
    };
    let (command, open) = (serving.command(2), site.clone());
    done(serving.records.open_site(&by, command, open).await);
    // By turns, each on what the other one has just recorded.
    let next = [specification.replacen("\nversion = 1\n", "\nversion = 2\n", 1)];
    let command = serving.command(2);
    done(serving.records.adopt_documents(&by, command, &next).await);
    let change = SiteChange {
        name: Some("Cell laboratory".to_owned()),
        ..SiteChange::default()
    };
    let command = other.command(1);
    done(
        other
            .records
            .change_site(&by, command, "GE", change, "As printed")
            .await,
    );
    let row = serving.records.site("GE").await.unwrap().unwrap();
    assert_eq!(row.name, "Cell laboratory");
    let user = UserId(Uuid::from_u128(77));
    let add = PersonCommand::Add {
        user_name: "anna.rossi".to_owned(),
        printed_name: "Anna Rossi".to_owned(),
        identity_check: "Identity card".to_owned(),
        roles: vec![("org".to_owned(), Role::Administrator)],
        own_password: true,
    };
    let password = Password {
        hash: "$argon2id$made-up".to_owned(),
        proved: None,
    };
    let command = other.command(1);
    done(
        other
            .records
            .on_person(&by, command, user, add.clone(), Some(password.clone()))
            .await,
    );
    assert!(serving.records.account(user).await.unwrap().is_some());
    let (command, again) = (serving.command(2), UserId(Uuid::from_u128(78)));
    let twice = serving
        .records
        .on_person(&by, command, again, add, Some(password))
        .await;
    assert!(matches!(twice, Ok(Answer::Refused(_))), "{twice:?}");
    for records in [&serving.records, &other.records] {
        let org = ledger("org");
        assert!(records.store().verify(&org).await.unwrap().is_clean());
        assert_eq!(records.verify_rows().await.unwrap(), []);
    }
}
