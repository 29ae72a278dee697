//! `maestro workflow recover`: goes on with runs that nobody executes any more, and says what else is wrong.

use super::{workflow_run::Work, workflow_undo::undo};
use crate::{
    context::Context,
    flow_site::FlowSite,
    flows::{self, Session},
    session::prepare,
    signals::Signals,
    site,
    stop::{Exit, Stop},
};
use maestro_domain::{
    FlowRun, RunReason, RunStatus,
    recovery::{Action, Execution, Record, Recovery, decide, decide_ended},
};
use maestro_embedded::SystemClock;
use maestro_flows::{compensation, worker::GRACE_MS};
use maestro_ports::Clock;
use maestro_workflow::Workflow;

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
        let executing = site.executing(&run).await.map_err(|error| flows::failed(&error))?;
        let execution = if executing { Execution::UnderWay } else { Execution::Absent };
        if run.status != RunStatus::Running {
            if let Some(recovery) = decide_ended(run.status, execution, is_left(&*site, &run).await?) {
                found += 1;
                output.line(format!("run {} has ended half undone: what is left is undone", run.id));
                if !args.dry_run {
                    let workflow = flows::workflow(site.store(), &run).await?;
                    let undone = finish_undoing(args, context, &run, &workflow, recovery).await?;
                    exit = if undone == Exit::Ok { exit } else { undone };
                }
            }
            continue;
        }
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
                Action::Answer | Action::Nothing | Action::Settle | Action::Undo => {}
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

/// Whether something that a run did which ended has to be undone yet. An interruption undoes nothing.
async fn is_left(site: &dyn FlowSite, run: &FlowRun) -> Result<bool, Stop> {
    if run.undo().is_err() || run.reason == Some(RunReason::interrupted()) {
        return Ok(false);
    }
    compensation::is_left(site.store(), run).await.map_err(|error| site::failed(&error))
}

async fn finish_undoing(
    args: &Args,
    context: &Context<'_>,
    run: &FlowRun,
    workflow: &Workflow,
    recovery: Recovery,
) -> Result<Exit, Stop> {
    let ready = context.flows_ready(workflow, args.work.unsandboxed).await?;
    let record = Record { recovery, at_ms: SystemClock.now_ms() };
    ready.store().keep_recovery(&run.id, &record).await.map_err(|error| site::failed(&error))?;
    let (run, undone) = undo(&*ready, run).await?;
    Ok(undone.tell(context.output, &run, "was undone", false))
}
