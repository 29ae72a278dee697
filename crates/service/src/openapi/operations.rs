//! The paths and what can be done there.

use super::{parameters, schemas::set};
use crate::facts;
use crate::pages;
use maestro_artifacts::{Action, Entity, Rule, RuleKind, ServiceModel};
use serde_json::{Map, Value, json};

/// Adds the three paths of an entity.
pub(super) fn add(paths: &mut Map<String, Value>, model: &ServiceModel, entity: &Entity, name: &str) {
    let schema = |suffix: &str| json!({ "$ref": format!("#/components/schemas/{name}{suffix}") });
    let json_of = |suffix: &str| json!({ "application/json": { "schema": schema(suffix) } });
    let body = |suffix: &str| json!({ "required": true, "content": json_of(suffix) });
    let (one, many) = (&entity.name, &entity.plural);

    let mut list_content = json_of("-list");
    set(
        &mut list_content,
        "text/csv",
        json!({ "schema": {
        "type": "string",
        "description": "All matching records, not paged: a header line, then one line a record (RFC 4180).",
    } }),
    );
    let mut list = operation(model, entity, Action::List, &format!("list_{name}"), &format!("List {many}"));
    let listed = [parameters::filters(model, entity, &[]), parameters::paging(model, entity)].concat();
    add_parameters(&mut list, listed);
    respond(&mut list, "200", &format!("The {many} that match."), list_content);
    respond_problem(&mut list, 400);

    let mut create = operation(model, entity, Action::Create, &format!("create_{name}"), &format!("Create a {one}"));
    set(&mut create, "requestBody", body("-create"));
    respond(&mut create, "201", &format!("The new {one}."), json_of(""));
    if let Some(created) = create.pointer_mut("/responses/201") {
        let location = json!({ "description": "Its path.", "schema": { "type": "string" } });
        set(created, "headers", json!({ "Location": location }));
        let mut links = Map::new();
        for action in ["read", "update", "delete"] {
            let link =
                json!({ "operationId": format!("{action}_{name}"), "parameters": { "id": "$response.body#/id" } });
            links.insert(format!("{action}_{name}"), link);
        }
        set(created, "links", Value::Object(links));
    }
    for status in [400, 413, 422] {
        respond_problem(&mut create, status);
    }

    let mut read = operation(model, entity, Action::Read, &format!("read_{name}"), &format!("Read a {one}"));
    respond(&mut read, "200", &format!("The {one}."), json_of(""));
    respond_problem(&mut read, 404);

    let mut update = operation(model, entity, Action::Update, &format!("update_{name}"), &format!("Change a {one}"));
    set(&mut update, "requestBody", body("-patch"));
    respond(&mut update, "200", &format!("The changed {one}."), json_of(""));
    for status in [400, 404, 413, 422] {
        respond_problem(&mut update, status);
    }

    let mut delete = operation(model, entity, Action::Delete, &format!("delete_{name}"), &format!("Delete a {one}"));
    let others: Vec<&str> = model.going_with(&entity.key).map(|(from, _)| from.plural.as_str()).collect();
    let gone = if others.is_empty() {
        "It is gone; its id is never used again.".to_owned()
    } else {
        format!("It is gone, and so are its {}; their ids are never used again.", and(&others))
    };
    respond(&mut delete, "204", &gone, Value::Null);
    respond_problem(&mut delete, 404);
    if model.can_be_kept(entity) {
        respond_problem(&mut delete, 409);
    }

    let mut totals = operation(model, entity, Action::List, &format!("totals_{name}"), &format!("Totals of {many}"));
    set(&mut totals, "x-rules", totals_rules(model, entity));
    let about = "Counts the matching records by group and adds up every number and amount of money.";
    set(&mut totals, "description", json!(about));
    let grouped = [vec![parameters::by(model, entity)], parameters::filters(model, entity, &["by"])].concat();
    add_parameters(&mut totals, grouped);
    respond(&mut totals, "200", "One item a group.", json_of("-totals"));
    respond_problem(&mut totals, 400);

    let root = format!("/{}", entity.path);
    paths.insert(root.clone(), json!({ "get": list, "post": create }));
    paths.insert(format!("{root}/totals"), json!({ "get": totals }));
    paths.insert(
        format!("{root}/{{id}}"),
        json!({ "parameters": [parameters::id()], "get": read, "patch": update, "delete": delete }),
    );
}

