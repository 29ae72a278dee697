//! `find_conflicts`: statements and rules that cannot all hold.

use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, Statement, model_schema},
};
use maestro_artifacts::{
    Action, Condition, FieldKind, Measure, Offset, Op, Operand, Rule, RuleKind, ServiceModel, Test,
};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

pub(crate) struct FindConflicts;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model whose rules to compare: title, roles, entities, rules; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// The statements whose words to compare; those of the epic when left out
    #[serde(default)]
    statements: Option<Vec<Statement>>,
}

/// Things that cannot all hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Conflict {
    /// What contradicts, for people.
    message: String,
    /// Ids of the rules, where rules contradict.
    rules: Vec<String>,
    /// Ids of the statements.
    statements: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// How many rules were compared.
    rules: usize,
    /// How many statements were compared.
    statements: usize,
    conflicts: Vec<Conflict>,
}

impl Tool for FindConflicts {
    const NAME: &'static str = "find_conflicts";
    const DESCRIPTION: &'static str = "Finds what cannot all hold: ranges that leave no value, two limits, types or defaults of one thing, what is required and refused, roles that exclude each other, records that are kept and deleted with others, comparisons in a circle, and statements that say the same with another number or a not.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let statements = given::statements(args.statements, &workspace.context().epic);
        // Words can be compared before there is a model.
        let model = match given::model(args.model.clone(), workspace) {
            Ok(model) => model,
            Err(_) if args.model.is_none() && !statements.is_empty() => ServiceModel::default(),
            Err(why) => return Err(why),
        };
        let mut conflicts = of_rules(&model);
        conflicts.extend(of_words(&statements));
        Ok(Output { rules: model.rules.len(), statements: statements.len(), conflicts })
    }
}

fn conflict(message: String, rules: &[&Rule]) -> Conflict {
    let statements: BTreeSet<_> = rules.iter().flat_map(|rule| &rule.sources).map(ToString::to_string).collect();
    Conflict {
        message,
        rules: rules.iter().map(|rule| rule.id.clone()).collect(),
        statements: statements.into_iter().collect(),
    }
}

fn of_rules(model: &ServiceModel) -> Vec<Conflict> {
    let mut found = bounds(model);
    let pairs = model.rules.iter().enumerate().flat_map(|(i, a)| model.rules.iter().skip(i + 1).map(move |b| (a, b)));
    for (a, b) in pairs {
        let message = between(model, &a.demand, &b.demand).or_else(|| between(model, &b.demand, &a.demand));
        found.extend(message.map(|message| conflict(message, &[a, b])));
    }
    for rule in &model.rules {
        found.extend(alone(model, &rule.demand).map(|message| conflict(message, &[rule])));
    }
    found.extend(circle(model));
    found.extend(types(model));
    found
}

