//! How data and control move through a state: selection, results, variables, exit.

use std::io;
use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use super::{Activity, Execution, Outcome, Scope, ThreadId};
use crate::expr::{RootedPath, Template};
use crate::history::{Details, EventType};
use crate::model::{Selection, State, Target, Transition};

/// AWS's limit on every input, result and output.
const MAX_PAYLOAD: usize = 262_144;
/// Levels of arrays and objects in a value.
const MAX_DEPTH: usize = 512;

impl Execution {
    pub(super) fn state_of(&self, id: ThreadId) -> Option<Arc<State>> {
        self.threads.get(id)?.visit.as_ref().map(|visit| Arc::clone(&visit.state))
    }

    /// The raw input of the current state.
    pub(super) fn visit_input(&self, id: ThreadId) -> Arc<Value> {
        let visit = self.threads.get(id).and_then(|thread| thread.visit.as_ref());
        visit.map_or_else(|| Arc::new(Value::Null), |visit| Arc::clone(&visit.input))
    }

    /// `InputPath` or `OutputPath`.
    pub(super) fn select(
        &mut self,
        id: ThreadId,
        selection: &Selection,
        from: Arc<Value>,
    ) -> Result<Arc<Value>, Failure> {
        match selection {
            Selection::Whole => Ok(from),
            Selection::Nothing => Ok(Arc::new(Value::Object(serde_json::Map::new()))),
            Selection::Path(path) => {
                let null_input = from.is_null() && path.root == crate::expr::Root::Input;
                let selected = self.with_env(id, Scope::of(&from), |env| {
                    if null_input {
                        return Err("Unable to apply Path transformation to null or empty input.".into());
                    }
                    path.evaluate(env).map_err(|reason| format!("Invalid path '{}' : {reason}", path.text).into())
                })?;
                Ok(Arc::new(selected))
            }
        }
    }

    /// The input after `InputPath`.
    pub(super) fn effective_input(&mut self, id: ThreadId, state: &State) -> Result<Arc<Value>, Failure> {
        let raw = self.visit_input(id);
        self.select(id, &state.input_path, raw)
    }

    pub(super) fn fill(&mut self, id: ThreadId, template: &Template, input: &Value) -> Result<Value, Failure> {
        self.with_env(id, Scope::of(input), |env| template.evaluate(env))
    }

    pub(super) fn filled(
        &mut self,
        id: ThreadId,
        template: Option<&Template>,
        input: Arc<Value>,
    ) -> Result<Arc<Value>, Failure> {
        match template {
            Some(template) => self.fill(id, template, &input).map(Arc::new),
            None => Ok(input),
        }
    }

    pub(super) fn look_up(
        &mut self,
        id: ThreadId,
        path: &RootedPath,
        field: &str,
        input: &Value,
    ) -> Result<Value, Failure> {
        let missing = format!("The {field} parameter does not reference an input value: {}", path.text);
        self.with_env(id, Scope::of(input), |env| path.evaluate(env).map_err(|_| missing.into()))
    }

    /// `ResultPath`: the raw input with the result in it.
    pub(super) fn placed(&mut self, id: ThreadId, target: &Target, result: Value) -> Result<Arc<Value>, Failure> {
        let input = self.visit_input(id);
        match target {
            Target::Whole => Ok(Arc::new(result)),
            Target::Nowhere => Ok(input),
            Target::Path(path) => {
                let mut combined = (*input).clone();
                match path.place(&mut combined, result) {
                    Ok(()) => Ok(Arc::new(combined)),
                    Err(reason) => Err(Failure::new("States.ResultPathMatchFailure", Some(reason))),
                }
            }
        }
    }

    /// Whether anything is made of a state's result.
    pub(super) fn reads_result(state: &State) -> bool {
        let dropped = state.kind.handling().is_some_and(|handling| {
            matches!(handling.result_path, Target::Nowhere) && handling.result_selector.is_none()
        });
        state.jsonata || !dropped || state.assign.is_some()
    }

    /// What follows a Task's, Parallel's or Map's result.
    pub(super) fn complete(&mut self, id: ThreadId, result: Value) {
        if let Err(failure) = self.try_complete(id, result) {
            self.state_failed(id, failure);
        }
    }

