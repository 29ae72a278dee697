//! The model in words: how pages speak of fields, types and rules.

use crate::{
    escape::{code, md},
    page::Page,
};
use maestro_artifacts::{
    Action, Entity, Field, FieldKind, Flow, Requirements, Rule, RuleKind, ServiceModel, TextFormat,
};
use maestro_domain::StatementId;

/// The entity whose requests a rule judges.
pub(crate) fn entity_of(rule: &Rule) -> &str {
    use RuleKind as K;
    match &rule.demand {
        K::Capability { entity, .. }
        | K::HasField { entity, .. }
        | K::Required { entity, .. }
        | K::RequiredWhen { entity, .. }
        | K::EmptyWhen { entity, .. }
        | K::Default { entity, .. }
        | K::Unique { entity, .. }
        | K::Range { entity, .. }
        | K::Places { entity, .. }
        | K::Length { entity, .. }
        | K::Pattern { entity, .. }
        | K::Format { entity, .. }
        | K::Compare { entity, .. }
        | K::Requires { entity, .. }
        | K::Transitions { entity }
        | K::TransitionRole { entity, .. }
        | K::TransitionRequires { entity, .. }
        | K::Stamp { entity, .. }
        | K::Immutable { entity, .. }
        | K::NoDelete { entity, .. }
        | K::Cascade { entity, .. }
        | K::NoOverlap { entity, .. }
        | K::Quota { entity, .. }
        | K::Computed { entity, .. }
        | K::Totals { entity, .. }
        | K::List { entity, .. }
        | K::Filter { entity, .. }
        | K::Sort { entity, .. }
        | K::Search { entity, .. }
        | K::Csv { entity }
        | K::ActionRole { entity, .. }
        | K::ActionBarred { entity, .. } => entity,
        K::Capacity { child, .. } => child,
    }
}

/// The fields that a rule is about, as keys.
pub(crate) fn fields_of(rule: &Rule) -> Vec<&str> {
    use RuleKind as K;
    match &rule.demand {
        K::HasField { field, .. }
        | K::Required { field, .. }
        | K::RequiredWhen { field, .. }
        | K::EmptyWhen { field, .. }
        | K::Default { field, .. }
        | K::Range { field, .. }
        | K::Places { field, .. }
        | K::Length { field, .. }
        | K::Pattern { field, .. }
        | K::Format { field, .. }
        | K::Compare { field, .. }
        | K::Stamp { field, .. }
        | K::Computed { field, .. }
        | K::Filter { field, .. }
        | K::Cascade { field, .. }
        | K::Sort { field, .. } => vec![field],
        K::Unique { fields, .. }
        | K::TransitionRequires { fields, .. }
        | K::Immutable { fields, .. }
        | K::Search { fields, .. }
        | K::ActionRole { fields, .. }
        | K::ActionBarred { fields, .. } => fields.iter().map(String::as_str).collect(),
        K::NoOverlap { via: Some(via), by, .. } => [via].into_iter().chain(by).map(String::as_str).collect(),
        K::NoOverlap { start, end, by, .. } => [start, end].into_iter().chain(by).map(String::as_str).collect(),
        K::Quota { by, .. } => by.iter().map(String::as_str).collect(),
        K::Capacity { via, .. } => vec![via],
        K::Capability { .. }
        | K::Requires { .. }
        | K::Transitions { .. }
        | K::TransitionRole { .. }
        | K::NoDelete { .. }
        | K::Totals { .. }
        | K::List { .. }
        | K::Csv { .. } => Vec::new(),
    }
}

/// What kind of rule it is, for headings and tables.
pub(crate) fn kind_of(rule: &Rule) -> &'static str {
    use RuleKind as K;
    match &rule.demand {
        K::Capability { action, .. } => match action {
            Action::Create => "records are added",
            Action::Read => "a record is shown",
            Action::List => "records are listed",
            Action::Update => "records are changed",
            Action::Delete => "records are deleted",
        },
        K::HasField { .. } => "field",
        K::Required { .. } | K::RequiredWhen { .. } => "required",
        K::EmptyWhen { .. } => "no value",
        K::Default { .. } => "default value",
        K::Unique { .. } => "unique",
        K::Range { .. } => "bounds",
        K::Places { .. } => "decimal places",
        K::Length { .. } => "length",
        K::Pattern { .. } => "pattern",
        K::Format { format, .. } => match format {
            TextFormat::Email => "e-mail address",
            TextFormat::Url => "web address",
            TextFormat::Phone => "telephone number",
        },
        K::Compare { .. } => "comparison",
        K::Requires { .. } => "precondition",
        K::Transitions { .. } => "changes of state",
        K::TransitionRole { .. } => "role for a change of state",
        K::TransitionRequires { .. } => "fields for a change of state",
        K::Stamp { .. } => "set by the service",
        K::Immutable { .. } => "frozen",
        K::NoDelete { .. } => "not deleted",
        K::Cascade { .. } => "deleted together",
        K::NoOverlap { .. } => "no overlap",
        K::Capacity { .. } | K::Quota { .. } => "limit",
        K::Computed { .. } => "computed",
        K::Totals { .. } => "totals",
        K::List { .. } => "order of the list",
        K::Filter { .. } => "filter",
        K::Sort { .. } => "order on request",
        K::Search { .. } => "search",
        K::Csv { .. } => "CSV",
        K::ActionRole { .. } => "role",
        K::ActionBarred { .. } => "barred role",
    }
}

