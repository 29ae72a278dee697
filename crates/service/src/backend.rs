//! The Python package `service/`: the engine's files and the generated `model.py`.

use crate::offers;
use crate::python::{Literal, string};
use maestro_artifacts::{Entity, Field, FieldKind, Rule, RuleKind, ServiceModel, Workflow};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How the service starts, with the deliverable as working directory and `PORT` in the environment.
pub const START: [&str; 3] = ["python3", "-m", "service"];

/// The engine: the same files for every service.
const ENGINE: [(&str, &str); 33] = [
    ("service/__init__.py", include_str!("../assets/service/__init__.py")),
    ("service/__main__.py", include_str!("../assets/service/__main__.py")),
    ("service/change.py", include_str!("../assets/service/change.py")),
    ("service/conditions.py", include_str!("../assets/service/conditions.py")),
    ("service/csv_text.py", include_str!("../assets/service/csv_text.py")),
    ("service/expressions.py", include_str!("../assets/service/expressions.py")),
    ("service/operations.py", include_str!("../assets/service/operations.py")),
    ("service/problems.py", include_str!("../assets/service/problems.py")),
    ("service/queries.py", include_str!("../assets/service/queries.py")),
    ("service/reach.py", include_str!("../assets/service/reach.py")),
    ("service/routes.py", include_str!("../assets/service/routes.py")),
    ("service/rules/__init__.py", include_str!("../assets/service/rules/__init__.py")),
    ("service/rules/bounds.py", include_str!("../assets/service/rules/bounds.py")),
    ("service/rules/capacity.py", include_str!("../assets/service/rules/capacity.py")),
    ("service/rules/comparison.py", include_str!("../assets/service/rules/comparison.py")),
    ("service/rules/filling.py", include_str!("../assets/service/rules/filling.py")),
    ("service/rules/overlap.py", include_str!("../assets/service/rules/overlap.py")),
    ("service/rules/presence.py", include_str!("../assets/service/rules/presence.py")),
    ("service/rules/protection.py", include_str!("../assets/service/rules/protection.py")),
    ("service/rules/quota.py", include_str!("../assets/service/rules/quota.py")),
    ("service/rules/referrers.py", include_str!("../assets/service/rules/referrers.py")),
    ("service/rules/requirement.py", include_str!("../assets/service/rules/requirement.py")),
    ("service/rules/roles.py", include_str!("../assets/service/rules/roles.py")),
    ("service/rules/text.py", include_str!("../assets/service/rules/text.py")),
    ("service/rules/unique.py", include_str!("../assets/service/rules/unique.py")),
    ("service/rules/workflow.py", include_str!("../assets/service/rules/workflow.py")),
    ("service/schema.py", include_str!("../assets/service/schema.py")),
    ("service/server.py", include_str!("../assets/service/server.py")),
    ("service/store.py", include_str!("../assets/service/store.py")),
    ("service/together.py", include_str!("../assets/service/together.py")),
    ("service/totals.py", include_str!("../assets/service/totals.py")),
    ("service/values.py", include_str!("../assets/service/values.py")),
    ("service/view.py", include_str!("../assets/service/view.py")),
];

/// Characters that a text may have where no rule says more.
pub(crate) const LONGEST_TEXT: u32 = 10_000;

/// Keys that come first in the dicts of `model.py`, in this order; the others follow by name.
const KEY_ORDER: [&str; 26] = [
    "id", "kind", "sources", "message", "name", "plural", "path", "type", "expr", "test", "of", "moment", "measure",
    "entity", "parent", "child", "via", "field", "fields", "op", "initial", "from", "to", "left", "right", "value",
];

/// All files of the backend by path below the deliverable.
#[must_use]
pub fn backend_files(model: &ServiceModel) -> BTreeMap<String, String> {
    let mut files: BTreeMap<_, _> =
        ENGINE.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    files.insert("service/model.py".to_owned(), model_file(model));
    files
}

/// The text of a `service/model.py` with one rule taken out, which disables exactly that rule; `None` where it has no
/// such rule. Tests use it to show that every rule counts.
#[must_use]
pub fn without_rule(model_py: &str, id: &str) -> Option<String> {
    let head = format!("\n    {{\n        \"id\": {},\n", string(id));
    let start = model_py.find(&head)?;
    let end = start + model_py.get(start..)?.find("\n    },\n")? + "\n    },".len();
    Some(format!("{}{}", model_py.get(..start)?, model_py.get(end..)?))
}

