//! The platform's own checks over everything that is written.

use crate::fixture::{requirements, team_with};
use async_trait::async_trait;
use maestro_domain::{ArtifactKind, Epic, Evidence, PersonaId, Phase};
use maestro_ports::{Jobs, model::ToolCall, referee::Job};
use maestro_tools::{Context, Dispatcher, Permissions, Toolbox};
use serde_json::json;
use std::sync::Arc;

/// The checks run nothing.
struct NoJobs;

#[async_trait]
impl Jobs for NoJobs {
    async fn evidence(&self, _: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(None)
    }
}

#[tokio::test]
async fn the_checks_find_nothing_in_the_authors_own_files() {
    let team = team_with(requirements("word")).all().await;
    let mut context = Context {
        persona: PersonaId::SecuritySpecialist,
        phase: Phase::Testing,
        output: ArtifactKind::Security,
        epic: Arc::new(Epic { title: String::new(), statements: Vec::new() }),
        upstream: [].into(),
        own: team.files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect(),
        submitted: None,
        before: None,
        jobs: Arc::new(NoJobs),
    };
    let tools = Toolbox::standard();
    let permissions = Permissions::everything(&tools);
    let tools = Dispatcher::new(tools, permissions).with_answer_limit(usize::MAX);
    for tool in ["scan_secrets", "check_dependencies", "check_code"] {
        let call = ToolCall { id: tool.into(), name: tool.into(), arguments: json!({}) };
        let (answer, error) = tools.dispatch(&call, &mut context).await.unwrap().answer();
        assert!(!error, "{tool}: {answer}");
        for finding in answer["findings"].as_array().unwrap() {
            // The service puts names of its own model into SQL, which the check cannot tell from values of a request.
            let names = finding["file"] == "service/store.py" && finding["severity"] == "medium";
            assert!(names, "{tool}: {finding}");
        }
        assert!(answer["files"].as_u64().unwrap() > 10, "{tool}: {answer}");
    }
}
