//! Decides whether a call may happen, lets it happen, and says what came of it.

use crate::{Changes, Context, Denial, Effect, Error, Permissions, Toolbox, Workspace, bound::bound, near};
use futures_util::future::join_all;
use maestro_ports::model::{ToolCall, ToolSpec};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;

/// Most bytes of one answer, where nobody says otherwise.
pub const ANSWER_LIMIT: usize = maestro_ports::model::ANSWER_LIMIT;

/// What came of a call that the task can go on from. All of it is answered to the model and fit to be recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It was done.
    Done {
        /// What the tool answered.
        output: Value,
        /// Files it wrote or removed.
        changed: Vec<String>,
        /// Whether the answer was too long and lost its end.
        cut: bool,
    },
    /// The tool could not do what was asked, and says why.
    Refused {
        /// Why.
        reason: String,
    },
    /// The caller may not do this; nothing happened.
    Denied(Denial),
    /// The arguments are not those of the tool; nothing happened.
    BadArguments {
        /// What is wrong.
        problem: String,
        /// The schema of what is expected.
        expected: Value,
    },
    /// There is no such tool.
    UnknownTool {
        /// Its name as given.
        tool: String,
        /// The caller's tools whose names are like it.
        near: Vec<String>,
    },
}

impl Outcome {
    /// What the model is answered, and whether that is an error.
    #[must_use]
    pub fn answer(&self) -> (Value, bool) {
        match self {
            Self::Done { output, .. } => (output.clone(), false),
            Self::Refused { reason } => (json!({ "error": reason }), true),
            Self::Denied(denial) => (json!({ "error": denial.to_string() }), true),
            Self::BadArguments { problem, expected } => {
                (json!({"error": format!("the arguments do not fit: {problem}"), "expected": expected}), true)
            }
            Self::UnknownTool { tool, near } if near.is_empty() => {
                (json!({ "error": format!("there is no tool `{tool}`") }), true)
            }
            Self::UnknownTool { tool, near } => {
                let near: Vec<_> = near.iter().map(String::as_str).collect();
                let error = format!("there is no tool `{tool}`; did you mean {}?", near::or(&near));
                (json!({ "error": error }), true)
            }
        }
    }
}

/// Lets one caller use tools, within its permissions.
#[derive(Clone)]
pub struct Dispatcher {
    toolbox: Toolbox,
    permissions: Permissions,
    answer_limit: usize,
}

impl Dispatcher {
    /// Over these tools, for a caller that may do this.
    #[must_use]
    pub const fn new(toolbox: Toolbox, permissions: Permissions) -> Self {
        Self { toolbox, permissions, answer_limit: ANSWER_LIMIT }
    }

    /// Cuts answers at so many bytes of JSON.
    #[must_use]
    pub fn with_answer_limit(self, bytes: usize) -> Self {
        Self { answer_limit: bytes, ..self }
    }

    /// What the caller may do.
    #[must_use]
    pub const fn permissions(&self) -> &Permissions {
        &self.permissions
    }

    /// The caller's tools as a model sees them, by name. Those that it could never call are not shown.
    #[must_use]
    pub fn specs(&self) -> Vec<ToolSpec> {
        let shown = self.permissions.tools.iter().filter_map(|name| self.toolbox.find(name));
        let shown = shown.filter(|tool| self.permissions.effects.contains(&tool.effect()));
        shown
            .map(|tool| ToolSpec {
                name: tool.name().to_owned(),
                description: tool.description().to_owned(),
                schema: tool.schema(),
            })
            .collect()
    }

    /// Lets one call happen, if it may. What it changed is taken over only when it was done.
    ///
    /// # Errors
    /// [`Error::Waits`] and [`Error::Fatal`]: the task cannot go on.
    pub async fn dispatch(&self, call: &ToolCall, context: &mut Context) -> Result<Outcome, Error> {
        let (outcome, changes) = self.call(call, context).await?;
        context.apply(changes);
        Ok(outcome)
    }

