//! The reader against whole epics, single sentences and arbitrary text.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own text has failed")]

mod asides;
mod barred;
mod belonging;
mod beside;
mod by_example;
mod cascades;
mod changes;
mod choir;
mod completing;
mod contradictions;
mod declared;
mod demands;
mod depot;
mod described;
mod duties;
mod epics;
mod examined;
mod features;
mod fields;
mod figures;
mod first_contact;
mod garage;
mod gist;
mod habits;
mod held;
mod hires;
mod keeping;
mod lab;
mod letters;
mod lives;
mod misread;
mod museum;
mod named_by_example;
mod names;
mod nested;
mod ordinary;
mod outlines;
mod paragraphs;
mod paraphrases;
mod phrasings;
mod practice;
mod records;
mod renaming;
mod reworded;
mod rights;
mod rooms;
mod rota;
mod rounds;
mod rules;
mod saving;
mod scenarios;
mod strangers;
mod styles;
mod telegram;
mod tickets;
mod told;
mod trips;
mod unasked;
mod whole_models;
mod wider;
mod wordings;
mod workflows;
mod workshops;
mod years;

use maestro_artifacts::{Requirements, Understanding};

/// Reads an epic given as text.
fn read(text: &str) -> Requirements {
    maestro_reader::read(&maestro_epic::read(text.as_bytes(), "epic.md").unwrap())
}

/// Reads an epic of `tests/data`.
fn whole(name: &str) -> Requirements {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    maestro_reader::read(&maestro_epic::read(&std::fs::read(path).unwrap(), name).unwrap())
}

/// Ids of the statements that were not understood.
fn unknowns(read: &Requirements) -> Vec<String> {
    read.unknown().map(|item| item.id.to_string()).collect()
}

/// Rules that a statement was understood to demand.
fn rules_of<'a>(read: &'a Requirements, text: &str) -> Vec<&'a maestro_artifacts::RuleKind> {
    let item = read.items.iter().find(|item| item.text == text).unwrap();
    match &item.understanding {
        Understanding::Rules { rules } => {
            read.concepts.rules.iter().filter(|rule| rules.contains(&rule.id)).map(|rule| &rule.demand).collect()
        }
        _ => Vec::new(),
    }
}

/// The rules of one statement of an epic that is understood throughout, as JSON without ways that lead nowhere.
fn rules_as_json(read: &Requirements, text: &str) -> String {
    assert_eq!(unknowns(read), Vec::<String>::new(), "{text}: {:#?}", read.unknown().collect::<Vec<_>>());
    let json = |rule: &&maestro_artifacts::RuleKind| serde_json::to_string(rule).unwrap().replace(r#","via":null"#, "");
    rules_of(read, text).iter().map(json).collect::<Vec<_>>().join(" & ")
}
