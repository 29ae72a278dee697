//! Criteria that say once more, of buttons, pages and limits, what a rule of the epic says: `The delete button is only
//! visible to harbour masters`, `With 45 charters the list has 3 pages`. They show that rule, and state none themselves.

use super::contrary::named;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::name_words;
use crate::normal;
use crate::scope::FieldRef;
use crate::token::Token;
use crate::verbs;
use crate::words::singular;
use maestro_artifacts::{Op, Operand, RuleKind, Test};

/// The rule that the sentence says again.
pub(crate) fn read(engine: &Engine<'_>, text: &str, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let tokens = normal::normalise(text, engine.lexicon);
    let rule = button(&lower, rules)
        .or_else(|| pages(engine, &tokens, rules))
        .or_else(|| by_hand(engine, &lower, rules))
        .or_else(|| childless(engine, &tokens, &lower, rules))
        .or_else(|| of_others(engine, &tokens, &lower, rules))
        .or_else(|| on_the_bound(engine, &tokens, &lower, rules))?;
    Some(vec![Effect::Rule(rule.clone())])
}

/// The one rule that fits.
fn one(rules: &[RuleKind], fits: impl Fn(&RuleKind) -> bool) -> Option<&RuleKind> {
    let mut found = rules.iter().filter(|rule| fits(rule));
    let rule = found.next()?;
    found.all(|other| other == rule).then_some(rule)
}

/// "Only the harbour master sees the Confirm button", "the delete button is hidden for clerks".
fn button<'r>(lower: &str, rules: &'r [RuleKind]) -> Option<&'r RuleKind> {
    const BUTTONS: &[&str] = &[" button", " link", " action", " option", " menu item", " icon"];
    const SHOWN: &[&str] = &["visible", "shown", "available", "enabled", "displayed", "offered", "active"];
    const HIDDEN: &[&str] =
        &["hidden", "invisible", "disabled", "not visible", "not shown", "not available", "not enabled"];
    const SEE: &[&str] =
        &[" sees the ", " see the ", " can see the ", " can click the ", " can use the ", " gets the ", " has the "];
    let named = |said: &str| {
        let said = said.trim().trim_matches(['"', '“', '”', '\'']);
        let verb = BUTTONS.iter().find_map(|button| said.strip_suffix(button))?.trim_matches(['"', '“', '”', '\'']);
        verb.chars().all(char::is_alphabetic).then(|| verb.to_owned())
    };
    let people = |said: &str| {
        let said = ["the ", "a ", "an "].iter().find_map(|article| said.strip_prefix(article)).unwrap_or(said);
        said.split(" and ").map(|who| name_words(&singular_name(who))).collect::<Vec<_>>()
    };
    let (verb, who, alone) = if let Some(rest) = lower.strip_prefix("only ") {
        let (who, said) = SEE.iter().find_map(|see| rest.split_once(see))?;
        (named(said)?, people(who), true)
    } else {
        let (said, rest) = lower.strip_prefix("the ")?.split_once(" is ")?;
        let to = |rest: &str| {
            [" to ", " for "]
                .iter()
                .find_map(|to| rest.split_once(to).map(|(how, who)| (how.to_owned(), who.to_owned())))
        };
        let (how, who) = to(rest)?;
        let only = how.strip_prefix("only ").or_else(|| how.strip_suffix(" only"));
        let (who, only) = match (only, who.strip_prefix("only ")) {
            (Some(how), _) => (who.clone(), Some(how.to_owned())),
            (None, Some(rest)) => (rest.to_owned(), Some(how.clone())),
            (None, None) => (who.clone(), None),
        };
        match only {
            Some(how) if SHOWN.contains(&how.as_str()) => (named(said)?, people(&who), true),
            None if HIDDEN.contains(&how.as_str()) => (named(said)?, people(&who), false),
            _ => return None,
        }
    };
    let state = verbs::participle(&verb);
    one(rules, |rule| {
        let (does, roles) = match rule {
            RuleKind::ActionRole { action, roles, fields, .. } => {
                (fields.is_empty() && verbs::actions(&verb).first() == Some(action), roles)
            }
            RuleKind::TransitionRole { to, roles, .. } => (to.eq_ignore_ascii_case(&state), roles),
            _ => return false,
        };
        let roles: Vec<Vec<String>> = roles.iter().map(|role| name_words(role)).collect();
        let fits = match alone {
            true => roles.len() == who.len() && who.iter().all(|one| roles.contains(one)),
            false => !who.iter().any(|one| roles.contains(one)),
        };
        does && fits
    })
}

fn singular_name(name: &str) -> String {
    let name = name.trim();
    match name.rsplit_once(' ') {
        Some((head, last)) => format!("{head} {}", singular(last)),
        None => singular(name),
    }
}

/// "With 45 charters the list has 3 pages", of 20 on a page.
fn pages<'r>(engine: &Engine<'_>, tokens: &[Token], rules: &'r [RuleKind]) -> Option<&'r RuleKind> {
    let numbers: Vec<(usize, u32)> = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.is_number() && !token.quoted)
        .map(|(at, token)| Some((at, token.word.parse().ok()?)))
        .collect::<Option<_>>()?;
    let [(a, records), (b, pages)] = numbers.as_slice() else { return None };
    let (_, entity) = engine.scope(tokens).entity_at(tokens, a + 1).into_iter().max_by_key(|(end, _)| *end)?;
    let paged = tokens.get(b + 1).is_some_and(|token| token.is("page")) && b + 2 == tokens.len();
    one(rules, |rule| match rule {
        RuleKind::List { entity: of, page_size: Some(size), .. } => {
            paged && *of == entity && *size > 0 && records.div_ceil(*size) == *pages
        }
        _ => false,
    })
}

