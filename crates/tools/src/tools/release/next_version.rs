//! `next_version`: the next semantic version, from what changed in the interface.

use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, below},
};
use schemars::JsonSchema;
use semver::{Prerelease, Version};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct NextVersion;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The version that is out, such as `1.4.2`; `0.0.0` when nothing is
    current: String,
    /// File of the OpenAPI document that is out
    #[serde(default)]
    old: Option<String>,
    /// File of the new OpenAPI document; the design's when left out
    #[serde(default)]
    new: Option<String>,
    /// Further changes that the documents do not show
    #[serde(default)]
    changes: Vec<Change>,
}

/// What a change asks for, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bump {
    /// Nothing that a caller notices
    Fix,
    /// Callers can do more
    Feature,
    /// Callers that worked may fail
    Breaking,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// What it asks for
    pub(super) kind: Bump,
    /// What changed
    pub(super) what: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    version: String,
    bump: Bump,
    changes: Vec<Change>,
}

impl Tool for NextVersion {
    const NAME: &'static str = "next_version";
    const DESCRIPTION: &'static str = "Works out the next semantic version from two OpenAPI documents: what was taken away, demanded or narrowed is breaking, what was added is a feature. Names every change.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let current = Version::parse(&args.current)
            .map_err(|why| Error::Respond(format!("`{}` is no semantic version: {why}", args.current)))?;
        let mut changes: Vec<Change> = args.changes;
        if let Some(path) = &args.old {
            let (_, old) = given::openapi(Some(path), workspace)?;
            let (_, new) = given::openapi(args.new.as_deref(), workspace)?;
            changes.extend(compare(&old, &new));
        } else if args.new.is_some() {
            return Err(Error::Respond("give `old` too: a document says nothing of what changed by itself".to_owned()));
        }
        if changes.is_empty() && args.old.is_none() && current != Version::new(0, 0, 0) {
            return Err(Error::Respond(
                "nothing to judge by: give `old` with the document that is out, or `changes`".to_owned(),
            ));
        }
        changes.sort_by(|a, b| b.cmp(a));
        let bump = changes.iter().map(|change| change.kind).max().unwrap_or(Bump::Fix);
        Ok(Output { version: next(&current, bump).to_string(), bump, changes })
    }
}

fn next(current: &Version, bump: Bump) -> Version {
    let Version { major, minor, patch, .. } = *current;
    if *current == Version::new(0, 0, 0) {
        return Version::new(0, 1, 0);
    }
    // A pre-release becomes what it was before.
    if current.pre != Prerelease::EMPTY
        && (bump == Bump::Fix || (bump == Bump::Feature && patch == 0) || (minor == 0 && patch == 0))
    {
        return Version::new(major, minor, patch);
    }
    match (bump, major) {
        (Bump::Breaking, 0) => Version::new(0, minor + 1, 0),
        (Bump::Feature | Bump::Fix, 0) => Version::new(0, minor, patch + 1),
        (Bump::Breaking, _) => Version::new(major + 1, 0, 0),
        (Bump::Feature, _) => Version::new(major, minor + 1, 0),
        (Bump::Fix, _) => Version::new(major, minor, patch + 1),
    }
}

/// What changed between two OpenAPI documents, as far as callers notice.
pub(super) fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let mut found = Changes { old, new, list: BTreeSet::new() };
    let (before, after) = (operations(old), operations(new));
    for (name, operation) in &before {
        match after.get(name) {
            Some(other) => found.operation(name, operation, other),
            None => found.add(Bump::Breaking, format!("`{name}` is gone")),
        }
    }
    for name in after.keys().filter(|name| !before.contains_key(*name)) {
        found.add(Bump::Feature, format!("`{name}` is new"));
    }
    let mut list: Vec<Change> = found.list.into_iter().collect();
    if list.is_empty() && old != new {
        list.push(Change { kind: Bump::Fix, what: "only words of the document changed".to_owned() });
    }
    list
}

/// Operations by method and path; names of path parameters do not count.
fn operations(document: &Value) -> BTreeMap<String, (&Value, &Value)> {
    let mut found = BTreeMap::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let mut shape = String::new();
        let mut inside = false;
        for c in path.chars() {
            inside = (inside || c == '{') && c != '}';
            if !inside || c == '{' {
                shape.push(c);
            }
        }
        for (method, operation) in item.as_object().into_iter().flatten().filter(|(_, operation)| operation.is_object())
        {
            found.insert(format!("{} {shape}", method.to_uppercase()), (operation, item));
        }
    }
    found
}

