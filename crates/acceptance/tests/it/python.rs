//! Runs generated tests against a generated service.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// What became of each test, by dotted name: `true` when it passed.
pub(crate) type Results = BTreeMap<String, bool>;

pub(crate) fn write(dir: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// Reports each test on a line of its own, as `name ok` or `name FAIL`.
const RUNNER: &str = r"
import sys, unittest
sys.path.insert(0, 'tests')
class Lines(unittest.TextTestResult):
    def stopTest(self, test):
        super().stopTest(test)
        bad = {id(t) for t, _ in self.failures + self.errors}
        print('RESULT', test.id(), 'FAIL' if id(test) in bad else 'ok', flush=True)
failfast = sys.argv[1] == 'failfast'
names = sys.argv[2:]
loader = unittest.defaultTestLoader
suite = loader.loadTestsFromNames(names) if names else loader.discover('tests')
outcome = unittest.TextTestRunner(resultclass=Lines, verbosity=0, failfast=failfast).run(suite)
sys.exit(not outcome.wasSuccessful())
";

/// Runs all tests, or those named; gives the results and the runner's own output.
pub(crate) fn run(dir: &Path, names: &[String]) -> (Results, String) {
    run_until(&mut python(), dir, names, "end")
}

/// Runs all tests, or those named, up to the first failure.
pub(crate) fn run_failfast(dir: &Path, names: &[String]) -> (Results, String) {
    run_until(&mut python(), dir, names, "failfast")
}

/// Runs all tests, or those named, with another day as today: `shim` is the folder of the module that makes it so.
pub(crate) fn run_on(dir: &Path, day: &str, shim: &Path, names: &[String]) -> (Results, String) {
    run_until(python().env("TODAY", day).env("PYTHONPATH", shim), dir, names, "end")
}

/// Runs the tests of a folder again and again, against whatever service stands there then, each time up to the first
/// failure. The service is no Python of its own here, which takes longer to start than most tests: see `runner.py`.
pub(crate) struct Runner {
    child: Child,
    /// `None` once there is nothing more to run.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Runner {
    /// Reads the tests, which must stand there.
    pub(crate) fn start(dir: &Path) -> Self {
        let mut python = python();
        python.arg("-c").arg(include_str!("runner.py")).current_dir(dir);
        let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python runs");
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { requests: child.stdin.take(), child, answers }
    }

    /// Runs the named tests; gives the results and what was said meanwhile.
    pub(crate) fn run(&mut self, names: &[String]) -> (Results, String) {
        writeln!(self.requests.as_mut().unwrap(), "{}", serde_json::json!(names)).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).expect("the runner answers")
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.requests = None;
        let _ended = self.child.wait();
    }
}

fn python() -> Command {
    let mut python = Command::new("python3");
    python.env_remove("PYTHONDONTWRITEBYTECODE");
    python
}

fn run_until(python: &mut Command, dir: &Path, names: &[String], until: &str) -> (Results, String) {
    let output = python.arg("-c").arg(RUNNER).arg(until).args(names).current_dir(dir).output().expect("Python runs");
    let mut results = Results::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Some((name, outcome)) = line.strip_prefix("RESULT ").and_then(|rest| rest.rsplit_once(' ')) {
            results.insert(name.to_owned(), outcome == "ok");
        }
    }
    (results, String::from_utf8_lossy(&output.stderr).into_owned())
}
