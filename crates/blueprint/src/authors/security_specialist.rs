//! The security specialist: threats of this model, and what the checks found.

use super::Author;
use crate::{
    escape::{code, md},
    inputs::{Checked, Inputs, Need},
    page::Page,
    phrases,
    work::{Refusal, Work, json_text},
};
use maestro_artifacts::{
    Action, Entity, FieldKind, RuleKind, SecurityReport, ServiceModel,
    delivery::{SecurityCheck, Threat},
};
use maestro_domain::{ArtifactKind, Phase};
use serde_json::json;
use std::collections::BTreeMap;

pub(crate) struct SecuritySpecialist;

const CHECKS: [&str; 3] = ["scan_secrets", "check_dependencies", "check_code"];

impl Author for SecuritySpecialist {
    fn needs(&self, _: Phase) -> Vec<Need> {
        let mut needs = vec![Need::Artifact(ArtifactKind::Design)];
        needs.extend(CHECKS.map(Need::Check));
        needs
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let design = inputs.design()?;
        let checked = CHECKS.iter().map(|tool| inputs.check(tool)).collect::<Result<Vec<Checked>, _>>()?;
        let report = SecurityReport {
            threats: threats(&design.model),
            checks: checked.iter().map(|c| SecurityCheck { name: c.check.clone(), files: c.files }).collect(),
            findings: checked.into_iter().flat_map(|c| c.findings).collect(),
        };
        let files = BTreeMap::from([
            (
                "security/findings.json".to_owned(),
                json_text(&json!({"checks": report.checks, "findings": report.findings}))?,
            ),
            ("security/threat-model.md".to_owned(), page(&design.model, &report)),
        ]);
        Work::new(files, &report)
    }
}

fn threat(class: &str, threat: String, mitigation: &str) -> Threat {
    Threat { class: class.to_owned(), threat, mitigation: mitigation.to_owned() }
}

/// STRIDE over the boundaries and the entities. Only what this model has; what stands against it is there today.
fn threats(model: &ServiceModel) -> Vec<Threat> {
    let mut threats = boundaries(model);
    for entity in &model.entities {
        threats.extend(of_entity(model, entity));
    }
    threats
}

fn boundaries(model: &ServiceModel) -> Vec<Threat> {
    let plurals: Vec<_> = model.entities.iter().map(|entity| entity.plural.as_str()).collect();
    let all = plurals.join(", ");
    let mut found = Vec::new();
    let restricted: Vec<_> = model
        .rules
        .iter()
        .filter(|rule| {
            matches!(
                rule.demand,
                RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. } | RuleKind::TransitionRole { .. }
            )
        })
        .map(|rule| rule.id.as_str())
        .collect();
    if !restricted.is_empty() {
        found.push(threat(
            "spoofing",
            format!(
                "somebody claims a role in the header X-Role that is not theirs, and passes {}",
                restricted.join(", ")
            ),
            "the service listens on 127.0.0.1 only, so that callers are people and proxies of its own machine; a proxy \
             that serves others must set the header itself (decision \"role by header\")",
        ));
    }
    found.extend([
        threat(
            "tampering",
            format!("a value typed into a form becomes part of a statement that the database runs over {all}"),
            "all values are bound; names in SQL come from the model and are quoted",
        ),
        threat(
            "tampering",
            format!("a page of another site makes a person's browser change {all}"),
            "there is no cookie or session that a foreign page could ride on, and no response allows other origins, so that \
             it can neither set X-Role nor send PATCH or DELETE; a form could still add what no role guards",
        ),
        threat(
            "elevation_of_privilege",
            format!("text in {all} is run as script when another person looks at it"),
            "pages put values in as text, never as markup; a content security policy allows scripts of the service only",
        ),
        threat(
            "information_disclosure",
            "a path with dots in it reads files of the machine".to_owned(),
            "only files of one folder with plain names are served; everything else is 404",
        ),
        threat(
            "denial_of_service",
            "a very large or never-ending body fills memory or holds a connection".to_owned(),
            "bodies above 1 MiB are refused with 413; connections that say nothing are closed after 60 seconds",
        ),
        threat(
            "repudiation",
            format!("nobody can say later who changed {all}"),
            "accepted: the epic asks for no accounts and no log; the decision \"role by header\" says what that costs",
        ),
    ]);
    found
}

