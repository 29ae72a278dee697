//! Who may look at records and do no more: `Teachers may only view lessons; they cannot add, change or delete them`, `mechanics
//! have read-only access to customers`. What is done to the records is left to all other roles of the epic.

use super::role::{known, restricted, roles};
use crate::deed::Deed;
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::lexicon::name_words;
use crate::pattern::Bound;
use crate::verbs;
use maestro_artifacts::Action;
use std::ops::Range;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "<words:roles> have (only read | read-only | only reading | read only) (access | right | rights | permission) (to | for | on) <entity>",
        only,
    ),
    ("<entity> (be | must be) (read-only | read only) (for | to) <words:roles>", only),
    ("<words:roles> mayonly (read | view | see | look at | list) [and] [list | read | view] <entity>", only),
    (
        "<words:roles> mayonly (read | view | see | look at | list) [and] [list | read | view] <entity> [, | ; | –] [but | and] [they] (mustnot | not) <words:deeds> (it | they | them)",
        only_not,
    ),
    (
        "<words:roles> may (read | view | see | look at | list) [and] [list | read | view] <entity> [, | ; | –] [but | and] [they] (mustnot | not) <words:deeds> (it | they | them)",
        not,
    ),
];

const CHANGES: [Action; 3] = [Action::Create, Action::Update, Action::Delete];

fn only(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    left(bound, reading, &CHANGES)
}

/// Looking alone is allowed: what else is told that is not, is part of it.
fn only_not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    denied(reading, &bound.words("deeds")?)?;
    only(bound, reading)
}

fn not(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    left(bound, reading, &denied(reading, &bound.words("deeds")?)?)
}

/// "Add, change or delete"
fn denied(reading: &Reading<'_>, deeds: &Range<usize>) -> Option<Vec<Action>> {
    let mut out: Vec<Action> = Vec::new();
    for token in reading.part(deeds) {
        if [",", "or", "and"].iter().any(|joint| token.is(joint)) {
            continue;
        }
        match verbs::actions(&token.lemma) {
            [one] if CHANGES.contains(one) && !token.quoted => out.push(*one),
            _ => return None,
        }
    }
    (!out.is_empty()).then_some(out)
}

/// These are left to all roles of the epic but those that the sentence names.
fn left(bound: &Bound, reading: &Reading<'_>, actions: &[Action]) -> Option<Vec<Effect>> {
    let who = bound.words("roles")?;
    let barred = roles(reading, &who)?;
    let entity = bound.entity("entity")?;
    let same = |a: &str, b: &str| name_words(a) == name_words(b);
    let all = &reading.scope.lexicon.roles;
    let others: Vec<String> =
        all.iter().filter(|other| !barred.iter().any(|role| same(other, role))).cloned().collect();
    // "Teachers", of whom nothing else is told: people by their being many, and no kind of record.
    let people = |role: &String| reading.scope.lexicon.find(role).is_none() && !role.contains(' ');
    let many = reading.part(&who).iter().all(|token| token.word != token.lemma && !token.quoted);
    if others.is_empty() || !(known(reading, &barred) || many && barred.iter().all(people)) {
        return None;
    }
    let deed =
        |action: &Action| Deed::Act { entity: entity.clone(), action: *action, fields: Vec::new(), within: Vec::new() };
    let mut effects = restricted(actions.iter().map(deed).collect(), &others)?;
    effects.extend(barred.into_iter().map(|name| Effect::Role { name }));
    Some(effects)
}
