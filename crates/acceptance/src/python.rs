//! Writes values and requests as Python.

use crate::{
    judge::{Act, Caller, Fault, Request, fitting_role},
    script::{Expect, Script, Scripts, refs},
    shape::{COUNTED_AT, Shape, Unit},
    value::{Anchor, DAY, NOW, TODAY, Val, date_text, instant_text},
};
use maestro_artifacts::{FieldKind, RuleKind, ServiceModel, TextFormat};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// A line longer than this is broken.
const WIDTH: usize = 108;

/// A text as a Python literal. JSON's escapes are Python's too.
pub(crate) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Something callable, on one line where it fits.
pub(crate) fn call(head: &str, args: &[String]) -> Vec<String> {
    let line = format!("{head}({})", args.join(", "));
    if line.len() <= WIDTH || args.is_empty() {
        return vec![line];
    }
    let mut lines = vec![format!("{head}(")];
    lines.extend(args.iter().map(|arg| format!("    {arg},")));
    lines.push(")".to_owned());
    lines
}

fn dict(entries: &[(String, String)]) -> String {
    format!(
        "{{{}}}",
        entries.iter().map(|(key, value)| format!("{}: {value}", string(key))).collect::<Vec<_>>().join(", ")
    )
}

/// Writes requests for one service.
pub(crate) struct Writer<'a> {
    pub(crate) scripts: Scripts<'a>,
    /// The model that is built: only for paths.
    pub(crate) built: &'a ServiceModel,
}

/// The body of one test under way.
pub(crate) struct Body {
    /// What the test case is called: `self` in tests, `case` in factories.
    who: &'static str,
    pub(crate) lines: Vec<String>,
    /// Variables of records of the script that is being written.
    vars: BTreeMap<usize, String>,
    texts: BTreeMap<u32, String>,
    used: BTreeMap<String, usize>,
    taken: BTreeSet<String>,
}

impl Body {
    pub(crate) fn new(who: &'static str) -> Self {
        Self {
            who,
            lines: Vec::new(),
            vars: BTreeMap::new(),
            texts: BTreeMap::new(),
            used: BTreeMap::new(),
            taken: BTreeSet::new(),
        }
    }

    /// The variable that holds a record of the last script.
    pub(crate) fn var(&self, rec: usize) -> String {
        self.vars.get(&rec).cloned().unwrap_or_else(|| "None".to_owned())
    }

    /// The same, where there is one.
    pub(crate) fn known(&self, rec: usize) -> Option<&String> {
        self.vars.get(&rec)
    }

    fn name(&mut self, entity: &str) -> String {
        loop {
            let count = self.used.entry(entity.to_owned()).or_insert(0);
            *count += 1;
            let name = if *count == 1 { variable(entity) } else { format!("{entity}_{count}") };
            // A kind of record may itself be called `book_2`.
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// A name as a variable may have it: not one that Python or the generated tests use otherwise.
pub(crate) fn variable(name: &str) -> String {
    if RESERVED.contains(&name) || KEYWORDS.contains(&name) { format!("{name}_record") } else { name.to_owned() }
}

/// Names that generated tests use otherwise.
const RESERVED: [&str; 27] = [
    "after",
    "at",
    "before",
    "case",
    "coded",
    "counted",
    "covers",
    "day",
    "email",
    "factories",
    "fill",
    "from_now",
    "months_later",
    "given",
    "header",
    "items",
    "page",
    "phone",
    "role",
    "rows",
    "self",
    "support",
    "text",
    "text_of",
    "url",
    "values",
    "year",
];
/// Words that Python keeps to itself. The soft ones (`match`, `type`) may be variables.
const KEYWORDS: [&str; 32] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while", "with", "yield",
];

/// How a request ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted,
    /// Status, and the fields one of which is to blame.
    Refused(u16, Vec<String>),
}

impl Writer<'_> {
    /// The path of a list.
    pub(crate) fn path(&self, entity: &str) -> String {
        let found = self.built.entity(entity).or_else(|| self.scripts.world.entity(entity));
        format!("/{}", found.map_or(entity, |entity| entity.path.as_str()))
    }

    fn kind(&self, entity: &str, field: &str) -> Option<&FieldKind> {
        self.scripts.world.field(entity, field).map(|field| &field.kind)
    }

