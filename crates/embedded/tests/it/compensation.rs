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
