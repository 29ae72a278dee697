//! Exit criteria of the design phase: the model carries every rule, the API document carries the model.

use super::{Judge, View};
use maestro_artifacts::{Design, Requirements};
use maestro_domain::{ArtifactKind, PersonaId};
use serde_json::Value;

pub(super) fn judge(judge: &mut Judge, view: &View) {
    let architect = PersonaId::SolutionArchitect;
    let Some(design) = view.document::<Design>(ArtifactKind::Design) else { return };
    let Some(requirements) = view.document::<Requirements>(ArtifactKind::Requirements) else { return };

    judge.check("model_carries_every_rule");
    for rule in &requirements.concepts.rules {
        if !design.model.rules.iter().any(|other| other.demand == rule.demand && other.sources == rule.sources) {
            judge.find(architect, format!("the model lost the rule `{}`: {}", rule.id, rule.message));
        }
    }
    judge.check("model_carries_every_entity");
    for entity in &requirements.concepts.entities {
        let kept = design.model.entity(&entity.key);
        if kept.is_none_or(|kept| entity.fields.iter().any(|field| kept.field(&field.key).is_none())) {
            judge.find(architect, format!("the model lost `{}` or one of its fields", entity.name));
        }
    }

    judge.check("api_document_carries_the_model_and_is_one");
    let written: Option<Value> = serde_json::from_str(view.text("openapi.json")).ok();
    if written.as_ref() != Some(&design.openapi) {
        judge.find(architect, "`openapi.json` is not the document that was handed over");
    }
    for fault in maestro_tools::openapi_faults(&design.openapi) {
        judge.find(architect, format!("the API document is broken at {fault}"));
    }
    for entity in &design.model.entities {
        for (path, methods) in [
            (format!("/{}", entity.path), &["get", "post"][..]),
            (format!("/{}/{{id}}", entity.path), &["get", "patch", "delete"]),
        ] {
            let operations = design.openapi.get("paths").and_then(|paths| paths.get(&path));
            if !methods.iter().all(|method| operations.is_some_and(|operations| operations.get(method).is_some())) {
                judge.find(architect, format!("the API document lacks operations of `{path}`"));
            }
        }
    }

    judge.check("decisions_and_diagrams_written");
    let records = view.files.keys().filter(|path| path.starts_with("docs/adr/") && !view.text(path).is_empty()).count();
    if design.decisions.is_empty() || records < design.decisions.len() {
        judge.find(architect, "a decision has no record below `docs/adr/`");
    }
    if !view.text("docs/architecture.md").contains("```mermaid") {
        judge.find(architect, "`docs/architecture.md` holds no diagram");
    }
}
