//! How a sentence about what a record has begins: whose record it speaks of, and in which form it goes on.

use super::words::{bounds, raw, starts};
use crate::engine::Engine;
use crate::fields::note::Notes;
use crate::lexicon::{name_words, one_of};
use crate::token::Token;
use crate::verbs::is_participle;

/// How a sentence begins.
pub(super) struct Opening {
    pub(super) owner: String,
    pub(super) at: usize,
    pub(super) form: Form,
    /// The sentence itself names the kind of record.
    pub(super) named: bool,
}

impl Opening {
    fn named(owner: String, at: usize, form: Form) -> Self {
        Self { owner, at, form, named: true }
    }

    fn understood(owner: String, at: usize, form: Form) -> Self {
        Self { owner, at, form, named: false }
    }
}

pub(super) enum Form {
    /// Items follow.
    List(Notes),
    /// Fields follow as the subject of what is said of them.
    Fields,
    /// Two records follow that it refers to.
    Links,
    /// Items follow of what belongs to this kind of record.
    Of(String),
}

pub(super) const HAS: &[&str] = &[
    "has",
    "have",
    "needs",
    "need",
    "records",
    "record",
    "contains",
    "contain",
    "holds",
    "hold",
    "includes",
    "include",
    "carries",
    "carry",
    "refers to",
    "refer to",
    "is recorded with",
    "are recorded with",
    "is stored with",
    "are stored with",
    "is kept with",
    "are kept with",
    "is described by",
    "are described by",
    "is entered with",
    "is registered with",
    "are registered with",
];

const TELLING: &[&str] = &[
    "give",
    "state",
    "enter",
    "provide",
    "specify",
    "add",
    "leave",
    "record",
    "note",
    "fill in",
    "keep",
    "store",
    "write down",
    "log",
    "set",
    "choose",
];

/// Whose description begins, and where.
pub(super) fn opening(engine: &Engine<'_>, words: &[Token]) -> Option<Opening> {
    let required = || Notes { required: true, ..Notes::default() };
    let optional = || Notes { optional: true, ..Notes::default() };
    // "For each inspection ...", "On each entry ..."
    let lead = ["for", "on", "with", "per"].iter().find_map(|lead| starts(words, 0, lead));
    if let Some(at) = lead
        && words.get(at).is_some_and(|token| matches!(token.word.as_str(), "each" | "every" | "a" | "an"))
    {
        let (name, end) = record(engine, words, at + 1, |at| {
            words
                .get(at)
                .is_none_or(|token| matches!(token.word.as_str(), "," | "the" | "a" | "an" | "we" | "i" | "it"))
        })?;
        let from = end + usize::from(words.get(end).is_some_and(|token| token.word == ","));
        if let Some((at, notes)) = teller(engine, words, from) {
            return Some(Opening::named(name, at, Form::List(notes)));
        }
        return Some(Opening::named(name, from, Form::Fields));
    }
    // "There is an optional landing place"
    let there = ["there is also", "there is", "there are", "there may be", "there must be"]
        .iter()
        .find_map(|lead| starts(words, 0, lead).map(|at| (at, *lead)));
    if let Some((at, lead)) = there {
        let notes = match lead {
            "there may be" => optional(),
            "there must be" => required(),
            _ => Notes::default(),
        };
        let noted = words.get(at).is_some_and(|token| matches!(token.word.as_str(), "a" | "an"));
        return Some(Opening::understood(topic(engine)?, at, Form::List(notes))).filter(|_| noted);
    }
    // "A race needs a title ..."
    let article = words.first().is_some_and(|token| matches!(token.word.as_str(), "a" | "an" | "each" | "every"));
    let the = words.first().is_some_and(|token| token.word == "the");
    let from = usize::from(article || the);
    let verb =
        |at: usize| HAS.iter().filter_map(|verb| starts(words, at, verb).map(|length| (at + length, *verb))).max();
    // "needs to be", "carries out": no having.
    let duty = |at: usize| words.get(at).is_some_and(|token| token.word == "to" || token.word == "out");
    // "A repair belongs to exactly one bicycle and records ..."
    let belongs = |at: usize| {
        [
            "belongs to exactly one",
            "belongs to one",
            "belongs to a",
            "belongs to an",
            "is for exactly one",
            "is for one",
        ]
        .iter()
        .find_map(|lead| starts(words, at, lead))
        .map(|length| at + length)
    };
    if let Some((name, end)) = record(engine, words, from, |at| belongs(at).is_some()).filter(|_| article)
        && let Some(at) = belongs(end)
        && let Some((parent, behind)) =
            record(engine, words, at, |at| words.get(at).is_some_and(|token| token.word == "and"))
        && let Some((at, _)) = verb(behind + 1).filter(|(at, _)| !duty(*at))
        && engine.lexicon.find(&parent).is_some()
    {
        return Some(Opening::named(name, at, Form::Of(parent)));
    }
    // "An entry links one runner to one race": it refers to both.
    let links = |at: usize| {
        ["links", "connects", "joins", "link", "connect"]
            .iter()
            .find_map(|verb| starts(words, at, verb))
            .map(|length| at + length)
    };
    if let Some((name, end)) = record(engine, words, from, |at| links(at).is_some()).filter(|_| article)
        && let Some(at) = links(end)
    {
        return Some(Opening::named(name, at, Form::Links));
    }
    if let Some((name, end)) = record(engine, words, from, |at| verb(at).is_some())
        && let Some((at, verb)) = verb(end).filter(|(at, _)| !duty(*at))
        && (article || engine.lexicon.find(&name).is_some())
        && !the
        && !engine.lexicon.find(&name).is_some_and(|entity| entity.tells_value(words.get(at..).unwrap_or_default()))
        && !((verb.starts_with("need") || verb.starts_with("must") || verb.ends_with(" with"))
            && only_done(engine, &name))
    {
        let notes = if verb.starts_with("need") { required() } else { Notes::default() };
        return Some(Opening::named(name, at, Form::List(notes)));
    }
    if let Some((at, notes)) = teller(engine, words, 0) {
        return Some(Opening::understood(topic(engine)?, at, Form::List(notes)));
    }
    // "The deposit of a booking is ..."
    let end = (0..words.len()).find(|at| predicate(words, *at)).unwrap_or_default();
    let possessed = (1..end).find_map(|at| possessor(engine, words, at).filter(|(_, behind)| *behind == end));
    if let Some((owner, _)) = possessed.filter(|_| the) {
        return Some(Opening::named(owner, 0, Form::Fields));
    }
    Some(Opening::understood(owner_of(engine, words)?, 0, Form::Fields))
}

