//! The stack that these tests use.

use maestro_aws::{Clients, Endpoint};
use serde_json::Value;

pub(crate) async fn clients() -> Clients {
    let url = std::env::var("MAESTRO_AWS_ENDPOINT").unwrap();
    Clients::new(&Endpoint::Local { url, credentials: ("test".into(), "test".into()) }).await
}

pub(crate) fn output(name: &str) -> String {
    let outputs: Value = serde_json::from_str(&std::env::var("MAESTRO_OUTPUTS").unwrap()).unwrap();
    let found = outputs.as_array().unwrap().iter().find(|output| output["OutputKey"] == name).unwrap();
    found["OutputValue"].as_str().unwrap().to_owned()
}
