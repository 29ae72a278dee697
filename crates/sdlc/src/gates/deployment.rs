//! Exit criteria of the deployment phase: the service was really started and exercised, and there is a way back.

use super::{Judge, View};
use maestro_artifacts::{Design, Integration, Operations, Release};
use maestro_domain::{ArtifactKind, PersonaId};

pub(super) fn judge(judge: &mut Judge, view: &View) {
    if view.scope.has(PersonaId::DeploymentSpecialist) {
        release(judge, view);
    }
    if view.scope.has(PersonaId::IntegrationTester) {
        integration(judge, view);
    }
}

/// The service starts, and there is a way to a release and back.
fn release(judge: &mut Judge, view: &View) {
    let deployer = PersonaId::DeploymentSpecialist;
    judge.check("it_starts");
    evidence(judge, view, deployer, "deployment/start");
    judge.check("release_and_rollback_planned");
    if let Some(release) = view.document::<Release>(ArtifactKind::Release) {
        if release.steps.is_empty() || release.rollback.is_empty() {
            judge.find(deployer, "the release or the way back has no steps");
        }
        let operations = view.document::<Operations>(ArtifactKind::Operations);
        if operations.is_none_or(|operations| operations.start != release.start) {
            judge.find(deployer, "the release starts something else than the operations do");
        }
    }
}

/// The running service answers as its interface says.
fn integration(judge: &mut Judge, view: &View) {
    let tester = PersonaId::IntegrationTester;
    judge.check("it_answers_as_documented");
    evidence(judge, view, tester, "deployment/integration");
    judge.check("every_operation_is_exercised");
    let integration = view.document::<Integration>(ArtifactKind::Integration);
    let design = view.document::<Design>(ArtifactKind::Design);
    if let (Some(integration), Some(design)) = (integration, design) {
        for operation in operations(&design.openapi) {
            if !integration.operations.contains(&operation) {
                judge.find(tester, format!("no contract test calls `{operation}`"));
            }
        }
    }
}

fn evidence(judge: &mut Judge, view: &View, persona: PersonaId, job: &str) {
    match view.evidence.iter().find(|evidence| evidence.job == job) {
        None => judge.find(persona, format!("the referee has not run `{job}`")),
        Some(evidence) if evidence.tests.is_empty() => judge.find(persona, format!("`{job}` ran no test")),
        Some(evidence) if !evidence.success() => {
            let failed = evidence.tests.iter().find(|test| test.outcome != maestro_domain::TestOutcome::Passed);
            let message: String = failed.map_or_else(
                || evidence.exit.to_string(),
                |test| format!("{}: {}", test.name, test.message).chars().take(400).collect(),
            );
            judge.find(persona, format!("`{job}` failed: {message}"));
        }
        Some(_) => {}
    }
}

/// `GET /loans` and the like, for every operation of an OpenAPI document.
fn operations(openapi: &serde_json::Value) -> Vec<String> {
    const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
    let paths = openapi.get("paths").and_then(|paths| paths.as_object());
    let of_path = |(path, item): (&String, &serde_json::Value)| {
        let methods = METHODS.iter().filter(|method| item.get(**method).is_some());
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.into_iter().flatten().flat_map(of_path).collect()
}
