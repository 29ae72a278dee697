//! What the statements before speak of: the subject of "it", of "they" and of sentences without one.

use super::rights::known_role;
use super::rounds::story;
use super::{Outcome, gap};
use crate::condition::{restrict, rule_entity};
use crate::effect::Effect;
use crate::engine::{Engine, PRONOUNS};
use crate::family::wish;
use crate::lexicon::{Lexicon, one_of};
use crate::normal;
use crate::token::{Token, tokens};
use maestro_artifacts::{Condition, RuleKind};
use maestro_domain::{Epic, Statement, StatementKind};

/// What the statements before speak of.
pub(super) struct Spoken {
    section: Vec<String>,
    subject: Subject,
    /// Which of them alone: "finished firings".
    when: Condition,
    /// It was said what each of them has: "A vineyard belongs to a grower and has a name."
    described: bool,
}

enum Subject {
    /// An entity, by key.
    Known(String),
    /// "A trip is made by ...": a kind of record that nothing has described yet, by name.
    New(String),
}

/// The kind of record that a statement by itself speaks of.
pub(super) fn spoken_of(engine: &Engine<'_>, statement: &Statement) -> Option<String> {
    match spoken(engine, statement, None)?.subject {
        Subject::Known(key) => Some(key),
        Subject::New(_) => None,
    }
}

/// What is spoken of behind a statement.
pub(super) fn spoken(engine: &Engine<'_>, statement: &Statement, before: Option<Spoken>) -> Option<Spoken> {
    let before = before.filter(|before| before.section == statement.section);
    let described = describes(&statement.text);
    let told =
        |subject| Some(Spoken { section: statement.section.clone(), subject, when: Condition::default(), described });
    if pronoun(statement) {
        return before;
    }
    if let Some(name) = new_subject(engine, statement) {
        return told(Subject::New(name));
    }
    // "As a kennel manager, I want to see every dog" speaks of dogs.
    let wish = if statement.kind == StatementKind::Story { wish::story(&statement.text) } else { None };
    let tokens = normal::normalise(wish.as_ref().map_or(&statement.text, |(_, wish)| wish), engine.lexicon);
    let scope = engine.scope(&tokens);
    let Some(first) = scope.mentioned(&tokens).into_iter().next() else { return before };
    // "Driver and vehicle are mandatory" goes on about the trip that has both.
    let opens = scope.entity_at(&tokens, 0).iter().any(|(_, key)| *key == first)
        && tokens.first().is_some_and(|token| {
            matches!(token.article, Some("a" | "an" | "each" | "every" | "any" | "all")) || token.lemma != token.word
        });
    // "The condition of a patient is ..." speaks of patients.
    let owned =
        tokens.windows(2).position(|pair| matches!(pair, [of, next] if of.is("of") && next.article == Some("a")));
    let of_one =
        owned.is_some_and(|at| at < 5 && scope.entity_at(&tokens, at + 1).iter().any(|(_, key)| *key == first));
    if !opens
        && !of_one
        && let Some(Spoken { subject: Subject::Known(last), .. }) = &before
        && !engine.lexicon.references(last, &first).is_empty()
    {
        return before;
    }
    let modal = |at: usize| tokens.get(at).is_some_and(|next| crate::engine::MODALS.iter().any(|word| next.is(word)));
    let those = crate::records::records_at(&scope, &tokens, 0)
        .into_iter()
        .find(|(end, records)| records.entity == first && !records.when.0.is_empty() && modal(*end));
    let when = those.map(|(_, records)| records.when).unwrap_or_default();
    told(Subject::Known(first)).map(|spoken| Spoken { when, ..spoken })
}

/// "A vineyard belongs to a grower and has a name": what each record of a kind has.
fn describes(text: &str) -> bool {
    let lower = text.to_lowercase();
    let each = ["a ", "an ", "each ", "every "].iter().any(|one| lower.starts_with(one));
    each && [" has ", " belongs to ", " refers to ", " consists of "].iter().any(|verb| lower.contains(verb))
        && ![" must ", " may ", " cannot ", " can ", " only ", " no "].iter().any(|modal| lower.contains(modal))
}

/// "Finished firings are frozen. They cannot be deleted.": said of the finished ones only.
pub(super) fn of_those(outcome: Outcome, statement: &Statement, before: Option<&Spoken>) -> Outcome {
    let Some(Spoken { section, subject: Subject::Known(entity), when, .. }) = before else { return outcome };
    if when.0.is_empty() || *section != statement.section || !pronoun(statement) {
        return outcome;
    }
    let bars = |rule: &RuleKind| {
        matches!(rule, RuleKind::Immutable { .. } | RuleKind::NoDelete { .. }) && rule_entity(rule) == entity
    };
    let effects: Option<Vec<Effect>> = outcome
        .effects
        .into_iter()
        .map(|effect| match effect {
            Effect::Rule(rule) if bars(&rule) => restrict(rule, when.clone()).map(Effect::Rule),
            effect => Some(effect),
        })
        .collect();
    match effects {
        Some(effects) => Outcome { effects, ..outcome },
        None => {
            Outcome { gap: Some(gap(&statement.text, "it is not clear which records are meant")), ..Outcome::default() }
        }
    }
}

pub(super) fn pronoun(statement: &Statement) -> bool {
    tokens(&statement.text).first().is_some_and(|first| PRONOUNS.contains(&first.word.as_str()))
}

