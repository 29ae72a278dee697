//! The QA engineer's work: acceptance tests written from the criteria, as Python's `unittest`, black box over HTTP.
//!
//! Tests come from the analyst's reading of the epic (`Requirements::concepts`), never from the code or the design: the
//! built model gives paths only. For each rule a search finds requests that break exactly this rule, and close ones
//! that break none; what is written down is those requests and what must come of them. Statements that nobody
//! understood, or that the epic puts off, get no test.
//!
//! This crate runs nothing and reads nothing; the same requirements give the same bytes.

mod apart;
mod api;
mod candidates;
mod deletion;
mod factories;
mod families;
mod judge;
mod levers;
mod number;
mod python;
mod samples;
mod script;
mod search;
mod shape;
mod suite;
mod untested;
mod value;
mod world;

use maestro_artifacts::{Requirements, ServiceModel, TestPlan};
use std::collections::BTreeMap;

/// The tests of a deliverable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// Files by path in the deliverable, all below `tests/`.
    pub files: BTreeMap<String, String>,
    /// Which test proves which statement, and why some have none.
    pub plan: TestPlan,
}

const VALUES: &str = include_str!("../assets/values.py");

/// Makers of valid records for tests of other kinds, by name in their folder: `factories.py` with `MAKERS`, by the path of
/// a list what a record of it may consist of and in which role it is made, and what that needs.
#[must_use]
pub fn makers(requirements: &Requirements, model: &ServiceModel) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("factories.py".to_owned(), writer(requirements, model).makers()),
        ("values.py".to_owned(), VALUES.to_owned()),
    ])
}

fn writer<'a>(requirements: &'a Requirements, model: &'a ServiceModel) -> python::Writer<'a> {
    let world = world::World::new(&requirements.concepts);
    python::Writer { scripts: script::Scripts::new(world), built: model }
}

/// Writes the tests of the requirements; `model` is what is built, and tells where its records are found.
#[must_use]
pub fn write(requirements: &Requirements, model: &ServiceModel) -> Suite {
    let writer = writer(requirements, model);
    let mut bench = suite::Bench::new(writer, requirements);
    for rule in 0..requirements.concepts.rules.len() {
        families::write(&mut bench, rule);
    }
    let factories = bench.writer.factories();
    let (api, api_tests) = bench.writer.api(&|script| bench.clashes(script));
    let (mut files, mut plan) = bench.finish();
    plan.tests.extend(api_tests);
    plan.tests.sort_by(|a, b| a.name.cmp(&b.name));
    files.insert("tests/support.py".to_owned(), include_str!("../assets/support.py").to_owned());
    files.insert("tests/values.py".to_owned(), VALUES.to_owned());
    files.insert("tests/contract.py".to_owned(), include_str!("../assets/contract.py").to_owned());
    files.insert("tests/factories.py".to_owned(), factories);
    files.insert("tests/test_api.py".to_owned(), api);
    Suite { files, plan }
}
