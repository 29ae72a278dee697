//! `plan_rollback`: the way back from one model of data to the one before it: what the old version can read, what it cannot, and what
//! is lost.

use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, model_schema},
};
use maestro_artifacts::{Entity, Field, FieldKind, RuleKind, ServiceModel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct PlanRollback;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The version to go back to
    from_version: String,
    /// The version that is gone back from
    version: String,
    /// The service model of the version to go back to
    #[schemars(schema_with = "model_schema")]
    old_model: Value,
    /// The service model that is gone back from; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// How the service starts, word by word
    start: Vec<String>,
    /// The path that answers 200 when it is well
    #[serde(default = "health")]
    health: String,
}

fn health() -> String {
    "/health".to_owned()
}

/// What one change of the data means for the way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Data {
    /// The entity, or the entity and its field.
    what: String,
    change: String,
    /// What must be done before the old version can read the data; empty when nothing.
    step: String,
    /// Whether what was written since then is lost.
    loses: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// Whether one can go back without losing what was written since.
    without_loss: bool,
    data: Vec<Data>,
    /// What is done, in order.
    steps: Vec<String>,
}

impl Tool for PlanRollback {
    const NAME: &'static str = "plan_rollback";
    const DESCRIPTION: &'static str = "Plans the way back to the version before: compares the two models, says for each change of the data what the old version needs and what is lost, and gives the steps in order.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        for (name, version) in [("from_version", &args.from_version), ("version", &args.version)] {
            semver::Version::parse(version).map_err(|why| {
                Error::Respond(format!("`{name}` is `{version}`, which is no semantic version: {why}"))
            })?;
        }
        if args.start.is_empty() {
            return Err(Error::Respond("`start` must not be empty: say how the service starts".to_owned()));
        }
        let old: ServiceModel = given::typed(&args.old_model, "`old_model`")?;
        let new = given::model(args.model.clone(), workspace)?;
        let data = compare(&old, &new);
        let without_loss = !data.iter().any(|change| change.loses);
        let steps = steps(&args, &data);
        Ok(Output { without_loss, data, steps })
    }
}

fn required(model: &ServiceModel, entity: &str, field: &str) -> bool {
    model
        .rules
        .iter()
        .any(|rule| matches!(&rule.demand, RuleKind::Required { entity: e, field: f } if e == entity && f == field))
}

fn compare(old: &ServiceModel, new: &ServiceModel) -> Vec<Data> {
    let mut found = Vec::new();
    let mut add = |what: String, change: &str, step: String, loses: bool| {
        found.push(Data { what, change: change.to_owned(), step, loses })
    };
    for entity in &new.entities {
        match old.entity(&entity.key) {
            None => add(
                entity.key.clone(),
                "is new",
                format!("export the records of `{}`: the old version does not know them", entity.key),
                true,
            ),
            Some(before) => fields(old, new, before, entity, &mut add),
        }
    }
    for entity in old.entities.iter().filter(|entity| new.entity(&entity.key).is_none()) {
        add(
            entity.key.clone(),
            "is gone",
            format!("restore the records of `{}` from the backup made before the release", entity.key),
            true,
        );
    }
    found
}

fn fields(
    old: &ServiceModel,
    new: &ServiceModel,
    before: &Entity,
    after: &Entity,
    add: &mut impl FnMut(String, &str, String, bool),
) {
    let at = |field: &Field| format!("{}.{}", after.key, field.key);
    for field in &after.fields {
        match before.field(&field.key) {
            None => add(
                at(field),
                "is new",
                format!("export `{}`: the old version drops it when it writes", at(field)),
                true,
            ),
            Some(known) => match (&known.kind, &field.kind) {
                (FieldKind::Enum { values: was }, FieldKind::Enum { values: is }) => {
                    let more: Vec<_> =
                        is.iter().filter(|value| !was.contains(value)).map(|value| format!("`{value}`")).collect();
                    if !more.is_empty() {
                        add(
                            at(field),
                            "has more values",
                            format!(
                                "set records whose `{}` is {} to a value that the old version knows",
                                at(field),
                                more.join(" or ")
                            ),
                            true,
                        );
                    }
                }
                (was, is) if was != is && !matches!((was, is), (FieldKind::Text { .. }, FieldKind::Text { .. })) => {
                    let exact = matches!(
                        (was, is),
                        (FieldKind::Decimal, FieldKind::Integer)
                            | (FieldKind::Text { .. }, _)
                            | (FieldKind::DateTime, FieldKind::Date)
                    );
                    add(at(field), "has another type", format!("turn `{}` back into what it was", at(field)), !exact);
                }
                _ => {}
            },
        }
        if required(old, &after.key, &field.key)
            && !required(new, &after.key, &field.key)
            && before.field(&field.key).is_some()
        {
            add(
                at(field),
                "need no longer be given",
                format!("fill `{}` where it is empty: the old version demands it", at(field)),
                false,
            );
        }
    }
    for field in before.fields.iter().filter(|field| after.field(&field.key).is_none()) {
        let need =
            if required(old, &before.key, &field.key) { ", and ask for what is missing in newer records" } else { "" };
        add(
            format!("{}.{}", before.key, field.key),
            "is gone",
            format!("restore `{}.{}` from the backup made before the release{need}", before.key, field.key),
            true,
        );
    }
    for rule in old.rules.iter().filter(|rule| !new.rules.iter().any(|other| other.demand == rule.demand)) {
        match &rule.demand {
            RuleKind::Unique { entity, fields, .. } if *entity == after.key => {
                add(
                    entity.clone(),
                    "may repeat values",
                    format!("look for {entity} with equal {} and settle which stays", fields.join(" and ")),
                    false,
                );
            }
            RuleKind::Range { entity, field, .. } | RuleKind::Length { entity, field, .. } if *entity == after.key => {
                add(
                    format!("{entity}.{field}"),
                    "has other bounds",
                    format!(
                        "look for `{entity}.{field}` outside of the old bounds; such records can be read and not changed"
                    ),
                    false,
                );
            }
            _ => {}
        }
    }
}

