//! The bound that a scenario is called by, or that its Given tells: `At most 16 places`, `Given that a class must have between 4
//! and 16 places`. It is the rule where it is told of the very value that is refused and that value breaks it.

use super::Steps;
use super::facts::{Act, Facts};
use super::refused::breaks;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{Named, lemma};
use crate::scope::FieldRef;
use crate::token::tokens;
use crate::whole;
use maestro_artifacts::{Action, FieldKind, RuleKind};

/// The range of the one value that the When gives.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let saves = |act: &Act| matches!(act, Act::Do(_, Action::Create | Action::Update));
    let told = facts.values.iter().filter(|value| facts.when_fields.contains(&value.field));
    let fields: Vec<&FieldRef> = told.map(|value| &value.field).collect();
    let numbers = steps.when.iter().filter(|token| token.is_number() && !token.quoted).count();
    let (field, true) = (fields.first()?, numbers == 1 && facts.acts.iter().all(saves)) else { return None };
    let number = engine
        .lexicon
        .field(field)
        .is_some_and(|named| matches!(named.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money));
    let plain = facts.missing.is_empty() && facts.given_states.is_empty() && facts.when_states.is_empty();
    if !number || !plain || !facts.given_not.is_empty() || facts.acts.is_empty() {
        return None;
    }
    let topics = std::iter::once(field.entity.clone()).chain(engine.topics.iter().cloned()).collect();
    let inner = Engine { lexicon: engine.lexicon, topics };
    let texts = steps.titles.iter().map(|title| title.text.as_str()).chain(steps.texts.first().map(String::as_str));
    texts.filter_map(|text| bound(&inner, field, text)).find_map(|told| {
        let effects = inner.sentence(&told).ok()?;
        let of_it = |effect: &Effect| match effect {
            Effect::Rule(rule @ RuleKind::Range { entity, field: of, .. }) => {
                *entity == field.entity && *of == field.field && breaks(facts, rule, field) == 10
            }
            Effect::UsedAs { entity, .. } => *entity == field.entity,
            _ => false,
        };
        let rule = effects.iter().any(|effect| matches!(effect, Effect::Rule(_)));
        (rule && effects.iter().all(of_it) && whole::holds(&told, &effects, engine.lexicon)).then_some(effects)
    })
}

/// The sentence that says the bound of the field, where the text is such a bound and nothing else.
fn bound(engine: &Engine<'_>, field: &FieldRef, text: &str) -> Option<String> {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let said = ["that ", "there is a rule that ", "the rule that ", "a rule that "]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead));
    let said = said.unwrap_or(&lower).trim();
    let entity = engine.lexicon.entity(&field.entity)?;
    let name = &engine.lexicon.field(field)?.name;
    let sentence = |limit: &str| format!("The {name} of a {} must be {limit}.", entity.name);
    // "The maximum number of seats is 12", "the hourly rate must be between 5 and 80"
    for (verb, at) in VERBS.iter().filter_map(|verb| Some((verb, said.find(verb)?))) {
        let (subject, rest) = (said.get(..at)?, said.get(at + verb.len()..)?);
        let subject = subject.strip_prefix("the ").unwrap_or(subject);
        for (lead, way) in
            [("maximum ", "at most"), ("minimum ", "at least"), ("highest ", "at most"), ("lowest ", "at least")]
        {
            if let Some(what) = subject.strip_prefix(lead)
                && names(engine, field, what)
                && number(rest)
            {
                return Some(sentence(&format!("{way} {rest}")));
            }
        }
        if names(engine, field, subject)
            && let Some((limit, "")) = limit(rest)
        {
            return Some(sentence(&limit));
        }
    }
    // "At most 12 seats"
    let whole = limit(said).filter(|(_, what)| names(engine, field, what));
    // "A class must have between 4 and 16 places"
    let whole = whole.or_else(|| {
        HAVING.iter().find_map(|verb| {
            let (subject, rest) = said.split_once(verb)?;
            let (limit, what) = limit(rest)?;
            (names(engine, field, what) && whose(engine, entity, field, subject)).then_some((limit, what))
        })
    });
    whole.map(|(limit, _)| sentence(&limit))
}

