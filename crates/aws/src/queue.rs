//! Queues of SQS.

use crate::Lazy;
use async_trait::async_trait;
use aws_sdk_sqs::{
    Client,
    error::{DisplayErrorContext, SdkError},
};
use maestro_ports::{Queue, work::Error};

/// Longest time for which SQS hides a message.
const LONGEST: u32 = 43_200;

/// All queues of an account.
#[derive(Debug, Clone)]
pub struct Queues(Lazy<Client>);

impl Queues {
    /// Reached through this client.
    #[must_use]
    pub fn new(client: Lazy<Client>) -> Self {
        Self(client)
    }

    /// A worker knows its queue by the ARN that its messages name; the service wants the URL.
    async fn url(&self, arn: &str) -> Result<String, Error> {
        let mut parts = arn.rsplit(':');
        let (name, account) = (parts.next().unwrap_or_default(), parts.next());
        let found = self.0.get_queue_url().queue_name(name).set_queue_owner_aws_account_id(account.map(str::to_owned));
        let found = found.send().await.map_err(|error| failed("find the queue", &error))?;
        found.queue_url.ok_or(Error { action: "find the queue", reason: format!("`{arn}` has no URL") })
    }
}

#[async_trait]
impl Queue for Queues {
    async fn send_later(&self, queue: &str, body: &str, seconds: u32) -> Result<(), Error> {
        let send = self.0.send_message().queue_url(self.url(queue).await?).message_body(body);
        let send = send.set_delay_seconds((seconds > 0).then(|| i32::try_from(seconds).unwrap_or(i32::MAX)));
        send.send().await.map(drop).map_err(|error| failed("send a message", &error))
    }

    async fn postpone(&self, queue: &str, receipt: &str, seconds: u32) -> Result<(), Error> {
        let change = self.0.change_message_visibility().queue_url(self.url(queue).await?).receipt_handle(receipt);
        let changed = change.visibility_timeout(i32::try_from(seconds.min(LONGEST)).unwrap_or(i32::MAX)).send().await;
        changed.map(drop).map_err(|error| failed("postpone a message", &error))
    }
}

fn failed<E, R>(action: &'static str, error: &SdkError<E, R>) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    Error { action, reason: DisplayErrorContext(error).to_string() }
}
