//! `maestro runs cancel`.

use crate::{
    context::Context,
    site::{self, Error},
    stop::{Exit, Stop},
};

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

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { on, output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let run = there.cancel(&stored.run).await.map_err(|error| match &error {
        Error::Illegal(_) => Stop::from_error(Exit::Unusable, &error),
        _ => site::failed(&error),
    })?;
    if args.json {
        output.json(&serde_json::json!({"run": run.id, "status": run.status}));
    } else {
        output.line(format!("run `{}` is cancelled; go on with `{}`", run.id, on.resume(&run.id)));
    }
    Ok(Exit::Ok)
}
