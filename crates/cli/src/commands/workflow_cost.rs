//! `maestro workflow cost`: what a run of a workflow costs at list prices, runs of its nodes too.

use super::runs_cost::Spent;
use crate::{
    context::Context,
    site,
    stop::{Exit, Stop},
};
use maestro_store::Store;

/// Arguments of `workflow cost`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
    /// Shows every operation that was called, and how often
    #[arg(long)]
    calls: bool,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let (there, run) = context.find_flow(&args.run).await?;
    let store = there.store();
    let failed = |error: maestro_store::Error| site::failed(&error);
    let calls = store.calls(&run.id).await.map_err(failed)?;
    let account = store.account(Some(&run.id)).await.map_err(failed)?.unwrap_or_default();
    let mut infrastructure = None;
    for one in all(store, &run).await.map_err(failed)? {
        let Some(entered) = there.transitions(&one).await.map_err(|error| site::failed(&error))? else { continue };
        let (transitions, spendings) = infrastructure.get_or_insert_with(|| (0, Vec::new()));
        *transitions += entered;
        spendings.extend(store.spendings(&one.id).await.map_err(failed)?);
    }
    let spent = Spent { run: &run.id, model: run.model.as_deref(), calls, account, infrastructure };
    spent.tell(args.json, args.calls, context.output)
}

/// A run with all that its nodes started.
async fn all(
    store: &Store,
    run: &maestro_domain::FlowRun,
) -> Result<Vec<maestro_domain::FlowRun>, maestro_store::Error> {
    let mut runs = vec![run.clone()];
    let mut at = 0;
    while let Some(id) = runs.get(at).map(|run| run.id.clone()) {
        at += 1;
        for child in store.children(&id).await? {
            runs.push(store.flow(&child).await?.run);
        }
    }
    Ok(runs)
}
