//! The model port: messages and tools in, tool calls or text out. LLM providers and the built-in author answer it alike.

use async_trait::async_trait;
use maestro_domain::ContentHash;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tool as the model sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// Its name.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// JSON Schema of its arguments.
    pub schema: Value,
}

/// A call that the model asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Unique inside the conversation; the answer names it.
    pub id: String,
    /// Which tool.
    pub name: String,
    /// Its arguments.
    pub arguments: Value,
}

/// One message of the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "role")]
pub enum Message {
    /// The task: what the platform asks.
    User {
        /// Its text.
        text: String,
    },
    /// What the model said and asked for.
    Assistant {
        /// Its text.
        text: String,
        /// Calls it asked for.
        calls: Vec<ToolCall>,
    },
    /// What a tool answered.
    Tool {
        /// The call that is answered.
        call: String,
        /// The answer, or the error the model should react to.
        result: Value,
        /// Whether it is an error.
        error: bool,
    },
}

/// One question to the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Id of the persona that asks; providers ignore it, the built-in author works by it.
    pub persona: String,
    /// The persona's prompt.
    pub system: String,
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// The tools it may call.
    pub tools: Vec<ToolSpec>,
}

impl Request {
    /// What the model is asked, as a hash: the same question in the same conversation has the same.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        let tools: Vec<_> = self.tools.iter().map(|tool| &tool.name).collect();
        ContentHash::of_json(&serde_json::json!([self.persona, self.system, self.messages, tools]))
    }
}

/// Tokens used by one call, and their price.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Price in millionths of a US dollar.
    pub cost_micro_usd: u64,
}

/// What the model answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// What it says.
    pub text: String,
    /// What it wants called; empty when it has nothing more to do.
    pub calls: Vec<ToolCall>,
    /// What it cost.
    pub usage: Usage,
}

/// One turn of a conversation that was paid for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Hash of what the model was asked.
    pub request: ContentHash,
    /// What it answered.
    pub reply: Reply,
}

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
}

/// A model.
#[async_trait]
pub trait Model: Send + Sync {
    /// Its name, such as `blueprint`.
    fn name(&self) -> &str;
    /// Answers one request.
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    async fn complete(&self, request: &Request) -> Result<Reply, Error>;
}