    /// A value as a Python expression.
    pub(crate) fn value(&self, body: &Body, kind: Option<&FieldKind>, value: &Val) -> String {
        match value {
            Val::Null => "None".to_owned(),
            Val::Bool(true) => "True".to_owned(),
            Val::Bool(false) => "False".to_owned(),
            Val::Number(number) if matches!(kind, Some(FieldKind::Money)) => string(&number.money()),
            Val::Number(number) => number.to_string(),
            Val::Text(text) => string(text),
            Val::Fresh(id, shape) => body.texts.get(id).cloned().unwrap_or_else(|| match kind {
                Some(FieldKind::Money) => format!("f\"{{{}}}.00\"", fresh(shape).replace('"', "'")),
                _ => fresh(shape),
            }),
            Val::Swapped(id, shape) => {
                format!("{}.swapcase()", body.texts.get(id).cloned().unwrap_or_else(|| fresh(shape)))
            }
            Val::Day(_, Anchor::Months(from, months)) | Val::Time(_, Anchor::Months(from, months)) => {
                let base = self.value(body, kind, from);
                let call = |more: &str| format!("months_later({base}, {months}{more})");
                match value.since(&from.months_later(*months)) {
                    0 => call(""),
                    more if more % DAY == 0 => call(&format!(", days={}", more / DAY)),
                    more => call(&format!(", seconds={more}")),
                }
            }
            Val::Day(day, Anchor::Fixed) => string(&date_text(*day)),
            Val::Day(day, _) if *day == TODAY => "day()".to_owned(),
            Val::Day(day, _) => format!("day({})", day - TODAY),
            Val::Time(at, Anchor::Fixed) => string(&instant_text(*at)),
            Val::Time(at, Anchor::Now) => format!("from_now({})", at - NOW),
            Val::Time(at, Anchor::Today) => {
                format!("at({}, {})", at.div_euclid(DAY) - TODAY, at.rem_euclid(DAY))
            }
            Val::Year(0) => "year()".to_owned(),
            Val::Year(plus) => format!("year({plus})"),
            Val::Raw(code) => code.clone(),
            Val::Ref(rec) => format!("{}[\"id\"]", body.var(*rec)),
        }
    }

    /// Writes all but the last request of a script.
    pub(crate) fn setup(&self, body: &mut Body, script: &Script) {
        body.vars.clear();
        body.texts.clear();
        let folded = self.folded(script);
        let end = script.requests.len().saturating_sub(1);
        for (request, role) in script.requests.iter().zip(self.roles(script)).take(end) {
            if !folded.contains(&request.rec) {
                self.request(body, request, role.as_deref(), &Outcome::Accepted, &folded);
            }
        }
    }

    /// Writes the last request of a script.
    pub(crate) fn last(&self, body: &mut Body, script: &Script, outcome: &Outcome) {
        if let (Some(request), Some(role)) = (script.last(), self.roles(script).pop()) {
            self.request(body, request, role.as_deref(), outcome, &self.folded(script));
        }
    }

    /// Writes the last request of a script, a creation, as many that are sent at once, of which one is accepted.
    pub(crate) fn race(&self, body: &mut Body, script: &Script) {
        let Some(request) = script.last() else { return };
        self.share(body, request);
        let values = self.values(body, request, &self.folded(script));
        let mut args = vec![string(&self.path(&request.entity)), values];
        args.extend(self.last_role(script).map(|role| format!("role={}", string(&role))));
        body.lines.extend(call(&format!("{}.only_one", body.who), &args));
    }

    /// The body of a creation as a Python expression.
    fn values(&self, body: &Body, request: &Request, folded: &BTreeSet<usize>) -> String {
        let given = self.given(body, request, folded);
        let mut args = vec![body.who.to_owned()];
        args.extend((!given.is_empty()).then(|| dict(&given)));
        call(&format!("{}_values", request.entity), &args).join(" ")
    }

    /// The records that are made whenever the last request of a script is written, if it is a creation: its own, and those
    /// that its factory makes for it.
    pub(crate) fn made_by_last(&self, script: &Script) -> BTreeSet<usize> {
        let Some(last) = script.last().filter(|last| last.act == Act::Create) else { return BTreeSet::new() };
        let folded = self.folded(script);
        needs(script, last.rec).into_iter().filter(|rec| *rec == last.rec || folded.contains(rec)).collect()
    }

    /// The role in which the last request of a script is made.
    pub(crate) fn last_role(&self, script: &Script) -> Option<String> {
        self.roles(script).pop().flatten()
    }

    /// How the last request of a script ends.
    pub(crate) fn outcome(&self, script: &Script) -> Outcome {
        let course = self.scripts.run(script, Expect::Accepted, &[]);
        let Some(first) = course.last.iter().min_by_key(|fault| self.stage(fault)) else { return Outcome::Accepted };
        let status = match self.stage(first) {
            2 => 403,
            3 => 422,
            _ => 409,
        };
        let fields = match (course.last.len(), first) {
            (1, Fault::Rule(index)) => self.blamed(*index),
            (1, Fault::Onlooker(index)) => self.looked_at(*index, script),
            _ => Vec::new(),
        };
        Outcome::Refused(status, fields)
    }

