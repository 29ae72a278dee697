//! `maestro workflow event`: tells a run of an event from outside.

use crate::{
    context::Context,
    flows, site,
    stop::{Exit, Stop},
};
use maestro_embedded::SystemClock;
use maestro_ports::Clock;
use maestro_store::Arrived;
use maestro_workflow::types;
use serde_json::Value;

/// Arguments of `workflow event`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Who sends it, such as `com.example.ci`
    #[arg(long, value_name = "SOURCE")]
    source: String,
    /// What kind of event, such as `Build finished`
    #[arg(long, value_name = "TYPE")]
    detail_type: String,
    /// What it says, a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    detail: String,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    let detail: Value =
        serde_json::from_str(&args.detail).map_err(|error| Stop::unusable("`--detail` is no JSON").because(&error))?;
    let (site, run) = context.find_flow(&args.run).await?;
    let event = Arrived {
        source: args.source.clone(),
        detail_type: args.detail_type.clone(),
        detail,
        at_ms: SystemClock.now_ms(),
    };
    site.store().keep_arrived(&run.id, &event).await.map_err(|error| site::failed(&error))?;
    let workflow = flows::workflow(site.store(), &run).await?;
    let waiting = workflow.of_type(types::EVENT);
    site.heard(&run, &waiting).await.map_err(|error| flows::failed(&error))?;
    output.line(format!("run `{}` is told of `{}` by `{}`", run.id, event.detail_type, event.source));
    Ok(Exit::Ok)
}
