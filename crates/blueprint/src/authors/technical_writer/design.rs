//! `docs/api.md`: the interface, from the OpenAPI document and the model.

use super::roles;
use crate::{
    escape::{code, md, shell},
    page::Page,
    phrases,
};
use maestro_artifacts::{Design, Entity, Field, FieldKind, Requirements, ServiceModel};
use serde_json::{Map, Value, json};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

pub(super) fn page(requirements: &Requirements, design: &Design) -> String {
    let model = &design.model;
    let mut page = Page::new(&format!("Interface of {}", md(&model.title)));
    page.text("The full description for programs is `openapi.json`; the running service serves it at `/openapi.json`.");
    conventions(&mut page, requirements);
    page.heading(2, "Operations");
    page.table(&["Operation", "What it does", "Answers"], operations(&design.openapi));
    for entity in &model.entities {
        describe(&mut page, model, entity);
    }
    page.finish()
}

fn conventions(page: &mut Page, requirements: &Requirements) {
    page.heading(2, "Conventions");
    page.bullets([
        "Examples assume `export BASE=http://127.0.0.1:8000`, the address of a service started with `PORT=8000`.",
        "Bodies are JSON objects. Dates are `YYYY-MM-DD`; times are RFC 3339, without offset they mean UTC; money is a string such as `\"12.50\"`.",
        "Lists answer `{\"items\", \"page\", \"per_page\", \"total\"}`. `?field=value` filters, `field_from` and `field_to` bound (both inclusive), \
         `sort=field` or `sort=-field` orders, `q=` searches, `page` and `per_page` turn pages.",
        "`Accept: text/csv` gets the whole list as CSV with a header line.",
        "`/x/totals?by=field` counts and adds up by group.",
        "Refusals are problem documents (`application/problem+json`) with `detail` and, where one is to blame, `field`: 400 or 422 \
         invalid, 403 not for this role, 404 no such record, 409 conflict or change of state that is not allowed, 413 too large.",
    ]);
    if requirements.concepts.roles.is_empty() {
        page.text("The epic names no roles; `X-Role` has no effect.");
    } else {
        page.text(&format!(
            "The header `X-Role` says in which role a request is made: {}. Case, spaces, hyphens and underscores make no difference.",
            roles(requirements)
        ));
    }
}

fn operations(openapi: &Value) -> Vec<Vec<String>> {
    let paths = openapi.get("paths").and_then(Value::as_object);
    let mut rows = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let text = |key: &str| operation.get(key).and_then(Value::as_str).map(md);
            let answers: Vec<_> = operation
                .get("responses")
                .and_then(Value::as_object)
                .map(|responses| responses.keys().map(|status| md(status)).collect())
                .unwrap_or_default();
            rows.push(vec![
                code(&format!("{} {path}", method.to_uppercase())),
                text("summary").or_else(|| text("description")).unwrap_or_default(),
                answers.join(", "),
            ]);
        }
    }
    rows
}

fn describe(page: &mut Page, model: &ServiceModel, entity: &Entity) {
    page.heading(2, &format!("{}: {}", code(&format!("/{}", entity.path)), md(&entity.plural)));
    page.table(
        &["Field", "Type", "In a request"],
        entity.fields.iter().map(|field| {
            let given = if field.read_only {
                "refused: the service sets it"
            } else if phrases::required(model, entity, field) {
                "required"
            } else {
                "may be left out"
            };
            vec![code(&field.key), phrases::type_of(model, field), given.to_owned()]
        }),
    );
    let rules: Vec<_> = phrases::rules_of(model, entity).map(phrases::rule_line).collect();
    if !rules.is_empty() {
        page.text("Rules:").bullets(rules);
    }
    if let Some(workflow) = &entity.workflow {
        page.text(&format!("A change of state is a change of {}:", code(&workflow.field)));
        page.table(&["From", "To"], workflow.transitions.iter().map(|way| vec![code(&way.from), code(&way.to)]));
    }
    examples(page, model, entity);
}

fn examples(page: &mut Page, model: &ServiceModel, entity: &Entity) {
    let path = &entity.path;
    let mut body = Map::new();
    for field in entity.fields.iter().filter(|field| phrases::required(model, entity, field) && !field.read_only) {
        body.insert(field.key.clone(), example(field));
    }
    let refers = entity.fields.iter().any(|field| matches!(field.kind, FieldKind::Reference { .. }));
    page.text(if refers {
        "Examples (ids must be those of records that exist, values those that the rules allow):"
    } else {
        "Examples (values must be those that the rules allow):"
    });
    let json = |value: Value| shell(&value.to_string());
    let mut lines = vec![
        format!("curl \"$BASE/{path}\""),
        format!("curl -X POST \"$BASE/{path}\" -H 'Content-Type: application/json' -d {}", json(Value::Object(body))),
        format!("curl \"$BASE/{path}/1\""),
    ];
    if let Some(field) = entity.fields.iter().find(|field| !field.read_only && !is_state(entity, field)) {
        let change = json!({ &field.key: example(field) });
        lines.push(format!("curl -X PATCH \"$BASE/{path}/1\" -H 'Content-Type: application/json' -d {}", json(change)));
    }
    if let Some((field, to)) = entity.workflow.as_ref().and_then(|w| Some((&w.field, &w.transitions.first()?.to))) {
        let change = json!({ field: to });
        lines.push(format!("curl -X PATCH \"$BASE/{path}/1\" -H 'Content-Type: application/json' -d {}", json(change)));
    }
    lines.push(format!("curl -H 'Accept: text/csv' \"$BASE/{path}\""));
    page.fence("sh", &lines.join("\n"));
}

fn is_state(entity: &Entity, field: &Field) -> bool {
    entity.workflow.as_ref().is_some_and(|workflow| workflow.field == field.key)
}

fn example(field: &Field) -> Value {
    match &field.kind {
        FieldKind::Text { .. } => json!(format!("A {}", field.name)),
        FieldKind::Integer => json!(1),
        FieldKind::Decimal => json!(1.5),
        FieldKind::Money => json!("12.50"),
        FieldKind::Date => json!("2030-01-31"),
        FieldKind::DateTime => json!("2030-01-31T09:00:00Z"),
        FieldKind::Boolean => json!(true),
        FieldKind::Enum { values } => json!(values.first()),
        FieldKind::Reference { .. } => json!(1),
    }
}
