//! `check_flows`: screens that nobody reaches or gets on from, and stories that no way through the screens serves.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
    given,
};
use maestro_artifacts::{
    ScreenKind, Screens, ServiceModel,
    delivery::Severity::{High, Low, Medium},
};
use maestro_domain::{ArtifactKind, Epic, StatementKind};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct CheckFlows;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The screens document: title, roles, screens, flows; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "screens_schema")]
    screens: Option<Value>,
}

pub(super) fn screens_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["object", "null"],
        "properties": {
            "title": {"type": "string"},
            "roles": {"type": "array", "items": {"type": "string"}},
            "screens": {"type": "array", "items": {"type": "object"}},
            "flows": {"type": "array", "items": {"type": "object"}},
        },
    })
}

/// The screens given, or those handed over.
pub(super) fn screens(given: Option<Value>, workspace: &Workspace<'_>) -> Result<Screens, Error> {
    if let Some(value) = given {
        return given::typed(&value, "`screens`");
    }
    match workspace.context().upstream.get(&ArtifactKind::Screens) {
        Some(upstream) => given::typed(&upstream.document, "the artifact `screens`"),
        None => Err(Error::Respond(
            "no screens were handed over yet: give them as `screens`, with title, roles, screens and flows".to_owned(),
        )),
    }
}

impl Tool for CheckFlows {
    const NAME: &'static str = "check_flows";
    const DESCRIPTION: &'static str = "Checks screens and flows: screens that no flow reaches or leads on from, flows through screens that are not there, stories without a flow, entities and fields that the model does not have.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let screens = screens(args.screens, workspace)?;
        let model = given::model(None, workspace).ok();
        let findings = check(&screens, &workspace.context().epic, model.as_ref());
        Ok(Report { checked: screens.screens.len() + screens.flows.len(), findings })
    }
}

