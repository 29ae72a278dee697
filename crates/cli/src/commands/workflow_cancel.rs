//! `maestro workflow cancel`: stops a run, and undoes what it did where its workflow says so.

use crate::{
    context::Context,
    flows,
    stop::{Exit, Stop},
};
use maestro_flows::FlowEvent;
use maestro_workflow::format::OnFailure;
use serde_json::json;
use tokio::sync::mpsc;

/// Arguments of `workflow cancel`.
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
    let output = context.output;
    let (site, run) = context.find_flow(&args.run).await?;
    let workflow = flows::workflow(site.store(), &run).await?;
    // Whatever undoes may have to run scripts here.
    let site = match workflow.dag.on_failure {
        OnFailure::Compensate => context.flows_ready(&workflow, args.unsandboxed).await?,
        OnFailure::Keep => site,
    };
    let elsewhere = site.executing(&run).await.map_err(|error| flows::failed(&error))?;
    let (events, mut seen) = mpsc::unbounded_channel();
    let run = site.cancel(&run, events).await.map_err(|error| flows::failed(&error))?;
    let (mut undone, mut not_undone) = (Vec::new(), Vec::new());
    while let Ok(event) = seen.try_recv() {
        match event {
            FlowEvent::Compensated { node } => undone.push(node),
            FlowEvent::NotCompensated { node, failure } => {
                not_undone.push(json!({"node": node, "error": failure.error, "cause": failure.cause}));
            }
            _ => {}
        }
    }
    if args.json {
        output.json(&json!({"run": run.id, "status": run.status, "undone": undone, "not_undone": not_undone}));
    } else {
        let by = if elsewhere { ": whoever executes it stops, and undoes what has to be undone" } else { "" };
        output.line(format!("run `{}` is cancelled{by}", run.id));
        undone.iter().for_each(|node| output.line(format!("  `{node}` is undone")));
    }
    for one in &not_undone {
        output.note(format!("could not be undone: {one}"));
    }
    Ok(if not_undone.is_empty() { Exit::Ok } else { Exit::Failed })
}
