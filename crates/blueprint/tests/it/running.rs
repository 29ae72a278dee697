//! The generated checks against the generated service, really started.

use crate::{
    fixture::{epic, requirements, team_with},
    rich,
    team::Team,
};
use std::{path::Path, process::Command};

/// Lets the team work and lays its files out.
async fn laid_out(team: Team, folder: &Path) {
    let team = team.all().await;
    for (path, text) in &team.files {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Runs the tests of a folder; answers whether they passed, and the output.
fn unittest(folder: &Path, dir: &str) -> (bool, String) {
    let output = Command::new("python3")
        .args(["-m", "unittest", "discover", "-s", dir])
        .current_dir(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{} does not hold {from}", path.display());
    std::fs::write(path, text.replace(from, to)).unwrap();
}

async fn all_pass(team: Team) {
    let folder = tempfile::tempdir().unwrap();
    laid_out(team, folder.path()).await;
    for dir in ["tests", "integration", "deploy/checks"] {
        let (passed, output) = unittest(folder.path(), dir);
        assert!(passed, "{dir}:\n{output}");
        assert!(!output.contains("Ran 0 tests") && !output.contains("skipped"), "{dir}:\n{output}");
    }
}

#[tokio::test]
async fn the_service_of_an_epic_starts_keeps_its_word_and_stops() {
    all_pass(Team::new(epic())).await;
}

#[tokio::test]
async fn a_service_with_roles_states_money_and_references_keeps_its_word() {
    all_pass(team_with(requirements("word"))).await;
}

#[tokio::test]
async fn a_service_in_which_records_are_hard_to_make_keeps_its_word() {
    all_pass(team_with(rich::requirements())).await;
}

#[tokio::test]
async fn a_broken_promise_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    laid_out(team_with(requirements("word")), folder.path()).await;
    let operations = folder.path().join("service/operations.py");
    let kept = std::fs::read_to_string(&operations).unwrap();
    // A field that the document does not know.
    replace(&operations, "shown = {\"id\": record.id}", "shown = {\"id\": record.id, \"surprise\": 1}");
    let (passed, output) = unittest(folder.path(), "integration");
    assert!(!passed && output.contains("surprise"), "{output}");
    std::fs::write(&operations, kept).unwrap();
    // Records that do not outlive the process.
    let store = folder.path().join("service/store.py");
    replace(&store, "str(folder / \"service.db\")", "\":memory:\"");
    let (passed, output) = unittest(folder.path(), "deploy/checks");
    assert!(!passed && output.contains("404"), "{output}");
}
