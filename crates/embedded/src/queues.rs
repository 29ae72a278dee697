//! Queues in this process. A message that was received is hidden until it is removed, postponed or forgotten about for too
//! long, as in SQS; what lies in them ends with the execution whose they are.

use async_trait::async_trait;
use maestro_ports::{Queue, work::Error};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// How long a message is hidden from others once it was received.
const HIDDEN: Duration = Duration::from_secs(960);

/// Queues by their names.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    all: Mutex<All>,
    /// Something was sent, or is to come again sooner.
    changed: Notify,
}

#[derive(Debug, Default)]
struct All {
    queues: BTreeMap<String, Vec<Message>>,
    /// Receipts so far. No two are the same, and each counts until the message is received once more.
    receipts: u64,
}

#[derive(Debug)]
struct Message {
    body: String,
    /// From when on it can be received.
    from: Instant,
    receipt: Option<String>,
}

/// A message that somebody has in hand.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) body: String,
    pub(crate) receipt: String,
}

/// The messages of one task. Where the task is gone, they are nobody's, and gone with it.
#[derive(Debug)]
pub(crate) struct Own<'a> {
    queues: &'a Queues,
    queue: String,
    body: String,
}

impl Queues {
    /// Makes a queue, if there is none of that name.
    pub(crate) fn open(&self, queue: &str) {
        self.all().queues.entry(queue.to_owned()).or_default();
    }

    /// Everything in a queue that is this very message. A message holds its token, so no two tasks have the same.
    pub(crate) fn own(&self, queue: &str, body: &str) -> Own<'_> {
        Own { queues: self, queue: queue.to_owned(), body: body.to_owned() }
    }

    /// The first message of a queue that can be received and is wanted. Waits for it.
    async fn receive(&self, queue: &str, wanted: impl Fn(&str) -> bool) -> Received {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // What is sent from here on is heard of.
            changed.as_mut().enable();
            let next = match self.look(queue, &wanted) {
                Ok(received) => return received,
                Err(next) => next,
            };
            match next {
                Some(next) => tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep_until(next) => {}
                },
                None => changed.await,
            }
        }
    }

    /// Takes a message, or says when one can be taken that is there already.
    fn look(&self, queue: &str, wanted: impl Fn(&str) -> bool) -> Result<Received, Option<Instant>> {
        let (mut all, now) = (self.all(), Instant::now());
        let receipt = format!("{queue}/{}", all.receipts);
        let messages = all.queues.get_mut(queue).into_iter().flatten();
        let mut next: Option<Instant> = None;
        for message in messages.filter(|message| wanted(&message.body)) {
            if message.from <= now {
                message.from = now + HIDDEN;
                message.receipt = Some(receipt.clone());
                let body = message.body.clone();
                all.receipts += 1;
                return Ok(Received { body, receipt });
            }
            next = Some(next.map_or(message.from, |next| next.min(message.from)));
        }
        Err(next)
    }

    fn all(&self) -> MutexGuard<'_, All> {
        // A panic cannot leave half a message: all is changed by single calls.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Own<'_> {
    /// The message, once it can be received.
    pub(crate) async fn receive(&self) -> Received {
        self.queues.receive(&self.queue, |body| body == self.body).await
    }

    /// It was worked on, and need not come again.
    pub(crate) fn remove(&self, received: &Received) {
        let mut all = self.queues.all();
        let messages = all.queues.get_mut(&self.queue);
        messages.into_iter().for_each(|all| all.retain(|one| one.receipt.as_ref() != Some(&received.receipt)));
    }
}

impl Drop for Own<'_> {
    fn drop(&mut self) {
        let mut all = self.queues.all();
        let messages = all.queues.get_mut(&self.queue);
        messages.into_iter().for_each(|all| all.retain(|one| one.body != self.body));
    }
}

#[async_trait]
impl Queue for Queues {
    async fn send_later(&self, queue: &str, body: &str, seconds: u32) -> Result<(), Error> {
        let from = Instant::now() + Duration::from_secs(seconds.into());
        let message = Message { body: body.to_owned(), from, receipt: None };
        let none = || Error { action: "send a message", reason: format!("there is no queue `{queue}`") };
        self.all().queues.get_mut(queue).ok_or_else(none)?.push(message);
        self.changed.notify_waiters();
        Ok(())
    }

    async fn postpone(&self, queue: &str, receipt: &str, seconds: u32) -> Result<(), Error> {
        let mut all = self.all();
        let mut messages = all.queues.get_mut(queue).into_iter().flatten();
        let none = || Error { action: "postpone a message", reason: format!("`{receipt}` was not received") };
        let message = messages.find(|one| one.receipt.as_deref() == Some(receipt)).ok_or_else(none)?;
        message.from = Instant::now() + Duration::from_secs(seconds.into());
        self.changed.notify_waiters();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_ports::suites::{Inbox, queue_suite};
    use std::sync::Arc;

    const NAMES: [&str; 2] = ["one", "two"];

    fn queues() -> Queues {
        let queues = Queues::default();
        NAMES.iter().for_each(|name| queues.open(name));
        queues
    }

    #[async_trait(?Send)]
    impl Inbox for Queues {
        fn queue(&self) -> &dyn Queue {
            self
        }

        fn names(&self) -> [String; 2] {
            NAMES.map(str::to_owned)
        }

        async fn receive(&self, queue: &str) -> Vec<(String, String)> {
            let received = Queues::receive(self, queue, |_| true);
            let received = tokio::time::timeout(Duration::from_millis(50), received).await.ok();
            received.into_iter().map(|Received { body, receipt }| (body, receipt)).collect()
        }
    }

    #[tokio::test]
    async fn queues_of_this_process() {
        queue_suite(async || Arc::new(queues()) as Arc<dyn Inbox>).await;
    }

    #[tokio::test]
    async fn a_receipt_counts_until_the_message_is_received_again() {
        let queues = queues();
        queues.send("one", "a").await.unwrap();
        let own = queues.own("one", "a");
        let first = own.receive().await;
        queues.postpone("one", &first.receipt, 0).await.unwrap();
        let second = own.receive().await;
        assert!(queues.postpone("one", &first.receipt, 0).await.is_err(), "that receipt counts no longer");
        own.remove(&first);
        queues.postpone("one", &second.receipt, 0).await.unwrap();
        own.remove(&second);
        assert!(Inbox::receive(&queues, "one").await.is_empty());
    }

    #[tokio::test]
    async fn each_task_receives_its_own_and_takes_what_is_left_with_it() {
        let queues = queues();
        for body in ["a", "b", "b"] {
            queues.send("one", body).await.unwrap();
        }
        let own = queues.own("one", "b");
        assert_eq!(own.receive().await.body, "b");
        drop(own);
        assert_eq!(Inbox::receive(&queues, "one").await.pop().map(|(body, _)| body).as_deref(), Some("a"));
        assert!(Inbox::receive(&queues, "one").await.is_empty());
    }
}
