//! What an author needs before it can write, and the answers to it.

use crate::work::Refusal;
use maestro_artifacts::{Design, Operations, Requirements, ServiceModel, delivery::SecurityFinding};
use maestro_domain::{ArtifactKind, Epic, Phase};
use maestro_ports::model::ToolCall;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One thing to read or run first. Its call has always the same id, so that the answer can be found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The epic.
    Epic,
    /// What another persona handed over.
    Artifact(ArtifactKind),
    /// A check over all files, by the name of its tool.
    Check(&'static str),
}

impl Need {
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Epic => "read-epic".to_owned(),
            Self::Artifact(kind) => format!("read-{kind}"),
            Self::Check(tool) => format!("run-{tool}"),
        }
    }

    pub(crate) fn call(&self) -> ToolCall {
        let (name, arguments) = match self {
            Self::Epic => ("read_epic", json!({})),
            Self::Artifact(kind) => ("read_artifact", json!({"kind": kind.id()})),
            Self::Check(tool) => (*tool, json!({})),
        };
        ToolCall { id: self.id(), name: name.to_owned(), arguments }
    }

    pub(crate) fn artifact(self) -> Option<ArtifactKind> {
        match self {
            Self::Artifact(kind) => Some(kind),
            Self::Epic | Self::Check(_) => None,
        }
    }
}

/// What a tool answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// The result.
    Value(Value),
    /// The error.
    Error(String),
}

/// What a check answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Checked {
    /// The check's name.
    pub(crate) check: String,
    /// How many files it read.
    pub(crate) files: usize,
    /// What it found.
    pub(crate) findings: Vec<SecurityFinding>,
}

/// All answers of a task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Inputs {
    phase: Phase,
    answers: BTreeMap<String, Answer>,
}

impl Inputs {
    pub(crate) fn new(phase: Phase, answers: BTreeMap<String, Answer>) -> Self {
        Self { phase, answers }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    pub(crate) fn epic(&self) -> Result<Epic, Refusal> {
        typed("the epic", self.value(Need::Epic)?)
    }

    pub(crate) fn check(&self, tool: &'static str) -> Result<Checked, Refusal> {
        typed(&format!("the answer of `{tool}`"), self.value(Need::Check(tool))?)
    }

    /// The typed document of an artifact.
    pub(crate) fn document<T: DeserializeOwned>(&self, kind: ArtifactKind) -> Result<T, Refusal> {
        let value = self.value(Need::Artifact(kind))?;
        let document = value.get("document").cloned().unwrap_or_default();
        typed(&format!("the artifact `{kind}`"), document)
    }

    /// The requirements; empty ones are as good as none.
    pub(crate) fn requirements(&self) -> Result<Requirements, Refusal> {
        let requirements: Requirements = self.document(ArtifactKind::Requirements)?;
        if requirements.items.is_empty() {
            return Err(Refusal::empty(ArtifactKind::Requirements));
        }
        Ok(requirements)
    }

    /// The design, with a model that has records to keep.
    pub(crate) fn design(&self) -> Result<Design, Refusal> {
        let design: Design = self.document(ArtifactKind::Design)?;
        keeps_records(&design.model)?;
        if design.openapi.get("paths").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty) {
            return Err(Refusal::empty(ArtifactKind::Design));
        }
        Ok(design)
    }

    /// How the service is run; without a start command there is nothing to release or to test.
    pub(crate) fn operations(&self) -> Result<Operations, Refusal> {
        let operations: Operations = self.document(ArtifactKind::Operations)?;
        if operations.start.is_empty() || operations.port_env.is_empty() {
            return Err(Refusal::empty(ArtifactKind::Operations));
        }
        Ok(operations)
    }

    fn value(&self, need: Need) -> Result<Value, Refusal> {
        match self.answers.get(&need.id()) {
            Some(Answer::Value(value)) => Ok(value.clone()),
            Some(Answer::Error(error)) => Err(Refusal::Say(format!("I cannot do this work: {error}"))),
            None => Err(Refusal::Say(format!("I cannot do this work: `{}` was not answered", need.id()))),
        }
    }
}

/// A service that keeps no records is not one that this author can write.
pub(crate) fn keeps_records(model: &ServiceModel) -> Result<(), Refusal> {
    if model.entities.is_empty() {
        return Err(Refusal::Unable(
            "the epic names no records to keep: say what is recorded and with which fields, or choose a language model"
                .to_owned(),
        ));
    }
    Ok(())
}

fn typed<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, Refusal> {
    serde_json::from_value(value)
        .map_err(|why| Refusal::Say(format!("I cannot do this work: {what} cannot be read: {why}")))
}
