//! What scenarios of tools are played on: a task, its tools, and a referee that runs at once.

use crate::HELPER;
use async_trait::async_trait;
use maestro_domain::{ArtifactKind, Epic, Evidence, PersonaId, Phase};
use maestro_ports::{Jobs, Referee, model::ToolCall, referee::Job};
use maestro_sandbox::LocalReferee;
use maestro_tests::{Bed, example, real_referee};
use maestro_tools::{Context, Dispatcher, Permissions, Toolbox, Upstream};
use serde_json::{Value, json};
use std::{collections::BTreeMap, pin::Pin, sync::Arc};
use tokio::sync::OnceCell;

/// A named use of one tool; what it comes to depends on it.
pub(super) struct Scenario {
    pub(super) tool: &'static str,
    pub(super) play: fn(Desk) -> Playing,
}

pub(super) type Playing = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

macro_rules! scenarios {
    ($($tool:ident,)+) => {
        pub(super) const SCENARIOS: &[super::desk::Scenario] =
            &[$(super::desk::Scenario { tool: stringify!($tool), play: |desk| Box::pin($tool(desk)) },)+];
    };
}
pub(super) use scenarios;

/// A task with a set of tools.
pub(super) struct Desk {
    pub(super) context: Context,
    tools: Dispatcher,
}

/// Runs jobs at once.
struct AtOnce(LocalReferee);

#[async_trait]
impl Jobs for AtOnce {
    async fn evidence(&self, job: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Some(self.0.run(job.clone()).await?.evidence))
    }
}

impl Desk {
    pub(super) fn new(toolbox: Toolbox) -> Self {
        let permissions = Permissions::everything(&toolbox);
        let context = Context {
            persona: PersonaId::QaEngineer,
            phase: Phase::Testing,
            output: ArtifactKind::Tests,
            epic: Arc::new(Epic { title: "Tool library".into(), statements: vec![] }),
            upstream: [].into(),
            own: [].into(),
            before: None,
            submitted: None,
            jobs: Arc::new(AtOnce(real_referee(HELPER, &std::env::temp_dir()))),
        };
        Self { context, tools: Dispatcher::new(toolbox, permissions) }
    }

    pub(super) fn file(&mut self, path: &str, text: &str) {
        self.context.own.insert(path.to_owned(), text.as_bytes().to_vec());
    }

    pub(super) fn text(&self, path: &str) -> &str {
        self.context.own.get(path).map_or("", |bytes| std::str::from_utf8(bytes).unwrap())
    }

    /// Files of another persona.
    pub(super) fn upstream(&mut self, kind: ArtifactKind, document: Value, files: &[(&str, &str)]) {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        self.context.upstream.insert(kind, Upstream { document: document.into(), files });
    }

    /// The finished tool library, as another persona's files.
    pub(super) async fn library(&mut self) {
        static LIBRARY: OnceCell<BTreeMap<String, Vec<u8>>> = OnceCell::const_new();
        let files = LIBRARY.get_or_init(|| async {
            let scratch = tempfile::tempdir().unwrap();
            let bed = Bed::new(Arc::new(real_referee(HELPER, scratch.path())));
            let run = bed.create(&example("epics/tool-library.md")).await.unwrap();
            bed.execute(&run).await.unwrap();
            let mut files = BTreeMap::new();
            let mut folders = vec![bed.out()];
            while let Some(folder) = folders.pop() {
                for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                    if path.is_dir() {
                        folders.push(path);
                    } else {
                        let name = path.strip_prefix(bed.out()).unwrap().to_str().unwrap().to_owned();
                        files.insert(name, std::fs::read(&path).unwrap());
                    }
                }
            }
            files
        });
        let files = files.await.clone();
        self.context.upstream.insert(ArtifactKind::Backend, Upstream { document: json!({}).into(), files });
    }

    /// Calls a tool; the reason when it could not.
    pub(super) async fn call(&mut self, tool: &str, arguments: Value) -> Result<Value, String> {
        let call = ToolCall { id: "1".into(), name: tool.into(), arguments };
        let outcome = self.tools.dispatch(&call, &mut self.context).await.map_err(|why| why.to_string())?;
        match outcome.answer() {
            (answer, false) => Ok(answer),
            (answer, true) => Err(answer.to_string()),
        }
    }
}

/// What must hold for a scenario to succeed.
pub(super) fn expect(holds: bool, what: &dyn std::fmt::Debug) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("it came to something else: {what:?}")) }
}
