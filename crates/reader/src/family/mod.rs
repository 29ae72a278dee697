//! Sentence patterns, one file a family. Order decides where two could match: the narrower family stands first.

use crate::effect::Effect;
use crate::engine::Build;
use crate::pattern::Patterns;
pub(crate) use entity::refers;
pub(crate) use guard::requires;
pub(crate) use holds::always;
pub(crate) use list_phrase::superlative;
use maestro_artifacts::RuleKind;
pub(crate) use role::left_to_others;
use std::sync::LazyLock;

mod capacity;
pub(crate) mod compare;
mod computed;
mod elapsed;
mod emptied;
mod entity;
mod flag;
mod frozen;
mod guard;
mod holds;
mod lead;
mod list_phrase;
mod listing;
mod moved;
mod overlap;
mod places;
mod quota;
mod range;
pub(crate) mod refusing;
mod required;
pub(crate) mod role;
mod totals;
mod unique;
pub(crate) mod wish;
pub(crate) mod workflow;
pub(crate) mod years;

const FAMILIES: &[&[(&str, Build)]] = &[
    overlap::PATTERNS,
    unique::PATTERNS,
    quota::PATTERNS,
    capacity::PATTERNS,
    guard::NEEDED,
    required::PATTERNS,
    emptied::PATTERNS,
    lead::PATTERNS,
    years::PATTERNS,
    compare::PATTERNS,
    places::PATTERNS,
    range::PATTERNS,
    refusing::PATTERNS,
    role::PATTERNS,
    frozen::PATTERNS,
    workflow::chain::PATTERNS,
    workflow::ways::MOVES,
    workflow::states::PATTERNS,
    workflow::ways::VERBS,
    workflow::needs::PATTERNS,
    guard::PATTERNS,
    computed::PATTERNS,
    totals::PATTERNS,
    listing::PATTERNS,
    holds::PATTERNS,
    flag::PATTERNS,
    wish::PATTERNS,
    entity::PATTERNS,
    role::ACTS,
];

static COMPILED: LazyLock<Patterns<Build>> =
    LazyLock::new(|| Patterns::compile(FAMILIES.iter().flat_map(|family| family.iter())));

/// All patterns in order.
pub(crate) fn all() -> &'static Patterns<Build> {
    &COMPILED
}

/// One rule.
fn rule(rule: RuleKind) -> Option<Vec<Effect>> {
    Some(vec![Effect::Rule(rule)])
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        crate::pattern::check(super::FAMILIES.iter().flat_map(|family| family.iter()));
    }
}
