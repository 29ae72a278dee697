//! A tool of a server, as the dispatcher holds it: under a name of its own, with the effect that the user declared.

use crate::server::Server;
use async_trait::async_trait;
use maestro_domain::ContentHash;
use maestro_screen::{for_prompt, value_for_prompt};
use maestro_tools::{Answers, Effect, ErasedTool, Error, Workspace};
use rmcp::model::Tool;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Bytes of a description that a prompt holds.
const DESCRIPTION: usize = 1_000;
/// Bytes of a schema that a prompt holds; what is longer is told in words only.
const SCHEMA: usize = 16_000;

/// How often each call was made in one task: the same call may be answered otherwise the next time.
type Times = Arc<Mutex<BTreeMap<ContentHash, u32>>>;

struct Remote {
    server: Arc<Server>,
    tool: String,
    described: Described,
    answers: Arc<dyn Answers>,
    times: Times,
}

/// A tool as personas see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// Its name, that of its server before it.
    pub name: String,
    /// What it does to the world, as the user declared.
    pub effect: Effect,
    /// What it does, in the server's words.
    pub description: String,
    /// What it takes.
    pub schema: Value,
}

/// What personas call a tool of a server by.
pub(crate) fn named(server: &str, tool: &str) -> String {
    format!("{server}__{tool}")
}

/// The allowed tools of a server. What it says of itself is a text from outside, and stands in every question.
pub(crate) fn describe(server: &str, allowed: &[(String, Effect)], offered: &[Tool]) -> Vec<Described> {
    let described = |(tool, effect): &(String, Effect)| {
        let told = offered.iter().find(|one| one.name == tool.as_str());
        let description = told.and_then(|one| one.description.as_deref()).unwrap_or("A tool of a server.");
        let schema = told.map_or_else(|| json!({"type": "object"}), |one| Value::Object((*one.input_schema).clone()));
        let (schema, _) = value_for_prompt(&schema, server, SCHEMA);
        let short = schema.to_string().len() <= SCHEMA;
        Described {
            name: named(server, tool),
            effect: *effect,
            description: for_prompt(description, server, DESCRIPTION).text,
            schema: if short { schema } else { json!({"type": "object"}) },
        }
    };
    allowed.iter().map(described).collect()
}

/// The allowed tools of a server, for one task. Where it cannot be started they are there and say so.
pub(crate) async fn tools(
    server: &Arc<Server>,
    allowed: &[(String, Effect)],
    answers: &Arc<dyn Answers>,
) -> Vec<Arc<dyn ErasedTool>> {
    let offered = server.tools().await;
    if let Err(why) = &offered {
        tracing::warn!(server = server.name(), why, "a server cannot be used");
    }
    let offered = offered.unwrap_or_default();
    let times = Times::default();
    let described = describe(server.name(), allowed, &offered).into_iter().zip(allowed);
    let remote = |(described, (tool, _)): (Described, &(String, Effect))| -> Arc<dyn ErasedTool> {
        let (server, answers, times) = (Arc::clone(server), Arc::clone(answers), Arc::clone(&times));
        Arc::new(Remote { server, tool: tool.clone(), described, answers, times })
    };
    described.map(remote).collect()
}

impl Remote {
    /// What names this call among all of the task.
    fn key(&self, arguments: &Value) -> ContentHash {
        let call = ContentHash::of_json(&json!([self.described.name, arguments]));
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let nth = times.entry(call.clone()).or_default();
        *nth += 1;
        ContentHash::of_json(&json!([call, *nth]))
    }
}

#[async_trait]
impl ErasedTool for Remote {
    fn name(&self) -> &str {
        &self.described.name
    }
    fn description(&self) -> &str {
        &self.described.description
    }
    fn effect(&self) -> Effect {
        self.described.effect
    }
    fn schema(&self) -> Value {
        self.described.schema.clone()
    }
    fn rest(&self) -> &str {
        "ask the server for less at once"
    }

    async fn call(&self, arguments: &Value, _: &mut Workspace<'_>) -> Result<Value, Error> {
        let Value::Object(given) = arguments else {
            return Err(Error::Arguments("they are no object".to_owned()));
        };
        let key = self.key(arguments);
        let answer = match self.answers.kept(&key).await? {
            Some(answer) => answer,
            None => {
                let answer = match self.server.call(&self.tool, Map::clone(given)).await {
                    Ok(answer) => json!({"answer": answer}),
                    Err(why) => json!({"error": why}),
                };
                self.answers.keep(&key, &answer).await?;
                answer
            }
        };
        match answer.get("error").and_then(Value::as_str) {
            Some(why) => Err(Error::Respond(why.to_owned())),
            None => Ok(answer.get("answer").cloned().unwrap_or_default()),
        }
    }
}
