//! Opens the folder of this machine's runs.

use crate::{
    config::Config,
    stop::{Exit, Stop},
};
use maestro_ports::table;
use maestro_store::{Error, Home};

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
