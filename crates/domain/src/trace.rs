//! Requirement → criterion → artifact → executed test → evidence.

use crate::{
    epic::{Epic, Statement, StatementKind},
    evidence::{Evidence, TestOutcome},
    hash::ContentHash,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the trace says of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TraceStatus {
    /// At least one executed test names it, and all that do passed.
    Ok,
    /// A test that names it did not pass.
    Failed,
    /// No executed test names it.
    Gap,
    /// A test names an id that the epic does not have.
    Orphan,
    /// The epic's own words, or a named person, put it off.
    Deferred,
}

/// One line of the trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRow {
    /// The statement's id; for an orphan, the unknown id as the test names it.
    pub id: String,
    /// The statement's words; empty for an orphan.
    pub text: String,
    /// What the trace says.
    pub status: TraceStatus,
    /// Files and documents that carry it.
    pub artifacts: Vec<String>,
    /// The executed tests that name it.
    pub tests: Vec<String>,
    /// Ids of the evidence in which those tests ran.
    pub evidence: Vec<ContentHash>,
}

/// How many traced statements have which status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TraceCounts {
    /// Executed, passing tests.
    pub ok: usize,
    /// A failing test.
    pub failed: usize,
    /// No executed test.
    pub gap: usize,
    /// Unknown ids that tests name.
    pub orphan: usize,
    /// Put off.
    pub deferred: usize,
}

/// Builds the trace of an epic from evidence.
///
/// `artifacts` maps a statement's id to the files and documents that carry it. A story stands on its own tests and on those
/// of the criteria below it: it is as good as the worst of them, and its row names all of these tests.
#[must_use]
pub fn trace(epic: &Epic, artifacts: &BTreeMap<String, Vec<String>>, evidence: &[Evidence]) -> Vec<TraceRow> {
    let mut tests: BTreeMap<&str, Vec<(&str, TestOutcome, ContentHash)>> = BTreeMap::new();
    for one in evidence {
        let id = one.id();
        for test in &one.tests {
            for covered in &test.covers {
                tests.entry(covered).or_default().push((&test.name, test.outcome, id.clone()));
            }
        }
    }
    let row = |id: &str, text: &str, status, proven_by: &[&str]| {
        let found = || proven_by.iter().filter_map(|id| tests.get(id)).flatten();
        let names: BTreeSet<_> = found().map(|(name, ..)| (*name).to_owned()).collect();
        let proofs: BTreeSet<_> = found().map(|(.., proof)| proof.clone()).collect();
        TraceRow {
            id: id.to_owned(),
            text: text.to_owned(),
            status,
            artifacts: artifacts.get(id).cloned().unwrap_or_default(),
            tests: names.into_iter().collect(),
            evidence: proofs.into_iter().collect(),
        }
    };
    let own = |statement: &Statement| -> TraceStatus {
        if statement.deferred.is_some() {
            return TraceStatus::Deferred;
        }
        match tests.get(statement.id.as_str()) {
            None => TraceStatus::Gap,
            Some(found) if found.iter().all(|(_, outcome, _)| *outcome == TestOutcome::Passed) => TraceStatus::Ok,
            Some(_) => TraceStatus::Failed,
        }
    };
    let mut rows = Vec::new();
    for statement in epic.statements.iter().filter(|statement| statement.kind.traced()) {
        let id = statement.id.as_str();
        let mut status = own(statement);
        let mut proven_by = vec![id];
        if statement.kind == StatementKind::Story && status != TraceStatus::Deferred {
            let below: Vec<_> = epic
                .below(&statement.id)
                .filter(|one| one.kind.traced())
                .map(|one| (one.id.as_str(), own(one)))
                .collect();
            // Without tests of its own it says nothing itself.
            let itself = (status != TraceStatus::Gap).then_some(status);
            let all = itself.into_iter().chain(below.iter().map(|(_, status)| *status));
            status = all.max_by_key(|status| severity(*status)).unwrap_or(TraceStatus::Gap);
            proven_by.extend(below.iter().filter(|(_, status)| *status != TraceStatus::Deferred).map(|(id, _)| *id));
        }
        rows.push(row(id, &statement.text, status, &proven_by));
    }
    for id in tests.keys().filter(|id| !epic.statements.iter().any(|s| s.kind.traced() && s.id.as_str() == **id)) {
        rows.push(row(id, "", TraceStatus::Orphan, &[*id]));
    }
    rows
}

fn severity(status: TraceStatus) -> u8 {
    match status {
        TraceStatus::Deferred => 0,
        TraceStatus::Ok => 1,
        TraceStatus::Orphan => 2,
        TraceStatus::Gap => 3,
        TraceStatus::Failed => 4,
    }
}

