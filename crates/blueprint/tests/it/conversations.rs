//! Each persona's conversation: what it reads, what it hands over, and what it says when something is missing.

use crate::{
    fixture::{epic, requirements, team_with},
    team::{Artifact, End, ORDER, Team, ask},
};
use maestro_artifacts::{Design, Documents, Integration, Operations, Release, SecurityReport, TestPlan, Understanding};
use maestro_blueprint::{Blueprint, reads};
use maestro_domain::{ArtifactKind, Epic, PersonaId, Phase};
use maestro_ports::model::{Error, Message, Model, Request, Silent};
use serde::de::DeserializeOwned;
use serde_json::json;

fn document<T: DeserializeOwned>(team: &Team, kind: ArtifactKind) -> T {
    serde_json::from_value(team.artifacts[&kind].document.clone()).unwrap()
}

#[tokio::test]
async fn the_whole_team_turns_an_epic_into_a_deliverable() {
    let mut team = Team::new(epic());
    for (phase, persona) in ORDER {
        let artifact = team.done(phase, persona).await;
        assert!(!artifact.files.is_empty(), "{persona} in {phase} wrote nothing");
        for (path, text) in &artifact.files {
            assert!(!text.trim().is_empty() && text.ends_with('\n'), "{path} is empty or not ended");
        }
    }
    for path in [
        "docs/requirements.json",
        "docs/requirements.md",
        "docs/screens.md",
        "openapi.json",
        "docs/architecture.md",
        "docs/domain-model.md",
        "docs/adr/0001-standard-library-only.md",
        "docs/api.md",
        "service/__main__.py",
        "service/model.py",
        "web/index.html",
        "Dockerfile",
        ".github/workflows/ci.yml",
        "compose.yaml",
        "docs/guide.md",
        "docs/testing.md",
        "security/threat-model.md",
        "security/findings.json",
        "deploy/release.md",
        "deploy/rollback.md",
        "deploy/checks/test_start.py",
        "integration/test_smoke.py",
        "integration/test_contract.py",
        "README.md",
        "CHANGELOG.md",
    ] {
        assert!(team.files.contains_key(path), "{path} is missing");
    }
    let design: Design = document(&team, ArtifactKind::Design);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&team.files["openapi.json"]).unwrap(), design.openapi);
    let records = team.files.keys().filter(|path| path.starts_with("docs/adr/")).count();
    assert_eq!(records, design.decisions.len());
    let plan: TestPlan = document(&team, ArtifactKind::Tests);
    assert!(!plan.tests.is_empty());
    let integration: Integration = document(&team, ArtifactKind::Integration);
    let entity = &design.model.entities[0];
    assert!(integration.operations.contains(&format!("POST /{}", entity.path)), "{:?}", integration.operations);
    let operations: Operations = document(&team, ArtifactKind::Operations);
    let release: Release = document(&team, ArtifactKind::Release);
    assert_eq!(operations.start, release.start);
}

#[tokio::test]
async fn the_same_requirements_give_the_same_files_and_documents() {
    let (one, other) = (team_with(requirements("word")).all().await, team_with(requirements("word")).all().await);
    assert_eq!(one.files, other.files);
    for (kind, artifact) in &one.artifacts {
        assert_eq!(artifact.document, other.artifacts[kind].document, "{kind}");
    }
}

#[tokio::test]
async fn reading_comes_first_and_handing_over_last() {
    for (phase, persona) in ORDER {
        let message = Message::User { text: format!("phase: {phase}\npersona: {persona}") };
        let reply = ask(persona, &[message]).await.unwrap();
        let read: Vec<_> = reply
            .calls
            .iter()
            .filter(|call| call.name == "read_artifact")
            .map(|call| ArtifactKind::from_id(call.arguments["kind"].as_str().unwrap()).unwrap())
            .collect();
        assert_eq!(read, reads(persona, phase), "{persona} in {phase}");
        assert!(!reply.calls.iter().any(|call| matches!(call.name.as_str(), "write_file" | "submit_work")));
    }
}

#[tokio::test]
async fn a_missing_or_emptied_artifact_ends_every_task_that_reads_it() {
    let full = team_with(requirements("word")).all().await;
    for (phase, persona) in ORDER {
        for kind in reads(persona, phase) {
            let mut team = Team::new(full.epic.clone());
            team.artifacts = full.artifacts.clone();
            team.artifacts.remove(&kind);
            let End::Said(text) = team.work(phase, persona).await else { panic!("{persona} works without {kind}") };
            assert!(text.contains(&format!("nobody has handed over `{kind}` yet")), "{text}");
            team.artifacts.insert(kind, Artifact { document: json!({}), files: [].into() });
            let End::Said(text) = team.work(phase, persona).await else {
                panic!("{persona} works from an empty {kind}")
            };
            assert!(text.contains(&format!("`{kind}` cannot be read")), "{text}");
        }
    }
}

