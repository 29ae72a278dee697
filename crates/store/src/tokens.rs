//! The newest token of a call that several messages ask for. Engines may give every try of a task another token; whoever
//! holds the lease answers the newest one, not the one that it came with.

use crate::{
    Error, Store,
    codec::{inline, inline_text, parse, to_text, unchanged},
};
use maestro_domain::{ContentHash, RunId};
use maestro_ports::table::{self, Condition, Durability, Write};
use serde::{Deserialize, Serialize};

/// A token, and when the message that brought it was sent: that order tells which one is newer, not the order in which
/// messages are met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The token.
    pub token: String,
    /// When its message was sent, milliseconds since 1970.
    pub sent_ms: u64,
}

impl Store {
    /// Registers a token for a call, unless a newer one is known.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn register_token(&self, run: &RunId, call: &ContentHash, token: &Token) -> Result<(), Error> {
        let key = self.keys(run).token(call);
        for _ in 0..crate::ATTEMPTS {
            let condition = match self.get(&key).await? {
                None => Condition::Absent,
                Some(item) => {
                    let text = inline_text(&key, &item)?;
                    if parse::<Token>(&key, text)?.sent_ms >= token.sent_ms {
                        return Ok(());
                    }
                    unchanged(text)
                }
            };
            let write = Write::Put { key: key.clone(), item: inline(&to_text("a token", token)?), condition };
            match self.write(vec![write], Durability::Process).await {
                Err(Error::Table(table::Error::Conflict { .. })) => {}
                other => return other,
            }
        }
        Err(Error::Contended { action: "register a token".to_owned() })
    }

    /// The newer of a worker's own token and those that were registered for its call meanwhile.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn newest_token(&self, run: &RunId, call: &ContentHash, own: Token) -> Result<Token, Error> {
        let key = self.keys(run).token(call);
        let Some(item) = self.get(&key).await? else { return Ok(own) };
        let registered: Token = parse(&key, inline_text(&key, &item)?)?;
        Ok(if registered.sent_ms > own.sent_ms { registered } else { own })
    }
}
