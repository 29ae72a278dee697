//! Turns are paid for once: what a call may cost is reserved before it, and the reply is recorded before it counts. Whoever
//! begins a task again takes the recorded replies. What costs nothing is neither reserved nor recorded; asking again is as
//! good.

use crate::{Error, Meter};
use async_trait::async_trait;
use maestro_domain::budget::Exhausted;
use maestro_ports::model::{self, Model, Progress, Quote, Reply, Request, Silent, Turn, Usage};
use std::sync::Arc;

/// Why a turn may not be taken, or could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum Spend {
    /// The budget does not cover it.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// Too little time is left for an answer.
    #[error("too little time is left to ask a model")]
    Late,
    /// It could not be written down.
    #[error("a turn could not be recorded")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The turns of one task, and the ledger that they are paid from.
#[async_trait]
pub trait Turns: Send + Sync {
    /// The turn of this number, from 1, if it was recorded when the task was begun before.
    fn recorded(&self, number: u32) -> Option<Turn>;
    /// Reserves what a call may come to. There is one call at a time.
    ///
    /// # Errors
    /// [`Spend::Exhausted`] when the budget does not cover it, [`Spend::Late`] when there is no time for an answer; then the call
    /// may not be made.
    async fn reserve(&self, number: u32, quote: &Quote) -> Result<(), Spend>;
    /// Records the turn that the reserved call gave, and what it came to.
    ///
    /// # Errors
    /// When it is not safe; then it may not count.
    async fn record(&self, number: u32, turn: &Turn) -> Result<(), Spend>;
    /// Ends the reserved call without a turn, and counts what it came to all the same.
    ///
    /// # Errors
    /// When it could not be written down.
    async fn charge(&self, number: u32, usage: Usage) -> Result<(), Spend>;
    /// A call that a tool's permissions denied.
    fn denied(&self, _tool: &str, _why: &str) {}
    /// A part of what a tool answered was kept from the model: it looked like orders.
    fn withheld(&self, _tool: &str) {}
    /// Who waits for a reply, and for how long.
    fn progress(&self) -> &dyn Progress {
        &Silent
    }
}

/// Records nothing and has no limit: for models that cost nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoTurns;

#[async_trait]
impl Turns for NoTurns {
    fn recorded(&self, _: u32) -> Option<Turn> {
        None
    }
    async fn reserve(&self, _: u32, _: &Quote) -> Result<(), Spend> {
        Ok(())
    }
    async fn record(&self, _: u32, _: &Turn) -> Result<(), Spend> {
        Ok(())
    }
    async fn charge(&self, _: u32, _: Usage) -> Result<(), Spend> {
        Ok(())
    }
}

/// How often a question is asked again whose answer broke off or could not be read.
const AGAIN: u32 = 2;

/// What the model says in a turn: what it said before to the same question, or what it says now.
pub(crate) async fn take(
    model: &dyn Model,
    request: &Request,
    number: u32,
    meter: &Arc<Meter>,
    turns: &dyn Turns,
) -> Result<Reply, Error> {
    if let Some(turn) = turns.recorded(number).filter(|turn| turn.request == request.hash()) {
        return Ok(turn.reply);
    }
    let quote = model.quote(request)?;
    let free = quote.is_free();
    let spend = |spend| Error::of_spend(&request.persona, spend);
    let mut tries = 0;
    loop {
        if !free {
            turns.reserve(number, &quote).await.map_err(spend)?;
        }
        let answered = {
            let _busy = meter.busy();
            model.complete(request, turns.progress()).await
        };
        let error = match answered {
            Ok(reply) if free => return Ok(reply),
            Ok(reply) => {
                let turn = Turn { request: request.hash(), reply };
                turns.record(number, &turn).await.map_err(spend)?;
                return Ok(turn.reply);
            }
            Err(error) => error,
        };
        if !free {
            turns.charge(number, error.spent()).await.map_err(spend)?;
        }
        if let model::Error::Late { until_ms, .. } = error {
            tracing::info!(persona = request.persona, number, %error, "nothing was asked");
            return Err(Error::Late { persona: request.persona.clone(), until_ms: Some(until_ms) });
        }
        if let model::Error::Unnoted { source, .. } = error {
            return Err(spend(Spend::Failed(source)));
        }
        tries += 1;
        let readable = !matches!(error, model::Error::Malformed { .. } | model::Error::Cut { .. });
        if readable || tries > AGAIN {
            return Err(error.into());
        }
        tracing::warn!(persona = request.persona, number, %error, "a reply could not be used; the model is asked again");
    }
}
