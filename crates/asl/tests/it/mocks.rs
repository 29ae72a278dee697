//! What a simulation says about its mocks.

use maestro_asl::{Mocks, SimulationOptions, simulate};
use serde_json::{Value, json};

use crate::support::{definition, kinds, one, output, run};

fn task() -> Value {
    one(json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}))
}

fn error(machine: &Value, mocks: Value) -> String {
    let run = Mocks::from_json(&mocks)
        .and_then(|mocks| simulate(definition(machine), json!({}), &mocks, &SimulationOptions::default()));
    run.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn faults_name_the_state() {
    assert_eq!(error(&task(), json!({})), "task state `S` has no mock");
    assert_eq!(
        error(&task(), json!({"S": [{"output": 1}], "T": [{"output": 1}]})),
        "mocks name `T`, which is not a task state of the definition"
    );
    assert_eq!(
        error(&task(), json!({"S": []})),
        "the execution waits for ever: task `S` does not answer and has no timeout"
    );
    for (answer, reason) in [
        (json!(1), "an answer is an object, found 1"),
        (json!({}), "an answer has one of `output`, `error` and `never`"),
        (json!({"output": 1, "error": "E"}), "an answer has one of `output`, `error` and `never`"),
        (json!({"outptu": 1}), "`outptu` is not a field of an answer"),
        (json!({"output": 1, "delay_seconds": -1}), "`delay_seconds` must be a number of at least 0, found -1"),
    ] {
        assert_eq!(error(&task(), json!({"S": [answer]})), format!("mocks of state `S`: {reason}"));
    }
}

#[test]
fn answers_follow_the_attempts_and_the_last_one_repeats() {
    let machine = one(json!({
        "Type": "Map", "End": true, "MaxConcurrency": 1,
        "ItemProcessor": {"StartAt": "T", "States": {"T": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Retry": [{"ErrorEquals": ["E"]}]
        }}}
    }));
    let mocks = json!({"T": [{"output": "a"}, {"error": "E"}, {"result": "b"}]});
    assert_eq!(output(&machine, json!([0, 0, 0, 0]), mocks), json!(["a", "b", "b", "b"]));
    assert_eq!(output(&task(), json!({}), json!({"S": {"output": 5}})), json!(5), "one answer needs no list");
}

#[test]
fn a_refused_request_was_never_submitted() {
    let machine = one(json!({
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
        "Parameters": {"Token.$": "$$.Task.Token"}
    }));
    let submitted = |answer: Value| {
        let done = crate::support::run(&machine, json!({}), json!({"S": [answer]}));
        crate::support::kinds(&done.history).contains(&"TaskSubmitted".to_owned())
    };
    assert!(submitted(json!({"error": "Mine"})));
    assert!(!submitted(json!({"error": "SQS.QueueDoesNotExistException"})));
    assert!(!submitted(json!({"error": "Mine", "submitted": false})));
}

#[test]
fn a_failure_may_have_no_name() {
    let machine = json!({"StartAt": "S", "States": {
        "S": {
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token"},
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "H"}, {"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "H"}],
            "End": true
        },
        "H": {"Type": "Pass", "End": true}
    }});
    let caught = output(&machine, json!({}), json!({"S": [{"error": null}]}));
    assert_eq!(caught, json!({"e": {"Error": null, "Cause": null}}));
}

#[test]
fn parameters_that_step_functions_refuses_never_reach_the_service() {
    let machine = |headers: serde_json::Value| {
        one(json!({
            "Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke", "End": true,
            "Parameters": {"ApiEndpoint": "e", "Method": "GET", "Headers": headers}
        }))
    };
    let mocks = json!({"S": [{"output": 1}]});
    assert_eq!(output(&machine(json!({"h": ["a", "b"]})), json!({}), mocks.clone()), json!(1));
    let done = run(&machine(json!({"h": "a"})), json!({}), mocks);
    assert_eq!(done.error.as_deref(), Some("States.Runtime"));
    let cause = done.cause.unwrap();
    assert!(
        cause
            .ends_with("could not be used to start the Task: [The value of the field 'Headers' has an invalid format]"),
        "{cause}"
    );
    assert_eq!(kinds(&done.history), ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]);
}
