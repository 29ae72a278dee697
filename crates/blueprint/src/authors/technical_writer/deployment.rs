//! `README.md` and `CHANGELOG.md`.

use super::{open_points, quoted};
use crate::{
    escape::{code, command, md},
    inputs::Inputs,
    page::Page,
    work::Refusal,
};
use maestro_artifacts::{Operations, Release, Requirements, ServiceModel, Understanding};
use maestro_domain::{ArtifactKind, StatementKind};
use std::collections::BTreeMap;

pub(super) fn pages(requirements: &Requirements, inputs: &Inputs) -> Result<BTreeMap<String, String>, Refusal> {
    let design = inputs.design()?;
    let operations = inputs.operations()?;
    let release: Release = inputs.document(ArtifactKind::Release)?;
    if release.steps.is_empty() || release.start.is_empty() {
        return Err(Refusal::empty(ArtifactKind::Release));
    }
    Ok(BTreeMap::from([
        ("CHANGELOG.md".to_owned(), changelog(requirements, &release)),
        ("README.md".to_owned(), readme(requirements, &design.model, &operations, &release)),
    ]))
}

fn readme(requirements: &Requirements, model: &ServiceModel, operations: &Operations, release: &Release) -> String {
    let mut page = Page::new(&md(&model.title));
    let plurals: Vec<_> = model.entities.iter().map(|entity| md(&entity.plural)).collect();
    page.text(&format!(
        "A service that keeps {}: pages for people, JSON and CSV for programs, one process, one file of records. It needs \
         Python 3.11 or newer and nothing else.",
        plurals.join(", ")
    ));
    page.heading(2, "Start");
    page.fence("sh", &format!("{}=8000 {}", operations.port_env, command(&release.start)));
    page.text(
        "Then open <http://127.0.0.1:8000/>. Records are kept in `data/`, or in the folder that `DATA_DIR` names. Stop it with \
         Ctrl-C or SIGTERM.",
    );
    page.text(&format!(
        "In a container: `docker compose up --build` ({}, {}).",
        code(&operations.container),
        code(&operations.composition)
    ));
    page.heading(2, "Test");
    page.fence(
        "sh",
        &format!(
            "{}\npython3 -m unittest discover -s integration\npython3 -m unittest discover -s {}",
            command(&operations.test),
            release.check_dir
        ),
    );
    page.text(
        "The first are the acceptance tests, the second the smoke and contract tests, the third the start check.",
    );
    page.heading(2, "What it does");
    let stories: Vec<_> = requirements.items.iter().filter(|item| item.kind == StatementKind::Story).collect();
    if stories.is_empty() {
        page.bullets(built(requirements).map(quoted));
    } else {
        page.bullets(stories.into_iter().filter(|item| is_built(&item.understanding)).map(quoted));
    }
    let open = open_points(requirements);
    if !open.is_empty() {
        page.heading(2, "What it does not do").bullets(open);
    }
    page.heading(2, "Where things are");
    page.table(&["Path", "What it is"], layout(operations, release));
    page.finish()
}

fn layout(operations: &Operations, release: &Release) -> Vec<Vec<String>> {
    let row = |path: &str, what: &str| vec![code(path), what.to_owned()];
    vec![
        row("service/", "the service; `service/model.py` holds what is recorded and the rules by id"),
        row("web/", "the pages"),
        row("openapi.json", "the interface, for programs"),
        row("docs/guide.md", "how to use it"),
        row("docs/api.md", "the interface, for people"),
        row("docs/requirements.md", "what was asked, by id"),
        row("docs/testing.md", "which test proves what"),
        row("docs/architecture.md", "how it is built; decisions in `docs/adr/`"),
        row("docs/domain-model.md", "records, fields, states, rules"),
        row("docs/screens.md", "screens and flows"),
        row("security/threat-model.md", "threats, checks, findings"),
        row("deploy/release.md", "how to release; `deploy/rollback.md` is the way back"),
        row(&format!("{}/", release.check_dir), "the start check"),
        row("integration/", "smoke and contract tests"),
        row(&operations.pipeline, "the pipeline"),
    ]
}

fn is_built(understanding: &Understanding) -> bool {
    matches!(understanding, Understanding::Rules { .. } | Understanding::Criteria)
}

fn built(requirements: &Requirements) -> impl Iterator<Item = &maestro_artifacts::Requirement> {
    requirements.items.iter().filter(|item| is_built(&item.understanding))
}

fn changelog(requirements: &Requirements, release: &Release) -> String {
    let mut page = Page::new("Changelog");
    page.text("Versions follow Semantic Versioning. The newest comes first.");
    page.heading(2, &md(&release.version));
    page.heading(3, "Added").bullets(built(requirements).map(quoted));
    let open = open_points(requirements);
    if !open.is_empty() {
        page.heading(3, "Not in this version").bullets(open);
    }
    page.finish()
}
