//! `estimate_effort`: unadjusted function points of a service model, after the IFPUG counting rules with the weights of its
//! Counting Practices Manual 4.3, and the hours that they stand for as a range with its reasons.

use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, model_schema},
};
use maestro_artifacts::{Action, Entity, Expr, FieldKind, RuleKind, ServiceModel};
use maestro_domain::ArtifactKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct EstimateEffort;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model to count; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// Hours of work for one function point, from 0.5 to 80; 8 when left out
    #[serde(default)]
    #[schemars(range(min = 0.5, max = 80.0))]
    hours_per_point: Option<f64>,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// ILF: data that the service keeps.
    InternalFile,
    /// EI: changes data.
    Input,
    /// EO: shows data with something worked out.
    Output,
    /// EQ: shows data as it is.
    Inquiry,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Complexity {
    Low,
    Average,
    High,
}

/// One function that was counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Counted {
    function: String,
    kind: Kind,
    /// Data element types: fields that the user sees.
    elements: usize,
    /// Files referenced; for a file, its groups of fields.
    files: usize,
    complexity: Complexity,
    points: u32,
}

#[derive(Debug, Serialize)]
struct Hours {
    low: f64,
    likely: f64,
    high: f64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    points: u32,
    hours: Hours,
    /// Why the range is as wide as it is.
    reasons: Vec<String>,
    functions: Vec<Counted>,
}

impl Tool for EstimateEffort {
    const NAME: &'static str = "estimate_effort";
    const DESCRIPTION: &'static str = "Counts the unadjusted function points of the service model (files, inputs, outputs, inquiries with their complexity) and tells the hours as a range with reasons.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let rate = args.hours_per_point.unwrap_or(8.0);
        if !(0.5..=80.0).contains(&rate) {
            return Err(Error::Respond(format!("`hours_per_point` is {rate}: it must be from 0.5 to 80")));
        }
        let model = given::model(args.model, workspace)?;
        if model.entities.is_empty() {
            return Err(Error::Respond("the model has no entity: there is nothing to count".to_owned()));
        }
        let items = workspace
            .context()
            .upstream
            .get(&ArtifactKind::Requirements)
            .map(|upstream| given::below(&upstream.document, &["items"]));
        let unknown = items.and_then(Value::as_array).map_or((0, 0), |items| {
            (items.iter().filter(|item| given::below(item, &["understanding", "is"]) == "unknown").count(), items.len())
        });
        Ok(estimate(&model, rate, unknown))
    }
}

fn estimate(model: &ServiceModel, rate: f64, (unknown, all): (usize, usize)) -> Output {
    let functions: Vec<Counted> = model.entities.iter().flat_map(|entity| of_entity(model, entity)).collect();
    let points = functions.iter().map(|function| function.points).sum();
    let likely = f64::from(points) * rate;
    let mut reasons =
        vec![format!("{} functions of {} entities at {rate} hours a point", functions.len(), model.entities.len())];
    // At the time of requirements estimates are wrong by half to twice (McConnell's cone: 0.67 to 1.5 when they are complete).
    let (mut low, mut high) = (0.67, 1.5);
    reasons.push("requirements are agreed and nothing is designed: 0.67 to 1.5 of the likely hours".to_owned());
    #[expect(clippy::cast_precision_loss, reason = "counts of statements are small")]
    let share = |part: usize, of: usize| part as f64 / of as f64;
    if unknown > 0 {
        high += share(unknown, all);
        reasons.push(format!("{unknown} of {all} statements are not understood: they come on top"));
    }
    let hard = model
        .rules
        .iter()
        .filter(|rule| {
            matches!(
                rule.demand,
                RuleKind::NoOverlap { .. }
                    | RuleKind::Quota { .. }
                    | RuleKind::Capacity { .. }
                    | RuleKind::Computed { .. }
                    | RuleKind::Requires { .. }
                    | RuleKind::Cascade { .. }
            )
        })
        .count();
    if hard * 4 > model.rules.len() {
        high += 0.25;
        reasons.push(format!("{hard} of {} rules look at other records: points do not count that", model.rules.len()));
    }
    if model.rules.len() < model.entities.len() {
        low -= 0.1;
        reasons.push("there are fewer rules than entities: it may be simpler than its points".to_owned());
    }
    let round = |hours: f64| (hours * 10.0).round() / 10.0;
    Output {
        points,
        hours: Hours { low: round(likely * low), likely: round(likely), high: round(likely * high) },
        reasons,
        functions,
    }
}

