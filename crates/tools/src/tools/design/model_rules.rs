//! What the rules of a service model speak of: it is there, and fits the types of its fields.

use super::check_model::near;
use crate::{finding::Findings, given};
use maestro_artifacts::{
    FieldKind, RuleKind, ServiceModel,
    delivery::Severity::{self, High},
};
use serde_json::Value;

/// What a rule speaks of is there. Rules, conditions and expressions name things by the same members, so that one walk over
/// their JSON sees all of them.
pub(super) fn of_rule(model: &ServiceModel, demand: &Value, found: &mut Findings<'_>) {
    let text = |name: &str| demand[name].as_str();
    let entity = text("entity").or_else(|| text("parent")).unwrap_or_default();
    for name in [text("entity"), text("parent"), text("child")].into_iter().flatten() {
        if model.entity(name).is_none() {
            found.add(
                "reference",
                High,
                0,
                format!("the rule speaks of `{name}`, which is no entity"),
                near(name, model.entities.iter().map(|e| e.key.as_str())),
            );
            return;
        }
    }
    if text("kind") == Some("capacity") {
        let child = text("child").unwrap_or_default();
        field(model, child, text("via"), found);
        walk(model, child, &demand["when"], found);
        field(model, child, given::below(demand, &["measure", "field"]).as_str(), found);
        walk(model, entity, &demand["limit"], found);
    } else if text("kind") == Some("totals") {
        let mut of = entity;
        for name in demand["by"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            field(model, of, Some(name), found);
            of = model.target(of, name).unwrap_or(of);
        }
        walk(model, entity, &demand["measures"], found);
    } else {
        walk(model, entity, demand, found);
    }
    let states = model.entity(entity).and_then(|e| e.workflow.as_ref());
    let moved = [text("to"), text("from"), given::below(demand, &["at", "to"]).as_str()];
    for state in moved.into_iter().flatten() {
        if !states.is_some_and(|flow| flow.states.iter().any(|known| known == state)) {
            found.add(
                "states",
                High,
                0,
                format!("`{state}` is no state of `{entity}`"),
                near(state, states.into_iter().flat_map(|flow| flow.states.iter().map(String::as_str))),
            );
        }
    }
    for role in demand["roles"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !model.roles.iter().any(|known| known == role) {
            found.add(
                "role",
                High,
                0,
                format!("`{role}` is no role of the model"),
                near(role, model.roles.iter().map(String::as_str)),
            );
        }
    }
}

fn field(model: &ServiceModel, entity: &str, name: Option<&str>, found: &mut Findings<'_>) {
    let Some(name) = name.filter(|name| *name != "id") else { return };
    if let (Some(of), None) = (model.entity(entity), model.field(entity, name)) {
        found.add(
            "reference",
            High,
            0,
            format!("`{entity}` has no field `{name}`"),
            near(name, of.fields.iter().map(|field| field.key.as_str())),
        );
    }
}

