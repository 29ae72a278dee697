//! What records may be marked as: `A recipe may be marked as retired`, `Kayaks can be out of service; by default they are
//! not`. A yes/no field, unless the words name a state that is known.

use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::fields::item;
use crate::fields::note::Notes;
use crate::lexicon::name_words;
use crate::pattern::Bound;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("<entity:e> (may be | be) (marked | flagged | tagged) [as] <words:x>", marked),
    ("<entity:e> (may be | be) (marked | flagged | tagged) [as] <words:x> %notyet", unmarked),
    ("<entity:e> may be <words:x> or not", either),
    ("<entity:e> may be <words:x> or not %notyet", either_not),
    ("<entity:e> may be <words:x>", out_of),
    ("<entity:e> may be <words:x> %notyet", out_of_not),
];

fn marked(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    flag(bound, reading, false)
}

fn unmarked(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    flag(bound, reading, true)
}

/// "Artists may be on leave or not": that both are possible says that it is a yes or no.
fn either(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    flag(bound, reading, false)
}

fn either_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    flag(bound, reading, true)
}

/// "Out of service", "under repair": what may be so is no deed.
fn out_of(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    condition(bound, reading).then(|| flag(bound, reading, false))?
}

fn out_of_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    condition(bound, reading).then(|| flag(bound, reading, true))?
}

fn condition(bound: &Bound, reading: &Reading<'_>) -> bool {
    let words = bound.words("x").map(|range| reading.part(&range)).unwrap_or_default();
    let lead = words.first().zip(words.get(1));
    lead.is_some_and(|(first, second)| {
        first.is("out") && second.is("of") || (first.is("under") || first.is("off")) && second.article.is_none()
    })
}

fn flag(bound: &Bound, reading: &Reading<'_>, default: bool) -> Option<Vec<Effect>> {
    let entity = reading.scope.lexicon.entity(&bound.entity("e")?)?;
    let range = bound.words("x")?;
    let part = reading.part(&range);
    let plain = |word: &str| word.chars().all(|c| c.is_alphabetic() || c == '-');
    let joined = ["if", "or", "and", "by", "only", "not", "unless", "before", "that", "at", "when", "until"];
    if part.len() > 4 || !part.iter().all(|token| plain(&token.word) && !joined.contains(&token.word.as_str())) {
        return None;
    }
    let name = reading.name(&range);
    let words = name_words(&name);
    // What has states may be in one of them, not marked besides, unless it is known to be.
    let state = entity.values().iter().any(|(_, value)| name_words(value) == words);
    if state || entity.flow.field.is_some() && entity.find(&name).is_none() {
        return None;
    }
    let mut notes = vec!["yes/no".to_owned()];
    notes.extend(default.then(|| "default no".to_owned()));
    item::field(&name, &notes, Notes::default(), &entity.name, reading.engine).ok()
}
