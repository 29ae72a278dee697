//! Runs, epics, the journal, deletion.

use crate::samples::{EPIC, claimed, epic, evidence, gate, granted, hash, run, run_id, task, tenant, wait, with_run};
use maestro_domain::{Decision, Phase, RunReason, RunStatus, TenantId};
use maestro_ports::{Blobs, Table};
use maestro_store::{Error, Home, MemoryBlobs, MemoryTable, Records, Store};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};

#[tokio::test]
async fn a_run_and_its_epic_come_back() {
    let store = Store::in_memory(tenant());
    let created = store.create_run(&run("1", 5), &epic(), EPIC, &granted()).await.unwrap();
    assert_eq!(created.run, run("1", 5));
    assert_eq!(store.run(&run_id("1")).await.unwrap(), created);
    assert_eq!(store.epic(&run_id("1")).await.unwrap(), epic());
    assert_eq!(store.epic_bytes(&run_id("1")).await.unwrap(), EPIC);
    assert!(matches!(store.run(&run_id("2")).await, Err(Error::NoRun { .. })));
    assert!(matches!(store.epic(&run_id("2")).await, Err(Error::NoRun { .. })));
}

#[tokio::test]
async fn an_epic_of_many_statements_comes_back() {
    let store = Store::in_memory(tenant());
    let mut long = epic();
    long.statements = vec![long.statements.first().unwrap().clone(); 2_000];
    store.create_run(&run("1", 5), &long, EPIC, &granted()).await.unwrap();
    assert_eq!(store.epic(&run_id("1")).await.unwrap(), long);
}

#[tokio::test]
async fn a_run_is_created_once_and_from_its_own_epic() {
    let store = Store::in_memory(tenant());
    let other = store.create_run(&run("1", 5), &epic(), b"another text", &granted()).await;
    assert!(matches!(other, Err(Error::EpicHash { .. })), "{other:?}");
    assert!(matches!(store.run(&run_id("1")).await, Err(Error::NoRun { .. })), "nothing was written");
    store.create_run(&run("1", 5), &epic(), EPIC, &granted()).await.unwrap();
    store.append(&run_id("1"), &json!({})).await.unwrap();
    let again = store.create_run(&run("1", 6), &epic(), EPIC, &granted()).await;
    assert!(matches!(again, Err(Error::RunExists { .. })), "{again:?}");
    assert_eq!(store.run(&run_id("1")).await.unwrap().run.created_ms, 5);
    assert_eq!(store.events(&run_id("1"), 0, 10).await.unwrap().len(), 1, "its journal was not started anew");
    assert_eq!(store.runs(None, 10).await.unwrap().runs.len(), 1);
}

#[tokio::test]
async fn a_lost_update_is_refused() {
    let store = Store::in_memory(tenant());
    let mut first = store.create_run(&run("1", 5), &epic(), EPIC, &granted()).await.unwrap();
    let mut second = store.run(&run_id("1")).await.unwrap();
    let reason = RunReason { code: "needs_model".into(), message: "\u{1f528} `x`".into() };
    first.run.finish(RunStatus::Blocked, Some(reason), 5).unwrap();
    store.update_run(&mut first).await.unwrap();
    second.run.cancel(5).unwrap();
    assert!(matches!(store.update_run(&mut second).await, Err(Error::Changed { .. })), "even in the same millisecond");
    assert_eq!(store.run(&run_id("1")).await.unwrap(), first);
    first.run.resume(6).unwrap();
    store.update_run(&mut first).await.expect("what was written can be changed again");
    assert_eq!(store.run(&run_id("1")).await.unwrap().run.executions, 2);
}

