//! How data moves: paths, templates, intrinsics, variables, choices, errors.

use serde_json::{Value, json};

use crate::support::{failure, one, output, run};

fn pass(fields: Value) -> Value {
    let mut state = json!({"Type": "Pass", "End": true});
    state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    one(state)
}

/// The value of one expression over an input.
fn eval(expression: &str, input: &Value) -> Value {
    output(&pass(json!({"Parameters": {"r.$": expression}})), input.clone(), json!({}))["r"].clone()
}

#[test]
fn paths_apply_in_order() {
    let input = json!({"a": {"x": 1}, "b": 2});
    let run = |fields: Value| output(&pass(fields), input.clone(), json!({}));
    assert_eq!(run(json!({})), input);
    assert_eq!(run(json!({"InputPath": "$.a"})), json!({"x": 1}));
    assert_eq!(run(json!({"InputPath": null})), json!({}));
    assert_eq!(run(json!({"OutputPath": "$.b"})), json!(2));
    assert_eq!(run(json!({"OutputPath": null})), json!({}));
    assert_eq!(run(json!({"Result": {"n.$": "kept"}})), json!({"n.$": "kept"}));
    assert_eq!(run(json!({"Result": 5, "ResultPath": "$.r.s"})), json!({"a": {"x": 1}, "b": 2, "r": {"s": 5}}));
    assert_eq!(run(json!({"Result": 5, "ResultPath": null})), input);
    // `ResultPath` writes into the raw input, not into what `InputPath` selected.
    assert_eq!(run(json!({"InputPath": "$.a", "ResultPath": "$.c"})), json!({"a": {"x": 1}, "b": 2, "c": {"x": 1}}));
    assert_eq!(
        run(json!({"Parameters": {"k": [{"v.$": "$.b"}, 1], "all.$": "$..x", "c.$": "$$.State.Name"}})),
        json!({"k": [{"v": 2}, 1], "all": [1], "c": "S"})
    );
}

#[test]
fn functions_end_the_paths_that_select() {
    let input = json!({"a": [{"n": 1}, {"n": 5}], "t": "abc"});
    assert_eq!(eval("$.a.length()", &input), json!(2));
    assert_eq!(eval("States.Array($.t.length(), $.a[*].n.max(), 3)", &input), json!([3, 5.0, 3]));
    assert_eq!(eval("$$.State.Name.length()", &input), json!(1));
    assert_eq!(
        output(&pass(json!({"InputPath": "$.a.last()", "OutputPath": "$.length()"})), input, json!({})),
        json!(1)
    );
    let (error, cause) = failure(&pass(json!({"Parameters": {"r.$": "$.t.sum()"}})), json!({"t": "abc"}), json!({}));
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("'$.t.sum()' specified for the field 'r.$'"), "{cause}");
}

#[test]
fn a_result_that_is_dropped_is_there_for_who_reads_it() {
    let branch = |name: &str, x: u32| json!({"StartAt": name, "States": {name: {"Type": "Pass", "Result": {"x": x}, "End": true}}});
    let machine = |fields: Value| {
        let branches = [branch("A", 1), branch("B", 2)];
        let mut state = json!({"Type": "Parallel", "Branches": branches, "ResultPath": null, "Next": "E"});
        state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let end = json!({"Type": "Pass", "Parameters": {"in.$": "$.i", "second.$": "$second"}, "End": true});
        json!({"StartAt": "P", "States": {"P": state, "E": end}})
    };
    let read = machine(json!({"Assign": {"second.$": "$[1].x"}}));
    assert_eq!(output(&read, json!({"i": 7}), json!({})), json!({"in": 7, "second": 2}));
    let (error, cause) = failure(&machine(json!({"ResultSelector": {"x.$": "$[5].x"}})), json!({"i": 7}), json!({}));
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("$[5].x"), "{cause}");
}

