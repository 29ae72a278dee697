//! Messages that carry a task and its token: the worker does the task and answers the token.
//!
//! A message that meets somebody at work registers its token and comes again when their lease is over; whoever did the
//! work answers the newest token. A worker whose time is up sends a message that goes on in its place: time never fails
//! a task.

use crate::{Host, call};
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::LambdaEvent;
use maestro_domain::{ContentHash, FailureKind, RunId};
use maestro_ports::{Queue, TaskTokens, work::Answered};
use maestro_sdlc::{Failure, Platform};
use maestro_store::Token;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::convert::Infallible;

/// What a message says.
#[derive(Serialize, Deserialize)]
struct Body {
    task: Value,
    token: String,
    /// When the message was sent that the token first came with, where this one goes on in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sent_ms: Option<u64>,
}

/// Works on the messages of a batch one after the other, and names those that must come back.
///
/// # Errors
/// None: a message that cannot be handled comes back, and at last lies among the dead letters.
pub async fn work(host: &Host, name: &str, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Infallible> {
    let mut response = SqsBatchResponse::default();
    for message in event.payload.records {
        let (platform, _timer) = call::platform(host.platform(), &event.context);
        let worker = Worker { platform: &platform, tokens: host.tokens(), queue: host.queue() };
        if let Err(why) = worker.take(name, &message).await {
            let id = message.message_id.unwrap_or_default();
            tracing::warn!(message = id, why, "the message comes back");
            response.add_failure(id);
        }
    }
    host.flush().await;
    Ok(response)
}

/// Takes messages.
struct Worker<'a> {
    platform: &'a Platform,
    tokens: &'a dyn TaskTokens,
    queue: &'a dyn Queue,
}

impl Worker<'_> {
    /// Does what a message asks for. An error says why it must come back.
    async fn take(&self, name: &str, message: &SqsMessage) -> Result<(), String> {
        let text = message.body.as_deref().unwrap_or_default();
        let body: Body = serde_json::from_str(text).map_err(|error| format!("it is no task: {error}"))?;
        let call = ContentHash::of_json(&body.task);
        let own = Token { token: body.token, sent_ms: body.sent_ms.unwrap_or_else(|| sent_ms(message)) };
        let mut ended = maestro_sdlc::handle(self.platform, name, &body.task).await;
        if matches!(&ended, Err(failure) if failure.kind == FailureKind::LeaseHeld) {
            let run = run_of(&body.task)?;
            let registered = self.platform.store.register_token(&run, &call, &own).await;
            registered.map_err(|error| error.to_string())?;
            // Whoever ended before the token was registered has not answered it.
            ended = maestro_sdlc::handle(self.platform, name, &body.task).await;
        }
        match ended {
            Err(failure) if failure.kind == FailureKind::LeaseHeld => {
                self.postpone(message, &failure).await?;
                Err(failure.cause)
            }
            Err(failure) if failure.kind == FailureKind::Suspended => {
                let newest = self.newest(&body.task, &call, own).await?;
                let goes_on = Body { task: body.task, token: newest.token, sent_ms: Some(newest.sent_ms) };
                let text = serde_json::to_string(&goes_on).map_err(|error| error.to_string())?;
                let queue = message.event_source_arn.as_deref().unwrap_or_default();
                tracing::info!(failure.cause, "another call goes on");
                self.queue.send(queue, &text).await.map_err(|error| error.to_string())?;
                // The message that goes on is what counts; a missed sign of life costs at most another try.
                if let Err(error) = self.tokens.heartbeat(&goes_on.token).await {
                    tracing::warn!(%error, "no sign of life was given");
                }
                Ok(())
            }
            ended => {
                let newest = self.newest(&body.task, &call, own).await?;
                self.answer(&newest.token, ended).await
            }
        }
    }

    async fn answer(&self, token: &str, ended: Result<Value, Failure>) -> Result<(), String> {
        let answered = match ended {
            Ok(result) => self.tokens.succeed(token, &result).await,
            Err(failure) => self.tokens.fail(token, failure.kind.name(), &failure.cause).await,
        };
        match answered {
            Ok(Answered::Accepted) => Ok(()),
            Ok(Answered::Late) => {
                tracing::info!("nobody waits for the task any more; its result is stored");
                Ok(())
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Hides a message until the lease that it met is over.
    async fn postpone(&self, message: &SqsMessage, held: &Failure) -> Result<(), String> {
        let (Some(until_ms), Some(receipt)) = (held.until_ms, message.receipt_handle.as_deref()) else { return Ok(()) };
        let wait_ms = until_ms.saturating_sub(self.platform.clock.now_ms());
        let seconds = u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX).max(1);
        let queue = message.event_source_arn.as_deref().unwrap_or_default();
        self.queue.postpone(queue, receipt, seconds).await.map_err(|error| error.to_string())
    }

    async fn newest(&self, task: &Value, call: &ContentHash, own: Token) -> Result<Token, String> {
        // A task that names no run was refused by its handler, and nothing can be registered for it.
        let Ok(run) = run_of(task) else { return Ok(own) };
        self.platform.store.newest_token(&run, call, own).await.map_err(|error| error.to_string())
    }
}

fn run_of(task: &Value) -> Result<RunId, String> {
    let run = task.get("run").cloned().unwrap_or_default();
    serde_json::from_value(run).map_err(|error| format!("it names no run: {error}"))
}

fn sent_ms(message: &SqsMessage) -> u64 {
    message.attributes.get("SentTimestamp").and_then(|sent| sent.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
