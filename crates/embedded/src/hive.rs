//! Runs on one machine: created, executed, resumed, cancelled, deleted.

use crate::{
    clock::SystemClock,
    definitions::{Definitions, OUTER, VERIFY},
    deliverables::FolderDeliverables,
    driver::{ABORTED, drive},
    integrations::Integrations,
    job_host::{self, AskedJobs, JobHost, JobQueue},
    lock::{Locked, RunLock, cancelled_elsewhere},
    queues::Queues,
};
use maestro_agent::Meter;
use maestro_asl::Outcome;
use maestro_domain::{Event, IllegalTransition, PersonaId, Run, RunId, RunStatus, TenantId};
use maestro_ports::{Clock, Models, Referee, deliverable};
use maestro_sdlc::{
    Handlers, LifeCycle, Platform,
    lifecycle::{self, Ending, NewRun},
};
use maestro_store::{Home, Journal, Store};
use maestro_tools::{NothingOutside, Outside};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, task::JoinSet};

/// How long an event waits for others before it is written down; nobody who watches sees the difference.
const LINGER: Duration = Duration::from_millis(20);

/// Why a run could not be created, executed or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] maestro_store::Error),
    /// The place of the deliverable cannot be used.
    #[error(transparent)]
    Deliverable(#[from] deliverable::Error),
    /// The run does not allow it.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    /// Another process executes the run, or nobody can tell.
    #[error(transparent)]
    Locked(#[from] Locked),
    /// The compiled-in definitions do not pass their own checks.
    #[error("the definitions of this maestro are broken: {problems}")]
    Definitions {
        /// What the checks say.
        problems: String,
    },
}

impl From<lifecycle::Error> for Error {
    fn from(error: lifecycle::Error) -> Self {
        match error {
            lifecycle::Error::Store(error) => Self::Store(error),
            lifecycle::Error::Illegal(error) => Self::Illegal(error),
        }
    }
}

/// How an execution of a run ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The run as it stands now.
    pub run: Run,
    /// From the start of the execution to its end.
    pub wall: Duration,
    /// Of that, without the time in which the model, a tool or the sandbox was busy.
    pub orchestration: Duration,
}

/// What ends an execution from outside, once it is ready. Boxed, so that callers do not compile the whole engine anew.
pub type Stop<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// The runs of one machine.
pub struct Hive {
    home: PathBuf,
    store: Store,
    models: Arc<dyn Models>,
    referee: Arc<dyn Referee>,
    clock: Arc<dyn Clock>,
    outside: Arc<dyn Outside>,
    force: bool,
    /// Other definitions than the life cycle's, and their handlers.
    other: Option<(Arc<Definitions>, Arc<dyn Handlers>)>,
}

impl Hive {
    /// Opens the runs of a home.
    ///
    /// # Errors
    /// [`Error::Store`] when the home cannot be opened or is of a newer maestro.
    pub fn open(home: &Home, models: Arc<dyn Models>, referee: Arc<dyn Referee>, force: bool) -> Result<Self, Error> {
        let store = home.store(TenantId::local())?;
        Ok(Self::over(home.dir().to_owned(), store, models, referee, force))
    }

    /// The runs of any store; `home` holds the locks.
    #[must_use]
    pub fn over(home: PathBuf, store: Store, models: Arc<dyn Models>, referee: Arc<dyn Referee>, force: bool) -> Self {
        Self {
            home,
            store,
            models,
            referee,
            clock: Arc::new(SystemClock),
            outside: Arc::new(NothingOutside),
            force,
            other: None,
        }
    }

    /// By another clock than the machine's.
    #[must_use]
    pub fn by_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// With tools that are not of the house.
    #[must_use]
    pub fn with_outside(self, outside: Arc<dyn Outside>) -> Self {
        Self { outside, ..self }
    }

    /// Executes other definitions than the life cycle's.
    #[must_use]
    pub fn with_definitions(self, definitions: Definitions, handlers: Arc<dyn Handlers>) -> Self {
        Self { other: Some((Arc::new(definitions), handlers)), ..self }
    }

    fn machinery(&self) -> Result<(Arc<Definitions>, Arc<dyn Handlers>), Error> {
        match &self.other {
            Some((definitions, handlers)) => Ok((Arc::clone(definitions), Arc::clone(handlers))),
            None => match Definitions::load() {
                Ok(definitions) => Ok((definitions, Arc::new(LifeCycle))),
                Err(problems) => Err(Error::Definitions { problems }),
            },
        }
    }

    /// The rows and blobs.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Creates a run. Nothing is created when the deliverable's place cannot be used.
    ///
    /// # Errors
    /// [`Error::Deliverable`] or [`Error::Store`].
    pub async fn create(&self, new: NewRun) -> Result<Run, Error> {
        FolderDeliverables { force: self.force }.check(Path::new(&new.out), None)?;
        Ok(lifecycle::create(&self.store, new, self.clock.now_ms()).await?)
    }

    /// Opens a run again: claims of dead workers are void, completed keys will answer.
    ///
    /// # Errors
    /// [`Locked::Busy`] when a process executes it, [`Error::Illegal`] when it has ended well.
    pub async fn resume(&self, run: &RunId) -> Result<Run, Error> {
        let _lock = RunLock::take(&self.home, run)?;
        Ok(lifecycle::resume(&self.store, run, self.clock.now_ms()).await?)
    }

