//! Tools from outside in a task: what they may do, and what they answered before.

use crate::{Platform, keyed::Claimed};
use async_trait::async_trait;
use maestro_domain::{ContentHash, PersonaId, RunId};
use maestro_store::Store;
use maestro_tools::{Answers, Error, OUTSIDE_EFFECTS, Permissions, Toolbox};
use serde_json::Value;
use std::sync::Arc;

struct AnswersOf {
    store: Store,
    run: RunId,
    claimed: Claimed,
}

fn fatal(source: maestro_store::Error) -> Error {
    Error::Fatal { tool: "outside".to_owned(), source: source.into() }
}

#[async_trait]
impl Answers for AnswersOf {
    async fn kept(&self, call: &ContentHash) -> Result<Option<Value>, Error> {
        if !self.claimed.begun {
            return Ok(None);
        }
        self.store.answer(&self.run, &self.claimed.task, &self.claimed.input, call).await.map_err(fatal)
    }

    async fn keep(&self, call: &ContentHash, answer: &Value) -> Result<(), Error> {
        let Claimed { task, input, .. } = &self.claimed;
        self.store.keep_answer(&self.run, task, input, call, answer).await.map_err(fatal)
    }
}

/// Adds a persona's tools from outside to those of the house. One that wants more than it may is left out.
pub(crate) async fn add(
    platform: &Platform,
    run: &RunId,
    claimed: &Claimed,
    persona: PersonaId,
    mut toolbox: Toolbox,
    mut permissions: Permissions,
) -> (Toolbox, Permissions) {
    let answers = AnswersOf { store: platform.store.clone(), run: run.clone(), claimed: claimed.clone() };
    for tool in platform.outside.tools(persona, Arc::new(answers)).await {
        if toolbox.find(tool.name()).is_some() || !OUTSIDE_EFFECTS.contains(&tool.effect()) {
            tracing::warn!(tool = tool.name(), "a tool from outside is left out");
            continue;
        }
        permissions.tools.insert(tool.name().to_owned());
        permissions.effects.insert(tool.effect());
        toolbox = toolbox.with(tool);
    }
    (toolbox, permissions)
}
