//! Sentences that describe a kind of record in several clauses, of which one says how it belongs to others: `A lift
//! stands in a building and has a serial number`, `A vaccination is recorded for a dog with a date; it has a batch`.
//!
//! Each clause is read by itself; what says where a record belongs is read here.

mod parts;
mod told;

pub(crate) use told::noted_date;

use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use crate::family::refers;
use crate::lexicon::one_of;
use crate::token::{Token, starts, tokens};
use crate::verbs::is_participle;
use maestro_artifacts::RuleKind;
use parts::owned;
use std::ops::Range;

/// Verbs that tell where something is or what it has to do with, and their prepositions. What they say always holds.
const STANDS: &[(&str, &[&str])] = &[
    ("stands", &["in", "on", "at", "by"]),
    ("lies", &["in", "on", "at", "within"]),
    ("sits", &["in", "on", "at"]),
    ("hangs", &["in", "on", "at"]),
    ("lives", &["in", "on", "at", "with"]),
    ("stays", &["in", "on", "at", "with"]),
    ("grows", &["in", "on"]),
    ("takes place", &["in", "on", "at"]),
    ("happens", &["in", "on", "at"]),
    ("occurs", &["in", "on", "at"]),
    ("belongs", &["to"]),
    ("pertains", &["to"]),
    ("relates", &["to"]),
    ("refers", &["to"]),
    ("applies", &["to"]),
    ("goes", &["to"]),
    ("leads", &["to"]),
    ("comes", &["from"]),
    ("works", &["in", "at", "for"]),
    ("plays", &["in", "for"]),
    ("runs", &["on", "in", "at"]),
];

/// Verbs whose object is another record.
const CONCERNS: &[&str] = &[
    "concerns",
    "covers",
    "references",
    "involves",
    "describes",
    "documents",
    "answers",
    "affects",
    "regards",
    "uses",
    "names",
];

/// Verbs behind which a record's fields stand.
const HAS: &[&str] = &[
    "has",
    "have",
    "records",
    "holds",
    "carries",
    "contains",
    "includes",
    "notes",
    "stores",
    "shows",
    "states",
    "is recorded with",
    "is stored with",
    "is kept with",
    "is registered with",
    "is described by",
];

/// The same, of those who give them.
const COMES_WITH: &[&str] = &["registers with", "signs up with", "comes with", "is entered with"];

/// What leads to the parts that a record is made of.
const PARTS: &[&str] = &[
    "consists of",
    "comprises",
    "is divided into",
    "is split into",
    "is made up of",
    "is composed of",
    "is organised in",
    "is organised into",
    "is organized into",
    "is broken down into",
];

/// What leads to the field that tells one record from another.
const KNOWN: &[&str] = &["is known by", "is identified by", "is recognised by", "is recognized by"];

/// What leads to a first and a last day.
const SPANS: &[&str] = &["runs from", "goes from", "lasts from", "extends from", "is from"];

const PREPOSITIONS: &[&str] = &[
    "for", "on", "in", "at", "by", "to", "from", "of", "about", "with", "within", "under", "during", "between",
    "against", "into", "onto", "towards", "toward", "through",
];

/// What a clause says, and where what it speaks of begins.
#[derive(Clone, Copy)]
enum Verb {
    Has(usize),
    /// The same, in words that only a description of records uses.
    ComesWith(usize),
    /// Where a record belongs: its preposition, or its object, and whether it always does.
    Stands(usize, bool),
    /// The kind of record that its parts are.
    Parts(usize),
    /// The field that it is known by.
    Known(usize),
    /// From one moment to another.
    Span,
}

/// The clauses of a sentence, and the kind of record that they speak of.
struct Described<'s> {
    text: &'s str,
    words: Vec<Token>,
    subject: String,
    clauses: Vec<(Verb, Range<usize>)>,
}

