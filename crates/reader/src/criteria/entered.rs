//! What is entered with a change of state: "when a clerk scraps it and enters a reason".

use super::Steps;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::demanded;
use crate::token::Token;
use maestro_artifacts::RuleKind;

const ENTERS: &[&str] = &["enter", "record", "note", "state", "give", "add", "write", "type", "fill", "provide"];

/// Whether a verb goes on from what is done to a record with what is entered for it, and makes no record.
pub(super) fn beside(tokens: &[Token], at: usize) -> bool {
    let joined = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|joint| joint.is("and") && !joint.quoted);
    let done = |token: &Token| !token.quoted && (token.is("it") || token.is("them"));
    let named = tokens.get(at + 1).is_some_and(|next| matches!(next.article, Some("a" | "an" | "the")) && !next.quoted);
    let enters = tokens.get(at).is_some_and(|verb| !verb.quoted && ENTERS.contains(&verb.lemma.as_str()));
    enters && joined && named && tokens.get(..at).is_some_and(|before| before.iter().any(done))
}

/// The field that is entered, and that the change to this state needs it.
pub(super) fn with(engine: &Engine<'_>, steps: &Steps, entity: &str, to: &str) -> Vec<Effect> {
    let tokens = steps.when.as_slice();
    let told = || {
        let at = (0..tokens.len()).find(|at| beside(tokens, *at))?;
        let rest = tokens.get(at + 1..)?;
        let end = rest.iter().position(|token| token.is("and") || token.is(",")).unwrap_or(rest.len());
        let name = rest.get(..end)?.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        let named = engine.lexicon.entity(entity)?;
        let name = demanded::name(&name, engine.lexicon)?;
        let known = named.find(&name);
        let field = known.map_or_else(|| name.clone(), |known| known.name.clone());
        let mut effects = vec![Effect::Field { entity: named.name.clone(), name: field, kind: None, read_only: false }];
        effects.extend(known.map(|known| {
            Effect::Rule(RuleKind::TransitionRequires {
                entity: entity.to_owned(),
                from: None,
                to: to.to_owned(),
                fields: vec![known.key.clone()],
            })
        }));
        Some(effects)
    };
    told().unwrap_or_default()
}