/// Counts the rows by status.
#[must_use]
pub fn count(rows: &[TraceRow]) -> TraceCounts {
    let mut counts = TraceCounts::default();
    for row in rows {
        *match row.status {
            TraceStatus::Ok => &mut counts.ok,
            TraceStatus::Failed => &mut counts.failed,
            TraceStatus::Gap => &mut counts.gap,
            TraceStatus::Orphan => &mut counts.orphan,
            TraceStatus::Deferred => &mut counts.deferred,
        } += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evidence::{ExitStatus, Isolation, TestResult},
        ids::StatementId,
    };

    fn statement(id: &str, kind: StatementKind, story: Option<&str>, deferred: bool) -> Statement {
        Statement {
            id: StatementId::new(id).unwrap(),
            kind,
            text: id.to_lowercase(),
            line: 1,
            section: vec![],
            titles: vec![],
            story: story.map(|story| StatementId::new(story).unwrap()),
            table: vec![],
            items: vec![],
            deferred: deferred.then(|| "later".to_owned()),
        }
    }

    fn evidence(tests: &[(&str, TestOutcome, &[&str])]) -> Evidence {
        let result = |(name, outcome, covers): &(&str, TestOutcome, &[&str])| TestResult {
            name: (*name).to_owned(),
            outcome: *outcome,
            covers: covers.iter().map(ToString::to_string).collect(),
            message: String::new(),
        };
        Evidence {
            job: "testing/acceptance".into(),
            command: vec![],
            exit: ExitStatus::Exited { code: 0 },
            isolation: Isolation::Recorded,
            output_hash: ContentHash::of(b"o"),
            workspace_hash: ContentHash::of(b"w"),
            tests: tests.iter().map(result).collect(),
            report: None,
            truncated: false,
            duration_ms: 1,
        }
    }

    #[test]
    fn every_status_has_its_reason() {
        use StatementKind::{Criterion, Narrative, Story};
        use TestOutcome::{Failed, Passed, Skipped};
        let epic = Epic {
            title: "E".into(),
            statements: vec![
                statement("US-1", Story, None, false),
                statement("AC-1.1", Criterion, Some("US-1"), false),
                statement("AC-1.2", Criterion, Some("US-1"), true),
                statement("US-2", Story, None, false),
                statement("AC-2.1", Criterion, Some("US-2"), false),
                statement("AC-2.2", Criterion, Some("US-2"), false),
                statement("AC-2.3", Criterion, Some("US-2"), false),
                statement("N-1", Narrative, None, false),
            ],
        };
        let seen = evidence(&[
            ("t1", Passed, &["AC-1.1", "AC-2.1"]),
            ("t2", Failed, &["AC-2.1"]),
            ("t3", Skipped, &["AC-2.3"]),
            ("t4", Passed, &["AC-9.9", "N-1"]),
        ]);
        let rows = trace(&epic, &BTreeMap::new(), std::slice::from_ref(&seen));
        let status: BTreeMap<_, _> = rows.iter().map(|row| (row.id.as_str(), row.status)).collect();
        let expected = [
            ("US-1", TraceStatus::Ok),
            ("AC-1.1", TraceStatus::Ok),
            ("AC-1.2", TraceStatus::Deferred),
            ("US-2", TraceStatus::Failed),
            ("AC-2.1", TraceStatus::Failed),
            ("AC-2.2", TraceStatus::Gap),
            ("AC-2.3", TraceStatus::Failed),
            ("AC-9.9", TraceStatus::Orphan),
            ("N-1", TraceStatus::Orphan),
        ];
        assert_eq!(status, expected.into());
        let first = rows.iter().find(|row| row.id == "AC-1.1").unwrap();
        assert_eq!((&first.tests, &first.evidence), (&vec!["t1".to_owned()], &vec![seen.id()]));
        assert_eq!(count(&rows), TraceCounts { ok: 2, failed: 3, gap: 1, orphan: 2, deferred: 1 });
    }

    #[test]
    fn a_story_stands_on_the_tests_of_its_criteria() {
        use StatementKind::{Criterion, Story};
        use TestOutcome::Passed;
        let epic = Epic {
            title: "E".into(),
            statements: vec![
                // No words of its own that a test could show.
                statement("US-1", Story, None, false),
                statement("AC-1.1", Criterion, Some("US-1"), false),
                statement("AC-1.2", Criterion, Some("US-1"), false),
                statement("AC-1.3", Criterion, Some("US-1"), true),
                // A test of its own, and a criterion that nothing shows.
                statement("US-2", Story, None, false),
                statement("AC-2.1", Criterion, Some("US-2"), false),
                // All that it demands is put off.
                statement("US-3", Story, None, false),
                statement("AC-3.1", Criterion, Some("US-3"), true),
                statement("US-4", Story, None, false),
            ],
        };
        let seen = evidence(&[("b", Passed, &["AC-1.1"]), ("a", Passed, &["AC-1.2"]), ("c", Passed, &["US-2"])]);
        let rows = trace(&epic, &BTreeMap::new(), std::slice::from_ref(&seen));
        let of = |id: &str| rows.iter().find(|row| row.id == id).unwrap();
        let story = of("US-1");
        assert_eq!((story.status, &story.tests), (TraceStatus::Ok, &vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(story.evidence, [seen.id()]);
        assert_eq!((of("US-2").status, &of("US-2").tests), (TraceStatus::Gap, &vec!["c".to_owned()]));
        assert_eq!((of("US-3").status, of("US-3").tests.len()), (TraceStatus::Deferred, 0));
        assert_eq!(of("US-4").status, TraceStatus::Gap);
        for row in rows.iter().filter(|row| row.status == TraceStatus::Ok) {
            assert!(!row.tests.is_empty() && !row.evidence.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn without_evidence_everything_wanted_is_a_gap() {
        let epic = Epic { title: "E".into(), statements: vec![statement("BR-1", StatementKind::Rule, None, false)] };
        assert_eq!(trace(&epic, &BTreeMap::new(), &[])[0].status, TraceStatus::Gap);
    }
}
