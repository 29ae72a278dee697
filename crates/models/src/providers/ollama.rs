//! Ollama's own chat: <https://docs.ollama.com/api/chat>, lines of JSON. Chosen by `profile = "ollama"` with the address of the
//! server itself (`http://127.0.0.1:11434`): only here can the length of what the model holds be asked for
//! (`body = { options = { num_ctx = 32768 } }`), which is 4,096 otherwise, whatever the prompt needs.

use super::{Dialect, Fault, Outgoing, merge, openai, put, result_text};
use crate::{draft::Draft, inline_calls, wire::Frame};
use maestro_ports::{
    Secret,
    model::{Message, Reply, Request, Stop, ThoughtContent},
};
use maestro_web::Base;
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(crate) struct Ollama {
    pub(crate) model: String,
    pub(crate) key: Option<Secret>,
    /// What the configuration adds to every body.
    pub(crate) body: Map<String, Value>,
}

impl Dialect for Ollama {
    fn body(&self, request: &Request, most: u64) -> Value {
        let mut messages = Vec::new();
        if !request.system.is_empty() {
            messages.push(json!({"role": "system", "content": request.system}));
        }
        messages.extend(request.messages.iter().map(|one| message(one, &request.messages)));
        let tools: Vec<_> = request
            .tools
            .iter()
            .map(|tool| {
                let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.schema});
                json!({"type": "function", "function": function})
            })
            .collect();
        // Code repeats itself; the penalty that is usual there spoils it.
        let options = json!({"num_predict": most, "repeat_penalty": 1.0});
        let mut body = json!({"model": self.model, "messages": messages, "stream": true, "options": options});
        if !tools.is_empty() {
            put(&mut body, "tools", Value::Array(tools));
        }
        if let Some(output) = &request.output {
            put(&mut body, "format", output.schema.clone());
        }
        merge(&mut body, &self.body);
        body
    }

    fn address(&self, body: Vec<u8>, _: &Base, _: u64) -> Result<Outgoing, String> {
        Ok(Outgoing { path: "/api/chat".to_owned(), headers: openai::authorization(self.key.as_ref())?, body })
    }

    fn frame(&self, draft: &mut Draft<'_>, frame: &Frame) -> Result<(), Fault> {
        let line: Line = serde_json::from_str(&frame.data)?;
        if let Some(error) = line.error {
            return Err(openai::fault(&json!({ "message": error })));
        }
        if let Some(said) = line.message {
            if let Some(thinking) = said.thinking.filter(|thinking| !thinking.is_empty()) {
                draft.thought(0, &thinking);
            }
            draft.text(&said.content.unwrap_or_default());
            for call in said.tool_calls.unwrap_or_default() {
                draft.whole_call(call.id.as_deref().unwrap_or_default(), &call.function.name, call.function.arguments);
            }
        }
        if line.done {
            let cached = line.prompt_eval_cached_count.unwrap_or(0);
            draft.told.input = line.prompt_eval_count.map(|all| all.saturating_sub(cached));
            draft.told.cache_read = Some(cached);
            if let Some(output) = line.eval_count {
                draft.output(output);
            }
            draft.stop = Some(match line.done_reason.as_deref() {
                None | Some("stop") => Stop::EndTurn,
                Some("length") => Stop::MaxTokens,
                Some(other) => Stop::Other(other.to_owned()),
            });
            draft.ended = true;
        }
        Ok(())
    }

    fn whole(&self, draft: &mut Draft<'_>, text: &str) -> Result<(), Fault> {
        self.frame(draft, &Frame { event: String::new(), data: text.to_owned() })
    }

    fn polish(&self, request: &Request, reply: &mut Reply) {
        if reply.calls.is_empty() && !request.tools.is_empty() {
            inline_calls::take(request, reply);
        }
    }
}

fn message(message: &Message, all: &[Message]) -> Value {
    match message {
        Message::User { text } => json!({"role": "user", "content": text}),
        Message::Tool { call, result, .. } => {
            // Answers are told apart by the tool's name here.
            let calls = all.iter().flat_map(|message| match message {
                Message::Assistant { calls, .. } => calls.as_slice(),
                _ => &[],
            });
            let name = calls.filter(|known| known.id == *call).map(|known| known.name.as_str()).next_back();
            json!({"role": "tool", "content": result_text(result), "tool_name": name})
        }
        Message::Assistant { text, calls, thoughts } => {
            let mut said = json!({"role": "assistant", "content": text});
            let calls: Vec<_> = calls
                .iter()
                .map(|call| json!({"function": {"name": call.name, "arguments": call.arguments}}))
                .collect();
            if !calls.is_empty() {
                put(&mut said, "tool_calls", Value::Array(calls));
            }
            let open: String = thoughts
                .iter()
                .filter_map(|thought| match &thought.content {
                    ThoughtContent::Open { text, .. } => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            if !open.is_empty() {
                put(&mut said, "thinking", json!(open));
            }
            said
        }
    }
}

#[derive(Deserialize)]
struct Line {
    message: Option<Said>,
    #[serde(default)]
    done: bool,
    done_reason: Option<String>,
    prompt_eval_count: Option<u64>,
    prompt_eval_cached_count: Option<u64>,
    eval_count: Option<u64>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    thinking: Option<String>,
    tool_calls: Option<Vec<Call>>,
}

#[derive(Deserialize)]
struct Call {
    id: Option<String>,
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    #[serde(default)]
    arguments: Value,
}
