//! Queues of SQS.

use crate::Lazy;
use async_trait::async_trait;
use aws_sdk_sqs::{
    Client,
    error::{BuildError, DisplayErrorContext, SdkError},
    types::SendMessageBatchRequestEntry,
};
use maestro_ports::{Queue, work::Error};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

const SEND_ALL: &str = "send messages";
/// Messages that one call sends.
const TOGETHER: usize = 10;
/// Longest time for which SQS hides a message.
const LONGEST: u32 = 43_200;

/// All queues of an account.
#[derive(Debug, Clone)]
pub struct Queues {
    client: Lazy<Client>,
    /// URLs by ARNs: a queue's never changes.
    urls: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Queues {
    /// Reached through this client.
    #[must_use]
    pub fn new(client: Lazy<Client>) -> Self {
        Self { client, urls: Arc::default() }
    }

    /// A worker knows its queue by the ARN that its messages name; the service wants the URL.
    async fn url(&self, arn: &str) -> Result<String, Error> {
        let known = self.urls.lock().unwrap_or_else(PoisonError::into_inner).get(arn).cloned();
        if let Some(url) = known {
            return Ok(url);
        }
        let mut parts = arn.rsplit(':');
        let (name, account) = (parts.next().unwrap_or_default(), parts.next());
        let find = self.client.get_queue_url().queue_name(name);
        let found = find.set_queue_owner_aws_account_id(account.map(str::to_owned)).send().await;
        let found = found.map_err(|error| failed("find the queue", &error))?;
        let none = || Error { action: "find the queue", reason: format!("`{arn}` has no URL") };
        let url = found.queue_url.ok_or_else(none)?;
        self.urls.lock().unwrap_or_else(PoisonError::into_inner).insert(arn.to_owned(), url.clone());
        Ok(url)
    }
}

#[async_trait]
impl Queue for Queues {
    async fn send_later(&self, queue: &str, body: &str, seconds: u32) -> Result<(), Error> {
        let send = self.client.send_message().queue_url(self.url(queue).await?).message_body(body);
        let send = send.set_delay_seconds((seconds > 0).then(|| i32::try_from(seconds).unwrap_or(i32::MAX)));
        send.send().await.map(drop).map_err(|error| failed("send a message", &error))
    }

    async fn send_all(&self, queue: &str, bodies: &[String]) -> Result<(), Error> {
        for bodies in bodies.chunks(TOGETHER) {
            if let [body] = bodies {
                self.send(queue, body).await?;
                continue;
            }
            let entries = bodies.iter().enumerate().map(|(at, body)| {
                SendMessageBatchRequestEntry::builder().id(at.to_string()).message_body(body).build()
            });
            let entries: Result<Vec<_>, _> = entries.collect();
            let incomplete = |error: BuildError| Error { action: SEND_ALL, reason: error.to_string() };
            let send = self.client.send_message_batch().queue_url(self.url(queue).await?);
            let sent = send.set_entries(Some(entries.map_err(incomplete)?)).send().await;
            let sent = sent.map_err(|error| failed(SEND_ALL, &error))?;
            if let Some(refused) = sent.failed.first() {
                let why = refused.message.as_deref().unwrap_or(&refused.code);
                return Err(Error { action: SEND_ALL, reason: why.to_owned() });
            }
        }
        Ok(())
    }

    async fn postpone(&self, queue: &str, receipt: &str, seconds: u32) -> Result<(), Error> {
        let change = self.client.change_message_visibility().queue_url(self.url(queue).await?).receipt_handle(receipt);
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
