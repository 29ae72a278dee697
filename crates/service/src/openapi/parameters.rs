//! The parameters of lists and totals.

use super::schemas::plain;
use crate::facts;
use maestro_artifacts::{Entity, FieldKind, RuleKind, ServiceModel};
use serde_json::{Value, json};

/// The caller's role.
pub(super) fn role(model: &ServiceModel) -> Value {
    json!({
        "name": "X-Role",
        "in": "header",
        "required": false,
        "description": "The caller's role. Case, spaces, hyphens and underscores do not count. Without it whatever is \
                        not restricted to roles is allowed.",
        "schema": { "type": "string" },
        "x-roles": model.roles,
    })
}

/// The id in a path.
pub(super) fn id() -> Value {
    json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } })
}

/// Filters and search, which lists and totals share; `taken` are the other parameters of the operation.
pub(super) fn filters(model: &ServiceModel, entity: &Entity, taken: &[&str]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let fields = entity.fields.iter().map(|field| (field.key.as_str(), field.name.as_str(), &field.kind));
    let all: Vec<_> = [("id", "id", &FieldKind::Integer)].into_iter().chain(fields).collect();
    let is_field = |name: &str| all.iter().any(|(key, ..)| *key == name);
    for (key, name, kind) in &all {
        if !facts::RESERVED.contains(key) && !taken.contains(key) {
            let about = format!(
                "Only records with this {name}, exactly. Given several times: with any of the values. Empty: without a value."
            );
            found.push(with_empty(query(key, &about, filter_schema(kind))));
        }
        if facts::is_ranged(kind) || *key == "id" {
            for (suffix, which) in [("from", "or more"), ("to", "or less")] {
                let parameter = format!("{key}_{suffix}");
                // The exact name of another field comes first.
                if !is_field(&parameter) && !taken.contains(&parameter.as_str()) {
                    let whole = if matches!(kind, FieldKind::DateTime) { " A date means the whole day." } else { "" };
                    found.push(query(
                        &parameter,
                        &format!("Only records with this {name} {which}.{whole}"),
                        filter_schema(kind),
                    ));
                }
            }
        }
    }
    found.push(query(
        "q",
        &format!("Only records with this text in {}, ignoring case.", searched(model, entity)),
        json!({ "type": "string" }),
    ));
    found
}

/// Order and page.
pub(super) fn paging(model: &ServiceModel, entity: &Entity) -> Vec<Value> {
    let (order, size) = facts::list_defaults(model, entity);
    let keys: Vec<String> = ["id"]
        .into_iter()
        .chain(entity.fields.iter().map(|field| field.key.as_str()))
        .flat_map(|key| [key.to_owned(), format!("-{key}")])
        .collect();
    let default = if order.is_empty() { vec!["id".to_owned()] } else { order };
    let mut sort = query(
        "sort",
        "Fields to sort by, first the most important; `-` for the largest first. Records without a value come last, \
         equal ones by id. Texts are sorted as people look them up: upper and lower case alike, letters with accents \
         beside those without.",
        json!({ "type": "array", "items": { "type": "string", "enum": keys }, "minItems": 1, "default": default }),
    );
    super::schemas::set(&mut sort, "style", json!("form"));
    super::schemas::set(&mut sort, "explode", json!(false));
    vec![
        sort,
        query(
            "page",
            "Which page, from 1.",
            json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000_000, "default": 1 }),
        ),
        query(
            "per_page",
            "Records a page.",
            json!({ "type": "integer", "minimum": 1, "maximum": facts::largest_page(model, entity), "default": size }),
        ),
    ]
}

/// What totals group by.
pub(super) fn by(model: &ServiceModel, entity: &Entity) -> Value {
    let mut parameter = query(
        "by",
        "The field to group by, of the record or of a referenced one; references with or without `_id`.",
        json!({ "type": "string", "enum": facts::totals_by(model, entity) }),
    );
    super::schemas::set(&mut parameter, "required", json!(true));
    parameter
}

fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
}

/// Lets the parameter be empty, whatever its schema says.
fn with_empty(mut parameter: Value) -> Value {
    super::schemas::set(&mut parameter, "allowEmptyValue", json!(true));
    parameter
}

/// A date-time can be asked for by its day too, so it has no format here.
fn filter_schema(kind: &FieldKind) -> Value {
    match kind {
        FieldKind::DateTime => json!({ "type": "string", "examples": ["2024-01-31T09:30:00Z", "2024-01-31"] }),
        kind => plain(kind),
    }
}

fn searched(model: &ServiceModel, entity: &Entity) -> String {
    let rules: Vec<_> = model
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::Search { entity: of, fields } if *of == entity.key => Some(fields),
            _ => None,
        })
        .collect();
    let named: Vec<_> = rules.iter().flat_map(|fields| fields.iter().map(|key| format!("`{key}`"))).collect();
    if named.is_empty() || rules.iter().any(|fields| fields.is_empty()) {
        "any text field".to_owned()
    } else {
        named.join(", ")
    }
}
