//! Messages that are sent once more to tasks of this process.

use async_trait::async_trait;
use maestro_ports::{Queue, work::Error};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// Tasks that can go on, by their messages. A message holds its token, so no two tasks have the same.
#[derive(Debug, Default)]
pub(crate) struct Mail(Mutex<HashMap<String, Arc<Notify>>>);

/// A task's own end of it.
#[derive(Debug)]
pub(crate) struct Listener<'a> {
    mail: &'a Mail,
    message: String,
    sent: Arc<Notify>,
}

impl Mail {
    /// Listens for a message for as long as the listener lives.
    pub(crate) fn listen(&self, message: &str) -> Listener<'_> {
        let sent = Arc::new(Notify::new());
        self.all().insert(message.to_owned(), Arc::clone(&sent));
        Listener { mail: self, message: message.to_owned(), sent }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<Notify>>> {
        // A panic cannot leave half an entry: the map is changed by single calls.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener<'_> {
    /// Comes back when the message was sent, before or after this was called.
    pub(crate) async fn again(&self) {
        self.sent.notified().await;
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        self.mail.all().remove(&self.message);
    }
}

#[async_trait]
impl Queue for Mail {
    /// A message of an execution that is over is nobody's; the one after it has asked again.
    async fn send_later(&self, _: &str, body: &str, _: u32) -> Result<(), Error> {
        if let Some(task) = self.all().get(body) {
            task.notify_one();
        }
        Ok(())
    }

    async fn postpone(&self, _: &str, _: &str, _: u32) -> Result<(), Error> {
        // Nothing is received here, so nothing can be postponed.
        Ok(())
    }
}
