//! Wrong services: each rule taken out, and rules bent a little. The tests that cover the rule must notice.

use crate::{fixtures, python};
use maestro_acceptance::Suite;
use maestro_artifacts::{FieldKind, Op, Requirements, RuleKind, ServiceModel, Test};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Mutex,
};

/// Runs mutants two at a time, each with the tests that cover its rule; gives those that nobody noticed.
pub(crate) fn unnoticed(mutants: Vec<Mutant>, suite: &Suite) -> Vec<String> {
    let queue = Mutex::new(mutants);
    let survivors = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                // One folder for all mutants of a worker: Python then reads the tests and compiles the engine once.
                let dir = tempfile::tempdir().unwrap();
                python::write(dir.path(), &suite.files);
                let mut runner = python::Runner::start(dir.path());
                loop {
                    let Some(mutant) = queue.lock().unwrap().pop() else { return };
                    if !mutant.is_noticed(suite, dir.path(), &mut runner) {
                        survivors.lock().unwrap().push(mutant.what);
                    }
                }
            });
        }
    });
    let mut survivors = survivors.into_inner().unwrap();
    survivors.sort();
    survivors
}

pub(crate) struct Mutant {
    pub(crate) what: String,
    /// Place of the rule whose tests must notice.
    pub(crate) rule: usize,
    pub(crate) service: BTreeMap<String, String>,
}

impl Mutant {
    fn is_noticed(&self, suite: &Suite, dir: &Path, runner: &mut python::Runner) -> bool {
        let source = fixtures::source(self.rule);
        let names: Vec<String> = suite
            .plan
            .tests
            .iter()
            .filter(|test| test.covers.contains(&source))
            .map(|test| test.name.clone())
            .collect();
        assert!(!names.is_empty(), "{}: nothing covers {source}", self.what);
        if dir.join("service").exists() {
            let model = dir.join("service/model.py");
            std::fs::write(model, &self.service["service/model.py"]).unwrap();
            // Two models written within one second may look like the same file to Python.
            for file in std::fs::read_dir(dir.join("service/__pycache__")).into_iter().flatten() {
                let file = file.unwrap();
                if file.file_name().to_string_lossy().starts_with("model.") {
                    std::fs::remove_file(file.path()).unwrap();
                }
            }
        } else {
            python::write(dir, &self.service);
        }
        let (results, output) = runner.run(&names);
        // A class that cannot start or stop reports no test: that is noticed too, but must not be what is counted on.
        assert!(!results.is_empty() || output.contains("did not say where it listens"), "{}: {output}", self.what);
        results.values().any(|passed| !passed) || results.is_empty()
    }
}

fn service_without(model: &ServiceModel, id: &str) -> BTreeMap<String, String> {
    let mut files = maestro_service::backend_files(model);
    let text = files.get_mut("service/model.py").unwrap();
    *text = maestro_service::without_rule(text, id).unwrap();
    files
}

pub(crate) fn check_dropped(text: &str) {
    let requirements = fixtures::load(text);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mutants = requirements
        .concepts
        .rules
        .iter()
        .enumerate()
        .map(|(rule, found)| Mutant {
            what: format!("without {} {}", found.id, requirements.items[rule].text),
            rule,
            service: service_without(&requirements.concepts, &found.id),
        })
        .collect();
    assert_eq!(unnoticed(mutants, &suite), Vec::<String>::new());
}

pub(crate) fn check_bent(text: &str) {
    let requirements = fixtures::load(text);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    assert_eq!(unnoticed(bent(&requirements), &suite), Vec::<String>::new());
}

#[test]
fn a_right_service_is_not_noticed() {
    // Otherwise it would say nothing that wrong ones are.
    let requirements = fixtures::load(fixtures::ROUNDS);
    let model = &requirements.concepts;
    let suite = maestro_acceptance::write(&requirements, model);
    let service = maestro_service::backend_files(model);
    let right = |(rule, found): (usize, &maestro_artifacts::Rule)| Mutant {
        what: found.id.clone(),
        rule,
        service: service.clone(),
    };
    let survivors = unnoticed(model.rules.iter().enumerate().map(right).collect(), &suite);
    assert_eq!(survivors.len(), model.rules.len(), "{survivors:?}");
}

