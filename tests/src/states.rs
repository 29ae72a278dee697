//! How many states the definitions enter for a run.

use maestro_asl::{Mocks, SimulationOptions, Status, simulate};
use maestro_domain::{DEFAULT_SCOPE, PersonaId, Phase};
use maestro_embedded::Definitions;
use maestro_workflow::Scope;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many states an execution enters, Map iterations counted, when every task is answered so.
#[expect(clippy::unwrap_used, reason = "definitions that do not read are a broken test")]
fn entered(definition: &str, input: &Value, answers: &Value) -> usize {
    let definitions = Definitions::load().unwrap();
    let definition = definitions.get(definition).unwrap();
    let mocks = Mocks::from_json(answers).unwrap();
    let ended = simulate(Arc::clone(definition), input.clone(), &mocks, &SimulationOptions::default()).unwrap();
    assert_eq!(ended.status, Status::Succeeded, "{:?}", ended.cause);
    ended.history.iter().filter(|event| format!("{:?}", event.kind).ends_with("StateEntered")).count()
}

/// How many states a run without rework enters, in all executions.
#[must_use]
#[expect(clippy::unwrap_used, reason = "a scope that does not read is a broken test")]
pub fn states_of_a_run() -> usize {
    let answer = |output: Value| json!({"output": output});
    let advance = json!({"decision": "advance", "failure": null});
    let phases = ["Requirements", "Design", "Implementation", "Testing", "Deployment"];
    let mut answers: serde_json::Map<_, _> =
        phases.iter().map(|name| ((*name).to_owned(), answer(json!({"Output": advance})))).collect();
    answers.insert("Intake".to_owned(), answer(json!({"Payload": {"statements": 1}})));
    answers.insert("Publish".to_owned(), answer(json!({"Payload": {"deliverable": "here"}})));
    let mut states = entered("sdlc", &json!({"run": "run-1", "on_failure": "keep"}), &answers.into());
    let scope = Scope::find(DEFAULT_SCOPE).unwrap();
    for phase in Phase::ALL {
        let task = |persona: &PersonaId| json!({"persona": persona});
        let waves: Value = scope.waves(phase).iter().map(|wave| wave.iter().map(task).collect::<Value>()).collect();
        let answers = json!({
            "Plan": answer(json!({"Payload": {"waves": waves}})),
            "Task": answer(json!({})),
            "Verify": answer(json!({})),
            "Gate": answer(json!({"Payload": advance})),
        });
        states += entered("phase", &json!({"run": "run-1", "phase": phase, "attempt": 1}), &answers);
    }
    states
}
