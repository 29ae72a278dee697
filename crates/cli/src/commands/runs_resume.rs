//! `maestro runs resume`: goes on with a run; completed tasks answer their stored results.

use super::execute::Work;
use crate::{
    context::Context,
    logging, models,
    session::{Session, prepare},
    signals::Signals,
    site::{self, Preparation},
    stop::{Exit, Stop},
    summary::Summary,
};
use maestro_domain::RunStatus;

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

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { on, config, output, .. } = *context;
    let log = logging::filter(config.log.as_deref())?;
    let (there, stored) = context.find(&args.run).await?;
    let run = stored.run;
    if run.status == RunStatus::Ok {
        return Err(Stop::unusable(format!("run `{}` has ended well: there is nothing to resume", run.id))
            .help(format!("`maestro runs show {}` shows it", run.id)));
    }
    models::usable(config, on, &run.model)?;
    if there.executing(&run).await.map_err(|error| site::failed(&error))? {
        return Err(Stop::unusable(format!("run `{}` is being executed by another process", run.id))
            .help(format!("follow it with `maestro runs watch {}`", run.id)));
    }
    let signals = Signals::listen()?;
    let how = Preparation { unsandboxed: args.work.unsandboxed, force: args.force };
    let Some(there) = prepare(&signals, context.ready(how)).await? else {
        output.note("stopped: nothing was changed");
        if args.work.view.json {
            output.json(&Summary::unread(on, &run, RunStatus::Cancelled, "cancelled").line());
        }
        return Ok(Exit::Interrupted);
    };
    let log = logging::start(config, &run.id, log)?;
    let run = there.resume(&run).await.map_err(|error| Stop::from_error(Exit::Unusable, &error))?;
    let Work { compensate, view, .. } = args.work;
    Session { output, on, site: &*there, view, compensate, log, signals }.work(run).await
}