#[test]
fn every_rule_of_the_library_counts() {
    check_dropped(fixtures::ALL[0].1);
}

/// Whether the tests of the rules that a line of the engine is about notice another line in its place.
pub(crate) fn notice_engine(text: &str, file: &str, (line, instead): (&str, &str), about: fn(&RuleKind) -> bool) {
    let requirements = fixtures::load(text);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut service = maestro_service::backend_files(&requirements.concepts);
    let engine = service.get_mut(file).unwrap();
    assert!(engine.contains(line), "{file} has no line {line}");
    *engine = engine.replace(line, instead);
    let rules = requirements.concepts.rules.iter().enumerate().filter(|(_, rule)| about(&rule.demand));
    let mutants: Vec<Mutant> =
        rules.map(|(rule, found)| Mutant { what: found.id.clone(), rule, service: service.clone() }).collect();
    assert!(!mutants.is_empty());
    assert_eq!(unnoticed(mutants, &suite), Vec::<String>::new());
}

#[test]
fn a_referenced_record_that_slips_away_is_noticed() {
    let compares = |demand: &RuleKind| {
        matches!(demand, RuleKind::Compare { to: maestro_artifacts::Operand::Referenced { .. }, on_create: false, .. })
    };
    let check = ("for problem in one.problems(after)]", "for problem in ()]");
    notice_engine(fixtures::ALL[1].1, "service/operations.py", check, compares);
}

#[test]
fn a_child_that_slips_away_is_noticed() {
    // What is worked out of children is looked at as long as it stands in the record that is referred to only.
    let adds_up = |demand: &RuleKind| matches!(demand, RuleKind::Compare { to: maestro_artifacts::Operand::Referenced { field, .. }, .. } if field == "total_hours");
    let check = ("        if \"child\" in part:\n", "        if False:\n");
    notice_engine(fixtures::OBSERVING, "service/reach.py", check, adds_up);
}

#[test]
fn what_a_change_required_and_is_taken_away_is_noticed() {
    let kept = (
        "        if key in change.entity.fields and is_empty(change.value(key)) and (made or _is_emptied(key, rule, change)):\n",
        "        if key in change.entity.fields and is_empty(change.value(key)) and made:\n",
    );
    let requires = |demand: &RuleKind| matches!(demand, RuleKind::TransitionRequires { from: None, .. });
    notice_engine(fixtures::ALL[0].1, "service/rules/presence.py", kept, requires);
}

#[test]
fn writers_who_do_not_wait_for_each_other_are_noticed() {
    // What a request finds out and what it writes are two steps, between which others come.
    let apart = (
        "            self._write([change], lambda: self.store.insert(after))\n",
        "            pass\n        __import__(\"time\").sleep(0.05)\n        \
         with self.store.changing():\n            self.store.insert(after)\n",
    );
    let several = |demand: &RuleKind| {
        matches!(demand, RuleKind::NoOverlap { .. } | RuleKind::Capacity { .. })
            || matches!(demand, RuleKind::Unique { when, .. } if when.0.is_empty())
    };
    notice_engine(fixtures::ALL[1].1, "service/operations.py", apart, several);
}

#[test]
fn every_rule_of_the_rooms_counts() {
    check_dropped(fixtures::ALL[1].1);
}

#[test]
fn limits_on_what_is_worked_out_count() {
    check_dropped(fixtures::OBSERVING);
    let requirements = fixtures::load(fixtures::OBSERVING);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let survivors = unnoticed(bent(&requirements), &suite);
    assert_eq!(survivors, Vec::<String>::new());
}

