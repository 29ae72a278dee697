//! Runs of workflows of one machine: created, executed, resumed, cancelled.

use super::{
    engine::{Ended, Engine},
    executions::Executions,
};
use crate::{
    clock::SystemClock,
    lock::{Locked, RunLock, cancelled_elsewhere},
};
use async_trait::async_trait;
use maestro_asl::Outcome;
use maestro_domain::{FlowRun, IllegalTransition, NodeFailure, RunId, RunReason, RunStatus};
use maestro_flows::{
    Board, Child, Children, Consulted, Fault, Flow, FlowEvent, NoPersonas, Personas, Platform, Progress, Sandbox,
    Undone, children,
    lifecycle::{self, Ending, NewRun},
};
use maestro_ports::{Clock, Models, Referee, Timer, Web, functions::NoFunctions};
use maestro_store::{Home, Store, StoredFlow};
use maestro_workflow::format::OnFailure;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::mpsc;

/// Why a run could not be created, executed or changed.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] maestro_store::Error),
    /// A node's row does not allow it.
    #[error(transparent)]
    Board(#[from] maestro_flows::Error),
    /// The run does not allow it.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    /// Another process executes the run, or nobody can tell.
    #[error(transparent)]
    Locked(#[from] Locked),
    /// What the workflow compiles to does not pass the checks.
    #[error("the definitions of `{dag_id}` are broken: {problems}; this is a defect of maestro")]
    Definitions {
        /// The workflow.
        dag_id: String,
        /// What the checks say.
        problems: String,
    },
}

impl From<lifecycle::Error> for FlowError {
    fn from(error: lifecycle::Error) -> Self {
        match error {
            lifecycle::Error::Store(error) => Self::Store(error),
            lifecycle::Error::Board(error) => Self::Board(error),
            lifecycle::Error::Illegal(error) => Self::Illegal(error),
        }
    }
}

/// How an execution ended.
#[derive(Debug, Clone)]
pub struct FlowEnded {
    /// The run as it stands now.
    pub run: FlowRun,
    /// How many states were entered, as Step Functions counts them.
    pub transitions: u64,
    /// How many transactions were written.
    pub transactions: u64,
}

/// What ends an execution from outside, once it is ready.
pub type FlowStop<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The runs of workflows of one machine.
pub struct FlowHost {
    locks: PathBuf,
    inner: Arc<Inner>,
}

/// What executions of runs and of those that their nodes start have in common.
struct Inner {
    /// Workflows of runs that were created here, compiled already; each is executed once by what was compiled for it.
    compiled: Mutex<BTreeMap<RunId, Flow>>,
    store: Store,
    referee: Arc<dyn Referee>,
    web: Arc<dyn Web>,
    models: Option<Arc<dyn Models>>,
    timer: Arc<dyn Timer>,
}

impl FlowHost {
    /// Opens the runs of a home.
    ///
    /// # Errors
    /// [`FlowError::Store`] when the home cannot be opened or is of a newer maestro.
    pub fn open(home: &Home, referee: Arc<dyn Referee>, web: Arc<dyn Web>) -> Result<Self, FlowError> {
        let store = home.store(maestro_domain::TenantId::local())?;
        Ok(Self::over(home.dir(), store, referee, web, Arc::new(SystemClock)))
    }

    /// The runs of any store, by any clock; `home` holds the locks.
    #[must_use]
    pub fn over(
        home: &Path,
        store: Store,
        referee: Arc<dyn Referee>,
        web: Arc<dyn Web>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        let inner = Inner { compiled: Mutex::default(), store, referee, web, models: None, timer };
        Self { locks: home.to_owned(), inner: Arc::new(inner) }
    }

    /// The same with personas, who work with these models; without them none does.
    #[must_use]
    pub fn with_models(mut self, models: Arc<dyn Models>) -> Self {
        // Nothing is executed before somebody has the host, so nobody else holds it.
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            inner.models = Some(models);
        }
        self
    }

    /// The rows and blobs.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Creates a run.
    ///
    /// # Errors
    /// A failure of the store; then nothing was created.
    pub async fn create(&self, new: NewRun) -> Result<FlowRun, FlowError> {
        self.inner.create(new).await
    }

    /// Opens a run again: claims of dead workers are void, completed nodes will answer.
    ///
    /// # Errors
    /// [`Locked::Busy`] when a process executes it, [`FlowError::Illegal`] when it has ended well.
    pub async fn resume(&self, run: &RunId) -> Result<FlowRun, FlowError> {
        let _lock = RunLock::take(&self.locks, run)?;
        Ok(lifecycle::resume(&self.inner.store, run, None, self.inner.timer.now_ms()).await?)
    }

    /// Executes a run to its end. While there is nothing left but to wait for people or events it waits, or, without
    /// `wait`, ends as blocked. `stop` interrupts it: a resumed run goes on.
    ///
    /// # Errors
    /// [`Locked::Busy`] when another process executes it, or a failure of the store.
    pub async fn execute(
        &self,
        run: &RunId,
        wait: bool,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
        stop: FlowStop<'_>,
    ) -> Result<FlowEnded, FlowError> {
        let _lock = RunLock::take(&self.locks, run)?;
        let stop = async {
            tokio::select! {
                () = stop => {}
                () = cancelled_elsewhere(|| self.inner.cancelled(run)) => {}
            }
        };
        Arc::clone(&self.inner).execute(run, wait, watcher, Box::pin(stop)).await
    }

    /// Cancels a run. Where no process executes it, what it has done is undone here, if its workflow says so; else by the
    /// process that does.
    ///
    /// # Errors
    /// [`FlowError::Illegal`] when it has ended already.
    pub async fn cancel(
        &self,
        run: &RunId,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
    ) -> Result<FlowRun, FlowError> {
        let lock = match RunLock::take(&self.locks, run) {
            Ok(lock) => Some(lock),
            Err(Locked::Busy { .. }) => None,
            Err(failed) => return Err(failed.into()),
        };
        let now = self.inner.timer.now_ms();
        let cancelled = lifecycle::cancel(&self.inner.store, run, now).await?;
        if lock.is_some() {
            self.inner.undo(&cancelled, watcher).await?;
        }
        Ok(cancelled)
    }

    /// Undoes what is left of what a run did that ended, and not well, if its workflow says so; also what could not be
    /// undone before.
    ///
    /// # Errors
    /// [`FlowError::Illegal`] when it has not ended so, [`Locked::Busy`] when a process is at it, or a failure of the store.
    pub async fn undo(
        &self,
        run: &RunId,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
    ) -> Result<FlowRun, FlowError> {
        let _lock = RunLock::take(&self.locks, run)?;
        let ended = self.inner.store.flow(run).await?.run;
        ended.undo()?;
        self.inner.undo(&ended, watcher).await?;
        Ok(ended)
    }

    /// Deletes a run, and the runs that its nodes started.
    ///
    /// # Errors
    /// [`Locked::Busy`] when a process executes it, or a failure of the store; deleting again goes on with it then.
    pub async fn delete(&self, run: &RunId) -> Result<(), FlowError> {
        let lock = RunLock::take(&self.locks, run)?;
        self.inner.store.delete_flow(run, self.inner.timer.now_ms()).await?;
        RunLock::remove(&self.locks, run)?;
        drop(lock);
        Ok(())
    }

    /// Whether a process executes the run now.
    ///
    /// # Errors
    /// [`Locked::Failed`] when that cannot be found out.
    pub fn executing(&self, run: &RunId) -> Result<bool, FlowError> {
        Ok(RunLock::is_taken(&self.locks, run)?)
    }
}

