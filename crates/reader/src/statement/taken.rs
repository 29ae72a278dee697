//! Sentences that take up the fields of the one before: "it is required", "all of these must be given", "any other value".

use super::subject::topics;
use super::{Outcome, lists};
use crate::discover;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::item;
use crate::lexicon::{Lexicon, Named, name_words};
use crate::token::tokens;
use maestro_artifacts::{FieldKind, RuleKind};
use maestro_domain::{Epic, Statement};

const GIVEN: &[&str] = &[
    "if provided, ",
    "if given, ",
    "if present, ",
    "if entered, ",
    "if specified, ",
    "if stated, ",
    "if filled in, ",
    "when provided, ",
    "when given, ",
    "when present, ",
    "when entered, ",
    "where given, ",
    "where provided, ",
    "if it is given, ",
    "if it is provided, ",
];

/// "It is required and must be unique" behind "A member has an e-mail address": said of the field, as no record can be so.
pub(super) fn of_its_field(statement: &Statement, before: &Outcome, lexicon: &Lexicon) -> Option<Statement> {
    const PRONOUNS: &[&str] = &["this field ", "this value ", "it ", "this "];
    const VERBS: &[&str] = &[
        "is ",
        "must be ",
        "has to be ",
        "should be ",
        "shall be ",
        "must ",
        "may be ",
        "can be ",
        "cannot be ",
        "must not be ",
        "can have ",
        "may have ",
        "must have ",
        "has ",
    ];
    const SAID: &[&str] = &[
        "required",
        "mandatory",
        "optional",
        "unique",
        "one of ",
        "either ",
        "a whole number",
        "an integer",
        "a number",
        "a decimal",
        "a text",
        "a date",
        "an amount",
        "a valid ",
        "a yes/no",
        "between ",
        "at least ",
        "at most ",
        "negative",
        "not negative",
        "positive",
        "empty",
        "left empty",
        "blank",
        "given",
        "filled in",
        "made up of",
        "in euros",
        "up to ",
        "chosen from ",
    ];
    let lower = statement.text.to_lowercase();
    // "If provided, it is a decimal": what must hold of a value holds where there is one.
    let lower = GIVEN.iter().find_map(|given| lower.strip_prefix(given)).unwrap_or(&lower);
    let rest = PRONOUNS.iter().find_map(|pronoun| lower.strip_prefix(pronoun))?;
    let said = VERBS.iter().filter_map(|verb| rest.strip_prefix(verb));
    // "A payment belongs to an order. It has an amount": the payment has, besides.
    let has = VERBS.iter().any(|verb| (verb.ends_with("have ") || *verb == "has ") && rest.starts_with(verb));
    let noun = |what: &&&str| what.starts_with("a ") || what.starts_with("an ");
    let of_field =
        said.into_iter().any(|said| SAID.iter().filter(|what| !(has && noun(what))).any(|what| said.starts_with(what)));
    let names = fields_of(before);
    let names = if names.is_empty() { ruled(before, lexicon).into_iter().collect() } else { names };
    let ([name], true) = (names.as_slice(), of_field || of_values(rest)) else { return None };
    let rest = statement.text.get(statement.text.len() - rest.len()..)?;
    Some(Statement { text: format!("The {name} {rest}"), ..statement.clone() })
}

/// "The batch code follows the pattern two capital letters, four digits": the one field of which a statement tells a rule.
fn ruled<'l>(before: &Outcome, lexicon: &'l Lexicon) -> Option<&'l String> {
    let mut fields = before.effects.iter().map(|effect| match effect {
        Effect::Rule(
            RuleKind::Pattern { entity, field, .. }
            | RuleKind::Format { entity, field, .. }
            | RuleKind::Length { entity, field, .. }
            | RuleKind::Range { entity, field, .. }
            | RuleKind::Required { entity, field }
            | RuleKind::HasField { entity, field },
        ) => Some((entity, field)),
        _ => None,
    });
    let first = fields.next()??;
    let same = fields.all(|other| other == Some(first));
    same.then(|| lexicon.entity(first.0)?.field(first.1).map(|field| &field.name))?
}

