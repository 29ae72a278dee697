//! The OpenAPI 3.1 document of a service: everything that it answers, and nothing else.

mod operations;
mod parameters;
mod schemas;

use crate::facts;
use maestro_artifacts::{Action, Entity, FieldKind, Measure, RuleKind, ServiceModel};
use serde_json::{Map, Value, json};

/// The document that matches the service of this model.
#[must_use]
pub fn openapi(model: &ServiceModel) -> Value {
    let mut paths = Map::new();
    let mut components = Map::new();
    for (index, entity) in model.entities.iter().enumerate() {
        let name = schema_name(entity, index);
        operations::add(&mut paths, model, entity, &name);
        let mut read = schemas::read(model, entity);
        schemas::set(&mut read, "x-rules", rules_value(model, entity));
        if let Some(workflow) = workflow_value(model, entity) {
            schemas::set(&mut read, "x-workflow", workflow);
        }
        components.insert(name.clone(), read);
        components.insert(format!("{name}-create"), schemas::create(model, entity));
        components.insert(format!("{name}-patch"), schemas::patch(model, entity));
        components.insert(format!("{name}-list"), list(model, entity, &name));
        components.insert(format!("{name}-totals"), totals(model, entity));
    }
    operations::add_built_in(&mut paths, model);
    components.insert("problem".to_owned(), problem());
    json!({
        "openapi": "3.1.0",
        "info": { "title": model.title, "version": "1.0.0", "description": DESCRIPTION },
        "servers": [{ "url": "/" }],
        "tags": model.entities.iter().map(|entity| json!({ "name": entity.plural })).collect::<Vec<_>>(),
        "paths": paths,
        "components": { "schemas": components },
    })
}

const DESCRIPTION: &str = "A record-keeping service.\n\n\
    A request is decided in this order; the first reason to refuse it is the answer: the body's size (413), the path \
    (404), the method (405, with Allow), a browser's page of another \
    site that wants to change something (403), the JSON (400), the record (404), a change of state that the workflow does not \
    know (409), a record that cannot be changed or deleted any more, or one that would be deleted with it (409), the role (403), values that cannot be read, \
    unknown and read-only fields (422), rules about values (422), rules against other records (409), among them those of others that \
    look at this one: nothing can be changed so that one of them no longer fits. Rules are checked on the record \
    as it would be stored, after defaults. All problems of one kind are listed in `errors`.\n\n\
    Money is a decimal text with two places. A date and time without an offset means UTC. Every GET also answers HEAD, \
    every path OPTIONS; other methods are answered with 405 and Allow. A body may have at most 1 MiB. An amount of money \
    may also be given as a JSON number.";

/// The component name: the entity's key, which cannot clash with the suffixed ones as keys have no hyphen.
fn schema_name(entity: &Entity, index: usize) -> String {
    let plain = entity.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && entity.key != "problem" { entity.key.clone() } else { format!("entity-{}", index + 1) }
}

fn list(model: &ServiceModel, entity: &Entity, name: &str) -> Value {
    json!({
        "type": "object",
        "properties": {
            "items": { "type": "array", "items": { "$ref": format!("#/components/schemas/{name}") } },
            "page": { "type": "integer", "minimum": 1 },
            "per_page": { "type": "integer", "minimum": 1, "maximum": facts::largest_page(model, entity) },
            "total": { "type": "integer", "minimum": 0, "description": "How many match on all pages." },
        },
        "required": ["items", "page", "per_page", "total"],
        "additionalProperties": false,
    })
}

