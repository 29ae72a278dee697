//! What tools outside of the house answered. They may do something each time they are called, and answer something else: whoever
//! goes on with a task takes what they answered before.

use crate::{Error, Store, codec::to_text};
use maestro_domain::{ContentHash, RunId, TaskId};
use maestro_ports::table::{Condition, Durability, Write};
use serde_json::Value;

impl Store {
    /// What was answered to one call of a task.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn answer(
        &self,
        run: &RunId,
        task: &TaskId,
        input: &ContentHash,
        call: &ContentHash,
    ) -> Result<Option<Value>, Error> {
        let key = self.keys(run).answer(task, input, call);
        match self.get(&key).await? {
            Some(item) => self.decode(run, &key, &item).await.map(Some),
            None => Ok(None),
        }
    }

    /// Keeps what was answered to one call of a task.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn keep_answer(
        &self,
        run: &RunId,
        task: &TaskId,
        input: &ContentHash,
        call: &ContentHash,
        answer: &Value,
    ) -> Result<(), Error> {
        let item = self.row(run, &to_text("an answer", answer)?).await?;
        let key = self.keys(run).answer(task, input, call);
        self.write(vec![Write::Put { key, item, condition: Condition::None }], Durability::Process).await
    }
}