/// Which way values go: what callers send, or what they get.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Sent,
    Got,
}

struct Changes<'d> {
    old: &'d Value,
    new: &'d Value,
    list: BTreeSet<Change>,
}

fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let mut value = value;
    for _ in 0..16 {
        match value.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#')) {
            Some(pointer) => value = document.pointer(pointer).unwrap_or(&Value::Null),
            None => break,
        }
    }
    value
}

impl<'d> Changes<'d> {
    fn add(&mut self, kind: Bump, what: String) {
        self.list.insert(Change { kind, what });
    }

    fn operation(
        &mut self,
        name: &str,
        (old, old_path): &(&'d Value, &'d Value),
        (new, new_path): &(&'d Value, &'d Value),
    ) {
        let (before, after) = (parameters(self.old, old, old_path), parameters(self.new, new, new_path));
        for (key, parameter) in &after {
            let required = parameter.get("required") == Some(&Value::Bool(true));
            match before.get(key) {
                None if required && key.0 != "path" => {
                    self.add(Bump::Breaking, format!("`{name}` demands the {} parameter `{}`", key.0, key.1))
                }
                None if key.0 != "path" => {
                    self.add(Bump::Feature, format!("`{name}` takes the {} parameter `{}`", key.0, key.1))
                }
                None => {}
                Some(known) => {
                    if required && known.get("required") != Some(&Value::Bool(true)) {
                        self.add(Bump::Breaking, format!("`{name}` demands the parameter `{}`", key.1));
                    }
                    let at = format!("`{name}`, parameter `{}`", key.1);
                    self.schema(&at, below(known, &["schema"]), below(parameter, &["schema"]), Way::Sent, 0);
                }
            }
        }
        for key in before.keys().filter(|key| key.0 != "path" && !after.contains_key(*key)) {
            self.add(Bump::Breaking, format!("`{name}` no longer takes the {} parameter `{}`", key.0, key.1));
        }
        let (old_body, new_body) =
            (resolved(self.old, below(old, &["requestBody"])), resolved(self.new, below(new, &["requestBody"])));
        if new_body.get("required") == Some(&Value::Bool(true)) && old_body.get("required") != Some(&Value::Bool(true))
        {
            self.add(Bump::Breaking, format!("`{name}` demands a body"));
        }
        self.content(&format!("`{name}`, body"), old_body, new_body, Way::Sent);
        let (before, after) = (below(old, &["responses"]).as_object(), below(new, &["responses"]).as_object());
        for (status, response) in before.into_iter().flatten() {
            match after.and_then(|after| after.get(status)) {
                Some(other) => self.content(
                    &format!("`{name}`, answer {status}"),
                    resolved(self.old, response),
                    resolved(self.new, other),
                    Way::Got,
                ),
                None if status.starts_with('2') => {
                    self.add(Bump::Breaking, format!("`{name}` no longer answers {status}"))
                }
                None => {}
            }
        }
        for status in after
            .into_iter()
            .flatten()
            .map(|(status, _)| status)
            .filter(|status| before.is_none_or(|before| !before.contains_key(*status)))
        {
            self.add(Bump::Feature, format!("`{name}` may answer {status}"));
        }
    }

    fn content(&mut self, at: &str, old: &'d Value, new: &'d Value, way: Way) {
        let (before, after) = (below(old, &["content"]).as_object(), below(new, &["content"]).as_object());
        for (media, value) in before.into_iter().flatten() {
            match after.and_then(|after| after.get(media)) {
                Some(other) => self.schema(at, below(value, &["schema"]), below(other, &["schema"]), way, 0),
                None => self.add(Bump::Breaking, format!("{at}: `{media}` is gone")),
            }
        }
        for media in after
            .into_iter()
            .flatten()
            .map(|(media, _)| media)
            .filter(|media| before.is_none_or(|before| !before.contains_key(*media)))
        {
            self.add(Bump::Feature, format!("{at}: `{media}` is new"));
        }
    }

