//! What has been asked and answered so far, read from the messages alone.

use crate::inputs::{Answer, Inputs, Need};
use maestro_domain::Phase;
use maestro_ports::model::{Message, ToolCall};
use serde_json::Value;
use std::collections::BTreeMap;

/// A conversation, by call.
pub(crate) struct Conversation<'a> {
    calls: Vec<&'a ToolCall>,
    answers: BTreeMap<&'a str, (&'a Value, bool)>,
}

impl<'a> Conversation<'a> {
    pub(crate) fn read(messages: &'a [Message]) -> Self {
        let mut calls = Vec::new();
        let mut answers = BTreeMap::new();
        for message in messages {
            match message {
                Message::User { .. } => {}
                Message::Assistant { calls: asked, .. } => calls.extend(asked),
                Message::Tool { call, result, error } => {
                    answers.insert(call.as_str(), (result, *error));
                }
            }
        }
        Self { calls, answers }
    }

    /// What to say when the work was handed over already: nothing is written twice, and a refusal would only repeat itself.
    pub(crate) fn end(&self) -> Option<String> {
        let mut submitted = false;
        for call in &self.calls {
            let Some((result, error)) = self.answers.get(call.id.as_str()) else { continue };
            let writes = matches!(call.name.as_str(), "write_file" | "submit_work");
            if writes && *error {
                return Some(format!("The tool `{}` refused my work: {}", call.name, text(result)));
            }
            submitted |= call.name == "submit_work";
        }
        submitted.then(|| "The work is handed over.".to_owned())
    }

    pub(crate) fn answered(&self, need: &Need) -> bool {
        self.answers.contains_key(need.id().as_str())
    }

    /// The answers to everything that was read.
    pub(crate) fn inputs(&self, phase: Phase) -> Inputs {
        let answers = self.answers.iter().map(|(id, (result, error))| {
            let answer = if *error { Answer::Error(text(result)) } else { Answer::Value((*result).clone()) };
            ((*id).to_owned(), answer)
        });
        Inputs::new(phase, answers.collect())
    }
}

/// The words of an error: tools answer `{"error": "..."}`.
fn text(result: &Value) -> String {
    match result.get("error").unwrap_or(result) {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
