//! Random edits of generated services, engine and all: the tests of the same epic must notice them.
//!
//! A few edits are made in every run; `MAESTRO_EDITS=100 cargo test -p maestro-acceptance edits -- --nocapture` makes
//! that many on each epic and shows those that nobody noticed.

use crate::python;
use serde_json::Value;
use std::{path::Path, process::Command};

const EPICS: [&str; 4] = ["allotment-garden", "concrete-lab", "court-booking", "tool-library"];
/// Edits of one epic in a usual run.
const FEW: usize = 4;
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mutation/mutate.py");

/// Writes the service of an example with its tests.
fn lay_out(name: &str, dir: &Path) {
    let epic = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../examples/epics/{name}.md"));
    lay_out_epic(&std::fs::read(epic).unwrap(), name, dir);
}

fn lay_out_epic(epic: &[u8], name: &str, dir: &Path) {
    let requirements = maestro_reader::read(&maestro_epic::read(epic, name).unwrap());
    let model = &requirements.concepts;
    let mut files = maestro_service::backend_files(model);
    files.extend(maestro_acceptance::write(&requirements, model).files);
    files.insert("openapi.json".to_owned(), maestro_service::openapi(model).to_string());
    python::write(dir, &files);
}

#[test]
fn random_edits_of_services_are_noticed() {
    let edits = std::env::var_os("MAESTRO_EDITS").map_or(FEW, |count| count.to_string_lossy().parse().unwrap());
    let (mut made, mut missed) = (0, Vec::new());
    for (number, name) in EPICS.into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        lay_out(name, dir.path());
        let (results, output) = python::run(dir.path(), &[]);
        assert!(!results.is_empty() && results.values().all(|passed| *passed), "{name}, as it is: {output}");
        // Each epic draws its own edits: the engine is the same in all of them.
        let drawn = ["--edits".to_owned(), edits.to_string(), "--seed".to_owned(), (number + 1).to_string()];
        let output = Command::new("python3").arg(SCRIPT).arg(dir.path()).args(drawn).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        for edit in found.filter(|line| line.get("noticed").is_some()) {
            made += 1;
            if edit["noticed"] == false {
                missed.push(format!("{name}: {edit}"));
            }
        }
    }
    eprintln!("{made} edits, {} not noticed:\n{}", missed.len(), missed.join("\n"));
    // Many edits change nothing for anybody: each epic uses a part of the engine only. So few edits say little of how
    // many those are; that is what a run of many is for.
    assert!(made >= EPICS.len() * edits / 2 && missed.len() * 2 <= made, "{missed:#?}");
}

/// Rentals too long to be placed two days behind one another, and codes of which one letter stays the same.
const RENTALS: &str = "# Rentals\n\nAn instrument has a code (required). The code must match the pattern P[0-9]{5}.\n\n\
    A rental belongs to an instrument and has a start date and an end date. The start date and the end date are \
    required.\n\nThe end date must be at least 90 days after the start date.\n\nRentals of the same instrument must not \
    overlap.\n";

/// What lasts along a measure, and touches without overlapping.
const CORES: &str = "# Cores\n\nA borehole has a code (required) and a final depth (decimal, required, greater than 0, at most 3000).\n\n\
    Each sample belongs to exactly one borehole. It has a label, a top depth and a bottom depth, both decimal numbers in metres. The \
    label and both depths are required.\n\nThe top depth may not be negative. The bottom depth must be greater than the top depth. The \
    bottom depth of a sample cannot exceed the final depth of its borehole.\n\nThe samples of a borehole must not overlap in depth; one \
    sample may begin where another ends.\n";

#[test]
fn a_shared_day_and_another_letter_are_noticed() {
    noticed(
        RENTALS,
        &[
            ("service/rules/overlap.py", "else start <= end", "else start < end"),
            ("service/model.py", "P[0-9]{5}", "[A-Z][0-9]{5}"),
        ],
    );
}

#[test]
fn depths_that_touch_are_noticed() {
    noticed(
        CORES,
        &[
            ("service/rules/overlap.py", "(datetime, Decimal)", "datetime"),
            ("service/rules/overlap.py", "return start < end if", "return False if"),
            ("service/rules/overlap.py", "for key in rule[\"by\"]", "for key in ()"),
        ],
    );
}

/// Each of these edits of the service of an epic fails a test of it.
fn noticed(epic: &str, edits: &[(&str, &str, &str)]) {
    let dir = tempfile::tempdir().unwrap();
    lay_out_epic(epic.as_bytes(), "epic", dir.path());
    let (results, output) = python::run(dir.path(), &[]);
    assert!(!results.is_empty() && results.values().all(|passed| *passed), "{output}");
    for (file, right, wrong) in edits {
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(right), "{file} says nothing of `{right}`:\n{text}");
        std::fs::write(&path, text.replace(right, wrong)).unwrap();
        let (results, output) = python::run_failfast(dir.path(), &[]);
        assert!(results.values().any(|passed| !passed), "`{wrong}` is not noticed: {output}");
        std::fs::write(&path, text).unwrap();
    }
}
