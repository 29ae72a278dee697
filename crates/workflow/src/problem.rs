//! What is said about a workflow: always with a place, all of it at once.

use serde::Serialize;
use std::fmt;

/// Where something stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The workflow is refused.
    Error,
    /// The workflow can be used, but probably does not do what is meant.
    Warning,
    /// The workflow can be used; here is how it would be better.
    Advice,
}

/// One problem and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name for problems of this kind, such as `cycle` or `W001`.
    pub code: &'static str,
    /// Where it is.
    #[serde(flatten)]
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Problem {
    /// An error.
    pub(crate) fn error(place: Place, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, place, message: message.into(), hint: None }
    }

    /// Adds what to do about it, if that is known.
    #[must_use]
    pub(crate) fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.place.line, self.place.column, self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// A hint at the name that was probably meant.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let length = name.chars().count();
    // Whole paragraphs are no misspellings.
    if length > 100 {
        return None;
    }
    let most = (length / 3).clamp(1, 3);
    let lower = name.to_lowercase();
    known
        .filter(|known| known.len().abs_diff(name.len()) <= 4 * most)
        .map(|known| (strsim::osa_distance(&lower, &known.to_lowercase()), known))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| format!("did you mean `{known}`?"))
}

/// A name as messages quote it: not longer than a line.
pub(crate) fn quoted(name: &str) -> String {
    const LONGEST: usize = 60;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", name.get(..end).unwrap_or_default()),
        None => format!("`{name}`"),
    }
}