#[test]
fn a_tasks_result_is_selected_and_placed() {
    let machine = one(json!({
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true, "InputPath": "$.in",
        "Parameters": {"p.$": "$.q"}, "ResultSelector": {"only.$": "$.Payload.a"}, "ResultPath": "$.out", "OutputPath": "$.out"
    }));
    let mocks = json!({"S": [{"output": {"Payload": {"a": 1, "b": 2}}}]});
    let done = run(&machine, json!({"in": {"q": 9}}), mocks);
    assert_eq!(done.output, Some(json!({"only": 1})));
    let scheduled =
        done.history.iter().find_map(|event| event.details.resource.as_ref().and(event.details.input.clone()));
    assert_eq!(*scheduled.unwrap(), json!({"p": 9}));
}

#[test]
fn intrinsics_compute() {
    let input = json!({
        "n": [1, 2, 3, 3, 4, 5, 6, 7, 8, 9], "s": "a-b_c", "name": "Ann", "o": {"a": 1, "b": {"x": 1}},
        "p": {"b": {"y": 2}, "c": 3}, "j": "{\"k\":[1,null]}", "i": 2, "f": 2.5
    });
    for (expression, expected) in [
        ("States.Array()", json!([])),
        ("States.Array($.i, 'x', null, true, 1.5, States.Array($.name))", json!([2, "x", null, true, 1.5, ["Ann"]])),
        ("States.ArrayPartition($.n, 4)", json!([[1, 2, 3, 3], [4, 5, 6, 7], [8, 9]])),
        ("States.ArrayContains($.n, 5)", json!(true)),
        ("States.ArrayContains($.n, '5')", json!(false)),
        ("States.ArrayRange(1, 9, 2)", json!([1, 3, 5, 7, 9])),
        ("States.ArrayRange(3, -3, -3)", json!([3, 0, -3])),
        ("States.ArrayGetItem($.n, $.i)", json!(3)),
        ("States.ArrayLength($.n[0:4])", json!(4)),
        ("States.ArrayUnique($.n)", json!([1, 2, 3, 4, 5, 6, 7, 8, 9])),
        ("States.Base64Encode('Data to encode')", json!("RGF0YSB0byBlbmNvZGU=")),
        ("States.Base64Decode(States.Base64Encode($.name))", json!("Ann")),
        ("States.Hash('input data', 'SHA-1')", json!("aaff4a450a104cd177d28d18d74485e8cae074b7")),
        ("States.Hash('', 'MD5')", json!("d41d8cd98f00b204e9800998ecf8427e")),
        ("States.JsonMerge($.o, $.p, false)", json!({"a": 1, "b": {"y": 2}, "c": 3})),
        ("States.StringToJson($.j)", json!({"k": [1, null]})),
        ("States.JsonToString($.p)", json!("{\"b\":{\"y\":2},\"c\":3}")),
        ("States.MathAdd($.i, -5)", json!(-3)),
        ("States.MathAdd($.f, 0)", json!(3)),
        ("States.StringSplit($.s, '-_')", json!(["a", "b", "c"])),
        ("States.Format('Hi {}, {} of {}', $.name, $.i, $.o)", json!("Hi Ann, 2 of {a=1, b={x=1}}")),
        (r"States.Format('it\'s \{{}\} \\ {}', $.i, 'a,b)')", json!(r"it's {2} \ a,b)")),
        (r#"States.StringToJson('{"t":"a \"q\" \n"}')"#, json!({"t": "a \"q\" \n"})),
        ("States.ArrayLength($.nothing[*])", json!(0)),
        ("$.nothing.at.all[1:]", json!([])),
        ("States.MathRandom(5, 6)", json!(5)),
        ("States.ArrayGetItem($.n[?(@ > 7)], 1)", json!(9)),
        (
            "States.Format('{} {} {}', $.n[0:2], null, States.StringToJson('[12345678.5,{\"a\":[\"x\",true]}]'))",
            json!("[1, 2] null [1.23456785E7, {a=[x, true]}]"),
        ),
    ] {
        assert_eq!(eval(expression, &input), expected, "{expression}");
    }
    assert_eq!(eval("States.MathRandom(1, 1000, 7)", &input), eval("States.MathRandom(1, 1000, 7)", &input));
}

#[test]
fn what_does_not_fit_the_data_is_a_runtime_error() {
    let input = json!({"a": [1], "s": "x"});
    for expression in [
        "$.missing",
        "$nothing",
        "$$.Nothing",
        "States.ArrayGetItem($.a, 1)",
        "States.ArrayLength($.s)",
        "States.MathAdd($.s, 1)",
        "States.Format('{} {}', 1)",
        "States.Format('{}', 1, 2)",
        "States.StringToJson($.s)",
        "States.Base64Decode('?')",
        "States.Hash($.s, 'CRC')",
        "States.JsonMerge($.a, $.a, false)",
        "States.ArrayPartition($.a, 0)",
        "States.ArrayRange(0, 2000, 1)",
        "States.MathRandom(2, 1)",
    ] {
        let (error, cause) = failure(&pass(json!({"Parameters": {"r.$": expression}})), input.clone(), json!({}));
        assert_eq!(error, "States.Runtime", "{expression}");
        let prefix = "An error occurred while executing the state 'S' (entered at the event id #2). ";
        assert!(cause.starts_with(prefix), "{cause}");
    }
    let (_, cause) = failure(&pass(json!({"Parameters": {"r.$": "$.b.c"}})), input, json!({}));
    assert!(
        cause.ends_with(
            r#"The JSONPath '$.b.c' specified for the field 'r.$' could not be found in the input '{"a":[1],"s":"x"}'"#
        ),
        "{cause}"
    );
}

#[test]
fn runtime_errors_cannot_be_handled_and_others_can() {
    let machine = |fields: Value| {
        let mut state = json!({
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "H"}]
        });
        state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({"StartAt": "S", "States": {"S": state, "H": {"Type": "Pass", "End": true}}})
    };
    let ok = json!({"S": [{"output": 1}]});
    let fatal = machine(json!({"Parameters": {"x.$": "$.gone"}}));
    assert_eq!(failure(&fatal, json!({}), ok.clone()).0, "States.Runtime");
    let caught = output(&machine(json!({"ResultPath": "$.s.t"})), json!({"s": "text"}), ok);
    assert_eq!(caught["e"]["Error"], json!("States.ResultPathMatchFailure"));
    let big = json!({"S": [{"output": "a".repeat(262_144)}]});
    for name in ["States.DataLimitExceeded", "States.ALL"] {
        let caught = output(&machine(json!({"Catch": [{"ErrorEquals": [name], "Next": "H"}]})), json!({}), big.clone());
        assert_eq!(caught["Error"], json!("States.DataLimitExceeded"));
        let cause = "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.";
        assert_eq!(caught["Cause"], json!(cause));
    }
    let other = machine(json!({"Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "H"}]}));
    assert_eq!(failure(&other, json!({}), big).0, "States.DataLimitExceeded");
    let mocked = json!({"S": [{"error": "Mine", "cause": "why"}]});
    let caught = output(&machine(json!({})), json!({"k": 1}), mocked);
    assert_eq!(caught, json!({"k": 1, "e": {"Error": "Mine", "Cause": "why"}}));
}

#[test]
fn choices_pick_the_first_rule_that_applies() {
    let pick = |rule: Value, input: Value| {
        let mut rule = rule;
        rule["Next"] = json!("Yes");
        let machine = json!({"StartAt": "C", "States": {
            "C": {"Type": "Choice", "Choices": [rule], "Default": "No"},
            "Yes": {"Type": "Pass", "Result": true, "End": true}, "No": {"Type": "Pass", "Result": false, "End": true}
        }});
        output(&machine, input, json!({})) == json!(true)
    };
    let v = |operator: &str, operand: Value| json!({"Variable": "$.v", operator: operand});
    for (rule, value, expected) in [
        (v("StringEquals", json!("a")), json!("a"), true),
        (v("StringLessThan", json!("b")), json!("a"), true),
        (v("StringMatches", json!("*.log")), json!("x.log"), true),
        (v("NumericGreaterThanEquals", json!(2)), json!(2.0), true),
        (v("NumericEquals", json!(2)), json!("2"), false),
        (v("BooleanEquals", json!(false)), json!(false), true),
        (v("TimestampLessThan", json!("2024-01-01T00:00:00Z")), json!("2023-12-31T23:59:59Z"), true),
        (v("IsTimestamp", json!(true)), json!("2023-12-31"), false),
        (v("IsNumeric", json!(true)), json!(1e3), true),
        (v("IsString", json!(false)), json!([]), true),
        (v("IsBoolean", json!(true)), json!("true"), false),
        (v("IsNull", json!(true)), json!(null), true),
        (v("IsPresent", json!(true)), json!(null), true),
        (json!({"Variable": "$.w", "IsPresent": false}), json!(1), true),
        (v("NumericEqualsPath", json!("$.v")), json!(3), true),
        (v("NumericEqualsPath", json!("$.v")), json!("3"), false),
        (v("StringEqualsPath", json!("$$.State.Name")), json!("C"), true),
        (json!({"Not": v("IsNull", json!(true))}), json!(1), true),
        (json!({"And": [v("IsString", json!(true)), v("StringEquals", json!("q"))]}), json!("q"), true),
        (json!({"Or": [v("IsString", json!(true)), {"Variable": "$.gone", "IsNull": true}]}), json!("q"), true),
    ] {
        assert_eq!(pick(rule.clone(), json!({"v": value})), expected, "{rule} {value}");
    }
}

#[test]
fn a_choice_without_a_way_out_fails() {
    let machine = |rule: Value| {
        json!({"StartAt": "C", "States": {
            "C": {"Type": "Choice", "Choices": [rule]}, "D": {"Type": "Succeed"}
        }})
    };
    let (error, cause) =
        failure(&machine(json!({"Variable": "$.a", "IsNull": true, "Next": "D"})), json!({"a": 1}), json!({}));
    assert_eq!(error, "States.Runtime");
    assert_eq!(
        cause,
        "Failed to transition out of the state 'C' (entered at the event id #2). The state does not point to a next state."
    );
    let (_, cause) = failure(&machine(json!({"Variable": "$.b", "IsNull": true, "Next": "D"})), json!({}), json!({}));
    assert!(cause.ends_with("Invalid path '$.b': The choice state's condition path references an invalid value."));
}

#[test]
fn variables_live_in_scopes() {
    let machine = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Result": {"n": 1}, "Assign": {"x.$": "$.n", "y": 10}, "Next": "B"},
        // All values are computed before any changes.
        "B": {"Type": "Pass", "Assign": {"x.$": "$y", "y.$": "$x"}, "Next": "M"},
        "M": {"Type": "Map", "ItemsPath": "$$.Execution.Input.items", "Next": "Z", "ItemProcessor": {
            "StartAt": "I", "States": {
                "I": {"Type": "Pass", "Assign": {"x.$": "States.MathAdd($x, $)"}, "Next": "J"},
                "J": {"Type": "Pass", "Parameters": {"x.$": "$x", "i.$": "$$.Map.Item.Index"}, "End": true}
            }
        }},
        "Z": {"Type": "Pass", "Parameters": {"inner.$": "$", "x.$": "$x", "y.$": "$y"}, "End": true}
    }});
    let found = output(&machine, json!({"items": [1, 2]}), json!({}));
    assert_eq!(found, json!({"inner": [{"x": 11, "i": 0}, {"x": 12, "i": 1}], "x": 10, "y": 1}));
}

