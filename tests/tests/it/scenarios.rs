//! Whole runs over the examples, with the real sandbox.

use crate::HELPER;
use maestro_domain::{Decision, Event, Phase, RunStatus, TraceStatus, trace::count};
use maestro_sdlc::record;
use maestro_tests::{Bed, checkout, example, real_referee};
use std::{collections::BTreeSet, sync::Arc};

fn bed() -> Bed {
    let scratch = tempfile::tempdir().unwrap();
    Bed::new(Arc::new(real_referee(HELPER, &scratch.keep())))
}

fn epics(folder: &str) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(checkout().join("examples").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_ends_ok_and_proves_every_statement() {
    let names = epics("epics");
    assert!(names.len() >= 3, "three writing styles at least");
    for name in names {
        let bed = bed();
        let run = bed.create(&example(&name)).await.unwrap();
        let (ended, events) = bed.execute(&run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Ok, "{name}: {:?}", ended.run.reason);

        let rows = record::trace(bed.hive.store(), &ended.run).await.unwrap();
        let counts = count(&rows);
        assert_eq!((counts.failed, counts.gap, counts.orphan), (0, 0, 0), "{name}");
        for row in rows.iter().filter(|row| row.status == TraceStatus::Ok) {
            assert!(!row.tests.is_empty() && !row.evidence.is_empty(), "{name}: {} has no executed test", row.id);
        }

        let gates = bed.hive.store().gates(&run).await.unwrap();
        let phases: Vec<_> = gates.iter().map(|gate| (gate.phase, gate.decision)).collect();
        assert_eq!(phases, Phase::ALL.map(|phase| (phase, Decision::Advance)), "{name}");
        let workers: BTreeSet<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::TaskStarted { task, .. } => task.as_str().split_once('/').map(|(_, who)| who.to_owned()),
                _ => None,
            })
            .filter(|who| maestro_domain::PersonaId::from_id(who).is_some())
            .collect();
        assert_eq!(workers.len(), 11, "{name}: all eleven work");

        let manifest: serde_json::Value =
            serde_json::from_slice(&std::fs::read(bed.out().join("maestro.json")).unwrap()).unwrap();
        assert_eq!(manifest["port_env"], "PORT");
        assert!(bed.out().join(manifest["openapi"].as_str().unwrap()).exists());
        assert!(!bed.out().join("data").exists(), "the deliverable ships no data");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_blocked_example_ends_blocked_with_its_gaps() {
    let names = epics("blocked");
    assert!(!names.is_empty());
    for name in names {
        let bed = bed();
        let run = bed.create(&example(&name)).await.unwrap();
        let (ended, _) = bed.execute(&run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Blocked, "{name}: {:?}", ended.run.reason);
        assert_eq!(ended.run.reason.as_ref().unwrap().code, "needs_model", "{name}");
        let store = bed.hive.store();
        let unknown = record::unknown(store, &ended.run).await.unwrap();
        let gaps: BTreeSet<_> = record::trace(store, &ended.run)
            .await
            .unwrap()
            .into_iter()
            .filter(|row| row.status == TraceStatus::Gap)
            .map(|row| row.id)
            .collect();
        assert!(!unknown.is_empty(), "{name}");
        for (id, quote, _) in unknown {
            assert!(!quote.is_empty() && gaps.contains(&id), "{name}: `{id}` was not understood and is no gap");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_of_one_epic_are_identical() {
    let mut records = Vec::new();
    for _ in 0..2 {
        let bed = bed();
        let run = bed.create(SMALL).await.unwrap();
        let (ended, _) = bed.execute(&run).await.unwrap();
        assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
        records.push(record::canonical(bed.hive.store(), &run).await.unwrap().to_string());
    }
    assert_eq!(records[0], records[1]);
}

/// One entity, one rule of each of a few kinds: enough for every persona to have work.
pub(crate) const SMALL: &[u8] = b"# Hive register

We keep a register of beehives.

## Beehive

| Field | Type | Rules |
|---|---|---|
| code | text | required, unique, at most 12 characters |
| location | text | required |
| frames | integer | between 1 and 20 |
| installation date | date | required |

## Stories

### As a beekeeper, I want to register beehives so that I know where they are

- A beehive without a code is refused.
- The installation date may not be in the future.
";
