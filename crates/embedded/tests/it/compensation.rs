//! What was done is undone: in which order, how often it is tried, and what is told.

use crate::support::Machine;
use maestro_domain::{NodeState, RunStatus};

const TEXT: &str = "
dag_id: d
on_failure: compensate
nodes:
- {node_id: a, task_type: script, config: {script: do a}, compensate_with: {task_type: script, config: {script: undo a}}}
- {node_id: b, task_type: wait, config: {seconds: 5}, dependencies: [a], compensate_with: {task_type: script, config: {script: flaky 1 undo b}, retry_policy: {max_attempts: 2, interval_seconds: 3}}}
- {node_id: c, task_type: script, config: {script: do c}, dependencies: [a], compensate_with: {task_type: script, config: {script: exit 7}, retry_policy: {max_attempts: 2}}}
- {node_id: skipped, task_type: script, when: 'false', config: {script: never}, dependencies: [a], compensate_with: {task_type: script, config: {script: undo nothing}}}
- {node_id: last, task_type: script, config: {script: exit 1}, dependencies: [b, c, skipped]}
";

#[tokio::test]
async fn the_last_completed_is_undone_first_and_what_cannot_be_is_told() {
    let machine = Machine::new();
    let run = machine.run(TEXT).await;
    let ran = machine.scripts.ran.lock().unwrap().clone();
    assert_eq!(
        ran,
        ["do a", "do c", "exit 1", "flaky 1 undo b", "flaky 1 undo b", "exit 7", "exit 7", "undo a"],
        "b was completed after c"
    );
    assert_eq!(run.status, RunStatus::Failed);
    let reason = run.reason.unwrap();
    assert_eq!(reason.code, "Maestro.Script", "{reason:?}");
    assert!(reason.message.contains("node `last`") && reason.message.contains("`c` could not be undone"), "{reason:?}");
    let rows = machine.rows(&run.id).await;
    assert_eq!([&rows[&0].state, &rows[&1].state], [&NodeState::Compensated; 2]);
    assert!(rows[&2].outcome().is_some() && rows[&2].not_undone.is_some());

    // What was undone is not complete any more, and is done again; what could not be undone is not.
    machine.scripts.ran.lock().unwrap().clear();
    machine.host.resume(&run.id).await.unwrap();
    machine.execute(&run.id).await.unwrap();
    let ran = machine.scripts.ran.lock().unwrap().clone();
    assert_eq!(ran[..2], ["do a", "exit 1"], "{ran:?}");
}

#[tokio::test]
async fn a_cancelled_run_is_undone_an_interrupted_one_is_not() {
    let machine = Machine::new();
    let text =
        TEXT.replace("config: {script: exit 1}", "config: {script: exit 0}").replace("seconds: 5", "seconds: 50");
    // Virtual time stops where something is waited for.
    let text = text + "- {node_id: tick, task_type: wait, config: {seconds: 20}}\n";
    let run = machine.create(&text, &[]).await;
    let timer = std::sync::Arc::clone(&machine.timer);
    let later = Box::pin(async move {
        while maestro_ports::Clock::now_ms(&*timer) < 20_000 {
            tokio::task::yield_now().await;
        }
    });
    let ended = machine.host.execute(&run.id, false, None, later).await.unwrap().run;
    assert_eq!((ended.status, ended.reason.unwrap().code.as_str()), (RunStatus::Cancelled, "interrupted"));
    assert!(machine.rows(&run.id).await[&0].outcome().is_some());
    machine.host.resume(&run.id).await.unwrap();
    let cancelled = machine.host.cancel(&run.id, None).await.unwrap();
    assert_eq!(cancelled.reason.unwrap().code, "cancelled");
    assert_eq!(machine.rows(&run.id).await[&0].state, NodeState::Compensated);
}

