//! Answers to Step Functions for tasks that wait with a token.

use crate::Lazy;
use async_trait::async_trait;
use aws_sdk_sfn::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
};
use maestro_ports::{
    TaskTokens,
    work::{Answered, Error},
};
use serde_json::Value;

/// Longest name of an error that Step Functions takes.
const NAME: usize = 256;
/// Longest cause, in bytes.
const CAUSE: usize = 32_768;

/// Answers tokens.
#[derive(Debug, Clone)]
pub struct Tokens(Lazy<Client>);

impl Tokens {
    /// Answers through this client.
    #[must_use]
    pub fn new(client: Lazy<Client>) -> Self {
        Self(client)
    }
}

#[async_trait]
impl TaskTokens for Tokens {
    async fn succeed(&self, token: &str, output: &Value) -> Result<Answered, Error> {
        answered(self.0.send_task_success().task_token(token).output(output.to_string()).send().await)
    }

    async fn heartbeat(&self, token: &str) -> Result<Answered, Error> {
        answered(self.0.send_task_heartbeat().task_token(token).send().await)
    }

    async fn fail(&self, token: &str, name: &str, cause: &str) -> Result<Answered, Error> {
        let fail = self.0.send_task_failure().task_token(token).error(cut(name, NAME)).cause(cut(cause, CAUSE));
        answered(fail.send().await)
    }
}

fn answered<T, E, R>(sent: Result<T, SdkError<E, R>>) -> Result<Answered, Error>
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let Err(error) = sent else { return Ok(Answered::Accepted) };
    match error.code() {
        Some("TaskTimedOut" | "TaskDoesNotExist" | "InvalidToken") => Ok(Answered::Late),
        _ => Err(Error {
            action: "tell the state machine how the task ended",
            reason: DisplayErrorContext(&error).to_string(),
        }),
    }
}

/// The longest beginning of at most so many bytes.
fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("short", 10), "short");
        assert_eq!(cut("éé", 3), "é");
        assert_eq!(cut("", 0), "");
    }
}
