//! OpenAI Responses, without a state at the provider: <https://platform.openai.com/docs/api-reference/responses>. Chosen by
//! `profile = "responses"`: models that think keep their thoughts across calls of tools here, and not in Chat Completions.
//!
//! Thoughts come sealed and go back as they came, each before what followed it.

use super::{Dialect, Fault, Outgoing, Part, merge, openai, parts, put, result_text};
use crate::{draft::Draft, wire::Frame};
use maestro_ports::{
    Secret,
    model::{Message, Request, Stop, ThoughtContent},
};
use maestro_web::Base;
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) struct Responses {
    pub(crate) model: String,
    pub(crate) key: Option<Secret>,
    /// What the configuration adds to every body.
    pub(crate) body: Map<String, Value>,
}

impl Dialect for Responses {
    fn body(&self, request: &Request, most: u64) -> Value {
        let input: Vec<_> = request.messages.iter().flat_map(items).collect();
        let mut body = json!({
            "model": self.model,
            "input": input,
            "max_output_tokens": most,
            "stream": true,
            "store": false,
            "include": ["reasoning.encrypted_content"],
        });
        if !request.system.is_empty() {
            put(&mut body, "instructions", json!(request.system));
        }
        let tools: Vec<_> = request
            .tools
            .iter()
            .map(|tool| {
                json!({
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.schema,
                    "strict": false,
                })
            })
            .collect();
        if !tools.is_empty() {
            put(&mut body, "tools", Value::Array(tools));
        }
        if let Some(output) = &request.output {
            let format = json!({"type": "json_schema", "name": output.name, "schema": output.schema, "strict": false});
            put(&mut body, "text", json!({"format": format}));
        }
        merge(&mut body, &self.body);
        body
    }

    fn address(&self, body: Vec<u8>, _: &Base, _: u64) -> Result<Outgoing, String> {
        Ok(Outgoing { path: "/responses".to_owned(), headers: openai::authorization(self.key.as_ref())?, body })
    }

    fn frame(&self, draft: &mut Draft<'_>, frame: &Frame) -> Result<(), Fault> {
        match serde_json::from_str(&frame.data)? {
            Event::OutputText { delta } | Event::Refusal { delta } => draft.text(&delta),
            Event::Arguments { output_index, delta } => draft.call(output_index, None, None, &delta),
            Event::ItemAdded { output_index, item } => begin(draft, output_index, &item),
            Event::ItemDone { output_index, item } => done(draft, output_index, item),
            Event::Completed { response } | Event::Incomplete { response } => end(draft, response),
            Event::Failed { response } => {
                return Err(openai::fault(&response.error.unwrap_or_else(|| json!("the response failed"))));
            }
            Event::Error { message, code } => {
                return Err(openai::fault(&json!({"message": message, "code": code})));
            }
            Event::Unknown => {}
        }
        Ok(())
    }

    fn whole(&self, draft: &mut Draft<'_>, text: &str) -> Result<(), Fault> {
        let response: Response = serde_json::from_str(text)?;
        if let Some(error) = response.error.filter(|error| !error.is_null()) {
            return Err(openai::fault(&error));
        }
        end(draft, Response { error: None, ..response });
        Ok(())
    }
}

/// A message as items of the input.
fn items(message: &Message) -> Vec<Value> {
    match message {
        Message::User { text } => vec![json!({"role": "user", "content": text})],
        Message::Tool { call, result, .. } => {
            vec![json!({"type": "function_call_output", "call_id": call, "output": result_text(result)})]
        }
        Message::Assistant { text, calls, thoughts } => parts(text, calls, thoughts)
            .iter()
            .filter_map(|part| {
                Some(match part {
                    Part::Text(text) => json!({"role": "assistant", "content": text}),
                    Part::Call(call) => {
                        let arguments = call.arguments.to_string();
                        json!({"type": "function_call", "call_id": call.id, "name": call.name, "arguments": arguments})
                    }
                    Part::Thought(thought) => match &thought.content {
                        ThoughtContent::Opaque { value } => value.clone(),
                        ThoughtContent::Open { .. } | ThoughtContent::Redacted { .. } => return None,
                    },
                })
            })
            .collect(),
    }
}

