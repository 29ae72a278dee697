//! Field tables: one row a field, columns for type, duty, bounds and notes.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::duty::demands;
use crate::fields::item::{self, Read};
use crate::fields::note::{self, Notes};
use crate::fields::prose::quote_pattern;
use crate::lexicon::one_of;
use maestro_artifacts::FieldKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Kind,
    Required,
    Optional,
    Unique,
    Default,
    Min,
    Max,
    MinLength,
    Length,
    Values,
    Pattern,
    Notes,
    Entity,
    /// Numbers and examples, which say nothing of the field.
    Id,
}

/// The columns of a table, by their headers.
fn columns(header: &[String]) -> Vec<Column> {
    let mut out: Vec<Column> = Vec::new();
    for cell in header {
        let known = |column| out.contains(&column);
        out.push(column(cell, known(Column::Name), known(Column::Entity)));
    }
    // "Vehicle | Type | Notes": what heads the first column is whose fields they are.
    if !out.contains(&Column::Name)
        && let Some(first) = out.iter_mut().find(|column| !matches!(column, Column::Id | Column::Entity))
    {
        *first = Column::Name;
    }
    out
}

fn column(header: &str, named: bool, owned: bool) -> Column {
    let lower = header.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let is = |list: &[&str]| words.len() == 1 && has(list);
    // "Panel model | Type | Notes": what the rows have is told by its whole name.
    let owner = has(OWNER_WORDS) && words.iter().all(|word| OWNER_WORDS.contains(word) || OF_ALL.contains(word));
    if !named && !owned && owner && !has(&["field", "name", "attribute"]) {
        Column::Entity
    } else if !named && has(NAME_WORDS) && !has(&["type"]) {
        Column::Name
    } else if lower == "#" || is(&["no", "nr", "id", "ref"]) {
        Column::Id
    } else if has(&["type", "kind", "datatype"]) {
        Column::Kind
    } else if has(&["required", "mandatory", "obligatory", "compulsory"]) || lower == "req" || lower == "req." {
        Column::Required
    } else if has(&["optional", "nullable", "null"]) {
        Column::Optional
    } else if has(&["unique"]) {
        Column::Unique
    } else if has(&["default"]) {
        Column::Default
    } else if has(&["example", "examples", "sample", "e"]) {
        Column::Id
    } else if has(&["length", "len"]) {
        if has(&["min", "minimum"]) { Column::MinLength } else { Column::Length }
    } else if has(&["size"]) {
        Column::Length
    } else if has(&["min", "minimum"]) && has(&["max", "maximum"]) {
        Column::Notes
    } else if has(&["min", "minimum"]) {
        Column::Min
    } else if has(&["max", "maximum"]) {
        Column::Max
    } else if has(&["values", "options", "choices"]) {
        Column::Values
    } else if has(&["pattern", "regex"]) {
        Column::Pattern
    } else {
        Column::Notes
    }
}

const OWNER_WORDS: &[&str] = &["entity", "record", "table", "object", "resource", "class", "model"];
/// Words beside those.
const OF_ALL: &[&str] = &["data", "business", "domain", "kind", "of", "type", "the", "name", "database", "db", "main"];
const NAME_WORDS: &[&str] = &[
    "field",
    "fields",
    "name",
    "attribute",
    "property",
    "column",
    "data",
    "item",
    "what",
    "fieldname",
    "element",
    "label",
];

/// Whose fields a table lists: as a column says, or as what heads the column of the names does.
pub(crate) enum Owner {
    Column,
    Header(String),
    /// The text around the table says it.
    Outside,
}

/// Whose fields a table lists.
pub(crate) fn owner(header: &[String], data: &[Vec<String>]) -> Owner {
    let columns = columns(header);
    let name = columns.iter().position(|column| *column == Column::Name).and_then(|at| header.get(at));
    if columns.contains(&Column::Entity) || name_cells(&columns, data).all(|cell| dotted(cell).is_some()) {
        return Owner::Column;
    }
    match name {
        Some(name) if column(name, false, true) != Column::Name => Owner::Header(one_of(name)),
        _ => Owner::Outside,
    }
}

fn name_cells<'t>(columns: &[Column], data: &'t [Vec<String>]) -> impl Iterator<Item = &'t str> {
    let at = columns.iter().position(|column| *column == Column::Name).unwrap_or_default();
    data.iter().filter_map(move |row| row.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
}

/// `Vehicle.plate`: the kind of record, and its field.
fn dotted(name: &str) -> Option<(&str, &str)> {
    let (owner, field) = name.split_once('.')?;
    let word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    (word(owner) && word(field) && !field.starts_with(' ')).then_some((owner, field))
}

