//! Groups of sentences that say the same: over one model, all of a group must demand the same.

use crate::{read, unknowns};
use maestro_artifacts::{Op, Operand, RuleKind};
use std::collections::BTreeSet;

fn check(model: &str, groups: &str) {
    for group in groups.split("\n== ") {
        let mut lines = group.trim_start_matches("== ").lines().filter(|line| !line.is_empty());
        let (name, first) = (lines.next().unwrap(), lines.next().unwrap());
        let plain = demands(model, first);
        for sentence in lines {
            assert_eq!(demands(model, sentence), plain, "{name}: `{sentence}` says what `{first}` says");
        }
    }
}

/// All that a model and a sentence demand.
fn demands(model: &str, sentence: &str) -> BTreeSet<String> {
    let read = read(&format!("{model}- {sentence}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "`{sentence}`");
    let rules = read.concepts.rules.iter().flat_map(|rule| plain(&rule.demand));
    let rules = rules.filter(|rule| !matches!(rule, RuleKind::Capability { .. }));
    let fields = read.concepts.entities.iter().flat_map(|entity| {
        entity.fields.iter().map(move |field| format!("{}.{}: {:?}", entity.key, field.key, field.kind))
    });
    // A number of children that is not 0 is more than 0.
    let zero = r#""op":"ne","to":{"of":"value","value":0}"#;
    rules
        .map(|rule| serde_json::to_string(&rule).unwrap().replace(zero, &zero.replace("ne", "gt")))
        .chain(fields)
        .collect()
}

/// The demand in one of the ways that mean the same.
fn plain(demand: &RuleKind) -> Vec<RuleKind> {
    match demand.clone() {
        RuleKind::Range { entity, field, min: Some(min), max: Some(max), above_min, below_max } => vec![
            RuleKind::Range {
                entity: entity.clone(),
                field: field.clone(),
                min: Some(min),
                max: None,
                above_min,
                below_max: false,
            },
            RuleKind::Range { entity, field, min: None, max: Some(max), above_min: false, below_max },
        ],
        RuleKind::Unique { entity, mut fields, when, ignore_case } => {
            fields.sort();
            vec![RuleKind::Unique { entity, fields, when, ignore_case }]
        }
        RuleKind::Search { entity, mut fields } => {
            fields.sort();
            vec![RuleKind::Search { entity, fields }]
        }
        RuleKind::Compare { entity, field, op, to: Operand::Field { field: other, offset }, when, on_create }
            if other < field =>
        {
            let op = match op {
                Op::Lt => Op::Gt,
                Op::Le => Op::Ge,
                Op::Gt => Op::Lt,
                Op::Ge => Op::Le,
                same => same,
            };
            let to = Operand::Field { field, offset: offset.negated() };
            vec![RuleKind::Compare { entity, field: other, op, to, when, on_create }]
        }
        other => vec![other],
    }
}

#[test]
fn of_a_workshop() {
    check(include_str!("../data/paraphrases/workshop.md"), include_str!("../data/paraphrases/workshop.txt"));
}

#[test]
fn of_a_supply() {
    check(include_str!("../data/paraphrases/supply.md"), include_str!("../data/paraphrases/supply.txt"));
}

#[test]
fn of_dives() {
    check(include_str!("../data/paraphrases/dives.md"), include_str!("../data/paraphrases/dives.txt"));
}
