//! Turns of a conversation that were paid for ([`Store::settle`] records them), so that whoever goes on with a task pays for none of them again.

use crate::{Error, Store, codec::PAGE, keys::RunKeys};
use maestro_domain::{ContentHash, RunId, TaskId};
use maestro_ports::{blobs, model::Turn};
use std::collections::BTreeMap;

impl Store {
    /// Reads the recorded turns of a task by their numbers.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn turns(&self, run: &RunId, task: &TaskId, input: &ContentHash) -> Result<BTreeMap<u32, Turn>, Error> {
        let (pk, prefix) = (self.keys(run).turn(task, input, 0).pk, RunKeys::turns(task, input));
        let mut turns = BTreeMap::new();
        let mut after = None;
        loop {
            let page = self.page(&pk, &prefix, after.as_deref(), PAGE).await?;
            for (key, item) in &page.items {
                if let Some(number) = key.sk.strip_prefix(&prefix).and_then(|number| number.parse().ok()) {
                    match self.decode(run, key, item).await {
                        Ok(turn) => drop(turns.insert(number, turn)),
                        // The power was lost before it was safe; nothing that counts follows from it.
                        Err(Error::Blobs(blobs::Error::Missing { .. } | blobs::Error::Damaged { .. })) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(turns),
            }
        }
    }
}
