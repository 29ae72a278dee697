//! `maestro execute --dry-run`: what was understood of an epic, and what was not. Creates nothing.

use crate::{
    output::{Output, number},
    stop::Exit,
};
use maestro_artifacts::{Entity, Field, FieldKind, Requirements, RuleKind, ServiceModel, Understanding};
use maestro_domain::{Epic, StatementId, StatementKind};

/// Shows it. An epic that would block is a good answer to the question, so the exit code is 0.
pub(crate) fn show(epic: &Epic, json: bool, output: &Output) -> Exit {
    let requirements = maestro_reader::read(epic);
    if json {
        output.json(&requirements);
        return Exit::Ok;
    }
    output.line(output.out().bold(&epic.title));
    let model = &requirements.concepts;
    for entity in &model.entities {
        show_entity(model, entity, output);
    }
    show_rules(model, output);
    show_statements(epic, &requirements, output);
    show_verdict(epic, &requirements, output);
    Exit::Ok
}

fn show_entity(model: &ServiceModel, entity: &Entity, output: &Output) {
    let paint = output.out();
    let Entity { name, path, fields, workflow, sources, .. } = entity;
    output.line(format!("\n{}  /{path}  {}", paint.bold(name), paint.dim(ids(sources))));
    for field in fields {
        let required = model.rules.iter().any(|rule| {
            matches!(&rule.demand, RuleKind::Required { entity: of, field: key } if *of == entity.key && *key == field.key)
        });
        output.line(format!("  {:<24} {:<40} {}", field.key, notes(field, required), paint.dim(ids(&field.sources))));
    }
    if let Some(workflow) = workflow {
        output.line(format!("  workflow of {} begins at {}", workflow.field, paint.cyan(&workflow.initial)));
        for step in &workflow.transitions {
            output.line(format!("    {} → {}  {}", step.from, step.to, paint.dim(ids(&step.sources))));
        }
    }
}

/// The kind of a field, then what else holds of it; before a list of values, which would seem to go on.
fn notes(field: &Field, required: bool) -> String {
    let mut notes = Vec::new();
    if required {
        notes.push("required".to_owned());
    }
    if field.read_only {
        notes.push("set by the service".to_owned());
    }
    let at = if matches!(field.kind, FieldKind::Enum { .. }) { notes.len() } else { 0 };
    notes.insert(at, kind(field));
    notes.join(", ")
}

fn kind(field: &Field) -> String {
    match &field.kind {
        FieldKind::Text { .. } => "text".to_owned(),
        FieldKind::Integer => "integer".to_owned(),
        FieldKind::Decimal => "decimal".to_owned(),
        FieldKind::Money => "money".to_owned(),
        FieldKind::Date => "date".to_owned(),
        FieldKind::DateTime => "date and time".to_owned(),
        FieldKind::Boolean => "yes or no".to_owned(),
        FieldKind::Enum { values } => format!("one of {}", values.join(", ")),
        FieldKind::Reference { entity } => format!("→ {entity}"),
    }
}

fn show_rules(model: &ServiceModel, output: &Output) {
    if model.rules.is_empty() {
        return;
    }
    let paint = output.out();
    output.line(format!("\n{}", paint.bold("rules")));
    for rule in &model.rules {
        let message = if rule.message.is_empty() { what(&rule.demand) } else { rule.message.clone() };
        output.line(format!("  {:<6} {message}  {}", rule.id, paint.dim(ids(&rule.sources))));
    }
}

/// The kind of a rule that has no sentence of its own.
fn what(demand: &RuleKind) -> String {
    let value = serde_json::to_value(demand).unwrap_or_default();
    let part = |name: &str| value.get(name).and_then(|part| part.as_str()).unwrap_or_default().replace('_', " ");
    [part("kind"), part("action"), part("entity"), part("field")]
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn show_statements(epic: &Epic, requirements: &Requirements, output: &Output) {
    let paint = output.out();
    let mut heading = Heading(None);
    for item in &requirements.items {
        if let Understanding::Unknown { quote, why } = &item.understanding {
            heading.under(output, paint.yellow("not understood"));
            output.line(format!("  {:<8} `{quote}`\n           {}", item.id.to_string(), paint.dim(why)));
        }
    }
    for contradiction in &requirements.contradictions {
        heading.under(output, paint.yellow("contradictions"));
        output.line(format!("  {}  {}", contradiction.message, paint.dim(ids(&contradiction.statements))));
    }
    for item in &requirements.items {
        if let Understanding::Deferred { words } = &item.understanding {
            heading.under(output, paint.bold("deferred by the epic's own words"));
            output.line(format!("  {:<8} {}  {}", item.id.to_string(), item.text, paint.dim(format!("(`{words}`)"))));
        }
    }
    for statement in epic.statements.iter().filter(|statement| statement.kind == StatementKind::Narrative) {
        heading.under(output, paint.bold("narrative, read and not traced"));
        output.line(format!("  {:<8} {}", statement.id.to_string(), statement.text));
    }
}

/// Writes each heading once.
struct Heading(Option<String>);

impl Heading {
    fn under(&mut self, output: &Output, heading: String) {
        if self.0.as_ref() != Some(&heading) {
            output.line(format!("\n{heading}"));
            self.0 = Some(heading);
        }
    }
}

fn show_verdict(epic: &Epic, requirements: &Requirements, output: &Output) {
    let paint = output.out();
    let model = &requirements.concepts;
    let understood =
        requirements.items.iter().filter(|item| !matches!(item.understanding, Understanding::Unknown { .. })).count();
    output.line(format!(
        "\n{} of {} statements understood: {}, {}",
        understood,
        requirements.items.len(),
        number(model.entities.len(), "kind of records", "kinds of records"),
        number(model.rules.len(), "rule", "rules")
    ));
    // A story without a meaning of its own means what stands below it.
    let unknown = requirements.unknown().filter(|item| epic.below(&item.id).next().is_none()).count();
    if !requirements.contradictions.is_empty() {
        output.line(paint.yellow("would be blocked: statements contradict each other, a person must decide"));
    } else if model.entities.is_empty() {
        output.line(paint.yellow("would be blocked: no statement was understood as a kind of record to keep"));
    } else if unknown > 0 {
        output.line(paint.yellow(format!(
            "would be blocked: {} without a meaning, a model or a person is needed",
            number(unknown, "statement", "statements")
        )));
    }
}

fn ids(ids: &[StatementId]) -> String {
    let ids: Vec<_> = ids.iter().map(StatementId::as_str).collect();
    if ids.is_empty() { String::new() } else { format!("[{}]", ids.join(" ")) }
}
