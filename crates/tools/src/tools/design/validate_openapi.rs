//! `validate_openapi`: whether an OpenAPI 3.1 document is one, and fits together.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
    given,
};
use maestro_artifacts::delivery::Severity::{self, High, Low, Medium};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct ValidateOpenapi;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The document's file, JSON or YAML; the one of the design, or `openapi.json`, when left out
    #[serde(default)]
    path: Option<String>,
}

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Tool for ValidateOpenapi {
    const NAME: &'static str = "validate_openapi";
    const DESCRIPTION: &'static str = "Validates an OpenAPI 3.1 document: structure, references that resolve, unique operation ids, path parameters declared, responses, security schemes, and examples against their schemas. Findings name the place by JSON Pointer.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let (_, document) = given::openapi(args.path.as_deref(), workspace)?;
        let checked = given::below(&document, &["paths"])
            .as_object()
            .into_iter()
            .flatten()
            .flat_map(|(_, item)| item.as_object())
            .flatten()
            .filter(|(method, _)| METHODS.contains(&method.as_str()))
            .count();
        Ok(Report { checked, findings: validate(&document) })
    }
}

/// A step of a JSON Pointer.
pub(super) fn step(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

struct Check<'d> {
    document: &'d Value,
    findings: Vec<Finding>,
    ids: BTreeMap<&'d str, String>,
    used: BTreeSet<String>,
}

/// All findings about a document, in order of place.
pub(super) fn validate(document: &Value) -> Vec<Finding> {
    let mut check = Check { document, findings: Vec::new(), ids: BTreeMap::new(), used: BTreeSet::new() };
    check.root();
    check.findings.sort_by(|a, b| (&a.path, &a.rule).cmp(&(&b.path, &b.rule)));
    check.findings
}

/// What keeps a document from being one, each with its place: the findings that `validate_openapi` calls high.
#[must_use]
pub fn openapi_faults(document: &Value) -> Vec<String> {
    let grave = validate(document).into_iter().filter(|finding| finding.severity == High);
    grave.map(|Finding { path, message, .. }| format!("`{path}`: {message}")).collect()
}

impl<'d> Check<'d> {
    fn add(
        &mut self,
        rule: &'static str,
        severity: Severity,
        at: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        let mut found = Findings::of(if at.is_empty() { "/" } else { at });
        found.add(rule, severity, 0, message, fix.into());
        self.findings.extend(found.finish());
    }

    fn root(&mut self) {
        let document = self.document;
        let Some(root) = document.as_object() else {
            return self.add("structure", High, "", "the document is no object", "write `openapi`, `info` and `paths`");
        };
        match root.get("openapi").and_then(Value::as_str) {
            Some(version) if version.starts_with("3.1.") => {}
            Some(version) => {
                self.add("version", Medium, "/openapi", format!("the version is `{version}`"), "write `3.1.0`")
            }
            None => self.add("version", High, "/openapi", "`openapi` is missing", "write `\"openapi\": \"3.1.0\"`"),
        }
        for field in ["title", "version"] {
            if given::below(document, &["info", field]).as_str().is_none_or(|text| text.trim().is_empty()) {
                self.add("info", High, &format!("/info/{field}"), format!("`info.{field}` is missing"), "add it");
            }
        }
        const TOP: &[&str] = &[
            "openapi",
            "info",
            "jsonSchemaDialect",
            "servers",
            "paths",
            "webhooks",
            "components",
            "security",
            "tags",
            "externalDocs",
        ];
        for name in root.keys().filter(|name| !TOP.contains(&name.as_str()) && !name.starts_with("x-")) {
            self.add(
                "unknown-key",
                Medium,
                &step("", name),
                format!("a document has no `{name}`"),
                "leave it out, or begin it with `x-`",
            );
        }
        self.references(document, "");
        match root.get("paths").map(Value::as_object) {
            Some(Some(paths)) => self.paths(paths),
            Some(None) => {
                self.add("structure", High, "/paths", "`paths` is no object", "write `\"/path\": {\"get\": {...}}`")
            }
            None if root.contains_key("components") || root.contains_key("webhooks") => {}
            None => self.add("structure", High, "/paths", "`paths` is missing", "add it"),
        }
        self.security(&document["security"], "/security");
        for (name, schema) in given::below(document, &["components", "schemas"]).as_object().into_iter().flatten() {
            self.schema(schema, &step("/components/schemas", name));
        }
        let kinds =
            document["components"].as_object().into_iter().flatten().filter(|(kind, _)| *kind != "securitySchemes");
        for (kind, named) in kinds {
            for name in named.as_object().into_iter().flatten().map(|(name, _)| name) {
                let at = step(&step("/components", kind), name);
                if !self.used.contains(&at) {
                    self.add("unused", Low, &at, format!("nothing refers to `{name}`"), "leave it out");
                }
            }
        }
    }