/// Sign-ups that take the time of their shifts.
const ROTA: &str = r#"{"title": "Rota", "roles": [], "entities": [
    {"key": "volunteer", "plural": "volunteers", "path": "volunteers", "fields": {"title": "text"}},
    {"key": "shift", "plural": "shifts", "path": "shifts", "fields": {"title": "text", "start": "date_time", "end": "date_time", "status": "enum:planned,cancelled"}},
    {"key": "signup", "plural": "signups", "path": "signups", "fields": {"volunteer_id": "ref:volunteer", "shift_id": "ref:shift", "status": "enum:firm,withdrawn"}}
], "rules": [
    {"kind": "required", "entity": "shift", "field": "start"},
    {"kind": "required", "entity": "shift", "field": "end"},
    {"kind": "compare", "entity": "shift", "field": "end", "op": "gt", "to": {"of": "field", "field": "start"}},
    {"kind": "required", "entity": "signup", "field": "volunteer_id"},
    {"kind": "required", "entity": "signup", "field": "shift_id"},
    {"kind": "capacity", "parent": "volunteer", "child": "signup", "via": "volunteer_id", "measure": {"measure": "count"}, "op": "le", "limit": {"of": "value", "value": 3}},
    {"kind": "no_overlap", "entity": "signup", "via": "shift_id", "start": "start", "end": "end", "by": ["volunteer_id"], "when": [
        {"test": "not_in", "field": "status", "values": ["withdrawn"]},
        {"test": "not_in", "via": "shift_id", "field": "status", "values": ["cancelled"]}]}
]}"#;

fn by_what_it_is_for(demand: &RuleKind) -> bool {
    matches!(demand, RuleKind::NoOverlap { via: Some(_), .. })
}

#[test]
fn times_of_what_is_referred_to_count() {
    check_dropped(ROTA);
    let requirements = fixtures::load(ROTA);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut wrong = bent(&requirements);
    // Each part of what counts, left out by itself.
    for (index, rule) in requirements.concepts.rules.iter().enumerate() {
        for at in 0..2 {
            let mut model = requirements.concepts.clone();
            if let RuleKind::NoOverlap { when, .. } = &mut model.rules[index].demand {
                when.0.remove(at);
                let what = format!("part {at} of what counts: {}", rule.id);
                wrong.push(Mutant { what, rule: index, service: maestro_service::backend_files(&model) });
            }
        }
    }
    assert!(wrong.iter().any(|mutant| mutant.what.starts_with("part 1")));
    assert_eq!(unnoticed(wrong, &suite), Vec::<String>::new());
}

#[test]
fn times_that_slip_away_are_noticed() {
    let checked = ("    \"no_overlap\": overlap.no_overlap,\n", "    \"no_overlap\": lambda rule, change: (),\n");
    notice_engine(ROTA, "service/rules/referrers.py", checked, by_what_it_is_for);
    let touching =
        ("    return start < end if isinstance(start, (datetime, Decimal))", "    return start <= end if True");
    notice_engine(ROTA, "service/rules/overlap.py", touching, by_what_it_is_for);
}

#[test]
fn choices_worked_out_values_and_single_children_count() {
    check_dropped(
        r#"{"title": "Rooms", "roles": [], "entities": [
            {"key": "room", "plural": "rooms", "path": "rooms", "fields": {"title": "text", "price_per_player": "money", "tongue": "enum:German,French,Dutch"}},
            {"key": "session", "plural": "sessions", "path": "sessions", "fields": {"room_id": "ref:room", "players": "integer", "deposit": "money", "price": "money*", "tongue": "enum:German,French,Dutch"}},
            {"key": "review", "plural": "reviews", "path": "reviews", "fields": {"session_id": "ref:session", "stars": "integer"}}
        ], "rules": [
            {"kind": "range", "entity": "room", "field": "price_per_player", "min": "15", "max": "45"},
            {"kind": "required", "entity": "session", "field": "room_id"},
            {"kind": "required", "entity": "session", "field": "players"},
            {"kind": "computed", "entity": "session", "field": "price", "expr": {"expr": "mul", "left": {"expr": "field", "field": "players"}, "right": {"expr": "referenced", "via": "room_id", "field": "price_per_player"}}},
            {"kind": "compare", "entity": "session", "field": "deposit", "op": "le", "to": {"of": "field", "field": "price"}},
            {"kind": "compare", "entity": "session", "field": "tongue", "op": "eq", "to": {"of": "referenced", "via": "room_id", "field": "tongue"}},
            {"kind": "required", "entity": "review", "field": "session_id"},
            {"kind": "unique", "entity": "review", "fields": ["session_id"]},
            {"kind": "cascade", "entity": "review", "field": "session_id"}
        ]}"#,
    );
}

