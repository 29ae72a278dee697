//! The analyst: every statement of the epic with what it was understood to mean.

use super::Author;
use crate::{
    inputs::{Inputs, Need},
    work::{Refusal, Work, json_text},
};
use maestro_domain::Phase;
use std::collections::BTreeMap;

pub(crate) struct RequirementsAnalyst;

impl Author for RequirementsAnalyst {
    fn needs(&self, _: Phase) -> Vec<Need> {
        vec![Need::Epic]
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let epic = inputs.epic()?;
        if !epic.statements.iter().any(|statement| statement.kind.traced()) {
            return Err(Refusal::Say(
                "I cannot do this work: the epic states nothing that could be required".to_owned(),
            ));
        }
        let requirements = maestro_reader::read(&epic);
        let files = BTreeMap::from([("docs/requirements.json".to_owned(), json_text(&requirements)?)]);
        Work::new(files, &requirements)
    }
}
