//! The backend developer: the service itself.

use super::Author;
use crate::{
    inputs::{Inputs, Need},
    work::{Refusal, Work},
};
use maestro_artifacts::Backend;
use maestro_domain::{ArtifactKind, Phase};

pub(crate) struct BackendDeveloper;

impl Author for BackendDeveloper {
    fn needs(&self, _: Phase) -> Vec<Need> {
        vec![Need::Artifact(ArtifactKind::Design)]
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let design = inputs.design()?;
        let files = maestro_service::backend_files(&design.model);
        let start = maestro_service::START.map(str::to_owned).to_vec();
        let package = start.last().cloned().unwrap_or_default();
        Work::new(files, &Backend { package, start })
    }
}
