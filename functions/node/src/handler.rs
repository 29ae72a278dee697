//! Messages of the queue of nodes, and the clock's.

use lambda_runtime::LambdaEvent;
use maestro_lambda::{Failed, Host, Nodes, node, recover};
use serde_json::Value;

pub(crate) async fn handle(host: &Host, nodes: &Nodes, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    match host.handler() {
        "node-sweep" => recover(host, nodes, &event).await,
        _ => node(host, nodes, event).await,
    }
}