const INNER: &str = "
dag_id: inner
on_failure: compensate
nodes:
- {node_id: a, task_type: script, config: {script: do a}, compensate_with: {task_type: script, config: {script: undo a}}}
- {node_id: b, task_type: script, config: {script: do b}, dependencies: [a], compensate_with: {task_type: script, config: {script: undo b}}}
- {node_id: long, task_type: wait, config: {seconds: 50}, dependencies: [b]}
";

/// A workflow that runs that one in a node, where something beside it goes as `beside` says.
async fn around(machine: &Machine, head: &str, beside: &str) -> maestro_domain::FlowRun {
    let outer = format!(
        "dag_id: outer\n{head}\nnodes:\n\
         - {{node_id: first, task_type: script, config: {{script: do first}}, compensate_with: {{task_type: script, config: {{script: undo first}}}}}}\n\
         - {{node_id: inside, task_type: workflow, dependencies: [first], config: {{dag_id: inner}}}}\n\
         - {{node_id: tick, task_type: wait, dependencies: [first], config: {{seconds: 5}}}}\n\
         - {{node_id: beside, task_type: script, dependencies: [tick], config: {{script: {beside}}}}}\n"
    );
    machine.create(&outer, &[("inner", INNER)]).await
}

#[tokio::test]
async fn what_a_node_has_run_so_far_is_undone_with_its_run() {
    let compensates = "on_failure: compensate";
    for (head, beside, undone) in [
        (compensates, "exit 1", &["undo b", "undo a", "undo first"][..]),
        // The run itself is kept, but nobody waits for the one inside any more.
        ("", "exit 1", &["undo b", "undo a"]),
        // Its state machine ends with its time, and cannot have anything undone.
        ("on_failure: compensate\ntimeout_seconds: 20", "exit 0", &["undo b", "undo a", "undo first"]),
    ] {
        let machine = Machine::new();
        let run = around(&machine, head, beside).await;
        let ended = machine.execute(&run.id).await.unwrap().run;
        assert_eq!(ended.status, RunStatus::Failed, "{:?}", ended.reason);
        let ran = machine.scripts.ran.lock().unwrap().clone();
        assert_eq!(ran[..3], ["do first", "do a", "do b"], "{head}: {ran:?}");
        let last: Vec<_> = ran[3..].iter().filter(|script| *script != beside).collect();
        assert_eq!(last, undone, "{head}");
        let store = machine.host.store();
        let [child] = &store.children(&run.id).await.unwrap()[..] else { panic!("one run was started") };
        let inner = store.flow(child).await.unwrap().run;
        assert_eq!((inner.status, inner.reason.unwrap().code.as_str()), (RunStatus::Cancelled, "cancelled"));
        assert_eq!(machine.rows(child).await[&0].state, NodeState::Compensated);
        // All of it is done again.
        machine.scripts.ran.lock().unwrap().clear();
        machine.host.resume(&run.id).await.unwrap();
        machine.execute(&run.id).await.unwrap();
        let ran = machine.scripts.ran.lock().unwrap().clone();
        assert!(ran.contains(&"do a".to_owned()) && ran.contains(&"do b".to_owned()), "{head}: {ran:?}");
    }
}

#[tokio::test]
async fn what_runs_in_a_node_is_undone_first_where_its_run_is_cancelled() {
    let machine = Machine::new();
    let run = around(&machine, "on_failure: compensate", "exit 0").await;
    let timer = std::sync::Arc::clone(&machine.timer);
    let stopped = Box::pin(async move {
        while maestro_ports::Clock::now_ms(&*timer) < 5_000 {
            tokio::task::yield_now().await;
        }
    });
    // Interrupted by nobody who wants it undone.
    machine.host.execute(&run.id, false, None, stopped).await.unwrap();
    machine.host.resume(&run.id).await.unwrap();
    machine.scripts.ran.lock().unwrap().clear();
    machine.host.cancel(&run.id, None).await.unwrap();
    assert_eq!(*machine.scripts.ran.lock().unwrap(), ["undo b", "undo a", "undo first"]);
}

