//! Every task type has a workflow that is accepted and one that is refused, with what is said about it.

use maestro_workflow::{check, lints, types};
use std::path::PathBuf;

fn fixture(kind: &str, name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", kind, name].iter().collect();
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_task_type_has_an_accepted_and_a_refused_config() {
    for one in types::ALL {
        let checked = check(&fixture("types", &format!("{}.accepted.yaml", one.name)));
        assert!(checked.workflow.is_some(), "{}: {:?}", one.name, checked.problems);

        let text = fixture("types", &format!("{}.refused.yaml", one.name));
        let checked = check(&text);
        let told: Vec<_> = checked
            .problems
            .iter()
            .map(|one| format!("{}:{} {} {}", one.place.line, one.place.column, one.code, one.message))
            .collect();
        let expected: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# ")).collect();
        assert_eq!(told, expected, "{}", one.name);
    }
}

#[test]
fn task_types_stand_in_order_once() {
    let names = types::ALL.map(|one| one.name);
    assert!(names.is_sorted_by(|left, right| left < right), "{names:?}");
}

#[test]
fn every_lint_has_a_page_and_an_accepted_and_a_refused_workflow() {
    for one in lints::ALL {
        let found = |kind: &str| {
            let text = fixture("lints", &format!("{}.{kind}.yaml", one.code));
            let checked = check(&text);
            let workflow = checked.workflow.unwrap_or_else(|| panic!("{}: {:?}", one.code, checked.problems));
            let found = lints::lint(&workflow).into_iter().filter(|problem| problem.code == one.code);
            let told: Vec<_> =
                found.map(|one| format!("{}:{} {}", one.place.line, one.place.column, one.message)).collect();
            let expected: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# ")).map(str::to_owned).collect();
            (told, expected)
        };
        assert_eq!(found("accepted").0, [""; 0], "{}", one.code);
        let (told, expected) = found("refused");
        assert!(!told.is_empty());
        assert_eq!(told, expected, "{}", one.code);
        let page = fixture("../../../docs/lints", &format!("{}.md", one.code));
        assert!(
            page.starts_with(&format!("# {}: {}\n", one.code, one.title)) && page.contains(one.fix),
            "{}",
            one.code
        );
    }
}
