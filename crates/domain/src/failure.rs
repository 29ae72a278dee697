//! Names of failures. They are an API: definitions match them in Retry and Catch, the CLI maps them to exit codes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An error and what caused it, on one line.
#[must_use]
pub fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

macro_rules! failures {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// Why something failed, by the name that definitions and people see.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FailureKind {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl FailureKind {
            /// All kinds, in alphabetical order of their names.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The error name in definitions.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

failures! {
    /// A worker answered with something that does not fit its contract.
    BadOutput = "Maestro.BadOutput",
    /// A person or a model is needed to go on.
    Blocked = "Maestro.Blocked",
    /// What may be spent does not cover the next call of a model; a grant lets the task go on.
    Budget = "Maestro.Budget",
    /// The run was cancelled.
    Cancelled = "Maestro.Cancelled",
    /// No worker finished with the task's message, however often it was delivered.
    DeadLetter = "Maestro.DeadLetter",
    /// A gate refused what could not be done, or checked nothing; a person has nothing to decide.
    GateRefused = "Maestro.GateRefused",
    /// The worker's time was up before it was done; another call goes on with the task. No definition ever sees it.
    HandedOn = "Maestro.HandedOn",
    /// Another live worker holds the task.
    LeaseHeld = "Maestro.LeaseHeld",
    /// The model gives no answer: it is not reached, does not accept the key, or its price is not known.
    Model = "Maestro.Model",
    /// The model cannot do what the persona asked of it.
    NeedsModel = "Maestro.NeedsModel",
    /// The referee could not run a command at all.
    Referee = "Maestro.Referee",
    /// The store could not be read or written; trying again may help.
    Store = "Maestro.Store",
    /// The disk of the store is full; trying again does not help before somebody has made room.
    StoreFull = "Maestro.StoreFull",
    /// The task waits for a job of the referee; who has the evidence lets it go on. No definition ever sees it.
    Suspended = "Maestro.Suspended",
    /// An upstream artifact is missing or empty.
    Upstream = "Maestro.Upstream",
    /// The persona's work ended without a result.
    Work = "Maestro.Work",
}

impl FailureKind {
    /// Finds a kind by its name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether what was done is itself the failure, so that doing the very same again comes to the same.
    #[must_use]
    pub const fn of_the_work(self) -> bool {
        matches!(self, Self::BadOutput | Self::NeedsModel | Self::Work)
    }

    /// Whether the work was interrupted and goes on once somebody has mended what is outside of it.
    #[must_use]
    pub const fn interrupts(self) -> bool {
        matches!(self, Self::Budget | Self::Model)
    }

    /// Whether trying the same work again can help.
    #[must_use]
    pub const fn transient(self) -> bool {
        matches!(self, Self::LeaseHeld | Self::Store)
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the file could not be read")]
    struct Unread(#[source] std::fmt::Error);

    #[test]
    fn an_error_is_told_with_its_causes() {
        let cause = std::fmt::Error;
        assert_eq!(with_causes(&cause), cause.to_string());
        assert_eq!(with_causes(&Unread(cause)), format!("the file could not be read: {cause}"));
    }
}
