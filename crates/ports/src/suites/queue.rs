//! What every queue does.

#![expect(clippy::unwrap_used, reason = "a suite is a test: what does not hold must panic")]

use crate::Queue;
use async_trait::async_trait;
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

/// For how long a suite waits for a message.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two queues, and somebody who receives from them.
#[async_trait(?Send)]
pub trait Inbox: Send + Sync {
    /// The adapter.
    fn queue(&self) -> &dyn Queue;
    /// How the adapter knows its two queues.
    fn names(&self) -> [String; 2];
    /// Messages that are there, each with its receipt. They are hidden for a while then.
    async fn receive(&self, queue: &str) -> Vec<(String, String)>;
}

/// Runs all cases, each on queues of its own.
///
/// # Panics
/// When the adapter does something else than the port says.
pub async fn queue_suite<F: Future<Output = Arc<dyn Inbox>>>(make: impl Fn() -> F) {
    delivers_messages_whole(&*make().await).await;
    delivers_many_sent_together(&*make().await).await;
    keeps_queues_apart(&*make().await).await;
    delivers_again_after_so_many_seconds(&*make().await).await;
    delivers_later_what_is_sent_for_later(&*make().await).await;
    refuses_a_queue_that_is_not_there(&*make().await).await;
}

/// Receives so many messages.
async fn received(inbox: &dyn Inbox, queue: &str, many: usize) -> Vec<(String, String)> {
    let (start, mut all) = (Instant::now(), Vec::new());
    while all.len() < many {
        assert!(start.elapsed() < PATIENCE, "{} of {many} messages came", all.len());
        all.extend(inbox.receive(queue).await);
    }
    all
}

fn bodies(messages: Vec<(String, String)>) -> BTreeSet<String> {
    messages.into_iter().map(|(body, _)| body).collect()
}

async fn delivers_messages_whole(inbox: &dyn Inbox) {
    let [one, _] = inbox.names();
    let sent = ["x".to_owned(), r#"{"task": {"a": [1, "ß😀"]}, "token": "\n"}"#.to_owned(), "ü".repeat(100_000)];
    for body in &sent {
        inbox.queue().send(&one, body).await.unwrap();
    }
    assert!(bodies(received(inbox, &one, 3).await) == BTreeSet::from(sent), "they come whole");
}

async fn delivers_many_sent_together(inbox: &dyn Inbox) {
    let [one, _] = inbox.names();
    // More than one call takes.
    let sent: Vec<String> = (0..23).map(|n| format!("{n}: \"ß\"")).collect();
    inbox.queue().send_all(&one, &sent).await.unwrap();
    assert_eq!(bodies(received(inbox, &one, sent.len()).await), sent.into_iter().collect());
    inbox.queue().send_all(&one, &[]).await.unwrap();
    assert!(inbox.queue().send_all(&format!("{one}-of-nobody"), &["x".to_owned()]).await.is_err());
}

async fn keeps_queues_apart(inbox: &dyn Inbox) {
    let [one, two] = inbox.names();
    inbox.queue().send(&one, "for one").await.unwrap();
    inbox.queue().send(&two, "for two").await.unwrap();
    for (queue, body) in [(one, "for one"), (two, "for two")] {
        assert_eq!(bodies(received(inbox, &queue, 1).await), BTreeSet::from([body.to_owned()]));
        assert!(inbox.receive(&queue).await.is_empty(), "{queue}");
    }
}

async fn delivers_again_after_so_many_seconds(inbox: &dyn Inbox) {
    let [one, _] = inbox.names();
    inbox.queue().send(&one, "later").await.unwrap();
    let (_, receipt) = received(inbox, &one, 1).await.pop().unwrap();
    inbox.queue().postpone(&one, &receipt, 2).await.unwrap();
    let postponed = Instant::now();
    assert_eq!(bodies(received(inbox, &one, 1).await), BTreeSet::from(["later".to_owned()]));
    let waited = postponed.elapsed();
    assert!(waited > Duration::from_millis(1_500), "it came after {waited:?}");
    assert!(inbox.queue().postpone(&one, "no receipt", 2).await.is_err(), "nobody received that");
}

async fn delivers_later_what_is_sent_for_later(inbox: &dyn Inbox) {
    let [one, _] = inbox.names();
    inbox.queue().send_later(&one, "later", 2).await.unwrap();
    let sent = Instant::now();
    assert_eq!(bodies(received(inbox, &one, 1).await), BTreeSet::from(["later".to_owned()]));
    let waited = sent.elapsed();
    assert!(waited > Duration::from_millis(1_500), "it came after {waited:?}");
}

async fn refuses_a_queue_that_is_not_there(inbox: &dyn Inbox) {
    let [one, _] = inbox.names();
    assert!(inbox.queue().send(&format!("{one}-of-nobody"), "x").await.is_err());
}
