//! A provider on loopback that answers by script, for tests of whoever uses models. It speaks HTTP/1.1 with chunks, so that a
//! test says where an answer is cut; what it was asked is kept.

use crate::providers::put;
use serde_json::{Value, json};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What was asked.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its number, from 0.
    pub number: usize,
    /// The path with its query.
    pub path: String,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body; null where it is no JSON.
    pub body: Value,
}

impl Seen {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    chunks: Vec<Vec<u8>>,
    cut: bool,
}

impl Answer {
    /// These bytes of this content type, in one chunk.
    #[must_use]
    pub fn bytes(content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status: 200, headers, chunks: vec![bytes.into()], cut: false }
    }

    /// A JSON document.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, ..Self::bytes("application/json", body.to_string()) }
    }

    /// Server-sent events; each has a name, or none, and data.
    #[must_use]
    pub fn events(events: &[(&str, Value)]) -> Self {
        let mut text = String::new();
        for (name, data) in events {
            if !name.is_empty() {
                text.push_str(&format!("event: {name}\n"));
            }
            let data = data.as_str().map_or_else(|| data.to_string(), str::to_owned);
            text.push_str(&format!("data: {data}\n\n"));
        }
        Self::bytes("text/event-stream", text)
    }

    /// With another header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// In chunks of so many bytes.
    #[must_use]
    pub fn chunked(mut self, size: usize) -> Self {
        let whole = self.chunks.concat();
        self.chunks = whole.chunks(size.max(1)).map(<[u8]>::to_vec).collect();
        self
    }

    /// In two chunks, the first with so many bytes.
    #[must_use]
    pub fn split_at(mut self, at: usize) -> Self {
        let whole = self.chunks.concat();
        let (one, two) = whole.split_at(at.min(whole.len()));
        self.chunks = [one, two].into_iter().filter(|chunk| !chunk.is_empty()).map(<[u8]>::to_vec).collect();
        self
    }

    /// Only the first bytes; then the connection breaks.
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self = self.split_at(bytes);
        self.chunks.truncate(1);
        self.cut = true;
        self
    }
}

/// What a model says, apart from how a provider writes it.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Its text.
    pub text: String,
    /// Tools it calls, each with its arguments.
    pub calls: Vec<(String, Value)>,
    /// Tokens read and written.
    pub tokens: (u64, u64),
}

