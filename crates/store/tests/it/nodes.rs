//! Rows of workflows' nodes, on both stores of one machine.

use crate::samples::{run_id, tenant, wait};
use maestro_domain::{
    ContentHash, FlowRun, NodeKey, NodeOutcome, NodeOutput, NodeRow, NodeStatus, RunId, RunStatus, node::Take,
};
use maestro_ports::table::Durability;
use maestro_store::{Arrived, Error, Home, ItemRow, NewFlow, NodeWrite, Store, StoredFlow, Word};
use serde_json::json;

/// The same on a table in memory and on SQLite.
fn on_both(check: impl AsyncFn(Store)) {
    let dir = tempfile::tempdir().unwrap();
    wait(async {
        check(Store::in_memory(tenant())).await;
        check(Home::open(dir.path().join("home")).unwrap().store(tenant()).unwrap()).await;
    });
}

fn flow(name: &str, created_ms: u64, parent: Option<RunId>) -> FlowRun {
    FlowRun {
        id: run_id(name),
        dag_id: "d".into(),
        name: None,
        workflow: ContentHash::of(b"text"),
        variables: ContentHash::of(b"{}"),
        others: [("inner".to_owned(), ContentHash::of(b"other"))].into(),
        model: None,
        nodes: 2,
        parent,
        starter: None,
        machines: [].into(),
        machine: None,
        status: RunStatus::Running,
        reason: None,
        executions: 1,
        created_ms,
        changed_ms: created_ms,
    }
}

async fn created(store: &Store, run: &FlowRun) -> Result<StoredFlow, Error> {
    store
        .create_flow(run, NewFlow { workflows: &["text", "other"], variables: &json!({}), parent: None, grant: None })
        .await
}

#[test]
fn a_run_that_a_machine_executes_is_among_the_open_ones_until_it_is_over() {
    on_both(async |store| {
        let here = flow("here", 1, None);
        created(&store, &here).await.unwrap();
        let there = FlowRun { machine: Some("arn".into()), ..flow("there", 2, None) };
        let mut stored = created(&store, &there).await.unwrap();
        let child = FlowRun { machine: Some("arn".into()), ..flow("child", 3, Some(there.id.clone())) };
        created(&store, &child).await.unwrap();
        let open = async || store.open_flows(None, 10).await.unwrap();
        assert_eq!(open().await, [child.id.clone(), there.id.clone()]);
        assert_eq!(store.open_flows(Some(&child.id), 10).await.unwrap(), std::slice::from_ref(&there.id));
        stored.run.cancel(4).unwrap();
        store.update_flow(&mut stored).await.unwrap();
        assert_eq!(open().await, std::slice::from_ref(&child.id));
        stored.run.resume(5).unwrap();
        store.update_flow(&mut stored).await.unwrap();
        assert_eq!(open().await, [child.id, there.id]);
    });
}

#[test]
fn a_run_keeps_the_texts_that_it_was_started_with() {
    on_both(async |store| {
        let first = flow("1", 1, None);
        let mut stored = created(&store, &first).await.unwrap();
        assert!(matches!(created(&store, &first).await, Err(Error::RunExists { .. })));
        created(&store, &flow("2", 2, None)).await.unwrap();
        created(&store, &flow("3", 3, Some(first.id.clone()))).await.unwrap();
        assert_eq!(store.flow_text(&first.id, &first.workflow).await.unwrap(), "text");
        assert_eq!(store.flow_text(&first.id, &first.others["inner"]).await.unwrap(), "other");
        let listed = store.flows(None, 10).await.unwrap().runs;
        let ids: Vec<_> = listed.iter().map(|run| run.id.as_str()).collect();
        assert_eq!(ids, ["run-2", "run-1"], "newest first, without those of nodes");

        let mut other = store.flow(&first.id).await.unwrap();
        stored.run.cancel(5).unwrap();
        store.update_flow(&mut stored).await.unwrap();
        other.run.finish(RunStatus::Ok, None, 6).unwrap();
        assert!(matches!(store.update_flow(&mut other).await, Err(Error::Changed { .. })));
    });
}