/// Bends rules: bounds moved by one, comparisons moved by their edge, changes of state added and taken away, roles
/// added, operators and groups changed, orders turned round.
pub(crate) fn bent(requirements: &Requirements) -> Vec<Mutant> {
    let mut found = Vec::new();
    let model = &requirements.concepts;
    let mut add = |what: &str, rule: usize, model: ServiceModel| {
        let what = format!("{what}: {}", requirements.items[rule].text);
        found.push(Mutant { what, rule, service: maestro_service::backend_files(&model) });
    };
    for (index, rule) in model.rules.iter().enumerate() {
        let bend = |change: &dyn Fn(&mut RuleKind)| {
            let mut model = model.clone();
            change(&mut model.rules[index].demand);
            (model != requirements.concepts).then_some(model)
        };
        let bends: [(&str, Option<ServiceModel>); 3] = match &rule.demand {
            RuleKind::Range { .. } => [
                (
                    "looser above",
                    bend(&|d| {
                        if let RuleKind::Range { max: Some(max), .. } = d {
                            *max = moved(max, 1)
                        }
                    }),
                ),
                (
                    "looser below",
                    bend(&|d| {
                        if let RuleKind::Range { min: Some(min), .. } = d {
                            *min = moved(min, -1)
                        }
                    }),
                ),
                (
                    "edge",
                    bend(&|d| {
                        if let RuleKind::Range { min: Some(_), above_min, .. } = d {
                            *above_min = !*above_min
                        }
                    }),
                ),
            ],
            RuleKind::Places { .. } => [
                (
                    "one place more",
                    bend(&|d| {
                        if let RuleKind::Places { places, .. } = d {
                            *places += 1
                        }
                    }),
                ),
                (
                    "one place less",
                    bend(&|d| {
                        if let RuleKind::Places { places, .. } = d {
                            *places -= 1
                        }
                    }),
                ),
                ("none", None),
            ],
            RuleKind::Length { .. } => [
                (
                    "longer",
                    bend(&|d| {
                        if let RuleKind::Length { max: Some(max), .. } = d {
                            *max += 1
                        }
                    }),
                ),
                (
                    "shorter",
                    bend(&|d| {
                        if let RuleKind::Length { min: Some(min), .. } = d {
                            *min -= 1
                        }
                    }),
                ),
                (
                    "tighter",
                    bend(&|d| {
                        if let RuleKind::Length { max: Some(max), .. } = d {
                            *max -= 1
                        }
                    }),
                ),
            ],
            RuleKind::Compare { .. } => [
                (
                    "edge",
                    bend(&|d| {
                        // No test can hit the very instant of a request.
                        if let RuleKind::Compare { op, to, .. } = d
                            && !matches!(to, maestro_artifacts::Operand::Now { .. })
                        {
                            *op = edge(*op)
                        }
                    }),
                ),
                (
                    "turned",
                    bend(&|d| {
                        if let RuleKind::Compare { op, .. } = d {
                            *op = turned(*op)
                        }
                    }),
                ),
                (
                    "when",
                    bend(&|d| {
                        if let RuleKind::Compare { when, on_create, .. } = d {
                            when.0.clear();
                            *on_create = !*on_create
                        }
                    }),
                ),
            ],
            RuleKind::Capacity { .. } => [
                (
                    "edge",
                    bend(&|d| {
                        if let RuleKind::Capacity { op, .. } = d {
                            *op = edge(*op)
                        }
                    }),
                ),
                (
                    "when",
                    bend(&|d| {
                        if let RuleKind::Capacity { when, .. } = d {
                            when.0.clear()
                        }
                    }),
                ),
                ("other edge", None),
            ],
            RuleKind::Quota { .. } => [
                (
                    "when",
                    bend(&|d| {
                        if let RuleKind::Quota { when, .. } = d {
                            when.0.clear()
                        }
                    }),
                ),
                (
                    "by",
                    bend(&|d| {
                        if let RuleKind::Quota { by, .. } = d {
                            by.truncate(1)
                        }
                    }),
                ),
                (
                    "one more",
                    bend(&|d| {
                        if let RuleKind::Quota { most, .. } = d {
                            *most += 1
                        }
                    }),
                ),
            ],
            RuleKind::NoOverlap { .. } => [
                (
                    "when",
                    bend(&|d| {
                        if let RuleKind::NoOverlap { when, .. } = d {
                            when.0.clear()
                        }
                    }),
                ),
                (
                    "by",
                    bend(&|d| {
                        if let RuleKind::NoOverlap { by, .. } = d {
                            by.clear()
                        }
                    }),
                ),
                ("", None),
            ],
            RuleKind::Unique { .. } => [
                (
                    "when",
                    bend(&|d| {
                        if let RuleKind::Unique { when, .. } = d {
                            when.0.clear()
                        }
                    }),
                ),
                (
                    "fields",
                    bend(&|d| {
                        if let RuleKind::Unique { fields, .. } = d {
                            fields.truncate(1)
                        }
                    }),
                ),
                (
                    "case",
                    bend(&|d| {
                        if let RuleKind::Unique { ignore_case, fields, .. } = d {
                            *ignore_case ^= has_cases(model, fields)
                        }
                    }),
                ),
            ],
            RuleKind::TransitionRole { .. } | RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. } => [
                (
                    "one more role",
                    bend(&|d| {
                        if let RuleKind::TransitionRole { roles, .. }
                        | RuleKind::ActionRole { roles, .. }
                        | RuleKind::ActionBarred { roles, .. } = d
                        {
                            roles.push("passer-by".to_owned());
                        }
                    }),
                ),
                (
                    "one role less",
                    bend(&|d| {
                        if let RuleKind::TransitionRole { roles, .. }
                        | RuleKind::ActionRole { roles, .. }
                        | RuleKind::ActionBarred { roles, .. } = d
                        {
                            roles.remove(0);
                            roles.push("nobody at all".to_owned());
                        }
                    }),
                ),
                ("", None),
            ],
            RuleKind::List { .. } => [
                (
                    "turned",
                    bend(&|d| {
                        if let RuleKind::List { sort, .. } = d {
                            sort[0].descending = !sort[0].descending
                        }
                    }),
                ),
                (
                    "one more",
                    bend(&|d| {
                        if let RuleKind::List { page_size: Some(size), .. } = d {
                            *size += 1
                        }
                    }),
                ),
                (
                    "one less",
                    bend(&|d| {
                        if let RuleKind::List { page_size: Some(size), .. } = d {
                            *size -= 1
                        }
                    }),
                ),
            ],
            RuleKind::Computed { .. } => [
                (
                    "other operator",
                    bend(&|d| {
                        if let RuleKind::Computed { expr, .. } = d {
                            *expr = other_operator(expr)
                        }
                    }),
                ),
                ("", None),
                ("", None),
            ],
            RuleKind::Immutable { .. } | RuleKind::NoDelete { .. } | RuleKind::Requires { .. } => [
                (
                    "always",
                    bend(&|d| {
                        if let RuleKind::Immutable { when, .. } | RuleKind::NoDelete { when, .. } = d {
                            when.0.clear()
                        }
                    }),
                ),
                (
                    "one more field",
                    bend(&|d| {
                        if let RuleKind::Immutable { entity, fields, .. } = d
                            && !fields.is_empty()
                            && let Some(of) = model.entity(entity)
                        {
                            let state = of.workflow.as_ref().map(|workflow| &workflow.field);
                            let open = |f: &&maestro_artifacts::Field| {
                                !f.read_only && Some(&f.key) != state && !fields.contains(&f.key)
                            };
                            let one = of.fields.iter().rfind(open).map(|f| f.key.clone());
                            fields.extend(one);
                        }
                    }),
                ),
                ("", None),
            ],
            RuleKind::Cascade { entity, .. } => {
                let references: Vec<String> = model.entity(entity).map_or_else(Vec::new, |entity| {
                    let fields = entity.fields.iter();
                    fields.filter(|f| matches!(f.kind, FieldKind::Reference { .. })).map(|f| f.key.clone()).collect()
                });
                let other = bend(&|d| {
                    if let RuleKind::Cascade { field, .. } = d
                        && let Some(other) = references.iter().find(|other| *other != field)
                    {
                        field.clone_from(other);
                    }
                });
                [("by another reference", other), ("", None), ("", None)]
            }
            RuleKind::Transitions { entity } => {
                let at = model.entities.iter().position(|one| one.key == *entity).unwrap();
                let mut less = model.clone();
                less.entities[at].workflow.as_mut().unwrap().transitions.pop();
                let mut more = model.clone();
                let flow = more.entities[at].workflow.as_mut().unwrap();
                let way = flow.transitions.last().unwrap().clone();
                let (from, to) = (way.to.clone(), flow.initial.clone());
                flow.transitions.push(maestro_artifacts::Transition { from, to, sources: Vec::new() });
                let mut start = model.clone();
                let flow = start.entities[at].workflow.as_mut().unwrap();
                flow.initial.clone_from(&flow.states[1]);
                [("one way less", Some(less)), ("one way more", Some(more)), ("other beginning", Some(start))]
            }
            _ => continue,
        };
        for (what, model) in bends {
            if let Some(model) = model {
                add(what, index, model);
            }
        }
    }
    found
}