    /// Every `$ref` below leads somewhere.
    fn references(&mut self, value: &'d Value, at: &str) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, item)| self.references(item, &format!("{at}/{n}")))
            }
            Value::Object(members) => {
                if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                    match target.strip_prefix('#') {
                        Some(pointer) if self.document.pointer(pointer).is_some() => {
                            self.used.insert(pointer.to_owned());
                        }
                        Some(_) => self.add(
                            "reference",
                            High,
                            at,
                            format!("`{target}` leads nowhere"),
                            "name a component that is there",
                        ),
                        None => self.add(
                            "reference",
                            Medium,
                            at,
                            format!("`{target}` is another document, which readers may not have"),
                            "put it below `components`",
                        ),
                    }
                }
                // Examples are data; a `$ref` in them is a text.
                let members = members
                    .iter()
                    .filter(|(name, _)| !matches!(name.as_str(), "example" | "default" | "const" | "enum"));
                members.for_each(|(name, member)| self.references(member, &step(at, name)));
            }
            _ => {}
        }
    }

    /// What a value is, when it may be a reference.
    fn followed(&self, value: &'d Value) -> &'d Value {
        let mut value = value;
        for _ in 0..16 {
            match value.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#')) {
                Some(pointer) => value = self.document.pointer(pointer).unwrap_or(&Value::Null),
                None => return value,
            }
        }
        value
    }

    fn paths(&mut self, paths: &'d Map<String, Value>) {
        let mut shapes: BTreeMap<String, &str> = BTreeMap::new();
        for (path, item) in paths {
            let at = step("/paths", path);
            if !path.starts_with('/') {
                self.add("path", High, &at, format!("`{path}` does not begin with `/`"), "begin it with `/`");
            }
            let names: Vec<&str> =
                path.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect();
            if path.matches('{').count() != path.matches('}').count() || names.iter().any(|name| name.is_empty()) {
                self.add("path", High, &at, format!("the braces of `{path}` do not match"), "write `{name}`");
            }
            let shape = names.iter().fold(path.clone(), |path, name| path.replace(&format!("{{{name}}}"), "{}"));
            if let Some(other) = shapes.insert(shape, path) {
                self.add("path", High, &at, format!("`{path}` and `{other}` are the same path"), "make one of them");
            }
            let Some(item) = self.followed(item).as_object() else {
                self.add("structure", High, &at, "a path is an object of methods", "write `{\"get\": {...}}`");
                continue;
            };
            for (method, operation) in item {
                let at = step(&at, method);
                if METHODS.contains(&method.as_str()) {
                    self.operation(&at, method, operation, item.get("parameters"), &names);
                } else if !matches!(method.as_str(), "parameters" | "summary" | "description" | "servers" | "$ref")
                    && !method.starts_with("x-")
                {
                    self.add(
                        "unknown-key",
                        High,
                        &at,
                        format!("`{method}` is no method"),
                        format!("use one of {}", METHODS.join(", ")),
                    );
                }
            }
        }
    }

    fn operation(&mut self, at: &str, method: &str, operation: &'d Value, shared: Option<&'d Value>, names: &[&str]) {
        let Some(members) = operation.as_object() else {
            return self.add("structure", High, at, "an operation is an object", "write `{\"responses\": {...}}`");
        };
        match members.get("operationId").and_then(Value::as_str) {
            None => self.add("operation-id", Low, at, "the operation has no `operationId`", "give it a unique one"),
            Some(id) => {
                if let Some(other) = self.ids.insert(id, at.to_owned()) {
                    self.add(
                        "operation-id",
                        High,
                        at,
                        format!("`{id}` is the id of `{other}` too"),
                        "give each its own",
                    );
                }
            }
        }
        let mut declared: BTreeSet<(&str, &str)> = BTreeSet::new();
        for (list, place) in
            [(shared, at.rsplit_once('/').map_or(at, |(path, _)| path)), (members.get("parameters"), at)]
        {
            let mut here = BTreeSet::new();
            for (n, parameter) in list.and_then(Value::as_array).into_iter().flatten().enumerate() {
                let place = format!("{place}/parameters/{n}");
                let parameter = self.followed(parameter);
                let (Some(name), Some(inside)) = (parameter["name"].as_str(), parameter["in"].as_str()) else {
                    self.add("parameter", High, &place, "a parameter needs `name` and `in`", "add them");
                    continue;
                };
                if !matches!(inside, "path" | "query" | "header" | "cookie") {
                    self.add(
                        "parameter",
                        High,
                        &place,
                        format!("`{name}` is in `{inside}`"),
                        "use path, query, header or cookie",
                    );
                }
                if !here.insert((inside, name)) {
                    self.add("parameter", High, &place, format!("`{name}` in `{inside}` stands twice"), "keep one");
                }
                declared.insert((inside, name));
                if inside == "path" {
                    if parameter["required"] != json!(true) {
                        self.add(
                            "parameter",
                            High,
                            &place,
                            format!("the path parameter `{name}` must be required"),
                            "add `\"required\": true`",
                        );
                    }
                    if !names.contains(&name) {
                        self.add(
                            "parameter",
                            High,
                            &place,
                            format!("the path has no `{{{name}}}`"),
                            "take it out, or put it into the path",
                        );
                    }
                }
                if parameter.get("schema").is_none() && parameter.get("content").is_none() {
                    self.add("parameter", High, &place, format!("`{name}` has no `schema`"), "add one");
                }
                self.examples(parameter, &place);
                self.schema(&parameter["schema"], &format!("{place}/schema"));
            }
        }
        for name in names {
            if !declared.contains(&("path", *name)) {
                self.add(
                    "parameter",
                    High,
                    at,
                    format!("`{{{name}}}` of the path is not declared"),
                    "add it to `parameters` with `in: path` and `required: true`",
                );
            }
        }
        if let Some(body) = members.get("requestBody") {
            let body = self.followed(body);
            self.content(body, &format!("{at}/requestBody"), true);
            if matches!(method, "get" | "head" | "delete") {
                self.add(
                    "body",
                    Low,
                    at,
                    format!("a body of {} has no meaning", method.to_uppercase()),
                    "use query parameters",
                );
            }
        }
        self.responses(at, operation);
        self.security(&operation["security"], &format!("{at}/security"));
    }

    fn responses(&mut self, at: &str, operation: &'d Value) {
        let Some(responses) = operation["responses"].as_object().filter(|responses| !responses.is_empty()) else {
            return self.add(
                "response",
                High,
                at,
                "the operation says nothing of its responses",
                "add `responses` with at least one status",
            );
        };
        for (status, response) in responses {
            let place = step(&format!("{at}/responses"), status);
            let range = status.len() == 3
                && status.starts_with(|c| ('1'..='5').contains(&c))
                && (status.ends_with("XX") || status.chars().all(|c| c.is_ascii_digit()));
            if !range && status != "default" && !status.starts_with("x-") {
                self.add("response", High, &place, format!("`{status}` is no status"), "use `200`, `4XX` or `default`");
            }
            let response = self.followed(response);
            if !response["description"].is_string() {
                self.add("response", High, &place, format!("the response `{status}` has no `description`"), "add one");
            }
            self.content(response, &place, false);
        }
        if !responses.keys().any(|status| status.starts_with(['2', '3']) || status == "default") {
            self.add("response", Medium, at, "no response says what happens when it works", "add a 2xx status");
        }
        if !responses.keys().any(|status| status.starts_with('4') || status == "default") {
            self.add(
                "response",
                Low,
                at,
                "no response says what happens when the request is wrong",
                "add a 4xx status",
            );
        }
    }

    fn content(&mut self, holder: &'d Value, at: &str, needed: bool) {
        let content = holder["content"].as_object();
        if needed && content.is_none_or(Map::is_empty) {
            self.add("body", High, at, "the body has no `content`", "add `application/json` with a schema");
        }
        for (media, value) in content.into_iter().flatten() {
            let place = step(&format!("{at}/content"), media);
            if !media.contains('/') {
                self.add("body", High, &place, format!("`{media}` is no media type"), "write `application/json`");
            }
            self.examples(value, &place);
            self.schema(&value["schema"], &format!("{place}/schema"));
        }
    }

    /// Examples of a media type or parameter fit its schema.
    fn examples(&mut self, holder: &'d Value, at: &str) {
        let Some(schema) = holder.get("schema") else { return };
        let one = holder.get("example").map(|example| (format!("{at}/example"), example));
        let many = holder["examples"].as_object().into_iter().flatten();
        let many: Vec<_> = many
            .filter_map(|(name, example)| {
                Some((step(&format!("{at}/examples"), name), self.followed(example).get("value")?))
            })
            .collect();
        for (place, example) in one.into_iter().chain(many) {
            self.fits(schema, example, &place);
        }
    }

    fn schema(&mut self, schema: &'d Value, at: &str) {
        const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];
        let Some(members) = schema.as_object() else { return };
        let kinds = members
            .get("type")
            .map_or(&[][..], |kind| kind.as_array().map_or(std::slice::from_ref(kind), Vec::as_slice));
        for kind in kinds {
            if !kind.as_str().is_some_and(|kind| TYPES.contains(&kind)) {
                self.add("schema", High, at, format!("{kind} is no type"), format!("use one of {}", TYPES.join(", ")));
            }
        }
        if members.contains_key("nullable") {
            self.add(
                "schema",
                Medium,
                at,
                "`nullable` means nothing in 3.1",
                "write `\"type\": [\"string\", \"null\"]`",
            );
        }
        if let (Some(required), Some(properties)) =
            (members.get("required").and_then(Value::as_array), members.get("properties").and_then(Value::as_object))
        {
            for name in required.iter().filter_map(Value::as_str).filter(|name| !properties.contains_key(*name)) {
                self.add(
                    "schema",
                    Medium,
                    at,
                    format!("`{name}` is required and is no property"),
                    "add it, or take it out of `required`",
                );
            }
        }
        let bounds = [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")];
        for (low, high) in bounds {
            if let (Some(min), Some(max)) =
                (members.get(low).and_then(Value::as_f64), members.get(high).and_then(Value::as_f64))
                && min > max
            {
                self.add("schema", High, at, format!("`{low}` is above `{high}`: nothing fits"), "mend the bounds");
            }
        }
        for example in members
            .get("example")
            .into_iter()
            .chain(members.get("examples").and_then(Value::as_array).into_iter().flatten())
            .chain(members.get("default"))
        {
            self.fits(schema, example, at);
        }
        for (name, member) in members {
            match (name.as_str(), member) {
                ("properties" | "$defs" | "patternProperties", Value::Object(named)) => {
                    named.iter().for_each(|(key, inner)| self.schema(inner, &step(&step(at, name), key)));
                }
                ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(list)) => {
                    list.iter().enumerate().for_each(|(n, inner)| self.schema(inner, &format!("{at}/{name}/{n}")));
                }
                ("items" | "additionalProperties" | "not", inner) => self.schema(inner, &step(at, name)),
                _ => {}
            }
        }
    }

    fn fits(&mut self, schema: &Value, example: &Value, at: &str) {
        // References are to the document's components.
        let whole = json!({"allOf": [schema], "components": self.document["components"]});
        match jsonschema::validator_for(&whole) {
            Ok(validator) => {
                if let Some(why) = validator.iter_errors(example).next() {
                    let message =
                        format!("the example does not fit its schema: {why}").chars().take(300).collect::<String>();
                    self.add("example", Medium, at, message, "mend the example, or the schema");
                }
            }
            // References to nothing were told already.
            Err(why) if !why.to_string().contains("does not exist") => {
                self.add(
                    "schema",
                    High,
                    at,
                    format!("the schema cannot be used: {why}").chars().take(300).collect::<String>(),
                    "mend the schema",
                );
            }
            Err(_) => {}
        }
    }

    fn security(&mut self, wanted: &Value, at: &str) {
        let schemes = given::below(self.document, &["components", "securitySchemes"]);
        let names = wanted.as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(|one| one.keys());
        let missing: Vec<_> = names.filter(|name| schemes.get(name.as_str()).is_none()).cloned().collect();
        for name in missing {
            self.add(
                "security",
                High,
                at,
                format!("there is no security scheme `{name}`"),
                "add it below `components.securitySchemes`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};

    fn document() -> Value {
        json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "components": {"schemas": {"Tool": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "maxLength": 5}}}}},
            "paths": {"/tools/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
                "get": {"operationId": "readTool", "responses": {
                    "200": {"description": "It.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tool"}, "example": {"name": "saw"}}}},
                    "404": {"description": "None."}}}}}})
    }

    fn changed(at: &str, value: Value) -> Vec<String> {
        let mut document = document();
        let (parent, name) = at.rsplit_once('/').unwrap();
        let name = name.replace("~1", "/");
        document.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name, value);
        validate(&document).into_iter().map(|finding| format!("{} {}", finding.rule, finding.path)).collect()
    }

    #[test]
    fn each_mistake_is_told_by_its_place() {
        assert_eq!(validate(&document()), []);
        let get = "/paths/~1tools~1{id}/get";
        for (at, value, want) in [
            ("/openapi", json!("2.0"), "version /openapi"),
            ("/info/title", json!(""), "info /info/title"),
            ("/path", json!({}), "unknown-key /path"),
            ("/paths/~1tools~1{id}/parameters", json!([]), "parameter /paths/~1tools~1{id}/get"),
            ("/paths/~1tools~1{id}/fetch", json!({}), "unknown-key /paths/~1tools~1{id}/fetch"),
            ("/paths/~1tools~1{id}/get/responses", json!({}), "response /paths/~1tools~1{id}/get"),
            (
                "/paths/~1tools~1{id}/get/responses/999",
                json!({"description": "x"}),
                "response /paths/~1tools~1{id}/get/responses/999",
            ),
            ("/paths/~1tools~1{id}/get/security", json!([{"key": []}]), "security /paths/~1tools~1{id}/get/security"),
            (
                "/paths/~1tools~1{id}/put",
                json!({"operationId": "readTool", "responses": {"200": {"description": "x"}, "422": {"description": "x"}}}),
                "operation-id /paths/~1tools~1{id}/put",
            ),
            (
                "/paths/~1tools~1{id}/get/responses/200/content/application~1json/example",
                json!({"name": "hammer"}),
                "example /paths/~1tools~1{id}/get/responses/200/content/application~1json/example",
            ),
            ("/components/schemas/Tool/required", json!(["size"]), "schema /components/schemas/Tool"),
            (
                "/components/schemas/Tool/properties/name",
                json!({"type": "text"}),
                "schema /components/schemas/Tool/properties/name",
            ),
            ("/components/schemas/Old", json!({"type": "string"}), "unused /components/schemas/Old"),
        ] {
            let got = changed(at, value);
            assert!(got.contains(&want.to_owned()), "{at}: {got:?}");
        }
        let mut document = document();
        *document.pointer_mut(&format!("{get}/responses/200/content/application~1json/schema")).unwrap() =
            json!({"$ref": "#/components/schemas/Toll"});
        let got = validate(&document);
        assert_eq!(
            (&*got[1].rule, got[1].path.as_str()),
            ("reference", "/paths/~1tools~1{id}/get/responses/200/content/application~1json/schema"),
            "{got:?}"
        );
    }

    #[tokio::test]
    async fn documents_are_files_of_json_or_yaml() {
        let yaml = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
        let got =
            run(ValidateOpenapi, json!({"path": "api.yaml"}), &mut context_with(&[("api.yaml", yaml)])).await.unwrap();
        assert_eq!(got, json!({"checked": 0, "findings": []}));
        let error =
            run(ValidateOpenapi, json!({"path": "a.json"}), &mut context_with(&[("a.json", "{")])).await.unwrap_err();
        assert!(error.to_string().contains("is no JSON"), "{error}");
        assert!(run(ValidateOpenapi, json!({}), &mut context()).await.is_err());
    }
}