#[tokio::test]
async fn runs_are_listed_newest_first_in_pages() {
    let store = Store::in_memory(tenant());
    for (name, created) in [("c", 30), ("a", 1_000_000_000_000), ("b", 7), ("d", 31)] {
        store.create_run(&run(name, created), &epic(), EPIC, &granted()).await.unwrap();
    }
    for limit in [1, 2, 3, 4, 10] {
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let page = store.runs(after.as_deref(), limit).await.unwrap();
            assert!(page.runs.len() <= limit);
            names.extend(page.runs.into_iter().map(|stored| stored.run.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names, ["a", "d", "c", "b"].map(run_id));
    }
}

#[tokio::test]
async fn tenants_see_only_their_own() {
    let (table, blobs): (Arc<dyn Table>, Arc<dyn Blobs>) =
        (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let stores =
        ["a", "ab", "a.b"].map(|name| Store::new(Arc::clone(&table), Arc::clone(&blobs), TenantId::new(name).unwrap()));
    for (n, store) in stores.iter().enumerate() {
        let mut own = run("1", n as u64);
        own.out = format!("of {}", store.tenant());
        store.create_run(&own, &epic(), EPIC, &granted()).await.expect("the same id is free for every tenant");
    }
    for store in &stores {
        let listed = store.runs(None, 10).await.unwrap().runs;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed.first().unwrap().run.out, format!("of {}", store.tenant()));
    }
    stores[0].delete_run(&run_id("1"), true).await.unwrap();
    assert!(stores[0].runs(None, 10).await.unwrap().runs.is_empty());
    assert_eq!(stores[1].epic_bytes(&run_id("1")).await.unwrap(), EPIC, "another tenant's bytes stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_is_numbered_without_gaps() {
    let dir = tempfile::tempdir().unwrap();
    // Two stores on one file: two processes as far as the table can tell.
    let stores = [(); 2].map(|()| Home::open(dir.path()).unwrap().store(tenant()).unwrap());
    let run = with_run(&stores[0]).await;
    assert!(matches!(stores[0].append(&run_id("2"), &json!({})).await, Err(Error::NoRun { .. })));
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..8 {
        let (store, run) = (stores[n % 2].clone(), run.clone());
        writers.spawn(async move {
            for step in 0..5 {
                store.append(&run, &json!({"writer": n, "step": step})).await.unwrap();
            }
        });
    }
    writers.join_all().await;
    let all = stores[1].events(&run, 0, 1_000).await.unwrap();
    assert_eq!(all.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    for n in 0..8 {
        let steps: Vec<_> = all.iter().filter(|e| e.event["writer"] == n).map(|e| e.event["step"].clone()).collect();
        assert_eq!(steps, [0, 1, 2, 3, 4], "each writer's events keep their order");
    }
    assert_eq!(stores[0].events(&run, 38, 10).await.unwrap(), all[38..]);
    assert_eq!(stores[0].events(&run, 10, 3).await.unwrap(), all[10..13]);
    assert!(stores[0].events(&run, 40, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_long_event_comes_back() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let long = json!({"cause": "x".repeat(500_000)});
    store.append(&run, &long).await.unwrap();
    assert_eq!(store.events(&run, 0, 1).await.unwrap().first().unwrap().event, long);
}

/// A run with rows in every partition, more of them than one transaction holds.
async fn full_run(store: &Store) {
    let run = with_run(store).await;
    for n in 0..230 {
        store.append(&run, &json!({"n": n})).await.unwrap();
    }
    for n in 0..25 {
        let row = claimed(store, &run, &format!("task/{n}"), 10).await;
        let files = BTreeMap::from([("a.py".to_owned(), format!("print({n})").into_bytes())]);
        let artifact = store
            .put_artifact(&run, Phase::Design, maestro_domain::ArtifactKind::Design, &json!({"n": n}), &files)
            .await
            .unwrap();
        let records = Records {
            artifacts: vec![(n, artifact)],
            evidence: vec![evidence(&format!("job/{n}"), 3)],
            gate: Some(gate(Phase::Design, n, Decision::Advance)),
            made_by: None,
        };
        store.complete(&run, &row, &json!({"n": n}), records, 11).await.unwrap();
    }
}

#[tokio::test]
async fn a_deleted_run_leaves_nothing() {
    let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let store = Store::new(table.clone(), blobs.clone(), tenant());
    full_run(&store).await;
    store.create_run(&run("10", 1), &epic(), EPIC, &granted()).await.unwrap();
    let refused = store.delete_run(&run_id("1"), false).await;
    assert!(matches!(refused, Err(Error::Running { .. })), "{refused:?}");
    assert_eq!(store.tasks(&run_id("1")).await.unwrap().len(), 25, "a refused deletion takes nothing");
    store.delete_run(&run_id("1"), true).await.unwrap();
    assert!(matches!(store.run(&run_id("1")).await, Err(Error::NoRun { .. })));
    assert!(matches!(store.delete_run(&run_id("1"), true).await, Err(Error::NoRun { .. })));
    assert_eq!(store.epic_bytes(&run_id("10")).await.unwrap(), EPIC, "a run with a longer name is another run");
    let mut other = store.run(&run_id("10")).await.unwrap();
    other.run.finish(RunStatus::Failed, None, 3).unwrap();
    store.update_run(&mut other).await.unwrap();
    store.delete_run(&run_id("10"), false).await.expect("a run that has ended needs no force");
    assert_eq!(table.rows(), []);
    assert!(blobs.is_empty());
}

#[test]
fn a_deletion_that_was_cut_short_is_finished_by_another() {
    use maestro_store::{CrashingTable, faulty::Moment};
    let begin = || {
        let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
        wait(full_run(&Store::new(table.clone(), blobs.clone(), tenant())));
        (table, blobs)
    };
    let (table, blobs) = begin();
    let counting = Arc::new(CrashingTable::counting(table));
    wait(Store::new(counting.clone(), blobs, tenant()).delete_run(&run_id("1"), true)).unwrap();
    assert!(counting.commits() > 8, "{} commits", counting.commits());
    for nth in 1..=counting.commits() {
        for moment in [Moment::Before, Moment::After] {
            let (table, blobs) = begin();
            let crashing = Arc::new(CrashingTable::new(table.clone(), nth, moment));
            wait(async {
                let dying = Store::new(crashing.clone(), blobs.clone(), tenant());
                assert!(dying.delete_run(&run_id("1"), true).await.is_err());
                assert!(crashing.ended());
                let store = Store::new(table.clone(), blobs.clone(), tenant());
                match store.run(&run_id("1")).await {
                    Ok(stored) if stored.deleting() => {
                        let run = run_id("1");
                        let claim = store.claim(&run, &task("new"), &hash("input"), 20, 10).await;
                        assert!(matches!(claim, Err(Error::Deleting { .. })), "{claim:?}");
                        let update = store.update_run(&mut stored.clone()).await;
                        assert!(matches!(update, Err(Error::Deleting { .. })), "{update:?}");
                        store.delete_run(&run, false).await.expect("what was begun needs no force");
                    }
                    Ok(_) => {
                        assert_eq!((nth, moment), (1, Moment::Before), "nothing is gone before the mark is set");
                        store.delete_run(&run_id("1"), true).await.unwrap();
                    }
                    Err(Error::NoRun { .. }) => assert_eq!((nth, moment), (counting.commits(), Moment::After)),
                    Err(error) => panic!("{error}"),
                }
            });
            assert_eq!(table.rows(), [], "ended {moment:?} commit {nth}");
            assert!(blobs.is_empty(), "ended {moment:?} commit {nth}");
        }
    }
}
