//! Scenarios of tools by which work comes in and is handed over.

use super::desk::{Desk, expect, scenarios};
use maestro_domain::ArtifactKind;
use serde_json::json;
use std::sync::Arc;

scenarios! {
    read_artifact,
    read_epic,
    submit_work,
}

/// One entity of the model is read, not the whole design.
async fn read_artifact(mut desk: Desk) -> Result<(), String> {
    let design = json!({"model": {"entities": [{"key": "tool"}, {"key": "loan"}]}, "openapi": {"paths": {}}});
    desk.upstream(ArtifactKind::Design, design, &[("openapi.json", "{}")]);
    let read = desk.call("read_artifact", json!({"kind": "design", "at": "/model/entities/1"})).await?;
    expect(read["document"] == json!({"key": "loan"}) && read["files"] == json!(["openapi.json"]), &read)
}

/// The statements of a real epic come with their numbers.
async fn read_epic(mut desk: Desk) -> Result<(), String> {
    desk.context.epic = Arc::new(maestro_epic::read(&maestro_tests::example("epics/tool-library.md"), "epic").unwrap());
    let read = desk.call("read_epic", json!({})).await?;
    let count = read["statements"].as_array().map_or(0, Vec::len);
    expect(read["title"] == "Tool library" && count == desk.context.epic.statements.len() && count > 20, &count)
}

/// A document of another shape is refused; the right one ends the task.
async fn submit_work(mut desk: Desk) -> Result<(), String> {
    let wrong = desk.call("submit_work", json!({"document": {"dir": 7}})).await;
    expect(wrong.is_err() && desk.context.submitted.is_none(), &wrong)?;
    desk.call("submit_work", json!({"document": {"dir": "tests", "tests": []}})).await?;
    expect(desk.context.submitted == Some(json!({"dir": "tests", "tests": []})), &desk.context.submitted)
}