    fn try_complete(&mut self, id: ThreadId, result: Value) -> Result<(), Failure> {
        self.set_wake(id, None);
        let Some(state) = self.state_of(id) else { return Ok(()) };
        let Some(handling) = state.kind.handling() else { return Ok(()) };
        if state.jsonata {
            return self.exit_query(id, &state, Arc::new(result), &handling.transition);
        }
        // Few states assign anything, and the results of many branches are long.
        let assigned = if state.assign.is_some() { result.clone() } else { Value::Null };
        let selected = match &handling.result_selector {
            Some(template) => self.fill(id, template, &result)?,
            None => result,
        };
        let combined = self.placed(id, &handling.result_path, selected)?;
        self.exit(id, &state, combined, &assigned, &handling.transition)
    }

    /// The same in JSONata, where the result is the output unless `Output` says otherwise.
    fn exit_query(
        &mut self,
        id: ThreadId,
        state: &State,
        result: Arc<Value>,
        transition: &Transition,
    ) -> Result<(), Failure> {
        let raw = self.visit_input(id);
        let scope = Scope { input: &raw, ..Scope::after(&result) };
        let output = match &state.output {
            Some(output) => Arc::new(self.with_env(id, scope, |env| output.evaluate(env))?),
            None => Arc::clone(&result),
        };
        self.exit_over(id, state, output, scope, state.assign.as_deref(), transition)
    }

    /// `Output` of a JSONata state that has no result.
    pub(super) fn output(
        &mut self,
        id: ThreadId,
        output: Option<&Template>,
        input: Arc<Value>,
    ) -> Result<Arc<Value>, Failure> {
        match output {
            Some(output) => self.fill(id, output, &input).map(Arc::new),
            None => Ok(input),
        }
    }

    /// Leaves the state well: `OutputPath`, `Assign`, transition.
    pub(super) fn exit(
        &mut self,
        id: ThreadId,
        state: &State,
        output: Arc<Value>,
        assigned: &Value,
        transition: &Transition,
    ) -> Result<(), Failure> {
        self.exit_with(id, state, output, assigned, state.assign.as_deref(), transition)
    }

    pub(super) fn exit_with(
        &mut self,
        id: ThreadId,
        state: &State,
        output: Arc<Value>,
        assigned: &Value,
        assign: Option<&Template>,
        transition: &Transition,
    ) -> Result<(), Failure> {
        self.exit_over(id, state, output, Scope::of(assigned), assign, transition)
    }

    fn exit_over(
        &mut self,
        id: ThreadId,
        state: &State,
        output: Arc<Value>,
        assigned: Scope<'_>,
        assign: Option<&Template>,
        transition: &Transition,
    ) -> Result<(), Failure> {
        let output = self.select(id, &state.output_path, output)?;
        self.check_limits(id, &output, &state.name)?;
        if let Some(assign) = assign {
            self.assign(id, assign, assigned)?;
        }
        self.leave(id, &output);
        match transition {
            Transition::Next(name) => self.ready.push_back((id, Arc::clone(name), output)),
            Transition::End => self.thread_succeeded(id, output),
        }
        Ok(())
    }

    /// Checks a value's size and depth, unless it is the very value that was checked before.
    pub(super) fn check_limits(&mut self, id: ThreadId, value: &Arc<Value>, name: &str) -> Result<(), Failure> {
        let Some(thread) = self.threads.get_mut(id) else { return check_size(value, name) };
        if thread.within_limits.as_ref().is_some_and(|known| Arc::ptr_eq(known, value)) {
            return Ok(());
        }
        check_size(value, name)?;
        thread.within_limits = Some(Arc::clone(value));
        Ok(())
    }

    /// Records the exit; the thread is between states then.
    pub(super) fn leave(&mut self, id: ThreadId, output: &Arc<Value>) {
        self.set_wake(id, None);
        let Some(state) = self.state_of(id) else { return };
        if let Some(kind) = EventType::exited(&state.kind) {
            self.record_with(id, kind, || Details { output: Some(Arc::clone(output)), ..Details::named(&state.name) });
        }
        if let Some(thread) = self.threads.get_mut(id) {
            thread.activity = Activity::Idle;
        }
    }

