//! Artifacts, evidence, verdicts.

use crate::samples::{claimed, evidence, gate, tenant, with_run};
use maestro_domain::{ArtifactKind, Calls, ContentHash, Decision, Phase, Spending, task::MadeBy};
use maestro_ports::{blobs, table};
use maestro_store::{Error, FolderBlobs, Home, MemoryTable, Records, Store};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};

fn files(count: usize) -> BTreeMap<String, Vec<u8>> {
    (0..count).map(|n| (format!("app/f{n}.py"), format!("print({})", n / 2).into_bytes())).collect()
}

#[tokio::test]
async fn an_artifact_is_seen_once_its_task_is_completed() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    let document = json!({"routes": ["/tools"], "é": 1});
    let artifact =
        store.put_artifact(&run, Phase::Implementation, ArtifactKind::Backend, &document, &files(40)).await.unwrap();
    assert_eq!(artifact.document, ContentHash::of_json(&document));
    assert_eq!(artifact.files.len(), 40);
    assert!(store.artifacts(&run).await.unwrap().is_empty());
    let records = Records { artifacts: vec![(1, artifact.clone())], ..Records::default() };
    store.complete(&run, &row, &json!({}), records, 1).await.unwrap();
    let found = store.artifact(&run, Phase::Implementation, ArtifactKind::Backend, 1).await.unwrap().unwrap();
    assert_eq!(found, artifact);
    assert_eq!(*store.read_document(&run, &found).await.unwrap(), document);
    assert_eq!(store.read_files(&run, &found).await.unwrap(), files(40));
    assert_eq!(store.artifact(&run, Phase::Implementation, ArtifactKind::Backend, 2).await.unwrap(), None);
    assert_eq!(store.artifact(&run, Phase::Testing, ArtifactKind::Backend, 1).await.unwrap(), None);
}

fn made_by(attempt: u32) -> MadeBy {
    MadeBy { function: "hive-persona".to_owned(), request: format!("request-{attempt}") }
}

#[tokio::test]
async fn records_are_listed_in_the_order_of_the_work() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let mut artifacts = Vec::new();
    for (phase, kind) in [
        (Phase::Testing, ArtifactKind::Tests),
        (Phase::Design, ArtifactKind::Screens),
        (Phase::Design, ArtifactKind::Design),
        (Phase::Requirements, ArtifactKind::Documents),
    ] {
        artifacts.push(store.put_artifact(&run, phase, kind, &json!({}), &files(1)).await.unwrap());
    }
    for attempt in [10, 2, 1] {
        let row = claimed(&store, &run, &format!("t/{attempt}"), 0).await;
        let records = Records {
            artifacts: artifacts.iter().map(|artifact| (attempt, artifact.clone())).collect(),
            evidence: vec![evidence(&format!("job/{attempt}"), 1), evidence("job/same", 1), evidence("job/same", 1)],
            gate: Some(gate(Phase::Testing, attempt, Decision::Rework)),
            made_by: Some(made_by(attempt)),
        };
        store.complete(&run, &row, &json!(attempt), records, 1).await.unwrap();
    }
    let artifacts = store.artifacts(&run).await.unwrap();
    assert!(artifacts.iter().all(|stored| stored.made_by == Some(made_by(stored.attempt))));
    let tasks = store.tasks(&run).await.unwrap();
    assert_eq!(tasks.last().unwrap().made_by, Some(made_by(2)), "{:?}", tasks.last());
    let listed: Vec<_> =
        artifacts.into_iter().map(|stored| (stored.artifact.phase, stored.artifact.kind, stored.attempt)).collect();
    let (first, rest) = listed.split_at(3);
    assert_eq!(first, [1, 2, 10].map(|attempt| (Phase::Requirements, ArtifactKind::Documents, attempt)));
    assert_eq!(rest[..3], [1, 2, 10].map(|attempt| (Phase::Design, ArtifactKind::Screens, attempt)));
    assert_eq!(listed.len(), 12);

    let jobs: Vec<_> = store.evidence(&run).await.unwrap().into_iter().map(|evidence| evidence.job).collect();
    assert_eq!(jobs, ["job/1", "job/10", "job/2", "job/same"]);
    let id = evidence("job/2", 1).id();
    assert_eq!(store.evidence_by_id(&run, &id).await.unwrap(), Some(evidence("job/2", 1)));
    assert_eq!(store.evidence_by_id(&run, &ContentHash::of(b"")).await.unwrap(), None);

    let attempts: Vec<_> = store.gates(&run).await.unwrap().into_iter().map(|gate| gate.attempt).collect();
    assert_eq!(attempts, [1, 2, 10]);
    assert_eq!(store.gates(&run).await.unwrap()[1], gate(Phase::Testing, 2, Decision::Rework));
}

#[tokio::test]
async fn evidence_of_many_tests_comes_back() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    let many = evidence("testing/verify", 3_000);
    let records = Records { evidence: vec![many.clone()], ..Records::default() };
    store.complete(&run, &row, &json!({}), records, 1).await.unwrap();
    assert_eq!(store.evidence(&run).await.unwrap(), [many]);
}

