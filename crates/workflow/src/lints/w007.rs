//! W007: a secret in the text.

use super::Lint;
use crate::check::Workflow;
use crate::problem::{Place, Severity};
use crate::references;
use regex::Regex;
use std::sync::LazyLock;

pub(super) const LINT: Lint = Lint {
    code: "W007",
    title: "a secret in the text",
    severity: Severity::Warning,
    fix: "name a secret of the runtime, or read a variable that a run is given",
    find,
};

fn find(workflow: &Workflow, found: &mut Vec<(Place, String)>) {
    let variables = workflow.dag.context.variables.iter().map(|(name, value)| (name.as_str(), value));
    let configs = workflow.dag.nodes.iter().flat_map(|node| {
        let undo = node.compensate_with.as_ref().and_then(|one| one.config.as_ref());
        node.config.iter().chain(undo).map(|config| ("", config))
    });
    for (name, value) in variables.chain(configs) {
        value.each_text(name, &mut |field, place, text| {
            if references::expression(text).is_none()
                && let Some(kind) = secret(field, text)
            {
                found.push((place, format!("this looks like {kind}")));
            }
        });
    }
}

/// What kind of secret a text is, judged by its shape or by the name of its field.
fn secret(field: &str, text: &str) -> Option<&'static str> {
    static SHAPES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let shapes = [
            (r"\b(AKIA|ASIA)[A-Z0-9]{16}\b", "an access key of AWS"),
            (r"\bgh[pousr]_[A-Za-z0-9]{36,}\b", "a token of GitHub"),
            (r"\bglpat-[A-Za-z0-9_-]{20,}", "a token of GitLab"),
            (r"\bxox[abprs]-[A-Za-z0-9-]{10,}", "a token of Slack"),
            (r"-----BEGIN ([A-Z]+ )?PRIVATE KEY-----", "a private key"),
            (r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.", "a JSON web token"),
            (r"(?i)\bbearer\s+[A-Za-z0-9._~+/-]{16,}", "a bearer token"),
            (r"://[^/\s:@]+:[^/\s:@]+@", "an address with a password"),
        ];
        shapes.into_iter().filter_map(|(shape, kind)| Regex::new(shape).ok().map(|shape| (shape, kind))).collect()
    });
    if let Some((_, kind)) = SHAPES.iter().find(|(shape, _)| shape.is_match(text)) {
        return Some(kind);
    }
    let field: String = field.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let named = ["password", "passwd", "secret", "apikey", "accesskey", "privatekey", "authtoken", "accesstoken"];
    (named.iter().any(|name| field.ends_with(name)) && !text.trim().is_empty())
        .then_some("a secret, by its field's name")
}
