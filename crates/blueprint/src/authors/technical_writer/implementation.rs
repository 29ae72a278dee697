//! `docs/guide.md`: how a person does what each story wants.

use super::{open_points, roles};
use crate::{
    escape::{code, command, md},
    inputs::Inputs,
    page::Page,
    phrases,
    work::Refusal,
};
use maestro_artifacts::{Design, Entity, Flow, Frontend, Requirements, Screen, ScreenKind, Screens, ServiceModel};
use maestro_domain::ArtifactKind;

pub(super) fn page(requirements: &Requirements, inputs: &Inputs) -> Result<String, Refusal> {
    let design = inputs.design()?;
    let operations = inputs.operations()?;
    let screens: Screens = inputs.document(ArtifactKind::Screens)?;
    let frontend: Frontend = inputs.document(ArtifactKind::Frontend)?;
    if frontend.index.is_empty() || frontend.screens.is_empty() {
        return Err(Refusal::empty(ArtifactKind::Frontend));
    }
    let mut page = Page::new(&format!("Guide to {}", md(&screens.title)));
    page.heading(2, "Begin");
    page.text(&format!(
        "Somebody starts the service with {} and tells you its address, such as `http://127.0.0.1:8000/`. Open it in a browser.",
        code(&format!("{}=8000 {}", operations.port_env, command(&operations.start)))
    ));
    if requirements.concepts.roles.is_empty() {
        page.text("There are no roles: everybody can do everything that is described here.");
    } else {
        page.text(&format!(
            "On top of every page, choose the role in which you act ({}). What a role may not do is refused, with the reason.",
            roles(requirements)
        ));
    }
    page.heading(2, "What you can do");
    for flow in &screens.flows {
        walk(&mut page, flow, &screens, requirements, &design);
    }
    page.heading(2, "The screens");
    for screen in screens.screens.iter().filter(|screen| frontend.screens.contains(&screen.id)) {
        describe(&mut page, screen, &design);
    }
    page.heading(2, "When something is refused");
    page.text("The page says why, beside the field that is to blame, and keeps what you typed. These are the reasons there can be:");
    for entity in &design.model.entities {
        let rules: Vec<_> = phrases::rules_of(&design.model, entity).map(phrases::rule_line).collect();
        if !rules.is_empty() {
            page.heading(3, &md(&entity.plural)).bullets(rules);
        }
    }
    let open = open_points(requirements);
    if !open.is_empty() {
        page.heading(2, "What is not there").bullets(open);
    }
    Ok(page.finish())
}

fn walk(page: &mut Page, flow: &Flow, screens: &Screens, requirements: &Requirements, design: &Design) {
    phrases::flow(page, flow, requirements);
    let found = flow.steps.iter().filter_map(|step| screens.screens.iter().find(|screen| screen.id == *step));
    page.steps(found.map(|screen| step(screen, design)));
}

fn step(screen: &Screen, design: &Design) -> String {
    let (one, many) = names(design.model.entity(&screen.entity));
    let title = md(&screen.title);
    match screen.kind {
        ScreenKind::List => format!("On **{title}**, find the {one} among all {many}, or choose to add one."),
        ScreenKind::Form => format!("On **{title}**, fill in the fields and save."),
        ScreenKind::Detail if screen.transitions.is_empty() => {
            format!("On **{title}**, see the {one} and what belongs to it.")
        }
        ScreenKind::Detail => {
            let states: Vec<_> = screen.transitions.iter().map(|state| code(state)).collect();
            format!("On **{title}**, see the {one}; the buttons change its state ({}).", states.join(", "))
        }
        ScreenKind::Totals => format!("On **{title}**, choose by what to group the {many}, and read the numbers."),
    }
}

fn names(entity: Option<&Entity>) -> (String, String) {
    entity.map_or(("record".into(), "records".into()), |e| (md(&e.name), md(&e.plural)))
}

fn describe(page: &mut Page, screen: &Screen, design: &Design) {
    let entity = design.model.entity(&screen.entity);
    let name = |key: &String| entity.and_then(|e| e.field(key)).map_or_else(|| code(key), |field| md(&field.name));
    let list = |keys: &[String]| keys.iter().map(name).collect::<Vec<_>>().join(", ");
    page.heading(3, &md(&screen.title));
    let (one, many) = names(entity);
    page.text(&match screen.kind {
        ScreenKind::List => format!("All {many}. Type into the search field, choose filters, click a heading to order; the CSV link downloads them."),
        ScreenKind::Detail => format!("One {one}, with buttons to edit, to delete and to change its state where that is allowed."),
        ScreenKind::Form => format!("Adds or changes a {one}."),
        ScreenKind::Totals => format!("Counts and sums over {many}."),
    });
    let mut lines = Vec::new();
    if !screen.fields.is_empty() {
        lines.push(format!("You see: {}", list(&screen.fields)));
    }
    if !screen.filters.is_empty() {
        let what = if screen.kind == ScreenKind::Totals { "You group by" } else { "You filter by" };
        lines.push(format!("{what}: {}", list(&screen.filters)));
    }
    if let (ScreenKind::Detail, Some(entity)) = (screen.kind, entity) {
        lines.extend(goes_along(&design.model, entity));
    }
    page.bullets(lines);
}

/// What is deleted with a record, where anything is.
fn goes_along(model: &ServiceModel, entity: &Entity) -> Option<String> {
    let along: Vec<_> = model.taken_along(entity).into_iter().map(|other| md(&other.plural)).collect();
    let kept = if model.can_be_kept(entity) { "; where one of them must be kept, nothing is deleted" } else { "" };
    (!along.is_empty()).then(|| format!("Deleted with it: {}{kept}", along.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn people_are_told_what_is_deleted_with_a_record() {
        let field =
            json!({"key": "dog_id", "name": "dog", "kind": {"type": "reference", "entity": "dog"}, "sources": []});
        let entity = |key: &str, fields: Value| json!({"key": key, "name": key, "plural": format!("{key}s"), "path": key, "fields": fields, "sources": []});
        let rule = |id: &str, demand: Value| json!({"id": id, "sources": [], "message": "", "demand": demand});
        let mut model: ServiceModel = serde_json::from_value(json!({"title": "T", "roles": [],
            "entities": [entity("dog", json!([])), entity("visit", json!([field]))],
            "rules": [rule("R-1", json!({"kind": "cascade", "entity": "visit", "field": "dog_id"})),
                rule("R-2", json!({"kind": "no_delete", "entity": "visit", "when": [{"test": "empty", "field": "dog_id"}]}))]}))
        .unwrap();
        let told = |model: &ServiceModel, key: &str| goes_along(model, model.entity(key).unwrap());
        let all = "Deleted with it: visits; where one of them must be kept, nothing is deleted";
        assert_eq!(told(&model, "dog").as_deref(), Some(all));
        assert_eq!(told(&model, "visit"), None);
        model.rules.pop();
        assert_eq!(told(&model, "dog").as_deref(), Some("Deleted with it: visits"));
    }
}
