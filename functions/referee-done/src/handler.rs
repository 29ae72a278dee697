//! Events of S3 about reports, and the clock's.

use lambda_runtime::LambdaEvent;
use maestro_lambda::{Failed, Host, report, sweep};
use serde_json::Value;

pub(crate) async fn handle(host: &Host, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    match host.handler() {
        "referee-sweep" => sweep(host, event).await,
        _ => report(host, event).await,
    }
}
