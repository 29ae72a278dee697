//! OpenAI Chat Completions and whatever speaks it: <https://platform.openai.com/docs/api-reference/chat>. vLLM, llama.cpp,
//! Ollama, LM Studio, OpenRouter, Mistral and many more do, each a little differently:
//!
//! - content as text or as a list of parts, thoughts as `reasoning_content`, `reasoning` or parts (DeepSeek, OpenRouter, Mistral);
//! - cached tokens in three places, usage in the last chunk, in a chunk of its own, or nowhere;
//! - errors as an object in the stream, with the status 200;
//! - calls in the text ([`crate::inline_calls`]), a form of the answer that breaks the server, a penalty on repetition that
//!   spoils code: the profile of small local servers ([`Profile::Local`]).
//!
//! OpenAI caches by itself what is long enough; nothing is sent for it.

use super::{Dialect, Fault, Outgoing, merge, put, result_text, system_with_form};
use crate::{draft::Draft, inline_calls, wire::Frame};
use hyper::header::{self, HeaderName, HeaderValue};
use maestro_ports::{
    Secret,
    model::{Message, Reply, Request, Stop, ThoughtContent},
};
use maestro_web::Base;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// What a server behind `openai` speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// OpenAI itself.
    Openai,
    /// A large provider that speaks the same.
    Compatible,
    /// A small server, mostly on this machine.
    Local,
    /// OpenAI Responses instead of Chat Completions.
    Responses,
    /// Ollama's own chat instead of what it has of OpenAI's.
    Ollama,
}

pub(crate) struct Openai {
    pub(crate) model: String,
    pub(crate) key: Option<Secret>,
    pub(crate) profile: Profile,
    /// What the configuration adds to every body.
    pub(crate) body: Map<String, Value>,
    /// Whether the server takes the form of an answer.
    pub(crate) takes_form: AtomicBool,
}

impl Dialect for Openai {
    fn body(&self, request: &Request, most: u64) -> Value {
        let formed = request.output.as_ref().filter(|_| self.takes_form.load(Ordering::Relaxed));
        let system = if formed.is_some() { request.system.clone() } else { system_with_form(request) };
        let mut messages = Vec::new();
        if !system.is_empty() {
            messages.push(json!({"role": "system", "content": system}));
        }
        messages.extend(request.messages.iter().map(message));
        let mut body = json!({
            "model": self.model,
            "messages": messages,
            "stream": true,
            "stream_options": {"include_usage": true},
        });
        let limit = if self.profile == Profile::Openai { "max_completion_tokens" } else { "max_tokens" };
        put(&mut body, limit, json!(most));
        let tools: Vec<_> = request
            .tools
            .iter()
            .map(|tool| {
                let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.schema});
                json!({"type": "function", "function": function})
            })
            .collect();
        if !tools.is_empty() {
            put(&mut body, "tools", Value::Array(tools));
        }
        if let Some(output) = formed {
            let schema = json!({"name": output.name, "schema": output.schema});
            put(&mut body, "response_format", json!({"type": "json_schema", "json_schema": schema}));
        }
        if self.profile == Profile::Local {
            // Code repeats itself; what these servers do against it by default spoils it.
            put(&mut body, "repeat_penalty", json!(1.0));
        }
        merge(&mut body, &self.body);
        if let Value::Object(fields) = &mut body
            && fields.get("stream") == Some(&Value::Bool(false))
        {
            // Options of a stream that is not asked for are refused.
            fields.remove("stream_options");
        }
        body
    }

    fn address(&self, body: Vec<u8>, _: &Base, _: u64) -> Result<Outgoing, String> {
        Ok(Outgoing { path: "/chat/completions".to_owned(), headers: authorization(self.key.as_ref())?, body })
    }

    fn frame(&self, draft: &mut Draft<'_>, frame: &Frame) -> Result<(), Fault> {
        if frame.data.trim() == "[DONE]" {
            draft.ended = true;
            return Ok(());
        }
        take(draft, serde_json::from_str(&frame.data)?)
    }

    fn whole(&self, draft: &mut Draft<'_>, text: &str) -> Result<(), Fault> {
        take(draft, serde_json::from_str(text)?)?;
        draft.ended = true;
        Ok(())
    }

    /// Some servers close the stream instead of `[DONE]`; a reason to stop was said then.
    fn ends_silently(&self) -> bool {
        true
    }

    /// Small servers break at the form of an answer; it is then asked for in words.
    fn concede(&self, request: &Request, status: u16) -> bool {
        let broken = matches!(status, 400 | 422 | 500 | 501) && self.profile != Profile::Openai;
        request.output.is_some() && broken && self.takes_form.swap(false, Ordering::Relaxed)
    }

    fn polish(&self, request: &Request, reply: &mut Reply) {
        if self.profile != Profile::Openai && reply.calls.is_empty() && !request.tools.is_empty() {
            inline_calls::take(request, reply);
        }
    }
}

