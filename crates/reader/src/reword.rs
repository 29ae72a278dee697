//! A clause in other words, word by word: what stands for a record, where a clause says whose fields it speaks of, and
//! phrases inside of it that mean the same as a shorter one.
//!
//! Frames (`restate`) tell a whole clause in another wording; these change a part and leave the rest as it stands.

use crate::engine::Engine;
use crate::records::{Records, records_at};
use crate::restate;
use crate::token::Token;
use maestro_artifacts::FieldKind;

/// The clause with parts in other words, each reading at full length.
pub(crate) fn readings(engine: &Engine<'_>, tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut out = Vec::new();
    out.extend(restate::within(engine, tokens));
    out.extend(acting(engine, tokens));
    out.extend(referred(engine, tokens));
    out
}

/// "At most three dives per lead", "the lead is active" of a field `lead` that holds a diver: said of the diver, where
/// the records refer to divers in no other way.
fn acting(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Token>> {
    let lexicon = engine.lexicon;
    let mut out: Vec<Token> = Vec::new();
    let mut changed = false;
    let mut at = 0;
    let scope = engine.scope(tokens);
    while let Some(token) = tokens.get(at) {
        let role = lexicon.entities.iter().find_map(|entity| {
            entity.fields.iter().find_map(|field| {
                let FieldKind::Reference { entity: target } = &field.kind else { return None };
                let fits = field.words.iter().enumerate().all(|(k, word)| {
                    tokens.get(at + k).is_some_and(|token| !token.quoted && token.field.is_none() && token.is(word))
                });
                let alone = lexicon.reference(&entity.key, target).is_some_and(|via| via == field.key);
                (fits && alone).then_some((field.words.len(), target))
            })
        });
        match role.filter(|_| scope.entity_at(tokens, at).is_empty()) {
            Some((length, target)) => {
                let name = &lexicon.entity(target)?.name;
                let words = name.split(' ').map(|word| Token::new(word, token.start, token.end));
                let first = out.len();
                out.extend(words);
                if let Some(first) = out.get_mut(first) {
                    first.article = token.article;
                }
                changed = true;
                at += length;
            }
            None => {
                out.push(token.clone());
                at += 1;
            }
        }
    }
    changed.then_some(out)
}

/// "The capacity of the booked room" of a booking: the room that it refers to, where no room is in a state of that name.
fn referred(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Token>> {
    const SAYS_SO: &[&str] = &["referenced", "concerned", "related", "chosen", "selected", "corresponding"];
    let scope = engine.scope(tokens);
    let lexicon = engine.lexicon;
    let points = |at: usize| {
        let (word, next) = (tokens.get(at)?, scope.entity_at(tokens, at + 1).into_iter().next()?);
        let stands = !word.quoted && word.field.is_none() && scope.states_at(tokens, at).is_empty();
        let target = lexicon.entity(&next.1).filter(|_| stands)?;
        crate::records::flag(target, word, true).is_none().then_some(())?;
        let names = |noun: &str| noun.strip_suffix("ing").is_some_and(|verb| word.word == format!("{verb}ed"));
        lexicon.entities.iter().find(|entity| {
            lexicon.reference(&entity.key, &next.1).is_some()
                && (SAYS_SO.contains(&word.word.as_str()) || entity.words.last().is_some_and(|noun| names(noun)))
        })
    };
    let at = (0..tokens.len()).find(|at| points(*at).is_some())?;
    let mut out = tokens.to_vec();
    out.remove(at);
    Some(out)
}

/// "The date must not be later than today for a sample": the records that are spoken of at the end, and where the rest
/// ends.
pub(crate) fn trailing(engine: &Engine<'_>, tokens: &[Token]) -> Vec<(Records, usize)> {
    const LEADS: &[&str] = &["for", "of", "on", "in", "at", "with", "per"];
    let scope = engine.scope(tokens);
    let from = |at: usize| {
        let leads = tokens.get(at).is_some_and(|token| LEADS.iter().any(|word| token.is(word)));
        let found = if leads { records_at(&scope, tokens, at + 1) } else { Vec::new() };
        found.into_iter().find(|(end, _)| *end == tokens.len()).map(|(_, records)| (records, at))
    };
    (2..tokens.len()).filter_map(from).collect()
}
