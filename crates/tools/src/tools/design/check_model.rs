//! `check_model`: whether a service model fits together: names, references, states, and what rules speak of.

use super::model_rules::{of_rule, types};
use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
    given::{self, model_schema},
};
use maestro_artifacts::{
    Entity, FieldKind, RuleKind, ServiceModel,
    delivery::Severity::{High, Low, Medium},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct CheckModel;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
}

impl Tool for CheckModel {
    const NAME: &'static str = "check_model";
    const DESCRIPTION: &'static str = "Checks the service model: names used twice, references to nothing, records that can never be created, states that are never reached, rules about unknown entities, fields, states or roles, and rules that do not fit a field's type.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let model = given::model(args.model, workspace)?;
        Ok(Report { checked: model.entities.len() + model.rules.len(), findings: check(&model) })
    }
}

/// All findings about a model, those about entities before those about rules.
pub(super) fn check(model: &ServiceModel) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    for entity in &model.entities {
        let mut found = Findings::of(&entity.key);
        for (what, name) in [("key", entity.key.as_str()), ("path", entity.path.as_str())] {
            if !known.insert((what, name)) {
                found.add("twice", High, 0, format!("two entities have the {what} `{name}`"), "give each its own");
            }
        }
        of_entity(model, entity, &mut found);
        findings.extend(found.finish());
    }
    findings.extend(circles(model));
    let mut ids = BTreeSet::new();
    for rule in &model.rules {
        let mut found = Findings::of(&rule.id);
        if !ids.insert(&rule.id) {
            found.add("twice", High, 0, format!("two rules have the id `{}`", rule.id), "give each its own");
        }
        if rule.sources.is_empty() {
            found.add(
                "source",
                Low,
                0,
                "the rule comes from no statement",
                "name the statements in `sources`, or leave it out",
            );
        }
        if rule.message.trim().is_empty() {
            found.add(
                "message",
                Low,
                0,
                "the rule has no message",
                "say it in a sentence for the person who is refused",
            );
        }
        let demand = serde_json::to_value(&rule.demand).unwrap_or_default();
        of_rule(model, &demand, &mut found);
        types(model, &rule.demand, &mut found);
        findings.extend(found.finish());
    }
    findings
}

/// `snake_case` that is safe as a name.
fn named(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn of_entity(model: &ServiceModel, entity: &Entity, found: &mut Findings<'_>) {
    if !named(&entity.key) {
        found.add("name", High, 0, format!("`{}` is no key", entity.key), "write it in snake_case");
    }
    let mut keys = BTreeSet::new();
    for field in &entity.fields {
        if !keys.insert(&field.key) || field.key == "id" {
            found.add(
                "twice",
                High,
                0,
                format!("the field `{}` stands twice (every record has `id`)", field.key),
                "keep one",
            );
        }
        if !named(&field.key) {
            found.add("name", High, 0, format!("`{}` is no key", field.key), "write it in snake_case");
        }
        match &field.kind {
            FieldKind::Reference { entity: to } if model.entity(to).is_none() => {
                found.add(
                    "reference",
                    High,
                    0,
                    format!("`{}` refers to `{to}`, which is no entity", field.key),
                    near(to, model.entities.iter().map(|e| e.key.as_str())),
                );
            }
            FieldKind::Reference { .. } if !field.key.ends_with("_id") => {
                found.add(
                    "name",
                    Low,
                    0,
                    format!("the reference `{}` does not end in `_id`", field.key),
                    format!("call it `{}_id`", field.key),
                );
            }
            FieldKind::Enum { values } => {
                let different: BTreeSet<_> = values.iter().collect();
                if values.is_empty() || different.len() < values.len() {
                    found.add(
                        "values",
                        High,
                        0,
                        format!("the values of `{}` are empty or repeated", field.key),
                        "list each once",
                    );
                }
            }
            _ => {}
        }
    }
    let Some(flow) = &entity.workflow else { return };
    match entity.field(&flow.field).map(|field| &field.kind) {
        Some(FieldKind::Enum { values }) if values.iter().collect::<BTreeSet<_>>() == flow.states.iter().collect() => {}
        Some(FieldKind::Enum { .. }) => found.add(
            "states",
            High,
            0,
            format!("the values of `{}` are not the states", flow.field),
            "make them the same",
        ),
        _ => found.add(
            "states",
            High,
            0,
            format!("`{}` holds the state and is no enum of the entity", flow.field),
            "add it with the states as values",
        ),
    }
    let states: BTreeSet<&String> = flow.states.iter().collect();
    for state in std::iter::once(&flow.initial).chain(flow.transitions.iter().flat_map(|t| [&t.from, &t.to])) {
        if !states.contains(state) {
            found.add(
                "states",
                High,
                0,
                format!("`{state}` is no state of `{}`", entity.key),
                near(state, flow.states.iter().map(String::as_str)),
            );
        }
    }
    let mut reached = BTreeSet::from([&flow.initial]);
    while let Some(next) = flow.transitions.iter().find(|t| reached.contains(&t.from) && !reached.contains(&t.to)) {
        reached.insert(&next.to);
    }
    for state in states.iter().filter(|state| !reached.contains(**state)) {
        found.add(
            "unreachable",
            Medium,
            0,
            format!("no record ever becomes `{state}`"),
            "add a transition that leads there, or leave it out",
        );
    }
    let mut pairs = BTreeSet::new();
    for transition in &flow.transitions {
        if !pairs.insert((&transition.from, &transition.to)) || transition.from == transition.to {
            found.add(
                "twice",
                Low,
                0,
                format!(
                    "the change from `{}` to `{}` stands twice, or changes nothing",
                    transition.from, transition.to
                ),
                "keep one",
            );
        }
    }
}

pub(super) fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let best = known.map(|other| (strsim::osa_distance(name, other), other)).min();
    best.map_or_else(|| "add it".to_owned(), |(_, other)| format!("did you mean `{other}`?"))
}

