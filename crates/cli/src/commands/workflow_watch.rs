//! `maestro workflow watch`: follows a run until it ends, whichever process executes it.

use crate::{
    context::Context,
    flows::{self, Counts},
    site,
    stop::{Exit, Stop},
};
use maestro_domain::{NodeState, RunStatus};
use std::{collections::BTreeMap, time::Duration};

/// Arguments of `workflow watch`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
}

const LOOK_EVERY: Duration = Duration::from_millis(300);

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    let (site, mut run) = context.find_flow(&args.run).await?;
    let workflow = flows::workflow(site.store(), &run).await?;
    let mut known: BTreeMap<u32, &'static str> = BTreeMap::new();
    loop {
        // First how the run stands, so that nothing of an ended run is missed.
        run = site.store().flow(&run.id).await.map_err(|error| site::failed(&error))?.run;
        let rows = flows::rows(site.store(), &run.id).await?;
        for (node, row) in &rows {
            let stands = standing(&row.state);
            if stands != "waits" && known.insert(*node, stands) != Some(stands) && !output.broken() {
                output.line(format!("{}: {stands}", workflow.id(maestro_workflow::graph::Ix(*node))));
            }
        }
        let over = run.status != RunStatus::Running || flows::standing(&*site, &run).await == "interrupted";
        if over || output.broken() {
            let counts = Counts::of(rows.iter().map(|(_, row)| row));
            let complete = counts.succeeded + counts.skipped;
            let standing = flows::standing(&*site, &run).await;
            output.line(format!("run {} is {standing}: {complete} of {} nodes complete", run.id, run.nodes));
            return Ok(if standing == "interrupted" { Exit::Failed } else { flows::exit(&run) });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// How a node stands, in a word.
pub(crate) const fn standing(state: &NodeState) -> &'static str {
    match state {
        NodeState::Waiting | NodeState::Parked => "waits",
        NodeState::Claimed { .. } => "runs",
        NodeState::Failed(_) => "failed",
        NodeState::Complete(outcome) => outcome.status.id(),
        NodeState::Undoing { .. } => "is undone",
        NodeState::Compensated => "compensated",
    }
}
