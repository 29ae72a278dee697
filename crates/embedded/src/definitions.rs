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
/// The queue of verification; each persona's has the persona's id.
pub(crate) const VERIFY: &str = "verify";
const PHASE_NAMES: &[(&str, &str)] = &[
    ("GateFunction", "gate"),
    ("PersonaQueueUrlPrefix", ""),
    ("PhaseFunctionPrefix", "phase-"),
    ("VerifyQueueUrl", VERIFY),
];

/// Definitions by name, ready to run.
#[derive(Debug, Clone)]
pub struct Definitions(BTreeMap<String, Arc<Definition>>);

/// A definition as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// By which name others start it.
    pub name: &'a str,
    /// Its text in Amazon States Language.
    pub text: &'a str,
    /// What stands for each `${...}` in it.
    pub names: &'a [(&'a str, &'a str)],
}

/// The definition that an execution of a run begins with.
pub const OUTER: &str = "sdlc";

impl Definitions {
    /// The life cycle's definitions. They are part of this program, so an error here is one of the build.
    ///
    /// # Errors
    /// What the checks say, one line each.
    pub fn load() -> Result<Arc<Self>, String> {
        static LOADED: LazyLock<Result<Arc<Definitions>, String>> = LazyLock::new(|| {
            let outer = Source { name: OUTER, text: SDLC, names: SDLC_NAMES };
            Definitions::of(&[outer, Source { name: "phase", text: PHASE, names: PHASE_NAMES }]).map(Arc::new)
        });
        LOADED.clone()
    }

    /// Definitions by their names. [`OUTER`] is the one that runs begin with.
    ///
    /// # Errors
    /// What the checks say, one line each.
    pub fn of(sources: &[Source<'_>]) -> Result<Self, String> {
        let one = |Source { name, text, names }: &Source<'_>| {
            let names = names.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let text = substitute(text, &names).map_err(|error| error.to_string())?;
            let definition = parse_and_check(&text)
                .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
            Ok(((*name).to_owned(), Arc::new(definition)))
        };
        sources.iter().map(one).collect::<Result<_, _>>().map(Self)
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
        assert!(definitions.get(OUTER).is_some() && definitions.get("phase").is_some());
    }
}
