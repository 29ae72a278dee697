//! `maestro runs fetch`: what a run handed over, once more and elsewhere. It is made of the run's record, so it can be had where the
//! folder that the run named is gone, or is on another machine.

use super::execute::{check_empty, check_place};
use crate::{
    context::Context,
    site,
    stop::{Exit, Stop},
};
use maestro_domain::{Run, RunStatus};
use maestro_embedded::FolderDeliverables;
use maestro_ports::Deliverables;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Arguments of `runs fetch`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// The folder that is made (default: `deliverables/<run>` below the working directory)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replaces a deliverable in the folder; a folder that holds anything else is never touched
    #[arg(long)]
    force: bool,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { config, output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let run = stored.run;
    let default = || Path::new("deliverables").join(run.id.as_str());
    let out = config.absolute(&args.out.clone().unwrap_or_else(default));
    if !args.force {
        check_empty(&out)?;
    }
    check_place(&out, args.force)?;
    if run.status == RunStatus::Running {
        return Err(Stop::unusable(format!("run `{}` has not ended: it has handed nothing over yet", run.id)).help(
            format!("`maestro runs artifacts {} --extract DIR` writes what the personas have made so far", run.id),
        ));
    }
    let files = maestro_sdlc::deliverable(there.store(), &run, run.status, run.reason.as_ref()).await;
    let Some(files) = files.map_err(|error| site::failed(&error))? else {
        return Err(Stop::unusable(format!("run `{}` ended before anything was made", run.id)));
    };
    let count = files.len();
    let elsewhere = Run { out: out.display().to_string(), ..run };
    let placed = FolderDeliverables { force: args.force }.publish(there.store().tenant(), &elsewhere, files).await;
    let place = placed.map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    if args.json {
        let (id, status) = (&elsewhere.id, elsewhere.status);
        output.json(&json!({"run": id, "status": status, "deliverable": place, "files": count}));
    } else {
        output.line(format!(
            "{count} files of run `{}`, which ended {}, are in `{place}`",
            elsewhere.id,
            elsewhere.status.id()
        ));
    }
    Ok(Exit::Ok)
}
