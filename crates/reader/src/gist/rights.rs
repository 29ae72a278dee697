//! Who alone may do something, however it is told: "the change to paid is reserved to accountants", "dispatchers are the only
//! ones who can cancel orders".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use crate::lexicon::name_words;
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::Action;
use std::ops::Range;

const ALONE: &[&str] = &["only", "mayonly", "reserve", "reserved", "restrict", "restricted", "limit", "limited"];
const NOBODY: &[&str] = &["nobody", "noone", "none"];
const DEED: &[&str] = &[
    "change",
    "set",
    "setto",
    "move",
    "mark",
    "declare",
    "take",
    "put",
    "bring",
    "switch",
    "transition",
    "step",
    "right",
    "permit",
    "permitted",
    "allow",
    "allowed",
    "may",
    "must",
    "possible",
    "as",
    "from",
    "or",
    "1",
    "release",
    "status",
    "state",
    "stage",
    "phase",
    "become",
];

pub(super) fn read(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let tokens = parts.tokens;
    let (who, alone) = roles_at(parts)?;
    let names = parts.words(who.clone());
    let rest: Vec<Token> = tokens
        .iter()
        .enumerate()
        .filter(|(at, _)| !who.contains(at) && !alone.contains(at))
        .map(|(_, token)| token.clone())
        .collect();
    let rest = Parts { engine: parts.engine, scope: parts.scope, tokens: &rest };
    // What was remembered of the places of names holds of the whole sentence only.
    let scope = parts.engine.scope(rest.tokens);
    let rest = Parts { scope: &scope, ..rest };
    moved(&rest, &names).or_else(|| done(&rest, &names))
}

/// "Only R may change an order from A to B and from B to C": each change by itself.
fn moved(parts: &Parts<'_>, names: &str) -> Option<Vec<Effect>> {
    parts.moving().iter().find_map(|entity| {
        let pieces = parts.pieces(Some(entity));
        let own = |piece: &Piece| piece.entity.as_ref().is_none_or(|named| named == entity) && piece.quantity.is_none();
        let flow = parts.engine.lexicon.flow_field(entity)?;
        let no_field =
            |piece: &Piece| !piece.states.is_empty() || piece.field.as_ref().is_none_or(|field| field.field == flow);
        (parts.only(&pieces, &[DEED, ALONE]) && pieces.iter().all(|piece| own(piece) && no_field(piece)))
            .then_some(())?;
        let name = parts.name(entity)?;
        let (mut from, mut changes) = (None, Vec::new());
        for (at, piece) in pieces.iter().enumerate() {
            let Some(state) = piece.states.iter().find(|state| state.entity == *entity && state.field == flow) else {
                continue;
            };
            let before = at.checked_sub(1).and_then(|at| pieces.get(at));
            if before.is_some_and(|before| parts.one_of(before, &["from"])) {
                from = Some(state.value.clone());
            } else {
                changes.push((from.clone(), state.value.clone()));
            }
        }
        (!changes.is_empty()).then_some(())?;
        let told = changes.iter().map(|(from, to)| {
            let from = from.as_ref().map(|from| format!(" from \"{from}\"")).unwrap_or_default();
            parts.told(&format!("Only {names} may change a {name}{from} to \"{to}\""))
        });
        Some(told.collect::<Option<Vec<_>>>()?.concat())
    })
}

/// "Deleting machines is a matter for office managers only": what is done with records.
fn done(parts: &Parts<'_>, names: &str) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    let entities = parts.entities(&pieces);
    let [entity] = entities.as_slice() else { return None };
    let act = |piece: &Piece| {
        let token = parts.tokens.get(piece.at.start).filter(|_| piece.is_word())?;
        match verbs::actions(&token.lemma) {
            [Action::Delete] => Some("delete"),
            [Action::Update] => Some("change"),
            [Action::Create] if !parts.one_of(piece, &["have", "be"]) => Some("create"),
            _ => None,
        }
    };
    let acts: Vec<&str> = pieces.iter().filter_map(act).collect();
    let known: Vec<Piece> = pieces.iter().filter(|piece| act(piece).is_none()).cloned().collect();
    let named = |piece: &Piece| piece.is_word() || piece.entity.is_some() && piece.field.is_none();
    (parts.only(&known, &[DEED, ALONE]) && pieces.iter().all(named) && !acts.is_empty()).then_some(())?;
    let name = parts.name(entity)?;
    let told = acts.iter().map(|act| parts.told(&format!("Only {names} may {act} a {name}")));
    Some(told.collect::<Option<Vec<_>>>()?.concat())
}

