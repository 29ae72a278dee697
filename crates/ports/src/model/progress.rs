//! Who waits for a reply: told what comes in, for watching only, as the reply is what [`complete`](super::Model::complete) gives;
//! and has only so much time.

use async_trait::async_trait;

/// Why something could not be noted.
pub type Unnoted = Box<dyn std::error::Error + Send + Sync>;

/// Takes what comes in.
#[async_trait]
pub trait Progress: Send + Sync {
    /// One step further.
    fn step(&self, step: Step<'_>);

    /// Told with `true` before a question begins to wait for room, having cost nothing so far, and with `false` before it goes out
    /// after that: whoever finds it waiting when its asker is gone knows that it was not billed.
    ///
    /// # Errors
    /// When that could not be noted; then it does not go out.
    async fn waits(&self, _waits: bool) -> Result<(), Unnoted> {
        Ok(())
    }

    /// Until when a question that has to wait may be asked, in milliseconds since 1970; `None` is for ever. A wait that would end
    /// later is not begun: the question ends with [`Error::Late`](super::Error::Late).
    fn asks_until_ms(&self) -> Option<u64> {
        None
    }
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
