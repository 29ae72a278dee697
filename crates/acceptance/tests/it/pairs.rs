//! Every allowed change of state is taken by a test; one that no record can make is told, with what stands in its way.

use crate::{
    fixtures,
    mutants::{Mutant, unnoticed},
};
use maestro_artifacts::{Requirements, RuleKind};

/// Orders whose states other records open, a moment does, or a role: and one way round that only the long way leads to.
const ORDERS: &str = r#"{"title": "Orders", "roles": ["clerk", "manager"], "entities": [
        {"key": "customer", "plural": "customers", "path": "customers", "fields": {"name": "text", "standing": "enum:new,trusted,barred"},
         "workflow": {"field": "standing", "initial": "new", "transitions": ["new>trusted", "trusted>barred", "barred>trusted"]}},
        {"key": "order", "plural": "orders", "path": "orders", "fields": {"customer_id": "ref:customer", "wanted_on": "date", "reason": "text", "status": "enum:asked,accepted,started,done,billed,dropped"},
         "workflow": {"field": "status", "initial": "asked", "transitions":
            ["asked>accepted", "accepted>started", "started>accepted", "started>done", "done>billed", "asked>dropped", "accepted>dropped"]}},
        {"key": "step", "plural": "steps", "path": "steps", "fields": {"order_id": "ref:order", "state": "enum:open,busy,ready"},
         "workflow": {"field": "state", "initial": "open", "transitions": ["open>busy", "busy>ready", "ready>open"]}}
    ], "rules": [
        {"kind": "transitions", "entity": "customer"},
        {"kind": "transitions", "entity": "order"},
        {"kind": "transitions", "entity": "step"},
        {"kind": "required", "entity": "order", "field": "customer_id"},
        {"kind": "required", "entity": "order", "field": "wanted_on"},
        {"kind": "required", "entity": "step", "field": "order_id"},
        {"kind": "transition_role", "entity": "order", "to": "accepted", "roles": ["manager"]},
        {"kind": "transition_role", "entity": "customer", "to": "trusted", "roles": ["clerk", "manager"]},
        {"kind": "transition_requires", "entity": "order", "to": "dropped", "fields": ["reason"]},
        {"kind": "compare", "entity": "order", "field": "wanted_on", "op": "gt", "to": {"of": "today"}, "on_create": true},
        {"kind": "requires", "entity": "order", "at": {"moment": "transition", "to": "accepted"}, "condition": [{"test": "in", "via": "customer_id", "field": "standing", "values": ["trusted"]}]},
        {"kind": "requires", "entity": "order", "at": {"moment": "transition", "to": "started"}, "condition": [{"test": "compare", "field": "wanted_on", "op": "le", "to": {"of": "today"}}]},
        {"kind": "requires", "entity": "order", "at": {"moment": "transition", "to": "done"}, "condition": [
            {"test": "children", "child": "step", "via": "order_id", "when": [{"test": "not_in", "field": "state", "values": ["ready"]}], "measure": {"measure": "count"}, "op": "eq", "to": {"of": "value", "value": 0}},
            {"test": "children", "child": "step", "via": "order_id", "measure": {"measure": "count"}, "op": "ge", "to": {"of": "value", "value": 2}}]},
        {"kind": "immutable", "entity": "order", "when": [{"test": "in", "field": "status", "values": ["done"]}]}
    ]}"#;

