//! Drawings in Mermaid: C4 context, container and component, entities and states.

use crate::{
    escape::{md, mermaid},
    page::Page,
    phrases,
};
use maestro_artifacts::{Entity, FieldKind, RuleKind, ServiceModel};

/// `docs/architecture.md`.
pub(super) fn page(model: &ServiceModel) -> String {
    let mut page = Page::new(&format!("Architecture of {}", md(&model.title)));
    page.text(
        "One process serves pages and interface from one port and keeps its records in one SQLite file. \
         The decisions behind this stand in `docs/adr/`, the records in `docs/domain-model.md`, the interface in \
         `openapi.json`.",
    );
    page.heading(2, "Context").fence("mermaid", &context(model));
    page.heading(2, "Containers").fence("mermaid", &containers(model));
    page.heading(2, "Components").fence("mermaid", &components(model));
    page.heading(2, "Records").fence("mermaid", &entities(model));
    page.heading(2, "Life cycles");
    let mut any = false;
    for entity in &model.entities {
        if let Some(states) = states(entity) {
            any = true;
            page.heading(3, &md(&entity.name)).fence("mermaid", &states);
        }
    }
    if !any {
        page.text("No record has states of its own.");
    }
    page.finish()
}

/// The people: the epic's roles, or whoever uses the service where it names none.
fn people(model: &ServiceModel) -> Vec<String> {
    if model.roles.is_empty() { vec!["Anybody who uses the service".to_owned()] } else { model.roles.clone() }
}

fn context(model: &ServiceModel) -> String {
    let plurals: Vec<_> = model.entities.iter().map(|entity| entity.plural.as_str()).collect();
    let mut lines = vec!["C4Context".to_owned(), "  title Who uses the service".to_owned()];
    for (at, person) in people(model).iter().enumerate() {
        lines.push(format!("  Person(p{at}, \"{}\")", mermaid(person)));
    }
    lines.push(format!("  System(service, \"{}\", \"Keeps {}\")", mermaid(&model.title), mermaid(&plurals.join(", "))));
    for at in 0..people(model).len() {
        lines.push(format!("  Rel(p{at}, service, \"uses in a browser\")"));
    }
    lines.join("\n")
}

fn containers(model: &ServiceModel) -> String {
    let mut lines = vec!["C4Container".to_owned(), "  title What runs".to_owned()];
    for (at, person) in people(model).iter().enumerate() {
        lines.push(format!("  Person(p{at}, \"{}\")", mermaid(person)));
    }
    lines.push(format!("  System_Boundary(system, \"{}\") {{", mermaid(&model.title)));
    lines.push(
        "    Container(pages, \"Pages\", \"HTML, CSS, JavaScript\", \"Lists, forms and state buttons\")".to_owned(),
    );
    lines.push(
        "    Container(api, \"Service\", \"Python http.server\", \"Keeps the rules, answers JSON and CSV\")".to_owned(),
    );
    lines.push("    ContainerDb(data, \"Records\", \"SQLite file\", \"One table for each kind of record\")".to_owned());
    lines.push("  }".to_owned());
    for at in 0..people(model).len() {
        lines.push(format!("  Rel(p{at}, pages, \"clicks and types\")"));
    }
    lines.push("  Rel(pages, api, \"HTTP and JSON, role in X-Role\")".to_owned());
    lines.push("  Rel(api, data, \"SQL in transactions\")".to_owned());
    lines.join("\n")
}

fn components(model: &ServiceModel) -> String {
    let mut lines = vec!["C4Component".to_owned(), "  title Inside the service".to_owned()];
    lines.push("  Container_Boundary(api, \"Service\") {".to_owned());
    lines.push(
        "    Component(http, \"HTTP\", \"http.server\", \"Paths, bodies, problem documents, files of the pages\")"
            .to_owned(),
    );
    for (at, entity) in model.entities.iter().enumerate() {
        let rules = phrases::rules_of(model, entity).count();
        lines.push(format!(
            "    Component(e{at}, \"{}\", \"/{}\", \"fields: {}, rules: {rules}\")",
            mermaid(&entity.plural),
            mermaid(&entity.path),
            entity.fields.len(),
        ));
    }
    lines.push(
        "    Component(store, \"Store\", \"sqlite3\", \"One writer at a time, references kept whole\")".to_owned(),
    );
    lines.push("  }".to_owned());
    for (at, entity) in model.entities.iter().enumerate() {
        lines.push(format!("  Rel(http, e{at}, \"asks\")"));
        lines.push(format!("  Rel(e{at}, store, \"reads and writes\")"));
        for to in judged_across(model, entity) {
            lines.push(format!("  Rel(e{at}, e{to}, \"its rules look at\")"));
        }
    }
    lines.join("\n")
}

/// Positions of the other entities that the rules of this one look at through references.
fn judged_across(model: &ServiceModel, entity: &Entity) -> Vec<usize> {
    let across = phrases::rules_of(model, entity).any(|rule| {
        matches!(rule.demand, RuleKind::Requires { .. } | RuleKind::Capacity { .. } | RuleKind::Computed { .. })
    });
    let refers =
        |to: &str| entity.fields.iter().any(|f| matches!(&f.kind, FieldKind::Reference { entity } if entity == to));
    model
        .entities
        .iter()
        .enumerate()
        .filter(|(_, other)| across && other.key != entity.key && refers(&other.key))
        .map(|(at, _)| at)
        .collect()
}

/// Entities, fields and references.
pub(super) fn entities(model: &ServiceModel) -> String {
    let mut lines = vec!["erDiagram".to_owned()];
    for entity in &model.entities {
        lines.push(format!("  {} {{", entity.key));
        lines.push("    integer id PK".to_owned());
        for field in &entity.fields {
            let mark = match &field.kind {
                FieldKind::Reference { .. } if model.cascade(&entity.key, &field.key).is_some() => {
                    " FK \"on delete cascade\""
                }
                FieldKind::Reference { .. } => " FK",
                _ => "",
            };
            lines.push(format!("    {} {}{mark}", type_name(&field.kind), field.key));
        }
        lines.push("  }".to_owned());
    }
    for entity in &model.entities {
        for (from, field) in model.referrers(&entity.key) {
            let one = if phrases::required(model, from, field) { "||" } else { "|o" };
            lines.push(format!("  {} {one}--o{{ {} : {}", entity.key, from.key, field.key));
        }
    }
    lines.join("\n")
}

fn type_name(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. } => "text",
        FieldKind::Integer => "integer",
        FieldKind::Decimal => "decimal",
        FieldKind::Money => "money",
        FieldKind::Date => "date",
        FieldKind::DateTime => "datetime",
        FieldKind::Boolean => "boolean",
        FieldKind::Enum { .. } => "enum",
        FieldKind::Reference { .. } => "reference",
    }
}

/// The states of an entity, where it has any.
pub(super) fn states(entity: &Entity) -> Option<String> {
    let workflow = entity.workflow.as_ref()?;
    let at = |state: &str| workflow.states.iter().position(|known| known == state);
    let mut lines = vec!["stateDiagram-v2".to_owned()];
    for (n, state) in workflow.states.iter().enumerate() {
        lines.push(format!("  state \"{}\" as s{n}", mermaid(state)));
    }
    lines.extend(at(&workflow.initial).map(|n| format!("  [*] --> s{n}")));
    for transition in &workflow.transitions {
        if let (Some(from), Some(to)) = (at(&transition.from), at(&transition.to)) {
            lines.push(format!("  s{from} --> s{to}"));
        }
    }
    Some(lines.join("\n"))
}