#[test]
fn maps_select_their_items() {
    let machine = |fields: Value| {
        let mut state = json!({
            "Type": "Map", "End": true,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}
        });
        state.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        one(state)
    };
    let selector = json!({"ItemsPath": "$.l", "ItemSelector": {"v.$": "$$.Map.Item.Value", "k.$": "$.k"}, "MaxConcurrencyPath": "$.c"});
    let found = output(&machine(selector), json!({"l": ["a", "b"], "k": 1, "c": 1}), json!({}));
    assert_eq!(found, json!([{"v": "a", "k": 1}, {"v": "b", "k": 1}]));
    assert_eq!(output(&machine(json!({})), json!([]), json!({})), json!([]));
    let (error, cause) = failure(&machine(json!({"ItemsPath": "$.l"})), json!({"l": {}}), json!({}));
    assert_eq!(error, "States.Runtime");
    assert!(cause.ends_with("Reference path \"$.l\" must point to array."), "{cause}");
}

#[test]
fn branches_see_the_same_input_and_answer_in_order() {
    let branch = |seconds: u64, value: &str| {
        json!({"StartAt": value, "States": {
            value: {"Type": "Wait", "Seconds": seconds, "Next": format!("{value}2")},
            format!("{value}2"): {"Type": "Pass", "Parameters": {"b": value, "in.$": "$.i"}, "End": true}
        }})
    };
    let machine = one(json!({"Type": "Parallel", "End": true, "Branches": [branch(9, "x"), branch(1, "y")],
        "Parameters": {"i.$": "$.n"}, "ResultSelector": {"all.$": "$[*].b", "first.$": "$[0].in"}}));
    assert_eq!(output(&machine, json!({"n": 4}), json!({})), json!({"all": ["x", "y"], "first": 4}));
}

