//! Hand-made requirements: each rule has a statement of its own, `AC-1.n` for the n-th.

use maestro_artifacts::{
    Entity, Field, FieldKind, Requirement, Requirements, Rule, RuleKind, ServiceModel, Transition, Understanding,
    Workflow,
};
use maestro_domain::{StatementId, StatementKind};
use serde_json::Value;

/// The fixtures by name.
pub(crate) const ALL: [(&str, &str); 2] =
    [("library", include_str!("../fixtures/library.json")), ("rooms", include_str!("../fixtures/rooms.json"))];

/// Limits on sums of what the service works out, and a text with hardly more room than its own name.
pub(crate) const OBSERVING: &str = include_str!("../fixtures/observing.json");

/// Texts that a form or a length leaves little choice in.
pub(crate) const FORMS: &str = include_str!("../fixtures/forms.json");

/// Rules that count in calendar months.
pub(crate) const LEASES: &str = include_str!("../fixtures/leases.json");

/// Whole numbers that are held against the year of the request.
pub(crate) const VINTAGES: &str = include_str!("../fixtures/vintages.json");

/// Rules that count records in a later state only.
pub(crate) const STUDIOS: &str = include_str!("../fixtures/studios.json");

/// Records that are deleted with others.
pub(crate) const KENNEL: &str = include_str!("../fixtures/kennel.json");

/// Limits on records that agree in a day and more, and ways over two references.
pub(crate) const ROUNDS: &str = include_str!("../fixtures/rounds.json");

pub(crate) fn source(index: usize) -> StatementId {
    StatementId::new(format!("AC-1.{}", index + 1)).unwrap()
}

pub(crate) fn load(text: &str) -> Requirements {
    let json: Value = serde_json::from_str(text).unwrap();
    let list = |value: &Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    };
    let entities = json["entities"].as_array().unwrap().iter().map(entity).collect();
    let rules: Vec<Rule> = json["rules"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let demand: RuleKind = serde_json::from_value(rule.clone()).unwrap_or_else(|e| panic!("{e}: {rule}"));
            Rule {
                id: format!("R-{}", index + 1),
                sources: vec![source(index)],
                message: format!("rule {}", index + 1),
                demand,
            }
        })
        .collect();
    let items = rules
        .iter()
        .enumerate()
        .map(|(index, rule)| Requirement {
            id: source(index),
            kind: StatementKind::Criterion,
            text: json["rules"][index].to_string(),
            understanding: Understanding::Rules { rules: vec![rule.id.clone()] },
        })
        .collect();
    let concepts = ServiceModel {
        title: json["title"].as_str().unwrap().to_owned(),
        roles: list(&json["roles"]),
        entities,
        rules,
    };
    Requirements { items, concepts, contradictions: Vec::new() }
}

fn entity(json: &Value) -> Entity {
    let key = json["key"].as_str().unwrap();
    let fields =
        json["fields"].as_object().unwrap().iter().map(|(key, kind)| field(key, kind.as_str().unwrap())).collect();
    let workflow = json.get("workflow").map(|flow| {
        let name = flow["field"].as_str().unwrap();
        let kind = json["fields"][name].as_str().unwrap().strip_prefix("enum:").unwrap();
        Workflow {
            field: name.to_owned(),
            states: kind.split(',').map(str::to_owned).collect(),
            initial: flow["initial"].as_str().unwrap().to_owned(),
            transitions: flow["transitions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|way| transition(way.as_str().unwrap()))
                .collect(),
            sources: Vec::new(),
        }
    });
    Entity {
        key: key.to_owned(),
        name: key.replace('_', " "),
        plural: json["plural"].as_str().unwrap().to_owned(),
        path: json["path"].as_str().unwrap().to_owned(),
        fields,
        workflow,
        sources: Vec::new(),
    }
}

fn transition(way: &str) -> Transition {
    let (from, to) = way.split_once('>').unwrap();
    Transition { from: from.to_owned(), to: to.to_owned(), sources: Vec::new() }
}

/// `kind`, `enum:a,b`, `ref:entity`; `*` behind it means that the service sets it.
fn field(key: &str, kind: &str) -> Field {
    let (kind, read_only) = kind.strip_suffix('*').map_or((kind, false), |kind| (kind, true));
    let kind = match kind {
        "text" => FieldKind::Text { long: false },
        "integer" => FieldKind::Integer,
        "decimal" => FieldKind::Decimal,
        "money" => FieldKind::Money,
        "date" => FieldKind::Date,
        "date_time" => FieldKind::DateTime,
        "boolean" => FieldKind::Boolean,
        other => match other.split_once(':').unwrap() {
            ("enum", values) => FieldKind::Enum { values: values.split(',').map(str::to_owned).collect() },
            ("ref", entity) => FieldKind::Reference { entity: entity.to_owned() },
            _ => panic!("no kind {other}"),
        },
    };
    Field { key: key.to_owned(), name: key.replace('_', " "), kind, read_only, sources: Vec::new() }
}