/// "The price cannot be entered by hand", of a price that is worked out.
fn by_hand<'r>(engine: &Engine<'_>, lower: &str, rules: &'r [RuleKind]) -> Option<&'r RuleKind> {
    const HAND: &[&str] = &[" by hand", " manually", " by the user", " by users"];
    const NOT: &[&str] = &[" cannot be ", " can not be ", " can't be ", " must not be ", " may not be ", " is not "];
    const DONE: &[&str] = &["entered", "edited", "changed", "set", "overwritten", "modified", "typed in", "filled in"];
    let rest = HAND.iter().find_map(|hand| lower.strip_suffix(hand))?;
    let (subject, done) = NOT.iter().find_map(|not| rest.split_once(not))?;
    DONE.contains(&done).then_some(())?;
    let told = normal::normalise(subject, engine.lexicon);
    let scope = engine.scope(&told);
    one(rules, |rule| match rule {
        RuleKind::Computed { entity, field, .. } => scope.field_at(&told, 0).into_iter().any(|(end, of)| {
            let record = told.get(end..).unwrap_or_default();
            let whole = record.is_empty()
                || record.first().is_some_and(|of| of.is("of"))
                    && scope.entity_at(&told, end + 1).iter().any(|(stop, of)| *stop == told.len() && of == entity);
            whole && of.entity == *entity && of.field == *field
        }),
        _ => false,
    })
}

/// "A boat without charters can be deleted", of boats that cannot while there are charters.
fn childless<'r>(engine: &Engine<'_>, tokens: &[Token], lower: &str, rules: &'r [RuleKind]) -> Option<&'r RuleKind> {
    let deleted = [" can be deleted", " may be deleted", " can be removed", " may be removed"];
    deleted.iter().any(|end| lower.ends_with(end)).then_some(())?;
    let scope = engine.scope(tokens);
    let (end, parent) = scope.entity_at(tokens, 0).into_iter().max_by_key(|(end, _)| *end)?;
    let without = tokens.get(end).is_some_and(|token| token.is("without"));
    let (stop, child) = scope.entity_at(tokens, end + 1).into_iter().max_by_key(|(end, _)| *end).filter(|_| without)?;
    tokens.get(stop).is_some_and(|token| token.is("may")).then_some(())?;
    one(rules, |rule| {
        matches!(rule, RuleKind::NoDelete { entity, when } if *entity == parent
            && matches!(when.0.as_slice(), [Test::Children { child: of, when, .. }] if *of == child && when.0.is_empty()))
    })
}

/// "Two charters of different boats may overlap", of charters that must not for one boat.
fn of_others<'r>(engine: &Engine<'_>, tokens: &[Token], lower: &str, rules: &'r [RuleKind]) -> Option<&'r RuleKind> {
    const MAY: &[&str] = &[
        " may overlap",
        " can overlap",
        " are allowed to overlap",
        " can take place at the same time",
        " may take place at the same time",
        " can be at the same time",
    ];
    let said = MAY.iter().find_map(|may| lower.strip_suffix(may))?;
    let mut parts =
        [" of different ", " for different ", " in different ", " on different ", " with different "].iter();
    let (_, parent) = parts.find_map(|joint| said.split_once(joint))?;
    let told = normal::normalise(parent, engine.lexicon);
    let (_, parent) = engine.scope(&told).entity_at(&told, 0).into_iter().find(|(end, _)| *end == told.len())?;
    let scope = engine.scope(tokens);
    let (_, child) = (0..2).find_map(|at| scope.entity_at(tokens, at).into_iter().max_by_key(|(end, _)| *end))?;
    one(rules, |rule| {
        matches!(rule, RuleKind::NoOverlap { entity, by, .. } if *entity == child
            && matches!(by.as_slice(), [via] if engine.lexicon.target(entity, via) == Some(parent.as_str())))
    })
}

/// "A charter starting today is accepted", "that starts and ends on the same day": what lies on the bound is within it.
fn on_the_bound<'r>(engine: &Engine<'_>, tokens: &[Token], lower: &str, rules: &'r [RuleKind]) -> Option<&'r RuleKind> {
    const TAKEN: &[&str] = &[" is accepted", " is allowed", " is possible", " is valid", " can be saved", " is saved"];
    let said = TAKEN.iter().find_map(|end| lower.strip_suffix(end))?;
    let (_, entity) = engine.scope(tokens).entity_at(tokens, 0).into_iter().max_by_key(|(end, _)| *end)?;
    let plain = !tokens
        .iter()
        .any(|token| token.is_number() || ["not", "<", ">", "<=", ">="].iter().any(|word| token.is(word)));
    let today = [" today", " on today"].iter().any(|end| said.ends_with(end));
    let alike = said.ends_with(" on the same day") || said.ends_with(" on the same date");
    let of = |field: &String| FieldRef { entity: entity.clone(), field: field.clone() };
    plain.then_some(())?;
    one(rules, |rule| match rule {
        RuleKind::Compare { entity: own, field, op: Op::Ge | Op::Le, to, when, .. }
            if *own == entity && when.0.is_empty() =>
        {
            match to {
                Operand::Today { plus_days: 0, plus_months: 0 } => today && named(engine, tokens, &of(field)),
                Operand::Field { field: other, offset } => {
                    alike
                        && *offset == maestro_artifacts::Offset::NONE
                        && [field, other].iter().all(|field| named(engine, tokens, &of(field)))
                }
                _ => false,
            }
        }
        _ => false,
    })
}
