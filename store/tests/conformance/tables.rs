//! Rows that follow from the record.

use crate::place::{
    Place, ask, batch, board_row, claim, decided, event_with, give, identifier, ledger, request,
    time, user,
};
use domain::batch::{BatchFlag, BatchState};
use domain::ledger::{
    RowChange,
    rows::{BoardRow, ClaimRow, DocumentRow, PersonRow, RegisterRow, RoleRow, SiteRow},
};
use std::{convert::Infallible, sync::Arc};
use store::{BoardFilter, Decided, Executed, Loaded, RegisterFilter, Shown, Store};

fn person(number: u128, user_name: &str) -> PersonRow {
    PersonRow {
        user: user(number),
        user_name: user_name.to_owned(),
        printed_name: format!("Technician {number}"),
        state: "active".to_owned(),
        accountable: number == 1,
        version: 1,
        added_at: time(1),
    }
}

fn role(site: &str, role: &str) -> RoleRow {
    RoleRow {
        site: site.to_owned(),
        role: role.to_owned(),
        since: time(2),
        by: "Administrator 1".to_owned(),
    }
}

fn document(version: u32, approved: bool) -> DocumentRow {
    DocumentRow {
        kind: "specification".to_owned(),
        key: "bm-msc".to_owned(),
        version,
        title: "BM-MSC".to_owned(),
        sha256: "00".repeat(32),
        text: format!("version = {version}\n"),
        approved_at: approved.then(|| time(3)),
        approved_by: approved.then(|| "QA 1".to_owned()),
    }
}

fn line(number: &str, site: &str, decision: &str) -> RegisterRow {
    RegisterRow {
        certificate_number: number.to_owned(),
        site: site.to_owned(),
        batch: batch(1),
        batch_number: "GE-0001".to_owned(),
        product: "Autologous BM-MSC".to_owned(),
        signer: user(9),
        signer_name: "Qualified Person 1".to_owned(),
        signed_at: time(4),
        decision: decision.to_owned(),
    }
}

pub async fn rebuilt_equals_incremental(place: &Place) {
    let store = place.open().await;
    let site = SiteRow {
        code: "GE".to_owned(),
        name: "Genova".to_owned(),
        address: "Largo 1".to_owned(),
        scheme: "isbt-128 A9999".to_owned(),
        time_zone: "Europe/Rome".to_owned(),
        master_record: "bm-msc".to_owned(),
        specification: "bm-msc".to_owned(),
    };
    let mut later = board_row(1, "GE");
    later.state = "review".to_owned();
    (
        later.passage,
        later.culture_started,
        later.next_due,
        later.next_step,
    ) = (None, None, None, None);
    let commands: [(u128, &str, Vec<RowChange>); 6] = [
        (
            1,
            "GE",
            vec![
                RowChange::PutBoard(board_row(1, "GE")),
                identifier("A999917123456", 1),
            ],
        ),
        (
            2,
            "org",
            vec![
                RowChange::PutPerson(person(1, "t1")),
                RowChange::PutSite(site),
            ],
        ),
        (
            2,
            "org",
            vec![RowChange::PutRoles {
                user: user(1),
                roles: vec![role("GE", "technician"), role("GE", "qa")],
            }],
        ),
        (
            3,
            "org",
            vec![
                RowChange::PutDocument(document(1, true)),
                RowChange::PutDocument(document(2, false)),
            ],
        ),
        (
            1,
            "GE",
            vec![
                RowChange::PutBoard(later),
                RowChange::PutRegister(line("GE-C-1", "GE", "certified")),
            ],
        ),
        (
            2,
            "org",
            vec![RowChange::PutRoles {
                user: user(1),
                roles: vec![role("PI", "technician")],
            }],
        ),
    ];
    for (id, (number, name, rows)) in (1..).zip(commands) {
        let mut request = request(id, number);
        request.ledger = ledger(name);
        give(&store, &request, vec![event_with(&rows)]).await;
    }
    let incremental = store.rows().await.unwrap();
    assert_eq!(incremental.len(), 8, "{incremental:?}");
    assert_eq!(store.rebuild().await.unwrap(), 3);
    assert_eq!(store.rows().await.unwrap(), incremental);
    // Also where someone has written to them.
    place
        .raw("update board set state = 'certified'; delete from person")
        .await
        .unwrap();
    assert_ne!(store.rows().await.unwrap(), incremental);
    store.rebuild().await.unwrap();
    assert_eq!(store.rows().await.unwrap(), incremental);
}

