//! What the tests share.

use std::sync::Arc;

use jiff::Timestamp;
use maestro_asl::{Definition, HistoryEvent, Mocks, Simulated, SimulationOptions, parse, simulate};
use serde_json::{Value, json};

pub(crate) fn definition(value: &Value) -> Arc<Definition> {
    match parse(&value.to_string()) {
        Ok(definition) => Arc::new(definition),
        Err(problems) => panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

/// A machine of one state.
pub(crate) fn one(state: Value) -> Value {
    json!({"StartAt": "S", "States": {"S": state}})
}

pub(crate) fn run(machine: &Value, input: Value, mocks: Value) -> Simulated {
    let mocks = Mocks::from_json(&mocks).unwrap();
    simulate(definition(machine), input, &mocks, &SimulationOptions::default()).unwrap()
}

/// Runs a machine that has to succeed.
pub(crate) fn output(machine: &Value, input: Value, mocks: Value) -> Value {
    let done = run(machine, input, mocks);
    done.output.unwrap_or_else(|| panic!("{:?}: {:?}", done.error, done.cause))
}

/// Runs a machine that has to fail, and returns error and cause.
pub(crate) fn failure(machine: &Value, input: Value, mocks: Value) -> (String, String) {
    let done = run(machine, input, mocks);
    assert_eq!(done.output, None);
    (done.error.unwrap_or_default(), done.cause.unwrap_or_default())
}

/// Seconds from the start to each event of a kind.
pub(crate) fn times(history: &[HistoryEvent], kind: &str) -> Vec<f64> {
    let start: Timestamp = history[0].timestamp;
    history
        .iter()
        .filter(|event| serde_json::to_value(event.kind).unwrap() == kind)
        .map(|event| event.timestamp.duration_since(start).as_secs_f64())
        .collect()
}

pub(crate) fn kinds(history: &[HistoryEvent]) -> Vec<String> {
    history.iter().map(|event| serde_json::to_value(event.kind).unwrap().as_str().unwrap().to_owned()).collect()
}
