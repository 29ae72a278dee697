//! The tests of right services pass, and prove every statement that they can.

use crate::{fixtures, python};
use maestro_artifacts::Understanding;
use std::{collections::BTreeMap, time::Instant};

/// A right service with its tests.
pub(crate) fn files(text: &str) -> (BTreeMap<String, String>, maestro_acceptance::Suite) {
    let requirements = fixtures::load(text);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut files = maestro_service::backend_files(&requirements.concepts);
    files.extend(suite.files.clone());
    files.insert("openapi.json".to_owned(), maestro_service::openapi(&requirements.concepts).to_string());
    (files, suite)
}

#[test]
fn all_tests_pass_against_a_right_service() {
    let more = [
        ("forms", fixtures::FORMS),
        ("kennel", fixtures::KENNEL),
        ("studios", fixtures::STUDIOS),
        ("rounds", fixtures::ROUNDS),
    ];
    for (name, text) in fixtures::ALL.into_iter().chain(more) {
        let began = Instant::now();
        let (files, suite) = files(text);
        let wrote = began.elapsed();
        let dir = tempfile::tempdir().unwrap();
        python::write(dir.path(), &files);
        let began = Instant::now();
        let (results, output) = python::run(dir.path(), &[]);
        eprintln!("{name}: {} tests, written in {wrote:?}, run in {:?}", results.len(), began.elapsed());
        assert!(results.values().all(|passed| *passed), "{name}: {output}");
        let planned: Vec<_> = suite.plan.tests.iter().map(|test| test.name.clone()).collect();
        assert_eq!(results.keys().cloned().collect::<Vec<_>>(), planned);
        assert_eq!(suite.plan.untested, [], "{name}");
    }
}

#[test]
fn what_nobody_understood_or_wants_gets_no_test() {
    let mut requirements = fixtures::load(fixtures::ALL[0].1);
    let id = |index: usize| fixtures::source(index).to_string();
    requirements.items[0].understanding =
        Understanding::Unknown { quote: "by magic".to_owned(), why: "no rule of this kind is known".to_owned() };
    requirements.items[1].understanding = Understanding::Deferred { words: "later".to_owned() };
    // A statement of the rule that is no traced item, such as narrative, would be an orphan in the trace.
    requirements.concepts.rules[2].sources.push(maestro_domain::StatementId::new("N-1").unwrap());
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let covered: Vec<_> = suite.plan.tests.iter().flat_map(|test| &test.covers).map(ToString::to_string).collect();
    for absent in [id(0), id(1), "N-1".to_owned()] {
        assert!(!covered.contains(&absent), "{absent}");
    }
    assert!(covered.contains(&id(2)));
    assert_eq!(suite.plan.untested, []);
}

#[test]
fn the_same_requirements_give_the_same_bytes() {
    let requirements = fixtures::load(fixtures::ALL[1].1);
    let write = || maestro_acceptance::write(&requirements, &requirements.concepts);
    assert_eq!(write(), write());
}

#[test]
fn the_model_that_is_built_only_gives_the_paths() {
    let requirements = fixtures::load(fixtures::ALL[0].1);
    let mut built = requirements.concepts.clone();
    // A design that has lost every rule gets the same tests.
    built.rules.clear();
    assert_eq!(
        maestro_acceptance::write(&requirements, &built),
        maestro_acceptance::write(&requirements, &requirements.concepts)
    );
}

#[test]
fn no_test_waits_for_the_right_time_of_day() {
    let requirements = fixtures::load(
        r#"{"title": "Sessions", "roles": [], "entities": [
            {"key": "session", "plural": "sessions", "path": "sessions", "fields": {"start": "date_time", "end": "date_time"}}
        ], "rules": [
            {"kind": "required", "entity": "session", "field": "start"},
            {"kind": "required", "entity": "session", "field": "end"},
            {"kind": "compare", "entity": "session", "field": "end", "op": "gt", "to": {"of": "field", "field": "start"}},
            {"kind": "compare", "entity": "session", "field": "start", "op": "ge", "to": {"of": "now"}, "on_create": true}
        ]}"#,
    );
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let text = &suite.files["tests/test_session.py"];
    // An instant counted from now lies anywhere within a day: one counted from the start of today says nothing there.
    let numbers = |line: &str, name: &str| -> Vec<i64> {
        let parts = line.split(name).skip(1).filter_map(|rest| rest.split_once(')'));
        let read = |text: &str| text.split(", ").map(|part| part.parse::<i64>().unwrap()).collect::<Vec<_>>();
        parts
            .map(|(text, _)| read(text))
            .map(|of| if let [days, rest] = of[..] { days * 86_400 + rest } else { of[0] })
            .collect()
    };
    let lines: Vec<&str> = text.lines().collect();
    for pair in lines.windows(2) {
        // The two requests about one record, where the second goes on from the first.
        let both = if pair[1].contains("self.change(") { pair.join(" ") } else { pair[1].to_owned() };
        for now in numbers(&both, "from_now(") {
            for at in numbers(&both, " at(") {
                assert!(at <= now || at >= now + 86_400, "{both}");
            }
        }
    }
    assert!(text.contains("from_now("), "{text}");
}

