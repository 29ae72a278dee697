//! What is deleted together with the record that it belongs to: `When a dog is deleted, its vaccinations are deleted too`,
//! `Deleting a trip also deletes its sign-ups`, `Complaints disappear together with the licence they concern`.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::token::{Token, starts, tokens};
use maestro_artifacts::{Action, RuleKind};

const GONE: &[&str] = &["deleted", "removed", "erased"];
const DELETES: &[&str] = &["deletes", "removes", "erases", "delete", "remove", "erase"];
const DELETING: &[&str] = &["deleting", "removing", "erasing"];
const ARE: &[&str] =
    &["are", "is", "get", "gets", "will be", "must be", "shall be", "should be", "have to be", "has to be"];
const ALSO: &[&str] = &["also", "automatically", "likewise"];
const ONE: &[&str] = &["a", "an", "the", "any", "this", "that"];
const ITS: &[&str] = &["its", "their", "all its", "all their", "all of its", "all of their", "all the", "the", "all"];
/// What may stand behind what goes, and says it once more.
const WITH_IT: &[&str] = &[
    "too",
    "as well",
    "also",
    "with it",
    "with them",
    "along with it",
    "along with them",
    "together with it",
    "along",
    "at the same time",
    "automatically",
    "from the system",
    "otherwise",
    "along with them otherwise",
    "with them otherwise",
    "together with them",
];
const GO: &[&str] = &["go", "goes", "go away", "goes away", "disappear", "disappears", "vanish", "vanishes"];

/// The rules that such a sentence tells; `None` where it is none.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let words = tokens(text.trim_end().trim_end_matches('.'));
    let (parent, children) =
        [led, deleting, together, of_parent, with_parent, theirs].iter().find_map(|form| form(engine, &words))?;
    let mut effects = vec![Effect::capability(&parent, Action::Delete)];
    for child in children {
        let field = engine.lexicon.reference(&child, &parent)?;
        effects.push(Effect::Rule(RuleKind::Cascade { entity: child, field }));
    }
    Some(effects)
}

type Found = (String, Vec<String>);

/// A place in a sentence.
#[derive(Clone, Copy)]
struct At<'w> {
    words: &'w [Token],
    at: usize,
}

impl At<'_> {
    fn is(&self, word: &str) -> bool {
        self.words.get(self.at).is_some_and(|token| !token.quoted && token.word == word)
    }

    /// Goes on behind the longest of these phrases.
    fn eat(&mut self, phrases: &[&str]) -> bool {
        let end = phrases.iter().filter_map(|phrase| starts(self.words, self.at, phrase)).max();
        end.map(|length| self.at += length).is_some()
    }

    /// Goes on behind the name of a kind of record.
    fn record(&mut self, engine: &Engine<'_>) -> Option<String> {
        let (end, key) = (1..=3).rev().find_map(|length| {
            let part = self.words.get(self.at..self.at + length)?;
            part.iter().all(|token| token.word != "'s").then_some(())?;
            let name = part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            Some((self.at + length, engine.lexicon.find(&name)?.key.clone()))
        })?;
        self.at = end;
        Some(key)
    }

    /// "its items and payments", "all its defect reports", "the dog's vaccinations"
    fn children(&mut self, engine: &Engine<'_>, parent: &str) -> Option<Vec<String>> {
        let mut found = Vec::new();
        loop {
            self.eat(ITS);
            let mut owned = *self;
            if owned.record(engine).is_some_and(|owner| owner == parent) && owned.eat(&["'s", "’s", "'"]) {
                *self = owned;
            }
            found.push(self.record(engine)?);
            self.eat(&["of it", "that belong to it", "on it", "for it"]);
            let joint = *self;
            self.eat(&[","]);
            if !self.eat(&["and", "and also", "as well as"]) && joint.at == self.at {
                return Some(found);
            }
            // ", and so on" names nothing more.
            let mut next = *self;
            next.eat(ITS);
            if next.record(engine).is_none() {
                *self = joint;
                return Some(found);
            }
        }
    }

    fn end(&self) -> bool {
        self.at >= self.words.len()
    }

    /// Words that say once more that they go too, up to the end.
    fn closes(mut self) -> bool {
        while self.eat(WITH_IT) || self.eat(&["and"]) {}
        self.end()
    }
}

