//! Messages that carry a task and its token: the worker does the task and answers the token.

use crate::Host;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::LambdaEvent;
use maestro_aws::tokens::Answered;
use maestro_domain::FailureKind;
use serde::Deserialize;
use serde_json::Value;
use std::convert::Infallible;

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
        if let Err(why) = one(host, name, &message).await {
            let id = message.message_id.unwrap_or_default();
            tracing::warn!(message = id, why, "the message comes back");
            response.add_failure(id);
        }
    }
    host.flush().await;
    Ok(response)
}

async fn one(host: &Host, name: &str, message: &SqsMessage) -> Result<(), String> {
    let text = message.body.as_deref().unwrap_or_default();
    let Body { task, token } = serde_json::from_str(text).map_err(|error| format!("it is no task: {error}"))?;
    let answered = match maestro_sdlc::handle(host.platform(), name, &task).await {
        Ok(result) => host.tokens().succeed(&token, &result).await,
        // Somebody works on it. Once they are done, this message finds the stored result and answers its own token.
        Err(failure) if failure.kind == FailureKind::LeaseHeld => return Err(failure.cause),
        Err(failure) => host.tokens().fail(&token, failure.kind.name(), &failure.cause).await,
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
