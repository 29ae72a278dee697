//! What happens to a run outside its executions: it is created, opened again, cancelled, and settled at the end of an
//! execution. The same on every engine.

use crate::{
    board,
    board::{Board, Undone},
    failure::Fault,
    flow::Flow,
};
use maestro_domain::{
    ContentHash, FlowRun, Grant, IllegalTransition, NodeFailure, RunId, RunReason, RunStatus, Starter,
};
pub use maestro_ports::new_id;
use maestro_store::{NewFlow, Store, StoredFlow};
use maestro_workflow::Workflow;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Why a run could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] maestro_store::Error),
    /// A node's row does not allow it.
    #[error(transparent)]
    Board(#[from] board::Error),
    /// The run does not allow it.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
}

/// What a new run needs.
#[derive(Debug)]
pub struct NewRun {
    /// Its id.
    pub id: RunId,
    /// What people call it.
    pub name: Option<String>,
    /// The workflow, as its text was read.
    pub workflow: Workflow,
    /// The workflow's text.
    pub text: String,
    /// Texts of the workflows that nodes run, by their names.
    pub others: BTreeMap<String, String>,
    /// What replaces variables.
    pub variables: Map<String, Value>,
    /// Models of its personas, where any works.
    pub models: Option<Models>,
    /// The run whose node this one is.
    pub parent: Option<Parent>,
    /// What executes it, where that is none of this program's processes.
    pub machine: Option<Machine>,
}

/// What personas of a run work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Models {
    /// One model for all, or several.
    pub name: String,
    /// What they may spend. A run that is a node of another spends what that one was granted.
    pub grant: Option<Grant>,
}

/// The run whose node a new one is.
#[derive(Debug)]
pub struct Parent {
    /// As it was read. Should it have changed by then, nothing is created.
    pub stored: StoredFlow,
    /// Which node.
    pub starter: Starter,
}

/// State machines that execute a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The ARN of its own.
    pub arn: String,
    /// Those of the workflows that nodes run, by their names.
    pub others: BTreeMap<String, String>,
}

impl Machine {
    /// Those of a run.
    #[must_use]
    pub fn of(run: &FlowRun) -> Option<Self> {
        run.machine.clone().map(|arn| Self { arn, others: run.machines.clone() })
    }

    /// That of a workflow which a node of a run runs.
    #[must_use]
    pub fn inside(run: &FlowRun, dag_id: &str) -> Option<Self> {
        run.machines.get(dag_id).map(|arn| Self { arn: arn.clone(), others: run.machines.clone() })
    }
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Well.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// People or events are needed.
    Blocked {
        /// For which nodes, and what they wait for.
        waits: String,
    },
    /// By a named error.
    Failed {
        /// Its name.
        error: String,
        /// What happened.
        cause: String,
    },
}

impl Ending {
    /// An end by an error, as Step Functions tells it: that of whoever stops an execution is a stop.
    #[must_use]
    pub fn by(error: String, cause: String) -> Self {
        match error.as_str() {
            "ABORTED" => Self::Stopped,
            stopped if stopped == Fault::Cancelled.name() => Self::Stopped,
            "TIMED_OUT" => Self::timed_out(),
            timed_out if timed_out == Fault::Timeout.name() && cause.is_empty() => Self::timed_out(),
            _ => Self::Failed { error, cause },
        }
    }

    /// The run took longer than it may.
    #[must_use]
    pub fn timed_out() -> Self {
        Self::Failed { error: Fault::Timeout.name().to_owned(), cause: TOO_LONG.to_owned() }
    }
}

const TOO_LONG: &str = "the run took longer than the workflow's `timeout_seconds`";

/// Whether a run was ended by its deadline. Its state machine had no time to have anything undone.
#[must_use]
pub fn ran_out_of_time(run: &FlowRun) -> bool {
    run.reason.as_ref().is_some_and(|reason| reason.message.starts_with(TOO_LONG))
}

/// Creates a run. What is compiled for it is what an execution would load.
///
/// # Errors
/// A failure of the store; then nothing was created.
pub async fn create(store: &Store, new: NewRun, now_ms: u64) -> Result<(StoredFlow, Flow), Error> {
    let flow = Flow::new(new.id.clone(), new.workflow, &new.variables);
    let variables = Value::Object(new.variables);
    let hash = |text: &String| ContentHash::of(text.as_bytes());
    let (machine, machines) = apart(new.machine);
    let (parent, starter) = new.parent.map(|Parent { stored, starter }| (stored, starter)).unzip();
    let (model, grant) = new.models.map_or((None, None), |Models { name, grant }| (Some(name), grant));
    let run = FlowRun {
        id: new.id,
        dag_id: flow.workflow.dag.dag_id.value.clone(),
        name: new.name,
        workflow: hash(&new.text),
        variables: hash(&variables.to_string()),
        others: new.others.iter().map(|(name, text)| (name.clone(), hash(text))).collect(),
        model,
        nodes: flow.len(),
        parent: parent.as_ref().map(|stored| stored.run.id.clone()),
        starter,
        machine,
        machines,
        status: RunStatus::Running,
        reason: None,
        executions: 1,
        created_ms: now_ms,
        changed_ms: now_ms,
    };
    let texts: Vec<&str> = std::iter::once(&new.text).chain(new.others.values()).map(String::as_str).collect();
    let (parent, grant) = (parent.as_ref(), grant.as_ref());
    let stored = store.create_flow(&run, NewFlow { workflows: &texts, variables: &variables, parent, grant }).await?;
    Ok((stored, flow))
}