#[tokio::test]
async fn an_epic_without_records_is_said_to_be_beyond_this_author() {
    let mut document = requirements("word");
    document["concepts"]["entities"] = json!([]);
    document["concepts"]["rules"] = json!([]);
    let mut team = team_with(document);
    team.done(Phase::Requirements, PersonaId::UiUxDesigner).await;
    let page = team.done(Phase::Requirements, PersonaId::TechnicalWriter).await;
    assert!(page.files["docs/requirements.md"].contains("Not understood: \"word\" (no rule says word)"));
    let End::Refused(Error::Unable { model, reason }) = team.work(Phase::Design, PersonaId::SolutionArchitect).await
    else {
        panic!("the architect designs something without records")
    };
    assert_eq!(model, "blueprint");
    assert!(reason.starts_with("the epic names no records to keep"), "{reason}");
}

#[tokio::test]
async fn an_empty_epic_is_refused_in_words() {
    let mut team = Team::new(Epic { title: "T".into(), statements: Vec::new() });
    let end = team.work(Phase::Requirements, PersonaId::RequirementsAnalyst).await;
    assert!(matches!(end, End::Said(text) if text.contains("the epic states nothing")));
}

#[tokio::test]
async fn requests_that_are_none_are_refused() {
    let user = |text: &str| vec![Message::User { text: text.to_owned() }];
    let error = ask(PersonaId::QaEngineer, &user("phase: lunch")).await.unwrap_err();
    assert!(error.to_string().contains("no line `phase: <id>`"), "{error}");
    assert!(matches!(ask(PersonaId::QaEngineer, &[]).await, Err(Error::BadRequest { .. })));
    // Asked for an answer alone, it says what it is for.
    let request =
        Request { persona: "qa_engineer".to_owned(), messages: user("Which day is it?"), ..Request::default() };
    assert!(matches!(Blueprint.complete(&request, &Silent).await, Err(Error::Unable { .. })));
}

#[tokio::test]
async fn a_refused_hand_over_is_not_tried_again() {
    let call = maestro_ports::model::ToolCall { id: "submit".into(), name: "submit_work".into(), arguments: json!({}) };
    let messages = [
        Message::User { text: "phase: requirements".into() },
        Message::Assistant { text: String::new(), calls: vec![call], thoughts: vec![] },
        Message::Tool { call: "submit".into(), result: json!({"error": "no `items`"}), error: true },
    ];
    let reply = ask(PersonaId::RequirementsAnalyst, &messages).await.unwrap();
    assert!(reply.calls.is_empty());
    assert_eq!(reply.text, "The tool `submit_work` refused my work: no `items`");
}

#[tokio::test]
async fn security_takes_over_what_the_checks_found_and_a_grave_finding_stops_the_release() {
    let mut team = team_with(requirements("word"));
    team.done(Phase::Requirements, PersonaId::UiUxDesigner).await;
    team.done(Phase::Design, PersonaId::SolutionArchitect).await;
    team.done(Phase::Implementation, PersonaId::DevopsEngineer).await;
    let finding = |severity: &str| json!([{"check": "code", "severity": severity, "file": "service/x.py", "line": 3, "message": "bad"}]);
    team.findings = finding("low");
    let report = team.done(Phase::Testing, PersonaId::SecuritySpecialist).await;
    let typed: SecurityReport = serde_json::from_value(report.document.clone()).unwrap();
    assert_eq!(report.document["findings"], team.findings);
    assert_eq!(
        typed.checks.iter().map(|check| check.name.as_str()).collect::<Vec<_>>(),
        ["secrets", "dependencies", "code"]
    );
    assert!(typed.threats.iter().all(|threat| !threat.mitigation.is_empty()));
    let says = |words: &str| typed.threats.iter().any(|threat| threat.threat.contains(words));
    assert!(says("personal data of loans (email word)"), "{:?}", typed.threats);
    assert!(says("price word") && says("X-Role") && says("stage"), "{:?}", typed.threats);
    let release = team.done(Phase::Deployment, PersonaId::DeploymentSpecialist).await;
    assert!(release.files["deploy/release.md"].contains("Known finding: `service/x.py` line 3: bad"));

    let mut report = report;
    report.document["findings"] = finding("high");
    for path in release.files.keys() {
        team.files.remove(path);
    }
    team.artifacts.insert(ArtifactKind::Security, report);
    let end = team.work(Phase::Deployment, PersonaId::DeploymentSpecialist).await;
    assert!(matches!(end, End::Said(text) if text.contains("high severity: service/x.py:3: bad")));
}

#[tokio::test]
async fn the_writer_explains_every_statement_and_names_what_is_open() {
    let mut team = Team::new(epic());
    team.done(Phase::Requirements, PersonaId::RequirementsAnalyst).await;
    let page = team.done(Phase::Requirements, PersonaId::TechnicalWriter).await;
    let typed: Documents = serde_json::from_value(page.document).unwrap();
    let requirements: maestro_artifacts::Requirements = document(&team, ArtifactKind::Requirements);
    assert_eq!(typed.explains, requirements.items.iter().map(|item| item.id.clone()).collect::<Vec<_>>());
    let text = &page.files["docs/requirements.md"];
    for item in requirements.unknown() {
        let Understanding::Unknown { .. } = &item.understanding else { continue };
        assert!(text.contains(&format!("**{}** is not built", item.id)), "{} is hidden", item.id);
    }
}
