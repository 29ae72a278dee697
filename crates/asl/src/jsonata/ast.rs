//! The parsed form of an expression.

use std::sync::Arc;

use regex::Regex;

use super::signature::Signature;

/// An expression with what is attached to it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Where it stands, in bytes.
    pub(super) at: usize,
    /// `[..]` after anything but a path.
    pub(super) predicates: Vec<Node>,
    /// `{..}` after it: grouping.
    pub(super) group: Option<Vec<(Node, Node)>>,
    /// `[]` after it: one result stays an array.
    pub(super) keep_array: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    Regex(Arc<Regex>),
    Name(Arc<str>),
    Variable(Arc<str>),
    Wildcard,
    Descendants,
    Path(Path),
    Negate(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    Condition(Box<Node>, Box<Node>, Option<Box<Node>>),
    Bind(Arc<str>, Box<Node>),
    Array(Vec<Node>),
    /// As the first or last step of a path an array constructor is not flattened.
    ConsArray(Vec<Node>),
    Object(Vec<(Node, Node)>),
    Block(Vec<Node>),
    Call(Box<Node>, Vec<Node>),
    /// A call with `?` arguments, which gives a function.
    Partial(Box<Node>, Vec<Option<Node>>),
    Lambda(Arc<Lambda>),
    /// `left ~> right`
    Apply(Box<Node>, Box<Node>),
    /// `|pattern|update,delete|`
    Transform(Arc<Transform>),
}

#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
    pub(super) keep_singleton: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) action: Action,
    pub(super) stages: Vec<Stage>,
    /// `@$name`
    pub(super) focus: Option<Arc<str>>,
    /// `#$name`
    pub(super) index: Option<Arc<str>>,
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    Each(Node),
    /// `^(..)`: terms, each with whether it descends.
    Sort(Vec<(Node, bool)>),
}

#[derive(Debug, Clone)]
pub(super) enum Stage {
    Filter(Node),
    Index(Arc<str>),
}

#[derive(Debug, Clone)]
pub(super) struct Lambda {
    pub(super) parameters: Vec<Arc<str>>,
    pub(super) signature: Option<Signature>,
    pub(super) body: Node,
}

#[derive(Debug, Clone)]
pub(super) struct Transform {
    pub(super) pattern: Node,
    pub(super) update: Node,
    pub(super) delete: Option<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    In,
    Concat,
    Range,
}

impl Operator {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::And => "and",
            Self::Or => "or",
            Self::In => "in",
            Self::Concat => "&",
            Self::Range => "..",
        }
    }
}

impl Node {
    pub(super) fn new(kind: Kind, at: usize) -> Self {
        Self { kind, at, predicates: Vec::new(), group: None, keep_array: false }
    }
}

impl Step {
    pub(super) fn new(action: Action) -> Self {
        Self { action, stages: Vec::new(), focus: None, index: None }
    }

    /// Whether the step binds variables to each of its items.
    pub(super) fn binds(&self) -> bool {
        self.focus.is_some() || self.index.is_some() || self.stages.iter().any(|stage| matches!(stage, Stage::Index(_)))
    }
}
