//! `maestro runs delete`.

use crate::{
    ask,
    context::Context,
    logging,
    site::{self, Error},
    stop::{Exit, Stop},
    summary::Deliverable,
};
use std::io;

/// Arguments of `runs delete`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Asks nothing
    #[arg(long, short)]
    yes: bool,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { config, output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let run = stored.run;
    if !args.yes
        && !ask::confirmed(config, output, &format!("delete the record of run `{}` (`{}`)?", run.id, run.epic))?
    {
        return Err(Stop::unusable("nothing was deleted"));
    }
    let deliverable = Deliverable::of(&run).map(|deliverable| deliverable.place);
    there.delete(&run).await.map_err(|error| match &error {
        Error::Busy { .. } => {
            Stop::from_error(Exit::Unusable, &error).help(format!("stop it first: `maestro runs cancel {}`", run.id))
        }
        _ => site::failed(&error),
    })?;
    let log = logging::path(&config.home, &run.id);
    match std::fs::remove_file(&log) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Stop::from_error(Exit::Failed, &error)
                .help(format!("the run is deleted, its log `{}` is not", log.display())));
        }
        _ => {}
    }
    if args.json {
        output.json(&serde_json::json!({"run": run.id, "deleted": true, "deliverable": deliverable}));
        return Ok(Exit::Ok);
    }
    output.line(format!("run `{}` is deleted", run.id));
    if let Some(place) = deliverable {
        output.line(format!("its deliverable stays in `{}`", place.display()));
    }
    Ok(Exit::Ok)
}
