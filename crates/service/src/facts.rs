//! What the rules of a model say about one entity or field, as documents and pages need it.

use maestro_artifacts::{Action, Entity, Field, FieldKind, Moment, Rule, RuleKind, ServiceModel, Transition};
use std::collections::BTreeMap;

/// The rules that can refuse or shape this action on this entity, in the model's order.
pub(crate) fn rules_of<'a>(
    model: &'a ServiceModel,
    entity: &'a Entity,
    action: Action,
) -> impl Iterator<Item = &'a Rule> {
    model.rules.iter().filter(move |rule| {
        concerns(&rule.demand, &entity.key, action)
            || is_looked_at(model, entity, &rule.demand, action)
            || action == Action::Delete
                && (takes_along(model, entity, rule) || keeps_another(model, entity, &rule.demand))
    })
}

/// Whether a rule has other records deleted when one of this entity is.
pub(crate) fn takes_along(model: &ServiceModel, entity: &Entity, rule: &Rule) -> bool {
    let RuleKind::Cascade { entity: child, field } = &rule.demand else { return false };
    model.deleted_with(entity).iter().any(|one| {
        matches!(model.field(child, field).map(|field| &field.kind), Some(FieldKind::Reference { entity }) if *entity == one.key)
    })
}

/// Whether a rule can keep a record that would be deleted with one of this entity, and so that one, too.
pub(crate) fn keeps_another(model: &ServiceModel, entity: &Entity, demand: &RuleKind) -> bool {
    let with = model.deleted_with(entity);
    with.iter().any(|one| one.key != entity.key && concerns(demand, &one.key, Action::Delete))
        && refuses_with(demand, Action::Delete) == Some(409)
}

/// Whether a rule about other records looks at records of this entity, so that this action can break it from here.
pub(crate) fn is_looked_at(model: &ServiceModel, entity: &Entity, demand: &RuleKind, action: Action) -> bool {
    let with = if action == Action::Delete { model.deleted_with(entity) } else { vec![entity] };
    model.reaches(demand).iter().any(|reach| {
        with.iter().any(|one| one.key == reach.target)
            && match action {
                Action::Update => true,
                Action::Create | Action::Delete => reach.counts_children(),
                Action::List | Action::Read => false,
            }
    })
}

fn concerns(demand: &RuleKind, key: &str, action: Action) -> bool {
    use Action::{Create, Delete, List, Read, Update};
    let writes = matches!(action, Create | Update);
    match demand {
        RuleKind::Capability { entity, action: of } => entity == key && *of == action,
        RuleKind::HasField { entity, .. } | RuleKind::Computed { entity, .. } => entity == key && action != Delete,
        RuleKind::Required { entity, .. }
        | RuleKind::RequiredWhen { entity, .. }
        | RuleKind::EmptyWhen { entity, .. }
        | RuleKind::Unique { entity, .. }
        | RuleKind::Range { entity, .. }
        | RuleKind::Places { entity, .. }
        | RuleKind::Length { entity, .. }
        | RuleKind::Pattern { entity, .. }
        | RuleKind::Format { entity, .. }
        | RuleKind::Transitions { entity }
        | RuleKind::NoOverlap { entity, .. }
        | RuleKind::Quota { entity, .. } => entity == key && writes,
        RuleKind::Compare { entity, on_create, .. } => entity == key && writes && !(*on_create && action == Update),
        RuleKind::Requires { entity, at, condition } => {
            entity == key
                && match at {
                    Moment::Create => action == Create || action == Update && condition.looks_through(),
                    Moment::Save => writes,
                    Moment::Transition { .. } => writes,
                }
        }
        RuleKind::Default { entity, .. } => entity == key && action == Create,
        RuleKind::Stamp { entity, to, .. } => entity == key && action == if to.is_some() { Update } else { Create },
        RuleKind::TransitionRole { entity, .. } | RuleKind::TransitionRequires { entity, .. } => {
            entity == key && writes
        }
        RuleKind::Immutable { entity, fields, .. } => {
            entity == key && (action == Update || action == Delete && fields.is_empty())
        }
        RuleKind::NoDelete { entity, .. } => entity == key && action == Delete,
        // It refuses nothing: see `takes_along`.
        RuleKind::Cascade { .. } => false,
        RuleKind::Capacity { parent, child, .. } => child == key && writes || parent == key && action == Update,
        RuleKind::Totals { .. } => false,
        RuleKind::List { entity, .. }
        | RuleKind::Filter { entity, .. }
        | RuleKind::Sort { entity, .. }
        | RuleKind::Search { entity, .. }
        | RuleKind::Csv { entity } => entity == key && action == List,
        RuleKind::ActionRole { entity, action: of, .. } | RuleKind::ActionBarred { entity, action: of, .. } => {
            entity == key && *of == action && matches!(action, Create | Read | List | Update | Delete)
        }
    }
}

