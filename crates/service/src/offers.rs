//! What the service offers only as long as a rule demands it.
//!
//! The contract grants every list filters, sorting, search, CSV and totals, whether or not the epic speaks of them. For
//! what it does speak of, taking away the rule must take away the offer; else no test could show that the rule counts.

use maestro_artifacts::{Action, Entity, RuleKind, ServiceModel};

/// The names of the offers to `entity` that stand and fall with a rule, in the order of the rules, each once.
pub(crate) fn by_rule(model: &ServiceModel, entity: &Entity) -> Vec<String> {
    let mut names = Vec::new();
    for rule in &model.rules {
        if let Some((of, name)) = offer(&rule.demand)
            && of == entity.key
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The entity and the name of what a rule makes the service offer. The engine's `schema.offer_of` says the same.
fn offer(demand: &RuleKind) -> Option<(&str, String)> {
    match demand {
        RuleKind::Capability { entity, action } => Some((entity, format!("capability {}", action_name(*action)))),
        RuleKind::HasField { entity, field } => Some((entity, format!("has_field {field}"))),
        RuleKind::Filter { entity, field } => Some((entity, format!("filter {field}"))),
        RuleKind::Sort { entity, field } => Some((entity, format!("sort {field}"))),
        RuleKind::Totals { entity, by, .. } => Some((entity, format!("totals {}", by.join(".")))),
        RuleKind::Search { entity, .. } => Some((entity, "search".to_owned())),
        RuleKind::Csv { entity } => Some((entity, "csv".to_owned())),
        _ => None,
    }
}

fn action_name(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Read => "read",
        Action::List => "list",
        Action::Update => "update",
        Action::Delete => "delete",
    }
}