/// The name of a kind of record that a statement speaks of and that is not known: `a trip`, `each lab visit`.
fn new_subject(engine: &Engine<'_>, statement: &Statement) -> Option<String> {
    let raw = tokens(&statement.text);
    let (article, rest) = raw.split_first()?;
    if !matches!(article.word.as_str(), "a" | "an" | "each" | "every") {
        return None;
    }
    let words = normal::normalise_tokens(rest, engine.lexicon);
    let ends = |token: &Token| {
        crate::engine::MODALS.iter().any(|word| token.is(word))
                || token.is("say")
                || token.is("tell")
                // "A lesson uses hours of a package" speaks of lessons.
                || ["uses", "covers", "takes", "lasts", "describes", "documents", "involves", "costs"]
                    .iter()
                    .any(|verb| token.word == *verb && !token.quoted)
    };
    let end = words.iter().position(ends)?;
    let name = words.get(..end).filter(|name| (1..=3).contains(&name.len()))?;
    let plain = name.iter().all(|token| token.word.chars().all(|c| c.is_alphabetic() || c == '-') && !token.quoted);
    let name = name.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    // "A receptionist can check in a visit" speaks of the visit.
    let somebody = known_role(engine, &name);
    // "A phone number can be used once" speaks of what has one.
    let scope = engine.scope(&words);
    let kept = scope.field_at(&words, 0).iter().any(|(stop, _)| *stop == end);
    (plain && !somebody && !kept && engine.scope(&words).mentioned(words.get(..end)?).is_empty()).then(|| one_of(&name))
}

/// "It records a departure time" behind "A trip is made by ...": said of a kind of record that is new by then.
pub(super) fn named_anew(statement: &Statement, before: Option<&Spoken>, lexicon: &Lexicon) -> Option<Statement> {
    let Spoken { section, subject, .. } = before?;
    let name = match subject {
        Subject::New(name) => name,
        Subject::Known(key) => &lexicon.entity(key)?.name,
    };
    let (_, rest) = statement.text.trim().split_once(' ')?;
    // "We also note its length" behind "Every boat has ...".
    const NOTING: &[&str] = &["note", "record", "keep", "store", "track", "log"];
    let words = tokens(&statement.text);
    let also = usize::from(words.get(1).is_some_and(|word| word.word == "also"));
    if words.first().is_some_and(|word| word.word == "we")
        && words.get(1 + also).is_some_and(|word| NOTING.contains(&word.word.as_str()))
        && let Some(listed) = words.get(2 + also)
        && matches!(listed.word.as_str(), "the" | "its" | "their" | "a" | "an")
        && *section == statement.section
    {
        let rest = statement.text.get(listed.start..)?;
        // "We record the show, the studio and the start" of a broadcast that is known by then; it is no list of what is kept.
        let known = matches!(subject, Subject::Known(_));
        if known && (!rest.contains(", ") || rest.to_lowercase().contains(&name.to_lowercase())) {
            return None;
        }
        return Some(Statement { text: format!("Each {name} has {rest}"), ..statement.clone() });
    }
    let one = matches!(words.first()?.word.as_str(), "it" | "he" | "she") && matches!(subject, Subject::New(_));
    (one && *section == statement.section)
        .then(|| Statement { text: format!("Each {name} {rest}"), ..statement.clone() })
}

/// "Record the vehicles of a resident" below "Register vehicles", where nothing is known of vehicles yet: what stands below is
/// about these, and about no resident.
fn of_unknown(statement: &Statement, wish: &str, lexicon: &Lexicon) -> bool {
    let words = tokens(wish);
    let of = words.iter().position(|word| word.word == "of");
    let Some(many) = of.and_then(|of| words.get(of.checked_sub(1)?)).filter(|many| many.word != many.lemma) else {
        return false;
    };
    let headed = |heading: &String| tokens(heading).last().is_some_and(|last| last.lemma == many.lemma);
    statement.section.iter().any(headed) && lexicon.find(&many.word).is_none()
}

/// Entities that the surroundings speak of, the likeliest first.
pub(super) fn topics(epic: &Epic, statement: &Statement, lexicon: &Lexicon, before: Option<&Spoken>) -> Vec<String> {
    let plain = Engine { lexicon, topics: Vec::new() };
    let mentioned = |text: &str| {
        let tokens = normal::normalise(text, lexicon);
        plain.scope(&tokens).mentioned(&tokens)
    };
    let last = before.filter(|before| before.section == statement.section).and_then(|before| match &before.subject {
        Subject::Known(key) => Some(key.clone()),
        Subject::New(_) => None,
    });
    let mut out: Vec<String> = Vec::new();
    if pronoun(statement) || before.is_some_and(|before| before.described) {
        out.extend(last.clone());
    }
    for heading in statement.section.iter().rev() {
        out.extend(mentioned(heading));
    }
    out.extend(last);
    if let Some(story) = story(epic, statement) {
        let wish = wish::story(&story.text).map_or_else(|| story.text.clone(), |(_, wish)| wish);
        if !of_unknown(statement, &wish, lexicon) {
            out.extend(mentioned(&wish));
        }
    }
    let mut seen: Vec<String> = Vec::new();
    for topic in out {
        if !seen.contains(&topic) {
            seen.push(topic);
        }
    }
    // An epic about one kind of record need not repeat its name.
    if seen.is_empty()
        && let [one] = lexicon.entities.as_slice()
    {
        seen.push(one.key.clone());
    }
    seen
}