/// The fields that a statement tells of, by name.
fn fields_of(before: &Outcome) -> Vec<&String> {
    let mut names: Vec<&String> = Vec::new();
    for effect in &before.effects {
        if let Effect::Field { name, read_only: false, .. } = effect
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// "... can be cash, card or transfer": what a field may hold, where nothing tells of a change.
fn of_values(rest: &str) -> bool {
    let listed = ["can be ", "may be ", "is either "].iter().find_map(|verb| rest.strip_prefix(verb));
    listed.is_some_and(|listed| {
        let values = crate::fields::values::split_values(listed.trim_end_matches('.'));
        let word =
            |value: &String| value.split(' ').count() <= 2 && value.chars().all(|c| c.is_alphabetic() || c == ' ');
        listed.contains(" or ") && listed.contains(", ") && values.len() > 2 && values.iter().all(word)
    })
}

/// "It is required" behind a sentence that tells of two fields: which of them?
pub(super) fn of_unclear_field(statement: &Statement, before: &Outcome) -> bool {
    const SAID: &[&str] = &[
        "is required",
        "is mandatory",
        "is optional",
        "is unique",
        "must be unique",
        "must be given",
        "must not be empty",
        "cannot be empty",
        "must be filled in",
        "is compulsory",
        "has to be unique",
        "has to be given",
        "may be left empty",
        "can be left empty",
        "must not be negative",
        "cannot be negative",
    ];
    let lower = statement.text.to_lowercase();
    let rest = ["this field ", "this value ", "it "].iter().find_map(|pronoun| lower.strip_prefix(pronoun));
    rest.is_some_and(|rest| SAID.iter().any(|said| rest.starts_with(said))) && fields_of(before).len() > 1
}

/// The statement with the fields of the one before it spelled out.
pub(super) fn again(statement: &Statement, before: &Outcome) -> Option<Statement> {
    let text = taken_up(&statement.text, &before.effects)?;
    Some(Statement { text, ..statement.clone() })
}

/// "Default is normal.", "Any other value is refused." behind a sentence that tells the values of one field.
fn of_choice(text: &str, before: &[Effect]) -> Option<String> {
    let mut told = before.iter().filter_map(|effect| match effect {
        Effect::Field { entity, name, kind: Some(FieldKind::Enum { values }), .. } => Some((entity, name, values)),
        _ => None,
    });
    let (Some((entity, name, values)), None) = (told.next(), told.next()) else { return None };
    let text = text.trim().trim_end_matches('.');
    let lower = text.to_lowercase();
    const LEADS: &[&str] = &[
        "default is ",
        "the default is ",
        "default: ",
        "the default value is ",
        "default value is ",
        "it defaults to ",
        "by default it is ",
        "by default, it is ",
    ];
    if let Some(lead) = LEADS.iter().find(|lead| lower.starts_with(**lead)) {
        let value = text.get(lead.len()..)?.trim_matches(['"', '`']);
        let known = values.iter().any(|known| known.eq_ignore_ascii_case(value));
        return known.then(|| format!("The default of the {name} of a {entity} is {value}"));
    }
    const OTHERS: &[&str] = &[
        "any other value is ",
        "other values are ",
        "all other values are ",
        "no other values are ",
        "no other value is ",
        "any other value must be ",
        "other values must be ",
        "anything else is ",
    ];
    let said = OTHERS.iter().find_map(|lead| Some((lead, lower.strip_prefix(lead)?)))?;
    let refused = ["refused", "rejected", "not allowed", "not accepted", "invalid", "not possible", "not permitted"];
    let allowed = ["allowed", "accepted", "possible", "permitted", "valid"];
    let sound = if said.0.starts_with("no ") { allowed.contains(&said.1) } else { refused.contains(&said.1) };
    sound.then(|| format!("The {name} of a {entity} is one of {}", values.join(", ")))
}

/// "For a new borrower this is "no"" behind a sentence that tells of one field.
fn at_first(text: &str, before: &[Effect]) -> Option<String> {
    let mut told = before.iter().filter_map(|effect| match effect {
        Effect::Field { entity, name, read_only: false, .. } => Some((entity, name)),
        _ => None,
    });
    let (Some((entity, name)), None) = (told.next(), told.next()) else { return None };
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let rest = ["for a new ", "for new ", "for every new ", "for each new "]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead))?;
    let (whose, value) = [" this is ", " it is ", " that is "].iter().find_map(|is| rest.split_once(is))?;
    let same = name_words(&crate::words::singular(whose.trim_end_matches(','))) == name_words(entity);
    let value = value.trim_matches(['"', '“', '”', '`']);
    (same && value.split(' ').count() <= 3).then(|| format!("The \"{name}\" of a {entity} is {value} by default"))
}

