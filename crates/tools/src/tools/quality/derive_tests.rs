//! `derive_tests`: the test cases that the rules of the model demand, both sides of each, with the statements they prove.

use super::values::{Field, Verdict};
use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, model_schema},
};
use maestro_artifacts::{Action, Condition, Entity, Moment, Offset, Op, Operand, Rule, RuleKind, ServiceModel, Test};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct DeriveTests;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The service model; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
    /// Only of these rules (`R-3`) or statements (`AC-2.1`)
    #[serde(default)]
    only: Vec<String>,
}

/// One test to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Case {
    /// Unique; a name for the test can be made of it.
    id: String,
    rule: String,
    covers: Vec<String>,
    given: String,
    when: String,
    then: String,
    /// The HTTP status that is expected.
    status: u16,
    /// Whether the rule lets it pass.
    accepts: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    cases: Vec<Case>,
    /// Rules that have no second side, and why.
    one_sided: Vec<(String, &'static str)>,
}

impl Tool for DeriveTests {
    const NAME: &'static str = "derive_tests";
    const DESCRIPTION: &'static str = "Derives test cases from the rules of the model: given, when, then, expected HTTP status, and which statements each proves; for each rule what it lets pass and what it refuses.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with `only` some rules or statements";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let model = given::model(args.model, workspace)?;
        let wanted = |rule: &Rule| {
            args.only.is_empty()
                || args.only.iter().any(|id| *id == rule.id || rule.sources.iter().any(|source| source.as_str() == id))
        };
        let rules: Vec<_> = model.rules.iter().filter(|rule| wanted(rule)).collect();
        if rules.is_empty() {
            let known: Vec<_> = model.rules.iter().map(|rule| rule.id.as_str()).collect();
            return Err(Error::Respond(format!("no rule fits; the model has the rules {}", known.join(", "))));
        }
        let mut output = Output { cases: Vec::new(), one_sided: Vec::new() };
        for rule in rules {
            let sheet = Sheet::of(&model, rule).map_err(Error::Respond)?;
            output.one_sided.extend(sheet.one_sided.map(|why| (rule.id.clone(), why)));
            output.cases.extend(sheet.cases);
        }
        Ok(output)
    }
}

/// The cases of one rule.
struct Sheet<'a> {
    rule: &'a Rule,
    cases: Vec<Case>,
    one_sided: Option<&'static str>,
}

impl<'a> Sheet<'a> {
    fn of(model: &'a ServiceModel, rule: &'a Rule) -> Result<Self, String> {
        let mut sheet = Self { rule, cases: Vec::new(), one_sided: None };
        sheet.write(model)?;
        Ok(sheet)
    }

    fn case(
        &mut self,
        given: impl Into<String>,
        when: impl Into<String>,
        then: impl Into<String>,
        status: u16,
        accepts: bool,
    ) {
        self.cases.push(Case {
            id: format!("{}/{}", self.rule.id, self.cases.len() + 1),
            rule: self.rule.id.clone(),
            covers: self.rule.sources.iter().map(ToString::to_string).collect(),
            given: given.into(),
            when: when.into(),
            then: then.into(),
            status,
            accepts,
        });
    }

    fn passes(&mut self, given: impl Into<String>, when: impl Into<String>, status: u16) {
        self.case(given, when, "it is done", status, true);
    }

    fn refuses(&mut self, given: impl Into<String>, when: impl Into<String>, status: u16) {
        let then = format!("it is refused: {}", self.rule.message);
        self.case(given, when, then, status, false);
    }

