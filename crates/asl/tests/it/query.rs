//! States in JSONata: which fields they have, what expressions see, and how they fail.

use maestro_asl::{Code, check};
use serde_json::{Value, json};

use crate::support::{failure, kinds, output, run, times};

const LAMBDA: &str = "arn:aws:states:::lambda:invoke";

fn machine(states: Value) -> Value {
    let start = states.as_object().unwrap().keys().next().unwrap().clone();
    json!({"QueryLanguage": "JSONata", "StartAt": start, "States": states})
}

#[test]
fn a_task_takes_arguments_and_gives_output_and_variables() {
    let machine = machine(json!({
        "A": {
            "Type": "Task", "Resource": LAMBDA, "Arguments": {"q": "{% $states.input.a + 1 %}", "t": "{% not one", "l": [1, "{% 'x' %}"]},
            "Output": {"in": "{% $states.input.a %}", "out": "{% $states.result.r %}", "name": "{% $states.context.State.Name %}"},
            "Assign": {"kept": "{% $states.result.r * 2 %}", "old": "{% $exists($kept) %}"}, "Next": "B"
        },
        "B": {"Type": "Pass", "Output": "{% [$states.input, $kept, $old] %}", "End": true}
    }));
    let done = run(&machine, json!({"a": 1}), json!({"A": [{"output": {"r": 5}}]}));
    assert_eq!(done.output, Some(json!([{"in": 1, "out": 5, "name": "A"}, 10, false])));
    let sent = done.history.iter().find_map(|event| event.details.resource.as_ref().and(event.details.input.clone()));
    assert_eq!(*sent.unwrap(), json!({"q": 2, "t": "{% not one", "l": [1, "x"]}));
}

#[test]
fn without_output_the_result_or_the_input_goes_on() {
    let task = machine(json!({"A": {"Type": "Task", "Resource": LAMBDA, "End": true}}));
    assert_eq!(output(&task, json!({"a": 1}), json!({"A": [{"output": 7}]})), json!(7));
    for state in [
        json!({"Type": "Pass", "End": true}),
        json!({"Type": "Succeed"}),
        json!({"Type": "Wait", "Seconds": 1, "End": true}),
    ] {
        assert_eq!(output(&machine(json!({"A": state})), json!({"a": 1}), json!({})), json!({"a": 1}));
    }
    let succeed = machine(json!({"A": {"Type": "Succeed", "Output": "{% $states.input.a %}"}}));
    assert_eq!(output(&succeed, json!({"a": 1}), json!({})), json!(1));
}

#[test]
fn choices_have_conditions_outputs_and_variables() {
    let machine = machine(json!({
        "A": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $states.input.n > 5 %}", "Output": "{% 'big' %}", "Assign": {"v": 1}, "Next": "B"},
                {"Condition": false, "Next": "B"}
            ],
            "Default": "B", "Output": "{% 'small' %}", "Assign": {"v": 2}
        },
        "B": {"Type": "Pass", "Output": "{% $states.input & $v %}", "End": true}
    }));
    assert_eq!(output(&machine, json!({"n": 6}), json!({})), json!("big1"));
    assert_eq!(output(&machine, json!({"n": 5}), json!({})), json!("small2"));
    let (error, cause) = failure(&machine, json!({}), json!({}));
    assert_eq!(error, "States.QueryEvaluationError");
    assert!(cause.ends_with("The JSONata expression '$states.input.n > 5' specified for the field 'Condition' returned nothing (undefined)."), "{cause}");
}

#[test]
fn numbers_and_texts_can_be_computed() {
    let wait = |field: &str, value: &str| machine(json!({"A": {"Type": "Wait", field: value, "End": true}}));
    let ends = |machine: &Value, input: Value| times(&run(machine, input, json!({})).history, "ExecutionSucceeded");
    assert_eq!(ends(&wait("Seconds", "{% $states.input.s * 60 %}"), json!({"s": 2})), [120.0]);
    assert_eq!(ends(&wait("Timestamp", "{% $states.input.t %}"), json!({"t": "2024-01-01T00:01:00Z"})), [60.0]);
    let (_, cause) = failure(&wait("Seconds", "{% 'x' %}"), json!({}), json!({}));
    assert!(cause.ends_with("Expected 'number', but was 'string' for value: \"x\""), "{cause}");

    let task = machine(
        json!({"A": {"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": "{% $states.input.t %}", "End": true}}),
    );
    let done = run(&task, json!({"t": 9}), json!({"A": [{"never": true}]}));
    assert_eq!(times(&done.history, "TaskTimedOut"), [9.0]);

    let fail = machine(json!({"A": {"Type": "Fail", "Error": "{% 'E' & $states.input.n %}", "Cause": "plain"}}));
    assert_eq!(failure(&fail, json!({"n": 1}), json!({})), ("E1".into(), "plain".into()));
}

