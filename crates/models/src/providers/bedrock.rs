//! Amazon Bedrock Converse, streamed: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html>.
//!
//! The caller is known by a bearer token, or by a signature ([`crate::sigv4`]). Cache points are set where the model's family has
//! them. Converse has no place for the form of an answer that all models know, so it is asked for in words.

use super::{Dialect, Fault, Outgoing, Part, merge, parts, put, result_text, sides, system_with_form};
use crate::{draft::Draft, sigv4, sigv4::Credentials, wire::Frame};
use hyper::header::{HeaderName, HeaderValue};
use maestro_ports::{
    Secret,
    model::{Message, Request, Stop, ThoughtContent},
};
use maestro_web::Base;
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) struct Bedrock {
    pub(crate) model: String,
    pub(crate) region: String,
    pub(crate) caller: Caller,
    /// What the configuration adds to every body.
    pub(crate) body: Map<String, Value>,
}

/// How the provider knows who asks.
#[derive(Debug)]
pub(crate) enum Caller {
    Bearer(Secret),
    Signed(Credentials),
    Nobody,
}

impl Dialect for Bedrock {
    fn body(&self, request: &Request, most: u64) -> Value {
        let point = json!({"cachePoint": {"type": "default"}});
        let (cached, tools_cached) = caches(&self.model);
        let mut messages = Vec::new();
        for (assistant, chunk) in sides(&request.messages) {
            let content: Vec<_> = chunk.iter().flat_map(blocks).collect();
            if !content.is_empty() {
                messages.push(json!({"role": if assistant { "assistant" } else { "user" }, "content": content}));
            }
        }
        if cached
            && let Some(content) = messages
                .iter_mut()
                .rev()
                .find(|message| message.get("role").is_some_and(|role| role == "user"))
                .and_then(|message| message.get_mut("content"))
                .and_then(Value::as_array_mut)
        {
            content.push(point.clone());
        }
        let mut body = json!({"messages": messages, "inferenceConfig": {"maxTokens": most}});
        let system = system_with_form(request);
        if !system.is_empty() {
            let mut blocks = vec![json!({"text": system})];
            blocks.extend(cached.then(|| point.clone()));
            put(&mut body, "system", Value::Array(blocks));
        }
        let mut tools: Vec<_> = request
            .tools
            .iter()
            .map(|tool| {
                let schema = json!({"json": tool.schema});
                json!({"toolSpec": {"name": tool.name, "description": tool.description, "inputSchema": schema}})
            })
            .collect();
        if !tools.is_empty() {
            tools.extend(tools_cached.then_some(point));
            put(&mut body, "toolConfig", json!({"tools": tools}));
        }
        merge(&mut body, &self.body);
        body
    }

    fn address(&self, body: Vec<u8>, base: &Base, now_ms: u64) -> Result<Outgoing, String> {
        // An id may be an ARN; its slashes and colons are part of one segment of the path.
        let path = format!("/model/{}/converse-stream", sigv4::encode(&self.model));
        let headers = match &self.caller {
            Caller::Nobody => Vec::new(),
            Caller::Bearer(token) => {
                let value = format!("Bearer {}", token.expose());
                vec![("authorization", value)]
            }
            Caller::Signed(credentials) => {
                let target = sigv4::Target {
                    host: &base.authority(),
                    path: &base.path(&path),
                    region: &self.region,
                    service: "bedrock",
                    content: "application/json",
                    operation: None,
                };
                sigv4::sign(credentials, &target, &body, now_ms)?
            }
        };
        let mut sent = Vec::new();
        for (name, value) in headers {
            let mut value = HeaderValue::from_str(&value).map_err(|_| "the key holds control characters")?;
            value.set_sensitive(true);
            sent.push((HeaderName::from_static(name), value));
        }
        Ok(Outgoing { path, headers: sent, body })
    }

    fn frame(&self, draft: &mut Draft<'_>, frame: &Frame) -> Result<(), Fault> {
        if let Some(exception) = frame.event.strip_prefix('!') {
            return Err(fault(exception, &frame.data));
        }
        match &*frame.event {
            "contentBlockStart" => {
                let Start { content_block_index, start } = serde_json::from_str(&frame.data)?;
                if let Some(tool) = start.tool_use {
                    draft.call(content_block_index, Some(&tool.tool_use_id), Some(&tool.name), "");
                }
            }
            "contentBlockDelta" => {
                let Delta { content_block_index: index, delta } = serde_json::from_str(&frame.data)?;
                if let Some(text) = delta.text {
                    draft.text(&text);
                }
                if let Some(tool) = delta.tool_use {
                    draft.call(index, None, None, &tool.input);
                }
                if let Some(thought) = delta.reasoning_content {
                    thought.text.iter().for_each(|text| draft.thought(index, text));
                    thought.signature.iter().for_each(|signature| draft.signature(index, signature));
                    thought.redacted_content.into_iter().for_each(|data| draft.redacted(data));
                }
            }
            // Usage comes after it.
            "messageStop" => {
                let End { stop_reason } = serde_json::from_str(&frame.data)?;
                draft.stop = Some(stop(&stop_reason));
                draft.ended = true;
            }
            "metadata" => {
                let Metadata { usage } = serde_json::from_str(&frame.data)?;
                count(draft, &usage);
            }
            _ => {}
        }
        Ok(())
    }

