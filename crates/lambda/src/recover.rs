//! Looks after runs of workflows: what nobody goes on with is gone on with, by rule, and the run holds that it was so.

use crate::{Failed, Host, Nodes, children::follow_end};
use lambda_runtime::LambdaEvent;
use maestro_aws::executions::Standing;
use maestro_domain::{
    FailureKind, FlowRun, RunId, RunStatus,
    recovery::{Action, Execution, Record, decide},
};
use maestro_flows::{
    lifecycle::{self, Ending, Machine},
    worker::GRACE_MS,
};
use maestro_sdlc::Failure;
use serde::Deserialize;
use serde_json::{Value, json};

/// Runs read at once.
const PAGE: usize = 100;

/// What a sweep is told. An operator may hurry it.
#[derive(Deserialize)]
struct Sweep {
    #[serde(default)]
    patience_s: Option<u64>,
}

/// Why a run could not be looked after; the next sweep tries again.
type Why = Box<dyn std::error::Error + Send + Sync>;

/// Looks at each run of a workflow that is not over.
///
/// # Errors
/// [`Failed`] where a service refuses; the next sweep goes on.
pub async fn recover(host: &Host, nodes: &Nodes, event: &LambdaEvent<Value>) -> Result<Value, Failed> {
    let sweep = Sweep::deserialize(&event.payload);
    let sweep = sweep.map_err(|error| Failure::from_error(FailureKind::BadOutput, &error))?;
    let grace_ms = sweep.patience_s.map_or(GRACE_MS, |seconds| seconds.saturating_mul(1_000));
    let (mut open, mut last) = (0, None);
    loop {
        let page = host.platform().store.open_flows(last.as_ref(), PAGE).await.map_err(Failure::from)?;
        for run in &page {
            open += 1;
            // One that cannot be looked after must not keep the others from it.
            if let Err(error) = one(host, nodes, run, grace_ms).await {
                tracing::warn!(%run, error, "a run was not looked after");
            }
        }
        match page.into_iter().next_back() {
            Some(run) => last = Some(run),
            None => return Ok(json!({"open": open})),
        }
    }
}

async fn one(host: &Host, nodes: &Nodes, run: &RunId, grace_ms: u64) -> Result<(), Why> {
    let (store, clock) = (&host.platform().store, &host.platform().clock);
    let run = store.flow(run).await?.run;
    let Some(machine) = run.machine.as_deref().filter(|_| run.status == RunStatus::Running) else { return Ok(()) };
    let executions = host.executions(machine);
    let standing = executions.standing(&executions.arn(&run.execution_name())).await?;
    let now = clock.now_ms();
    let execution = match standing {
        Standing::Running => {
            nodes.recover(host.node_queue(), &run.id, grace_ms).await?;
            return Ok(());
        }
        // Whoever created it may be about to start it.
        Standing::Absent if run.changed_ms.saturating_add(grace_ms) > now => return Ok(()),
        Standing::Absent => Execution::Absent,
        Standing::Succeeded | Standing::Ended { .. } => Execution::Over,
    };
    for recovery in decide(run.status, execution, std::iter::empty(), now, grace_ms) {
        store.keep_recovery(&run.id, &Record { recovery, at_ms: now }).await?;
        match recovery.action {
            Action::Resume => {
                let run = lifecycle::resume(store, &run.id, Machine::of(&run), now).await?;
                executions.start(&run.execution_name(), &json!({"run": run.id})).await?;
            }
            Action::Settle => settle(host, &run, &standing, now).await?,
            Action::Send { .. } | Action::Undo | Action::Answer | Action::Nothing => {}
        }
    }
    Ok(())
}

async fn settle(host: &Host, run: &FlowRun, standing: &Standing, now_ms: u64) -> Result<(), Why> {
    let ending = match standing {
        Standing::Running | Standing::Absent => return Ok(()),
        Standing::Succeeded => Ending::Done,
        Standing::Ended { error, cause } => Ending::by(error.clone(), cause.clone()),
    };
    let store = &host.platform().store;
    follow_end(host, &lifecycle::settle(store, &run.id, &run.execution_name(), &ending, now_ms).await?).await
}