/// Reads such a sentence; `None` where it is none.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Result<Vec<Effect>, Gap>> {
    if let Some((passive, role)) = told::passive(engine, text) {
        let by = |effects: Vec<Effect>| effects.into_iter().chain([Effect::Role { name: role }]).collect();
        return read(engine, &passive).map(|told| told.map(by));
    }
    if let Some(plain) = told::of_a_card(engine, text) {
        return read(engine, &plain);
    }
    if let Some(plain) = told::flag(engine, text) {
        return Some(engine.sentence(&plain));
    }
    if let Some(owned) = owned(engine, text) {
        let gap = || Gap { quote: text.trim().to_owned(), why: "it is not clear what belongs to what".to_owned() };
        return Some(owned.read(engine).ok_or_else(gap));
    }
    let described = described(engine, text)?;
    let mut effects = Vec::new();
    for clause in &described.clauses {
        match described.clause(engine, clause) {
            Some(more) => effects.extend(more),
            None => {
                let quote = described.slice(clause.1.clone()).to_owned();
                return Some(Err(Gap { quote, why: "it is not clear what this says of the record".to_owned() }));
            }
        }
    }
    Some(Ok(effects))
}

/// A sentence of one clause that no pattern knows: `A lift stands in a building`.
pub(crate) fn alone(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let described = clauses(engine, text)?;
    let [clause] = described.clauses.as_slice() else { return None };
    matches!(clause.0, Verb::Stands(..)).then(|| described.clause(engine, clause))?
}

/// `We also store the date on which the complaint was closed`: a field of the record that it names.
pub(crate) fn dated(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const STORES: &[&str] = &["store", "record", "note", "keep", "save", "log"];
    const WHICH: &[&str] = &["the date on which", "the day on which", "the date", "the day", "the time at which"];
    let words = tokens(text.trim_end().trim_end_matches('.'));
    let mut at = starts(&words, 0, "we also").or_else(|| starts(&words, 0, "we"))?;
    at += STORES.iter().find_map(|verb| starts(&words, at, verb))?;
    let from = at;
    at += WHICH.iter().find_map(|which| starts(&words, at, which))?;
    let to = at;
    at += usize::from(words.get(at).is_some_and(|token| matches!(token.word.as_str(), "the" | "a" | "an" | "each")));
    let was = (at + 1..words.len().min(at + 4)).find(|end| {
        words.get(*end).is_some_and(|token| matches!(token.word.as_str(), "was" | "is" | "has" | "were"))
    })?;
    let owner = engine.lexicon.entity(&record(engine, &words, at, was)?)?.name.clone();
    let slice = |from: usize, to: usize| text.get(words.get(from)?.start..words.get(to.checked_sub(1)?)?.end);
    let said = format!("has {} it {}", slice(from, to)?, slice(was, words.len())?);
    Described { text, words: Vec::new(), subject: owner, clauses: Vec::new() }.told(engine, &said)
}

/// "belongs to a customer", "is carried out on a scaffold" among the fields of a record; nothing in it where the records
/// that it names are not known.
pub(crate) fn of(engine: &Engine<'_>, subject: &str, text: &str) -> Option<Option<Vec<Effect>>> {
    let words = tokens(text);
    let clause = (verb(engine, &words, 0)?, 0..words.len());
    let described = Described { text, words, subject: subject.to_owned(), clauses: Vec::new() };
    matches!(clause.0, Verb::Stands(..)).then(|| described.clause(engine, &clause))
}

/// What such a sentence names in the clauses that are understood, though others are not.
pub(crate) fn named(engine: &Engine<'_>, text: &str) -> Vec<Effect> {
    if let Some((passive, _)) = told::passive(engine, text) {
        return named(engine, &passive);
    }
    if let Some(plain) = told::of_a_card(engine, text) {
        return named(engine, &plain);
    }
    let names = |effect: &Effect| matches!(effect, Effect::Entity { .. } | Effect::Field { .. });
    if let Some(owned) = owned(engine, text) {
        return owned.told(engine).into_iter().flatten().filter(names).collect();
    }
    let Some(described) = described(engine, text) else { return Vec::new() };
    let told = described.clauses.iter().filter_map(|clause| {
        described.clause(engine, clause).or_else(|| match clause.0 {
            Verb::Known(from) => Some(described.known(engine, from..clause.1.end)?.0),
            _ => None,
        })
    });
    told.flatten().filter(names).collect()
}

