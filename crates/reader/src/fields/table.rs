//! Field tables: one row a field, columns for type, duty, bounds and notes.

use crate::engine::Engine;
use crate::fields::item::{self, Read};
use crate::fields::note::Notes;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Kind,
    Required,
    Unique,
    Default,
    Min,
    Max,
    Length,
    Values,
    Notes,
    Entity,
    Id,
}

fn column(header: &str, at: usize) -> Column {
    let lower = header.to_lowercase();
    let has =
        |words: &[&str]| words.iter().any(|word| lower.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word));
    if has(&["entity", "record", "table", "object"]) && at == 0 {
        Column::Entity
    } else if has(&["field", "name", "attribute", "property", "column", "data", "item", "what"]) && at <= 1 {
        Column::Name
    } else if lower == "#" || lower == "no" || lower == "nr" || lower == "id" {
        Column::Id
    } else if has(&["type", "kind", "datatype"]) {
        Column::Kind
    } else if has(&["required", "mandatory", "obligatory", "optional"]) {
        Column::Required
    } else if has(&["unique"]) {
        Column::Unique
    } else if has(&["default"]) {
        Column::Default
    } else if has(&["length"]) {
        Column::Length
    } else if has(&["min", "minimum"]) {
        Column::Min
    } else if has(&["max", "maximum"]) {
        Column::Max
    } else if has(&["values", "options", "choices"]) {
        Column::Values
    } else {
        Column::Notes
    }
}

/// Reads a whole table. `entity` is the name of the entity where no column names one.
pub(crate) fn read(rows: &[Vec<String>], entity: &str, engine: &Engine<'_>) -> Read {
    let Some((header, data)) = rows.split_first() else { return Ok(Vec::new()) };
    let columns: Vec<Column> = header.iter().enumerate().map(|(at, cell)| column(cell, at)).collect();
    let mut effects = Vec::new();
    let mut gap = None;
    for row in data {
        let mut name = String::new();
        let mut owner = entity.to_owned();
        let mut texts: Vec<String> = Vec::new();
        let mut found = Notes::default();
        for ((column, cell), title) in columns.iter().zip(row).zip(header) {
            let cell = cell.trim();
            let lower = cell.to_lowercase();
            if cell.is_empty() || matches!(lower.as_str(), "-" | "–" | "—" | "n/a") {
                continue;
            }
            match column {
                Column::Name if name.is_empty() => name = cell.to_owned(),
                Column::Entity => owner = cell.to_owned(),
                Column::Required => {
                    let means_optional = title.to_lowercase().contains("optional");
                    match yes(&lower) {
                        Some(yes) if yes != means_optional => found.required = true,
                        Some(_) => found.optional = true,
                        None => texts.push(cell.to_owned()),
                    }
                }
                Column::Unique => match yes(&lower) {
                    Some(yes) => found.unique = yes,
                    None => texts.push(format!("unique {cell}")),
                },
                Column::Default => found.default = Some(cell.to_owned()),
                Column::Min => texts.push(format!("at least {cell}")),
                Column::Max => texts.push(format!("at most {cell}")),
                Column::Length if cell.chars().all(|c| c.is_ascii_digit()) => {
                    texts.push(format!("at most {cell} characters"))
                }
                Column::Length => texts
                    .push(format!("{} characters", cell.trim_end_matches(" characters").trim_end_matches(" chars"))),
                Column::Values => texts.push(format!("one of {cell}")),
                Column::Id => {}
                Column::Kind | Column::Notes | Column::Name => texts.push(cell.to_owned()),
            }
        }
        let (own, more) = item::split(&name);
        texts.extend(more);
        let Some(name) = item::phrase(&own, engine.lexicon, &mut found) else {
            gap = gap.or(Some(name));
            continue;
        };
        if name.eq_ignore_ascii_case("id") {
            continue;
        }
        match item::field(&name, &texts, found, &owner, engine) {
            Ok(more) => effects.extend(more),
            Err((more, note)) => {
                effects.extend(more);
                gap = gap.or(Some(note));
            }
        }
    }
    gap.map_or_else(|| Ok(effects.clone()), |note| Err((effects.clone(), note)))
}

fn yes(lower: &str) -> Option<bool> {
    match lower.trim_matches(['*', ' ', '.']) {
        "yes" | "y" | "x" | "✓" | "✔" | "✅" | "true" | "required" | "mandatory" | "unique" | "☑" | "must"
        | "optional"
            if lower != "optional" =>
        {
            Some(true)
        }
        "no" | "n" | "✗" | "✘" | "❌" | "false" | "optional" | "not required" | "☐" => Some(false),
        _ => None,
    }
}