    fn write(&mut self, model: &ServiceModel) -> Result<(), String> {
        use RuleKind as K;
        let rule = self.rule;
        let entity = |key: &str| {
            model.entity(key).ok_or_else(|| format!("rule `{}` speaks of `{key}`, which is no entity", rule.id))
        };
        let valid = |e: &Entity| format!("a valid {}", e.name);
        let add = |e: &Entity| format!("POST /{}", e.path);
        let change = |e: &Entity| format!("PATCH /{}/{{id}}", e.path);
        match &rule.demand {
            K::Capability { entity: e, action } => {
                let e = entity(e)?;
                let (when, status) = match action {
                    Action::Create => (add(e), 201),
                    Action::Read => (format!("GET /{}/{{id}}", e.path), 200),
                    Action::List => (format!("GET /{}", e.path), 200),
                    Action::Update => (format!("{} with another value", change(e)), 200),
                    Action::Delete => (format!("DELETE /{}/{{id}}", e.path), 204),
                };
                self.passes(valid(e), when.clone(), status);
                match action {
                    Action::Create => self.case(
                        "nothing",
                        format!("{} with a body that is no JSON object", add(e)),
                        "it is refused",
                        422,
                        false,
                    ),
                    Action::List => self.one_sided = Some("a list refuses nobody"),
                    _ => self.case("no record of that id", when, "there is no such record", 404, false),
                }
            }
            K::HasField { entity: e, field } => {
                let e = entity(e)?;
                self.passes("nothing", format!("{} with `{field}`, then GET it", add(e)), 201);
                self.case(
                    "nothing",
                    format!("{} with a value of another type in `{field}`", add(e)),
                    "it is refused",
                    422,
                    false,
                );
            }
            K::Required { entity: key, field }
            | K::Range { entity: key, field, .. }
            | K::Length { entity: key, field, .. }
            | K::Format { entity: key, field, .. } => {
                let e = entity(key)?;
                let of = Field::of(model, key, field)
                    .ok_or_else(|| format!("rule `{}` speaks of `{key}.{field}`, which is no field", rule.id))?;
                for trial in of.trials()? {
                    let what = trial
                        .value
                        .map_or_else(|| format!("without `{field}`"), |value| format!("with `{field}`: {value}"));
                    let when = format!("{} {what} ({})", add(e), trial.why);
                    match trial.verdict {
                        Verdict::Accepted => self.passes("all other fields valid", when, 201),
                        Verdict::Refused => self.refuses("all other fields valid", when, 422),
                    }
                }
            }
            K::RequiredWhen { entity: e, field, when } => {
                let e = entity(e)?;
                self.refuses(holds(when), format!("{} without `{field}`", add(e)), 422);
                self.passes(holds(when), format!("{} with `{field}`", add(e)), 201);
                self.passes(fails(when), format!("{} without `{field}`", add(e)), 201);
            }
            K::Default { entity: e, field, value } => {
                let e = entity(e)?;
                self.case(
                    "nothing",
                    format!("{} without `{field}`", add(e)),
                    format!("`{field}` is {value}"),
                    201,
                    true,
                );
                self.case(
                    "nothing",
                    format!("{} with another value in `{field}`", add(e)),
                    format!("`{field}` is what was sent"),
                    201,
                    true,
                );
                self.one_sided = Some("a default refuses nothing");
            }
            K::Unique { entity: e, fields, when, ignore_case } => {
                let e = entity(e)?;
                let same = fields.join(" and ");
                self.refuses(format!("a {} with the same {same}; {}", e.name, holds(when)), add(e), 409);
                self.passes(format!("a {} with the same {same}; it is deleted first", e.name), add(e), 201);
                for field in fields {
                    self.passes(format!("a {} that differs in `{field}` only", e.name), add(e), 201);
                }
                if *ignore_case {
                    self.refuses(format!("a {} with the same {same} in capital letters", e.name), add(e), 409);
                }
                self.refuses(
                    format!("two of {}", e.plural),
                    format!("{} that gives one the {same} of the other", change(e)),
                    409,
                );
            }
            K::Pattern { entity: e, field, regex } => {
                let e = entity(e)?;
                self.passes("nothing", format!("{} with a `{field}` that `{regex}` matches", add(e)), 201);
                self.refuses("nothing", format!("{} with such a `{field}` and one character more", add(e)), 422);
                self.refuses("nothing", format!("{} with such a `{field}` after a line break", add(e)), 422);
            }
            K::Compare { entity: e, field, op, to, when, on_create } => {
                let e = entity(e)?;
                for (what, fine) in sides(*op, &operand(to)) {
                    let trial = format!("{} with `{field}` {what}", add(e));
                    if fine { self.passes(holds(when), trial, 201) } else { self.refuses(holds(when), trial, 422) }
                }
                if !when.0.is_empty() {
                    self.passes(fails(when), format!("{} with `{field}` on the wrong side", add(e)), 201);
                }
                if *on_create {
                    self.passes(
                        "a record for which it no longer holds",
                        format!("{} of another field", change(e)),
                        200,
                    );
                }
            }
            K::Requires { entity: e, at, condition } => {
                let e = entity(e)?;
                let (trial, status) = match at {
                    Moment::Create | Moment::Save => (add(e), 201),
                    Moment::Transition { to } => (format!("{} to `{to}`", change(e)), 200),
                };
                self.passes(holds(condition), trial.clone(), status);
                self.refuses(fails(condition), trial.clone(), 409);
                if *at == Moment::Save {
                    self.refuses(fails(condition), change(e), 409);
                }
            }
            K::Transitions { entity: e } => {
                let e = entity(e)?;
                let Some(flow) = &e.workflow else {
                    return Err(format!("rule `{}`: `{}` has no workflow", rule.id, e.key));
                };
                for from in &flow.states {
                    for to in flow.states.iter().filter(|to| *to != from) {
                        let trial = format!("{} with `{}`: `{to}`", change(e), flow.field);
                        if flow.transitions.iter().any(|t| t.from == *from && t.to == *to) {
                            self.passes(format!("a {} that is `{from}`", e.name), trial, 200);
                        } else {
                            self.refuses(format!("a {} that is `{from}`", e.name), trial, 409);
                        }
                    }
                }
                let others: Vec<_> = flow.states.iter().filter(|state| **state != flow.initial).cloned().collect();
                for state in others {
                    self.refuses("nothing", format!("{} with `{}`: `{state}`", add(e), flow.field), 409);
                }
            }
            K::TransitionRole { entity: e, from, to, roles } => {
                let e = entity(e)?;
                let given = from.as_ref().map_or_else(|| valid(e), |from| format!("a {} that is `{from}`", e.name));
                self.roles(model, roles, &given, &format!("{} to `{to}`", change(e)), 200);
            }
            K::ActionRole { entity: e, action, fields, roles } => {
                let e = entity(e)?;
                let with =
                    if fields.is_empty() { String::new() } else { format!(" with `{}`", fields.join("` and `")) };
                let (when, status) = match action {
                    Action::Create => (format!("{}{with}", add(e)), 201),
                    Action::Read => (format!("GET /{}/{{id}}", e.path), 200),
                    Action::List => (format!("GET /{}", e.path), 200),
                    Action::Update => (format!("{}{with}", change(e)), 200),
                    Action::Delete => (format!("DELETE /{}/{{id}}", e.path), 204),
                };
                self.roles(model, roles, &valid(e), &when, status);
            }
            K::TransitionRequires { entity: e, from, to, fields } => {
                let e = entity(e)?;
                let given = from.as_ref().map_or_else(|| valid(e), |from| format!("a {} that is `{from}`", e.name));
                for field in fields {
                    self.refuses(format!("{given}, without `{field}`"), format!("{} to `{to}`", change(e)), 422);
                }
                self.passes(given, format!("{} to `{to}` with `{}`", change(e), fields.join("` and `")), 200);
            }
            K::Stamp { entity: e, to, field, value } => {
                let e = entity(e)?;
                let (trial, status) =
                    to.as_ref().map_or_else(|| (add(e), 201), |to| (format!("{} to `{to}`", change(e)), 200));
                self.case(valid(e), trial.clone(), format!("`{field}` is {}", operand(value)), status, true);
                if to.is_some() {
                    self.case(
                        valid(e),
                        format!("{} that leaves the state", change(e)),
                        format!("`{field}` is as before"),
                        200,
                        true,
                    );
                }
                self.one_sided = Some("a stamp refuses nothing");
            }
            K::Immutable { entity: e, when, fields } => {
                let e = entity(e)?;
                let what = fields.first().map_or_else(|| "any field".to_owned(), |field| format!("`{field}`"));
                self.refuses(holds(when), format!("{} of {what}", change(e)), 409);
                if fields.is_empty() {
                    self.refuses(holds(when), format!("DELETE /{}/{{id}}", e.path), 409);
                } else {
                    self.passes(holds(when), format!("{} of a field that is not frozen", change(e)), 200);
                }
                if !when.0.is_empty() {
                    self.passes(fails(when), format!("{} of {what}", change(e)), 200);
                }
            }
            K::NoDelete { entity: e, when } => {
                let e = entity(e)?;
                self.refuses(holds(when), format!("DELETE /{}/{{id}}", e.path), 409);
                if when.0.is_empty() {
                    self.one_sided = Some("these can never be deleted");
                } else {
                    self.passes(fails(when), format!("DELETE /{}/{{id}}", e.path), 204);
                }
            }
            K::NoOverlap { entity: e, start, end, by, when } => {
                let e = entity(e)?;
                let same = by.join(" and ");
                let other = format!("a {} with the same {same}; {}", e.name, holds(when));
                self.refuses(
                    other.clone(),
                    format!("{} that begins before its `{end}` and ends after its `{start}`", add(e)),
                    409,
                );
                self.refuses(other.clone(), format!("{} that lies inside of it", add(e)), 409);
                self.passes(other.clone(), format!("{} that begins after its `{end}`", add(e)), 201);
                self.passes(format!("a {} with another {same} at the same time", e.name), add(e), 201);
                if !when.0.is_empty() {
                    self.passes(
                        format!("a {} with the same {same}; {}", e.name, fails(when)),
                        format!("{} at the same time", add(e)),
                        201,
                    );
                }
            }
            K::Capacity { parent, child, via, op, limit, when, .. } => {
                let (parent, child) = (entity(parent)?, entity(child)?);
                let limit = operand(limit);
                let fits =
                    if *op == Op::Lt { "one less than the limit is not exceeded" } else { "the limit is just reached" };
                let given = format!("a {} with the limit {limit}", parent.name);
                self.passes(format!("{given}; {fits} with one more"), add(child), 201);
                self.refuses(format!("{given}; it is reached"), add(child), 409);
                self.refuses(
                    format!("{given}; it is reached; a {} of another", child.name),
                    format!("{} that moves it there by `{via}`", change(child)),
                    409,
                );
                if !when.0.is_empty() {
                    self.passes(
                        format!("{given}; it is reached"),
                        format!("{} that does not count: {}", add(child), fails(when)),
                        201,
                    );
                }
            }
            K::Computed { entity: e, field, .. } => {
                let e = entity(e)?;
                self.case(
                    "a record with known values",
                    format!("GET /{}/{{id}}", e.path),
                    format!("`{field}` is worked out of them"),
                    200,
                    true,
                );
                self.case(
                    "the values are changed",
                    format!("GET /{}/{{id}}", e.path),
                    format!("`{field}` has changed with them"),
                    200,
                    true,
                );
                self.refuses("nothing", format!("{} with `{field}`", add(e)), 422);
            }
            K::Totals { entity: e, by, .. } => {
                let e = entity(e)?;
                self.case(
                    "records in two groups",
                    format!("GET /{}/totals?by={}", e.path, by.join(".")),
                    "counts and sums of each group are right",
                    200,
                    true,
                );
                self.case("nothing", format!("GET /{}/totals?by=nonsense", e.path), "it is refused", 422, false);
            }
            K::List { entity: e, sort, page_size } => {
                let e = entity(e)?;
                if !sort.is_empty() {
                    self.case(
                        "records in another order",
                        format!("GET /{}", e.path),
                        "they come in the order of the rule",
                        200,
                        true,
                    );
                }
                if let Some(size) = page_size {
                    self.case(
                        format!("{} records", size + 1),
                        format!("GET /{}", e.path),
                        format!("there are {size} on the first page"),
                        200,
                        true,
                    );
                }
                self.one_sided = Some("a list refuses nobody");
            }
            K::Filter { entity: e, field } => {
                let e = entity(e)?;
                self.case(
                    "two records that differ in the field",
                    format!("GET /{}?{field}=<value>", e.path),
                    "only the one with the value is listed",
                    200,
                    true,
                );
                self.one_sided = Some("a filter refuses no record");
            }
            K::Sort { entity: e, field } => {
                let e = entity(e)?;
                self.case(
                    "records in another order",
                    format!("GET /{}?sort={field}, then sort=-{field}", e.path),
                    "they come up, then down",
                    200,
                    true,
                );
                self.one_sided = Some("an order refuses no record");
            }
            K::Search { entity: e, fields } => {
                let e = entity(e)?;
                self.case(
                    format!(
                        "one record with a word in {}",
                        if fields.is_empty() { "a text".to_owned() } else { fields.join(", ") }
                    ),
                    format!("GET /{}?q=<part of the word in capital letters>", e.path),
                    "only that record is listed",
                    200,
                    true,
                );
                self.one_sided = Some("a search refuses no record");
            }
            K::Csv { entity: e } => {
                let e = entity(e)?;
                self.case(
                    "a record with a comma, a quote and a line break in a text",
                    format!("GET /{} as CSV", e.path),
                    "a CSV reader reads the same values",
                    200,
                    true,
                );
                self.one_sided = Some("an export refuses no record");
            }
        }
        Ok(())
    }