    /// Executes a run to its end. `compensate` takes the deliverable back when it fails. `stop` ends it as cancelled.
    ///
    /// # Errors
    /// [`Locked::Busy`] when another process executes it, or a failure of the store at its very beginning or end.
    pub async fn execute(
        &self,
        run: &RunId,
        compensate: bool,
        watcher: Option<mpsc::UnboundedSender<Event>>,
        stop: Stop<'_>,
    ) -> Result<Ended, Error> {
        let _lock = RunLock::take(&self.home, run)?;
        let started = Instant::now();
        let machinery = self.machinery()?;
        let journal = Arc::new(Journal::lingering(self.store.clone(), Arc::clone(&self.clock), watcher, LINGER));
        let (jobs, asked) = job_host::queue();
        let platform = self.platform(Arc::clone(&journal), jobs);
        let meter = Arc::clone(&platform.meter);
        let name = self.store.run(run).await?.run.execution_name();
        let tell = |event| maestro_ports::Events::emit(&*journal, self.store.tenant(), run, event);
        tell(Event::ExecutionStarted { execution: name.clone() });
        let input = json!({"run": run, "on_failure": if compensate { "compensate" } else { "keep" }});
        let outcome = self.until_stopped(run, platform, asked, machinery, &name, input, stop).await;
        let settled = lifecycle::settle(&self.store, run, &name, &ending(outcome), self.clock.now_ms()).await;
        let (settled, ended_here) = settled?;
        if ended_here {
            tell(Event::RunEnded { status: settled.status });
        }
        journal.flush().await;
        let wall = started.elapsed();
        Ok(Ended { run: settled, wall, orchestration: wall.saturating_sub(meter.total()) })
    }

    #[expect(clippy::too_many_arguments, reason = "one execution's parts, each used once")]
    async fn until_stopped(
        &self,
        run: &RunId,
        platform: Platform,
        asked: AskedJobs,
        (definitions, handlers): (Arc<Definitions>, Arc<dyn Handlers>),
        name: &str,
        input: Value,
        stop: Stop<'_>,
    ) -> Outcome {
        let Some(definition) = definitions.get(OUTER).cloned() else {
            return failed("States.Runtime", &format!("there is no definition `{OUTER}`"));
        };
        let queues = Arc::new(Queues::default());
        // Before anything is sent: jobs that a process before this one did not end let go on who waited in these.
        PersonaId::ALL.iter().map(|persona| persona.id()).chain([VERIFY]).for_each(|name| queues.open(name));
        let (referee, own) = (Arc::clone(&self.referee), Arc::clone(&queues));
        let host = JobHost { platform: platform.clone(), referee, queues: own };
        let integrations = Arc::new(Integrations::new(platform, definitions, handlers, queues));
        let aborted = Outcome::Aborted { error: Some(ABORTED.to_owned()), cause: None };
        // Among the tasks that it starts: from a thread that only waits for the end, each step would wake another one.
        let mut driven = JoinSet::new();
        let name = name.to_owned();
        driven.spawn(async move { drive(integrations, OUTER, definition, &name, input).await });
        tokio::select! {
            Some(outcome) = driven.join_next() => {
                outcome.unwrap_or_else(|error| failed("States.Runtime", &error.to_string()))
            }
            error = host.serve(run, asked) => failed(error.kind.name(), &error.cause),
            () = stop => aborted,
            () = cancelled_elsewhere(|| self.cancelled(run)) => aborted,
        }
    }

    async fn cancelled(&self, run: &RunId) -> bool {
        matches!(self.store.run(run).await, Ok(stored) if stored.run.status == RunStatus::Cancelled)
    }

    /// Cancels a run, whoever executes it.
    ///
    /// # Errors
    /// [`Error::Illegal`] when it has ended already.
    pub async fn cancel(&self, run: &RunId) -> Result<Run, Error> {
        Ok(lifecycle::cancel(&self.store, run, self.clock.now_ms()).await?)
    }

    /// Deletes a run's rows and blobs. The deliverable is the user's and stays.
    ///
    /// # Errors
    /// [`Locked::Busy`] when a process executes it.
    pub async fn delete(&self, run: &RunId) -> Result<(), Error> {
        let lock = RunLock::take(&self.home, run)?;
        // The lock proves that no process works on the run, whatever its row says.
        self.store.delete_run(run, true).await?;
        RunLock::remove(&self.home, run)?;
        drop(lock);
        Ok(())
    }

    /// Whether a process executes the run now.
    ///
    /// # Errors
    /// [`Locked::Failed`] when that cannot be found out.
    pub fn executing(&self, run: &RunId) -> Result<bool, Error> {
        Ok(RunLock::is_taken(&self.home, run)?)
    }

    fn platform(&self, journal: Arc<Journal>, jobs: JobQueue) -> Platform {
        Platform {
            store: self.store.clone(),
            models: Arc::clone(&self.models),
            jobs: Arc::new(jobs),
            outside: Arc::clone(&self.outside),
            deliverables: Arc::new(FolderDeliverables { force: self.force }),
            events: journal,
            clock: Arc::clone(&self.clock),
            meter: Arc::new(Meter::default()),
            caller: None,
            waiter: None,
        }
    }
}

fn ending(outcome: Outcome) -> Ending {
    match outcome {
        Outcome::Succeeded { .. } => Ending::Done,
        Outcome::Aborted { .. } => Ending::Stopped,
        Outcome::Failed { error, cause } | Outcome::TimedOut { error, cause } => {
            Ending::Failed { error: error.unwrap_or_else(|| "failed".to_owned()), cause: cause.unwrap_or_default() }
        }
    }
}

fn failed(error: &str, cause: &str) -> Outcome {
    Outcome::Failed { error: Some(error.to_owned()), cause: Some(cause.to_owned()) }
}
