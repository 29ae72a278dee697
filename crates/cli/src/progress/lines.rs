//! Progress as plain lines, one an event.

use super::board::{seconds, split};
use crate::output::{note, number};
use maestro_domain::{Decision, Event, budget::usd};
use std::time::Duration;

/// Writes a line for each event that says something.
#[derive(Debug)]
pub(crate) struct Lines {
    began_ms: u64,
}

impl Lines {
    pub(crate) fn new(now_ms: u64) -> Self {
        Self { began_ms: now_ms }
    }

    pub(crate) fn event(&self, at_ms: u64, event: &Event) {
        if let Some(text) = line(event) {
            let since = Duration::from_millis(at_ms.saturating_sub(self.began_ms));
            note(&format!("[{:>8}] {text}", seconds(since)));
        }
    }
}

fn line(event: &Event) -> Option<String> {
    Some(match event {
        Event::ExecutionStarted { execution } => format!("{execution} started"),
        Event::PhaseStarted { phase, attempt: 1, .. } => format!("phase {phase} started"),
        Event::PhaseStarted { phase, attempt, .. } => format!("phase {phase} started again, attempt {attempt}"),
        // Its end says more.
        Event::TaskStarted { .. } | Event::TaskWaits { .. } => return None,
        Event::TaskFinished { task, reused, tokens, .. } => {
            if matches!(split(task), Some((_, "gate" | "plan" | "verify")) | None) {
                return None;
            }
            let stored = if *reused { " (stored result)" } else { "" };
            let tokens = if *tokens > 0 { format!(", {tokens} tokens") } else { String::new() };
            format!("  {task} done{stored}{tokens}")
        }
        Event::TurnTaken { task, turn, tokens, cost_micro_usd, .. } => {
            format!("  {task} turn {turn}: {tokens} tokens, {}", usd(*cost_micro_usd))
        }
        Event::ModelWaits { task, .. } => format!("  {task} waits: the model's provider has no room"),
        Event::CallDenied { task, cause, .. } => format!("  {task} was denied a call: {cause}"),
        Event::TextWithheld { task, tool } => {
            format!("  {task}: a part of what {tool} answered is withheld from the model")
        }
        Event::TaskSuspended { task } => format!("  {task} goes on in another call"),
        Event::TaskFailed { task, error, cause } => format!("  {task} failed: {cause} ({error})"),
        Event::JobFinished { job, success, passed, ran, duration_ms } => {
            let took = seconds(Duration::from_millis(*duration_ms));
            let verdict = if *success { "ok" } else { "failed" };
            let tests = if *ran > 0 { format!(", {passed} of {ran} tests passed") } else { String::new() };
            format!("  referee ran {job}: {verdict}{tests} in {took}")
        }
        Event::GateDecided { phase, decision, findings, .. } => {
            let findings = number(*findings, "finding", "findings");
            match decision {
                Decision::Advance => format!("gate {phase}: advance"),
                Decision::Rework => format!("gate {phase}: rework, {findings}"),
                Decision::Blocked => format!("gate {phase}: blocked, {findings}"),
                Decision::Fail => format!("gate {phase}: refused, {findings}"),
            }
        }
        Event::ReportRefused { job, cause } => format!("  a report about the job {} was refused: {cause}", job.short()),
        Event::DeadLetter { queue, cause, .. } => format!("  a message of the queue {queue} was given up: {cause}"),
        Event::RunEnded { status } => format!("run ended: {}", status.id()),
    })
}
