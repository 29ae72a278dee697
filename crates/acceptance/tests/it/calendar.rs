//! Rules that count in months and years: the tests hold on every day of the year, and notice a rule that counts days.

use crate::{
    fixtures,
    mutants::{self, Mutant, unnoticed},
    python, suites,
};
use maestro_artifacts::{Expr, Offset, Operand, RuleKind};
use std::collections::BTreeMap;

/// Makes today another day for the tests and for the service that they start.
const OTHER_DAY: &str = "
import datetime
import os

AT = os.environ['TODAY'] if 'T' in os.environ['TODAY'] else os.environ['TODAY'] + 'T12:00:00'
SHIFT = datetime.datetime.fromisoformat(AT) - datetime.datetime.now().replace(microsecond=0)

class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + SHIFT

datetime.datetime = Moved
";

#[test]
fn tests_hold_on_every_day() {
    let requirements = fixtures::load(fixtures::LEASES);
    let (files, suite) = suites::files(fixtures::LEASES);
    assert_eq!(suite.plan.untested, []);
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &files);
    python::write(dir.path(), &BTreeMap::from([("other/sitecustomize.py".to_owned(), OTHER_DAY.to_owned())]));
    // Ends of months of 28 to 31 days, a leap day, and the days beside them.
    for day in ["2026-03-31", "2027-01-31", "2027-02-28", "2027-03-01", "2027-08-30", "2028-02-29", "2029-12-01"] {
        let (results, output) = python::run_on(dir.path(), day, &dir.path().join("other"), &[]);
        assert_eq!(results.len(), suite.plan.tests.len(), "{day}: {output}");
        assert!(results.values().all(|passed| *passed), "{day}: {output}");
    }
    // Eighteen years have 6,574 or 6,575 days: a service that counts them is right on some days only.
    let mut model = requirements.concepts.clone();
    let rule = 1;
    model.rules[rule].demand = counted(&model.rules[rule].demand, &|offset| {
        assert_eq!(offset.plus_months, -216);
        *offset = Offset::days(-6574);
    });
    python::write(dir.path(), &maestro_service::backend_files(&model));
    let names: Vec<String> = suite
        .plan
        .tests
        .iter()
        .filter(|test| test.covers.contains(&fixtures::source(rule)))
        .map(|t| t.name.clone())
        .collect();
    let right =
        |day: &str| python::run_on(dir.path(), day, &dir.path().join("other"), &names).0.values().all(|passed| *passed);
    assert_eq!(["2027-01-31", "2028-03-01"].map(right), [true, false]);
}

#[test]
fn years_hold_on_the_last_day_of_a_year_and_on_the_first() {
    let (files, suite) = suites::files(fixtures::VINTAGES);
    assert_eq!(suite.plan.untested, []);
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &files);
    python::write(dir.path(), &BTreeMap::from([("other/sitecustomize.py".to_owned(), OTHER_DAY.to_owned())]));
    for at in ["2026-12-31T23:40:00", "2027-01-01T00:00:01", "2028-02-29", "2029-12-31T12:00:00", "2041-07-01"] {
        let (results, output) = python::run_on(dir.path(), at, &dir.path().join("other"), &[]);
        assert_eq!(results.len(), suite.plan.tests.len(), "{at}: {output}");
        assert!(results.values().all(|passed| *passed), "{at}: {output}");
    }
}

#[test]
fn a_rule_that_is_a_year_off_or_missing_is_noticed() {
    let requirements = fixtures::load(fixtures::VINTAGES);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut mutants = Vec::new();
    for (rule, found) in requirements.concepts.rules.iter().enumerate() {
        for by in [-1, 1] {
            let mut demand = found.demand.clone();
            if let RuleKind::Compare { to: Operand::ThisYear { plus_years }, .. } = &mut demand {
                *plus_years += by;
            }
            if demand != found.demand {
                let mut model = requirements.concepts.clone();
                model.rules[rule].demand = demand;
                let what = format!("{by} year: {}", requirements.items[rule].text);
                mutants.push(Mutant { what, rule, service: maestro_service::backend_files(&model) });
            }
        }
    }
    assert_eq!(mutants.len(), 12);
    assert_eq!(unnoticed(mutants, &suite), Vec::<String>::new());
    mutants::check_dropped(fixtures::VINTAGES);
    mutants::check_bent(fixtures::VINTAGES);
}

