//! A piece of work told as calls of tools, and how to see whether it came out.

use async_trait::async_trait;
use maestro_domain::{ArtifactKind, Epic, Evidence, PersonaId, Phase};
use maestro_ports::{Jobs, model::ToolCall, referee::Job};
use maestro_tools::{
    Context, Dispatcher, Effect, ErasedTool, Error, Outcome, Permissions, Toolbox, Upstream, Workspace,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// A piece of work.
pub(crate) struct Scenario {
    /// The tool that it stands on.
    pub(crate) tool: &'static str,
    /// What it is, for whoever sees it fail.
    pub(crate) name: &'static str,
    /// Statements of the epic: id, kind, words.
    pub(crate) epic: Vec<(&'static str, &'static str, &'static str)>,
    /// What others handed over.
    pub(crate) upstream: Vec<(ArtifactKind, Value)>,
    /// Files that are there.
    pub(crate) files: Vec<(&'static str, String)>,
    /// The calls, in order.
    pub(crate) calls: Vec<(&'static str, Value)>,
    /// Whether it came out, from the answers and the task afterwards.
    pub(crate) came_out: fn(&[Value], &Context) -> bool,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            tool: "",
            name: "",
            epic: vec![],
            upstream: vec![],
            files: vec![],
            calls: vec![],
            came_out: |_, _| false,
        }
    }
}

/// Knows of no job.
struct NoJobs;

#[async_trait]
impl Jobs for NoJobs {
    async fn evidence(&self, _: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(None)
    }
}

/// An error in the place of a tool.
struct Broken(String, Effect);

#[async_trait]
impl ErasedTool for Broken {
    fn name(&self) -> &str {
        &self.0
    }
    fn description(&self) -> &str {
        "Never works."
    }
    fn effect(&self) -> Effect {
        self.1
    }
    fn schema(&self) -> Value {
        json!({"type": "object"})
    }
    fn rest(&self) -> &str {
        ""
    }
    async fn call(&self, _: &Value, _: &mut Workspace<'_>) -> Result<Value, Error> {
        Err(Error::Respond("broken".to_owned()))
    }
}

impl Scenario {
    fn context(&self) -> Context {
        let statements: Vec<Value> = self
            .epic
            .iter()
            .map(|(id, kind, text)| json!({"id": id, "kind": kind, "text": text, "line": 1, "section": []}))
            .collect();
        Context {
            persona: PersonaId::SolutionArchitect,
            phase: Phase::Design,
            output: ArtifactKind::Documents,
            epic: Arc::new(
                serde_json::from_value::<Epic>(json!({"title": "Tool library", "statements": statements})).unwrap(),
            ),
            upstream: self
                .upstream
                .iter()
                .map(|(kind, document)| (*kind, Upstream { document: document.clone().into(), ..Upstream::default() }))
                .collect(),
            own: self.files.iter().map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes())).collect(),
            before: None,
            submitted: None,
            jobs: Arc::new(NoJobs),
        }
    }

    async fn comes_out(&self, toolbox: Toolbox) -> bool {
        let permissions = Permissions::everything(&toolbox);
        let dispatcher = Dispatcher::new(toolbox, permissions).with_answer_limit(1 << 20);
        let mut context = self.context();
        let mut answers = Vec::new();
        for (name, arguments) in &self.calls {
            let call = ToolCall { id: "1".into(), name: (*name).into(), arguments: arguments.clone() };
            let outcome = dispatcher.dispatch(&call, &mut context).await.unwrap();
            answers.push(match outcome {
                Outcome::Done { output, .. } => output,
                other => json!({"not_done": other}),
            });
        }
        (self.came_out)(&answers, &context)
    }
}

/// Runs a scenario with its tool, and with an error in its place.
pub(crate) async fn hold(scenario: &Scenario) {
    let told = format!("{}: {}", scenario.tool, scenario.name);
    let standard = Toolbox::standard();
    let effect = standard.find(scenario.tool).unwrap_or_else(|| panic!("{told}: there is no such tool")).effect();
    assert!(scenario.comes_out(standard.clone()).await, "{told} does not come out");
    let broken = standard.with(Arc::new(Broken(scenario.tool.to_owned(), effect)));
    assert!(!scenario.comes_out(broken).await, "{told} comes out without its tool");
}
