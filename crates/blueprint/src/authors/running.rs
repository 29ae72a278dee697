//! How tests start the service, shared by the two personas whose tests do.

use super::HEALTH;
use crate::{
    inputs::{Inputs, Need},
    work::Refusal,
};
use maestro_domain::ArtifactKind;
use maestro_exercise::Start;
use std::collections::BTreeMap;

/// What must be read before the tests can be written.
pub(super) const NEEDS: [Need; 3] = [
    Need::Artifact(ArtifactKind::Requirements),
    Need::Artifact(ArtifactKind::Design),
    Need::Artifact(ArtifactKind::Operations),
];

/// The support modules for tests in this folder, with the makers of records that meet all that is required.
pub(super) fn support(dir: &str, inputs: &Inputs) -> Result<BTreeMap<String, String>, Refusal> {
    let operations = inputs.operations()?;
    let start = Start { command: operations.start, port_env: operations.port_env, health: HEALTH.to_owned() };
    let mut files = maestro_exercise::support(dir, &start);
    let makers = maestro_acceptance::makers(&inputs.requirements()?, &inputs.design()?.model);
    files.extend(makers.into_iter().map(|(name, text)| (format!("{dir}/{name}"), text)));
    Ok(files)
}
