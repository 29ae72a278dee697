//! Turns are recorded before they count: a reply that was paid for is asked for once, however often its task is begun.
//! What costs nothing is not recorded; asking again is as good.

use crate::{Error, Meter};
use async_trait::async_trait;
use maestro_ports::model::{Model, Reply, Request, Silent, Turn};
use std::sync::Arc;

/// Recorded turns of one task.
#[async_trait]
pub trait Turns: Send + Sync {
    /// The turn of this number, from 1, if it was recorded when the task was begun before.
    fn recorded(&self, number: u32) -> Option<Turn>;
    /// Records a turn.
    ///
    /// # Errors
    /// When it is not safe; then it may not count.
    async fn record(&self, number: u32, turn: &Turn) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

/// Records nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoTurns;

#[async_trait]
impl Turns for NoTurns {
    fn recorded(&self, _: u32) -> Option<Turn> {
        None
    }

    async fn record(&self, _: u32, _: &Turn) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}

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
    let reply = {
        let _busy = meter.busy();
        model.complete(request, &Silent).await?
    };
    if reply.usage.is_free() {
        return Ok(reply);
    }
    let turn = Turn { request: request.hash(), reply };
    let recorded = turns.record(number, &turn).await;
    recorded.map_err(|source| Error::Record { persona: request.persona.clone(), source })?;
    Ok(turn.reply)
}
