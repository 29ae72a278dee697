//! Runs that many workers work on at once, which die, meet each other and get messages twice.

use crate::world::{LEASE_MS, Trouble, World};
use maestro_asl::Outcome;
use maestro_domain::{
    NodeKey, NodeOutput, NodeState, NodeStatus,
    recovery::{Action, Finding, Record},
};
use maestro_ports::Clock;
use maestro_store::Word;
use proptest::prelude::*;

/// Random graphs: what each node depends on.
fn graphs() -> impl Strategy<Value = Vec<Vec<usize>>> {
    let edges = proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..60);
    (1_usize..24, edges).prop_map(|(count, edges)| {
        let mut nodes = vec![Vec::new(); count];
        for (left, right) in edges {
            let (left, right) = (left.index(count), right.index(count));
            let (from, to) = (left.min(right), left.max(right));
            if from < to && !nodes[to].contains(&from) {
                nodes[to].push(from);
            }
        }
        nodes
    })
}

fn text(nodes: &[Vec<usize>]) -> String {
    let mut text = String::from("dag_id: d\nnodes:\n");
    for (at, before) in nodes.iter().enumerate() {
        let names: Vec<_> = before.iter().map(|one| format!("n{one}")).collect();
        // Every fifth does nothing, and every seventh is skipped.
        let task = match at {
            at if at % 7 == 6 => "task_type: script, when: 1 = 2, config: {script: ok}",
            at if at % 5 == 4 => "task_type: noop",
            _ => "task_type: script, config: {script: ok}",
        };
        text.push_str(&format!("- {{node_id: n{at}, {task}, dependencies: [{}]}}\n", names.join(", ")));
    }
    text
}

fn on_a_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Nodes that all depend on one, and one that depends on all of them.
fn wide(between: usize) -> Vec<Vec<usize>> {
    let mut nodes = vec![vec![]];
    nodes.extend((0..between).map(|_| vec![0]));
    nodes.push((1..=between).collect());
    nodes
}

/// What DynamoDB gives one partition in a second bounds how many nodes a run does in one.
#[test]
fn no_partition_keeps_a_run_below_a_hundred_nodes_a_second() {
    let nodes = wide(100);
    let used = on_a_runtime(async {
        let world = World::start(&text(&nodes)).await;
        let created = world.metered.used();
        let outcome = world.run(&mut Trouble { seed: 7, deaths: 0, copies: 0, together: 10 }).await;
        assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
        let mut used = world.metered.used();
        for (partition, before) in created {
            // Making the run is done before any node.
            let units = used.get_mut(&partition).unwrap();
            units.written -= before.written;
            units.read -= before.read;
        }
        used
    });
    let count = nodes.len() as u64;
    for (partition, units) in &used {
        let nodes_a_second = units.a_second(count);
        let partition = partition.split('#').skip(4).collect::<Vec<_>>().join("#");
        println!("{partition}: {units:?} for {count} nodes: {nodes_a_second} nodes a second");
        assert!(nodes_a_second >= 100, "{partition}: {units:?}");
    }
    let shards = used.keys().filter(|partition| partition.contains("#NODES#")).count();
    assert_eq!(shards, usize::from(maestro_store::keys::SHARDS));
}

#[tokio::test]
async fn what_needs_no_work_is_claimed_and_completed_in_one_write() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: a, task_type: noop, config: {output: 1}}\n\
         - {node_id: b, task_type: noop, dependencies: [a], config: {output: '{% $nodes.a.output + 1 %}'}}\n\
         - {node_id: c, task_type: script, dependencies: [b], when: $nodes.b.output = 3, config: {script: ok}}\n\
         - {node_id: d, task_type: script, dependencies: [c], when: $nodes.b.output = 2, config: {script: ok}}\n",
    )
    .await;
    let transactions = || world.metered.used().values().map(|units| units.transactions).sum::<u64>();
    let created = transactions();
    assert!(matches!(world.run(&mut calm()).await, Outcome::Succeeded { .. }));
    assert_eq!(world.seen().ran, ["d"]);
    assert_eq!(transactions() - created, 3 + 2, "work alone has a claim of its own");
    let row = async |node| world.store.node(&world.run, NodeKey::Node(node)).await.unwrap().unwrap().row;
    assert_eq!(row(1).await.outcome().unwrap().output, NodeOutput::Inline(2.into()));
    assert_eq!(row(2).await.outcome().unwrap().status, NodeStatus::Skipped);
}