pub async fn the_board_shows_overdue_first_and_only_the_sites_asked_for(place: &Place) {
    use BatchState::{InProcess, Infused};
    let store = place.open().await;
    let flagged = vec![BatchFlag::TestFailed, BatchFlag::DeviationOpen];
    let mut put = Vec::new();
    for (number, site, due, state, flags) in [
        (1, "GE", Some(30), InProcess, vec![]),
        (2, "GE", None, Infused, vec![]),
        (3, "PI", Some(20), InProcess, flagged.clone()),
        (4, "GE", Some(10), InProcess, vec![BatchFlag::DeviationOpen]),
        (5, "ge", Some(5), InProcess, vec![]),
    ] {
        let row = BoardRow {
            next_due: due.map(time),
            state: state.code().to_owned(),
            is_open: state != Infused,
            fresh_since: (number == 3).then(|| time(1)),
            flags,
            ..board_row(number, site)
        };
        give(
            &store,
            &request(number, number),
            vec![event_with(&[RowChange::PutBoard(row.clone())])],
        )
        .await;
        put.push(row);
    }
    let shown = async |sites: &[&str], shown: Shown, limit| {
        let filter = BoardFilter {
            sites: sites.iter().map(|one| (*one).to_owned()).collect(),
            shown,
            limit,
        };
        let rows = store.board(&filter).await.unwrap();
        rows.iter()
            .map(|row| row.batch.0.as_u128())
            .collect::<Vec<_>>()
    };
    let states = |states: &[BatchState]| Shown::States(states.to_vec());
    let all = || states(BatchState::ALL);
    let with = |flag| Shown::Open(Some(flag));
    for (sites, what, limit, wanted) in [
        (&["GE"][..], all(), 10, &[4, 1, 2][..]),
        (&["GE", "PI"], all(), 10, &[4, 3, 1, 2]),
        (&["GE", "PI"], all(), 2, &[4, 3]),
        (&["GE", "PI"], states(&[Infused]), 10, &[2]),
        (&["GE", "PI"], states(&[BatchState::Released]), 10, &[]),
        (&["GE", "PI"], states(&[]), 10, &[]),
        (&[], all(), 10, &[]),
        (&["G", "E", "G,E"], all(), 10, &[]),
        (&["GE", "PI"], Shown::Open(None), 10, &[4, 3, 1]),
        (&["GE", "PI"], Shown::Open(None), 1, &[4]),
        (&["GE", "PI"], with(BatchFlag::DeviationOpen), 10, &[4, 3]),
        (&["GE", "PI"], with(BatchFlag::TestFailed), 10, &[3]),
        (&["GE"], with(BatchFlag::TestFailed), 10, &[]),
    ] {
        assert_eq!(
            shown(sites, what.clone(), limit).await,
            wanted,
            "{sites:?} {what:?} {limit}"
        );
    }
    assert_eq!(store.batch(batch(3)).await.unwrap(), Some(put[2].clone()));
    assert_eq!(store.batch(batch(9)).await.unwrap(), None);
}

/// One command of batch `number` that leaves it with these claims.
async fn claims(
    store: &Arc<dyn Store>,
    id: u128,
    number: u128,
    claims: &[ClaimRow],
) -> Option<String> {
    let rows = [RowChange::PutClaims {
        batch: batch(number),
        claims: claims.to_vec(),
    }];
    let request = request(id, number);
    let decide = |_: &Loaded| {
        Ok::<_, Infallible>(Decided {
            rows: Some(rows.to_vec()),
            ..decided(vec![event_with(&rows)])
        })
    };
    match store.execute(&request, decide).await.unwrap() {
        Executed::Done(_) => None,
        Executed::Taken(taken) => Some(taken.holder),
        other => panic!("{other:?}"),
    }
}

// ATMP-9: one patient's therapy has one id, which all its donations share and no other patient gets.
pub async fn a_claim_is_shared_by_one_holder_and_free_after_the_last(place: &Place) {
    let store = place.open().await;
    let id = "CHA999926GE0012";
    let (mine, other) = (
        [claim("coi", "*", id, "GE-1")],
        [claim("coi", "*", id, "GE-2")],
    );
    assert_eq!(claims(&store, 1, 1, &mine).await, None);
    assert_eq!(claims(&store, 2, 2, &mine).await, None, "a repeat harvest");
    let holder = Some("GE-1".to_owned());
    assert_eq!(claims(&store, 3, 3, &other).await, holder);
    assert_eq!(claims(&store, 4, 1, &[]).await, None);
    assert_eq!(
        claims(&store, 5, 3, &other).await,
        holder,
        "one has it still"
    );
    assert_eq!(claims(&store, 6, 2, &[]).await, None);
    assert_eq!(claims(&store, 7, 3, &other).await, None);
    assert_eq!(claims(&store, 8, 1, &mine).await, Some("GE-2".to_owned()));
    // The holder of a claim changes with those who hold it.
    let mut both = [claim("coi-of-subject", "GE", "ge1", "A")];
    assert_eq!(claims(&store, 9, 4, &both).await, None);
    both[0].holder = "B".to_owned();
    assert_eq!(claims(&store, 10, 4, &both).await, None);
    assert_eq!(claims(&store, 11, 5, &both).await, None);
    both[0].holder = "C".to_owned();
    assert_eq!(claims(&store, 12, 5, &both).await, Some("B".to_owned()));
    assert_eq!(store.verify_rows().await.unwrap(), []);
    let before = store.rows().await.unwrap();
    store.rebuild().await.unwrap();
    assert_eq!(store.rows().await.unwrap(), before);
}

