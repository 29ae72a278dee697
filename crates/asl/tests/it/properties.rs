//! Properties that hold for any data.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use maestro_asl::{
    Effect, Event, Execution, Mocks, Outcome, SeededRandom, SimulationOptions, TaskId, check, parse, simulate,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{definition, one, run, times};

fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f32>().prop_map(|number| json!(number)),
        "[a-z$.\\[\\]*'{}]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-e]", inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
    .boxed()
}

fn path() -> BoxedStrategy<String> {
    prop_oneof![
        Just("$".to_owned()),
        Just("$$".to_owned()),
        Just("$..a".to_owned()),
        Just("$.a[?(@.b > 1 || !(@.c))]".to_owned()),
        Just("$.a[-1:]".to_owned()),
        Just("$v".to_owned()),
        Just("$$.Map.Item.Value".to_owned()),
        Just("$['a','b']".to_owned()),
        "\\$(\\.[a-e]){1,3}(\\[[0-9*]\\])?",
    ]
    .boxed()
}

fn expression() -> BoxedStrategy<String> {
    prop_oneof![
        path(),
        path().prop_map(|path| format!("States.Array({path}, 1)")),
        path().prop_map(|path| format!("States.Format('{{}}', {path})")),
        path().prop_map(|path| format!("States.ArrayLength({path})")),
        path().prop_map(|path| format!("States.MathAdd({path}, 2147483647)")),
        path().prop_map(|path| format!("States.ArrayPartition({path}, {path})")),
        path().prop_map(|path| format!("States.JsonMerge({path}, {path}, false)")),
        path().prop_map(|path| format!("States.ArrayRange(0, {path}, {path})")),
    ]
    .boxed()
}

