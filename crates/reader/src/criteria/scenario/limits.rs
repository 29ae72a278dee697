//! How many records one record may have, and what they may add up to: `a drive already has 80 appointments ... one more`.

use super::alike::acts;
use super::{record_at, rules_of};
use crate::criteria::Steps;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::token::Token;
use maestro_artifacts::FieldKind;

pub(super) fn read(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    filled(engine, steps).or_else(|| full(engine, steps)).or_else(|| summed(engine, steps))
}

/// "Given a rack with a capacity of 8 that already holds 8 tyre sets, when another tyre set is added": as many as it has room.
fn full(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    let given = steps.given.as_slice();
    let (end, parent) = record_at(engine, given, 0)?;
    let scope = engine.scope(given);
    let (behind, field) = scope.field_at(given, end + 1).into_iter().find(|(_, field)| field.entity == parent)?;
    let named = engine.lexicon.field(&field).filter(|field| field.kind == FieldKind::Integer)?;
    let number = |at: usize| given.get(at).filter(|token| token.is_number() && !token.quoted);
    let room = (behind..behind + 2).find_map(number)?;
    const HOLDS: &[&str] = &["hold", "holds", "have", "contain", "contains"];
    let holds =
        (behind..given.len()).find(|at| given.get(*at).is_some_and(|token| HOLDS.iter().any(|word| token.is(word))))?;
    let many = number(holds + 1).filter(|many| many.word == room.word)?;
    let (stop, child) = record_at(engine, given, holds + 2)?;
    if stop < given.len() || engine.lexicon.reference(&child, &parent).is_none() {
        return None;
    }
    further(engine, &steps.when, &parent, &child, many.word.parse().ok()?)?;
    let (parent, children) = (&engine.lexicon.entity(&parent)?.name, &engine.lexicon.entity(&child)?.plural);
    let told = format!("The number of {children} of a {parent} must not exceed its {}.", named.name);
    rules_of(&child, engine.sentence(&told).ok()?)
}

/// "Given a work order with 14 pieces, when another piece is added": that many and no more.
fn filled(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    let given = steps.given.as_slice();
    let (end, parent) = record_at(engine, given, 0)?;
    let mut from = end;
    const HAVING: &[&str] =
        &["that", "have", "with", "hold", "holds", "contain", "contains", "there", "be", "include", "includes"];
    while given.get(from).is_some_and(|token| HAVING.iter().any(|word| token.is(word))) {
        from += 1;
    }
    let count = given.get(from).filter(|_| from > end)?;
    // "An appointment with a donation" has one.
    let one = matches!(count.article, Some("a" | "an"));
    let number: u32 = if one { 1 } else { count.word.parse().ok().filter(|count| *count > 0)? };
    let counted = given.get(from + usize::from(!one)..)?;
    // "2 booked reservations": those in that state.
    let states = engine.scope(counted).state_at(counted, 0).into_iter().map(|(end, _)| end).max().unwrap_or(0);
    let (stop, child) = record_at(engine, counted, states)?;
    if stop < counted.len() || engine.lexicon.reference(&child, &parent).is_none() || limited(engine, &parent) {
        return None;
    }
    further(engine, &steps.when, &parent, &child, number)?;
    let word = |word: &str| count.renamed(word);
    let number = count.renamed(&number.to_string());
    let mut told = given.get(..end)?.to_vec();
    told.extend([word("may"), word("have"), word("<="), number]);
    told.extend(counted.get(states..stop)?.iter().cloned());
    if states > 0 {
        told.extend([word("that"), word("be")]);
        told.extend(counted.get(..states)?.iter().cloned());
    }
    rules_of(&child, engine.tokens(&told)?)
}

/// Whether the parent has a number of its own that may be the limit.
fn limited(engine: &Engine<'_>, parent: &str) -> bool {
    const LIMITS: &[&str] = &[
        "capacity", "place", "seat", "limit", "maximum", "max", "size", "slot", "space", "room", "bed", "quota",
        "berth", "spot",
    ];
    engine.lexicon.entity(parent).is_some_and(|named| {
        named.fields.iter().any(|field| {
            field.kind == FieldKind::Integer && field.words.iter().any(|word| LIMITS.contains(&word.as_str()))
        })
    })
}