/// "All of these are required" behind a sentence that lists fields.
fn taken_up(text: &str, before: &[Effect]) -> Option<String> {
    if let Some(told) = of_choice(text, before).or_else(|| at_first(text, before)) {
        return Some(told);
    }
    let mut owners: Vec<Vec<String>> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for effect in before {
        if let Effect::Field { entity, name, read_only: false, .. } = effect {
            owners.push(name_words(entity));
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    owners.dedup();
    if owners.len() != 1 {
        return None;
    }
    // "All three are required" behind what a work step belongs to and its three fields.
    let refers = |name: &&&str| {
        before.iter().any(|effect| {
            matches!(effect, Effect::Field { name: of, kind: Some(FieldKind::Reference { .. }), .. } if of == **name)
        })
    };
    let own: Vec<&str> = names.iter().filter(|name| !refers(name)).copied().collect();
    discover::spelled_out(text, &names).or_else(|| discover::spelled_out(text, &own))
}

/// "A lot has a code, a weight and a variety; only the variety may be left empty": the second half speaks of the fields
/// of the first one.
pub(super) fn taken_up_within(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let (told, rest) = text.rsplit_once("; ")?;
    let mut effects = engine.sentence(told).ok()?;
    let plain = taken_up(rest, &effects)?;
    // The records are known from the next reading on.
    let Some(owner) = effects
        .iter()
        .find_map(|effect| if let Effect::Field { entity, .. } = effect { engine.lexicon.find(entity) } else { None })
    else {
        return Some(effects);
    };
    let topics = std::iter::once(owner.key.clone()).chain(engine.topics.iter().cloned()).collect();
    effects.extend(Engine { lexicon: engine.lexicon, topics }.sentence(&plain).ok()?);
    Some(effects)
}

/// "Fields marked with * are mandatory": those that bear the mark in the lists of the epic.
pub(super) fn starred(engine: &Engine<'_>, epic: &Epic, text: &str) -> Option<Vec<Effect>> {
    const SAYS: &[&str] = &[
        "fields marked with * are mandatory",
        "fields marked with * are required",
        "fields with * are mandatory",
        "fields with * are required",
        "fields marked * are mandatory",
        "fields marked * are required",
        "fields marked with an asterisk are mandatory",
        "fields marked with an asterisk are required",
        "fields with an asterisk are mandatory",
        "fields with an asterisk are required",
        "mandatory fields are marked with *",
        "required fields are marked with *",
        "mandatory fields are marked with an asterisk",
        "required fields are marked with an asterisk",
        "* = mandatory",
        "* = required",
        "* mandatory",
        "* required",
    ];
    let lower = text.to_lowercase().replace("(*)", "*").replace('"', "");
    let lower = lower.trim().trim_end_matches('.').trim_start_matches("all ");
    SAYS.contains(&lower).then_some(())?;
    let mut effects = Vec::new();
    for statement in epic.statements.iter().filter(|statement| !statement.items.is_empty()) {
        let inner = Engine { lexicon: engine.lexicon, topics: topics(epic, statement, engine.lexicon, None) };
        let owner = lists::entity_name(&inner, statement).and_then(|name| engine.lexicon.find(&name));
        for item in &statement.items {
            let (name, _) = item::split(item);
            let Some(bare) = name.trim().strip_suffix('*').map(str::trim) else { continue };
            let named = owner?;
            let field = named.find(bare).or_else(|| {
                let way = engine.lexicon.reference(&named.key, &engine.lexicon.find(bare)?.key)?;
                named.field(&way)
            })?;
            effects.push(Effect::Rule(RuleKind::Required { entity: named.key.clone(), field: field.key.clone() }));
        }
    }
    (!effects.is_empty()).then_some(effects)
}

/// "All fields of a hire are mandatory", "every field of the bike ...", "all customer fields ...": whose they are, and what is
/// said of them.
fn all_of<'e>(engine: &'e Engine<'_>, text: &str) -> Option<(&'e Named, String)> {
    let lower = text.to_lowercase();
    let words = tokens(text);
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let known = |from: usize, to: usize| {
        let part = words.get(from..to)?;
        let name = part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        engine.lexicon.find(&name)
    };
    let behind = |at: usize| text.get(words.get(at)?.start..).map(str::to_owned);
    const LEADS: &[&str] =
        &["all fields of ", "every field of ", "each field of ", "all the fields of ", "all attributes of "];
    if let Some(lead) = LEADS.iter().find(|lead| lower.starts_with(**lead)) {
        let from = lead.split_whitespace().count();
        let from = from + usize::from(matches!(word(from), "a" | "an" | "the" | "each" | "every"));
        return (from + 1..=from + 3).rev().find_map(|end| {
            let rest = behind(end)?;
            let rest = rest.strip_prefix("is ").map_or_else(|| rest.clone(), |rest| format!("are {rest}"));
            Some((known(from, end)?, rest))
        });
    }
    let fields = (2..5).find(|at| word(*at) == "fields")?;
    (word(0) == "all").then(|| Some((known(1, fields)?, behind(fields + 1)?)))?
}

/// "All fields except the return date are required": those of the records that are spoken of.
pub(super) fn all_but(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const ALL: &[&str] = &["all fields ", "all its fields ", "all of its fields "];
    let lower = text.to_lowercase();
    let (named, text) = match all_of(engine, text) {
        Some((named, rest)) => (named, format!("All fields {rest}")),
        None => {
            ALL.iter().find(|all| lower.starts_with(**all))?;
            (engine.lexicon.entity(engine.topics.first()?)?, text.to_owned())
        }
    };
    let text = text.as_str();
    let flow = engine.lexicon.flow_field(&named.key);
    let given = named.fields.iter().filter(|field| !field.read_only && flow.as_ref() != Some(&field.key));
    let names: Vec<&str> = given.map(|field| field.name.as_str()).collect();
    let plain = discover::spelled_out(text, &names)?;
    engine.sentence(&plain).ok()
}
