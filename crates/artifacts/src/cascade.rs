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

    /// The entities whose records are deleted with another one that is deleted with a record of this entity; the entity
    /// itself is among them only where its records take others of their kind along.
    #[must_use]
    pub fn taken_along<'a>(&'a self, entity: &'a Entity) -> Vec<&'a Entity> {
        let all = self.deleted_with(entity);
        let goes = |one: &&&Entity| all.iter().any(|above| self.going_with(&above.key).any(|(e, _)| e.key == one.key));
        all.iter().filter(goes).copied().collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Entities with references to others, and those of them that cascade.
    fn model(entities: &[(&str, &[&str])], cascades: &[(&str, &str)], rules: &[serde_json::Value]) -> ServiceModel {
        let field = |to: &&str| json!({"key": format!("{to}_id"), "name": to, "kind": {"type": "reference", "entity": to}, "sources": []});
        let entities: Vec<_> = entities
            .iter()
            .map(|(key, to)| {
                let fields: Vec<_> = to.iter().map(field).collect();
                json!({"key": key, "name": key, "plural": key, "path": key, "fields": fields, "sources": []})
            })
            .collect();
        let cascade = |(e, f): &(&str, &str)| json!({"kind": "cascade", "entity": e, "field": format!("{f}_id")});
        let rules: Vec<_> = cascades.iter().map(cascade).chain(rules.iter().cloned()).collect();
        let rules: Vec<_> = rules
            .into_iter()
            .enumerate()
            .map(|(n, demand)| json!({"id": format!("R-{n}"), "sources": [], "message": "", "demand": demand}))
            .collect();
        serde_json::from_value(json!({"title": "T", "roles": [], "entities": entities, "rules": rules})).unwrap()
    }

    fn keys(entities: &[&Entity]) -> Vec<String> {
        entities.iter().map(|entity| entity.key.clone()).collect()
    }

    #[test]
    fn all_below_go_along_round_circles_too() {
        let entities: [(&str, &[&str]); 4] =
            [("dog", &["toy"]), ("toy", &["dog"]), ("visit", &["dog"]), ("invoice", &["visit"])];
        let found = model(&entities, &[("toy", "dog"), ("dog", "toy"), ("visit", "dog")], &[]);
        let of = |key: &str| found.entity(key).unwrap();
        assert_eq!(keys(&found.deleted_with(of("toy"))), ["toy", "dog", "visit"]);
        assert_eq!(keys(&found.taken_along(of("toy"))), ["toy", "dog", "visit"]);
        let found = model(&entities, &[("visit", "dog"), ("invoice", "visit")], &[]);
        assert_eq!(keys(&found.taken_along(found.entity("dog").unwrap())), ["visit", "invoice"]);
        assert_eq!(keys(&found.taken_along(found.entity("invoice").unwrap())), [] as [String; 0]);
    }

    #[test]
    fn a_rule_or_a_reference_below_can_keep_a_record() {
        let entities: [(&str, &[&str]); 3] = [("dog", &[]), ("visit", &["dog"]), ("invoice", &["visit"])];
        let kept = |cascades: &[(&str, &str)], rules: &[serde_json::Value]| {
            let found = model(&entities, cascades, rules);
            found.can_be_kept(found.entity("dog").unwrap())
        };
        let all = [("visit", "dog"), ("invoice", "visit")];
        assert!(kept(&[], &[]), "a visit refers to it");
        assert!(kept(&all[..1], &[]), "an invoice refers to a visit that would go");
        assert!(!kept(&all, &[]));
        assert!(kept(&all, &[json!({"kind": "no_delete", "entity": "invoice"})]));
        assert!(kept(&all, &[json!({"kind": "immutable", "entity": "invoice", "when": []})]));
        assert!(!kept(&all, &[json!({"kind": "immutable", "entity": "invoice", "when": [], "fields": ["visit_id"]})]));
    }
}
