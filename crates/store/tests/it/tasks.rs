//! Claims, leases, fences, results.

use crate::samples::{claimed, evidence, gate, hash, run_id, task, tenant, with_run};
use maestro_domain::{ContentHash, Decision, FailureKind, Phase, TaskState, task::Claim};
use maestro_ports::{
    Table,
    table::{Condition, Durability, Item, Write},
};
use maestro_store::{Error, MemoryBlobs, MemoryTable, Records, Store, keys::RunKeys};
use serde_json::{Value, json};
use std::sync::Arc;

#[tokio::test]
async fn a_completed_task_answers_its_result() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "design/plan", 10).await;
    assert_eq!(
        store.claim(&run, &row.task, &row.input, 50, 100).await.unwrap(),
        Claim::Held { lease_until_ms: 110 },
        "a live lease holds"
    );
    let result = json!({"b": [1, 2.5, "x"], "a": null});
    let stored = store.complete(&run, &row, &result, Records::default(), 60).await.unwrap();
    assert_eq!(stored, ContentHash::of_json(&result));
    assert_eq!(store.result(&run, &stored).await.unwrap(), result);
    let later = store.claim(&run, &row.task, &row.input, 9_999, 100).await.unwrap();
    assert_eq!(later, Claim::Done { result: stored });
    let other = store.claim(&run, &row.task, &hash("other input"), 60, 100).await.unwrap();
    assert!(matches!(other, Claim::Work { previous_fence: None, .. }), "another input is another task");
    assert!(matches!(store.result(&run, &hash("x")).await, Err(Error::NoResult { .. })));
}

#[tokio::test]
async fn a_long_result_comes_back() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 10).await;
    let result = json!({"text": "\u{1f528}".repeat(200_000)});
    let stored = store.complete(&run, &row, &result, Records::default(), 60).await.unwrap();
    assert_eq!(stored, ContentHash::of_json(&result));
    assert_eq!(store.result(&run, &stored).await.unwrap(), result);
}

#[tokio::test]
async fn there_is_no_work_for_a_run_that_is_not_there() {
    let store = Store::in_memory(tenant());
    let claim = store.claim(&run_id("1"), &task("t"), &hash("i"), 1, 1).await;
    assert!(matches!(claim, Err(Error::NoRun { .. })), "{claim:?}");
}

#[tokio::test]
async fn a_late_worker_loses_and_leaves_no_trace() {
    let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let store = Store::new(table.clone(), blobs, tenant());
    let run = with_run(&store).await;
    let late = claimed(&store, &run, "t", 0).await;
    let second = claimed(&store, &run, "t", 100).await;
    assert_eq!((late.fence, second.fence), (1, 2));
    let before = table.rows();
    let records = Records {
        evidence: vec![evidence("job", 1)],
        gate: Some(gate(Phase::Design, 1, Decision::Advance)),
        ..Records::default()
    };
    let fenced = |result: Result<(), Error>| matches!(result, Err(Error::Fenced { fence: 1, .. }));
    assert!(fenced(store.complete(&run, &late, &json!(1), records.clone(), 101).await.map(drop)));
    assert!(fenced(store.heartbeat(&run, &late, 101, 100).await.map(drop)));
    assert!(fenced(store.release(&run, &late, None, 101).await));
    assert_eq!(table.rows(), before, "not one row changed");
    store.complete(&run, &second, &json!(2), records.clone(), 102).await.unwrap();
    assert!(fenced(store.complete(&run, &late, &json!(1), Records::default(), 103).await.map(drop)));
    assert!(
        fenced(store.complete(&run, &late, &json!(2), records, 103).await.map(drop)),
        "not even with the same result"
    );
}

#[tokio::test]
async fn completing_again_after_a_lost_answer_succeeds() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    let first = store.complete(&run, &row, &json!(1), Records::default(), 5).await.unwrap();
    assert_eq!(store.complete(&run, &row, &json!(1), Records::default(), 6).await.unwrap(), first);
    let other = store.complete(&run, &row, &json!(2), Records::default(), 6).await;
    assert!(matches!(other, Err(Error::Fenced { .. })), "one task has one result");
    assert!(matches!(store.release(&run, &row, None, 7).await, Err(Error::Fenced { .. })));
    assert!(matches!(store.heartbeat(&run, &row, 7, 100).await, Err(Error::Fenced { .. })));
}

#[tokio::test]
async fn a_heartbeat_extends_the_lease() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    let beaten = store.heartbeat(&run, &row, 90, 100).await.unwrap();
    assert_eq!(beaten.state, TaskState::Claimed { lease_until_ms: 190 });
    let other = store.claim(&run, &row.task, &row.input, 150, 100).await.unwrap();
    assert_eq!(other, Claim::Held { lease_until_ms: 190 });
    // The row from before the heartbeat is as good: the fence counts.
    store.complete(&run, &row, &json!(1), Records::default(), 160).await.unwrap();
}

