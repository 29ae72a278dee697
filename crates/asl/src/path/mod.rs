//! JSONPath as AWS evaluates it (the semantics of the Jayway library, which AWS uses): a definite path
//! gives one value or fails, an indefinite one gives an array, possibly empty.

mod eval;
mod filter;
mod function;
mod parse;
mod reference;

pub use reference::ReferencePath;

use filter::Filter;
use function::Function;

/// A parsed path below some root.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JsonPath {
    pub(crate) segments: Box<[Segment]>,
    /// What is made of the selected value.
    pub(crate) function: Option<Function>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    /// `..`: apply the selector to the node and all that is below it.
    pub(crate) descend: bool,
    pub(crate) selector: Selector,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Selector {
    Names(Box<[String]>),
    Wildcard,
    Indices(Box<[i64]>),
    Slice(Option<i64>, Option<i64>, i64),
    Filter(Filter),
}

impl JsonPath {
    /// Parses what follows the root symbol, such as `.a[0]` in `$.a[0]`.
    pub(crate) fn parse_tail(tail: &str) -> Result<Self, String> {
        parse::tail(tail)
    }

    /// Whether the path names one node, so that its absence is an error.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        self.segments.iter().enumerate().all(|(at, segment)| {
            !segment.descend
                && match &segment.selector {
                    // Several names at the end are merged into one object, hence one value.
                    Selector::Names(names) => names.len() == 1 || at + 1 == self.segments.len(),
                    Selector::Indices(indices) => indices.len() == 1,
                    _ => false,
                }
        })
    }

    /// The path below its first `count` segments.
    pub(crate) fn without(&self, count: usize) -> Self {
        Self { segments: self.segments.iter().skip(count).cloned().collect(), function: self.function.clone() }
    }

    /// Whether the path is the root itself.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.segments.is_empty() && self.function.is_none()
    }
}