fn model_file(model: &ServiceModel) -> String {
    let mut out = String::from(
        "\"\"\"What this service records and which rules hold.\n\n\
         ENTITIES: what is recorded. `by_rule` lists what is offered only as long as a rule below demands it; all other\n\
         operations, filters, sort orders and totals are offered anyway.\n\
         RULES: taking out an entry disables exactly that rule. `sources` are the statements that demand it.\n\"\"\"\n\n",
    );
    let _ = writeln!(out, "TITLE = {}\n", string(&model.title));
    out.push_str("ENTITIES = {\n");
    for entity in &model.entities {
        let _ = writeln!(out, "    {}: {},", string(&entity.key), entity_literal(model, entity).block(4));
    }
    out.push_str("}\n\nRULES = [\n");
    for rule in &model.rules {
        let _ = writeln!(out, "    {},", rule_literal(rule).block(4));
    }
    out.push_str("]\n");
    out
}

fn entity_literal(model: &ServiceModel, entity: &Entity) -> Literal {
    let fields = entity.fields.iter().map(|field| (field.key.clone(), field_literal(model, entity, field))).collect();
    let mut entries = vec![
        ("name".to_owned(), Literal::text(&entity.name)),
        ("plural".to_owned(), Literal::text(&entity.plural)),
        ("path".to_owned(), Literal::text(&entity.path)),
        ("fields".to_owned(), Literal::Dict(fields)),
    ];
    if let Some(workflow) = &entity.workflow {
        entries.push(("workflow".to_owned(), Literal::of(&workflow_value(workflow), &KEY_ORDER)));
    }
    let by_rule = offers::by_rule(model, entity);
    if !by_rule.is_empty() {
        entries.push(("by_rule".to_owned(), Literal::List(by_rule.iter().map(|name| Literal::text(name)).collect())));
    }
    Literal::Dict(entries)
}

fn workflow_value(workflow: &Workflow) -> Value {
    let ways: Vec<_> = workflow.transitions.iter().map(|way| json!({ "from": way.from, "to": way.to })).collect();
    json!({ "field": workflow.field, "initial": workflow.initial, "transitions": ways })
}

fn field_literal(model: &ServiceModel, entity: &Entity, field: &Field) -> Literal {
    let mut map = Map::new();
    map.insert("name".to_owned(), json!(field.name));
    let name = match &field.kind {
        FieldKind::Text { .. } => {
            let longest = longest_text(model, entity, field);
            if longest != LONGEST_TEXT {
                map.insert("longest".to_owned(), json!(longest));
            }
            "text"
        }
        FieldKind::Integer => "integer",
        FieldKind::Decimal => "decimal",
        FieldKind::Money => "money",
        FieldKind::Date => "date",
        FieldKind::DateTime => "date_time",
        FieldKind::Boolean => "boolean",
        FieldKind::Enum { values } => {
            map.insert("values".to_owned(), json!(values));
            "enum"
        }
        FieldKind::Reference { entity } => {
            map.insert("entity".to_owned(), json!(entity));
            "reference"
        }
    };
    map.insert("type".to_owned(), json!(name));
    if field.read_only {
        map.insert("read_only".to_owned(), json!(true));
    }
    Literal::of(&Value::Object(map), &KEY_ORDER)
}

/// The length that no text exceeds, so that nobody fills the disk; a rule that allows more raises it.
pub(crate) fn longest_text(model: &ServiceModel, entity: &Entity, field: &Field) -> u32 {
    let allowed = model.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::Length { entity: of, field: key, max, .. } if *of == entity.key && *key == field.key => *max,
        _ => None,
    });
    allowed.max().unwrap_or(0).max(LONGEST_TEXT)
}

/// The rule as one flat dict: its demand with id, sources and message.
fn rule_literal(rule: &Rule) -> Literal {
    let mut map = match json!(rule.demand) {
        Value::Object(map) => map,
        // A demand is a tagged enum, so it always is an object.
        _ => Map::new(),
    };
    map.insert("id".to_owned(), json!(rule.id));
    map.insert("sources".to_owned(), json!(rule.sources));
    map.insert("message".to_owned(), json!(rule.message));
    Literal::of(&Value::Object(map), &KEY_ORDER)
}
