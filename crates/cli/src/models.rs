//! Which models there are: `maestro.toml` of the working directory (or what `MAESTRO_CONFIG` names) and the environment.

use crate::{
    config::{Config, named_variable},
    site::On,
    stop::{Exit, Stop},
};
use maestro_embedded::SystemClock;
use maestro_mcp::Servers;
use maestro_models::{Choice, Config as File, Opener};
use maestro_ports::{Web, model::Error};
use maestro_tools::{NothingOutside, Outside};
use maestro_web::{Calls, Hosts};
use std::{io::ErrorKind, sync::Arc};

/// What opens models, as the user configured them.
pub(crate) fn opener(config: &Config) -> Result<Opener, Stop> {
    let file = file(config)?;
    Ok(Opener::new(file, config.surroundings.clone(), Arc::new(maestro_blueprint::Blueprint), Arc::new(SystemClock)))
}

/// The models for a new run: `explicit` for all personas, else what the configuration says. Nothing is asked, but what can
/// be known before is: keys that are missing and prices that nobody knows refuse the run before it is created.
pub(crate) fn chosen(config: &Config, on: On, explicit: Option<&str>) -> Result<String, Stop> {
    let choice = opener(config)?.choose(explicit).map_err(|error| refused(&error))?;
    let name = choice.to_string();
    usable(config, on, &name)?;
    Ok(name)
}

/// Refuses models that cannot be opened here. Elsewhere, keys and prices are the matter of that place.
pub(crate) fn usable(config: &Config, on: On, name: &str) -> Result<(), Stop> {
    let choice: Choice = name
        .parse()
        .map_err(|error: maestro_models::Unknown| refused(&Error::Unable { model: error.name, reason: error.why }))?;
    if on != On::Here {
        return Ok(());
    }
    let opener = opener(config)?;
    for name in choice.names() {
        let model = opener.model(name).map_err(|error| refused(&error))?;
        model.quote(&maestro_ports::model::Request::default()).map_err(|error| refused(&error))?;
    }
    Ok(())
}

fn refused(error: &Error) -> Stop {
    let stop = match error {
        Error::Unable { model, reason } => Stop::unusable(format!("there is no model `{model}`: {reason}")),
        error => Stop::from_error(Exit::Unusable, error),
    };
    stop.help(
        "models are `blueprint` (the built-in author), `anthropic:NAME`, `bedrock:ID`, `openai:NAME` and `scripted:FILE`; \
         keys come from the environment, everything else from `maestro.toml`; `maestro doctor` tries them out",
    )
}

/// What the file says about models; without a file, nothing.
fn file(config: &Config) -> Result<File, Stop> {
    let Some((path, text)) = text(config)? else { return Ok(File::default()) };
    File::parse(&path, &text)
        .map_err(|error| Stop::from_error(Exit::Unusable, &error).help("docs/models.md has an example of such a file"))
}

/// Tools from outside, as the user configured them. No server is started before a persona works with one.
pub(crate) fn outside(config: &Config) -> Result<Arc<dyn Outside>, Stop> {
    Ok(match servers(config)? {
        Some(servers) => Arc::new(servers),
        None => Arc::new(NothingOutside),
    })
}

/// The servers of such tools, where there are any.
pub(crate) fn servers(config: &Config) -> Result<Option<Servers>, Stop> {
    let Some((path, text)) = text(config)? else { return Ok(None) };
    let servers = Servers::parse(&path, &text, named_variable);
    let servers = servers
        .map_err(|error| Stop::from_error(Exit::Unusable, &error).help("docs/mcp.md has an example of such a file"))?;
    Ok(Some(servers).filter(|servers| !servers.is_empty()))
}

/// Calls of web services, as far as the user allowed them.
pub(crate) fn web(config: &Config) -> Result<Arc<dyn Web>, Stop> {
    let Some((path, text)) = text(config)? else { return Ok(Arc::new(Calls::new(Hosts::default()))) };
    let hosts = Hosts::parse(&path, &text, named_variable).map_err(|error| {
        Stop::from_error(Exit::Unusable, &error).help("docs/workflows.md has an example of such a file")
    })?;
    Ok(Arc::new(Calls::new(hosts)))
}

/// The file's path and text, where there is one.
fn text(config: &Config) -> Result<Option<(String, String)>, Stop> {
    let path = config.models.display().to_string();
    match std::fs::read_to_string(&config.models) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == ErrorKind::NotFound && !config.models_named => Ok(None),
        Err(error) => Err(Stop::unusable(format!("`{path}` cannot be read")).because(&error)),
    }
}
