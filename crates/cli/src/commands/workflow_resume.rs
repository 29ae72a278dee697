//! `maestro workflow resume`: goes on with a run; completed nodes answer what they handed over.

use super::workflow_run::Work;
use crate::{
    context::Context,
    flows::{self, Session},
    session::prepare,
    signals::Signals,
    stop::{Exit, Stop},
};
use maestro_domain::RunStatus;

/// Arguments of `workflow resume`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    #[command(flatten)]
    work: Work,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    args.work.check(context.on)?;
    let (site, run) = context.find_flow(&args.run).await?;
    if run.status == RunStatus::Ok {
        return Err(Stop::unusable(format!("run `{}` has ended well: there is nothing to resume", run.id)));
    }
    let workflow = flows::workflow(site.store(), &run).await?;
    drop(site);
    let signals = Signals::listen()?;
    let Some(site) = prepare(&signals, context.flows_ready(&workflow, args.work.unsandboxed)).await? else {
        output.note("stopped: nothing was changed");
        return Ok(Exit::Interrupted);
    };
    let run = site.resume(&run).await.map_err(|error| flows::failed(&error))?;
    Session { output, on: context.on, site: &*site, view: args.work.view, wait: !args.work.no_wait, signals }
        .work(run)
        .await
}
