//! The phase is what `Handler` says.

use lambda_runtime::LambdaEvent;
use maestro_lambda::{Failed, Host, invoke};
use serde_json::Value;

pub(crate) async fn handle(host: &Host, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    let name = format!("phase-{}", host.handler());
    invoke(host, &name, event).await
}
