//! Virtual time: what happens, and exactly when.

use serde_json::{Value, json};

use crate::support::{failure, kinds, one, output, run, times};
use maestro_asl::Status;

const LAMBDA: &str = "arn:aws:states:::lambda:invoke";
const CALLBACK: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

fn task(resource: &str, more: Value) -> Value {
    let mut state = json!({"Type": "Task", "Resource": resource, "End": true});
    state.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one(state)
}

#[test]
fn retries_back_off_up_to_the_maximum_delay() {
    let machine = task(
        LAMBDA,
        json!({"Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 2, "BackoffRate": 3, "MaxAttempts": 4, "MaxDelaySeconds": 10}]}),
    );
    let done = run(&machine, json!({}), json!({"S": [{"error": "E"}]}));
    assert_eq!((done.status, done.error.as_deref()), (Status::Failed, Some("E")));
    // 2, 6, then 18 and 54 cut to 10.
    assert_eq!(times(&done.history, "TaskScheduled"), [0.0, 2.0, 8.0, 18.0, 28.0]);
}

#[test]
fn each_retrier_counts_its_own_attempts() {
    let machine = task(
        LAMBDA,
        json!({"Retry": [
            {"ErrorEquals": ["A"], "IntervalSeconds": 1, "MaxAttempts": 1},
            {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 2, "BackoffRate": 1},
        ]}),
    );
    let done = run(&machine, json!({}), json!({"S": [{"error": "A"}, {"error": "B"}, {"error": "B"}, {"error": "A"}]}));
    // The used up retrier for A still decides: the second A is not passed on to States.ALL.
    assert_eq!(done.error.as_deref(), Some("A"));
    assert_eq!(times(&done.history, "TaskScheduled"), [0.0, 1.0, 6.0, 11.0]);
}

#[test]
fn full_jitter_stays_below_the_delay_and_varies() {
    let machine = task(
        LAMBDA,
        json!({"Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 100, "BackoffRate": 1, "MaxAttempts": 20, "JitterStrategy": "FULL"}]}),
    );
    let done = run(&machine, json!({}), json!({"S": [{"error": "E"}]}));
    let starts = times(&done.history, "TaskScheduled");
    let delays: Vec<f64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(delays.len(), 20);
    assert!(delays.iter().all(|delay| (0.0..=100.0).contains(delay)), "{delays:?}");
    assert!(delays.windows(2).any(|pair| (pair[0] - pair[1]).abs() > 1.0), "{delays:?}");
}

#[test]
fn a_task_times_out_exactly() {
    let machine = task(LAMBDA, json!({"TimeoutSeconds": 30}));
    let answer = |seconds: f64| json!({"S": [{"output": 1, "delay_seconds": seconds}]});
    assert_eq!(output(&machine, json!({}), answer(30.0)), json!(1), "an answer at the last instant counts");
    let done = run(&machine, json!({}), answer(30.001));
    assert_eq!(done.error.as_deref(), Some("States.Timeout"));
    assert_eq!(times(&done.history, "TaskTimedOut"), [30.0]);
    let machine = task(LAMBDA, json!({"TimeoutSecondsPath": "$.limit"}));
    let done = run(&machine, json!({"limit": 7}), answer(8.0));
    assert_eq!(times(&done.history, "TaskTimedOut"), [7.0]);
}

#[test]
fn heartbeats_keep_a_task_alive() {
    let machine = task(
        CALLBACK,
        json!({"HeartbeatSeconds": 10, "TimeoutSeconds": 100, "Parameters": {"Token.$": "$$.Task.Token"}}),
    );
    let beating = json!({"S": [{"output": 1, "delay_seconds": 60, "heartbeat_seconds": 9}]});
    assert_eq!(output(&machine, json!({}), beating), json!(1));
    let silent = run(&machine, json!({}), json!({"S": [{"output": 1, "delay_seconds": 60}]}));
    assert_eq!(times(&silent.history, "TaskTimedOut"), [10.0]);
    let endless = run(&machine, json!({}), json!({"S": [{"never": true, "heartbeat_seconds": 5}]}));
    assert_eq!(times(&endless.history, "TaskTimedOut"), [100.0], "heartbeats do not extend the timeout");
}

#[test]
fn timeouts_and_missed_heartbeats_match_different_names() {
    let machine = |name: &str| {
        let mut machine = task(
            CALLBACK,
            json!({
                "HeartbeatSeconds": 10, "TimeoutSeconds": 50, "Parameters": {"Token.$": "$$.Task.Token"},
                "Catch": [{"ErrorEquals": [name], "Next": "Caught"}]
            }),
        );
        machine["States"]["Caught"] = json!({"Type": "Pass", "End": true});
        machine
    };
    let no_beat = json!({"S": [{"never": true}]});
    let slow = json!({"S": [{"never": true, "heartbeat_seconds": 5}]});
    let caught = json!({"Error": "States.Timeout", "Cause": ""});
    for name in ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"] {
        assert_eq!(output(&machine(name), json!({}), no_beat.clone()), caught, "{name}");
    }
    for name in ["States.Timeout", "States.ALL"] {
        assert_eq!(output(&machine(name), json!({}), slow.clone()), caught, "{name}");
    }
    assert_eq!(failure(&machine("States.HeartbeatTimeout"), json!({}), slow).0, "States.Timeout");
    assert_eq!(failure(&machine("States.TaskFailed"), json!({}), no_beat).0, "States.Timeout");
}

#[test]
fn waits_last_as_long_as_they_say() {
    let wait = |field: &str, value: Value| one(json!({"Type": "Wait", field: value, "End": true}));
    let ends = |machine: &Value, input: Value| times(&run(machine, input, json!({})).history, "ExecutionSucceeded");
    assert_eq!(ends(&wait("Seconds", json!(90)), json!({})), [90.0]);
    assert_eq!(ends(&wait("SecondsPath", json!("$.s")), json!({"s": 31_536_000})), [31_536_000.0]);
    assert_eq!(ends(&wait("Timestamp", json!("2024-01-01T01:00:00+00:30")), json!({})), [1800.0]);
    assert_eq!(ends(&wait("TimestampPath", json!("$.t")), json!({"t": "2024-01-02T00:00:00.5Z"})), [86400.5]);
    assert_eq!(ends(&wait("Timestamp", json!("2001-01-01T00:00:00Z")), json!({})), [0.0], "the past is over");
}

#[test]
fn the_machines_timeout_ends_everything() {
    let mut machine = task(LAMBDA, json!({"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "T"}]}));
    machine["TimeoutSeconds"] = json!(60);
    machine["States"]["T"] = json!({"Type": "Pass", "End": true});
    let done = run(&machine, json!({}), json!({"S": []}));
    assert_eq!((done.status, done.error.as_deref()), (Status::TimedOut, None));
    assert_eq!(times(&done.history, "ExecutionTimedOut"), [60.0]);
}

#[test]
fn a_map_runs_side_by_side() {
    let machine = |concurrency: u64| {
        one(json!({
            "Type": "Map", "MaxConcurrency": concurrency, "End": true,
            "ItemProcessor": {"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$", "End": true}}}
        }))
    };
    let took = |concurrency: u64| {
        let done = run(&machine(concurrency), json!([5, 1, 4, 2]), json!({}));
        assert_eq!(done.output, Some(json!([5, 1, 4, 2])));
        times(&done.history, "ExecutionSucceeded")
    };
    assert_eq!(took(0), [5.0]);
    assert_eq!(took(1), [12.0]);
    assert_eq!(took(2), [7.0]);
}

#[test]
fn a_failed_iteration_stops_its_siblings() {
    let machine = one(json!({
        "Type": "Map", "End": true,
        "ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": LAMBDA, "End": true}}}
    }));
    let mocks = json!({"T": [{"delay_seconds": 100}, {"error": "E", "delay_seconds": 3}, {"delay_seconds": 1}]});
    let done = run(&machine, json!([1, 2, 3]), mocks);
    assert_eq!(done.error.as_deref(), Some("E"));
    assert_eq!(times(&done.history, "ExecutionFailed"), [3.0]);
    let tail = kinds(&done.history).split_off(done.history.len() - 7);
    let expected = [
        "TaskFailed",
        "MapIterationFailed",
        "TaskStateAborted",
        "MapIterationAborted",
        "TaskStateAborted",
        "MapStateFailed",
        "ExecutionFailed",
    ];
    assert_eq!(tail, expected);
}
