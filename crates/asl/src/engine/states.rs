//! What entering each kind of state does.

use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use super::{Activity, Execution, Scope, ThreadId, Visit};
use crate::choose;
use crate::expr::{Expr, Trouble, unexpected};
use crate::history::{Details, EventType};
use crate::jsonata::Expression;
use crate::model::{Choice, Fail, Number, Pass, State, StateKind, Text, Transition, Until, Wait};
use crate::time;

/// Seconds in 31 bits, with which AWS counts: a wait for a later time is refused.
const MAX_WAIT: i64 = i32::MAX as i64;

impl Execution {
    pub(super) fn enter(&mut self, id: ThreadId, name: &str, input: Arc<Value>) {
        let Some(thread) = self.threads.get(id) else { return };
        let Some(state) = thread.workflow.state(name).map(Arc::clone) else {
            // Only a definition with a substitution token in a transition gets here.
            let cause = Some(format!("There is no state '{name}'."));
            self.state_failed(id, Failure::new("States.Runtime", cause));
            return;
        };
        let before_entry = thread.last_event;
        let entered_event = self.record_with(id, EventType::entered(&state.kind), || Details {
            input: Some(Arc::clone(&input)),
            ..Details::named(name)
        });
        let visit =
            Visit { state, input, entered: self.now, entered_event, before_entry, retries: Vec::new(), token: None };
        if let Some(thread) = self.threads.get_mut(id) {
            thread.visit = Some(visit);
        }
        self.attempt(id);
    }

    /// Runs the current state, for the first time or again.
    pub(super) fn attempt(&mut self, id: ThreadId) {
        let Some(state) = self.state_of(id) else { return };
        let done = match &state.kind {
            StateKind::Task(task) => self.start_task(id, &state, task),
            StateKind::Pass(pass) => self.pass(id, &state, pass),
            StateKind::Choice(choice) => self.choose(id, &state, choice),
            StateKind::Wait(wait) => self.wait(id, &state, wait),
            StateKind::Succeed => self.succeed(id, &state),
            StateKind::Fail(fail) => Err(self.fail(id, fail)),
            StateKind::Parallel(parallel) => self.start_branches(id, &state, parallel),
            StateKind::Map(map) => self.start_items(id, &state, map),
        };
        if let Err(failure) = done {
            self.state_failed(id, failure);
        }
    }