#[test]
fn conditions_hold_at_every_time_of_the_day() {
    let (files, suite) = suites::files(
        r#"{"title": "Sessions", "roles": [], "entities": [
            {"key": "session", "plural": "sessions", "path": "sessions",
             "fields": {"start": "date_time", "state": "enum:asked,agreed,cancelled"},
             "workflow": {"field": "state", "initial": "asked", "transitions": ["asked>agreed", "asked>cancelled", "agreed>cancelled"]}}
        ], "rules": [
            {"kind": "required", "entity": "session", "field": "start"},
            {"kind": "compare", "entity": "session", "field": "start", "op": "ge", "to": {"of": "now", "plus_minutes": 1440}, "on_create": true},
            {"kind": "requires", "entity": "session", "at": {"moment": "transition", "to": "agreed"}, "condition": [{"test": "compare", "field": "start", "op": "ge", "to": {"of": "today", "plus_days": 2}}]},
            {"kind": "requires", "entity": "session", "at": {"moment": "transition", "to": "cancelled"}, "condition": [{"test": "compare", "field": "start", "op": "ge", "to": {"of": "now", "plus_minutes": 1440}}]},
            {"kind": "no_delete", "entity": "session", "when": [{"test": "compare", "field": "start", "op": "lt", "to": {"of": "now", "plus_minutes": 2880}}]}
        ]}"#,
    );
    assert_eq!(suite.plan.untested, []);
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &files);
    python::write(dir.path(), &BTreeMap::from([("other/sitecustomize.py".to_owned(), OTHER_DAY.to_owned())]));
    for at in ["2026-12-01T00:10:00", "2026-12-01T09:00:00", "2026-12-01T23:40:00"] {
        let (results, output) = python::run_on(dir.path(), at, &dir.path().join("other"), &[]);
        assert_eq!(results.len(), suite.plan.tests.len(), "{at}: {output}");
        assert!(results.values().all(|passed| *passed), "{at}: {output}");
    }
}

/// The same rule, counted otherwise.
fn counted(demand: &RuleKind, change: &dyn Fn(&mut Offset)) -> RuleKind {
    let mut demand = demand.clone();
    match &mut demand {
        RuleKind::Compare { to: Operand::Field { offset, .. } | Operand::Referenced { offset, .. }, .. } => {
            change(offset);
        }
        RuleKind::Compare { to: Operand::Today { plus_days, plus_months }, .. } => {
            let mut offset = Offset { plus: *plus_days, plus_months: *plus_months, plus_minutes: 0 };
            change(&mut offset);
            (*plus_days, *plus_months) = (offset.plus, offset.plus_months);
        }
        RuleKind::Computed { expr, .. } => {
            if let Expr::PlusMonths { date, months } = expr.clone() {
                let mut offset = Offset::NONE;
                change(&mut offset);
                let days = Box::new(Expr::Number { value: offset.plus.to_string() });
                *expr = Expr::PlusDays { date: Box::new(Expr::PlusMonths { date, months }), days };
            }
        }
        _ => {}
    }
    demand
}

#[test]
fn a_rule_that_is_a_day_off_is_noticed() {
    let requirements = fixtures::load(fixtures::LEASES);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut mutants = Vec::new();
    for (rule, found) in requirements.concepts.rules.iter().enumerate() {
        for by in [-1, 1] {
            let demand = counted(&found.demand, &|offset| offset.plus += by);
            if demand != found.demand {
                let mut model = requirements.concepts.clone();
                model.rules[rule].demand = demand;
                let what = format!("{by} day: {}", requirements.items[rule].text);
                mutants.push(Mutant { what, rule, service: maestro_service::backend_files(&model) });
            }
        }
    }
    assert_eq!(mutants.len(), 14);
    assert_eq!(unnoticed(mutants, &suite), Vec::<String>::new());
}
