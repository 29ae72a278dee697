//! Workers that race, die or are too slow, and messages that come more than once. Each test fails unless that happened.

use crate::{
    faults::{events, queue, workers},
    patience::wait_for,
    runs::{Remote, embedded, library},
    stack::{FRAIL, NAME, clients, folder, frail},
};
use aws_sdk_sqs::types::QueueAttributeName;
use maestro_aws::executions::Standing;
use maestro_domain::{ContentHash, DEFAULT_SCOPE, Event, Phase, RunId, RunStatus, TaskId, TaskState, task::Claim};
use maestro_sdlc::record::canonical;
use maestro_store::Records;
use maestro_tests::example;
use maestro_workflow::Scope;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::json;
use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::task::JoinSet;

const LIBRARY: &str = "epics/tool-library.md";
const FIRST: &str = "requirements/requirements_analyst";

fn task(name: &str) -> TaskId {
    TaskId::new(name).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "leases are compared with the clock of functions")]
fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

/// What a task of an epic works from; the same in every run of it.
async fn input_of(remote: &Remote, name: &str) -> ContentHash {
    let (run, _) = library(remote).await;
    let rows = remote.bed.hive.store().tasks(&run).await.unwrap();
    rows.into_iter().find(|row| row.task.as_str() == name).unwrap().input
}

