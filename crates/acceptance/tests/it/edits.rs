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

/// Writes the service of an epic with its tests.
fn lay_out(name: &str, dir: &Path) {
    let epic = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../examples/epics/{name}.md"));
    let requirements = maestro_reader::read(&maestro_epic::read(&std::fs::read(epic).unwrap(), name).unwrap());
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