    /// Lets the calls of one turn happen in their order; those in a row that only look, at once. Answers in the order of the
    /// calls; ends early with the first that the task cannot go on from.
    ///
    /// # Errors
    /// As [`Self::dispatch`].
    pub async fn dispatch_all(&self, calls: &[ToolCall], context: &mut Context) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = Vec::with_capacity(calls.len());
        for row in calls.chunk_by(|a, b| self.looks(a) && self.looks(b)) {
            let shared: &Context = context;
            for done in join_all(row.iter().map(|call| self.call(call, shared))).await {
                let (outcome, changes) = done?;
                context.apply(changes);
                outcomes.push(outcome);
            }
        }
        Ok(outcomes)
    }

    /// Whether a call only looks, so that others of its kind may happen at the same time.
    #[must_use]
    pub fn looks(&self, call: &ToolCall) -> bool {
        self.toolbox.find(&call.name).is_some_and(|tool| tool.effect() == Effect::Reads)
    }

    /// One call over a task that does not change meanwhile: what came of it, and what it wants changed.
    async fn call(&self, call: &ToolCall, context: &Context) -> Result<(Outcome, Changes), Error> {
        let Some(tool) = self.toolbox.find(&call.name) else {
            let known = self.permissions.tools.iter().map(String::as_str);
            let near = near::like(&call.name, known).into_iter().map(str::to_owned).collect();
            return Ok((Outcome::UnknownTool { tool: call.name.clone(), near }, Changes::default()));
        };
        let nothing = |outcome| Ok((outcome, Changes::default()));
        if let Err(denial) = self.permissions.may_call(context.persona, tool.name(), tool.effect()) {
            return nothing(Outcome::Denied(denial));
        }
        let mut workspace = Workspace::new(context, &self.permissions, tool.name(), tool.effect());
        match tool.call(&arguments(&call.arguments), &mut workspace).await {
            Ok(output) => {
                let changes = workspace.into_changes();
                let (output, cut) = bound(output, self.answer_limit, tool.rest());
                let changed = changes.files.keys().cloned().collect();
                Ok((Outcome::Done { output, changed, cut }, changes))
            }
            Err(Error::Respond(reason)) => nothing(Outcome::Refused { reason: self.bounded(reason) }),
            Err(Error::Denied(denial)) => nothing(Outcome::Denied(denial)),
            Err(Error::Arguments(problem)) => {
                nothing(Outcome::BadArguments { problem: self.bounded(problem), expected: tool.schema() })
            }
            Err(ends @ (Error::Waits(_) | Error::Fatal { .. })) => Err(ends),
        }
    }

    fn bounded(&self, text: String) -> String {
        text.chars().take(self.answer_limit / 4).collect()
    }
}

