//! Lists and tables of fields with a note that is not understood: what their other rows say is understood all the same.

use super::{traceless, words};
use crate::effect::Effect;
use crate::fields::item;
use crate::lexicon::Lexicon;
use crate::statement::Outcome;
use maestro_domain::Statement;

/// Whether a statement tells fields row by row.
pub(crate) fn told(statement: &Statement, effects: &[Effect]) -> bool {
    let rows = !(statement.items.is_empty() && statement.table.is_empty());
    rows && effects.iter().any(|effect| matches!(effect, Effect::Field { .. }))
}

/// Whether a statement tells ways between states in a table: each cell says something of its own, and the one that is not
/// understood is quoted.
pub(crate) fn ways(statement: &Statement, effects: &[Effect]) -> bool {
    !statement.table.is_empty() && effects.iter().any(|effect| matches!(effect, Effect::Transition { .. }))
}

/// Leaves the rules of the rows that are understood whole. Where it is not clear which row a note belongs to, none.
pub(super) fn keep_whole(statement: &Statement, lexicon: &Lexicon, outcome: &mut Outcome) {
    let Some(gap) = outcome.gap.as_ref().filter(|_| told(statement, &outcome.effects)) else { return };
    let (mut rest, mut quote) = (statement.clone(), gap.quote.clone());
    let mut quoted: Vec<String> = Vec::new();
    loop {
        let removed = remove(&mut rest, &quote);
        quoted.extend(removed.iter().map(|row| written(row)));
        let fields = removed.iter().map(|row| fields(row, &outcome.effects, lexicon)).collect::<Option<Vec<_>>>();
        let Some(fields) = fields.filter(|_| !removed.is_empty()) else {
            outcome.effects.retain(|effect| !matches!(effect, Effect::Rule(_)));
            return;
        };
        let fields: Vec<String> = fields.concat();
        let speaks = |effect: &Effect| {
            let said = format!("{effect:?}");
            fields.iter().any(|field| said.contains(&format!("\"{field}\"")))
        };
        outcome.effects.retain(|effect| !matches!(effect, Effect::Rule(_)) || !speaks(effect));
        let lost =
            traceless(&rest, &outcome.effects, lexicon).or_else(|| words::lost(&rest, &outcome.effects, lexicon));
        match lost {
            Some((next, _)) => quote = next,
            None => break,
        }
    }
    // What else these rows say is not built either: they are quoted with all of it.
    if let Some(gap) = outcome.gap.as_mut() {
        gap.quote = quoted.join("; ");
    }
}

/// A row as it is quoted.
fn written(row: &[String]) -> String {
    match row {
        [item] => item.clone(),
        cells => format!("| {} |", cells.join(" | ")),
    }
}

/// Takes the rows out that hold a text, and returns their texts.
fn remove(statement: &mut Statement, quote: &str) -> Vec<Vec<String>> {
    // "Filled in by: falconer" quotes a cell with its title, "default 5" a note with what it is.
    let part = quote.rsplit_once(": ").map_or(quote, |(_, part)| part).trim();
    let part = part.strip_prefix("default ").unwrap_or(part);
    let holds = |row: &[String]| row.iter().any(|cell| cell.contains(quote) || cell.contains(part));
    let mut out = Vec::new();
    let mut at = 1;
    while let Some(row) = statement.table.get(at) {
        if holds(row) {
            out.push(statement.table.remove(at));
        } else {
            at += 1;
        }
    }
    let (lost, kept) =
        std::mem::take(&mut statement.items).into_iter().partition(|item| holds(std::slice::from_ref(item)));
    statement.items = kept;
    let lost: Vec<String> = lost;
    out.extend(lost.into_iter().map(|item| vec![item]));
    out
}

/// The keys of the fields that a row tells; `None` where that is not clear.
fn fields(row: &[String], effects: &[Effect], lexicon: &Lexicon) -> Option<Vec<String>> {
    let owners = effects.iter().filter_map(|effect| match effect {
        Effect::Entity { name } => lexicon.find(name),
        _ => None,
    });
    let owners: Vec<_> = owners.collect();
    row.iter().find_map(|cell| {
        let (name, _) = item::split(cell);
        let found = owners.iter().filter_map(|owner| owner.find(&name)).map(|field| field.key.clone());
        let found: Vec<String> = found.collect();
        (!found.is_empty()).then_some(found)
    })
}
