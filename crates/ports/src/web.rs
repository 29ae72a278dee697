//! Calls of web services.

use async_trait::async_trait;

/// What is asked of a web service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// As HTTP writes it.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Fields of the head. They go to the origin that `url` names and to no other.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Option<Vec<u8>>,
    /// Whether to go where the service says instead.
    pub follow: bool,
}

/// What a web service answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Fields of the head, in small letters, without those that keep somebody logged in.
    pub headers: Vec<(String, String)>,
    /// All of it.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked may not be called, here or where it led to.
    #[error("the call is not allowed: {0}")]
    NotAllowed(String),
    /// What was asked, or what came, cannot be dealt with, now or later.
    #[error("{0}")]
    Unusable(String),
    /// The service could not be reached, or broke off.
    #[error("{0}")]
    Unavailable(String),
}

/// Calls web services.
#[async_trait]
pub trait Web: Send + Sync {
    /// Makes one call; redirects are part of it.
    ///
    /// # Errors
    /// [`Error`]. Any status is an answer.
    async fn call(&self, request: Request) -> Result<Answer, Error>;
}

/// Where nobody allowed any host.
#[derive(Debug, Clone, Copy)]
pub struct NoWeb;

#[async_trait]
impl Web for NoWeb {
    async fn call(&self, _: Request) -> Result<Answer, Error> {
        Err(Error::NotAllowed("no host is allowed here".to_owned()))
    }
}
