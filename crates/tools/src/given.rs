//! What several tools are given: statements and models, as arguments or, where these are left out, from the task itself.

use crate::{Error, Workspace};
use maestro_artifacts::ServiceModel;
use maestro_domain::{ArtifactKind, Epic, StatementKind};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// A statement as an argument.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statement {
    /// Its id, such as `AC-2.1`
    pub(crate) id: String,
    /// Its words
    pub(crate) text: String,
}

/// The statements given or, without any, those of the epic that demand something.
pub(crate) fn statements(given: Option<Vec<Statement>>, epic: &Epic) -> Vec<Statement> {
    given.unwrap_or_else(|| {
        let traced = epic.statements.iter().filter(|statement| statement.kind.traced());
        traced.map(|s| Statement { id: s.id.to_string(), text: s.text.clone() }).collect()
    })
}

/// The kind of a statement by its id.
pub(crate) fn kind(id: &str) -> Option<StatementKind> {
    let kinds = [
        StatementKind::Story,
        StatementKind::Criterion,
        StatementKind::Rule,
        StatementKind::Functional,
        StatementKind::NonFunctional,
        StatementKind::Narrative,
    ];
    let (prefix, _) = id.split_once('-')?;
    kinds.into_iter().find(|kind| kind.prefix() == prefix)
}

/// The schema of a service model as an argument: its members and no more, because its rules have many forms.
pub(crate) fn model_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["object", "null"],
        "properties": {
            "title": {"type": "string"},
            "roles": {"type": "array", "items": {"type": "string"}},
            "entities": {"type": "array", "items": {"type": "object"}},
            "rules": {"type": "array", "items": {"type": "object"}},
        },
    })
}

/// The model given or, without one, the one of the design, of the requirements, or of the requirements being written.
pub(crate) fn model(given: Option<Value>, workspace: &Workspace<'_>) -> Result<ServiceModel, Error> {
    if let Some(given) = given {
        return typed(&given, "`model`");
    }
    let context = workspace.context();
    for (kind, at) in [(ArtifactKind::Design, "/model"), (ArtifactKind::Requirements, "/concepts")] {
        if let Some(part) = context.upstream.get(&kind).and_then(|upstream| upstream.document.pointer(at)) {
            return typed(part, &format!("`{at}` of the artifact `{kind}`"));
        }
    }
    let file = workspace.files().get("docs/requirements.json").map(|bytes| serde_json::from_slice::<Value>(bytes));
    match file {
        Some(Ok(document)) => {
            typed(document.get("concepts").unwrap_or(&Value::Null), "`concepts` of `docs/requirements.json`")
        }
        Some(Err(why)) => Err(Error::Respond(format!("`docs/requirements.json` is no JSON: {why}"))),
        None => Err(Error::Respond(
            "no model was handed over yet: give it as `model`, with title, roles, entities and rules".to_owned(),
        )),
    }
}

/// The OpenAPI document of a file or, without a path, of the design.
pub(crate) fn openapi(path: Option<&str>, workspace: &Workspace<'_>) -> Result<(String, Value), Error> {
    if let Some(path) = path {
        return Ok((path.to_owned(), document(path, workspace.text(path)?)?));
    }
    if let Some(design) = workspace.context().upstream.get(&ArtifactKind::Design)
        && let Some(openapi) = design.document.get("openapi").filter(|openapi| openapi.is_object())
    {
        return Ok(("openapi".to_owned(), openapi.clone()));
    }
    let texts = workspace.texts();
    let known = ["openapi.json", "openapi.yaml", "openapi.yml", "docs/openapi.json", "docs/openapi.yaml"];
    let found = known.into_iter().find_map(|path| Some((path, texts.get(path)?)));
    let (path, text) = found.ok_or_else(|| {
        Error::Respond("there is no OpenAPI document: write `openapi.json`, or give the path of one".to_owned())
    })?;
    Ok((path.to_owned(), document(path, text)?))
}

/// A JSON or YAML file as a value.
pub(crate) fn document(path: &str, text: &str) -> Result<Value, Error> {
    if path.ends_with(".yaml") || path.ends_with(".yml") {
        let node =
            maestro_workflow::yaml::read(text, maestro_workflow::yaml::Dialect { merges: true, functions: true });
        return node.map(|node| node.to_json()).map_err(|why| Error::Respond(format!("`{path}` is no YAML: {why}")));
    }
    serde_json::from_str(text).map_err(|why| Error::Respond(format!("`{path}` is no JSON: {why}")))
}

/// What lies below a value by these names; null where there is nothing.
pub(crate) fn below<'v>(value: &'v Value, names: &[&str]) -> &'v Value {
    names.iter().fold(value, |value, name| value.get(*name).unwrap_or(&Value::Null))
}

/// A value by its type, with what does not fit told by its place.
pub(crate) fn typed<T: DeserializeOwned>(value: &Value, what: &str) -> Result<T, Error> {
    T::deserialize(value).map_err(|why| Error::Respond(format!("{what} does not fit: {why}")))
}
