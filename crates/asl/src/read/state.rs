//! Reads states.

use super::Reader;
use super::graph::Edge;
use super::node::{Fields, Node};
use crate::diagnostic::Code;
use crate::expr::{Expr, Root, RootedPath, has_substitution};
use crate::model::{Fail, Map, Number, Parallel, Pass, Selection, State, StateKind, Task, Text, Until, Wait, Workflow};
use crate::resource::Resource;
use crate::time;
use std::sync::Arc;

impl Reader {
    pub(super) fn state<'a>(&mut self, name: &str, node: &Node<'a>, edges: &mut Vec<Edge<'a>>) -> Option<State> {
        let mut fields = self.report.fields(node, "a state")?;
        if !self.is_jsonpath(&mut fields) {
            return None;
        }
        self.text(&mut fields, "Comment");
        let Some(type_node) = fields.take("Type") else {
            self.report.missing(&fields, "Type", &format!("state `{name}`"));
            return None;
        };
        let kind = self.report.string(&type_node, "Type")?;
        let what = format!("a {kind} state");
        let (mut input_path, mut output_path, mut assign) = (Selection::Whole, Selection::Whole, None);
        if kind != "Fail" {
            input_path = self.selection(&mut fields, "InputPath");
            output_path = self.selection(&mut fields, "OutputPath");
        }
        if !matches!(kind, "Fail" | "Succeed") {
            assign = self.assign(&mut fields);
        }
        let kind = match kind {
            "Task" => self.task(name, &mut fields, edges).map(|task| StateKind::Task(Box::new(task))),
            "Pass" => self.pass(name, &mut fields, edges).map(StateKind::Pass),
            "Choice" => self.choice(name, &mut fields, edges).map(StateKind::Choice),
            "Wait" => self.wait(name, &mut fields, edges).map(StateKind::Wait),
            "Succeed" => Some(StateKind::Succeed),
            "Fail" => Some(StateKind::Fail(self.fail(&mut fields))),
            "Parallel" => self.parallel(name, &mut fields, edges).map(StateKind::Parallel),
            "Map" => self.map(name, &mut fields, edges).map(|map| StateKind::Map(Box::new(map))),
            other => {
                let message = format!("`{other}` is not a state type");
                let hint = "one of Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map";
                self.report.error_hint(&type_node, Code::InvalidValue, message, hint);
                return None;
            }
        };
        self.report.finish(fields, &what);
        Some(State { name: name.to_owned(), input_path, output_path, assign, kind: kind? })
    }

    fn pass<'a>(&mut self, name: &str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Pass> {
        let parameters = self.template_field(fields, "Parameters");
        let result = fields.take("Result").map(|node| node.value());
        let result_path = self.target(fields);
        Some(Pass { parameters, result, result_path, transition: self.transition(name, fields, edges)? })
    }

    fn task<'a>(&mut self, name: &str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Task> {
        let resource = match fields.take("Resource") {
            Some(node) => {
                let text = self.report.string(&node, "Resource");
                text.and_then(|text| match Resource::parse(text) {
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
        let parameters_place = fields.peek("Parameters").cloned();
        let parameters = self.template_field(fields, "Parameters");
        let credentials = self.template_field(fields, "Credentials");
        let heartbeat_place = fields.peek("HeartbeatSeconds").cloned();
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
            let hint = "put `\"TaskToken.$\": \"$$.Task.Token\"` into `Parameters`";
            let node = parameters_place.unwrap_or(place);
            self.report.error_hint(&node, Code::TokenNotPassed, message, hint);
        }
        Some(Task { resource, parameters, credentials, timeout, heartbeat, handling: handling? })
    }

    fn wait<'a>(&mut self, name: &str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Wait> {
        const WAYS: [&str; 4] = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
        let given: Vec<(&str, Node<'a>)> =
            WAYS.iter().filter_map(|way| fields.take(way).map(|node| (*way, node))).collect();
        let transition = self.transition(name, fields, edges);
        let until = match given.as_slice() {
            [(way, node)] => self.until(way, node),
            [] => {
                let message =
                    format!("Wait state `{name}` needs one of {}", WAYS.map(|way| format!("`{way}`")).join(", "));
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

    fn fixed_or_computed(&mut self, fields: &mut Fields<'_>, name: &str, path_name: &str) -> Option<Text> {
        let fixed = self.text(fields, name).map(Text::Fixed);
        let Some(node) = fields.take(path_name) else { return fixed };
        if fixed.is_some() {
            self.report.error(&node, Code::FieldConflict, format!("`{name}` and `{path_name}` exclude each other"));
        }
        self.expression(&node, path_name).map(Text::Computed)
    }

    fn parallel<'a>(&mut self, name: &str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Parallel> {
        let parameters = self.template_field(fields, "Parameters");
        let branches = match fields.take("Branches") {
            Some(node) => self.branches(&node),
            None => {
                self.report.missing(fields, "Branches", &format!("Parallel state `{name}`"));
                None
            }
        };
        let handling = self.handling(name, fields, edges);
        Some(Parallel { parameters, branches: branches?, handling: handling? })
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
                self.is_jsonpath(&mut fields).then(|| self.workflow(fields, "a branch")).flatten()
            });
            branches.push(branch);
        }
        branches.into_iter().collect()
    }

    fn map<'a>(&mut self, name: &str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Option<Map> {
        let items_path = fields.take("ItemsPath").and_then(|node| self.path(&node, "ItemsPath"));
        let item_selector = self.either(fields, "ItemSelector", "Parameters");
        let item_selector = item_selector.and_then(|node| self.template(&node));
        let max_concurrency = self.number(fields, "MaxConcurrency", "MaxConcurrencyPath", 0);
        let processor = match self.either(fields, "ItemProcessor", "Iterator") {
            Some(node) => self.processor(&node),
            None => {
                self.report.missing(fields, "ItemProcessor", &format!("Map state `{name}`"));
                None
            }
        };
        let handling = self.handling(name, fields, edges);
        Some(Map { items_path, item_selector, max_concurrency, processor: processor?, handling: handling? })
    }

    /// A field that was renamed: the new name or the old one, not both.
    fn either<'a>(&mut self, fields: &mut Fields<'a>, name: &str, old: &str) -> Option<Node<'a>> {
        let new = fields.take(name);
        let former = fields.take(old);
        if let (Some(_), Some(node)) = (&new, &former) {
            self.report.error(node, Code::FieldConflict, format!("`{name}` and `{old}` exclude each other"));
        }
        new.or(former)
    }

    fn processor(&mut self, node: &Node<'_>) -> Option<Arc<Workflow>> {
        let mut fields = self.report.fields(node, "`ItemProcessor`")?;
        if !self.is_jsonpath(&mut fields) {
            return None;
        }
        self.text(&mut fields, "Comment");
        let inline = fields.take("ProcessorConfig").is_none_or(|config| self.is_inline(&config));
        let workflow = self.workflow(fields, "`ItemProcessor`");
        workflow.filter(|_| inline)
    }

    fn is_inline(&mut self, node: &Node<'_>) -> bool {
        let Some(mut fields) = self.report.fields(node, "`ProcessorConfig`") else { return false };
        let mode = fields.take("Mode");
        let mut inline = true;
        if let Some(mode) = mode {
            match self.report.string(&mode, "Mode") {
                Some("INLINE") => {}
                Some("DISTRIBUTED") => {
                    fields.take("ExecutionType");
                    let hint = "use mode `INLINE`";
                    self.report.error_hint(&mode, Code::Unsupported, "distributed maps are not supported", hint);
                    inline = false;
                }
                Some(other) => {
                    self.report.error(&mode, Code::InvalidValue, format!("`{other}` is not a mode: expected `INLINE`"));
                    inline = false;
                }
                None => inline = false,
            }
        }
        self.report.finish(fields, "`ProcessorConfig`");
        inline
    }
}

/// Whether an expression hands out the token: by name, or inside the whole context object or its `Task`.
fn passes_token(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => is_token(path),
        Expr::Call(call) => call.any_path(&is_token),
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