fn of_entity(model: &ServiceModel, entity: &Entity) -> Vec<Threat> {
    let mut found = Vec::new();
    let many = &entity.plural;
    let keys = |wanted: &dyn Fn(&maestro_artifacts::Field) -> bool| {
        let names: Vec<_> = entity.fields.iter().filter(|field| wanted(field)).map(|f| f.name.as_str()).collect();
        names.join(", ")
    };
    let personal = keys(&|field| phrases::personal(model, entity, field));
    if !personal.is_empty() {
        found.push(threat(
            "information_disclosure",
            format!("personal data of {many} ({personal}) reaches people who do not need it, in lists, search or CSV"),
            guard(model, entity, "the service listens on 127.0.0.1 only; the epic restricts nobody from reading these"),
        ));
    }
    // What the service works out by itself cannot be changed by anybody.
    let money = keys(&|field| matches!(field.kind, FieldKind::Money) && !field.read_only);
    if !money.is_empty() {
        found.push(threat(
            "tampering",
            format!("an amount of {many} ({money}) is changed to one that nobody agreed to"),
            money_guard(model, entity),
        ));
    }
    let references = keys(&|field| matches!(field.kind, FieldKind::Reference { .. }));
    if !references.is_empty() {
        let goes = entity.fields.iter().any(|field| model.cascade(&entity.key, &field.key).is_some());
        found.push(threat(
            "tampering",
            format!("{many} are made to refer to records that do not exist, or their targets vanish ({references})"),
            if goes {
                "references are checked when a record is written; what is deleted takes with it what the rules say, in one \
                 transaction, and while anything else refers to it, it cannot be deleted (409)"
            } else {
                "references are checked when a record is written; a record that others refer to cannot be deleted (409)"
            },
        ));
    }
    let along: Vec<_> = model.taken_along(entity).into_iter().map(|other| other.plural.as_str()).collect();
    if !along.is_empty() {
        found.push(threat(
            "tampering",
            format!("one deletion among {many} takes {} with it, by mistake or on purpose", along.join(", ")),
            deletion_guard(model, entity),
        ));
    }
    if let Some(workflow) = &entity.workflow {
        found.push(threat(
            "elevation_of_privilege",
            format!("somebody sets {} of {many} past the steps that the epic demands", workflow.field),
            "only the listed changes of state are accepted, decided from the stored record under the writer lock (409)",
        ));
    }
    let shared = model.rules.iter().any(|rule| {
        phrases::entity_of(rule) == entity.key
            && matches!(
                rule.demand,
                RuleKind::Unique { .. }
                    | RuleKind::NoOverlap { .. }
                    | RuleKind::Quota { .. }
                    | RuleKind::Capacity { .. }
            )
    });
    if shared {
        found.push(threat(
            "tampering",
            format!("two requests at the same time make {many} that a rule forbids together"),
            "checks and the write happen in one transaction under one writer lock",
        ));
    }
    found.push(threat(
        "denial_of_service",
        format!("somebody asks for all {many} at once, again and again"),
        "lists are paged with at most 200 records a page; CSV is not paged and costs what the list is long",
    ));
    found
}

/// The rules about who may do one of these things with these records: whether they name the few that may, or those that may
/// not; `None` where there are none.
fn kept_from(model: &ServiceModel, entity: &Entity, actions: &[Action]) -> Option<Kept> {
    let found: Vec<Kept> = model
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::ActionRole { entity: of, action, .. } if *of == entity.key && actions.contains(action) => {
                Some(Kept::ForFew)
            }
            RuleKind::ActionBarred { entity: of, action, .. } if *of == entity.key && actions.contains(action) => {
                Some(Kept::FromSome)
            }
            _ => None,
        })
        .collect();
    found.iter().find(|kept| matches!(kept, Kept::ForFew)).or(found.first()).copied()
}

#[derive(Clone, Copy)]
enum Kept {
    ForFew,
    FromSome,
}

fn guard(model: &ServiceModel, entity: &Entity, otherwise: &'static str) -> &'static str {
    match kept_from(model, entity, &[Action::Read, Action::List]) {
        Some(Kept::ForFew) => "only the roles that the rules name may read them (403)",
        Some(Kept::FromSome) => "the roles that the rules name may not read them (403)",
        None => otherwise,
    }
}

fn deletion_guard(model: &ServiceModel, entity: &Entity) -> &'static str {
    match kept_from(model, entity, &[Action::Delete]) {
        Some(Kept::ForFew) => {
            "only the roles that the rules name may delete them (403), and the page says what goes along before it asks"
        }
        Some(Kept::FromSome) => {
            "the roles that the rules name may not delete them (403), and the page says what goes along before it asks"
        }
        None => "the page says what goes along before it asks; the epic restricts nobody from deleting them",
    }
}

