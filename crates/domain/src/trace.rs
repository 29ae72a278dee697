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
/// `artifacts` maps a statement's id to the files and documents that carry it. A story without tests of its own
/// stands on the criteria below it: it is as good as the worst of them.
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
    let row = |id: &str, text: &str, status| {
        let found = tests.get(id).map_or(&[][..], Vec::as_slice);
        let names: BTreeSet<_> = found.iter().map(|(name, ..)| (*name).to_owned()).collect();
        let proofs: BTreeSet<_> = found.iter().map(|(.., proof)| proof.clone()).collect();
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
        let mut status = own(statement);
        if statement.kind == StatementKind::Story && status == TraceStatus::Gap {
            let below = epic.statements.iter().filter(|s| s.story.as_ref() == Some(&statement.id)).map(own);
            status = below.max_by_key(|status| severity(*status)).unwrap_or(TraceStatus::Gap);
        }
        rows.push(row(statement.id.as_str(), &statement.text, status));
    }
    for id in tests.keys().filter(|id| !epic.statements.iter().any(|s| s.kind.traced() && s.id.as_str() == **id)) {
        rows.push(row(id, "", TraceStatus::Orphan));
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