fn described<'s>(engine: &Engine<'_>, text: &'s str) -> Option<Described<'s>> {
    let described = clauses(engine, text)?;
    let it = described.words.first().is_some_and(|first| first.word == "it");
    let told = |(verb, _): &(Verb, Range<usize>)| !matches!(verb, Verb::Has(_) | Verb::Span) || it;
    let alone = |(verb, _): &(Verb, Range<usize>)| {
        matches!(verb, Verb::ComesWith(_) | Verb::Parts(_)) || it && matches!(verb, Verb::Has(_))
    };
    let lists = |(_, range): &(Verb, Range<usize>)| described.words.get(range.clone()).is_some_and(lists);
    let clauses = described.clauses.as_slice();
    let several = clauses.len() > 1 || clauses.iter().any(|clause| alone(clause) || lists(clause));
    (several && clauses.iter().any(told)).then_some(described)
}

/// The clauses of a sentence about a kind of record.
fn clauses<'s>(engine: &Engine<'_>, text: &'s str) -> Option<Described<'s>> {
    let words = tokens(text.trim_end().trim_end_matches('.'));
    let first = words.first().filter(|first| !first.quoted)?;
    let (subject, from) = match first.word.as_str() {
        "it" => (engine.lexicon.entity(engine.topics.first()?)?.name.clone(), 1),
        "a" | "an" | "each" | "every" => {
            let verb = (2..=4).find(|at| verb(engine, &words, *at).is_some())?;
            (kind(engine, words.get(1..verb)?)?, verb)
        }
        _ => return None,
    };
    let mut clauses = vec![(verb(engine, &words, from)?, from..words.len())];
    let mut depth = 0_i32;
    for at in from..words.len() {
        let token = words.get(at)?;
        match token.word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," | ";" | "and" if depth == 0 && !token.quoted => {
                let joint = |at: &usize| words.get(*at).is_some_and(|t| matches!(t.word.as_str(), "," | ";" | "and"));
                if at > 0 && joint(&(at - 1)) {
                    continue;
                }
                let mut next = (at..words.len()).find(|at| !joint(at))?;
                next += usize::from(words.get(next).is_some_and(|token| token.word == "it"));
                if let Some(found) = verb(engine, &words, next) {
                    clauses.last_mut()?.1.end = at;
                    clauses.push((found, next..words.len()));
                }
            }
            _ => {}
        }
    }
    Some(Described { text, words, subject, clauses })
}

/// Whether a clause goes on with a list of fields.
fn lists(clause: &[Token]) -> bool {
    clause.iter().any(|token| token.is("with") || token.is(":") || token.is("which") || token.is("("))
}

/// The kind of record that a subject names.
fn kind(engine: &Engine<'_>, words: &[Token]) -> Option<String> {
    let plain = |token: &Token| {
        !token.quoted
            && token.word.chars().all(|c| c.is_alphabetic() || c == '-')
            && !PREPOSITIONS.contains(&token.word.as_str())
            && !["that", "who", "which", "not", "no", "must", "may", "is", "system", "user"]
                .contains(&token.word.as_str())
    };
    let name = words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    if !words.iter().all(plain) || engine.lexicon.describes(&name) {
        return None;
    }
    let stated = words.len() > 1 && words.first().is_some_and(|first| is_participle(&first.word));
    match engine.lexicon.find(&name) {
        Some(known) => Some(known.name.clone()),
        None if stated => None,
        None => Some(one_of(&name)),
    }
}

fn article(words: &[Token], at: usize) -> bool {
    words.get(at).is_some_and(|token| {
        !token.quoted && matches!(token.word.as_str(), "a" | "an" | "one" | "the" | "its" | "exactly")
    })
}

