//! The reader against whole epics, single sentences and arbitrary text.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own text has failed")]

mod against;
mod asides;
mod barred;
mod belonging;
mod beside;
mod by_example;
mod campsite;
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
mod permits;
mod phrasings;
mod practice;
mod proposals;
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
mod signed_up;
mod strangers;
mod styles;
mod telegram;
mod tickets;
mod told;
mod trips;
mod unasked;
mod wardrobe;
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

/// Reads an epic given as text, of which everything is understood.
#[track_caller]
fn understood(text: &str) -> Requirements {
    let read = read(text);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}: {:#?}", read.unknown().collect::<Vec<_>>());
    read
}

/// Keys of an entity's fields.
#[track_caller]
fn keys(read: &Requirements, entity: &str) -> Vec<String> {
    read.concepts.entity(entity).unwrap().fields.iter().map(|field| field.key.clone()).collect()
}

/// Keys of all fields that must be given.
fn required(read: &Requirements) -> Vec<&str> {
    let demands = read.concepts.rules.iter().map(|rule| &rule.demand);
    let keys = demands.filter_map(|demand| match demand {
        maestro_artifacts::RuleKind::Required { field, .. } => Some(field.as_str()),
        _ => None,
    });
    keys.collect()
}

/// The ways between the states of an entity's records, as `(from, to)`; none where they have no workflow.
#[track_caller]
fn ways(read: &Requirements, entity: &str) -> Vec<(String, String)> {
    let flow = &read.concepts.entity(entity).unwrap().workflow;
    let ways = flow.iter().flat_map(|flow| &flow.transitions);
    ways.map(|way| (way.from.clone(), way.to.clone())).collect()
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
#[track_caller]
fn rules_as_json(read: &Requirements, text: &str) -> String {
    assert_eq!(unknowns(read), Vec::<String>::new(), "{text}: {:#?}", read.unknown().collect::<Vec<_>>());
    let json = |rule: &&maestro_artifacts::RuleKind| serde_json::to_string(rule).unwrap().replace(r#","via":null"#, "");
    rules_of(read, text).iter().map(json).collect::<Vec<_>>().join(" & ")
}