/// Whether a role can be refused, or a conflict found, by this rule.
pub(crate) const fn refuses_with(demand: &RuleKind, action: Action) -> Option<u16> {
    match demand {
        RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. } | RuleKind::TransitionRole { .. } => Some(403),
        RuleKind::Requires { .. }
        | RuleKind::Unique { .. }
        | RuleKind::NoOverlap { .. }
        | RuleKind::Quota { .. }
        | RuleKind::Capacity { .. }
        | RuleKind::Immutable { .. }
        | RuleKind::NoDelete { .. } => Some(409),
        RuleKind::Transitions { .. } if matches!(action, Action::Create | Action::Update) => Some(409),
        _ => None,
    }
}

/// Whether the service works the field out by itself.
pub(crate) fn is_computed(model: &ServiceModel, entity: &Entity, field: &Field) -> bool {
    model.rules.iter().any(|rule| {
        matches!(&rule.demand, RuleKind::Computed { entity: of, field: key, .. } if *of == entity.key && *key == field.key)
    })
}

/// The fields that requests may give.
pub(crate) fn writable<'a>(model: &'a ServiceModel, entity: &'a Entity) -> impl Iterator<Item = &'a Field> {
    entity.fields.iter().filter(move |field| !field.read_only && !is_computed(model, entity, field))
}

/// Whether a record always has a value in this field.
pub(crate) fn is_required(model: &ServiceModel, entity: &Entity, field: &Field) -> bool {
    is_state(entity, field)
        || model.rules.iter().any(|rule| {
            matches!(&rule.demand, RuleKind::Required { entity: of, field: key } if *of == entity.key && *key == field.key)
        })
}

/// Whether the service fills the field in where a new record gives none.
pub(crate) fn is_filled_in(model: &ServiceModel, entity: &Entity, field: &Field) -> bool {
    is_state(entity, field)
        || model.rules.iter().any(|rule| match &rule.demand {
            RuleKind::Default { entity: of, field: key, .. }
            | RuleKind::Stamp { entity: of, to: None, field: key, .. } => *of == entity.key && *key == field.key,
            _ => false,
        })
}

/// Whether the field holds the state of the workflow.
pub(crate) fn is_state(entity: &Entity, field: &Field) -> bool {
    entity.workflow.as_ref().is_some_and(|workflow| workflow.field == field.key)
}

/// Whether only the workflow's changes of state are allowed.
pub(crate) fn has_transitions(model: &ServiceModel, entity: &Entity) -> bool {
    model.rules.iter().any(|rule| matches!(&rule.demand, RuleKind::Transitions { entity: of } if *of == entity.key))
}

/// The roles that may make this change of state; none where anybody may.
pub(crate) fn transition_roles<'a>(model: &'a ServiceModel, entity: &Entity, way: &Transition) -> Vec<&'a String> {
    let found = model.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::TransitionRole { entity: of, from, to, roles } if is_way(entity, way, of, from.as_ref(), to) => {
            Some(roles)
        }
        _ => None,
    });
    found.flatten().collect()
}

/// The roles that may not do something with these records, whatever the fields, by what it is.
pub(crate) fn barred<'a>(model: &'a ServiceModel, entity: &Entity) -> BTreeMap<Action, Vec<&'a String>> {
    let mut found: BTreeMap<Action, Vec<&String>> = BTreeMap::new();
    for rule in &model.rules {
        if let RuleKind::ActionBarred { entity: of, action, fields, roles } = &rule.demand
            && *of == entity.key
            && fields.is_empty()
        {
            found.entry(*action).or_default().extend(roles);
        }
    }
    found
}