const CUT_OFF: &str = "
dag_id: d
on_failure: compensate
nodes:
- {node_id: a, task_type: script, config: {script: do a}, compensate_with: {task_type: script, config: {script: hang undo a}}}
- {node_id: b, task_type: script, config: {script: do b}, dependencies: [a], compensate_with: {task_type: script, config: {script: undo b}}}
- {node_id: last, task_type: script, config: {script: exit 1}, dependencies: [b]}
";

#[tokio::test]
async fn undoing_that_was_cut_off_goes_on_and_the_run_fails_by_what_failed() {
    let machine = Machine::new();
    let run = machine.create(CUT_OFF, &[]).await;
    machine.killed(machine.execute(&run.id)).await;
    let rows = machine.rows(&run.id).await;
    assert_eq!(rows[&1].state, NodeState::Compensated);
    assert!(matches!(rows[&0].state, NodeState::Undoing { .. }), "{rows:?}");
    *machine.scripts.ran.lock().unwrap() = vec!["hang undo a".to_owned()];

    let resumed = machine.host.resume(&run.id).await.unwrap();
    assert_eq!(resumed.fails_after_undoing().unwrap().code, "Maestro.Script");
    let ended = machine.execute(&run.id).await.unwrap().run;
    assert_eq!(machine.scripts.ran.lock().unwrap()[1..], ["hang undo a"], "nothing is done again, or undone twice");
    let reason = ended.reason.unwrap();
    assert_eq!((ended.status, reason.code.as_str()), (RunStatus::Failed, "Maestro.Script"));
    assert!(reason.message.contains("node `last`"), "{reason:?}");
    let rows = machine.rows(&run.id).await;
    assert_eq!([&rows[&0].state, &rows[&1].state], [&NodeState::Compensated; 2]);
    // Only after that does another execution do it again.
    machine.host.resume(&run.id).await.unwrap();
    machine.execute(&run.id).await.unwrap();
    assert!(machine.scripts.ran.lock().unwrap()[2..].starts_with(&["do a".to_owned(), "do b".to_owned()]));
}

#[tokio::test]
async fn what_is_left_of_a_cancelled_run_is_undone_by_whoever_asks() {
    let machine = Machine::new();
    let text = CUT_OFF.replace("{script: exit 1}", "{script: exit 0}");
    let ended = machine.run(&text).await;
    assert!(machine.host.undo(&ended.id, None).await.is_err(), "it has ended well");

    let machine = Machine::new();
    let waits = "{node_id: last, task_type: approval, config: {question: Q, approvers: [ann]}, dependencies: [b]}";
    let text = text.replace("{node_id: last, task_type: script, config: {script: exit 0}, dependencies: [b]}", waits);
    let run = machine.create(&text, &[]).await;
    assert_eq!(machine.execute(&run.id).await.unwrap().run.status, RunStatus::Blocked);
    machine.killed(machine.host.cancel(&run.id, None)).await;
    let stored = machine.host.store().flow(&run.id).await.unwrap().run;
    assert_eq!(stored.status, RunStatus::Cancelled);
    let left = async || maestro_flows::compensation::is_left(machine.host.store(), &stored).await.unwrap();
    assert!(left().await);
    machine.host.undo(&run.id, None).await.unwrap();
    assert!(!left().await);
    let ran = machine.scripts.ran.lock().unwrap().clone();
    assert_eq!(ran, ["do a", "do b", "undo b", "hang undo a", "hang undo a"]);
}

#[tokio::test]
async fn what_could_not_be_undone_can_be_tried_again() {
    let machine = Machine::new();
    let text = CUT_OFF.replace("hang undo a", "flaky 1 undo a");
    let run = machine.run(&text).await;
    assert!(machine.rows(&run.id).await[&0].not_undone.is_some());
    let left = maestro_flows::compensation::is_left(machine.host.store(), &run).await.unwrap();
    assert!(!left, "that it could not be undone was told");
    machine.host.undo(&run.id, None).await.unwrap();
    assert_eq!(machine.rows(&run.id).await[&0].state, NodeState::Compensated);
}
