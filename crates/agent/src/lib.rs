//! One persona task: the conversation between a model and its tools, from the first message to the work handed over.
//!
//! This crate knows no store, no gate and no state machine: what comes in is a context, what goes out is a hand-over.

mod meter;
mod turns;

pub use meter::Meter;
pub use turns::{NoTurns, Turns};

use maestro_domain::{ContentHash, FailureKind, Finding};
use maestro_ports::{
    model::{self, Message, Model, Request, Usage},
    referee::Job,
};
use maestro_tools::{Context, Dispatcher};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// How a persona works.
#[derive(Clone)]
pub struct Brief {
    /// The task, such as `design/architect`.
    pub task: String,
    /// Hash of what the task works from, where it is known.
    pub input: Option<ContentHash>,
    /// The persona's prompt.
    pub system: String,
    /// The tools that it may call, within its permissions.
    pub tools: Dispatcher,
    /// Turns it has.
    pub max_turns: u32,
    /// What the last gate found against its work.
    pub findings: Vec<Finding>,
}

/// What a persona hands over.
#[derive(Debug, Clone, PartialEq)]
pub struct Handover {
    /// The typed document.
    pub document: Value,
    /// The files.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Turns it took.
    pub turns: u32,
    /// Tokens and price.
    pub usage: Usage,
}

/// Why a task ended without work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model gave no answer.
    #[error(transparent)]
    Model(#[from] model::Error),
    /// It stopped without handing anything over.
    #[error("the persona `{persona}` ended without handing over its work: {said}")]
    NoWork {
        /// Who.
        persona: String,
        /// What it said last.
        said: String,
    },
    /// It used up its turns.
    #[error("the persona `{persona}` used up its {turns} turns")]
    Turns {
        /// Who.
        persona: String,
        /// How many.
        turns: u32,
    },
    /// It does the same thing over and over.
    #[error("the persona `{persona}` repeats the same calls with the same answers")]
    Stuck {
        /// Who.
        persona: String,
    },
    /// It cannot go on before this job was run; then it is done again, from its recorded turns.
    #[error("the job `{}` was not run yet", .0.name)]
    Waits(Box<Job>),
    /// What was paid for could not be recorded.
    #[error("a turn of the persona `{persona}` could not be recorded")]
    Record {
        /// Who.
        persona: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A tool could not work.
    #[error("{message}")]
    Tool {
        /// What happened, with its causes.
        message: String,
    },
}

impl Error {
    /// The name under which definitions see it.
    #[must_use]
    pub const fn kind(&self) -> FailureKind {
        match self {
            Self::Model(_) => FailureKind::NeedsModel,
            Self::Waits(_) => FailureKind::Suspended,
            Self::Record { .. } => FailureKind::Store,
            Self::Tool { .. } => FailureKind::Referee,
            Self::NoWork { .. } | Self::Turns { .. } | Self::Stuck { .. } => FailureKind::Work,
        }
    }
}

/// Equal turns in a row after which a persona counts as stuck.
const STUCK_AFTER: u32 = 3;

/// Lets a model do one task with its tools. Turns that were recorded before are taken as they were, and the model is not
/// asked; tools work again, and come to the same.
///
/// # Errors
/// [`Error`] when the task ends without work.
pub async fn perform(
    model: &dyn Model,
    brief: &Brief,
    context: &mut Context,
    meter: &Arc<Meter>,
    turns: &dyn Turns,
) -> Result<Handover, Error> {
    let persona = context.persona.to_string();
    let tools = brief.tools.specs();
    let mut messages = vec![Message::User { text: task_text(brief, context) }];
    let mut usage = Usage::default();
    let mut last = None;
    let mut equal = 1;
    for turn in 1..=brief.max_turns {
        let request = Request {
            persona: persona.clone(),
            task: brief.task.clone(),
            input: brief.input.clone(),
            system: brief.system.clone(),
            messages,
            tools: tools.clone(),
            ..Request::default()
        };
        let reply = turns::take(model, &request, turn, meter, turns).await?;
        messages = request.messages;
        usage += reply.usage;
        if reply.calls.is_empty() {
            return Err(Error::NoWork { persona, said: reply.text });
        }
        let mut answers = Vec::with_capacity(reply.calls.len());
        for call in &reply.calls {
            let answered = {
                let _busy = meter.busy();
                brief.tools.dispatch(call, context).await
            };
            let (result, error) = match answered {
                Ok(outcome) => outcome.answer(),
                Err(maestro_tools::Error::Waits(job)) => return Err(Error::Waits(job)),
                Err(fatal) => return Err(Error::Tool { message: with_causes(&fatal) }),
            };
            answers.push(Message::Tool { call: call.id.clone(), result, error });
        }
        if let Some(document) = context.submitted.take() {
            tracing::debug!(%persona, turn, "work handed over");
            return Ok(Handover { document, files: std::mem::take(&mut context.own), turns: turn, usage });
        }
        let print = fingerprint(&reply.calls, &answers);
        equal = if last.as_ref() == Some(&print) { equal + 1 } else { 1 };
        if equal >= STUCK_AFTER {
            return Err(Error::Stuck { persona });
        }
        last = Some(print);
        messages.push(reply.into_message());
        messages.extend(answers);
    }
    Err(Error::Turns { persona, turns: brief.max_turns })
}

/// What a turn did and saw, apart from the ids of its calls.
fn fingerprint(calls: &[maestro_ports::model::ToolCall], answers: &[Message]) -> ContentHash {
    let calls: Vec<_> = calls.iter().map(|call| json!([call.name, call.arguments])).collect();
    let answers: Vec<_> = answers
        .iter()
        .map(|answer| match answer {
            Message::Tool { result, .. } => result.clone(),
            Message::User { text } | Message::Assistant { text, .. } => json!(text),
        })
        .collect();
    ContentHash::of_json(&json!([calls, answers]))
}

fn task_text(brief: &Brief, context: &Context) -> String {
    let mut text =
        format!("phase: {}\npersona: {}\nartifact to hand over: {}\n", context.phase, context.persona, context.output);
    let upstream: Vec<_> = context.upstream.keys().map(|kind| kind.id()).collect();
    if !upstream.is_empty() {
        text.push_str(&format!("artifacts you can read: {}\n", upstream.join(", ")));
    }
    for finding in &brief.findings {
        text.push_str(&format!("finding of the last gate ({}): {}\n", finding.check, finding.message));
    }
    text
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}

#[cfg(test)]
mod tests;
