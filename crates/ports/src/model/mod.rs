//! The model port: messages and tools in, tool calls or text out. LLM providers and the built-in author answer it alike.
//!
//! What a provider wants back word for word (its thoughts, in their places) is part of the conversation. The port does not
//! say how a model is reached, how often it is tried, or what a budget allows.

mod buckets;
mod error;
mod models;
mod progress;
mod usage;

pub use buckets::{BucketError, TokenBuckets};
pub use error::Error;
pub use models::{Models, Only};
pub use progress::{Progress, Silent, Step, Unnoted};
pub use usage::{Quote, Usage};

use async_trait::async_trait;
use maestro_domain::ContentHash;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

/// What the model thought before it said or asked for something. It goes back to the provider unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thought {
    /// Bytes of the reply's text that came before it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after_text: usize,
    /// Calls of the reply that came before it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after_calls: usize,
    /// What it is.
    #[serde(flatten)]
    pub content: ThoughtContent,
}

/// The content of a thought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ThoughtContent {
    /// Thought that can be read.
    Open {
        /// Its text; empty where the provider only signs.
        text: String,
        /// The provider's signature, where it wants the thought back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<String>,
    },
    /// Thought that only the provider can read.
    Redacted {
        /// Its opaque data.
        data: String,
    },
    /// In the provider's own form.
    Opaque {
        /// What goes back as it is.
        value: Value,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
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
        /// What it thought, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        thoughts: Vec<Thought>,
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

/// A form that the text of the reply must have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputSchema {
    /// What it is called: letters, digits, `_` and `-`.
    pub name: String,
    /// JSON Schema of the text.
    pub schema: Value,
}

/// One question to the model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// Id of the persona that asks. Providers ignore it; it chooses among models, and the built-in author works by it.
    pub persona: String,
    /// The task that is worked on, such as `design/architect`. Providers ignore it; scripted replies are found by it.
    pub task: String,
    /// Hash of what the task works from, where it is known. Providers ignore it; scripted replies are found by it.
    pub input: Option<ContentHash>,
    /// The persona's prompt.
    pub system: String,
    /// The conversation so far.
    pub messages: Vec<Message>,
    /// The tools it may call.
    pub tools: Vec<ToolSpec>,
    /// Tokens that the reply may have; otherwise what the model's configuration says.
    pub max_output_tokens: Option<u64>,
    /// The form of the reply's text, where it must have one.
    pub output: Option<OutputSchema>,
}

impl Request {
    /// What the model is asked, as a hash: the same question in the same conversation has the same. How long the answer may
    /// be is not part of it: what was paid for under another limit is still the answer.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        let tools: Vec<_> = self.tools.iter().map(|tool| &tool.name).collect();
        let mut question = vec![json!(self.persona), json!(self.system), json!(self.messages), json!(tools)];
        question.extend(self.output.as_ref().map(|output| json!(output)));
        ContentHash::of_json(&Value::Array(question))
    }
}

/// Why a reply ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It said what it had to say.
    #[default]
    EndTurn,
    /// It wants tools called.
    ToolUse,
    /// It was as long as it may be; its last call may be incomplete and is left out.
    MaxTokens,
    /// What the model can hold was full.
    ContextWindow,
    /// The model or its provider does not want to answer.
    Refusal,
    /// It came to a text at which it had to stop.
    StopSequence,
    /// The provider paused; the same conversation with this reply lets it go on.
    Paused,
    /// A reason of the provider that is not known here.
    Other(String),
}

/// What the model answers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reply {
    /// What it says.
    pub text: String,
    /// What it wants called; empty when it has nothing more to do.
    pub calls: Vec<ToolCall>,
    /// What it thought, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thoughts: Vec<Thought>,
    /// Why it ended.
    #[serde(default)]
    pub stop: Stop,
    /// What it cost.
    pub usage: Usage,
}

impl Reply {
    /// The reply as part of the conversation.
    #[must_use]
    pub fn into_message(self) -> Message {
        Message::Assistant { text: self.text, calls: self.calls, thoughts: self.thoughts }
    }
}

/// One turn of a conversation that was paid for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Hash of what the model was asked.
    pub request: ContentHash,
    /// What it answered.
    pub reply: Reply,
}

/// Most bytes of one tool's answer that a model is given unless it takes more.
pub const ANSWER_LIMIT: usize = 32 << 10;

/// A model.
#[async_trait]
pub trait Model: Send + Sync {
    /// Its name, such as `blueprint` or `anthropic:claude-sonnet-5`.
    fn name(&self) -> &str;

    /// Most bytes of one tool's answer that it takes.
    fn answer_limit(&self) -> usize {
        ANSWER_LIMIT
    }

    /// The most that one call with this request can use and cost, whatever it comes to.
    ///
    /// # Errors
    /// [`Error::UnknownPrice`] where no price is known: such a model must not be asked.
    fn quote(&self, request: &Request) -> Result<Quote, Error>;

    /// Answers one request and tells what comes in. Who drops the future cancels the call; what it cost until then is then
    /// not known, and at most what [`Model::quote`] says.
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error>;
}

#[cfg(test)]
mod tests;