fn of_entity(model: &ServiceModel, entity: &Entity) -> Vec<Counted> {
    let references = entity.fields.iter().filter(|field| matches!(field.kind, FieldKind::Reference { .. })).count();
    let elements = entity.fields.len() + 1;
    let given = entity.fields.iter().filter(|field| !field.read_only).count();
    // Lines that exist only with their parent would be groups of one file; here each entity is a file of its own.
    let mut found = vec![counted(format!("keep {}", entity.plural), Kind::InternalFile, elements, 1)];
    let demands = || model.rules.iter().map(|rule| &rule.demand);
    let wants = |wanted: Action| {
        demands().any(|rule| matches!(rule, RuleKind::Capability { entity: of, action } if *of == entity.key && *action == wanted))
    };
    // Where no statement says what can be done with the records, everything can.
    let silent = !demands().any(|rule| matches!(rule, RuleKind::Capability { entity: of, .. } if *of == entity.key));
    // Besides its fields a transaction has the action itself and its messages.
    for (action, verb) in [(Action::Create, "add"), (Action::Update, "change")] {
        if silent || wants(action) {
            found.push(counted(format!("{verb} {}", entity.plural), Kind::Input, given + 2, 1 + references));
        }
    }
    if silent || wants(Action::Delete) {
        let gone = model.deleted_with(entity);
        let referring: usize = gone.iter().map(|one| model.referrers(&one.key).count()).sum();
        found.push(counted(format!("delete {}", entity.plural), Kind::Input, 3, 1 + referring));
    }
    if let Some(workflow) = &entity.workflow {
        for to in workflow.transitions.iter().map(|t| &t.to).collect::<std::collections::BTreeSet<_>>() {
            found.push(counted(format!("move {} to {to}", entity.plural), Kind::Input, 4, 1));
        }
    }
    let computed = demands().filter_map(|rule| match rule {
        RuleKind::Computed { entity: of, expr, .. } if *of == entity.key => Some(reach(expr)),
        _ => None,
    });
    let computed: Vec<usize> = computed.collect();
    let (kind, files) = match computed.iter().max() {
        Some(reach) => (Kind::Output, 1 + references.max(*reach)),
        None => (Kind::Inquiry, 1 + references),
    };
    found.push(counted(format!("show one of {}", entity.plural), kind, elements + 1, files));
    let filters = demands().filter(|rule| matches!(rule, RuleKind::Filter { entity: of, .. } | RuleKind::Search { entity: of, .. } if *of == entity.key)).count();
    found.push(counted(format!("list {}", entity.plural), kind, elements + 1 + filters, files));
    for rule in demands() {
        match rule {
            RuleKind::Totals { entity: of, by, measures } if *of == entity.key => {
                found.push(counted(
                    format!("totals of {}", entity.plural),
                    Kind::Output,
                    by.len() + measures.len() + 2,
                    1 + references,
                ));
            }
            RuleKind::Csv { entity: of } if *of == entity.key => {
                found.push(counted(format!("export {}", entity.plural), Kind::Inquiry, elements + 1, 1));
            }
            _ => {}
        }
    }
    found
}

/// How many other files an expression looks at.
fn reach(expr: &Expr) -> usize {
    match expr {
        Expr::Number { .. } | Expr::Field { .. } | Expr::Today | Expr::Holds { .. } => 0,
        Expr::Referenced { .. } | Expr::Children { .. } => 1,
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right } => reach(left) + reach(right),
        Expr::PlusDays { date: left, days: right }
        | Expr::PlusMonths { date: left, months: right }
        | Expr::Elapsed { from: left, to: right, .. } => reach(left) + reach(right),
    }
}