/// The verb of a clause that describes a record.
fn verb(engine: &Engine<'_>, words: &[Token], at: usize) -> Option<Verb> {
    let longest = |phrases: &[&str]| phrases.iter().filter_map(|phrase| starts(words, at, phrase)).max();
    if let Some(length) = longest(PARTS).filter(|length| !article(words, at + length)) {
        let many =
            (at + length..words.len().min(at + length + 3)).find_map(|end| record(engine, words, at + length, end + 1));
        return many.map(|_| Verb::Parts(at + length));
    }
    if let Some(length) = longest(KNOWN) {
        return Some(Verb::Known(at + length)).filter(|_| article(words, at + length));
    }
    if let Some(length) = longest(HAS) {
        let sure = starts(words, at, "has").is_some() || article(words, at + length);
        return Some(Verb::Has(at + length)).filter(|_| sure);
    }
    if let Some(length) = longest(COMES_WITH) {
        return Some(Verb::ComesWith(at + length)).filter(|_| article(words, at + length));
    }
    if let Some(with) = entered_by(engine, words, at) {
        return Some(Verb::ComesWith(with));
    }
    if longest(SPANS).is_some_and(|length| article(words, at + length)) {
        return Some(Verb::Span);
    }
    let stands = STANDS.iter().find_map(|(verb, prepositions)| {
        let to = at + starts(words, at, verb)?;
        let leads = words.get(to).is_some_and(|token| prepositions.contains(&token.word.as_str()));
        (leads && article(words, to + 1)).then_some(to)
    });
    if let Some(to) = stands {
        return Some(Verb::Stands(to, true));
    }
    if let Some(length) = longest(CONCERNS).filter(|length| article(words, at + length)) {
        return Some(Verb::Stands(at + length, true));
    }
    if sends(engine, words, at) {
        return Some(Verb::Stands(at + 1, true));
    }
    let is = starts(words, at, "is always").or_else(|| starts(words, at, "is"))?;
    let mut to = at + is;
    let preposition = |to: usize| {
        words.get(to).is_some_and(|token| !token.quoted && PREPOSITIONS.contains(&token.word.as_str()))
            && article(words, to + 1)
            // "Is created with the status requested" tells how it begins.
            && !words.get(to + 2).is_some_and(|next| matches!(next.word.as_str(), "status" | "state" | "stage"))
    };
    if words.get(to).is_some_and(|token| matches!(token.word.as_str(), "a" | "an" | "one" | "part")) {
        // "is an institution with a name and a city": what it is called otherwise adds nothing.
        let with = (to + 2..to + 5).find(|at| words.get(*at).is_some_and(|token| token.word == "with"));
        if let Some(with) = with.filter(|with| article(words, with + 1)) {
            let plain = words.get(to + 1..with)?.iter().all(|token| token.word.chars().all(char::is_alphabetic));
            return plain.then_some(Verb::ComesWith(with + 1));
        }
        // "is a reply to a complaint", "is part of a contract"
        let noun = usize::from(words.get(to).is_some_and(|token| token.word != "part"));
        let near = (to + 1..=to + 1 + noun).find(|at| preposition(*at));
        // "is one printed score of a work", "is a repair that is carried out on one van"
        let of = |at: &usize| {
            let plain = words.get(to + 1..*at).is_some_and(|noun| {
                noun.iter().all(|token| {
                    let joins =
                        ["and", "or", "not", "no", "only", "if", "with", "has"].iter().any(|word| token.is(word));
                    !token.quoted && !joins && token.word.chars().all(char::is_alphabetic)
                })
            });
            let begin = (*at + 1..words.len()).find(|at| !article(words, *at)).unwrap_or(words.len());
            let named = (begin + 1..=begin + 3).any(|end| record(engine, words, begin, end).is_some());
            let short = *at <= to + 3 && words.get(*at).is_some_and(|token| token.word == "of");
            plain && preposition(*at) && (short || named)
        };
        return near.or_else(|| (to + 2..=to + 6).find(of)).map(|to| Verb::Stands(to, false));
    }
    if words.get(to).is_some_and(|token| done(&token.word)) {
        to += 1;
        to += usize::from(
            words.get(to).is_some_and(|token| matches!(token.word.as_str(), "out" | "up" | "down" | "off")),
        );
        return preposition(to).then_some(Verb::Stands(to, false));
    }
    preposition(to).then_some(Verb::Stands(to, false))
}

/// "is entered by the secretary with a name and a date": who does it is no record, what comes with it is what is kept.
fn entered_by(engine: &Engine<'_>, words: &[Token], at: usize) -> Option<usize> {
    let by = at + starts(words, at, "is")? + 1;
    let verb = words.get(by - 1).filter(|token| told::makes(&token.word))?;
    let who = by + starts(words, by, "by the").filter(|_| !verb.quoted)?;
    let with = (who + 1..words.len().min(who + 4)).find(|at| words.get(*at).is_some_and(|token| token.is("with")))?;
    let name = words.get(who..with)?.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    (record(engine, words, who, with).is_none() && !told::nobody(&name)).then_some(with + 1)
}

