//! The designer's work: which screens there are, and the way of each story through them.

use crate::facts;
use maestro_artifacts::requirements::{Requirement, Understanding};
use maestro_artifacts::{
    Action, Entity, Field, FieldKind, Flow, Requirements, RuleKind, Screen, ScreenKind, Screens, ServiceModel,
};
use maestro_domain::{StatementId, StatementKind};

/// The screens and flows that the requirements ask for.
#[must_use]
pub fn screens(requirements: &Requirements) -> Screens {
    let model = &requirements.concepts;
    let screens: Vec<Screen> = model.entities.iter().flat_map(|entity| of_entity(model, entity)).collect();
    let mut flows: Vec<Flow> = requirements
        .items
        .iter()
        .filter(|item| item.kind == StatementKind::Story)
        .map(|story| Flow {
            title: story.text.clone(),
            story: Some(story.id.clone()),
            steps: steps(requirements, story, &screens),
        })
        .filter(|flow| !flow.steps.is_empty())
        .collect();
    if flows.is_empty() {
        flows = model
            .entities
            .iter()
            .map(|entity| Flow {
                title: format!("Keep the {}", entity.plural),
                story: None,
                steps: [ScreenKind::List, ScreenKind::Form, ScreenKind::Detail].map(|kind| id(entity, kind)).to_vec(),
            })
            .collect();
    }
    Screens { title: model.title.clone(), roles: model.roles.clone(), screens, flows }
}

fn id(entity: &Entity, kind: ScreenKind) -> String {
    let suffix = match kind {
        ScreenKind::List => "list",
        ScreenKind::Detail => "detail",
        ScreenKind::Form => "form",
        ScreenKind::Totals => "totals",
    };
    format!("{}-{suffix}", entity.path)
}

fn of_entity(model: &ServiceModel, entity: &Entity) -> Vec<Screen> {
    let keys = |wanted: &dyn Fn(&Field) -> bool| {
        entity.fields.iter().filter(|field| wanted(field)).map(|field| field.key.clone()).collect::<Vec<_>>()
    };
    let is_long = |field: &Field| matches!(field.kind, FieldKind::Text { long: true });
    let screen = |kind, title: String| Screen {
        id: id(entity, kind),
        title,
        kind,
        entity: entity.key.clone(),
        fields: Vec::new(),
        filters: Vec::new(),
        transitions: Vec::new(),
    };
    let mut states = Vec::new();
    for way in entity.workflow.iter().flat_map(|workflow| &workflow.transitions) {
        if !states.contains(&way.to) {
            states.push(way.to.clone());
        }
    }
    let mut found = vec![
        Screen {
            fields: keys(&|field| !is_long(field)),
            filters: keys(&|field| !is_long(field) && facts::is_filter(field)),
            ..screen(ScreenKind::List, entity.plural.clone())
        },
        Screen { fields: keys(&|_| true), transitions: states, ..screen(ScreenKind::Detail, entity.name.clone()) },
        Screen {
            fields: facts::writable(model, entity).map(|field| field.key.clone()).collect(),
            ..screen(ScreenKind::Form, format!("new {}", entity.name))
        },
    ];
    let groups = groups(model, entity);
    if !groups.is_empty() {
        found.push(Screen { filters: groups, ..screen(ScreenKind::Totals, format!("totals of {}", entity.plural)) });
    }
    found
}

/// What to group by: what the rules ask for, then every field with few values.
fn groups(model: &ServiceModel, entity: &Entity) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let asked = model.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::Totals { entity: of, by, .. } if *of == entity.key => Some(by.join(".")),
        _ => None,
    });
    let few = entity.fields.iter().filter(|field| {
        matches!(field.kind, FieldKind::Enum { .. } | FieldKind::Boolean | FieldKind::Reference { .. })
    });
    for by in asked.chain(few.map(|field| field.key.clone())) {
        if !found.contains(&by) {
            found.push(by);
        }
    }
    found
}