/// "When a dog is deleted, its vaccinations are deleted too", "If an order is deleted, so are its pieces"
fn led(engine: &Engine<'_>, words: &[Token]) -> Option<Found> {
    let mut at = At { words, at: 0 };
    at.eat(&["when", "if", "whenever", "once", "as soon as"]).then_some(())?;
    let parent = gone(engine, &mut at)?;
    at.eat(&[","]);
    at.eat(&["then"]);
    if at.eat(&["so are", "so do", "so will"]) {
        let children = at.children(engine, &parent)?;
        return at.closes().then_some((parent, children));
    }
    let children = at.children(engine, &parent)?;
    let goes = if at.eat(GO) {
        true
    } else {
        at.eat(ARE) && {
            at.eat(ALSO);
            at.eat(GONE)
        }
    };
    (goes && at.closes()).then_some((parent, children))
}

/// "a dog is deleted", "somebody deletes a dog": the kind of record.
fn gone(engine: &Engine<'_>, at: &mut At<'_>) -> Option<String> {
    let mut passive = *at;
    passive.eat(ONE);
    if let Some(parent) = passive.record(engine)
        && (passive.eat(&["is", "gets", "are"]) && passive.eat(GONE) || passive.eat(GO))
    {
        *at = passive;
        return Some(parent);
    }
    // Whoever does it.
    let verb = (at.at..at.at + 4).find(|place| At { words: at.words, at: *place }.eat(DELETES))?;
    at.at = verb + 1;
    at.eat(ONE);
    at.record(engine)
}

/// "Deleting a glider also deletes its defect reports"
fn deleting(engine: &Engine<'_>, words: &[Token]) -> Option<Found> {
    let mut at = At { words, at: 0 };
    at.eat(DELETING).then_some(())?;
    at.eat(ONE);
    let parent = at.record(engine)?;
    at.eat(ALSO);
    at.eat(DELETES).then_some(())?;
    at.eat(ALSO);
    let children = at.children(engine, &parent)?;
    at.closes().then_some((parent, children))
}

/// "Lifts are deleted together with their building", "Complaints disappear when their licence is deleted"
fn together(engine: &Engine<'_>, words: &[Token]) -> Option<Found> {
    let mut at = At { words, at: 0 };
    at.eat(&["all", "the", "a", "an", "every", "each"]);
    let child = at.record(engine)?;
    let goes = at.eat(GO)
        || at.eat(ARE) && {
            at.eat(ALSO);
            at.eat(GONE)
        };
    goes.then_some(())?;
    at.eat(ALSO);
    if at.eat(&["together with", "along with", "with"]) {
        at.eat(&["their", "its", "the", "a", "an"]).then_some(())?;
        let parent = at.record(engine)?;
        at.eat(&["they belong to", "they concern", "they refer to", "it belongs to", "it concerns"]);
        return at.closes().then_some((parent, vec![child]));
    }
    at.eat(&["when", "if", "once", "as soon as"]).then_some(())?;
    at.eat(&["their", "its"]);
    let parent = gone(engine, &mut at)?;
    at.closes().then_some((parent, vec![child]))
}

/// "The vaccinations of a dog are deleted with it"
fn of_parent(engine: &Engine<'_>, words: &[Token]) -> Option<Found> {
    let mut at = At { words, at: 0 };
    at.eat(&["all", "the", "all the"]);
    let child = at.record(engine)?;
    (at.eat(&["of"]) && at.eat(ONE)).then_some(())?;
    let parent = at.record(engine)?;
    let goes = at.eat(GO) || at.eat(ARE) && at.eat(GONE);
    (goes && !at.is("while") && (at.eat(WITH_IT) || at.eat(&["when it is deleted", "when the latter is deleted"])))
        .then_some(())?;
    at.closes().then_some((parent, vec![child]))
}

/// "Dogs with stays cannot be deleted; their vaccinations are deleted along with them": of what was spoken of.
fn theirs(engine: &Engine<'_>, words: &[Token]) -> Option<Found> {
    let mut at = At { words, at: 0 };
    ["its", "their", "all its", "all their", "all of its", "all of their"]
        .iter()
        .any(|its| starts(words, 0, its).is_some())
        .then_some(())?;
    let parent = engine.topics.first()?.clone();
    let children = at.children(engine, &parent)?;
    let belong = children.iter().all(|child| engine.lexicon.reference(child, &parent).is_some());
    let goes = at.eat(GO)
        || at.eat(ARE) && {
            at.eat(ALSO);
            at.eat(GONE)
        };
    (belong && goes && at.closes()).then_some((parent, children))
}

/// "With a dog go its stays"
fn with_parent(engine: &Engine<'_>, words: &[Token]) -> Option<Found> {
    let mut at = At { words, at: 0 };
    (at.eat(&["with"]) && at.eat(ONE)).then_some(())?;
    let parent = at.record(engine)?;
    at.eat(GO).then_some(())?;
    let children = at.children(engine, &parent)?;
    at.closes().then_some((parent, children))
}
