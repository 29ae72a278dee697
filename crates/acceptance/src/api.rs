//! `test_api.py`: what any record-keeping service must stand, whatever the epic says. Covers no statement.

use crate::{
    judge::fitting_role,
    python::{Writer, call, string},
    script::Script,
    suite::module,
    value::Val,
};
use maestro_artifacts::{Action, Entity, FieldKind, Moment, RuleKind, delivery::PlannedTest, service_model::Field};
use std::{collections::BTreeSet, fmt::Write as _};

/// The functions of `contract.py` about one kind of record.
const OF_RECORDS: [&str; 14] = [
    "bad_query",
    "document",
    "filtering",
    "large_body",
    "malformed",
    "methods",
    "missing_record",
    "paging",
    "searching",
    "sorting",
    "spellings",
    "table",
    "totals",
    "unknown_field",
];
/// Those about the service as a whole.
const OF_ALL: [&str; 2] = ["described", "restart"];

impl Writer<'_> {
    /// The text of `test_api.py`, and its tests.
    /// Kinds of records whose making `clashes` with others are left out.
    pub(crate) fn api(&self, clashes: &dyn Fn(&Script) -> bool) -> (String, Vec<PlannedTest>) {
        let mut head = String::new();
        let mut kept = Vec::new();
        let mut names = Vec::new();
        let mut tests = String::new();
        for entity in &self.scripts.world.model.entities {
            let base = self.scripts.base(&entity.key).filter(|base| !clashes(base));
            let Some(samples) = base.and_then(|_| self.samples(entity)) else { continue };
            let constant = entity.key.to_ascii_uppercase();
            let _ = write!(head, "{samples}\n\n");
            for line in call(&format!("{constant} = contract.Kept"), &self.kept(entity)) {
                let _ = writeln!(head, "{line}");
            }
            head.push_str("\n\n");
            for name in OF_RECORDS {
                names.push(format!("test_{}_{name}", entity.key));
                let _ = write!(
                    tests,
                    "\n    def test_{}_{name}(self):\n        contract.{name}(self, {constant})\n",
                    entity.key
                );
            }
            kept.push(constant);
        }
        for name in OF_ALL {
            names.push(format!("test_{name}"));
            let _ = write!(tests, "\n    def test_{name}(self):\n        contract.{name}(self)\n");
        }
        debug_assert_ne!(module("api"), "test_api", "an entity of this name has another module");
        let mut out = String::from(
            "\"\"\"What any service of this kind must stand, whatever it records.\"\"\"\n\nimport contract\n",
        );
        let _ = write!(out, "{}\n\n", crate::suite::imports(&head, "ServiceCase"));
        let all: String = kept.iter().map(|name| format!("{name}, ")).collect();
        let _ = write!(
            out,
            "{head}class Api(ServiceCase):\n    kept = {{one.path: one for one in ({})}}\n{tests}",
            all.trim_end()
        );
        let tests =
            names.into_iter().map(|name| PlannedTest { name: format!("test_api.Api.{name}"), covers: Vec::new() });
        (out, tests.collect())
    }

    /// What the tests must know of one kind of record.
    fn kept(&self, entity: &Entity) -> Vec<String> {
        let key = &entity.key;
        let tuple = |names: &[&str]| {
            format!("({})", names.iter().map(|name| string(name) + ", ").collect::<String>().trim_end())
        };
        let fields: Vec<String> =
            entity.fields.iter().map(|field| format!("{}: {}", string(&field.key), self.kind_of(field))).collect();
        let set_by_service: Vec<&str> =
            entity.fields.iter().filter(|field| field.read_only).map(|field| field.key.as_str()).collect();
        let mut args = vec![
            string(&self.path(key)),
            format!("{key}_values"),
            format!("{key}_samples"),
            format!("{{{}}}", fields.join(", ")),
        ];
        if let Some(role) = self.role(key) {
            args.push(format!("role={}", string(&role)));
        }
        if !set_by_service.is_empty() {
            args.push(format!("set_by_service={}", tuple(&set_by_service)));
        }
        let required = self.required(entity);
        if !required.is_empty() {
            args.push(format!("required={}", tuple(&required)));
        }
        let limits: Vec<String> = entity.fields.iter().filter_map(|field| self.limits(entity, field)).collect();
        if !limits.is_empty() {
            args.push(format!("limits={{{}}}", limits.join(", ")));
        }
        args.push(format!("searched={}", tuple(&self.searched(entity))));
        let statuses: Vec<String> = self
            .statuses(entity)
            .into_iter()
            .map(|(operation, codes)| {
                let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
                format!("{}: ({})", string(operation), codes.join(", "))
            })
            .collect();
        args.push(format!("statuses={{{}}}", statuses.join(", ")));
        args
    }

    fn kind_of(&self, field: &Field) -> String {
        let plain = |name: &str| format!("({}, None)", string(name));
        match &field.kind {
            FieldKind::Text { .. } => plain("text"),
            FieldKind::Integer => plain("integer"),
            FieldKind::Decimal => plain("decimal"),
            FieldKind::Money => plain("money"),
            FieldKind::Date => plain("date"),
            FieldKind::DateTime => plain("date_time"),
            FieldKind::Boolean => plain("boolean"),
            FieldKind::Enum { values } => {
                let values: Vec<String> = values.iter().map(|value| string(value)).collect();
                format!("(\"enum\", [{}])", values.join(", "))
            }
            FieldKind::Reference { entity } => format!("(\"reference\", {})", string(&self.path(entity))),
        }
    }

    /// The fields without which no record is made.
    fn required<'e>(&self, entity: &'e Entity) -> Vec<&'e str> {
        let filled = self.filled(entity);
        let demanded = |field: &str| {
            self.scripts.world.rules_of(&entity.key).any(
                |(_, rule)| matches!(&rule.demand, RuleKind::Required { entity: e, field: f } if *e == entity.key && f == field),
            )
        };
        let fields = entity.fields.iter().filter(|field| !field.read_only).map(|field| field.key.as_str());
        fields.filter(|field| demanded(field) && !filled.contains(field)).collect()
    }

    /// The bounds of a number or of a text's length, as the API document names them.
    fn limits(&self, entity: &Entity, field: &Field) -> Option<String> {
        let mut found: Vec<String> = Vec::new();
        for (_, rule) in self.scripts.world.rules_of(&entity.key) {
            match &rule.demand {
                RuleKind::Length { entity: e, field: f, min, max } if *e == entity.key && *f == field.key => {
                    found.extend(min.map(|min| format!("\"minLength\": {min}")));
                    found.extend(max.map(|max| format!("\"maxLength\": {max}")));
                }
                RuleKind::Range { entity: e, field: f, min, max, above_min, below_max }
                    if *e == entity.key && *f == field.key =>
                {
                    let number = |bound: &Option<String>| match Val::parse(&field.kind, bound.as_deref()?) {
                        Val::Number(number) if !matches!(field.kind, FieldKind::Money) => Some(number.to_string()),
                        _ => None,
                    };
                    let name =
                        |exclusive: bool, plain: &str, strict: &str| string(if exclusive { strict } else { plain });
                    let low = number(min).map(|n| format!("{}: {n}", name(*above_min, "minimum", "exclusiveMinimum")));
                    let high = number(max).map(|n| format!("{}: {n}", name(*below_max, "maximum", "exclusiveMaximum")));
                    found.extend(low);
                    found.extend(high);
                }
                _ => {}
            }
        }
        // Two rules about one bound: which of them is the tighter one is not for here.
        let names: BTreeSet<&str> = found.iter().filter_map(|one| one.split(':').next()).collect();
        let clear = !field.read_only && !found.is_empty() && names.len() == found.len();
        clear.then(|| format!("{}: {{{}}}", string(&field.key), found.join(", ")))
    }

    /// The fields that a search looks into: those that the epic names, else all texts.
    fn searched<'e>(&self, entity: &'e Entity) -> Vec<&'e str> {
        let texts: Vec<&str> = entity
            .fields
            .iter()
            .filter(|field| matches!(field.kind, FieldKind::Text { .. }))
            .map(|field| field.key.as_str())
            .collect();
        let mut named: Vec<&str> = Vec::new();
        let mut any = false;
        for rule in &self.scripts.world.model.rules {
            if let RuleKind::Search { entity: e, fields } = &rule.demand
                && *e == entity.key
            {
                any = true;
                if fields.is_empty() {
                    named.extend(&texts);
                }
                named
                    .extend(entity.fields.iter().map(|f| f.key.as_str()).filter(|key| fields.iter().any(|f| f == key)));
            }
        }
        if any { named } else { texts }
    }

    /// The answers that each operation must be known to give.
    fn statuses(&self, entity: &Entity) -> Vec<(&'static str, BTreeSet<u16>)> {
        let mut create = BTreeSet::from([201, 400, 413, 422]);
        let mut update = BTreeSet::from([200, 400, 404, 413, 422]);
        let mut delete = BTreeSet::from([204, 404]);
        let (mut list, mut read) = (BTreeSet::from([200, 400]), BTreeSet::from([200, 404]));
        for (_, rule) in self.scripts.world.rules_of(&entity.key) {
            match &rule.demand {
                RuleKind::ActionRole { action, .. } | RuleKind::ActionBarred { action, .. } => {
                    let operation = match action {
                        Action::Create => &mut create,
                        Action::Update => &mut update,
                        Action::Delete => &mut delete,
                        Action::List => &mut list,
                        Action::Read => &mut read,
                    };
                    operation.insert(403);
                }
                RuleKind::TransitionRole { .. } => {
                    update.insert(403);
                }
                RuleKind::Unique { .. } | RuleKind::NoOverlap { .. } | RuleKind::Quota { .. } => {
                    create.insert(409);
                    update.insert(409);
                }
                RuleKind::Capacity { child, .. } => {
                    if *child == entity.key {
                        create.insert(409);
                    }
                    update.insert(409);
                }
                RuleKind::Requires { at, condition, .. } => {
                    if !matches!(at, Moment::Transition { .. }) {
                        create.insert(409);
                    }
                    if !matches!(at, Moment::Create) || condition.looks_through() {
                        update.insert(409);
                    }
                }
                RuleKind::Immutable { fields, .. } => {
                    update.insert(409);
                    if fields.is_empty() {
                        delete.insert(409);
                    }
                }
                RuleKind::NoDelete { .. } => {
                    delete.insert(409);
                }
                _ => {}
            }
        }
        if self.scripts.world.model.can_be_kept(entity) {
            delete.insert(409);
        }
        vec![("POST ", create), ("PATCH /{id}", update), ("DELETE /{id}", delete), ("GET ", list), ("GET /{id}", read)]
    }

    /// A role that may do everything with these records that is restricted as a whole, if there is one.
    fn role(&self, entity: &str) -> Option<String> {
        fitting_role(&self.scripts.world.restricting(entity, &[Action::Create])).flatten()
    }
}
