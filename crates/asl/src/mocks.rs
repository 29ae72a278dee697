//! What tasks answer in a simulation.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Error;
use crate::model::{Definition, StateKind};

/// The answers of a simulation's tasks, by state.
///
/// As JSON: an object of state names, each with a list of answers (or one answer). Attempt after attempt takes
/// the next answer, over retries, visits and iterations; the last one repeats, and an empty list never answers. An answer is an object of
/// - `output` (or `result`): the task's result; or
/// - `error` and perhaps `cause`: its failure, without a name if `error` is null; or
/// - `never`: true, for a task that does not answer;
/// - with `delay_seconds`: how long the answer takes (alone, it means the output `{}` after the delay);
/// - and `heartbeat_seconds`: the task sends heartbeats so often until then;
/// - and `submitted`: false, when a `.sync` or `.waitForTaskToken` request is refused instead of accepted.
#[derive(Debug, Clone, Default)]
pub struct Mocks {
    answers: BTreeMap<String, Vec<Answer>>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) result: Reply,
    pub(crate) delay_seconds: f64,
    pub(crate) heartbeat_seconds: Option<f64>,
    pub(crate) submitted: Option<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    Output(Value),
    /// The error's name, which may be missing, and its cause.
    Error(Option<String>, Option<String>),
    Never,
}

impl Mocks {
    /// Reads mocks.
    ///
    /// # Errors
    /// When the value is not of the shape above; the message names the state.
    pub fn from_json(value: &Value) -> Result<Self, Error> {
        let refuse = |state: &str, reason: &str| Error::Mocks { state: state.to_owned(), reason: reason.to_owned() };
        let states = value.as_object().ok_or_else(|| refuse("", "mocks are an object of state names"))?;
        let mut answers = BTreeMap::new();
        for (state, given) in states {
            let list = match given {
                Value::Array(list) if list.is_empty() => Ok(vec![Answer::never()]),
                Value::Array(list) => list.iter().map(answer).collect::<Result<_, _>>(),
                one => answer(one).map(|answer| vec![answer]),
            };
            answers.insert(state.clone(), list.map_err(|reason| refuse(state, &reason))?);
        }
        Ok(Self { answers })
    }

    /// Refuses mocks that could never be used, since they are most likely misspelt.
    pub(crate) fn check(&self, definition: &Definition) -> Result<(), Error> {
        let is_task = |name: &str| matches!(definition.find(name).map(|state| &state.kind), Some(StateKind::Task(_)));
        match self.answers.keys().find(|name| !is_task(name)) {
            Some(name) => Err(Error::UnknownMock { state: name.clone() }),
            None => Ok(()),
        }
    }

    /// The answer to a state's attempt number `attempt`, from 0.
    pub(crate) fn answer(&self, state: &str, attempt: usize) -> Option<&Answer> {
        let list = self.answers.get(state)?;
        list.get(attempt).or(list.last())
    }
}

impl Answer {
    fn never() -> Self {
        Self { result: Reply::Never, delay_seconds: 0.0, heartbeat_seconds: None, submitted: None }
    }
}

fn answer(value: &Value) -> Result<Answer, String> {
    let fields = value.as_object().ok_or_else(|| format!("an answer is an object, found {value}"))?;
    const KNOWN: [&str; 8] =
        ["output", "result", "error", "cause", "never", "delay_seconds", "heartbeat_seconds", "submitted"];
    if let Some(unknown) = fields.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(format!("`{unknown}` is not a field of an answer"));
    }
    let output = fields.get("output").or(fields.get("result"));
    let never = fields.get("never").is_some_and(|never| never == &Value::Bool(true));
    let delay = seconds(fields, "delay_seconds")?;
    let result = match (output, fields.get("error"), never) {
        (Some(output), None, false) => Reply::Output(output.clone()),
        (None, Some(error), false) => {
            let error = match error {
                Value::Null => None,
                Value::String(name) => Some(name.clone()),
                other => return Err(format!("`error` must be a string, found {other}")),
            };
            let cause = match fields.get("cause") {
                None | Some(Value::Null) => None,
                Some(Value::String(cause)) => Some(cause.clone()),
                Some(other) => Some(other.to_string()),
            };
            Reply::Error(error, cause)
        }
        (None, None, true) => Reply::Never,
        (None, None, false) if delay.is_some() => Reply::Output(Value::Object(Map::new())),
        _ => return Err("an answer has one of `output`, `error` and `never`".into()),
    };
    Ok(Answer {
        result,
        delay_seconds: delay.unwrap_or(0.0),
        heartbeat_seconds: seconds(fields, "heartbeat_seconds")?.filter(|seconds| *seconds > 0.0),
        submitted: fields.get("submitted").and_then(Value::as_bool),
    })
}

fn seconds(fields: &Map<String, Value>, name: &str) -> Result<Option<f64>, String> {
    match fields.get(name) {
        None => Ok(None),
        Some(value) => match value.as_f64().filter(|seconds| *seconds >= 0.0) {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(format!("`{name}` must be a number of at least 0, found {value}")),
        },
    }
}