fn apart(machine: Option<Machine>) -> (Option<String>, BTreeMap<String, String>) {
    machine.map_or_else(Default::default, |Machine { arn, others }| (Some(arn), others))
}

/// Writes down that an execution has failed before what the run did is undone: whoever goes on with it, should this process
/// die meanwhile, undoes the rest, and lets it end by that.
///
/// # Errors
/// [`Error::Illegal`] when it has ended already, or a failure of the store.
pub async fn fail_after_undoing(
    store: &Store,
    run: &RunId,
    error: &str,
    cause: &str,
    now_ms: u64,
) -> Result<FlowRun, Error> {
    let reason = RunReason { code: error.to_owned(), message: cause.to_owned() };
    change(store, run, |run| run.fail_after_undoing(reason.clone(), now_ms).map(|()| true)).await
}

/// Opens a run for another execution, by `machine` where that is none of this program's processes: claims of dead workers
/// are void, completed nodes will answer. Whoever calls this knows that no execution of it is under way.
///
/// # Errors
/// [`Error::Illegal`] when it has ended well, or a failure of the store.
pub async fn resume(store: &Store, run: &RunId, machine: Option<Machine>, now_ms: u64) -> Result<FlowRun, Error> {
    let mut stored = store.flow(run).await?;
    stored.run.resume(now_ms)?;
    (stored.run.machine, stored.run.machines) = apart(machine);
    let flow = Flow::load(store, &stored).await?;
    let undone = if stored.run.fails_after_undoing().is_some() { Undone::Stays } else { Undone::IsDoneAgain };
    Board::load(store.clone(), &flow).await?.reopen(&flow, undone, now_ms).await?;
    store.update_flow(&mut stored).await?;
    Ok(stored.run)
}

/// Cancels a run, whoever executes it.
///
/// # Errors
/// [`Error::Illegal`] when it has ended already, or a failure of the store.
pub async fn cancel(store: &Store, run: &RunId, now_ms: u64) -> Result<FlowRun, Error> {
    change(store, run, |run| run.cancel(now_ms).map(|()| true)).await
}

/// Writes down how an execution ended, and what could not be undone after it failed. One that the run was resumed from, or
/// that somebody has ended, says nothing any more.
///
/// # Errors
/// A failure of the store.
pub async fn settle(
    store: &Store,
    run: &RunId,
    execution: &str,
    ending: &Ending,
    now_ms: u64,
) -> Result<FlowRun, Error> {
    let reason = |code: &str, message: &str| Some(RunReason { code: code.to_owned(), message: message.to_owned() });
    let stays = match ending {
        Ending::Failed { .. } => what_stays(store, run).await?,
        Ending::Done | Ending::Stopped | Ending::Blocked { .. } => String::new(),
    };
    change(store, run, |run| {
        if run.status.terminal() || run.execution_name() != execution {
            return Ok(false);
        }
        let (status, reason) = match ending {
            Ending::Done => (RunStatus::Ok, None),
            Ending::Stopped => (RunStatus::Cancelled, Some(RunReason::interrupted())),
            Ending::Blocked { waits } => (RunStatus::Blocked, reason("waits", waits)),
            Ending::Failed { error, cause } => (RunStatus::Failed, reason(error, &format!("{cause}{stays}"))),
        };
        run.finish(status, reason, now_ms).map(|()| true)
    })
    .await
}

/// What could not be undone, and why.
async fn what_stays(store: &Store, run: &RunId) -> Result<String, Error> {
    let mut stays = Vec::new();
    for (key, stored) in store.nodes(run).await? {
        stays.extend(stored.row.not_undone.map(|why| (key, why)));
    }
    if stays.is_empty() {
        return Ok(String::new());
    }
    let flow = Flow::load(store, &store.flow(run).await?).await?;
    let told = stays.into_iter().map(|(key, NodeFailure { error, cause })| {
        format!("; `{}` could not be undone ({error}: {cause})", flow.named(key))
    });
    Ok(told.collect())
}

/// Changes a run's row by one of its transitions, however often somebody else is faster.
async fn change(
    store: &Store,
    run: &RunId,
    mut transition: impl FnMut(&mut FlowRun) -> Result<bool, IllegalTransition>,
) -> Result<FlowRun, Error> {
    loop {
        let mut stored = store.flow(run).await?;
        if !transition(&mut stored.run)? {
            return Ok(stored.run);
        }
        match store.update_flow(&mut stored).await {
            Err(maestro_store::Error::Changed { .. }) => {}
            other => return Ok(other.map(|()| stored.run)?),
        }
    }
}
