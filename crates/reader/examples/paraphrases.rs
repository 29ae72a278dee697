//! Reads groups of sentences that say the same over one model, and tells which of them are read otherwise.
//!
//! `cargo run --example paraphrases -- FOLDER...`: each folder holds `preamble.md` and `groups.txt` (`== name`, then a
//! sentence a line; the first is the plainest).
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for those who work on the reader")]

use maestro_artifacts::{Op, Operand, Requirements, RuleKind, Understanding};
use std::collections::BTreeSet;

fn main() {
    let (mut same, mut unknown, mut wrong) = (0, 0, 0);
    for folder in std::env::args().skip(1) {
        let preamble = std::fs::read_to_string(format!("{folder}/preamble.md")).unwrap();
        let groups = std::fs::read_to_string(format!("{folder}/groups.txt")).unwrap();
        for group in groups.split("\n== ") {
            let mut lines = group.trim_start_matches("== ").lines().map(str::trim).filter(|line| !line.is_empty());
            let Some(name) = lines.next() else { continue };
            let sentences: Vec<&str> = lines.map(|line| line.trim_start_matches("- ")).collect();
            let read: Vec<Result<BTreeSet<String>, String>> =
                sentences.iter().map(|sentence| demands(&read(&preamble, sentence))).collect();
            // What most readings that were understood agree on stands for the group.
            let mut votes: Vec<(&BTreeSet<String>, usize)> = Vec::new();
            for demands in read.iter().flatten() {
                match votes.iter_mut().find(|(known, _)| *known == demands) {
                    Some((_, count)) => *count += 1,
                    None => votes.push((demands, 1)),
                }
            }
            let common =
                votes.iter().max_by_key(|(_, count)| *count).map(|(demands, _)| (*demands).clone()).unwrap_or_default();
            println!("\n== {name}");
            let plain = demands(&read_text(&preamble)).unwrap();
            for demand in common.difference(&plain) {
                println!("   = {demand}");
            }
            for (sentence, read) in sentences.iter().zip(&read) {
                match read {
                    Ok(demands) if *demands == common => same += 1,
                    Ok(demands) => {
                        wrong += 1;
                        println!("  OTHER {sentence}");
                        for more in demands.difference(&common) {
                            println!("        + {more}");
                        }
                        for less in common.difference(demands) {
                            println!("        - {less}");
                        }
                    }
                    Err(why) => {
                        unknown += 1;
                        println!(
                            "  ? {sentence}{}",
                            if why.len() + 8 < sentence.len() { format!("   [{why}]") } else { String::new() }
                        );
                    }
                }
            }
        }
    }
    println!("\n{same} the same, {unknown} unknown, {wrong} other");
}

fn read(preamble: &str, sentence: &str) -> Requirements {
    read_text(&format!("{preamble}- {sentence}\n"))
}

fn read_text(text: &str) -> Requirements {
    maestro_reader::read(&maestro_epic::read(text.as_bytes(), "epic.md").unwrap())
}

/// What the whole epic demands, or what was not understood.
fn demands(read: &Requirements) -> Result<BTreeSet<String>, String> {
    for item in &read.items {
        if let Understanding::Unknown { quote, .. } = &item.understanding {
            return Err(quote.clone());
        }
    }
    let rules = read.concepts.rules.iter().flat_map(|rule| plain(&rule.demand));
    let rules = rules
        .map(|rule| {
            serde_json::to_string(&rule)
                .unwrap()
                .replace("\"ne\",\"to\":{\"of\":\"value\",\"value\":0}", "\"gt\",\"to\":{\"of\":\"value\",\"value\":0}")
        })
        .filter(|rule| !rule.contains("\"capability\""));
    let fields = read.concepts.entities.iter().flat_map(|entity| {
        entity
            .fields
            .iter()
            .map(move |field| format!("{}.{}: {}", entity.key, field.key, serde_json::to_string(&field.kind).unwrap()))
    });
    Ok(rules.chain(fields).collect())
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
        RuleKind::Compare {
            entity,
            field,
            op,
            to: Operand::Field { field: other, plus, plus_minutes },
            when,
            on_create,
        } if other < field => {
            let op = match op {
                Op::Lt => Op::Gt,
                Op::Le => Op::Ge,
                Op::Gt => Op::Lt,
                Op::Ge => Op::Le,
                same => same,
            };
            let to = Operand::Field { field, plus: -plus, plus_minutes: -plus_minutes };
            vec![RuleKind::Compare { entity, field: other, op, to, when, on_create }]
        }
        other => vec![other],
    }
}