/// Services that know one change of state less than they should, for every one there is.
fn stopped(requirements: &Requirements) -> Vec<Mutant> {
    let model = &requirements.concepts;
    let mut found = Vec::new();
    for (rule, demand) in model.rules.iter().map(|rule| &rule.demand).enumerate() {
        let RuleKind::Transitions { entity } = demand else { continue };
        let at = model.entities.iter().position(|one| one.key == *entity).unwrap();
        for way in 0..model.entities[at].workflow.as_ref().unwrap().transitions.len() {
            let mut model = model.clone();
            let gone = model.entities[at].workflow.as_mut().unwrap().transitions.remove(way);
            let what = format!("no {entity} goes from {} to {}", gone.from, gone.to);
            found.push(Mutant { what, rule, service: maestro_service::backend_files(&model) });
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn a_change_that_is_refused_though_it_is_allowed_is_noticed() {
    for text in [ORDERS, fixtures::ALL[0].1, fixtures::ALL[1].1, fixtures::STUDIOS] {
        let requirements = fixtures::load(text);
        let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
        assert_eq!(suite.plan.untested, []);
        assert_eq!(unnoticed(stopped(&requirements), &suite), Vec::<String>::new());
    }
}

#[test]
fn the_tests_of_the_orders_pass() {
    crate::suites::passes(ORDERS);
}

/// What is told of a service with one more rule.
fn told(rule: &str) -> Vec<(String, String)> {
    let text = ORDERS.replacen("\"rules\": [", &format!("\"rules\": [{rule},"), 1);
    let requirements = fixtures::load(&text);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let covered: Vec<_> = suite.plan.tests.iter().flat_map(|test| &test.covers).collect();
    assert!(suite.plan.untested.iter().all(|one| !covered.contains(&&one.statement)));
    suite.plan.untested.into_iter().map(|one| (one.statement.to_string(), one.why)).collect()
}

#[test]
fn a_change_that_no_record_can_make_is_told() {
    // The first rule is the one that is added: the workflow of the orders is the third.
    let blocked = told(
        r#"{"kind": "requires", "entity": "order", "at": {"moment": "transition", "to": "billed"}, "condition": [{"test": "given", "field": "reason"}, {"test": "empty", "field": "reason"}]}"#,
    );
    let change = "no requests were found that take a record of order from `done` to `billed`: what stands in the way is `AC-1.1` (\"rule 1\")";
    let why = &blocked.iter().find(|(id, _)| id == "AC-1.3").unwrap().1;
    assert_eq!(why, change);
    let roles = told(
        r#"{"kind": "transition_role", "entity": "order", "from": "asked", "to": "accepted", "roles": ["clerk"]}"#,
    );
    let why = &roles.iter().find(|(id, _)| id == "AC-1.3").unwrap().1;
    assert!(why.contains("from `asked` to `accepted`") && why.contains("no single role"), "{why}");
}

#[test]
fn a_change_from_a_state_that_nothing_leads_to_is_told() {
    let text = ORDERS.replace("\"open>busy\", ", "");
    let requirements = fixtures::load(&text);
    let untested = maestro_acceptance::write(&requirements, &requirements.concepts).plan.untested;
    let why = &untested.iter().find(|one| one.statement.as_str() == "AC-1.3").unwrap().why;
    assert!(why.contains("from `busy` to `ready`: no allowed changes of state lead from `open` to `busy`"), "{why}");
}

#[test]
fn a_rule_that_refuses_everything_is_noticed() {
    // What it allows is taken too: another text, no text at all, the other fields of a frozen record, each of the roles.
    let text = r#"{"title": "Jobs", "roles": ["clerk", "chief"], "entities": [
            {"key": "job", "plural": "jobs", "path": "jobs", "fields": {"pickup": "text", "drop_off": "text", "born_on": "date", "note": "text", "remark": "text", "state": "enum:open,closed"},
             "workflow": {"field": "state", "initial": "open", "transitions": ["open>closed"]}}
        ], "rules": [
            {"kind": "transitions", "entity": "job"},
            {"kind": "required", "entity": "job", "field": "pickup"},
            {"kind": "has_field", "entity": "job", "field": "born_on"},
            {"kind": "has_field", "entity": "job", "field": "note"},
            {"kind": "compare", "entity": "job", "field": "drop_off", "op": "ne", "to": {"of": "field", "field": "pickup"}},
            {"kind": "compare", "entity": "job", "field": "born_on", "op": "le", "to": {"of": "today", "plus_months": -216}},
            {"kind": "immutable", "entity": "job", "when": [{"test": "in", "field": "state", "values": ["closed"]}], "fields": ["pickup", "drop_off", "born_on"]},
            {"kind": "transition_role", "entity": "job", "to": "closed", "roles": ["clerk", "chief"]}
        ]}"#;
    crate::suites::passes(text);
    let requirements = fixtures::load(text);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let worse = |rule: usize, change: &dyn Fn(&mut RuleKind, &mut Vec<maestro_artifacts::Rule>)| {
        let mut model = requirements.concepts.clone();
        let mut more = Vec::new();
        change(&mut model.rules[rule].demand, &mut more);
        model.rules.extend(more);
        Mutant { what: format!("worse {rule}"), rule, service: maestro_service::backend_files(&model) }
    };
    let demanded = |rule: usize, field: &'static str| {
        worse(rule, &move |_, more| {
            let demand = RuleKind::Required { entity: "job".to_owned(), field: field.to_owned() };
            more.push(maestro_artifacts::Rule {
                id: "R-99".to_owned(),
                sources: Vec::new(),
                message: "more".to_owned(),
                demand,
            });
        })
    };
    let frozen = |field: &'static str| {
        worse(6, &move |demand, _| {
            if let RuleKind::Immutable { fields, .. } = demand {
                fields.push(field.to_owned());
            }
        })
    };
    let alone = worse(7, &|demand, _| {
        if let RuleKind::TransitionRole { roles, .. } = demand {
            roles.pop();
        }
    });
    let mutants = vec![demanded(2, "born_on"), demanded(3, "note"), frozen("note"), frozen("remark"), alone];
    assert_eq!(unnoticed(mutants, &suite), Vec::<String>::new());
}
