//! The interpreter as a driver sees it: effects, tokens, late answers.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use maestro_asl::{AnswerError, Effect, Event, Execution, Outcome, SeededRandom, SimulationOptions, StartTask, TaskId};
use serde_json::{Value, json};

use crate::support::{definition, kinds, one};

const START: Timestamp = Timestamp::UNIX_EPOCH;

fn at(seconds: i64) -> Timestamp {
    START + SignedDuration::from_secs(seconds)
}

fn start(machine: &Value, input: Value) -> (Execution, Vec<Effect>) {
    let context = SimulationOptions::default().context;
    Execution::start(definition(machine), input, context, START, Box::new(SeededRandom::new(1)))
}

fn started(effects: &[Effect]) -> Vec<&StartTask> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::StartTask(task) => Some(task.as_ref()),
            _ => None,
        })
        .collect()
}

fn callback() -> Value {
    one(json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 10, "End": true,
        "Parameters": {"MessageBody": {"Token.$": "$$.Task.Token", "Try.$": "$$.State.RetryCount"}},
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5}]
    }))
}

#[test]
fn every_attempt_has_its_own_token() {
    let (mut execution, effects) = start(&callback(), json!({}));
    let first = started(&effects)[0].clone();
    let token = first.token.clone().unwrap();
    assert_eq!(first.input, json!({"MessageBody": {"Token": token, "Try": 0}}));
    assert_eq!(execution.task_for_token(&token), Some(first.task_id));
    assert_eq!(execution.next_deadline(), Some(at(10)));

    let effects = execution.handle(at(10), Event::TimePassed).unwrap();
    assert_eq!(effects, [Effect::CancelTask { task_id: first.task_id }]);
    assert_eq!(execution.next_deadline(), Some(at(15)));
    let effects = execution.handle(at(15), Event::TimePassed).unwrap();
    let second = started(&effects)[0].clone();
    assert_ne!(second.token, first.token);
    assert_eq!(second.input["MessageBody"]["Try"], json!(1));
    assert_eq!(second.retry_count, 1);

    // The first attempt's worker comes late: it is told so, and nothing changes.
    let before = execution.history().len();
    let late = execution.handle(at(16), Event::TaskSucceeded { task_id: first.task_id, output: json!(0) });
    assert_eq!(late, Err(AnswerError::TaskTimedOut(first.task_id)));
    let unknown = execution.handle(at(16), Event::TaskHeartbeat { task_id: TaskId(99) });
    assert_eq!(unknown, Err(AnswerError::TaskDoesNotExist(TaskId(99))));
    assert_eq!(execution.history().len(), before);

    let effects = execution.handle(at(17), Event::TaskSucceeded { task_id: second.task_id, output: json!(7) }).unwrap();
    assert_eq!(effects, [Effect::Finished(Outcome::Succeeded { output: json!(7) })]);
    let again = execution.handle(at(18), Event::TaskSucceeded { task_id: second.task_id, output: json!(8) });
    assert_eq!(again, Err(AnswerError::TaskTimedOut(second.task_id)));
    assert_eq!(execution.outcome(), Some(&Outcome::Succeeded { output: json!(7) }));
    assert_eq!(execution.next_deadline(), None);
}

#[test]
fn a_heartbeat_after_the_deadline_is_late_even_if_the_timer_was_slow() {
    let machine = one(json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "HeartbeatSeconds": 5, "End": true,
        "Parameters": {"Token.$": "$$.Task.Token"}
    }));
    let (mut execution, effects) = start(&machine, json!({}));
    let task_id = started(&effects)[0].task_id;
    assert_eq!(execution.handle(at(5), Event::TaskHeartbeat { task_id }), Ok(vec![]));
    assert_eq!(execution.next_deadline(), Some(at(10)));
    assert_eq!(execution.handle(at(11), Event::TaskHeartbeat { task_id }), Err(AnswerError::TaskTimedOut(task_id)));
    // What the timer caused is not lost with the refused answer.
    assert!(execution.next_deadline().is_some_and(|due| due <= at(11)));
    let effects = execution.handle(at(11), Event::TimePassed).unwrap();
    let failed = Outcome::Failed { error: Some("States.Timeout".into()), cause: None };
    assert_eq!(effects, [Effect::CancelTask { task_id }, Effect::Finished(failed)]);
}

