//! Where a run stands, as its events tell it. Knows nothing of terminals.

use crate::output::number;
use maestro_domain::{Amount, Decision, Event, PersonaId, Phase, RunStatus, TaskId};
use maestro_workflow::Scope;
use std::{collections::BTreeMap, time::Duration};

/// What became of a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Waiting,
    Working,
    /// With a result; `true` where it was stored before.
    Done(bool),
    Failed,
    /// A model or a person is needed.
    Blocked,
    /// Somebody stopped it.
    Stopped,
}

/// One row of a phase.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) state: State,
    pub(crate) since_ms: u64,
    pub(crate) until_ms: u64,
    pub(crate) note: String,
}

impl Step {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), state: State::Waiting, since_ms: 0, until_ms: 0, note: String::new() }
    }

    fn enter(&mut self, state: State, at_ms: u64) {
        if state == State::Working || self.since_ms == 0 {
            self.since_ms = at_ms;
        }
        self.until_ms = at_ms;
        self.state = state;
    }

    /// How long it has taken.
    pub(crate) fn took(&self, now_ms: u64) -> Duration {
        let until = if self.state == State::Working { now_ms } else { self.until_ms };
        Duration::from_millis(until.saturating_sub(self.since_ms))
    }
}

/// One phase.
#[derive(Debug, Clone)]
pub(crate) struct PhaseRow {
    pub(crate) phase: Phase,
    pub(crate) attempt: u32,
    pub(crate) head: Step,
    pub(crate) steps: Vec<Step>,
}

/// The whole run.
#[derive(Debug, Clone)]
pub(crate) struct Board {
    pub(crate) phases: Vec<PhaseRow>,
    /// What each task has used: while it works its turns, at the end all of it.
    used: BTreeMap<TaskId, Amount>,
    pub(crate) began_ms: u64,
    pub(crate) ended: Option<RunStatus>,
}

/// What the referee's row is called.
const REFEREE: &str = "referee";

impl Board {
    pub(crate) fn new(scope: &Scope, now_ms: u64) -> Self {
        let phase = |phase: Phase| PhaseRow {
            phase,
            attempt: 1,
            head: Step::new(phase.id()),
            steps: steps(phase, scope.waves(phase)),
        };
        // What the scope leaves out is not waited for.
        let phases = Phase::ALL.into_iter().filter(|phase| !scope.waves(*phase).is_empty()).map(phase).collect();
        Self { phases, used: BTreeMap::new(), began_ms: now_ms, ended: None }
    }

    /// Tokens and money that the run has used, as far as was seen.
    pub(crate) fn used(&self) -> Amount {
        self.used.values().fold(Amount::ZERO, |sum, used| sum + *used)
    }

    pub(crate) fn event(&mut self, at_ms: u64, event: &Event) {
        match event {
            // The task that it was for fails by that, and says so.
            Event::ExecutionStarted { .. } | Event::DeadLetter { .. } | Event::ReportRefused { .. } => {}
            // What it waits for is its work.
            Event::TaskWaits { .. } => {}
            Event::PhaseStarted { phase, attempt, waves } => {
                if let Some(row) = self.row(*phase) {
                    row.attempt = *attempt;
                    row.steps = steps(*phase, waves);
                    if row.head.state != State::Working {
                        row.head.enter(State::Working, at_ms);
                    }
                }
            }
            Event::TaskStarted { task, .. } => self.step(task, State::Working, at_ms, ""),
            Event::TaskFinished { task, reused, tokens, cost_micro_usd } => {
                if !reused {
                    let used = Amount { micro_usd: *cost_micro_usd, tokens: *tokens };
                    self.used.insert(task.clone(), used);
                }
                self.step(task, State::Done(*reused), at_ms, "");
            }
            Event::TurnTaken { task, turn, tokens, cost_micro_usd, .. } => {
                let used = self.used.entry(task.clone()).or_default();
                *used = *used + Amount { micro_usd: *cost_micro_usd, tokens: *tokens };
                self.step(task, State::Working, at_ms, &format!("turn {turn}"));
            }
            Event::ModelWaits { task, until_ms } => {
                let left = seconds(Duration::from_millis(until_ms.saturating_sub(at_ms)));
                self.step(task, State::Working, at_ms, &format!("the model is throttled, waits {left}"));
            }
            Event::CallDenied { task, tool, .. } => {
                self.step(task, State::Working, at_ms, &format!("may not use {tool} so"));
            }
            Event::TextWithheld { task, tool } => {
                self.step(task, State::Working, at_ms, &format!("a part of what {tool} answered is withheld"));
            }
            Event::TaskSuspended { task } => self.step(task, State::Waiting, at_ms, ""),
            Event::TaskFailed { task, cause, .. } => self.step(task, State::Failed, at_ms, cause),
            Event::JobFinished { job, success, passed, ran, .. } => self.job(job, *success, *passed, *ran),
            Event::GateDecided { phase, decision, findings, .. } => self.gate(*phase, *decision, *findings, at_ms),
            Event::RunEnded { status } => self.end(*status, at_ms),
        }
    }

    /// How much of the work is done, from 0 to 1.
    pub(crate) fn share(&self) -> f64 {
        let (mut done, mut all) = (0_u32, 0_u32);
        for row in &self.phases {
            for step in row.steps.iter().chain([&row.head]) {
                all += 1;
                done += u32::from(matches!(step.state, State::Done(_)));
            }
        }
        f64::from(done) / f64::from(all.max(1))
    }

    /// Nothing more will happen.
    pub(crate) fn end(&mut self, status: RunStatus, at_ms: u64) {
        self.ended = Some(status);
        for row in &mut self.phases {
            for step in row.steps.iter_mut().chain([&mut row.head]) {
                if step.state == State::Working {
                    step.enter(State::Stopped, at_ms);
                }
            }
        }
    }