    fn roles(&mut self, model: &ServiceModel, roles: &[String], given: &str, when: &str, status: u16) {
        for role in roles {
            self.passes(given, format!("{when} as `{role}`"), status);
        }
        for role in model.roles.iter().filter(|role| !roles.contains(role)) {
            self.refuses(given, format!("{when} as `{role}`"), 403);
        }
        self.refuses(given, format!("{when} without a role"), 403);
    }
}

/// Both sides of a comparison, and equality.
fn sides(op: Op, other: &str) -> [(String, bool); 3] {
    let (less, same, more) = match op {
        Op::Eq => (false, true, false),
        Op::Ne => (true, false, true),
        Op::Lt => (true, false, false),
        Op::Le => (true, true, false),
        Op::Gt => (false, false, true),
        Op::Ge => (false, true, true),
    };
    [(format!("just below {other}"), less), (format!("equal to {other}"), same), (format!("just above {other}"), more)]
}

fn operand(operand: &Operand) -> String {
    let plus = |n: i64, unit: &str| if n == 0 { String::new() } else { format!(" {n:+}{unit}") };
    let offset = |by: &Offset| {
        format!("{}{}{}", plus(by.plus_months, " months"), plus(by.plus, ""), plus(by.plus_minutes, " minutes"))
    };
    match operand {
        Operand::Value { value } => value.to_string(),
        Operand::Field { field, offset: by } => format!("`{field}`{}", offset(by)),
        Operand::Referenced { via, field, offset: by } => format!("`{field}` of `{via}`{}", offset(by)),
        Operand::Today { plus_days, plus_months } => {
            format!("today{}{}", plus(*plus_months, " months"), plus(*plus_days, " days"))
        }
        Operand::Now { plus_minutes } => format!("now{}", plus(*plus_minutes, " minutes")),
    }
}

