//! Secrets: where keys come from, and a type that does not show them.

use async_trait::async_trait;
use std::fmt;

/// A secret text. It is never printed: its `Debug` says only that it is there.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a secret could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the secret `{name}` cannot be read")]
pub struct Error {
    /// Which.
    pub name: String,
    /// Why not.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Keeps secrets.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The secret of this name; `None` where there is none.
    ///
    /// # Errors
    /// [`Error`] when it may be there and cannot be read.
    async fn secret(&self, name: &str) -> Result<Option<Secret>, Error>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_does_not_hold_the_secret() {
        let secret = Secret::new("sk-live-1");
        assert!(!format!("{secret:?} {:#?}", Some(&secret)).contains("sk-live"));
        assert_eq!(secret.expose(), "sk-live-1");
    }
}
