//! The integration tester: smoke and contract tests that read the OpenAPI document when they run.

use super::{Author, running};
use crate::{
    inputs::{Inputs, Need},
    work::{Refusal, Work},
};
use maestro_artifacts::Integration;
use maestro_domain::Phase;
use serde_json::Value;

pub(crate) struct IntegrationTester;

const DIR: &str = "integration";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

impl Author for IntegrationTester {
    fn needs(&self, _: Phase) -> Vec<Need> {
        running::NEEDS.to_vec()
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let design = inputs.design()?;
        let mut files = running::support(DIR, inputs)?;
        files.insert(format!("{DIR}/test_contract.py"), maestro_exercise::CONTRACT.to_owned());
        files.insert(format!("{DIR}/test_smoke.py"), maestro_exercise::SMOKE.to_owned());
        Work::new(files, &Integration { dir: DIR.to_owned(), operations: operations_of(&design.openapi) })
    }
}

/// Every operation of the document: the contract tests make one test for each when they run.
fn operations_of(openapi: &Value) -> Vec<String> {
    let paths = openapi.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS.iter().filter(|method| item.get(**method).is_some()) {
            found.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    found
}