    /// In which order refusals are decided.
    fn stage(&self, fault: &Fault) -> u8 {
        match fault {
            Fault::NotInitial | Fault::NoTransition => 0,
            Fault::Rule(index) => match self.scripts.world.model.rules.get(*index).map(|rule| &rule.demand) {
                Some(RuleKind::Immutable { .. } | RuleKind::NoDelete { .. }) => 1,
                Some(RuleKind::TransitionRole { .. } | RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. }) => {
                    2
                }
                Some(
                    RuleKind::Unique { .. }
                    | RuleKind::NoOverlap { .. }
                    | RuleKind::Quota { .. }
                    | RuleKind::Capacity { .. }
                    | RuleKind::Requires { .. },
                ) => 4,
                _ => 3,
            },
            Fault::Kind | Fault::Pointless | Fault::NoCommonRole | Fault::Unsure(_) => 3,
            Fault::Onlooker(_) => 4,
            Fault::Referenced => 1,
        }
    }

    /// The one field of the changed record that a rule about others looks at, where the request gives it.
    fn looked_at(&self, rule: usize, script: &Script) -> Vec<String> {
        let Some(last) = script.last() else { return Vec::new() };
        let ways = self.scripts.world.looking_at(&last.entity).iter().filter(|(index, _)| *index == rule);
        let given = ways.map(|(_, reach)| &reach.field).filter(|field| last.sets.contains_key(*field));
        match given.collect::<Vec<_>>().as_slice() {
            [one] => vec![(*one).clone()],
            _ => Vec::new(),
        }
    }

    fn blamed(&self, rule: usize) -> Vec<String> {
        match self.scripts.world.model.rules.get(rule).map(|rule| &rule.demand) {
            Some(
                RuleKind::Required { field, .. }
                | RuleKind::RequiredWhen { field, .. }
                | RuleKind::EmptyWhen { field, .. }
                | RuleKind::Range { field, .. }
                | RuleKind::Places { field, .. }
                | RuleKind::Length { field, .. }
                | RuleKind::Pattern { field, .. }
                | RuleKind::Format { field, .. },
            ) => vec![field.clone()],
            Some(RuleKind::Compare { field, to, .. }) => match to {
                maestro_artifacts::Operand::Field { field: other, .. } => vec![field.clone(), other.clone()],
                _ => vec![field.clone()],
            },
            Some(RuleKind::TransitionRequires { fields, .. }) => fields.clone(),
            _ => Vec::new(),
        }
    }

    fn roles(&self, script: &Script) -> Vec<Option<String>> {
        let world = &self.scripts.world;
        let mut found = Vec::new();
        for (request, step) in script.requests.iter().zip(self.scripts.steps(script)) {
            let after = &step.row;
            let before = step.before.get(&request.rec);
            let role = match &request.caller {
                Caller::Nobody => None,
                Caller::As(role) => Some(role.clone()),
                Caller::Fitting => after
                    .as_ref()
                    .or(before)
                    .and_then(|row| fitting_role(&world.restrictions(before.map(Rc::as_ref), row, request)))
                    .flatten(),
            };
            found.push(role);
        }
        found
    }

    /// Records that factories make by themselves, just as the script does.
    fn folded(&self, script: &Script) -> BTreeSet<usize> {
        let mut folded = BTreeSet::new();
        for (at, request) in script.requests.iter().enumerate().rev() {
            if request.act != Act::Create || folded.contains(&request.rec) {
                continue;
            }
            let Some(base) = self.scripts.base(&request.entity) else { continue };
            let Some(usual) = base.last() else { continue };
            for (field, value) in &request.sets {
                let (Val::Ref(parent), Some(Val::Ref(plain))) = (value, usual.sets.get(field)) else { continue };
                let used_twice = request.sets.values().filter(|other| *other == value).count() > 1;
                if used_twice || request.fixed.contains(field) || !self.separable(&base, field) {
                    continue;
                }
                let own = closure(&script.requests, *parent);
                let recs: BTreeSet<usize> = own.iter().map(|request| request.rec).collect();
                let others =
                    script.requests.iter().enumerate().filter(|(place, r)| *place != at && !recs.contains(&r.rec));
                let private = others.into_iter().all(|(_, r)| refs(r).all(|one| !recs.contains(&one)));
                // What happens to a parent after the child was made is no part of making it.
                let before = script.requests.iter().skip(at).all(|r| !recs.contains(&r.rec));
                let pinned = own.iter().any(|request| !request.fixed.is_empty() || request.caller != Caller::Fitting);
                if private && before && !pinned && canonical(&own) == canonical(&closure(&base.requests, *plain)) {
                    folded.extend(recs);
                }
            }
        }
        folded
    }

    /// Whether the records behind one reference field of a base script serve no other of its fields.
    pub(crate) fn separable(&self, base: &Script, field: &str) -> bool {
        let Some(creation) = base.last() else { return false };
        let behind = |value: &Val| -> BTreeSet<usize> {
            if let Val::Ref(rec) = value {
                closure(&base.requests, *rec).iter().map(|request| request.rec).collect()
            } else {
                BTreeSet::new()
            }
        };
        let mine = creation.sets.get(field).map(behind).unwrap_or_default();
        let before = base.requests.iter().filter(|request| request.rec != creation.rec && !mine.contains(&request.rec));
        // Children that a parent needs are made with it, but no reference leads to them.
        before.into_iter().all(|request| refs(request).all(|rec| !mine.contains(&rec)))
            && !mine.contains(&creation.rec)
            && creation.sets.iter().filter(|(key, _)| *key != field).all(|(_, value)| behind(value).is_disjoint(&mine))
    }

    fn request(&self, body: &mut Body, request: &Request, role: Option<&str>, how: &Outcome, folded: &BTreeSet<usize>) {
        let who = body.who;
        let path = string(&self.path(&request.entity));
        let entity = &request.entity;
        let role_arg = role.map(|role| format!("role={}", string(role)));
        let refusal = || -> Option<Vec<String>> {
            let Outcome::Refused(status, fields) = how else { return None };
            let mut args = vec![status.to_string()];
            match fields.as_slice() {
                [] => {}
                [one] => args.push(string(one)),
                many => args.push(format!("({})", many.iter().map(|f| string(f)).collect::<Vec<_>>().join(", "))),
            }
            Some(args)
        };
        self.share(body, request);
        match request.act {
            Act::Create => {
                let (lines, var) = match refusal() {
                    None => {
                        let given = self.given(body, request, folded);
                        let base_role = self.base_role(entity);
                        let mut args = vec![who.to_owned()];
                        args.extend((!given.is_empty()).then(|| dict(&given)));
                        if role != base_role.as_deref() {
                            args.push(role_arg.unwrap_or_else(|| "role=None".to_owned()));
                        }
                        let var = body.name(entity);
                        (call(&format!("{var} = make_{entity}"), &args), Some(var))
                    }
                    Some(refused) => {
                        let mut args = vec![path, self.values(body, request, folded)];
                        args.extend(refused);
                        args.extend(role_arg);
                        (call(&format!("{who}.refuses_create"), &args), None)
                    }
                };
                body.lines.extend(lines);
                if let Some(var) = var {
                    for (field, value) in &request.sets {
                        if let Val::Fresh(id, _) = value {
                            body.texts.insert(*id, format!("{var}[{}]", string(field)));
                        }
                    }
                    body.vars.insert(request.rec, var);
                }
            }
            Act::Patch => {
                let entries: Vec<_> = request
                    .sets
                    .iter()
                    .map(|(key, value)| (key.clone(), self.value(body, self.kind(entity, key), value)))
                    .collect();
                let var = body.var(request.rec);
                let mut args = vec![path, var.clone(), dict(&entries)];
                let head = match refusal() {
                    None => format!("{var} = {who}.change"),
                    Some(refused) => {
                        args.extend(refused);
                        format!("{who}.refuses_change")
                    }
                };
                args.extend(role_arg);
                body.lines.extend(call(&head, &args));
                for (field, value) in &request.sets {
                    if let Val::Fresh(id, _) = value {
                        body.texts.insert(*id, format!("{var}[{}]", string(field)));
                    }
                }
            }
            Act::Idle => {}
            Act::Delete => {
                let mut args = vec![path, body.var(request.rec)];
                let head = match refusal() {
                    None => format!("{who}.delete"),
                    Some(refused) => {
                        args.extend(refused.into_iter().take(1));
                        format!("{who}.refuses_delete")
                    }
                };
                args.extend(role_arg);
                body.lines.extend(call(&head, &args));
            }
        }
    }

    /// A new text that stands in two fields of a request is made once, or it would be two texts.
    fn share(&self, body: &mut Body, request: &Request) {
        let mut seen = BTreeSet::new();
        for (field, value) in &request.sets {
            if let Val::Fresh(id, _) = value
                && !seen.insert(*id)
                && !body.texts.contains_key(id)
            {
                let made = self.value(body, self.kind(&request.entity, field), value);
                let name = body.name("same");
                body.lines.push(format!("{name} = {made}"));
                body.texts.insert(*id, name);
            }
        }
    }

    /// What a creation gives besides, or instead of, what the factory gives by itself.
    fn given(&self, body: &Body, request: &Request, folded: &BTreeSet<usize>) -> Vec<(String, String)> {
        let base = self.scripts.base(&request.entity);
        let usual = base.as_ref().and_then(|base| base.last()).map(|last| &last.sets);
        let mut given = Vec::new();
        for (key, value) in &request.sets {
            let plain = usual.and_then(|sets| sets.get(key));
            let same = match (value, plain) {
                (Val::Ref(rec), _) => folded.contains(rec),
                (Val::Fresh(id, a), Some(Val::Fresh(_, b))) => a == b && !body.texts.contains_key(id),
                (value, Some(plain)) => value == plain,
                (_, None) => false,
            };
            if !same {
                given.push((key.clone(), self.value(body, self.kind(&request.entity, key), value)));
            }
        }
        for key in usual.into_iter().flat_map(BTreeMap::keys) {
            if !request.sets.contains_key(key) {
                given.push((key.clone(), "OMIT".to_owned()));
            }
        }
        given
    }

    /// The role that a factory uses.
    pub(crate) fn base_role(&self, entity: &str) -> Option<String> {
        self.scripts.base(entity).and_then(|base| self.roles(&base).pop().flatten())
    }

    /// Writes the requests about some records of a base script into a body.
    pub(crate) fn play_part(&self, body: &mut Body, base: &Script, wanted: &BTreeSet<usize>) {
        let mut part = base.clone();
        part.requests.retain(|request| wanted.contains(&request.rec));
        let folded = self.folded(&part);
        let roles = self.roles(&part);
        for (request, role) in part.requests.iter().zip(roles).filter(|(request, _)| !folded.contains(&request.rec)) {
            self.request(body, request, role.as_deref(), &Outcome::Accepted, &folded);
        }
    }
}