impl Inner {
    async fn create(&self, new: NewRun) -> Result<FlowRun, FlowError> {
        let (stored, flow) = lifecycle::create(&self.store, new, self.timer.now_ms()).await?;
        self.compiled().insert(stored.run.id.clone(), flow);
        Ok(stored.run)
    }

    /// A run's workflow, as it was compiled for it here, or from the store.
    async fn flow(&self, stored: &StoredFlow) -> Result<Flow, FlowError> {
        let here = self.compiled().remove(&stored.run.id);
        match here {
            Some(flow) => Ok(flow),
            None => Ok(Flow::load(&self.store, stored).await?),
        }
    }

    fn compiled(&self) -> MutexGuard<'_, BTreeMap<RunId, Flow>> {
        // Single calls change the map, so a panic cannot leave half of one.
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn engine(
        self: &Arc<Self>,
        mut flow: Flow,
        board: Board,
        run: &FlowRun,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
        wait: bool,
    ) -> Result<Engine, FlowError> {
        let clock: Arc<dyn Clock> = Arc::clone(&self.timer) as Arc<dyn Clock>;
        let personas: Arc<dyn Personas> = match &self.models {
            Some(models) => Arc::new(Consulted::new(self.store.clone(), Arc::clone(models))),
            None => Arc::new(NoPersonas),
        };
        let platform = Platform {
            store: self.store.clone(),
            clock,
            scripts: Arc::new(Sandbox(Arc::clone(&self.referee))),
            web: Arc::clone(&self.web),
            functions: Arc::new(NoFunctions),
            personas,
            children: Arc::new(Nested { host: Arc::clone(self), wait }),
        };
        let definitions = flow.take_definitions();
        let flow = Arc::new(flow);
        let executions = Executions::start(&flow, definitions, &run.execution_name(), self.timer.now_ms())
            .map_err(|problems| FlowError::Definitions { dag_id: run.dag_id.clone(), problems })?;
        Ok(Engine::new(flow, platform, Arc::clone(&self.timer), board, executions, watcher, wait))
    }

    /// Undoes what a run has done that nobody executes.
    async fn undo(
        self: &Arc<Self>,
        run: &FlowRun,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
    ) -> Result<(), FlowError> {
        let flow = Flow::load(&self.store, &self.store.flow(&run.id).await?).await?;
        let mut board = Board::load(self.store.clone(), &flow).await?;
        board.reopen(&flow, Undone::Stays, self.timer.now_ms()).await?;
        Ok(self.engine(flow, board, run, watcher, true)?.compensate().await?)
    }

