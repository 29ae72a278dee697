//! What is recorded of a run, and what stays the same when it is run again.

use crate::setting::{command, in_every_isolation, options, python, run, stderr, tests};
use maestro_domain::{ContentHash, ExitStatus, Isolation};
use maestro_ports::referee::{Action, Error, Referee as _};
use maestro_sandbox::{LocalReferee, Options, probe_with};

in_every_isolation!(
    a_command_gives_the_same_evidence_twice,
    tests_give_the_same_evidence_twice,
    evidence_names_job_command_and_workspace,
    a_missing_program_is_no_evidence,
    paths_that_leave_the_workspace_are_refused,
    tests_give_the_same_evidence_when_they_hang,
);

async fn a_command_gives_the_same_evidence_twice(referee: &LocalReferee) {
    let program = r"
import datetime, os, socket, sys, tempfile, time, uuid
s = socket.socket(); s.bind(('127.0.0.1', 0))
print('listening on 127.0.0.1:%d' % s.getsockname()[1], s.getsockname())
print(datetime.datetime.now(), datetime.date.today(), object(), uuid.uuid4(), tempfile.mkdtemp())
print('pid', os.getpid(), {'b', 'a', 'c', 'd', 'e'})
print('took %.6fs' % time.perf_counter(), file=sys.stderr)
";
    let (one, two) = (run(referee, python(program)).await.unwrap(), run(referee, python(program)).await.unwrap());
    assert!(one.evidence.success(), "{}", stderr(&one));
    assert_ne!(one.stdout, two.stdout);
    assert_eq!(one.evidence.id(), two.evidence.id());
    let other = run(referee, python(&program.replace("listening", "waiting"))).await.unwrap();
    assert_ne!(one.evidence.id(), other.evidence.id());
    assert_ne!(one.evidence.output_hash, other.evidence.output_hash);
}

async fn tests_give_the_same_evidence_twice(referee: &LocalReferee) {
    let text = r"
import os, random, time, unittest
class T(unittest.TestCase):
    def test_fails_with_what_varies(self):
        self.assertEqual(1, 2, 'at 0x%x after %fs on 127.0.0.1:%d' % (id(self), time.time(), random.randint(1024, 65535)))
    def test_prints(self):
        print(os.getpid(), time.time())
";
    let names: Vec<_> = (0..6).map(|n| format!("tests/test_{n}.py")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), text)).collect();
    let (one, two) = (run(referee, tests(&files)).await.unwrap(), run(referee, tests(&files)).await.unwrap());
    assert_eq!(one.evidence.tests.len(), 12);
    assert!(one.evidence.tests.is_sorted_by(|a, b| a.name < b.name));
    assert_ne!(one.evidence.tests[0].message, two.evidence.tests[0].message);
    assert_eq!(one.evidence.id(), two.evidence.id());
}

async fn evidence_names_job_command_and_workspace(referee: &LocalReferee) {
    let mut job = command(&["true"]);
    job.workspace.insert("b".to_owned(), b"2".to_vec());
    job.workspace.insert("a".to_owned(), b"1".to_vec());
    let evidence = run(referee, job).await.unwrap().evidence;
    assert_eq!(evidence.job, "testing/verify");
    assert_eq!(evidence.command, ["true"]);
    assert_eq!(evidence.isolation, referee.isolation().await.unwrap());
    assert_eq!(evidence.workspace_hash, ContentHash::of_parts([("a", b"1".as_slice()), ("b", b"2".as_slice())]));
    assert!(evidence.success() && !evidence.truncated && evidence.tests.is_empty());
}

async fn a_missing_program_is_no_evidence(referee: &LocalReferee) {
    for name in ["no-such-program", "./no-such-file", ""] {
        let error = referee.run(command(&[name])).await.unwrap_err();
        assert!(matches!(&error, Error::MissingProgram { program } if program == name), "{error:?}");
    }
}

