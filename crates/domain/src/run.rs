//! One run, and the only ways its status may change.

use crate::{
    gate::{Gate, MAX_ATTEMPTS, MOST_ATTEMPTS},
    ids::RunId,
    phase::Phase,
};
use serde::{Deserialize, Serialize};

// State machine of a run:
//
//   from \ event   finish(ok)  finish(failed)  finish(blocked)  cancel     resume
//   running        ok          failed          blocked          cancelled  running (after a crash)
//   failed         -           -               -                -          running
//   blocked        -           -               -                cancelled  running
//   cancelled      -           -               -                -          running
//   ok             -           -               -                -          -

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// An execution works on it, or died while it did.
    Running,
    /// Verified software came out.
    Ok,
    /// It ended in a named failure.
    Failed,
    /// A model or a person is needed.
    Blocked,
    /// Somebody stopped it.
    Cancelled,
}

impl RunStatus {
    /// The word used in records and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether no execution works on the run any more.
    #[must_use]
    pub const fn terminal(self) -> bool {
        !matches!(self, Self::Running)
    }
}

/// What may happen to a run's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It ends.
    Finish(RunStatus),
    /// Somebody cancels it.
    Cancel,
    /// Another execution works on it.
    Resume,
}

impl Transition {
    /// As errors tell it.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Finish(_) => "end",
            Self::Cancel => "be cancelled",
            Self::Resume => "be resumed",
        }
    }
}

impl RunStatus {
    /// The status after a transition, where the table above has one.
    #[must_use]
    pub const fn after(self, transition: Transition) -> Option<Self> {
        match (self, transition) {
            (Self::Running, Transition::Finish(end)) if end.terminal() => Some(end),
            (Self::Running | Self::Blocked, Transition::Cancel) => Some(Self::Cancelled),
            (Self::Running | Self::Failed | Self::Blocked | Self::Cancelled, Transition::Resume) => Some(Self::Running),
            _ => None,
        }
    }
}

/// Why a run is not `ok`: a short word for programs, a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReason {
    /// Such as `needs_model`, `gate_refused`, `cancelled`.
    pub code: String,
    /// What happened, to what, what to do.
    pub message: String,
}

impl RunReason {
    /// Somebody cancelled it.
    #[must_use]
    pub fn cancelled() -> Self {
        Self { code: "cancelled".into(), message: "somebody cancelled the run".into() }
    }

    /// Whoever executed it was stopped, which says nothing about the run itself.
    #[must_use]
    pub fn interrupted() -> Self {
        Self { code: "interrupted".into(), message: "the execution was interrupted".into() }
    }
}

/// One more round of rework in a phase, which a person granted after the phase had used up its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Where.
    pub phase: Phase,
    /// Who granted it.
    pub by: String,
    /// What they tell those who rework.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When, milliseconds since 1970. Not part of the canonical record.
    pub at_ms: u64,
}

/// Why a person cannot grant a round of rework now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRound {
    /// No gate waits for that.
    #[error("no gate of it waits for a person's word on rework")]
    NotAsked,
    /// There is one that was not used yet.
    #[error("the {0} phase has a round of rework that it has not used yet")]
    Unused(Phase),
    /// No phase goes on forever.
    #[error("the {0} phase has had {MOST_ATTEMPTS} attempts, which is the most")]
    Most(Phase),
}

/// An event that would change a run's status against the rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("run `{run}` is {}: it cannot {event}", status.id())]
pub struct IllegalTransition {
    /// The run.
    pub run: RunId,
    /// Where it stands.
    pub status: RunStatus,
    /// What was asked.
    pub event: &'static str,
}

/// The scope of a run for which none was named: everybody works.
pub const DEFAULT_SCOPE: &str = "feature";

fn default_scope() -> String {
    DEFAULT_SCOPE.to_owned()
}

/// One run of the software development life cycle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The epic's title.
    pub epic: String,
    /// Hash of the epic's bytes; the text is immutable from intake on.
    pub epic_hash: crate::ContentHash,
    /// The model that the personas use, such as `blueprint`.
    pub model: String,
    /// What is done, such as `feature`: the name of the workflow that says who works in which phase.
    #[serde(default = "default_scope")]
    pub scope: String,
    /// Where the deliverable goes.
    pub out: String,
    /// Where it stands.
    pub status: RunStatus,
    /// Why it is not `ok`.
    #[serde(default)]
    pub reason: Option<RunReason>,
    /// Rounds of rework that people granted, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
    /// How many executions have worked on it; the n-th is named `<run>-r<n>` from the second on.
    pub executions: u32,
    /// Clock at creation, milliseconds since 1970. Not part of the canonical record.
    pub created_ms: u64,
    /// Clock at the last change of status, milliseconds since 1970. Not part of the canonical record.
    pub changed_ms: u64,
}

impl Run {
    /// Ends the run.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has already ended, or when `status` is no end.
    pub fn finish(
        &mut self,
        status: RunStatus,
        reason: Option<RunReason>,
        now_ms: u64,
    ) -> Result<(), IllegalTransition> {
        self.apply(Transition::Finish(status), now_ms)?;
        self.reason = reason;
        Ok(())
    }

    /// Cancels the run.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has ended in a way that cancelling would hide.
    pub fn cancel(&mut self, now_ms: u64) -> Result<(), IllegalTransition> {
        self.apply(Transition::Cancel, now_ms)?;
        self.reason = Some(RunReason::cancelled());
        Ok(())
    }

    /// Opens the run for one more execution.
    ///
    /// # Errors
    /// [`IllegalTransition`] when it has ended well.
    pub fn resume(&mut self, now_ms: u64) -> Result<(), IllegalTransition> {
        self.apply(Transition::Resume, now_ms)?;
        self.reason = None;
        self.executions += 1;
        Ok(())
    }

