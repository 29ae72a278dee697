//! Calls of functions by name.

use async_trait::async_trait;
use serde_json::Value;

/// Why a function gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody calls functions here.
    #[error("{0}")]
    NotSupported(String),
    /// The function may not be called.
    #[error("the call is not allowed: {0}")]
    NotAllowed(String),
    /// It failed, is not there, or was given what it cannot take.
    #[error("{0}")]
    Failed(String),
    /// It could not be reached, or is busy.
    #[error("{0}")]
    Unavailable(String),
}

/// Calls functions.
#[async_trait]
pub trait Functions: Send + Sync {
    /// Calls a function, by its name or ARN, and waits for its answer.
    ///
    /// # Errors
    /// [`Error`].
    async fn call(&self, function: &str, payload: &Value) -> Result<Value, Error>;
}

/// Where there are none.
#[derive(Debug, Clone, Copy)]
pub struct NoFunctions;

#[async_trait]
impl Functions for NoFunctions {
    async fn call(&self, function: &str, _: &Value) -> Result<Value, Error> {
        Err(Error::NotSupported(format!(
            "this machine has no Lambda functions, so `{function}` was not called; a `script` node may stand in for it"
        )))
    }
}
