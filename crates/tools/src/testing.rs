//! What the tools' own tests stand on.

use crate::{Context, ErasedTool, Error, Permissions, Tool, Toolbox, Workspace};
use async_trait::async_trait;
use maestro_domain::{ArtifactKind, Epic, Evidence, PersonaId, Phase};
use maestro_ports::{Jobs, referee::Job};
use serde_json::Value;
use std::sync::Arc;

/// Knows of no job.
struct NoJobs;

#[async_trait]
impl Jobs for NoJobs {
    async fn evidence(&self, _: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(None)
    }
}

/// An empty task of the QA engineer.
pub(crate) fn context() -> Context {
    Context {
        persona: PersonaId::QaEngineer,
        phase: Phase::Testing,
        output: ArtifactKind::Tests,
        epic: Arc::new(Epic { title: "E".into(), statements: vec![] }),
        upstream: [].into(),
        own: [].into(),
        before: None,
        submitted: None,
        jobs: Arc::new(NoJobs),
    }
}

/// A task of the QA engineer in which these files were written.
pub(crate) fn context_with(files: &[(&str, &str)]) -> Context {
    let own = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    Context { own, ..context() }
}

/// No limits but those of paths.
pub(crate) fn everything() -> Permissions {
    Permissions::everything(&Toolbox::default())
}

/// Calls one tool with all rights, and takes over what it changed.
pub(crate) async fn run<T: Tool>(tool: T, arguments: Value, context: &mut Context) -> Result<Value, Error> {
    let permissions = everything();
    let mut workspace = Workspace::new(context, &permissions, T::NAME, T::EFFECT);
    let output = ErasedTool::call(&tool, &arguments, &mut workspace).await?;
    let changes = workspace.into_changes();
    context.apply(changes);
    Ok(output)
}
