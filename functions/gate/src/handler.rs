//! An invocation by the definition is the handler's payload as it is.

use lambda_runtime::LambdaEvent;
use maestro_lambda::{Failed, Host, invoke};
use serde_json::Value;

pub(crate) async fn handle(host: &Host, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    invoke(host, "gate", event).await
}