#[test]
fn abort_cancels_all_that_is_open() {
    let branch = |name: &str| {
        json!({"StartAt": name, "States": {name: {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true
        }}})
    };
    let machine = one(json!({"Type": "Parallel", "Branches": [branch("A"), branch("B")], "End": true}));
    let (mut execution, effects) = start(&machine, json!({"x": 1}));
    let tasks = started(&effects);
    assert_eq!(tasks.iter().map(|task| &*task.state).collect::<Vec<_>>(), ["A", "B"]);
    assert!(tasks.iter().all(|task| task.input == json!({"x": 1}) && task.token.is_none()));
    let abort = Event::Abort { error: Some("Stop".into()), cause: Some("enough".into()) };
    let effects = execution.handle(at(1), abort).unwrap();
    let outcome = Outcome::Aborted { error: Some("Stop".into()), cause: Some("enough".into()) };
    assert_eq!(
        effects,
        [
            Effect::CancelTask { task_id: TaskId(1) },
            Effect::CancelTask { task_id: TaskId(2) },
            Effect::Finished(outcome)
        ]
    );
}

#[test]
fn a_driver_that_reads_no_history_need_not_keep_it() {
    // The failure names the event by which its state was entered.
    let machine = json!({"StartAt": "Work", "States": {
        "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Choose"},
        "Choose": {"Type": "Choice", "Choices": [{"Variable": "$", "StringEquals": "no", "Next": "Done"}]},
        "Done": {"Type": "Succeed"}
    }});
    let (mut whole, _) = start(&machine, json!({}));
    let (mut forgetful, effects) = start(&machine, json!({}));
    forgetful.forget_history();
    let task_id = started(&effects)[0].task_id;
    for execution in [&mut whole, &mut forgetful] {
        execution.handle(at(1), Event::TaskSucceeded { task_id, output: json!(7) }).unwrap();
    }
    assert_eq!(forgetful.outcome(), whole.outcome());
    assert!(
        matches!(whole.outcome(), Some(Outcome::Failed { cause: Some(cause), .. }) if cause.contains("event id #7"))
    );
    assert!(forgetful.history().is_empty());
}

#[test]
fn a_branch_failure_cancels_its_siblings_before_the_retry() {
    let task = |name: &str| {
        json!({"StartAt": name, "States": {name: {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true
        }}})
    };
    let machine = one(json!({
        "Type": "Parallel", "Branches": [task("A"), task("B")], "End": true,
        "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 3, "MaxAttempts": 1}]
    }));
    let (mut execution, effects) = start(&machine, json!({}));
    let first = started(&effects)[0].task_id;
    let sibling = started(&effects)[1].task_id;
    let failed = Event::TaskFailed { task_id: first, error: Some("E".into()), cause: None };
    assert_eq!(execution.handle(at(1), failed).unwrap(), [Effect::CancelTask { task_id: sibling }]);
    let late = execution.handle(at(2), Event::TaskSucceeded { task_id: sibling, output: json!(1) });
    assert_eq!(late, Err(AnswerError::TaskTimedOut(sibling)));
    let effects = execution.handle(at(4), Event::TimePassed).unwrap();
    let ids: BTreeSet<TaskId> = started(&effects).iter().map(|task| task.task_id).collect();
    assert_eq!(ids.len(), 2);
    assert!(!ids.contains(&first) && !ids.contains(&sibling));
}

#[test]
fn submission_is_recorded_once_and_implied_by_the_answer() {
    for announced in [true, false] {
        let (mut execution, effects) = start(&callback(), json!({}));
        let task_id = started(&effects)[0].task_id;
        if announced {
            execution.handle(at(1), Event::TaskSubmitted { task_id }).unwrap();
        }
        execution.handle(at(2), Event::TaskSucceeded { task_id, output: json!(1) }).unwrap();
        let submitted = kinds(execution.history()).iter().filter(|kind| *kind == "TaskSubmitted").count();
        assert_eq!(submitted, 1);
    }
}

#[test]
fn an_endless_loop_ends_at_the_history_limit() {
    let machine = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}
    }});
    let (execution, effects) = start(&machine, json!({}));
    let cause = "The execution reached the maximum number of history events (25000).".to_owned();
    let outcome = Outcome::Failed { error: Some("States.Runtime".into()), cause: Some(cause) };
    assert_eq!(effects, [Effect::Finished(outcome)]);
    assert_eq!(execution.history().len(), 25_000);
    assert_eq!(kinds(execution.history()).last().unwrap(), "ExecutionFailed");
}

#[test]
fn the_history_chains_its_events() {
    let (execution, _) = start(&one(json!({"Type": "Pass", "End": true})), json!({"a": 1}));
    let history = serde_json::to_value(execution.history()).unwrap();
    let expected = json!({
        "id": 2, "previousEventId": 0, "type": "PassStateEntered", "timestamp": "1970-01-01T00:00:00.000Z",
        "name": "S", "input": {"a": 1}
    });
    assert_eq!(history[1], expected);
    let ids: Vec<u64> = execution.history().iter().map(|event| event.id).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
}
