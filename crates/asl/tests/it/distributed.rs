//! Distributed maps: children with histories of their own, batches, and failures that are tolerated.

use serde_json::{Value, json};

use crate::support::{failure, kinds, one, output, run};

fn map(states: Value, fields: Value) -> Value {
    let start = states.as_object().unwrap().keys().next().unwrap().clone();
    let processor = json!({"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": start, "States": states});
    let mut state = json!({"Type": "Map", "ItemProcessor": processor, "End": true});
    state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    one(state)
}

fn pass() -> Value {
    json!({"P": {"Type": "Pass", "End": true}})
}

fn task() -> Value {
    json!({"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}})
}

#[test]
fn children_keep_their_own_history_and_context() {
    let states =
        json!({"P": {"Type": "Pass", "Parameters": {"in.$": "$$.Execution.Input", "item.$": "$"}, "End": true}});
    let done = run(&map(states, json!({"ItemsPath": "$.l", "MaxConcurrency": 1})), json!({"l": ["a", "b"]}), json!({}));
    assert_eq!(done.output, Some(json!([{"in": "a", "item": "a"}, {"in": "b", "item": "b"}])));
    let expected = [
        "ExecutionStarted",
        "MapStateEntered",
        "MapStateStarted",
        "MapRunStarted",
        "MapRunSucceeded",
        "MapStateSucceeded",
        "MapStateExited",
        "ExecutionSucceeded",
    ];
    assert_eq!(kinds(&done.history), expected);
}

#[test]
fn a_child_does_not_see_the_variables_around_it() {
    let states = json!({"P": {"Type": "Pass", "Parameters": {"v.$": "$v"}, "End": true}});
    let mut machine = map(states, json!({}));
    machine["StartAt"] = json!("V");
    machine["States"]["V"] = json!({"Type": "Pass", "Assign": {"v": 1}, "Next": "S"});
    assert_eq!(failure(&machine, json!([1]), json!({})).0, "States.ExceedToleratedFailureThreshold");
}

#[test]
fn some_failures_are_tolerated() {
    let mocks = json!({"T": [{"error": "E", "cause": "c"}, {"output": 2}, {"output": 3}, {"output": 4}]});
    let items = json!([1, 2, 3, 4]);
    for fields in [
        json!({"ToleratedFailureCount": 1}),
        json!({"ToleratedFailurePercentage": 25.0}),
        json!({"ToleratedFailurePercentagePath": "$[0]", "ToleratedFailureCount": 1}),
    ] {
        let done = run(&map(task(), fields.clone()), items.clone(), mocks.clone());
        let expected = if fields.get("ToleratedFailurePercentagePath").is_some() {
            None
        } else {
            Some(json!([{"Error": "E", "Cause": "c"}, 2, 3, 4]))
        };
        assert_eq!(done.output, expected, "{fields}");
    }
    let done = run(&map(task(), json!({})), items, mocks);
    assert_eq!(done.error.as_deref(), Some("States.ExceedToleratedFailureThreshold"));
    assert_eq!(done.cause.as_deref(), Some("The specified tolerated failure threshold was exceeded"));
    let tail = kinds(&done.history).split_off(4);
    assert_eq!(tail, ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]);
}

#[test]
fn what_would_end_an_execution_ends_the_child() {
    let states = json!({"P": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": true}}},
        {"StartAt": "R", "States": {"R": {"Type": "Pass", "InputPath": "$.gone", "End": true}}}
    ]}});
    let done =
        run(&map(states, json!({"ToleratedFailureCount": 2, "ItemsPath": "$.l"})), json!({"l": [{}, {}]}), json!({}));
    let output = done.output.unwrap();
    assert_eq!((&output[0]["Error"], &output[1]["Error"]), (&json!("States.Runtime"), &json!("States.Runtime")));
}

#[test]
fn items_come_in_batches() {
    let batches = |batcher: Value, selector: Value| {
        let mut fields = json!({"ItemsPath": "$.l", "ItemBatcher": batcher});
        if !selector.is_null() {
            fields["ItemSelector"] = selector;
        }
        output(&map(pass(), fields), json!({"l": [1, 2, 3], "most": 2, "k": "x"}), json!({}))
    };
    let two = json!([{"Items": [1, 2]}, {"Items": [3]}]);
    assert_eq!(batches(json!({"MaxItemsPerBatch": 2}), Value::Null), two);
    assert_eq!(batches(json!({"MaxItemsPerBatchPath": "$.most"}), Value::Null), two);
    assert_eq!(batches(json!({"MaxInputBytesPerBatch": 2}), Value::Null), two);
    let shaped =
        batches(json!({"MaxItemsPerBatch": 9, "BatchInput": {"k.$": "$.k"}}), json!({"v.$": "$$.Map.Item.Value"}));
    assert_eq!(shaped, json!([{"BatchInput": {"k": "x"}, "Items": [{"v": 1}, {"v": 2}, {"v": 3}]}]));
}

#[test]
fn many_items_fit() {
    let items: Vec<usize> = (0..10_000).collect();
    assert_eq!(output(&map(pass(), json!({})), json!(items), json!({})), json!(items));
}
