//! Records that steps tell apart by what they are called: `a hive 7 ... another hive 7`, `a tent called "Eagle" ... another
//! tent called "Eagle"`.

use super::Steps;
use crate::engine::Engine;
use crate::token::Token;

/// What stands between a record and what it is called.
const CALLED: &[&str] = &["called", "named", "titled", "with", "number", "no", "#", "name"];

/// Whether the When makes a record of this entity that is called as one of the Given is.
pub(super) fn twice(engine: &Engine<'_>, steps: &Steps, entity: &str) -> bool {
    let before = names(engine, &steps.given, entity);
    names(engine, &steps.when, entity).iter().any(|name| before.contains(name))
}

/// Whether any record of the entity is called something.
pub(super) fn any(engine: &Engine<'_>, steps: &Steps, entity: &str) -> bool {
    [&steps.given, &steps.when].iter().any(|part| !names(engine, part, entity).is_empty())
}

/// Whether both steps tell by its name which record of the entity they mean, and mean two: `room A`, `room B`.
pub(super) fn differ(engine: &Engine<'_>, steps: &Steps, entity: &str) -> bool {
    let Some(words) = engine.lexicon.entity(entity).map(|named| named.words.as_slice()) else { return false };
    // "In room A": however bare it stands.
    let told = |tokens: &[Token]| -> Option<String> {
        (0..tokens.len()).find_map(|at| {
            let here = tokens.get(at..at + words.len())?;
            here.iter().zip(words).all(|(token, word)| token.lemma == *word).then_some(())?;
            let name = tokens.get(at + words.len())?;
            let letter = name.raw.chars().count() == 1 && name.raw.starts_with(char::is_uppercase);
            (letter || name.quoted || name.is_number()).then(|| name.raw.clone())
        })
    };
    // "A concert in the hall "Dome" ... another concert in "Mill""
    let bare = || {
        let led = |at: usize| {
            let before = at.checked_sub(1).and_then(|at| steps.when.get(at));
            before.is_some_and(|before| ["in", "of", "for", "on", "at"].iter().any(|word| before.is(word)))
        };
        let mut quoted = steps.when.iter().enumerate().filter(|(_, token)| token.quoted);
        let (at, name) = quoted.next().filter(|_| quoted.next().is_none())?;
        led(at).then(|| name.raw.clone())
    };
    let given = told(&steps.given);
    given.and_then(|one| Some((one, told(&steps.when).or_else(bare)?))).is_some_and(|(one, other)| one != other)
}

/// What records of the entity are called.
fn names<'t>(engine: &Engine<'_>, tokens: &'t [Token], entity: &str) -> Vec<&'t str> {
    let scope = engine.scope(tokens);
    let behind = |at: usize| {
        let (end, _) = scope.entity_at(tokens, at).into_iter().find(|(_, of)| of == entity)?;
        let between = |token: &&Token| !token.quoted && CALLED.contains(&token.word.as_str());
        let skipped = tokens.get(end..)?.iter().take_while(between).count();
        let name = tokens.get(end + skipped)?;
        // "a tent with 2 places" counts.
        let counted = skipped > 0
            && name.is_number()
            && tokens.get(end + skipped + 1).is_some_and(|next| next.lemma != next.word);
        let name_like = name.quoted || name.is_number() || name.word.chars().any(|c| c.is_ascii_digit());
        (name_like && !counted).then_some(name.word.as_str())
    };
    (0..tokens.len()).filter_map(behind).collect()
}
