//! What two runs of one epic must have in common: their canonical records and their deliverables.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// What a run left.
#[derive(Debug, Clone)]
pub struct Left {
    /// Its canonical record.
    pub record: Value,
    /// Its deliverable, by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Files of a deliverable that are not compared, and why.
pub const OF_THE_RUN: [(&str, &str); 2] = [
    ("maestro.json", "it holds the run's id; what else it says is in the record"),
    ("evidence.json", "it holds durations; what else it says is in the record"),
];

/// The parts in which two runs differ, such as `gates` or a file's path; none where they are the same.
#[must_use]
pub fn differences(one: &Left, other: &Left) -> BTreeSet<String> {
    let parts = |left: &Left| left.record.as_object().cloned().unwrap_or_default();
    let (mine, theirs) = (parts(one), parts(other));
    let parts = mine.keys().chain(theirs.keys()).filter(|part| mine.get(*part) != theirs.get(*part));
    let compared = |path: &&String| OF_THE_RUN.iter().all(|(name, _)| name != path);
    let files = one.files.keys().chain(other.files.keys()).filter(|path| {
        let (mine, theirs) = (one.files.get(*path), other.files.get(*path));
        // That they are there counts for all.
        if compared(path) { mine != theirs } else { mine.is_some() != theirs.is_some() }
    });
    parts.chain(files).cloned().collect()
}

/// All files below a folder, by path.
///
/// # Panics
/// When they cannot be read.
#[must_use]
#[expect(clippy::unwrap_used, reason = "a deliverable that cannot be read is a broken test")]
pub fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    files
}
