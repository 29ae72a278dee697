//! The frontend developer: the pages that people use.

use super::Author;
use crate::{
    inputs::{Inputs, Need},
    work::{Refusal, Work},
};
use maestro_artifacts::{Frontend, Screens};
use maestro_domain::{ArtifactKind, Phase};

pub(crate) struct FrontendDeveloper;

impl Author for FrontendDeveloper {
    fn needs(&self, _: Phase) -> Vec<Need> {
        vec![Need::Artifact(ArtifactKind::Screens), Need::Artifact(ArtifactKind::Design)]
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let screens: Screens = inputs.document(ArtifactKind::Screens)?;
        if screens.screens.is_empty() {
            return Err(Refusal::empty(ArtifactKind::Screens));
        }
        let design = inputs.design()?;
        let files = maestro_service::page_files(&screens, &design.model);
        let index = files
            .keys()
            .find(|path| path.rsplit('/').next() == Some("index.html"))
            .ok_or_else(|| Refusal::Say("the pages have no first page".to_owned()))?
            .clone();
        let document = Frontend { index, screens: screens.screens.into_iter().map(|screen| screen.id).collect() };
        Work::new(files, &document)
    }
}
