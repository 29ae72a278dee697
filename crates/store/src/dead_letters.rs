//! Messages that no worker finished with and that belong to nobody's run. They are kept, so that a person can look at
//! them after their queue has forgotten them.

use crate::{
    Error, Store,
    codec::{damaged, inline, inline_text, parse, to_text},
    keys,
};
use maestro_ports::table::{Condition, Durability, Write};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const BODY: &str = "body";

/// A message that belongs to nobody's run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The queue that it was in.
    pub queue: String,
    /// Its id there.
    pub message: String,
    /// How often it was delivered.
    pub receives: u64,
    /// Why it belongs to nobody.
    pub cause: String,
    /// Clock when it was given up, milliseconds since 1970.
    pub at_ms: u64,
    /// What it says, as it was. It has an attribute of its own: as JSON inside JSON, a message of the longest kind that
    /// queues take could be longer than the longest row.
    #[serde(skip)]
    pub body: String,
}

impl Store {
    /// Keeps a message. Keeping it again changes nothing.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn keep_dead_letter(&self, letter: &DeadLetter) -> Result<(), Error> {
        let mut item = inline(to_text("a dead letter", letter)?);
        item.insert(BODY.to_owned(), letter.body.as_str().into());
        let key = keys::dead_letter(&self.tenant, &letter.message);
        self.write(vec![Write::Put { key, item, condition: Condition::None }], Durability::Power).await
    }

    /// Reads kept messages in the order of their ids, at most `limit` from the one after `after` on. Fewer than `limit`
    /// means that this was the end.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn dead_letters(&self, after: Option<&str>, limit: usize) -> Result<Vec<DeadLetter>, Error> {
        let page = self.page(&keys::dead_letters_partition(&self.tenant), "", after, limit).await?;
        let letters = page.items.iter().map(|(key, item)| {
            let letter: DeadLetter = parse(key, inline_text(key, item)?)?;
            let body = item.get(BODY).and_then(Value::as_str).ok_or_else(|| damaged(key, "it has no body"))?;
            Ok(DeadLetter { body: body.to_owned(), ..letter })
        });
        letters.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::TenantId;

    #[tokio::test]
    async fn letters_are_kept_once_and_word_for_word() {
        let store = Store::in_memory(TenantId::local());
        let letter = |message: &str, body: String| DeadLetter {
            queue: "referee".into(),
            message: message.into(),
            receives: 5,
            cause: "it is no task".into(),
            at_ms: 7,
            body,
        };
        let (long, short) = (letter("b", "\"\n".repeat(128 << 10)), letter("a", String::new()));
        for kept in [&long, &short, &long] {
            store.keep_dead_letter(kept).await.unwrap();
        }
        assert_eq!(store.dead_letters(None, 10).await.unwrap(), [short.clone(), long.clone()]);
        assert_eq!(store.dead_letters(None, 1).await.unwrap(), [short]);
        assert_eq!(store.dead_letters(Some("a"), 1).await.unwrap(), [long]);
        let other = Store::in_memory(TenantId::new("other").unwrap());
        assert!(other.dead_letters(None, 10).await.unwrap().is_empty());
    }
}
