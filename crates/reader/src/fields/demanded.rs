//! Fields that only the demand of a change names: "an order cannot become ready until a checker is filled in", "an order can only
//! become delivered when it has a delivery date".

use crate::effect::Effect;
use crate::lexicon::{Lexicon, Named};
use maestro_artifacts::RuleKind;

/// The field, and that the change needs it; `None` where the sentence names no change, or nothing of one value.
///
/// The field is told on every reading, or the next one would forget it.
pub(crate) fn read(text: &str, lexicon: &Lexicon) -> Option<Vec<Effect>> {
    let text = text.trim().trim_end_matches('.');
    let (named, state, field) =
        lacking(text, lexicon).or_else(|| having(text, lexicon)).or_else(|| upon(text, lexicon))?;
    let field = name(field, lexicon)?;
    let known = named.find(&field).or_else(|| named.dated(&crate::lexicon::name_words(&field)));
    let name = known.map_or(field, |known| known.name.clone());
    let mut effects = vec![Effect::Field { entity: named.name.clone(), name, kind: None, read_only: false }];
    effects.extend(known.map(|known| {
        Effect::Rule(RuleKind::TransitionRequires {
            entity: named.key.clone(),
            from: None,
            to: state.to_owned(),
            fields: vec![known.key.clone()],
        })
    }));
    Some(effects)
}

type Demand<'t, 'l> = (&'l Named, &'l str, &'t str);

/// "... cannot become ready until ... is filled in", "... without a checker".
fn lacking<'t, 'l>(text: &'t str, lexicon: &'l Lexicon) -> Option<Demand<'t, 'l>> {
    const NOT: &[&str] = &[" cannot ", " can not ", " must not ", " shall not ", " may not ", " can't "];
    let (whose, rest) = NOT.iter().find_map(|not| text.split_once(not))?;
    let bare = [" without ", " unless it has "].iter().find_map(|lacks| rest.split_once(lacks));
    let (change, field) = bare.or_else(|| {
        let told = [" until ", " unless ", " before "].iter().find_map(|lacks| rest.split_once(lacks))?;
        // "Until its end" is a time, and no field that is filled in.
        filled(told.1).is_some().then_some(told)
    })?;
    let (named, state) = changed(whose, change, lexicon)?;
    Some((named, state, field))
}

/// "... can only become ready when it has a checker", "... after a checker has been entered".
fn having<'t, 'l>(text: &'t str, lexicon: &'l Lexicon) -> Option<Demand<'t, 'l>> {
    const ONLY: &[&str] = &[" can only ", " may only ", " shall only ", " must only "];
    const HAS: &[&str] = &[" when it has ", " if it has ", " once it has ", " as soon as it has "];
    const WHEN: &[&str] = &[" after ", " once ", " when ", " if "];
    // "... can be set to ready only after a checker has been entered"
    if let Some((head, field)) = [" only after ", " only once ", " only when ", " only if "]
        .iter()
        .find_map(|only| text.split_once(only))
        .filter(|(_, field)| filled(field).is_some())
    {
        let (whose, change) = [" can ", " may "].iter().find_map(|may| head.split_once(may))?;
        let (named, state) = changed(whose, change, lexicon)?;
        return Some((named, state, field));
    }
    let (whose, rest) = ONLY.iter().find_map(|only| text.split_once(only))?;
    let (change, field) = HAS.iter().find_map(|has| rest.split_once(has)).or_else(|| {
        let told = WHEN.iter().find_map(|when| rest.split_once(when))?;
        filled(told.1).is_some().then_some(told)
    })?;
    let (named, state) = changed(whose, change, lexicon)?;
    Some((named, state, field))
}

/// "When an order becomes ready, ... must be given".
fn upon<'t, 'l>(text: &'t str, lexicon: &'l Lexicon) -> Option<Demand<'t, 'l>> {
    const VERBS: &[&str] = &[" is ", " becomes ", " goes to ", " moves to ", " changes to "];
    const GIVEN: &[&str] = &[" must be ", " has to be ", " shall be ", " is to be "];
    let rest = ["When ", "If ", "Once ", "As soon as "].iter().find_map(|lead| text.strip_prefix(lead))?;
    let (clause, demand) = rest.split_once(", ")?;
    let (verb, whose, change) =
        VERBS.iter().find_map(|verb| clause.split_once(verb).map(|(whose, change)| (*verb, whose, change)))?;
    let change = if verb == " is " { format!("be {change}") } else { format!("become {change}") };
    let (field, given) = GIVEN.iter().find_map(|must| demand.split_once(must))?;
    let (named, state) = changed(whose, &change, lexicon)?;
    FILLED.contains(&given).then_some((named, state, field))
}

const FILLED: &[&str] = &[
    "filled in",
    "given",
    "entered",
    "recorded",
    "set",
    "stated",
    "provided",
    "specified",
    "noted",
    "known",
    "present",
    "supplied",
    "available",
];

/// Whose change it is, and to which state.
fn changed<'l>(whose: &str, change: &str, lexicon: &'l Lexicon) -> Option<(&'l Named, &'l str)> {
    const VERBS: &[&str] = &[
        "be set to ",
        "be moved to ",
        "be changed to ",
        "be marked as ",
        "be put to ",
        "become ",
        "go to ",
        "go into ",
        "move to ",
        "change to ",
        "enter ",
        "be ",
    ];
    let whose = whose.to_lowercase();
    let whose = ["an ", "a ", "the ", "each ", "every ", "no "]
        .iter()
        .find_map(|lead| whose.strip_prefix(lead))
        .unwrap_or(&whose);
    let named = lexicon.find(whose)?;
    let goal = VERBS.iter().find_map(|verb| change.strip_prefix(verb))?.trim_matches(['"', '“', '”']);
    let state = named.flow.states.iter().find(|state| state.eq_ignore_ascii_case(goal))?;
    let begins = named.flow.initial.as_ref().is_some_and(|(first, _)| first == state);
    (!begins).then_some((named, state.as_str()))
}

