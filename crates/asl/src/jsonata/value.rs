//! Values during an evaluation: JSON, what is not there, and functions.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use regex::Regex;
use serde_json::Value;

use super::ast::{Lambda, Transform};
use super::environment::Frame;
use super::functions::Builtin;

#[derive(Debug, Clone)]
pub(super) enum Val {
    /// Nothing at all, which is not `null`.
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    List(Rc<List>),
    Object(Rc<Fields>),
    Function(Rc<Function>),
    Regex(Arc<Regex>),
}

pub(super) type Object = IndexMap<Rc<str>, Val>;

/// The fields of an object value.
#[derive(Debug)]
pub(super) struct Fields {
    map: Object,
    depth: usize,
}

impl Deref for Fields {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.map
    }
}

/// An array, or a sequence: a result that is one value when it has one item.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    pub(super) items: Vec<Val>,
    pub(super) sequence: bool,
    /// A sequence that stays an array with one item.
    pub(super) keep_singleton: bool,
    /// A constructed array that a path does not flatten.
    pub(super) constructed: bool,
    /// How deep it nests; [`Val::list`] fills it in.
    pub(super) depth: usize,
}

#[derive(Debug)]
pub(super) enum Function {
    Builtin(Builtin),
    Lambda {
        lambda: Arc<Lambda>,
        frame: Rc<Frame>,
        input: Val,
    },
    /// A function with some arguments given.
    Partial {
        of: Val,
        arguments: Vec<Option<Val>>,
        depth: usize,
    },
    /// `f ~> g`
    Chain {
        first: Val,
        second: Val,
        depth: usize,
    },
    Transform {
        transform: Arc<Transform>,
        frame: Rc<Frame>,
    },
    /// `next` of a match that a regular expression gave.
    NextMatch {
        regex: Arc<Regex>,
        text: Rc<str>,
        from: usize,
    },
}

impl Val {
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Rc::from(text.as_ref()))
    }

    pub(super) fn list(list: List) -> Self {
        let depth = 1 + list.items.iter().map(Self::depth).max().unwrap_or(0);
        Self::List(Rc::new(List { depth, ..list }))
    }

    pub(super) fn object(map: Object) -> Self {
        let depth = 1 + map.values().map(Self::depth).max().unwrap_or(0);
        Self::Object(Rc::new(Fields { map, depth }))
    }

    /// How deep it nests. Everything that walks over a value, and letting go of it, recurses so deep.
    pub(super) fn depth(&self) -> usize {
        match self {
            Self::List(list) => list.depth,
            Self::Object(object) => object.depth,
            Self::Function(function) => match &**function {
                Function::Lambda { input, .. } => 1 + input.depth(),
                Function::Partial { depth, .. } | Function::Chain { depth, .. } => *depth,
                _ => 0,
            },
            _ => 0,
        }
    }

    /// A function with some of its arguments given.
    pub(super) fn partial(of: Val, arguments: Vec<Option<Val>>) -> Self {
        let given = arguments.iter().flatten().map(Self::depth).max().unwrap_or(0);
        let depth = 1 + of.depth().max(given);
        Self::Function(Rc::new(Function::Partial { of, arguments, depth }))
    }

    /// `first ~> second`
    pub(super) fn chain(first: Val, second: Val) -> Self {
        let depth = 1 + first.depth().max(second.depth());
        Self::Function(Rc::new(Function::Chain { first, second, depth }))
    }

    /// An array as the constructor `[..]` makes it.
    pub(super) fn array(items: Vec<Val>) -> Self {
        Self::list(List { items, ..List::default() })
    }

    pub(super) fn sequence(items: Vec<Val>) -> Self {
        Self::list(List { items, sequence: true, ..List::default() })
    }

    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// The value's items: an array's, none of nothing, or the value itself.
    pub(super) fn into_items(self) -> Vec<Val> {
        match self {
            Self::Undefined => Vec::new(),
            Self::List(list) => Rc::try_unwrap(list).map_or_else(|shared| shared.items.clone(), |list| list.items),
            one => vec![one],
        }
    }

    /// One item of a sequence is that item, none is nothing.
    pub(super) fn unwrapped(self) -> Self {
        match &self {
            Self::List(list) if list.sequence => match list.items.as_slice() {
                [] => Self::Undefined,
                [one] if !list.keep_singleton => one.clone(),
                _ => self,
            },
            _ => self,
        }
    }

    /// What counts as true.
    pub(super) fn truth(&self) -> bool {
        match self {
            Self::Undefined | Self::Null | Self::Function(_) | Self::Regex(_) => false,
            Self::Bool(value) => *value,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Object(object) => !object.is_empty(),
            Self::List(list) => list.items.iter().any(Val::truth),
        }
    }

    pub(super) fn from_json(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::Number(number.as_f64().unwrap_or(0.0)),
            Value::String(text) => Self::text(text),
            Value::Array(items) => Self::array(items.iter().map(Self::from_json).collect()),
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (Rc::from(name.as_str()), Self::from_json(value)));
                Self::object(fields.collect())
            }
        }
    }

    /// As JSON; `None` where there is none: nothing, functions, numbers that are not finite.
    pub(super) fn to_json(&self) -> Option<Value> {
        Some(match self {
            Self::Undefined | Self::Function(_) | Self::Regex(_) => return None,
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => json_number(*number)?,
            Self::Text(text) => Value::String(text.to_string()),
            Self::List(list) => list.items.iter().map(Val::to_json).collect::<Option<_>>()?,
            Self::Object(object) => {
                let fields = object.iter().map(|(name, value)| Some((name.to_string(), value.to_json()?)));
                Value::Object(fields.collect::<Option<_>>()?)
            }
        })
    }

    pub(super) fn same(&self, other: &Val) -> bool {
        match (self, other) {
            (Self::Undefined, Self::Undefined) | (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::List(left), Self::List(right)) => {
                left.items.len() == right.items.len()
                    && left.items.iter().zip(&right.items).all(|(left, right)| left.same(right))
            }
            (Self::Object(left), Self::Object(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| left.same(right)))
            }
            (Self::Function(left), Self::Function(right)) => Rc::ptr_eq(left, right),
            _ => false,
        }
    }
}

/// Integers stay integers as far as a double holds them exactly.
fn json_number(number: f64) -> Option<Value> {
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return Some(Value::from(number as i64));
    }
    serde_json::Number::from_f64(number).map(Value::Number)
}
