//! One file a persona. To add one: its file, its module line and its line in [`of`], in alphabetical order.

mod backend_developer;
mod deployment_specialist;
mod devops_engineer;
mod frontend_developer;
mod integration_tester;
mod qa_engineer;
mod requirements_analyst;
mod running;
mod security_specialist;
mod solution_architect;
mod technical_writer;
mod ui_ux_designer;

use crate::{
    inputs::{Inputs, Need},
    work::{Refusal, Work},
};
use maestro_domain::{PersonaId, Phase};

/// Path that answers 200 when the service is well, as every service of this author has it.
pub(crate) const HEALTH: &str = "/health";

/// The work of one persona.
pub(crate) trait Author: Sync {
    /// What must be read or run first.
    fn needs(&self, phase: Phase) -> Vec<Need>;
    /// Writes files and document from the answers.
    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal>;
}

/// The author that works as this persona.
pub(crate) fn of(persona: PersonaId) -> &'static dyn Author {
    match persona {
        PersonaId::BackendDeveloper => &backend_developer::BackendDeveloper,
        PersonaId::DeploymentSpecialist => &deployment_specialist::DeploymentSpecialist,
        PersonaId::DevopsEngineer => &devops_engineer::DevopsEngineer,
        PersonaId::FrontendDeveloper => &frontend_developer::FrontendDeveloper,
        PersonaId::IntegrationTester => &integration_tester::IntegrationTester,
        PersonaId::QaEngineer => &qa_engineer::QaEngineer,
        PersonaId::RequirementsAnalyst => &requirements_analyst::RequirementsAnalyst,
        PersonaId::SecuritySpecialist => &security_specialist::SecuritySpecialist,
        PersonaId::SolutionArchitect => &solution_architect::SolutionArchitect,
        PersonaId::TechnicalWriter => &technical_writer::TechnicalWriter,
        PersonaId::UiUxDesigner => &ui_ux_designer::UiUxDesigner,
    }
}