impl Said {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self { text: text.to_owned(), calls: Vec::new(), tokens: (10, 5) }
    }

    /// One call.
    #[must_use]
    pub fn call(name: &str, arguments: Value) -> Self {
        Self { text: String::new(), calls: vec![(name.to_owned(), arguments)], tokens: (10, 5) }
    }

    /// As OpenAI Chat Completions answer, in a stream where the request asks for one. Ids are unique by the request's number.
    #[must_use]
    pub fn openai(&self, seen: &Seen) -> Answer {
        let calls: Vec<_> = (0..)
            .zip(&self.calls)
            .map(|(index, (name, arguments)): (u32, _)| {
                let function = json!({"name": name, "arguments": arguments.to_string()});
                let id = format!("call_{}_{index}", seen.number);
                json!({"index": index, "id": id, "type": "function", "function": function})
            })
            .collect();
        let finish = if calls.is_empty() { "stop" } else { "tool_calls" };
        let mut said = json!({"role": "assistant", "content": self.text});
        if !calls.is_empty() {
            put(&mut said, "tool_calls", Value::Array(calls));
        }
        let (read, written) = self.tokens;
        let usage = json!({"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written});
        if seen.body.get("stream") != Some(&Value::Bool(true)) {
            let choice = json!({"index": 0, "message": said, "finish_reason": finish});
            return Answer::json(200, &json!({"id": "fake", "choices": [choice], "usage": usage}));
        }
        Answer::events(&[
            ("", json!({"choices": [{"index": 0, "delta": said}]})),
            ("", json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})),
            ("", json!({"choices": [], "usage": usage})),
            ("", json!("[DONE]")),
        ])
    }

    /// As the Anthropic Messages API answers, in a stream where the request asks for one.
    #[must_use]
    pub fn anthropic(&self, seen: &Seen) -> Answer {
        let mut blocks = Vec::new();
        if !self.text.is_empty() {
            blocks.push(json!({"type": "text", "text": self.text}));
        }
        for (index, (name, arguments)) in self.calls.iter().enumerate() {
            let id = format!("toolu_{}_{index}", seen.number);
            blocks.push(json!({"type": "tool_use", "id": id, "name": name, "input": arguments}));
        }
        let stop = if self.calls.is_empty() { "end_turn" } else { "tool_use" };
        let (read, written) = self.tokens;
        if seen.body.get("stream") != Some(&Value::Bool(true)) {
            let usage = json!({"input_tokens": read, "output_tokens": written});
            let body = json!({"type": "message", "content": blocks, "stop_reason": stop, "usage": usage});
            return Answer::json(200, &body);
        }
        let usage = json!({"input_tokens": read, "output_tokens": 1});
        let mut events = vec![("message_start", json!({"type": "message_start", "message": {"usage": usage}}))];
        for (index, block) in blocks.into_iter().enumerate() {
            let (empty, delta) = match block.get("input") {
                None => {
                    let delta = json!({"type": "text_delta", "text": block.get("text")});
                    (json!({"type": "text", "text": ""}), delta)
                }
                Some(input) => {
                    let delta = json!({"type": "input_json_delta", "partial_json": input.to_string()});
                    let mut empty = block.clone();
                    put(&mut empty, "input", json!({}));
                    (empty, delta)
                }
            };
            let start = json!({"type": "content_block_start", "index": index, "content_block": empty});
            let delta = json!({"type": "content_block_delta", "index": index, "delta": delta});
            let stop = json!({"type": "content_block_stop", "index": index});
            events.extend([
                ("content_block_start", start),
                ("content_block_delta", delta),
                ("content_block_stop", stop),
            ]);
        }
        let end = json!({"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": written}});
        events.extend([("message_delta", end), ("message_stop", json!({"type": "message_stop"}))]);
        Answer::events(&events)
    }
}

type Script = dyn Fn(&Seen) -> Answer + Send + Sync;

/// A provider that answers by script until it is dropped.
pub struct Fake {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    serving: JoinHandle<()>,
}

impl Fake {
    /// Begins to serve on a free port.
    ///
    /// # Errors
    /// When loopback cannot be used.
    pub async fn start(script: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (seen, script): (Arc<Mutex<Vec<Seen>>>, Arc<Script>) = (Arc::default(), Arc::new(script));
        let kept = Arc::clone(&seen);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, kept) = (Arc::clone(&script), Arc::clone(&kept));
                tokio::spawn(async move {
                    // A client that leaves ends its connection; that is its right.
                    let _left = serve(stream, &*script, &kept).await;
                });
            }
        });
        Ok(Self { url, seen, serving })
    }

    /// Where it is, without a path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it was asked so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(mut stream: TcpStream, script: &Script, kept: &Mutex<Vec<Seen>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some((path, headers)) = head(&mut stream, &mut buffer).await? {
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        while buffer.len() < length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        let body: Vec<u8> = buffer.drain(..length).collect();
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let seen = {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let seen = Seen { number: kept.len(), path, headers, body };
            kept.push(seen.clone());
            seen
        };
        let answer = script(&seen);
        stream.write_all(&written(&answer)).await?;
        if answer.cut {
            return stream.shutdown().await;
        }
    }
    Ok(())
}

/// The head of the next request; `None` when the client left.
async fn head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<(String, Vec<(String, String)>)>> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head: Vec<u8> = buffer.drain(..end + 4).collect();
            let head = String::from_utf8_lossy(&head);
            let mut lines = head.lines();
            let path = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
            let headers = lines.filter_map(|line| line.split_once(':'));
            let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
            return Ok(Some((path, headers)));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

fn written(answer: &Answer) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {} Told\r\ntransfer-encoding: chunked\r\n", answer.status).into_bytes();
    for (name, value) in &answer.headers {
        bytes.extend(format!("{name}: {value}\r\n").into_bytes());
    }
    bytes.extend(b"\r\n");
    for chunk in answer.chunks.iter().filter(|chunk| !chunk.is_empty()) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    if !answer.cut {
        bytes.extend(b"0\r\n\r\n");
    }
    bytes
}