    /// How many attempts a phase has.
    #[must_use]
    pub fn attempts(&self, phase: Phase) -> u32 {
        let granted = self.rounds.iter().filter(|round| round.phase == phase).count();
        MAX_ATTEMPTS.saturating_add(u32::try_from(granted).unwrap_or(u32::MAX)).min(MOST_ATTEMPTS)
    }

    /// What people said about an attempt of a phase when they granted it.
    #[must_use]
    pub fn round(&self, phase: Phase, attempt: u32) -> Option<&Round> {
        let nth = attempt.checked_sub(MAX_ATTEMPTS + 1)?;
        self.rounds.iter().filter(|round| round.phase == phase).nth(nth as usize)
    }

    /// Grants one more round of rework where the last of the run's verdicts asks a person. It counts once the run is resumed.
    ///
    /// # Errors
    /// [`NoRound`] where nobody asked for it.
    pub fn grant_round(
        &mut self,
        gates: &[Gate],
        by: String,
        note: Option<String>,
        at_ms: u64,
    ) -> Result<&Round, NoRound> {
        let last = gates.iter().max_by_key(|gate| (gate.phase, gate.attempt));
        let asks =
            last.filter(|gate| self.status == RunStatus::Blocked && gate.asks_a_person()).ok_or(NoRound::NotAsked)?;
        let phase = asks.phase;
        if asks.attempt >= MOST_ATTEMPTS {
            return Err(NoRound::Most(phase));
        }
        if self.attempts(phase) > asks.attempt {
            return Err(NoRound::Unused(phase));
        }
        self.rounds.push(Round { phase, by, note, at_ms });
        self.rounds.last().ok_or(NoRound::NotAsked)
    }

    /// The name of the execution that works on the run now.
    #[must_use]
    pub fn execution_name(&self) -> String {
        self.id.execution(self.executions)
    }

    fn apply(&mut self, transition: Transition, now_ms: u64) -> Result<(), IllegalTransition> {
        self.status = self.status.after(transition).ok_or_else(|| IllegalTransition {
            run: self.id.clone(),
            status: self.status,
            event: transition.verb(),
        })?;
        self.changed_ms = now_ms;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Finding;

    fn run(status: RunStatus) -> Run {
        Run {
            id: RunId::new("run-1").unwrap(),
            epic: "E".into(),
            epic_hash: crate::ContentHash::of(b"e"),
            model: "blueprint".into(),
            scope: DEFAULT_SCOPE.into(),
            out: "out".into(),
            status,
            reason: None,
            rounds: vec![],
            executions: 1,
            created_ms: 0,
            changed_ms: 0,
        }
    }

    #[test]
    fn a_round_is_granted_where_a_gate_asks_for_it_and_one_at_a_time() {
        let finding = Finding {
            check: "c".into(),
            message: "m".into(),
            persona: None,
            others: vec![],
            statement: None,
            blocked_by: None,
            not_worked: false,
        };
        let gate =
            |attempt, of: u32| Gate::decide(Phase::Testing, attempt, of, vec!["c".into()], vec![finding.clone()]);
        let grant = |run: &mut Run, gates: &[Gate]| run.grant_round(gates, "ada".into(), None, 7).cloned();
        let mut blocked = run(RunStatus::Blocked);
        assert_eq!(grant(&mut blocked, &[]), Err(NoRound::NotAsked));
        assert_eq!(grant(&mut blocked, &[gate(1, 2)]), Err(NoRound::NotAsked), "it still reworks by itself");
        assert_eq!(grant(&mut run(RunStatus::Failed), &[gate(2, 2)]), Err(NoRound::NotAsked));
        assert_eq!(grant(&mut blocked, &[gate(1, 2), gate(2, 2)]).unwrap().by, "ada");
        assert_eq!((blocked.attempts(Phase::Testing), blocked.attempts(Phase::Design)), (3, 2));
        assert_eq!(grant(&mut blocked, &[gate(2, 2)]), Err(NoRound::Unused(Phase::Testing)));
        assert!(blocked.round(Phase::Testing, 2).is_none() && blocked.round(Phase::Design, 3).is_none());
        assert_eq!(blocked.round(Phase::Testing, 3).unwrap().at_ms, 7);
        grant(&mut blocked, &[gate(3, 3)]).unwrap();
        assert_eq!(grant(&mut blocked, &[gate(MOST_ATTEMPTS, 4)]), Err(NoRound::Most(Phase::Testing)));
    }

    #[test]
    fn transitions_follow_the_table() {
        use RunStatus::{Blocked, Cancelled, Failed, Ok as Done, Running};
        for (from, finish, cancel, resume) in [
            (Running, true, true, true),
            (Failed, false, false, true),
            (Blocked, false, true, true),
            (Cancelled, false, false, true),
            (Done, false, false, false),
        ] {
            assert_eq!(run(from).finish(Done, None, 1).is_ok(), finish, "{from:?} finish");
            assert_eq!(run(from).cancel(1).is_ok(), cancel, "{from:?} cancel");
            assert_eq!(run(from).resume(1).is_ok(), resume, "{from:?} resume");
        }
        assert!(run(Running).finish(Running, None, 1).is_err(), "running is no end");
    }

    #[test]
    fn executions_are_named_by_number() {
        let mut run = run(RunStatus::Failed);
        assert_eq!(run.execution_name(), "run-1");
        run.resume(2).unwrap();
        assert_eq!(run.execution_name(), "run-1-r2");
    }
}