/// The header that says who asks, where there is a key.
pub(super) fn authorization(key: Option<&Secret>) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
    let Some(key) = key else { return Ok(Vec::new()) };
    let value = HeaderValue::from_str(&format!("Bearer {}", key.expose()));
    let mut value = value.map_err(|_| "the key holds control characters")?;
    value.set_sensitive(true);
    Ok(vec![(header::AUTHORIZATION, value)])
}

fn message(message: &Message) -> Value {
    match message {
        Message::User { text } => json!({"role": "user", "content": text}),
        Message::Tool { call, result, .. } => {
            json!({"role": "tool", "tool_call_id": call, "content": result_text(result)})
        }
        Message::Assistant { text, calls, thoughts } => {
            let content = if text.is_empty() && !calls.is_empty() { Value::Null } else { json!(text) };
            let mut message = json!({"role": "assistant", "content": content});
            let calls: Vec<_> = calls
                .iter()
                .map(|call| {
                    let function = json!({"name": call.name, "arguments": call.arguments.to_string()});
                    json!({"id": call.id, "type": "function", "function": function})
                })
                .collect();
            if !calls.is_empty() {
                put(&mut message, "tool_calls", Value::Array(calls));
            }
            let (mut open, mut details) = (String::new(), Vec::new());
            for thought in thoughts {
                match &thought.content {
                    ThoughtContent::Open { text, .. } => open.push_str(text),
                    ThoughtContent::Opaque { value } => details.push(value.clone()),
                    ThoughtContent::Redacted { .. } => {}
                }
            }
            if !details.is_empty() {
                put(&mut message, "reasoning_details", Value::Array(details));
            } else if !open.is_empty() {
                put(&mut message, "reasoning_content", json!(open));
            }
            message
        }
    }
}

fn take(draft: &mut Draft<'_>, chunk: Chunk) -> Result<(), Fault> {
    if let Some(error) = chunk.error {
        return Err(fault(&error));
    }
    if let Some(usage) = chunk.usage {
        count(draft, &usage);
    }
    let Some(choice) = chunk.choices.into_iter().next() else { return Ok(()) };
    if let Some(said) = choice.delta.or(choice.message) {
        let details = said.reasoning_details.unwrap_or_default();
        // Where the provider has a form of its own, the open text only repeats it.
        if details.is_empty() {
            let thought = said.reasoning_content.or(said.reasoning).unwrap_or_default();
            if !thought.is_empty() {
                draft.thought(0, &thought);
            }
        }
        details.into_iter().for_each(|detail| draft.opaque(detail));
        match said.content {
            Some(Content::Text(text)) => draft.text(&text),
            Some(Content::Parts(parts)) => parts.iter().for_each(|part| part_of(draft, part)),
            None => {}
        }
        if let Some(refusal) = said.refusal.filter(|refusal| !refusal.is_empty()) {
            draft.text(&refusal);
            draft.stop = Some(Stop::Refusal);
        }
        for (number, call) in (0..).zip(said.tool_calls.unwrap_or_default()) {
            let function = call.function.unwrap_or_default();
            let key = call.index.unwrap_or(number);
            match function.arguments {
                Some(Value::String(more)) => draft.call(key, call.id.as_deref(), function.name.as_deref(), &more),
                None | Some(Value::Null) => draft.call(key, call.id.as_deref(), function.name.as_deref(), ""),
                Some(whole) => {
                    draft.call(key, call.id.as_deref(), function.name.as_deref(), "");
                    draft.call_arguments(key, &whole.to_string());
                }
            }
        }
    }
    if let Some(reason) = choice.finish_reason
        && draft.stop != Some(Stop::Refusal)
    {
        draft.stop = Some(stop(&reason));
    }
    Ok(())
}