    fn whole(&self, draft: &mut Draft<'_>, text: &str) -> Result<(), Fault> {
        let answer: Answer = serde_json::from_str(text)?;
        for (index, block) in (0..).zip(answer.output.message.content) {
            if let Some(text) = block.text {
                draft.text(&text);
            }
            if let Some(tool) = block.tool_use {
                draft.whole_call(&tool.tool_use_id, &tool.name, tool.input);
            }
            if let Some(thought) = block.reasoning_content {
                if let Some(open) = thought.reasoning_text {
                    draft.thought(index, &open.text);
                    draft.signature(index, open.signature.as_deref().unwrap_or_default());
                }
                thought.redacted_content.into_iter().for_each(|data| draft.redacted(data));
            }
        }
        count(draft, &answer.usage);
        draft.stop = Some(stop(&answer.stop_reason));
        draft.ended = true;
        Ok(())
    }
}

/// Whether the model's family has cache points in messages and system prompt, and whether also after tools.
fn caches(model: &str) -> (bool, bool) {
    let claude =
        model.contains("anthropic.claude") && !model.contains("claude-3-haiku") && !model.contains("claude-3-opus");
    (claude || model.contains("amazon.nova"), claude)
}

fn blocks(message: &Message) -> Vec<Value> {
    match message {
        Message::User { text } if text.is_empty() => Vec::new(),
        Message::User { text } => vec![json!({"text": text})],
        Message::Tool { call, result, error } => {
            let status = if *error { "error" } else { "success" };
            let content = json!([{"text": result_text(result)}]);
            vec![json!({"toolResult": {"toolUseId": call, "content": content, "status": status}})]
        }
        Message::Assistant { text, calls, thoughts } => parts(text, calls, thoughts).iter().filter_map(block).collect(),
    }
}

fn block(part: &Part<'_>) -> Option<Value> {
    Some(match part {
        Part::Text(text) => json!({"text": text}),
        Part::Call(call) => {
            json!({"toolUse": {"toolUseId": call.id, "name": call.name, "input": call.arguments}})
        }
        Part::Thought(thought) => match &thought.content {
            ThoughtContent::Open { text, signature: Some(signature) } => {
                json!({"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}})
            }
            ThoughtContent::Redacted { data } => json!({"reasoningContent": {"redactedContent": data}}),
            ThoughtContent::Open { signature: None, .. } | ThoughtContent::Opaque { .. } => return None,
        },
    })
}

fn stop(reason: &str) -> Stop {
    match reason {
        "end_turn" => Stop::EndTurn,
        "tool_use" => Stop::ToolUse,
        "max_tokens" => Stop::MaxTokens,
        "model_context_window_exceeded" => Stop::ContextWindow,
        "guardrail_intervened" | "content_filtered" => Stop::Refusal,
        "stop_sequence" => Stop::StopSequence,
        other => Stop::Other(other.to_owned()),
    }
}

fn count(draft: &mut Draft<'_>, usage: &Usage) {
    draft.told.input = usage.input_tokens;
    draft.told.cache_read = usage.cache_read_input_tokens;
    draft.told.cache_write = usage.cache_write_input_tokens;
    if let Some(output) = usage.output_tokens {
        draft.output(output);
    }
}

fn fault(exception: &str, data: &str) -> Fault {
    let text = format!("{exception}: {data}");
    match exception {
        "throttlingException" => Fault::Throttled(text),
        "validationException" if crate::failure::overflows(data) => Fault::Overflow(text),
        _ => Fault::Failed(text),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Start {
    content_block_index: u64,
    start: Started,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    tool_use: Option<ToolStart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToolStart {
    tool_use_id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delta {
    content_block_index: u64,
    delta: Deltas,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deltas {
    text: Option<String>,
    tool_use: Option<ToolDelta>,
    reasoning_content: Option<ThoughtDelta>,
}

#[derive(Deserialize)]
struct ToolDelta {
    #[serde(default)]
    input: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThoughtDelta {
    text: Option<String>,
    signature: Option<String>,
    redacted_content: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    stop_reason: String,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Usage {
    input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_write_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    output: Output,
    stop_reason: String,
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize)]
struct Output {
    message: Content,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    content: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Block {
    text: Option<String>,
    tool_use: Option<Tool>,
    reasoning_content: Option<WholeThought>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tool {
    tool_use_id: String,
    name: String,
    #[serde(default)]
    input: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WholeThought {
    reasoning_text: Option<OpenThought>,
    redacted_content: Option<String>,
}

#[derive(Deserialize)]
struct OpenThought {
    text: String,
    signature: Option<String>,
}
