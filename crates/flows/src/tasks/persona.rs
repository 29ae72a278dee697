//! Gives a task to a persona: only the life cycle of an epic does that yet.

use super::Runner;
use crate::failure::Fault;
use maestro_workflow::types::persona::Persona;

pub(super) const RUNNER: Runner = Runner {
    name: "persona",
    evaluates_itself: false,
    run: |work| {
        Box::pin(async move {
            let config: Persona = work.config()?;
            // Personas work from the statements and artifacts of an epic's run, and their budget is that run's.
            Err(Fault::NotSupported.because(format!(
                "personas work in runs of epics only, so `{}` was not asked; `maestro execute EPIC` lets it work",
                *config.persona
            )))
        })
    },
};