/// The fields that this change of state requires.
pub(crate) fn transition_requires<'a>(model: &'a ServiceModel, entity: &Entity, way: &Transition) -> Vec<&'a String> {
    let found = model.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::TransitionRequires { entity: of, from, to, fields } if is_way(entity, way, of, from.as_ref(), to) => {
            Some(fields)
        }
        _ => None,
    });
    found.flatten().collect()
}

fn is_way(entity: &Entity, way: &Transition, of: &str, from: Option<&String>, to: &str) -> bool {
    of == entity.key && to == way.to && from.is_none_or(|from| *from == way.from)
}

/// The order and page size of the list when a request says nothing: (`due_date,-id`, 50).
pub(crate) fn list_defaults(model: &ServiceModel, entity: &Entity) -> (Vec<String>, u32) {
    let (mut order, mut size) = (Vec::new(), 50);
    for rule in &model.rules {
        if let RuleKind::List { entity: of, sort, page_size } = &rule.demand
            && *of == entity.key
        {
            if !sort.is_empty() {
                let sign = |descending| if descending { "-" } else { "" };
                order = sort.iter().map(|key| format!("{}{}", sign(key.descending), key.field)).collect();
            }
            size = page_size.unwrap_or(size).max(1);
        }
    }
    (order, size)
}

/// The largest page that a request may ask for; an epic's own page size is always possible.
pub(crate) fn largest_page(model: &ServiceModel, entity: &Entity) -> u32 {
    list_defaults(model, entity).1.max(1000)
}

/// Whether values have an order that ranges make sense of.
pub(crate) const fn is_ranged(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money | FieldKind::Date | FieldKind::DateTime)
}

/// Parameters of lists that are no filters, whatever fields there are.
pub(crate) const RESERVED: [&str; 4] = ["page", "per_page", "q", "sort"];

/// Whether a list can be narrowed by the field. What is called like another parameter still has its range.
pub(crate) fn is_filter(field: &Field) -> bool {
    is_ranged(&field.kind) || !RESERVED.contains(&field.key.as_str())
}

/// Whether totals add the values up.
pub(crate) const fn is_numeric(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money)
}

/// Everything that `by=` of the totals takes, the canonical names first: `status`, `tool_id`, `tool_id.kind`; then what
/// stands for them: `tool`, `tool.kind`, `kind` where only one referenced entity has it. References of the referenced records
/// likewise, with or without `_id`.
pub(crate) fn totals_by(model: &ServiceModel, entity: &Entity) -> Vec<String> {
    let mut names: Vec<String> = entity.fields.iter().map(|field| field.key.clone()).collect();
    let mut short = Vec::new();
    let mut bare: Vec<&str> = Vec::new();
    let mut bare_stems: Vec<&str> = Vec::new();
    for field in &entity.fields {
        let FieldKind::Reference { entity: to } = &field.kind else { continue };
        let stem = stem(field);
        short.extend(stem.map(str::to_owned));
        for there in model.entity(to).map(|target| target.fields.as_slice()).unwrap_or_default() {
            names.push(format!("{}.{}", field.key, there.key));
            short.extend(stem.map(|stem| format!("{stem}.{}", there.key)));
            bare.push(&there.key);
            if let Some(end) = self::stem(there) {
                short.extend([Some(field.key.as_str()), stem].into_iter().flatten().map(|way| format!("{way}.{end}")));
                bare_stems.push(end);
            }
        }
    }
    let once = |all: &[&str], key: &str| all.iter().filter(|other| **other == key).count() == 1;
    short.extend(bare.iter().filter(|key| once(&bare, key)).map(|key| (*key).to_owned()));
    let stems = bare_stems.iter().filter(|key| !bare.contains(key) && once(&bare_stems, key));
    short.extend(stems.map(|key| (*key).to_owned()));
    for name in short {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What people call a reference field: `tool` for `tool_id`.
fn stem(field: &Field) -> Option<&str> {
    if matches!(field.kind, FieldKind::Reference { .. }) { field.key.strip_suffix("_id") } else { None }
}
