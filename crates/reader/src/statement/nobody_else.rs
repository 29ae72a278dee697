//! "Nobody else may scrap machines" behind "A machine can be scrapped by a workshop lead": who that is stands in the sentence before.

use crate::deed::{self, Deed};
use crate::effect::Effect;
use crate::engine::{Engine, Reading};
use crate::lexicon::one_role;
use crate::normal;
use maestro_artifacts::RuleKind;

/// Those whom the sentence before shows doing it are the only ones who may.
pub(super) fn read(engine: &Engine<'_>, text: &str, before: &[Effect]) -> Option<Vec<Effect>> {
    const LEADS: &[&str] = &["nobody else ", "no one else ", "no-one else "];
    const MODALS: &[&str] = &["may ", "can ", "is allowed to ", "is permitted to "];
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let rest = LEADS.iter().find_map(|lead| lower.strip_prefix(lead))?;
    let deed = MODALS.iter().find_map(|modal| rest.strip_prefix(modal))?;
    let tokens = normal::normalise(deed, engine.lexicon);
    let scope = engine.scope(&tokens);
    let reading = Reading { tokens: &tokens, scope: &scope, engine };
    let mut effects: Vec<Effect> = Vec::new();
    for deed in deed::active(&reading, &(0..tokens.len()))? {
        let Deed::Move { entity, to, from } = deed else { return None };
        let shown = before.iter().filter_map(|effect| match effect {
            Effect::Actor { entity: of, to: state, role } if (of, state) == (&entity, &to) => Some(one_role(role)),
            _ => None,
        });
        let roles: Vec<String> = shown.collect();
        if roles.is_empty() || from.len() > 1 {
            return None;
        }
        effects.extend(roles.iter().map(|role| Effect::Role { name: role.clone() }));
        effects.push(Effect::Rule(RuleKind::TransitionRole { entity, from: from.into_iter().next(), to, roles }));
    }
    (!effects.is_empty()).then_some(effects)
}
