//! Where runs live and are executed: this machine, or a deployed stack. Commands know only this.

use crate::{
    config::Config,
    flow_site::FlowSite,
    stop::{Exit, Stop},
};
use async_trait::async_trait;
use clap::ValueEnum;
use maestro_domain::{Event, IllegalTransition, Run, RunId, RunStatus};
use maestro_embedded::Ended;
use maestro_ports::deliverable;
use maestro_sdlc::lifecycle::{self, NewRun};
use maestro_store::{Store, StoredRun};
use maestro_workflow::Workflow;
use tokio::sync::mpsc;

/// Which site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum On {
    /// This machine, in this process
    Here,
    /// The stack on this machine that speaks for AWS (`maestro stack up` and `deploy`)
    LocalStack,
    /// The stack that is deployed in the user's AWS account
    Aws,
}

impl On {
    /// The command that goes on with a run.
    pub(crate) fn resume(self, run: &RunId) -> String {
        format!("maestro runs resume {run}{}", self.option())
    }

    /// The command that goes on with a run of a workflow.
    pub(crate) fn resume_flow(self, run: &RunId) -> String {
        format!("maestro workflow resume {run}{}", self.option())
    }

    const fn option(self) -> &'static str {
        match self {
            Self::Here => "",
            Self::LocalStack => " --on local-stack",
            Self::Aws => " --on aws",
        }
    }
}

/// Why a site did not do it.
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
    /// Somebody else executes the run.
    #[error("run `{run}` is being executed elsewhere")]
    Busy {
        /// The run.
        run: RunId,
    },
    /// What executes runs there failed.
    #[error(transparent)]
    Engine(Box<dyn std::error::Error + Send + Sync>),
}

impl From<lifecycle::Error> for Error {
    fn from(error: lifecycle::Error) -> Self {
        match error {
            lifecycle::Error::Store(error) => Self::Store(error),
            lifecycle::Error::Illegal(error) => Self::Illegal(error),
        }
    }
}

/// The runs of one site.
#[async_trait]
pub trait Site: Send + Sync {
    /// What it is called in messages, such as a folder's path.
    fn name(&self) -> String;

    /// Rows and blobs.
    fn store(&self) -> &Store;

    /// Whether an execution of the run is under way.
    async fn executing(&self, run: &Run) -> Result<bool, Error>;

    /// How many states the machines entered for a run, tries that were repeated included; `None` where nobody asks money
    /// for anything.
    async fn transitions(&self, run: &Run) -> Result<Option<u64>, Error>;

    /// Creates a run. Nothing is created when the deliverable's place cannot be used.
    async fn create(&self, new: NewRun) -> Result<Run, Error>;

    /// Opens a run for another execution; refused while one is under way.
    async fn resume(&self, run: &Run) -> Result<Run, Error>;

    /// Executes a run to its end and puts its deliverable in place. `compensate` takes that back when the run fails,
    /// `stop` ends it as cancelled, `watcher` is told what happens.
    async fn execute(
        &self,
        run: &RunId,
        compensate: bool,
        watcher: mpsc::UnboundedSender<Event>,
        stop: maestro_embedded::Stop<'_>,
    ) -> Result<Ended, Error>;

    /// Cancels a run, whoever executes it.
    async fn cancel(&self, run: &Run) -> Result<Run, Error>;

    /// Deletes the record of a run that nobody executes. The deliverable stays.
    async fn delete(&self, run: &Run) -> Result<(), Error>;
}

/// How work on a run is prepared.
#[derive(Debug, Clone, Copy)]
pub struct Preparation {
    /// Generated code may run without a sandbox where none works.
    pub unsandboxed: bool,
    /// A deliverable of another run may be replaced.
    pub force: bool,
}

/// Opens sites.
#[async_trait]
pub trait Sites: Sync {
    /// The site with its runs, for reading and small changes; `None` where there are none yet.
    async fn existing(&self, on: On, config: &Config) -> Result<Option<Box<dyn Site>>, Stop>;

    /// The site ready to execute runs: what can be tried out before work begins was tried out.
    async fn ready(&self, on: On, config: &Config, how: Preparation) -> Result<Box<dyn Site>, Stop>;

    /// The site with its runs of workflows; `None` where there are none yet.
    async fn flows(&self, on: On, config: &Config) -> Result<Option<Box<dyn FlowSite>>, Stop>;

    /// The site ready to execute a workflow; refused where it cannot.
    async fn flows_ready(
        &self,
        on: On,
        config: &Config,
        workflow: &Workflow,
        unsandboxed: bool,
    ) -> Result<Box<dyn FlowSite>, Stop>;
}

/// How many runs are read at once while one is looked for.
const PAGE: usize = 100;

/// A run by id, by the beginning of its id, or `latest`.
pub(crate) async fn find_in(site: &dyn Site, name: &str) -> Result<StoredRun, Stop> {
    let store = site.store();
    if let Ok(id) = RunId::new(name) {
        match store.run(&id).await {
            Err(maestro_store::Error::NoRun { .. }) => {}
            other => return other.map_err(|error| failed(&error)),
        }
    }
    let mut fitting: Vec<StoredRun> = Vec::new();
    let mut after = None;
    loop {
        let page = store.runs(after.as_deref(), PAGE).await.map_err(|error| failed(&error))?;
        for run in page.runs {
            let id = run.run.id.as_str();
            if name == "latest" {
                return Ok(run);
            }
            if !name.is_empty() && (id.starts_with(name) || id.trim_start_matches("run-").starts_with(name)) {
                fitting.push(run);
            }
        }
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    if fitting.len() > 1 {
        let ids: Vec<_> = fitting.iter().take(5).map(|run| run.run.id.to_string()).collect();
        return Err(Stop::unusable(format!("`{name}` fits {} runs", fitting.len()))
            .help(format!("write more of the id: {}", ids.join(", "))));
    }
    fitting.pop().ok_or_else(|| no_run(&site.name(), name))
}

pub(crate) fn no_run(site: &str, name: &str) -> Stop {
    Stop::unusable(format!("there is no run `{name}` in `{site}`"))
        .help("`maestro runs list` shows all runs; `MAESTRO_HOME` names another home, `--on` another place")
}

/// A failure of the store or of the engine.
pub(crate) fn failed(error: &(dyn std::error::Error + 'static)) -> Stop {
    Stop::from_error(Exit::Failed, error).help("`maestro doctor` looks for what is wrong with the home")
}

/// Where a run stands, in a word. A run that says it is running but that nobody executes was interrupted.
pub(crate) async fn standing(site: &dyn Site, stored: &StoredRun) -> &'static str {
    if stored.deleting() {
        "deleting"
    } else if interrupted(site, &stored.run).await {
        "interrupted"
    } else {
        stored.run.status.id()
    }
}

/// Whether what executed the run died.
pub(crate) async fn interrupted(site: &dyn Site, run: &Run) -> bool {
    run.status == RunStatus::Running && matches!(site.executing(run).await, Ok(false))
}