fn check(screens: &Screens, epic: &Epic, model: Option<&ServiceModel>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known = BTreeMap::new();
    for screen in &screens.screens {
        let mut found = Findings::of(&screen.id);
        if known.insert(screen.id.as_str(), screen).is_some() {
            found.add("twice", High, 0, format!("two screens have the id `{}`", screen.id), "give each its own");
        }
        if let Some(model) = model {
            match model.entity(&screen.entity) {
                None => found.add(
                    "model",
                    High,
                    0,
                    format!("`{}` is no entity of the model", screen.entity),
                    "name one by its key",
                ),
                Some(entity) => {
                    let own = |field: &String| {
                        entity.field(field.split('.').next().unwrap_or(field)).is_some() || field == "id"
                    };
                    for field in screen.fields.iter().chain(&screen.filters).filter(|field| !own(field)) {
                        found.add(
                            "model",
                            High,
                            0,
                            format!("`{}` has no field `{field}`", screen.entity),
                            "name one by its key",
                        );
                    }
                    let states = entity.workflow.as_ref().map_or(&[][..], |flow| flow.states.as_slice());
                    for state in screen.transitions.iter().filter(|state| !states.contains(state)) {
                        found.add(
                            "model",
                            High,
                            0,
                            format!("`{state}` is no state of `{}`", screen.entity),
                            "name one as the workflow has it",
                        );
                    }
                    if screen.kind == ScreenKind::Form {
                        let shown = |field: &str| {
                            screens.screens.iter().any(|s| {
                                s.kind == ScreenKind::Form
                                    && s.entity == screen.entity
                                    && s.fields.iter().any(|f| f == field)
                            })
                        };
                        let required = model.rules.iter().filter_map(|rule| match &rule.demand {
                            maestro_artifacts::RuleKind::Required { entity, field } if *entity == screen.entity => {
                                Some(field)
                            }
                            _ => None,
                        });
                        for field in required.filter(|field| !shown(field)) {
                            found.add(
                                "required",
                                High,
                                0,
                                format!("`{field}` is required and can be entered nowhere"),
                                "add it to the form",
                            );
                        }
                    }
                }
            }
        }
        if screen.fields.is_empty() {
            found.add("empty", Medium, 0, format!("`{}` shows no field", screen.id), "name the fields that it shows");
        }
        findings.extend(found.finish());
    }
    let mut leads: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for flow in &screens.flows {
        let mut found = Findings::of(&flow.title);
        for step in flow.steps.iter().filter(|step| !known.contains_key(step.as_str())) {
            let near =
                known.keys().min_by_key(|id| strsim::osa_distance(id, step)).map(|id| format!("did you mean `{id}`?"));
            found.add(
                "flow",
                High,
                0,
                format!("there is no screen `{step}`"),
                near.unwrap_or_else(|| "add it".to_owned()),
            );
        }
        if flow.steps.is_empty() {
            found.add("flow", High, 0, "the flow has no step", "name the screens in order");
        }
        for pair in flow.steps.windows(2) {
            if let [from, to] = pair {
                leads.entry(from).or_default().insert(to);
            }
        }
        if let Some(story) =
            flow.story.as_ref().filter(|story| epic.statement(story).is_none() && !epic.statements.is_empty())
        {
            found.add("story", High, 0, format!("the epic has no statement `{story}`"), "name a story of the epic");
        }
        findings.extend(found.finish());
    }
    // Lists and totals stand in the menu; all else must be led to.
    let menu = screens.screens.iter().filter(|screen| matches!(screen.kind, ScreenKind::List | ScreenKind::Totals));
    let mut reached: BTreeSet<&str> = menu.map(|screen| screen.id.as_str()).collect();
    while let Some(next) =
        reached.iter().flat_map(|id| leads.get(id).into_iter().flatten()).find(|id| !reached.contains(*id)).copied()
    {
        reached.insert(next);
    }
    for screen in screens.screens.iter().filter(|screen| !reached.contains(screen.id.as_str())) {
        let mut found = Findings::of(&screen.id);
        found.add(
            "unreachable",
            Medium,
            0,
            format!("no flow leads from a list to `{}`", screen.id),
            "add a flow that passes it, or leave it out",
        );
        findings.extend(found.finish());
    }
    for screen in screens.screens.iter().filter(|screen| {
        screen.kind == ScreenKind::Form
            && reached.contains(screen.id.as_str())
            && !leads.contains_key(screen.id.as_str())
    }) {
        let mut found = Findings::of(&screen.id);
        found.add(
            "dead-end",
            Low,
            0,
            format!("no flow says what follows when `{}` is saved", screen.id),
            "let a flow go on to the record or the list",
        );
        findings.extend(found.finish());
    }
    for story in epic.statements.iter().filter(|s| s.kind == StatementKind::Story && s.deferred.is_none()) {
        if !screens.flows.iter().any(|flow| flow.story.as_ref() == Some(&story.id)) {
            let id = story.id.to_string();
            let mut found = Findings::of(&id);
            found.add("story", Medium, 0, format!("no flow serves `{id}`"), "add one with `story`");
            findings.extend(found.finish());
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;
    use std::sync::Arc;

    fn document() -> Value {
        json!({"title": "T", "roles": [], "screens": [
            {"id": "loans-list", "title": "Loans", "kind": "list", "entity": "loan", "fields": ["due"]},
            {"id": "loan-form", "title": "Loan", "kind": "form", "entity": "loan", "fields": ["due"]},
            {"id": "loan", "title": "Loan", "kind": "detail", "entity": "loan", "fields": ["due"]},
        ], "flows": [{"title": "Lend", "story": "US-1", "steps": ["loans-list", "loan-form", "loan"]}]})
    }

    async fn told(document: Value) -> Vec<String> {
        let mut context = context();
        context.epic = Arc::new(serde_json::from_value(json!({"title": "E", "statements": [{"id": "US-1", "kind": "story", "text": "t", "line": 1, "section": []}]})).unwrap());
        let model = json!({"model": {"title": "T", "roles": [], "rules": [{"id": "R-1", "sources": [], "message": "", "demand": {"kind": "required", "entity": "loan", "field": "due"}}], "entities": [{"key": "loan", "name": "loan", "plural": "loans", "path": "l", "sources": [],
            "fields": [{"key": "due", "name": "due", "kind": {"type": "date"}, "sources": []}]}]}});
        context.upstream.insert(ArtifactKind::Design, crate::Upstream { document: model.into(), ..Default::default() });
        let got = run(CheckFlows, json!({"screens": document}), &mut context).await.unwrap();
        got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{} {}", f["path"].as_str().unwrap(), f["rule"].as_str().unwrap()))
            .collect()
    }

    #[tokio::test]
    async fn what_does_not_fit_together_is_found() {
        assert_eq!(told(document()).await, [] as [String; 0]);
        for (at, value, want) in [
            ("/flows/0/steps/1", json!("loan-frm"), &["Lend flow", "loan-form unreachable"][..]),
            ("/flows/0/steps", json!(["loans-list", "loan", "loan-form"]), &["loan-form dead-end"]),
            ("/flows/0/story", json!("US-7"), &["Lend story", "US-1 story"]),
            ("/screens/2/id", json!("loan-form"), &["loan-form twice", "Lend flow"]),
            ("/screens/0/fields", json!([]), &["loans-list empty"]),
            ("/screens/1/fields", json!(["de"]), &["loan-form model", "loan-form required"]),
            ("/screens/0/entity", json!("lone"), &["loans-list model"]),
            ("/screens/2/transitions", json!(["open"]), &["loan model"]),
        ] {
            let mut changed = document();
            let (parent, name) = at.rsplit_once('/').unwrap();
            match changed.pointer_mut(parent).unwrap() {
                Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
                other => other[name] = value,
            }
            assert_eq!(told(changed).await, want, "{at}");
        }
        assert!(run(CheckFlows, json!({}), &mut context()).await.is_err());
    }
}
