//! JSONata (<https://jsonata.org>), version 2.0 as Step Functions runs it: with `$partition`, `$range`, `$hash`,
//! `$random`, `$uuid` and `$parse`, and without `$eval`.
//!
//! It is an evaluator of its own because those at hand would have changed what the whole house relies on: they
//! make every JSON object keep the order of insertion, read the clock and the system's randomness, and weigh as
//! much as all the rest of a build. Here depth, steps and memory are bounded, and time and randomness come from
//! the execution. Not there: the parent operator `%`, and regular expressions with look-around or references
//! back; both are refused with their place.

mod ast;
mod environment;
mod evaluate;

mod functions;
mod group;
mod lex;
mod operators;
mod parse;
mod path;
mod signature;
mod transform;
mod value;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::random::RandomSource;
use environment::Frame;
use evaluate::Machine;
use value::{Function, Val};

/// Why an expression cannot be read or evaluated, with the code that JSONata gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code, if JSONata has one for it.
    code: Option<&'static str>,
    message: String,
    /// Where in the expression, in bytes; known of what cannot be read.
    pub(crate) at: Option<usize>,
}

impl Fault {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code: Some(code), message: message.into(), at: None }
    }

    fn at(at: usize, code: &'static str, message: impl Into<String>) -> Self {
        Self { code: Some(code), message: message.into(), at: Some(at) }
    }

    fn unsupported(at: usize, message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), at: Some(at) }
    }

    /// Whether JSONata knows what this evaluator refuses.
    pub(crate) fn is_unsupported(&self) -> bool {
        self.code.is_none()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// A parsed expression.
#[derive(Clone)]
pub struct Expression {
    text: Arc<str>,
    node: Arc<ast::Node>,
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.text).finish()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What an expression gives.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    Value(Value),
    /// Nothing, which JSON cannot say.
    Undefined,
    /// A function, or something that holds one.
    NotJson,
}

/// Where time, randomness and variables come from.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Timestamp,
    pub(crate) random: &'a mut dyn RandomSource,
    /// Variables by name, asked once for each that the expression reads.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<Value>,
}

impl Expression {
    /// Parses an expression, without the `{% %}` around it.
    ///
    /// # Errors
    /// When the text is no expression, or one that this evaluator refuses.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Ok(Self { text: Arc::from(text), node: Arc::new(parse::parse(text)?) })
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value outside of an execution, over variables by name; `None` where the expression gives nothing.
    ///
    /// # Errors
    /// When the evaluation fails, or gives what JSON cannot say.
    pub fn value(
        &self,
        now: Timestamp,
        random: &mut dyn RandomSource,
        variable: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<Option<Value>, Fault> {
        match self.evaluate(Surroundings { now, random, variable })? {
            Outcome::Value(value) => Ok(Some(value)),
            Outcome::Undefined => Ok(None),
            Outcome::NotJson => Err(Fault { code: None, message: "it gives a function".to_owned(), at: None }),
        }
    }

    pub(crate) fn evaluate(&self, surroundings: Surroundings<'_>) -> Result<Outcome, Fault> {
        let globals = Rc::new(Frame::default());
        let mut machine = Machine::new(surroundings);
        for name in self.variables() {
            if let Some(value) = (machine.surroundings.variable)(&name) {
                globals.bind(&name, Val::from_json(&value));
            }
        }
        let result = machine.evaluate(&self.node, &Val::Undefined, &globals);
        machine.release();
        Ok(match result? {
            Val::Undefined => Outcome::Undefined,
            value => value.to_json().map_or(Outcome::NotJson, Outcome::Value),
        })
    }

    /// The names of the variables that the expression mentions.
    fn variables(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for word in words(&self.text) {
            if let Word::Variable(name) = word
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        names
    }

    /// How the expression goes into a variable: for `$states.context.State` the names `context` and `State`. A use
    /// of the whole variable is a way without names.
    #[must_use]
    pub fn ways_into(&self, variable: &str) -> Vec<Vec<String>> {
        let mut ways = Vec::new();
        let mut words = words(&self.text).into_iter().peekable();
        while let Some(word) = words.next() {
            if !matches!(word, Word::Variable(name) if name == variable) {
                continue;
            }
            let mut way = Vec::new();
            while words.next_if_eq(&Word::Dot).is_some() {
                match words.next() {
                    Some(Word::Name(name)) => way.push(name),
                    _ => break,
                }
            }
            ways.push(way);
        }
        ways
    }
}

/// The tokens that tell which variables an expression reads.
#[derive(PartialEq)]
enum Word {
    Variable(String),
    Name(String),
    Dot,
    Other,
}

fn words(text: &str) -> Vec<Word> {
    let mut lexer = lex::Lexer::new(text);
    let mut infix = false;
    let mut words = Vec::new();
    while let Ok(token) = lexer.next(infix) {
        infix = match &token.kind {
            lex::TokenKind::Operator(operator) => matches!(*operator, ")" | "]" | "}"),
            _ => true,
        };
        words.push(match token.kind {
            lex::TokenKind::End => break,
            lex::TokenKind::Variable(name) => Word::Variable(name),
            lex::TokenKind::Name(name) | lex::TokenKind::Quoted(name) | lex::TokenKind::Text(name) => Word::Name(name),
            lex::TokenKind::Operator(".") => Word::Dot,
            _ => Word::Other,
        });
    }
    words
}

/// Frames that hold functions; a function keeps the frame it came from, so they are emptied in the end.
type Held = RefCell<Vec<Rc<Frame>>>;

fn holds_function(value: &Val) -> bool {
    match value {
        Val::Function(function) => !matches!(**function, Function::Builtin(_)),
        Val::List(list) => list.items.iter().any(holds_function),
        Val::Object(object) => object.values().any(holds_function),
        _ => false,
    }
}
