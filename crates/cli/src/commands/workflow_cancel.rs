//! `maestro workflow cancel`: stops a run, and undoes what it did where its workflow says so.

use super::workflow_undo::Undone;
use crate::{
    context::Context,
    flows,
    site::Error,
    stop::{Exit, Stop},
};
use maestro_domain::{IllegalTransition, RunStatus};
use maestro_workflow::format::OnFailure;
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
    let (site, run) = context.find_flow(&args.run).await?;
    let workflow = flows::workflow(site.store(), &run).await?;
    // Whatever undoes may have to run scripts here.
    let site = match workflow.dag.on_failure {
        OnFailure::Compensate => context.flows_ready(&workflow, args.unsandboxed).await?,
        OnFailure::Keep => site,
    };
    let elsewhere = site.executing(&run).await.map_err(|error| flows::failed(&error))?;
    let (events, mut seen) = mpsc::unbounded_channel();
    let run = site.cancel(&run, events).await.map_err(|error| {
        let stop = flows::failed(&error);
        match &error {
            Error::Illegal(IllegalTransition { status: RunStatus::Failed | RunStatus::Cancelled, .. }) => {
                stop.help("`maestro workflow undo` undoes what is left of what it did")
            }
            _ => stop,
        }
    })?;
    let said = match elsewhere {
        true => "is cancelled: whoever executes it stops, and undoes what has to be undone",
        false => "is cancelled",
    };
    Ok(Undone::seen(&mut seen).tell(context.output, &run, said, args.json))
}
