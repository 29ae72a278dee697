//! "Clerks have read access.": who may look, and no record of a clerk that has an access.

use super::{Outcome, gap};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{name_words, one_role};
use crate::normal;
use maestro_artifacts::{Action, RuleKind};
use maestro_domain::Statement;

const ACCESS: &[&str] = &["access", "permission", "permissions", "right", "rights", "privileges"];

/// The outcome of a statement that tells the access somebody has, where it was taken for a field of theirs; behind what was
/// understood before it.
pub(super) fn told(engine: &Engine<'_>, statement: &Statement, before: Option<&Outcome>, outcome: Outcome) -> Outcome {
    let names = |effect: &Effect| match effect {
        Effect::Field { name, .. } => name.split(' ').any(|word| ACCESS.contains(&word)),
        _ => false,
    };
    let Some((who, kind, of)) =
        parts(&statement.text).filter(|_| outcome.gap.is_some() || outcome.effects.iter().any(names))
    else {
        return outcome;
    };
    match looking(engine, who, kind, of, before) {
        Some(effects) => Outcome { effects, ..Outcome::default() },
        None => {
            let why = "it is not clear what this access allows";
            Outcome { gap: Some(outcome.gap.unwrap_or_else(|| gap(statement.text.trim(), why))), ..Outcome::default() }
        }
    }
}

/// Who has it, what kind of access it is, and to what.
fn parts(text: &str) -> Option<(&str, &str, Option<&str>)> {
    let text = text.trim().trim_end_matches('.');
    let (who, rest) = [" have ", " has ", " get ", " gets "].iter().find_map(|verb| text.split_once(verb))?;
    let (told, of) = [" to ", " on ", " for "]
        .iter()
        .find_map(|joint| rest.split_once(joint))
        .map_or((rest, None), |(told, of)| (told, Some(of)));
    let (kind, noun) = told.rsplit_once(' ')?;
    (ACCESS.contains(&noun) && kind.split(' ').count() <= 2 && who.split(' ').count() <= 6).then_some((who, kind, of))
}

/// That they may look at what others alone may change.
fn looking(
    engine: &Engine<'_>,
    who: &str,
    kind: &str,
    of: Option<&str>,
    before: Option<&Outcome>,
) -> Option<Vec<Effect>> {
    matches!(kind, "read" | "reading" | "view" | "viewing").then_some(())?;
    let who: Vec<Vec<String>> = who
        .split(", ")
        .flat_map(|part| part.split(" and "))
        .map(|name| ["The ", "the ", "All ", "all "].iter().find_map(|lead| name.strip_prefix(lead)).unwrap_or(name))
        .map(|name| name_words(&one_role(name)))
        .collect();
    let known = |name: &Vec<String>| engine.lexicon.roles.iter().any(|role| name_words(role) == *name);
    who.iter().all(known).then_some(())?;
    let entities: Vec<String> = match of {
        Some(of) => {
            let words = normal::normalise(of, engine.lexicon);
            let scope = engine.scope(&words);
            scope.entity_at(&words, 0).into_iter().find(|(end, _)| *end == words.len()).map(|(_, key)| vec![key])?
        }
        None => {
            let mut found: Vec<String> = Vec::new();
            for effect in &before?.effects {
                if matches!(effect, Effect::Role { .. }) {
                    continue;
                }
                let Effect::Rule(RuleKind::ActionRole { entity, action, roles, .. }) = effect else { return None };
                let writes = matches!(action, Action::Create | Action::Update | Action::Delete);
                let other = !roles.iter().any(|role| who.contains(&name_words(role)));
                (writes && other).then_some(())?;
                if !found.contains(entity) {
                    found.push(entity.clone());
                }
            }
            found
        }
    };
    let looks = |entity: &String| [Action::List, Action::Read].map(|action| Effect::capability(entity, action));
    (!entities.is_empty()).then(|| entities.iter().flat_map(looks).collect())
}
