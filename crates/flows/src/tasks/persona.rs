//! Gives a task to a persona.

use super::Runner;
use crate::{failure::Fault, platform::Assignment, task::Progress};
use maestro_domain::PersonaId;
use maestro_workflow::{Node, types::persona::Persona};
use serde_json::{Value, json};

pub(super) const RUNNER: Runner = Runner {
    name: "persona",
    evaluates_itself: false,
    run: |work| {
        Box::pin(async move {
            let config: Persona = work.config()?;
            let persona = PersonaId::from_id(&config.persona)
                .ok_or_else(|| Fault::Expression.because(format!("there is no persona `{}`", *config.persona)))?;
            let text = work
                .platform
                .personas
                .work(Assignment {
                    run: work.task.run.clone(),
                    node: work.task.node,
                    name: work.name(),
                    persona,
                    task: config.task,
                    inputs: config.inputs.as_ref().map(Node::to_json),
                })
                .await?;
            // What is answered as JSON can be read of by name.
            let parsed: Option<Value> = serde_json::from_str(text.trim()).ok();
            Ok(Progress::Done(Some(json!({"text": text, "json": parsed}))))
        })
    },
};