fn money_guard(model: &ServiceModel, entity: &Entity) -> &'static str {
    let of = |rule: &&maestro_artifacts::Rule| phrases::entity_of(rule) == entity.key;
    if model.rules.iter().filter(of).any(|rule| matches!(rule.demand, RuleKind::Immutable { .. })) {
        "amounts are exact decimals; the rules freeze records, so that they cannot be changed afterwards (409)"
    } else if model
        .rules
        .iter()
        .filter(of)
        .any(|rule| matches!(rule.demand, RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. }))
    {
        "amounts are exact decimals; the rules say which roles may change records (403)"
    } else {
        "amounts are exact decimals and checked against every rule; the epic restricts nobody from changing them"
    }
}

fn page(model: &ServiceModel, report: &SecurityReport) -> String {
    let mut page = Page::new(&format!("Threat model of {}", md(&model.title)));
    page.heading(2, "Boundaries").fence(
        "mermaid",
        "flowchart LR\n  person([\"A person's browser\"]) -- \"HTTP, X-Role\" --> service[\"Service on 127.0.0.1\"]\n  \
         service -- \"SQL\" --> records[(\"Records\")]\n  machine[\"Others on the machine\"] -. \"files\" .-> records",
    );
    page.heading(2, "Worth protecting");
    page.bullets(model.entities.iter().map(|entity| worth(model, entity)));
    page.heading(2, "Threats");
    page.table(
        &["Class", "Threat", "What stands against it"],
        report.threats.iter().map(|t| vec![md(&t.class.replace('_', " ")), md(&t.threat), md(&t.mitigation)]),
    );
    page.heading(2, "Checks");
    page.table(
        &["Check", "Files read", "Findings"],
        report.checks.iter().map(|check| {
            let findings = report.findings.iter().filter(|finding| finding.check == check.name).count();
            vec![code(&check.name), check.files.to_string(), findings.to_string()]
        }),
    );
    if report.findings.is_empty() {
        page.text("The checks found nothing.");
    }
    page.bullets(report.findings.iter().map(|finding| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        format!("{severity}: {} line {}: {}", code(&finding.file), finding.line, md(&finding.message))
    }));
    page.finish()
}

fn worth(model: &ServiceModel, entity: &Entity) -> String {
    let mut why = Vec::new();
    for field in &entity.fields {
        if phrases::personal(model, entity, field) {
            why.push(format!("{} is personal", md(&field.name)));
        } else if matches!(field.kind, FieldKind::Money) {
            why.push(format!("{} is money", md(&field.name)));
        }
    }
    let why = if why.is_empty() { "their being right and complete".to_owned() } else { why.join(", ") };
    format!("{}: {why}", md(&entity.plural))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_one_deletion_takes_along_is_a_threat() {
        let field =
            json!({"key": "dog_id", "name": "dog", "kind": {"type": "reference", "entity": "dog"}, "sources": []});
        let entity = |key: &str, fields: serde_json::Value| json!({"key": key, "name": key, "plural": format!("{key}s"), "path": key, "fields": fields, "sources": []});
        let rule =
            |id: &str, demand: serde_json::Value| json!({"id": id, "sources": [], "message": "", "demand": demand});
        let mut model: ServiceModel = serde_json::from_value(json!({"title": "T", "roles": ["keeper"],
            "entities": [entity("dog", json!([])), entity("visit", json!([field]))],
            "rules": [rule("R-1", json!({"kind": "cascade", "entity": "visit", "field": "dog_id"})),
                rule("R-2", json!({"kind": "action_role", "entity": "dog", "action": "delete", "roles": ["keeper"]}))]}))
        .unwrap();
        let told = |model: &ServiceModel| {
            let found = threats(model).into_iter().find(|one| one.threat.starts_with("one deletion among"));
            found.map(|one| (one.threat, one.mitigation))
        };
        let (threat, mitigation) = told(&model).unwrap();
        assert_eq!(threat, "one deletion among dogs takes visits with it, by mistake or on purpose");
        assert!(mitigation.starts_with("only the roles"), "{mitigation}");
        model.rules.pop();
        assert!(told(&model).unwrap().1.contains("restricts nobody"));
        model.rules.clear();
        assert_eq!(told(&model), None);
    }
}
