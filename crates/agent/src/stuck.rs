//! Notices a persona that goes round in circles, by the last events of its conversation. First it is told, then stopped.

use serde_json::Value;
use std::{
    collections::{VecDeque, hash_map::DefaultHasher},
    fmt,
    hash::{Hash, Hasher},
};

/// Events that are looked at.
const WINDOW: usize = 20;
/// Equal calls with equal answers.
const SAME: usize = 4;
/// Equal calls that end in an error.
const FAILING: usize = 3;
/// Replies in a row that call nothing.
const TALK: usize = 3;
/// Two calls that take turns, counted in calls.
const ALTERNATING: usize = 6;
/// Times that the conversation did not fit.
const OVERFLOW: usize = 2;
/// Characters of a call that are shown.
const SHOWN: usize = 120;

/// One thing that happened in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A tool was called.
    Call {
        /// The call, as people read it.
        shown: String,
        /// Tool and arguments.
        action: u64,
        /// What was answered.
        answer: u64,
        /// Whether the answer was an error.
        error: bool,
    },
    /// A reply called nothing.
    Talk,
    /// The conversation did not fit the model's context.
    Overflow,
}

impl Event {
    /// A call and its answer.
    pub(crate) fn call(tool: &str, arguments: &Value, answer: &Value, error: bool) -> Self {
        let mut shown = format!("{tool} {arguments}");
        if let Some((at, _)) = shown.char_indices().nth(SHOWN) {
            shown.truncate(at);
            shown.push('…');
        }
        Self::Call { shown, action: print(&(tool, arguments)), answer: print(answer), error }
    }

    fn action(&self) -> Option<u64> {
        match self {
            Self::Call { action, .. } => Some(*action),
            Self::Talk | Self::Overflow => None,
        }
    }
}

/// Tells events of one conversation apart; nothing is kept of it, and nobody wants to forge it.
fn print(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// How a persona goes round in circles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// The same call with the same answer, over and over.
    SameAnswer,
    /// The same call with an error, over and over.
    SameError,
    /// It talks and calls nothing.
    Monologue,
    /// Two calls take turns.
    Alternating,
    /// The conversation does not fit, however often it is shortened.
    Overflowing,
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SameAnswer => "the same call with the same answer",
            Self::SameError => "the same call with an error",
            Self::Monologue => "replies that call no tool",
            Self::Alternating => "two calls that take turns",
            Self::Overflowing => "a conversation that does not fit the model's context",
        })
    }
}

/// A circle that was noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// Which kind.
    pub pattern: Pattern,
    /// The calls that make it, as people read them.
    pub shown: Vec<String>,
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.pattern)?;
        if !self.shown.is_empty() {
            write!(f, ": {}", self.shown.join(", then "))?;
        }
        Ok(())
    }
}

/// The last events of one conversation.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    events: VecDeque<Event>,
}

impl Watch {
    /// Looks at what happened. A circle is told once; after that the events before it no longer count.
    pub(crate) fn see(&mut self, event: Event) -> Option<Circle> {
        if self.events.len() == WINDOW {
            self.events.pop_front();
        }
        self.events.push_back(event);
        let circle = self.circle();
        if circle.is_some() {
            self.events.clear();
        }
        circle
    }