fn walk(model: &ServiceModel, entity: &str, value: &Value, found: &mut Findings<'_>) {
    let members = match value {
        Value::Array(items) => return items.iter().for_each(|item| walk(model, entity, item, found)),
        Value::Object(members) => members,
        _ => return,
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    if let (Some(child), Some("children")) = (text("child"), text("test").or_else(|| text("expr"))) {
        if model.entity(child).is_none() {
            found.add(
                "reference",
                High,
                0,
                format!("the rule speaks of `{child}`, which is no entity"),
                near(child, model.entities.iter().map(|e| e.key.as_str())),
            );
            return;
        }
        field(model, child, text("via"), found);
        field(model, child, members.get("measure").and_then(|measure| measure["field"].as_str()), found);
        walk(model, child, members.get("when").unwrap_or(&Value::Null), found);
        walk(model, entity, members.get("to").unwrap_or(&Value::Null), found);
        return;
    }
    // Whose times they are, where an overlap is one of referenced records.
    let mut lasting = Some(entity);
    match text("via") {
        Some(via) => {
            let mut at = Some(entity);
            for step in via.split('.') {
                let Some(of) = at else { break };
                field(model, of, Some(step), found);
                at = model.target(of, step);
                if at.is_none() && model.field(of, step).is_some() {
                    found.add(
                        "reference",
                        High,
                        0,
                        format!("`{step}` of `{of}` refers to nothing"),
                        "name a reference field",
                    );
                }
            }
            lasting = at;
            if let Some(to) = at {
                field(model, to, text("field"), found);
            }
        }
        None => field(model, entity, text("field"), found),
    }
    for name in ["start", "end"] {
        lasting.into_iter().for_each(|of| field(model, of, text(name), found));
    }
    for list in ["fields", "by"] {
        members
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .for_each(|name| field(model, entity, Some(name), found));
    }
    if let (Some(name), Some(values), None) =
        (text("field"), members.get("values").and_then(Value::as_array), text("via"))
        && let Some(FieldKind::Enum { values: known }) = model.field(entity, name).map(|field| &field.kind)
    {
        for value in values.iter().filter_map(Value::as_str).filter(|value| !known.iter().any(|k| k == value)) {
            found.add(
                "values",
                High,
                0,
                format!("`{value}` is no value of `{entity}.{name}`"),
                near(value, known.iter().map(String::as_str)),
            );
        }
    }
    for (name, member) in members {
        // A sort key names its field by itself; constants are no rules.
        if !matches!(name.as_str(), "value" | "values") {
            walk(model, entity, member, found);
        }
    }
}

/// Rules fit the types of their fields.
pub(super) fn types(model: &ServiceModel, demand: &RuleKind, found: &mut Findings<'_>) {
    use FieldKind as F;
    let mut wrong = |rule: &str, entity: &str, name: &str, fits: fn(&F) -> bool, want: &'static str| {
        if let Some(field) = model.field(entity, name).filter(|field| !fits(&field.kind)) {
            found.add("type", Severity::High, 0, format!("`{rule}` does not fit `{entity}.{}`", field.key), want);
        }
    };
    let ordered = |kind: &F| matches!(kind, F::Integer | F::Decimal | F::Money | F::Date | F::DateTime);
    let text = |kind: &F| matches!(kind, F::Text { .. });
    let reference = |kind: &F| matches!(kind, F::Reference { .. });
    let spans = |kind: &F| matches!(kind, F::Date | F::DateTime | F::Decimal);
    match demand {
        RuleKind::Range { entity, field, .. } => {
            wrong("range", entity, field, ordered, "use it on numbers, money and dates; `length` is for texts")
        }
        RuleKind::Places { entity, field, .. } => {
            let decimal = |kind: &F| matches!(kind, F::Decimal);
            wrong("places", entity, field, decimal, "use it on decimal numbers; money has two places anyway")
        }
        RuleKind::Length { entity, field, .. } => {
            wrong("length", entity, field, text, "use it on texts; `range` is for numbers")
        }
        RuleKind::Pattern { entity, field, .. } => wrong("pattern", entity, field, text, "use it on texts"),
        RuleKind::Format { entity, field, .. } => wrong("format", entity, field, text, "use it on texts"),
        RuleKind::Cascade { entity, field } => {
            wrong("cascade", entity, field, reference, "name the reference to the record that takes these with it");
        }
        RuleKind::NoOverlap { entity, via, start, end, .. } => {
            let mut holder = Some(entity.as_str());
            if let Some(via) = via {
                wrong("no_overlap", entity, via, reference, "name the reference to the record that has the times");
                holder = model.target(entity, via);
            }
            for field in holder.map_or(Vec::new(), |_| vec![start, end]) {
                let holder = holder.unwrap_or(entity).to_owned();
                wrong("no_overlap", &holder, field, spans, "name dates, date-times or decimal numbers");
            }
        }
        RuleKind::Transitions { entity }
        | RuleKind::TransitionRole { entity, .. }
        | RuleKind::TransitionRequires { entity, .. }
            if model.entity(entity).is_some_and(|entity| entity.workflow.is_none()) =>
        {
            found.add("states", High, 0, format!("`{entity}` has no workflow"), "add one to the entity");
        }
        _ => {}
    }
}
