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
    /// Who else made what may be at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<PersonaId>,
    /// The statement it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
    /// Why rework by the same author cannot mend it: a model or a person is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<FailureKind>,
    /// Nothing was done that could be judged, because what works on it failed: trying again may help, deciding does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_worked: bool,
}

impl Finding {
    /// Everybody whose work may be at fault.
    pub fn owners(&self) -> impl Iterator<Item = PersonaId> {
        self.persona.into_iter().chain(self.others.iter().copied())
    }

    /// Whether whoever made the work can mend it.
    #[must_use]
    pub const fn mendable(&self) -> bool {
        self.blocked_by.is_none() && !self.not_worked
    }
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

/// Attempts that a phase has before a person is asked; a person may grant more ([`crate::run::Round`]).
pub const MAX_ATTEMPTS: u32 = 2;
/// Attempts that a phase has at most, whatever people grant; `phase.asl.json` holds the same bound.
pub const MOST_ATTEMPTS: u32 = 10;

impl Gate {
    /// Decides from checks and findings, for a phase that has so many attempts.
    ///
    /// Findings that the same author cannot mend block at once, because rework would repeat them. Findings that it did not
    /// mend in the attempts that it had are a person's to decide.
    #[must_use]
    pub fn decide(phase: Phase, attempt: u32, attempts: u32, checks: Vec<String>, findings: Vec<Finding>) -> Self {
        let decision = if checks.is_empty() {
            Decision::Fail
        } else if findings.is_empty() {
            Decision::Advance
        } else if findings.iter().all(|finding| finding.blocked_by.is_some()) {
            Decision::Blocked
        } else if attempt < attempts {
            Decision::Rework
        } else if findings.iter().any(|finding| finding.not_worked) {
            Decision::Fail
        } else {
            Decision::Blocked
        };
        Self { phase, attempt, decision, checks, findings }
    }

    /// Who must mend what blocks, where the gate does: a person before a model.
    #[must_use]
    pub fn blocked_by(&self) -> Option<FailureKind> {
        if self.asks_a_person() {
            return Some(FailureKind::Blocked);
        }
        let by = || self.findings.iter().filter_map(|finding| finding.blocked_by);
        by().find(|kind| *kind == FailureKind::Blocked).or_else(|| by().next())
    }

    /// Whether the rework is used up, so that a person has to say how it goes on.
    #[must_use]
    pub fn asks_a_person(&self) -> bool {
        self.decision == Decision::Blocked && self.findings.iter().any(Finding::mendable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REWORK: Option<FailureKind> = None;
    const MODEL: Option<FailureKind> = Some(FailureKind::NeedsModel);

    fn finding(blocked_by: Option<FailureKind>) -> Finding {
        Finding {
            check: "c".into(),
            message: "m".into(),
            persona: None,
            others: vec![],
            statement: None,
            blocked_by,
            not_worked: false,
        }
    }

    fn decide(attempt: u32, attempts: u32, checks: &[&str], findings: Vec<Finding>) -> Gate {
        Gate::decide(Phase::Design, attempt, attempts, checks.iter().map(ToString::to_string).collect(), findings)
    }

    #[test]
    fn decision_follows_the_table() {
        let not_worked = || Finding { not_worked: true, ..finding(REWORK) };
        for (attempt, checks, findings, decision, why) in [
            (1, &[][..], vec![], Decision::Fail, "a gate that checked nothing advances nothing"),
            (1, &["c"], vec![], Decision::Advance, "nothing was found"),
            (1, &["c"], vec![finding(REWORK)], Decision::Rework, "its author may mend it"),
            (2, &["c"], vec![finding(REWORK)], Decision::Blocked, "its author did not mend it"),
            (1, &["c"], vec![finding(MODEL)], Decision::Blocked, "its author cannot mend it"),
            (1, &["c"], vec![finding(MODEL), finding(REWORK)], Decision::Rework, "some of it can be mended"),
            (1, &["c"], vec![not_worked()], Decision::Rework, "trying again may help"),
            (2, &["c"], vec![not_worked(), finding(REWORK)], Decision::Fail, "there is nothing to decide"),
        ] {
            assert_eq!(decide(attempt, MAX_ATTEMPTS, checks, findings).decision, decision, "{why}");
        }
        assert_eq!(decide(2, 3, &["c"], vec![finding(REWORK)]).decision, Decision::Rework, "a person granted a round");
        assert_eq!(decide(3, 3, &["c"], vec![finding(REWORK)]).decision, Decision::Blocked, "it is used up too");
    }

    #[test]
    fn what_blocks_first_is_told() {
        let by = |kinds: &[Option<FailureKind>]| {
            decide(2, 2, &["c"], kinds.iter().copied().map(finding).collect()).blocked_by()
        };
        assert_eq!(by(&[MODEL, Some(FailureKind::Blocked)]), Some(FailureKind::Blocked));
        assert_eq!(by(&[MODEL]), MODEL);
        assert_eq!(by(&[REWORK, MODEL]), Some(FailureKind::Blocked), "what was not mended is a person's to decide");
        assert_eq!(by(&[]), None);
    }
}