#[tokio::test]
async fn texts_that_come_to_nothing_fail_a_node_that_needs_no_work() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: a, task_type: noop, config: {output: '{% $number(\"x\") %}'}, \
         retry_policy: {max_attempts: 2}}\n",
    )
    .await;
    let outcome = world.run(&mut Trouble { copies: 100, ..calm() }).await;
    let Outcome::Failed { error, cause } = outcome else { panic!("{outcome:?}") };
    assert_eq!(error.as_deref(), Some("Maestro.Expression"));
    assert!(cause.unwrap().starts_with("node `a`: "));
}

async fn whole(nodes: &[Vec<usize>], mut trouble: Trouble) {
    let once = trouble.deaths == 0;
    let world = World::start(&text(nodes)).await;
    let outcome = world.run(&mut trouble).await;
    assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
    assert_eq!(world.complete().await.len(), nodes.len());
    let mut seen = world.seen();
    assert!(seen.too_early.is_empty(), "{:?}", seen.too_early);
    seen.ran.sort();
    let before = seen.ran.len();
    seen.ran.dedup();
    let scripts = (0..nodes.len()).filter(|at| at % 7 != 6 && at % 5 != 4).count();
    assert_eq!(seen.ran.len(), scripts);
    // Who dies between its work and its write leaves it to be done again.
    assert!(!once || before == scripts, "{before} times for {scripts} scripts");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_node_runs_once_after_all_that_it_depends_on(nodes in graphs(), seed in 1_u64.., together in 1_usize..6) {
        on_a_runtime(whole(&nodes, Trouble { seed, deaths: 0, copies: 30, together }));
    }

    #[test]
    fn no_wake_up_is_lost_wherever_workers_die(nodes in graphs(), seed in 1_u64.., together in 1_usize..6) {
        on_a_runtime(whole(&nodes, Trouble { seed, deaths: 30, copies: 20, together }));
    }
}

#[test]
fn relays_release_what_waits_for_them_though_workers_die() {
    // More than 64 wait for one and one for more than 64, across branches.
    let mut nodes = vec![vec![], vec![]];
    nodes.extend((0..70).map(|_| vec![0, 1]));
    nodes.push((2..72).collect());
    nodes.push((2..71).collect());
    let workflow = maestro_workflow::check(&text(&nodes)).workflow.unwrap();
    assert!(!maestro_workflow::compile::compile(&workflow).relays.is_empty());
    for seed in 1..4 {
        on_a_runtime(whole(&nodes, Trouble { seed: seed * 7_919, deaths: 30, copies: 20, together: 8 }));
    }
}

fn calm() -> Trouble {
    Trouble { seed: 1, deaths: 0, copies: 0, together: 4 }
}

#[tokio::test]
async fn what_failed_is_tried_again_and_fails_by_its_name() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: fail}, retry_policy: {max_attempts: 3}}\n\
         - {node_id: b, task_type: noop, dependencies: [a]}\n",
    )
    .await;
    let outcome = world.run(&mut calm()).await;
    let Outcome::Failed { error, cause } = outcome else { panic!("{outcome:?}") };
    assert_eq!(error.as_deref(), Some("Maestro.Script"));
    assert!(cause.unwrap().starts_with("node `a`: "));
    assert_eq!(world.seen().ran, ["a", "a", "a"]);
    assert!(world.complete().await.is_empty());
}