fn holds(condition: &Condition) -> String {
    if condition.0.is_empty() {
        return "anything".to_owned();
    }
    condition.0.iter().map(|test| said(test, true)).collect::<Vec<_>>().join(" and ")
}

fn fails(condition: &Condition) -> String {
    condition.0.iter().map(|test| said(test, false)).collect::<Vec<_>>().join(" or ")
}

fn said(test: &Test, yes: bool) -> String {
    let of = |via: &Option<String>, field: &str| {
        via.as_ref().map_or_else(|| format!("`{field}`"), |via| format!("`{field}` of `{via}`"))
    };
    let list = |values: &[Value]| values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    let is = |yes: bool| if yes { "is" } else { "is not" };
    match test {
        Test::In { via, field, values } => format!("{} {} {}", of(via, field), is(yes), list(values)),
        Test::NotIn { via, field, values } => format!("{} {} {}", of(via, field), is(!yes), list(values)),
        Test::Empty { via, field } => format!("{} {} empty", of(via, field), is(yes)),
        Test::Given { via, field } => format!("{} {} empty", of(via, field), is(!yes)),
        Test::Compare { via, field, op, to } => format!("{} {} {} {}", of(via, field), is(yes), sign(*op), operand(to)),
        Test::Children { child, op, to, when, .. } => {
            let which = if when.0.is_empty() { String::new() } else { format!(" with {}", holds(when)) };
            format!("the measure of its `{child}`{which} {} {} {}", is(yes), sign(*op), operand(to))
        }
    }
}

