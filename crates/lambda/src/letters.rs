//! Dead letters: messages that no worker finished with.

use crate::{Host, Nodes, queue::run_of_message};
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::LambdaEvent;
use maestro_ports::work::Answered;
use maestro_sdlc::{Answer, Letter};
use std::convert::Infallible;

/// Writes the letters of a batch down one after the other, answers who waits for them, and names those that must come
/// back.
///
/// # Errors
/// None: a letter that cannot be handled comes back until it can, or until its queue forgets it after two weeks.
pub async fn bury(host: &Host, nodes: &Nodes, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Infallible> {
    let mut response = SqsBatchResponse::default();
    for message in event.payload.records {
        let bill = host.open_bill();
        let letter = letter(message);
        let run = run_of_message(Some(&letter.body));
        if let Err(why) = one(host, nodes, &letter).await {
            tracing::warn!(message = letter.message, why, "the dead letter comes back");
            response.add_failure(letter.message);
        }
        host.flush().await;
        host.close_bill(bill, run, false, &event.context).await;
    }
    Ok(response)
}

async fn one(host: &Host, nodes: &Nodes, letter: &Letter) -> Result<(), String> {
    let cause = format!("the message `{}` was given up after {} deliveries", letter.message, letter.receives);
    if nodes.give_up(&letter.body, &cause).await? {
        return Ok(());
    }
    let written = maestro_sdlc::dead_letter(host.platform(), letter).await.map_err(|failure| failure.cause)?;
    let Some(Answer { token, failure }) = written else { return Ok(()) };
    match host.tokens().fail(&token, failure.kind.name(), &failure.cause).await {
        Ok(Answered::Accepted) => Ok(()),
        Ok(Answered::Late) => {
            tracing::info!("nobody waits for the task any more");
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn letter(message: SqsMessage) -> Letter {
    let attribute = |name: &str| message.attributes.get(name).cloned();
    // The source is not told everywhere; then the queue's own name says whose letters it holds.
    let arn = attribute("DeadLetterQueueSourceArn").or(message.event_source_arn.clone()).unwrap_or_default();
    Letter {
        queue: arn.rsplit(':').next().unwrap_or_default().to_owned(),
        receives: attribute("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or_default(),
        message: message.message_id.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_knows_where_it_came_from() {
        let mut message = SqsMessage::default();
        message.message_id = Some("m-1".into());
        message.body = Some("{}".into());
        message.event_source_arn = Some("arn:aws:sqs:us-east-1:1:hive-referee-dead-letters".into());
        assert_eq!(letter(message.clone()).queue, "hive-referee-dead-letters");
        message.attributes.insert("ApproximateReceiveCount".into(), "6".into());
        message.attributes.insert("DeadLetterQueueSourceArn".into(), "arn:aws:sqs:us-east-1:1:hive-referee".into());
        let told = letter(message);
        assert_eq!((told.queue.as_str(), told.receives, told.message.as_str()), ("hive-referee", 6, "m-1"));
    }
}
