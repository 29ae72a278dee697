//! How tests start the service, shared by the two personas whose tests do.

use super::HEALTH;
use maestro_artifacts::Operations;
use maestro_exercise::Start;
use std::collections::BTreeMap;

/// The support modules for tests in this folder.
pub(super) fn support(dir: &str, operations: &Operations) -> BTreeMap<String, String> {
    let start =
        Start { command: operations.start.clone(), port_env: operations.port_env.clone(), health: HEALTH.to_owned() };
    maestro_exercise::support(dir, &start)
}
