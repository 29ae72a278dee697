//! Reads groups of sentences that say the same over one model, and tells which of them are read otherwise.
//!
//! `cargo run --example paraphrases -- FOLDER...`: each folder holds `preamble.md` and `groups.txt` (`== name`, then a
//! sentence a line; the first is the plainest).
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for those who work on the reader")]

use maestro_artifacts::{Requirements, Understanding};
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
    let rules = read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap());
    let rules = rules.filter(|rule| !rule.contains("\"capability\""));
    let fields = read.concepts.entities.iter().flat_map(|entity| {
        entity
            .fields
            .iter()
            .map(move |field| format!("{}.{}: {}", entity.key, field.key, serde_json::to_string(&field.kind).unwrap()))
    });
    Ok(rules.chain(fields).collect())
}
