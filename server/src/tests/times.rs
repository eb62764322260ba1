//! Times of the collection and of an infusion, corrected over HTTP: the old one stays readable, and each by its own right.

use super::bench::{Bench, Client, command};
use crate::demo;
use app::reply::Reply;
use chrono::TimeDelta;
use domain::{
    batch::{Batch, Disposition, TimeOf},
    time::Timestamp,
};

async fn batch(bench: &Bench, name: &str) -> Batch {
    let batch = bench.records().batch(demo::batch_id(name)).await;
    batch.unwrap().unwrap()
}

async fn correct(client: &Client, batch: &Batch, of: &TimeOf, at: Timestamp) -> Reply {
    let (id, command) = (batch.id.to_string(), command().to_string());
    let of = serde_json::to_string(of).unwrap();
    let at = at.utc().format("%Y-%m-%dT%H:%M+00:00").to_string();
    let form = [
        ("batch", id.as_str()),
        ("command_id", command.as_str()),
        ("form", "test"),
        ("page", "/"),
        ("of", of.as_str()),
        ("at", at.as_str()),
        ("reason", "read from the wrong clock"),
    ];
    let answer = client.post("/api/correct-time", &form).await;
    serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("{}", answer.text))
}

// A11-9
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_collection_and_an_infusion_are_corrected_each_by_whose_it_is() {
    let bench = Bench::demo().await;
    let (collector, technician, pharmacist, reviewer) = (
        bench.person("collector.1").await,
        bench.person("technician.1").await,
        bench.person("pharmacist.1").await,
        bench.person("qa.1").await,
    );
    let expanding = batch(&bench, "expanding").await;
    let old = expanding.harvest.collected_at;
    let new = old.plus(TimeDelta::minutes(-10));
    let refused = correct(&pharmacist, &expanding, &TimeOf::Collection, new).await;
    assert!(matches!(refused, Reply::Refused(_)), "{refused:?}");
    let done = correct(&collector, &expanding, &TimeOf::Collection, new).await;
    assert!(matches!(done, Reply::Done(_)), "{done:?}");
    let after = batch(&bench, "expanding").await;
    assert_eq!(after.harvest.collected_at, new);
    let page = technician.get(&format!("/batches/{}", after.id)).await.text;
    assert!(page.contains(&after.zone().shown(old)), "{page}");
    assert!(page.contains("read from the wrong clock"), "{page}");
    let page = reviewer
        .get(&format!("/batches/{}/release", after.id))
        .await
        .text;
    assert!(
        page.contains("Time of the collection was corrected"),
        "{page}"
    );

    let infused = batch(&bench, "infused").await;
    let end = TimeOf::InfusionEnd {
        dose: infused.doses[0].id,
    };
    let now = bench.records().now();
    let refused = correct(&technician, &infused, &end, now).await;
    assert!(matches!(refused, Reply::Refused(_)), "{refused:?}");
    let done = correct(&pharmacist, &infused, &end, now).await;
    assert!(matches!(done, Reply::Done(_)), "{done:?}");
    let after = batch(&bench, "infused").await;
    assert!(matches!(after.disposition, Disposition::Certified(_)));
    assert_eq!(after.retimed_of(&end).count(), 1);
    let page = pharmacist
        .get(&format!("/batches/{}/release", after.id))
        .await
        .text;
    assert!(page.contains("read from the wrong clock"), "{page}");
    bench.end().await;
}
