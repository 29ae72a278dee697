//! Messages about nodes of workflows. What they mean is `maestro_flows::Worker`'s; here they are taken from a call of
//! Lambda and given back to it.

use crate::{Failed, Host, SystemClock, asked::Asked, call::working_time, children::Started, scripts::AskedFor};
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::{Context, LambdaEvent};
use maestro_domain::{FailureKind, RunId, recovery::Execution, with_causes};
use maestro_flows::{
    NoPersonas, Personas, Platform, Worker,
    worker::{self, Received, Taken},
};
use maestro_ports::{Clock, Functions, Queue, Web, functions::NoFunctions, web::NoWeb};
use maestro_sdlc::Failure;
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// How much longer than its call a claim stands: clocks differ a little.
const AFTER_ALL_MS: u64 = 5_000;

/// A worker on nodes, with the workflows that it has compiled; one a container.
pub struct Nodes {
    worker: Worker,
    queue: Arc<dyn Queue>,
    clock: Arc<dyn Clock>,
}

/// What does the work of nodes that is done outside.
pub struct Outside {
    /// Calls web services.
    pub web: Arc<dyn Web>,
    /// Calls functions.
    pub functions: Arc<dyn Functions>,
    /// Opens the models that personas ask. Most containers ask none, so it is called when a persona works first.
    pub models: crate::OpenLater,
}

impl Nodes {
    /// Who gives up and sends again; nodes that call something are not taken by it.
    #[must_use]
    pub fn of(host: &Host) -> Self {
        Self::over(host, Arc::new(NoWeb), Arc::new(NoFunctions), Arc::new(NoPersonas))
    }

    /// The worker of a function's container.
    #[must_use]
    pub fn calling(host: &Host, outside: Outside) -> Self {
        let asked = Asked::new(host.platform().store.clone(), outside.models);
        Self::over(host, outside.web, outside.functions, Arc::new(asked))
    }

    fn over(host: &Host, web: Arc<dyn Web>, functions: Arc<dyn Functions>, personas: Arc<dyn Personas>) -> Self {
        let clock = Arc::clone(&host.platform().clock);
        let platform = Platform {
            store: host.platform().store.clone(),
            clock: Arc::clone(&clock),
            scripts: Arc::new(AskedFor::of(host)),
            web,
            functions,
            personas,
            children: Arc::new(Started::of(host)),
        };
        let (tokens, queue) = host.workers();
        let queue: Arc<dyn Queue> = Arc::new(queue);
        let worker = Worker::new(platform, Arc::new(SystemClock), Arc::new(tokens), Arc::clone(&queue));
        Self { worker, queue, clock }
    }

    /// Gives a message up that no worker finished with; `false` where it is about no run of a workflow.
    pub(crate) async fn give_up(&self, body: &str, cause: &str) -> Result<bool, String> {
        self.worker.give_up(body, cause).await.map_err(|error| with_causes(&error))
    }

    /// Sends again what nobody goes on with of a run whose execution is under way.
    pub(crate) async fn recover(&self, queue: &str, run: &RunId, grace_ms: u64) -> Result<(), worker::Error> {
        self.worker.recover(queue, run, Execution::UnderWay, grace_ms).await.map(drop)
    }

    /// Does what a message asks for. An error says why it must come back; else whether its run is there.
    async fn take(&self, message: &SqsMessage, context: &Context) -> Result<bool, String> {
        let left_ms = context.deadline.saturating_sub(self.clock.now_ms());
        let received = Received {
            queue: message.event_source_arn.as_deref().unwrap_or_default(),
            body: message.body.as_deref().unwrap_or_default(),
            lease_ms: left_ms.saturating_add(AFTER_ALL_MS),
            time_up: Box::pin(tokio::time::sleep(working_time(Duration::from_millis(left_ms)))),
        };
        let queue = received.queue;
        match self.worker.take(received).await.map_err(|error| with_causes(&error))? {
            Taken::Acknowledge => Ok(true),
            Taken::Gone => Ok(false),
            Taken::ComesBack { at_ms } => {
                let wait_ms = at_ms.saturating_sub(self.clock.now_ms());
                let seconds = u32::try_from(wait_ms.div_ceil(1_000)).unwrap_or(u32::MAX).max(1);
                let receipt = message.receipt_handle.as_deref().unwrap_or_default();
                self.queue.postpone(queue, receipt, seconds).await.map_err(|error| with_causes(&error))?;
                Err("somebody else is at work".to_owned())
            }
        }
    }
}

/// Works on the messages of a batch one after the other, and names those that must come back.
///
/// # Errors
/// Where it is no batch. A message that cannot be handled comes back, and at last lies among the dead letters.
pub async fn node(host: &Host, nodes: &Nodes, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    let unreadable = |error: serde_json::Error| Failure::from_error(FailureKind::BadOutput, &error);
    let mut response = SqsBatchResponse::default();
    for message in serde_json::from_value::<SqsEvent>(event.payload).map_err(unreadable)?.records {
        let bill = host.open_bill();
        let taken = nodes.take(&message, &event.context).await;
        let run = worker::run_of(message.body.as_deref().unwrap_or_default()).filter(|_| taken != Ok(false));
        host.close_bill(bill, run, taken == Ok(true), &event.context).await;
        if let Err(why) = taken {
            let id = message.message_id.unwrap_or_default();
            tracing::warn!(message = id, why, "the message comes back");
            response.add_failure(id);
        }
    }
    Ok(serde_json::to_value(response).map_err(unreadable)?)
}