/// States that are mostly well-formed, so that many definitions run.
fn state() -> BoxedStrategy<Value> {
    let next = prop_oneof![Just("A"), Just("B"), Just("C"), Just("D")];
    let base = prop_oneof![
        expression().prop_map(|e| json!({"Type": "Pass", "Parameters": {"a.$": e}})),
        (any_json(), path()).prop_map(|(v, p)| json!({"Type": "Pass", "Result": v, "ResultPath": p})),
        (path(), path()).prop_map(|(i, o)| json!({"Type": "Pass", "InputPath": i, "OutputPath": o})),
        expression().prop_map(|e| json!({"Type": "Pass", "Assign": {"v.$": e}})),
        path().prop_map(|p| json!({"Type": "Wait", "SecondsPath": p})),
        (path(), 0..3_u32).prop_map(|(p, n)| json!({
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": p, "TimeoutSeconds": 5,
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": n}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A"}]
        })),
        (path(), expression()).prop_map(|(p, e)| json!({
            "Type": "Map", "ItemsPath": p, "ItemSelector": {"x.$": e}, "MaxConcurrency": 2,
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}
        })),
        (path(), path()).prop_map(|(p, q)| json!({
            "Type": "Choice", "Choices": [{"Variable": p, "NumericEqualsPath": q, "Next": "B"}], "Default": "C"
        })),
        expression().prop_map(|e| json!({"Type": "Fail", "ErrorPath": e})),
    ];
    (base, next, any::<bool>())
        .prop_map(|(mut state, next, end)| {
            if !matches!(state["Type"].as_str(), Some("Choice" | "Fail")) {
                if end {
                    state["End"] = json!(true);
                } else {
                    state["Next"] = json!(next);
                }
            }
            state
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the text is, reading it ends with a definition or with problems.
    #[test]
    fn reading_never_panics(value in any_json(), text in ".{0,64}") {
        let _ = check(&value.to_string());
        let _ = check(&text);
        let machine = json!({"StartAt": "a", "States": {"a": value}});
        let checked = check(&machine.to_string());
        prop_assert!(checked.definition.is_some() || !checked.diagnostics.is_empty());
    }

    /// A definition that was accepted runs to an end, whatever the data.
    #[test]
    fn running_never_panics(states in prop::collection::vec(state(), 4), input in any_json(), answer in any_json()) {
        let states: Map<String, Value> = ["A", "B", "C", "D"].iter().map(ToString::to_string).zip(states).collect();
        let mut mocks = Map::new();
        for (name, state) in &states {
            if state["Type"] == "Task" {
                mocks.insert(name.clone(), json!([{"output": answer}, {"error": "E"}, {"delay_seconds": 9}]));
            }
            if state["Type"] == "Map" {
                mocks.insert("I".into(), json!([{"output": answer}, {"error": "E", "delay_seconds": 1}]));
            }
        }
        let machine = json!({"StartAt": "A", "TimeoutSeconds": 1000, "States": states});
        if let Ok(definition) = parse(&machine.to_string()) {
            let mocks = Mocks::from_json(&Value::Object(mocks)).unwrap();
            let done = simulate(Arc::new(definition), input, &mocks, &SimulationOptions::default());
            prop_assert!(done.is_ok(), "{:?}", done.err());
            let history = done.unwrap().history;
            prop_assert!(history.len() <= 25_000);
            prop_assert!(history.iter().enumerate().all(|(at, event)| event.id == at as u64 + 1));
        }
    }

    /// Retries are bounded in number, and in delay by `MaxDelaySeconds`.
    #[test]
    fn the_retry_schedule_is_bounded(
        interval in 1..100_u64, attempts in 0..12_u32, backoff in 1.0..5.0_f64, above in 1..500_u64, jitter: bool, seed: u64,
    ) {
        let most = interval + above;
        let machine = one(json!({
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Retry": [{
                "ErrorEquals": ["States.ALL"], "IntervalSeconds": interval, "MaxAttempts": attempts, "BackoffRate": backoff,
                "MaxDelaySeconds": most, "JitterStrategy": if jitter { "FULL" } else { "NONE" }
            }]
        }));
        let mocks = Mocks::from_json(&json!({"S": [{"error": "E"}]})).unwrap();
        let options = SimulationOptions { seed, ..SimulationOptions::default() };
        let done = simulate(definition(&machine), json!({}), &mocks, &options).unwrap();
        let starts = times(&done.history, "TaskScheduled");
        prop_assert_eq!(starts.len(), attempts as usize + 1);
        for (retry, pair) in starts.windows(2).enumerate() {
            let delay = pair[1] - pair[0];
            let full = (interval as f64 * backoff.powi(retry as i32)).min(most as f64);
            prop_assert!(delay <= full + 1e-3, "{delay} > {full}");
            prop_assert!(jitter || delay >= full - 1e-3, "{delay} < {full}");
        }
    }

    /// Results stand in the order of the items, whatever the order of the answers, and no more than
    /// `MaxConcurrency` tasks are ever open.
    #[test]
    fn a_map_keeps_order_and_limit(count in 0..20_usize, limit in 0..6_usize, picks in prop::collection::vec(any::<prop::sample::Index>(), 20)) {
        let machine = one(json!({
            "Type": "Map", "MaxConcurrency": limit, "End": true,
            "ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}
        }));
        let items: Vec<usize> = (0..count).collect();
        let start = Timestamp::UNIX_EPOCH;
        let context = SimulationOptions::default().context;
        let (mut execution, mut effects) =
            Execution::start(definition(&machine), json!(items), context, start, Box::new(SeededRandom::new(0)));
        let mut open: BTreeMap<TaskId, Value> = BTreeMap::new();
        let mut picks = picks.into_iter();
        let outcome = loop {
            for effect in effects {
                if let Effect::StartTask(task) = effect {
                    open.insert(task.task_id, task.input);
                }
            }
            prop_assert!(limit == 0 || open.len() <= limit, "{} open", open.len());
            if let Some(outcome) = execution.outcome() {
                break outcome.clone();
            }
            let task_id = *picks.next().unwrap().get(&open.keys().copied().collect::<Vec<_>>());
            let output = open.remove(&task_id).unwrap();
            effects = execution.handle(start, Event::TaskSucceeded { task_id, output }).unwrap();
        };
        prop_assert_eq!(outcome, Outcome::Succeeded { output: json!(items) });
    }

    /// The same seed gives the same run.
    #[test]
    fn runs_are_deterministic(items in prop::collection::vec(any::<u8>(), 0..6)) {
        let machine = one(json!({
            "Type": "Map", "End": true,
            "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"u.$": "States.UUID()"}, "End": true}}}
        }));
        let once = run(&machine, json!(items), json!({}));
        let again = run(&machine, json!(items), json!({}));
        prop_assert_eq!(serde_json::to_value(&once).unwrap(), serde_json::to_value(&again).unwrap());
    }
}
