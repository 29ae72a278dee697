//! Requests for jobs, as the bus holds them.

use lambda_runtime::{Error, LambdaEvent};
use maestro_lambda::RefereeHost;
use serde_json::Value;

pub(crate) async fn handle(host: &RefereeHost, event: LambdaEvent<Value>) -> Result<(), Error> {
    host.invoke(event).await
}
