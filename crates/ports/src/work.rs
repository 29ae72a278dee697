//! Work that comes as messages of a queue, each with the token of the task that waits for it.

use async_trait::async_trait;
use serde_json::Value;

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The machine goes on with it.
    Accepted,
    /// Nobody waits for it any more: the task timed out, was retried under another token, or its execution is over.
    Late,
}

/// It could not be done; doing it again may help.
#[derive(Debug, thiserror::Error)]
#[error("could not {action}: {reason}")]
pub struct Error {
    /// What.
    pub action: &'static str,
    /// Why not.
    pub reason: String,
}

/// Answers tasks that wait with a token.
#[async_trait]
pub trait TaskTokens: Send + Sync {
    /// The task gave a result.
    async fn succeed(&self, token: &str, output: &Value) -> Result<Answered, Error>;
    /// Somebody still works on the task.
    async fn heartbeat(&self, token: &str) -> Result<Answered, Error>;
    /// The task failed, by the name that definitions match.
    async fn fail(&self, token: &str, name: &str, cause: &str) -> Result<Answered, Error>;
}

/// Queues, by their ARNs.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Puts a message into a queue.
    async fn send(&self, queue: &str, body: &str) -> Result<(), Error> {
        self.send_later(queue, body, 0).await
    }
    /// Puts messages into a queue. Where it could not be done, some of them may be there.
    async fn send_all(&self, queue: &str, bodies: &[String]) -> Result<(), Error> {
        for body in bodies {
            self.send(queue, body).await?;
        }
        Ok(())
    }
    /// Puts a message into a queue, where nobody receives it for so many seconds, of which there may be up to 900.
    async fn send_later(&self, queue: &str, body: &str, seconds: u32) -> Result<(), Error>;
    /// Lets a message that was received (`receipt`) come again after so many seconds.
    async fn postpone(&self, queue: &str, receipt: &str, seconds: u32) -> Result<(), Error>;
}
