//! The log file of a run.

use crate::{config::Config, stop::Stop};
use maestro_domain::RunId;
use std::{
    fs::{OpenOptions, create_dir_all},
    path::{Path, PathBuf},
    sync::Arc,
};
use tracing_subscriber::{EnvFilter, filter::Directive};

const DEFAULT: &str = "info";
/// The client of servers logs messages whole, before what is secret is taken out of them.
const QUIET: &str = "rmcp=off";
/// Of the home.
const FOLDER: &str = "log";

/// What the log keeps, as `MAESTRO_LOG` says it.
pub(crate) fn filter(text: Option<&str>) -> Result<EnvFilter, Stop> {
    let text = text.unwrap_or(DEFAULT);
    let refused = |error: &(dyn std::error::Error + 'static)| {
        Stop::unusable(format!("`MAESTRO_LOG` says `{text}`, which is no filter"))
            .because(error)
            .help("such as `debug`, or `info,maestro_sdlc=trace`")
    };
    let filter = EnvFilter::try_new(text).map_err(|error| refused(&error))?;
    let quiet: Directive = QUIET.parse().map_err(|error| refused(&error))?;
    Ok(filter.add_directive(quiet))
}

/// Where the log of a run is.
pub(crate) fn path(home: &Path, run: &RunId) -> PathBuf {
    home.join(FOLDER).join(format!("{run}.log"))
}

/// Sends everything that this process logs to the file of a run; a later execution adds to it.
pub(crate) fn start(config: &Config, run: &RunId, filter: EnvFilter) -> Result<PathBuf, Stop> {
    let path = path(&config.home, run);
    let refused = |error| Stop::unusable(format!("the log `{}` cannot be written", path.display())).because(&error);
    create_dir_all(config.home.join(FOLDER)).map_err(refused)?;
    let file = OpenOptions::new().create(true).append(true).open(&path).map_err(refused)?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(Arc::new(file))
        .finish();
    // Set once in the life of a process; a second time could only be a mistake of ours, and the first log goes on.
    let _first_one_stays = tracing::subscriber::set_global_default(subscriber);
    Ok(path)
}
