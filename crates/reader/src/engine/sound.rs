//! Whether what a clause names are names.

use super::Engine;
use crate::effect::Effect;
use crate::lexicon::{self};
use maestro_artifacts::RuleKind;

impl Engine<'_> {
    /// Whether the names that effects introduce are names: "duplicate numbers", "a number different from others" and
    /// "only active leads" say something of what they name.
    pub(crate) fn sound(&self, effects: &[Effect]) -> bool {
        let name = |name: &str| {
            let words = lexicon::name_words(name);
            let is = |at: usize, word: &str| words.get(at).is_some_and(|found| found == word);
            let first = [
                "duplicate",
                "except",
                "apart",
                "only",
                "equals",
                "searching",
                "different",
                "calculated",
                "computed",
                "included",
                "inclusive",
                "lie",
            ]
            .iter()
            .any(|word| is(0, word));
            let inside = (1..words.len()).any(|at| {
                ["allowed", "permitted", "descending", "ascending"].iter().any(|word| is(at, word))
                    || is(at, "equals")
                    || is(at, "equal")
                    || is(at, "from") && is(at - 1, "different")
            });
            // "newest first", "latest start first": an order.
            let order = words.len() > 1
                && words.first().is_some_and(|word| super::family::superlative(word))
                && words.last().is_some_and(|word| word == "first" || word == "last");
            let turned = words.iter().any(|word| word == "descending" || word == "ascending");
            // "Report how many orders every mechanic has", "Q: Who decides?": a question, and not what one is called.
            const ASKED: &[&str] = &["how", "these", "this", "following", "what", "which", "who", "why", "whose"];
            let asked = words.iter().any(|word| ASKED.contains(&word.as_str()));
            // "A valid e-mail address" says of the address what it must be; "valid until" is a day.
            let valid = is(0, "valid")
                && words.len() > 2
                && !["from", "until", "till", "to", "on", "since", "through", "for"].iter().any(|word| is(1, word));
            let letter = matches!(words.as_slice(), [only] if only.chars().count() == 1);
            !(asked || valid || letter || first || inside || order || turned || words.len() > 2 && is(0, "show"))
        };
        // "A full member needs an e-mail": a member of that level.
        let described = |name: &str| {
            let words = lexicon::name_words(name);
            let Some((head, before)) = words.split_last().filter(|(_, before)| !before.is_empty()) else {
                return false;
            };
            let named = self
                .lexicon
                .entities
                .iter()
                .find(|entity| entity.words.len() == 1 && entity.words.first() == Some(head));
            named.is_some_and(|named| named.values().iter().any(|(_, value)| lexicon::name_words(value) == before))
        };
        // "By starts at within a range" begins no state, and "to no other status" names none.
        let state = |state: &String| {
            let words = lexicon::name_words(state);
            // "From a first day to a last day" tells fields, and "made void" the state behind.
            words.as_slice() != ["make"]
                && words.as_slice() != ["made"]
                && !words.last().is_some_and(|last| ["day", "date"].contains(&last.as_str()))
                && !words.iter().any(|word| {
                    ["within", "range", "between", "other"].contains(&word.as_str()) || super::family::superlative(word)
                })
        };
        // "New order lines are accepted only when ...": what is done with them, and no state.
        // "Starts with a letter" says how it is written.
        let begins = |begun: &String| {
            let written = ["letter", "digit", "number", "character", "capital"];
            !["refused", "rejected", "denied", "declined", "accepted", "allowed", "possible", "permitted"]
                .contains(&begun.as_str())
                && !lexicon::name_words(begun).iter().any(|word| written.contains(&word.as_str()))
        };
        effects.iter().all(|effect| match effect {
            Effect::Entity { name: entity } => {
                !described(entity) && (self.lexicon.find(entity).is_some() || name(entity))
            }
            Effect::Field { entity, name: field, .. } => {
                let known = self.lexicon.find(entity);
                !described(entity)
                    && (known.is_some() || name(entity))
                    && (known.is_some_and(|known| known.find(field).is_some()) || name(field))
            }
            Effect::Initial { state: initial, .. } => state(initial) && begins(initial),
            Effect::States { states, .. } => states.iter().all(state),
            Effect::Transition { from, to, .. } => state(from) && state(to),
            // "Reserved for the registrar and needs a number": what is said of them is no role.
            Effect::Rule(
                RuleKind::TransitionRole { roles, .. }
                | RuleKind::ActionRole { roles, .. }
                | RuleKind::ActionBarred { roles, .. },
            ) => roles.iter().all(|role| {
                !role
                    .split(' ')
                    .any(|word| matches!(word, "needs" | "need" | "must" | "requires" | "require" | "has" | "have"))
            }),
            _ => true,
        })
    }
}
