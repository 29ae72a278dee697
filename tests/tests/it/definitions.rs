//! Contracts between the definitions and the code that they call.

use maestro_domain::{FailureKind, PersonaId, Phase};
use maestro_embedded::{PHASE, SDLC};
use maestro_sdlc::HANDLERS;
use maestro_tests::states::states_of_a_run;
use maestro_workflow::Scope;
use serde_json::Value;

/// Every state of a definition, nested ones too, by name.
fn states(definition: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, state) in definition["States"].as_object().unwrap() {
        found.push((name.clone(), state.clone()));
        if let Some(inner) = state.get("ItemProcessor") {
            found.extend(states(inner));
        }
    }
    found
}

fn both() -> [(&'static str, Value); 2] {
    [("sdlc", serde_json::from_str(SDLC).unwrap()), ("phase", serde_json::from_str(PHASE).unwrap())]
}

#[test]
fn every_task_has_retry_catch_and_timeout() {
    for (machine, definition) in both() {
        for (name, state) in states(&definition).iter().filter(|(_, state)| state["Type"] == "Task") {
            for field in ["Retry", "Catch", "TimeoutSeconds"] {
                assert!(state.get(field).is_some(), "{machine}/{name} has no {field}");
            }
            if state["Resource"].as_str().unwrap().ends_with(".waitForTaskToken") {
                assert!(state.get("HeartbeatSeconds").is_some(), "{machine}/{name} has no heartbeat");
            }
        }
        assert!(definition.get("TimeoutSeconds").is_some(), "{machine} has no timeout");
    }
}

#[test]
fn error_names_are_ours_or_the_platforms() {
    let platform = ["States.", "Lambda.", "Sqs.", "StepFunctions."];
    for (machine, definition) in both() {
        for (name, state) in states(&definition) {
            let mut names: Vec<&Value> = Vec::new();
            for field in ["Retry", "Catch"] {
                for rule in state.get(field).and_then(Value::as_array).into_iter().flatten() {
                    names.extend(rule["ErrorEquals"].as_array().unwrap());
                }
            }
            names.extend(state.get("Error"));
            for error in names {
                let error = error.as_str().unwrap();
                let known = FailureKind::from_name(error).is_some() || platform.iter().any(|p| error.starts_with(p));
                assert!(known, "{machine}/{name} names the error `{error}`, which nothing raises");
            }
        }
    }
}

#[test]
fn every_transient_failure_is_tried_again_and_no_other_of_ours() {
    for (machine, definition) in both() {
        for (name, state) in states(&definition).iter().filter(|(_, state)| state["Type"] == "Task") {
            let text = state["Retry"].to_string();
            let nested = state["Resource"].as_str().unwrap().contains("startExecution");
            for kind in FailureKind::ALL {
                let tried = text.contains(kind.name());
                // A nested execution answers its failures as data; only reaching it can be tried again.
                assert_eq!(tried, kind.transient() && !nested, "{machine}/{name} and {kind}");
            }
        }
    }
}

/// What AWS advises to try again of its own: "Handle Lambda service exceptions" in the guide of Step Functions.
#[test]
fn failures_of_lambda_itself_are_tried_again() {
    let mut called = 0;
    for (machine, definition) in both() {
        for (name, state) in states(&definition) {
            if state["Resource"] != "arn:aws:states:::lambda:invoke" {
                continue;
            }
            called += 1;
            let text = state["Retry"].to_string();
            for error in [
                "AWSLambdaException",
                "ClientExecutionTimeoutException",
                "SdkClientException",
                "ServiceException",
                "TooManyRequestsException",
            ] {
                assert!(text.contains(&format!("\"Lambda.{error}\"")), "{machine}/{name} gives up at {error}");
            }
        }
    }
    assert!(called > 0, "the definitions call no function");
}

#[test]
fn only_the_outer_machine_fails() {
    let fails = |definition: &Value| states(definition).iter().filter(|(_, state)| state["Type"] == "Fail").count();
    let [(_, sdlc), (_, phase)] = both();
    assert!(fails(&sdlc) > 0);
    assert_eq!(fails(&phase), 0);
}

#[test]
fn every_phase_has_a_state_and_every_function_a_handler() {
    let [(_, sdlc), (_, phase)] = both();
    for id in Phase::ALL.map(Phase::id) {
        let nested = states(&sdlc).into_iter().find(|(_, state)| state["Parameters"]["Input"]["phase"] == id);
        assert!(nested.is_some(), "no state runs the phase `{id}`");
        assert!(HANDLERS.contains(&&*format!("phase-{id}")));
    }
    for (definition, names) in [(&sdlc, &["Compensate", "Intake", "Publish"][..]), (&phase, &["Gate"][..])] {
        for name in names {
            assert!(definition.to_string().contains(&format!("${{{name}Function}}")), "nothing calls `{name}`");
            assert!(HANDLERS.contains(&name.to_lowercase().as_str()));
        }
    }
    // Persona queues are named by persona ids, the referee's by its own.
    assert!(PersonaId::ALL.iter().all(|persona| !HANDLERS.contains(&persona.id())));
}

/// Seconds that a Task state may take at most: each try at its timeout, and the waits between tries at their longest.
fn longest(state: &Value) -> u64 {
    let timeout = state["TimeoutSeconds"].as_u64().unwrap();
    let retries = state["Retry"].as_array().unwrap().iter();
    let more: u64 = retries
        .map(|rule| {
            let tries = rule["MaxAttempts"].as_u64().unwrap();
            // An error that comes at once is tried again soon; a missed heartbeat costs a heartbeat.
            let lost = state.get("HeartbeatSeconds").filter(|_| rule.to_string().contains("Heartbeat"));
            let each = rule.get("MaxDelaySeconds").or(rule.get("IntervalSeconds")).unwrap().as_u64().unwrap();
            tries * (each + lost.map_or(0, |seconds| seconds.as_u64().unwrap()))
        })
        .sum();
    timeout + more
}

#[test]
fn a_parent_waits_longer_than_everything_below_it() {
    let [(_, sdlc), (_, phase)] = both();
    let find = |definition: &Value, name: &str| states(definition).into_iter().find(|(n, _)| n == name).unwrap().1;
    // One more where authors of earlier phases come back.
    let scopes = Scope::all().unwrap();
    let of = |phase| scopes.iter().map(move |scope| scope.waves(phase));
    let waves = Phase::ALL.into_iter().flat_map(of).map(|waves| waves.len() as u64).max().unwrap() + 1;
    let tasks = Phase::ALL.into_iter().flat_map(of).flatten().map(Vec::len).max().unwrap();
    assert!(tasks <= find(&phase, "Wave")["MaxConcurrency"].as_u64().unwrap() as usize, "a wave runs all at once");

    let attempt = longest(&find(&phase, "Plan"))
        + waves * longest(&find(&phase, "Task"))
        + longest(&find(&phase, "Verify"))
        + longest(&find(&phase, "Gate"));
    // A round that a person grants is worked on in an execution of its own, in which the attempts before it answer at once.
    let attempts = u64::from(maestro_domain::gate::MAX_ATTEMPTS);
    let bound = &find(&phase, "Decide")["Choices"][0]["And"][1]["NumericLessThan"];
    assert_eq!(*bound, maestro_domain::gate::MOST_ATTEMPTS, "one bound in both places");
    let whole = phase["TimeoutSeconds"].as_u64().unwrap();
    assert!(whole > attempts * attempt, "a phase may take {} s and has {whole}", attempts * attempt);

    let mut sum = 0;
    for (name, state) in states(&sdlc).iter().filter(|(_, state)| state["Type"] == "Task") {
        if state["Resource"].as_str().unwrap().contains("startExecution") {
            assert!(state["TimeoutSeconds"].as_u64().unwrap() > whole, "{name} gives up before its phase does");
        }
        sum += longest(state);
    }
    assert!(sdlc["TimeoutSeconds"].as_u64().unwrap() > sum, "the whole may take {sum} s");
}

/// Step Functions asks money for each state that is entered.
#[test]
fn a_run_without_rework_enters_few_states() {
    let states = states_of_a_run();
    assert!(states <= 80, "{states} states");
    assert!(states > 60, "{states} states are fewer than its tasks, phases and gates have");
}
