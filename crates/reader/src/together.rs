//! `Both are required`, `...; all of these are required`, `...; it must be unique`: said of the fields that were told
//! before, each for itself.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::normal;
use crate::scope::FieldRef;
use crate::token::Token;

/// How such a sentence begins, and of how many fields it speaks; of any number where none is told.
const LEADS: &[(&str, Option<usize>)] = &[
    ("both of them ", Some(2)),
    ("both of these ", Some(2)),
    ("both fields ", Some(2)),
    ("both ", Some(2)),
    ("all three of them ", Some(3)),
    ("all three ", Some(3)),
    ("all four ", Some(4)),
    ("all five ", Some(5)),
    ("all of them ", None),
    ("all of these ", None),
    ("all these fields ", None),
    // "The pitch is a decimal number; it must be at least 430"
    ("it ", Some(1)),
];

/// What such a sentence goes on with.
const VERBS: &[&str] = &["be", "must", "mustnot", "may", "mayonly", "have"];

/// A sentence that ends in such a clause, in its two parts.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let (head, tail) = text.rsplit_once("; ").or_else(|| text.rsplit_once(", "))?;
    let lower = tail.to_lowercase();
    let about = LEADS.iter().find_map(|(lead, _)| lower.strip_prefix(lead))?;
    let says = ["are ", "must ", "may ", "have ", "cannot ", "can "].iter().any(|verb| about.starts_with(verb));
    says.then_some((head, tail))
}

/// Reads a sentence about all fields that were told before.
pub(crate) fn read(engine: &Engine<'_>, text: &str, before: &[Effect]) -> Option<Vec<Effect>> {
    let lower = text.trim().to_lowercase();
    let (lead, count) = LEADS.iter().find(|(lead, _)| lower.starts_with(lead))?;
    let mut told: Vec<FieldRef> = Vec::new();
    for effect in before {
        let Effect::Field { entity, name, .. } = effect else { continue };
        // On the first reading nothing is known yet; the next one knows what this one tells.
        let Some((entity, field)) =
            engine.lexicon.find(entity).and_then(|entity| entity.find(name).map(|field| (entity, field)))
        else {
            return Some(Vec::new());
        };
        let field = FieldRef { entity: entity.key.clone(), field: field.key.clone() };
        if !told.contains(&field) {
            told.push(field);
        }
    }
    // "A member has a name. It must ...": it may be the member.
    let records = before.iter().any(|effect| matches!(effect, Effect::Entity { .. }));
    if told.is_empty()
        || told.len() == 1 && (*count != Some(1) || records)
        || count.is_some_and(|count| count != told.len())
    {
        return None;
    }
    let rest = normal::normalise(text.trim().get(lead.len()..)?, engine.lexicon);
    // "All of these but the phone number must be given" is not said of all.
    if !rest.first().is_some_and(|first| VERBS.iter().any(|verb| first.is(verb))) {
        return None;
    }
    let clauses = told.into_iter().map(|field| {
        let tokens: Vec<Token> = std::iter::once(Token::mention(field)).chain(rest.iter().cloned()).collect();
        engine.tokens(&tokens)
    });
    Some(clauses.collect::<Option<Vec<_>>>()?.concat())
}