/// How often a task was done, and how often its stored result answered.
async fn done(remote: &Remote, run: &RunId, name: &str) -> (usize, usize) {
    let events = events(remote, run).await;
    let of = |again: bool| {
        let fits = |event: &&Event| matches!(event, Event::TaskFinished { task, reused, .. } if task.as_str() == name && *reused == again);
        events.iter().filter(fits).count()
    };
    (of(false), of(true))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_outlives_its_lease_loses_to_who_comes_after() {
    let Some(remote) = Remote::new().await else { return };
    let store = remote.bed.hive.store();
    let input = input_of(&remote, FIRST).await;
    let run = remote.bed.create(&example(LIBRARY)).await.unwrap();
    // A worker of which nothing is heard after its claim. Its lease is short, so that the test is.
    let lease_ms = 4_000;
    let claimed = store.claim(&run, &task(FIRST), &input, now_ms(), lease_ms).await.unwrap();
    let Claim::Work { row: slow, .. } = claimed else { panic!("{claimed:?}") };
    let execution = remote.start(&run).await;
    // The stack's own worker meets the lease, and lets its message wait for the end of it.
    let waiting = ContentHash::of_json(&json!({
        "run": run, "phase": "requirements", "attempt": 1, "persona": "requirements_analyst"
    }));
    let met = wait_for("a token that waits for the lease", async || {
        let stored = store.task(&run, &task(FIRST), &input).await.unwrap().unwrap();
        let tokens = store.registered_tokens(&run, &waiting).await.unwrap();
        (stored.fence > 1 || !tokens.is_empty()).then_some(stored.fence)
    })
    .await;
    assert_eq!(met, 1, "the lease was met while it was live");
    assert_eq!(remote.end(&execution).await, Standing::Succeeded);
    let row = store.task(&run, &task(FIRST), &input).await.unwrap().unwrap();
    assert!(matches!(row.state, TaskState::Completed { .. }) && row.fence == 2, "{row:?}");
    // The slow one comes back, and its work is not taken.
    let late = store.complete(&run, &slow, &json!({"mine": true}), Records::default(), now_ms()).await;
    assert!(matches!(late, Err(maestro_store::Error::Fenced { fence: 1, .. })), "{late:?}");
    let (_, left) = embedded(&example(LIBRARY)).await;
    assert_eq!(canonical(store, &run).await.unwrap(), left.record);
}

/// Which of these messages met somebody at work: what their workers wrote down when they let them wait.
async fn met(messages: &BTreeSet<String>) -> usize {
    let log = tokio::task::spawn_blocking(|| folder().function_log("persona-requirements_analyst"));
    let log = log.await.unwrap().unwrap();
    let waits = |message: &&String| {
        let named = |line: &str| line.contains(message.as_str()) && line.contains("another worker holds the task");
        log.lines().any(named)
    };
    messages.iter().filter(waits).count()
}

/// Gives one task to several workers at once, and says how many of them met another one at work.
async fn race(remote: &Remote) -> usize {
    let sqs = clients().await.unwrap().sqs;
    let run = remote.bed.create(&example(LIBRARY)).await.unwrap();
    let asked = json!({"run": run, "phase": "requirements", "attempt": 1, "persona": "requirements_analyst"});
    let work = queue(&sqs, &format!("{NAME}-requirements_analyst")).await;
    let copies = 4;
    let mut sends = JoinSet::new();
    for copy in 0..copies {
        let body = json!({"task": asked, "token": format!("nobody waits {copy}")}).to_string();
        sends.spawn(sqs.send_message().queue_url(&work).message_body(body).send());
    }
    let sent = sends.join_all().await.into_iter();
    let messages: BTreeSet<_> = sent.map(|sent| sent.unwrap().message_id.unwrap()).collect();
    // Who comes while one works lets its message wait for the end of the lease; who comes later hears what is stored.
    let met = wait_for("that somebody did it and the others know", async || {
        let (once, again) = done(remote, &run, FIRST).await;
        if once == 0 {
            return None;
        }
        let met = met(&messages).await;
        (once + again + met >= copies).then_some(met)
    })
    .await;
    let (once, again) = done(remote, &run, FIRST).await;
    assert_eq!((once, again + met), (1, copies - 1), "one did it, and all the others came");
    assert_eq!(remote.bed.hive.store().artifacts(&run).await.unwrap().len(), 1);
    met
}

/// The same, until one did.
pub(crate) async fn raced(remote: &Remote) {
    // On a busy machine one may be done before the next has come; then it was no race.
    for _ in 0..5 {
        if race(remote).await > 0 {
            return;
        }
    }
    panic!("no worker met another one at work");
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_race_for_one_task_do_it_once() {
    let Some(remote) = Remote::new().await else { return };
    raced(&remote).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_that_come_late_and_in_another_order_change_nothing() {
    let Some(remote) = Remote::new().await else { return };
    let sqs = clients().await.unwrap().sqs;
    let run = remote.bed.create(&example(LIBRARY)).await.unwrap();
    let execution = remote.start(&run).await;
    wait_for("work on the tests", async || {
        let events = events(&remote, &run).await;
        let testing =
            |event: &Event| matches!(event, Event::TaskStarted { task, .. } if task.as_str().starts_with("testing/"));
        events.iter().any(testing).then_some(())
    })
    .await;
    // All that was asked for before, the last first, each a little later than the one before it.
    let scope = Scope::find(DEFAULT_SCOPE).unwrap();
    let before: Vec<_> = Phase::ALL[..3]
        .iter()
        .flat_map(|phase| scope.team(*phase).into_iter().map(|persona| (*phase, persona)))
        .collect();
    for (place, (phase, persona)) in before.iter().rev().enumerate() {
        let asked = json!({"run": run, "phase": phase, "attempt": 1, "persona": persona});
        let body = json!({"task": asked, "token": "answered long ago"}).to_string();
        let work = queue(&sqs, &format!("{NAME}-{persona}")).await;
        let send = sqs.send_message().queue_url(work).message_body(body);
        send.delay_seconds(i32::try_from(place % 3).unwrap()).send().await.unwrap();
    }
    assert_eq!(remote.end(&execution).await, Standing::Succeeded);
    wait_for("that all copies were answered by what is stored", async || {
        for (phase, persona) in &before {
            if done(&remote, &run, &format!("{phase}/{persona}")).await.1 == 0 {
                return None;
            }
        }
        Some(())
    })
    .await;
    for (phase, persona) in &before {
        assert_eq!(done(&remote, &run, &format!("{phase}/{persona}")).await.0, 1, "{phase}/{persona}");
    }
    let (_, left) = embedded(&example(LIBRARY)).await;
    assert_eq!(canonical(remote.bed.hive.store(), &run).await.unwrap(), left.record);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_was_killed_is_replaced_and_nothing_is_done_twice() {
    let Some(outputs) = frail().await else { return };
    let remote = Remote::of(outputs).await.unwrap();
    let (store, sqs) = (remote.bed.hive.store(), clients().await.unwrap().sqs);
    let persona = "qa_engineer";
    let work = queue(&sqs, &format!("{FRAIL}-{persona}")).await;
    let set = sqs.set_queue_attributes().queue_url(work).attributes(QueueAttributeName::VisibilityTimeout, "1");
    set.send().await.unwrap();
    let run = remote.bed.create(&example(LIBRARY)).await.unwrap();
    let execution = remote.start(&run).await;
    // Killed between its claim and its write.
    let name = format!("testing/{persona}");
    let claimed = async || {
        let rows = store.tasks(&run).await.unwrap();
        let held = rows.into_iter().find(|row| row.task.as_str() == name);
        held.map(|row| matches!(row.state, TaskState::Claimed { .. }))
    };
    let killed = tokio::time::timeout(Duration::from_secs(120), async {
        loop {
            if claimed().await == Some(true) {
                let pids = workers(&format!("{FRAIL}-persona-{persona}"));
                for pid in &pids {
                    let _gone = kill(Pid::from_raw(*pid), Signal::SIGKILL);
                }
                return pids.len();
            }
        }
    })
    .await
    .unwrap();
    assert!(killed > 0, "no worker was there to be killed");
    assert_eq!(claimed().await, Some(true), "it was killed before its write");
    // Its lease is as long as its function may live; an operator does not wait for that.
    remote.executions.stop(&execution, "Operator", "its worker died").await.unwrap();
    wait_for("the end of the stopped run", async || {
        (store.run(&run).await.unwrap().run.status == RunStatus::Cancelled).then_some(())
    })
    .await;
    remote.bed.hive.resume(&run).await.unwrap();
    assert_eq!(remote.end(&remote.start(&run).await).await, Standing::Succeeded);
    let (_, left) = embedded(&example(LIBRARY)).await;
    assert_eq!(canonical(store, &run).await.unwrap(), left.record);
    assert_eq!(done(&remote, &run, &name).await.0, 1);
    assert_eq!(done(&remote, &run, FIRST).await.0, 1, "what was completed before was not done again");
}
