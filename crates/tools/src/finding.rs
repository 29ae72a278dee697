//! What checks find, in one shape: where it is, what it is, and what to do about it.

use maestro_artifacts::delivery::Severity;
use serde::Serialize;
use std::borrow::Cow;

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// A stable name of what is checked, such as `DL3007`.
    pub(crate) rule: Cow<'static, str>,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// The file, or the id of the thing in a document.
    pub(crate) path: String,
    /// Line, from 1; 0 for the whole of it.
    pub(crate) line: usize,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) fix: Cow<'static, str>,
}

/// What a check found and how much it looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Report {
    /// How many things (files, statements, operations) it looked at.
    pub(crate) checked: usize,
    /// In order of place.
    pub(crate) findings: Vec<Finding>,
}

/// Collects findings about one file or thing.
pub(crate) struct Findings<'a> {
    path: &'a str,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) const fn of(path: &'a str) -> Self {
        Self { path, found: Vec::new() }
    }

    /// Adds one.
    pub(crate) fn add(
        &mut self,
        rule: impl Into<Cow<'static, str>>,
        severity: Severity,
        line: usize,
        message: impl Into<String>,
        fix: impl Into<Cow<'static, str>>,
    ) {
        let (rule, message, fix) = (rule.into(), message.into(), fix.into());
        self.found.push(Finding { rule, severity, path: self.path.to_owned(), line, message, fix });
    }

    /// All of them, in order of lines.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        self.found.sort_by(|a, b| (a.line, &a.rule).cmp(&(b.line, &b.rule)));
        self.found
    }
}
