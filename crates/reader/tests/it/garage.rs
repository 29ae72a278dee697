//! Jobs of a garage, to which tests add what a product owner says of them.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::Requirements;

const GARAGE: &str = "# Garage\n\nRoles: clerk, mechanic, manager.\n\n## Customers\n\n- name (required)\n- standing (good, \
    blocked)\n\n## Cars\n\n- plate (required, unique)\n- customer (reference to customer, required)\n\n## Jobs\n\nA job is of one car. It \
    has a note (text), an estimate (money), a pickup date (date), a reason (text) and a status (received, diagnosed, in work, ready, \
    collected, cancelled). A new job is received. It moves from received to diagnosed or cancelled, from diagnosed to in work or \
    cancelled, from in work to ready, and from ready to collected.\n\n## Tasks\n\nA task belongs to a job. It has a title (text, required) \
    and a done flag (yes/no).\n\n";

pub(crate) fn with(text: &str) -> Requirements {
    read(&format!("{GARAGE}## Rules\n\n{text}\n"))
}

/// The rules of one sentence more, as JSON.
pub(crate) fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

/// The rules that several lines add, as JSON.
pub(crate) fn added(text: &str) -> String {
    let known = with("");
    let more = with(text);
    assert_eq!(unknowns(&more), Vec::<String>::new(), "{text}: {:#?}", more.unknown().collect::<Vec<_>>());
    let before: Vec<_> = known.concepts.rules.iter().map(|rule| &rule.demand).collect();
    let new = more.concepts.rules.iter().map(|rule| &rule.demand).filter(|demand| !before.contains(demand));
    let json =
        |demand: &maestro_artifacts::RuleKind| serde_json::to_string(demand).unwrap().replace(r#","via":null"#, "");
    let mut all: Vec<String> = new.map(json).filter(|json| !json.contains(r#""kind":"capability""#)).collect();
    all.sort();
    all.join(" & ")
}

#[track_caller]
pub(crate) fn all_say(rule: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(said(sentence), rule, "{sentence}");
    }
}

/// Sentences that look alike, and say something else or nothing that could be built.
#[track_caller]
pub(crate) fn listed(sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(unknowns(&with(sentence)).len(), 1, "{sentence}");
    }
}

pub(crate) fn action(entity: &str, action: &str, fields: &str, roles: &str) -> String {
    format!(r#"{{"kind":"action_role","entity":"{entity}","action":"{action}","fields":[{fields}],"roles":[{roles}]}}"#)
}
