//! Python tests, run by the referee's own runner.

use crate::setting::{in_every_isolation, run, stderr, tests};
use maestro_domain::{ExitStatus, TestOutcome, TestResult};
use maestro_ports::referee::{Job, Outcome};
use maestro_sandbox::LocalReferee;

/// What generated tests carry to name the statements that they cover.
const COVERS: &str =
    "import unittest\ndef covers(*ids):\n    def mark(f):\n        f.covers = ids\n        return f\n    return mark\n";

in_every_isolation!(every_kind_of_outcome_is_told, a_broken_module_is_an_error);

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