/// "An assignment sends an interpreter to a hearing": what brings two records together, told by a noun for what is done. A
/// department that sends somebody is a body that acts.
fn sends(engine: &Engine<'_>, words: &[Token], at: usize) -> bool {
    const DEEDS: &[&str] =
        &["ment", "tion", "sion", "ing", "al", "ance", "ence", "ship", "loan", "link", "match", "visit", "trip"];
    const BODIES: &[&str] = &[
        "department",
        "government",
        "establishment",
        "apartment",
        "station",
        "institution",
        "organisation",
        "organization",
        "association",
        "federation",
        "corporation",
        "foundation",
        "location",
        "section",
        "building",
        "hospital",
        "terminal",
        "animal",
        "alliance",
    ];
    const BRINGS: &[&str] = &[
        "connects", "links", "joins", "combines", "relates", "puts", "places", "assigns", "books", "lends", "hands",
        "brings", "matches", "pairs", "ties",
    ];
    let brings = words.get(at).is_some_and(|verb| BRINGS.contains(&verb.word.as_str()));
    let deed = brings
        || at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|noun| {
            DEEDS.iter().any(|end| noun.word.ends_with(end)) && !BODIES.iter().any(|body| noun.is(body))
        });
    let verb = words.get(at).is_some_and(|verb| {
        !verb.quoted && verb.word.ends_with('s') && verb.word.chars().all(char::is_alphabetic) && !verb.is("be")
    });
    let named = |from: usize| {
        let begin = (from..from + 3).find(|at| !article(words, *at))?;
        (begin + 1..=begin + 3).rev().find(|end| record(engine, words, begin, *end).is_some())
    };
    let both = || {
        let to = named(at + 1)?;
        let leads =
            words.get(to).is_some_and(|token| PREPOSITIONS.contains(&token.word.as_str()) || token.word == "and");
        (leads && article(words, to + 1)).then(|| named(to + 1))?
    };
    deed && verb && article(words, at + 1) && both().is_some()
}

/// Whether a word says what was done.
fn done(word: &str) -> bool {
    const SHORT: &[&str] =
        &["made", "done", "put", "set", "led", "cut", "run", "held", "kept", "sold", "lent", "hung", "used"];
    is_participle(word) || SHORT.contains(&word) || ["ght", "wn", "ven", "ken"].iter().any(|end| word.ends_with(end))
}

/// The kind of record that these words name.
fn record(engine: &Engine<'_>, words: &[Token], from: usize, end: usize) -> Option<String> {
    let part = words.get(from..end)?;
    let name = part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    engine.lexicon.find(&name).map(|known| known.key.clone())
}

