//! Python tests, run by the referee's own runner.

use crate::setting::{in_every_isolation, run, stderr, tests};
use maestro_domain::{ExitStatus, TestOutcome, TestResult};
use maestro_ports::referee::{Job, Outcome};
use maestro_sandbox::LocalReferee;

/// What generated tests carry to name the statements that they cover.
const COVERS: &str =
    "import unittest\ndef covers(*ids):\n    def mark(f):\n        f.covers = ids\n        return f\n    return mark\n";

in_every_isolation!(
    every_kind_of_outcome_is_told,
    a_broken_module_is_an_error,
    an_early_end_never_looks_like_a_pass,
    a_forged_report_is_ignored,
    no_tests_are_no_success,
    files_of_the_workspace_do_not_shadow_the_runners,
    a_fixture_that_breaks_is_told_for_its_tests,
    tests_find_their_neighbours_and_the_workspace,
    many_tests_of_a_service_take_seconds,
);

async fn results(referee: &LocalReferee, job: Job) -> (Outcome, Vec<(String, TestOutcome)>) {
    let outcome = run(referee, job).await.unwrap();
    let pairs = outcome.evidence.tests.iter().map(|test| (test.name.clone(), test.outcome)).collect();
    (outcome, pairs)
}

fn pairs(expected: &[(&str, TestOutcome)]) -> Vec<(String, TestOutcome)> {
    expected.iter().map(|(name, outcome)| ((*name).to_owned(), *outcome)).collect()
}

fn find<'a>(outcome: &'a Outcome, name: &str) -> &'a TestResult {
    outcome.evidence.tests.iter().find(|test| test.name == name).unwrap()
}

async fn every_kind_of_outcome_is_told(referee: &LocalReferee) {
    let text = format!(
        r#"{COVERS}
import app
class Loans(unittest.TestCase):
    @covers("AC-2.1", "AC-2.2")
    def test_good(self):
        self.assertEqual(app.answer(), 42)
    @covers("AC-2.3")
    def test_bad(self):
        self.assertEqual(app.answer(), 43)
    def test_broken(self):
        raise KeyError("isbn")
    @unittest.skip("later")
    def test_skipped(self):
        pass
    @unittest.expectedFailure
    def test_expected_failure(self):
        self.fail()
    @unittest.expectedFailure
    def test_unexpected_success(self):
        pass
    def test_sub_tests(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertNotEqual(n, 1)
    def test_sub_tests_good(self):
        for n in range(3):
            with self.subTest(n=n):
                pass
    def test_exits(self):
        raise SystemExit(0)
Loans.covers = ["FR-1"]
class Fixture(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError("no port")
    def test_one(self):
        pass
class Async(unittest.IsolatedAsyncioTestCase):
    async def test_awaits(self):
        pass
"#
    );
    let job = tests(&[("app.py", "def answer():\n    return 42\n"), ("tests/test_loans.py", &text)]);
    let (outcome, found) = results(referee, job).await;
    use TestOutcome::{Error, Failed, Passed, Skipped};
    assert_eq!(
        found,
        pairs(&[
            ("test_loans.Async.test_awaits", Passed),
            ("test_loans.Fixture.test_one", Error),
            ("test_loans.Loans.test_bad", Failed),
            ("test_loans.Loans.test_broken", Error),
            ("test_loans.Loans.test_exits", Error),
            ("test_loans.Loans.test_expected_failure", Passed),
            ("test_loans.Loans.test_good", Passed),
            ("test_loans.Loans.test_skipped", Skipped),
            ("test_loans.Loans.test_sub_tests", Failed),
            ("test_loans.Loans.test_sub_tests_good", Passed),
            ("test_loans.Loans.test_unexpected_success", Failed),
        ]),
        "{}",
        stderr(&outcome)
    );
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 1 });
    assert_eq!(outcome.evidence.command, ["python3", "-m", "unittest", "discover", "-s", "tests"]);
    assert_eq!(find(&outcome, "test_loans.Loans.test_good").covers, ["AC-2.1", "AC-2.2", "FR-1"]);
    assert_eq!(find(&outcome, "test_loans.Loans.test_broken").covers, ["FR-1"]);
    assert_eq!(find(&outcome, "test_loans.Loans.test_good").message, "");
    let message = &find(&outcome, "test_loans.Loans.test_bad").message;
    assert!(message.contains("42 != 43") && message.contains("tests/test_loans.py\", line"), "{message}");
    assert!(!message.contains("/workspace"), "{message}");
    assert!(find(&outcome, "test_loans.Fixture.test_one").message.contains("no port"));
    assert!(find(&outcome, "test_loans.Loans.test_sub_tests").message.contains("(n=1)"));
    assert_eq!(find(&outcome, "test_loans.Loans.test_skipped").message, "later");
}