#[tokio::test]
async fn a_released_task_can_be_claimed_at_once() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    store.release(&run, &row, Some((FailureKind::Work, "é".repeat(9_000))), 5).await.unwrap();
    let open = store.task(&run, &row.task, &row.input).await.unwrap().unwrap();
    let TaskState::Open { failure: Some((FailureKind::Work, message)) } = open.state else { panic!("{open:?}") };
    assert_eq!(message.chars().count(), 4_000, "a row stays small");
    let next = claimed(&store, &run, "t", 6).await;
    assert_eq!((next.fence, next.started_ms), (2, 0));
    assert!(matches!(store.release(&run, &row, None, 7).await, Err(Error::Fenced { .. })));
}

#[tokio::test]
async fn a_resume_takes_all_claims_away() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let mut rows = Vec::new();
    for n in 0..9 {
        rows.push(claimed(&store, &run, &format!("t/{n}"), 0).await);
    }
    let result = store.complete(&run, &rows[0], &json!(0), Records::default(), 1).await.unwrap();
    store.release(&run, &rows[1], Some((FailureKind::Work, "why".into())), 1).await.unwrap();
    assert_eq!(store.release_all(&run, 2).await.unwrap(), 7);
    let states: Vec<_> = store.tasks(&run).await.unwrap().into_iter().map(|row| row.state).collect();
    assert_eq!(states[0], TaskState::Completed { result });
    assert_eq!(states[1], TaskState::Open { failure: Some((FailureKind::Work, "why".into())) });
    assert!(states[2..].iter().all(|state| *state == TaskState::Open { failure: None }));
    let late = store.complete(&run, &rows[2], &json!(2), Records::default(), 3).await;
    assert!(matches!(late, Err(Error::Fenced { .. })), "a worker that lived after all is fenced off");
    assert_eq!(claimed(&store, &run, "t/2", 3).await.fence, 2);
}

#[tokio::test]
async fn a_deleted_run_fences_its_workers() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    store.delete_run(&run, true).await.unwrap();
    assert!(matches!(store.complete(&run, &row, &json!(1), Records::default(), 1).await, Err(Error::Fenced { .. })));
    assert!(matches!(store.heartbeat(&run, &row, 1, 1).await, Err(Error::Fenced { .. })));
}

#[tokio::test]
async fn tasks_are_listed_over_all_partitions_in_order() {
    let table = Arc::new(MemoryTable::default());
    let store = Store::new(table.clone(), Arc::new(MemoryBlobs::default()), tenant());
    let run = with_run(&store).await;
    let mut names: Vec<_> = (0..450).map(|n| format!("phase/task#{}", n * 7 % 450)).collect();
    for name in &names {
        claimed(&store, &run, name, 0).await;
    }
    names.sort();
    let listed: Vec<_> = store.tasks(&run).await.unwrap().iter().map(|row| row.task.to_string()).collect();
    assert_eq!(listed, names);
    let tenant = tenant();
    for shard in RunKeys::new(&tenant, &run).shards() {
        let rows = table.rows().iter().filter(|(key, _)| key.pk == shard).count();
        assert!((60..170).contains(&rows), "{rows} of 450 tasks are in `{shard}`");
    }
}

/// Puts something else in the place of a stored row.
async fn replace(table: &MemoryTable, place: &maestro_ports::table::Key, item: Value) {
    let item: Item = serde_json::from_value(item).unwrap();
    let write = Write::Put { key: place.clone(), item, condition: Condition::None };
    table.write(&tenant(), vec![write], Durability::Process).await.unwrap();
}

#[tokio::test]
async fn rows_that_are_not_understood_are_refused() {
    let table = Arc::new(MemoryTable::default());
    let store = Store::new(table.clone(), Arc::new(MemoryBlobs::default()), tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    let owner = tenant();
    let keys = RunKeys::new(&owner, &run);
    let place = keys.task(&row.task, &row.input);
    let text = table.get(&owner, &place).await.unwrap().unwrap()["text"].clone();

    replace(&table, &place, json!({"v": 2, "text": text})).await;
    let newer = |result: Result<(), Error>| matches!(result, Err(Error::NewerRow { found: 2, known: 1, .. }));
    assert!(newer(store.claim(&run, &row.task, &row.input, 999, 1).await.map(drop)), "and not claimed over");
    assert!(newer(store.tasks(&run).await.map(drop)));
    assert!(newer(store.release_all(&run, 1).await.map(drop)));
    for bad in [
        json!({"text": text}),
        json!({"v": "1", "text": text}),
        json!({"v": 0, "text": text}),
        json!({"v": 1}),
        json!({"v": 1, "text": "{"}),
        json!({"v": 1, "text": 5}),
        json!({"v": 1, "text": "{}"}),
    ] {
        replace(&table, &place, bad.clone()).await;
        let claim = store.claim(&run, &row.task, &row.input, 999, 1).await;
        assert!(matches!(claim, Err(Error::DamagedRow { .. })), "{bad}: {claim:?}");
    }

    replace(&table, &keys.run(), json!({"v": 2, "text": "?"})).await;
    assert!(newer(store.run(&run).await.map(drop)));
    assert!(newer(store.runs(None, 10).await.map(drop)));
    assert!(newer(store.delete_run(&run, true).await), "what is not understood is not deleted");
    replace(&table, &keys.journal_head(), json!({"v": 2, "last": 1})).await;
    assert!(newer(store.append(&run, &json!({})).await.map(drop)));
}
