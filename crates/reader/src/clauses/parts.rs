//! Records that are described together with what they are parts of.

use super::{Described, PARTS, kind};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::family::refers;
use crate::lexicon::one_of;
use crate::token::{Token, starts, tokens};

/// "A building consists of lifts; every lift has a number", "A building has lifts, each with a number": records and what
/// each of them has.
pub(super) struct Owned<'s> {
    owner: String,
    part: String,
    fields: &'s str,
}

impl Owned<'_> {
    /// What is said of each part.
    pub(super) fn told(&self, engine: &Engine<'_>) -> Option<Vec<Effect>> {
        let words = Described { text: "", words: Vec::new(), subject: self.part.clone(), clauses: Vec::new() };
        words.told(engine, &format!("has {}", self.fields))
    }

    /// That, and whose parts they are.
    pub(super) fn read(&self, engine: &Engine<'_>) -> Option<Vec<Effect>> {
        let mut effects = self.told(engine)?;
        effects.extend(refers(engine.lexicon, &self.part, &self.owner));
        Some(effects)
    }
}

/// Reads such a sentence; `None` where it is none.
pub(super) fn owned<'s>(engine: &Engine<'_>, text: &'s str) -> Option<Owned<'s>> {
    const JOINTS: &[&str] =
        &["; every ", "; each ", "; a ", "; an ", ", each of which ", ", each with ", ", each having ", ", and each "];
    const MANY: &[&str] = &["several", "many", "some", "one or more", "any number of", "a number of"];
    let text = text.trim_end().trim_end_matches('.');
    let (joint, at) = JOINTS.iter().filter_map(|joint| Some((*joint, text.find(joint)?))).min_by_key(|(_, at)| *at)?;
    let (head, behind) = (text.get(..at)?, text.get(at + joint.len()..)?);
    let words = tokens(head);
    let first = words.first().filter(|first| matches!(first.word.as_str(), "a" | "an" | "each" | "every"))?;
    let holds = |at: usize| {
        ["has", "holds", "contains", "includes", "can have", "may have"]
            .iter()
            .chain(PARTS)
            .find_map(|verb| starts(&words, at, verb))
    };
    let verb = (2..=4).find(|at| holds(*at).is_some()).filter(|_| !first.quoted)?;
    let mut from = verb + holds(verb)?;
    from += MANY.iter().find_map(|many| starts(&words, from, many)).unwrap_or(0);
    let many = words.get(from..).filter(|part| (1..=3).contains(&part.len()))?;
    let plain = |token: &Token| !token.quoted && token.word.chars().all(|c| c.is_alphabetic() || c == '-');
    let name = many.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    let part = one_of(&name);
    if !many.iter().all(plain) || part == name.to_lowercase() {
        return None;
    }
    let fields = match joint {
        ", each with " | ", each having " => behind,
        ", each of which " => behind.strip_prefix("has ")?,
        _ => {
            let own = behind.get(..part.len()).filter(|own| own.eq_ignore_ascii_case(&part))?;
            behind.get(own.len()..)?.strip_prefix(" has ")?
        }
    };
    Some(Owned { owner: kind(engine, words.get(1..verb)?)?, part, fields })
}
