//! The QA engineer: tests from the criteria, never from the code.

use super::Author;
use crate::{
    inputs::{Inputs, Need},
    work::{Refusal, Work},
};
use maestro_domain::{ArtifactKind, Phase};

pub(crate) struct QaEngineer;

impl Author for QaEngineer {
    fn needs(&self, _: Phase) -> Vec<Need> {
        vec![Need::Artifact(ArtifactKind::Requirements), Need::Artifact(ArtifactKind::Design)]
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let requirements = inputs.requirements()?;
        let design = inputs.design()?;
        let suite = maestro_acceptance::write(&requirements, &design.model);
        Work::new(suite.files, &suite.plan)
    }
}