/// "A cancellation needs a reason": what is done to records that are told elsewhere, and no record that anybody keeps.
fn only_done(engine: &Engine<'_>, name: &str) -> bool {
    const DEEDS: &[&str] = &["ion", "al", "ment", "ure", "ance", "ence", "ery", "ing"];
    let states = |word: &str| {
        engine.lexicon.entities.iter().any(|entity| crate::verbs::state(engine.lexicon, &entity.key, word).is_some())
    };
    let word = crate::lexicon::lemma(name);
    // A ship is a record more often than what is done with goods.
    let usual = crate::verbs::usual(&word) && word != "ship";
    let deed = DEEDS.iter().any(|end| word.ends_with(end)) || states(&word) || usual;
    deed && !name.contains(' ') && engine.lexicon.find(name).is_none()
}

/// "I have to give", "we keep", "the director states": somebody tells fields; where they begin, and whether they must.
pub(super) fn teller(engine: &Engine<'_>, words: &[Token], at: usize) -> Option<(usize, Notes)> {
    let mut at = at;
    if words.get(at).is_some_and(|token| matches!(token.word.as_str(), "i" | "we" | "you" | "they")) {
        at += 1;
    } else if words.get(at).is_some_and(|token| matches!(token.word.as_str(), "the" | "a" | "an")) {
        // Somebody in a role, called by the last word of it at least.
        let who = words.get(at + 1)?;
        let role = engine.lexicon.roles.iter().any(|role| name_words(role).last() == Some(&who.lemma));
        if !role && !matches!(who.word.as_str(), "system" | "service" | "application") {
            return None;
        }
        at += 2;
    } else {
        return None;
    }
    let mut notes = Notes::default();
    for (lead, duty) in [
        ("must", true),
        ("have to", true),
        ("has to", true),
        ("need to", true),
        ("needs to", true),
        ("shall", true),
        ("may", false),
        ("may also", false),
    ] {
        if let Some(length) = starts(words, at, lead) {
            at += length;
            notes.required = duty;
            notes.optional = !duty;
            break;
        }
    }
    at += usize::from(words.get(at).is_some_and(|token| token.word == "also"));
    if ["say whether", "tell whether", "state whether"].iter().any(|verb| starts(words, at, verb).is_some()) {
        return Some((at, notes));
    }
    let verb = TELLING.iter().find_map(|verb| {
        starts(words, at, verb).or_else(|| starts(words, at, &format!("{verb}s"))).map(|length| (at + length, *verb))
    });
    let (end, verb) = verb?;
    // "I set it to ...", "we add pilots": only what is led in as a thing is told.
    let told = words.get(end).is_some_and(|token| {
        matches!(token.word.as_str(), "a" | "an" | "the" | "my" | "its" | "their" | "your" | "our")
    });
    // What is kept by the system is not asked of anybody.
    if matches!(verb, "keep" | "store" | "record" | "note" | "log") && notes.required {
        notes.required = false;
    }
    told.then_some((end, notes))
}

