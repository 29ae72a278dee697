//! What the reader refuses, and where.

use maestro_asl::{Code, Severity, check, parse, parse_and_check};
use serde_json::{Value, json};

use crate::support::one;

/// The codes and pointers of all problems.
fn problems(machine: &Value) -> Vec<(Code, String)> {
    check(&machine.to_string()).diagnostics.into_iter().map(|problem| (problem.code, problem.pointer)).collect()
}

fn has(machine: &Value, code: Code, pointer: &str) {
    let found = problems(machine);
    assert!(found.contains(&(code, pointer.to_owned())), "{code:?} at {pointer} is not in {found:?} of {machine}");
}

fn state(fields: Value) -> Value {
    let mut state = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true});
    for (name, value) in fields.as_object().unwrap() {
        if value == "REMOVE" {
            state.as_object_mut().unwrap().remove(name);
        } else {
            state[name] = value.clone();
        }
    }
    one(state)
}

#[test]
fn problems_have_line_and_column() {
    let text = "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\"Type\": \"Pass\", \"Ende\": true, \"End\": true}\n  }\n}";
    let found = check(text).diagnostics;
    assert_eq!(found.len(), 1, "{found:?}");
    let problem = &found[0];
    assert_eq!((problem.line, problem.column, problem.pointer.as_str()), (4, 27, "/States/A/Ende"));
    assert_eq!(
        problem.to_string(),
        "4:27: error: `Ende` is not a field of a Pass state (at `/States/A/Ende`); did you mean `End`?"
    );
}

#[test]
fn text_that_is_not_json_is_refused_with_its_place() {
    for (text, line, column) in
        [("{", 1, 1), ("{\"a\": 1,\n}", 2, 1), ("// x\n{}", 1, 1), ("{\"StartAt\": 'x'}", 1, 13), ("", 1, 1)]
    {
        let found = check(text).diagnostics;
        assert_eq!((found[0].code, found[0].line, found[0].column), (Code::Syntax, line, column), "{text}: {found:?}");
    }
    assert_eq!(check("[]").diagnostics[0].code, Code::InvalidValue);
}

#[test]
fn a_definition_longer_than_aws_takes_is_refused_with_its_size() {
    let of = |characters: usize| {
        let rest = json!({"Comment": "", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}).to_string();
        // In UTF-8 it has twice as many bytes: characters count.
        rest.replacen("\"\"", &format!("\"{}\"", "é".repeat(characters - rest.chars().count())), 1)
    };
    assert!(parse_and_check(&of(1_048_576)).is_ok());
    let found = check(&of(1_048_577));
    assert!(found.definition.is_none());
    let problem = &found.diagnostics[0];
    assert_eq!((problem.code, problem.line, problem.column), (Code::TooLarge, 1, 1));
    assert!(problem.message.contains("1048577 characters"), "{problem}");
}

