//! The tools that personas call. One file a tool; the dispatcher decides who may call what.
//!
//! Tools do not judge the work: that is the gate's, from the referee's evidence.

mod context;
mod tools;

pub use context::{Context, Upstream};

use async_trait::async_trait;
use maestro_ports::{
    model::{ToolCall, ToolSpec},
    referee::Job,
};
use serde_json::Value;

/// What a tool does to the world; permissions are decided from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Looks only.
    ReadOnly,
    /// Writes files of the caller's own artifact.
    WritesArtifact,
    /// Runs code, in the referee's sandbox.
    RunsCode,
}

/// Why a call did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model can react to this: it is answered to it.
    #[error("{0}")]
    Respond(String),
    /// The task cannot go on before this job was run.
    #[error("the job `{}` was not run yet", .0.name)]
    Waits(Box<Job>),
    /// The task cannot go on.
    #[error("the tool `{tool}` could not work")]
    Fatal {
        /// Which tool.
        tool: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A tool.
#[async_trait]
pub trait Tool: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;
    /// What it does, for the model.
    fn description(&self) -> &'static str;
    /// What it does to the world.
    fn effect(&self) -> Effect;
    /// JSON Schema of its arguments.
    fn schema(&self) -> Value;
    /// Does it.
    ///
    /// # Errors
    /// [`Error`], either for the model or for the task.
    async fn call(&self, arguments: &Value, context: &mut Context) -> Result<Value, Error>;
}

/// Every tool, in alphabetical order of names.
pub const ALL: &[&dyn Tool] = &[
    &tools::check_code::CheckCode,
    &tools::check_dependencies::CheckDependencies,
    &tools::list_files::ListFiles,
    &tools::read_artifact::ReadArtifact,
    &tools::read_epic::ReadEpic,
    &tools::read_file::ReadFile,
    &tools::run_tests::RunTests,
    &tools::scan_secrets::ScanSecrets,
    &tools::submit_work::SubmitWork,
    &tools::write_file::WriteFile,
];

/// Finds a tool by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn Tool> {
    ALL.iter().copied().find(|tool| tool.name() == name)
}

/// The tools of this list as a model sees them; unknown names are left out (a contract test refuses them).
#[must_use]
pub fn specs(names: &[String]) -> Vec<ToolSpec> {
    names
        .iter()
        .filter_map(|name| find(name))
        .map(|tool| ToolSpec {
            name: tool.name().to_owned(),
            description: tool.description().to_owned(),
            schema: tool.schema(),
        })
        .collect()
}

/// Calls a tool for a persona that may use only the tools in `allowed`.
///
/// # Errors
/// [`Error::Respond`] when the tool is unknown or not allowed, else what the tool says.
pub async fn dispatch(call: &ToolCall, allowed: &[String], context: &mut Context) -> Result<Value, Error> {
    let Some(tool) = find(&call.name) else {
        return Err(Error::Respond(format!("there is no tool `{}`", call.name)));
    };
    if !allowed.contains(&call.name) {
        return Err(Error::Respond(format!("the persona `{}` may not use the tool `{}`", context.persona, call.name)));
    }
    tool.call(&call.arguments, context).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::{ArtifactKind, Epic, Evidence, PersonaId, Phase};
    use maestro_ports::Jobs;
    use serde_json::json;
    use std::sync::Arc;

    /// Knows of no job.
    struct NoJobs;

    #[async_trait]
    impl Jobs for NoJobs {
        async fn evidence(&self, _: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
            Ok(None)
        }
    }

    pub(crate) fn context() -> Context {
        Context {
            persona: PersonaId::QaEngineer,
            phase: Phase::Testing,
            output: ArtifactKind::Tests,
            epic: Arc::new(Epic { title: "E".into(), statements: vec![] }),
            upstream: [].into(),
            own: [].into(),
            submitted: None,
            jobs: Arc::new(NoJobs),
        }
    }

    #[test]
    fn the_list_is_alphabetical_and_every_schema_closes_its_object() {
        let names: Vec<_> = ALL.iter().map(|tool| tool.name()).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(names, sorted);
        for tool in ALL {
            assert_eq!(tool.schema()["additionalProperties"], json!(false), "{}", tool.name());
        }
    }

    #[tokio::test]
    async fn the_dispatcher_refuses_what_a_persona_may_not_use() {
        let call = |name: &str| ToolCall { id: "1".into(), name: name.into(), arguments: json!({}) };
        let allowed = ["list_files".to_owned()];
        let mut context = context();
        assert!(dispatch(&call("list_files"), &allowed, &mut context).await.is_ok());
        for (name, says) in [("read_epic", "may not use"), ("rm", "there is no tool")] {
            let error = dispatch(&call(name), &allowed, &mut context).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