/// The name of a kind of record in front of what `ends` says.
fn record(engine: &Engine<'_>, words: &[Token], at: usize, ends: impl Fn(usize) -> bool) -> Option<(String, usize)> {
    let end = (at + 1..=at + 3).find(|end| ends(*end))?;
    let part = words.get(at..end)?;
    // "A new claim has ...": that it is new is no part of its name.
    let part = match part.split_first() {
        Some((first, rest)) if !rest.is_empty() && matches!(first.word.as_str(), "new" | "existing") => rest,
        _ => part,
    };
    let plain = part.iter().all(|token| !token.quoted && token.word.chars().all(|c| c.is_alphabetic() || c == '-'));
    const NEVER: &[&str] = &[
        "system", "user", "is", "are", "may", "must", "not", "of", "and", "or", "the", "it", "they", "we", "if",
        "when", "who", "that", "which", "for", "in", "no", "there", "shall", "should",
    ];
    if !plain || part.iter().any(|token| NEVER.contains(&token.word.as_str())) {
        return None;
    }
    // "A cancelled lesson has ...": records in a state are no kind of their own.
    let name = one_of(&raw(part));
    let last = part.last()?;
    if part.len() > 1 && part.first().is_some_and(|first| is_participle(&first.word)) {
        return None;
    }
    if engine.lexicon.describes(&name) {
        return None;
    }
    if let Some(known) = engine.lexicon.find(&name) {
        return Some((known.name.clone(), end));
    }
    if part.len() > 1 && engine.lexicon.entities.iter().any(|entity| entity.words == [last.lemma.clone()]) {
        return None;
    }
    let head = name_words(&name);
    let role = engine.lexicon.roles.iter().any(|role| name_words(role) == head);
    let field = engine.lexicon.entities.iter().any(|entity| entity.find(&name).is_some());
    (!role && !field).then_some((name, end))
}

pub(super) fn topic(engine: &Engine<'_>) -> Option<String> {
    engine.lexicon.entity(engine.topics.first()?).map(|entity| entity.name.clone())
}

/// "of a booking", behind what belongs to it: the kind of record, and where the words end.
pub(super) fn possessor(engine: &Engine<'_>, words: &[Token], at: usize) -> Option<(String, usize)> {
    words.get(at).filter(|token| token.word == "of" && !token.quoted)?;
    let determined = |token: &&Token| matches!(token.word.as_str(), "a" | "an" | "the" | "each" | "every");
    let from = at + 1 + words.get(at + 1).iter().filter(|token| determined(token)).count();
    (from + 1..=words.len().min(from + 3)).rev().find_map(|end| {
        let entity = engine.lexicon.find(&raw(words.get(from..end)?))?;
        Some((entity.name.clone(), end))
    })
}

/// The record whose fields a sentence begins with: the one of its surroundings that has the first of them, else the
/// likeliest.
fn owner_of(engine: &Engine<'_>, words: &[Token]) -> Option<String> {
    let end = (0..words.len()).find(|at| bounds(words, *at) || predicate(words, *at))?;
    let text = raw(words.get(..end)?);
    // "A drive is planned, open or closed" tells of drives, though donations have a drive.
    if words.first().is_some_and(|token| matches!(token.word.as_str(), "a" | "an" | "each" | "every"))
        && engine.lexicon.find(&text).is_some()
    {
        return None;
    }
    let named = engine.topics.iter().filter_map(|topic| engine.lexicon.entity(topic));
    let name = text.trim_start_matches("The ").trim_start_matches("the ");
    let known = named.clone().find(|entity| entity.find(name).is_some());
    known.map(|entity| entity.name.clone()).or_else(|| topic(engine))
}

/// Whether something is said of the subject from here on.
pub(super) fn predicate(words: &[Token], at: usize) -> bool {
    words.get(at).is_some_and(|token| {
        !token.quoted
            && matches!(
                token.word.as_str(),
                "is" | "are"
                    | "must"
                    | "shall"
                    | "should"
                    | "may"
                    | "not"
                    | "has"
                    | "have"
                    | "needs"
                    | "need"
                    | "defaults"
            )
    })
}