/// A bound as a number that can be compared: numbers as they are, dates and date-times as their text orders them.
fn order(a: &str, b: &str) -> Option<std::cmp::Ordering> {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.partial_cmp(&b),
        (Err(_), Err(_)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// For each entity and field: who bounds it, by what, and whether the bound itself is refused.
type Bounds<'r> = BTreeMap<(&'r str, &'r str), Vec<(&'r Rule, String, bool)>>;

/// All bounds of one field taken together leave a value, and no two rules give different ones.
fn bounds(model: &ServiceModel) -> Vec<Conflict> {
    let mut lows: Bounds<'_> = BTreeMap::new();
    let mut highs = lows.clone();
    for rule in &model.rules {
        match &rule.demand {
            RuleKind::Range { entity, field, min, max, above_min, below_max } => {
                let key = (entity.as_str(), field.as_str());
                lows.entry(key).or_default().extend(min.clone().map(|min| (rule, min, *above_min)));
                highs.entry(key).or_default().extend(max.clone().map(|max| (rule, max, *below_max)));
            }
            RuleKind::Length { entity, field, min, max } => {
                let key = (entity.as_str(), field.as_str());
                lows.entry(key).or_default().extend(min.map(|min| (rule, min.to_string(), false)));
                highs.entry(key).or_default().extend(max.map(|max| (rule, max.to_string(), false)));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (which, all) in [("lowest", &lows), ("highest", &highs)] {
        for ((entity, field), limits) in all {
            for (i, (a, x, open_a)) in limits.iter().enumerate() {
                for (b, y, open_b) in limits.iter().skip(i + 1) {
                    if (x, open_a) != (y, open_b) {
                        let message =
                            format!("the {which} value of `{entity}.{field}` is `{x}` in one and `{y}` in the other");
                        found.push(conflict(message, &[a, b]));
                    }
                }
            }
        }
    }
    for ((entity, field), lows) in &lows {
        for (a, low, open_low) in lows {
            for (b, high, open_high) in highs.get(&(*entity, *field)).into_iter().flatten() {
                let none = match order(low, high) {
                    Some(std::cmp::Ordering::Greater) => true,
                    Some(std::cmp::Ordering::Equal) => *open_low || *open_high,
                    _ => false,
                };
                if none {
                    let message = format!("no value of `{entity}.{field}` is at once from `{low}` and up to `{high}`");
                    found.push(if a.id == b.id { conflict(message, &[a]) } else { conflict(message, &[a, b]) });
                }
            }
        }
    }
    found
}

/// What two rules contradict in, looked at in this order.
fn between(model: &ServiceModel, a: &RuleKind, b: &RuleKind) -> Option<String> {
    use RuleKind as K;
    let apart = |a: &[String], b: &[String]| !a.iter().any(|role| b.contains(role));
    match (a, b) {
        (K::Default { entity: e, field: f, value: x }, K::Default { entity, field, value: y })
            if (e, f) == (entity, field) && x != y =>
        {
            Some(format!("`{e}.{f}` has the default {x} in one and {y} in the other"))
        }
        (K::Default { entity: e, field: f, value }, K::Range { entity, field, min, max, .. })
            if (e, f) == (entity, field) =>
        {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let low = min.as_ref().and_then(|min| order(&text, min)).is_some_and(std::cmp::Ordering::is_lt);
            let high = max.as_ref().and_then(|max| order(&text, max)).is_some_and(std::cmp::Ordering::is_gt);
            (low || high).then(|| format!("the default {value} of `{e}.{f}` is outside of its range"))
        }
        (K::Computed { entity: e, field: f, .. }, K::Required { entity, field } | K::Default { entity, field, .. })
            if (e, f) == (entity, field) =>
        {
            Some(format!("`{e}.{f}` is worked out by the service and must be given by the caller"))
        }
        (
            K::NoDelete { entity: e, when },
            K::Capability { entity, action: Action::Delete } | K::ActionRole { entity, action: Action::Delete, .. },
        ) if e == entity && when.0.is_empty() => Some(format!("`{e}` can never be deleted, and somebody deletes it")),
        (K::NoDelete { entity: e, when }, K::Cascade { entity, field })
            if when.0.is_empty() || is_while_it_has(when, entity, field) =>
        {
            kept_and_taken(model, e, when, entity, field)
        }
        (K::Immutable { entity: e, when, fields }, K::Cascade { entity, field })
            if when.0.is_empty() && fields.is_empty() =>
        {
            kept_and_taken(model, e, when, entity, field)
        }
        (
            K::Immutable { entity: e, when, fields },
            K::Capability { entity, action: Action::Update } | K::ActionRole { entity, action: Action::Update, .. },
        ) if e == entity && when.0.is_empty() && fields.is_empty() => {
            Some(format!("`{e}` can never be changed, and somebody changes it"))
        }
        (
            K::ActionRole { entity: e, action: x, fields: f, roles: r },
            K::ActionRole { entity, action, fields, roles },
        ) if (e, x, f) == (entity, action, fields) && apart(r, roles) => Some(
            format!("only {} and only {} may {x:?} `{e}`: nobody may", r.join(", "), roles.join(", ")).to_lowercase(),
        ),
        // Who may not do it at all may not do a part of it either.
        (
            K::ActionBarred { entity: e, action: x, fields: f, roles: r },
            K::ActionRole { entity, action, fields, roles },
        ) if (e, x) == (entity, action) && (f.is_empty() || f == fields) => {
            let both: Vec<&str> = roles.iter().filter(|role| r.contains(role)).map(String::as_str).collect();
            (!both.is_empty()).then(|| format!("{} alone may {x:?} `{e}`, and may not", both.join(", ")).to_lowercase())
        }
        (K::TransitionRole { entity: e, from: f, to: t, roles: r }, K::TransitionRole { entity, from, to, roles })
            if (e, t) == (entity, to) && (f == from || f.is_none() || from.is_none()) && apart(r, roles) =>
        {
            Some(format!("only {} and only {} may move `{e}` to `{t}`: nobody may", r.join(", "), roles.join(", ")))
        }
        (
            K::Capacity { parent: p, child: c, via: v, measure: m, limit: l, op: o, when: w },
            K::Capacity { parent, child, via, measure, limit, op, when },
        ) if (p, c, v, m, w) == (parent, child, via, measure, when) && (l, o) != (limit, op) => {
            Some(format!("`{p}` has two different limits for its `{c}`"))
        }
        (K::List { entity: e, page_size: Some(x), .. }, K::List { entity, page_size: Some(y), .. })
            if e == entity && x != y =>
        {
            Some(format!("lists of `{e}` have {x} and {y} records a page"))
        }
        (K::List { entity: e, sort: x, .. }, K::List { entity, sort: y, .. })
            if e == entity && x != y && !x.is_empty() && !y.is_empty() =>
        {
            Some(format!("lists of `{e}` are ordered in two ways"))
        }
        (K::Format { entity: e, field: f, format: x }, K::Format { entity, field, format: y })
            if (e, f) == (entity, field) && x != y =>
        {
            Some(format!("`{e}.{f}` has the form {x:?} and the form {y:?}").to_lowercase())
        }
        (K::Transitions { entity: e }, K::Immutable { entity, when, fields }) if e == entity && when.0.is_empty() => {
            let state = &model.entity(e)?.workflow.as_ref()?.field;
            fields.contains(state).then(|| format!("the state of `{e}` changes and can never be changed"))
        }
        _ => None,
    }
}

/// Whether a condition holds of a record as long as any record refers to it by this field.
fn is_while_it_has(when: &Condition, entity: &str, field: &str) -> bool {
    let [Test::Children { child, via, when: only, measure: Measure::Count, op, to: Operand::Value { value } }] =
        when.0.as_slice()
    else {
        return false;
    };
    let any = matches!((op, value.as_i64()), (Op::Gt | Op::Ne, Some(0)) | (Op::Ge, Some(1)));
    any && child == entity && via == field && only.0.is_empty()
}

/// What is wrong with a rule that keeps a record and one that has it, or what refers to it, deleted.
fn kept_and_taken(model: &ServiceModel, kept: &str, when: &Condition, child: &str, field: &str) -> Option<String> {
    let FieldKind::Reference { entity: parent } = &model.field(child, field)?.kind else { return None };
    if kept == parent && !when.0.is_empty() {
        return Some(format!(
            "`{parent}` is kept while a `{child}` refers to it, and each `{child}` is deleted with it"
        ));
    }
    let never = when.0.is_empty() && (kept == parent || kept == child);
    never.then(|| format!("`{kept}` can never be deleted, and `{child}` is deleted with its `{parent}`"))
}

/// What one rule contradicts in with the model.
fn alone(model: &ServiceModel, rule: &RuleKind) -> Option<String> {
    match rule {
        RuleKind::Required { entity, field } => {
            let field = model.field(entity, field)?;
            field.read_only.then(|| format!("`{entity}.{}` must be given and is refused in requests", field.key))
        }
        RuleKind::Default { entity, field, value } => match (&model.field(entity, field)?.kind, value.as_str()) {
            (FieldKind::Enum { values }, text)
                if !text.is_some_and(|text| values.iter().any(|known| known == text)) =>
            {
                Some(format!("the default {value} of `{entity}.{field}` is none of {}", values.join(", ")))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Comparisons without condition that lead from a field back to itself, one of them strict.
fn circle(model: &ServiceModel) -> Vec<Conflict> {
    type Edges<'a> = BTreeMap<(&'a str, &'a str), Vec<(&'a str, bool, &'a Rule)>>;
    fn walk<'a>(edges: &Edges<'a>, entity: &'a str, start: &str, way: &mut Vec<(&'a str, bool, &'a Rule)>) -> bool {
        let at = way.last().map_or("", |step| step.0);
        for step in edges.get(&(entity, at)).into_iter().flatten() {
            way.push(*step);
            if step.0 == start && way.iter().any(|(_, strict, _)| *strict) {
                return true;
            }
            let new = step.0 != start && way.iter().filter(|known| known.0 == step.0).count() == 1;
            if new && way.len() < 16 && walk(edges, entity, start, way) {
                return true;
            }
            way.pop();
        }
        false
    }
    let mut edges: Edges<'_> = BTreeMap::new();
    for rule in &model.rules {
        let RuleKind::Compare { entity, field, op, to, when, .. } = &rule.demand else { continue };
        let Operand::Field { field: other, offset: Offset::NONE } = to else { continue };
        if !when.0.is_empty() {
            continue;
        }
        // An edge leads from the smaller to the larger.
        let (low, high) = if matches!(op, Op::Lt | Op::Le) { (field, other) } else { (other, field) };
        match op {
            Op::Lt | Op::Gt => edges.entry((entity, low)).or_default().push((high, true, rule)),
            Op::Le | Op::Ge => edges.entry((entity, low)).or_default().push((high, false, rule)),
            Op::Eq => {
                edges.entry((entity, field)).or_default().push((other, false, rule));
                edges.entry((entity, other)).or_default().push((field, false, rule));
            }
            Op::Ne => {}
        }
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (entity, start) in edges.keys() {
        for first in edges.get(&(*entity, *start)).into_iter().flatten() {
            let mut way = vec![*first];
            let closed = (first.0 == *start && first.1) || walk(&edges, entity, start, &mut way);
            let rules: BTreeSet<&str> = way.iter().map(|(.., rule)| rule.id.as_str()).collect();
            if closed && seen.insert(rules) {
                let names: Vec<_> = way.iter().map(|(field, ..)| *field).collect();
                let rules: Vec<&Rule> = way.iter().map(|(.., rule)| *rule).collect();
                found.push(conflict(
                    format!("`{entity}.{start}` would come before itself, by way of {}", names.join(", ")),
                    &rules,
                ));
            }
        }
    }
    found
}

/// One field with two types.
fn types(model: &ServiceModel) -> Vec<Conflict> {
    let mut found = Vec::new();
    for entity in &model.entities {
        for (i, a) in entity.fields.iter().enumerate() {
            for b in entity.fields.iter().skip(i + 1).filter(|b| b.key == a.key) {
                let statements: BTreeSet<_> = a.sources.iter().chain(&b.sources).map(ToString::to_string).collect();
                let message = format!("`{}.{}` stands there twice: {:?} and {:?}", entity.key, a.key, a.kind, b.kind);
                found.push(Conflict { message, rules: vec![], statements: statements.into_iter().collect() });
            }
        }
    }
    found
}

static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\d+(?:[.,]\d+)*").ok());
static NOT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:not|never|no longer)\b|n't\b|\bcannot\b").ok());
static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[a-z#]+").ok());

/// The words of a statement without articles, modal verbs, numbers and negation.
fn frame(text: &str) -> Option<(Vec<String>, Vec<String>, bool)> {
    let lower = text.to_lowercase().replace("can't", "cannot");
    let numbers = NUMBERS.as_ref()?.find_iter(&lower).map(|found| found.as_str().to_owned()).collect();
    let negated = NOT.as_ref()?.find_iter(&lower).count() % 2 == 1;
    let bare = NUMBERS.as_ref()?.replace_all(&lower, "#");
    let bare = NOT.as_ref()?.replace_all(&bare, " ");
    const LEFT_OUT: &[&str] =
        &["a", "an", "the", "each", "every", "any", "must", "shall", "should", "may", "can", "will", "be", "is", "are"];
    let words = WORD.as_ref()?.find_iter(&bare).map(|found| found.as_str()).filter(|word| !LEFT_OUT.contains(word));
    Some((words.map(str::to_owned).collect(), numbers, negated))
}

/// Statements by their words, with their numbers and whether they negate.
type Frames<'s> = BTreeMap<Vec<String>, Vec<(&'s Statement, Vec<String>, bool)>>;

/// Statements that differ only in a number or a negation.
fn of_words(statements: &[Statement]) -> Vec<Conflict> {
    let mut known: Frames<'_> = BTreeMap::new();
    let mut found = Vec::new();
    for statement in statements {
        let Some((words, numbers, negated)) = frame(&statement.text) else { continue };
        if words.len() < 2 {
            continue;
        }
        let others = known.entry(words).or_default();
        for (other, their, not) in others.iter() {
            let statements = vec![other.id.clone(), statement.id.clone()];
            let message = if *not != negated && *their == numbers {
                format!(
                    "`{}` forbids what `{}` wants",
                    if negated { &statement.id } else { &other.id },
                    if negated { &other.id } else { &statement.id }
                )
            } else if *not == negated && *their != numbers {
                format!("the same with {} and with {}", their.join(", "), numbers.join(", "))
            } else {
                continue;
            };
            found.push(Conflict { message, rules: vec![], statements });
        }
        others.push((statement, numbers, negated));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn said(rules: Value) -> Vec<String> {
        let fields = json!([
            {"key": "a", "name": "a", "kind": {"type": "date"}, "sources": []},
            {"key": "s", "name": "s", "kind": {"type": "enum", "values": ["x", "y"]}, "read_only": true, "sources": []},
        ]);
        let rules: Vec<_> = rules.as_array().unwrap().iter().enumerate()
            .map(|(n, demand)| json!({"id": format!("R-{n}"), "sources": [format!("BR-{}", n + 1)], "message": "m", "demand": demand})).collect();
        let model = json!({"title": "T", "roles": [], "rules": rules, "entities": [
            {"key": "loan", "name": "loan", "plural": "loans", "path": "loans", "fields": fields, "sources": []},
            {"key": "fine", "name": "fine", "plural": "fines", "path": "fines", "sources": [], "fields": [
                {"key": "loan_id", "name": "loan", "kind": {"type": "reference", "entity": "loan"}, "sources": []}]}]});
        of_rules(&serde_json::from_value(model).unwrap()).into_iter().map(|conflict| conflict.message).collect()
    }

    #[test]
    fn rules_that_exclude_each_other_are_found() {
        let range =
            |min: &str, max: &str| json!({"kind": "range", "entity": "loan", "field": "a", "min": min, "max": max});
        let compare = |field: &str, op: &str, other: &str| json!({"kind": "compare", "entity": "loan", "field": field, "op": op, "to": {"of": "field", "field": other}});
        let role =
            |roles: &[&str]| json!({"kind": "action_role", "entity": "loan", "action": "delete", "roles": roles});
        let barred =
            |roles: &[&str]| json!({"kind": "action_barred", "entity": "loan", "action": "delete", "roles": roles});
        let cascade = json!({"kind": "cascade", "entity": "fine", "field": "loan_id"});
        let never = |entity: &str| json!({"kind": "no_delete", "entity": entity});
        let has = |op: &str, count: i64, when: Value| {
            json!({"kind": "no_delete", "entity": "loan", "when": [{"test": "children", "child": "fine", "via": "loan_id",
            "when": when, "measure": {"measure": "count"}, "op": op, "to": {"of": "value", "value": count}}]})
        };
        let frozen = |when: Value| json!({"kind": "immutable", "entity": "fine", "when": when});
        let some = json!([{"test": "given", "field": "loan_id"}]);
        for (rules, says) in [
            (json!([cascade, never("loan")]), "`loan` can never be deleted"),
            (json!([never("fine"), cascade]), "`fine` can never be deleted"),
            (json!([cascade, frozen(json!([]))]), "`fine` can never be deleted, and `fine` is deleted with its `loan`"),
            (json!([cascade, has("gt", 0, json!([]))]), "kept while a `fine` refers to it"),
            (json!([has("ge", 1, json!([])), cascade]), "kept while a `fine` refers to it"),
            (json!([range("10", "9.5")]), "no value"),
            (json!([range("1", "5"), range("1", "6")]), "highest value"),
            (json!([range("1", "5"), {"kind": "default", "entity": "loan", "field": "a", "value": 7}]), "outside"),
            (json!([{"kind": "length", "entity": "loan", "field": "a", "min": 5, "max": 3}]), "no value"),
            (json!([{"kind": "required", "entity": "loan", "field": "s"}]), "refused"),
            (json!([{"kind": "default", "entity": "loan", "field": "s", "value": "z"}]), "none of x, y"),
            (json!([role(&["clerk"]), role(&["boss"])]), "nobody may"),
            (json!([role(&["clerk"]), {"kind": "no_delete", "entity": "loan"}]), "never be deleted"),
            (json!([role(&["clerk", "boss"]), barred(&["clerk"])]), "clerk alone may delete `loan`, and may not"),
            (json!([compare("a", "lt", "b"), compare("b", "le", "c"), compare("a", "gt", "c")]), "before itself"),
        ] {
            let told = said(rules.clone());
            assert!(told.len() == 1 && told[0].contains(says), "{rules}: {told:?}");
        }
        for fine in [
            json!([range("1", "5"), range("1", "5"), role(&["clerk", "boss"]), role(&["boss"])]),
            json!([range("9", "10")]),
            json!([role(&["clerk"]), barred(&["guest"]), {"kind": "no_delete", "entity": "fine"}]),
            json!([barred(&["guest"]), {"kind": "no_delete", "entity": "loan"}]),
            json!([cascade, has("gt", 3, json!([])), has("gt", 0, some.clone()), frozen(some)]),
            json!([compare("a", "le", "b"), compare("b", "le", "a")]),
            json!([compare("a", "lt", "b"), compare("a", "lt", "c"), compare("b", "lt", "c")]),
        ] {
            assert_eq!(said(fine.clone()), [] as [String; 0], "{fine}");
        }
    }

    #[tokio::test]
    async fn statements_that_differ_in_a_number_or_a_not_are_found() {
        let statements = json!([
            {"id": "BR-1", "text": "A member may have at most 3 open loans."},
            {"id": "BR-2", "text": "Each member can have at most 5 open loans"},
            {"id": "BR-3", "text": "A returned loan can be deleted."},
            {"id": "BR-4", "text": "A returned loan must not be deleted."},
            {"id": "BR-5", "text": "A lost loan must not be deleted."},
        ]);
        let got = run(FindConflicts, json!({"statements": statements}), &mut context()).await.unwrap();
        let pairs: Vec<_> = got["conflicts"].as_array().unwrap().iter().map(|c| c["statements"].clone()).collect();
        assert_eq!(pairs, [json!(["BR-1", "BR-2"]), json!(["BR-3", "BR-4"])]);
        let error = run(FindConflicts, json!({"model": {"title": 1}}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("`model` does not fit"), "{error}");
    }
}