fn part_of(draft: &mut Draft<'_>, part: &Value) {
    match part.get("type").and_then(Value::as_str) {
        Some("text") => draft.text(part.get("text").and_then(Value::as_str).unwrap_or_default()),
        Some("thinking") => {
            let texts = part.get("thinking").and_then(Value::as_array);
            for text in texts.into_iter().flatten().filter_map(|text| text.get("text").and_then(Value::as_str)) {
                draft.thought(0, text);
            }
        }
        _ => {}
    }
}

/// The prompt's tokens hold those of the cache here.
fn count(draft: &mut Draft<'_>, usage: &Usage) {
    let details = usage.prompt_tokens_details.as_ref();
    let read = details.and_then(|details| details.cached_tokens).or(usage.prompt_cache_hit_tokens).unwrap_or(0);
    let written = details.and_then(|details| details.cache_write_tokens).unwrap_or(0);
    draft.told.input = usage.prompt_tokens.map(|all| all.saturating_sub(read).saturating_sub(written));
    draft.told.cache_read = Some(read);
    draft.told.cache_write = Some(written);
    if let Some(output) = usage.completion_tokens {
        draft.output(output);
    }
}

fn stop(reason: &str) -> Stop {
    match reason {
        "stop" | "eos" | "end_turn" => Stop::EndTurn,
        "tool_calls" | "function_call" | "tool_use" => Stop::ToolUse,
        "length" | "max_tokens" => Stop::MaxTokens,
        "model_length" => Stop::ContextWindow,
        "content_filter" | "refusal" | "safety" => Stop::Refusal,
        other => Stop::Other(other.to_owned()),
    }
}

/// An error in the stream; servers differ in where its words stand.
pub(super) fn fault(error: &Value) -> Fault {
    let text = error.get("message").and_then(Value::as_str).map_or_else(|| error.to_string(), str::to_owned);
    let code = error.get("code").or_else(|| error.get("type"));
    let code = code.map(|code| code.as_str().map_or_else(|| code.to_string(), str::to_owned)).unwrap_or_default();
    match &*code {
        "429" | "rate_limit_exceeded" | "rate_limit_error" | "529" | "overloaded_error" => Fault::Throttled(text),
        "content_filter" | "content_policy_violation" => Fault::Refused(text),
        _ if crate::failure::overflows(&text) || code == "context_length_exceeded" => Fault::Overflow(text),
        _ => Fault::Failed(text),
    }
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Option<Said>,
    message: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<Content>,
    reasoning_content: Option<String>,
    reasoning: Option<String>,
    reasoning_details: Option<Vec<Value>>,
    refusal: Option<String>,
    tool_calls: Option<Vec<Call>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Value>),
}

#[derive(Deserialize)]
struct Call {
    index: Option<u64>,
    id: Option<String>,
    function: Option<Function>,
}

#[derive(Deserialize, Default)]
struct Function {
    name: Option<String>,
    arguments: Option<Value>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    prompt_tokens_details: Option<PromptDetails>,
    prompt_cache_hit_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct PromptDetails {
    cached_tokens: Option<u64>,
    cache_write_tokens: Option<u64>,
}