const BE: &[&str] = &[" is ", " has been ", " was ", " are "];

/// What is told to be filled in.
fn filled(told: &str) -> Option<&str> {
    let (name, done) = BE.iter().find_map(|be| told.split_once(be))?;
    FILLED.contains(&done).then_some(name)
}

/// What a field is called that is or has been filled in: one thing, and no record.
pub(crate) fn name(field: &str, lexicon: &Lexicon) -> Option<String> {
    let plain = if BE.iter().any(|be| field.contains(be)) { filled(field)? } else { field };
    let plain = ["an ", "a ", "the ", "its ", "entering a ", "entering an ", "giving a ", "giving an "]
        .iter()
        .find_map(|lead| plain.strip_prefix(lead))
        .unwrap_or(plain)
        .trim_matches(['"', '“', '”']);
    let words: Vec<&str> = plain.split(' ').collect();
    const OTHER: &[&str] = &[
        "all",
        "any",
        "no",
        "one",
        "least",
        "every",
        "each",
        "both",
        "and",
        "or",
        "of",
        "at",
        "that",
        "it",
        "being",
        "other",
        "approval",
        "permission",
        "with",
        "been",
    ];
    // "Collected by" is a name; "a note on Mondays" says when.
    const LEADS: &[&str] =
        &["on", "in", "for", "by", "from", "to", "before", "after", "during", "until", "while", "when", "if"];
    let middle = words.split_last().map(|(_, before)| before).unwrap_or_default();
    let sound = (1..=3).contains(&words.len())
        && !middle.iter().any(|word| LEADS.contains(word))
        && words.iter().all(|word| {
            let word = word.to_lowercase();
            !OTHER.contains(&word.as_str()) && word.chars().all(|c| c.is_alphabetic() || c == '-')
        });
    (sound && lexicon.find(plain).is_none()).then(|| plain.to_owned())
}
