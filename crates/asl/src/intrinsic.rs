//! Intrinsic functions: `States.Format('{}', $.x)` and its siblings.

mod functions;

use serde_json::Value;

use crate::expr::{Env, Root, RootedPath};
use functions::Function;
pub(crate) use functions::digest;

/// AWS allows ten nested calls in a field.
const MAX_DEPTH: usize = 10;

/// A call of an intrinsic function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The call as written, for messages.
    pub text: String,
    function: Function,
    arguments: Vec<Argument>,
}

#[derive(Debug, Clone, PartialEq)]
enum Argument {
    /// A quoted string with its escapes, which `States.Format` reads differently from the rest.
    Text(String),
    Literal(Value),
    Path(RootedPath),
    Call(Call),
}

/// An evaluated argument.
enum Evaluated {
    Raw(String),
    Value(Value),
}

impl Call {
    /// Parses a call.
    ///
    /// # Errors
    /// When the text is no call, the function is unknown, or the number of arguments is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (call, rest) = Self::parse_prefix(text.trim(), 1)?;
        if rest.trim().is_empty() { Ok(call) } else { Err(format!("unexpected `{}` after the call", rest.trim())) }
    }

    fn parse_prefix(text: &str, depth: usize) -> Result<(Self, &str), String> {
        if depth > MAX_DEPTH {
            return Err(format!("intrinsic functions nest at most {MAX_DEPTH} deep"));
        }
        let (name, mut rest) = text.split_once('(').ok_or("expected `(` after the function's name")?;
        let name = name.trim();
        let function = Function::named(name).ok_or_else(|| format!("`{name}` is not an intrinsic function"))?;
        let mut arguments = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix(')').filter(|_| arguments.is_empty()) {
                rest = after;
                break;
            }
            let (argument, after) = argument(rest, depth)?;
            arguments.push(argument);
            rest = after.trim_start();
            if let Some(after) = rest.strip_prefix(')') {
                rest = after;
                break;
            }
            rest = rest.strip_prefix(',').ok_or_else(|| format!("expected `,` or `)` in the arguments of `{name}`"))?;
        }
        function.check_count(arguments.len())?;
        let consumed = text.len() - rest.len();
        Ok((Self { text: text.get(..consumed).unwrap_or(text).to_owned(), function, arguments }, rest))
    }

    /// Whether any argument, however deep, is a path that satisfies `test`.
    pub(crate) fn any_path(&self, test: &dyn Fn(&RootedPath) -> bool) -> bool {
        self.arguments.iter().any(|argument| match argument {
            Argument::Path(path) => test(path),
            Argument::Call(call) => call.any_path(test),
            Argument::Text(_) | Argument::Literal(_) => false,
        })
    }

    /// The result, or the message of the failure.
    pub(crate) fn evaluate(&self, env: &mut Env<'_>) -> Result<Value, String> {
        let mut arguments = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            arguments.push(match argument {
                Argument::Text(raw) => Evaluated::Raw(raw.clone()),
                Argument::Literal(value) => Evaluated::Value(value.clone()),
                Argument::Call(call) => Evaluated::Value(call.evaluate(env)?),
                Argument::Path(path) => Evaluated::Value(path.evaluate(env).map_err(|_| {
                    let place = if path.root == Root::Input { "in the input" } else { "in its scope" };
                    format!(
                        "The function '{}' had the following error: The JsonPath argument for the field '{}' could not be found {place} '{}'",
                        self.text, path.text, env.input
                    )
                })?),
            });
        }
        self.function
            .apply(arguments, env.random)
            .map_err(|reason| format!("The function '{}' had the following error: {reason}", self.text))
    }
}

fn argument(text: &str, depth: usize) -> Result<(Argument, &str), String> {
    if let Some(rest) = text.strip_prefix('\'') {
        return quoted(rest);
    }
    if text.starts_with("States.") {
        let (call, rest) = Call::parse_prefix(text, depth + 1)?;
        return Ok((Argument::Call(call), rest));
    }
    let end = extent(text);
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let word = word.trim();
    if word.starts_with('$') {
        return Ok((
            Argument::Path(RootedPath::parse(word).map_err(|reason| format!("path `{word}`: {reason}"))?),
            rest,
        ));
    }
    match serde_json::from_str::<Value>(word) {
        Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => Ok((Argument::Literal(value), rest)),
        _ => Err(format!(
            "`{word}` is not an argument: expected a path, a number, a 'string', true, false, null or a call"
        )),
    }
}

fn quoted(text: &str) -> Result<(Argument, &str), String> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => {
                let (raw, rest) = text.split_at(at);
                return Ok((Argument::Text(raw.to_owned()), rest.get(1..).unwrap_or_default()));
            }
            _ => {}
        }
    }
    Err("a quoted string is not closed".into())
}

/// Where a path or literal ends: at the first `,` or `)` outside brackets, quotes and inner parentheses.
fn extent(text: &str) -> usize {
    let mut nesting = 0_usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if nesting > 0 => quote = Some(c),
            (None, '[' | '(') => nesting += 1,
            (None, ')') if nesting == 0 => return at,
            (None, ']' | ')') => nesting = nesting.saturating_sub(1),
            (None, ',') if nesting == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// `'`, `{`, `}` and `\` are written with a backslash; before any other character it stands for itself.
fn push_escaped(out: &mut String, escaped: char) {
    if !matches!(escaped, '\'' | '{' | '}' | '\\') {
        out.push('\\');
    }
    out.push(escaped);
}

/// A quoted string without its escapes.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped) => push_escaped(&mut out, escaped),
                None => out.push('\\'),
            },
            c => out.push(c),
        }
    }
    out
}

impl Evaluated {
    fn into_value(self) -> Value {
        match self {
            Self::Raw(raw) => Value::String(unescape(&raw)),
            Self::Value(value) => value,
        }
    }
}
