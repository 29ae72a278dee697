//! A process that ends at every commit of a small run, before it and right after it: a second process finishes the run,
//! repeats nothing that was completed, and ends with the same record.

use crate::samples::{EPIC, claimed, epic, evidence, gate, granted, hash, run, run_id, task, tenant, wait};
use maestro_domain::{ArtifactKind, Decision, Phase, RunStatus, task::Claim};
use maestro_ports::Table;
use maestro_store::{CrashingTable, Error, MemoryBlobs, MemoryTable, Records, Store, faulty::Moment};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};

const TASKS: [&str; 3] = ["design/plan", "design/solution_architect", "design/gate"];

/// Works on the run until it has ended; `worked` counts the times that work on a task came to its result.
async fn execute(store: &Store, worked: &mut BTreeMap<String, u32>) -> Result<(), Error> {
    match store.run(&run_id("1")).await {
        Ok(_) => {}
        Err(Error::NoRun { .. }) => drop(store.create_run(&run("1", 1), &epic(), EPIC, &granted()).await?),
        Err(error) => return Err(error),
    }
    let run = run_id("1");
    store.release_all(&run, 5).await?;
    for (n, name) in TASKS.into_iter().enumerate() {
        let row = match store.claim(&run, &task(name), &hash("input"), 10, 100).await? {
            Claim::Work { row, .. } => row,
            Claim::Done { result } => {
                assert_eq!(store.result(&run, &result).await?, json!({"task": name}));
                continue;
            }
            Claim::Held { .. } => panic!("nobody else is there"),
        };
        store.append(&run, &json!({"started": name})).await?;
        let files = BTreeMap::from([("f".to_owned(), name.as_bytes().to_vec())]);
        let artifact = store.put_artifact(&run, Phase::Design, ArtifactKind::ALL[n], &json!({}), &files).await?;
        let row = store.heartbeat(&run, &row, 11, 100).await?;
        *worked.entry(name.to_owned()).or_default() += 1;
        let records = Records {
            artifacts: vec![(1, artifact)],
            evidence: vec![evidence(name, 1)],
            gate: (n == 2).then(|| gate(Phase::Design, 1, Decision::Advance)),
            made_by: None,
        };
        store.complete(&run, &row, &json!({"task": name}), records, 12).await?;
    }
    let mut stored = store.run(&run).await?;
    if stored.run.status == RunStatus::Running {
        stored.run.finish(RunStatus::Ok, None, 20).unwrap();
        store.update_run(&mut stored).await?;
    }
    Ok(())
}

/// Everything that must not depend on when a process ended: all but fences and the journal.
async fn record(store: &Store) -> String {
    let run = run_id("1");
    let tasks: Vec<_> =
        store.tasks(&run).await.unwrap().into_iter().map(|row| (row.task, row.input, row.state)).collect();
    let artifacts = store.artifacts(&run).await.unwrap();
    for stored in &artifacts {
        store.read_files(&run, &stored.artifact).await.unwrap();
    }
    let listed = store.runs(None, 10).await.unwrap();
    let rest = (store.evidence(&run).await.unwrap(), store.gates(&run).await.unwrap(), listed);
    format!("{tasks:?} {artifacts:?} {rest:?}")
}

#[test]
fn a_run_survives_an_end_at_every_commit() {
    wait(async {
        let counting = Arc::new(CrashingTable::counting(Arc::new(MemoryTable::default())));
        let whole = Store::new(counting.clone(), Arc::new(MemoryBlobs::default()), tenant());
        execute(&whole, &mut BTreeMap::new()).await.unwrap();
        let expected = record(&whole).await;
        // One for the run, four for each task, one for the end.
        assert_eq!(counting.commits(), 14);

        for nth in 1..=counting.commits() {
            for moment in [Moment::Before, Moment::After] {
                let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
                let crashing = Arc::new(CrashingTable::new(table.clone(), nth, moment));
                let mut worked = BTreeMap::new();
                let dying = Store::new(crashing.clone(), blobs.clone(), tenant());
                execute(&dying, &mut worked).await.unwrap_err();
                assert!(crashing.ended());

                let store = Store::new(table, blobs, tenant());
                let mut completed = Vec::new();
                if store.run(&run_id("1")).await.is_ok() {
                    for name in TASKS {
                        let row = store.task(&run_id("1"), &task(name), &hash("input")).await.unwrap();
                        let done =
                            row.is_some_and(|row| matches!(row.state, maestro_domain::TaskState::Completed { .. }));
                        completed.extend(done.then_some(name));
                    }
                }
                let before = worked.clone();
                execute(&store, &mut worked).await.unwrap();
                for name in completed {
                    assert_eq!(worked[name], before[name], "`{name}` was done again (ended {moment:?} commit {nth})");
                }
                assert_eq!(record(&store).await, expected, "ended {moment:?} commit {nth}");
            }
        }
    });
}

#[test]
fn after_its_end_a_process_does_nothing_more() {
    wait(async {
        for moment in [Moment::Before, Moment::After] {
            let table = Arc::new(MemoryTable::default());
            let crashing = Arc::new(CrashingTable::new(table.clone(), 3, moment));
            let store = Store::new(crashing.clone(), Arc::new(MemoryBlobs::default()), tenant());
            let run = store.create_run(&run("1", 1), &epic(), EPIC, &granted()).await.unwrap().run.id;
            let row = claimed(&store, &run, "t", 0).await;
            assert!(!crashing.ended());
            store.complete(&run, &row, &json!(1), Records::default(), 1).await.unwrap_err();
            assert!(crashing.ended());
            let left = table.rows();
            store.run(&run).await.unwrap_err();
            store.tasks(&run).await.unwrap_err();
            store.append(&run, &json!({})).await.unwrap_err();
            store.release(&run, &row, None, 2).await.unwrap_err();
            assert_eq!(table.rows(), left);
            let place = maestro_store::keys::RunKeys::new(&tenant(), &run).task(&row.task, &row.input);
            let text = table.get(&tenant(), &place).await.unwrap().unwrap()["text"].to_string();
            assert_eq!(text.contains("completed"), moment == Moment::After);
        }
    });
}