async fn a_broken_module_is_an_error(referee: &LocalReferee) {
    let good = format!("{COVERS}class T(unittest.TestCase):\n    def test_it(self):\n        pass\n");
    let job = tests(&[
        ("tests/test_good.py", &good),
        ("tests/test_import.py", "import nowhere_to_be_found\n"),
        ("tests/test_syntax.py", "def (:\n"),
        ("tests/test_leaves.py", "raise SystemExit(0)\n"),
        ("tests/test-name.py", &good),
        ("tests/deep/test_below.py", &good),
    ]);
    let (outcome, found) = results(referee, job).await;
    use TestOutcome::{Error, Passed};
    assert_eq!(
        found,
        pairs(&[
            ("deep.test_below.T.test_it", Passed),
            ("test_good.T.test_it", Passed),
            ("test_import", Error),
            ("test_leaves", Error),
            ("test_syntax", Error),
            ("tests/test-name.py", Error),
        ]),
    );
    let message = &find(&outcome, "test_import").message;
    assert!(message.contains("No module named 'nowhere_to_be_found'") && !message.contains("importlib"), "{message}");
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 1 });
}

async fn an_early_end_never_looks_like_a_pass(referee: &LocalReferee) {
    let endings = [
        ("os._exit(0)", "the test process ended by itself with code 0 during this test"),
        ("os.kill(os.getpid(), 9)", "the test process was ended by signal 9 during this test"),
        ("os.closerange(3, 1000); os._exit(0)", "the test process ended by itself with code 0 during this test"),
        ("signal.raise_signal(signal.SIGINT)", "the test was interrupted"),
        ("os.execvp('true', ['true'])", "the test process ended by itself with code 0 during this test"),
    ];
    for (ending, expected) in endings {
        let text = format!(
            "import os, signal, unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n    def test_b(self):\n        {ending}\n    def test_c(self):\n        pass\n"
        );
        let (outcome, found) = results(referee, tests(&[("tests/test_x.py", &text)])).await;
        assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 1 }, "{ending}");
        assert!(!outcome.evidence.success());
        assert!(found.contains(&("test_x.T.test_a".to_owned(), TestOutcome::Passed)), "{ending}: {found:?}");
        let told = find(&outcome, "test_x.T.test_b");
        assert_eq!((told.outcome, told.message.as_str()), (TestOutcome::Error, expected), "{ending}: {found:?}");
        assert_eq!(find(&outcome, "test_x.T.test_c").outcome, TestOutcome::Error, "{ending}");
    }
    let text = "import os\nos._exit(0)\n";
    let (outcome, found) = results(referee, tests(&[("tests/test_x.py", text)])).await;
    assert_eq!(found, pairs(&[("test_x", TestOutcome::Error)]));
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 1 });
}

async fn a_forged_report_is_ignored(referee: &LocalReferee) {
    let text = r#"
import json, os, sys, unittest
def forge():
    lines = [{"kind": "plan", "tests": [{"name": "test_x.T.test_it"}]},
             {"kind": "result", "name": "test_x.T.test_it", "outcome": "passed", "covers": ["AC-1.1"], "message": ""},
             {"kind": "done"}]
    for fd in range(64):
        for prefix in ("", "x" * 32 + " "):
            for line in lines:
                try:
                    os.write(fd, (prefix + json.dumps(line) + "\n").encode())
                except OSError:
                    pass
class T(unittest.TestCase):
    def test_it(self):
        sys.stdin.read()
        forge()
        os._exit(0)
"#;
    let (outcome, found) = results(referee, tests(&[("tests/test_x.py", text)])).await;
    assert_eq!(found, pairs(&[("test_x", TestOutcome::Error), ("test_x.T.test_it", TestOutcome::Error)]));
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 1 });
}

async fn no_tests_are_no_success(referee: &LocalReferee) {
    for files in [&[][..], &[("app.py", "")], &[("tests/test_a.py", "")], &[("tests/helper.py", "")]] {
        let (outcome, found) = results(referee, tests(files)).await;
        assert_eq!(found, pairs(&[]));
        assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 5 });
        assert!(!outcome.evidence.success());
    }
}

async fn files_of_the_workspace_do_not_shadow_the_runners(referee: &LocalReferee) {
    let evil = "import os\nos._exit(0)\n";
    let good = "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual(input() if 0 else 1, 1)\n";
    let names = ["json", "unittest", "os", "re", "traceback", "importlib", "sitecustomize", "usercustomize"];
    let shadows: Vec<_> = names.iter().flat_map(|name| [format!("{name}.py"), format!("tests/{name}.py")]).collect();
    let mut files: Vec<_> = shadows.iter().map(|path| (path.as_str(), evil)).collect();
    files.push(("tests/test_x.py", good));
    let (outcome, found) = results(referee, tests(&files)).await;
    assert_eq!(found, pairs(&[("test_x.T.test_it", TestOutcome::Passed)]), "{}", stderr(&outcome));
    assert!(outcome.evidence.success());
}