fn totals(model: &ServiceModel, entity: &Entity) -> Value {
    let mut properties = Map::new();
    properties.insert(
        "value".to_owned(),
        json!({ "description": "The value that the records of the group share; null for those without one." }),
    );
    properties.insert("count".to_owned(), json!({ "type": "integer", "minimum": 1 }));
    let mut names = vec![json!("value"), json!("count")];
    for field in entity.fields.iter().filter(|field| facts::is_numeric(&field.kind)) {
        let taken = properties.contains_key(&field.key);
        let name = if taken { format!("sum_{}", field.key) } else { field.key.clone() };
        let mut schema = number_schema(&field.kind);
        schemas::set(&mut schema, "description", json!(format!("The sum of {}.", field.name)));
        properties.insert(name.clone(), schema);
        names.push(json!(name));
    }
    for rule in &model.rules {
        let RuleKind::Totals { entity: of, measures, by } = &rule.demand else { continue };
        for measure in measures.iter().filter(|_| *of == entity.key) {
            let (word, key) = match measure {
                Measure::Average { field } => ("average", field),
                Measure::Min { field } => ("min", field),
                Measure::Max { field } => ("max", field),
                Measure::Count | Measure::Sum { .. } => continue,
            };
            let mut schema = entity.field(key).map_or_else(|| json!({}), |field| number_schema(&field.kind));
            if let Some(kind) = schema.get("type").cloned() {
                schemas::set(&mut schema, "type", json!([kind, "null"]));
            }
            let about = format!("The {word} of {key}, where grouped by {}.", by.join("."));
            schemas::set(&mut schema, "description", json!(about));
            properties.insert(format!("{word}_{key}"), schema);
        }
    }
    json!({
        "type": "object",
        "properties": {
            "by": { "type": "string" },
            "items": {
                "type": "array",
                "description": "One item a group, by value.",
                "items": {
                    "type": "object",
                    "properties": properties,
                    "required": names,
                    "additionalProperties": false,
                },
            },
        },
        "required": ["by", "items"],
        "additionalProperties": false,
    })
}

fn number_schema(kind: &FieldKind) -> Value {
    match kind {
        FieldKind::Integer | FieldKind::Decimal => json!({ "type": "number" }),
        FieldKind::Money => json!({ "type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$" }),
        _ => json!({ "type": "string" }),
    }
}

fn problem() -> Value {
    let what = json!({
        "detail": { "type": "string", "description": "What stands against the request, for people." },
        "field": { "type": "string", "description": "The field or parameter to blame." },
        "rule": { "type": "string", "description": "The rule that is broken." },
        "criteria": { "type": "array", "items": { "type": "string" }, "description": "The statements it comes from." },
    });
    let mut properties = json!({
        "type": { "type": "string" },
        "title": { "type": "string" },
        "status": { "type": "integer" },
        "errors": {
            "type": "array",
            "description": "All problems where there are several; the first is that of the document itself.",
            "items": { "type": "object", "properties": what, "required": ["detail"], "additionalProperties": false },
        },
    });
    if let (Value::Object(all), Value::Object(what)) = (&mut properties, what) {
        all.extend(what);
    }
    json!({
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "properties": properties,
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": false,
    })
}

fn rules_value(model: &ServiceModel, entity: &Entity) -> Value {
    let all = [Action::Create, Action::Read, Action::List, Action::Update, Action::Delete];
    let of_entity = model.rules.iter().filter(|rule| {
        all.iter().any(|action| facts::rules_of(model, entity, *action).any(|found| found.id == rule.id))
            || matches!(&rule.demand, RuleKind::Totals { entity: of, .. } if *of == entity.key)
    });
    of_entity.map(operations::rule_value).collect()
}

fn workflow_value(model: &ServiceModel, entity: &Entity) -> Option<Value> {
    let workflow = entity.workflow.as_ref()?;
    let ways: Vec<_> = workflow
        .transitions
        .iter()
        .map(|way| {
            let roles = facts::transition_roles(model, entity, way);
            let requires = facts::transition_requires(model, entity, way);
            json!({ "from": way.from, "to": way.to, "roles": roles, "requires": requires })
        })
        .collect();
    Some(json!({
        "field": workflow.field,
        "states": workflow.states,
        "initial": workflow.initial,
        "transitions": ways,
    }))
}
