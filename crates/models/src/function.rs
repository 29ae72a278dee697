//! What a function of a stack may ask models with. It has no file and no variables of a user, so both are in a secret.

use crate::{Config, SecretsManager, Surroundings};
use maestro_domain::with_causes;
use maestro_ports::Timer;
use std::sync::Arc;

/// The configuration and the keys of the secret that a function's environment names; where that is `none`, there is
/// nothing but the environment.
///
/// # Errors
/// In words, when the secret cannot be read or its `MAESTRO_CONFIG` is not right.
pub async fn of_function(
    variable: fn(&str) -> Option<String>,
    timer: Arc<dyn Timer>,
) -> Result<(Config, Surroundings), String> {
    let mut keys = Surroundings::read(variable);
    let Some(secret) = variable("MAESTRO_MODEL_KEYS").filter(|name| name != "none") else {
        return Ok((Config::default(), keys));
    };
    let secrets = SecretsManager::new(&secret, &keys, variable("AWS_ENDPOINT_URL").as_deref(), timer)?;
    keys.fill(&secrets).await.map_err(|error| with_causes(&error))?;
    Ok((Config::kept(&secrets).await?, keys))
}
