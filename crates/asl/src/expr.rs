//! Expressions of the JSONPath query language: paths into input, context object and variables, and
//! calls of intrinsic functions; and the payload templates built from them.

use serde_json::{Map, Value};

use crate::context::{ContextView, Variables};
use crate::intrinsic::Call;
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
}

/// A JSON value in which fields named `x.$` are computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// A value that is taken as it is.
    Literal(Value),
    /// A computed value and the name of its field.
    Computed(String, Box<Expr>),
    /// An array with computed parts.
    Array(Vec<Template>),
    /// An object with computed parts.
    Object(Vec<(String, Template)>),
}

/// What expressions are evaluated against.
pub(crate) struct Env<'a> {
    pub(crate) input: &'a Value,
    pub(crate) context: ContextView<'a>,
    pub(crate) variables: &'a Variables,
    pub(crate) random: &'a mut dyn RandomSource,
}

/// Whether `text` holds a `${Name}` token, which only the deployment will replace.
pub(crate) fn has_substitution(text: &str) -> bool {
    crate::substitute::tokens(text).next().is_some()
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
        }
    }

    /// The value, or the message AWS would put into the cause of a `States.Runtime` error.
    pub(crate) fn evaluate(&self, field: &str, env: &mut Env<'_>) -> Result<Value, String> {
        match self {
            Self::Path(path) => {
                if path.root == Root::Input && env.input.is_null() {
                    return Err("Unable to apply Path transformation to null or empty input.".into());
                }
                path.evaluate(env).map_err(|_| {
                    format!(
                        "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
                        path.text, env.input
                    )
                })
            }
            Self::Call(call) => call.evaluate(env),
        }
    }
}

impl Template {
    pub(crate) fn evaluate(&self, env: &mut Env<'_>) -> Result<Value, String> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Computed(field, expr) => expr.evaluate(field, env),
            Self::Array(items) => items.iter().map(|item| item.evaluate(env)).collect(),
            Self::Object(_) => self.evaluate_object(env).map(Value::Object),
        }
    }

    /// The fields of an object template; any other template has none.
    pub(crate) fn evaluate_object(&self, env: &mut Env<'_>) -> Result<Map<String, Value>, String> {
        match self {
            Self::Object(fields) => {
                fields.iter().map(|(name, template)| Ok((name.clone(), template.evaluate(env)?))).collect()
            }
            Self::Literal(Value::Object(fields)) => Ok(fields.clone()),
            _ => Ok(Map::new()),
        }
    }

    /// Whether any computed part satisfies `test`.
    pub(crate) fn any(&self, test: &dyn Fn(&Expr) -> bool) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Computed(_, expr) => test(expr),
            Self::Array(items) => items.iter().any(|item| item.any(test)),
            Self::Object(fields) => fields.iter().any(|(_, template)| template.any(test)),
        }
    }
}
