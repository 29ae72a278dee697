//! Runs a script in the sandbox.

use super::Runner;
use crate::{
    failure::Fault,
    platform::{self, Ran},
    task::{Progress, Work},
};
use maestro_domain::{ExitStatus, NodeFailure, job::Printed};
use maestro_ports::referee::{Action, Job, Limits};
use maestro_workflow::types::script::{Interpreter, Script};
use serde_json::{Value, json};

pub(super) const RUNNER: Runner = Runner { name: "script", evaluates_itself: false, run: |work| Box::pin(run(work)) };

/// The script's name in its sandbox.
const FILE: &str = "script";
/// How much of what a failed script printed its failure tells, in characters.
const TOLD: usize = 1_000;

async fn run(work: Work<'_>) -> Result<Progress, NodeFailure> {
    let config: Script = work.config()?;
    let interpreter: &[&str] = match config.interpreter {
        Interpreter::Sh => &["sh", "-eu"],
        Interpreter::Python => &["python3"],
    };
    let argv = interpreter.iter().copied().chain([FILE]).map(str::to_owned).collect();
    // The node's own time limit ends it; this one is for a node that has none.
    let limits = Limits { wall_ms: 24 * 60 * 60 * 1_000, cpu_s: 24 * 60 * 60, ..Limits::default() };
    let job = Job {
        name: work.name(),
        workspace: [(FILE.to_owned(), config.script.into_bytes())].into(),
        action: Action::Script { argv },
        env: config.env,
        limits,
    };
    let (run, starter) = (work.task.run.clone(), work.starter());
    let script = platform::Script { run, starter, since_ms: work.task.started_ms, job };
    let outcome = match work.platform.scripts.run(script).await? {
        Ran::Ended(outcome) => outcome,
        Ran::Later { at_ms } => return Ok(Progress::Again { at_ms, waits_for: None }),
    };
    let Printed { stdout, stderr } = Printed::of(&outcome.stdout, &outcome.stderr);
    if outcome.evidence.exit.success() {
        let printed = stdout.trim();
        // What a script prints as JSON can be read of by name.
        let parsed: Option<Value> = serde_json::from_str(printed).ok();
        return Ok(Progress::Done(Some(json!({"stdout": stdout, "stderr": stderr, "json": parsed}))));
    }
    let ended = match outcome.evidence.exit {
        ExitStatus::Exited { code } => format!("exit code {code}"),
        other => serde_json::to_string(&other).unwrap_or_else(|_| format!("{other:?}")),
    };
    let said = if stderr.trim().is_empty() { stdout } else { stderr };
    let skipped = said.chars().count().saturating_sub(TOLD);
    let end: String = said.chars().skip(skipped).collect();
    Err(Fault::Script.because(format!("the script ended with {ended}: {}", end.trim())))
}
