//! What commands about runs of workflows have in common: opening them, finding one, executing it under the user's eyes.

use crate::{
    config::Config,
    flow_site::{FlowEnded, FlowSite, Here},
    home,
    local::{ready_referee, referee},
    models,
    output::Output,
    session::View,
    signals::Signals,
    site::{self, Error, On},
    stop::{Exit, Stop},
};
use maestro_domain::{FlowRun, NodeKey, NodeRow, NodeStatus, RunId, RunStatus};
use maestro_embedded::{FlowError, FlowHost};
use maestro_flows::FlowEvent;
use maestro_store::{Home, Store};
use maestro_workflow::{Workflow, graph::Ix};
use serde::Serialize;
use std::{sync::Arc, time::Instant};
use tokio::sync::mpsc;

/// Runs read at once.
const PAGE: usize = 100;
/// With more nodes than this, progress tells how many are complete and not which.
const MANY: usize = 200;

/// The runs of the home that is there; nothing is executed.
pub(crate) fn existing(config: &Config) -> Result<Option<Here>, Stop> {
    match home::open_existing(config)? {
        Some(home) => open(config, &home, referee(config, false)?).map(Some),
        None => Ok(None),
    }
}

/// Ready to execute a workflow: where it runs scripts, the sandbox was tried out.
pub(crate) async fn ready(config: &Config, workflow: &Workflow, unsandboxed: bool) -> Result<Here, Stop> {
    let home = home::open_existing(config)?;
    let referee =
        if runs_code(workflow) { ready_referee(config, unsandboxed).await? } else { referee(config, unsandboxed)? };
    let home = home.map_or_else(|| home::open(config), Ok)?;
    open(config, &home, referee)
}

fn open(config: &Config, home: &Home, referee: maestro_sandbox::LocalReferee) -> Result<Here, Stop> {
    let host = FlowHost::open(home, Arc::new(referee), models::web(config)?).map_err(|error| match &error {
        FlowError::Store(error) => home::refused(config, error),
        error => Stop::from_error(Exit::Unusable, error),
    })?;
    let host = host.with_models(Arc::new(models::opener(config)?));
    Ok(Here { host, home: config.home.display().to_string() })
}

/// Whether a node may run code: its own, an item's, or another workflow's.
fn runs_code(workflow: &Workflow) -> bool {
    let code = |name: &str| matches!(name, "script" | "map" | "workflow");
    workflow
        .dag
        .nodes
        .iter()
        .any(|node| code(&node.task_type) || node.compensate_with.as_ref().is_some_and(|undo| code(&undo.task_type)))
}

/// The run that the user names: by its id, the beginning of it, its name, or `latest`.
pub(crate) async fn find_in(site: &dyn FlowSite, name: &str) -> Result<FlowRun, Stop> {
    let none = || no_run(&site.name(), name);
    if let Ok(id) = RunId::new(name) {
        match site.store().flow(&id).await {
            Ok(stored) => return Ok(stored.run),
            Err(maestro_store::Error::NoRun { .. }) => {}
            Err(error) => return Err(site::failed(&error)),
        }
    }
    let all = list(site.store(), usize::MAX).await?;
    if name == "latest" {
        return all.into_iter().next().ok_or_else(none);
    }
    let fits = |run: &FlowRun| {
        let id = run.id.as_str();
        let begins = !name.is_empty() && (id.starts_with(name) || id.trim_start_matches("run-").starts_with(name));
        begins || run.name.as_deref() == Some(name)
    };
    let mut fitting: Vec<FlowRun> = all.into_iter().filter(fits).collect();
    if fitting.len() > 1 {
        let ids: Vec<_> = fitting.iter().take(5).map(|run| run.id.to_string()).collect();
        return Err(Stop::unusable(format!("`{name}` fits {} runs", fitting.len()))
            .help(format!("write more of the id: {}", ids.join(", "))));
    }
    fitting.pop().ok_or_else(none)
}

