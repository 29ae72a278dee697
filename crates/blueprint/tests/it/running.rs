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

/// Records that nobody makes by trying likely values: texts of exact, least and few characters, and a limit of the parent that
/// its children need larger than the first likely number.
const STANDS: &str = "# Trade fair

## Data

A hall has:
- name (text, required, unique)
- floor area (decimal, required, more than 0)

A stand has:
- hall (reference to hall, required)
- stand number (text, required, format A-99)
- area (decimal, required, between 4 and 400)

An exhibitor has:
- country (text, required, exactly 2 characters)
- IBAN (text, required, between 15 and 34 characters)
- blocked (yes/no, default no)

A booking has:
- stand (reference to stand, required)
- exhibitor (reference to exhibitor, required)
- first day (date, required)
- last day (date, required)

## Rules

- The stand number is unique within a hall.
- The total area of the stands in a hall must not exceed its floor area.
- The last day must not be before the first day.
- Bookings of the same stand must not overlap.
- Blocked exhibitors cannot make bookings.
";

fn stands() -> Team {
    Team::new(maestro_epic::read(STANDS.as_bytes(), "stands.md").unwrap())
}

/// Lets the service refuse every new record.
fn refuse_all(folder: &Path) {
    replace(
        &folder.join("service/operations.py"),
        "    def create(self, entity, body, role):\n",
        "    def create(self, entity, body, role):\n        raise Problem(409, \"closed today\")\n",
    );
}

/// What tests do where nobody knows what a valid record consists of.
fn without_makers(folder: &Path) {
    for dir in ["integration", "deploy/checks"] {
        std::fs::remove_file(folder.join(dir).join("factories.py")).unwrap();
    }
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
async fn a_service_whose_records_cannot_be_guessed_keeps_its_word() {
    let folder = tempfile::tempdir().unwrap();
    laid_out(stands(), folder.path()).await;
    for dir in ["integration", "deploy/checks"] {
        let (passed, output) = unittest(folder.path(), dir);
        assert!(passed && !output.contains("no valid record"), "{dir}:\n{output}");
    }
}

#[tokio::test]
async fn one_kind_of_records_that_refuses_valid_ones_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    laid_out(stands(), folder.path()).await;
    replace(
        &folder.path().join("service/operations.py"),
        "    def create(self, entity, body, role):\n",
        "    def create(self, entity, body, role):\n        if entity.key == \"stand\":\n            raise Problem(409, \"closed today\")\n",
    );
    let (passed, output) = unittest(folder.path(), "integration");
    let told = |path: &str| {
        output.contains(&format!("no record of {path}: what meets all rules was refused: POST /stands answered 409"))
    };
    // Bookings need stands; halls and exhibitors need nothing.
    assert!(!passed && told("/stands") && told("/bookings"), "{output}");
    assert!(!output.contains("no record of /halls") && !output.contains("no record of /exhibitors"), "{output}");
}

#[tokio::test]
async fn a_service_that_refuses_everything_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    laid_out(stands(), folder.path()).await;
    refuse_all(folder.path());
    for dir in ["integration", "deploy/checks"] {
        let (passed, output) = unittest(folder.path(), dir);
        assert!(!passed && output.contains("closed today"), "{dir}:\n{output}");
    }
    // Where nobody knows a valid record it starts all the same, but it does not answer as it should.
    without_makers(folder.path());
    let (passed, output) = unittest(folder.path(), "deploy/checks");
    assert!(
        passed && output.contains("no valid record is known") && output.contains("/halls answered 409"),
        "{output}"
    );
    let (passed, output) = unittest(folder.path(), "integration");
    assert!(!passed && output.contains("no collection accepted any record: /"), "{output}");
}

#[tokio::test]
async fn texts_of_any_length_are_found_without_knowing_the_epic() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# Trade\n\n## Data\n\nAn exhibitor has:\n- country (text, required, exactly 2 characters)\n- sign (text, required, exactly 1 character)\n\
                - note (text, required, at least 12 characters)\n- IBAN (text, required, between 15 and 34 characters)\n";
    laid_out(Team::new(maestro_epic::read(text.as_bytes(), "trade.md").unwrap()), folder.path()).await;
    without_makers(folder.path());
    for dir in ["integration", "deploy/checks"] {
        let (passed, output) = unittest(folder.path(), dir);
        assert!(passed && !output.contains("no valid record"), "{dir}:\n{output}");
    }
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