fn steps(args: &Args, data: &[Data]) -> Vec<String> {
    let (old, new) = (&args.from_version, &args.version);
    let mut steps = vec![
        format!(
            "Stop sending requests to {new}, or let it refuse changes, so that nothing is written while data is taken back."
        ),
        "Wait until the requests under way are answered; stop the service.".to_owned(),
        format!("Back up the data as {new} left it. From here on there is something to come back to."),
    ];
    // What is taken out is saved before anything is turned back.
    let order =
        |change: &&Data| (!change.step.starts_with("export"), change.change != "has more values", !change.loses);
    let mut changes: Vec<&Data> = data.iter().filter(|change| !change.step.is_empty()).collect();
    changes.sort_by_key(order);
    for change in changes {
        let mut step = change.step.clone();
        if let Some(first) = step.get(..1).map(str::to_uppercase) {
            step.replace_range(..1, &first);
        }
        let loss = if change.loses { " What was written since the release is lost to the old version." } else { "" };
        steps.push(format!("{step}.{loss}"));
    }
    steps.push(format!("Put {old} in place, and start it: `{}`.", args.start.join(" ")));
    steps.push(format!(
        "Ask `{}` until it answers 200; read one record of each kind and compare it with the backup.",
        args.health
    ));
    steps.push(format!("Send requests to {old} again. Keep the backup of {new} until the cause is mended."));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn model(fields: Value, rules: Value) -> Value {
        json!({"title": "T", "roles": [], "rules": rules, "entities": [{"key": "loan", "name": "loan", "plural": "loans", "path": "l", "sources": [], "fields": fields}]})
    }

    fn field(key: &str, kind: Value) -> Value {
        json!({"key": key, "name": key, "kind": kind, "sources": []})
    }

    async fn plan(old: Value, new: Value) -> Value {
        let args = json!({"from_version": "1.0.0", "version": "1.1.0", "old_model": old, "model": new, "start": ["python3", "-m", "service"]});
        run(PlanRollback, args, &mut context()).await.unwrap()
    }

    #[tokio::test]
    async fn each_change_of_the_data_has_its_step() {
        let due = || field("due", json!({"type": "date"}));
        let same = plan(model(json!([due()]), json!([])), model(json!([due()]), json!([]))).await;
        assert_eq!(
            (&same["without_loss"], same["data"].as_array().unwrap().len(), same["steps"].as_array().unwrap().len()),
            (&json!(true), 0, 6)
        );
        let required = json!([{"id": "R-1", "sources": [], "message": "", "demand": {"kind": "required", "entity": "loan", "field": "due"}}]);
        for (old, new, change, loses) in [
            (
                model(json!([due()]), json!([])),
                model(json!([due(), field("fee", json!({"type": "money"}))]), json!([])),
                "is new",
                true,
            ),
            (model(json!([due()]), json!([])), model(json!([]), json!([])), "is gone", true),
            (
                model(json!([due()]), json!([])),
                model(json!([field("due", json!({"type": "date_time"}))]), json!([])),
                "has another type",
                true,
            ),
            (
                model(json!([field("due", json!({"type": "date_time"}))]), json!([])),
                model(json!([due()]), json!([])),
                "has another type",
                false,
            ),
            (
                model(json!([field("s", json!({"type": "enum", "values": ["a"]}))]), json!([])),
                model(json!([field("s", json!({"type": "enum", "values": ["a", "b"]}))]), json!([])),
                "has more values",
                true,
            ),
            (model(json!([due()]), required), model(json!([due()]), json!([])), "need no longer be given", false),
        ] {
            let got = plan(old, new).await;
            assert_eq!(got["data"][0]["change"], change, "{got}");
            assert_eq!(got["without_loss"], !loses, "{got}");
            assert_eq!(got["steps"].as_array().unwrap().len(), 7, "{got}");
        }
    }

    #[tokio::test]
    async fn what_is_saved_is_saved_first_and_bad_input_is_told() {
        let old = model(json!([field("a", json!({"type": "text"}))]), json!([]));
        let new = model(json!([field("b", json!({"type": "text"}))]), json!([]));
        let got = plan(old.clone(), new).await;
        let steps: Vec<_> = got["steps"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        assert!(
            steps[2].starts_with("Back up")
                && steps[3].starts_with("Export `loan.b`")
                && steps[4].starts_with("Restore `loan.a`")
                && steps[5].contains("1.0.0"),
            "{steps:?}"
        );
        let args = json!({"from_version": "one", "version": "1.1.0", "old_model": old, "start": ["x"]});
        assert!(run(PlanRollback, args, &mut context()).await.unwrap_err().to_string().contains("no semantic version"));
    }
}