/// What is said where there is no such run.
pub(crate) fn no_run(site: &str, name: &str) -> Stop {
    Stop::unusable(format!("`{site}` holds no run of a workflow `{name}`")).help("`maestro workflow list` lists them")
}

/// Runs of workflows, newest first.
pub(crate) async fn list(store: &Store, limit: usize) -> Result<Vec<FlowRun>, Stop> {
    let (mut runs, mut after) = (Vec::new(), None);
    while runs.len() < limit {
        let page = store.flows(after.as_deref(), PAGE.min(limit - runs.len())).await;
        let page = page.map_err(|error| site::failed(&error))?;
        runs.extend(page.runs);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    Ok(runs)
}

/// How a run stands: one that nobody executes any more has not ended, but is not running either.
pub(crate) async fn standing(site: &dyn FlowSite, run: &FlowRun) -> &'static str {
    match run.status {
        RunStatus::Running if matches!(site.executing(run).await, Ok(false)) => "interrupted",
        status => status.id(),
    }
}

/// Why something about runs could not be done.
pub(crate) fn failed(error: &Error) -> Stop {
    let exit = match error {
        Error::Illegal(_) | Error::Busy { .. } => Exit::Unusable,
        _ => Exit::Failed,
    };
    Stop::from_error(exit, error)
}

/// How many nodes stand how.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) succeeded: usize,
    pub(crate) skipped: usize,
    pub(crate) failed: usize,
    pub(crate) compensated: usize,
}

impl Counts {
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a NodeRow>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            match (row.outcome().map(|outcome| outcome.status), &row.state) {
                (Some(NodeStatus::Succeeded), _) => counts.succeeded += 1,
                (Some(NodeStatus::Skipped), _) => counts.skipped += 1,
                (None, maestro_domain::NodeState::Failed(_)) => counts.failed += 1,
                (None, maestro_domain::NodeState::Compensated) => counts.compensated += 1,
                (None, _) => {}
            }
        }
        counts
    }
}

/// The rows of a run's nodes, by number; nodes that nothing has happened to have none.
pub(crate) async fn rows(store: &Store, run: &RunId) -> Result<Vec<(u32, NodeRow)>, Stop> {
    let all = store.nodes(run).await.map_err(|error| site::failed(&error))?;
    let node = |(key, stored): (NodeKey, maestro_store::StoredNode)| match key {
        NodeKey::Node(at) => Some((at, stored.row)),
        NodeKey::Relay(_) => None,
    };
    Ok(all.into_iter().filter_map(node).collect())
}

/// The workflow that a run was started with.
pub(crate) async fn workflow(store: &Store, run: &FlowRun) -> Result<Workflow, Stop> {
    let text = store.flow_text(&run.id, &run.workflow).await.map_err(|error| site::failed(&error))?;
    maestro_workflow::check(&text).workflow.ok_or_else(|| {
        Stop::unusable(format!("this maestro finds errors in the workflow of run `{}`", run.id))
            .help("use the maestro that started it")
    })
}

/// A node of a workflow, by its id.
pub(crate) fn node(workflow: &Workflow, id: &str) -> Result<u32, Stop> {
    let number = workflow.graph.before.numbers().find(|at| workflow.id(*at) == id);
    number.map(|Ix(at)| at).ok_or_else(|| Stop::unusable(format!("the workflow has no node `{id}`")))
}

/// The last line on standard output with `--json`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    run: &'a RunId,
    dag_id: &'a str,
    status: &'a str,
    reason: Option<&'a str>,
    message: Option<&'a str>,
    nodes: usize,
    #[serde(flatten)]
    counts: Counts,
    transitions: u64,
    transactions: Option<u64>,
    wall_ms: u64,
}

/// One execution of a run.
pub(crate) struct Session<'a> {
    pub(crate) output: &'a Output,
    pub(crate) on: On,
    pub(crate) site: &'a dyn FlowSite,
    pub(crate) view: View,
    pub(crate) wait: bool,
    pub(crate) signals: Signals,
}