#[test]
fn a_limit_that_takes_many_children_is_tried() {
    let text = r#"{"title": "Loads", "roles": [], "entities": [
            {"key": "delivery", "plural": "deliveries", "path": "deliveries", "fields": {"name": "text"}},
            {"key": "pallet", "plural": "pallets", "path": "pallets", "fields": {"delivery_id": "ref:delivery", "gross": "decimal"}}
        ], "rules": [
            {"kind": "required", "entity": "pallet", "field": "delivery_id"},
            {"kind": "range", "entity": "pallet", "field": "gross", "min": "1", "max": "1500"},
            {"kind": "capacity", "parent": "delivery", "child": "pallet", "via": "delivery_id", "measure": {"measure": "sum", "field": "gross"}, "op": "le", "limit": {"of": "value", "value": 24000}}
        ]}"#;
    let (mut files, suite) = files(text);
    assert_eq!(suite.plan.untested, []);
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &files);
    let (results, output) = python::run(dir.path(), &[]);
    assert!(results.values().all(|passed| *passed), "{output}");
    // A service whose limit is a little higher is noticed.
    let model = files.get_mut("service/model.py").unwrap();
    assert!(model.contains("24000"));
    *model = model.replace("24000", "24001");
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &files);
    let (results, _) = python::run_failfast(dir.path(), &[]);
    assert!(results.values().any(|passed| !passed));
}

/// The tests of a right service pass, and leave nothing unproven.
pub(crate) fn passes(text: &str) {
    let (files, suite) = files(text);
    assert_eq!(suite.plan.untested, []);
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &files);
    let (results, output) = python::run(dir.path(), &[]);
    assert!(!results.is_empty() && results.values().all(|passed| *passed), "{output}");
}

/// Runs the tests of a service as it is, and with one word of its model replaced.
fn notice_in_model(text: &str, right: &str, wrong: &str) {
    let (mut files, suite) = files(text);
    assert_eq!(suite.plan.untested, []);
    for altered in [false, true] {
        if altered {
            let model = files.get_mut("service/model.py").unwrap();
            assert!(model.contains(right), "{model}");
            *model = model.replace(right, wrong);
        }
        let dir = tempfile::tempdir().unwrap();
        python::write(dir.path(), &files);
        let run = if altered { python::run_failfast } else { python::run };
        let (results, output) = run(dir.path(), &[]);
        assert!(!results.is_empty());
        assert_eq!(results.values().all(|passed| *passed), !altered, "{output}");
    }
}

#[test]
fn a_limit_on_many_children_with_numbers_of_their_own_is_tried() {
    let text = r#"{"title": "Theatres", "roles": [], "entities": [
            {"key": "theatre", "plural": "theatres", "path": "theatres", "fields": {"name": "text"}},
            {"key": "seat", "plural": "seats", "path": "seats", "fields": {"theatre_id": "ref:theatre", "number": "integer"}},
            {"key": "visit", "plural": "visits", "path": "visits", "fields": {"theatre_id": "ref:theatre", "starts_on": "date", "ends_on": "date", "status": "enum:asked,confirmed"},
             "workflow": {"field": "status", "initial": "asked", "transitions": ["asked>confirmed"]}}
        ], "rules": [
            {"kind": "required", "entity": "seat", "field": "theatre_id"},
            {"kind": "required", "entity": "seat", "field": "number"},
            {"kind": "range", "entity": "seat", "field": "number", "min": "1", "max": "130"},
            {"kind": "unique", "entity": "seat", "fields": ["theatre_id", "number"]},
            {"kind": "capacity", "parent": "theatre", "child": "seat", "via": "theatre_id", "measure": {"measure": "count"}, "op": "le", "limit": {"of": "value", "value": 123}},
            {"kind": "required", "entity": "visit", "field": "theatre_id"},
            {"kind": "required", "entity": "visit", "field": "starts_on"},
            {"kind": "required", "entity": "visit", "field": "ends_on"},
            {"kind": "transitions", "entity": "visit"},
            {"kind": "no_overlap", "entity": "visit", "start": "starts_on", "end": "ends_on", "by": ["theatre_id"], "when": [{"test": "in", "field": "status", "values": ["confirmed"]}]},
            {"kind": "capacity", "parent": "theatre", "child": "visit", "via": "theatre_id", "measure": {"measure": "count"}, "op": "le", "limit": {"of": "value", "value": 45}, "when": [{"test": "in", "field": "status", "values": ["confirmed"]}]}
        ]}"#;
    notice_in_model(text, "123", "124");
    notice_in_model(text, "45", "46");
}

