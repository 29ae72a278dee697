//! One persona task: the conversation between a model and its tools, from the first message to the work handed over.
//!
//! This crate knows no store, no gate and no state machine: what comes in is a context, what goes out is a hand-over. Every
//! way in which a conversation can go wrong has a bound and a name ([`Error`]).

mod conversation;
mod meter;
mod stuck;
mod turns;

pub use meter::Meter;
pub use stuck::{Circle, Pattern};
pub use turns::{NoTurns, Spend, Turns};

use conversation::Conversation;
use maestro_domain::{ContentHash, FailureKind, budget::Exhausted, with_causes};
use maestro_ports::{
    model::{self, Model, Reply, Stop, ToolCall, Usage},
    referee::Job,
};
use maestro_tools::{Context, Dispatcher, Outcome};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use stuck::{Event, Watch};

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
    /// Tokens it has, read and written together.
    pub max_tokens: u64,
    /// The first message: what the task is. Artifacts are read by tools, in parts; no transcript of others is part of it.
    pub opening: String,
    /// What ends the task.
    pub ends: Ends,
    /// Whether what tools answer is screened before it reaches the prompt: for models that read one.
    pub screened: bool,
}

/// What ends a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// The tool `submit_work`, with the persona's typed document.
    Submission,
    /// The first reply that calls nothing; its text is the document.
    FirstText,
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
    /// The model does not want to do this.
    #[error("the model refuses the work of the persona `{persona}`: {said}")]
    Refused {
        /// Who.
        persona: String,
        /// What it said.
        said: String,
    },
    /// Its replies do not come to an end.
    #[error("the replies of the persona `{persona}` are longer than they may be, {times} times in a row")]
    TooLong {
        /// Who.
        persona: String,
        /// How often.
        times: u32,
    },
    /// It calls tools that do not exist, or with arguments that do not fit.
    #[error("the persona `{persona}` made {times} calls in a row that no tool understands, at last: {last}")]
    BadCalls {
        /// Who.
        persona: String,
        /// How many.
        times: u32,
        /// What was wrong with the last.
        last: String,
    },
    /// It used up its turns.
    #[error("the persona `{persona}` used up its {turns} turns")]
    Turns {
        /// Who.
        persona: String,
        /// How many.
        turns: u32,
    },
    /// It used up its tokens.
    #[error("the persona `{persona}` used {used} tokens; it has {most}")]
    Tokens {
        /// Who.
        persona: String,
        /// How many it used.
        used: u64,
        /// How many it had.
        most: u64,
    },
    /// It goes round in circles, and went on when it was told.
    #[error("the persona `{persona}` goes round in circles: {circle}")]
    Stuck {
        /// Who.
        persona: String,
        /// How.
        circle: Circle,
    },
    /// What may be spent does not cover the next turn.
    #[error("the persona `{persona}` is paused: {exhausted}")]
    Budget {
        /// Who.
        persona: String,
        /// What is short.
        exhausted: Box<Exhausted>,
    },
    /// It cannot go on before this job was run; then it is done again, from its recorded turns.
    #[error("the job `{}` was not run yet", .0.name)]
    Waits(Box<Job>),
    /// There is no time to ask its model; whoever has more goes on, from its recorded turns.
    #[error("the persona `{persona}` has no time left to ask its model")]
    Late {
        /// Who.
        persona: String,
        /// Before when asking is of no use, in milliseconds since 1970, where that is known.
        until_ms: Option<u64>,
    },
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
            Self::Model(model::Error::Unable { .. }) => FailureKind::NeedsModel,
            Self::Model(
                model::Error::ContextOverflow { .. }
                | model::Error::Refused { .. }
                | model::Error::Malformed { .. }
                | model::Error::Cut { .. },
            ) => FailureKind::Work,
            Self::Model(_) => FailureKind::Model,
            Self::Budget { .. } => FailureKind::Budget,
            Self::Waits(_) => FailureKind::Suspended,
            Self::Late { .. } => FailureKind::HandedOn,
            Self::Record { .. } => FailureKind::Store,
            Self::Tool { .. } => FailureKind::Referee,
            Self::NoWork { .. }
            | Self::Refused { .. }
            | Self::TooLong { .. }
            | Self::BadCalls { .. }
            | Self::Turns { .. }
            | Self::Tokens { .. }
            | Self::Stuck { .. } => FailureKind::Work,
        }
    }

    fn of_spend(persona: &str, spend: Spend) -> Self {
        let persona = persona.to_owned();
        match spend {
            Spend::Exhausted(exhausted) => Self::Budget { persona, exhausted: exhausted.into() },
            Spend::Late => Self::Late { persona, until_ms: None },
            Spend::Failed(source) => Self::Record { persona, source },
        }
    }
}

