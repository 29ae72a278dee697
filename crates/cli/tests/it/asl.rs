//! `asl run` and `asl check` on definitions as people have them.

use crate::support::{Place, Told};

const GREET: &str = include_str!("../data/greet.asl.json");
const BROKEN: &str = include_str!("../data/broken.asl.json");

fn greet() -> Place {
    let place = Place::new();
    place.file("greet.json", GREET);
    place.file("broken.json", BROKEN);
    place.file("mocks.json", r#"{"Ask": [{"error": "Busy"}, {"output": "hello"}]}"#);
    place.file("input.json", r#"{"who": "you"}"#);
    place
}

#[test]
fn a_definition_with_tokens_runs_on_mocks() {
    let place = greet();
    let args = ["asl", "run", "greet.json", "--input", "input.json", "--mocks", "mocks.json", "--json"];
    let told = place.maestro(&args);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{told:?}");
    let ended = told.json();
    let keys: Vec<_> = ended.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["cause", "error", "history", "output", "status"]);
    assert_eq!(ended["status"], "SUCCEEDED");
    assert_eq!(ended["output"], serde_json::json!({"who": "you", "answer": "hello"}));
    assert_eq!(ended["history"][1]["type"], "TaskStateEntered");
    assert_eq!(ended["history"][1]["name"], "Ask");
    assert_eq!(told.out.lines().count(), 1);
    let text = place.maestro(&args[..args.len() - 1]);
    assert!(text.out.contains("TaskStateEntered") && text.out.contains("SUCCEEDED"), "{text:?}");
}

#[test]
fn a_failure_is_a_result() {
    let place = greet();
    place.file("no.json", r#"{"Ask": {"error": "Rude", "cause": "no manners"}}"#);
    let told = place.maestro(&["asl", "run", "greet.json", "--mocks", "no.json", "--json"]);
    let ended = told.json();
    assert_eq!((told.code, &ended["status"]), (Some(1), &"FAILED".into()));
    assert_eq!((&ended["error"], &ended["cause"]), (&"Rude".into(), &"no manners".into()));
    place.file("never.json", r#"{"Ask": {"never": true}}"#);
    let told = place.maestro(&["asl", "run", "greet.json", "--mocks", "never.json", "--json"]);
    assert_eq!(told.json()["error"], "States.Timeout", "a minute passes in no time");
}

#[test]
fn what_cannot_run_is_refused_with_its_place() {
    let place = greet();
    let run = |args: &[&str]| place.maestro(&[&["asl", "run"], args].concat());
    run(&["broken.json"]).refused("broken.json:7:", "error[unknown-field]");
    run(&["greet.json"]).refused("task state `Ask` has no mock", "--mocks");
    place.file("typo.json", r#"{"Aks": {"output": 1}}"#);
    run(&["greet.json", "--mocks", "typo.json"]).refused("mocks name `Aks`", "");
    place.file("bad.json", "{\n  \"a\": 1,\n  b\n}");
    run(&["greet.json", "--input", "bad.json"]).refused("bad.json:3:3: error[syntax]", "`bad.json` is not JSON");
    place.file("empty.json", "");
    run(&["greet.json", "--input", "empty.json"]).refused("empty.json:1:1: error[syntax]", "`empty.json` is not JSON");
    run(&["missing.json"]).refused("there is no file `missing.json`", "");
    run(&["-", "--input", "-"]).refused("can be standard input", "");
}

#[test]
fn input_comes_from_standard_input_too() {
    let place = greet();
    let args = ["asl", "run", "greet.json", "--input", "-", "--mocks", "mocks.json", "--json"];
    let told = place.fed(&args, b"\xef\xbb\xbf{\"n\": 1}");
    assert_eq!(told.json()["output"]["n"], 1, "{told:?}");
}

#[test]
fn check_tells_all_problems_of_all_files() {
    let place = greet();
    let told = place.maestro(&["asl", "check", "broken.json", "greet.json"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.out.contains("broken.json:6:") && told.out.contains("error[unknown-target]"), "{told:?}");
    assert!(told.out.contains("broken.json:7:") && told.out.contains("error[unknown-field]"), "{told:?}");
    assert!(told.out.contains("2 files checked"), "{told:?}");

    let problems = place.maestro(&["asl", "check", "broken.json", "--json"]).json();
    let first = &problems[0];
    assert_eq!((&first["file"], &first["severity"]), (&"broken.json".into(), &"error".into()), "{problems}");
    assert!(first["line"].is_u64() && first["column"].is_u64() && first["code"].is_string(), "{problems}");

    let clean = place.maestro(&["asl", "check", "greet.json", "--json"]);
    assert_eq!((clean.code, clean.out.as_str()), (Some(0), "[]\n"));
    let gone = place.maestro(&["asl", "check", "missing.json", "broken.json"]);
    assert_eq!(gone.code, Some(2), "{gone:?}");
    assert!(gone.err.contains("missing.json") && gone.out.contains("broken.json:6:"), "the rest is checked: {gone:?}");
}

#[test]
fn the_definitions_of_the_house_pass() {
    let place = Place::new();
    let house = concat!(env!("CARGO_MANIFEST_DIR"), "/../../state-machines/");
    let (sdlc, phase) = (format!("{house}sdlc.asl.json"), format!("{house}phase.asl.json"));
    let told: Told = place.maestro(&["asl", "check", &sdlc, &phase]);
    assert_eq!(told.code, Some(0), "{told:?}");
}
