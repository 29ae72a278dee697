//! A job of the referee: asked for by who may not wait for it, run by somebody else, and known by what it is about.

use crate::{evidence::Evidence, hash::ContentHash};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

// State machine of a job's row:
//
//   from \ event   ask(waiter)                  report(evidence)      report(failure)    ask anew (sweep)
//   (none)         requested; is dispatched     refused               refused            -
//   requested      waits with the others        done                  failed             requested, once more; or
//                                                                                        failed, when that was often enough
//   done           answers the evidence         same: nothing         nothing            -
//                                               other: refused
//   failed         who waited: the failure      refused               nothing            -
//                  others: requested anew
//
// Who waits stays in the row after it is done: whoever lets them go on may die before it has told them all, and the next
// one tells them again.

/// How long everything about a job may take. Tools, template, sweep and what a phase's machine waits for are held to these
/// by tests: who sweeps sooner asks for jobs that are still running, and gives up on evidence that is on its way.
pub mod bounds {
    /// The most wall-clock seconds that a job may have.
    pub const LONGEST_S: u64 = 240;
    /// Seconds for which a host may be at one job: it gets a machine, reads the job, runs it and puts its report.
    pub const HOST_S: u64 = LONGEST_S + 120;
    /// Seconds for which a request may wait for a host; CodeBuild lets nobody ask for fewer.
    pub const QUEUED_S: u64 = 300;
    /// Seconds for which nothing may be heard of a job. Requests and reports take a moment, too.
    pub const PATIENCE_S: u64 = QUEUED_S + HOST_S + 60;
    /// Seconds from one sweep to the next.
    pub const SWEEP_EVERY_S: u64 = 120;
    /// How often a job is asked for.
    pub const MOST: u32 = 2;
    /// Seconds after which whoever waits has an answer, whatever is lost.
    pub const ANSWERED_S: u64 = MOST as u64 * (PATIENCE_S + SWEEP_EVERY_S);
}

/// Limits of one command. Each is enforced by the kernel or by the referee, never by the command itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Wall-clock milliseconds until the whole tree is killed.
    pub wall_ms: u64,
    /// CPU seconds of any one process.
    pub cpu_s: u64,
    /// Address space of any one process, in bytes.
    pub memory_bytes: u64,
    /// Memory of all processes together and of what they keep in memory file systems, in bytes.
    pub tree_memory_bytes: u64,
    /// Processes and threads alive at once.
    pub processes: u64,
    /// Size of any one file written, in bytes.
    pub file_bytes: u64,
    /// Files, folders and links in the whole sandbox, those of the workspace among them.
    pub files: u64,
    /// Bytes of standard output and of standard error that are kept, each.
    pub output_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall_ms: 120_000,
            cpu_s: 60,
            memory_bytes: 2 << 30,
            tree_memory_bytes: 2 << 30,
            processes: 128,
            file_bytes: 64 << 20,
            files: 50_000,
            output_bytes: 256 << 10,
        }
    }
}

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Runs this command; `argv[0]` is looked up in the sandbox's `PATH`.
    Command {
        /// Program and arguments.
        argv: Vec<String>,
    },
    /// Runs the Python `unittest` tests below this folder of the workspace with the referee's own runner,
    /// which the workspace cannot change, and fills `Evidence::tests`.
    PythonTests {
        /// Folder below the workspace, such as `tests`.
        dir: String,
    },
    /// Runs a Python program that lies in the workspace and keeps what it reports in `Evidence::report`: the program defines
    /// `main(argument)`, and what that returns is the report.
    PythonReport {
        /// The program's path below the workspace.
        program: String,
        /// What it is given.
        argument: serde_json::Value,
    },
    /// Runs this command as `Command` does, and hands over what it prints: for who needs that, and not evidence of it.
    Script {
        /// Program and arguments.
        argv: Vec<String>,
    },
}