    fn row(&mut self, phase: Phase) -> Option<&mut PhaseRow> {
        self.phases.iter_mut().find(|row| row.phase == phase)
    }

    fn step(&mut self, task: &TaskId, state: State, at_ms: u64, note: &str) {
        let Some((phase, name)) = split(task) else { return };
        let name = if name == "verify" { REFEREE } else { name };
        if let Some(step) = self.row(phase).and_then(|row| row.steps.iter_mut().find(|step| step.name == name)) {
            // A turn is no new beginning.
            if (step.state, state) != (State::Working, State::Working) {
                step.enter(state, at_ms);
            }
            if state == State::Working || !note.is_empty() {
                note.clone_into(&mut step.note);
            }
        }
    }

    fn job(&mut self, job: &str, success: bool, passed: usize, ran: usize) {
        let Some((phase, name)) = job.split_once('/') else { return };
        let Some(row) = Phase::from_id(phase).and_then(|phase| self.row(phase)) else { return };
        if let Some(step) = row.steps.iter_mut().find(|step| step.name == REFEREE) {
            let result = match (ran, success) {
                (0, true) => format!("{name} ok"),
                (0, false) => format!("{name} failed"),
                _ => format!("{name} {passed}/{ran}"),
            };
            if !step.note.is_empty() {
                step.note.push_str(", ");
            }
            step.note.push_str(&result);
        }
    }

    fn gate(&mut self, phase: Phase, decision: Decision, findings: usize, at_ms: u64) {
        let Some(row) = self.row(phase) else { return };
        let findings = number(findings, "finding", "findings");
        let (state, note) = match decision {
            Decision::Advance => (State::Done(false), String::new()),
            Decision::Rework => (State::Working, format!("rework: {findings}")),
            Decision::Blocked => (State::Blocked, format!("blocked: {findings}")),
            Decision::Fail => (State::Failed, format!("refused: {findings}")),
        };
        if state != State::Working {
            row.head.enter(state, at_ms);
        }
        row.head.note = note;
    }
}

fn steps(phase: Phase, waves: &[Vec<PersonaId>]) -> Vec<Step> {
    let mut steps: Vec<_> = waves.iter().flatten().map(|persona| Step::new(persona.id())).collect();
    // The first two phases make nothing that runs.
    if !matches!(phase, Phase::Requirements | Phase::Design) {
        steps.push(Step::new(REFEREE));
    }
    steps
}

/// Phase and name of a task, such as `design/gate`.
pub(crate) fn split(task: &TaskId) -> Option<(Phase, &str)> {
    let (phase, name) = task.as_str().split_once('/')?;
    Some((Phase::from_id(phase)?, name))
}

/// A duration in seconds or minutes.
pub(crate) fn seconds(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(id: &str) -> TaskId {
        TaskId::new(id).unwrap()
    }

    #[test]
    fn figures_are_live_and_count_once() {
        let mut board = Board::new(Scope::find("feature").unwrap(), 0);
        let writer = || task("design/technical_writer");
        let turn = |turn| Event::TurnTaken { task: writer(), turn, model: "m".into(), tokens: 10, cost_micro_usd: 3 };
        board.event(1, &Event::TaskStarted { task: writer(), input: String::new() });
        board.event(2, &turn(1));
        board.event(3, &turn(2));
        assert_eq!(board.used(), Amount { micro_usd: 6, tokens: 20 });
        // A turn that was paid for before this execution counts at the end.
        board.event(4, &Event::TaskFinished { task: writer(), reused: false, tokens: 30, cost_micro_usd: 9 });
        assert_eq!(board.used(), Amount { micro_usd: 9, tokens: 30 });
        let step = board.phases[1].steps.iter().find(|step| step.name == "technical_writer").unwrap();
        assert_eq!((step.note.as_str(), step.took(99).as_millis()), ("turn 2", 3));
    }

    #[test]
    fn follows_a_phase_through_rework() {
        let mut board = Board::new(Scope::find("feature").unwrap(), 0);
        let waves = vec![vec![PersonaId::QaEngineer], vec![PersonaId::TechnicalWriter]];
        let finished = |id| Event::TaskFinished { task: task(id), reused: false, tokens: 5, cost_micro_usd: 7 };
        board.event(10, &Event::PhaseStarted { phase: Phase::Testing, attempt: 1, waves: waves.clone() });
        board.event(20, &Event::TaskStarted { task: task("testing/qa_engineer"), input: String::new() });
        board.event(50, &finished("testing/qa_engineer"));
        let (job, success) = ("testing/acceptance".to_owned(), false);
        board.event(55, &Event::TaskStarted { task: task("testing/verify"), input: String::new() });
        board.event(60, &Event::JobFinished { job, success, passed: 2, ran: 3, duration_ms: 5 });
        let row = board.phases[3].clone();
        assert_eq!((row.steps[0].state, row.steps[0].took(999).as_millis()), (State::Done(false), 30));
        assert_eq!(row.steps[2].note, "acceptance 2/3");
        assert_eq!(board.used(), Amount { micro_usd: 7, tokens: 5 });

        let (decision, phase) = (Decision::Rework, Phase::Testing);
        board.event(70, &Event::GateDecided { phase, attempt: 1, decision, findings: 1 });
        board.event(71, &Event::PhaseStarted { phase, attempt: 2, waves });
        assert_eq!(board.phases[3].steps[0].state, State::Waiting, "the second attempt starts over");
        assert_eq!(board.phases[3].head.took(80).as_millis(), 70, "the phase goes on");
        board.event(80, &Event::RunEnded { status: RunStatus::Cancelled });
        assert_eq!(board.phases[3].head.state, State::Stopped);
    }
}
