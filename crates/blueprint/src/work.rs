//! What an author makes of its inputs.

use maestro_domain::ArtifactKind;
use maestro_ports::model::ToolCall;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Files and the typed document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Work {
    files: BTreeMap<String, String>,
    document: Value,
}

/// Why there is no work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Something upstream is missing or broken; said to the platform, which fails the task.
    Say(String),
    /// This author cannot do it; another model may.
    Unable(String),
}

impl Refusal {
    pub(crate) fn empty(kind: ArtifactKind) -> Self {
        Self::Say(format!("I cannot do this work: the artifact `{kind}` is empty"))
    }
}

impl Work {
    /// Files by path, and the document to hand over.
    pub(crate) fn new<T: Serialize>(files: BTreeMap<String, String>, document: &T) -> Result<Self, Refusal> {
        let document = serde_json::to_value(document)
            .map_err(|why| Refusal::Say(format!("my document cannot be written as JSON: {why}")))?;
        Ok(Self { files, document })
    }

    /// One line on what is handed over.
    pub(crate) fn summary(&self) -> String {
        let paths: Vec<_> = self.files.keys().map(String::as_str).collect();
        format!("I write {} and hand over.", paths.join(", "))
    }

    /// The calls that do it, in the order of the paths; handing over comes last.
    pub(crate) fn calls(self) -> Vec<ToolCall> {
        let mut calls: Vec<_> = self
            .files
            .into_iter()
            .map(|(path, content)| ToolCall {
                id: format!("write-{path}"),
                name: "write_file".to_owned(),
                arguments: json!({"path": path, "content": content}),
            })
            .collect();
        calls.push(ToolCall {
            id: "submit".to_owned(),
            name: "submit_work".to_owned(),
            arguments: json!({"document": self.document}),
        });
        calls
    }
}

/// Indented JSON with a last newline, as files hold it.
pub(crate) fn json_text<T: Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|why| Refusal::Say(format!("a file cannot be written as JSON: {why}")))
}
