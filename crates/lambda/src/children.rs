//! Workflows that nodes run, on a stack: each is an execution of its own, by the state machine that was made for it when
//! the outermost run was created. Nobody waits for it: its end wakes the node, which looks by itself now and then, too.

use crate::Host;
use async_trait::async_trait;
use maestro_aws::{Clients, Executions};
use maestro_domain::{FlowRun, NodeFailure, RunStatus, Starter, with_causes};
use maestro_flows::{
    Child, Children, Fault, Progress, children,
    lifecycle::{self, Machine},
    worker,
};
use maestro_ports::Clock;
use maestro_store::Store;
use serde_json::json;
use std::sync::Arc;

/// After how long a node looks whose run has not told of its end, in milliseconds.
const LOOK_AGAIN_MS: u64 = 60_000;
/// The same of work that undoes a node: whoever does that has it in hand all the while.
const UNDOES_MS: u64 = 2_000;
/// How soon a node is woken, in seconds: by then a worker that was just looking has put it back.
const SOON: u32 = 1;

/// After how long what somebody else does for a node is looked at, in milliseconds, unless its end wakes the node before.
pub(crate) const fn look_again_ms(starter: &Starter) -> u64 {
    if starter.undoes { UNDOES_MS } else { LOOK_AGAIN_MS }
}

/// Starts such runs.
pub(crate) struct Started {
    store: Store,
    clock: Arc<dyn Clock>,
    clients: Clients,
}

impl Started {
    pub(crate) fn of(host: &Host) -> Self {
        let platform = host.platform();
        Self { store: platform.store.clone(), clock: Arc::clone(&platform.clock), clients: host.clients().clone() }
    }

    /// The child's run, created or opened again where it was not this attempt that it failed.
    async fn prepared(&self, child: &Child) -> Result<FlowRun, NodeFailure> {
        let (store, now) = (&self.store, self.clock.now_ms());
        let failed = |error: lifecycle::Error| Fault::Workflow.because(with_causes(&error));
        let run = match store.flow(&child.id).await {
            Ok(stored) => stored.run,
            Err(maestro_store::Error::NoRun { .. }) => {
                let new = children::new_run(store, child).await?;
                return Ok(lifecycle::create(store, new, now).await.map_err(failed)?.0.run);
            }
            Err(error) => return Err(failed(error.into())),
        };
        match run.status {
            RunStatus::Ok | RunStatus::Running => Ok(run),
            _ if run.changed_ms >= child.since_ms => Err(children::ended(&run)),
            _ => lifecycle::resume(store, &run.id, Machine::of(&run), now).await.map_err(failed),
        }
    }
}

#[async_trait]
impl Children for Started {
    async fn run(&self, child: Child) -> Result<Progress, NodeFailure> {
        let run = self.prepared(&child).await?;
        if run.status == RunStatus::Ok {
            return Ok(Progress::Done(Some(children::outputs(&self.store, &run).await?)));
        }
        let machine = run.machine.as_deref().ok_or_else(|| {
            Fault::Workflow.because(format!("no state machine was made for `{}` when the run was created", run.dag_id))
        })?;
        // The same name is the same execution, so it is only started where nobody has come that far.
        let (executions, input) = (Executions::new(self.clients.sfn.clone(), machine), json!({"run": run.id}));
        let started = executions.start(&run.execution_name(), &input).await;
        started.map_err(|error| Fault::Workflow.because(with_causes(&error)))?;
        let at_ms = self.clock.now_ms().saturating_add(look_again_ms(&child.starter));
        Ok(Progress::Again { at_ms, waits_for: None })
    }
}

/// What follows the end of a run. Runs of its nodes that are under way are cancelled: nobody waits for them any more.
/// The node whose work it is looks. Doing it again is harmless.
pub(crate) async fn follow_end(host: &Host, run: &FlowRun) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (store, now) = (&host.platform().store, host.platform().clock.now_ms());
    if !run.status.terminal() {
        return Ok(());
    }
    if run.status != RunStatus::Ok {
        for child in store.children(&run.id).await? {
            let child = match store.flow(&child).await {
                Ok(stored) => stored.run,
                Err(maestro_store::Error::NoRun { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            let undoes = child.starter.as_ref().is_some_and(|starter| starter.undoes);
            // One that was cancelled may be so by a call that did not come to its end.
            let open = matches!(child.status, RunStatus::Running | RunStatus::Cancelled);
            let Some(machine) = child.machine.as_deref().filter(|_| open && !undoes) else { continue };
            // Its row first: an execution that is started after that finds nothing to do.
            match lifecycle::cancel(store, &child.id, now).await {
                Ok(_) | Err(lifecycle::Error::Illegal(_)) => {}
                Err(error) => return Err(error.into()),
            }
            let executions = host.executions(machine);
            let why = format!("run `{}`, whose node it is, is {}", run.id, run.status.id());
            executions.stop(&executions.arn(&child.execution_name()), Fault::Cancelled.name(), &why).await?;
        }
    }
    if lifecycle::ran_out_of_time(run) {
        host.queue().send(host.node_queue(), &worker::undo(&run.id)).await?;
    }
    if let (Some(parent), Some(starter)) = (&run.parent, run.starter.as_ref().filter(|starter| !starter.undoes)) {
        host.queue().send_later(host.node_queue(), &worker::wake(parent, &starter.node), SOON).await?;
    }
    Ok(())
}