#[test]
fn structural_faults_are_found() {
    has(&json!({"States": {"A": {"Type": "Succeed"}}}), Code::MissingField, "");
    has(&json!({"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}), Code::UnknownTarget, "/StartAt");
    has(&state(json!({"End": "REMOVE", "Next": "X"})), Code::UnknownTarget, "/States/S/Next");
    has(&state(json!({"Next": "S"})), Code::FieldConflict, "/States/S/Next");
    has(&state(json!({"End": "REMOVE"})), Code::MissingField, "/States/S");
    has(&state(json!({"End": false})), Code::MissingField, "/States/S");
    has(&state(json!({"Resource": "REMOVE"})), Code::MissingField, "/States/S");
    has(&state(json!({"Resource": "lambda"})), Code::InvalidValue, "/States/S/Resource");
    has(&state(json!({"Type": "Job"})), Code::InvalidValue, "/States/S/Type");
    has(&one(json!({"Type": "Wait", "End": true})), Code::MissingField, "/States/S");
    has(
        &one(json!({"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "End": true})),
        Code::FieldConflict,
        "/States/S/SecondsPath",
    );
    has(&one(json!({"Type": "Wait", "Timestamp": "tomorrow", "End": true})), Code::InvalidValue, "/States/S/Timestamp");
    has(&one(json!({"Type": "Fail", "Error": "E", "ErrorPath": "$.e"})), Code::FieldConflict, "/States/S/ErrorPath");
    has(&one(json!({"Type": "Succeed", "End": true})), Code::UnknownField, "/States/S/End");
    has(&one(json!({"Type": "Parallel", "Branches": [], "End": true})), Code::InvalidValue, "/States/S/Branches");
    has(&one(json!({"Type": "Map", "End": true})), Code::MissingField, "/States/S");
    has(
        &json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "B": {"Type": "Pass", "Next": "A"}}}),
        Code::Unreachable,
        "/States/B",
    );
    has(
        &json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}),
        Code::NoTerminal,
        "/States",
    );
    let twice = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Succeed"}}}"#;
    assert_eq!(check(twice).diagnostics[0].code, Code::DuplicateField);
    let branch = json!({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}});
    has(
        &one(json!({"Type": "Parallel", "Branches": [branch], "End": true})),
        Code::DuplicateState,
        "/States/S/Branches/0/States/S",
    );
}

#[test]
fn choice_faults_are_found() {
    let choice = |rule: Value| json!({"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [rule], "Default": "D"}, "D": {"Type": "Succeed"}}});
    let at = "/States/C/Choices/0";
    has(&choice(json!({"Variable": "$.a", "Next": "D"})), Code::MissingField, at);
    has(&choice(json!({"Variable": "$.a", "IsNull": true})), Code::MissingField, at);
    has(&choice(json!({"IsNull": true, "Next": "D"})), Code::MissingField, at);
    has(&choice(json!({"Variable": "$.a", "IsNull": 1, "Next": "D"})), Code::InvalidValue, &format!("{at}/IsNull"));
    has(&choice(json!({"Variable": "$.a", "IsOdd": true, "Next": "D"})), Code::UnknownField, &format!("{at}/IsOdd"));
    has(&choice(json!({"Variable": "a", "IsNull": true, "Next": "D"})), Code::InvalidPath, &format!("{at}/Variable"));
    has(&choice(json!({"And": [], "Next": "D"})), Code::InvalidValue, &format!("{at}/And"));
    has(
        &choice(json!({"Variable": "$.a", "NumericEquals": "1", "Next": "D"})),
        Code::InvalidValue,
        &format!("{at}/NumericEquals"),
    );
    has(
        &choice(json!({"And": [{"Variable": "$.a", "IsNull": true, "Next": "D"}], "Next": "D"})),
        Code::UnknownField,
        &format!("{at}/And/0/Next"),
    );
    has(
        &choice(json!({"Variable": "$.a", "IsNull": true, "IsString": true, "Next": "D"})),
        Code::FieldConflict,
        &format!("{at}/IsString"),
    );
    has(
        &json!({"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": []}}}),
        Code::InvalidValue,
        "/States/C/Choices",
    );
}

