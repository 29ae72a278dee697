//! The Anthropic Messages API, version 2023-06-01: <https://docs.anthropic.com/en/api/messages>.
//!
//! Caching is asked for twice: after the system prompt (which takes the tools with it) and after the last message, so that
//! the next turn reads all of this one from the cache. Thoughts go back in their places, signed as they came. Blocks that
//! are not known here (tools that run at the provider) are passed over; none is asked for.

use super::{Dialect, Fault, Outgoing, Part, merge, parts, put, result_text, sides};
use crate::{draft::Draft, wire::Frame};
use hyper::header::{HeaderName, HeaderValue};
use maestro_ports::{
    Secret,
    model::{Message, Request, Stop, ThoughtContent},
};
use maestro_web::Base;
use serde::Deserialize;
use serde_json::{Map, Value, json};

const VERSION: &str = "2023-06-01";

pub(crate) struct Anthropic {
    pub(crate) model: String,
    pub(crate) key: Option<Secret>,
    /// What the configuration adds to every body.
    pub(crate) body: Map<String, Value>,
}

impl Dialect for Anthropic {
    fn body(&self, request: &Request, most: u64) -> Value {
        let cached = json!({"type": "ephemeral"});
        let mut messages = Vec::new();
        for (assistant, chunk) in sides(&request.messages) {
            let content: Vec<_> = chunk.iter().flat_map(blocks).collect();
            if !content.is_empty() {
                messages.push(json!({"role": if assistant { "assistant" } else { "user" }, "content": content}));
            }
        }
        let last = messages.iter_mut().rev().find(|message| message.get("role").is_some_and(|role| role == "user"));
        if let Some(Value::Object(block)) = last
            .and_then(|message| message.get_mut("content"))
            .and_then(Value::as_array_mut)
            .and_then(|content| content.last_mut())
        {
            block.insert("cache_control".to_owned(), cached.clone());
        }
        let mut body = json!({"model": self.model, "max_tokens": most, "stream": true, "messages": messages});
        let mut tools: Vec<_> = request
            .tools
            .iter()
            .map(|tool| json!({"name": tool.name, "description": tool.description, "input_schema": tool.schema}))
            .collect();
        if request.system.is_empty() {
            if let Some(Value::Object(tool)) = tools.last_mut() {
                tool.insert("cache_control".to_owned(), cached);
            }
        } else {
            put(&mut body, "system", json!([{"type": "text", "text": request.system, "cache_control": cached}]));
        }
        if !tools.is_empty() {
            put(&mut body, "tools", Value::Array(tools));
        }
        if let Some(output) = &request.output {
            put(&mut body, "output_config", json!({"format": {"type": "json_schema", "schema": output.schema}}));
        }
        merge(&mut body, &self.body);
        body
    }

    fn address(&self, body: Vec<u8>, _: &Base, _: u64) -> Result<Outgoing, String> {
        let mut headers = vec![(HeaderName::from_static("anthropic-version"), HeaderValue::from_static(VERSION))];
        if let Some(key) = &self.key {
            let mut value = HeaderValue::from_str(key.expose()).map_err(|_| "the key holds control characters")?;
            value.set_sensitive(true);
            headers.push((HeaderName::from_static("x-api-key"), value));
        }
        Ok(Outgoing { path: "/v1/messages".to_owned(), headers, body })
    }

    fn frame(&self, draft: &mut Draft<'_>, frame: &Frame) -> Result<(), Fault> {
        match serde_json::from_str(&frame.data)? {
            Event::MessageStart { message } => {
                count(draft, &message.usage);
            }
            Event::ContentBlockStart { index, content_block } => start(draft, index, content_block),
            Event::ContentBlockDelta { index, delta } => match delta {
                Delta::Text { text } => draft.text(&text),
                Delta::Thinking { thinking } => draft.thought(index, &thinking),
                Delta::Signature { signature } => draft.signature(index, &signature),
                Delta::InputJson { partial_json } => draft.call(index, None, None, &partial_json),
                Delta::Unknown => {}
            },
            Event::MessageDelta { delta, usage } => {
                if let Some(reason) = delta.stop_reason {
                    draft.stop = Some(stop(&reason));
                }
                count(draft, &usage.unwrap_or_default());
            }
            Event::MessageStop => draft.ended = true,
            Event::Error { error } => return Err(fault(&error)),
            Event::Unknown => {}
        }
        Ok(())
    }