    async fn execute(
        self: Arc<Self>,
        run: &RunId,
        wait: bool,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
        stop: FlowStop<'_>,
    ) -> Result<FlowEnded, FlowError> {
        let stored = self.store.flow(run).await?;
        let flow = self.flow(&stored).await?;
        let board = Board::load(self.store.clone(), &flow).await?;
        let name = stored.run.execution_name();
        let compensates = flow.workflow.dag.on_failure == OnFailure::Compensate;
        let mut engine = self.engine(flow, board, &stored.run, watcher, wait)?;
        if let Some(RunReason { code: error, message: cause }) = stored.run.fails_after_undoing().cloned() {
            // Whoever executed it before has not come to the end of that.
            engine.compensate().await?;
            return self.settled(engine, run, &name, &Ending::Failed { error, cause }).await;
        }
        let ended = engine.run(stop).await?;
        let ending = match ended {
            Ended::Outcome(Outcome::Succeeded { .. }) => Ending::Done,
            Ended::Outcome(Outcome::Aborted { .. }) | Ended::Stopped => Ending::Stopped,
            Ended::Outcome(Outcome::Failed { error, cause }) => Ending::Failed {
                error: error.unwrap_or_else(|| "States.TaskFailed".to_owned()),
                cause: cause.unwrap_or_default(),
            },
            Ended::Outcome(Outcome::TimedOut { .. }) => Ending::timed_out(),
            Ended::Blocked(waits) => Ending::Blocked { waits },
        };
        let undone = match &ending {
            // An interrupted run is meant to be resumed.
            Ending::Stopped => self.cancelled(run).await,
            // By its state machine, unless the time was up; where nothing is undone, runs of nodes are ended all the same.
            Ending::Failed { .. } => !compensates || ending == Ending::timed_out(),
            Ending::Done | Ending::Blocked { .. } => false,
        };
        match &ending {
            _ if !undone => {}
            Ending::Failed { error, cause } => engine.compensate_after(error, cause).await?,
            _ => engine.compensate().await?,
        }
        self.settled(engine, run, &name, &ending).await
    }

    async fn settled(
        &self,
        engine: Engine,
        run: &RunId,
        execution: &str,
        ending: &Ending,
    ) -> Result<FlowEnded, FlowError> {
        let (transitions, transactions) = (engine.executions.transitions(), engine.board.writes());
        drop(engine);
        let run = lifecycle::settle(&self.store, run, execution, ending, self.timer.now_ms()).await?;
        Ok(FlowEnded { run, transitions, transactions })
    }

    async fn cancelled(&self, run: &RunId) -> bool {
        matches!(self.store.flow(run).await, Ok(stored) if stored.run.status == RunStatus::Cancelled)
    }
}

/// Runs workflows that nodes name, in the same process and under the lock of the run whose node it is.
struct Nested {
    host: Arc<Inner>,
    /// Whether to wait for people and events.
    wait: bool,
}

/// How soon a run that was left waiting is looked at again, in milliseconds, where others are still at work.
const LOOK_AGAIN_MS: u64 = 5_000;

#[async_trait]
impl Children for Nested {
    async fn run(&self, child: Child) -> Result<Progress, NodeFailure> {
        let failed = |error: FlowError| Fault::Workflow.because(maestro_domain::with_causes(&error));
        let run = self.prepared(&child).await?;
        let run = match run.status {
            RunStatus::Ok => run,
            _ => {
                let never = Box::pin(std::future::pending());
                Arc::clone(&self.host).execute(&child.id, self.wait, None, never).await.map_err(failed)?.run
            }
        };
        if run.status == RunStatus::Blocked {
            let at_ms = self.host.timer.now_ms() + LOOK_AGAIN_MS;
            let waits = run.reason.map(|reason| reason.message).unwrap_or_default();
            // Whoever answers has to name that run.
            let waits_for = Some(format!("run `{}` of `{}`, where {waits}", run.id, run.dag_id));
            return Ok(Progress::Again { at_ms, waits_for });
        }
        if run.status != RunStatus::Ok {
            return Err(children::ended(&run));
        }
        Ok(Progress::Done(Some(children::outputs(&self.host.store, &run).await?)))
    }
}

impl Nested {
    /// The child's run, created or opened again.
    async fn prepared(&self, child: &Child) -> Result<FlowRun, NodeFailure> {
        let (store, now) = (&self.host.store, self.host.timer.now_ms());
        let failed = |error: FlowError| Fault::Workflow.because(maestro_domain::with_causes(&error));
        match store.flow(&child.id).await {
            Ok(StoredFlow { run, .. }) if run.status == RunStatus::Ok => Ok(run),
            Ok(_) => lifecycle::resume(store, &child.id, None, now).await.map_err(|error| failed(error.into())),
            Err(maestro_store::Error::NoRun { .. }) => {
                self.host.create(children::new_run(store, child).await?).await.map_err(failed)
            }
            Err(other) => Err(failed(other.into())),
        }
    }
}
