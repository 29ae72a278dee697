//! The journal of a run: history for people, never a source of recovery.

use crate::{
    Error, Store,
    codec::{bare, check_version, damaged, lost_race, to_text},
    keys::prefix,
};
use maestro_domain::RunId;
use maestro_ports::table::{Condition, Durability, Item, Write};
use serde::Serialize;
use serde_json::Value;
use std::slice;

const LAST: &str = "last";

/// One event of a journal.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalEntry {
    /// Its number, from 1, without gaps.
    pub sequence: u64,
    /// What happened.
    pub event: Value,
}

pub(crate) fn head(last: u64) -> Item {
    let mut item = bare();
    item.insert(LAST.to_owned(), last.into());
    item
}

impl Store {
    /// Appends an event and answers its number.
    ///
    /// # Errors
    /// [`Error::NoRun`], [`Error::Contended`], or a failure of the store.
    pub async fn append(&self, run: &RunId, event: &impl Serialize) -> Result<u64, Error> {
        self.append_all(run, slice::from_ref(event)).await
    }

    /// Appends events in one write, and answers the number of the last.
    ///
    /// # Errors
    /// As [`Store::append`]; [`TooMany`](maestro_ports::table::Error::TooMany) for more than 99.
    pub async fn append_all(&self, run: &RunId, events: &[impl Serialize]) -> Result<u64, Error> {
        let keys = self.keys(run);
        let head_key = keys.journal_head();
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            rows.push(self.row(run, &to_text("an event", event)?).await?);
        }
        let _one_at_a_time = self.journal.lock().await;
        for _ in 0..crate::ATTEMPTS {
            let Some(stored) = self.get(&head_key).await? else {
                return Err(Error::NoRun { run: run.clone() });
            };
            check_version(&head_key, &stored)?;
            let last =
                stored.get(LAST).and_then(Value::as_u64).ok_or_else(|| damaged(&head_key, "it has no number"))?;
            let mut next = last;
            let mut writes = Vec::with_capacity(rows.len() + 1);
            for row in &rows {
                next += 1;
                // The head's condition is what keeps two writers apart.
                writes.push(Write::Put { key: keys.event(next), item: row.clone(), condition: Condition::None });
            }
            writes.push(Write::Put {
                key: head_key.clone(),
                item: head(next),
                condition: Condition::Equals(LAST.to_owned(), last.into()),
            });
            match self.write(writes, Durability::Process).await {
                Err(error) if lost_race(&error) => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(next),
            }
        }
        Err(Error::Contended { action: format!("append to the journal of run `{run}`") })
    }

    /// Reads events in order, at most `limit`, from the one after number `after` on; 0 is the start. Fewer than `limit`
    /// means that this was the end for now.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn events(&self, run: &RunId, after: u64, limit: usize) -> Result<Vec<JournalEntry>, Error> {
        let keys = self.keys(run);
        let journal = keys.journal();
        let mut from = (after > 0).then(|| keys.event(after).sk);
        let mut events = Vec::new();
        while events.len() < limit {
            let page = self.page(&journal, prefix::EVENT, from.as_deref(), limit - events.len()).await?;
            for (key, item) in &page.items {
                let number = key.sk.strip_prefix(prefix::EVENT).and_then(|number| number.parse().ok());
                let sequence = number.ok_or_else(|| damaged(key, "its key holds no number"))?;
                events.push(JournalEntry { sequence, event: self.decode(run, key, item).await? });
            }
            match page.next {
                Some(next) => from = Some(next),
                None => break,
            }
        }
        Ok(events)
    }
}
