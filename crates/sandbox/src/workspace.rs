//! Checks what a workspace may hold, and finds the test modules in it.

use maestro_domain::{ContentHash, TestResult};
use maestro_ports::referee::Error;
use std::collections::BTreeMap;

const MAX_PATH: usize = 1024;
const MAX_NAME: usize = 255;

pub(crate) type Workspace = BTreeMap<String, Vec<u8>>;

/// Whether every path stays inside and none lies below a file.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Error> {
    for path in workspace.keys() {
        check_path(path)?;
        let mut above = path.as_str();
        while let Some((parent, _)) = above.rsplit_once('/') {
            if workspace.contains_key(parent) {
                return Err(Error::BadPath { path: path.clone() });
            }
            above = parent;
        }
    }
    Ok(())
}

/// Whether a path is relative and plain.
pub(crate) fn check_path(path: &str) -> Result<(), Error> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && part.len() <= MAX_NAME;
    if path.len() <= MAX_PATH && !path.contains('\0') && path.split('/').all(plain) {
        return Ok(());
    }
    Err(Error::BadPath { path: path.to_owned() })
}

pub(crate) fn hash(workspace: &Workspace) -> ContentHash {
    ContentHash::of_parts(workspace.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))
}

/// The test modules below a folder by their dotted names, sorted, and a result for each file that is none because of
/// its name.
pub(crate) fn test_modules(workspace: &Workspace, dir: &str) -> (Vec<String>, Vec<TestResult>) {
    let mut modules = Vec::new();
    let mut odd = Vec::new();
    let prefix = if dir == "." { String::new() } else { format!("{dir}/") };
    for path in workspace.keys() {
        let Some(inside) = path.strip_prefix(&prefix).and_then(|inside| inside.strip_suffix(".py")) else { continue };
        let file = inside.rsplit_once('/').map_or(inside, |(_, file)| file);
        if !file.starts_with("test") {
            continue;
        }
        if inside.split('/').all(is_identifier) {
            modules.push(inside.replace('/', "."));
        } else {
            let message = format!("`{path}` cannot be imported: its name is not made of Python identifiers");
            odd.push(crate::report::error(path.clone(), Vec::new(), message));
        }
    }
    modules.sort();
    (modules, odd)
}

fn is_identifier(name: &str) -> bool {
    let letter = |c: char| c.is_alphabetic() || c == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(paths: &[&str]) -> Workspace {
        paths.iter().map(|path| ((*path).to_owned(), Vec::new())).collect()
    }

    #[test]
    fn paths_that_leave_or_confuse_are_refused() {
        for bad in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a", ".", "..", "a\0b"] {
            assert!(matches!(check(&workspace(&[bad])), Err(Error::BadPath { path }) if path == bad), "{bad:?}");
        }
        let long = "x".repeat(256);
        assert!(check(&workspace(&[&long])).is_err());
    }

    #[test]
    fn a_file_below_a_file_is_refused() {
        assert!(check(&workspace(&["a", "a/b/c"])).is_err());
        assert!(check(&workspace(&["a", "ab/c", "a.b"])).is_ok());
    }

    #[test]
    fn test_modules_are_found_below_the_folder_only() {
        let files =
            ["app.py", "test_root.py", "tests/test_b.py", "tests/test_a.py", "tests/helper.py", "tests/deep/test_c.py"];
        let (modules, odd) = test_modules(&workspace(&files), "tests");
        assert_eq!(modules, ["deep.test_c", "test_a", "test_b"]);
        assert!(odd.is_empty());
    }

    #[test]
    fn a_test_file_that_cannot_be_imported_is_reported() {
        let (modules, odd) = test_modules(&workspace(&["tests/test-a.py"]), "tests");
        assert!(modules.is_empty());
        assert_eq!(odd[0].name, "tests/test-a.py");
    }
}