/// Entities that need each other to exist: none of them can ever be created.
fn circles(model: &ServiceModel) -> Vec<Finding> {
    let required = |entity: &str, field: &str| {
        model
            .rules
            .iter()
            .any(|rule| matches!(&rule.demand, RuleKind::Required { entity: e, field: f } if e == entity && f == field))
    };
    let needs: BTreeMap<&str, Vec<&str>> = model
        .entities
        .iter()
        .map(|entity| {
            let needs = entity.fields.iter().filter(|field| required(&entity.key, &field.key));
            let needs = needs.filter_map(|field| {
                if let FieldKind::Reference { entity } = &field.kind { Some(entity.as_str()) } else { None }
            });
            (entity.key.as_str(), needs.collect())
        })
        .collect();
    let mut can: BTreeSet<&str> = BTreeSet::new();
    while let Some((next, _)) = needs.iter().find(|(entity, needs)| {
        !can.contains(*entity) && needs.iter().all(|need| can.contains(need) || !needs_known(model, need))
    }) {
        can.insert(next);
    }
    let stuck: Vec<&str> = needs.keys().copied().filter(|entity| !can.contains(entity)).collect();
    let Some(first) = stuck.first() else { return Vec::new() };
    let mut found = Findings::of(first);
    found.add(
        "circle",
        High,
        0,
        format!("{} need each other: the first of them can never be created", stuck.join(", ")),
        "make one of the references optional",
    );
    found.finish()
}