/// Whether texts in these fields can differ in upper and lower case at all.
fn has_cases(model: &ServiceModel, fields: &[String]) -> bool {
    let text = |key: &String| {
        model
            .entities
            .iter()
            .flat_map(|e| &e.fields)
            .any(|f| f.key == *key && matches!(f.kind, maestro_artifacts::FieldKind::Text { .. }))
    };
    let formed =
        |key: &String| model.rules.iter().any(|r| matches!(&r.demand, RuleKind::Pattern { field, .. } if field == key));
    fields.iter().any(|key| text(key) && !formed(key))
}

fn moved(bound: &str, by: i64) -> String {
    match bound.split_once('.') {
        None if bound.contains('-') && !bound.starts_with('-') => {
            let (year, rest) = bound.split_once('-').unwrap();
            format!("{}-{rest}", year.parse::<i64>().unwrap() + by)
        }
        None => format!("{}", bound.parse::<i64>().unwrap() + by),
        Some((whole, part)) => format!("{}.{part}", whole.parse::<i64>().unwrap() + by),
    }
}

fn edge(op: Op) -> Op {
    match op {
        Op::Lt => Op::Le,
        Op::Le => Op::Lt,
        Op::Gt => Op::Ge,
        Op::Ge => Op::Gt,
        Op::Eq => Op::Ne,
        Op::Ne => Op::Eq,
    }
}

