//! A reply that comes in piece by piece, from any provider, until it is a [`Reply`] or a named fault.

use maestro_ports::model::{Error, Progress, Quote, Reply, Step, Stop, Thought, ThoughtContent, ToolCall, Usage};
use serde_json::{Map, Value};

/// Most bytes that a reply may have: several times what the longest output of a known model is.
const MOST_REPLY: usize = 4 << 20;

/// One piece of a reply.
#[derive(Debug)]
enum Piece {
    Text(String),
    Open { key: u64, text: String, signature: String },
    Redacted(String),
    Opaque(Value),
    Call { key: u64, id: String, name: String, arguments: Arguments },
}

#[derive(Debug)]
enum Arguments {
    /// Text that comes in pieces.
    Text(String),
    /// A value that came whole.
    Whole(Value),
}

/// Tokens as far as the provider told them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Told {
    pub(crate) input: Option<u64>,
    pub(crate) cache_read: Option<u64>,
    pub(crate) cache_write: Option<u64>,
    pub(crate) output: Option<u64>,
}

/// A reply so far.
pub(crate) struct Draft<'a> {
    pieces: Vec<Piece>,
    size: usize,
    progress: &'a dyn Progress,
    /// Tokens as far as they were told.
    pub(crate) told: Told,
    /// Why it ended, once that was said.
    pub(crate) stop: Option<Stop>,
    /// Whether the provider said that nothing more comes.
    pub(crate) ended: bool,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(progress: &'a dyn Progress) -> Self {
        Self { pieces: Vec::new(), size: 0, progress, told: Told::default(), stop: None, ended: false }
    }

    /// Whether nothing of the answer has come yet.
    pub(crate) fn empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// More text.
    pub(crate) fn text(&mut self, more: &str) {
        if more.is_empty() {
            return;
        }
        self.size += more.len();
        self.progress.step(Step::Text(more));
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.push_str(more),
            _ => self.pieces.push(Piece::Text(more.to_owned())),
        }
    }

    /// More of the thought of this key.
    pub(crate) fn thought(&mut self, key: u64, more: &str) {
        self.size += more.len();
        self.progress.step(Step::Thought(more));
        self.open(key).0.push_str(more);
    }

    /// More of the signature of the thought of this key.
    pub(crate) fn signature(&mut self, key: u64, more: &str) {
        self.size += more.len();
        self.open(key).1.push_str(more);
    }

    /// A thought that only the provider can read.
    pub(crate) fn redacted(&mut self, data: String) {
        self.size += data.len();
        self.pieces.push(Piece::Redacted(data));
    }

    /// A thought in the provider's own form.
    pub(crate) fn opaque(&mut self, value: Value) {
        self.size += value.to_string().len();
        self.pieces.push(Piece::Opaque(value));
    }

    /// A call that came whole.
    pub(crate) fn whole_call(&mut self, id: &str, name: &str, arguments: Value) {
        self.size += arguments.to_string().len();
        self.progress.step(Step::Call(name));
        let key = self.pieces.len() as u64 | 1 << 63;
        let arguments = Arguments::Whole(arguments);
        self.pieces.push(Piece::Call { key, id: id.to_owned(), name: name.to_owned(), arguments });
    }

    /// More of the call of this key: its id and its name where they come, and a piece of its arguments.
    pub(crate) fn call(&mut self, key: u64, id: Option<&str>, name: Option<&str>, more: &str) {
        self.size += more.len();
        let last = self.pieces.iter().rev().find_map(|piece| match piece {
            Piece::Call { key: other, id, .. } if *other == key => Some(id.as_str()),
            _ => None,
        });
        // Some servers number all calls alike; another id is another call.
        let another = |known: &str| id.is_some_and(|id| !id.is_empty() && !known.is_empty() && id != known);
        if last.is_none_or(another) {
            let arguments = Arguments::Text(String::new());
            self.pieces.push(Piece::Call { key, id: String::new(), name: String::new(), arguments });
        }
        let call = self.pieces.iter_mut().rev().find_map(|piece| match piece {
            Piece::Call { key: other, id, name, arguments } if *other == key => Some((id, name, arguments)),
            _ => None,
        });
        let Some((its_id, its_name, arguments)) = call else { return };
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            id.clone_into(its_id);
        }
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            if its_name.is_empty() {
                self.progress.step(Step::Call(name));
            }
            name.clone_into(its_name);
        }
        if let Arguments::Text(text) = arguments {
            text.push_str(more);
        }
    }

    /// The arguments of the call of this key, as they were said at its end.
    pub(crate) fn call_arguments(&mut self, key: u64, whole: &str) {
        for piece in &mut self.pieces {
            if let Piece::Call { key: other, arguments: Arguments::Text(text), .. } = piece
                && *other == key
            {
                self.size = self.size.saturating_sub(text.len()) + whole.len();
                whole.clone_into(text);
            }
        }
    }

    /// Tells how many tokens were written.
    pub(crate) fn output(&mut self, tokens: u64) {
        self.told.output = Some(tokens);
        self.progress.step(Step::Tokens(tokens));
    }

    /// Whether it is longer than a reply may be.
    pub(crate) fn check_size(&self) -> Result<(), String> {
        if self.size > MOST_REPLY {
            return Err(format!("it is longer than {} MiB", MOST_REPLY >> 20));
        }
        Ok(())
    }

    /// What was used: as told, and where the provider told nothing or nothing that can be, the worst case.
    pub(crate) fn usage(&self, quote: &Quote) -> Usage {
        let Told { input, cache_read, cache_write, output } = self.told;
        let (cache_read, cache_write) = (cache_read.unwrap_or(0), cache_write.unwrap_or(0));
        // No prompt has no tokens: a provider that says so did not count.
        let read = input.filter(|input| input.saturating_add(cache_read).saturating_add(cache_write) > 0);
        let written = output.filter(|output| *output > 0 || self.pieces.is_empty());
        Usage {
            input_tokens: read.unwrap_or(quote.input_tokens),
            cache_read_tokens: read.map_or(0, |_| cache_read),
            cache_write_tokens: read.map_or(0, |_| cache_write),
            output_tokens: written.unwrap_or(quote.output_tokens),
            cost_micro_usd: 0,
        }
    }

    /// The reply, once nothing more comes.
    pub(crate) fn finish(self, model: &str, usage: Usage) -> Result<Reply, Error> {
        let malformed = |what: String| Error::Malformed { model: model.to_owned(), what, spent: usage };
        let stop = self.stop.unwrap_or_default();
        let cut = matches!(stop, Stop::MaxTokens | Stop::ContextWindow);
        let mut reply = Reply { usage, ..Reply::default() };
        let last = self.pieces.len().saturating_sub(1);
        for (number, piece) in self.pieces.into_iter().enumerate() {
            let (after_text, after_calls) = (reply.text.len(), reply.calls.len());
            let thought = |content| Thought { after_text, after_calls, content };
            match piece {
                Piece::Text(text) => reply.text.push_str(&text),
                Piece::Open { text, signature, .. } => {
                    let signature = Some(signature).filter(|signature| !signature.is_empty());
                    reply.thoughts.push(thought(ThoughtContent::Open { text, signature }));
                }
                Piece::Redacted(data) => reply.thoughts.push(thought(ThoughtContent::Redacted { data })),
                Piece::Opaque(value) => reply.thoughts.push(thought(ThoughtContent::Opaque { value })),
                Piece::Call { id, name, arguments, .. } => match read_arguments(arguments) {
                    Ok(arguments) if !name.is_empty() => {
                        let id = if id.is_empty() { format!("call_{after_calls}") } else { id };
                        reply.calls.push(ToolCall { id, name, arguments });
                    }
                    // What was cut off is no call.
                    _ if cut && number == last => {}
                    Ok(_) => return Err(malformed("a call names no tool".to_owned())),
                    Err(why) => {
                        return Err(malformed(format!("the arguments of a call of `{name}` are no object: {why}")));
                    }
                },
            }
        }
        reply.stop = match stop {
            // Some servers say so of every reply.
            Stop::EndTurn if !reply.calls.is_empty() => Stop::ToolUse,
            Stop::ToolUse if reply.calls.is_empty() => {
                return Err(malformed("it says that it calls tools, and calls none".to_owned()));
            }
            Stop::EndTurn if reply.text.trim().is_empty() => return Err(malformed("it is empty".to_owned())),
            stop => stop,
        };
        Ok(reply)
    }

    fn open(&mut self, key: u64) -> (&mut String, &mut String) {
        let at = self.pieces.iter().position(|piece| matches!(piece, Piece::Open { key: other, .. } if *other == key));
        let at = at.unwrap_or_else(|| {
            self.pieces.push(Piece::Open { key, text: String::new(), signature: String::new() });
            self.pieces.len() - 1
        });
        match self.pieces.get_mut(at) {
            Some(Piece::Open { text, signature, .. }) => (text, signature),
            _ => unreachable!("the piece at {at} was found or made"),
        }
    }
}

/// Arguments are an object. None at all are an empty one.
fn read_arguments(arguments: Arguments) -> Result<Value, String> {
    let value = match arguments {
        Arguments::Text(text) if text.trim().is_empty() => Value::Object(Map::new()),
        Arguments::Text(text) => serde_json::from_str(&text).map_err(|error| error.to_string())?,
        Arguments::Whole(value) => value,
    };
    match value {
        Value::Object(_) => Ok(value),
        Value::Null => Ok(Value::Object(Map::new())),
        // Some servers put the object into a text.
        Value::String(text) => match serde_json::from_str(&text) {
            Ok(value @ Value::Object(_)) => Ok(value),
            _ => Err("they are a text".to_owned()),
        },
        other => Err(format!("they are `{other}`")),
    }
}
