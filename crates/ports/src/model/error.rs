//! Why there is no answer, by what the asker can do about it.

use super::{Unnoted, Usage};

/// Why the model gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot do what is asked; another model may.
    #[error("the model `{model}` cannot do this: {reason}")]
    Unable {
        /// Which model.
        model: String,
        /// What it cannot do.
        reason: String,
    },
    /// The request is not one it understands.
    #[error("the model `{model}` refused the request: {reason}")]
    BadRequest {
        /// Which model.
        model: String,
        /// Why.
        reason: String,
    },
    /// The conversation is longer than what it can hold; a shorter one may be answered.
    #[error("the conversation is too long for the model `{model}`: {reason}")]
    ContextOverflow {
        /// Which model.
        model: String,
        /// What it said.
        reason: String,
    },
    /// The provider does not let it answer this.
    #[error("the provider of the model `{model}` refuses to answer: {reason}")]
    Refused {
        /// Which model.
        model: String,
        /// Why.
        reason: String,
    },
    /// The provider has no room for the call before a moment.
    #[error("the model `{model}` is throttled: {reason}")]
    Throttled {
        /// Which model.
        model: String,
        /// When to ask again, in milliseconds since 1970, where the provider says so.
        until_ms: Option<u64>,
        /// What the provider said.
        reason: String,
    },
    /// The question would have to wait for longer than its asker has time. It was not asked, or got no answer that costs.
    #[error("the model `{model}` cannot be asked while there is time: {reason}")]
    Late {
        /// Which model.
        model: String,
        /// When it may be asked, in milliseconds since 1970.
        until_ms: u64,
        /// What it would have to wait for.
        reason: String,
    },
    /// That the question waits, or no longer does, could not be noted. It was not asked, or got no answer that costs.
    #[error("the wait for the model `{model}` could not be noted")]
    Unnoted {
        /// Which model.
        model: String,
        /// Why not.
        #[source]
        source: Unnoted,
    },
    /// The provider cannot be reached or is out of order; asking again may help. Nothing was paid for.
    #[error("the model `{model}` cannot be reached: {reason}")]
    Unavailable {
        /// Which model.
        model: String,
        /// What happened.
        reason: String,
    },
    /// What came back cannot be read as a reply.
    #[error("the reply of the model `{model}` cannot be used: {what}")]
    Malformed {
        /// Which model.
        model: String,
        /// What is wrong with it.
        what: String,
        /// What it cost, or at most did.
        spent: Usage,
    },
    /// The reply ended before its end.
    #[error("the reply of the model `{model}` was cut off: {reason}")]
    Cut {
        /// Which model.
        model: String,
        /// What happened.
        reason: String,
        /// What it cost, or at most did.
        spent: Usage,
    },
    /// The provider does not accept who asks.
    #[error("the provider of the model `{model}` does not accept the key: {reason}")]
    Authentication {
        /// Which model.
        model: String,
        /// What it said; never the key.
        reason: String,
    },
    /// What the model costs is not known, so it is not asked.
    #[error("the price of the model `{model}` is not known; give it in `maestro.toml` under [[prices]]")]
    UnknownPrice {
        /// Which model.
        model: String,
    },
}

impl Error {
    /// What the failed call cost, or at most did.
    #[must_use]
    pub fn spent(&self) -> Usage {
        match self {
            Self::Malformed { spent, .. } | Self::Cut { spent, .. } => *spent,
            _ => Usage::default(),
        }
    }

    /// Whether the same question may be answered when it is asked again.
    #[must_use]
    pub const fn transient(&self) -> bool {
        matches!(
            self,
            Self::Throttled { .. }
                | Self::Late { .. }
                | Self::Unavailable { .. }
                | Self::Malformed { .. }
                | Self::Cut { .. }
        )
    }
}
