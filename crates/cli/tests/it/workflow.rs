//! `workflow ...` on files as people have them.

use crate::support::Place;

const SOUND: &str = "dag_id: ship\nnodes:\n  - node_id: build\n    task_type: script\n    config: {script: make}\n    timeout_seconds: 600\n  - node_id: test\n    task_type: script\n    dependencies: [build]\n    config: {script: make test}\n    timeout_seconds: 600\n";
const BROKEN: &str = "dag_id: ship\nnodes:\n  - node_id: build\n    task_tpe: script\n";

fn place() -> Place {
    let place = Place::new();
    place.file("sound.yaml", SOUND);
    place.file("broken.yaml", BROKEN);
    place
}

#[test]
fn validate_tells_all_errors_with_file_line_and_column() {
    let place = place();
    let told = place.maestro(&["workflow", "validate", "sound.yaml"]);
    assert_eq!((told.code, told.out.as_str()), (Some(0), "sound.yaml: `ship` is sound: 2 nodes\n"), "{told:?}");
    assert_eq!(told.err, "", "{told:?}");
    place.file("cloud.yaml", "dag_id: d\nnodes:\n  - {node_id: a, task_type: lambda, config: {function: f}}\n");
    let told = place.maestro(&["workflow", "validate", "cloud.yaml"]);
    assert!(told.err.contains("does not run nodes of type lambda"), "nothing pretends: {told:?}");

    let told = place.maestro(&["workflow", "validate", "broken.yaml", "missing.yaml", "sound.yaml"]);
    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(told.err.contains("broken.yaml:4:5: error[unknown-field]: `task_tpe` is not a field here"), "{told:?}");
    assert!(told.err.contains("did you mean `task_type`?") && told.err.contains("missing.yaml"), "{told:?}");
    assert!(told.out.contains("sound.yaml"), "the rest is checked: {told:?}");

    let told = place.maestro(&["workflow", "validate", "broken.yaml", "--json"]);
    let problems = told.json();
    assert_eq!(told.code, Some(2));
    assert_eq!(
        (&problems[0]["file"], &problems[0]["line"], &problems[0]["column"]),
        (&"broken.yaml".into(), &4.into(), &5.into())
    );
    assert_eq!(
        (&problems[0]["code"], &problems[0]["severity"]),
        (&"unknown-field".into(), &"error".into()),
        "{problems}"
    );
    let told = place.fed(&["workflow", "validate", "-", "--json"], SOUND.as_bytes());
    assert_eq!((told.code, told.out.as_str()), (Some(0), "[]\n"));
}

#[test]
fn lint_tells_codes_and_can_be_told_what_to_leave_out() {
    let place = place();
    place.file("hasty.yaml", SOUND.replace("    timeout_seconds: 600\n", ""));
    let told = place.maestro(&["workflow", "lint", "sound.yaml", "hasty.yaml"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.out.contains("hasty.yaml:3:14: warning[W001]") && !told.out.contains("sound.yaml:"), "{told:?}");
    assert!(told.out.contains("2 files checked: 0 errors, 2 warnings"), "{told:?}");
    let told = place.maestro(&["workflow", "lint", "hasty.yaml", "--allow", "W001", "--json"]);
    assert_eq!((told.code, told.out.as_str()), (Some(0), "[]\n"), "{told:?}");
    place.maestro(&["workflow", "lint", "hasty.yaml", "--allow", "W999"]).refused("there is no lint `W999`", "W001");
    assert_eq!(place.maestro(&["workflow", "lint", "broken.yaml"]).code, Some(2));
}

#[test]
fn compile_prints_a_definition_that_our_own_checks_pass() {
    let place = place();
    let told = place.maestro(&["workflow", "compile", "sound.yaml"]);
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{told:?}");
    assert_eq!(told.json()["States"]["build"]["Next"], "test");
    place.file("sound.asl.json", &told.out);
    assert_eq!(place.maestro(&["asl", "check", "sound.asl.json", "--json"]).out, "[]\n");

    let all = place.maestro(&["workflow", "compile", "sound.yaml", "--json"]).json();
    assert_eq!((&all["nodes"], &all["gated"], &all["definitions"][0]["name"]), (&2.into(), &0.into(), &"ship".into()));
    place.maestro(&["workflow", "compile", "broken.yaml"]).refused("broken.yaml:4:5", "`broken.yaml` has 1 error");

    let nodes = (0..2_000).map(|at| format!("- {{node_id: n{at}, task_type: noop}}\n"));
    place.file("large.yaml", format!("dag_id: large\nnodes:\n{}", nodes.collect::<String>()));
    place.maestro(&["workflow", "compile", "large.yaml"]).refused("too large for one definition", "--out DIR");
    let told = place.maestro(&["workflow", "compile", "large.yaml", "--out", "out"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.starts_with("out/large.asl.json\nout/large-part-1.asl.json\n"), "{told:?}");
    let checked = place.maestro(&["asl", "check", "out/large.asl.json", "out/large-part-1.asl.json", "--json"]);
    assert_eq!(checked.out, "[]\n");
}

#[test]
fn plan_tells_what_to_expect_and_draws() {
    let place = place();
    let told = place.maestro(&["workflow", "plan", "sound.yaml", "--assume", "30"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.out.contains("build → test") && told.out.contains("60s"), "{told:?}");
    assert!(told.out.contains("2 nodes assumed to take 30 s") && told.out.contains("1 node at once"), "{told:?}");
    let plan = place.maestro(&["workflow", "plan", "sound.yaml", "--json"]).json();
    assert_eq!(
        (&plan["makespan_ms"], &plan["width"], &plan["gated"]),
        (&120_000.into(), &1.into(), &0.into()),
        "{plan}"
    );
    for (format, start) in [("mermaid", "flowchart"), ("dot", "digraph"), ("svg", "<svg")] {
        let told = place.maestro(&["workflow", "plan", "sound.yaml", "--format", format]);
        assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{told:?}");
        assert!(told.out.starts_with(start) && told.out.contains("test"), "{told:?}");
    }
}

#[test]
fn the_library_is_listed_shown_and_started_from() {
    let place = Place::new();
    let list = place.maestro(&["workflow", "library", "list", "--json"]).json();
    assert_eq!((&list[0]["name"], &list[0]["kind"]), (&"bugfix".into(), &"scope".into()), "{list}");
    let shown = place.maestro(&["workflow", "library", "show", "hotfix"]);
    assert!(shown.out.starts_with("dag_id: hotfix\n"), "{shown:?}");
    let told = place.maestro(&["workflow", "library", "new", "hotfix"]);
    assert_eq!((told.code, told.out.as_str()), (Some(0), "hotfix.yaml\n"));
    assert_eq!(place.maestro(&["workflow", "lint", "hotfix.yaml"]).code, Some(0));
    place.maestro(&["workflow", "library", "new", "hotfix"]).refused("cannot be written as a new file", "exists");
    place.maestro(&["workflow", "library", "show", "hotfx"]).refused("no workflow `hotfx`", "hotfix");
}

#[test]
fn types_and_schema_are_told() {
    let place = Place::new();
    let types = place.maestro(&["workflow", "types", "--json"]).json();
    assert_eq!((&types[0]["task_type"], &types[0]["runs"]), (&"approval".into(), &true.into()), "{types}");
    let schema = place.maestro(&["workflow", "schema"]).json();
    assert_eq!(schema["title"], "Maestro workflow");
}
