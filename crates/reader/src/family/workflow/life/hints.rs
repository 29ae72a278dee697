//! Names that several sentences about the life of a record use: where one leads to a name and another goes on from there,
//! the name is a state, though no sentence by itself would tell ("batches begin in quarantine", "after quarantine ...").

use super::verbs::tells_of_life;
use super::walk::Walk;
use crate::engine::{Engine, Reading};
use crate::lexicon::{Lexicon, name_words};
use crate::normal;
use crate::statement::{self, Outcome};
use maestro_domain::{Epic, StatementId};

/// What was seen of one name.
struct Seen {
    entity: String,
    name: String,
    /// A sentence that tells the beginning leads to it and goes on from it: "at first open, then paid, in the end closed".
    passed: bool,
    reached: Vec<StatementId>,
    left: Vec<StatementId>,
}

/// Adds these names to the kinds of records that they are told of. `before` is what the pass before knew.
pub(crate) fn hint(lexicon: &mut Lexicon, before: &Lexicon, epic: &Epic, outcomes: &[Outcome]) {
    let unread = outcomes.iter().any(|outcome| outcome.gap.is_some());
    let hinted = before.entities.iter().any(|named| !named.flow.hinted.is_empty());
    if !(unread || hinted) {
        return;
    }
    let mut seen: Vec<Seen> = Vec::new();
    statement::each(epic, before, &mut |engine, statement| {
        if statement.deferred.is_none() && statement.table.is_empty() && statement.items.is_empty() {
            look(engine, &statement.text, &statement.id, &mut seen);
        }
    });
    for Seen { entity, name, passed, reached, left } in seen {
        let several = passed || left.iter().any(|one| reached.iter().any(|other| other != one));
        if several && let Some(named) = lexicon.entity_mut(&entity) {
            named.flow.hinted.push(name);
        }
    }
}

/// Notes where a sentence leads and whence.
fn look(engine: &Engine<'_>, text: &str, id: &StatementId, seen: &mut Vec<Seen>) {
    let tokens = normal::normalise(text, engine.lexicon);
    if !tells_of_life(&tokens) {
        return;
    }
    let scope = engine.scope(&tokens);
    let reading = Reading { tokens: &tokens, scope: &scope, engine };
    let told = super::owners(&reading).into_iter().find_map(|entity| Walk::of(&reading, &entity, true).whole());
    let Some(told) = told else { return };
    let begins = told.initial.is_some();
    let mut note = |name: &str, left: bool| {
        let at = seen.iter().position(|one| one.entity == told.entity && name_words(&one.name) == name_words(name));
        let at = at.unwrap_or_else(|| {
            let (reached, left) = (Vec::new(), Vec::new());
            seen.push(Seen { entity: told.entity.clone(), name: name.to_owned(), passed: false, reached, left });
            seen.len() - 1
        });
        if let Some(one) = seen.get_mut(at) {
            one.passed |= begins && if left { one.reached.contains(id) } else { one.left.contains(id) };
            if left { one.left.push(id.clone()) } else { one.reached.push(id.clone()) }
        }
    };
    told.initial.iter().for_each(|name| note(name, false));
    for (from, to) in &told.ways {
        note(from, true);
        note(to, false);
    }
}