#[test]
fn an_inner_failure_can_be_caught_outside() {
    let machine = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Bad"}}}],
            "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Assign": {"e.$": "$.Error"}, "ResultPath": null, "Next": "H"}], "End": true},
        "H": {"Type": "Pass", "Parameters": {"e.$": "$e", "in.$": "$"}, "End": true}
    }});
    let done = run(&machine, json!({"k": 1}), json!({}));
    assert_eq!(done.output, Some(json!({"e": "Bad", "in": {"k": 1}})));
    let kinds = crate::support::kinds(&done.history);
    assert_eq!(kinds[4..7], ["ParallelStateFailed", "ParallelStateExited", "PassStateEntered"]);
}

#[test]
fn a_loop_that_wraps_its_data_ends_in_an_error() {
    let machine = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"a.$": "$"}, "Next": "A"}}});
    let (error, cause) = failure(&machine, json!({}), json!({}));
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("nested deeper than 512 levels"), "{cause}");
}

#[test]
fn the_context_object_is_seen_whole_and_in_parts() {
    let input = json!({"a": [1, {"b": 2}]});
    let get = |path: &str| eval(path, &input);
    assert_eq!(get("$$.Execution.Input"), input);
    assert_eq!(get("$$.Execution.Input.a[1].b"), json!(2));
    assert_eq!(get("$$.Execution.Input.a[*]"), json!([1, {"b": 2}]));
    assert_eq!(get("$$.Execution.Name"), json!("simulated"));
    assert_eq!(get("$$.Execution")["Input"], input);
    assert_eq!(get("$$")["Execution"]["Input"], input);
    assert_eq!(get("$$..b"), json!([2]));
    assert_eq!(get("$$.State.EnteredTime"), json!("2024-01-01T00:00:00.000Z"));
}

