//! Where runs of workflows live and are executed: this machine, or a deployed stack. Commands know only this.

use crate::site::Error;
use async_trait::async_trait;
use maestro_domain::FlowRun;
use maestro_embedded::{FlowError, FlowHost, FlowStop, Locked};
use maestro_flows::{FlowEvent, lifecycle::NewRun};
use maestro_store::Store;
use tokio::sync::mpsc;

/// How an execution ended.
#[derive(Debug, Clone)]
pub struct FlowEnded {
    /// The run as it stands now.
    pub run: FlowRun,
    /// How many states were entered, as Step Functions counts them.
    pub transitions: u64,
    /// How many transactions were written, where one process writes them all.
    pub transactions: Option<u64>,
}

/// The runs of workflows of one site.
#[async_trait]
pub trait FlowSite: Send + Sync {
    /// What it is called in messages, such as a folder's path.
    fn name(&self) -> String;

    /// Rows and blobs.
    fn store(&self) -> &Store;

    /// Whether an execution of the run is under way.
    async fn executing(&self, run: &FlowRun) -> Result<bool, Error>;

    /// How many states were entered in all executions of the run; `None` where nobody bills them.
    async fn transitions(&self, run: &FlowRun) -> Result<Option<u64>, Error>;

    /// Creates a run.
    async fn create(&self, new: NewRun) -> Result<FlowRun, Error>;

    /// Opens a run for another execution; refused while one is under way.
    async fn resume(&self, run: &FlowRun) -> Result<FlowRun, Error>;

    /// Executes a run to its end. Without `wait` it ends as blocked where there is nothing left but to wait for people or
    /// events, on this machine; elsewhere nobody's process is needed to wait. `stop` interrupts it, `watcher` is told what happens.
    async fn execute(
        &self,
        run: &FlowRun,
        wait: bool,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
        stop: FlowStop<'_>,
    ) -> Result<FlowEnded, Error>;

    /// Something has come that these nodes may wait for; whoever executes the run is to look.
    async fn heard(&self, run: &FlowRun, nodes: &[&str]) -> Result<(), Error>;

    /// Cancels a run, whoever executes it; `watcher` is told what is undone meanwhile. What is undone by somebody else is
    /// undone later.
    async fn cancel(&self, run: &FlowRun, watcher: mpsc::UnboundedSender<FlowEvent>) -> Result<FlowRun, Error>;

    /// Undoes what is left of what a run did that ended, and not well; `watcher` is told. What is undone by somebody else is
    /// undone later.
    async fn undo(&self, run: &FlowRun, watcher: mpsc::UnboundedSender<FlowEvent>) -> Result<FlowRun, Error>;

    /// Deletes a run that nobody executes, and the runs that its nodes started.
    async fn delete(&self, run: &FlowRun) -> Result<(), Error>;
}

/// This machine.
pub(crate) struct Here {
    pub(crate) host: FlowHost,
    pub(crate) home: String,
}

#[async_trait]
impl FlowSite for Here {
    fn name(&self) -> String {
        self.home.clone()
    }

    fn store(&self) -> &Store {
        self.host.store()
    }

    async fn executing(&self, run: &FlowRun) -> Result<bool, Error> {
        Ok(self.host.executing(&run.id)?)
    }

    async fn transitions(&self, _: &FlowRun) -> Result<Option<u64>, Error> {
        Ok(None)
    }

    async fn create(&self, new: NewRun) -> Result<FlowRun, Error> {
        Ok(self.host.create(new).await?)
    }

    async fn resume(&self, run: &FlowRun) -> Result<FlowRun, Error> {
        Ok(self.host.resume(&run.id).await?)
    }

    async fn execute(
        &self,
        run: &FlowRun,
        wait: bool,
        watcher: Option<mpsc::UnboundedSender<FlowEvent>>,
        stop: FlowStop<'_>,
    ) -> Result<FlowEnded, Error> {
        let ended = self.host.execute(&run.id, wait, watcher, stop).await?;
        Ok(FlowEnded { run: ended.run, transitions: ended.transitions, transactions: Some(ended.transactions) })
    }

    async fn heard(&self, _: &FlowRun, _: &[&str]) -> Result<(), Error> {
        // The process that executes it looks by itself, again and again.
        Ok(())
    }

    async fn cancel(&self, run: &FlowRun, watcher: mpsc::UnboundedSender<FlowEvent>) -> Result<FlowRun, Error> {
        Ok(self.host.cancel(&run.id, Some(watcher)).await?)
    }

    async fn undo(&self, run: &FlowRun, watcher: mpsc::UnboundedSender<FlowEvent>) -> Result<FlowRun, Error> {
        Ok(self.host.undo(&run.id, Some(watcher)).await?)
    }

    async fn delete(&self, run: &FlowRun) -> Result<(), Error> {
        Ok(self.host.delete(&run.id).await?)
    }
}

impl From<FlowError> for Error {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Store(error) => Self::Store(error),
            FlowError::Illegal(error) => Self::Illegal(error),
            FlowError::Locked(Locked::Busy { run }) => Self::Busy { run },
            error => Self::Engine(Box::new(error)),
        }
    }
}

impl From<maestro_flows::lifecycle::Error> for Error {
    fn from(error: maestro_flows::lifecycle::Error) -> Self {
        FlowError::from(error).into()
    }
}
