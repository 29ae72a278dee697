//! A clause that a pattern matched, for the families that build of it.

use super::Engine;
use crate::condition;
use crate::effect::Effect;
use crate::pattern::Bound;
use crate::records::among;
use crate::scope::{FieldRef, Scope, StateRef};
use crate::token::{Token, with_articles, written};
use maestro_artifacts::{Condition, FieldKind};
use std::ops::Range;

/// A clause that is being read.
pub(crate) struct Reading<'r> {
    pub(crate) tokens: &'r [Token],
    pub(crate) scope: &'r Scope<'r>,
    pub(crate) engine: &'r Engine<'r>,
}

impl Reading<'_> {
    pub(crate) fn part(&self, range: &Range<usize>) -> &[Token] {
        self.tokens.get(range.clone()).unwrap_or_default()
    }

    /// The words of a range as a name.
    pub(crate) fn name(&self, range: &Range<usize>) -> String {
        let part: Vec<Token> = self.part(range).iter().filter(|token| !token.raw.is_empty()).cloned().collect();
        written(&part, |token| token.raw.clone()).replace(" 's", "'s").replace(" ’s", "’s")
    }

    /// The words of a range as a note, with the articles that are part of a value: `ready, in the garage or sold`.
    pub(crate) fn noted(&self, range: &Range<usize>) -> String {
        written(&with_articles(self.part(range)), |token| token.raw.clone()).replace(" 's", "'s")
    }

    /// A condition about records of `base`.
    pub(crate) fn condition(&self, base: &str, range: &Range<usize>) -> Option<Condition> {
        condition::read(self.engine, base, self.part(range))
    }

    /// The reading of a value that belongs to this entity.
    pub(crate) fn state_of(&self, readings: &[StateRef], entity: &str) -> Option<StateRef> {
        let flow = self.scope.lexicon.flow_field(entity);
        let own: Vec<&StateRef> = readings.iter().filter(|state| state.entity == entity).collect();
        own.iter().find(|state| Some(&state.field) == flow.as_ref()).or(own.first()).map(|state| (*state).clone())
    }

    /// What makes numbers of fields that are used as such: those whose type nothing states; `None` where one is no number.
    ///
    /// A type that a rule alone tells is told again on every reading, or the next one would forget it.
    pub(crate) fn as_numbers(&self, fields: &[FieldRef], unstated: &FieldKind) -> Option<Vec<Effect>> {
        let mut effects = Vec::new();
        for field in fields {
            let named = self.scope.lexicon.field(field)?;
            let kind = match &named.kind {
                FieldKind::Money if named.used.is_none() => continue,
                FieldKind::Money => unstated.clone(),
                FieldKind::Integer | FieldKind::Decimal if named.used.is_none() => continue,
                FieldKind::Integer | FieldKind::Decimal => unstated.clone(),
                FieldKind::Text { .. } if !named.stated => unstated.clone(),
                _ => return None,
            };
            let entity = self.scope.lexicon.entity(&field.entity)?.name.clone();
            effects.push(Effect::UsedAs { entity, field: named.name.clone(), kind });
        }
        Some(effects)
    }

    /// What makes moments of fields that are used as such: days, or instants where one of them is; `None` where one is neither.
    pub(crate) fn as_moments(&self, fields: &[FieldRef]) -> Option<Vec<Effect>> {
        let named = |field: &FieldRef| self.scope.lexicon.field(field);
        let instant = fields.iter().any(|field| named(field).is_some_and(|field| field.kind == FieldKind::DateTime));
        let moment = if instant { FieldKind::DateTime } else { FieldKind::Date };
        let mut effects = Vec::new();
        for field in fields {
            let named = named(field)?;
            let kind = match &named.kind {
                FieldKind::Date | FieldKind::DateTime if named.used.is_none() => continue,
                FieldKind::Date | FieldKind::DateTime => named.kind.clone(),
                FieldKind::Text { .. } if !named.stated => moment.clone(),
                _ => return None,
            };
            let entity = self.scope.lexicon.entity(&field.entity)?.name.clone();
            effects.push(Effect::UsedAs { entity, field: named.name.clone(), kind });
        }
        Some(effects)
    }

    /// The values in the slot `states` as a condition of records of this entity; the empty one where the slot is unused.
    pub(crate) fn of_states(&self, bound: &Bound, entity: &str) -> Option<Condition> {
        match bound.states("states") {
            None => Some(Condition::default()),
            Some(lists) => among(self.scope, lists, entity, true).map(|test| Condition(vec![test])),
        }
    }

    /// How records of `base` reach records of `entity`: themselves, or by reference fields.
    pub(crate) fn way(&self, base: &str, entity: &str) -> Option<Option<String>> {
        if base == entity { Some(None) } else { self.scope.lexicon.way(base, entity).map(Some) }
    }
}