    fn pass(&mut self, id: ThreadId, state: &State, pass: &Pass) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        if state.jsonata {
            let output = self.output(id, state.output.as_deref(), Arc::clone(&input))?;
            return self.exit(id, state, output, &input, &pass.transition);
        }
        let result = match &pass.result {
            Some(result) => Arc::new(result.clone()),
            None => self.filled(id, pass.parameters.as_ref(), input)?,
        };
        let output = match &pass.result_path {
            crate::model::Target::Whole => Arc::clone(&result),
            target => self.placed(id, target, (*result).clone())?,
        };
        self.exit(id, state, output, &result, &pass.transition)
    }

    fn choose(&mut self, id: ThreadId, state: &State, choice: &Choice) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        let taken = self.with_env(id, Scope::of(&input), |env| {
            for rule in &choice.rules {
                if choose::holds(&rule.condition, env)? {
                    return Ok(Some(rule));
                }
            }
            Ok(None)
        })?;
        let (next, assign, output) = match (taken, &choice.default) {
            (Some(rule), _) => (&rule.next, rule.assign.as_ref(), rule.output.as_ref()),
            (None, Some(default)) => (default, state.assign.as_deref(), state.output.as_deref()),
            (None, None) => {
                let entered = self.threads.get(id).and_then(|thread| thread.visit.as_ref());
                let cause = format!(
                    "Failed to transition out of the state '{}' (entered at the event id #{}). The state does not point to a next state.",
                    state.name,
                    entered.map_or(0, |visit| visit.entered_event)
                );
                return Err(Failure::new("States.Runtime", Some(cause)));
            }
        };
        let assigned = Arc::clone(&input);
        let output = self.output(id, output, input)?;
        self.exit_with(id, state, output, &assigned, assign, &Transition::Next(Arc::clone(next)))
    }

    fn succeed(&mut self, id: ThreadId, state: &State) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        let assigned = Arc::clone(&input);
        let output = self.output(id, state.output.as_deref(), input)?;
        self.exit(id, state, output, &assigned, &Transition::End)
    }

    fn fail(&mut self, id: ThreadId, fail: &Fail) -> Failure {
        let input = self.visit_input(id);
        let error = self.fail_text(id, fail.error.as_ref(), "ErrorPath", &input);
        let cause = error.and_then(|error| {
            let cause = self.fail_text(id, fail.cause.as_ref(), "CausePath", &input)?;
            Ok((error, cause))
        });
        match cause {
            Ok((error, cause)) => Failure::of(error, cause),
            Err(failure) => failure,
        }
    }

    fn fail_text(
        &mut self,
        id: ThreadId,
        text: Option<&Text>,
        field: &str,
        input: &Value,
    ) -> Result<Option<String>, Failure> {
        match text {
            None => Ok(None),
            Some(Text::Fixed(text)) => Ok(Some(text.clone())),
            Some(Text::Computed(expr)) => {
                let jsonata = matches!(expr, Expr::Jsonata(_));
                let field = if jsonata { field.trim_end_matches("Path") } else { field };
                self.with_env(id, Scope::of(input), |env| match expr.evaluate(field, env)? {
                    Value::String(text) => Ok(Some(text)),
                    other if jsonata => Err(unexpected(expr.text(), field, "string", &other)),
                    other => {
                        let reason = format!("The {field} field must resolve to a string: {} == {other}", expr.text());
                        Err(reason.into())
                    }
                })
            }
        }
    }

    fn wait(&mut self, id: ThreadId, state: &State, wait: &Wait) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        let until = match &wait.until {
            Until::Seconds(seconds) => time::after(self.now, *seconds as f64),
            Until::Timestamp(at) => *at,
            Until::SecondsPath(path) => {
                let seconds = self.wait_seconds(id, path, &input)?;
                time::after(self.now, seconds as f64)
            }
            Until::TimestampPath(path) => {
                let value = self.look_up(id, path, "TimestampPath", &input)?;
                let shown = plain(&value);
                self.with_env(id, Scope::of(&input), |_| {
                    value.as_str().and_then(time::parse).ok_or_else(|| {
                        format!(
                            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: {} == {shown}",
                            path.text
                        )
                        .into()
                    })
                })?
            }
            Until::SecondsQuery(expression) => {
                let seconds = self.query_number(id, "Seconds", expression, 0, &input)?;
                time::after(self.now, seconds as f64)
            }
            Until::TimestampQuery(expression) => self.with_env(id, Scope::of(&input), |env| {
                match Expr::Jsonata(expression.clone()).evaluate("Timestamp", env)? {
                    Value::String(text) => time::parse(&text).ok_or_else(|| {
                        let what = "cannot be parsed as an ISO-8601 extended offset date-time format string";
                        Trouble::Query(format!("The Timestamp field {what}: {text}"), Some("Timestamp".to_owned()))
                    }),
                    other => Err(unexpected(expression.text(), "Timestamp", "string", &other)),
                }
            })?,
        };
        if until.as_second().saturating_sub(self.now.as_second()) > MAX_WAIT {
            return self.with_env(id, Scope::of(&input), |_| Err("Wait state delay is too long.".into()));
        }
        if let Some(thread) = self.threads.get_mut(id) {
            thread.activity = Activity::Wait;
        }
        self.set_wake(id, Some(until));
        Ok(())
    }

    fn wait_seconds(&mut self, id: ThreadId, path: &crate::expr::RootedPath, input: &Value) -> Result<u64, Failure> {
        let value = self.look_up(id, path, "SecondsPath", input)?;
        let shown = plain(&value);
        self.with_env(id, Scope::of(input), |_| match value.as_i64() {
            Some(seconds) => u64::try_from(seconds).map_err(|_| {
                format!("The SecondsPath parameter references a negative value: {} == {shown}", path.text).into()
            }),
            None => {
                let what = "The SecondsPath parameter cannot be parsed as a long value";
                Err(format!("{what}: {} == {shown}", path.text).into())
            }
        })
    }

    /// A whole number that a JSONata expression gives.
    fn query_number(
        &mut self,
        id: ThreadId,
        field: &str,
        expression: &Expression,
        least: u64,
        input: &Value,
    ) -> Result<u64, Failure> {
        self.with_env(id, Scope::of(input), |env| {
            let value = Expr::Jsonata(expression.clone()).evaluate(field, env)?;
            let place = || Some(field.to_owned());
            match value.as_i64() {
                Some(number) => u64::try_from(number).ok().filter(|number| *number >= least).ok_or_else(|| {
                    let reason = format!("The {field} field must be at least {least}, but was {number}");
                    Trouble::Query(reason, place())
                }),
                None => Err(unexpected(expression.text(), field, "number", &value)),
            }
        })
    }

    pub(super) fn wait_over(&mut self, id: ThreadId) {
        let Some(state) = self.state_of(id) else { return };
        let StateKind::Wait(wait) = &state.kind else { return };
        let left = self.effective_input(id, &state).and_then(|input| {
            let assigned = Arc::clone(&input);
            let output = self.output(id, state.output.as_deref(), input)?;
            self.exit(id, &state, output, &assigned, &wait.transition)
        });
        if let Err(failure) = left {
            self.state_failed(id, failure);
        }
    }

    /// `TimeoutSeconds` and its like: fixed, or looked up and checked.
    pub(super) fn number(
        &mut self,
        id: ThreadId,
        number: Option<&Number>,
        least: u64,
        input: &Value,
    ) -> Result<Option<u64>, Failure> {
        match number {
            None => Ok(None),
            Some(Number::Fixed(fixed)) => Ok(Some(*fixed)),
            Some(Number::Query(field, expression)) => self.query_number(id, field, expression, least, input).map(Some),
            Some(Number::Path(field, path)) => {
                let value = self.with_env(id, Scope::of(input), |env| {
                    path.evaluate(env).map_err(|reason| format!("Invalid path '{}' : {reason}", path.text).into())
                })?;
                let plain_name = field.trim_end_matches("Path");
                self.with_env(id, Scope::of(input), |_| match whole(&value) {
                    None => Err(format!(
                        "The {field} field refers to value \"{}\" which is not a valid integer: {}",
                        plain(&value),
                        path.text
                    )
                    .into()),
                    Some(found) if found < 0 && plain_name.starts_with("Tolerated") => {
                        Err(format!("{plain_name} cannot be negative.").into())
                    }
                    Some(found) if found < 0 => {
                        Err(format!("Expected non-negative integer for {plain_name}, got '{found}' instead.").into())
                    }
                    Some(found) => match u64::try_from(found) {
                        Ok(found) if found >= least => Ok(Some(found)),
                        _ => Err(format!("{plain_name} must be at least {least}.").into()),
                    },
                })
            }
        }
    }
}

/// A whole number, or a text that is one: AWS takes both where a path says how many.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// A value as AWS shows it in causes: text without quotes, all else as JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
