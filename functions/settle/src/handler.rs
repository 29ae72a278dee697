//! Events of Step Functions about executions of the life cycle.

use lambda_runtime::LambdaEvent;
use maestro_lambda::{Failed, Host, settle};
use serde_json::Value;

pub(crate) async fn handle(host: &Host, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    settle(host, event).await
}
