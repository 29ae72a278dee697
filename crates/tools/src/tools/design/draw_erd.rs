//! `draw_erd`: the records and their references as an entity-relationship diagram in Mermaid, and the states of each.

use crate::{
    Effect, Error, Tool, Workspace,
    escape::{markdown, mermaid},
    given::{self, model_schema},
};
use maestro_artifacts::{Entity, Field, FieldKind, RuleKind, ServiceModel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write as _;

pub(crate) struct DrawErd;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// Where to write the page
    #[serde(default = "path")]
    path: String,
}

fn path() -> String {
    "docs/diagrams/erd.md".to_owned()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    mermaid: String,
}

impl Tool for DrawErd {
    const NAME: &'static str = "draw_erd";
    const DESCRIPTION: &'static str = "Writes a page with the entity-relationship diagram of the model in Mermaid (keys, types, required or optional references, what is deleted with what) and a state diagram for each entity with a workflow.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let model = given::model(args.model, workspace)?;
        if model.entities.is_empty() {
            return Err(Error::Respond("the model has no entity: there is nothing to draw".to_owned()));
        }
        let mermaid = entities(&model)?;
        let mut page = format!("# Records of {}\n\n```mermaid\n{mermaid}\n```\n", markdown(&model.title));
        for entity in &model.entities {
            if let Some(states) = states(entity) {
                let _ = write!(page, "\n## States of {}\n\n```mermaid\n{states}\n```\n", markdown(&entity.plural));
            }
        }
        workspace.write(&args.path, page)?;
        Ok(Output { path: args.path, mermaid })
    }
}

fn required(model: &ServiceModel, entity: &Entity, field: &Field) -> bool {
    model.rules.iter().any(|rule| matches!(&rule.demand, RuleKind::Required { entity: e, field: f } if *e == entity.key && *f == field.key))
}

fn entities(model: &ServiceModel) -> Result<String, Error> {
    let mut text = "erDiagram".to_owned();
    for entity in &model.entities {
        let _ = write!(text, "\n  {}[\"{}\"] {{\n    integer id PK", entity.key, mermaid(&entity.name));
        for field in &entity.fields {
            let kind = match &field.kind {
                FieldKind::Text { .. } => "text",
                FieldKind::Integer | FieldKind::Reference { .. } => "integer",
                FieldKind::Decimal => "decimal",
                FieldKind::Money => "money",
                FieldKind::Date => "date",
                FieldKind::DateTime => "date_time",
                FieldKind::Boolean => "boolean",
                FieldKind::Enum { .. } => "enum",
            };
            let unique = model.rules.iter().any(|rule| matches!(&rule.demand, RuleKind::Unique { entity: e, fields, .. } if *e == entity.key && *fields == [field.key.clone()]));
            let mark = match (&field.kind, unique) {
                (FieldKind::Reference { .. }, true) => " FK, UK",
                (FieldKind::Reference { .. }, false) => " FK",
                (_, true) => " UK",
                _ => "",
            };
            let mut note = Vec::new();
            if let FieldKind::Enum { values } = &field.kind {
                note.push(values.join(" / "));
            }
            if required(model, entity, field) {
                note.push("required".to_owned());
            }
            if model.cascade(&entity.key, &field.key).is_some() {
                note.push("on delete cascade".to_owned());
            }
            if field.read_only {
                note.push("set by the service".to_owned());
            }
            let note = if note.is_empty() { String::new() } else { format!(" \"{}\"", mermaid(&note.join(", "))) };
            let _ = write!(text, "\n    {kind} {}{mark}{note}", field.key);
        }
        text.push_str("\n  }");
    }
    for entity in &model.entities {
        for field in &entity.fields {
            let FieldKind::Reference { entity: to } = &field.kind else { continue };
            if model.entity(to).is_none() {
                return Err(Error::Respond(format!(
                    "`{}.{}` refers to `{to}`, which is no entity",
                    entity.key, field.key
                )));
            }
            // One may have many of these; each of these has one, or at most one.
            let one = if required(model, entity, field) { "||" } else { "|o" };
            let _ = write!(text, "\n  {to} {one}--o{{ {} : \"{}\"", entity.key, mermaid(&field.name));
        }
    }
    Ok(text)
}

fn states(entity: &Entity) -> Option<String> {
    let flow = entity.workflow.as_ref()?;
    let id = |state: &String| flow.states.iter().position(|known| known == state).map(|at| format!("s{at}"));
    let mut text = "stateDiagram-v2".to_owned();
    for (at, state) in flow.states.iter().enumerate() {
        let _ = write!(text, "\n  state \"{}\" as s{at}", mermaid(state));
    }
    let _ = write!(text, "\n  [*] --> {}", id(&flow.initial)?);
    for transition in &flow.transitions {
        let _ = write!(text, "\n  {} --> {}", id(&transition.from)?, id(&transition.to)?);
    }
    for (at, state) in flow.states.iter().enumerate() {
        if !flow.transitions.iter().any(|transition| transition.from == *state) {
            let _ = write!(text, "\n  s{at} --> [*]");
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[tokio::test]
    async fn records_references_and_states() {
        let field = |key: &str, kind: Value| json!({"key": key, "name": key, "kind": kind, "sources": []});
        let entity = |key: &str, fields: Value| json!({"key": key, "name": key, "plural": format!("{key}s"), "path": key, "sources": [], "fields": fields});
        let mut loan = entity(
            "loan",
            json!([
                field("tool_id", json!({"type": "reference", "entity": "tool"})),
                field("status", json!({"type": "enum", "values": ["a\"b", "c"]}))
            ]),
        );
        loan["workflow"] = json!({"field": "status", "states": ["a\"b", "c"], "initial": "a\"b", "transitions": [{"from": "a\"b", "to": "c", "sources": []}], "sources": []});
        let model = json!({"title": "T", "roles": [], "entities": [entity("tool", json!([field("name", json!({"type": "text"}))])), loan],
            "rules": [{"id": "R-1", "sources": [], "message": "", "demand": {"kind": "required", "entity": "loan", "field": "tool_id"}},
                {"id": "R-2", "sources": [], "message": "", "demand": {"kind": "cascade", "entity": "loan", "field": "tool_id"}}]});
        let mut context = context();
        let got = run(DrawErd, json!({"model": model}), &mut context).await.unwrap();
        let drawing = got["mermaid"].as_str().unwrap();
        assert!(drawing.contains("  tool ||--o{ loan : \"tool_id\""), "{drawing}");
        assert!(
            drawing.contains("    enum status \"a#34;b / c\"")
                && drawing.contains("integer tool_id FK \"required, on delete cascade\""),
            "{drawing}"
        );
        let page = String::from_utf8(context.own["docs/diagrams/erd.md"].clone()).unwrap();
        assert!(page.contains("[*] --> s0\n  s0 --> s1\n  s1 --> [*]"), "{page}");
        let mut broken = model;
        broken["entities"].as_array_mut().unwrap().remove(0);
        let error = run(DrawErd, json!({"model": broken}), &mut context).await.unwrap_err();
        assert!(error.to_string().contains("`tool`, which is no entity"), "{error}");
    }
}