pub async fn the_newest_approved_version_of_a_document_is_found(place: &Place) {
    let store = place.open().await;
    let rows = [
        document(1, true),
        document(2, true),
        document(10, true),
        document(11, false),
    ];
    let rows = rows.map(RowChange::PutDocument);
    give(&store, &request(1, 1), vec![event_with(&rows)]).await;
    let latest = store
        .latest_document("specification", "bm-msc")
        .await
        .unwrap();
    assert_eq!(latest, Some(document(10, true)));
    assert_eq!(
        store.document("specification", "bm-msc", 11).await.unwrap(),
        Some(document(11, false))
    );
    assert_eq!(
        store.document("specification", "bm-msc", 3).await.unwrap(),
        None
    );
    assert_eq!(
        store
            .latest_document("master-record", "bm-msc")
            .await
            .unwrap(),
        None
    );
    let versions: Vec<_> = store
        .documents("specification")
        .await
        .unwrap()
        .iter()
        .map(|d| d.version)
        .collect();
    assert_eq!(versions, [11, 10, 2, 1]);
}

pub async fn a_user_name_is_never_given_again(place: &Place) {
    // P11-100a
    let store = place.open().await;
    give(
        &store,
        &request(1, 1),
        vec![event_with(&[RowChange::PutPerson(person(1, "t1"))])],
    )
    .await;
    let mut gone = person(1, "t1");
    gone.state = "disabled".to_owned();
    give(
        &store,
        &request(2, 1),
        vec![event_with(&[RowChange::PutPerson(gone.clone())])],
    )
    .await;
    let again = ask(
        &store,
        &request(3, 2),
        vec![event_with(&[RowChange::PutPerson(person(2, "t1"))])],
    )
    .await;
    assert_eq!(again, Executed::Conflict);
    assert_eq!(store.persons().await.unwrap(), std::slice::from_ref(&gone));
    assert_eq!(store.person_named("t1").await.unwrap(), Some(gone.clone()));
    assert_eq!(store.person(user(1)).await.unwrap(), Some(gone));
    assert_eq!(store.person(user(2)).await.unwrap(), None);
}

pub async fn a_line_of_the_register_is_never_changed(place: &Place) {
    // A16-1.6
    let store = place.open().await;
    let put = |row: RegisterRow| vec![event_with(&[RowChange::PutRegister(row)])];
    give(
        &store,
        &request(1, 1),
        put(line("GE-C-1", "GE", "rejected")),
    )
    .await;
    give(
        &store,
        &request(2, 1),
        put(line("GE-C-1", "GE", "rejected")),
    )
    .await;
    let changed = ask(
        &store,
        &request(3, 2),
        put(line("GE-C-1", "GE", "certified")),
    )
    .await;
    assert_eq!(changed, Executed::Conflict);
    give(
        &store,
        &request(4, 3),
        put(line("PI-C-1", "PI", "certified")),
    )
    .await;
    let shown = async |sites: &[&str]| {
        let sites = sites.iter().map(|site| (*site).to_owned()).collect();
        store
            .register(&RegisterFilter { sites, limit: 10 })
            .await
            .unwrap()
    };
    assert_eq!(shown(&["GE"]).await, [line("GE-C-1", "GE", "rejected")]);
    assert_eq!(shown(&["GE", "PI"]).await.len(), 2);
    assert_eq!(shown(&[]).await, []);
}

pub async fn roles_are_replaced_as_a_whole(place: &Place) {
    let store = place.open().await;
    let put = |roles: Vec<RoleRow>| {
        vec![event_with(&[RowChange::PutRoles {
            user: user(1),
            roles,
        }])]
    };
    give(
        &store,
        &request(1, 1),
        put(vec![role("PI", "qp"), role("GE", "technician")]),
    )
    .await;
    assert_eq!(
        store.roles(user(1)).await.unwrap(),
        [role("GE", "technician"), role("PI", "qp")]
    );
    give(&store, &request(2, 1), put(vec![role("GE", "qa")])).await;
    assert_eq!(store.roles(user(1)).await.unwrap(), [role("GE", "qa")]);
    assert_eq!(store.roles(user(2)).await.unwrap(), []);
    assert_eq!(store.sites().await.unwrap(), []);
    assert_eq!(store.site("GE").await.unwrap(), None);
}