fn needs_known(model: &ServiceModel, entity: &str) -> bool {
    model.entity(entity).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn model() -> Value {
        let field = |key: &str, kind: Value| json!({"key": key, "name": key, "kind": kind, "sources": []});
        json!({"title": "T", "roles": ["clerk"], "rules": [], "entities": [
            {"key": "tool", "name": "tool", "plural": "tools", "path": "tools", "sources": [], "fields": [field("name", json!({"type": "text"}))]},
            {"key": "loan", "name": "loan", "plural": "loans", "path": "loans", "sources": [],
             "fields": [field("tool_id", json!({"type": "reference", "entity": "tool"})), field("status", json!({"type": "enum", "values": ["open", "closed"]})), field("due", json!({"type": "date"}))],
             "workflow": {"field": "status", "states": ["open", "closed"], "initial": "open", "transitions": [{"from": "open", "to": "closed", "sources": []}], "sources": []}},
        ]})
    }

    fn rules(model: &Value) -> Vec<String> {
        check(&serde_json::from_value(model.clone()).unwrap())
            .into_iter()
            .filter(|f| f.severity > Low)
            .map(|f| format!("{} {}: {}", f.path, f.rule, f.message))
            .collect()
    }

    #[test]
    fn names_references_and_states() {
        assert_eq!(rules(&model()), [] as [String; 0]);
        for (at, value, want) in [
            ("/entities/0/key", json!("loan"), "two entities have the key `loan`"),
            ("/entities/0/path", json!("loans"), "two entities have the path"),
            ("/entities/0/key", json!("Tool"), "`Tool` is no key"),
            ("/entities/1/fields/0/kind/entity", json!("tol"), "refers to `tol`"),
            ("/entities/1/fields/1/kind/values", json!(["open"]), "are not the states"),
            ("/entities/1/workflow/initial", json!("new"), "`new` is no state"),
            ("/entities/1/workflow/transitions", json!([]), "ever becomes `closed`"),
            ("/entities/1/workflow/field", json!("state"), "is no enum"),
        ] {
            let mut changed = model();
            *changed.pointer_mut(at).unwrap() = value;
            let got = rules(&changed);
            assert!(got.iter().any(|told| told.contains(want)), "{at}: {got:?}");
        }
        let mut circle = model();
        circle["entities"][0]["fields"].as_array_mut().unwrap().push(
            json!({"key": "loan_id", "name": "l", "kind": {"type": "reference", "entity": "loan"}, "sources": []}),
        );
        let required = |entity: &str, field: &str| json!({"id": format!("R-{entity}"), "sources": ["BR-1"], "message": "m", "demand": {"kind": "required", "entity": entity, "field": field}});
        circle["rules"] = json!([required("tool", "loan_id"), required("loan", "tool_id")]);
        assert_eq!(rules(&circle), ["loan circle: loan, tool need each other: the first of them can never be created"]);
    }

    #[test]
    fn what_rules_speak_of_is_there() {
        for (demand, want) in [
            (json!({"kind": "csv", "entity": "van"}), "`van`, which is no entity"),
            (json!({"kind": "required", "entity": "loan", "field": "de"}), "`loan` has no field `de`"),
            (json!({"kind": "unique", "entity": "loan", "fields": ["tool_id", "x"]}), "no field `x`"),
            (json!({"kind": "length", "entity": "loan", "field": "due", "max": 3}), "`length` does not fit"),
            (json!({"kind": "cascade", "entity": "loan", "field": "due"}), "`cascade` does not fit"),
            (json!({"kind": "cascade", "entity": "loan", "field": "due_id"}), "no field `due_id`"),
            (json!({"kind": "range", "entity": "tool", "field": "name", "max": "3"}), "`range` does not fit"),
            (
                json!({"kind": "transition_role", "entity": "loan", "to": "lost", "roles": ["clerk"]}),
                "`lost` is no state",
            ),
            (
                json!({"kind": "action_role", "entity": "loan", "action": "delete", "roles": ["boss"]}),
                "`boss` is no role",
            ),
            (
                json!({"kind": "immutable", "entity": "loan", "when": [{"test": "in", "field": "status", "values": ["shut"]}]}),
                "`shut` is no value",
            ),
            (
                json!({"kind": "requires", "entity": "loan", "at": {"moment": "create"}, "condition": [{"test": "given", "via": "tool_id", "field": "nam"}]}),
                "`tool` has no field `nam`",
            ),
            (
                json!({"kind": "requires", "entity": "loan", "at": {"moment": "create"}, "condition": [{"test": "given", "via": "due", "field": "name"}]}),
                "refers to nothing",
            ),
            (
                json!({"kind": "capacity", "parent": "tool", "child": "loan", "via": "tol_id", "measure": {"measure": "count"}, "op": "le", "limit": {"of": "value", "value": 3}}),
                "no field `tol_id`",
            ),
            (
                json!({"kind": "computed", "entity": "tool", "field": "name", "expr": {"expr": "children", "child": "loan", "via": "tool_id", "measure": {"measure": "sum", "field": "fee"}}}),
                "no field `fee`",
            ),
            (json!({"kind": "transitions", "entity": "tool"}), "has no workflow"),
        ] {
            let mut changed = model();
            changed["rules"] = json!([{"id": "R-1", "sources": ["BR-1"], "message": "m", "demand": demand}]);
            let got = rules(&changed);
            assert!(got.len() == 1 && got[0].contains(want), "{want}: {got:?}");
        }
        let mut fine = model();
        fine["rules"] = json!([{"id": "R-1", "sources": ["BR-1"], "message": "m", "demand": {"kind": "capacity", "parent": "tool", "child": "loan", "via": "tool_id", "measure": {"measure": "count"}, "op": "le", "limit": {"of": "value", "value": 3}, "when": [{"test": "in", "field": "status", "values": ["open"]}]}},
            {"id": "R-2", "sources": ["BR-1"], "message": "m", "demand": {"kind": "totals", "entity": "loan", "by": ["tool_id", "name"], "measures": [{"measure": "count"}]}}]);
        assert_eq!(rules(&fine), [] as [String; 0]);
    }

    #[tokio::test]
    async fn a_model_is_given_or_handed_over() {
        let got = run(CheckModel, json!({"model": model()}), &mut context()).await.unwrap();
        assert_eq!(got, json!({"checked": 2, "findings": []}));
        assert!(
            run(CheckModel, json!({}), &mut context())
                .await
                .unwrap_err()
                .to_string()
                .contains("no model was handed over")
        );
    }
}
