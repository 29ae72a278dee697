//! The designer: screens and the ways of people through them.

use super::Author;
use crate::{
    escape::{code, md, mermaid},
    inputs::{Inputs, Need},
    page::Page,
    phrases,
    work::{Refusal, Work},
};
use maestro_artifacts::{Entity, Flow, Requirements, Screen, ScreenKind, Screens, ServiceModel};
use maestro_domain::{ArtifactKind, Phase};
use std::collections::BTreeMap;

pub(crate) struct UiUxDesigner;

impl Author for UiUxDesigner {
    fn needs(&self, _: Phase) -> Vec<Need> {
        vec![Need::Artifact(ArtifactKind::Requirements)]
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let requirements = inputs.requirements()?;
        let screens = maestro_service::screens(&requirements);
        let files = BTreeMap::from([("docs/screens.md".to_owned(), page(&screens, &requirements))]);
        Work::new(files, &screens)
    }
}

fn page(screens: &Screens, requirements: &Requirements) -> String {
    let model = &requirements.concepts;
    let mut page = Page::new(&format!("Screens of {}", md(&screens.title)));
    if screens.roles.is_empty() {
        page.text("The epic names no roles; nobody has to choose one.");
    } else {
        page.text("In the header a person chooses the role to act in:");
        page.bullets(screens.roles.iter().map(|role| md(role)));
    }
    page.text("Every refusal is shown beside the field that is to blame, and what was typed stays in the form.");
    page.heading(2, "Screens");
    if screens.screens.is_empty() {
        page.text("None: no statement of the epic was understood as a kind of record to keep.");
    }
    for screen in &screens.screens {
        describe(&mut page, screen, model);
    }
    page.heading(2, "Flows");
    for flow in &screens.flows {
        walk(&mut page, flow, screens, requirements);
    }
    page.finish()
}

fn describe(page: &mut Page, screen: &Screen, model: &ServiceModel) {
    let entity = model.entity(&screen.entity);
    let names = |keys: &[String]| keys.iter().map(|key| name(entity, key)).collect::<Vec<_>>().join(", ");
    page.heading(3, &format!("{} ({})", md(&screen.title), code(&screen.id)));
    page.text(&purpose(screen.kind, entity));
    let mut lines = vec![format!(
        "Shows: {}",
        if screen.fields.is_empty() { "nothing but its buttons".into() } else { names(&screen.fields) }
    )];
    if !screen.filters.is_empty() {
        let what = if screen.kind == ScreenKind::Totals { "Groups by" } else { "Filters by" };
        lines.push(format!("{what}: {}", names(&screen.filters)));
    }
    if !screen.transitions.is_empty() {
        let states: Vec<_> = screen.transitions.iter().map(|state| code(state)).collect();
        lines.push(format!("Buttons to change the state to: {}", states.join(", ")));
    }
    page.bullets(lines);
}

fn name(entity: Option<&Entity>, key: &str) -> String {
    entity.and_then(|entity| entity.field(key)).map_or_else(|| code(key), |field| md(&field.name))
}

fn purpose(kind: ScreenKind, entity: Option<&Entity>) -> String {
    let (one, many) = entity.map_or(("record".into(), "records".into()), |e| (md(&e.name), md(&e.plural)));
    match kind {
        ScreenKind::List => format!("All {many} in a table, with search, filters, pages and a download as CSV."),
        ScreenKind::Detail => format!("One {one}: its values, what belongs to it, and what can be done with it now."),
        ScreenKind::Form => format!("Adds a {one} or changes one."),
        ScreenKind::Totals => format!("Numbers over all {many}, by group."),
    }
}

fn walk(page: &mut Page, flow: &Flow, screens: &Screens, requirements: &Requirements) {
    phrases::flow(page, flow, requirements);
    let mut lines = vec!["flowchart LR".to_owned()];
    for (at, step) in flow.steps.iter().enumerate() {
        let title = screens.screens.iter().find(|screen| screen.id == *step).map_or(step.as_str(), |s| &s.title);
        lines.push(format!("  s{at}[\"{}\"]", mermaid(title)));
    }
    for at in 1..flow.steps.len() {
        lines.push(format!("  s{} --> s{at}", at - 1));
    }
    page.fence("mermaid", &lines.join("\n"));
}