impl Session<'_> {
    /// Executes a run that was created or resumed, to its end.
    pub(crate) async fn work(self, run: FlowRun) -> Result<Exit, Stop> {
        let started = Instant::now();
        let (events, seen) = mpsc::unbounded_channel();
        let watching = tokio::spawn(watch(seen, self.view.quiet, run.nodes));
        if !self.view.quiet {
            self.output.note(format!("run {} of {} ({} nodes)", run.id, run.dag_id, run.nodes));
        }
        let watcher = (!self.view.quiet).then_some(events);
        let executed = tokio::select! {
            executed = self.site.execute(&run, self.wait, watcher, Box::pin(self.signals.reached(1))) => executed,
            () = self.signals.reached(2) => {
                self.output.note(format!("left as it is; go on with `{}`", self.on.resume_flow(&run.id)));
                return Ok(Exit::Interrupted);
            }
        };
        let _gone = watching.await;
        let FlowEnded { run, transitions, transactions } =
            executed.map_err(|error| failed(&error).help(format!("go on with `{}`", self.on.resume_flow(&run.id))))?;
        let rows = rows(self.site.store(), &run.id).await?;
        let counts = Counts::of(rows.iter().map(|(_, row)| row));
        let wall_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let reason = run.reason.as_ref();
        if self.view.json {
            self.output.json(&Line {
                run: &run.id,
                dag_id: &run.dag_id,
                status: run.status.id(),
                reason: reason.map(|reason| reason.code.as_str()),
                message: reason.map(|reason| reason.message.as_str()),
                nodes: run.nodes,
                counts,
                transitions,
                transactions,
                wall_ms,
            });
        } else {
            let skipped = if counts.skipped > 0 { format!(", {} skipped", counts.skipped) } else { String::new() };
            self.output.line(format!(
                "run {} is {}: {} of {} nodes complete{skipped}",
                run.id,
                run.status.id(),
                counts.succeeded + counts.skipped,
                run.nodes
            ));
        }
        if let Some(reason) = reason {
            let paint = self.output.err();
            self.output.note(format!("{} {}", paint.bold(&reason.code), reason.message));
            self.output.note(format!("go on with `{}`", self.on.resume_flow(&run.id)));
        }
        Ok(exit(&run))
    }
}

/// The exit code of a run that has ended.
pub(crate) fn exit(run: &FlowRun) -> Exit {
    match run.status {
        RunStatus::Ok | RunStatus::Running => Exit::Ok,
        RunStatus::Failed => Exit::Failed,
        RunStatus::Blocked => Exit::Blocked,
        RunStatus::Cancelled => Exit::Interrupted,
    }
}

/// Tells what happens, a line each, until the execution is over.
async fn watch(mut seen: mpsc::UnboundedReceiver<FlowEvent>, quiet: bool, nodes: usize) {
    let started = Instant::now();
    let (mut complete, mut told) = (0_usize, 0_usize);
    while let Some(event) = seen.recv().await {
        if matches!(event, FlowEvent::Completed { .. }) {
            complete += 1;
        }
        if quiet {
            continue;
        }
        let text = match event {
            FlowEvent::Started { .. } | FlowEvent::Completed { .. } if nodes > MANY => {
                if complete * 10 < (told + 1) * nodes {
                    continue;
                }
                told = complete * 10 / nodes;
                format!("{complete} of {nodes} complete")
            }
            FlowEvent::Started { node } => format!("{node} begins"),
            FlowEvent::Completed { node, status: NodeStatus::Succeeded } => format!("{node} is complete"),
            FlowEvent::Completed { node, status: NodeStatus::Skipped } => format!("{node} is skipped"),
            FlowEvent::Waiting { node, what } => format!("{node} waits for {what}"),
            FlowEvent::Failed { node, failure } => format!("{node} failed: {}: {}", failure.error, failure.cause),
            FlowEvent::Compensated { node } => format!("{node} is undone"),
            FlowEvent::NotCompensated { node, failure } => {
                format!("{node} could not be undone: {}: {}", failure.error, failure.cause)
            }
        };
        crate::output::note(&format!("{:>8.1}s  {text}", started.elapsed().as_secs_f64()));
    }
}
