//! `maestro runs show`: everything that is known of one run.

use super::runs_list::time;
use crate::{
    config::Config,
    context::Context,
    logging,
    output::{Output, number},
    site::{self, On, Site},
    stop::{Exit, Stop},
    summary::{self, Figures, Summary, counts},
};
use maestro_domain::{
    Decision, Epic, Gate, Run, StatementKind, TaskState,
    task::MadeBy,
    trace::{TraceCounts, count},
};
use maestro_sdlc::{Failure, record};
use maestro_store::{StoredArtifact, StoredRun};
use maestro_workflow::Scope;
use serde_json::{Value, json};

/// Arguments of `runs show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Prints one JSON object
    #[arg(long, conflicts_with = "canonical")]
    json: bool,
    /// Prints the record without run id, clock, durations, ports and raw output: equal for equal runs, byte by byte
    #[arg(long)]
    canonical: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { on, config, output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    if args.canonical {
        let record = record::canonical(there.store(), &stored.run.id).await.map_err(|error| site::failed(&error))?;
        output.line(format!("{record:#}"));
        return Ok(Exit::Ok);
    }
    let shown = Shown::read(&*there, on, stored).await.map_err(|error| site::failed(&error))?;
    if args.json {
        output.json(&shown.json());
    } else {
        shown.show(output, config);
    }
    Ok(Exit::Ok)
}

/// What the run's scope leaves out; nothing is said of a scope that only a newer program knows.
fn left_out(run: &Run) -> Value {
    let tasks = Scope::find(&run.scope).ok().and_then(|scope| maestro_sdlc::left_out(scope).ok());
    tasks.map_or(Value::Null, |tasks| {
        tasks.into_iter().map(|(phase, persona)| json!({"phase": phase, "persona": persona})).collect()
    })
}

struct Shown {
    standing: &'static str,
    summary: Summary,
    epic: Epic,
    tasks: Vec<(String, &'static str, Option<MadeBy>)>,
    artifacts: Vec<StoredArtifact>,
    criteria: TraceCounts,
}

impl Shown {
    async fn read(there: &dyn Site, on: On, stored: StoredRun) -> Result<Self, Failure> {
        let store = there.store();
        let standing = site::standing(there, &stored).await;
        let id = stored.run.id.clone();
        let tasks = store.tasks(&id).await?.into_iter().map(|row| {
            let state = match row.state {
                TaskState::Completed { .. } => "completed",
                TaskState::Claimed { .. } => "claimed",
                TaskState::Open { .. } => "open",
            };
            (row.task.to_string(), state, row.made_by)
        });
        Ok(Self {
            standing,
            epic: store.epic(&id).await?,
            tasks: tasks.collect(),
            artifacts: store.artifacts(&id).await?,
            criteria: count(&record::trace(there.store(), &stored.run).await?),
            summary: Summary::read(there.store(), on, stored.run, Figures::default()).await?,
        })
    }

    fn narrative(&self) -> impl Iterator<Item = (&str, &str)> {
        let statements = self.epic.statements.iter();
        statements.filter(|s| s.kind == StatementKind::Narrative).map(|s| (s.id.as_str(), s.text.as_str()))
    }

    fn json(&self) -> Value {
        let run = &self.summary.run;
        let unknown = self.summary.unknown.iter().map(|(id, quote, why)| json!({"id": id, "quote": quote, "why": why}));
        json!({
            "run": run.id,
            "epic": run.epic,
            "epic_hash": run.epic_hash,
            "model": run.model,
            "scope": run.scope,
            "left_out": left_out(run),
            "status": self.standing,
            "reason": run.reason,
            "executions": run.executions,
            "created_ms": run.created_ms,
            "changed_ms": run.changed_ms,
            "out": run.out,
            "deliverable": self.summary.deliverable.as_ref().map(|deliverable| &deliverable.place),
            "criteria": self.criteria,
            "gates": self.summary.gates,
            "tasks": self.tasks.iter().map(|(task, state, by)| json!({"task": task, "state": state, "made_by": by})).collect::<Value>(),
            "artifacts": self.artifacts,
            "unknown": unknown.collect::<Value>(),
            "narrative": self.narrative().map(|(id, text)| json!({"id": id, "text": text})).collect::<Value>(),
        })
    }

    fn show(&self, output: &Output, config: &Config) {
        let (paint, run) = (output.out(), &self.summary.run);
        output.line(format!("{}: {}", paint.bold(&run.epic), self.standing));
        let row = |name: &str, text: &str| output.line(format!("  {} {text}", paint.dim(format!("{name:<12}"))));
        row("run", run.id.as_str());
        if let Some(reason) = &run.reason {
            row("reason", &format!("{}: {}", reason.code, reason.message));
        }
        row("model", &run.model);
        row("scope", &summary::scope(run));
        row("started", &time(run.created_ms));
        row("changed", &time(run.changed_ms));
        row("executions", &run.executions.to_string());
        row("statements", &counts(self.criteria));
        match &self.summary.deliverable {
            Some(deliverable) => {
                row("deliverable", &deliverable.place.display().to_string());
                if let Some(start) = deliverable.start() {
                    row("start it", &start);
                }
            }
            None => row("deliverable", "none yet"),
        }
        row("log", &logging::path(&config.home, &run.id).display().to_string());
        if matches!(self.standing, "interrupted" | "failed" | "blocked" | "cancelled") {
            row("go on", &self.summary.on.resume(&run.id));
        }
        self.show_work(output);
        self.summary.show_unknown(output);
        let narrative: Vec<_> = self.narrative().collect();
        if !narrative.is_empty() {
            output.line(format!("\n{}", paint.bold("narrative, read and not traced")));
            for (id, text) in narrative {
                output.line(format!("  {id:<8} {text}"));
            }
        }
    }

    fn show_work(&self, output: &Output) {
        let paint = output.out();
        output.line(format!("\n{}", paint.bold("gates")));
        for Gate { phase, attempt, decision, findings, checks } in &self.summary.gates {
            let decision = match decision {
                Decision::Advance => paint.green("advance"),
                Decision::Rework => paint.yellow("rework"),
                Decision::Blocked => paint.yellow("blocked"),
                Decision::Fail => paint.red("refused"),
            };
            output.line(format!(
                "  {:<16} attempt {attempt}  {decision}  {}",
                phase.id(),
                number(checks.len(), "check", "checks")
            ));
            for finding in findings {
                let statement = finding.statement.as_ref().map(|id| format!("{id} ")).unwrap_or_default();
                output.line(format!(
                    "    {statement}{} {}",
                    finding.message,
                    paint.dim(format!("({})", finding.check))
                ));
            }
        }
        output.line(format!("\n{}", paint.bold("tasks")));
        for (task, state, by) in &self.tasks {
            let by = by.as_ref().map(|by| format!("  {} {}", by.function, by.request)).unwrap_or_default();
            output.line(format!("  {task:<40} {state}{}", paint.dim(by)));
        }
        output.line(format!("\n{}", paint.bold("artifacts")));
        for StoredArtifact { attempt, artifact, .. } in &self.artifacts {
            let (phase, kind) = (artifact.phase.id(), artifact.kind.id());
            output.line(format!(
                "  {phase:<16} attempt {attempt}  {kind:<14} {}",
                number(artifact.files.len(), "file", "files")
            ));
        }
    }
}