/// Reads a whole table. `entity` is the name of the entity where neither a column nor a name says another.
pub(crate) fn read(rows: &[Vec<String>], entity: &str, engine: &Engine<'_>) -> Read {
    let Some((header, data)) = rows.split_first() else { return Ok(Vec::new()) };
    let columns = columns(header);
    let typed = columns.contains(&Column::Kind);
    let mut effects = Vec::new();
    let mut gap = None;
    // A cell left empty below a name means the same name.
    let mut owner = entity.to_owned();
    for row in data {
        let mut name = String::new();
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
                Column::Entity => owner = one_of(cell),
                Column::Required => match yes(&lower) {
                    Some(true) => found.required = true,
                    Some(false) => found.optional = true,
                    None => texts.push(cell.to_owned()),
                },
                Column::Optional => match yes(&lower) {
                    Some(false) if lower != "optional" => found.required = true,
                    Some(_) => found.optional = true,
                    None => texts.push(cell.to_owned()),
                },
                Column::Unique => match yes(&lower) {
                    Some(yes) => found.unique = yes,
                    None => texts.push(format!("unique {cell}")),
                },
                Column::Default => found.default = Some(cell.to_owned()),
                Column::Min => texts.push(format!("at least {cell}")),
                Column::Max => texts.push(format!("at most {cell}")),
                Column::MinLength => texts.push(format!("at least {cell} characters")),
                Column::Length if cell.chars().all(|c| c.is_ascii_digit()) => {
                    texts.push(format!("at most {cell} characters"))
                }
                Column::Length => texts
                    .push(format!("{} characters", cell.trim_end_matches(" characters").trim_end_matches(" chars"))),
                // "Allowed values / remarks" may hold either.
                Column::Values if note::plain_values(cell, engine.lexicon) => texts.push(format!("one of {cell}")),
                Column::Pattern => texts.push(format!("pattern `{}`", cell.trim_matches('`'))),
                Column::Id => {}
                // "Filled in by: falconer" makes no reference of a number.
                Column::Notes if typed && engine.lexicon.find(cell).is_some() && !refers(&columns, row) => {
                    gap = gap.or_else(|| Some(format!("{title}: {cell}")));
                }
                // What a field means in words states no type where a column of its own does.
                Column::Notes if typed && describes(title) => texts.extend(said(cell, engine)),
                Column::Kind | Column::Notes | Column::Name | Column::Values => texts.push(cell.to_owned()),
            }
        }
        if let Some((of, field)) = dotted(&name) {
            owner = one_of(of);
            name = field.to_owned();
        }
        let (own, more) = item::split(&name);
        texts.extend(more);
        let Some(name) = item::phrase(&own, engine.lexicon, &mut found).or_else(|| item::odd_name(&own)) else {
            gap = gap.or(Some(name));
            continue;
        };
        if name.eq_ignore_ascii_case("id") {
            continue;
        }
        match item::field(&name, &texts, found, &owner, engine) {
            Ok(more) => effects.extend(more),
            Err((more, note)) => {
                effects.extend(more.into_iter().filter(|effect| !matches!(effect, Effect::Rule(_))));
                gap = gap.or(Some(note));
            }
        }
    }
    gap.map_or_else(|| Ok(effects.clone()), |note| Err((effects.clone(), note)))
}

/// Whether the type of a row's field is that of a reference, whichever record that is.
fn refers(columns: &[Column], row: &[String]) -> bool {
    const WORDS: &[&str] = &["ref", "link", "lookup", "fk", "foreign", "relation", "association", "→", "->", "id"];
    let kinds = columns.iter().zip(row).filter(|(column, _)| **column == Column::Kind);
    kinds
        .map(|(_, cell)| cell.trim().to_lowercase())
        .all(|kind| kind.is_empty() || WORDS.iter().any(|word| kind.contains(word)))
}

fn describes(title: &str) -> bool {
    let lower = title.to_lowercase();
    ["description", "meaning", "explanation", "purpose", "label"].iter().any(|word| lower.contains(word))
}

/// The parts of a description that say more than what the field means: duties and bounds.
fn said(cell: &str, engine: &Engine<'_>) -> Vec<String> {
    let cell = quote_pattern(cell).unwrap_or_else(|| cell.to_owned());
    if note::plain_values(&cell, engine.lexicon) || cell.contains(['→', '/', '|']) || cell.contains("->") {
        return vec![cell];
    }
    let mut parts = note::segments(&cell);
    parts.retain(|part| {
        let mut trial = Notes::default();
        note::read(part, engine.lexicon, &mut trial);
        matches!(trial.kind, None | Some(FieldKind::Enum { .. }))
            && (trial.kind.is_some()
                || trial.required
                || trial.unique
                || trial.optional
                || trial.default.is_some()
                || demands(part, engine.lexicon))
    });
    parts
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
