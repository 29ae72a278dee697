//! One server: a process that is started when it is needed, and once more after it died; or one at a URL, spoken to in a session
//! that is begun anew when it broke.

use crate::http::Address;
use rmcp::{
    RoleClient, ServiceExt,
    model::{CallToolRequestParams, ContentBlock, Tool},
    service::{ClientInitializeError, RunningService, ServiceError},
    transport::{
        StreamableHttpClientTransport, async_rw::AsyncRwTransport,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use serde_json::{Map, Value, json};
use std::{process::Stdio, sync::Arc, time::Duration};
use tokio::{
    process::{Child, Command},
    sync::Mutex,
    time::timeout,
};

/// Bytes of one message. What is longer is not an answer to a question, and the call ends by its time.
pub(crate) const MESSAGE_LIMIT: usize = 4 << 20;
/// Bytes from which on a value of the environment is looked for in answers: a shorter one is a word like others.
const SECRET: usize = 6;

/// How one gets to a server.
pub(crate) enum Start {
    /// It is started.
    Process { command: String, args: Vec<String>, env: Vec<(String, String)> },
    /// It is there.
    At(Address),
}

/// One server.
pub(crate) struct Server {
    name: String,
    start: Start,
    /// To begin, and for each call.
    timeout: Duration,
    /// Values that it was given and that no answer may tell.
    secrets: Vec<String>,
    live: Mutex<Option<Arc<Live>>>,
}

/// A server that runs. It is ended when nobody holds it any more.
struct Live {
    service: RunningService<RoleClient, ()>,
    tools: Vec<Tool>,
    _child: Option<Child>,
}

impl Server {
    pub(crate) fn new(name: String, start: Start, timeout: Duration, secrets: Vec<String>) -> Self {
        Self { name, start, timeout, secrets, live: Mutex::default() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What it says it can do.
    pub(crate) async fn tools(&self) -> Result<Vec<Tool>, String> {
        Ok(self.live().await?.tools.clone())
    }

    /// Calls a tool. An error is told by its name, and the next call starts the server anew where it is gone.
    pub(crate) async fn call(&self, tool: &str, arguments: Map<String, Value>) -> Result<Value, String> {
        let live = self.live().await?;
        let asked = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let name = &self.name;
        let answered = match timeout(self.timeout, live.service.call_tool(asked)).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(error)) => {
                let gone = live.service.is_closed() || live.service.is_transport_closed();
                if gone || !matches!(error, ServiceError::McpError(_)) {
                    self.forget(&live).await;
                    return Err(self.told(&format!("the server `{name}` is gone: {}", why(&error))));
                }
                return Err(self.told(&format!("the server `{name}` refused: {error}")));
            }
            Err(_) => {
                self.forget(&live).await;
                let seconds = self.timeout.as_secs();
                let ended = if matches!(self.start, Start::Process { .. }) { " and was ended" } else { "" };
                return Err(format!("the server `{name}` did not answer within {seconds} s{ended}"));
            }
        };
        let mut parts: Vec<Value> = answered.content.iter().map(part).collect();
        let answer = match (answered.structured_content, parts.len()) {
            (Some(structured), _) => structured,
            (None, 1) => parts.remove(0),
            (None, _) => Value::Array(parts),
        };
        let answer = self.without_secrets(answer);
        if answered.is_error == Some(true) {
            let words = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
            return Err(format!("the tool `{tool}` of the server `{name}` failed: {words}"));
        }
        Ok(answer)
    }

    async fn forget(&self, gone: &Arc<Live>) {
        let mut live = self.live.lock().await;
        if live.as_ref().is_some_and(|live| Arc::ptr_eq(live, gone)) {
            *live = None;
        }
    }

    async fn live(&self) -> Result<Arc<Live>, String> {
        let mut live = self.live.lock().await;
        if let Some(live) = &*live {
            return Ok(Arc::clone(live));
        }
        let begun = timeout(self.timeout, self.begin()).await;
        let begun = begun.unwrap_or_else(|_| Err(format!("it said nothing within {} s", self.timeout.as_secs())));
        let begun = begun.map_err(|why| {
            let name = &self.name;
            self.told(&match &self.start {
                Start::Process { .. } => format!("the server `{name}` could not be started: {why}"),
                Start::At(address) => format!("the server `{name}` could not be reached at `{}`: {why}", address.url()),
            })
        })?;
        Ok(Arc::clone(live.insert(Arc::new(begun))))
    }

    async fn begin(&self) -> Result<Live, String> {
        match &self.start {
            Start::Process { command, args, env } => run(command, args, env).await,
            Start::At(address) => speak(address.clone()).await,
        }
    }

    fn told(&self, text: &str) -> String {
        match self.without_secrets(Value::String(text.to_owned())) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    fn without_secrets(&self, value: Value) -> Value {
        match value {
            Value::String(mut text) => {
                for secret in self.secrets.iter().filter(|secret| secret.len() >= SECRET) {
                    text = text.replace(secret, "[secret]");
                }
                Value::String(text)
            }
            Value::Array(items) => items.into_iter().map(|item| self.without_secrets(item)).collect(),
            Value::Object(members) => {
                let kept = members.into_iter().map(|(name, item)| (self.told(&name), self.without_secrets(item)));
                Value::Object(kept.collect())
            }
            other => other,
        }
    }
}

/// Starts a server and greets it.
async fn run(command: &str, args: &[String], env: &[(String, String)]) -> Result<Live, String> {
    let mut child = Command::new(command);
    child.args(args).env_clear().envs(env.iter().map(|(name, value)| (name, value)));
    // What it complains of may hold what it was given; nobody reads that here.
    child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).process_group(0);
    let mut child = child.spawn().map_err(|error| format!("`{command}`: {error}"))?;
    let (Some(output), Some(input)) = (child.stdout.take(), child.stdin.take()) else {
        return Err(format!("`{command}` has no standard input and output"));
    };
    let transport = AsyncRwTransport::new(output, input).with_max_line_length(MESSAGE_LIMIT);
    begun(().serve(transport).await, Some(child)).await
}

/// Greets a server that is there.
async fn speak(address: Address) -> Result<Live, String> {
    let config = StreamableHttpClientTransportConfig::with_uri(address.url());
    begun(().serve(StreamableHttpClientTransport::with_client(address, config)).await, None).await
}

/// A server that answered the greeting, with what it can do.
async fn begun(
    greeted: Result<RunningService<RoleClient, ()>, ClientInitializeError>,
    child: Option<Child>,
) -> Result<Live, String> {
    let service = greeted.map_err(|error| why(&error))?;
    let tools = service.list_all_tools().await.map_err(|error| why(&error))?;
    Ok(Live { service, tools, _child: child })
}

/// What happened, from the error that says most: those above it tell only where it came through.
fn why(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// A part of an answer as a model reads it: texts, and the kind of what is none.
fn part(block: &ContentBlock) -> Value {
    match block {
        ContentBlock::Text(text) => Value::String(text.text.clone()),
        ContentBlock::Resource(resource) => json!(resource),
        ContentBlock::ResourceLink(link) => json!(link),
        ContentBlock::Image(_) => json!({"left_out": "an image"}),
        ContentBlock::Audio(_) => json!({"left_out": "a sound"}),
        _ => json!({"left_out": "something that is no text"}),
    }
}
