//! Tokens that wait for a call beside the one that its worker came with: engines may give every try of a task another
//! token, and an execution that was stopped may have asked before. Whoever did the work answers all of them.

use crate::{
    Error, Store,
    codec::{inline, inline_text, lost_race, parse, to_text, unchanged},
};
use maestro_domain::{ContentHash, RunId};
use maestro_ports::table::{Condition, Durability, Write};

/// How many tokens of one call are kept; older ones belong to tries that nobody waits for any more.
const KEPT: usize = 8;

impl Store {
    /// Registers a token for a call.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn register_token(&self, run: &RunId, call: &ContentHash, token: &str) -> Result<(), Error> {
        let key = self.keys(run).tokens(call);
        for _ in 0..crate::ATTEMPTS {
            let (mut tokens, condition) = match self.get(&key).await? {
                None => (Vec::new(), Condition::Absent),
                Some(item) => {
                    let text = inline_text(&key, &item)?;
                    (parse::<Vec<String>>(&key, text)?, unchanged(text))
                }
            };
            if tokens.iter().any(|known| known == token) {
                return Ok(());
            }
            tokens.push(token.to_owned());
            tokens.drain(..tokens.len().saturating_sub(KEPT));
            let write = Write::Put { key: key.clone(), item: inline(to_text("tokens", &tokens)?), condition };
            match self.write(vec![write], Durability::Process).await {
                Err(error) if lost_race(&error) => {}
                other => return other,
            }
        }
        Err(Error::Contended { action: "register a token".to_owned() })
    }

    /// The tokens that were registered for a call, oldest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn registered_tokens(&self, run: &RunId, call: &ContentHash) -> Result<Vec<String>, Error> {
        let key = self.keys(run).tokens(call);
        match self.get(&key).await? {
            None => Ok(Vec::new()),
            Some(item) => parse(&key, inline_text(&key, &item)?),
        }
    }

    /// Forgets the tokens of a call, once all were answered.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn forget_tokens(&self, run: &RunId, call: &ContentHash) -> Result<(), Error> {
        let key = self.keys(run).tokens(call);
        // Not deleted: workers need no right to delete anything.
        let none = inline(to_text("tokens", &Vec::<String>::new())?);
        self.write(vec![Write::Put { key, item: none, condition: Condition::None }], Durability::Process).await
    }
}