/// Adds what is served beside the records, unless an entity has that path.
pub(super) fn add_built_in(paths: &mut Map<String, Value>, model: &ServiceModel) {
    let free = |path: &str| model.entities.iter().all(|entity| entity.path != path);
    let get = |id: &str, summary: &str, content: Value| json!({ "operationId": id, "summary": summary, "responses": { "200": { "description": summary, "content": content } } });
    let html = json!({ "text/html": { "schema": { "type": "string" } } });
    paths.insert("/".to_owned(), json!({ "get": get("start_page", "The pages of the service", html) }));
    if free("health") {
        let status = json!({ "type": "object", "properties": { "status": { "const": "ok" } }, "required": ["status"] });
        let content = json!({ "application/json": { "schema": status } });
        paths.insert("/health".to_owned(), json!({ "get": get("health", "Whether the service is up", content) }));
    }
    let document = json!({ "application/json": { "schema": { "type": "object" } } });
    paths.insert("/openapi.json".to_owned(), json!({ "get": get("openapi", "This document", document) }));
    let mut page = get("page", "A file of the pages", json!({ "*/*": { "schema": { "type": "string" } } }));
    add_parameters(
        &mut page,
        vec![
            json!({ "name": "file", "in": "path", "required": true, "schema": { "type": "string", "enum": pages::names() } }),
        ],
    );
    respond_problem(&mut page, 404);
    // Beside an entity with the path `web` the files are still there (their names have a dot, ids have none), but two
    // templates for one path cannot stand in a document.
    if free("web") {
        paths.insert("/web/{file}".to_owned(), json!({ "get": page }));
    }
}

/// The start of an operation: what it is called, who may do it, which rules it obeys.
fn operation(model: &ServiceModel, entity: &Entity, action: Action, id: &str, summary: &str) -> Value {
    let rules: Vec<&Rule> = facts::rules_of(model, entity, action).collect();
    let sentence = |rule: &&Rule| {
        // A rule of others, which a change of this record may not break.
        let others = facts::is_looked_at(model, entity, &rule.demand, action);
        let whose = if others {
            " (409 where another record would no longer fit)"
        } else if action == Action::Delete && facts::keeps_another(model, entity, &rule.demand) {
            " (409 where this is so of one that would be deleted with it)"
        } else {
            ""
        };
        format!("- {}: {}{whose}", rule.id, rule.message)
    };
    let sentences: Vec<_> = rules.iter().map(sentence).collect();
    let mut operation = json!({
        "operationId": id,
        "summary": summary,
        "tags": [entity.plural],
        "parameters": [parameters::role(model)],
        "responses": {},
        "x-rules": rules.iter().map(|rule| rule_value(rule)).collect::<Vec<_>>(),
    });
    if !sentences.is_empty() {
        set(&mut operation, "description", json!(sentences.join("\n")));
    }
    for rule in rules {
        if let Some(status) = facts::refuses_with(&rule.demand, action) {
            respond_problem(&mut operation, status);
        }
        if facts::is_looked_at(model, entity, &rule.demand, action) {
            respond_problem(&mut operation, 409);
        }
    }
    operation
}

/// `visits`, `visits and weighings`, each once.
fn and(names: &[&str]) -> String {
    let mut once: Vec<&str> = Vec::new();
    names.iter().for_each(|name| {
        if !once.contains(name) {
            once.push(name)
        }
    });
    match once.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        _ => once.concat(),
    }
}

fn totals_rules(model: &ServiceModel, entity: &Entity) -> Value {
    let found = model.rules.iter().filter(|rule| match &rule.demand {
        RuleKind::Totals { entity: of, .. }
        | RuleKind::ActionRole { entity: of, action: Action::List, .. }
        | RuleKind::ActionBarred { entity: of, action: Action::List, .. } => *of == entity.key,
        _ => false,
    });
    found.map(rule_value).collect()
}

/// A rule in machine-readable form.
pub(super) fn rule_value(rule: &Rule) -> Value {
    json!({ "id": rule.id, "sources": rule.sources, "message": rule.message })
}

fn add_parameters(operation: &mut Value, more: Vec<Value>) {
    match operation.get_mut("parameters") {
        Some(Value::Array(known)) => known.extend(more),
        _ => set(operation, "parameters", Value::Array(more)),
    }
}

fn respond(operation: &mut Value, status: &str, description: &str, content: Value) {
    let mut response = json!({ "description": description });
    if !content.is_null() {
        set(&mut response, "content", content);
    }
    if let Some(responses) = operation.get_mut("responses") {
        set(responses, status, response);
    }
}

fn respond_problem(operation: &mut Value, status: u16) {
    let description = match status {
        400 => "The parameters or the JSON are not well-formed.",
        403 => "The role may not do this.",
        404 => "There is no such record.",
        409 => "A change of state that is not allowed, a frozen record, or a conflict with other records.",
        413 => "The body is larger than 1 MiB.",
        _ => "A value is not valid.",
    };
    let content = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/problem" } } });
    respond(operation, &status.to_string(), description, content);
}
