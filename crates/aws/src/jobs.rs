//! Requests for jobs of the referee, as events on the bus: a rule hands them to whoever runs jobs there.

use crate::{
    Lazy,
    events::SOURCE,
    patience::{ATTEMPTS, pause},
};
use async_trait::async_trait;
use aws_sdk_eventbridge::{Client, error::DisplayErrorContext, types::PutEventsRequestEntry};
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::{JobDispatcher, work::Error};
use serde_json::json;

/// The `detail-type` of a request.
pub const REQUESTED: &str = "maestro.job.requested";

/// A bus on which jobs are asked for.
#[derive(Debug, Clone)]
pub struct JobRequests {
    client: Lazy<Client>,
    bus: String,
    tenant: TenantId,
}

impl JobRequests {
    /// The bus of this name.
    #[must_use]
    pub fn new(client: Lazy<Client>, bus: impl Into<String>, tenant: TenantId) -> Self {
        Self { client, bus: bus.into(), tenant }
    }
}

#[async_trait]
impl JobDispatcher for JobRequests {
    async fn dispatch(&self, run: &RunId, job: &ContentHash) -> Result<(), Error> {
        let action = "ask for a job";
        let detail = json!({"tenant": self.tenant, "run": run, "job": job}).to_string();
        let entry = PutEventsRequestEntry::builder().event_bus_name(&self.bus).source(SOURCE);
        let entry = entry.detail_type(REQUESTED).detail(detail).build();
        for attempt in 1.. {
            let put = self.client.put_events().entries(entry.clone()).send().await;
            let answer = put.map_err(|error| Error { action, reason: DisplayErrorContext(&error).to_string() })?;
            let Some(code) = answer.entries().first().and_then(|one| one.error_code()) else { break };
            if attempt == ATTEMPTS {
                return Err(Error { action, reason: format!("the bus refused it: {code}") });
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Ok(())
    }
}
