//! The life cycle's definitions, with names of this process in place of ARNs.

use maestro_asl::{Definition, parse_and_check, substitute};
use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

/// The outer definition, as it stands in `state-machines/`.
pub const SDLC: &str = include_str!("../../../state-machines/sdlc.asl.json");
/// The definition of one phase, as it stands in `state-machines/`.
pub const PHASE: &str = include_str!("../../../state-machines/phase.asl.json");

/// What stands for each `${...}`; on AWS the template supplies ARNs and URLs.
const SDLC_NAMES: &[(&str, &str)] = &[
    ("CompensateFunction", "compensate"),
    ("IntakeFunction", "intake"),
    ("PhaseStateMachineArn", "phase"),
    ("PublishFunction", "publish"),
];
const PHASE_NAMES: &[(&str, &str)] = &[
    ("GateFunction", "gate"),
    ("PersonaQueueUrlPrefix", ""),
    ("PhaseFunctionPrefix", "phase-"),
    ("VerifyQueueUrl", "verify"),
];

/// Definitions by name, ready to run.
#[derive(Debug, Clone)]
pub struct Definitions(BTreeMap<&'static str, Arc<Definition>>);

impl Definitions {
    /// The definitions of this program. They are part of it, so an error here is one of the build.
    ///
    /// # Errors
    /// What the checks say, one line each.
    pub fn load() -> Result<&'static Self, String> {
        static LOADED: LazyLock<Result<Definitions, String>> = LazyLock::new(|| {
            let one = |text, names: &[(&str, &str)]| {
                let names = names.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                let text = substitute(text, &names).map_err(|error| error.to_string())?;
                parse_and_check(&text)
                    .map(Arc::new)
                    .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            };
            Ok(Definitions([("sdlc", one(SDLC, SDLC_NAMES)?), ("phase", one(PHASE, PHASE_NAMES)?)].into()))
        });
        LOADED.as_ref().map_err(Clone::clone)
    }

    /// A definition by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Definition>> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_definitions_pass_the_checks() {
        let definitions = Definitions::load().unwrap();
        assert!(definitions.get("sdlc").is_some() && definitions.get("phase").is_some());
    }
}
