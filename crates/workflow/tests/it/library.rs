//! The library keeps to what the rest of this room asks for.

use crate::support::{run, texts};
use maestro_workflow::compile::compile;
use maestro_workflow::{Scope, Workflow, check, library, lints};

fn workflow(entry: &library::Entry) -> Workflow {
    let checked = check(entry.text);
    checked.workflow.unwrap_or_else(|| panic!("{}: {:?}", entry.name, checked.problems))
}

#[test]
fn every_workflow_of_the_library_is_sound_and_follows_best_practices() {
    for entry in library::ALL {
        let workflow = workflow(entry);
        assert_eq!(*workflow.dag.dag_id, entry.name);
        assert!(workflow.dag.description.is_some());
        let found = lints::lint(&workflow);
        let found: Vec<_> = found.iter().filter(|one| one.code != "W009").map(ToString::to_string).collect();
        assert_eq!(found, [""; 0], "{}", entry.name);
    }
}

#[test]
fn every_workflow_of_the_library_is_compiled_and_runs_in_order() {
    for entry in library::ALL {
        let workflow = workflow(entry);
        let compiled = compile(&workflow);
        texts(&compiled);
        run(&workflow, &compiled, &|at| 10 + at as u64);
    }
}

#[test]
fn every_scope_says_who_works_in_a_run_of_an_epic() {
    let scopes = Scope::all().unwrap();
    let names: Vec<_> = scopes.iter().map(|scope| scope.name.as_str()).collect();
    let listed: Vec<_> = library::ALL.iter().filter(|entry| entry.scope).map(|entry| entry.name).collect();
    assert_eq!(names, listed);
    for entry in library::ALL.iter().filter(|entry| !entry.scope) {
        assert!(Scope::read(entry.text).is_err(), "{} is a building block", entry.name);
    }
    let unknown = Scope::find("hotfix").unwrap_err();
    assert_eq!(unknown, format!("there is no scope `hotfix`; there are {}", names.join(", ")));
}

#[test]
fn the_larger_a_scope_the_more_it_does() {
    let sizes: Vec<_> = library::ALL
        .iter()
        .filter(|entry| entry.scope)
        .map(|entry| (workflow(entry).graph.len(), entry.name))
        .collect();
    let least = ["poc", "bugfix", "mvp", "feature", "enterprise"]
        .map(|name| sizes.iter().find(|(_, one)| *one == name).unwrap().0);
    assert!(least.is_sorted(), "{sizes:?}");
}