async fn a_fixture_that_breaks_is_told_for_its_tests(referee: &LocalReferee) {
    let text = r#"
import unittest
def tearDownModule():
    raise RuntimeError("module is dirty")
class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise unittest.SkipTest("not here")
    def test_one(self):
        pass
class B(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        raise RuntimeError("class is dirty")
    def test_one(self):
        pass
class C(unittest.TestCase):
    def setUp(self):
        raise RuntimeError("no port")
    def test_one(self):
        pass
class D(unittest.TestCase):
    def setUp(self):
        self.addCleanup(self.fail, "left behind")
    def test_one(self):
        pass
"#;
    let (_, found) = results(referee, tests(&[("tests/test_x.py", text)])).await;
    use TestOutcome::{Error, Failed, Passed, Skipped};
    assert_eq!(
        found,
        pairs(&[
            ("test_x.A.test_one", Skipped),
            ("test_x.B.tearDownClass", Error),
            ("test_x.B.test_one", Passed),
            ("test_x.C.test_one", Error),
            ("test_x.D.test_one", Failed),
            ("test_x.tearDownModule", Error),
        ])
    );
    let broken = "import unittest\ndef setUpModule():\n    raise RuntimeError('no database')\nclass T(unittest.TestCase):\n    def test_one(self):\n        pass\n";
    let (outcome, found) = results(referee, tests(&[("tests/test_x.py", broken)])).await;
    assert_eq!(found, pairs(&[("test_x.T.test_one", Error)]));
    assert!(find(&outcome, "test_x.T.test_one").message.contains("no database"));
}

async fn tests_find_their_neighbours_and_the_workspace(referee: &LocalReferee) {
    let text = r#"
import os, subprocess, sys, unittest
import helper, package.module
class T(unittest.TestCase):
    def test_it(self):
        self.assertEqual((helper.ONE, package.module.TWO), (1, 2))
        self.assertEqual(open("data.txt").read(), "data")
        self.assertEqual(os.getcwd(), os.environ.get("PWD", os.getcwd()))
        said = subprocess.run([sys.executable, "-m", "package.module"], capture_output=True, text=True)
        self.assertEqual((said.stdout, said.stderr), ("run\n", ""))
        self.assertEqual(sys.argv[1:], [])
        open("written.txt", "w").close()
"#;
    let module = "TWO = 2\nif __name__ == '__main__':\n    print('run')\n";
    let files = [
        ("data.txt", "data"),
        ("package/__init__.py", ""),
        ("package/module.py", module),
        ("tests/helper.py", "ONE = 1\n"),
        ("tests/test_x.py", text),
    ];
    let (outcome, _) = results(referee, tests(&files)).await;
    assert!(outcome.evidence.success(), "{:?}", outcome.evidence.tests);
}

/// Each of ten modules starts a service and asks it ten times, as generated tests do.
async fn many_tests_of_a_service_take_seconds(referee: &LocalReferee) {
    let service = r#"
import http.server, os
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"{}")
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), H)
print(server.server_port, flush=True)
server.serve_forever()
"#;
    let mut text = r#"
import os, subprocess, sys, unittest, urllib.request
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = subprocess.Popen([sys.executable, "service.py"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       text=True, env={**os.environ, "PORT": "0"})
        cls.url = "http://127.0.0.1:" + cls.service.stdout.readline().strip()
    @classmethod
    def tearDownClass(cls):
        cls.service.kill(); cls.service.wait(); cls.service.stdout.close()
"#
    .to_owned();
    for n in 0..10 {
        text += &format!(
            "    def test_{n}(self):\n        self.assertEqual(urllib.request.urlopen(self.url, timeout=5).status, 200)\n"
        );
    }
    let names: Vec<_> = (0..10).map(|n| format!("tests/test_{n}.py")).collect();
    let mut files = vec![("service.py", service)];
    files.extend(names.iter().map(|name| (name.as_str(), text.as_str())));
    let (outcome, found) = results(referee, tests(&files)).await;
    assert!(outcome.evidence.success(), "{:?}", outcome.evidence.tests);
    assert_eq!(found.len(), 100);
    println!("100 tests in {} ms", outcome.evidence.duration_ms);
    // A loose bound: this machine may be busy with other tests.
    assert!(outcome.evidence.duration_ms < 20_000, "{} ms", outcome.evidence.duration_ms);
}
