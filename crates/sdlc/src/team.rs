//! Who works when: the waves of each phase. A wave reads the artifacts of earlier waves and of accepted earlier phases.

use maestro_domain::{PersonaId, Phase};

/// The waves of every phase. The technical writer closes each phase.
pub const WAVES: [(Phase, &[&[PersonaId]]); 5] = {
    use PersonaId as P;
    [
        (Phase::Requirements, &[&[P::RequirementsAnalyst], &[P::UiUxDesigner, P::TechnicalWriter]]),
        (Phase::Design, &[&[P::SolutionArchitect], &[P::TechnicalWriter]]),
        (
            Phase::Implementation,
            &[&[P::FrontendDeveloper, P::BackendDeveloper, P::DevopsEngineer], &[P::TechnicalWriter]],
        ),
        (Phase::Testing, &[&[P::QaEngineer, P::SecuritySpecialist], &[P::TechnicalWriter]]),
        (Phase::Deployment, &[&[P::DeploymentSpecialist], &[P::IntegrationTester, P::TechnicalWriter]]),
    ]
};

/// The waves of one phase.
#[must_use]
pub fn waves(phase: Phase) -> &'static [&'static [PersonaId]] {
    WAVES.iter().find(|(known, _)| *known == phase).map_or(&[], |(_, waves)| waves)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_and_definitions_name_the_same_phases() {
        for persona in maestro_personas::all().unwrap() {
            let here: Vec<_> = WAVES
                .iter()
                .filter(|(_, waves)| waves.iter().any(|wave| wave.contains(&persona.id)))
                .map(|(phase, _)| *phase)
                .collect();
            assert_eq!(here, persona.phases, "{}", persona.id);
        }
    }
}