impl Action {
    /// The command that evidence names: what a person would type, the same on every machine.
    #[must_use]
    pub fn command(&self) -> Vec<String> {
        match self {
            Self::Command { argv } | Self::Script { argv } => argv.clone(),
            Self::PythonTests { dir } => {
                let dir = dir.strip_suffix('/').unwrap_or(dir);
                ["python3", "-m", "unittest", "discover", "-s", dir].map(str::to_owned).to_vec()
            }
            Self::PythonReport { program, argument } => {
                vec!["python3".to_owned(), program.clone(), argument.to_string()]
            }
        }
    }
}

/// What a job is about, its workspace by hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSpec {
    /// What it is for, such as `testing/acceptance`; becomes `Evidence::job`.
    pub name: String,
    /// What to do in the workspace.
    pub action: Action,
    /// Environment beside what the sandbox itself sets.
    pub env: BTreeMap<String, String>,
    /// Its limits.
    pub limits: Limits,
    /// The workspace: relative path → hash of the bytes.
    pub files: BTreeMap<String, ContentHash>,
}

impl JobSpec {
    /// The document that is stored; its hash is the job's id.
    #[must_use]
    pub fn document(&self) -> String {
        // Through a value, which sorts keys: the text is canonical.
        serde_json::json!(self).to_string()
    }

    /// What the job is known by. Two jobs with one id would give the same evidence.
    #[must_use]
    pub fn id(&self) -> ContentHash {
        ContentHash::of(self.document().as_bytes())
    }

    /// Whether every host has the time for it.
    #[must_use]
    pub const fn in_bounds(&self) -> bool {
        self.limits.wall_ms <= bounds::LONGEST_S * 1_000
    }
}

/// Who goes on when jobs are done: a message that is sent to a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiter {
    /// The queue.
    pub queue: String,
    /// The message as it was, with its token.
    pub message: String,
    /// All jobs that it waits for; it goes on when none of them is open.
    #[serde(default)]
    pub jobs: Vec<ContentHash>,
}

impl Waiter {
    fn same(&self, other: &Self) -> bool {
        self.queue == other.queue && self.message == other.message
    }
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum JobState {
    /// Somebody was asked to run it.
    Requested {
        /// How often.
        asked: u32,
        /// When last, milliseconds since 1970.
        asked_ms: u64,
    },
    /// It was run.
    Done {
        /// What the referee saw.
        evidence: Box<Evidence>,
    },
    /// It could not be run.
    Failed {
        /// Why not.
        cause: String,
    },
}

/// What a referee says of a job that it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobReport {
    /// The job's id.
    pub job: ContentHash,
    /// What was done.
    pub action: Action,
    /// Within which limits.
    pub limits: Limits,
    /// What came of it.
    pub outcome: JobOutcome,
    /// What a script printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<Printed>,
}

/// What a script printed, within its limits; what is no text is replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Printed {
    /// From the bytes.
    #[must_use]
    pub fn of(stdout: &[u8], stderr: &[u8]) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { stdout: text(stdout), stderr: text(stderr) }
    }

    /// Whether a script with these limits can have printed it. A byte that is no text becomes three.
    fn within(&self, limits: &Limits) -> bool {
        self.stdout.len().max(self.stderr.len()) <= limits.output_bytes.saturating_mul(3)
    }
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// It was run.
    Evidence(Box<Evidence>),
    /// It could not be run.
    Failed(String),
}

/// The stored row of one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Its id.
    pub job: ContentHash,
    /// What it is for.
    pub name: String,
    /// What is to be done.
    pub action: Action,
    /// Within which limits.
    pub limits: Limits,
    /// Hash over names and bytes of all files of the workspace, as evidence names it.
    pub workspace: ContentHash,
    /// Where it stands.
    #[serde(flatten)]
    pub state: JobState,
    /// What a script printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub printed: Option<Printed>,
    /// Who goes on when it is done.
    pub waiting: Vec<Waiter>,
    /// Raised by every change; a write over an older row is refused.
    pub revision: u64,
}

/// What asking for a job gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It was run before.
    Done(Box<Evidence>),
    /// It could not be run, and who asks has waited for it.
    Failed(String),
    /// It is open, and who asks waits for it already.
    Waits,
    /// It is open from now on, or has one more who waits.
    Write {
        /// The row to write.
        row: Box<JobRow>,
        /// Whether somebody must be asked to run it.
        dispatch: bool,
    },
}