#[test]
fn error_handling_faults_are_found() {
    let retry = |entries: Value| state(json!({"Retry": entries}));
    let at = "/States/S/Retry/0";
    has(
        &retry(json!([{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}])),
        Code::MisplacedAll,
        &format!("{at}/ErrorEquals/0"),
    );
    has(&retry(json!([{"ErrorEquals": ["E", "States.ALL"]}])), Code::MisplacedAll, &format!("{at}/ErrorEquals/1"));
    has(&retry(json!([{"ErrorEquals": []}])), Code::InvalidValue, &format!("{at}/ErrorEquals"));
    has(&retry(json!([{}])), Code::MissingField, at);
    has(&retry(json!([{"ErrorEquals": ["E"], "BackoffRate": 0.5}])), Code::InvalidTiming, &format!("{at}/BackoffRate"));
    has(
        &retry(json!([{"ErrorEquals": ["E"], "IntervalSeconds": 10, "MaxDelaySeconds": 5}])),
        Code::InvalidTiming,
        &format!("{at}/MaxDelaySeconds"),
    );
    has(
        &retry(json!([{"ErrorEquals": ["E"], "JitterStrategy": "SOME"}])),
        Code::InvalidValue,
        &format!("{at}/JitterStrategy"),
    );
    has(&retry(json!([{"ErrorEquals": ["E"], "MaxAttempts": -1}])), Code::InvalidValue, &format!("{at}/MaxAttempts"));
    let catch =
        state(json!({"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S"}, {"ErrorEquals": ["E"], "Next": "X"}]}));
    has(&catch, Code::MisplacedAll, "/States/S/Catch/0/ErrorEquals/0");
    has(&catch, Code::UnknownTarget, "/States/S/Catch/1/Next");
    has(
        &state(json!({"TimeoutSeconds": 10, "HeartbeatSeconds": 10})),
        Code::InvalidTiming,
        "/States/S/HeartbeatSeconds",
    );
    has(&state(json!({"TimeoutSeconds": 0})), Code::InvalidValue, "/States/S/TimeoutSeconds");
    has(
        &state(json!({"TimeoutSeconds": 1, "TimeoutSecondsPath": "$.t"})),
        Code::FieldConflict,
        "/States/S/TimeoutSecondsPath",
    );
}

#[test]
fn paths_and_intrinsics_are_checked() {
    for (field, value, code) in [
        ("InputPath", json!("a"), Code::InvalidPath),
        ("OutputPath", json!("$.["), Code::InvalidPath),
        ("ResultPath", json!("$.a[*]"), Code::InvalidPath),
        ("ResultPath", json!("$$.a"), Code::InvalidPath),
        ("ResultPath", json!("$.a.length()"), Code::InvalidPath),
        ("InputPath", json!("$.a.size()"), Code::InvalidPath),
    ] {
        has(&state(json!({field: value})), code, &format!("/States/S/{field}"));
    }
    for (value, code) in [
        (json!("plain"), Code::InvalidPath),
        (json!("$.a..."), Code::InvalidPath),
        (json!(5), Code::InvalidValue),
        (json!("States.Nothing($.a)"), Code::InvalidIntrinsic),
        (json!("States.Format('{}', $.a"), Code::InvalidIntrinsic),
        (json!("States.ArrayLength()"), Code::InvalidIntrinsic),
        (json!("States.Array(plain)"), Code::InvalidIntrinsic),
    ] {
        has(&state(json!({"Parameters": {"deep": [{"x.$": value}]}})), code, "/States/S/Parameters/deep/0/x.$");
    }
    // What a state goes by is a reference path, which takes no function.
    let choice = json!({"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.a.length()", "NumericEquals": 1, "Next": "E"}]},
        "E": {"Type": "Succeed"}
    }});
    has(&choice, Code::InvalidPath, "/States/C/Choices/0/Variable");
}

#[test]
fn a_token_must_be_passed_on() {
    let callback = |parameters: Value| {
        state(json!({"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": parameters}))
    };
    let forgotten = callback(json!({"MessageBody": {"x.$": "$.y"}}));
    has(&forgotten, Code::TokenNotPassed, "/States/S/Parameters");
    assert!(parse_and_check(&forgotten.to_string()).is_err());
    assert!(parse(&forgotten.to_string()).is_ok(), "AWS runs it until the timeout");
    for parameters in [
        json!({"MessageBody": {"t.$": "$$.Task.Token"}}),
        json!({"Body.$": "States.Format('{}', $$.Task.Token)"}),
        json!({"All.$": "$$"}),
        json!({"Task.$": "$$.Task"}),
    ] {
        assert!(parse_and_check(&callback(parameters.clone()).to_string()).is_ok(), "{parameters}");
    }
}

