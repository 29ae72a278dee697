//! How the service of the task is started.

use super::program::FOLDER;
use crate::{Error, Workspace};
use maestro_artifacts::{Backend, Operations};
use maestro_domain::ArtifactKind;
use maestro_exercise::Start;
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeMap;

/// What a caller may say about it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    /// The command, such as `["python3", "-m", "service"]`
    command: Vec<String>,
    /// The variable that holds the port
    #[serde(default = "port")]
    port_env: String,
    /// The path that answers when it is ready
    #[serde(default = "health")]
    health: String,
}

fn port() -> String {
    "PORT".to_owned()
}

fn health() -> String {
    "/health".to_owned()
}

/// The module that starts it, to lie beside a program.
pub(super) fn running_service(
    given: Option<Given>,
    workspace: &Workspace<'_>,
) -> Result<BTreeMap<String, String>, Error> {
    Ok(maestro_exercise::support(FOLDER, &start(given, workspace)?))
}

/// As the caller says, else as the artifacts say that were handed over. A `maestro.json` among the files has the last word: the
/// module reads it.
pub(super) fn start(given: Option<Given>, workspace: &Workspace<'_>) -> Result<Start, Error> {
    if let Some(Given { command, port_env, health }) = given.filter(|given| !given.command.is_empty()) {
        return Ok(Start { command, port_env, health });
    }
    let operations = document::<Operations>(workspace, ArtifactKind::Operations).map(|o| (o.start, o.port_env));
    let backend = || document::<Backend>(workspace, ArtifactKind::Backend).map(|backend| (backend.start, port()));
    if let Some((command, port_env)) = operations.or_else(backend) {
        return Ok(Start { command, port_env, health: health() });
    }
    if workspace.files().contains_key("maestro.json") {
        return Ok(Start { command: Vec::new(), port_env: port(), health: health() });
    }
    Err(Error::Respond("nobody has said how the service starts: say so in `start`".to_owned()))
}

fn document<T: DeserializeOwned>(workspace: &Workspace<'_>, kind: ArtifactKind) -> Option<T> {
    T::deserialize(&*workspace.context().upstream.get(&kind)?.document).ok()
}
