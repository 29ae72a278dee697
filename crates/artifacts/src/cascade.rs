//! Which records are deleted together, and what can keep them.

use crate::rules::{Rule, RuleKind};
use crate::service_model::{Entity, Field, ServiceModel};

impl ServiceModel {
    /// The rule by which records of an entity are deleted with the one that this field of theirs refers to.
    #[must_use]
    pub fn cascade(&self, entity: &str, field: &str) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| matches!(&rule.demand, RuleKind::Cascade { entity: e, field: f } if e == entity && f == field))
    }

    /// The references to records of an entity whose records are deleted with the one that they refer to.
    pub fn going_with<'a>(&'a self, entity: &'a str) -> impl Iterator<Item = (&'a Entity, &'a Field)> {
        self.referrers(entity).filter(|(from, field)| self.cascade(&from.key, &field.key).is_some())
    }

    /// The entity itself and those whose records may be deleted with one of its records, at whatever depth.
    #[must_use]
    pub fn deleted_with<'a>(&'a self, entity: &'a Entity) -> Vec<&'a Entity> {
        let mut found = vec![entity];
        let mut at = 0;
        while let Some(one) = found.get(at).copied() {
            for (below, _) in self.going_with(&one.key) {
                if !found.iter().any(|known| known.key == below.key) {
                    found.push(below);
                }
            }
            at += 1;
        }
        found
    }

    /// Whether a record of this entity, or one that is deleted with it, can be such that it cannot be deleted: kept by a
    /// rule, or by the reference of a record that does not go with it.
    #[must_use]
    pub fn can_be_kept(&self, entity: &Entity) -> bool {
        self.deleted_with(entity).into_iter().any(|one| {
            let by_rule = self.rules.iter().any(|rule| match &rule.demand {
                RuleKind::NoDelete { entity, .. } => *entity == one.key,
                RuleKind::Immutable { entity, fields, .. } => *entity == one.key && fields.is_empty(),
                _ => false,
            });
            by_rule || self.referrers(&one.key).any(|(from, field)| self.cascade(&from.key, &field.key).is_none())
        })
    }
}
