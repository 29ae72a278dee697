//! The context object (`$$`) and the variables a state can see.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::path::{JsonPath, Selector};
use crate::time;

/// What a state can learn about its execution through `$$.Execution` and `$$.StateMachine`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionContext {
    /// `$$.Execution.Id`, an ARN on AWS.
    pub execution_id: String,
    /// `$$.Execution.Name`.
    pub execution_name: String,
    /// `$$.Execution.RoleArn`.
    pub role_arn: String,
    /// `$$.Execution.StartTime`.
    pub start_time: Timestamp,
    /// `$$.StateMachine.Id`, an ARN on AWS.
    pub state_machine_id: String,
    /// `$$.StateMachine.Name`.
    pub state_machine_name: String,
}

/// `$$.Map.Item` of one iteration.
#[derive(Debug, Clone)]
pub(crate) struct MapItem {
    pub(crate) index: usize,
    pub(crate) value: Arc<Value>,
}

/// The context object as one state sees it. It is built per look-up, and only as far as the path
/// needs, because the execution's input may be large.
pub(crate) struct ContextView<'a> {
    pub(crate) execution: &'a ExecutionContext,
    pub(crate) input: &'a Value,
    pub(crate) state: &'a str,
    pub(crate) entered: Timestamp,
    pub(crate) retry_count: Option<u32>,
    pub(crate) token: Option<&'a str>,
    pub(crate) map_item: Option<&'a MapItem>,
}

impl ContextView<'_> {
    pub(crate) fn evaluate(&self, path: &JsonPath) -> Result<Value, String> {
        let names = [wanted(path, 0), wanted(path, 1), wanted(path, 2)];
        match (names, self.map_item) {
            // The two large parts are not copied for a look into them.
            ([Some("Execution"), Some("Input"), _], _) => return path.without(2).evaluate(self.input),
            // Every task that hands its token on asks for it.
            ([Some("Task"), Some("Token"), None], _) if path.segments.len() == 2 && path.function.is_none() => {
                if let Some(token) = self.token {
                    return Ok(Value::from(token));
                }
            }
            ([Some("Map"), Some("Item"), Some("Value")], Some(item)) => return path.without(3).evaluate(&item.value),
            _ => {}
        }
        path.evaluate(&Value::Object(self.section(wanted(path, 0), wanted(path, 1))))
    }

    /// The object, or a section of it. The execution's input is part of it only if the entry is not named
    /// otherwise, and then it is copied.
    pub(crate) fn section(&self, section: Option<&str>, entry: Option<&str>) -> Map<String, Value> {
        let takes = |name: &str| section.is_none_or(|wanted| wanted == name);
        let mut root = Map::new();
        if takes("Execution") {
            let mut execution = Map::new();
            execution.insert("Id".into(), json!(self.execution.execution_id));
            execution.insert("Name".into(), json!(self.execution.execution_name));
            execution.insert("RoleArn".into(), json!(self.execution.role_arn));
            execution.insert("StartTime".into(), json!(time::format(self.execution.start_time)));
            execution.insert("RedriveCount".into(), json!(0));
            if section.is_none() || entry.is_none_or(|entry| entry == "Input") {
                execution.insert("Input".into(), self.input.clone());
            }
            root.insert("Execution".into(), Value::Object(execution));
        }
        if takes("StateMachine") {
            let machine = json!({"Id": self.execution.state_machine_id, "Name": self.execution.state_machine_name});
            root.insert("StateMachine".into(), machine);
        }
        if takes("State") {
            let mut state = Map::new();
            state.insert("Name".into(), json!(self.state));
            state.insert("EnteredTime".into(), json!(time::format(self.entered)));
            if let Some(count) = self.retry_count {
                state.insert("RetryCount".into(), json!(count));
            }
            root.insert("State".into(), Value::Object(state));
        }
        if let Some(token) = self.token.filter(|_| takes("Task")) {
            root.insert("Task".into(), json!({"Token": token}));
        }
        if let Some(item) = self.map_item.filter(|_| takes("Map")) {
            root.insert("Map".into(), json!({"Item": {"Index": item.index, "Value": *item.value}}));
        }
        root
    }
}

fn wanted(path: &JsonPath, at: usize) -> Option<&str> {
    let segment = path.segments.get(at)?;
    match &segment.selector {
        Selector::Names(names) if !segment.descend && names.len() == 1 => names.first().map(String::as_str),
        _ => None,
    }
}

/// The workflow variables of one scope; an inner scope reads the outer ones and cannot change them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    own: BTreeMap<String, Value>,
    outer: Option<Arc<Variables>>,
}

impl Variables {
    pub(crate) fn within(outer: Arc<Variables>) -> Self {
        Self { own: BTreeMap::new(), outer: Some(outer) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.own.get(name).or_else(|| self.outer.as_ref()?.get(name))
    }

    pub(crate) fn set(&mut self, values: Map<String, Value>) {
        self.own.extend(values);
    }
}
