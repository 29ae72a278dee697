//! Who works when: what the workflow of a run's scope says. A wave reads the artifacts of earlier waves and of accepted earlier
//! phases.

use crate::Failure;
use maestro_domain::{FailureKind, PersonaId, Phase, Run};
use maestro_workflow::Scope;

/// The scope of a run.
pub(crate) fn scope_of(run: &Run) -> Result<&'static Scope, Failure> {
    // A newer program may know more scopes.
    Scope::find(&run.scope).map_err(|why| Failure::new(FailureKind::BadOutput, why))
}

/// The tasks that a scope leaves out: where a persona works by its own definition, and does not in this scope.
///
/// # Errors
/// A definition of a persona that cannot be read.
pub fn left_out(scope: &Scope) -> Result<Vec<(Phase, PersonaId)>, Failure> {
    let personas = maestro_personas::all().map_err(|error| Failure::from_error(FailureKind::Work, &error))?;
    let tasks = Phase::ALL.into_iter().flat_map(|phase| personas.iter().map(move |persona| (phase, persona)));
    let missing = tasks.filter(|(phase, persona)| persona.phases.contains(phase) && !scope.works(*phase, persona.id));
    Ok(missing.map(|(phase, persona)| (phase, persona.id)).collect())
}

/// What a scope leaves out, for people; none where everybody works everywhere.
///
/// # Errors
/// As [`left_out`].
pub fn left_out_told(scope: &Scope) -> Result<Option<String>, Failure> {
    let tasks = left_out(scope)?;
    let mut parts = Vec::new();
    for phase in Phase::ALL {
        let names: Vec<_> = tasks.iter().filter(|(of, _)| *of == phase).map(|(_, one)| one.id()).collect();
        if scope.waves(phase).is_empty() {
            parts.push(format!("the whole {phase} phase"));
        } else if !names.is_empty() {
            parts.push(format!("{} in the {phase} phase", names.join(" and ")));
        }
    }
    Ok((!parts.is_empty()).then(|| parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::DEFAULT_SCOPE;

    fn scope(name: &str) -> &'static Scope {
        Scope::find(name).unwrap()
    }

    #[test]
    fn scopes_give_personas_only_work_that_their_definitions_know() {
        for scope in Scope::all().unwrap() {
            for persona in maestro_personas::all().unwrap() {
                for phase in Phase::ALL.into_iter().filter(|phase| scope.works(*phase, persona.id)) {
                    assert!(persona.phases.contains(&phase), "{}: {} in {phase}", scope.name, persona.id);
                }
            }
        }
    }

    #[test]
    fn a_feature_leaves_nothing_out_and_an_enterprise_neither() {
        for name in [DEFAULT_SCOPE, "enterprise"] {
            assert_eq!(left_out(scope(name)).unwrap(), [], "{name}");
        }
        assert_ne!(scope(DEFAULT_SCOPE).gates, scope("enterprise").gates);
        assert_eq!(left_out_told(scope(DEFAULT_SCOPE)).unwrap(), None);
    }

    #[test]
    fn no_scope_leaves_out_what_proves_the_criteria() {
        for scope in Scope::all().unwrap() {
            for (phase, persona) in [
                (Phase::Requirements, PersonaId::RequirementsAnalyst),
                (Phase::Testing, PersonaId::QaEngineer),
                (Phase::Testing, PersonaId::SecuritySpecialist),
            ] {
                assert!(scope.works(phase, persona), "{} leaves out the {persona}", scope.name);
            }
        }
    }

    #[test]
    fn what_is_left_out_is_told() {
        let told = left_out_told(scope("mvp")).unwrap().unwrap();
        assert_eq!(
            told,
            "technical_writer in the requirements phase, technical_writer in the design phase, technical_writer in the testing \
             phase, the whole deployment phase"
        );
    }
}
