//! Tools that are not of the house. Whoever hosts tasks says which there are; without that there are none.

use crate::{Effect, ErasedTool, Error};
use async_trait::async_trait;
use maestro_domain::{ContentHash, PersonaId};
use serde_json::Value;
use std::sync::Arc;

/// What tools outside of the house answered in one task. They may do something each time that they are called, so that a task that
/// is begun again takes their answers as they were.
#[async_trait]
pub trait Answers: Send + Sync {
    /// What was answered to a call.
    ///
    /// # Errors
    /// [`Error::Fatal`] when that cannot be found out.
    async fn kept(&self, call: &ContentHash) -> Result<Option<Value>, Error>;

    /// Keeps an answer.
    ///
    /// # Errors
    /// [`Error::Fatal`] when it cannot be kept.
    async fn keep(&self, call: &ContentHash, answer: &Value) -> Result<(), Error>;
}

/// Tools outside of the house.
#[async_trait]
pub trait Outside: Send + Sync {
    /// The tools of a persona, for one task. That a tool is here is the leave to call it; it reads or calls out, and nothing else.
    async fn tools(&self, persona: PersonaId, answers: Arc<dyn Answers>) -> Vec<Arc<dyn ErasedTool>>;
}

/// What tools from outside may do: no file of the house is written and no code is run by them.
pub const OUTSIDE_EFFECTS: [Effect; 2] = [Effect::Reads, Effect::CallsOut];

/// There are none.
#[derive(Debug, Clone, Copy, Default)]
pub struct NothingOutside;

#[async_trait]
impl Outside for NothingOutside {
    async fn tools(&self, _: PersonaId, _: Arc<dyn Answers>) -> Vec<Arc<dyn ErasedTool>> {
        Vec::new()
    }
}
