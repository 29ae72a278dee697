//! Reads `Retry`, `Catch` and what goes with them.

use super::graph::Edge;
use super::node::{Fields, Node};
use super::{MAX_SECONDS, Reader};
use crate::diagnostic::Code;
use crate::model::{Catcher, Handling, Retrier, Target, Transition};

/// AWS's limits.
const MAX_DELAY: u64 = 31_622_400;
const MAX_ATTEMPTS: u64 = 99_999_999;

/// The error names that AWS defines.
const KNOWN: &[&str] = &[
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
];

impl Reader<'_> {
    /// The fields that Task, Parallel and Map share.
    pub(super) fn handling<'a>(
        &mut self,
        state: &'a str,
        fields: &mut Fields<'a>,
        edges: &mut Vec<Edge<'a>>,
    ) -> Option<Handling> {
        let (mut result_selector, mut result_path) = (None, Target::Whole);
        if !self.jsonata {
            result_selector = self.template_field(fields, "ResultSelector");
            result_path = self.target(fields);
        }
        let retry = self.retry(fields);
        let catch = self.catch(state, fields, edges);
        Some(Handling {
            result_selector: result_selector.map(Box::new),
            result_path,
            retry,
            catch,
            transition: self.transition(state, fields, edges)?,
        })
    }

    /// Exactly one of `Next` and `End: true`.
    pub(super) fn transition<'a>(
        &mut self,
        state: &'a str,
        fields: &mut Fields<'a>,
        edges: &mut Vec<Edge<'a>>,
    ) -> Option<Transition> {
        let end = fields.take("End");
        let next = fields.take("Next");
        let ends = end.as_ref().map(|node| node.value());
        if let (Some(node), Some(value)) = (&end, &ends)
            && value.as_bool().is_none()
        {
            self.report.error(node, Code::InvalidValue, format!("`End` must be true or false, found `{value}`"));
            return None;
        }
        let ends = ends == Some(serde_json::Value::Bool(true));
        match next {
            Some(node) if ends => {
                self.report.error(&node, Code::FieldConflict, "`Next` and `End` exclude each other");
                None
            }
            Some(node) => {
                let to = self.report.string(&node, "Next")?;
                edges.push(Edge { from: Some(state), to, node });
                Some(Transition::Next(to.into()))
            }
            None if ends => Some(Transition::End),
            None => {
                let message = format!("state `{state}` needs either `Next` or `\"End\": true`");
                self.report.error(&fields.owner, Code::MissingField, message);
                None
            }
        }
    }

    fn retry(&mut self, fields: &mut Fields<'_>) -> Box<[Retrier]> {
        let Some(node) = fields.take("Retry") else { return Box::default() };
        let Some(items) = self.report.items(&node, "`Retry`") else { return Box::default() };
        let count = items.len();
        items.iter().enumerate().filter_map(|(at, item)| self.retrier(item, at + 1 == count)).collect()
    }

    fn retrier(&mut self, node: &Node<'_>, last: bool) -> Option<Retrier> {
        let mut fields = self.report.fields(node, "an entry of `Retry`")?;
        self.text(&mut fields, "Comment");
        let error_equals = self.error_equals(&mut fields, last, "Retry");
        let interval = fields.take("IntervalSeconds");
        let interval_seconds = interval.and_then(|node| self.whole(&node, "IntervalSeconds", 1, MAX_SECONDS));
        let interval_seconds = interval_seconds.unwrap_or(1);
        let attempts = fields.take("MaxAttempts");
        let attempts = attempts.and_then(|node| self.whole(&node, "MaxAttempts", 0, MAX_ATTEMPTS)).unwrap_or(3);
        let mut backoff_rate = 2.0;
        if let Some(node) = fields.take("BackoffRate") {
            match node.value().as_f64() {
                Some(rate) if rate >= 1.0 => backoff_rate = rate,
                _ => {
                    let message = format!("`BackoffRate` must be a number of at least 1, found `{}`", node.value());
                    self.report.error(&node, Code::InvalidTiming, message);
                }
            }
        }
        let delay = fields.take("MaxDelaySeconds");
        let max_delay_seconds = delay.as_ref().and_then(|node| self.whole(node, "MaxDelaySeconds", 1, MAX_DELAY));
        if let (Some(node), Some(most)) = (&delay, max_delay_seconds) {
            if most < interval_seconds {
                let message =
                    format!("`MaxDelaySeconds` ({most}) must be greater than `IntervalSeconds` ({interval_seconds})");
                self.report.error(node, Code::InvalidTiming, message);
            } else if most == interval_seconds {
                let message = format!("`MaxDelaySeconds` equals `IntervalSeconds` ({interval_seconds})");
                self.report.warn(
                    node,
                    Code::InvalidTiming,
                    message,
                    "every delay is the same, so the backoff rate has no effect",
                );
            }
        }
        let mut full_jitter = false;
        if let Some(node) = fields.take("JitterStrategy") {
            match self.report.string(&node, "JitterStrategy") {
                Some("FULL") => full_jitter = true,
                Some("NONE") | None => {}
                Some(other) => {
                    let message = format!("`JitterStrategy` must be `FULL` or `NONE`, found `{other}`");
                    self.report.error(&node, Code::InvalidValue, message);
                }
            }
        }
        self.report.finish(fields, "an entry of `Retry`");
        let max_attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
        Some(Retrier {
            error_equals: error_equals?,
            interval_seconds,
            max_attempts,
            backoff_rate,
            max_delay_seconds,
            full_jitter,
        })
    }

    fn catch<'a>(&mut self, state: &'a str, fields: &mut Fields<'a>, edges: &mut Vec<Edge<'a>>) -> Box<[Catcher]> {
        let Some(node) = fields.take("Catch") else { return Box::default() };
        let Some(items) = self.report.items(&node, "`Catch`") else { return Box::default() };
        let count = items.len();
        items.iter().enumerate().filter_map(|(at, item)| self.catcher(state, item, at + 1 == count, edges)).collect()
    }

    fn catcher<'a>(
        &mut self,
        state: &'a str,
        node: &Node<'a>,
        last: bool,
        edges: &mut Vec<Edge<'a>>,
    ) -> Option<Catcher> {
        let mut fields = self.report.fields(node, "an entry of `Catch`")?;
        self.text(&mut fields, "Comment");
        let error_equals = self.error_equals(&mut fields, last, "Catch");
        let (mut result_path, mut output) = (Target::Whole, None);
        if self.jsonata {
            output = self.template_field(&mut fields, "Output");
        } else {
            result_path = self.target(&mut fields);
        }
        let assign = self.assign(&mut fields);
        let Some(target) = fields.take("Next") else {
            self.report.missing(&fields, "Next", "an entry of `Catch`");
            return None;
        };
        let next = self.report.string(&target, "Next")?;
        edges.push(Edge { from: Some(state), to: next, node: target });
        self.report.finish(fields, "an entry of `Catch`");
        Some(Catcher { error_equals: error_equals?, result_path, assign, output, next: next.into() })
    }

    fn error_equals(&mut self, fields: &mut Fields<'_>, last: bool, list: &str) -> Option<Box<[String]>> {
        let Some(node) = fields.take("ErrorEquals") else {
            self.report.missing(fields, "ErrorEquals", &format!("an entry of `{list}`"));
            return None;
        };
        let items = self.report.items(&node, "`ErrorEquals`")?;
        if items.is_empty() {
            self.report.error(&node, Code::InvalidValue, "`ErrorEquals` must not be empty");
        }
        let mut names = Vec::new();
        for item in &items {
            let name = self.report.string(item, "ErrorEquals")?;
            if name.starts_with("States.") && !KNOWN.contains(&name) {
                let hint = "AWS never reports it; only a Fail state could";
                self.report.warn(item, Code::InvalidValue, format!("`{name}` is not an error name of AWS"), hint);
            }
            if matches!(name, "States.Runtime") {
                let hint = "AWS always fails the execution on it";
                self.report.warn(item, Code::InvalidValue, format!("`{name}` cannot be handled"), hint);
            }
            names.push(name.to_owned());
        }
        if let Some(at) = names.iter().position(|name| name == "States.ALL") {
            let place = items.get(at).unwrap_or(&node);
            if names.len() > 1 {
                self.report.error(place, Code::MisplacedAll, "`States.ALL` must stand alone in `ErrorEquals`");
            }
            if !last {
                let message = format!("`States.ALL` must be in the last entry of `{list}`");
                self.report.error_hint(place, Code::MisplacedAll, message, "entries after it would never be reached");
            }
        }
        Some(names.into())
    }
}
