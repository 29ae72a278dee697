//! Random graphs with random times, failures and kills: in order, each node once, as fast as the longest way allows.

use crate::support::{Machine, Virtual};
use maestro_domain::RunStatus;
use maestro_ports::Clock;
use maestro_workflow::graph::Longest;
use proptest::prelude::*;
use std::sync::Arc;

/// Graphs of up to 30 nodes: what each depends on, and how many seconds it takes.
fn graphs() -> impl Strategy<Value = Vec<(Vec<usize>, u64)>> {
    let edges = proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..70);
    (proptest::collection::vec(0_u64..20, 1..30), edges).prop_map(|(takes, edges)| {
        let count = takes.len();
        let mut nodes: Vec<(Vec<usize>, u64)> = takes.into_iter().map(|takes| (Vec::new(), takes)).collect();
        for (left, right) in edges {
            let (left, right) = (left.index(count), right.index(count));
            let (from, to) = (left.min(right), left.max(right));
            if from < to && !nodes[to].0.contains(&from) {
                nodes[to].0.push(from);
            }
        }
        nodes
    })
}

/// A node that takes no time is a noop, all others wait.
fn text(nodes: &[(Vec<usize>, u64)]) -> String {
    text_with(nodes, "")
}

/// The same, with more fields for each node.
fn text_with(nodes: &[(Vec<usize>, u64)], fields: &str) -> String {
    let mut text = String::from("dag_id: d\nnodes:\n");
    for (at, (before, takes)) in nodes.iter().enumerate() {
        let names: Vec<_> = before.iter().map(|one| format!("n{one}")).collect();
        let task = match takes {
            0 => "task_type: noop".to_owned(),
            takes => format!("task_type: wait, config: {{seconds: {takes}}}"),
        };
        text.push_str(&format!("- {{node_id: n{at}, {task}, dependencies: [{}]{fields}}}\n", names.join(", ")));
    }
    text
}