#[tokio::test]
async fn a_wait_is_nobodys_time_and_a_person_need_not_wait_for_it() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: w, task_type: wait, config: {seconds: 2000}}\n\
         - {node_id: p, task_type: approval, dependencies: [w], config: {question: Q, approvers: [ann]}}\n",
    )
    .await;
    world.take_one(0).await;
    let claimed = |state: &NodeState| matches!(state, NodeState::Claimed { lease_until_ms: 0 });
    let row = world.store.node(&world.run, NodeKey::Node(0)).await.unwrap().unwrap().row;
    assert!(claimed(&row.state), "{row:?}");
    assert_eq!(world.waiting(), 1, "one message goes on with it");
    // The machine comes to the approval after the wait, whose message is looked at every 15 minutes.
    let approves = async {
        while world.complete().await.is_empty() {
            tokio::task::yield_now().await;
        }
        let word = Word { by: "ann".into(), approves: true, comment: None, at_ms: world.wall.now_ms() };
        world.store.say(&world.run, 1, &word).await.unwrap();
        for _ in 0..3 {
            world.wake("p");
        }
    };
    let mut trouble = calm();
    let (outcome, ()) = tokio::join!(world.run(&mut trouble), approves);
    assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
    let ended = world.wall.now_ms();
    assert!((2_000_000..2_010_000).contains(&ended), "{ended}");
}

#[tokio::test]
async fn work_whose_time_is_up_is_given_on_and_its_limit_is_that_of_all_of_it() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: hang}, timeout_seconds: 20}\n",
    )
    .await;
    world.take_one(LEASE_MS - 1_000).await;
    let row = world.store.node(&world.run, NodeKey::Node(0)).await.unwrap().unwrap().row;
    assert_eq!((row.fence, row.state), (1, NodeState::Claimed { lease_until_ms: 0 }));
    assert_eq!(world.waiting(), 1);
}

#[test]
fn what_was_done_is_undone_the_last_first_though_workers_die() {
    let node = |id: &str, before: &str, script: &str| {
        format!(
            "- {{node_id: {id}, task_type: script, dependencies: [{before}], config: {{script: {script}}}, \
             compensate_with: {{task_type: script, config: {{script: ok}}}}}}\n"
        )
    };
    let text = format!(
        "dag_id: d\non_failure: compensate\nnodes:\n{}{}{}",
        node("a", "", "ok"),
        node("b", "a", "ok"),
        node("c", "b", "fail")
    );
    for (seed, deaths) in [(1, 0), (11, 40), (12, 40), (13, 40)] {
        on_a_runtime(async {
            let world = World::start(&text).await;
            let outcome = world.run(&mut Trouble { seed, deaths, copies: 20, together: 2 }).await;
            let Outcome::Failed { error, .. } = outcome else { panic!("{outcome:?}") };
            assert_eq!(error.as_deref(), Some("Maestro.Script"), "the run fails by what failed in it");
            assert!(world.complete().await.is_empty(), "what is undone is not complete any more");
            let mut undone = world.seen().ran;
            undone.retain(|job| job.starts_with("undo"));
            if deaths == 0 {
                assert_eq!(undone, ["undo b", "undo a"]);
            }
            undone.dedup();
            assert_eq!(undone, ["undo b", "undo a"]);
        });
    }
}

#[tokio::test]
async fn a_recovery_sends_what_nobody_goes_on_with() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: hang once}}\n\
         - {node_id: b, task_type: script, dependencies: [a], config: {script: ok}}\n",
    )
    .await;
    // The worker of the first node is gone, and so is its message.
    world.abandon_one().await;
    world.lose();
    assert_eq!(world.recover().await, [], "its lease is not over");
    assert_eq!(world.waiting(), 0);
    world.later(LEASE_MS + 60_001);
    assert_eq!(world.recover().await, []);
    assert_eq!(world.waiting(), 1);
    assert!(matches!(world.run(&mut calm()).await, Outcome::Succeeded { .. }));
    let done: Vec<Record> = world.store.recoveries(&world.run).await.unwrap();
    assert_eq!(done.len(), 1);
    assert_eq!(done[0].recovery.finding, Finding::StaleLease { node: 0 });
    assert_eq!(world.seen().ran, ["a", "a", "b"]);
}

#[tokio::test]
async fn a_node_that_waits_is_alive_for_its_machine() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: w, task_type: wait, config: {seconds: 2000}, heartbeat_seconds: 20}\n\
         - {node_id: s, task_type: script, dependencies: [w], config: {script: slow 60}, heartbeat_seconds: 20}\n",
    )
    .await;
    let outcome = world.run(&mut calm()).await;
    assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}");
    assert_eq!(world.seen().ran, ["s"], "nothing was tried again");
}

