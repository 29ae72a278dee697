//! `maestro workflow resume`: goes on with a run; completed nodes answer what they handed over.

use super::workflow_run::Work;
use crate::{
    config::Config,
    flows::{self, Session},
    output::Output,
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

pub(crate) async fn run(args: &Args, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let (host, run) = flows::find(config, &args.run).await?;
    if run.status == RunStatus::Ok {
        return Err(Stop::unusable(format!("run `{}` has ended well: there is nothing to resume", run.id)));
    }
    let workflow = flows::workflow(host.store(), &run).await?;
    drop(host);
    let signals = Signals::listen()?;
    let Some(host) = prepare(&signals, flows::ready(config, &workflow, args.work.unsandboxed)).await? else {
        output.note("stopped: nothing was changed");
        return Ok(Exit::Interrupted);
    };
    let run = host.resume(&run.id).await.map_err(|error| flows::failed(&error))?;
    Session { output, host: &host, view: args.work.view, wait: !args.work.no_wait, signals }.work(run).await
}
