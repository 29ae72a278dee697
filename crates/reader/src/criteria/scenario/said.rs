//! What a scenario says of the records that it refuses, told as a sentence: `a donor that weighs less than 50 kg`, entered by
//! somebody or given already, becomes `a donor that weighs less than 50 kg is refused`.

use super::{compares, measured, puts_down, record_at, rules_of};
use crate::criteria::Steps;
use crate::criteria::dates;
use crate::criteria::derived::{among, chosen};
use crate::criteria::facts::Facts;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::scope::is_date;
use crate::token::Token;

/// Words without which a description is one example and no rule.
const RELATING: &[&str] = &[
    "<",
    ">",
    "<=",
    ">=",
    "not",
    "without",
    "no",
    "than",
    "past",
    "future",
    "negative",
    "ormore",
    "orless",
    "olderthan",
    "invalid",
    "empty",
    "missing",
];

/// Records that are refused, as the steps describe them.
struct Refused {
    entity: String,
    /// The words that name such a record.
    name: Vec<Token>,
    said: Said,
}

impl Refused {
    fn words(&self) -> &[Token] {
        match &self.said {
            Said::Behind(words) | Said::Clause { rest: words, .. } => words,
        }
    }

    /// The same record, with other words said of it.
    fn so(&self, words: Vec<Token>) -> Self {
        let said = match &self.said {
            Said::Behind(_) => Said::Behind(words),
            Said::Clause { of_record, subject, .. } => {
                Said::Clause { of_record: *of_record, subject: subject.clone(), rest: words }
            }
        };
        Self { entity: self.entity.clone(), name: self.name.clone(), said }
    }
}

/// "Its weight is zero or less, or more than 400 kg": either of the two is refused by itself.
fn either(refused: &Refused) -> Option<[Refused; 2]> {
    let words = refused.words();
    let at = (1..words.len()).find(|at| {
        let or = words.get(*at).is_some_and(|token| token.is("or"));
        let ends = words.get(at - 1).is_some_and(|token| ["orless", "ormore", ","].iter().any(|word| token.is(word)));
        or && ends && words.get(at + 1).is_some_and(compares)
    })?;
    let (first, second) = (words.get(..at)?, words.get(at + 1..)?);
    let first = if first.last().is_some_and(|last| last.is(",")) { first.get(..at - 1)? } else { first };
    let lead = first.iter().take_while(|token| !token.is_number() && !compares(token));
    let second = lead.chain(second).cloned().collect();
    Some([refused.so(first.to_vec()), refused.so(second)])
}

enum Said {
    /// Behind the name: `with a haemoglobin under 12.5`.
    Behind(Vec<Token>),
    /// Of the record, or of a field of it: `the postal code is not exactly five digits`.
    Clause { of_record: bool, subject: Vec<Token>, rest: Vec<Token> },
}

pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    // Several values that are missing may be refused together only.
    if facts.missing.len() > 1 {
        return None;
    }
    let topics = facts.entities.iter().chain(&engine.topics).cloned().collect();
    let engine = &Engine { lexicon: engine.lexicon, topics };
    let described = description(engine, facts, steps)?;
    let (refused, of_given) = described;
    let words = refused.words();
    // A day of the calendar is an example, whatever it is compared with.
    let dated = words.iter().any(|token| is_date(&token.word) || month(token));
    if dated || !words.iter().any(|token| !token.quoted && RELATING.contains(&token.word.as_str())) {
        return None;
    }
    let one = |refused: &Refused| {
        let told = sentences(refused).iter().find_map(|told| rules_of(&refused.entity, engine.tokens(told)?));
        told.or_else(|| measured::read(engine, &refused.entity, refused.words()))
    };
    let effects = match either(&refused) {
        Some([first, second]) => [one(&first)?, one(&second)?].concat(),
        None => one(&refused)?,
    };
    if of_given {
        return Some(effects);
    }
    let fields = effects.iter().find_map(|effect| match effect {
        Effect::UsedAs { field, .. } => Some(field.clone()),
        _ => None,
    });
    among(effects, &chosen(engine, facts, &refused.entity, fields.as_deref()))
}

/// Whether a word is the name of a month.
pub(super) fn month(token: &Token) -> bool {
    !token.quoted && dates::MONTHS.contains(&token.raw.to_lowercase().as_str())
}

