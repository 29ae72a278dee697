//! Replies from a file, for tests and demonstrations: the same task gets the same replies, turn after turn, and a question that
//! the file does not foresee is an error that names it.
//!
//! ```yaml
//! replies:
//!   - persona: qa_engineer        # who asks
//!     task: testing/qa_engineer   # on what; without it, on anything
//!     input: 3f2a9c                # hash of what the task works from, or its beginning; without it, any
//!     turns:                       # one reply a turn
//!       - text: I write a test.
//!         calls:
//!           - { name: write_file, arguments: { path: tests/a.py, content: "" } }
//! ```

use async_trait::async_trait;
use maestro_ports::model::{Error, Message, Model, Progress, Quote, Reply, Request, Step, Stop, ToolCall, Usage};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// Scripted replies.
#[derive(Debug)]
pub struct Scripted {
    name: String,
    replies: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    replies: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    persona: String,
    task: Option<String>,
    input: Option<String>,
    turns: Vec<Turn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    #[serde(default)]
    text: String,
    #[serde(default)]
    calls: Vec<Call>,
    /// Why it ends; by what it holds where nothing is said.
    stop: Option<Stop>,
    #[serde(default)]
    usage: Usage,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    name: String,
    #[serde(default)]
    arguments: Map<String, Value>,
}

impl Scripted {
    /// Reads a file of replies.
    ///
    /// # Errors
    /// [`Error::Unable`] when it cannot be read or is not one.
    pub fn read(name: &str, path: &Path) -> Result<Self, Error> {
        let unable = |reason: String| Error::Unable { model: name.to_owned(), reason };
        let text = std::fs::read_to_string(path)
            .map_err(|error| unable(format!("the file `{}` cannot be read: {error}", path.display())))?;
        Self::parse(name, &text).map_err(|error| unable(format!("the file `{}`: {error}", path.display())))
    }

    fn parse(name: &str, text: &str) -> Result<Self, serde_yaml_ng::Error> {
        let File { replies } = serde_yaml_ng::from_str(text)?;
        Ok(Self { name: name.to_owned(), replies })
    }

    /// The entry for a question: the one that says most about it.
    fn entry(&self, request: &Request) -> Option<&Entry> {
        let fits = |entry: &&Entry| {
            let input = request.input.as_ref().map(ToString::to_string).unwrap_or_default();
            entry.persona == request.persona
                && entry.task.as_ref().is_none_or(|task| *task == request.task)
                && entry.input.as_ref().is_none_or(|begin| input.starts_with(begin.as_str()))
        };
        // The first of equals.
        self.replies.iter().rev().filter(fits).max_by_key(|entry| (entry.input.is_some(), entry.task.is_some()))
    }
}

#[async_trait]
impl Model for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    /// A file costs nothing; what its replies say that they cost is not asked for by anybody.
    fn quote(&self, request: &Request) -> Result<Quote, Error> {
        let turn = self.entry(request).and_then(|entry| entry.turns.get(turn_of(request)));
        let usage = turn.map(|turn| turn.usage).unwrap_or_default();
        Ok(Quote {
            model: self.name.clone(),
            input_tokens: usage.prompt_tokens(),
            output_tokens: usage.output_tokens,
            cost_micro_usd: usage.cost_micro_usd,
        })
    }

    async fn complete(&self, request: &Request, progress: &dyn Progress) -> Result<Reply, Error> {
        let number = turn_of(request);
        let turn = self.entry(request).and_then(|entry| entry.turns.get(number)).ok_or_else(|| {
            let input = request.input.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string);
            Error::Unable {
                model: self.name.clone(),
                reason: format!(
                    "it has no reply for persona `{}`, task `{}`, input `{input}`, turn {}",
                    request.persona,
                    request.task,
                    number + 1
                ),
            }
        })?;
        progress.step(Step::Text(&turn.text));
        let calls: Vec<_> = (0..)
            .zip(&turn.calls)
            .map(|(index, call): (u32, _)| ToolCall {
                id: format!("turn{}_{index}", number + 1),
                name: call.name.clone(),
                arguments: Value::Object(call.arguments.clone()),
            })
            .collect();
        let natural = if calls.is_empty() { Stop::EndTurn } else { Stop::ToolUse };
        let stop = turn.stop.clone().unwrap_or(natural);
        Ok(Reply { text: turn.text.clone(), calls, thoughts: Vec::new(), stop, usage: turn.usage })
    }
}

/// Which turn is asked for, from 0: one reply was given for each that stands in the conversation.
fn turn_of(request: &Request) -> usize {
    request.messages.iter().filter(|message| matches!(message, Message::Assistant { .. })).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::ContentHash;
    use maestro_ports::model::Silent;

    const FILE: &str = "
replies:
  - persona: architect
    turns: [{text: anything}]
  - persona: architect
    task: design/architect
    turns:
      - text: first
        calls: [{name: read_epic}, {name: write_file, arguments: {path: a}}]
        usage: {input_tokens: 7, output_tokens: 2, cost_micro_usd: 3}
      - {text: second, stop: max_tokens}
  - persona: architect
    input: INPUT
    turns: [{text: exact}]
";

    async fn ask(persona: &str, task: &str, input: &[u8], turn: usize) -> Result<Reply, Error> {
        let hash = ContentHash::of(b"one").to_string();
        let model = Scripted::parse("scripted:f", &FILE.replace("INPUT", &hash[..12])).unwrap();
        let assistant = Reply::default().into_message();
        let request = Request {
            persona: persona.into(),
            task: task.into(),
            input: Some(ContentHash::of(input)),
            messages: vec![assistant; turn],
            ..Request::default()
        };
        assert_eq!(
            model.quote(&request).unwrap().cost_micro_usd,
            if task == "design/architect" && turn == 0 && input != b"one" { 3 } else { 0 }
        );
        model.complete(&request, &Silent).await
    }

    #[tokio::test]
    async fn the_entry_that_says_most_answers_turn_after_turn() {
        let first = ask("architect", "design/architect", b"two", 0).await.unwrap();
        assert_eq!((&*first.text, first.calls.len(), &first.stop), ("first", 2, &Stop::ToolUse));
        assert_ne!(first.calls[0].id, first.calls[1].id);
        assert_eq!((first.usage.tokens(), first.usage.cost_micro_usd), (9, 3));
        let second = ask("architect", "design/architect", b"two", 1).await.unwrap();
        assert_eq!((&*second.text, second.stop), ("second", Stop::MaxTokens));
        assert_eq!(ask("architect", "testing/architect", b"two", 0).await.unwrap().text, "anything");
        assert_eq!(ask("architect", "design/architect", b"one", 0).await.unwrap().text, "exact");
    }

    #[tokio::test]
    async fn a_miss_names_its_key() {
        for (persona, turn) in [("qa_engineer", 0), ("architect", 2)] {
            let error = ask(persona, "design/x", b"two", turn).await.unwrap_err().to_string();
            let turn = format!("turn {}", turn + 1);
            for part in [persona, "`design/x`", &ContentHash::of(b"two").to_string(), &turn] {
                assert!(error.contains(part), "{error}: {part}");
            }
        }
        for bad in ["", "replies: [{turns: []}]", "replies: [{persona: a, turns: [], who: b}]"] {
            assert!(Scripted::parse("s", bad).is_err(), "{bad}");
        }
    }
}
