//! `maestro workflow delete`.

use crate::{
    ask,
    context::Context,
    flows,
    site::Error,
    stop::{Exit, Stop},
};

/// Arguments of `workflow delete`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
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
    let (site, run) = context.find_flow(&args.run).await?;
    if let Some(parent) = &run.parent {
        return Err(Stop::unusable(format!("run `{}` belongs to a node of run `{parent}`", run.id))
            .help(format!("it goes with that one: `maestro workflow delete {parent}`")));
    }
    let question = format!("delete run `{}` (`{}`) with all outputs of its nodes?", run.id, run.dag_id);
    if !args.yes && !ask::confirmed(config, output, &question)? {
        return Err(Stop::unusable("nothing was deleted"));
    }
    site.delete(&run).await.map_err(|error| {
        let stop = flows::failed(&error);
        match error {
            Error::Busy { .. } => stop.help(format!("stop it first: `maestro workflow cancel {}`", run.id)),
            _ => stop,
        }
    })?;
    if args.json {
        output.json(&serde_json::json!({"run": run.id, "deleted": true}));
    } else {
        output.line(format!("run `{}` is deleted", run.id));
    }
    Ok(Exit::Ok)
}