fn turned(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        other => edge(other),
    }
}

fn other_operator(expr: &maestro_artifacts::Expr) -> maestro_artifacts::Expr {
    use maestro_artifacts::{Expr, Measure};
    match expr.clone() {
        Expr::Add { left, right } => Expr::Sub { left, right },
        Expr::Sub { left, right } => Expr::Sub { left: right, right: left },
        Expr::Mul { left, right } => Expr::Add { left, right },
        Expr::Div { left, right } => Expr::Mul { left, right },
        Expr::PlusDays { date, .. } | Expr::PlusMonths { date, .. } => *date,
        Expr::Elapsed { from, to, unit } => Expr::Elapsed { from: to, to: from, unit },
        Expr::Children { child, via, measure, when } if !when.0.is_empty() => {
            Expr::Children { child, via, measure, when: maestro_artifacts::Condition::default() }
        }
        Expr::Children { child, via, measure, when } => {
            let measure = match measure {
                Measure::Sum { field } | Measure::Min { field } => Measure::Max { field },
                Measure::Average { field } => Measure::Sum { field },
                Measure::Max { field } => Measure::Min { field },
                Measure::Count => Measure::Count,
            };
            Expr::Children { child, via, measure, when }
        }
        Expr::Holds { mut when } => {
            when.0.pop();
            Expr::Holds { when }
        }
        other => other,
    }
}

#[test]
fn bent_rules_are_noticed() {
    let mut survivors = Vec::new();
    for (name, text) in fixtures::ALL {
        let requirements = fixtures::load(text);
        let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
        let mutants = bent(&requirements);
        let kinds: BTreeSet<_> = mutants.iter().map(|mutant| mutant.rule).collect();
        assert!(kinds.len() > 10, "{name}: {} rules bent", kinds.len());
        survivors.extend(unnoticed(mutants, &suite));
    }
    assert_eq!(survivors, Vec::<String>::new());
}

