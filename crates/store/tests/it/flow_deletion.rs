//! Deletion of runs of workflows, with the runs that their nodes started.

use crate::samples::{run_id, tenant, wait};
use maestro_domain::{ContentHash, FlowRun, NodeKey, NodeRow, RunId, RunStatus};
use maestro_ports::table::Durability;
use maestro_store::{
    Arrived, CrashingTable, Error, ItemRow, MemoryBlobs, MemoryTable, NewFlow, NodeWrite, Store, Word, faulty::Moment,
};
use serde_json::json;
use std::sync::Arc;

fn flow(name: &str, parent: Option<RunId>) -> FlowRun {
    FlowRun {
        id: run_id(name),
        dag_id: "d".into(),
        name: None,
        workflow: ContentHash::of(b"text"),
        variables: ContentHash::of(b"{}"),
        others: [].into(),
        model: None,
        nodes: 2,
        parent,
        starter: None,
        machines: [].into(),
        machine: Some("arn".into()),
        status: RunStatus::Running,
        reason: None,
        executions: 1,
        created_ms: 1,
        changed_ms: 1,
    }
}

/// A run with rows of every kind.
async fn full(store: &Store, run: &FlowRun) {
    let id = &run.id;
    store
        .create_flow(run, NewFlow { workflows: &["text"], variables: &json!({}), parent: None, grant: None })
        .await
        .unwrap();
    let row = NodeRow::new(1);
    let keys = [NodeKey::Node(0), NodeKey::Node(1), NodeKey::Relay(0)];
    let writes = keys.map(|key| NodeWrite { key, revision: 0, row: &row });
    store.write_nodes(id, &writes, Durability::Process).await.unwrap();
    store.keep_output(id, Some(json!(["y".repeat(100_000)]))).await.unwrap();
    store.say(id, 1, &Word { by: "ann".into(), approves: true, comment: None, at_ms: 4 }).await.unwrap();
    let event = Arrived { source: "s".into(), detail_type: "t".into(), detail: json!({}), at_ms: 5 };
    store.keep_arrived(id, &event).await.unwrap();
    store.keep_recovery(id, &json!({"found": 1})).await.unwrap();
    store.write_item(id, 1, 0, &ItemRow { started_ms: 6, output: None }).await.unwrap();
}

/// A run, one that a node of it started, and one that a node of that one started.
async fn family(store: &Store) {
    full(store, &flow("1", None)).await;
    full(store, &flow("child", Some(run_id("1")))).await;
    full(store, &flow("grandchild", Some(run_id("child")))).await;
}

#[tokio::test]
async fn a_deleted_run_takes_those_of_its_nodes_along_and_nothing_else() {
    let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
    let store = Store::new(table.clone(), blobs.clone(), tenant());
    family(&store).await;
    let alone = {
        let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
        full(&Store::new(table.clone(), blobs, tenant()), &flow("10", None)).await;
        table.rows()
    };
    full(&store, &flow("10", None)).await;
    store.delete_flow(&run_id("1"), 9).await.unwrap();
    for name in ["1", "child", "grandchild"] {
        assert!(matches!(store.flow(&run_id(name)).await, Err(Error::NoRun { .. })), "{name}");
    }
    assert_eq!(table.rows(), alone, "a run with a longer name is another run");
    assert_eq!(store.flow_text(&run_id("10"), &ContentHash::of(b"text")).await.unwrap(), "text");
    assert!(matches!(store.delete_flow(&run_id("1"), 9).await, Err(Error::NoRun { .. })));
    store.delete_flow(&run_id("10"), 9).await.unwrap();
    assert_eq!(table.rows(), []);
    assert!(blobs.is_empty());
}

#[test]
fn a_deletion_that_was_cut_short_is_finished_by_another() {
    let begin = || {
        let (table, blobs) = (Arc::new(MemoryTable::default()), Arc::new(MemoryBlobs::default()));
        wait(family(&Store::new(table.clone(), blobs.clone(), tenant())));
        (table, blobs)
    };
    let (table, blobs) = begin();
    let counting = Arc::new(CrashingTable::counting(table));
    wait(Store::new(counting.clone(), blobs, tenant()).delete_flow(&run_id("1"), 9)).unwrap();
    assert!(counting.commits() > 9, "{} commits", counting.commits());
    for nth in 1..=counting.commits() {
        for moment in [Moment::Before, Moment::After] {
            let (table, blobs) = begin();
            let crashing = Arc::new(CrashingTable::new(table.clone(), nth, moment));
            wait(async {
                let dying = Store::new(crashing.clone(), blobs.clone(), tenant());
                assert!(dying.delete_flow(&run_id("1"), 9).await.is_err());
                assert!(crashing.ended());
                let store = Store::new(table.clone(), blobs.clone(), tenant());
                match store.flow(&run_id("1")).await {
                    Ok(mut stored) => {
                        if stored.deleting() {
                            assert_eq!(stored.run.status, RunStatus::Cancelled, "late messages begin nothing");
                            let update = store.update_flow(&mut stored).await;
                            assert!(matches!(update, Err(Error::Deleting { .. })), "{update:?}");
                        } else {
                            assert_eq!((nth, moment), (1, Moment::Before), "nothing is gone before the mark is set");
                        }
                        store.delete_flow(&run_id("1"), 10).await.unwrap();
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

#[test]
fn nothing_is_started_for_a_run_that_is_over_or_being_deleted() {
    let store = Store::in_memory(tenant());
    wait(async {
        let parent = flow("parent", None);
        full(&store, &parent).await;
        let mut stored = store.flow(&parent.id).await.unwrap();
        let (child, variables) = (flow("child", Some(parent.id.clone())), json!({}));
        let new = |parent| NewFlow { workflows: &["text"], variables: &variables, parent: Some(parent), grant: None };
        let before = stored.clone();
        stored.run.cancel(2).unwrap();
        store.update_flow(&mut stored).await.unwrap();
        let refused = store.create_flow(&child, new(&before)).await.unwrap_err();
        assert!(matches!(&refused, Error::Changed { run } if *run == parent.id), "{refused}");
        assert!(store.children(&parent.id).await.unwrap().is_empty());
        store.create_flow(&child, new(&stored)).await.unwrap();
        assert_eq!(store.children(&parent.id).await.unwrap(), std::slice::from_ref(&child.id));
        let again = store.create_flow(&child, new(&stored)).await.unwrap_err();
        assert!(matches!(again, Error::RunExists { .. }), "{again}");

        // A deletion that came between the look and the write, and one that is under way.
        store.delete_flow(&parent.id, 3).await.unwrap();
        let late = store.create_flow(&child, new(&stored)).await.unwrap_err();
        assert!(matches!(&late, Error::Changed { run } if *run == parent.id), "{late}");
        assert!(matches!(store.flow(&child.id).await, Err(Error::NoRun { .. })), "no row is left of it");
    });
}
