//! The architect: the completed model, its interface, the decisions and the drawings.

mod decisions;
mod diagrams;

use super::Author;
use crate::{
    escape::{code, md},
    inputs::{Inputs, Need, keeps_records},
    page::Page,
    phrases,
    work::{Refusal, Work, json_text},
};
use maestro_artifacts::{Design, Entity, FieldKind, RuleKind, ServiceModel};
use maestro_domain::{ArtifactKind, Phase};
use std::collections::BTreeMap;

pub(crate) struct SolutionArchitect;

impl Author for SolutionArchitect {
    fn needs(&self, _: Phase) -> Vec<Need> {
        vec![Need::Artifact(ArtifactKind::Requirements)]
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let requirements = inputs.requirements()?;
        keeps_records(&requirements.concepts)?;
        let model = complete(requirements.concepts)?;
        let decisions = decisions::of(&model);
        let openapi = maestro_service::openapi(&model);
        let mut files = BTreeMap::from([
            ("docs/architecture.md".to_owned(), diagrams::page(&model)),
            ("docs/domain-model.md".to_owned(), domain_page(&model)),
            ("openapi.json".to_owned(), json_text(&openapi)?),
        ]);
        for (at, decision) in decisions.iter().enumerate() {
            files.insert(format!("docs/adr/{:04}-{}.md", at + 1, decision.slug), decision.page(at + 1));
        }
        let decisions = decisions.into_iter().map(|decision| decision.title).collect();
        Work::new(files, &Design { model, openapi, decisions })
    }
}