#[tokio::test]
async fn a_message_that_nobody_finished_with_fails_its_attempt_and_no_other() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: hang once}, retry_policy: {max_attempts: 2}}\n\
         - {node_id: b, task_type: noop, dependencies: [a]}\n",
    )
    .await;
    world.abandon_one().await;
    // A copy of its message, while the claim stands: whoever holds it may be alive.
    world.wake("a");
    assert!(world.give_up().await);
    let row = world.store.node(&world.run, NodeKey::Node(0)).await.unwrap().unwrap().row;
    assert!(matches!(row.state, NodeState::Claimed { .. }), "{row:?}");
    world.later(LEASE_MS + 1);
    world.wake("a");
    assert!(world.give_up().await);
    let row = world.store.node(&world.run, NodeKey::Node(0)).await.unwrap().unwrap().row;
    let NodeState::Failed(failure) = row.state else { panic!("{row:?}") };
    assert_eq!(failure.error, "Maestro.DeadLetter");
    // Its machine tries again, as often as the policy says.
    assert!(matches!(world.run(&mut calm()).await, Outcome::Succeeded { .. }));
    assert_eq!(world.seen().ran, ["a", "a"]);
    let told: Vec<Record> = world.store.recoveries(&world.run).await.unwrap();
    let told: Vec<_> = told.into_iter().map(|record| (record.recovery.finding, record.recovery.action)).collect();
    let finding = Finding::DeadLetter { node: Some(0) };
    assert_eq!(told, [(finding, Action::Nothing), (finding, Action::Answer)]);
    assert!(world.is_nobodys("{}").await);
    assert!(world.is_nobodys(r#"{"run": "run-of-nobody", "node": "a"}"#).await);
}

#[tokio::test]
async fn who_is_woken_before_its_machine_comes_does_not_begin() {
    let world = World::start(
        "dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: ok}}\n\
         - {node_id: b, task_type: script, dependencies: [a], config: {script: ok}}\n",
    )
    .await;
    world.wake("b");
    assert!(matches!(world.run(&mut calm()).await, Outcome::Succeeded { .. }));
    let seen = world.seen();
    assert_eq!((seen.ran, seen.too_early), (vec!["a".to_owned(), "b".to_owned()], vec![]));
}

#[tokio::test]
async fn a_copy_of_the_message_of_the_attempt_that_failed_last_is_no_attempt() {
    let world = World::start("dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: fail}}\n").await;
    let outcome = world.run(&mut Trouble { seed: 7, deaths: 0, copies: 100, together: 1 }).await;
    assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
    assert_eq!(world.seen().ran, ["a"]);
}

/// Attempts have tokens of their own, and a copy may come when later ones have failed as well.
#[tokio::test]
async fn copies_of_messages_of_failed_attempts_are_no_attempts() {
    for seed in 1..=20 {
        let world = World::start(
            "dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: fail}, \
             retry_policy: {max_attempts: 3, interval_seconds: 1}}\n",
        )
        .await;
        let outcome = world.run(&mut Trouble { seed, deaths: 0, copies: 50, together: 2 }).await;
        assert!(matches!(outcome, Outcome::Failed { .. }), "{outcome:?}");
        assert_eq!(world.seen().ran, ["a", "a", "a"], "seed {seed}");
    }
}

#[tokio::test]
async fn messages_of_a_run_that_was_deleted_do_nothing_and_are_answered() {
    let world = World::start("dag_id: d\nnodes:\n- {node_id: a, task_type: script, config: {script: ok}}\n").await;
    world.store.delete_flow(&world.run, 1).await.unwrap();
    let outcome = world.run(&mut calm()).await;
    let cancelled = |error: &Option<String>| error.as_deref() == Some("Maestro.Cancelled");
    assert!(matches!(&outcome, Outcome::Failed { error, .. } if cancelled(error)), "{outcome:?}");
    assert!(world.seen().ran.is_empty());
    assert!(world.store.nodes(&world.run).await.unwrap().is_empty(), "nothing is left behind");
}
