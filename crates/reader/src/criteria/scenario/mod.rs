//! Scenarios that say a rule by themselves. Each is told as the sentence that it exemplifies (`a venue with a postal code that
//! is not exactly five digits is refused`), which is then read like any other sentence of the epic; where no sentence says
//! it, the rule is made of what the steps name. An example of one value (`with the code 7`) says no rule.

mod alike;
mod held;
mod lacking;
mod limits;
mod measured;
mod pieces;
mod said;
mod same_value;
mod shape;
mod twice;

pub(super) use held::barred;
pub(super) use lacking::lacking;
pub(crate) use limits::ordinal;
pub(super) use twice::{kept, read as twice, spans};

use super::Steps;
use super::facts::{Act, Facts};
use crate::condition::rule_entity;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::token::Token;
use maestro_artifacts::RuleKind;

/// The rule that a refusal says.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    shape::read(engine, facts, steps)
        .or_else(|| same_value::read(engine, facts, steps))
        .or_else(|| alike::read(engine, facts, steps))
        .or_else(|| limits::read(engine, steps))
        .or_else(|| held::read(engine, facts, steps))
        .or_else(|| said::read(engine, facts, steps))
}

/// The kind of record that is named at a place, with where its name ends.
fn record_at(engine: &Engine<'_>, tokens: &[Token], at: usize) -> Option<(usize, String)> {
    engine.scope(tokens).entity_at(tokens, at).into_iter().max_by_key(|(end, _)| *end)
}

/// Whether a verb, as it stands in a step, puts a record down: `is entered`, `saves`, `registers`.
fn puts_down(engine: &Engine<'_>, facts: &Facts, entity: &str, verb: &Token) -> bool {
    const NOT: &[&str] = &["have", "start", "set", "open", "be"];
    // What brings a record to a state is no saving.
    let moves = facts.acts.iter().any(|act| matches!(act, Act::Move(of, _) if of == entity));
    let stem = crate::words::stem(&verb.lemma);
    let known = ["accept", "give", "insert", "sell", "book"].iter().any(|word| crate::words::stem(word) == stem);
    !verb.quoted
        && !moves
        && !NOT.contains(&verb.lemma.as_str())
        && (known || crate::verbs::makes(engine.lexicon, entity, &verb.lemma))
}

/// Whether words in front of a record tell no more than who does something with it.
fn leads(words: &[Token]) -> bool {
    const MORE: &[&str] = &[
        "on", "in", "at", "if", "for", "with", "by", "during", "<", ">", "<=", ">=", "that", "not", "no", "without",
        "whose", "unless",
    ];
    words.len() <= 6 && !words.iter().any(|token| token.is_number() || MORE.iter().any(|word| token.is(word)))
}

/// Whether a token is a comparison: `less than`, `at most`.
fn compares(token: &Token) -> bool {
    !token.quoted && matches!(token.word.as_str(), "<" | ">" | "<=" | ">=")
}

/// Rules about this kind of record, and nothing else; what they need a field to be stays with them.
fn rules_of(entity: &str, effects: Vec<Effect>) -> Option<Vec<Effect>> {
    let own = |effect: &Effect| match effect {
        Effect::Rule(rule) => {
            rule_entity(rule) == entity
                && matches!(
                    rule,
                    RuleKind::Range { .. }
                        | RuleKind::Length { .. }
                        | RuleKind::Compare { .. }
                        | RuleKind::Format { .. }
                        | RuleKind::Pattern { .. }
                        | RuleKind::Required { .. }
                        | RuleKind::Unique { .. }
                        | RuleKind::Capacity { .. }
                )
        }
        Effect::UsedAs { .. } => true,
        _ => false,
    };
    let rules = effects.iter().any(|effect| matches!(effect, Effect::Rule(_)));
    (rules && effects.iter().all(own)).then_some(effects)
}
