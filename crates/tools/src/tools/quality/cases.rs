//! The test cases of one rule: what it lets pass and what it refuses, in words, with the HTTP status.

use super::{
    values::{Field, Verdict},
    words::{fails, holds, operand},
};
use maestro_artifacts::{Action, Entity, FieldKind, Moment, Op, Rule, RuleKind, ServiceModel};
use serde::Serialize;

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

/// The cases of one rule.
pub(super) struct Sheet<'a> {
    rule: &'a Rule,
    pub(super) cases: Vec<Case>,
    pub(super) one_sided: Option<&'static str>,
}

impl<'a> Sheet<'a> {
    pub(super) fn of(model: &'a ServiceModel, rule: &'a Rule) -> Result<Self, String> {
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
            K::EmptyWhen { entity: e, field, when } => {
                let e = entity(e)?;
                self.refuses(holds(when), format!("{} with `{field}`", add(e)), 422);
                self.passes(holds(when), format!("{} without `{field}`", add(e)), 201);
                self.passes(fails(when), format!("{} with `{field}`", add(e)), 201);
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
            K::Places { entity: e, field, places } => {
                let e = entity(e)?;
                let digits = |count: u32| "1".repeat(count as usize);
                let fits = format!("{} with `{field}` 1.{} or so", add(e), digits((*places).max(1)));
                if *places > 0 {
                    self.passes("all other fields valid", fits, 201);
                }
                let long = format!("{} with `{field}` 1.{}", add(e), digits(places + 1));
                self.refuses("all other fields valid", long, 422);
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
                let (when, status) = deed(e, *action, &with);
                self.roles(model, roles, &valid(e), &when, status);
            }
            K::ActionBarred { entity: e, action, fields, roles } => {
                let e = entity(e)?;
                let with =
                    if fields.is_empty() { String::new() } else { format!(" with `{}`", fields.join("` and `")) };
                let (when, status) = deed(e, *action, &with);
                self.all_but(model, roles, &valid(e), &when, status);
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
            K::Cascade { entity: key, field } => {
                let e = entity(key)?;
                let Some(FieldKind::Reference { entity: to }) = model.field(key, field).map(|field| &field.kind) else {
                    return Err(format!("rule `{}`: `{key}.{field}` refers to nothing", rule.id));
                };
                let to = entity(to)?;
                let delete = format!("DELETE /{}/{{id}}", to.path);
                let given = format!("a {} with two {} by `{field}`, and another with one", to.name, e.plural);
                let then = format!("its two {} are gone with it, that of the other is not", e.plural);
                self.case(given.clone(), delete.clone(), then, 204, true);
                if model.can_be_kept(e) {
                    let given = format!("{given}; one of the two cannot be deleted");
                    self.case(given, delete, "it is refused, and nothing is gone", 409, false);
                } else {
                    self.one_sided = Some("nothing keeps these from being deleted");
                }
            }
            K::NoOverlap { entity: e, via, start, end, by, when } => {
                let e = entity(e)?;
                let same = by.join(" and ");
                let other = format!("a {} with the same {same}; {}", e.name, holds(when));
                let there =
                    via.as_ref().map_or(String::new(), |via| format!(", by the times of what `{via}` refers to,"));
                self.refuses(
                    other.clone(),
                    format!("{} that{there} begins before its `{end}` and ends after its `{start}`", add(e)),
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
            K::Quota { entity: e, by, most, when } => {
                let e = entity(e)?;
                let same = by.join(" and ");
                let full = format!("{most} of {} with the same {same}; {}", e.plural, holds(when));
                self.refuses(full.clone(), add(e), 409);
                self.passes(format!("one less than {full}"), add(e), 201);
                for field in by {
                    self.passes(full.clone(), format!("{} with another `{field}`", add(e)), 201);
                }
                self.refuses(full, format!("{} that gives one more the {same} of these", change(e)), 409);
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

    fn all_but(&mut self, model: &ServiceModel, roles: &[String], given: &str, when: &str, status: u16) {
        for role in roles {
            self.refuses(given, format!("{when} as `{role}`"), 403);
        }
        for role in model.roles.iter().filter(|role| !roles.contains(role)) {
            self.passes(given, format!("{when} as `{role}`"), status);
        }
        self.passes(given, format!("{when} without a role"), status);
    }
}

/// A request, and how it is answered where nothing refuses it.
fn deed(entity: &Entity, action: Action, with: &str) -> (String, u16) {
    match action {
        Action::Create => (format!("POST /{}{with}", entity.path), 201),
        Action::Read => (format!("GET /{}/{{id}}", entity.path), 200),
        Action::List => (format!("GET /{}", entity.path), 200),
        Action::Update => (format!("PATCH /{}/{{id}}{with}", entity.path), 200),
        Action::Delete => (format!("DELETE /{}/{{id}}", entity.path), 204),
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