    fn schema(&mut self, at: &str, old: &'d Value, new: &'d Value, way: Way, depth: usize) {
        let (old, new) = (resolved(self.old, old), resolved(self.new, new));
        // Schemas may contain themselves.
        if old == new && depth > 0 || depth > 12 {
            return;
        }
        let kinds = |schema: &Value| -> BTreeSet<String> {
            let kind = below(schema, &["type"]);
            kind.as_array()
                .map_or(std::slice::from_ref(kind), Vec::as_slice)
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let (was, is) = (kinds(old), kinds(new));
        let narrower = |was: &BTreeSet<String>, is: &BTreeSet<String>| {
            !is.is_empty()
                && (was.is_empty()
                    || was.iter().any(|kind| !(is.contains(kind) || kind == "integer" && is.contains("number"))))
        };
        let broken = if way == Way::Sent { narrower(&was, &is) } else { narrower(&is, &was) };
        if broken {
            self.add(Bump::Breaking, format!("{at} was {} and is {}", listed(&was), listed(&is)));
        } else if was != is {
            self.add(Bump::Feature, format!("{at} was {} and is {}", listed(&was), listed(&is)));
        }
        self.values(at, old, new, way);
        self.bounds(at, old, new, way);
        let properties = |schema: &'d Value| schema.get("properties").and_then(Value::as_object);
        let required = |schema: &Value, name: &str| {
            below(schema, &["required"]).as_array().is_some_and(|list| list.iter().any(|one| one == name))
        };
        for (name, property) in properties(old).into_iter().flatten() {
            match properties(new).and_then(|properties| properties.get(name)) {
                None => self.add(Bump::Breaking, format!("{at}: `{name}` is gone")),
                Some(other) => {
                    let place = format!("{at}, `{name}`");
                    if way == Way::Sent && required(new, name) && !required(old, name) {
                        self.add(Bump::Breaking, format!("{place} must be given"));
                    } else if way == Way::Got && !required(new, name) && required(old, name) {
                        self.add(Bump::Breaking, format!("{place} may be missing"));
                    }
                    self.schema(&place, property, other, way, depth + 1);
                }
            }
        }
        for name in properties(new)
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .filter(|name| properties(old).is_none_or(|old| !old.contains_key(*name)))
        {
            let broken = way == Way::Sent && required(new, name);
            let (kind, what) =
                if broken { (Bump::Breaking, "is new and must be given") } else { (Bump::Feature, "is new") };
            self.add(kind, format!("{at}: `{name}` {what}"));
        }
        if let (Some(old), Some(new)) = (old.get("items"), new.get("items")) {
            self.schema(&format!("{at}, items"), old, new, way, depth + 1);
        }
    }

    fn values(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        let list = |schema: &'_ Value| schema.get("enum").and_then(Value::as_array).cloned();
        let (was, is) = (list(old), list(new));
        let lost: Vec<_> =
            was.iter().flatten().filter(|value| is.as_ref().is_some_and(|is| !is.contains(value))).collect();
        let more: Vec<_> =
            is.iter().flatten().filter(|value| was.as_ref().is_some_and(|was| !was.contains(value))).collect();
        for value in lost {
            let kind = if way == Way::Sent { Bump::Breaking } else { Bump::Feature };
            self.add(kind, format!("{at} can no longer be {value}"));
        }
        for value in more {
            // Who reads must know all values that may come.
            let kind = if way == Way::Got { Bump::Breaking } else { Bump::Feature };
            self.add(kind, format!("{at} can be {value}"));
        }
        if was.is_none() && is.is_some() && way == Way::Sent {
            self.add(Bump::Breaking, format!("{at} can only be one of a few values"));
        }
    }

    fn bounds(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        if way == Way::Got {
            return;
        }
        for (name, upper) in [
            ("minimum", false),
            ("exclusiveMinimum", false),
            ("minLength", false),
            ("minItems", false),
            ("maximum", true),
            ("exclusiveMaximum", true),
            ("maxLength", true),
            ("maxItems", true),
        ] {
            let of = |schema: &Value| schema.get(name).and_then(Value::as_f64);
            let tighter = match (of(old), of(new)) {
                (None, Some(_)) => Some(true),
                (Some(_), None) => Some(false),
                (Some(was), Some(is)) if (was - is).abs() > f64::EPSILON => Some((is < was) == upper),
                _ => None,
            };
            match tighter {
                Some(true) => self.add(Bump::Breaking, format!("{at}: `{name}` is tighter")),
                Some(false) => self.add(Bump::Feature, format!("{at}: `{name}` is wider")),
                None => {}
            }
        }
        let (was, is) = (old.get("pattern"), new.get("pattern"));
        if is.is_some() && was != is {
            self.add(Bump::Breaking, format!("{at}: another `pattern`"));
        }
    }
}

fn listed(kinds: &BTreeSet<String>) -> String {
    if kinds.is_empty() {
        "anything".to_owned()
    } else {
        kinds.iter().map(String::as_str).collect::<Vec<_>>().join(" or ")
    }
}

fn parameters<'d>(
    document: &'d Value,
    operation: &'d Value,
    path: &'d Value,
) -> BTreeMap<(&'d str, &'d str), &'d Value> {
    let lists = [below(path, &["parameters"]), below(operation, &["parameters"])];
    let all = lists.into_iter().filter_map(Value::as_array).flatten().map(|parameter| resolved(document, parameter));
    all.filter_map(|parameter| Some(((parameter.get("in")?.as_str()?, parameter.get("name")?.as_str()?), parameter)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::json;

    fn document() -> Value {
        json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/tools": {"post": {
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 9}}],
            "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}}}}}},
            "responses": {"201": {"description": "d", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tool"}}}}}}}},
            "components": {"schemas": {"Tool": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "state": {"type": "string", "enum": ["x"]}}}}}})
    }

    #[test]
    fn what_callers_notice_is_judged_by_the_way_that_values_go() {
        const POST: &str = "/paths/~1tools/post";
        const BODY: &str = "/paths/~1tools/post/requestBody/content/application~1json/schema";
        for (at, value, want) in [
            ("/info/title".to_owned(), json!("other"), Bump::Fix),
            ("/paths/~1tools/get".to_owned(), json!({"responses": {}}), Bump::Feature),
            ("/paths".to_owned(), json!({}), Bump::Breaking),
            (format!("{POST}/parameters"), json!([]), Bump::Breaking),
            (format!("{POST}/parameters/0/required"), json!(true), Bump::Breaking),
            (format!("{POST}/parameters/0/schema/maxLength"), json!(8), Bump::Breaking),
            (format!("{POST}/parameters/0/schema/maxLength"), json!(10), Bump::Feature),
            (format!("{BODY}/properties/size"), json!({"type": "integer"}), Bump::Feature),
            (format!("{BODY}/required"), json!(["name", "kind"]), Bump::Breaking),
            (format!("{BODY}/properties/kind/enum"), json!(["a"]), Bump::Breaking),
            (format!("{BODY}/properties/kind/enum"), json!(["a", "b", "c"]), Bump::Feature),
            (format!("{BODY}/properties/name/type"), json!("integer"), Bump::Breaking),
            (format!("{BODY}/properties/name/type"), json!(["string", "null"]), Bump::Feature),
            ("/components/schemas/Tool/properties/state/enum".to_owned(), json!(["x", "y"]), Bump::Breaking),
            ("/components/schemas/Tool/properties/id/type".to_owned(), json!(["integer", "null"]), Bump::Breaking),
            ("/components/schemas/Tool/required".to_owned(), json!([]), Bump::Breaking),
            ("/components/schemas/Tool/properties/size".to_owned(), json!({"type": "integer"}), Bump::Feature),
        ] {
            let mut new = document();
            let (parent, name) = at.rsplit_once('/').unwrap();
            new.pointer_mut(parent).unwrap()[name] = value;
            let changes = compare(&document(), &new);
            assert_eq!(changes.iter().map(|change| change.kind).max(), Some(want), "{at}: {changes:?}");
        }
        assert_eq!(compare(&document(), &document()), []);
    }

    #[tokio::test]
    async fn versions_go_on_by_the_rules_of_semver() {
        for (current, kind, want) in [
            ("1.4.2", "breaking", "2.0.0"),
            ("1.4.2", "feature", "1.5.0"),
            ("1.4.2", "fix", "1.4.3"),
            ("0.4.2", "breaking", "0.5.0"),
            ("0.4.2", "feature", "0.4.3"),
            ("2.0.0-rc.1", "breaking", "2.0.0"),
            ("1.0.1-rc.1", "feature", "1.1.0"),
        ] {
            let args = json!({"current": current, "changes": [{"kind": kind, "what": "x"}]});
            assert_eq!(
                run(NextVersion, args, &mut context_with(&[])).await.unwrap()["version"],
                want,
                "{current} {kind}"
            );
        }
        assert_eq!(
            run(NextVersion, json!({"current": "0.0.0"}), &mut context_with(&[])).await.unwrap()["version"],
            "0.1.0"
        );
        let mut new = document();
        new["paths"] = json!({});
        let files = [("old.json", &*document().to_string()), ("openapi.json", &*new.to_string())];
        let got =
            run(NextVersion, json!({"current": "1.0.0", "old": "old.json"}), &mut context_with(&files)).await.unwrap();
        assert_eq!((&got["version"], &got["changes"][0]["what"]), (&json!("2.0.0"), &json!("`POST /tools` is gone")));
        for (args, says) in
            [(json!({"current": "v1"}), "no semantic version"), (json!({"current": "1.0.0"}), "nothing to judge by")]
        {
            let error = run(NextVersion, args, &mut context_with(&[])).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
