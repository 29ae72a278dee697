//! Reads states.

use super::Reader;
use super::graph::Edge;
use super::node::{Fields, Node};
use crate::diagnostic::Code;
use crate::expr::{Expr, Root, RootedPath, has_substitution};
use crate::model::{
    Fail, Number, Parallel, Pass, Selection, State, StateKind, Target, Task, Text, Until, Wait, Workflow,
};
use crate::resource::Resource;
use crate::time;
use serde_json::Value;
use std::sync::Arc;

impl Reader<'_> {
    pub(super) fn state<'a>(&mut self, name: &'a str, node: &Node<'a>, edges: &mut Vec<Edge<'a>>) -> Option<State> {
        let mut fields = self.report.fields(node, "a state")?;
        let outer = self.jsonata;
        self.jsonata = self.language(&mut fields).unwrap_or(outer);
        let state = self.state_in_language(name, fields, edges);
        self.jsonata = outer;
        state
    }

    fn state_in_language<'a>(
        &mut self,
        name: &'a str,
        mut fields: Fields<'a>,
        edges: &mut Vec<Edge<'a>>,
    ) -> Option<State> {
        self.text(&mut fields, "Comment");
        let Some(type_node) = fields.take("Type") else {
            self.report.missing(&fields, "Type", &format!("state `{name}`"));
            return None;
        };
        let kind = self.report.string(&type_node, "Type")?;
        let what = format!("a {kind} state");
        let (mut input_path, mut output_path, mut assign) = (Selection::Whole, Selection::Whole, None);
        let mut output = None;
        if kind != "Fail" && self.jsonata {
            output = self.template_field(&mut fields, "Output");
        } else if kind != "Fail" {
            input_path = self.selection(&mut fields, "InputPath");
            output_path = self.selection(&mut fields, "OutputPath");
        }
        if !matches!(kind, "Fail" | "Succeed") {
            assign = self.assign(&mut fields);
        }
        let kind = match kind {
            "Task" => self.task(name, &mut fields, edges).map(|task| StateKind::Task(Box::new(task))),
            "Pass" => self.pass(name, &mut fields, edges).map(|pass| StateKind::Pass(Box::new(pass))),
            "Choice" => self.choice(name, &mut fields, edges).map(StateKind::Choice),
            "Wait" => self.wait(name, &mut fields, edges).map(|wait| StateKind::Wait(Box::new(wait))),
            "Succeed" => Some(StateKind::Succeed),
            "Fail" => Some(StateKind::Fail(Box::new(self.fail(&mut fields)))),
            "Parallel" => {
                self.parallel(name, &mut fields, edges).map(|parallel| StateKind::Parallel(Box::new(parallel)))
            }
            "Map" => self.map(name, &mut fields, edges).map(|map| StateKind::Map(Box::new(map))),
            other => {
                let message = format!("`{other}` is not a state type");
                let hint = "one of Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map";
                self.report.error_hint(&type_node, Code::InvalidValue, message, hint);
                return None;
            }
        };
        self.finish(fields, &what);
        Some(State {
            name: name.into(),
            input_path,
            output_path,
            jsonata: self.jsonata,
            assign: assign.map(Box::new),
            output: output.map(Box::new),
            kind: kind?,
        })
    }

    fn pass<'a>(&mut self, name: &'a str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Pass> {
        let (mut parameters, mut result, mut result_path) = (None, None, Target::Whole);
        if !self.jsonata {
            parameters = self.template_field(fields, "Parameters");
            result = fields.take("Result").map(|node| node.value());
            result_path = self.target(fields);
        }
        Some(Pass { parameters, result, result_path, transition: self.transition(name, fields, edges)? })
    }

    fn task<'a>(&mut self, name: &'a str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Task> {
        let resource = match fields.take("Resource") {
            Some(node) => {
                let text = self.report.string(&node, "Resource");
                text.and_then(|text| match self.resource(text) {
                    Ok(resource) => Some((resource, node)),
                    Err(reason) => {
                        let message = format!("`{text}` is not a resource: {reason}");
                        self.report.error(&node, Code::InvalidValue, message);
                        None
                    }
                })
            }
            None => {
                self.report.missing(fields, "Resource", &format!("Task state `{name}`"));
                None
            }
        };
        let name_of_parameters = self.parameters_name();
        let parameters_place = fields.peek(name_of_parameters).copied();
        let parameters = self.template_field(fields, name_of_parameters);
        if let Some(node) = fields.peek("Credentials").copied() {
            self.role_is_named(&node);
        }
        let credentials = self.template_field(fields, "Credentials").map(Box::new);
        let heartbeat_place = fields.peek("HeartbeatSeconds").copied();
        let timeout = self.number(fields, "TimeoutSeconds", "TimeoutSecondsPath", 1);
        let heartbeat = self.number(fields, "HeartbeatSeconds", "HeartbeatSecondsPath", 1);
        if let (Some(Number::Fixed(limit)), Some(Number::Fixed(beat)), Some(node)) =
            (&timeout, &heartbeat, heartbeat_place)
            && beat >= limit
        {
            let message = format!("`HeartbeatSeconds` ({beat}) must be smaller than `TimeoutSeconds` ({limit})");
            self.report.error(&node, Code::InvalidTiming, message);
        }
        let handling = self.handling(name, fields, edges);
        let (resource, place) = resource?;
        if resource.waits_for_token() && !parameters.as_ref().is_some_and(|given| given.any(&passes_token)) {
            let message = format!("task `{name}` waits for its token but gives it to nobody");
            let hint = if self.jsonata {
                "put `\"TaskToken\": \"{% $states.context.Task.Token %}\"` into `Arguments`"
            } else {
                "put `\"TaskToken.$\": \"$$.Task.Token\"` into `Parameters`"
            };
            let node = parameters_place.unwrap_or(place);
            self.report.error_hint(&node, Code::TokenNotPassed, message, hint);
        }
        Some(Task { resource, parameters, credentials, timeout, heartbeat, handling: handling? })
    }

    /// A resource, whose text is shared with the one that was read before where both are the same.
    fn resource(&mut self, text: &str) -> Result<Resource, String> {
        let resource = match &self.resource {
            Some(last) if *last.arn == *text => last.clone(),
            _ => Resource::parse(text)?,
        };
        self.resource = Some(resource.clone());
        Ok(resource)
    }

    /// `Credentials` names the role to work under, and nothing else.
    fn role_is_named(&mut self, node: &Node<'_>) {
        let Value::Object(given) = node.value() else { return };
        if !given.contains_key("RoleArn") && !given.contains_key("RoleArn.$") {
            self.report.error(node, Code::MissingField, "`Credentials` needs the field `RoleArn`");
        }
        for name in given.keys().filter(|name| !["RoleArn", "RoleArn.$"].contains(&name.as_str())) {
            self.report.error(node, Code::UnknownField, format!("`{name}` is not a field of `Credentials`"));
        }
    }

    fn wait<'a>(&mut self, name: &'a str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Wait> {
        const WAYS: [&str; 4] = ["Seconds", "Timestamp", "SecondsPath", "TimestampPath"];
        let ways = if self.jsonata { WAYS.get(..2).unwrap_or_default() } else { &WAYS[..] };
        let given: Vec<(&str, Node<'a>)> =
            ways.iter().filter_map(|way| fields.take(way).map(|node| (*way, node))).collect();
        let transition = self.transition(name, fields, edges);
        let until = match given.as_slice() {
            [(way, node)] => self.until(way, node),
            [] => {
                let message = format!(
                    "Wait state `{name}` needs one of {}",
                    ways.iter().map(|way| format!("`{way}`")).collect::<Vec<_>>().join(", ")
                );
                self.report.error(&fields.owner, Code::MissingField, message);
                None
            }
            [_, (second, node), ..] => {
                self.report.error(node, Code::FieldConflict, format!("`{second}`: a Wait state takes one duration"));
                None
            }
        };
        Some(Wait { until: until?, transition: transition? })
    }

    fn until(&mut self, way: &str, node: &Node<'_>) -> Option<Until> {
        if self.jsonata
            && let Some(literal) = node.text()
            && let Some(expression) = self.query(node, literal, way)
        {
            let until = if way == "Seconds" { Until::SecondsQuery } else { Until::TimestampQuery };
            return expression.map(until);
        }
        match way {
            "Seconds" => self.whole(node, way, 0, super::MAX_SECONDS).map(Until::Seconds),
            "SecondsPath" => self.path(node, way).map(Until::SecondsPath),
            "TimestampPath" => self.path(node, way).map(Until::TimestampPath),
            _ => {
                let text = self.report.string(node, way)?;
                let parsed = time::parse(text);
                if parsed.is_none() {
                    let message = format!("`{text}` is not a timestamp such as `2024-08-18T17:33:00Z`");
                    self.report.error(node, Code::InvalidValue, message);
                }
                parsed.map(Until::Timestamp)
            }
        }
    }

    fn fail(&mut self, fields: &mut Fields<'_>) -> Fail {
        Fail {
            error: self.fixed_or_computed(fields, "Error", "ErrorPath"),
            cause: self.fixed_or_computed(fields, "Cause", "CausePath"),
        }
    }

    fn fixed_or_computed(
        &mut self,
        fields: &mut Fields<'_>,
        name: &'static str,
        path_name: &'static str,
    ) -> Option<Text> {
        if self.jsonata {
            let node = fields.take(name)?;
            let text = self.report.string(&node, name)?;
            return match self.query(&node, text, name) {
                Some(expression) => expression.map(|expression| Text::Computed(Expr::Jsonata(expression))),
                None => Some(Text::Fixed(text.to_owned())),
            };
        }
        let fixed = self.text(fields, name).map(Text::Fixed);
        let Some(node) = fields.take(path_name) else { return fixed };
        if fixed.is_some() {
            self.report.error(&node, Code::FieldConflict, format!("`{name}` and `{path_name}` exclude each other"));
        }
        self.expression(&node, path_name).map(Text::Computed)
    }

    fn parallel<'a>(&mut self, name: &'a str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Parallel> {
        let parameters = self.template_field(fields, self.parameters_name());
        let branches = match fields.take("Branches") {
            Some(node) => self.branches(&node),
            None => {
                self.report.missing(fields, "Branches", &format!("Parallel state `{name}`"));
                None
            }
        };
        let handling = self.handling(name, fields, edges);
        Some(Parallel { parameters, branches: branches?.into(), handling: handling? })
    }

    fn branches(&mut self, node: &Node<'_>) -> Option<Vec<Arc<Workflow>>> {
        let items = self.report.items(node, "`Branches`")?;
        if items.is_empty() {
            self.report.error(node, Code::InvalidValue, "`Branches` must not be empty");
        }
        let mut branches = Vec::new();
        for item in &items {
            let branch = self.report.fields(item, "a branch").and_then(|mut fields| {
                self.text(&mut fields, "Comment");
                self.workflow(fields, "a branch")
            });
            branches.push(branch);
        }
        branches.into_iter().collect()
    }

    /// What a JSONata state calls its parameters.
    fn parameters_name(&self) -> &'static str {
        if self.jsonata { "Arguments" } else { "Parameters" }
    }

    /// Reports what nobody took.
    pub(super) fn finish(&mut self, fields: Fields<'_>, what: &str) {
        self.report.finish_in(fields, what, self.jsonata);
    }
}

/// Whether an expression hands out the token: by name, or inside the whole context object or its `Task`.
fn passes_token(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => is_token(path),
        Expr::Call(call) => call.any_path(&is_token),
        // The whole of `$states` or its context hold it too.
        Expr::Jsonata(expression) => expression.ways_into("states").iter().any(|way| {
            let way: Vec<&str> = way.iter().map(String::as_str).collect();
            matches!(way.as_slice(), [] | ["context"] | ["context", "Task", ..])
        }),
    }
}

fn is_token(path: &RootedPath) -> bool {
    let names_it = path.root == Root::Context
        && (path.path.is_root()
            || path.text == "$$.Task"
            || path.text.starts_with("$$.Task.")
            || path.text.starts_with("$$['Task']"));
    // Text that the deployment fills in may well be the token.
    names_it || has_substitution(&path.text)
}
