//! Answers to Step Functions for tasks that wait with a token.

use aws_sdk_sfn::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
};
use serde_json::Value;

/// Longest name of an error that Step Functions takes.
const NAME: usize = 256;
/// Longest cause, in bytes.
const CAUSE: usize = 32_768;

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// The machine goes on with it.
    Accepted,
    /// Nobody waits for it any more: the task timed out, was retried under another token, or its execution is over.
    Late,
}

/// The answer could not be given; giving it again may help.
#[derive(Debug, thiserror::Error)]
#[error("the state machine could not be told how the task ended: {reason}")]
pub struct Error {
    reason: String,
}

/// Answers tokens.
#[derive(Debug, Clone)]
pub struct Tokens(Client);

impl Tokens {
    /// Answers through this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// The task gave a result.
    ///
    /// # Errors
    /// [`Error`] when Step Functions cannot be reached or refuses the answer itself.
    pub async fn succeed(&self, token: &str, output: &Value) -> Result<Answered, Error> {
        let sent = self.0.send_task_success().task_token(token).output(output.to_string()).send().await;
        answered(sent)
    }

    /// The task failed, by the name that definitions match.
    ///
    /// # Errors
    /// As [`Tokens::succeed`].
    pub async fn fail(&self, token: &str, name: &str, cause: &str) -> Result<Answered, Error> {
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
        _ => Err(Error { reason: DisplayErrorContext(&error).to_string() }),
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