const VERBS: &[&str] = &[" must be ", " should be ", " has to be ", " is ", " are ", " may be ", " can be ", " must "];
const HAVING: &[&str] = &[
    " must have ",
    " should have ",
    " has to have ",
    " have to have ",
    " may have ",
    " can have ",
    " has ",
    " have ",
    " needs ",
    " need ",
    " must offer ",
    " offers ",
    " takes ",
    " may take ",
    " can take ",
    " holds ",
    " must take ",
    " can hold ",
];

/// What the Given of an example calls the records of a bound: `class` in `Given that a class must have between 4 and 16 places`.
pub(crate) fn subject(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let given = lower.strip_prefix("given ")?.split(" when ").next()?;
    HAVING.iter().find_map(|verb| {
        let (subject, rest) = given.split_once(verb)?;
        limit(rest)?;
        Some(subject.strip_prefix("that ").unwrap_or(subject).to_owned())
    })
}

/// The limit that a text begins with, in the words of one wording, and what it counts.
fn limit(text: &str) -> Option<(String, &str)> {
    const WAYS: &[(&str, &str)] = &[
        ("at least ", "at least"),
        ("a minimum of ", "at least"),
        ("no fewer than ", "at least"),
        ("no less than ", "at least"),
        ("not less than ", "at least"),
        ("at most ", "at most"),
        ("no more than ", "at most"),
        ("not more than ", "at most"),
        ("a maximum of ", "at most"),
        ("up to ", "at most"),
        ("not exceed ", "at most"),
    ];
    let figure = |text: &'_ str| -> Option<(String, usize)> {
        let first = text.split(' ').next()?;
        number(first).then(|| (first.to_owned(), first.len()))
    };
    for (lead, joint) in [("between ", " and "), ("from ", " to ")] {
        if let Some(rest) = text.strip_prefix(lead) {
            let (low, rest) = rest.split_once(joint)?;
            let (high, end) = figure(rest).filter(|_| number(low))?;
            return Some((format!("between {low} and {high}"), rest.get(end..)?.trim()));
        }
    }
    let (way, rest) = WAYS.iter().find_map(|(lead, way)| Some((way, text.strip_prefix(lead)?)))?;
    let (figure, end) = figure(rest)?;
    Some((format!("{way} {figure}"), rest.get(end..)?.trim()))
}

fn number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Whether these words are what the field is called, or its record's one field whose name ends so: `places` of a number of places.
fn names(engine: &Engine<'_>, field: &FieldRef, text: &str) -> bool {
    let text = text.strip_prefix("number of ").unwrap_or(text);
    let all = tokens(text);
    let said: Vec<String> = all.iter().map(|token| token.lemma.clone()).collect();
    let scope = engine.scope(&all);
    let found = scope.field_at(&all, 0).into_iter().find(|(end, _)| *end == all.len());
    let ends = engine.lexicon.field(field).is_some_and(|named| !said.is_empty() && named.words.ends_with(&said));
    let same = engine
        .lexicon
        .entity(&field.entity)
        .map_or(0, |of| of.fields.iter().filter(|other| other.words.ends_with(&said)).count());
    found.is_some_and(|(_, of)| of == *field) || ends && same == 1
}

/// Whether the subject is this kind of record: its name, or another word for it where no other kind has such a field.
fn whose(engine: &Engine<'_>, entity: &Named, field: &FieldRef, subject: &str) -> bool {
    const EACH: &[&str] = &["a ", "an ", "the ", "every ", "each ", "all ", "any "];
    let name = EACH.iter().find_map(|each| subject.strip_prefix(each)).unwrap_or(subject).trim();
    let known = engine.lexicon.find(&lemma_of(name)).or_else(|| engine.lexicon.find(name));
    let Some(known) = known.filter(|known| !known.fields.is_empty()) else {
        let words: &[String] = engine.lexicon.field(field).map(|named| named.words.as_slice()).unwrap_or_default();
        let last = words.last();
        let others = engine.lexicon.entities.iter().filter(|other| other.key != entity.key);
        let alone = !others.into_iter().any(|other| other.fields.iter().any(|of| of.words.last() == last));
        let plain = (1..=3).contains(&name.split(' ').count())
            && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
        return alone && plain;
    };
    known.key == entity.key
}

/// The name with its last word in the singular.
fn lemma_of(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((head, last)) => format!("{head} {}", lemma(last)),
        None => lemma(name),
    }
}
