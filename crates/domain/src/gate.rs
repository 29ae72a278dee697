//! A gate's verdict. The gate handler decides it from evidence; a Choice state reads `decision` and nothing else.

use crate::{failure::FailureKind, ids::StatementId, persona::PersonaId, phase::Phase};
use serde::{Deserialize, Serialize};

/// What happens after a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// On to the next phase.
    Advance,
    /// The phase runs again with the findings.
    Rework,
    /// A model or a person is needed; the run ends blocked.
    Blocked,
    /// The run fails.
    Fail,
}

/// Something a gate saw that must change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which exit criterion found it, such as `every_criterion_tested`.
    pub check: String,
    /// What is wrong, for people and for the persona that reworks.
    pub message: String,
    /// Who can mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona: Option<PersonaId>,
    /// The statement it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
    /// Why rework by the same author cannot mend it: a model or a person is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<FailureKind>,
}

/// The verdict of one attempt of one phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The phase that was judged.
    pub phase: Phase,
    /// The attempt, from 1.
    pub attempt: u32,
    /// The verdict.
    pub decision: Decision,
    /// Exit criteria that were evaluated, by name, in order; a gate that checked nothing advances nothing.
    pub checks: Vec<String>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Attempts a phase has before its gate's refusal is final.
pub const MAX_ATTEMPTS: u32 = 2;

impl Gate {
    /// Decides from checks and findings.
    ///
    /// Findings that the same author cannot mend block at once, because rework would repeat them.
    #[must_use]
    pub fn decide(phase: Phase, attempt: u32, checks: Vec<String>, findings: Vec<Finding>) -> Self {
        let decision = if checks.is_empty() {
            Decision::Fail
        } else if findings.is_empty() {
            Decision::Advance
        } else if findings.iter().all(|finding| finding.blocked_by.is_some()) {
            Decision::Blocked
        } else if attempt < MAX_ATTEMPTS {
            Decision::Rework
        } else {
            Decision::Fail
        };
        Self { phase, attempt, decision, checks, findings }
    }

    /// Who must mend what blocks, where the gate does: a person before a model.
    #[must_use]
    pub fn blocked_by(&self) -> Option<FailureKind> {
        let by = || self.findings.iter().filter_map(|finding| finding.blocked_by);
        by().find(|kind| *kind == FailureKind::Blocked).or_else(|| by().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REWORK: Option<FailureKind> = None;
    const MODEL: Option<FailureKind> = Some(FailureKind::NeedsModel);

    fn finding(blocked_by: Option<FailureKind>) -> Finding {
        Finding { check: "c".into(), message: "m".into(), persona: None, statement: None, blocked_by }
    }

    #[test]
    fn decision_follows_the_table() {
        let decide = |attempt, checks: &[&str], findings: Vec<Finding>| {
            Gate::decide(Phase::Design, attempt, checks.iter().map(ToString::to_string).collect(), findings).decision
        };
        assert_eq!(decide(1, &[], vec![]), Decision::Fail, "a gate that checked nothing advances nothing");
        assert_eq!(decide(1, &["c"], vec![]), Decision::Advance);
        assert_eq!(decide(1, &["c"], vec![finding(REWORK)]), Decision::Rework);
        assert_eq!(decide(MAX_ATTEMPTS, &["c"], vec![finding(REWORK)]), Decision::Fail);
        assert_eq!(decide(1, &["c"], vec![finding(MODEL)]), Decision::Blocked);
        assert_eq!(decide(1, &["c"], vec![finding(MODEL), finding(REWORK)]), Decision::Rework);
    }

    #[test]
    fn what_blocks_first_is_told() {
        let by = |kinds: &[Option<FailureKind>]| {
            Gate::decide(Phase::Design, 1, vec!["c".into()], kinds.iter().copied().map(finding).collect()).blocked_by()
        };
        assert_eq!(by(&[MODEL, Some(FailureKind::Blocked)]), Some(FailureKind::Blocked));
        assert_eq!(by(&[REWORK, MODEL]), MODEL);
        assert_eq!(by(&[REWORK]), None);
    }
}
