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
    /// An expression could not be evaluated, or gave what the config cannot hold.
    Expression = "Maestro.Expression",
    /// More items of a map failed than are tolerated.
    Items = "Maestro.Items",
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
