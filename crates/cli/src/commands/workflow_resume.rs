//! `maestro workflow resume`: goes on with a run; completed nodes answer what they handed over.

use super::workflow_run::Work;
use crate::{
    context::Context,
    flows::{self, Session},
    session::prepare,
    signals::Signals,
    site,
    stop::{Exit, Stop},
};
use maestro_domain::{Grant, Limit, RunStatus, budget};
use maestro_embedded::SystemClock;
use maestro_ports::Clock;

/// Arguments of `workflow resume`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Grants its models so many US dollars more first
    #[arg(long, value_name = "USD", value_parser = budget::parse_usd)]
    budget: Option<u64>,
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
    if let Some(micro_usd) = args.budget {
        let amount = Limit { micro_usd: Some(micro_usd), tokens: None };
        let grant = Grant { amount, by: "workflow resume".to_owned(), at_ms: SystemClock.now_ms() };
        site.store().grant(Some(&run.id), &grant).await.map_err(|error| site::failed(&error))?;
    }
    let run = site.resume(&run).await.map_err(|error| flows::failed(&error))?;
    Session { output, on: context.on, site: &*site, view: args.work.view, wait: !args.work.no_wait, signals }
        .work(run)
        .await
}