/// Why a report is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The job is over.
    #[error("the job is not open")]
    NotOpen,
    /// It is about another job.
    #[error("it is about another job")]
    OtherJob,
    /// Something else was done.
    #[error("another action or other limits")]
    OtherAction,
    /// Something else was looked at.
    #[error("another workspace")]
    OtherWorkspace,
    /// It holds more than was asked for.
    #[error("it tells of prints that the job cannot have made")]
    Printed,
}

impl JobRow {
    /// Decides what asking for a job gives, from the stored row.
    #[must_use]
    pub fn ask(stored: Option<&Self>, spec: &JobSpec, workspace: &ContentHash, waiter: &Waiter, now_ms: u64) -> Asked {
        let revision = match stored {
            None => 0,
            Some(row) => {
                match &row.state {
                    JobState::Done { evidence } => return Asked::Done(evidence.clone()),
                    JobState::Failed { cause } if row.waits(waiter) => return Asked::Failed(cause.clone()),
                    JobState::Requested { .. } if row.waits(waiter) => return Asked::Waits,
                    JobState::Requested { .. } => {
                        let mut row = Box::new(row.clone());
                        row.waiting.push(waiter.clone());
                        row.revision += 1;
                        return Asked::Write { row, dispatch: false };
                    }
                    JobState::Failed { .. } => {}
                }
                row.revision
            }
        };
        let row = Self {
            job: spec.id(),
            name: spec.name.clone(),
            action: spec.action.clone(),
            limits: spec.limits.clone(),
            workspace: workspace.clone(),
            state: JobState::Requested { asked: 1, asked_ms: now_ms },
            printed: None,
            waiting: vec![waiter.clone()],
            revision: revision + 1,
        };
        Asked::Write { row: Box::new(row), dispatch: true }
    }

    /// The row after a report; `None` where it says nothing new.
    ///
    /// # Errors
    /// [`Refused`] where it cannot be about this job as it stands.
    pub fn reported(&self, report: &JobReport) -> Result<Option<Self>, Refused> {
        if report.job != self.job {
            return Err(Refused::OtherJob);
        }
        if report.action != self.action || report.limits != self.limits {
            return Err(Refused::OtherAction);
        }
        let script = matches!(self.action, Action::Script { .. });
        if report.printed.as_ref().is_some_and(|printed| !script || !printed.within(&self.limits)) {
            return Err(Refused::Printed);
        }
        let state = match (&self.state, &report.outcome) {
            (JobState::Requested { .. }, JobOutcome::Evidence(evidence)) => {
                self.fits(evidence)?;
                JobState::Done { evidence: evidence.clone() }
            }
            (JobState::Requested { .. }, JobOutcome::Failed(cause)) => JobState::Failed { cause: cause.clone() },
            // Told twice, or run twice: two runs of one job differ in nothing but clocks.
            (JobState::Done { evidence: known }, JobOutcome::Evidence(told)) if known.id() == told.id() => {
                return Ok(None);
            }
            (JobState::Done { .. } | JobState::Failed { .. }, JobOutcome::Failed(_)) => return Ok(None),
            (JobState::Done { .. } | JobState::Failed { .. }, JobOutcome::Evidence(_)) => return Err(Refused::NotOpen),
        };
        Ok(Some(Self { state, printed: report.printed.clone(), revision: self.revision + 1, ..self.clone() }))
    }

    fn fits(&self, evidence: &Evidence) -> Result<(), Refused> {
        if evidence.job != self.name {
            return Err(Refused::OtherJob);
        }
        if evidence.command != self.action.command() {
            return Err(Refused::OtherAction);
        }
        if evidence.workspace_hash != self.workspace {
            return Err(Refused::OtherWorkspace);
        }
        Ok(())
    }