#[test]
fn of_two_who_read_the_same_row_one_writes() {
    on_both(async |store| {
        let run = created(&store, &flow("1", 1, None)).await.unwrap().run.id;
        let (a, b, relay) = (NodeKey::Node(0), NodeKey::Node(1), NodeKey::Relay(0));
        let Take::Work(claimed) = NodeRow::new(0).take(Some("t".into()), 1, 10) else { panic!("it can be claimed") };
        let one = |key, revision, row| NodeWrite { key, revision, row };
        store.write_nodes(&run, &[one(a, 0, &claimed)], Durability::Process).await.unwrap();
        let again = store.write_nodes(&run, &[one(a, 0, &claimed)], Durability::Process).await;
        assert!(matches!(again, Err(Error::NodeChanged { .. })));

        // What belongs together is written together or not at all.
        let outcome =
            NodeOutcome { status: NodeStatus::Succeeded, output: NodeOutput::Inline(json!({"x": 1})), at_ms: 3 };
        let done = claimed.clone().complete(Some(1), outcome).unwrap();
        let (mut counted, other) = (NodeRow::new(2), NodeRow::new(1));
        counted.release().unwrap();
        let writes = [one(a, 1, &done), one(b, 0, &counted), one(relay, 7, &other)];
        assert!(matches!(store.write_nodes(&run, &writes, Durability::Power).await, Err(Error::NodeChanged { .. })));
        assert_eq!(store.nodes(&run).await.unwrap().len(), 1);
        store.write_nodes(&run, &writes[..2], Durability::Power).await.unwrap();
        let rows = store.nodes(&run).await.unwrap();
        assert_eq!(rows.iter().map(|(key, stored)| (*key, stored.revision)).collect::<Vec<_>>(), [(a, 2), (b, 1)]);
        assert_eq!(store.node(&run, a).await.unwrap().unwrap().row, done);
        assert_eq!(store.node(&run, relay).await.unwrap(), None);
    });
}

#[test]
fn many_nodes_are_listed_in_the_order_of_their_numbers() {
    on_both(async |store| {
        let run = created(&store, &flow("1", 1, None)).await.unwrap().run.id;
        let row = NodeRow::new(1);
        for from in [0, 100, 200] {
            let writes: Vec<_> =
                (from..from + 100).map(|at| NodeWrite { key: NodeKey::Node(at), revision: 0, row: &row }).collect();
            store.write_nodes(&run, &writes, Durability::Process).await.unwrap();
        }
        let keys: Vec<_> = store.nodes(&run).await.unwrap().into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, (0..300).map(NodeKey::Node).collect::<Vec<_>>());
    });
}

#[test]
fn outputs_of_any_size_read_back() {
    on_both(async |store| {
        let run = created(&store, &flow("1", 1, None)).await.unwrap().run.id;
        for value in [None, Some(json!(null)), Some(json!("x")), Some(json!(["y".repeat(100_000)]))] {
            let kept = store.keep_output(&run, value.clone()).await.unwrap();
            assert_eq!(store.output(&run, &kept).await.unwrap(), value);
            assert!(serde_json::to_string(&kept).unwrap().len() < 5_000, "a row stays small");
        }
    });
}

#[test]
fn words_events_and_items_are_kept_with_the_run() {
    on_both(async |store| {
        let run = created(&store, &flow("1", 1, None)).await.unwrap().run.id;
        let word = |by: &str, approves, at_ms| Word { by: by.into(), approves, comment: None, at_ms };
        for said in [word("ann", true, 1), word("b#b", true, 2), word("ann", false, 3)] {
            store.say(&run, 4, &said).await.unwrap();
        }
        assert_eq!(store.words(&run, 4).await.unwrap(), [word("b#b", true, 2), word("ann", false, 3)]);
        assert!(store.words(&run, 0).await.unwrap().is_empty());
        for at_ms in 0..150 {
            let event = Arrived { source: "s".into(), detail_type: "t".into(), detail: json!(null), at_ms };
            store.keep_arrived(&run, &event).await.unwrap();
        }
        let arrived: Vec<u64> = store.arrived(&run).await.unwrap().iter().map(|event| event.at_ms).collect();
        assert_eq!(arrived, (0..150).collect::<Vec<_>>());
        let item = ItemRow { started_ms: 1, output: Some(NodeOutput::Nothing) };
        store.write_item(&run, 4, 2, &item).await.unwrap();
        assert_eq!(store.item(&run, 4, 2).await.unwrap(), Some(item));
        assert_eq!(store.item(&run, 42, 2).await.unwrap(), None);
    });
}
