//! Messages that carry a task and its token: the worker does the task and answers the token.
//!
//! A message that meets somebody at work registers its token and comes again when their lease is over; whoever did the
//! work answers all tokens of the task: the newest is the one that a machine waits for, and which one is the newest only
//! the machine knows. A worker whose time is up sends a message that goes on in its place: time never fails
//! a task. A task that waits for the referee is acknowledged unanswered; whoever settles its job sends its message again.

use crate::{
    Host,
    call::{self, run_of},
};
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::LambdaEvent;
use maestro_domain::{ContentHash, FailureKind, RunId};
use maestro_ports::{Queue, TaskTokens, work::Answered};
use maestro_sdlc::{Failure, Platform, bounds::MOST_DELAY_S};
use serde::Deserialize;
use serde_json::Value;
use std::convert::Infallible;

/// What a message says.
#[derive(Deserialize)]
struct Body {
    task: Value,
    token: String,
}

/// Works on the messages of a batch one after the other, and names those that must come back.
///
/// # Errors
/// None: a message that cannot be handled comes back, and at last lies among the dead letters.
pub async fn work(host: &Host, name: &str, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Infallible> {
    let mut response = SqsBatchResponse::default();
    for message in event.payload.records {
        let bill = host.open_bill();
        let (platform, _timer) = call::timed(host.platform(), &event.context);
        let worker = Worker { platform: &platform, tokens: host.tokens(), queue: host.queue() };
        let taken = worker.take(name, &message).await;
        let (run, well) = (run_of_message(message.body.as_deref()), matches!(taken, Ok(true)));
        if let Err(why) = taken {
            let id = message.message_id.unwrap_or_default();
            tracing::warn!(message = id, why, "the message comes back");
            response.add_failure(id);
        }
        host.flush().await;
        host.close_bill(bill, run, well, &event.context).await;
    }
    Ok(response)
}

/// Takes messages.
struct Worker<'a> {
    platform: &'a Platform,
    tokens: &'a dyn TaskTokens,
    queue: &'a dyn Queue,
}

impl Worker<'_> {
    /// Does what a message asks for, and says whether that went well. An error says why the message must come back.
    async fn take(&self, name: &str, message: &SqsMessage) -> Result<bool, String> {
        let text = message.body.as_deref().unwrap_or_default();
        let Body { task, token } = serde_json::from_str(text).map_err(|error| format!("it is no task: {error}"))?;
        let call = ContentHash::of_json(&task);
        let queue = message.event_source_arn.as_deref().unwrap_or_default();
        let platform = self.platform.for_message(queue, text);
        let mut ended = maestro_sdlc::handle(&platform, name, &task).await;
        if matches!(&ended, Err(failure) if failure.kind == FailureKind::LeaseHeld) {
            let run = run_of(&task)?;
            let registered = self.platform.store.register_token(&run, &call, &token).await;
            registered.map_err(|error| error.to_string())?;
            // Whoever ended before the token was registered has not answered it.
            ended = maestro_sdlc::handle(&platform, name, &task).await;
        }
        match ended {
            Err(failure) if failure.kind == FailureKind::LeaseHeld => {
                self.postpone(message, &failure).await?;
                Err(failure.cause)
            }
            Err(failure) if failure.kind == FailureKind::HandedOn => {
                tracing::info!(failure.cause, "another call goes on");
                // Whoever goes on would only wait for the same moment, and is paid for waiting.
                let seconds = failure.until_ms.map_or(0, |until_ms| self.seconds_until(until_ms).min(MOST_DELAY_S));
                self.queue.send_later(queue, text, seconds).await.map_err(|error| error.to_string())?;
                self.sign_of_life(&token).await;
                Ok(true)
            }
            // Who settles the job sends the message again.
            Err(failure) if failure.kind == FailureKind::Suspended => {
                tracing::info!(failure.cause, "another call goes on when it was run");
                self.sign_of_life(&token).await;
                Ok(true)
            }
            ended => self.answer(&task, &call, token, &ended).await.map(|()| ended.is_ok()),
        }
    }

    /// Tells everybody who waits for a call how it ended.
    async fn answer(
        &self,
        task: &Value,
        call: &ContentHash,
        own: String,
        ended: &Result<Value, Failure>,
    ) -> Result<(), String> {
        // A task that names no run was refused by its handler, and nothing can be registered for it.
        let run = run_of(task).ok();
        let registered = match &run {
            Some(run) => self.platform.store.registered_tokens(run, call).await.map_err(|error| error.to_string())?,
            None => Vec::new(),
        };
        let some = !registered.is_empty();
        for token in registered.into_iter().filter(|token| *token != own).chain([own.clone()]) {
            self.tell(&token, ended).await?;
        }
        match run.filter(|_| some) {
            Some(run) => self.platform.store.forget_tokens(&run, call).await.map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }

    /// The message that goes on is what counts; a missed sign of life costs at most another try.
    async fn sign_of_life(&self, token: &str) {
        if let Err(error) = self.tokens.heartbeat(token).await {
            tracing::warn!(%error, "no sign of life was given");
        }
    }

    async fn tell(&self, token: &str, ended: &Result<Value, Failure>) -> Result<(), String> {
        let answered = match ended {
            Ok(result) => self.tokens.succeed(token, result).await,
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

    fn seconds_until(&self, until_ms: u64) -> u32 {
        let wait_ms = until_ms.saturating_sub(self.platform.clock.now_ms());
        u32::try_from(wait_ms.div_ceil(1000)).unwrap_or(u32::MAX)
    }

    /// Hides a message until the lease that it met is over.
    async fn postpone(&self, message: &SqsMessage, held: &Failure) -> Result<(), String> {
        let (Some(until_ms), Some(receipt)) = (held.until_ms, message.receipt_handle.as_deref()) else { return Ok(()) };
        let seconds = self.seconds_until(until_ms).max(1);
        let queue = message.event_source_arn.as_deref().unwrap_or_default();
        self.queue.postpone(queue, receipt, seconds).await.map_err(|error| error.to_string())
    }
}

/// The run that a message is about.
pub(crate) fn run_of_message(text: Option<&str>) -> Option<RunId> {
    let body: Body = serde_json::from_str(text?).ok()?;
    run_of(&body.task).ok()
}

#[cfg(test)]
mod tests;
