//! The deployment templates as CloudFormation understands them, as far as tests need that: tags in their long form, loops
//! gone through, names put together. What only an account knows (`${AWS::Region}`, other resources) stays as it is.

#![expect(clippy::indexing_slicing, reason = "what JSON does not hold is null there")]

use crate::checkout;
use serde_json::{Map, Value, json};
use serde_yaml_ng as yaml;
use std::collections::BTreeMap;

/// The template.
#[derive(Debug)]
pub struct Template {
    /// All of it, its loops gone through.
    pub whole: Value,
    /// The resources by logical id, those of loops one by one.
    pub resources: BTreeMap<String, Value>,
}

/// One statement of a role's own policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Such as `sqs:SendMessage`.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<Value>,
}

impl Template {
    /// Reads `infra/template.yaml`.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn read() -> Self {
        Self::of_file("template.yaml")
    }

    /// Reads `infra/alarms.yaml`, which the other nests.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn alarms() -> Self {
        Self::of_file("alarms.yaml")
    }

    /// Reads `infra/referee.yaml`, which is nested too.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn referee() -> Self {
        Self::of_file("referee.yaml")
    }

    #[expect(clippy::unwrap_used, reason = "a template that cannot be read is a broken test")]
    fn of_file(name: &str) -> Self {
        let text = std::fs::read_to_string(checkout().join("infra").join(name)).unwrap();
        let mut whole = long(yaml::from_str(&text).unwrap());
        let mut flat = Map::new();
        for (key, value) in whole["Resources"].as_object().unwrap() {
            expand(key, value, &mut flat);
        }
        whole["Resources"] = flat.clone().into();
        let resources = flat.into_iter().map(|(id, resource)| (id, settle(resource, &whole["Mappings"]))).collect();
        Self { whole, resources }
    }

    /// Resources of a type, by logical id.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let all = self.resources.iter().filter(move |(_, resource)| resource["Type"] == kind);
        all.map(|(id, resource)| (id.as_str(), &resource["Properties"]))
    }

    /// The functions by their names without the stack's, such as `phase-design`.
    #[must_use]
    pub fn functions(&self) -> BTreeMap<&str, &Value> {
        self.of("AWS::Serverless::Function").map(|(_, function)| (bare(&function["FunctionName"]), function)).collect()
    }

    /// What the role of a function or a state machine may do.
    #[must_use]
    pub fn statements(resource: &Value) -> Vec<Statement> {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let policies = resource["Policies"].as_array().into_iter().flatten();
        let all = policies.flat_map(|policy| list(&policy["Statement"])).map(|statement| Statement {
            actions: list(&statement["Action"]).iter().filter_map(|action| Some(action.as_str()?.to_owned())).collect(),
            resources: list(&statement["Resource"]),
        });
        all.collect()
    }
}

/// A name without the stack's, which a nested template is told; empty where it is none.
#[must_use]
pub fn bare(name: &Value) -> &str {
    let name = name.as_str().unwrap_or_default();
    let own = name.split_once("${AWS::StackName}-").or_else(|| name.split_once("${Stack}-"));
    own.map_or("", |(_, own)| own)
}

/// YAML as JSON, tags in their long form.
fn long(value: yaml::Value) -> Value {
    match value {
        yaml::Value::Null => Value::Null,
        yaml::Value::Bool(yes) => yes.into(),
        yaml::Value::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        yaml::Value::String(text) => text.into(),
        yaml::Value::Sequence(items) => items.into_iter().map(long).collect(),
        yaml::Value::Mapping(entries) => {
            let entries = entries.into_iter();
            entries
                .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), long(value))))
                .collect::<Map<_, _>>()
                .into()
        }
        yaml::Value::Tagged(tagged) => {
            let name = tagged.tag.to_string().trim_start_matches('!').to_owned();
            let key = if matches!(name.as_str(), "Ref" | "Condition") { name } else { format!("Fn::{name}") };
            let value = match long(tagged.value) {
                Value::String(text) if key == "Fn::GetAtt" => text.splitn(2, '.').collect(),
                other => other,
            };
            json!({ key: value })
        }
    }
}

/// Goes through a loop, and through loops in it.
fn expand(key: &str, value: &Value, into: &mut Map<String, Value>) {
    let Some([Value::String(variable), Value::Array(items), Value::Object(body)]) =
        key.starts_with("Fn::ForEach::").then(|| value.as_array().map(Vec::as_slice)).flatten()
    else {
        into.insert(key.to_owned(), value.clone());
        return;
    };
    for item in items.iter().filter_map(Value::as_str) {
        for (id, resource) in body {
            expand(&put(id, variable, item), &replaced(resource, variable, item), into);
        }
    }
}

fn put(text: &str, variable: &str, value: &str) -> String {
    text.replace(&format!("${{{variable}}}"), value)
}

fn replaced(value: &Value, variable: &str, item: &str) -> Value {
    match value {
        Value::String(text) => put(text, variable, item).into(),
        Value::Array(items) => items.iter().map(|value| replaced(value, variable, item)).collect(),
        Value::Object(_) if value["Ref"] == variable => item.into(),
        Value::Object(entries) => {
            let entries =
                entries.iter().map(|(key, value)| (put(key, variable, item), replaced(value, variable, item)));
            entries.collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// Looks up what stands in mappings and puts names together.
fn settle(value: Value, mappings: &Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| settle(item, mappings)).collect(),
        Value::Object(entries) => {
            let entries = entries.into_iter().map(|(key, value)| (key, settle(value, mappings)));
            let settled = Value::Object(entries.collect());
            if let [Value::String(map), Value::String(first), Value::String(second)] = list(&settled["Fn::FindInMap"]) {
                return mappings[map][first][second].clone();
            }
            match &settled["Fn::Sub"] {
                Value::String(text) => text.clone().into(),
                Value::Array(parts) => match parts.as_slice() {
                    [Value::String(text), Value::Object(names)] => {
                        let names = names.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
                        names.fold(text.clone(), |text, (name, value)| put(&text, name, value)).into()
                    }
                    _ => settled,
                },
                _ => settled,
            }
        }
        other => other,
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
