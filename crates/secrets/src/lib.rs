//! Finds keys, tokens and passwords in text, by the rules of gitleaks (`rules/gitleaks.toml`) and a few of its own
//! (`rules/own.toml`). What is found is told by rule and place; the secret itself is never part of what can be printed.
//!
//! It reads texts that it is given: no files, no history. Comments that switch a scanner off (`gitleaks:allow`) are not
//! followed, because whoever writes a secret could write them too.

mod rules;
mod scan;
mod syntax;

pub use rules::{Broken, Rules};
pub use scan::{Found, redact, scan};