#[test]
fn records_that_few_values_tell_apart_are_made_as_often_as_tests_need_them() {
    let text = r#"{"title": "Quarry", "roles": [], "entities": [
            {"key": "blast", "plural": "blasts", "path": "blasts", "fields": {"bench": "enum:north,east", "planned_for": "date_time"}},
            {"key": "hole", "plural": "holes", "path": "holes", "fields": {"blast_id": "ref:blast", "depth": "decimal"}},
            {"key": "shift", "plural": "shifts", "path": "shifts", "fields": {"weekday": "enum:monday,tuesday,sunday"}},
            {"key": "pause", "plural": "pauses", "path": "pauses", "fields": {"shift_id": "ref:shift", "reason": "text"}}
        ], "rules": [
            {"kind": "required", "entity": "blast", "field": "bench"},
            {"kind": "required", "entity": "blast", "field": "planned_for"},
            {"kind": "compare", "entity": "blast", "field": "planned_for", "op": "gt", "to": {"of": "now"}, "on_create": true},
            {"kind": "unique", "entity": "blast", "fields": ["bench", "planned_for"]},
            {"kind": "required", "entity": "hole", "field": "blast_id"},
            {"kind": "has_field", "entity": "hole", "field": "depth"},
            {"kind": "required", "entity": "shift", "field": "weekday"},
            {"kind": "unique", "entity": "shift", "fields": ["weekday"]},
            {"kind": "required", "entity": "pause", "field": "shift_id"},
            {"kind": "has_field", "entity": "pause", "field": "reason"}
        ]}"#;
    crate::mutants::check_dropped(text);
    let (files, suite) = files(text);
    assert_eq!(suite.plan.untested, []);
    let dir = tempfile::tempdir().unwrap();
    python::write(dir.path(), &files);
    let (results, output) = python::run(dir.path(), &[]);
    assert!(!results.is_empty() && results.values().all(|passed| *passed), "{output}");
}

#[test]
fn times_that_last_no_time_overlap_with_nothing_and_thirds_of_an_hour_are_no_zero() {
    passes(
        r#"{"title": "Judo", "roles": [], "entities": [
            {"key": "mat", "plural": "mats", "path": "mats", "fields": {"name": "text"}},
            {"key": "bout", "plural": "bouts", "path": "bouts", "fields": {"mat_id": "ref:mat", "begins_at": "date_time", "ends_at": "date_time"}}
        ], "rules": [
            {"kind": "required", "entity": "bout", "field": "mat_id"},
            {"kind": "required", "entity": "bout", "field": "begins_at"},
            {"kind": "compare", "entity": "bout", "field": "ends_at", "op": "le", "to": {"of": "field", "field": "begins_at", "plus_minutes": 15}},
            {"kind": "no_overlap", "entity": "bout", "start": "begins_at", "end": "ends_at", "by": ["mat_id"]}
        ]}"#,
    );
    passes(
        r#"{"title": "Telescope", "roles": [], "entities": [
            {"key": "camera", "plural": "cameras", "path": "cameras", "fields": {"name": "text"}},
            {"key": "block", "plural": "blocks", "path": "blocks", "fields": {"camera_id": "ref:camera", "start": "date_time", "end": "date_time", "hours": "decimal*"}}
        ], "rules": [
            {"kind": "required", "entity": "block", "field": "camera_id"},
            {"kind": "required", "entity": "block", "field": "start"},
            {"kind": "required", "entity": "block", "field": "end"},
            {"kind": "compare", "entity": "block", "field": "end", "op": "ge", "to": {"of": "field", "field": "start", "plus_minutes": 10}},
            {"kind": "computed", "entity": "block", "field": "hours", "expr": {"expr": "elapsed", "from": {"expr": "field", "field": "start"}, "to": {"expr": "field", "field": "end"}, "unit": "hours"}},
            {"kind": "totals", "entity": "block", "by": ["camera_id"], "measures": [{"measure": "sum", "field": "hours"}]}
        ]}"#,
    );
}