/// The arguments as an object: some models send them as a text, or send nothing where a tool takes none.
fn arguments(given: &Value) -> Cow<'_, Value> {
    match given {
        Value::Null => Cow::Owned(json!({})),
        Value::String(text) => match serde_json::from_str(text) {
            Ok(object @ Value::Object(_)) => Cow::Owned(object),
            _ => Cow::Borrowed(given),
        },
        other => Cow::Borrowed(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PathScope, testing::context};

    fn call(name: &str, arguments: Value) -> ToolCall {
        ToolCall { id: "1".into(), name: name.into(), arguments }
    }

    fn dispatcher(tools: &[&str], effects: &[Effect]) -> Dispatcher {
        let permissions = Permissions {
            tools: tools.iter().map(|tool| (*tool).to_owned()).collect(),
            effects: effects.iter().copied().collect(),
            writes: vec![PathScope("tests/".into())],
        };
        Dispatcher::new(Toolbox::standard(), permissions)
    }

    #[tokio::test]
    async fn what_is_not_allowed_is_denied_and_nothing_happens() {
        let write = call("write_file", json!({"path": "tests/a.py", "content": "x"}));
        let elsewhere = call("write_file", json!({"path": "service/a.py", "content": "x"}));
        let mut context = context();
        let none = dispatcher(&["list_files"], &Effect::ALL).dispatch(&write, &mut context).await.unwrap();
        assert!(matches!(none, Outcome::Denied(Denial::Tool { .. })), "{none:?}");
        let looks = dispatcher(&["write_file"], &[Effect::Reads]);
        assert_eq!(looks.specs(), [], "what can never be called is not shown");
        let looks = looks.dispatch(&write, &mut context).await.unwrap();
        assert!(matches!(looks, Outcome::Denied(Denial::Effect { .. })), "{looks:?}");
        let writes = dispatcher(&["write_file"], &[Effect::WritesArtifact]);
        let outside = writes.dispatch(&elsewhere, &mut context).await.unwrap();
        assert!(matches!(outside, Outcome::Denied(Denial::Path { .. })), "{outside:?}");
        assert!(context.own.is_empty());
        let done = writes.dispatch(&write, &mut context).await.unwrap();
        assert!(matches!(&done, Outcome::Done { changed, .. } if changed == &["tests/a.py"]), "{done:?}");
        assert_eq!(context.own.len(), 1);
        for outcome in [none, looks, outside, done] {
            let text = serde_json::to_string(&outcome).unwrap();
            assert_eq!(serde_json::from_str::<Outcome>(&text).unwrap(), outcome, "what is recorded can be read again");
        }
    }

    #[tokio::test]
    async fn arguments_that_do_not_fit_are_answered_with_what_would() {
        let writes = dispatcher(&["write_file"], &Effect::ALL);
        for (arguments, says) in [
            (json!({"path": "tests/a.py"}), "missing field `content`"),
            (json!({"path": "tests/a.py", "content": "x", "mode": 7}), "unknown field `mode`"),
            (json!({"path": 7, "content": "x"}), "expected a string"),
            (json!("no JSON"), "invalid type"),
        ] {
            let outcome = writes.dispatch(&call("write_file", arguments), &mut context()).await.unwrap();
            let (answer, error) = outcome.answer();
            assert!(error && answer["error"].as_str().unwrap().contains(says), "{answer}");
            assert_eq!(answer["expected"]["required"], json!(["path", "content"]));
        }
        let text = call("write_file", json!("{\"path\": \"tests/a.py\", \"content\": \"x\"}"));
        assert!(matches!(writes.dispatch(&text, &mut context()).await, Ok(Outcome::Done { .. })));
        let lists = dispatcher(&["list_files"], &Effect::ALL);
        assert!(matches!(
            lists.dispatch(&call("list_files", Value::Null), &mut context()).await,
            Ok(Outcome::Done { .. })
        ));
    }

    #[tokio::test]
    async fn a_tool_that_does_not_exist_is_named_with_those_that_do() {
        let reads = dispatcher(&["read_file", "list_files"], &Effect::ALL);
        let (answer, error) = reads.dispatch(&call("readfile", json!({})), &mut context()).await.unwrap().answer();
        assert!(error && answer["error"] == "there is no tool `readfile`; did you mean `read_file`?", "{answer}");
        let (answer, _) = reads.dispatch(&call("rm", json!({})), &mut context()).await.unwrap().answer();
        assert_eq!(answer["error"], "there is no tool `rm`");
    }

    #[tokio::test]
    async fn calls_of_one_turn_see_what_was_written_before_them() {
        let both = dispatcher(&["write_file", "read_file"], &Effect::ALL);
        let read = call("read_file", json!({"path": "tests/a.py"}));
        let write = call("write_file", json!({"path": "tests/a.py", "content": "x = 1\n"}));
        let calls = [read.clone(), read.clone(), write, read];
        let outcomes = both.dispatch_all(&calls, &mut context()).await.unwrap();
        let errors: Vec<_> = outcomes.iter().map(|outcome| outcome.answer().1).collect();
        assert_eq!(errors, [true, true, false, false]);
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_cut_and_says_how_to_go_on() {
        let mut context = context();
        context.own.insert("tests/a.py".into(), "x = 1\n".repeat(90_000).into_bytes());
        let reads = dispatcher(&["read_file"], &Effect::ALL).with_answer_limit(5000);
        let outcome = reads.dispatch(&call("read_file", json!({"path": "tests/a.py"})), &mut context).await.unwrap();
        let Outcome::Done { output, cut: true, .. } = outcome else { panic!("{outcome:?}") };
        assert!(output.to_string().len() <= 5000);
        assert!(output["cut"]["rest"].as_str().unwrap().contains("from_line"), "{}", output["cut"]);
    }
}
