//! `workflow run` and what comes after it, on the machine as it is.

use crate::support::Place;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::Stdio,
};

const RELEASE: &str = "
dag_id: release
context: {variables: {place: staging}}
nodes:
- {node_id: build, task_type: script, config: {script: 'echo \"{\\\"image\\\": 7}\"'}}
- {node_id: skip, task_type: script, config: {script: 'exit 1'}, when: $context.variables.place = 'production', dependencies: [build]}
- {node_id: say, task_type: noop, config: {output: '{% $nodes.build.output.json.image & $context.variables.place %}'}, dependencies: [build, skip]}
";

fn nodes(place: &Place) -> BTreeMap<String, Value> {
    let shown = place.maestro(&["workflow", "show", "latest", "--json"]).json();
    let nodes = shown["nodes"].as_array().unwrap().iter();
    nodes.map(|node| (node["node"].as_str().unwrap().to_owned(), node.clone())).collect()
}

#[test]
fn a_workflow_runs_in_the_sandbox_and_is_shown() {
    let place = Place::new();
    place.file("release.yaml", RELEASE);
    let told = place.maestro(&["workflow", "run", "release.yaml", "--input", "{\"place\": \"here\"}", "--json"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let line = told.last();
    assert_eq!(
        (&line["status"], &line["nodes"], &line["succeeded"], &line["skipped"]),
        (&"ok".into(), &3.into(), &2.into(), &1.into())
    );
    let nodes = nodes(&place);
    assert_eq!(nodes["say"]["output"], "7here");
    assert_eq!(nodes["skip"]["status"], "skipped");
    let listed = place.maestro(&["workflow", "list", "--json"]).json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let gantt = place.maestro(&["workflow", "show", "latest", "--gantt"]);
    assert!(gantt.out.contains("build") && gantt.out.contains('█'), "{gantt:?}");
    assert!(place.maestro(&["workflow", "show", "latest", "--format", "svg"]).out.starts_with("<svg"));
    assert!(place.maestro(&["workflow", "watch", "latest"]).out.contains("3 of 3 nodes complete"));
    place.maestro(&["workflow", "resume", "latest"]).refused("has ended well", "nothing to resume");
}

#[test]
fn what_cannot_be_used_creates_nothing() {
    let place = Place::new();
    place.file("release.yaml", RELEASE);
    place.file("outer.yaml", "dag_id: outer\nnodes:\n- {node_id: a, task_type: workflow, config: {dag_id: nowhere}}\n");
    place.file("round.yaml", "dag_id: round\nnodes:\n- {node_id: a, task_type: workflow, config: {dag_id: round}}\n");
    let run = |args: &[&str]| place.maestro(&[&["workflow", "run"], args].concat());
    run(&["missing.yaml"]).refused("no file `missing.yaml`", "");
    run(&["release.yaml", "--input", "[]"]).refused("no JSON object", "such as");
    run(&["release.yaml", "--input", "{\"plaice\": 1}"]).refused("no variable `plaice`", "`place`");
    run(&["outer.yaml"]).refused("`nowhere`, which there is not", "nowhere.yaml");
    run(&["round.yaml"]).refused("without end", "round → round");
    place.maestro(&["workflow", "show", "latest"]).refused("holds no run", "workflow list");
    assert_eq!(place.entries(), ["outer.yaml", "release.yaml", "round.yaml"]);
}

#[test]
fn a_run_waits_for_a_persons_word() {
    let place = Place::new();
    place.file(
        "ask.yaml",
        "dag_id: ask\nnodes:\n- {node_id: go, task_type: approval, config: {question: Go?, approvers: [ann]}}\n\
         - {node_id: then, task_type: noop, dependencies: [go]}\n",
    );
    let blocked = place.maestro(&["workflow", "run", "ask.yaml", "--no-wait", "--json"]);
    assert_eq!((blocked.code, &blocked.last()["status"]), (Some(3), &"blocked".into()), "{blocked:?}");
    let word = |verb: &str, node: &str, by: &str| place.maestro(&["workflow", verb, "latest", node, "--by", by]);
    word("approve", "go", "bob").refused("none of those who may approve", "ann");
    word("approve", "then", "ann").refused("waits for nobody's approval", "");
    assert_eq!(word("reject", "go", "ann").code, Some(0));
    let rejected = place.maestro(&["workflow", "resume", "latest", "--json"]);
    assert_eq!((rejected.code, &rejected.last()["reason"]), (Some(1), &"Maestro.Rejected".into()), "{rejected:?}");
    assert_eq!(word("approve", "go", "ann").code, Some(0));
    assert_eq!(place.maestro(&["workflow", "resume", "latest"]).code, Some(0));
}

/// A script, and a person whose word the run waits for.
const SLOW: &str = "
dag_id: slow
on_failure: compensate
nodes:
- {node_id: first, task_type: script, config: {script: 'echo done'}, compensate_with: {task_type: script, config: {script: 'true'}}}
- {node_id: second, task_type: approval, config: {question: Go?, approvers: [ann]}, dependencies: [first]}
";

/// Starts a run and comes back when its second node waits.
fn begun(place: &Place) -> std::process::Child {
    place.file("slow.yaml", SLOW);
    let mut command = place.command(&["workflow", "run", "slow.yaml"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("second waits")));
    child
}

fn approve(place: &Place) {
    assert_eq!(place.maestro(&["workflow", "approve", "latest", "second", "--by", "ann"]).code, Some(0));
}

#[test]
fn a_killed_run_goes_on_and_repeats_nothing() {
    let place = Place::new();
    let mut child = begun(&place);
    child.kill().unwrap();
    child.wait().unwrap();
    let first = nodes(&place)["first"].clone();
    assert_eq!(first["status"], "succeeded");
    assert_eq!(place.maestro(&["workflow", "list", "--json"]).json()[0]["status"], "interrupted");
    approve(&place);
    let told = place.maestro(&["workflow", "resume", "latest", "--json"]);
    assert_eq!((told.code, &told.last()["status"]), (Some(0), &"ok".into()), "{told:?}");
    assert_eq!(nodes(&place)["first"], first, "it was done once");
}

#[test]
fn what_nobody_executes_is_recovered_and_that_is_recorded() {
    let place = Place::new();
    let mut child = begun(&place);
    let told = place.maestro(&["workflow", "recover"]);
    assert!(told.err.contains("nothing to recover"), "somebody executes it: {told:?}");
    child.kill().unwrap();
    child.wait().unwrap();
    let told = place.maestro(&["workflow", "recover", "--dry-run"]);
    assert!(told.out.contains("is stuck"), "{told:?}");
    assert_eq!(place.maestro(&["workflow", "list", "--json"]).json()[0]["status"], "interrupted");
    approve(&place);
    assert_eq!(place.maestro(&["workflow", "recover", "--quiet"]).code, Some(0));
    let shown = place.maestro(&["workflow", "show", "latest", "--json"]).json();
    assert_eq!((&shown["status"], &shown["executions"]), (&"ok".into(), &2.into()), "{shown}");
    assert_eq!(
        (&shown["recoveries"][0]["finding"], &shown["recoveries"][0]["action"]),
        (&"stuck".into(), &"resume".into())
    );
}

#[test]
fn an_interrupted_run_goes_on_and_a_cancelled_one_is_undone() {
    let place = Place::new();
    let mut child = begun(&place);
    kill(Pid::from_raw(child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(nodes(&place)["first"]["status"], "succeeded", "an interruption undoes nothing");
    let listed = place.maestro(&["workflow", "list", "--json"]).json();
    assert_eq!(listed[0]["reason"]["code"], "interrupted", "{listed}");
    approve(&place);
    assert_eq!(place.maestro(&["workflow", "resume", "latest", "--quiet"]).code, Some(0));

    let mut child = begun(&place);
    let told = place.maestro(&["workflow", "cancel", "latest", "--json"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(nodes(&place)["first"]["status"], "compensated", "the process that executed it has undone it");
}

/// What undoes it is a person, so that it can be cut off.
const UNDONE_BY_HAND: &str = "
dag_id: by-hand
on_failure: compensate
nodes:
- {node_id: first, task_type: noop, compensate_with: {task_type: approval, config: {question: Undone?, approvers: [ann]}}}
- {node_id: second, task_type: script, config: {script: 'echo oh >&2; exit 3'}, dependencies: [first]}
";

#[test]
fn what_was_half_undone_when_its_process_was_killed_is_undone_to_the_end() {
    let place = Place::new();
    place.file("by-hand.yaml", UNDONE_BY_HAND);
    let mut command = place.command(&["workflow", "run", "by-hand.yaml"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("second") && line.contains("oh")));
    while nodes(&place)["first"]["status"] != "is undone" {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let by = ["--by", "ann"];
    assert_eq!(place.maestro(&[&["workflow", "approve", "latest", "first"][..], &by].concat()).code, Some(0));
    let told = place.maestro(&["workflow", "recover"]);
    assert_eq!(told.code, Some(1), "it failed, and has not ended otherwise by that: {told:?}");
    let shown = place.maestro(&["workflow", "show", "latest", "--json"]).json();
    assert_eq!((&shown["status"], &shown["reason"]["code"]), (&"failed".into(), &"Maestro.Script".into()), "{shown}");
    assert_eq!(nodes(&place)["first"]["status"], "compensated");
    place.maestro(&["workflow", "cancel", "latest"]).refused("cannot be cancelled", "workflow undo");
    let told = place.maestro(&["workflow", "undo", "latest", "--json"]);
    assert_eq!((told.code, &told.json()["undone"]), (Some(0), &Value::Array(vec![])), "nothing is left: {told:?}");
}

#[test]
fn a_run_is_deleted_with_the_runs_of_its_nodes_once_nobody_executes_it() {
    let place = Place::new();
    place.file(
        "inner.yaml",
        "dag_id: inner\nnodes:\n- {node_id: go, task_type: approval, config: {question: Go?, approvers: [ann]}}\n",
    );
    place.file("outer.yaml", "dag_id: outer\nnodes:\n- {node_id: a, task_type: workflow, config: {dag_id: inner}}\n");
    let blocked = place.maestro(&["workflow", "run", "outer.yaml", "--no-wait", "--json"]);
    assert_eq!(blocked.code, Some(3), "{blocked:?}");
    let outer = blocked.last()["run"].as_str().unwrap().to_owned();
    let shown = place.maestro(&["workflow", "show", "latest", "--json"]).json().to_string();
    let inner = shown.split('`').find(|part| part.starts_with("run-") && *part != outer).unwrap().to_owned();

    place.maestro(&["workflow", "delete", "latest"]).refused("no terminal", "--yes");
    place.maestro(&["workflow", "delete", &inner, "--yes"]).refused("belongs to a node of run", &outer);
    let deleted = place.maestro(&["workflow", "delete", "latest", "--yes", "--json"]);
    assert_eq!((deleted.code, &deleted.json()["deleted"]), (Some(0), &true.into()), "{deleted:?}");
    for run in [&outer, &inner] {
        place.maestro(&["workflow", "show", run]).refused("holds no run", "workflow list");
    }

    let mut child = begun(&place);
    place.maestro(&["workflow", "delete", "latest", "--yes"]).refused("executed elsewhere", "workflow cancel");
    approve(&place);
    assert!(child.wait().unwrap().success());
    assert_eq!(place.maestro(&["workflow", "delete", "latest", "-y"]).code, Some(0));
    assert_eq!(place.maestro(&["workflow", "list", "--json"]).json(), Value::Array(vec![]));
}

/// Tasks for personas, and what they answer; the suite of the local stack runs the same.
const PERSONAS: &str = include_str!("../data/personas/personas.yaml");
const INNER: &str = include_str!("../data/personas/inner.yaml");
const REPLIES: &str = include_str!("../data/personas/replies.yaml");

#[test]
fn personas_do_tasks_of_workflows_and_spend_what_was_granted() {
    let place = Place::new();
    place.file("personas.yaml", PERSONAS);
    place.file("inner.yaml", INNER);
    place.file("replies.yaml", REPLIES);
    let arguments = ["workflow", "run", "personas.yaml", "--json", "--model", "scripted:replies.yaml"];
    let told = place.maestro(&[&arguments[..], &["--budget", "0.5"]].concat());
    let ended = told.last();
    // What is inside is paid from the same account, which 0.40 of 0.50 were taken from.
    assert_eq!((&ended["status"], &ended["reason"]), (&"failed".into(), &"Maestro.Workflow".into()), "{told:?}");
    assert!(ended["message"].as_str().unwrap().contains("Maestro.Budget"), "{ended}");
    let shown = place.maestro(&["workflow", "show", "latest", "--json"]).json();
    let output = |node: &str| {
        let nodes = shown["nodes"].as_array().unwrap();
        nodes.iter().find(|one| one["node"] == node).unwrap()["output"].clone()
    };
    assert_eq!(output("ask")["json"], serde_json::json!(["Ada", "Bo"]));
    assert_eq!(output("each")[1], serde_json::json!({"text": "He rests.", "json": null}));
    // More is granted; what was answered before is not asked again.
    place.file("replies.yaml", REPLIES.replace("Ada", "Eve"));
    let told = place.maestro(&["workflow", "resume", "latest", "--budget", "0.25", "--json"]);
    assert_eq!(told.last()["status"], "ok", "{told:?}");
    let shown = place.maestro(&["workflow", "show", "latest", "--json"]).json();
    assert!(shown.to_string().contains("Ada") && !shown.to_string().contains("Eve"), "{shown}");
    assert_eq!(place.maestro(&["workflow", "delete", "latest", "--yes"]).code, Some(0));

    // The built-in author is no language model.
    let told = place.maestro(&["workflow", "run", "inner.yaml", "--json"]);
    assert_eq!(told.last()["reason"], "Maestro.NeedsModel", "{told:?}");
    place.file("none.yaml", "dag_id: none\nnodes:\n- {node_id: a, task_type: noop}\n");
    place.maestro(&["workflow", "run", "none.yaml", "--model", "blueprint"]).refused("no node of type `persona`", "");
}
