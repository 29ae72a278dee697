//! What calls of functions used: one row each, written at the end of the call. Writing it again replaces it by itself.

use crate::{
    Error, Store,
    codec::{inline, to_text},
    keys::prefix,
};
use maestro_domain::{ContentHash, RunId, Spending};
use maestro_ports::table::{Condition, Durability, Write};

impl Store {
    /// Records what a call used.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn record_spending(&self, run: &RunId, spending: &Spending) -> Result<(), Error> {
        let key = self.keys(run).spent(&ContentHash::of(spending.by.request.as_bytes()));
        let item = inline(to_text("what a call used", spending)?);
        self.write(vec![Write::Put { key, item, condition: Condition::None }], Durability::Process).await
    }

    /// Reads what all calls for a run used, sorted by function and request.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn spendings(&self, run: &RunId) -> Result<Vec<Spending>, Error> {
        let mut rows: Vec<Spending> = Vec::new();
        for shard in self.keys(run).shards() {
            rows.extend(self.all::<Spending>(run, &shard, prefix::SPENT).await?);
        }
        rows.sort_by(|a, b| (&a.by.function, &a.by.request).cmp(&(&b.by.function, &b.by.request)));
        Ok(rows)
    }
}