impl Described<'_> {
    fn slice(&self, range: Range<usize>) -> &str {
        let from = self.words.get(range.start).map_or(self.text.len(), |token| token.start);
        let to = range.end.checked_sub(1).and_then(|at| self.words.get(at)).map_or(self.text.len(), |token| token.end);
        self.text.get(from..to.max(from)).unwrap_or_default()
    }

    /// A sentence about the record.
    fn told(&self, engine: &Engine<'_>, said: &str) -> Option<Vec<Effect>> {
        // "the text of the complaint": whose it is is no part of its name.
        let said = ["the", "a", "each"]
            .iter()
            .fold(said.to_owned(), |said, article| said.replace(&format!(" of {article} {}", self.subject), ""));
        let article = if self.subject.starts_with(['a', 'e', 'i', 'o', 'u']) { "An" } else { "A" };
        engine.sentence(&format!("{article} {} {said}", self.subject)).ok()
    }

    fn clause(&self, engine: &Engine<'_>, (verb, range): &(Verb, Range<usize>)) -> Option<Vec<Effect>> {
        match *verb {
            Verb::Has(from) => self.told(engine, &format!("has {}", self.slice(from..range.end))),
            Verb::ComesWith(from) => {
                let mut effects = self.told(engine, &format!("has {}", self.slice(from..range.end)))?;
                if entered_by(engine, &self.words, range.start) == Some(from) {
                    let who = self.slice(range.start..from - 1).rsplit_once(" by the ")?.1;
                    effects.push(Effect::Role { name: who.to_owned() });
                }
                Some(effects)
            }
            Verb::Span => self.told(engine, self.slice(range.clone())),
            Verb::Known(from) => {
                let (mut effects, rule) = self.known(engine, from..range.end)?;
                // On the first reading nothing is known yet; the next one knows what this one tells.
                if let (Some(rule), Some(owner)) = (rule, engine.lexicon.find(&self.subject)) {
                    let topics = std::iter::once(owner.key.clone()).chain(engine.topics.iter().cloned()).collect();
                    effects.extend(Engine { lexicon: engine.lexicon, topics }.sentence(&rule).ok()?);
                }
                Some(effects)
            }
            Verb::Parts(from) => {
                let part = record(engine, &self.words, from, range.end)?;
                let part = engine.lexicon.entity(&part)?.name.clone();
                let whole = engine.lexicon.find(&self.subject)?.name.clone();
                Some(refers(engine.lexicon, &part, &whole))
            }
            Verb::Stands(from, always) => self.stands(engine, from..range.end, always),
        }
    }

    /// "its number, which is unique within the square": the field, and what more is said of it.
    fn known(&self, engine: &Engine<'_>, range: Range<usize>) -> Option<(Vec<Effect>, Option<String>)> {
        let named = self.slice(range);
        let (name, more) = named.split_once(", which ").map_or((named, None), |(name, more)| (name, Some(more)));
        let name = ["its ", "a ", "an ", "the "].iter().find_map(|lead| name.strip_prefix(lead))?;
        Some((self.told(engine, &format!("has a {name}"))?, more.map(|more| format!("The {name} {more}"))))
    }

    /// "in a building", "on a lift by a technician", "for a dog with the vaccine and a date": the records that it refers to.
    fn stands(&self, engine: &Engine<'_>, range: Range<usize>, always: bool) -> Option<Vec<Effect>> {
        let word = |at: usize| self.words.get(at).filter(|token| at < range.end && !token.quoted);
        let stops = |at: usize| {
            word(at).is_none_or(|token| {
                PREPOSITIONS.contains(&token.word.as_str()) || matches!(token.word.as_str(), "," | "and" | ":" | "(")
            })
        };
        let mut effects = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let leads = |token: &Token| {
                PREPOSITIONS.contains(&token.word.as_str()) || matches!(token.word.as_str(), "," | "and")
            };
            let lead = at;
            while word(at).is_some_and(leads) {
                at += 1;
            }
            // "names a wheel and a quantity"
            let object = word(range.start).is_some_and(|token| !leads(token));
            let fields = word(lead).is_some_and(|token| {
                matches!(token.word.as_str(), "with" | ":" | ",") || object && token.word == "and"
            });
            if word(at).is_some_and(|token| token.word == ":") {
                at += 1;
            }
            let begin = at;
            let mut one = false;
            while word(at).is_some_and(|token| {
                matches!(
                    token.word.as_str(),
                    "a" | "an" | "the" | "its" | "one" | "exactly" | "another" | "single" | "particular"
                )
            }) {
                one |= word(at).is_some_and(|token| matches!(token.word.as_str(), "one" | "exactly"));
                at += 1;
            }
            let end = (at + 1..=range.end).find(|at| stops(*at))?;
            if let Some(parent) = record(engine, &self.words, at, end) {
                let named = engine.lexicon.entity(&parent)?;
                effects.extend(refers(engine.lexicon, &self.subject, &named.name.clone()));
                if (one || always)
                    && let Some(child) = engine.lexicon.find(&self.subject).map(|child| child.key.clone())
                    && let Some(field) = engine.lexicon.reference(&child, &parent)
                {
                    effects.push(Effect::Rule(RuleKind::Required { entity: child, field }));
                }
                at = end;
                continue;
            }
            // "takes place on a date", "with the vaccine, the date given and a batch number": fields from here on.
            // "for one household on one pick-up date"
            let timed = |token: &Token| matches!(token.word.as_str(), "date" | "day" | "time");
            let dated = word(lead).is_some_and(|token| matches!(token.word.as_str(), "on" | "at")) && end <= at + 3;
            let moment = end.checked_sub(1).and_then(word).is_some_and(timed) && (end == at + 1 || dated);
            let led = begin > lead && lead > range.start || moment;
            if !led || effects.is_empty() && !moment || !(fields || moment) {
                return None;
            }
            effects.extend(self.told(engine, &format!("has {}", self.slice(begin..range.end)))?);
            return Some(effects);
        }
        (!effects.is_empty()).then_some(effects)
    }
}
