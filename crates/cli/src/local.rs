//! This machine as a site: the embedded engine over the home.

use crate::{
    config::Config,
    home, models,
    site::{Error, Preparation, Site},
    stop::{Exit, Stop},
};
use async_trait::async_trait;
use maestro_domain::{Event, Run, RunId};
use maestro_embedded::{Ended, Hive};
use maestro_ports::{Models, model::Only, referee};
use maestro_sandbox::{LocalReferee, Options};
use maestro_sdlc::lifecycle::NewRun;
use maestro_store::{Home, Store};
use std::sync::Arc;
use tokio::sync::mpsc;

/// The runs of one home.
pub(crate) struct Local {
    hive: Hive,
    home: String,
}

impl Local {
    /// The runs of the home that is there, for reading and small changes.
    pub(crate) fn existing(config: &Config) -> Result<Option<Self>, Stop> {
        match home::open_existing(config)? {
            Some(home) => {
                // Nothing is executed, so no model is asked.
                let models = Arc::new(Only(Arc::new(maestro_blueprint::Blueprint)));
                Self::open(config, &home, models, referee(config, false)?, false).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Ready to execute runs: Python and the sandbox were tried out.
    pub(crate) async fn ready(config: &Config, how: Preparation) -> Result<Self, Stop> {
        // A home that cannot be used is refused before anything is tried out; one that is not there yet is made last.
        let home = home::open_existing(config)?;
        let (models, outside) = (models::opener(config)?, models::outside(config)?);
        let referee = ready_referee(config, how.unsandboxed).await?;
        let home = home.map_or_else(|| home::open(config), Ok)?;
        let local = Self::open(config, &home, Arc::new(models), referee, how.force)?;
        Ok(Self { hive: local.hive.with_outside(outside), ..local })
    }

    fn open(
        config: &Config,
        home: &Home,
        models: Arc<dyn Models>,
        referee: LocalReferee,
        force: bool,
    ) -> Result<Self, Stop> {
        let hive = Hive::open(home, models, Arc::new(referee), force);
        let hive = hive.map_err(|error| match &error {
            maestro_embedded::Error::Store(error) => home::refused(config, error),
            error => Stop::from_error(Exit::Unusable, error),
        })?;
        Ok(Self { hive, home: config.home.display().to_string() })
    }
}

#[async_trait]
impl Site for Local {
    fn name(&self) -> String {
        self.home.clone()
    }

    fn store(&self) -> &Store {
        self.hive.store()
    }

    async fn executing(&self, run: &Run) -> Result<bool, Error> {
        Ok(self.hive.executing(&run.id)?)
    }

    async fn transitions(&self, _: &Run) -> Result<Option<u64>, Error> {
        Ok(None)
    }

    async fn create(&self, new: NewRun) -> Result<Run, Error> {
        Ok(self.hive.create(new).await?)
    }

    async fn resume(&self, run: &Run) -> Result<Run, Error> {
        Ok(self.hive.resume(&run.id).await?)
    }

    async fn execute(
        &self,
        run: &RunId,
        compensate: bool,
        watcher: mpsc::UnboundedSender<Event>,
        stop: maestro_embedded::Stop<'_>,
    ) -> Result<Ended, Error> {
        Ok(self.hive.execute(run, compensate, Some(watcher), stop).await?)
    }

    async fn cancel(&self, run: &Run) -> Result<Run, Error> {
        Ok(self.hive.cancel(&run.id).await?)
    }

    async fn delete(&self, run: &Run) -> Result<(), Error> {
        Ok(self.hive.delete(&run.id).await?)
    }
}

impl From<maestro_embedded::Error> for Error {
    fn from(error: maestro_embedded::Error) -> Self {
        use maestro_embedded::{Error as Embedded, Locked};
        match error {
            Embedded::Store(error) => Self::Store(error),
            Embedded::Deliverable(error) => Self::Deliverable(error),
            Embedded::Illegal(error) => Self::Illegal(error),
            Embedded::Locked(Locked::Busy { run }) => Self::Busy { run },
            error @ (Embedded::Locked(Locked::Failed { .. }) | Embedded::Definitions { .. }) => {
                Self::Engine(Box::new(error))
            }
        }
    }
}

/// The referee of this machine.
pub(crate) fn referee(config: &Config, unsandboxed: bool) -> Result<LocalReferee, Stop> {
    let mut options = Options::for_current_exe().map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    options.allow_unsandboxed = unsandboxed;
    options.scratch = config.home.join("scratch");
    Ok(LocalReferee::new(options))
}

/// The referee, once it is known that it can do its work.
pub(crate) async fn ready_referee(config: &Config, unsandboxed: bool) -> Result<LocalReferee, Stop> {
    let referee = referee(config, unsandboxed)?;
    let refused = |error: &referee::Error| {
        let stop = Stop::from_error(Exit::Unusable, error);
        let doctor = "`maestro doctor` says what is missing and how to mend it";
        match error {
            referee::Error::NoIsolation { .. } => stop.help(format!(
                "{doctor}; `--unsandboxed` runs generated code without isolation, and the evidence says so"
            )),
            _ => stop.help(doctor),
        }
    };
    // Both start processes and wait for them, so they are tried out side by side.
    let (python, isolation) = tokio::join!(referee.python(), referee.isolation());
    let python = python.map_err(|error| refused(&error))?;
    if !python.new_enough() {
        let (major, minor, patch) = python.version;
        return Err(Stop::unusable(format!(
            "`python3` is version {major}.{minor}.{patch}, generated software needs 3.9"
        ))
        .help("`maestro doctor` says how to mend it"));
    }
    isolation.map_err(|error| refused(&error))?;
    Ok(referee)
}