#[test]
fn what_is_not_executed_is_refused() {
    let pass = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let distributed = |fields: Value| {
        let mut map = json!({"Type": "Map", "ItemProcessor": pass, "End": true});
        map.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        one(map)
    };
    let query =
        |text: &str| one(json!({"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"a": text}, "End": true}));
    for (machine, code, pointer) in [
        (distributed(json!({"ItemReader": {}})), Code::Unsupported, "/States/S/ItemReader"),
        (distributed(json!({"ResultWriter": {}})), Code::Unsupported, "/States/S/ResultWriter"),
        (query("{% $states.input.(a.%.b) %}"), Code::Unsupported, "/States/S/Output/a"),
        (query("{% $match('ab', /(?=a)b/) %}"), Code::Unsupported, "/States/S/Output/a"),
        (query("{% 1 + %}"), Code::InvalidExpression, "/States/S/Output/a"),
        (one(json!({"Type": "Pass", "Output": 1, "End": true})), Code::UnknownField, "/States/S/Output"),
        (state(json!({"Arguments": {}})), Code::UnknownField, "/States/S/Arguments"),
    ] {
        has(&machine, code, pointer);
        assert!(parse(&machine.to_string()).is_err());
    }
}

#[test]
fn substitution_tokens_are_opaque() {
    let machine = json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "${Function}", "Parameters": {"Queue": "${Queue}", "x.$": "$.${Field}"}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::${Service}:go.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token"}, "End": true}
    }});
    assert_eq!(problems(&machine), []);
}

#[test]
fn all_problems_are_reported_together_and_in_order() {
    let machine = json!({"StartAt": "X", "States": {
        "A": {"Type": "Task", "End": true, "Bogus": 1},
        "B": {"Type": "Wait", "Seconds": -1, "Next": "Nowhere"}
    }});
    let text = serde_json::to_string_pretty(&machine).unwrap();
    let found = check(&text).diagnostics;
    let lines: Vec<usize> = found.iter().map(|problem| problem.line).collect();
    assert!(lines.is_sorted(), "{lines:?}");
    let codes: Vec<Code> = found.iter().map(|problem| problem.code).collect();
    for code in [Code::UnknownTarget, Code::MissingField, Code::UnknownField, Code::InvalidValue] {
        assert!(codes.contains(&code), "{code:?} is not in {found:?}");
    }
    assert!(found.iter().all(|problem| problem.severity == Severity::Error));
}

#[test]
fn warnings_do_not_refuse() {
    let machine = json!({"StartAt": "C", "States": {
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "D"}]}, "D": {"Type": "Succeed"}
    }});
    let checked = check(&machine.to_string());
    assert_eq!(checked.diagnostics.len(), 1);
    assert_eq!(checked.diagnostics[0].severity, Severity::Warning);
    assert!(parse_and_check(&machine.to_string()).is_ok());
}

/// As AWS refused them: `test_invalid_credentials_field` of `LocalStack`'s snapshots.
#[test]
fn credentials_name_a_role_and_nothing_else() {
    let at = "/States/S/Credentials";
    has(&state(json!({"Credentials": {}})), Code::MissingField, at);
    has(&state(json!({"Credentials": {"RoleArn": "r", "Other": 1}})), Code::UnknownField, at);
    for good in [json!({"RoleArn": "r"}), json!({"RoleArn.$": "$.role"})] {
        assert_eq!(problems(&state(json!({"Credentials": good}))), []);
    }
}

/// As AWS refused them: `test_map_state_label_*_fail` of `LocalStack`'s snapshots.
#[test]
fn labels_fit_into_an_arn() {
    let map = |label: &str| {
        one(json!({
            "Type": "Map", "End": true, "Label": label,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}},
            },
        }))
    };
    assert_eq!(problems(&map(&"x".repeat(40))), []);
    for label in ["", &"x".repeat(41), "a b", "a\tb", "a:b", "a\u{85}b", "a\\b", "a~b"] {
        has(&map(label), Code::InvalidValue, "/States/S/Label");
    }
}
