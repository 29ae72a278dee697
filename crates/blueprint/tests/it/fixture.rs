//! Epics and artifacts for tests.

use crate::team::{Artifact, Team};
use maestro_artifacts::Requirements;
use maestro_domain::{ArtifactKind, Epic};
use serde_json::{Value, json};

/// A small epic as people write them; the example of the repository where it is there.
pub(crate) fn epic() -> Epic {
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/epics/tool-library.md");
    let text = std::fs::read(example).unwrap_or_else(|_| TOOL_LIBRARY.as_bytes().to_vec());
    maestro_epic::read(&text, "tool-library.md").unwrap()
}

const TOOL_LIBRARY: &str = "# Tool library

The library lends tools to members.

## Records

A tool has a name (text, required) and a status: available, lent, broken.
A member has a name (text, required) and an e-mail address (required, unique).

## US-1 Keep tools
As a librarian, I want to add tools, so that members can borrow them.

- A tool without a name is refused.
- Tools can be filtered by status.

## US-2 Keep members
As a librarian, I want to record members, so that I know who has a tool.

- Two members cannot have the same e-mail address.
";

/// A team whose analyst has handed over these requirements already.
pub(crate) fn team_with(requirements: Value) -> Team {
    let typed: Requirements = serde_json::from_value(requirements.clone()).unwrap();
    let mut team = Team::new(Epic { title: typed.concepts.title, statements: Vec::new() });
    team.artifacts.insert(ArtifactKind::Requirements, Artifact { document: requirements, files: [].into() });
    team
}

/// Requirements of a library of tools with a bit of everything; `word` stands wherever the epic's own words would.
pub(crate) fn requirements(word: &str) -> Value {
    let statement = |id: &str, kind: &str, understanding: Value| json!({"id": id, "kind": kind, "text": format!("{word} of {id}"), "understanding": understanding});
    let field = |key: &str, kind: Value| json!({"key": key, "name": format!("{key} {word}"), "kind": kind, "sources": ["FR-1"]});
    let rule = |id: &str, source: &str, demand: Value| json!({"id": id, "sources": [source], "message": format!("{word} of {id}"), "demand": demand});
    let lent = format!("lent {word}");
    json!({
        "items": [
            statement("US-1", "story", json!({"is": "criteria"})),
            statement("AC-1.1", "criterion", json!({"is": "rules", "rules": ["R-1"]})),
            statement("AC-1.2", "criterion", json!({"is": "rules", "rules": ["R-2", "R-3"]})),
            statement("FR-1", "functional", json!({"is": "rules", "rules": ["R-4"]})),
            statement("BR-1", "rule", json!({"is": "unknown", "quote": word, "why": format!("no rule says {word}")})),
            statement("NFR-1", "non_functional", json!({"is": "deferred", "words": word})),
        ],
        "concepts": {
            "title": word,
            "roles": [format!("keeper {word}")],
            "entities": [
                {
                    "key": "tool", "name": format!("tool {word}"), "plural": format!("tools {word}"), "path": "tools",
                    "fields": [
                        field("name", json!({"type": "text"})),
                        field("price", json!({"type": "money"})),
                        field("stage", json!({"type": "enum", "values": ["new", lent]})),
                    ],
                    "workflow": {"field": "stage", "states": ["new", lent], "initial": "new",
                        "transitions": [{"from": "new", "to": lent, "sources": ["AC-1.2"]}], "sources": ["AC-1.2"]},
                    "sources": ["US-1"]
                },
                {
                    "key": "loan", "name": "loan", "plural": "loans", "path": "loans",
                    "fields": [
                        field("tool_id", json!({"type": "reference", "entity": "tool"})),
                        field("email", json!({"type": "text"})),
                        field("due_date", json!({"type": "date"})),
                    ],
                    "sources": ["US-1"]
                }
            ],
            "rules": [
                rule("R-1", "AC-1.1", json!({"kind": "required", "entity": "tool", "field": "name"})),
                rule("R-2", "AC-1.2", json!({"kind": "transitions", "entity": "tool"})),
                rule("R-3", "AC-1.2", json!({"kind": "transition_role", "entity": "tool", "to": lent, "roles": [format!("keeper {word}")]})),
                rule("R-4", "FR-1", json!({"kind": "required", "entity": "loan", "field": "tool_id"})),
            ]
        },
        "contradictions": [{"message": word, "statements": ["AC-1.1"]}]
    })
}
