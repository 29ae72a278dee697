//! One file a provider: what it is sent, and what its answers mean. None knows a connection, a price or a clock.

pub(crate) mod anthropic;
pub(crate) mod bedrock;
pub(crate) mod ollama;
pub(crate) mod openai;
pub(crate) mod responses;

use crate::{
    draft::Draft,
    wire::{EventStream, Frame, Framing, Lines, Sse, Whole},
};
use hyper::header::{HeaderName, HeaderValue};
use maestro_ports::model::{Message, Request, Thought, ToolCall};
use maestro_web::Base;
use serde_json::{Map, Value};

/// What is sent.
pub(crate) struct Outgoing {
    /// Below the base URL.
    pub(crate) path: String,
    /// Beyond those that every request has.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// What a piece of an answer says is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The provider has no room.
    Throttled(String),
    /// The provider failed.
    Failed(String),
    /// The provider does not want to answer.
    Refused(String),
    /// The conversation is too long.
    Overflow(String),
    /// It cannot be read.
    Malformed(String),
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Malformed(format!("a piece of it cannot be read: {error}"))
    }
}

/// What the client needs to say to a provider, and to understand.
pub(crate) trait Dialect: Send + Sync {
    /// The body of a request. `most` is how many tokens the reply may have.
    fn body(&self, request: &Request, most: u64) -> Value;

    /// Where the body goes, and with which headers. `now_ms` is for signatures.
    fn address(&self, body: Vec<u8>, base: &Base, now_ms: u64) -> Result<Outgoing, String>;

    /// Takes one frame of a stream.
    fn frame(&self, draft: &mut Draft<'_>, frame: &Frame) -> Result<(), Fault>;

    /// Takes an answer that came in one piece.
    fn whole(&self, draft: &mut Draft<'_>, text: &str) -> Result<(), Fault>;

    /// Whether the end of the stream without a word is the end of the answer.
    fn ends_silently(&self) -> bool {
        false
    }

    /// Whether a request that was refused with this status would be understood if it asked for less. The dialect asks for less
    /// from now on when it says so.
    fn concede(&self, _: &Request, _: u16) -> bool {
        false
    }

    /// What is made of a finished reply, such as calls that stand in its text.
    fn polish(&self, _: &Request, _: &mut maestro_ports::model::Reply) {}
}

/// How an answer of this content type is cut into frames; one piece where it is no stream.
pub(crate) fn framing(content_type: &str) -> (Box<dyn Framing>, bool) {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match &*kind {
        "text/event-stream" => (Box::new(Sse::default()), true),
        "application/x-ndjson" | "application/jsonl" => (Box::new(Lines::default()), true),
        "application/vnd.amazon.eventstream" => (Box::new(EventStream::default()), true),
        _ => (Box::new(Whole::default()), false),
    }
}

/// A part of what the model said, in its place.
pub(crate) enum Part<'a> {
    /// Text.
    Text(&'a str),
    /// A thought.
    Thought(&'a Thought),
    /// A call.
    Call(&'a ToolCall),
}

/// The parts of a reply in the order in which they came. Text is cut where thoughts came in between.
pub(crate) fn parts<'a>(text: &'a str, calls: &'a [ToolCall], thoughts: &'a [Thought]) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let (mut said, mut called) = (0, 0);
    for thought in thoughts {
        let upto = thought.after_text.clamp(said, text.len());
        let piece = text.get(said..upto).unwrap_or_default();
        if !piece.is_empty() {
            parts.push(Part::Text(piece));
            said = upto;
        }
        let upto = thought.after_calls.clamp(called, calls.len());
        parts.extend(calls.get(called..upto).unwrap_or_default().iter().map(Part::Call));
        called = upto;
        parts.push(Part::Thought(thought));
    }
    let piece = text.get(said..).unwrap_or_default();
    if !piece.is_empty() {
        parts.push(Part::Text(piece));
    }
    parts.extend(calls.get(called..).unwrap_or_default().iter().map(Part::Call));
    parts
}

/// Messages of one side in a row, which providers want as one.
pub(crate) fn sides(messages: &[Message]) -> Vec<(bool, &[Message])> {
    messages
        .chunk_by(|one, two| assistant(one) == assistant(two))
        .filter_map(|chunk| chunk.first().map(|first| (assistant(first), chunk)))
        .collect()
}

const fn assistant(message: &Message) -> bool {
    matches!(message, Message::Assistant { .. })
}

/// A result of a tool as text: a text is itself.
pub(crate) fn result_text(result: &Value) -> String {
    match result {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Puts what the configuration says into a body; objects are merged, everything else is replaced.
pub(crate) fn merge(body: &mut Value, more: &Map<String, Value>) {
    let Value::Object(object) = body else { return };
    for (key, value) in more {
        match (object.get_mut(key), value) {
            (Some(inner @ Value::Object(_)), Value::Object(more)) => merge(inner, more),
            _ => {
                object.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Sets a field of an object.
pub(crate) fn put(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(object) = object {
        object.insert(key.to_owned(), value);
    }
}

/// The system prompt, and the form of the answer where the provider has no other place for it.
pub(crate) fn system_with_form(request: &Request) -> String {
    match &request.output {
        None => request.system.clone(),
        Some(output) => format!(
            "{}\n\nAnswer with one JSON document and nothing else. It must be valid under this JSON Schema:\n{}",
            request.system, output.schema
        ),
    }
}