    fn whole(&self, draft: &mut Draft<'_>, text: &str) -> Result<(), Fault> {
        let answer: Answer = serde_json::from_str(text)?;
        if let Some(error) = answer.error {
            return Err(fault(&error));
        }
        count(draft, &answer.usage);
        for (index, block) in (0..).zip(answer.content) {
            start(draft, index, block);
        }
        draft.stop = answer.stop_reason.as_deref().map(stop);
        draft.ended = true;
        Ok(())
    }
}

/// A message as blocks. An empty text is refused by the provider and says nothing.
fn blocks(message: &Message) -> Vec<Value> {
    match message {
        Message::User { text } if text.is_empty() => Vec::new(),
        Message::User { text } => vec![json!({"type": "text", "text": text})],
        Message::Tool { call, result, error } => {
            let mut block = json!({"type": "tool_result", "tool_use_id": call, "content": result_text(result)});
            if *error {
                put(&mut block, "is_error", json!(true));
            }
            vec![block]
        }
        Message::Assistant { text, calls, thoughts } => parts(text, calls, thoughts).iter().filter_map(block).collect(),
    }
}

fn block(part: &Part<'_>) -> Option<Value> {
    Some(match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Call(call) => {
            json!({"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments})
        }
        Part::Thought(thought) => match &thought.content {
            ThoughtContent::Open { text, signature: Some(signature) } => {
                json!({"type": "thinking", "thinking": text, "signature": signature})
            }
            ThoughtContent::Redacted { data } => json!({"type": "redacted_thinking", "data": data}),
            // What is not signed, or another provider's, would be refused.
            ThoughtContent::Open { signature: None, .. } | ThoughtContent::Opaque { .. } => return None,
        },
    })
}

fn start(draft: &mut Draft<'_>, index: u64, block: Block) {
    match block {
        Block::Text { text } => draft.text(&text),
        Block::Thinking { thinking, signature } => {
            draft.thought(index, &thinking);
            draft.signature(index, &signature);
        }
        Block::RedactedThinking { data } => draft.redacted(data),
        Block::ToolUse { id, name, input } => {
            // In a stream the object is empty here and comes in pieces.
            let whole = input.as_object().is_some_and(|input| !input.is_empty());
            draft.call(index, Some(&id), Some(&name), &if whole { input.to_string() } else { String::new() });
        }
        Block::Unknown => {}
    }
}

fn count(draft: &mut Draft<'_>, usage: &Usage) {
    let told = &mut draft.told;
    told.input = usage.input_tokens.or(told.input);
    told.cache_read = usage.cache_read_input_tokens.or(told.cache_read);
    told.cache_write = usage.cache_creation_input_tokens.or(told.cache_write);
    if let Some(output) = usage.output_tokens {
        draft.output(output);
    }
}

fn stop(reason: &str) -> Stop {
    match reason {
        "end_turn" => Stop::EndTurn,
        "tool_use" => Stop::ToolUse,
        "max_tokens" => Stop::MaxTokens,
        "model_context_window_exceeded" => Stop::ContextWindow,
        "refusal" => Stop::Refusal,
        "stop_sequence" => Stop::StopSequence,
        "pause_turn" => Stop::Paused,
        other => Stop::Other(other.to_owned()),
    }
}

fn fault(error: &ApiError) -> Fault {
    let text = format!("{}: {}", error.kind, error.message);
    match &*error.kind {
        "overloaded_error" | "rate_limit_error" => Fault::Throttled(text),
        _ => Fault::Failed(text),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum Event {
    MessageStart {
        message: Start,
    },
    ContentBlockStart {
        index: u64,
        content_block: Block,
    },
    ContentBlockDelta {
        index: u64,
        delta: Delta,
    },
    MessageDelta {
        delta: End,
        usage: Option<Usage>,
    },
    MessageStop,
    Error {
        error: ApiError,
    },
    /// `ping`, `content_block_stop`, and what is new.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct Start {
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize)]
struct End {
    stop_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum Block {
    Text {
        text: String,
    },
    Thinking {
        #[serde(default)]
        thinking: String,
        #[serde(default)]
        signature: String,
    },
    RedactedThinking {
        data: String,
    },
    ToolUse {
        id: String,
        name: String,
        #[serde(default)]
        input: Value,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum Delta {
    #[serde(rename = "text_delta")]
    Text { text: String },
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: String },
    #[serde(rename = "signature_delta")]
    Signature { signature: String },
    #[serde(rename = "input_json_delta")]
    InputJson { partial_json: String },
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize, Default)]
struct Usage {
    input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    content: Vec<Block>,
    stop_reason: Option<String>,
    #[serde(default)]
    usage: Usage,
    error: Option<ApiError>,
}

#[derive(Deserialize)]
struct ApiError {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    message: String,
}