fn counted(function: String, kind: Kind, elements: usize, files: usize) -> Counted {
    // (elements up to, and up to; files up to, and up to) of the first and second column and row of the manual's tables.
    let (few, more, small, middle) = match kind {
        Kind::InternalFile => (19, 50, 1, 5),
        Kind::Input => (4, 15, 1, 2),
        Kind::Output => (5, 19, 1, 3),
        Kind::Inquiry => (5, 19, 1, 3),
    };
    let step = |value: usize, first: usize, second: usize| usize::from(value > first) + usize::from(value > second);
    let complexity = match step(elements, few, more) + step(files, small, middle) {
        0 | 1 => Complexity::Low,
        2 => Complexity::Average,
        _ => Complexity::High,
    };
    let points = match (kind, complexity) {
        (Kind::InternalFile, Complexity::Low) | (Kind::Output, Complexity::High) => 7,
        (Kind::InternalFile, Complexity::Average) => 10,
        (Kind::InternalFile, Complexity::High) => 15,
        (Kind::Input | Kind::Inquiry, Complexity::Low) => 3,
        (Kind::Input | Kind::Inquiry, Complexity::Average) | (Kind::Output, Complexity::Low) => 4,
        (Kind::Input | Kind::Inquiry, Complexity::High) => 6,
        (Kind::Output, Complexity::Average) => 5,
    };
    Counted { function, kind, elements, files, complexity, points }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[test]
    fn the_weights_are_those_of_the_manual() {
        for (kind, elements, files, points) in [
            (Kind::InternalFile, 10, 1, 7),
            (Kind::InternalFile, 51, 1, 10),
            (Kind::InternalFile, 51, 6, 15),
            (Kind::Input, 4, 1, 3),
            (Kind::Input, 5, 2, 4),
            (Kind::Input, 16, 3, 6),
            (Kind::Output, 20, 1, 5),
            (Kind::Output, 20, 4, 7),
            (Kind::Inquiry, 5, 2, 3),
            (Kind::Inquiry, 6, 4, 6),
        ] {
            assert_eq!(counted(String::new(), kind, elements, files).points, points, "{kind:?} {elements} {files}");
        }
    }

    #[tokio::test]
    async fn more_to_do_is_more_points_and_more_unknown_is_a_wider_range() {
        let entity = |key: &str| {
            json!({"key": key, "name": key, "plural": format!("{key}s"), "path": key, "sources": [],
            "fields": [{"key": "name", "name": "name", "kind": {"type": "text"}, "sources": []}]})
        };
        let model = |entities: Value| json!({"model": {"title": "T", "roles": [], "rules": [], "entities": entities}});
        let small = run(EstimateEffort, model(json!([entity("tool")])), &mut context()).await.unwrap();
        let large = run(EstimateEffort, model(json!([entity("tool"), entity("loan")])), &mut context()).await.unwrap();
        // A file (7), three inputs (3 each), two inquiries (3 each).
        assert_eq!((&small["points"], &large["points"]), (&json!(22), &json!(44)));
        assert_eq!(small["hours"]["likely"], 176.0);
        assert!(small["hours"]["low"].as_f64() < Some(176.0) && small["hours"]["high"].as_f64() > Some(176.0));
        let known =
            estimate(&serde_json::from_value(model(json!([entity("a")]))["model"].clone()).unwrap(), 8.0, (0, 4));
        let unknown =
            estimate(&serde_json::from_value(model(json!([entity("a")]))["model"].clone()).unwrap(), 8.0, (2, 4));
        assert!(unknown.hours.high > known.hours.high);
        let error = run(EstimateEffort, json!({"hours_per_point": 0}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("0.5 to 80"), "{error}");
    }
}