const fn sign(op: Op) -> &'static str {
    match op {
        Op::Eq => "equal to",
        Op::Ne => "other than",
        Op::Lt => "less than",
        Op::Le => "at most",
        Op::Gt => "more than",
        Op::Ge => "at least",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn model(demand: Value) -> Value {
        let field = |key: &str, kind: Value| json!({"key": key, "name": key, "kind": kind, "sources": []});
        json!({"title": "T", "roles": ["clerk", "boss"], "entities": [{"key": "loan", "name": "loan", "plural": "loans", "path": "loans",
            "fields": [field("days", json!({"type": "integer"})), field("note", json!({"type": "text"})), field("status", json!({"type": "enum", "values": ["open", "closed"]}))],
            "workflow": {"field": "status", "states": ["open", "closed"], "initial": "open", "transitions": [{"from": "open", "to": "closed", "sources": []}], "sources": []},
            "sources": []}],
            "rules": [{"id": "R-1", "sources": ["BR-1"], "message": "no", "demand": demand}]})
    }

    #[tokio::test]
    async fn both_sides_of_each_rule_with_their_status() {
        let closed = json!([{"test": "in", "field": "status", "values": ["closed"]}]);
        for (demand, passes, refuses) in [
            (json!({"kind": "capability", "entity": "loan", "action": "delete"}), &[204][..], &[404][..]),
            (json!({"kind": "range", "entity": "loan", "field": "days", "min": "1", "max": "3"}), &[201], &[422]),
            (json!({"kind": "required_when", "entity": "loan", "field": "note", "when": closed}), &[201], &[422]),
            (json!({"kind": "unique", "entity": "loan", "fields": ["note"]}), &[201], &[409]),
            (
                json!({"kind": "compare", "entity": "loan", "field": "days", "op": "lt", "to": {"of": "value", "value": 9}}),
                &[201],
                &[422],
            ),
            (json!({"kind": "transitions", "entity": "loan"}), &[200], &[409]),
            (json!({"kind": "action_role", "entity": "loan", "action": "update", "roles": ["boss"]}), &[200], &[403]),
            (json!({"kind": "immutable", "entity": "loan", "when": closed}), &[200], &[409]),
            (
                json!({"kind": "no_overlap", "entity": "loan", "start": "days", "end": "days", "by": ["note"]}),
                &[201],
                &[409],
            ),
            (json!({"kind": "computed", "entity": "loan", "field": "days", "expr": {"expr": "today"}}), &[200], &[422]),
        ] {
            let got = run(DeriveTests, json!({"model": model(demand.clone())}), &mut context()).await.unwrap();
            let cases = got["cases"].as_array().unwrap();
            let of = |accepts: bool| {
                let mut all: Vec<_> =
                    cases.iter().filter(|c| c["accepts"] == accepts).map(|c| c["status"].as_u64().unwrap()).collect();
                all.sort_unstable();
                all.dedup();
                all
            };
            assert_eq!((&of(true)[..], &of(false)[..]), (passes, refuses), "{demand}");
            assert!(cases.iter().all(|case| case["covers"] == json!(["BR-1"])));
            assert_eq!(got["one_sided"], json!([]), "{demand}");
        }
    }

    #[tokio::test]
    async fn values_stand_at_the_edges_and_one_sided_rules_say_so() {
        let range = json!({"kind": "range", "entity": "loan", "field": "days", "max": "3"});
        let got = run(DeriveTests, json!({"model": model(range)}), &mut context()).await.unwrap();
        assert!(got.to_string().contains("with `days`: 4 (it is just above the highest)"), "{got}");
        let csv = json!({"kind": "csv", "entity": "loan"});
        let got = run(DeriveTests, json!({"model": model(csv.clone())}), &mut context()).await.unwrap();
        assert_eq!(got["one_sided"][0][0], "R-1");
        let error = run(DeriveTests, json!({"model": model(csv), "only": ["R-7"]}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("has the rules R-1"), "{error}");
        let stranger = json!({"kind": "csv", "entity": "van"});
        let error = run(DeriveTests, json!({"model": model(stranger)}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("`van`, which is no entity"), "{error}");
    }
}