/// Where those stand who alone may, and the words around them that say so.
fn roles_at(parts: &Parts<'_>) -> Option<(Range<usize>, Vec<usize>)> {
    let tokens = parts.tokens;
    let is = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|token| !token.quoted && words.iter().any(|word| token.is(word)))
    };
    let find = |words: &[&str]| (0..tokens.len()).find(|at| is(*at, words));
    let modal = find(&["may", "mayonly", "must", "be"]);
    let not = tokens.iter().any(|token| token.is("mustnot") || token.is("not") || token.is("unless"));
    (!not).then_some(())?;
    // "Only dispatchers may ..."
    if is(0, &["only"]) {
        return names(parts, 1..modal?, vec![0]);
    }
    // "Nobody but dispatchers may ...", "no one except ..."
    if is(0, NOBODY) || is(0, &["no"]) && is(1, &["1"]) {
        let but = find(&["but", "except", "than"])?;
        return names(parts, but + 1..modal?, (0..=but).collect());
    }
    // "For cancelling an order the role office manager is needed"
    if let Some(at) = find(&["role"])
        && let Some(verb) = (at + 1..tokens.len()).find(|verb| is(*verb, &["be"]))
        && is(verb + 1, &["need", "needed", "require", "required", "necessary"])
        && tokens.len() == verb + 2
    {
        return names(parts, at + 1..verb, vec![at, verb, verb + 1]);
    }
    // "Dispatchers are the only ones who can ..."
    if let Some(at) = (1..tokens.len())
        .find(|at| is(*at, &["be"]) && is(at + 1, &["only"]) && is(at + 2, &["1", "one", "role", "person", "people"]))
    {
        return names(parts, 0..at, vec![at, at + 1, at + 2]);
    }
    // "... only by a dispatcher", "... reserved to dispatchers", "... is a matter for the dispatcher", "permitted to dispatchers only"
    let last = tokens.len().checked_sub(1)?;
    let only = is(last, &["only"]);
    let end = if only { last } else { tokens.len() };
    // "... be permitted to dispatchers only": one phrase by now.
    if let Some(at) = (1..last).rev().find(|at| is(*at, &["may"])).filter(|_| only)
        && tokens.get(at).is_some_and(|token| token.wrote("to"))
    {
        return names(parts, at + 1..end, vec![at, last]);
    }
    let at = (1..end).rev().find(|at| is(*at, &["by", "to", "for"]))?;
    let before = at.checked_sub(1)?;
    let told = only && is(at, &["by"])
        || is(before, &["only"])
        || is(before, &["reserved", "reserve", "restricted", "restrict", "limited", "limit"])
        || is(before, &["matter"]) && is(at, &["for"])
        || only && is(before, &["permitted", "permit", "allowed", "allow", "open", "possible"]);
    told.then_some(())?;
    let mut around = vec![at, before];
    around.extend(only.then_some(last));
    if is(before, &["by"]) || !(is(before, ALONE) || is(before, &["matter"])) {
        around.retain(|place| *place != before);
    }
    names(parts, at + 1..end, around)
}

/// The range if it names somebody: known roles, or words that are no name of anything else.
fn names(parts: &Parts<'_>, at: Range<usize>, around: Vec<usize>) -> Option<(Range<usize>, Vec<usize>)> {
    let words = parts.tokens.get(at.clone()).filter(|words| (1..=8).contains(&words.len()))?;
    let role = |name: &String| {
        let known = name_words(name);
        words.windows(known.len().max(1)).any(|part| part.iter().zip(&known).all(|(token, word)| token.lemma == *word))
    };
    let known = parts.engine.lexicon.roles.iter().any(role);
    let weekday = |token: &Token| token.lemma.ends_with("day");
    let plain = |token: &Token| {
        !token.quoted && !weekday(token) && token.word.chars().all(|c| c.is_alphabetic() || c == '-' || c == ',')
    };
    let stranger = |at: usize| {
        parts.scope.entity_at(parts.tokens, at).is_empty() && parts.scope.states_at(parts.tokens, at).is_empty()
    };
    (words.iter().all(plain) && (known || at.clone().all(stranger))).then_some((at, around))
}
