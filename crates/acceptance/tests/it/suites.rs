//! The tests of right services pass, and prove every statement that they can.

use crate::{fixtures, python};
use std::{collections::BTreeMap, time::Instant};

fn files(text: &str) -> (BTreeMap<String, String>, maestro_acceptance::Suite) {
    let requirements = fixtures::load(text);
    let suite = maestro_acceptance::write(&requirements, &requirements.concepts);
    let mut files = maestro_service::backend_files(&requirements.concepts);
    files.extend(suite.files.clone());
    (files, suite)
}

#[test]
fn all_tests_pass_against_a_right_service() {
    for (name, text) in fixtures::ALL {
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
        assert_eq!(suite.untested, Vec::<String>::new(), "{name}");
    }
}