/// As AWS was recorded to do: `MAP_STATE_REFERENCE_IN_MAX_CONCURRENCY_PATH` of `LocalStack`'s snapshots.
#[test]
fn a_path_says_how_many_in_digits_too() {
    let map = json!({
        "Type": "Map", "End": true, "ItemsPath": "$.l", "MaxConcurrencyPath": "$.c",
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
    });
    assert_eq!(output(&one(map.clone()), json!({"l": [1, 2], "c": "1"}), json!({})), json!([1, 2]));
    let (error, cause) = failure(&one(map), json!({"l": [1, 2], "c": "one"}), json!({}));
    assert_eq!(error, "States.Runtime");
    assert!(cause.contains("which is not a valid integer"), "{cause}");
}

/// As AWS was recorded to do: `test_sync_with_task_token` of `LocalStack`'s snapshots.
#[test]
fn a_job_that_is_waited_for_sees_a_token() {
    let task = |resource: &str| {
        one(json!({
            "Type": "Task", "End": true, "Resource": resource,
            "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:m", "Input": {"t.$": "$$.Task.Token"}},
        }))
    };
    let mocks = json!({"S": [{"result": "done"}]});
    assert_eq!(output(&task("arn:aws:states:::states:startExecution.sync"), json!({}), mocks.clone()), json!("done"));
    let (error, _) = failure(&task("arn:aws:states:::states:startExecution"), json!({}), mocks);
    assert_eq!(error, "States.Runtime");
}