/// Rules that count records by their state, with one state more or less.
pub(crate) fn miscounted(requirements: &Requirements) -> Vec<Mutant> {
    let mut found = Vec::new();
    let model = &requirements.concepts;
    for (index, rule) in model.rules.iter().enumerate() {
        let (RuleKind::Unique { entity, .. }
        | RuleKind::NoOverlap { entity, .. }
        | RuleKind::Quota { entity, .. }
        | RuleKind::Capacity { child: entity, .. }) = &rule.demand
        else {
            continue;
        };
        let flow = model.entities.iter().find(|one| one.key == *entity).and_then(|one| one.workflow.clone());
        for (field, state) in flow.iter().flat_map(|flow| flow.states.iter().map(|state| (&flow.field, state))) {
            let mut model = model.clone();
            let (RuleKind::Unique { when, .. }
            | RuleKind::NoOverlap { when, .. }
            | RuleKind::Quota { when, .. }
            | RuleKind::Capacity { when, .. }) = &mut model.rules[index].demand
            else {
                continue;
            };
            if when.0.is_empty() {
                when.0.push(Test::NotIn { via: None, field: field.clone(), values: Vec::new() });
            }
            let Some(Test::In { values, .. } | Test::NotIn { values, .. }) = when.0.first_mut() else { continue };
            let value = serde_json::Value::from(state.clone());
            match values.iter().position(|known| *known == value) {
                Some(at) => drop(values.remove(at)),
                None => values.push(value),
            }
            let what = format!("{state} counts otherwise: {}", requirements.items[index].text);
            found.push(Mutant { what, rule: index, service: maestro_service::backend_files(&model) });
        }
    }
    found
}

#[test]
fn every_state_that_counts_is_tried() {
    let mut survivors = Vec::new();
    for text in fixtures::ALL.map(|(_, text)| text).into_iter().chain([fixtures::OBSERVING]) {
        let requirements = fixtures::load(text);
        let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
        let mutants = miscounted(&requirements);
        assert!(!mutants.is_empty());
        survivors.extend(unnoticed(mutants, &suite));
    }
    assert_eq!(survivors, Vec::<String>::new());
}

#[test]
fn tests_of_other_rules_do_not_fail() {
    let requirements = fixtures::load(fixtures::ALL[0].1);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    // The rule on the length of a tool's name has nothing to do with members.
    let rule = requirements
        .concepts
        .rules
        .iter()
        .position(|rule| matches!(&rule.demand, RuleKind::Length { field, .. } if field == "name"))
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &service_without(&requirements.concepts, &requirements.concepts.rules[rule].id));
    python::write(dir.path(), &suite.files);
    let (results, output) = python::run(dir.path(), &["test_member".to_owned(), "test_tool".to_owned()]);
    let source = fixtures::source(rule);
    for test in suite.plan.tests.iter().filter(|test| results.contains_key(&test.name)) {
        assert_eq!(results[&test.name], !test.covers.contains(&source), "{}: {output}", test.name);
    }
}

#[test]
fn decimal_places_count() {
    const PLACES: &str = r#"{"title": "Weighings", "roles": [], "entities": [
        {"key": "sample", "plural": "samples", "path": "samples", "fields": {"label": "text", "weight": "decimal", "tare": "decimal"}}
    ], "rules": [
        {"kind": "required", "entity": "sample", "field": "weight"},
        {"kind": "places", "entity": "sample", "field": "weight", "places": 1},
        {"kind": "range", "entity": "sample", "field": "weight", "min": "0.5", "max": "48"},
        {"kind": "places", "entity": "sample", "field": "tare", "places": 3},
        {"kind": "compare", "entity": "sample", "field": "tare", "op": "lt", "to": {"of": "field", "field": "weight"}}
    ]}"#;
    check_dropped(PLACES);
    let requirements = fixtures::load(PLACES);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    assert_eq!(unnoticed(bent(&requirements), &suite), Vec::<String>::new());
}
