//! `docs/testing.md`: how to run the tests, and which test proves which statement.

use super::open_points;
use crate::{
    escape::{code, command, md},
    inputs::Inputs,
    page::Page,
    work::Refusal,
};
use maestro_artifacts::{Requirements, SecurityReport, TestPlan};
use maestro_domain::{ArtifactKind, StatementKind};

pub(super) fn page(requirements: &Requirements, inputs: &Inputs) -> Result<String, Refusal> {
    let operations = inputs.operations()?;
    let plan: TestPlan = inputs.document(ArtifactKind::Tests)?;
    let security: SecurityReport = inputs.document(ArtifactKind::Security)?;
    let mut page = Page::new(&format!("Testing {}", md(&requirements.concepts.title)));
    page.heading(2, "Run the tests");
    page.text(&format!(
        "The acceptance tests lie in {}. They come from the criteria, start the service by themselves on a free port with an \
         empty data folder, and need nothing but Python 3.11. In the folder of the deliverable:",
        code(&plan.dir)
    ));
    page.fence("sh", &command(&operations.test));
    page.heading(2, "What proves what");
    let wanted: Vec<_> = requirements
        .items
        .iter()
        .filter(|item| item.kind == StatementKind::Criterion || plan.tests.iter().any(|t| t.covers.contains(&item.id)))
        .collect();
    page.table(
        &["Statement", "Words", "Tests"],
        wanted.iter().map(|item| {
            let tests: Vec<_> =
                plan.tests.iter().filter(|test| test.covers.contains(&item.id)).map(|t| code(&t.name)).collect();
            let tests = if tests.is_empty() { "none".to_owned() } else { tests.join("<br>") };
            vec![item.id.to_string(), md(&item.text), tests]
        }),
    );
    let open = open_points(requirements);
    if !open.is_empty() {
        page.heading(2, "What no test proves").bullets(open);
    }
    page.heading(2, "Security checks");
    page.table(
        &["Check", "Files read", "Findings"],
        security.checks.iter().map(|check| {
            let found = security.findings.iter().filter(|finding| finding.check == check.name).count();
            vec![code(&check.name), check.files.to_string(), found.to_string()]
        }),
    );
    page.text("Threats and findings stand in `security/threat-model.md`.");
    Ok(page.finish())
}
