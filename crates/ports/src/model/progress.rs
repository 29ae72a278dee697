//! What is told while a reply comes in. It is for watching only: the reply is what [`complete`](super::Model::complete) gives.

/// Takes what comes in.
pub trait Progress: Send + Sync {
    /// One step further.
    fn step(&self, step: Step<'_>);
}

/// One step of a reply that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// More text.
    Text(&'a str),
    /// More of a thought.
    Thought(&'a str),
    /// A call of this tool has begun.
    Call(&'a str),
    /// Tokens written so far, as the provider says.
    Tokens(u64),
    /// The provider has no room; it is asked again then.
    Waits {
        /// When, in milliseconds since 1970.
        until_ms: u64,
    },
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _: Step<'_>) {}
}