/// The records that a record needs, and itself.
pub(crate) fn needs(script: &Script, rec: usize) -> BTreeSet<usize> {
    closure(&script.requests, rec).iter().map(|request| request.rec).collect()
}

/// The requests about a record and about all that it refers to.
fn closure(requests: &[Request], rec: usize) -> Vec<&Request> {
    let mut needed = BTreeSet::from([rec]);
    loop {
        let count = needed.len();
        for request in requests {
            if needed.contains(&request.rec) {
                needed.extend(refs(request));
            }
        }
        if needed.len() == count {
            break;
        }
    }
    requests.iter().filter(|request| needed.contains(&request.rec)).collect()
}

/// Requests as text, records and fresh texts numbered in order of appearance.
fn canonical(requests: &[&Request]) -> String {
    let mut recs: BTreeMap<usize, usize> = BTreeMap::new();
    let mut texts: BTreeMap<u32, usize> = BTreeMap::new();
    let mut out = String::new();
    for request in requests {
        let count = recs.len();
        let rec = *recs.entry(request.rec).or_insert(count);
        out.push_str(&format!("{:?} {rec} {}:", request.act, request.entity));
        for (key, value) in &request.sets {
            let value = match value {
                Val::Raw(code) => code.clone(),
                Val::Ref(rec) => format!("ref {:?}", recs.get(rec)),
                Val::Fresh(id, shape) => {
                    let count = texts.len();
                    format!("{shape:?} {}", texts.entry(*id).or_insert(count))
                }
                other => format!("{other:?}"),
            };
            out.push_str(&format!("{key}={value},"));
        }
        out.push('\n');
    }
    out
}

fn fresh(shape: &Shape) -> String {
    match shape {
        Shape::Count { label, low, high, unit } => {
            let count = format!("counted({}, {low}, {high})", string(label));
            match unit {
                Unit::Whole => count,
                Unit::Day => format!("day({count})"),
                Unit::Instant => format!("at({count}, {COUNTED_AT})"),
            }
        }
        Shape::Words(label) => format!("text({})", string(label)),
        Shape::Exact(length) => format!("text_of({length})"),
        Shape::Coded(sets) => format!("coded({})", sets.iter().map(|set| string(set)).collect::<Vec<_>>().join(", ")),
        Shape::Format(format, length) => {
            let name = match format {
                TextFormat::Email => "email",
                TextFormat::Url => "url",
                TextFormat::Phone => "phone",
            };
            format!("{name}({})", length.map(|length| length.to_string()).unwrap_or_default())
        }
    }
}
