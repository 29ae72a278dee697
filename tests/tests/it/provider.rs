//! The built-in author behind a provider's wire: a server on loopback that speaks as OpenAI does, and its client.

use maestro_blueprint::Blueprint;
use maestro_embedded::SystemClock;
use maestro_models::{
    Config, Opener, Surroundings,
    fake::{Answer, Fake, Seen},
};
use maestro_ports::{
    Model,
    model::{Message, Reply, Request, Silent, ToolCall},
};
use serde_json::{Value, json};
use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// Tokens that every reply reads and writes, and what they cost.
const TOKENS: (u64, u64) = (10, 5);
/// Millionths of a dollar of one call.
pub(crate) const CALL: u64 = 20;
const PRICES: &str = "[[prices]]\nmodel = \"openai:author\"\ninput = 1\noutput = 2\n";
/// Begins the ids of calls that the author does not know of: those that a test adds.
pub(crate) const ADDED: &str = "added-";

/// A call that is made beside the author's.
pub(crate) fn added(number: usize, name: &str, arguments: Value) -> ToolCall {
    ToolCall { id: format!("{ADDED}{number}"), name: name.to_owned(), arguments }
}

/// Begins to serve; calls may be changed on their way, by what was asked.
pub(crate) async fn serve(meddle: impl Fn(&Request, &mut Vec<ToolCall>) + Send + Sync + 'static) -> Fake {
    let answer = move |seen: &Seen| {
        let asked = asked(&seen.body);
        let mut reply = author(&asked);
        meddle(&asked, &mut reply.calls);
        written(&reply)
    };
    Fake::start(answer).await.unwrap()
}

/// The client of such a server, as a new process has one.
pub(crate) fn client(fake: &Fake) -> Arc<dyn Model> {
    let config = Config::parse("maestro.toml", PRICES).unwrap();
    let opener = Opener::new(config, Surroundings::default(), Arc::new(Blueprint), Arc::new(SystemClock));
    opener.model(&format!("openai:author@{}", fake.url()).parse().unwrap()).unwrap()
}

/// The author thinks without waiting for anything.
fn author(asked: &Request) -> Reply {
    let own = Request { messages: without_added(&asked.messages), ..asked.clone() };
    let mut thinking = pin!(Blueprint.complete(&own, &Silent));
    match thinking.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(reply) => reply.unwrap_or_else(|error| Reply { text: error.to_string(), ..Reply::default() }),
        Poll::Pending => panic!("the built-in author waits for something"),
    }
}

pub(crate) fn without_added(messages: &[Message]) -> Vec<Message> {
    let own = |message: &Message| match message {
        Message::Tool { call, .. } if call.starts_with(ADDED) => None,
        Message::Assistant { text, calls, thoughts } => {
            let calls = calls.iter().filter(|call| !call.id.starts_with(ADDED)).cloned().collect();
            Some(Message::Assistant { text: text.clone(), calls, thoughts: thoughts.clone() })
        }
        other => Some(other.clone()),
    };
    messages.iter().filter_map(own).collect()
}

/// What was asked, read from the wire.
fn asked(body: &Value) -> Request {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (mut system, mut messages) = (String::new(), Vec::new());
    for message in body["messages"].as_array().unwrap() {
        match message["role"].as_str().unwrap() {
            "system" => system = text(&message["content"]),
            "user" => messages.push(Message::User { text: text(&message["content"]) }),
            "tool" => {
                let content = text(&message["content"]);
                let result: Value = serde_json::from_str(&content).unwrap_or(Value::String(content));
                let error = result.get("error").is_some();
                messages.push(Message::Tool { call: text(&message["tool_call_id"]), result, error });
            }
            _ => {
                let call = |call: &Value| ToolCall {
                    id: text(&call["id"]),
                    name: text(&call["function"]["name"]),
                    arguments: serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap(),
                };
                let calls = message["tool_calls"].as_array().into_iter().flatten().map(call).collect();
                messages.push(Message::Assistant { text: text(&message["content"]), calls, thoughts: Vec::new() });
            }
        }
    }
    let Some(Message::User { text: opening }) = messages.first() else { panic!("{body}") };
    let persona = opening.lines().find_map(|line| line.strip_prefix("persona: ")).unwrap().to_owned();
    Request { persona, system, messages, ..Request::default() }
}

fn written(reply: &Reply) -> Answer {
    let call = |(index, call): (usize, &ToolCall)| {
        let function = json!({"name": call.name, "arguments": call.arguments.to_string()});
        json!({"index": index, "id": call.id, "type": "function", "function": function})
    };
    let calls: Vec<_> = reply.calls.iter().enumerate().map(call).collect();
    let finish = if calls.is_empty() { "stop" } else { "tool_calls" };
    let mut said = json!({"role": "assistant", "content": reply.text});
    if !calls.is_empty() {
        said["tool_calls"] = Value::Array(calls);
    }
    let usage = json!({"prompt_tokens": TOKENS.0, "completion_tokens": TOKENS.1});
    Answer::events(&[
        ("", json!({"choices": [{"index": 0, "delta": said}]})),
        ("", json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})),
        ("", json!({"choices": [], "usage": usage})),
        ("", json!("[DONE]")),
    ])
}
