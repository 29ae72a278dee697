//! Makes test results out of the news that came from test modules, complete or not.

use crate::normal::normalise;
use crate::wire::{End, ModuleEvent, Planned, TestEvent};
use maestro_domain::{ContentHash, TestOutcome, TestResult, TreeLimit};
use std::collections::BTreeMap;

/// More tests than this in one module are noise meant to fill memory.
const MAX_TESTS: usize = 10_000;
const MESSAGE_CHARS: usize = 2_000;

/// What is known of each test module.
#[derive(Debug, Default)]
pub(crate) struct Report(BTreeMap<String, Module>);

#[derive(Debug, Default)]
struct Module {
    planned: Vec<Planned>,
    running: Option<String>,
    results: BTreeMap<String, TestResult>,
    done: bool,
    end: Option<End>,
}

impl Report {
    /// Expects these modules; one that is never heard of has not passed.
    pub(crate) fn expecting(modules: &[String]) -> Self {
        Self(modules.iter().map(|module| (module.clone(), Module::default())).collect())
    }

    pub(crate) fn take(&mut self, event: TestEvent) {
        let Some(module) = self.0.get_mut(&event.module) else { return };
        match event.what {
            ModuleEvent::Plan { mut tests } => {
                tests.truncate(MAX_TESTS);
                module.planned = tests;
            }
            ModuleEvent::Start { name } => module.running = Some(name),
            ModuleEvent::Result(mut result) => {
                module.running = None;
                result.message = result.message.chars().take(MESSAGE_CHARS).collect();
                // Of two tests by one name, the worse one counts.
                let worse = module.results.get(&result.name).is_none_or(|known| rank(known) < rank(&result));
                if worse && module.results.len() < MAX_TESTS {
                    module.results.insert(result.name.clone(), result);
                }
            }
            ModuleEvent::Done => module.done = true,
            ModuleEvent::Exit { end } => module.end = Some(end),
        }
    }

    /// All results, sorted by name. `over` is the limit at which the whole run was stopped.
    pub(crate) fn finish(self, over: Option<TreeLimit>) -> Vec<TestResult> {
        let mut all: Vec<TestResult> =
            self.0.into_iter().flat_map(|(name, module)| module.finish(&name, over)).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

impl Module {
    fn finish(mut self, name: &str, over: Option<TreeLimit>) -> Vec<TestResult> {
        if self.done {
            return self.results.into_values().collect();
        }
        let how = match self.end {
            _ if over == Some(TreeLimit::Memory) => "was stopped at the memory limit".to_owned(),
            _ if over == Some(TreeLimit::Files) => "was stopped at the limit of files".to_owned(),
            None => "was stopped at the time limit".to_owned(),
            Some(End { signal: Some(signal), .. }) => format!("was ended by signal {signal}"),
            Some(End { code, .. }) => format!("ended by itself with code {}", code.unwrap_or_default()),
        };
        // The module itself gets a result, so that an incomplete report can never look like a pass.
        let own = format!("the test process {how} before its report was complete");
        let running = self.running.take();
        for test in std::mem::take(&mut self.planned) {
            if self.results.contains_key(&test.name) {
                continue;
            }
            let message = if running.as_ref() == Some(&test.name) {
                format!("the test process {how} during this test")
            } else {
                format!("did not run: the test process {how}")
            };
            self.results.insert(test.name.clone(), error(test.name, test.covers, message));
        }
        let mut results: Vec<_> = self.results.into_values().collect();
        results.push(error(name.to_owned(), Vec::new(), own));
        results
    }
}

/// A test that could not run to its end.
pub(crate) fn error(name: String, covers: Vec<String>, message: String) -> TestResult {
    TestResult { name, outcome: TestOutcome::Error, covers, message }
}

fn rank(result: &TestResult) -> u8 {
    match result.outcome {
        TestOutcome::Passed => 0,
        TestOutcome::Skipped => 1,
        TestOutcome::Failed => 2,
        TestOutcome::Error => 3,
    }
}

/// The exit code of a test run, as Python's own runner has it.
pub(crate) fn exit_code(results: &[TestResult]) -> i32 {
    if results.is_empty() {
        return 5;
    }
    i32::from(results.iter().any(|result| matches!(result.outcome, TestOutcome::Failed | TestOutcome::Error)))
}

/// The hash of a test run's output: results and messages, not the raw text, in which tests that ran at the same time
/// are mixed.
pub(crate) fn output_hash(results: &[TestResult]) -> ContentHash {
    let lines: Vec<_> = results
        .iter()
        .map(|result| serde_json::json!([result.name, result.outcome, normalise(&result.message)]))
        .collect();
    ContentHash::of_json(&serde_json::Value::Array(lines))
}

/// The hash of what a program reported, without what varies.
pub(crate) fn report_hash(report: &serde_json::Value) -> ContentHash {
    ContentHash::of(normalise(&report.to_string()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(what: ModuleEvent) -> TestEvent {
        TestEvent { module: "test_a".to_owned(), what }
    }

    fn passed(name: &str) -> ModuleEvent {
        ModuleEvent::Result(TestResult {
            name: name.to_owned(),
            outcome: TestOutcome::Passed,
            covers: Vec::new(),
            message: String::new(),
        })
    }

    fn planned(name: &str) -> Planned {
        Planned { name: name.to_owned(), covers: vec!["AC-1.1".to_owned()] }
    }

    #[test]
    fn a_module_that_exits_in_the_middle_has_not_passed() {
        let mut report = Report::expecting(&["test_a".to_owned()]);
        report.take(event(ModuleEvent::Plan { tests: vec![planned("test_a.T.a"), planned("test_a.T.b")] }));
        report.take(event(ModuleEvent::Start { name: "test_a.T.a".to_owned() }));
        report.take(event(passed("test_a.T.a")));
        report.take(event(ModuleEvent::Start { name: "test_a.T.b".to_owned() }));
        report.take(event(ModuleEvent::Exit { end: End { code: Some(0), signal: None, truncated: false } }));
        let results = report.finish(None);
        let outcomes: Vec<_> = results.iter().map(|result| (result.name.as_str(), result.outcome)).collect();
        assert_eq!(
            outcomes,
            [("test_a", TestOutcome::Error), ("test_a.T.a", TestOutcome::Passed), ("test_a.T.b", TestOutcome::Error)]
        );
        assert_eq!(results[2].covers, ["AC-1.1"]);
        assert_eq!(exit_code(&results), 1);
    }

    #[test]
    fn a_module_that_is_never_heard_of_has_not_passed() {
        assert_eq!(exit_code(&Report::expecting(&["test_a".to_owned()]).finish(None)), 1);
    }

    #[test]
    fn no_tests_are_no_success() {
        assert_eq!(exit_code(&Report::default().finish(None)), 5);
    }

    #[test]
    fn of_two_results_by_one_name_the_worse_counts() {
        let mut report = Report::expecting(&["test_a".to_owned()]);
        report.take(event(ModuleEvent::Result(error("test_a.T.a".to_owned(), Vec::new(), "no".to_owned()))));
        report.take(event(passed("test_a.T.a")));
        report.take(event(ModuleEvent::Done));
        assert_eq!(report.finish(None)[0].outcome, TestOutcome::Error);
    }
}