#[test]
fn a_catch_sees_the_error() {
    let machine = machine(json!({
        "A": {
            "Type": "Task", "Resource": LAMBDA, "End": true,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": {"e": "{% $states.errorOutput.Error %}", "i": "{% $states.input.k %}"}, "Assign": {"c": "{% $states.errorOutput.Cause %}"}, "Next": "B"}]
        },
        "B": {"Type": "Pass", "Output": "{% $merge([$states.input, {'c': $c}]) %}", "End": true}
    }));
    let mocks = json!({"A": [{"error": "Mine", "cause": "why"}]});
    assert_eq!(output(&machine, json!({"k": 1}), mocks), json!({"e": "Mine", "i": 1, "c": "why"}));
}

#[test]
fn a_failed_evaluation_is_recorded_and_can_be_caught() {
    let mut machine = machine(json!({
        "A": {"Type": "Task", "Resource": LAMBDA, "Arguments": {"a": {"b": "{% $nope %}"}}, "End": true},
        "B": {"Type": "Pass", "Output": "{% $states.input.Error %}", "End": true}
    }));
    let done = run(&machine, json!({}), json!({"A": [{"output": 1}]}));
    assert_eq!(done.error.as_deref(), Some("States.QueryEvaluationError"));
    assert_eq!(kinds(&done.history), ["ExecutionStarted", "TaskStateEntered", "EvaluationFailed", "ExecutionFailed"]);
    let details = &done.history[2].details;
    assert_eq!((details.state.as_deref(), details.location.as_deref()), (Some("A"), Some("Arguments/a/b")));
    machine["States"]["A"]["Catch"] = json!([{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "B"}]);
    assert_eq!(output(&machine, json!({}), json!({"A": [{"output": 1}]})), json!("States.QueryEvaluationError"));
}

#[test]
fn maps_and_parallels_take_expressions() {
    let pass = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "Output": "{% $states.input %}", "End": true}}});
    let map = |fields: Value| {
        let mut state = json!({"Type": "Map", "ItemProcessor": pass, "End": true});
        state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        machine(json!({"A": state}))
    };
    let input = json!({"l": [1, 2], "k": "x"});
    let selected = map(json!({
        "Items": "{% $states.input.l %}", "MaxConcurrency": "{% 1 %}",
        "ItemSelector": {"v": "{% $states.context.Map.Item.Value %}", "i": "{% $states.context.Map.Item.Index %}", "k": "{% $states.input.k %}"}
    }));
    assert_eq!(
        output(&selected, input.clone(), json!({})),
        json!([{"v": 1, "i": 0, "k": "x"}, {"v": 2, "i": 1, "k": "x"}])
    );
    assert_eq!(output(&map(json!({"Items": [1, "{% $states.input.k %}"]})), input.clone(), json!({})), json!([1, "x"]));
    assert_eq!(output(&map(json!({})), json!([5]), json!({})), json!([5]));
    let (_, cause) = failure(&map(json!({})), json!({"a": 1}), json!({}));
    assert!(cause.ends_with("Map state input must be an array but was: {\"a\":1}"), "{cause}");

    let parallel = machine(
        json!({"A": {"Type": "Parallel", "Arguments": {"a": "{% $states.input.k %}"}, "Branches": [pass, pass], "Output": "{% $states.result.a %}", "End": true}}),
    );
    assert_eq!(output(&parallel, input, json!({})), json!(["x", "x"]));
}

#[test]
fn the_languages_mix_state_by_state_but_not_in_a_state() {
    let mixed = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Parameters": {"n.$": "$.a"}, "Assign": {"v.$": "$.n"}, "Next": "B"},
        "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"m": "{% $states.input.n + $v %}"}, "Assign": {"w": "{% $v + 1 %}"}, "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"m.$": "$.m", "w.$": "$w"}, "End": true}
    }});
    assert_eq!(output(&mixed, json!({"a": 2}), json!({})), json!({"m": 4, "w": 3}));
    let problems = |machine: &Value| -> Vec<(Code, String)> {
        check(&machine.to_string()).diagnostics.into_iter().map(|problem| (problem.code, problem.pointer)).collect()
    };
    for (field, value) in [
        ("InputPath", json!("$")),
        ("Parameters", json!({})),
        ("ResultPath", json!("$.a")),
        ("Result", json!(1)),
        ("OutputPath", json!("$")),
    ] {
        let wrong = machine(json!({"A": {"Type": "Pass", field: value, "End": true}}));
        assert_eq!(problems(&wrong), [(Code::UnknownField, format!("/States/A/{field}"))]);
    }
    let back = machine(json!({"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": true}}));
    assert_eq!(problems(&back), [(Code::FieldConflict, "/States/A/QueryLanguage".into())]);
    let rule = machine(
        json!({"A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "A"}], "Default": "A"}}),
    );
    assert!(problems(&rule).contains(&(Code::UnknownField, "/States/A/Choices/0/Variable".into())));
}
