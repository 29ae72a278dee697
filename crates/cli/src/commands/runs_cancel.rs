//! `maestro runs cancel`.

use crate::{
    config::Config,
    home,
    output::Output,
    stop::{Exit, Stop},
};
use maestro_domain::{Run, RunId};
use maestro_embedded::{Error, Hive};

/// Arguments of `runs cancel`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args, config: &Config, output: &Output) -> Result<Exit, Stop> {
    let (hive, stored) = home::find(config, &args.run).await?;
    let run = cancel(&hive, &stored.run.id).await?;
    if args.json {
        output.json(&serde_json::json!({"run": run.id, "status": run.status}));
    } else {
        output.line(format!("run `{}` is cancelled; go on with `maestro runs resume {}`", run.id, run.id));
    }
    Ok(Exit::Ok)
}

/// The process that executes the run writes its row too; whoever is second looks again.
async fn cancel(hive: &Hive, run: &RunId) -> Result<Run, Stop> {
    const TRIES: usize = 5;
    for _ in 1..TRIES {
        match hive.cancel(run).await {
            Err(Error::Store(maestro_store::Error::Changed { .. })) => {}
            other => return other.map_err(|error| refused(&error)),
        }
    }
    hive.cancel(run).await.map_err(|error| refused(&error))
}

fn refused(error: &Error) -> Stop {
    match error {
        Error::Illegal(_) => Stop::from_error(Exit::Unusable, error),
        _ => home::failed(error),
    }
}