    /// The row after nothing was heard for too long: asked for once more, or, where that was done `most` times, failed.
    /// `None` where nobody is overdue.
    #[must_use]
    pub fn overdue(&self, now_ms: u64, patience_ms: u64, most: u32) -> Option<Self> {
        let JobState::Requested { asked, asked_ms } = self.state else { return None };
        if now_ms < asked_ms + patience_ms {
            return None;
        }
        let state = if asked < most {
            JobState::Requested { asked: asked + 1, asked_ms: now_ms }
        } else {
            JobState::Failed { cause: format!("nothing was heard of the job `{}`, asked for {asked} times", self.name) }
        };
        Some(Self { state, revision: self.revision + 1, ..self.clone() })
    }

    /// Whether this one waits for it, or waited.
    #[must_use]
    pub fn waits(&self, waiter: &Waiter) -> bool {
        self.waiting.iter().any(|known| known.same(waiter))
    }

    /// Whether it is still to be run.
    #[must_use]
    pub const fn open(&self) -> bool {
        matches!(self.state, JobState::Requested { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ExitStatus, Isolation};

    fn spec() -> JobSpec {
        JobSpec {
            name: "testing/acceptance".into(),
            action: Action::PythonTests { dir: "tests".into() },
            env: [].into(),
            limits: Limits::default(),
            files: [("tests/a.py".into(), ContentHash::of(b"a"))].into(),
        }
    }

    fn waiter(message: &str) -> Waiter {
        Waiter { queue: "verify".into(), message: message.into(), jobs: vec![spec().id()] }
    }

    fn workspace() -> ContentHash {
        ContentHash::of(b"workspace")
    }

    fn ask(stored: Option<&JobRow>, message: &str) -> Asked {
        JobRow::ask(stored, &spec(), &workspace(), &waiter(message), 100)
    }

    fn requested(message: &str) -> JobRow {
        let Asked::Write { row, dispatch: true } = ask(None, message) else { panic!("a new job is asked for") };
        *row
    }

    fn evidence() -> Evidence {
        Evidence {
            job: spec().name,
            command: spec().action.command(),
            exit: ExitStatus::Exited { code: 0 },
            isolation: Isolation::Namespaces,
            output_hash: ContentHash::of(b"out"),
            workspace_hash: workspace(),
            tests: vec![],
            report: None,
            truncated: false,
            duration_ms: 7,
        }
    }

    fn report(outcome: JobOutcome) -> JobReport {
        JobReport { job: spec().id(), action: spec().action, limits: spec().limits, outcome, printed: None }
    }

    #[test]
    fn a_job_that_no_host_has_the_time_for_is_out_of_bounds() {
        let lasting = |wall_ms| JobSpec { limits: Limits { wall_ms, ..Limits::default() }, ..spec() };
        assert!(spec().in_bounds() && lasting(bounds::LONGEST_S * 1_000).in_bounds());
        assert!(!lasting(bounds::LONGEST_S * 1_000 + 1).in_bounds());
    }

    #[test]
    fn an_id_follows_from_all_that_a_job_is_about() {
        let mut ids = vec![spec().id()];
        let mut other = spec();
        other.env.insert("A".into(), "b".into());
        ids.push(other.id());
        ids.push(JobSpec { action: Action::PythonTests { dir: "check".into() }, ..spec() }.id());
        ids.push(JobSpec { limits: Limits { wall_ms: 1, ..Limits::default() }, ..spec() }.id());
        ids.push(JobSpec { files: [].into(), ..spec() }.id());
        ids.push(JobSpec { name: "n".into(), ..spec() }.id());
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
        let read: JobSpec = serde_json::from_str(&spec().document()).unwrap();
        assert_eq!(read.id(), spec().id());
    }

    #[test]
    fn asking_follows_the_table() {
        let row = requested("a");
        assert_eq!(ask(Some(&row), "a"), Asked::Waits);
        let Asked::Write { row: two, dispatch: false } = ask(Some(&row), "b") else { panic!("a second one waits") };
        assert_eq!(two.waiting, [waiter("a"), waiter("b")]);
        let done = two.reported(&report(JobOutcome::Evidence(evidence().into()))).unwrap().unwrap();
        assert_eq!(ask(Some(&done), "c"), Asked::Done(evidence().into()));
        let failed = two.reported(&report(JobOutcome::Failed("no python".into()))).unwrap().unwrap();
        assert_eq!(ask(Some(&failed), "b"), Asked::Failed("no python".into()));
        let Asked::Write { row: anew, dispatch: true } = ask(Some(&failed), "c") else {
            panic!("another one asks anew")
        };
        assert_eq!(anew.waiting, [waiter("c")]);
        assert!(anew.open() && anew.revision > failed.revision);
    }

    #[test]
    fn only_a_report_about_this_very_job_counts_and_counts_once() {
        let row = requested("a");
        let good = report(JobOutcome::Evidence(evidence().into()));
        let done = row.reported(&good).unwrap().unwrap();
        assert_eq!(done.reported(&good), Ok(None));
        let slower = report(JobOutcome::Evidence(Evidence { duration_ms: 9, ..evidence() }.into()));
        assert_eq!(done.reported(&slower), Ok(None));
        let other = report(JobOutcome::Evidence(Evidence { exit: ExitStatus::TimedOut, ..evidence() }.into()));
        assert_eq!(done.reported(&other), Err(Refused::NotOpen));
        let forged = |change: fn(&mut JobReport)| {
            let mut report = good.clone();
            change(&mut report);
            row.reported(&report).unwrap_err()
        };
        fn seen(report: &mut JobReport) -> &mut Evidence {
            match &mut report.outcome {
                JobOutcome::Evidence(evidence) => evidence,
                JobOutcome::Failed(_) => unreachable!(),
            }
        }
        assert_eq!(forged(|report| report.job = ContentHash::of(b"x")), Refused::OtherJob);
        assert_eq!(forged(|report| seen(report).job = "testing/other".into()), Refused::OtherJob);
        assert_eq!(forged(|report| report.limits.cpu_s = 1), Refused::OtherAction);
        assert_eq!(forged(|report| report.action = Action::Command { argv: vec![] }), Refused::OtherAction);
        assert_eq!(forged(|report| seen(report).command = vec!["true".into()]), Refused::OtherAction);
        assert_eq!(forged(|report| seen(report).workspace_hash = ContentHash::of(b"x")), Refused::OtherWorkspace);
    }

    #[test]
    fn what_is_overdue_is_asked_for_so_often_and_no_more() {
        let mut row = requested("a");
        assert_eq!(row.overdue(149, 50, 2), None);
        row = row.overdue(150, 50, 2).unwrap();
        assert_eq!(row.state, JobState::Requested { asked: 2, asked_ms: 150 });
        assert_eq!(row.overdue(199, 50, 2), None);
        row = row.overdue(200, 50, 2).unwrap();
        assert!(matches!(&row.state, JobState::Failed { cause } if cause.contains("2 times")), "{row:?}");
        assert_eq!(row.overdue(900, 50, 2), None);
    }

    #[test]
    fn only_a_script_tells_what_it_printed_and_no_more_than_it_may() {
        let script = JobSpec { action: Action::Script { argv: vec!["sh".into()] }, ..spec() };
        let row = |spec: &JobSpec| match JobRow::ask(None, spec, &workspace(), &waiter("a"), 1) {
            Asked::Write { row, .. } => *row,
            other => panic!("{other:?}"),
        };
        let told = |spec: &JobSpec, printed: Printed| {
            let evidence = Evidence { command: spec.action.command(), ..evidence() };
            let outcome = JobOutcome::Evidence(evidence.into());
            let (action, limits, printed) = (spec.action.clone(), spec.limits.clone(), Some(printed));
            row(spec).reported(&JobReport { job: spec.id(), action, limits, outcome, printed })
        };
        let printed = Printed::of(b"42\n", b"");
        let done = told(&script, printed.clone()).unwrap().unwrap();
        assert_eq!(done.printed, Some(printed.clone()));
        assert_eq!(told(&spec(), printed).unwrap_err(), Refused::Printed);
        let long = Printed::of(&vec![b'x'; spec().limits.output_bytes * 3 + 1], b"");
        assert_eq!(told(&script, long).unwrap_err(), Refused::Printed);
    }
}