/// Replies in a row that may be cut at their greatest length.
const MOST_CUT: u32 = 3;
/// Calls in a row that no tool understands.
const MOST_BAD: u32 = 5;

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
    let mut conversation = Conversation::begin(brief, context);
    let mut limits = Limits { persona: persona.clone(), ..Limits::default() };
    let mut usage = Usage::default();
    for turn in 1..=brief.max_turns {
        let reply = ask(model, &mut conversation, &mut limits, turn, meter, turns).await?;
        usage += reply.usage;
        if reply.stop == Stop::Refusal {
            return Err(Error::Refused { persona, said: reply.text });
        }
        if reply.calls.is_empty() && brief.ends == Ends::FirstText && reply.stop == Stop::EndTurn {
            return Ok(Handover { document: json!(reply.text), files: BTreeMap::new(), turns: turn, usage });
        }
        let outcomes = {
            let _busy = meter.busy();
            brief.tools.dispatch_all(&reply.calls, context).await
        };
        let outcomes = outcomes.map_err(|ends| match ends {
            maestro_tools::Error::Waits(job) => Error::Waits(job),
            fatal => Error::Tool { message: with_causes(&fatal) },
        })?;
        if let Some(document) = context.submitted.take() {
            tracing::debug!(%persona, turn, "work handed over");
            return Ok(Handover { document, files: std::mem::take(&mut context.own), turns: turn, usage });
        }
        let answers: Vec<_> =
            reply.calls.iter().zip(&outcomes).map(|(call, outcome)| answer(brief, call, outcome, turns)).collect();
        let nudge = limits.look(&reply, &outcomes, &answers, turns)?;
        let used = usage.tokens();
        if used > brief.max_tokens {
            return Err(Error::Tokens { persona, used, most: brief.max_tokens });
        }
        let full = reply.stop == Stop::ContextWindow;
        conversation.add(reply, answers, nudge);
        if full {
            limits.overflow()?;
            conversation.shorten();
        }
    }
    Err(Error::Turns { persona, turns: brief.max_turns })
}

/// What a call is answered, and whether that is an error. Files, epics and the output of programs are texts from outside: orders
/// in them are withheld, secrets are taken out.
fn answer(brief: &Brief, call: &ToolCall, outcome: &Outcome, turns: &dyn Turns) -> (Value, bool) {
    let (answer, error) = outcome.answer();
    if !brief.screened {
        return (answer, error);
    }
    let (answer, findings) = maestro_screen::value_for_prompt(&answer, &call.name, maestro_tools::ANSWER_LIMIT);
    if findings.iter().any(|finding| finding.severity == maestro_screen::Severity::High) {
        turns.withheld(&call.name);
    }
    (answer, error)
}

/// Takes one turn; a conversation that does not fit is shortened once.
async fn ask(
    model: &dyn Model,
    conversation: &mut Conversation,
    limits: &mut Limits,
    turn: u32,
    meter: &Arc<Meter>,
    turns: &dyn Turns,
) -> Result<Reply, Error> {
    // One that was shortened before this turn was recorded is shortened again.
    if turns.recorded(turn).is_some_and(|recorded| conversation.fits_shortened(&recorded.request)) {
        limits.overflow()?;
        conversation.shorten();
    }
    match turns::take(model, conversation.request(), turn, meter, turns).await {
        Err(Error::Model(model::Error::ContextOverflow { model: name, reason })) => {
            limits.overflow()?;
            if !conversation.shorten() {
                return Err(model::Error::ContextOverflow { model: name, reason }.into());
            }
            turns::take(model, conversation.request(), turn, meter, turns).await
        }
        other => other,
    }
}

/// Counts what must not go on without end.
#[derive(Default)]
struct Limits {
    persona: String,
    watch: Watch,
    told: bool,
    cut: u32,
    bad: u32,
}

impl Limits {
    /// Looks at a turn, and says what the persona should be told beside the answers of its tools.
    fn look(
        &mut self,
        reply: &Reply,
        outcomes: &[Outcome],
        answers: &[(Value, bool)],
        turns: &dyn Turns,
    ) -> Result<Option<String>, Error> {
        let persona = || self.persona.clone();
        if reply.stop == Stop::MaxTokens {
            self.cut += 1;
            if self.cut >= MOST_CUT {
                return Err(Error::TooLong { persona: persona(), times: self.cut });
            }
        } else {
            self.cut = 0;
        }
        let mut circle = None;
        for ((call, outcome), (answer, error)) in reply.calls.iter().zip(outcomes).zip(answers) {
            match outcome {
                Outcome::UnknownTool { .. } | Outcome::BadArguments { .. } => self.bad += 1,
                Outcome::Denied(denial) => turns.denied(&call.name, &denial.to_string()),
                Outcome::Done { .. } | Outcome::Refused { .. } => self.bad = 0,
            }
            if self.bad >= MOST_BAD {
                let last = answer.get("error").and_then(Value::as_str).unwrap_or_default().to_owned();
                return Err(Error::BadCalls { persona: self.persona.clone(), times: self.bad, last });
            }
            circle = self.watch.see(Event::call(&call.name, &call.arguments, answer, *error)).or(circle);
        }
        if reply.stop == Stop::MaxTokens {
            let rest = if reply.calls.is_empty() { "" } else { " its last call may be missing;" };
            return Ok(Some(format!(
                "Your reply was cut because it was too long;{rest} go on in smaller steps: write long files in parts."
            )));
        }
        if reply.calls.is_empty() && reply.stop != Stop::Paused {
            if self.watch.see(Event::Talk).is_some() {
                return Err(Error::NoWork { persona: self.persona.clone(), said: reply.text.clone() });
            }
            let nudge = "You called no tool. Go on with your tools, or hand over your work with `submit_work`: nothing else \
                         ends the task.";
            return Ok(Some(nudge.to_owned()));
        }
        let Some(circle) = circle else { return Ok(None) };
        if self.told {
            return Err(Error::Stuck { persona: self.persona.clone(), circle });
        }
        self.told = true;
        Ok(Some(format!(
            "You go round in circles: {circle}. Do something else: read what the answers say, try another way, or hand over \
             what you have with `submit_work` and say in it what is missing."
        )))
    }

    fn overflow(&mut self) -> Result<(), Error> {
        match self.watch.see(Event::Overflow) {
            Some(circle) => Err(Error::Stuck { persona: self.persona.clone(), circle }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