fn on_a_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_waits_for_what_it_does_not_depend_on(nodes in graphs()) {
        on_a_runtime(async {
            let machine = Machine::new();
            let text = text(&nodes);
            let run = machine.run(&text).await;
            assert_eq!(run.status, RunStatus::Ok, "{:?}", run.reason);
            let workflow = maestro_workflow::check(&text).workflow.unwrap();
            let longest = Longest::new(&workflow.graph, &nodes.iter().map(|(_, takes)| takes * 1_000).collect());
            assert_eq!(machine.timer.now_ms(), longest.makespan);
            in_order(&machine, &run.id, &nodes).await;
        });
    }

    #[test]
    fn whole_and_split_end_with_the_same_records(nodes in graphs()) {
        on_a_runtime(async {
            // So many attempts fill a history after a few nodes; nothing fails, so they change nothing else.
            let texts = [text(&nodes), text_with(&nodes, ", retry_policy: {max_attempts: 1000}")];
            let mut ends = Vec::new();
            for (text, split) in texts.iter().zip([false, true]) {
                let workflow = maestro_workflow::check(text).workflow.unwrap();
                let definitions = maestro_workflow::compile::compile(&workflow).definitions.len();
                assert_eq!(definitions > 1, split && nodes.len() > 5, "{definitions} definitions");
                let machine = Machine::new();
                let run = machine.run(text).await;
                ends.push((run.status, run.reason, machine.timer.now_ms(), machine.rows(&run.id).await));
            }
            let [whole, split] = ends.as_slice() else { panic!("two runs end twice") };
            assert_eq!(whole, split);
        });
    }

    #[test]
    fn a_killed_run_goes_on_and_repeats_nothing(nodes in graphs(), kills in proptest::collection::vec(0_u64..60_000, 1..4)) {
        on_a_runtime(async {
            let machine = Machine::new();
            let run = machine.create(&text(&nodes), &[]).await;
            let mut done = std::collections::BTreeMap::new();
            for kill in kills {
                // Dropped at a moment, as a process would be.
                let timer: Arc<Virtual> = Arc::clone(&machine.timer);
                let until = timer.now_ms() + kill;
                let killed = async move { while timer.now_ms() < until { tokio::task::yield_now().await } };
                let ended = tokio::select! {
                    biased;
                    () = killed => None,
                    ended = machine.execute(&run.id) => Some(ended.unwrap()),
                };
                for (node, row) in machine.rows(&run.id).await {
                    if let Some(outcome) = row.outcome() {
                        let first = done.entry(node).or_insert_with(|| outcome.clone());
                        assert_eq!(first, outcome, "node {node} was done again");
                    }
                }
                if ended.is_some_and(|ended| ended.run.status == RunStatus::Ok) {
                    return;
                }
                machine.host.resume(&run.id).await.unwrap();
            }
            let ended = machine.execute(&run.id).await.unwrap().run;
            assert_eq!(ended.status, RunStatus::Ok, "{:?}", ended.reason);
            in_order(&machine, &run.id, &nodes).await;
            for (node, row) in machine.rows(&run.id).await {
                if let Some(first) = done.get(&node) {
                    assert_eq!(row.outcome(), Some(first), "node {node} was done again");
                }
            }
        });
    }

    #[test]
    fn failures_are_tried_again_and_nothing_runs_after_one_for_good(
        nodes in graphs(), flaky in proptest::collection::vec(0_i32..4, 30),
    ) {
        on_a_runtime(async {
            let machine = Machine::new();
            // Three attempts each: what fails three times fails for good.
            let mut text = String::from("dag_id: d\nnodes:\n");
            for (at, (before, _)) in nodes.iter().enumerate() {
                let names: Vec<_> = before.iter().map(|one| format!("n{one}")).collect();
                text.push_str(&format!(
                    "- {{node_id: n{at}, task_type: script, config: {{script: 'flaky {} n{at}'}}, retry_policy: {{max_attempts: 3}}, \
                     dependencies: [{}]}}\n", flaky[at], names.join(", ")
                ));
            }
            let run = machine.run(&text).await;
            let for_good = (0..nodes.len()).any(|at| flaky[at] == 3);
            assert_eq!(run.status == RunStatus::Failed, for_good, "{:?}", run.reason);
            let rows = machine.rows(&run.id).await;
            let complete = |at: usize| rows.get(&(at as u32)).is_some_and(|row| row.outcome().is_some());
            let ran = machine.scripts.ran.lock().unwrap().clone();
            for (at, (before, _)) in nodes.iter().enumerate() {
                let times = ran.iter().filter(|script| **script == format!("flaky {} n{at}", flaky[at])).count();
                if complete(at) {
                    assert_eq!(times as i32, flaky[at] + 1, "node {at}");
                }
                assert!(times <= 3);
                assert!(times == 0 || before.iter().all(|before| complete(*before)), "node {at} ran early");
            }
            if !for_good {
                assert!((0..nodes.len()).all(complete));
            }
        });
    }
}

#[tokio::test]
async fn what_waits_is_written_once_it_is_done() {
    // Each node waits for three of the ten before it, in no shape that would need no counting.
    let nodes: Vec<(Vec<usize>, u64)> =
        (0..250_usize).map(|at| ([1, 4, 10].iter().filter_map(|back| at.checked_sub(*back)).collect(), 0)).collect();
    let machine = Machine::new();
    let run = machine.create(&text(&nodes), &[]).await;
    let ended = machine.execute(&run.id).await.unwrap();
    assert_eq!(ended.run.status, RunStatus::Ok, "{:?}", ended.run.reason);
    in_order(&machine, &run.id, &nodes).await;
    let rows = machine.host.store().nodes(&run.id).await.unwrap();
    assert!(rows.iter().all(|(_, stored)| stored.revision == 1), "a row was written again");
    assert_eq!(ended.transactions, rows.len().div_ceil(100) as u64);
}

/// Every node completed, none before what it depends on and its own time.
async fn in_order(machine: &Machine, run: &maestro_domain::RunId, nodes: &[(Vec<usize>, u64)]) {
    let rows = machine.rows(run).await;
    let at = |node: usize| rows[&(node as u32)].outcome().unwrap().at_ms;
    assert_eq!(rows.values().filter(|row| row.outcome().is_some()).count(), nodes.len());
    for (node, (before, takes)) in nodes.iter().enumerate() {
        for before in before {
            assert!(at(*before) + takes * 1_000 <= at(node), "{node} after {before}");
        }
    }
}