    /// Sets variables. All are computed from the old values before any changes.
    pub(super) fn assign(&mut self, id: ThreadId, template: &Template, over: Scope<'_>) -> Result<(), Failure> {
        let values = self.with_env(id, over, |env| template.evaluate_object(env))?;
        let state = self.state_of(id);
        let name = state.as_ref().map_or("", |state| &state.name);
        for value in values.values() {
            check_size(value, name)?;
        }
        if let Some(thread) = self.threads.get_mut(id) {
            Arc::make_mut(&mut thread.variables).set(values);
        }
        Ok(())
    }

    fn thread_succeeded(&mut self, id: ThreadId, output: Arc<Value>) {
        match self.threads.get(id).and_then(|thread| thread.parent) {
            Some((parent, slot)) => self.child_succeeded(parent, slot, id, output),
            None => self.finish(Outcome::Succeeded { output: Arc::unwrap_or_clone(output) }),
        }
    }

    pub(super) fn thread_failed(&mut self, id: ThreadId, failure: Failure) {
        match self.threads.get(id).and_then(|thread| thread.parent) {
            Some((parent, slot)) => self.child_failed(parent, slot, id, failure),
            None => self.finish(Outcome::Failed { error: failure.error, cause: failure.cause }),
        }
    }
}

/// Refuses values that are too large, or so deep that recursion over them would exhaust the stack: a loop that
/// wraps its input once a round gets there within the limit on bytes.
pub(super) fn check_size(value: &Value, name: &str) -> Result<(), Failure> {
    if !fits_depth(value, MAX_DEPTH) {
        let cause = format!("The state/task '{name}' returned a result that is nested deeper than {MAX_DEPTH} levels.");
        return Err(Failure::new("States.Runtime", Some(cause)));
    }
    if exceeds_limit(value) { Err(Failure::too_large(name)) } else { Ok(()) }
}

/// Whether [`check_size`] takes it.
pub(super) fn fits(value: &Value) -> bool {
    fits_depth(value, MAX_DEPTH) && !exceeds_limit(value)
}

fn fits_depth(value: &Value, left: usize) -> bool {
    match value {
        Value::Array(items) => left > 0 && items.iter().all(|item| fits_depth(item, left - 1)),
        Value::Object(fields) => left > 0 && fields.values().all(|field| fits_depth(field, left - 1)),
        _ => true,
    }
}

/// The most bytes that the value's JSON text can have.
fn most_bytes(value: &Value) -> usize {
    // An escape has up to six characters for one byte; no number has 32.
    let text = |text: &str| text.len().saturating_mul(6) + 2;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 32,
        Value::String(string) => text(string),
        Value::Array(items) => items.iter().fold(2, |sum, item| most_bytes(item).saturating_add(sum + 1)),
        Value::Object(fields) => {
            fields.iter().fold(2, |sum, (name, field)| most_bytes(field).saturating_add(sum + text(name) + 2))
        }
    }
}

/// Whether the value's JSON text is longer than AWS allows; stops counting there.
fn exceeds_limit(value: &Value) -> bool {
    // Nearly all values are far from the limit, and every state checks what it gets and gives.
    if most_bytes(value) <= MAX_PAYLOAD {
        return false;
    }
    struct Budget(usize);
    impl io::Write for Budget {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::QuotaExceeded)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    serde_json::to_writer(Budget(MAX_PAYLOAD), value).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_limit_counts_bytes_of_json() {
        assert!(!exceeds_limit(&Value::from("a".repeat(MAX_PAYLOAD - 2))));
        assert!(exceeds_limit(&Value::from("a".repeat(MAX_PAYLOAD - 1))));
        assert!(exceeds_limit(&Value::from("ä".repeat(MAX_PAYLOAD / 2))));
        // A byte that is written as six.
        assert!(exceeds_limit(&Value::from("\u{1}".repeat(MAX_PAYLOAD / 6 + 1))));
        assert!(!exceeds_limit(&Value::from("\u{1}".repeat(MAX_PAYLOAD / 6))));
    }

    #[test]
    fn no_text_is_longer_than_the_most_that_it_can_have() {
        let values = [
            json!(null),
            json!([true, false, -1.234_567_890_123_456_7e-300, u64::MAX, i64::MIN]),
            json!({"a\u{1f}\"": ["\u{0}\u{1f}\\", "ä\n"], "": {}}),
            json!([[], [[]], {"a": {"b": []}}]),
        ];
        for value in values {
            assert!(value.to_string().len() <= most_bytes(&value), "{value}");
        }
    }
}
