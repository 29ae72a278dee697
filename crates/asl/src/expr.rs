//! Expressions of the JSONPath query language: paths into input, context object and variables, and
//! calls of intrinsic functions; and the payload templates built from them.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::context::{ContextView, Variables};
use crate::intrinsic::Call;
use crate::jsonata::{Expression, Outcome, Surroundings};
use crate::path::JsonPath;
use crate::random::RandomSource;

/// Where a path starts.
#[derive(Debug, Clone, PartialEq)]
pub enum Root {
    /// `$`
    Input,
    /// `$$`
    Context,
    /// `$name`
    Variable(String),
}

/// A path with its root.
#[derive(Debug, Clone, PartialEq)]
pub struct RootedPath {
    /// The path as written, for messages.
    pub text: String,
    /// Where it starts.
    pub root: Root,
    /// The way from there.
    pub path: JsonPath,
}

/// Something that evaluates to a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A path.
    Path(RootedPath),
    /// A call of an intrinsic function.
    Call(Call),
    /// A JSONata expression.
    Jsonata(Expression),
}

/// Why something could not be computed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Trouble {
    /// The definition does not fit the data.
    Runtime(String),
    /// A JSONata expression failed, and the field it stands in if it is to blame.
    Query(String, Option<String>),
}

impl From<String> for Trouble {
    fn from(reason: String) -> Self {
        Self::Runtime(reason)
    }
}

impl From<&str> for Trouble {
    fn from(reason: &str) -> Self {
        Self::Runtime(reason.to_owned())
    }
}

/// A JSON value in which fields named `x.$` are computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// A value that is taken as it is.
    Literal(Value),
    /// A computed value.
    Computed(Arc<Computed>),
    /// An array with computed parts.
    Array(Box<[Template]>),
    /// An object with computed parts.
    Object(Box<[(String, Template)]>),
}

/// A computed field of a template. The states of a large graph compute the same, so they share it.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// The field, for messages.
    pub field: String,
    /// What gives its value.
    pub expr: Expr,
}

/// What expressions are evaluated against.
pub(crate) struct Env<'a> {
    pub(crate) input: &'a Value,
    pub(crate) context: ContextView<'a>,
    /// What `$states` holds besides the context object.
    pub(crate) states: States<'a>,
    pub(crate) variables: &'a Variables,
    pub(crate) random: &'a mut dyn RandomSource,
    pub(crate) now: Timestamp,
}

/// The parts of `$states`.
#[derive(Clone, Copy)]
pub(crate) struct States<'a> {
    /// The state's raw input.
    pub(crate) input: &'a Value,
    /// The result, once there is one.
    pub(crate) result: Option<&'a Value>,
    /// The error that a `Catch` caught.
    pub(crate) error: Option<&'a Value>,
}

/// Whether `text` holds a `${Name}` token, which only the deployment will replace.
pub(crate) fn has_substitution(text: &str) -> bool {
    text.contains('$') && crate::substitute::tokens(text).next().is_some()
}

impl RootedPath {
    /// Parses a path.
    ///
    /// # Errors
    /// When the text is no path; the message says why.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('$').ok_or("a path begins with `$`")?;
        let (root, tail) = if let Some(tail) = rest.strip_prefix('$') {
            (Root::Context, tail)
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            match rest.split_at_checked(end) {
                Some(("", tail)) => (Root::Input, tail),
                Some((name, _)) if name.starts_with(|c: char| c.is_ascii_digit()) => {
                    return Err(format!("`{name}` is not a variable name"));
                }
                Some((name, tail)) => (Root::Variable(name.to_owned()), tail),
                None => (Root::Input, rest),
            }
        };
        Ok(Self { text: text.to_owned(), root, path: JsonPath::parse_tail(tail)? })
    }

    /// The value, or why there is none.
    pub(crate) fn evaluate(&self, env: &Env<'_>) -> Result<Value, String> {
        match &self.root {
            Root::Input => self.path.evaluate(env.input),
            Root::Context => env.context.evaluate(&self.path),
            Root::Variable(name) => match env.variables.get(name) {
                Some(value) => self.path.evaluate(value),
                None => Err(format!("No results for path: ${name}")),
            },
        }
    }

    /// Whether the path takes the whole input, which is what absence of a path means too.
    pub(crate) fn is_whole_input(&self) -> bool {
        self.root == Root::Input && self.path.is_root()
    }
}