/// Whose description it is, and whether the Given holds all of it.
fn description(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<(Refused, bool)> {
    let (given, when) = (steps.given.as_slice(), steps.when.as_slice());
    if let Some((record, words)) = saved(engine, facts, steps) {
        if !words.is_empty() {
            let (entity, name) = record?;
            scenery(engine, facts, given, &entity)?;
            return Some((Refused { entity, name, said: Said::Behind(words) }, false));
        }
        let wanted = |entity: &String| record.as_ref().is_none_or(|(of, _)| of == entity);
        if let Some((end, entity)) = record_at(engine, given, 0).filter(|(_, entity)| wanted(entity)) {
            let (name, words) = given.split_at_checked(end)?;
            let (name, said) = (name.to_vec(), Said::Behind(words.to_vec()));
            return Some((Refused { entity, name, said }, true));
        }
        // "Given a donor number that is not the letter D followed by six digits, when the donor is saved"
        let (end, field) = engine.scope(given).field_at(given, 0).into_iter().next()?;
        let (subject, rest) = given.split_at_checked(end)?;
        if !wanted(&field.entity) {
            return None;
        }
        let rest = match rest.split_first() {
            Some((first, rest)) if first.is("that") => rest,
            Some((first, _)) if first.is("of") || compares(first) => rest,
            _ => return None,
        };
        return Some((clause(engine, field.entity, false, subject, rest)?, true));
    }
    if let Some((end, entity)) = record_at(engine, when, 0)
        && !when.get(end).is_some_and(|next| next.is("'s"))
        && !engine.scope(when).field_at(when, 0).iter().any(|(longer, _)| *longer > end)
    {
        scenery(engine, facts, given, &entity)?;
        let (subject, rest) = when.split_at_checked(end)?;
        return Some((clause(engine, entity, true, subject, rest)?, false));
    }
    let (end, field) = engine.scope(when).field_at(when, 0).into_iter().next()?;
    scenery(engine, facts, given, &field.entity)?;
    let (subject, rest) = when.split_at_checked(end)?;
    Some((clause(engine, field.entity, false, subject, rest)?, false))
}

fn clause(engine: &Engine<'_>, entity: String, of_record: bool, subject: &[Token], rest: &[Token]) -> Option<Refused> {
    let place = subject.first().map_or((0, 0), |token| (token.start, token.end));
    let name = engine.lexicon.entity(&entity)?.name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
    // "Its load capacity is set to more than 5000 kg" is what it then is.
    let rest = match rest {
        [be, set, more @ ..] if be.is("be") && (set.is("setto") || set.is("enteredas")) => {
            [std::slice::from_ref(be), more].concat()
        }
        _ => rest.to_vec(),
    };
    Some(Refused { entity, name, said: Said::Clause { of_record, subject: subject.to_vec(), rest } })
}

/// A kind of record, and the words that name one.
type Record = (String, Vec<Token>);

/// The record that a When puts down (`None` where it says `it`), and what it says of it.
fn saved(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<(Option<Record>, Vec<Token>)> {
    let when = steps.when.as_slice();
    let it = |tokens: &[Token]| matches!(tokens, [it] if it.is("it"));
    let before = record_at(engine, &steps.given, 0).map(|(_, entity)| entity);
    let before = before.or_else(|| {
        engine.scope(&steps.given).field_at(&steps.given, 0).into_iter().next().map(|(_, field)| field.entity)
    });
    // Passive: "a venue is saved with ...", "a donor younger than 18 is entered".
    for at in 1..when.len() {
        let (Some(be), Some(verb)) = (when.get(at), when.get(at + 1)) else { break };
        if !be.is("be") {
            continue;
        }
        let (Some(subject), Some(behind)) = (when.get(..at), when.get(at + 2..)) else { break };
        if it(subject) && behind.is_empty() {
            let made = before.as_ref().is_some_and(|entity| puts_down(engine, facts, entity, verb));
            return made.then(|| (None, Vec::new()));
        }
        let Some((end, entity)) = record_at(engine, when, 0).filter(|(end, _)| *end <= at) else { break };
        if !puts_down(engine, facts, &entity, verb) {
            continue;
        }
        let (Some(name), Some(between)) = (when.get(..end), when.get(end..at)) else { break };
        let words = match (between.is_empty(), behind.is_empty()) {
            (_, true) => between,
            (true, false) if describes(behind) => behind,
            _ => return None,
        };
        return Some((Some((entity, name.to_vec())), words.to_vec()));
    }
    // Active: "the office saves it", "I save a venue without a name".
    for at in 1..when.len().min(7) {
        let (Some(verb), Some(object)) = (when.get(at), when.get(at + 1)) else { break };
        let doer = when.get(..at)?;
        let form =
            verb.word != verb.lemma || doer.last().is_some_and(|last| last.is("to") || last.is("i") || last.is("we"));
        if !form {
            continue;
        }
        if object.is("it") && when.len() == at + 2 {
            let made = before.as_ref().is_some_and(|entity| puts_down(engine, facts, entity, verb));
            return made.then(|| (None, Vec::new()));
        }
        let Some((end, entity)) = record_at(engine, when, at + 1) else { continue };
        if !puts_down(engine, facts, &entity, verb) {
            continue;
        }
        let (name, words) = (when.get(at + 1..end)?, when.get(end..)?);
        return (words.is_empty() || describes(words)).then(|| (Some((entity, name.to_vec())), words.to_vec()));
    }
    None
}

/// Whether words describe the record before them, rather than tell where it is put.
fn describes(words: &[Token]) -> bool {
    words.first().is_some_and(|first| {
        compares(first)
            || ["with", "without", "whose", "that", "where"].iter().any(|word| first.is(word))
            || first.is("of") && words.get(1).is_some_and(compares)
    })
}

/// Whether the Given does no more than name the record, somebody who makes it, or the state that it is in.
fn scenery(engine: &Engine<'_>, facts: &Facts, given: &[Token], entity: &str) -> Option<()> {
    const PLAIN: &[&str] = &[
        "i", "be", "exists", "exist", "new", "form", "of", "in", "with", "that", "have", "status", "state", "to",
        "want", "wants", "about", "logged", "there",
    ];
    let scope = engine.scope(given);
    let named = |at: usize| record_at(engine, given, at);
    let verb =
        |token: &Token| !token.quoted && crate::verbs::makes(engine.lexicon, entity, &token.lemma) && !token.is("have");
    let mut at = 0;
    while let Some(token) = given.get(at) {
        let acts = |end: usize| {
            given.get(end).is_some_and(verb) || given.get(end).is_some_and(|next| next.is("wants") || next.is("want"))
        };
        if let Some((end, of)) = named(at) {
            // Somebody of whom records are kept may be who acts.
            if of != entity && !(at == 0 && acts(end)) {
                return None;
            }
            at = end;
            continue;
        }
        if let Some((end, states)) = scope.state_at(given, at).into_iter().next() {
            if !states.iter().any(|state| state.entity == entity) {
                return None;
            }
            at = end;
            continue;
        }
        // "Given a drive with an opening time of 14:00, when the closing time is before the opening time"
        if let Some((end, field)) = scope.field_at(given, at).into_iter().next() {
            let value = given.get(end..)?;
            let value = match value.split_first() {
                Some((of, rest)) if of.is("of") || of.is("be") => rest,
                _ => value,
            };
            let enumerated = scope.state_at(given, end).into_iter().chain(scope.state_at(given, end + 1)).next();
            if field.entity == entity && enumerated.is_some() && value.len() < given.len() {
                at = end;
                continue;
            }
            let plain = value.len() == 1 && facts.when_fields.contains(&field) && facts.when_fields.len() > 1;
            if !plain {
                return None;
            }
            return Some(());
        }
        let first = at == 0 && (acts(1) || acts(2));
        let role = given.first().is_some_and(|first| first.is("i")) && at <= 3;
        if !(first || role || at == 1 && acts(2) || verb(token) || PLAIN.iter().any(|word| token.is(word))) {
            return None;
        }
        at += 1;
    }
    Some(())
}

/// The sentences that say it, the plainest first.
fn sentences(refused: &Refused) -> Vec<Vec<Token>> {
    let name = &refused.name;
    let place = name.first().map_or((0, 0), |token| (token.start, token.end));
    let word = |word: &str| Token::new(word, place.0, place.1);
    let words = |told: &str| told.split(' ').map(word).collect::<Vec<_>>();
    let never = words("be refused");
    let mut out = Vec::new();
    match &refused.said {
        Said::Behind(said) => {
            out.push([name, said.as_slice(), &never].concat());
            match said.as_slice() {
                [with, rest @ ..] if with.is("with") => {
                    out.push([name, words("mustnot have").as_slice(), rest].concat());
                }
                _ => {}
            }
        }
        Said::Clause { of_record, subject, rest } => {
            if *of_record {
                out.push([subject.as_slice(), &[word("that")], rest, &never].concat());
                out.push([&[word("if")], subject.as_slice(), rest, &words(", it"), &never].concat());
                if let [have, rest @ ..] = rest.as_slice()
                    && have.is("have")
                {
                    out.push([subject.as_slice(), &words("mustnot have"), rest].concat());
                    out.push([subject.as_slice(), &[word("with")], rest, &never].concat());
                }
            } else {
                out.push([&[word("if")], subject.as_slice(), rest, &[word(",")], name, &never].concat());
                out.push([name.as_slice(), &[word("whose")], subject, rest, &never].concat());
                if let [of, compare, ..] = rest.as_slice()
                    && of.is("of")
                    && compares(compare)
                {
                    out.push([subject.as_slice(), rest, &never].concat());
                }
            }
        }
    }
    out
}
