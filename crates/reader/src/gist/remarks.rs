//! What stands behind a rule and adds nothing to it: how the service answers, who else may not, what an export holds.

use crate::effect::Effect;
use crate::engine::Engine;
use maestro_artifacts::{Action, RuleKind};

/// Words of a remark on what comes of a breach.
const ANSWER: &[&str] = &[
    "the",
    "a",
    "an",
    "and",
    "with",
    "as",
    "is",
    "are",
    "be",
    "then",
    "api",
    "system",
    "service",
    "application",
    "app",
    "user",
    "users",
    "caller",
    "client",
    "request",
    "answer",
    "answers",
    "answered",
    "respond",
    "responds",
    "response",
    "return",
    "returns",
    "returned",
    "reply",
    "replies",
    "get",
    "gets",
    "receive",
    "receives",
    "see",
    "sees",
    "why",
    "show",
    "shows",
    "shown",
    "display",
    "displayed",
    "error",
    "message",
    "conflict",
    "http",
    "status",
    "code",
    "409",
    "422",
    "403",
    "404",
    "400",
    "refused",
    "rejected",
    "denied",
    "forbidden",
    "clear",
    "helpful",
    "it",
    "this",
    "attempt",
    "will",
    "must",
    "should",
    "explaining",
    "explains",
];
const ANSWERS: &[&str] =
    &["409", "422", "403", "404", "400", "error", "message", "conflict", "refused", "rejected", "denied", "why"];

/// Words of a remark on who else may not.
const NOBODY: &[&str] = &[
    "nobody",
    "no",
    "one",
    "noone",
    "else",
    "other",
    "others",
    "role",
    "roles",
    "user",
    "users",
    "may",
    "can",
    "is",
    "are",
    "allowed",
    "to",
    "do",
    "so",
    "this",
    "that",
    "it",
    "cannot",
    "not",
    "everyone",
    "everybody",
    "anyone",
    "the",
];

/// Words of a remark on who may look.
const SEEN: &[&str] = &[
    "everybody",
    "everyone",
    "anyone",
    "anybody",
    "all",
    "others",
    "users",
    "else",
    "may",
    "can",
    "see",
    "view",
    "read",
    "them",
    "it",
    "the",
    "is",
    "are",
    "allowed",
    "to",
];

/// Words of a remark on what an export holds.
const EXPORT: &[&str] = &[
    "the",
    "with",
    "a",
    "an",
    "and",
    "same",
    "current",
    "currently",
    "active",
    "filter",
    "filters",
    "applied",
    "applying",
    "respecting",
    "using",
    "uses",
    "as",
    "list",
    "lists",
    "in",
    "all",
    "columns",
    "fields",
    "including",
    "header",
    "row",
    "line",
    "set",
    "chosen",
    "its",
    "headers",
    "column",
    "names",
];

/// The rule in front of a remark.
pub(super) fn without(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    ["; ", ", and ", ", ", " – ", " - "].iter().find_map(|joint| {
        let (head, tail) = text.rsplit_once(joint)?;
        let words: Vec<String> = tail
            .split(|c: char| !(c.is_alphanumeric() || c == '\''))
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let all = |list: &[&str]| words.iter().all(|word| list.contains(&word.as_str()));
        let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let refusing = all(ANSWER) && any(ANSWERS);
        let alone = all(NOBODY)
            && (any(&["nobody", "noone"]) || any(&["no", "cannot", "not"]) && any(&["else", "other", "others"]));
        let export = all(EXPORT) && any(&["filter", "filters", "columns", "header", "headers", "fields"]);
        // "Only managers may change machines; everybody may see them"
        let seen =
            all(SEEN) && any(&["everybody", "everyone", "anyone", "anybody", "all"]) && any(&["see", "view", "read"]);
        (refusing || alone || export || seen).then_some(())?;
        let said = |head: &str| engine.any_reading(head).ok().or_else(|| super::clause(engine, head));
        // "A and B may reject it; nobody else may": they alone.
        let effects = if alone { said(&format!("Only {}", head.trim_start_matches("Only "))) } else { said(head) }?;
        let fits = |effect: &Effect| match effect {
            Effect::Rule(
                RuleKind::TransitionRole { .. } | RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. },
            ) => alone || refusing || seen,
            Effect::Rule(RuleKind::Csv { .. }) => export,
            Effect::Rule(RuleKind::Capability { action, .. }) => *action == Action::Delete && refusing,
            Effect::Rule(RuleKind::HasField { .. } | RuleKind::Computed { .. } | RuleKind::List { .. }) => false,
            Effect::Rule(_) => refusing,
            Effect::Role { .. } | Effect::Actor { .. } => true,
            _ => false,
        };
        effects.iter().all(fits).then_some(effects)
    })
}
