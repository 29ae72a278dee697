//! The Python files with which tests start the service, shared by the two personas whose tests do.

use super::HEALTH;
use crate::escape::{python, python_list};
use maestro_artifacts::Operations;
use std::collections::BTreeMap;

const API_DOCUMENT: &str = include_str!("../templates/api_document.py");
const RUNNING_SERVICE: &str = include_str!("../templates/running_service.py");
const SAMPLE_RECORDS: &str = include_str!("../templates/sample_records.py");

/// The support modules for tests in this folder. Each folder of tests has its own copy, so that it runs by itself.
pub(super) fn support(dir: &str, operations: &Operations) -> BTreeMap<String, String> {
    // `parents[0]` is the folder itself, so the deliverable is as many steps up as the folder has parts.
    let depth = dir.split('/').count();
    let running = RUNNING_SERVICE
        .replace("@DEPTH@", &depth.to_string())
        .replace("@START@", &python_list(&operations.start))
        .replace("@PORT_ENV@", &python(&operations.port_env))
        .replace("@HEALTH@", &python(HEALTH));
    BTreeMap::from([
        (format!("{dir}/api_document.py"), API_DOCUMENT.to_owned()),
        (format!("{dir}/running_service.py"), running),
        (format!("{dir}/sample_records.py"), SAMPLE_RECORDS.to_owned()),
    ])
}
