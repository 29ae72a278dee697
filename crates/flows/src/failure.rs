//! Names of what goes wrong in nodes. They are an API: `retry_policy.non_retryable` matches them.

use maestro_domain::NodeFailure;

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// Why an attempt of a node failed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $variant,)+
        }

        impl Fault {
            /// All of them, in alphabetical order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name that definitions match.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

faults! {
    /// What may be spent does not cover what a persona's model may cost.
    Budget = "Maestro.Budget",
    /// The run is not under way any more.
    Cancelled = "Maestro.Cancelled",
    /// No worker finished with the node's message, however often it was delivered.
    DeadLetter = "Maestro.DeadLetter",
    /// An expression could not be evaluated, or gave what the config cannot hold.
    Expression = "Maestro.Expression",
    /// A function failed, is not there, or was given what it cannot take.
    Function = "Maestro.Function",
    /// A function could not be reached, or is busy.
    FunctionUnavailable = "Maestro.FunctionUnavailable",
    /// A web service refused a call, or answered what cannot be dealt with: it would again.
    Http = "Maestro.Http",
    /// A web service could not be reached, broke off, or refused for now.
    HttpUnavailable = "Maestro.HttpUnavailable",
    /// More items of a map failed than are tolerated.
    Items = "Maestro.Items",
    /// A persona's model gave no answer.
    Model = "Maestro.Model",
    /// The run's model cannot do what a persona is asked to.
    NeedsModel = "Maestro.NeedsModel",
    /// What the operator did not allow, or an address that is not public.
    NotAllowed = "Maestro.NotAllowed",
    /// Nothing on this engine runs the task type.
    NotSupported = "Maestro.NotSupported",
    /// The sandbox could not run anything at all.
    Referee = "Maestro.Referee",
    /// A person rejected.
    Rejected = "Maestro.Rejected",
    /// The script ended with another exit code than 0, or was killed.
    Script = "Maestro.Script",
    /// The store could not be read or written.
    Store = "Maestro.Store",
    /// The attempt took longer than it may.
    Timeout = "States.Timeout",
    /// A persona ended without handing over its work.
    Work = "Maestro.Work",
    /// A workflow that the node ran did not end well.
    Workflow = "Maestro.Workflow",
}

impl Fault {
    /// A failure by this name.
    #[must_use]
    pub fn because(self, cause: impl Into<String>) -> NodeFailure {
        NodeFailure { error: self.name().to_owned(), cause: cause.into() }
    }

    /// A failure of the store.
    pub(crate) fn store(error: &maestro_store::Error) -> NodeFailure {
        Self::Store.because(maestro_domain::with_causes(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_types_never_try_again_are_names_of_faults() {
        for known in maestro_workflow::types::ALL {
            for name in known.never_retried {
                assert!(Fault::ALL.iter().any(|fault| fault.name() == *name), "{name} of {}", known.name);
            }
        }
    }

    #[test]
    fn the_page_explains_every_name() {
        let page = include_str!("../../../docs/workflows.md");
        for fault in Fault::ALL {
            assert!(page.contains(&format!("| `{}` |", fault.name())), "{}", fault.name());
        }
    }
}