/// The analyst's concepts with what follows from them filled in. What does not fit together is said, not repaired.
fn complete(mut model: ServiceModel) -> Result<ServiceModel, Refusal> {
    let faults = faults(&model);
    if !faults.is_empty() {
        return Err(Refusal::Say(format!("the requirements do not fit together: {}", faults.join("; "))));
    }
    // A role that only a rule names is a role all the same.
    let named: Vec<String> = model
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::TransitionRole { roles, .. }
            | RuleKind::ActionRole { roles, .. }
            | RuleKind::ActionBarred { roles, .. } => Some(roles.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    for role in named {
        if !model.roles.iter().any(|known| same_role(known, &role)) {
            model.roles.push(role);
        }
    }
    Ok(model)
}

/// Role names compare without case, spaces, hyphens and underscores.
fn same_role(a: &str, b: &str) -> bool {
    let bare = |text: &str| {
        text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect::<String>()
    };
    bare(a) == bare(b)
}

fn faults(model: &ServiceModel) -> Vec<String> {
    let mut faults = Vec::new();
    for entity in &model.entities {
        for field in &entity.fields {
            if let FieldKind::Reference { entity: to } = &field.kind
                && model.entity(to).is_none()
            {
                faults.push(format!("`{}.{}` refers to `{to}`, which is not recorded", entity.key, field.key));
            }
        }
        faults.extend(workflow_fault(entity));
    }
    for rule in &model.rules {
        let key = phrases::entity_of(rule);
        let Some(entity) = model.entity(key) else {
            faults.push(format!("rule {} speaks of `{key}`, which is not recorded", rule.id));
            continue;
        };
        let unknown =
            phrases::fields_of(rule).into_iter().find(|field| *field != "id" && entity.field(field).is_none());
        faults.extend(unknown.map(|field| format!("rule {} speaks of `{key}.{field}`, which does not exist", rule.id)));
        if let RuleKind::Cascade { field, .. } = &rule.demand
            && entity.field(field).is_some_and(|field| !matches!(field.kind, FieldKind::Reference { .. }))
        {
            faults.push(format!("rule {} deletes with what `{key}.{field}` refers to, which is nothing", rule.id));
        }
    }
    faults
}

fn workflow_fault(entity: &Entity) -> Option<String> {
    let workflow = entity.workflow.as_ref()?;
    let known = |state: &String| workflow.states.contains(state);
    if entity.field(&workflow.field).is_none() {
        return Some(format!("`{}` has no field `{}` for its states", entity.key, workflow.field));
    }
    let ends = workflow.transitions.iter().flat_map(|t| [&t.from, &t.to]);
    let stray = std::iter::once(&workflow.initial).chain(ends).find(|state| !known(state))?;
    Some(format!("`{}` has no state `{stray}`", entity.key))
}

fn domain_page(model: &ServiceModel) -> String {
    let mut page = Page::new(&format!("Domain model of {}", md(&model.title)));
    page.fence("mermaid", &diagrams::entities(model));
    for entity in &model.entities {
        page.heading(2, &md(&capital(&entity.name)));
        page.text(&format!(
            "Stored as {}, served at {}{}.",
            code(&entity.key),
            code(&format!("/{}", entity.path)),
            phrases::from(&entity.sources)
        ));
        let rows = entity.fields.iter().map(|field| {
            let given = if field.read_only {
                "set by the service"
            } else if phrases::required(model, entity, field) {
                "required"
            } else {
                "may be empty"
            };
            vec![
                code(&field.key),
                md(&field.name),
                phrases::type_of(model, field),
                given.to_owned(),
                phrases::ids(&field.sources),
            ]
        });
        page.table(&["Key", "Name", "Type", "Value", "From"], rows);
        if let Some(states) = diagrams::states(entity) {
            page.text("Its states, and the only changes between them:").fence("mermaid", &states);
        }
        let rules: Vec<_> = phrases::rules_of(model, entity).map(phrases::rule_line).collect();
        if !rules.is_empty() {
            page.heading(3, "Rules").bullets(rules);
        }
    }
    page.finish()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model() -> ServiceModel {
        serde_json::from_value(json!({
            "title": "T", "roles": ["Site engineer"],
            "entities": [{"key": "loan", "name": "loan", "plural": "loans", "path": "loans", "sources": [],
                "fields": [{"key": "tool_id", "name": "tool", "kind": {"type": "reference", "entity": "tool"}, "sources": []},
                    {"key": "note", "name": "note", "kind": {"type": "text"}, "sources": []}],
                "workflow": {"field": "stage", "states": ["a"], "initial": "b", "transitions": [], "sources": []}}],
            "rules": [
                {"id": "R-1", "sources": [], "message": "m", "demand": {"kind": "required", "entity": "loan", "field": "due"}},
                {"id": "R-2", "sources": [], "message": "m", "demand": {"kind": "csv", "entity": "tool"}},
                {"id": "R-3", "sources": [], "message": "m", "demand": {"kind": "cascade", "entity": "loan", "field": "note"}}]
        }))
        .unwrap()
    }

    #[test]
    fn what_does_not_fit_together_is_named() {
        assert_eq!(
            faults(&model()),
            [
                "`loan.tool_id` refers to `tool`, which is not recorded",
                "`loan` has no field `stage` for its states",
                "rule R-1 speaks of `loan.due`, which does not exist",
                "rule R-2 speaks of `tool`, which is not recorded",
                "rule R-3 deletes with what `loan.note` refers to, which is nothing",
            ]
        );
    }

    #[test]
    fn what_is_deleted_together_is_drawn_and_decided() {
        let mut model = model();
        model.rules =
            serde_json::from_value(json!([{"id": "R-1", "sources": [], "message": "loans go with their tool",
            "demand": {"kind": "cascade", "entity": "loan", "field": "tool_id"}}]))
            .unwrap();
        let storage = |model: &ServiceModel| {
            let found = decisions::of(model).into_iter().find(|one| one.slug.starts_with("sqlite")).unwrap();
            found.page(1)
        };
        let page = storage(&model);
        assert!(page.contains("loans go with their tool") && page.contains("in the same transaction"), "{page}");
        assert!(!page.contains("A record that others refer to cannot be deleted"), "{page}");
        let drawing = diagrams::entities(&model);
        assert!(drawing.contains("    reference tool_id FK \"on delete cascade\""), "{drawing}");
        model.rules.clear();
        assert!(storage(&model).contains("A record that others refer to cannot be deleted"));
        assert!(diagrams::entities(&model).contains("    reference tool_id FK\n"));
    }

    #[test]
    fn roles_that_rules_name_are_completed() {
        let mut model = model();
        model.entities[0].fields.clear();
        model.entities[0].workflow = None;
        model.rules = serde_json::from_value(json!([
            {"id": "R-1", "sources": [], "message": "m", "demand":
                {"kind": "action_role", "entity": "loan", "action": "delete", "roles": ["site-engineer", "keeper"]}}]))
        .unwrap();
        assert_eq!(complete(model).unwrap().roles, ["Site engineer", "keeper"]);
    }
}