/// Whether the When adds one more record of this kind, and says nothing else of it.
fn further(engine: &Engine<'_>, when: &[Token], parent: &str, child: &str, before: u32) -> Option<()> {
    const JOINTS: &[&str] =
        &["be", "for", "of", "in", "on", "at", "to", "it", "there", "same", "with", "have", "i", "we", "tries", "that"];
    let more = |at: usize| -> Option<usize> {
        let token = when.get(at)?;
        let one_more = token.is("1") && when.get(at + 1).is_some_and(|next| next.is("more"));
        let other = ["other", "further", "additional"].iter().any(|word| token.is(word));
        let next = ordinal(&token.word) == Some(before + 1);
        if one_more { Some(at + 2) } else { (other || next).then_some(at + 1) }
    };
    let (at, end) = (0..when.len()).find_map(|at| {
        let named = record_at(engine, when, more(at)?)?;
        (named.1 == child).then_some((at, named.0))
    })?;
    let mut place = end;
    while let Some(token) = when.get(place) {
        if let Some((end, of)) = record_at(engine, when, place) {
            if of != parent {
                return None;
            }
            place = end;
            continue;
        }
        if !JOINTS.iter().any(|word| token.is(word)) && !acts(engine, child, token) {
            return None;
        }
        place += 1;
    }
    // Before it stands who does it, and the verb.
    super::leads(when.get(..at)?).then_some(())
}

/// `fifteenth` is 15, `3rd` is 3.
pub(crate) fn ordinal(word: &str) -> Option<u32> {
    const ONES: &[&str] = &[
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
    ];
    const TENS: &[(&str, &str)] = &[
        ("twenty", "twentieth"),
        ("thirty", "thirtieth"),
        ("forty", "fortieth"),
        ("fifty", "fiftieth"),
        ("sixty", "sixtieth"),
        ("seventy", "seventieth"),
        ("eighty", "eightieth"),
        ("ninety", "ninetieth"),
    ];
    let place = |list: &[&str], word: &str| list.iter().position(|known| *known == word).map(|at| at as u32 + 1);
    if let Some(number) = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)?.parse().ok()) {
        return Some(number);
    }
    place(ONES, word).or_else(|| {
        TENS.iter().zip(2_u32..).find_map(|((tens, even), times)| {
            let rest = word.strip_prefix(tens).and_then(|rest| rest.strip_prefix('-'));
            let more = rest.and_then(|rest| place(ONES, rest)).filter(|more| *more < 10);
            if word == *even { Some(times * 10) } else { more.map(|more| times * 10 + more) }
        })
    })
}

/// "When the charges of the customer add up to more than the credit limit"
fn summed(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    let when = steps.when.as_slice();
    let adds = when.windows(3).position(
        |three| matches!(three, [add, up, to] if (add.is("add") || add.is("sum")) && up.is("up") && to.is("to")),
    )?;
    let (subject, rest) = when.split_at_checked(adds)?;
    let compared = rest.get(3).is_some_and(|token| token.is(">"));
    // Against a figure of one example nothing is said.
    let limit = rest.get(4..)?;
    if !compared || limit.iter().any(Token::is_number) {
        return None;
    }
    let given = steps.given.as_slice();
    let scene = given.iter().all(|token| !token.is("not"));
    let mentioned = engine.scope(when).mentioned(when);
    let own = engine.scope(given).mentioned(given).iter().all(|entity| mentioned.contains(entity));
    let mut told = subject.to_vec();
    told.push(rest.first()?.renamed("mustnot"));
    told.extend(rest.iter().cloned());
    let effects = engine.tokens(&told).filter(|_| scene && own)?;
    mentioned.iter().find_map(|entity| rules_of(entity, effects.clone()))
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_count() {
        let told = ["second", "fifteenth", "thirty-first", "twentieth", "9th", "third-rate", "month"];
        assert_eq!(told.map(ordinal), [Some(2), Some(15), Some(31), Some(20), Some(9), None, None]);
    }
}
