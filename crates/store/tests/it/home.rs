//! The folder of one machine.

use crate::samples::tenant;
use maestro_store::{Error, Home};
use std::{collections::BTreeMap, fs, path::Path};

fn tree(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        found.insert(name, fs::read_to_string(&path).unwrap_or_else(|_| "dir or binary".into()));
    }
    found
}

#[test]
fn a_new_home_is_complete_and_out_of_the_way() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path().join("a/b/.maestro")).unwrap();
    assert!(home.dir().is_absolute());
    assert!(home.blobs_dir().is_dir() && home.scratch_dir().is_dir() && home.log_dir().is_dir());
    let files = tree(home.dir());
    assert_eq!(files[".gitignore"], "*\n");
    assert_eq!(files["layout"], "1\n");
    assert_eq!(files.len(), 5, "{files:?}");
    Home::open(home.dir()).unwrap();
    assert_eq!(tree(home.dir()), files, "opening again changes nothing");
}

#[test]
fn a_folder_with_other_things_keeps_them() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".gitignore"), "target\n").unwrap();
    Home::open(dir.path()).unwrap();
    assert_eq!(tree(dir.path())[".gitignore"], "target\n");
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("epic.md"), "# E").unwrap();
    Home::open(other.path()).unwrap();
    assert!(!tree(other.path()).contains_key(".gitignore"), "`*` would hide the epic");
}

#[test]
fn a_home_of_a_newer_version_is_refused_untouched() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("layout"), "2\n").unwrap();
    let error = Home::open(dir.path()).unwrap_err();
    assert!(matches!(error, Error::NewerHome { found: 2, known: 1, .. }), "{error:?}");
    assert!(error.to_string().contains(&*dir.path().to_string_lossy()), "{error}");
    assert_eq!(tree(dir.path()).len(), 1, "nothing was written");
    for text in ["", "x", "-1", "0", "1.5", &"9".repeat(50)] {
        fs::write(dir.path().join("layout"), text).unwrap();
        let error = Home::open(dir.path()).unwrap_err();
        assert!(matches!(error, Error::BadLayout { .. }), "`{text}`: {error:?}");
    }
    fs::write(dir.path().join("layout"), b"\xff\xfe").unwrap();
    assert!(matches!(Home::open(dir.path()), Err(Error::BadLayout { .. })));
    assert_eq!(tree(dir.path()).len(), 1, "nothing was written");
}

#[test]
fn a_home_that_cannot_be_made_is_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [file.clone(), file.join("below")] {
        let error = Home::open(&place).unwrap_err();
        assert!(matches!(error, Error::Home { .. }), "{error:?}");
        assert!(error.to_string().contains("file"), "{error}");
    }
    let home = Home::open(dir.path().join("home")).unwrap();
    fs::remove_dir(home.blobs_dir()).unwrap();
    fs::write(home.blobs_dir(), "").unwrap();
    assert!(matches!(Home::open(home.dir()), Err(Error::Home { .. })));
    assert!(matches!(home.store(tenant()), Err(Error::Blobs(_))));
}