    fn circle(&self) -> Option<Circle> {
        let last = |n: usize| self.events.iter().rev().take(n);
        let all = |n: usize, like: &dyn Fn(&Event) -> bool| self.events.len() >= n && last(n).all(like);
        let newest = self.events.back()?;
        let found = |pattern, shown: Vec<&Event>| {
            let shown = shown.into_iter().filter_map(|event| match event {
                Event::Call { shown, .. } => Some(shown.clone()),
                Event::Talk | Event::Overflow => None,
            });
            Some(Circle { pattern, shown: shown.collect() })
        };
        let overflows = self.events.iter().filter(|event| **event == Event::Overflow).count();
        if *newest == Event::Overflow && overflows >= OVERFLOW {
            return found(Pattern::Overflowing, vec![]);
        }
        if all(TALK, &|event| *event == Event::Talk) {
            return found(Pattern::Monologue, vec![]);
        }
        let failing =
            |event: &Event| matches!(event, Event::Call { error: true, .. }) && event.action() == newest.action();
        if all(FAILING, &failing) {
            return found(Pattern::SameError, vec![newest]);
        }
        if matches!(newest, Event::Call { .. }) && all(SAME, &|event| event == newest) {
            return found(Pattern::SameAnswer, vec![newest]);
        }
        let mut pair = last(2);
        let (Some(b), Some(a)) = (pair.next(), pair.next()) else { return None };
        let takes_turns = self.events.len() >= ALTERNATING
            && a.action().is_some()
            && b.action().is_some()
            && a.action() != b.action()
            && last(ALTERNATING).enumerate().all(|(n, event)| event == if n % 2 == 0 { b } else { a });
        if takes_turns { found(Pattern::Alternating, vec![a, b]) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(name: &str, answer: u32, error: bool) -> Event {
        Event::call(name, &json!({"path": name}), &json!(answer), error)
    }

    /// These events over and over, `n` in all.
    fn over(events: &[Event], n: usize) -> Vec<Event> {
        events.iter().cycle().take(n).cloned().collect()
    }

    /// The first circle that a list of events shows, and after how many.
    fn first(events: Vec<Event>) -> Option<(usize, Circle)> {
        let mut watch = Watch::default();
        events.into_iter().enumerate().find_map(|(n, event)| watch.see(event).map(|circle| (n + 1, circle)))
    }

    #[test]
    fn each_pattern_is_noticed_as_soon_as_it_stands() {
        let same = vec![call("a", 1, false); 6];
        let failing = (0..6).map(|n| call("a", n, true)).collect();
        let pairs = over(&[call("a", 1, false), call("b", 2, false)], 10);
        for (events, after, pattern, told) in [
            (same, 4, Pattern::SameAnswer, "the same call with the same answer: a {\"path\":\"a\"}"),
            (failing, 3, Pattern::SameError, "the same call with an error: a {\"path\":\"a\"}"),
            (vec![Event::Talk; 5], 3, Pattern::Monologue, "replies that call no tool"),
            (pairs, 6, Pattern::Alternating, "two calls that take turns: a {\"path\":\"a\"}, then b {\"path\":\"b\"}"),
            (
                vec![Event::Overflow, call("a", 1, false), Event::Overflow],
                3,
                Pattern::Overflowing,
                "a conversation that does not fit the model's context",
            ),
        ] {
            let (n, circle) = first(events).unwrap();
            assert_eq!((n, circle.pattern), (after, pattern));
            assert_eq!(circle.to_string(), told);
        }
    }

    #[test]
    fn work_that_goes_on_is_no_circle() {
        let new_answers = (0..30).map(|n| call("run_tests", n, false)).collect();
        let new_actions = (0..30).map(|n| call(&format!("f{n}"), 1, true)).collect();
        let edit_and_test = (0..30).map(|n| if n % 2 == 0 { call("edit", 0, false) } else { call("test", n, false) });
        let [a, b] = ["a", "b"].map(|name| call(name, 1, false));
        let interrupted = over(&[a.clone(), a.clone(), a, b], 16);
        for events in [new_answers, new_actions, edit_and_test.collect(), interrupted] {
            assert_eq!(first(events), None);
        }
    }

    #[test]
    fn a_circle_is_told_again_only_when_it_goes_on() {
        let mut watch = Watch::default();
        let told: Vec<_> = (0..9).filter(|_| watch.see(call("a", 1, false)).is_some()).collect();
        assert_eq!(told, [3, 7]);
    }

    #[test]
    fn long_calls_are_shown_cut() {
        let Event::Call { shown, .. } = Event::call("write", &json!("ü".repeat(999)), &json!(null), false) else {
            panic!()
        };
        assert_eq!(shown.chars().count(), SHOWN + 1);
    }
}
