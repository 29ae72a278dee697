//! `maestro workflow recover`: goes on with runs that nobody executes any more, and says what else is wrong.

use super::workflow_run::Work;
use crate::{
    context::Context,
    flows::{self, Session},
    session::prepare,
    signals::Signals,
    site,
    stop::{Exit, Stop},
};
use maestro_domain::{
    RunStatus,
    recovery::{Action, Execution, Record, decide},
};
use maestro_embedded::SystemClock;
use maestro_flows::worker::GRACE_MS;
use maestro_ports::Clock;

/// Arguments of `workflow recover`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Says what is wrong and what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    work: Work,
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    let Some(site) = context.flows().await? else {
        output.note(format!("no runs of workflows in `{}`", context.config.home.display()));
        return Ok(Exit::Ok);
    };
    let signals = Signals::listen()?;
    let (mut exit, mut found) = (Exit::Ok, 0);
    for run in flows::list(site.store(), usize::MAX).await? {
        if run.status != RunStatus::Running {
            continue;
        }
        let executing = site.executing(&run).await.map_err(|error| flows::failed(&error))?;
        let execution = if executing { Execution::UnderWay } else { Execution::Absent };
        let rows = flows::rows(site.store(), &run.id).await?;
        let now = SystemClock.now_ms();
        for recovery in decide(run.status, execution, rows.iter().map(|(node, row)| (*node, row)), now, GRACE_MS) {
            found += 1;
            match recovery.action {
                Action::Resume => output.line(format!("run {} is stuck: nobody executes it; it is resumed", run.id)),
                // The process that executes it holds its messages; it is the one that has to be ended.
                Action::Send { .. } => output.line(format!(
                    "run {} does not go on ({:?}) though a process executes it: end that process, then recover again",
                    run.id, recovery.finding
                )),
                // What is done about messages and machines, which are elsewhere.
                Action::Answer | Action::Nothing | Action::Settle => {}
            }
            if args.dry_run || recovery.action != Action::Resume {
                continue;
            }
            let workflow = flows::workflow(site.store(), &run).await?;
            let ready = context.flows_ready(&workflow, args.work.unsandboxed);
            let Some(ready) = prepare(&signals, ready).await? else { return Ok(Exit::Interrupted) };
            let record = Record { recovery, at_ms: now };
            ready.store().keep_recovery(&run.id, &record).await.map_err(|error| site::failed(&error))?;
            let run = ready.resume(&run).await.map_err(|error| flows::failed(&error))?;
            let (view, wait) = (args.work.view, !args.work.no_wait);
            let ended = Session { output, on: context.on, site: &*ready, view, wait, signals: signals.clone() };
            let ended = ended.work(run).await?;
            if ended != Exit::Ok {
                exit = ended;
            }
            if ended == Exit::Interrupted {
                return Ok(exit);
            }
        }
    }
    if found == 0 {
        output.note("nothing to recover");
    }
    Ok(exit)
}
