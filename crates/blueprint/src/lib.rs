//! The built-in author: a rule-based model for record-keeping services.
//!
//! It stands behind the model port like any provider: it sees a persona's conversation and answers with tool calls. It keeps
//! no state; what to do next follows from the messages alone, so a conversation can be taken up again at any turn.
//!
//! It does not know the store, the gates or the referee, and it never pretends: what the epic does not say in a way that it
//! understands stays unknown in the requirements, and a service without records is refused as something it cannot do.

mod authors;
mod conversation;
mod escape;
mod inputs;
mod page;
mod phrases;
mod work;

use async_trait::async_trait;
use conversation::Conversation;
use maestro_domain::{ArtifactKind, PersonaId, Phase};
use maestro_ports::model::{Error, Message, Model, Progress, Quote, Reply, Request, Stop, ToolCall};
use work::Refusal;

/// Its name at the model port.
pub const NAME: &str = "blueprint";

/// The built-in author.
#[derive(Debug, Clone, Copy, Default)]
pub struct Blueprint;

/// The kinds of artifact that the author reads as this persona in this phase. A plan that starts the task before they are
/// handed over makes it fail.
#[must_use]
pub fn reads(persona: PersonaId, phase: Phase) -> Vec<ArtifactKind> {
    let author = authors::of(persona);
    author.needs(phase).into_iter().filter_map(inputs::Need::artifact).collect()
}

#[async_trait]
impl Model for Blueprint {
    fn name(&self) -> &str {
        NAME
    }

    /// It reads what programs read: nothing is too long for it, and what is cut it could not build from.
    fn answer_limit(&self) -> usize {
        usize::MAX
    }

    /// It works on this machine and costs nothing.
    fn quote(&self, _: &Request) -> Result<Quote, Error> {
        Ok(Quote::free(NAME))
    }

    async fn complete(&self, request: &Request, _: &dyn Progress) -> Result<Reply, Error> {
        let persona = PersonaId::from_id(&request.persona)
            .ok_or_else(|| bad(format!("there is no persona `{}`", request.persona)))?;
        if request.tools.is_empty() && phase(&request.messages).is_none() {
            let reason = "it writes software by the tools of a run of an epic, and answers nothing else".to_owned();
            return Err(Error::Unable { model: NAME.to_owned(), reason });
        }
        let phase = phase(&request.messages).ok_or_else(|| bad("the task has no line `phase: <id>`".to_owned()))?;
        let author = authors::of(persona);
        let conversation = Conversation::read(&request.messages);
        if let Some(end) = conversation.end() {
            return Ok(say(end));
        }
        let missing: Vec<_> = author.needs(phase).into_iter().filter(|need| !conversation.answered(need)).collect();
        if !missing.is_empty() {
            let calls = missing.iter().map(inputs::Need::call).collect();
            return Ok(reply(format!("I read what the {phase} work of {persona} needs."), calls));
        }
        match author.write(&conversation.inputs(phase)) {
            Ok(work) => Ok(reply(work.summary(), work.calls())),
            Err(Refusal::Say(text)) => Ok(say(text)),
            Err(Refusal::Unable(reason)) => Err(Error::Unable { model: NAME.to_owned(), reason }),
        }
    }
}

/// The phase that the first message of the platform names.
fn phase(messages: &[Message]) -> Option<Phase> {
    let text = messages.iter().find_map(|message| match message {
        Message::User { text } => Some(text),
        _ => None,
    })?;
    // The platform's own line comes before anything quoted from an epic; the first one counts.
    text.lines().find_map(|line| line.trim().strip_prefix("phase:")).and_then(|id| Phase::from_id(id.trim()))
}

fn reply(text: String, calls: Vec<ToolCall>) -> Reply {
    let stop = if calls.is_empty() { Stop::EndTurn } else { Stop::ToolUse };
    Reply { text, calls, stop, ..Reply::default() }
}

fn say(text: String) -> Reply {
    reply(text, Vec::new())
}

fn bad(reason: String) -> Error {
    Error::BadRequest { model: NAME.to_owned(), reason }
}
