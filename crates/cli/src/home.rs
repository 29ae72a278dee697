//! Opens the home and finds runs in it.

use crate::{
    config::Config,
    stop::{Exit, Stop},
};
use maestro_domain::{Run, RunId, RunStatus};
use maestro_embedded::Hive;
use maestro_ports::{Referee, table};
use maestro_sandbox::{LocalReferee, Options};
use maestro_store::{Error, Home, StoredRun};
use std::sync::Arc;

/// How many runs are read at once while one is looked for.
const PAGE: usize = 100;

/// Opens the home, or makes it.
pub(crate) fn open(config: &Config) -> Result<Home, Stop> {
    Home::open(&config.home).map_err(|error| refused(config, &error))
}

/// Opens the home where there is one; nothing is made.
pub(crate) fn open_existing(config: &Config) -> Result<Option<Home>, Stop> {
    if config.home.join("layout").exists() {
        return open(config).map(Some);
    }
    // Looking for runs in something that is no folder finds none, but that is not what was meant.
    if config.home.exists() && !config.home.is_dir() {
        let stop = Stop::unusable(format!("`{}` is not a folder", config.home.display()));
        return Err(stop.help("name a folder for runs by `MAESTRO_HOME`"));
    }
    Ok(None)
}

/// Why a home cannot be used, and what to do.
pub(crate) fn refused(config: &Config, error: &Error) -> Stop {
    let stop = Stop::from_error(Exit::Unusable, error);
    match error {
        Error::NewerHome { .. } | Error::NewerRow { .. } | Error::Table(table::Error::Newer { .. }) => {
            stop.help("use the newer maestro, or another folder by `MAESTRO_HOME`")
        }
        error if error.full() => stop.help(format!(
            "make room on the disk of `{}`, or name another folder by `MAESTRO_HOME`",
            config.home.display()
        )),
        Error::Table(table::Error::Io { .. }) | Error::BadLayout { .. } | Error::DamagedRow { .. } => {
            stop.help(damaged(config))
        }
        Error::Home { .. } => stop.help(format!(
            "make `{}` a folder that you can write to, or name another by `MAESTRO_HOME`",
            config.home.display()
        )),
        _ => stop,
    }
}

/// What to do about a home that is there but cannot be read.
pub(crate) fn damaged(config: &Config) -> String {
    format!(
        "if `{}` can be read and written and is still damaged, move it away (its runs go with it, deliverables stay) or \
         name another by `MAESTRO_HOME`",
        config.home.display()
    )
}

/// The referee of this machine.
pub(crate) fn referee(home: &Config, unsandboxed: bool) -> Result<LocalReferee, Stop> {
    let mut options = Options::for_current_exe().map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    options.allow_unsandboxed = unsandboxed;
    options.scratch = home.home.join("scratch");
    Ok(LocalReferee::new(options))
}

/// The runs of a home.
pub(crate) fn hive(config: &Config, home: &Home, referee: Arc<dyn Referee>, force: bool) -> Result<Hive, Stop> {
    Hive::open(home, Arc::new(maestro_blueprint::Blueprint), referee, force).map_err(|error| match &error {
        maestro_embedded::Error::Store(error) => refused(config, error),
        error => Stop::from_error(Exit::Unusable, error),
    })
}

/// The runs of the home that is there, for reading and small changes.
pub(crate) fn existing_hive(config: &Config) -> Result<Option<Hive>, Stop> {
    match open_existing(config)? {
        Some(home) => hive(config, &home, Arc::new(referee(config, false)?), false).map(Some),
        None => Ok(None),
    }
}

/// The run that the user names, and the hive that holds it.
pub(crate) async fn find(config: &Config, name: &str) -> Result<(Hive, StoredRun), Stop> {
    match existing_hive(config)? {
        Some(hive) => {
            let run = find_in(config, &hive, name).await?;
            Ok((hive, run))
        }
        None => Err(no_run(config, name)),
    }
}

/// A run by id, by the beginning of its id, or `latest`.
pub(crate) async fn find_in(config: &Config, hive: &Hive, name: &str) -> Result<StoredRun, Stop> {
    let store = hive.store();
    if let Ok(id) = RunId::new(name) {
        match store.run(&id).await {
            Err(Error::NoRun { .. }) => {}
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
    fitting.pop().ok_or_else(|| no_run(config, name))
}

fn no_run(config: &Config, name: &str) -> Stop {
    Stop::unusable(format!("there is no run `{name}` in `{}`", config.home.display()))
        .help("`maestro runs list` shows all runs; `MAESTRO_HOME` names another home")
}

/// A failure of the store.
pub(crate) fn failed(error: &(dyn std::error::Error + 'static)) -> Stop {
    Stop::from_error(Exit::Failed, error).help("`maestro doctor` looks for what is wrong with the home")
}

/// Where a run stands, in a word. A run that says it is running but that no process executes was interrupted.
pub(crate) fn standing(hive: &Hive, stored: &StoredRun) -> &'static str {
    if stored.deleting() {
        "deleting"
    } else if interrupted(hive, &stored.run) {
        "interrupted"
    } else {
        stored.run.status.id()
    }
}

/// Whether the process that executed the run died.
pub(crate) fn interrupted(hive: &Hive, run: &Run) -> bool {
    run.status == RunStatus::Running && matches!(hive.executing(&run.id), Ok(false))
}
