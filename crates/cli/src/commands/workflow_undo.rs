//! `maestro workflow undo`: undoes what is left of what a run did that ended, and not well.

use crate::{
    context::Context,
    flow_site::FlowSite,
    flows,
    output::Output,
    stop::{Exit, Stop},
};
use maestro_domain::FlowRun;
use maestro_flows::FlowEvent;
use maestro_workflow::format::OnFailure;
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedReceiver};

/// Arguments of `workflow undo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Runs scripts without isolation where none is to be had
    #[arg(long)]
    unsandboxed: bool,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let (site, run) = context.find_flow(&args.run).await?;
    let workflow = flows::workflow(site.store(), &run).await?;
    if workflow.dag.on_failure == OnFailure::Keep {
        let keeps = format!("workflow `{}` keeps what it did: nothing of it is undone", run.dag_id);
        return Err(Stop::unusable(keeps).help("`on_failure: compensate` undoes the nodes that have `compensate_with`"));
    }
    let ready = context.flows_ready(&workflow, args.unsandboxed).await?;
    let (run, undone) = undo(&*ready, &run).await?;
    Ok(undone.tell(context.output, &run, "was undone", args.json))
}

/// Undoes what is left of a run, and says what became of it.
pub(crate) async fn undo(site: &dyn FlowSite, run: &FlowRun) -> Result<(FlowRun, Undone), Stop> {
    let (events, mut seen) = mpsc::unbounded_channel();
    let run = site.undo(run, events).await.map_err(|error| flows::failed(&error))?;
    Ok((run, Undone::seen(&mut seen)))
}

/// What was undone, and what could not be.
pub(crate) struct Undone {
    nodes: Vec<String>,
    not: Vec<Value>,
}

impl Undone {
    /// What was told so far.
    pub(crate) fn seen(events: &mut UnboundedReceiver<FlowEvent>) -> Self {
        let mut undone = Self { nodes: Vec::new(), not: Vec::new() };
        while let Ok(event) = events.try_recv() {
            match event {
                FlowEvent::Compensated { node } => undone.nodes.push(node),
                FlowEvent::NotCompensated { node, failure } => {
                    undone.not.push(json!({"node": node, "error": failure.error, "cause": failure.cause}));
                }
                _ => {}
            }
        }
        undone
    }

    /// Tells people or programs what became of the run, `said` in words.
    pub(crate) fn tell(&self, output: &Output, run: &FlowRun, said: &str, as_json: bool) -> Exit {
        if as_json {
            output.json(&json!({"run": run.id, "status": run.status, "undone": self.nodes, "not_undone": self.not}));
        } else {
            output.line(format!("run `{}` {said}", run.id));
            self.nodes.iter().for_each(|node| output.line(format!("  `{node}` is undone")));
        }
        for one in &self.not {
            output.note(format!("could not be undone: {one}"));
        }
        if self.not.is_empty() { Exit::Ok } else { Exit::Failed }
    }
}
