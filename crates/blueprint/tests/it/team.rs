//! A whole team over artifacts in memory: a tiny dispatcher that does what the tools do.

use maestro_blueprint::Blueprint;
use maestro_domain::{ArtifactKind, Epic, PersonaId, Phase};
use maestro_ports::model::{Error, Message, Model, Reply, Request, Silent, ToolCall, ToolSpec};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The order in which the phases' tasks are worked on.
pub(crate) const ORDER: [(Phase, PersonaId); 15] = {
    use PersonaId as P;
    [
        (Phase::Requirements, P::RequirementsAnalyst),
        (Phase::Requirements, P::UiUxDesigner),
        (Phase::Requirements, P::TechnicalWriter),
        (Phase::Design, P::SolutionArchitect),
        (Phase::Design, P::TechnicalWriter),
        (Phase::Implementation, P::DevopsEngineer),
        (Phase::Implementation, P::FrontendDeveloper),
        (Phase::Implementation, P::BackendDeveloper),
        (Phase::Implementation, P::TechnicalWriter),
        (Phase::Testing, P::QaEngineer),
        (Phase::Testing, P::SecuritySpecialist),
        (Phase::Testing, P::TechnicalWriter),
        (Phase::Deployment, P::DeploymentSpecialist),
        (Phase::Deployment, P::IntegrationTester),
        (Phase::Deployment, P::TechnicalWriter),
    ]
};

#[derive(Debug, Clone, Default)]
pub(crate) struct Artifact {
    pub(crate) document: Value,
    pub(crate) files: BTreeMap<String, String>,
}

/// What a task ended with.
#[derive(Debug)]
pub(crate) enum End {
    Submitted(Box<Artifact>),
    Said(String),
    Refused(Error),
}

pub(crate) struct Team {
    pub(crate) epic: Epic,
    pub(crate) artifacts: BTreeMap<ArtifactKind, Artifact>,
    /// All files so far; the pages of the writer among them.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) findings: Value,
}

impl Team {
    pub(crate) fn new(epic: Epic) -> Self {
        Self { epic, artifacts: BTreeMap::new(), files: BTreeMap::new(), findings: json!([]) }
    }

    /// One task, from the platform's message to its end. The artifact, if any, joins the others.
    pub(crate) async fn work(&mut self, phase: Phase, persona: PersonaId) -> End {
        let kind = ArtifactKind::ALL.iter().copied().find(|kind| kind.author() == persona).unwrap();
        let mut messages = vec![Message::User { text: format!("phase: {phase}\npersona: {persona}\n") }];
        let mut files = BTreeMap::new();
        for _ in 0..6 {
            let reply = match ask(persona, &messages).await {
                Ok(reply) => reply,
                Err(error) => return End::Refused(error),
            };
            assert_eq!(reply.usage, Default::default());
            if reply.calls.is_empty() {
                return End::Said(reply.text);
            }
            let mut document = None;
            let mut answers = Vec::new();
            for call in &reply.calls {
                let answer = self.dispatch(kind, call, &mut files, &mut document);
                let (result, error) = match answer {
                    Ok(result) => (result, false),
                    Err(why) => (json!({"error": why}), true),
                };
                answers.push(Message::Tool { call: call.id.clone(), result, error });
            }
            if let Some(document) = document {
                let artifact = Artifact { document, files };
                self.files.extend(artifact.files.clone());
                if kind != ArtifactKind::Documents {
                    self.artifacts.insert(kind, artifact.clone());
                }
                return End::Submitted(Box::new(artifact));
            }
            messages.push(reply.into_message());
            messages.extend(answers);
        }
        panic!("{persona} does not come to an end")
    }

    /// All tasks in their order. Requirements that are there already are not read from an epic again.
    pub(crate) async fn all(mut self) -> Self {
        let read = self.artifacts.contains_key(&ArtifactKind::Requirements);
        for (phase, persona) in ORDER {
            if !(read && persona == PersonaId::RequirementsAnalyst) {
                self.done(phase, persona).await;
            }
        }
        self
    }

    /// As `work`, for tasks that must end with an artifact.
    pub(crate) async fn done(&mut self, phase: Phase, persona: PersonaId) -> Artifact {
        match self.work(phase, persona).await {
            End::Submitted(artifact) => *artifact,
            other => panic!("{persona} in {phase}: {other:?}"),
        }
    }

    fn dispatch(
        &self,
        kind: ArtifactKind,
        call: &ToolCall,
        own: &mut BTreeMap<String, String>,
        document: &mut Option<Value>,
    ) -> Result<Value, String> {
        let text = |name: &str| call.arguments[name].as_str().unwrap().to_owned();
        let checked = |name: &str| {
            let findings: Vec<_> =
                self.findings.as_array().unwrap().iter().filter(|finding| finding["check"] == name).collect();
            Ok(json!({"check": name, "files": self.files.len(), "findings": findings}))
        };
        match call.name.as_str() {
            "read_epic" => Ok(serde_json::to_value(&self.epic).unwrap()),
            "read_artifact" => {
                let wanted = ArtifactKind::from_id(&text("kind")).unwrap();
                let artifact = self.artifacts.get(&wanted).ok_or(format!("nobody has handed over `{wanted}` yet"))?;
                let files: Vec<_> = artifact.files.keys().collect();
                Ok(json!({"document": artifact.document, "files": files}))
            }
            "scan_secrets" => checked("secrets"),
            "check_dependencies" => checked("dependencies"),
            "check_code" => checked("code"),
            "write_file" => {
                let (path, content) = (text("path"), text("content"));
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
                assert!(
                    path.chars().all(plain) && path.split('/').all(|part| !matches!(part, "" | "." | "..")),
                    "{path}"
                );
                assert!(!self.files.contains_key(&path), "{kind} writes {path}, which is another's");
                own.insert(path, content);
                Ok(json!({}))
            }
            "submit_work" => {
                let submitted = call.arguments["document"].clone();
                maestro_artifacts::check(kind, &submitted).map_err(|why| why.to_string())?;
                *document = Some(submitted);
                Ok(json!({"accepted": true}))
            }
            other => panic!("{kind} calls `{other}`, which it has no need of"),
        }
    }
}

pub(crate) async fn ask(persona: PersonaId, messages: &[Message]) -> Result<Reply, Error> {
    // Every task ends by this tool; which others there are the author knows by itself.
    let tools = vec![ToolSpec {
        name: "submit_work".to_owned(),
        description: "Hands the work over.".to_owned(),
        schema: json!({"type": "object"}),
    }];
    let request =
        Request { persona: persona.id().to_owned(), messages: messages.to_vec(), tools, ..Request::default() };
    Blueprint.complete(&request, &Silent).await
}
