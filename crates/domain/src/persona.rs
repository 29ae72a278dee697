//! The eleven personas' ids. What a persona is and does stands in its data file, not here.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! personas {
    ($($(#[$doc:meta])* $variant:ident = $id:literal,)+) => {
        /// One of the eleven members of the team.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum PersonaId {
            $($(#[$doc])* $variant,)+
        }

        impl PersonaId {
            /// All personas, in the order of the phases they work in.
            pub const ALL: [Self; 11] = [$(Self::$variant,)+];

            /// The id used in files, keys and on the command line.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }
        }
    };
}

personas! {
    /// Requirements and criteria.
    RequirementsAnalyst = "requirements_analyst",
    /// Screens and flows.
    UiUxDesigner = "ui_ux_designer",
    /// Domain model, API, decisions.
    SolutionArchitect = "solution_architect",
    /// The pages that people use.
    FrontendDeveloper = "frontend_developer",
    /// The service.
    BackendDeveloper = "backend_developer",
    /// Container, pipeline, composition.
    DevopsEngineer = "devops_engineer",
    /// Tests from the criteria.
    QaEngineer = "qa_engineer",
    /// Threat model and checks.
    SecuritySpecialist = "security_specialist",
    /// Release and rollback.
    DeploymentSpecialist = "deployment_specialist",
    /// Smoke and contract tests on the running service.
    IntegrationTester = "integration_tester",
    /// README, guide, changelog.
    TechnicalWriter = "technical_writer",
}

impl PersonaId {
    /// Finds a persona by its id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|persona| persona.id() == id)
    }
}

impl fmt::Display for PersonaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
