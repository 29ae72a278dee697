//! One server: a process that is started when it is needed, and once more after it died.

use rmcp::{
    RoleClient, ServiceExt,
    model::{CallToolRequestParams, ContentBlock, Tool},
    service::RunningService,
    transport::async_rw::AsyncRwTransport,
};
use serde_json::{Map, Value, json};
use std::{process::Stdio, sync::Arc, time::Duration};
use tokio::{
    process::{Child, Command},
    sync::Mutex,
    time::timeout,
};

/// Bytes of one message. What is longer is not an answer to a question, and the call ends by its time.
const MESSAGE_LIMIT: usize = 4 << 20;
/// Bytes from which on a value of the environment is looked for in answers: a shorter one is a word like others.
const SECRET: usize = 6;

/// How a server is started.
pub(crate) struct Start {
    pub(crate) command: String,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) timeout: Duration,
}

/// One server.
pub(crate) struct Server {
    name: String,
    start: Start,
    /// Values that it was given and that no answer may tell.
    secrets: Vec<String>,
    live: Mutex<Option<Arc<Live>>>,
}

/// A server that runs. It is ended when nobody holds it any more.
struct Live {
    service: RunningService<RoleClient, ()>,
    tools: Vec<Tool>,
    _child: Child,
}

impl Server {
    pub(crate) fn new(name: String, start: Start, secrets: Vec<String>) -> Self {
        Self { name, start, secrets, live: Mutex::default() }
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
        let answered = match timeout(self.start.timeout, live.service.call_tool(asked)).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(error)) => {
                if live.service.is_closed() || live.service.is_transport_closed() {
                    self.forget(&live).await;
                    return Err(self.told(&format!("the server `{name}` is gone: {error}")));
                }
                return Err(self.told(&format!("the server `{name}` refused: {error}")));
            }
            Err(_) => {
                self.forget(&live).await;
                let seconds = self.start.timeout.as_secs();
                return Err(format!("the server `{name}` did not answer within {seconds} s and was ended"));
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
        let begun = timeout(self.start.timeout, self.begin()).await;
        let begun = begun.unwrap_or_else(|_| Err(format!("it said nothing within {} s", self.start.timeout.as_secs())));
        let begun =
            begun.map_err(|why| self.told(&format!("the server `{}` could not be started: {why}", self.name)))?;
        Ok(Arc::clone(live.insert(Arc::new(begun))))
    }

    async fn begin(&self) -> Result<Live, String> {
        let Start { command, args, env, .. } = &self.start;
        let mut child = Command::new(command);
        child.args(args).env_clear().envs(env.iter().map(|(name, value)| (name, value)));
        // What it complains of may hold what it was given; nobody reads that here.
        child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).process_group(0);
        let mut child = child.spawn().map_err(|error| format!("`{command}`: {error}"))?;
        let (Some(output), Some(input)) = (child.stdout.take(), child.stdin.take()) else {
            return Err(format!("`{command}` has no standard input and output"));
        };
        let transport = AsyncRwTransport::new(output, input).with_max_line_length(MESSAGE_LIMIT);
        let service = ().serve(transport).await.map_err(|error| error.to_string())?;
        let tools = service.list_all_tools().await.map_err(|error| error.to_string())?;
        Ok(Live { service, tools, _child: child })
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