async fn paths_that_leave_the_workspace_are_refused(referee: &LocalReferee) {
    for path in ["../x", "/etc/x", "", "a/../../x", "a\0"] {
        let mut job = command(&["true"]);
        job.workspace.insert(path.to_owned(), Vec::new());
        let error = referee.run(job).await.unwrap_err();
        assert!(matches!(&error, Error::BadPath { path: bad } if bad == path), "{error:?}");

        let mut job = tests(&[]);
        job.action = Action::PythonTests { dir: path.to_owned() };
        assert!(matches!(referee.run(job).await, Err(Error::BadPath { .. })), "{path:?}");
    }
}

async fn tests_give_the_same_evidence_when_they_hang(referee: &LocalReferee) {
    let good = "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        pass\n";
    let hangs = "import time, unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n    def test_b(self):\n        time.sleep(600)\n    def test_c(self):\n        pass\n";
    let mut job = tests(&[("tests/test_1.py", hangs), ("tests/test_2.py", good), ("tests/test_3.py", good)]);
    job.limits.wall_ms = 3_000;
    referee.isolation().await.unwrap();
    let evidence = run(referee, job).await.unwrap().evidence;
    assert_eq!(evidence.exit, ExitStatus::TimedOut);
    let said: Vec<_> = evidence.tests.iter().map(|test| (test.name.as_str(), test.message.as_str())).collect();
    assert_eq!(
        said,
        [
            ("test_1", "the test process was stopped at the time limit before its report was complete"),
            ("test_1.T.test_a", ""),
            ("test_1.T.test_b", "the test process was stopped at the time limit during this test"),
            ("test_1.T.test_c", "did not run: the test process was stopped at the time limit"),
            ("test_2.T.test_it", ""),
            ("test_3.T.test_it", ""),
        ]
    );
}

#[tokio::test]
async fn without_isolation_nothing_runs_unless_it_was_allowed() {
    let forced = Options { allow_unsandboxed: false, ..options(Isolation::Unsandboxed) };
    let error = LocalReferee::new(forced).run(command(&["true"])).await.unwrap_err();
    assert!(matches!(&error, Error::NoIsolation { reason } if reason.contains("not allowed")), "{error:?}");

    let evidence = LocalReferee::new(options(Isolation::Unsandboxed)).run(python("print(1)")).await.unwrap().evidence;
    assert_eq!(evidence.isolation, Isolation::Unsandboxed);
    assert!(evidence.success());
}

#[tokio::test]
async fn without_isolation_the_private_folder_vanishes() {
    let scratch = tempfile::tempdir().unwrap();
    let options = Options { scratch: scratch.path().join("below"), ..options(Isolation::Unsandboxed) };
    let good = "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        open('left', 'w')\n";
    let outcome = LocalReferee::new(options).run(tests(&[("tests/test_a.py", good)])).await.unwrap();
    assert!(outcome.evidence.success(), "{:?} {}", outcome.evidence, stderr(&outcome));
    assert_eq!(std::fs::read_dir(scratch.path().join("below")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_helper_that_is_none_is_told_so() {
    let options = Options { helper: "/bin/echo".into(), ..options(Isolation::Namespaces) };
    let error = LocalReferee::new(options).run(command(&["true"])).await.unwrap_err();
    assert!(error.to_string().contains("does not answer as the sandbox's helper"), "{error}");
}

#[tokio::test]
async fn the_probe_really_tries() {
    let report = probe_with(Options { force: None, ..options(Isolation::Namespaces) });
    assert!(report.ready() && report.tested, "{report:?}");
    let namespaces = report.attempts.iter().find(|attempt| attempt.isolation == Isolation::Namespaces).unwrap();
    assert_eq!(namespaces.problem, None);

    let report = probe_with(Options { helper: "/bin/false".into(), ..options(Isolation::Namespaces) });
    assert!(!report.ready() && !report.tested && report.attempts[0].problem.is_some(), "{report:?}");
}