#[tokio::test]
async fn more_records_than_a_transaction_holds_are_refused_whole() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    let evidence = |count: usize| (0..count).map(|n| evidence(&format!("job/{n}"), 0)).collect();
    let records = Records { evidence: evidence(99), ..Records::default() };
    let refused = store.complete(&run, &row, &json!({}), records, 1).await;
    assert!(matches!(refused, Err(Error::Table(table::Error::TooMany { count: 101 }))), "{refused:?}");
    assert!(store.evidence(&run).await.unwrap().is_empty());
    let records = Records { evidence: evidence(98), ..Records::default() };
    store.complete(&run, &row, &json!({}), records, 1).await.unwrap();
    assert_eq!(store.evidence(&run).await.unwrap().len(), 98);
}

#[tokio::test]
async fn a_damaged_blob_is_noticed_and_healed() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Arc::new(FolderBlobs::open(dir.path()).unwrap());
    let store = Store::new(Arc::new(MemoryTable::default()), blobs, tenant());
    let run = with_run(&store).await;
    let hash = store.put_blob(&run, b"whole").await.unwrap();
    let path = dir.path().join(format!("acme/{run}/{hash}"));
    for damage in [b"".as_slice(), b"whol", b"WHOLE"] {
        std::fs::write(&path, damage).unwrap();
        let read = store.get_blob(&run, &hash).await;
        assert!(matches!(read, Err(Error::Blobs(blobs::Error::Damaged { .. }))), "{read:?}");
        store.put_blob(&run, b"whole").await.unwrap();
        assert_eq!(store.get_blob(&run, &hash).await.unwrap(), b"whole");
    }
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Home::open(dir.path().join("home")).unwrap().store(tenant()).unwrap();
    let store = open();
    let run = with_run(&store).await;
    let row = claimed(&store, &run, "t", 0).await;
    let artifact = store.put_artifact(&run, Phase::Design, ArtifactKind::Design, &json!([1]), &files(3)).await.unwrap();
    let records = Records {
        artifacts: vec![(1, artifact.clone())],
        evidence: vec![evidence("job", 500)],
        gate: Some(gate(Phase::Design, 1, Decision::Advance)),
        made_by: None,
    };
    let result = store.complete(&run, &row, &json!({"ok": true}), records, 1).await.unwrap();
    store.append(&run, &json!({"event": "x"})).await.unwrap();
    drop(store);

    let store = open();
    assert_eq!(store.result(&run, &result).await.unwrap(), json!({"ok": true}));
    assert_eq!(store.artifacts(&run).await.unwrap()[0].artifact, artifact);
    assert_eq!(store.read_files(&run, &artifact).await.unwrap(), files(3));
    assert_eq!(store.evidence(&run).await.unwrap(), [evidence("job", 500)]);
    assert_eq!(store.gates(&run).await.unwrap().len(), 1);
    assert_eq!(store.events(&run, 0, 9).await.unwrap().len(), 1);
    store.delete_run(&run, true).await.unwrap();
    assert!(!dir.path().join(format!("home/blobs/acme/{run}")).exists());
}

#[tokio::test]
async fn everybody_who_waits_for_a_call_is_known_until_forgotten() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let (call, other) = (ContentHash::of(b"call"), ContentHash::of(b"other"));
    assert!(store.registered_tokens(&run, &call).await.unwrap().is_empty());
    for token in ["a", "b", "a"] {
        store.register_token(&run, &call, token).await.unwrap();
    }
    store.register_token(&run, &other, "c").await.unwrap();
    assert_eq!(store.registered_tokens(&run, &call).await.unwrap(), ["a", "b"]);
    // A row stays small, however often a machine tries.
    for number in 0..20 {
        store.register_token(&run, &call, &number.to_string()).await.unwrap();
    }
    let kept = store.registered_tokens(&run, &call).await.unwrap();
    assert_eq!((kept.len(), kept.last().unwrap().as_str()), (8, "19"));
    store.forget_tokens(&run, &call).await.unwrap();
    assert!(store.registered_tokens(&run, &call).await.unwrap().is_empty());
    assert_eq!(store.registered_tokens(&run, &other).await.unwrap(), ["c"]);
}

#[tokio::test]
async fn what_calls_used_is_kept_once_a_call_and_goes_with_the_run() {
    let store = Store::in_memory(tenant());
    let run = with_run(&store).await;
    let spent = |attempt, billed_ms| Spending {
        by: made_by(attempt),
        memory_mib: 512,
        billed_ms,
        processor: "aarch64".to_owned(),
        logged_bytes: 10,
        calls: [("DynamoDB.GetItem".to_owned(), Calls { calls: 1, attempts: 2, units: 0.5 })].into(),
    };
    for (attempt, billed_ms) in [(2, 7), (1, 5), (2, 7)] {
        store.record_spending(&run, &spent(attempt, billed_ms)).await.unwrap();
    }
    assert_eq!(store.spendings(&run).await.unwrap(), [spent(1, 5), spent(2, 7)]);
    store.delete_run(&run, true).await.unwrap();
    assert!(store.spendings(&run).await.unwrap().is_empty());
}