/// One bullet: id, sentence, statements.
pub(crate) fn rule_line(rule: &Rule) -> String {
    let sentence = if rule.message.trim().is_empty() { kind_of(rule).to_owned() } else { md(&rule.message) };
    format!("**{}** ({}): {sentence}{}", md(&rule.id), kind_of(rule), from(&rule.sources))
}

/// ` (US-1, AC-1.2)`, or nothing.
pub(crate) fn from(sources: &[StatementId]) -> String {
    if sources.is_empty() { String::new() } else { format!(" ({})", ids(sources)) }
}

/// `US-1, AC-1.2`.
pub(crate) fn ids(sources: &[StatementId]) -> String {
    sources.iter().map(StatementId::as_str).collect::<Vec<_>>().join(", ")
}

/// A flow's heading and its story, without saying the same twice.
pub(crate) fn flow(page: &mut Page, flow: &Flow, requirements: &Requirements) {
    let story = flow.story.as_ref().and_then(|id| requirements.items.iter().find(|item| item.id == *id));
    let Some(story) = story else {
        page.heading(3, &md(&flow.title));
        return;
    };
    if flow.title == story.text {
        page.heading(3, story.id.as_str());
    } else {
        page.heading(3, &format!("{}: {}", story.id, md(&flow.title)));
    }
    page.text(&format!("> {}", md(&story.text)));
}

/// The type of a field, in words.
pub(crate) fn type_of(model: &ServiceModel, field: &Field) -> String {
    match &field.kind {
        FieldKind::Text { long: false } => "text".to_owned(),
        FieldKind::Text { long: true } => "long text".to_owned(),
        FieldKind::Integer => "whole number".to_owned(),
        FieldKind::Decimal => "number".to_owned(),
        FieldKind::Money => "amount of money".to_owned(),
        FieldKind::Date => "date".to_owned(),
        FieldKind::DateTime => "date and time".to_owned(),
        FieldKind::Boolean => "yes or no".to_owned(),
        FieldKind::Enum { values } => {
            format!("one of {}", values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", "))
        }
        FieldKind::Reference { entity } => {
            let name = model.entity(entity).map_or(entity.as_str(), |entity| &entity.name);
            format!("reference to {}", md(name))
        }
    }
}

/// Whether a value must always be given when a record is made.
pub(crate) fn required(model: &ServiceModel, entity: &Entity, field: &Field) -> bool {
    model.rules.iter().any(|rule| {
        matches!(&rule.demand, RuleKind::Required { entity: e, field: f } if *e == entity.key && *f == field.key)
    })
}

/// The rules that judge requests on an entity, without those that only say what there is.
pub(crate) fn rules_of<'a>(model: &'a ServiceModel, entity: &'a Entity) -> impl Iterator<Item = &'a Rule> {
    model.rules.iter().filter(move |rule| {
        entity_of(rule) == entity.key && !matches!(rule.demand, RuleKind::Capability { .. } | RuleKind::HasField { .. })
    })
}

/// Fields that hold data about a person: by form, or by what English calls such data.
pub(crate) fn personal(model: &ServiceModel, entity: &Entity, field: &Field) -> bool {
    const WORDS: [&str; 17] = [
        "email",
        "mail",
        "phone",
        "telephone",
        "mobile",
        "address",
        "birth",
        "birthday",
        "birthdate",
        "surname",
        "firstname",
        "lastname",
        "contact",
        "guest",
        "patient",
        "iban",
        "passport",
    ];
    const PEOPLE: [&str; 22] = [
        "member",
        "person",
        "customer",
        "client",
        "student",
        "patient",
        "guest",
        "employee",
        "driver",
        "user",
        "volunteer",
        "owner",
        "teacher",
        "tenant",
        "visitor",
        "applicant",
        "candidate",
        "donor",
        "contact",
        "player",
        "participant",
        "worker",
    ];
    if !matches!(field.kind, FieldKind::Text { .. } | FieldKind::Date) {
        return false;
    }
    let by_form = model.rules.iter().any(|rule| {
        matches!(&rule.demand, RuleKind::Format { entity: e, field: f, format: TextFormat::Email | TextFormat::Phone }
            if *e == entity.key && *f == field.key)
    });
    let words = |key: &str, known: &[&str]| key.split('_').any(|word| known.contains(&word));
    let name_of_a_person = field.key.split('_').next_back() == Some("name")
        && (words(&entity.key, &PEOPLE) || words(&field.key, &PEOPLE) || field.key != "name");
    by_form || words(&field.key, &WORDS) || name_of_a_person
}
