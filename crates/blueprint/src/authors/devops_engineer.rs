//! The DevOps engineer: container, pipeline, composition. No text of the epic goes into any of them but as a slug.

use super::Author;
use crate::{
    escape::{command, slug},
    inputs::{Inputs, Need},
    work::{Refusal, Work},
};
use maestro_artifacts::Operations;
use maestro_domain::{ArtifactKind, Phase};
use std::collections::BTreeMap;

pub(crate) struct DevopsEngineer;

/// Name of the environment variable that holds the port, as the service reads it.
pub(super) const PORT_ENV: &str = "PORT";
/// The folder into which the QA engineer writes.
const TESTS: &str = "tests";

const DOCKERFILE: &str = include_str!("../templates/Dockerfile");
const DOCKERIGNORE: &str = include_str!("../templates/dockerignore");
const PIPELINE: &str = include_str!("../templates/ci.yml");
const COMPOSE: &str = include_str!("../templates/compose.yaml");

impl Author for DevopsEngineer {
    fn needs(&self, _: Phase) -> Vec<Need> {
        // Not the backend: it is written at the same time. How the service starts is agreed for all services.
        vec![Need::Artifact(ArtifactKind::Design)]
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let design = inputs.design()?;
        let start = maestro_service::START.map(str::to_owned).to_vec();
        let package = start.last().cloned().unwrap_or_default();
        let test: Vec<String> =
            ["python3", "-m", "unittest", "discover", "-s", TESTS].iter().map(|word| (*word).to_owned()).collect();
        let fill = |template: &str| {
            template
                .replace("@PACKAGE@", &package)
                .replace("@START_JSON@", &serde_json::json!(start).to_string())
                .replace("@TEST@", &command(&test))
                .replace("@HEALTH@", super::HEALTH)
                .replace("@IMAGE@", &slug(&design.model.title))
        };
        let operations = Operations {
            container: "Dockerfile".to_owned(),
            pipeline: ".github/workflows/ci.yml".to_owned(),
            composition: "compose.yaml".to_owned(),
            start: start.clone(),
            test: test.clone(),
            port_env: PORT_ENV.to_owned(),
        };
        let files = BTreeMap::from([
            (".dockerignore".to_owned(), fill(DOCKERIGNORE)),
            (operations.container.clone(), fill(DOCKERFILE)),
            (operations.pipeline.clone(), fill(PIPELINE)),
            (operations.composition.clone(), fill(COMPOSE)),
        ]);
        Work::new(files, &operations)
    }
}