/// The screens that a story goes through: those of the rules that it or its criteria demand, list before form before
/// record before totals.
fn steps(requirements: &Requirements, story: &Requirement, screens: &[Screen]) -> Vec<String> {
    let model = &requirements.concepts;
    let ids: Vec<&String> = requirements
        .items
        .iter()
        .filter(|item| item.id == story.id || belongs(&item.id, &story.id))
        .flat_map(|item| match &item.understanding {
            Understanding::Rules { rules } => rules.as_slice(),
            _ => &[],
        })
        .collect();
    let mut wanted: Vec<(&str, ScreenKind)> = Vec::new();
    for rule in model.rules.iter().filter(|rule| ids.contains(&&rule.id)) {
        for step in screens_of(model, &rule.demand) {
            if !wanted.contains(&step) {
                wanted.push(step);
            }
        }
    }
    let exists = |id: &String| screens.iter().any(|screen| &screen.id == id);
    let mut found = Vec::new();
    let mut entities: Vec<&str> = Vec::new();
    for (key, _) in &wanted {
        if !entities.contains(key) {
            entities.push(key);
        }
    }
    for entity in entities.into_iter().filter_map(|key| model.entity(key)) {
        let kinds = [ScreenKind::Form, ScreenKind::Detail, ScreenKind::Totals];
        // People find every record by its list.
        found.push(id(entity, ScreenKind::List));
        found.extend(
            kinds
                .into_iter()
                .filter(|kind| wanted.contains(&(entity.key.as_str(), *kind)))
                .map(|kind| id(entity, kind)),
        );
    }
    found.retain(exists);
    found
}

/// Whether a criterion stands below a story: `AC-2.1` below `US-2`.
fn belongs(criterion: &StatementId, story: &StatementId) -> bool {
    let (criterion, story) = (criterion.to_string(), story.to_string());
    let (Some(criterion), Some(story)) = (criterion.strip_prefix("AC-"), story.strip_prefix("US-")) else {
        return false;
    };
    criterion.split_once('.').is_some_and(|(number, _)| number == story)
}

/// Where people meet a rule.
fn screens_of<'a>(model: &'a ServiceModel, demand: &'a RuleKind) -> Vec<(&'a str, ScreenKind)> {
    use ScreenKind::{Detail, Form, List, Totals};
    match demand {
        RuleKind::Capability { entity, action }
        | RuleKind::ActionRole { entity, action, .. }
        | RuleKind::ActionBarred { entity, action, .. } => {
            let kind = match action {
                Action::Create | Action::Update => Form,
                Action::Read | Action::Delete => Detail,
                Action::List => List,
            };
            vec![(entity, kind)]
        }
        RuleKind::HasField { entity, .. }
        | RuleKind::Required { entity, .. }
        | RuleKind::RequiredWhen { entity, .. }
        | RuleKind::EmptyWhen { entity, .. }
        | RuleKind::Default { entity, .. }
        | RuleKind::Unique { entity, .. }
        | RuleKind::Range { entity, .. }
        | RuleKind::Places { entity, .. }
        | RuleKind::Length { entity, .. }
        | RuleKind::Pattern { entity, .. }
        | RuleKind::Format { entity, .. }
        | RuleKind::Compare { entity, .. }
        | RuleKind::NoOverlap { entity, .. }
        | RuleKind::Quota { entity, .. } => vec![(entity, Form)],
        RuleKind::Requires { entity, .. } => vec![(entity, Form), (entity, Detail)],
        RuleKind::Transitions { entity }
        | RuleKind::TransitionRole { entity, .. }
        | RuleKind::TransitionRequires { entity, .. }
        | RuleKind::Stamp { entity, .. }
        | RuleKind::NoDelete { entity, .. }
        | RuleKind::Computed { entity, .. } => vec![(entity, Detail)],
        RuleKind::Immutable { entity, .. } => vec![(entity, Form), (entity, Detail)],
        RuleKind::Cascade { entity, field } => match model.field(entity, field).map(|field| &field.kind) {
            // They are deleted where the one that they refer to is.
            Some(FieldKind::Reference { entity: to }) => vec![(to, Detail)],
            _ => Vec::new(),
        },
        RuleKind::Capacity { parent, child, .. } => vec![(child, Form), (parent, Detail)],
        RuleKind::Totals { entity, .. } => vec![(entity, Totals)],
        RuleKind::List { entity, .. }
        | RuleKind::Filter { entity, .. }
        | RuleKind::Sort { entity, .. }
        | RuleKind::Search { entity, .. }
        | RuleKind::Csv { entity } => vec![(entity, List)],
    }
}