impl Expr {
    /// Parses a path or an intrinsic call.
    ///
    /// # Errors
    /// When the text is neither; the message says why.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('$') {
            RootedPath::parse(text).map(Self::Path)
        } else if text.starts_with("States.") {
            Call::parse(text).map(Self::Call)
        } else {
            Err("expected a path that begins with `$` or an intrinsic function such as `States.Format(..)`".into())
        }
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Path(path) => &path.text,
            Self::Call(call) => &call.text,
            Self::Jsonata(expression) => expression.text(),
        }
    }

    /// The value, or the message AWS would put into the cause of the error.
    pub(crate) fn evaluate(&self, field: &str, env: &mut Env<'_>) -> Result<Value, Trouble> {
        match self {
            Self::Path(path) => {
                if path.root == Root::Input && env.input.is_null() {
                    return Err("Unable to apply Path transformation to null or empty input.".into());
                }
                path.evaluate(env).map_err(|_| {
                    Trouble::Runtime(format!(
                        "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
                        path.text, env.input
                    ))
                })
            }
            Self::Call(call) => call.evaluate(env).map_err(Trouble::Runtime),
            Self::Jsonata(expression) => query(expression, field, env),
        }
    }
}

impl Template {
    pub(crate) fn evaluate(&self, env: &mut Env<'_>) -> Result<Value, Trouble> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Computed(computed) => computed.expr.evaluate(&computed.field, env),
            Self::Array(items) => items.iter().map(|item| item.evaluate(env)).collect(),
            Self::Object(_) => self.evaluate_object(env).map(Value::Object),
        }
    }

    /// The fields of an object template; any other template has none.
    pub(crate) fn evaluate_object(&self, env: &mut Env<'_>) -> Result<Map<String, Value>, Trouble> {
        match self {
            Self::Object(fields) => {
                // One after the other: collecting would sort them in a list first.
                let mut object = Map::new();
                for (name, template) in fields {
                    object.insert(name.clone(), template.evaluate(env)?);
                }
                Ok(object)
            }
            Self::Literal(Value::Object(fields)) => Ok(fields.clone()),
            _ => Ok(Map::new()),
        }
    }

    /// Whether any computed part satisfies `test`.
    pub(crate) fn any(&self, test: &dyn Fn(&Expr) -> bool) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Computed(computed) => test(&computed.expr),
            Self::Array(items) => items.iter().any(|item| item.any(test)),
            Self::Object(fields) => fields.iter().any(|(_, template)| template.any(test)),
        }
    }
}

/// Evaluates a JSONata expression that stands in a field.
fn query(expression: &Expression, field: &str, env: &mut Env<'_>) -> Result<Value, Trouble> {
    let (context, states, variables) = (&env.context, env.states, env.variables);
    let variable = |name: &str| match name {
        "states" => Some(states.value(&expression.ways_into("states"), context)),
        _ => variables.get(name).cloned(),
    };
    let surroundings = Surroundings { now: env.now, random: &mut *env.random, variable: &variable };
    let says = |what: String| {
        let text = expression.text();
        let reason = format!("The JSONata expression '{text}' specified for the field '{field}' {what}");
        Trouble::Query(reason, Some(field.to_owned()))
    };
    match expression.evaluate(surroundings) {
        Ok(Outcome::Value(value)) => Ok(value),
        Ok(Outcome::Undefined) => Err(says("returned nothing (undefined).".into())),
        Ok(Outcome::NotJson) => Err(says("returned an unsupported result type.".into())),
        Err(fault) => Err(says(format!("threw an error during evaluation. {fault}"))),
    }
}

/// The failure of an expression whose value is of the wrong type.
pub(crate) fn unexpected(expression: &str, field: &str, expected: &str, found: &Value) -> Trouble {
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let reason = format!(
        "The JSONata expression '{expression}' specified for the field '{field}' returned an unexpected result type. Expected '{expected}', but was '{kind}' for value: {found}"
    );
    Trouble::Query(reason, Some(field.to_owned()))
}

impl States<'_> {
    /// The variable `$states`, as far as the ways into it go.
    fn value(&self, ways: &[Vec<String>], context: &ContextView<'_>) -> Value {
        let wants = |part: &str| ways.iter().any(|way| way.first().is_none_or(|first| first == part));
        let mut states = Map::new();
        if wants("input") {
            states.insert("input".into(), self.input.clone());
        }
        if let Some(result) = self.result.filter(|_| wants("result")) {
            states.insert("result".into(), result.clone());
        }
        if let Some(error) = self.error.filter(|_| wants("errorOutput")) {
            states.insert("errorOutput".into(), error.clone());
        }
        if wants("context") {
            let deep: Vec<&[String]> = ways.iter().filter_map(|way| way.get(1..)).collect();
            let whole = ways.iter().any(|way| way.len() < 2);
            let mut object = Map::new();
            if whole {
                object.extend(context.section(None, None));
            } else {
                for way in deep {
                    for (name, value) in
                        context.section(way.first().map(String::as_str), way.get(1).map(String::as_str))
                    {
                        match (object.get_mut(&name), value) {
                            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
                            (_, value) => {
                                object.insert(name, value);
                            }
                        }
                    }
                }
            }
            states.insert("context".into(), Value::Object(object));
        }
        Value::Object(states)
    }
}