fn begin(draft: &mut Draft<'_>, index: u64, item: &Item) {
    if let Item::FunctionCall { call_id, name, .. } = item {
        draft.call(index, Some(call_id), Some(name), "");
    }
}

/// An item at its end: text has come in pieces, the rest counts as it stands here.
fn done(draft: &mut Draft<'_>, index: u64, item: Item) {
    match item {
        Item::FunctionCall { call_id, name, arguments } => {
            draft.call(index, Some(&call_id), Some(&name), "");
            draft.call_arguments(index, &arguments);
        }
        Item::CustomToolCall { call_id, name, input } => {
            draft.whole_call(&call_id, &name, json!({ "input": input }));
        }
        Item::Reasoning { rest } => {
            let mut rest = rest;
            rest.insert("type".to_owned(), json!("reasoning"));
            // What is not sealed cannot go back where nothing is kept at the provider.
            if rest.get("encrypted_content").is_some_and(Value::is_string) {
                draft.opaque(Value::Object(rest));
            }
        }
        Item::Message { .. } | Item::Unknown => {}
    }
}

fn end(draft: &mut Draft<'_>, response: Response) {
    // Some servers say everything here and nothing before.
    if draft.empty() {
        for (index, item) in (0..).zip(response.output) {
            if let Item::Message { content } = &item {
                content
                    .iter()
                    .for_each(|part| draft.text(part.text.as_deref().or(part.refusal.as_deref()).unwrap_or("")));
            }
            done(draft, index, item);
        }
    }
    if let Some(usage) = response.usage {
        let read = usage.input_tokens_details.and_then(|details| details.cached_tokens).unwrap_or(0);
        draft.told.input = usage.input_tokens.map(|all| all.saturating_sub(read));
        draft.told.cache_read = Some(read);
        if let Some(output) = usage.output_tokens {
            draft.output(output);
        }
    }
    let reason = response.incomplete_details.and_then(|details| details.reason);
    draft.stop = Some(match (response.status.as_deref(), reason.as_deref()) {
        (Some("incomplete"), Some("content_filter")) => Stop::Refusal,
        (Some("incomplete"), None | Some("max_output_tokens")) => Stop::MaxTokens,
        (Some("incomplete"), Some(other)) => Stop::Other(other.to_owned()),
        _ => Stop::EndTurn,
    });
    draft.ended = true;
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Event {
    #[serde(rename = "response.output_text.delta")]
    OutputText { delta: String },
    #[serde(rename = "response.refusal.delta")]
    Refusal { delta: String },
    #[serde(rename = "response.function_call_arguments.delta")]
    Arguments { output_index: u64, delta: String },
    #[serde(rename = "response.output_item.added")]
    ItemAdded { output_index: u64, item: Item },
    #[serde(rename = "response.output_item.done")]
    ItemDone { output_index: u64, item: Item },
    #[serde(rename = "response.completed")]
    Completed { response: Response },
    #[serde(rename = "response.incomplete")]
    Incomplete { response: Response },
    #[serde(rename = "response.failed")]
    Failed { response: Response },
    #[serde(rename = "error")]
    Error { message: String, code: Option<String> },
    /// Beginnings, ends of parts, summaries of thoughts, and what is new.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
enum Item {
    Message {
        #[serde(default)]
        content: Vec<Content>,
    },
    FunctionCall {
        call_id: String,
        name: String,
        #[serde(default)]
        arguments: String,
    },
    CustomToolCall {
        call_id: String,
        name: String,
        #[serde(default)]
        input: String,
    },
    Reasoning {
        #[serde(flatten)]
        rest: Map<String, Value>,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct Content {
    text: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: Option<String>,
    #[serde(default)]
    output: Vec<Item>,
    usage: Option<Usage>,
    incomplete_details: Option<Details>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Details {
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    input_tokens_details: Option<Cached>,
}

#[derive(Deserialize)]
struct Cached {
    cached_tokens: Option<u64>,
}
