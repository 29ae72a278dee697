//! `maestro runs resume`: goes on with a run; completed tasks answer their stored results.

use super::execute::{Work, check_model, ready_referee};
use crate::{
    config::Config,
    home, logging,
    output::Output,
    session::{Session, prepare},
    signals::Signals,
    stop::{Exit, Stop},
    summary::Summary,
};
use maestro_domain::RunStatus;
use std::sync::Arc;

/// Arguments of `runs resume`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Replaces the deliverable of another run in the folder of this one
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    work: Work,
}

pub(crate) async fn run(args: &Args, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let log = logging::filter(config.log.as_deref())?;
    let (hive, stored) = home::find(config, &args.run).await?;
    let run = stored.run;
    if run.status == RunStatus::Ok {
        return Err(Stop::unusable(format!("run `{}` has ended well: there is nothing to resume", run.id))
            .help(format!("`maestro runs show {}` shows it", run.id)));
    }
    check_model(&run.model)?;
    if hive.executing(&run.id).map_err(|error| home::failed(&error))? {
        return Err(Stop::unusable(format!("run `{}` is being executed by another process", run.id))
            .help(format!("follow it with `maestro runs watch {}`", run.id)));
    }
    let signals = Signals::listen()?;
    let Some(referee) = prepare(&signals, ready_referee(config, args.work.unsandboxed)).await? else {
        output.note("stopped: nothing was changed");
        if args.work.view.json {
            output.json(&Summary::unread(&run, RunStatus::Cancelled, "cancelled").line());
        }
        return Ok(Exit::Interrupted);
    };
    let home = home::open(config)?;
    let hive = home::hive(config, &home, Arc::new(referee), args.force)?;
    let log = logging::start(&home, &run.id, log)?;
    let run = hive.resume(&run.id).await.map_err(|error| Stop::from_error(Exit::Unusable, &error))?;
    let Work { compensate, view, .. } = args.work;
    Session { output, hive: &hive, view, compensate, log, signals }.work(run).await
}
