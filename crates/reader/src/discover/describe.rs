//! Sentences about what a record has: `A race needs a title of no more than 70 characters`, `First name and last name are
//! both required`, `I have to give my date of birth, which must lie in the past`.

use super::facet::{self, Place};
use super::words::{bounds, prepared, raw, starts};
use crate::aside;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::item;
use crate::fields::note::{self, Notes};
use crate::fields::prose;
use crate::lexicon::{name_words, one_of};
use crate::normal;
use crate::token::Token;
use crate::verbs::is_participle;

/// What a sentence tells of records.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) effects: Vec<Effect>,
    /// Nothing of the sentence is left over.
    pub(crate) whole: bool,
    /// It lists what a record that it names has.
    pub(crate) listed: bool,
}

struct Item {
    name: String,
    notes: Notes,
}

struct Sentence<'s> {
    text: &'s str,
    words: Vec<Token>,
    engine: &'s Engine<'s>,
    /// The kind of record, by name.
    owner: String,
    items: Vec<Item>,
    /// The items that were spoken of last.
    last: Vec<usize>,
    /// What every item is, by the verb that leads to the list.
    common: Notes,
}

/// Reads a sentence that describes records; `None` where it does not.
///
/// `firm` where the surroundings leave no doubt which kind of record is spoken of: only then are new fields given to it.
pub(crate) fn read(engine: &Engine<'_>, text: &str, firm: bool) -> Option<Description> {
    let plain = aside::without(text);
    let marked = prose::quote_pattern(&plain);
    let text = marked.as_deref().unwrap_or(&plain).trim();
    let words = prepared(text);
    described(engine, text, words.clone(), firm).or_else(|| apposition(engine, text, words, firm))
}

fn described(engine: &Engine<'_>, text: &str, words: Vec<Token>, firm: bool) -> Option<Description> {
    let Opening { owner, at, form, named } = opening(engine, &words)?;
    let mut sentence =
        Sentence { text, words, engine, owner, items: Vec::new(), last: Vec::new(), common: Notes::default() };
    let listed = named && matches!(form, Form::List(_));
    let end = match form {
        Form::List(common) => {
            sentence.common = common;
            sentence.list(at)?
        }
        Form::Fields => sentence.fields(at)?,
        Form::Links => sentence.links(at)?,
        Form::Of(parent) => {
            // What belongs to a record, or is for exactly one, cannot be without it.
            let required = sentence.words.iter().take(at).any(|token| matches!(token.word.as_str(), "belongs" | "one"));
            sentence.items.push(Item { name: parent, notes: Notes { required, ..Notes::default() } });
            sentence.list(at)?
        }
    };
    if !(named || firm) && sentence.items.iter().any(|item| sentence.known(&item.name).is_none()) {
        return None;
    }
    sentence.finish(end).map(|told| Description { listed, ..told })
}

/// How a sentence begins.
struct Opening {
    owner: String,
    at: usize,
    form: Form,
    /// The sentence itself names the kind of record.
    named: bool,
}

impl Opening {
    fn named(owner: String, at: usize, form: Form) -> Self {
        Self { owner, at, form, named: true }
    }

    fn understood(owner: String, at: usize, form: Form) -> Self {
        Self { owner, at, form, named: false }
    }
}

/// "To confirm an entry, a bib number must have been assigned, which is a whole number of 1 or more": a rule with what a
/// field is put in between.
fn apposition(engine: &Engine<'_>, text: &str, words: Vec<Token>, firm: bool) -> Option<Description> {
    let comma = |at: usize| words.get(at).is_some_and(|token| token.word == ",");
    let (at, end, notes) = (1..words.len()).filter(|at| comma(*at)).find_map(|at| {
        let mut notes = Notes::default();
        let end = facet::run(&words, at + 1, Place::Apart, &mut notes)?;
        let typed = notes.kind.is_some() && (end == words.len() || comma(end));
        typed.then_some((at, end, notes))
    })?;
    // What is said stands behind the name, or behind the clause about it.
    let which = words.get(at + 1).is_some_and(|token| token.word == "which");
    let clause = (0..at).rev().find(|at| bounds(&words, *at)).unwrap_or(0);
    let until = if which { (clause..at).find(|at| predicate(&words, *at)).unwrap_or(at) } else { at };
    let article = |at: usize| words.get(at).is_some_and(|token| matches!(token.word.as_str(), "a" | "an" | "the"));
    let from = (0..until).rev().find(|at| article(*at))?;
    let owner = topic(engine).filter(|_| firm)?;
    let mut sentence =
        Sentence { text, words, engine, owner, items: Vec::new(), last: Vec::new(), common: Notes::default() };
    let mut of_it = Notes::default();
    let (name, behind) = sentence.name(from + 1)?;
    let behind = facet::run(&sentence.words, behind, Place::List, &mut of_it).unwrap_or(behind);
    (behind == until || behind == end).then_some(())?;
    let name = sentence.known(&name).unwrap_or(name);
    sentence.items.push(Item { name: name.clone(), notes: of_it });
    sentence.last = vec![0];
    sentence.note(&notes);
    let place = |at: usize| sentence.words.get(at).map_or(text.len(), |token| token.start);
    let rule = format!(
        "{}the {name} {}{}",
        text.get(..place(from))?,
        text.get(place(until)..place(at))?,
        text.get(place(end)..)?.trim_start_matches(',')
    );
    let rule = sentence.inner().sentence(&rule);
    let all = sentence.words.len();
    let mut told = sentence.finish(all)?;
    match rule {
        Ok(more) if told.whole => told.effects.extend(more),
        _ => {
            told.whole = false;
            told.effects.retain(names);
        }
    }
    Some(told)
}

/// Whether an effect names something and demands nothing.
fn names(effect: &Effect) -> bool {
    matches!(effect, Effect::Entity { .. } | Effect::Field { .. } | Effect::Alias { .. } | Effect::Unit { .. })
}

/// "start and end, each with date and time": one entry of a list that names several fields of a kind of record.
pub(crate) fn several(engine: &Engine<'_>, owner: &str, entry: &str) -> Option<Vec<Effect>> {
    let words = prepared(entry);
    let joined = words.iter().position(|token| token.word == "and")?;
    let behind = words.iter().skip(joined).position(|token| matches!(token.word.as_str(), "," | "(" | ":"))? + joined;
    let shared = words.iter().skip(behind).any(|token| matches!(token.word.as_str(), "both" | "each" | "all"));
    let mut sentence = Sentence {
        text: entry,
        words,
        engine,
        owner: owner.to_owned(),
        items: Vec::new(),
        last: Vec::new(),
        common: Notes::default(),
    };
    let end = shared.then(|| sentence.entries())??;
    let several = sentence.items.len() > 1 && end == sentence.words.len();
    sentence.finish(end).filter(|told| several && told.whole).map(|told| told.effects)
}

enum Form {
    /// Items follow.
    List(Notes),
    /// Fields follow as the subject of what is said of them.
    Fields,
    /// Two records follow that it refers to.
    Links,
    /// Items follow of what belongs to this kind of record.
    Of(String),
}

const HAS: &[&str] = &[
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
fn opening(engine: &Engine<'_>, words: &[Token]) -> Option<Opening> {
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
    let duty = |at: usize| words.get(at).is_some_and(|token| token.word == "to");
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
        && !(verb.starts_with("need") && only_done(engine, &name))
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
    let deed = DEEDS.iter().any(|end| word.ends_with(end)) || states(&word);
    deed && !name.contains(' ') && engine.lexicon.find(name).is_none()
}

/// "I have to give", "we keep", "the director states": somebody tells fields; where they begin, and whether they must.
fn teller(engine: &Engine<'_>, words: &[Token], at: usize) -> Option<(usize, Notes)> {
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
    let plain = part.iter().all(|token| !token.quoted && token.word.chars().all(|c| c.is_alphabetic() || c == '-'));
    const NEVER: &[&str] = &[
        "system", "user", "is", "are", "may", "must", "not", "of", "and", "or", "the", "it", "they", "we", "if",
        "when", "who", "that", "which", "for", "no", "there", "shall", "should",
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

fn topic(engine: &Engine<'_>) -> Option<String> {
    engine.lexicon.entity(engine.topics.first()?).map(|entity| entity.name.clone())
}

/// The record whose fields a sentence begins with: the one of its surroundings that has the first of them, else the likeliest.
/// "of a booking", behind what belongs to it: the kind of record, and where the words end.
fn possessor(engine: &Engine<'_>, words: &[Token], at: usize) -> Option<(String, usize)> {
    words.get(at).filter(|token| token.word == "of" && !token.quoted)?;
    let determined = |token: &&Token| matches!(token.word.as_str(), "a" | "an" | "the" | "each" | "every");
    let from = at + 1 + words.get(at + 1).iter().filter(|token| determined(token)).count();
    (from + 1..=words.len().min(from + 3)).rev().find_map(|end| {
        let entity = engine.lexicon.find(&raw(words.get(from..end)?))?;
        Some((entity.name.clone(), end))
    })
}

fn owner_of(engine: &Engine<'_>, words: &[Token]) -> Option<String> {
    let end = (0..words.len()).find(|at| bounds(words, *at) || predicate(words, *at))?;
    let text = raw(words.get(..end)?);
    let named = engine.topics.iter().filter_map(|topic| engine.lexicon.entity(topic));
    let name = text.trim_start_matches("The ").trim_start_matches("the ");
    let known = named.clone().find(|entity| entity.find(name).is_some());
    known.map(|entity| entity.name.clone()).or_else(|| topic(engine))
}

/// Whether something is said of the subject from here on.
fn predicate(words: &[Token], at: usize) -> bool {
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

const DETERMINERS: &[&str] =
    &["a", "an", "the", "its", "their", "my", "your", "our", "his", "her", "one", "exactly", "1"];

impl Sentence<'_> {
    /// Items up to the end, or to where something else begins.
    fn list(&mut self, at: usize) -> Option<usize> {
        self.list_from(at, None)
    }

    fn list_from(&mut self, at: usize, end: Option<usize>) -> Option<usize> {
        let mut at = at;
        let mut end = end;
        loop {
            // "I may leave a number, and I can say whether ...": somebody goes on telling.
            if end.is_some()
                && let Some((from, common)) = teller(self.engine, &self.words, at)
            {
                at = from;
                self.common = common;
            }
            // "A duty links a guide and a hut and has a start": the same goes on.
            let verb = HAS.iter().filter_map(|verb| starts(&self.words, at, verb).map(|length| (length, *verb))).max();
            if let Some((length, verb)) = verb.filter(|_| end.is_some()) {
                at += length;
                let required = verb.starts_with("need");
                self.common = Notes { required, ..Notes::default() };
            }
            let next = self.item(at, end.is_none());
            let Some(found) = next.or_else(|| end.and_then(|_| self.said(at))) else {
                return end;
            };
            end = Some(found);
            at = self.behind_joint(found);
            if at == found {
                return end;
            }
        }
    }

    /// "one runner to one race": two kinds of records, and what is said of both.
    fn links(&mut self, at: usize) -> Option<usize> {
        let to = (at..self.words.len())
            .find(|at| self.words.get(*at).is_some_and(|token| matches!(token.word.as_str(), "to" | "with" | "and")))?;
        let end = (to..self.words.len()).skip(1).find(|at| bounds(&self.words, *at)).unwrap_or(self.words.len());
        for (from, end) in [(at, to), (to + 1, end)] {
            let one = self.words.get(from).is_some_and(|token| matches!(token.word.as_str(), "one" | "a" | "an"));
            let name = raw(self.words.get(from + usize::from(one)..end).filter(|part| one && part.len() <= 3)?);
            self.engine.lexicon.find(&name)?;
            self.items.push(Item { name, notes: Notes::default() });
        }
        self.last = vec![0, 1];
        let next = self.behind_joint(end);
        if next == end { Some(end) } else { self.list_from(next, Some(end)) }
    }

    /// Items that need no determiner.
    fn entries(&mut self) -> Option<usize> {
        let first = self.item(0, false)?;
        let next = self.behind_joint(first);
        self.list_from(next, Some(first))
    }

    /// Fields and what is said of them, again and again.
    fn fields(&mut self, at: usize) -> Option<usize> {
        let mut at = at;
        let mut end = None;
        loop {
            let there =
                ["there is also", "there is", "there may be"].iter().find_map(|lead| starts(&self.words, at, lead));
            let found = match there {
                Some(length) => self.item(at + length, true),
                None => end.and_then(|_| self.said(at)).or_else(|| self.subjects(at)),
            };
            let Some(found) = found else { return end };
            end = Some(found);
            at = self.behind_joint(found);
            if at == found {
                return end;
            }
        }
    }

    /// Behind the marks and words that join two parts.
    fn behind_joint(&self, at: usize) -> usize {
        let joint = |token: &Token| !token.quoted && matches!(token.word.as_str(), "," | ";" | "and" | "but" | "–");
        (at..self.words.len()).find(|at| !self.words.get(*at).is_some_and(joint)).unwrap_or(self.words.len())
    }

    /// One item of a list: a name, and what is noted of it.
    fn item(&mut self, at: usize, first: bool) -> Option<usize> {
        let mut notes = self.common.clone();
        if let Some(length) = ["say whether", "tell whether", "state whether", "whether"]
            .iter()
            .find_map(|lead| starts(&self.words, at, lead))
        {
            return self.flag(at + length, notes);
        }
        let (at, led) = determined(&self.words, at, &mut notes);
        let (name, mut end) = self.name(at)?;
        if !led && first && self.words.get(end).is_none_or(|token| token.word != "(") {
            return None;
        }
        // "a date and time" is one item.
        if let Some(length) = starts(&self.words, end, "and time").filter(|_| name.eq_ignore_ascii_case("date")) {
            note::read("date and time", self.engine.lexicon, &mut notes);
            notes.aliases.push("date and time".to_owned());
            end += length;
        }
        // "a pilot and a glider (both required)"
        let shared =
            self.words.get(end + 1).is_some_and(|token| matches!(token.word.as_str(), "both" | "each" | "all"))
                && self.words.get(end).is_some_and(|token| token.word == "(");
        let mut of_all = Notes::default();
        end = self.notes_behind(end, Place::List, if shared { &mut of_all } else { &mut notes })?;
        // "A work day needs ... a number of helpers, which defaults to 5": nobody must give what stands there anyway.
        notes.required &= notes.default.is_none() || !self.common.required;
        self.last = vec![self.items.len()];
        self.items.push(Item { name, notes });
        if shared {
            self.last = (0..self.items.len()).collect();
            self.note(&of_all);
        }
        Some(end)
    }

    /// "whether I am a club member": a yes/no field.
    fn flag(&mut self, at: usize, mut notes: Notes) -> Option<usize> {
        let end = (at..self.words.len()).find(|at| bounds(&self.words, *at)).unwrap_or(self.words.len());
        let part = self.words.get(at..end)?;
        let pronoun =
            part.first().is_some_and(|token| matches!(token.word.as_str(), "i" | "it" | "they" | "he" | "she"));
        // "whether I am a club member" asks whether one is a club member.
        let asked: Vec<&str> = part
            .get(usize::from(pronoun)..)?
            .iter()
            .map(|token| if token.word == "am" { "is" } else { token.raw.as_str() })
            .filter(|word| !matches!(*word, "a" | "an" | "the"))
            .collect();
        let name = prose::flag(&asked).filter(|name| pronoun && name.split(' ').count() <= 3)?;
        note::read("yes/no", self.engine.lexicon, &mut notes);
        let end = self.notes_behind(end, Place::List, &mut notes)?;
        self.last = vec![self.items.len()];
        self.items.push(Item { name, notes });
        Some(end)
    }

    /// A name from `at` on: what stands before a mark, a predicate, or what is noted of it.
    fn name(&self, at: usize) -> Option<(String, usize)> {
        if let Some(named) = self.named_behind(at) {
            return Some(named);
        }
        const NEVER: &[&str] = &[
            "no",
            "apart",
            "except",
            "besides",
            "everything",
            "everyone",
            "nothing",
            "anything",
            "if",
            "when",
            "only",
            "than",
            "or",
            "unless",
            "it",
            "they",
            "we",
            "i",
            "there",
            "same",
            "all",
            "any",
            "both",
            "each",
            "every",
            "other",
            "them",
            "these",
            "this",
            "must",
            "would",
            "will",
            "to",
            "by",
            "until",
            "while",
            "once",
            "new",
            "following",
        ];
        let mut end = at;
        while let Some(token) = self.words.get(end) {
            let word = token.word.as_str();
            if token.quoted
                || bounds(&self.words, end)
                || predicate(&self.words, end)
                || matches!(word, "which" | "that" | "who" | "where")
            {
                break;
            }
            // "The deposit of a booking": whose it is is no part of its name.
            if end > at
                && let Some((owner, behind)) = possessor(self.engine, &self.words, end)
                && owner == self.owner
            {
                let name = raw(self.words.get(at..end)?);
                return self.names_field(&name).then_some((name, behind));
            }
            // "a donation for the youth team": what it is for is no part of its name.
            if end > at && self.aside(end) > end {
                break;
            }
            // "The number of helpers needed" is a name; "needed" notes something only behind a comma or a verb.
            let named = word == "needed" && self.words.get(end + 1).is_none_or(|_| bounds(&self.words, end + 1));
            if end > at && !named && facet::run(&self.words, end, Place::List, &mut Notes::default()).is_some() {
                break;
            }
            let plain = word == "'s"
                || word.starts_with(char::is_alphabetic)
                    && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
            if !plain || NEVER.contains(&word) {
                return None;
            }
            end += 1;
        }
        let part = self.words.get(at..end).filter(|part| (1..=5).contains(&part.len()))?;
        if part
            .last()
            .is_some_and(|last| matches!(last.word.as_str(), "of" | "for" | "in" | "with" | "from" | "at" | "'s"))
        {
            return None;
        }
        let name = raw(part);
        self.names_field(&name).then_some((name, end))
    }

    /// Where words that say what a field is for end: `for the youth team`.
    fn aside(&self, at: usize) -> usize {
        let led = self.words.get(at).is_some_and(|token| token.word == "for")
            && self.words.get(at + 1).is_some_and(|token| matches!(token.word.as_str(), "the" | "our" | "my"));
        let those = starts(&self.words, at, "for those who").or_else(|| starts(&self.words, at, "for those that"));
        if those.is_some() {
            return (at..self.words.len())
                .find(|at| self.words.get(*at).is_some_and(|token| matches!(token.word.as_str(), "," | ";" | "(")))
                .unwrap_or(self.words.len());
        }
        let end = (at..self.words.len()).find(|at| {
            bounds(&self.words, *at)
                || predicate(&self.words, *at)
                || self.words.get(*at).is_some_and(|token| token.word == "which")
        });
        if led { end.unwrap_or(self.words.len()) } else { at }
    }

    /// "the date until which it is airworthy (airworthy until)": the name stands in parentheses behind its meaning.
    fn named_behind(&self, at: usize) -> Option<(String, usize)> {
        let open = (at..self.words.len()).find(|at| {
            self.words.get(*at).is_some_and(|token| matches!(token.word.as_str(), "(" | "," | ";" | "and" | "or"))
        })?;
        self.words.get(open).filter(|token| token.word == "(")?;
        let clause = self
            .words
            .get(at..open)?
            .iter()
            .any(|token| matches!(token.word.as_str(), "which" | "it" | "they" | "that" | "who"));
        let close = (open..self.words.len()).find(|at| self.words.get(*at).is_some_and(|token| token.word == ")"))?;
        let part = self.words.get(open + 1..close).filter(|part| clause && (1..=3).contains(&part.len()))?;
        let plain = part.iter().all(|token| token.word.chars().all(char::is_alphabetic));
        let facet = facet::run(&self.words, open + 1, Place::Apart, &mut Notes::default()).is_some();
        (plain && !facet).then(|| (raw(part), close + 1))
    }

    /// Whether a name can be a field's: the plural of a kind of record names many of them, and a role is somebody.
    fn names_field(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let lexicon = self.engine.lexicon;
        let many = lexicon.entities.iter().any(|entity| entity.plural == lower && entity.name != lower);
        let own = lexicon.find(&self.owner).is_some_and(|owner| owner.words == name_words(name));
        const NOTHING: &[&str] =
            &["field", "fields", "following", "data", "information", "details", "look", "right", "way", "reason why"];
        !many && !own && !NOTHING.contains(&lower.as_str())
    }

    /// Notes in parentheses and behind the name.
    fn notes_behind(&self, at: usize, place: Place, notes: &mut Notes) -> Option<usize> {
        let mut end = self.aside(at);
        if self.words.get(end).is_some_and(|token| token.word == "(") {
            let close =
                (end..self.words.len()).find(|at| self.words.get(*at).is_some_and(|token| token.word == ")"))?;
            self.parenthesis(end, close, notes)?;
            end = self.aside(close + 1);
        }
        let comma = usize::from(
            self.words.get(end).is_some_and(|token| token.word == "," || token.word == ":" && place == Place::List),
        );
        Some(facet::run(&self.words, end + comma, place, notes).unwrap_or(end))
    }

    fn parenthesis(&self, open: usize, close: usize, notes: &mut Notes) -> Option<()> {
        let inner = self.words.get(open + 1..close)?;
        let mut trial = notes.clone();
        if facet::run(inner, 0, Place::Apart, &mut trial) == Some(inner.len()) {
            *notes = trial;
        } else {
            let text = self.text.get(inner.first()?.start..inner.last()?.end)?;
            note::read(text, self.engine.lexicon, notes);
        }
        Some(())
    }

    /// What is said of fields that were named before: `each title can be used only once`, `all of which must be given`.
    fn said(&mut self, at: usize) -> Option<usize> {
        self.identifies(at)
            .or_else(|| self.otherwise(at))
            .or_else(|| self.of_several(at))
            .or_else(|| self.shared_by_none(at))
            .or_else(|| self.of_named(at))
    }

    /// "unless I say so, I am not": what holds where nothing is said.
    fn otherwise(&mut self, at: usize) -> Option<usize> {
        self.words.get(at).filter(|token| token.word == "unless" && self.last.len() == 1)?;
        let mut notes = Notes::default();
        let end = facet::run(&self.words, at, Place::Apart, &mut notes)?;
        self.note(&notes);
        Some(end)
    }

    /// "it identifies the balloon": no two have the same.
    fn identifies(&mut self, at: usize) -> Option<usize> {
        let from = at
            + ["it identifies the", "which identifies the", "it identifies a"]
                .iter()
                .find_map(|lead| starts(&self.words, at, lead))?;
        let end = (from..self.words.len()).find(|at| bounds(&self.words, *at)).unwrap_or(self.words.len());
        let same = name_words(&raw(self.words.get(from..end)?)) == name_words(&self.owner) && self.last.len() == 1;
        same.then(|| {
            self.note(&Notes { unique: true, ..Notes::default() });
            // "..., so it can exist only once" says it again.
            facet::run(&self.words, self.behind_joint(end), Place::Apart, &mut Notes::default()).unwrap_or(end)
        })
    }

    /// "both are required", "all of these except the name must be given"
    fn of_several(&mut self, at: usize) -> Option<usize> {
        const ALL: &[(&str, usize)] = &[
            ("all of which", usize::MAX),
            ("all of these", usize::MAX),
            ("all of them", usize::MAX),
            ("both of which", 2),
            ("both of them", 2),
            ("both", 2),
            ("all", usize::MAX),
            ("each", usize::MAX),
            ("each of which", usize::MAX),
            ("each of them", usize::MAX),
            ("all these", usize::MAX),
            ("these", usize::MAX),
        ];
        let (length, count) = ALL
            .iter()
            .filter_map(|(lead, count)| Some((starts(&self.words, at, lead)?, *count)))
            .max_by_key(|(length, _)| *length)?;
        let mut from = at + length;
        let mut but = None;
        if let Some(skip) =
            ["except", "except for", "but"].iter().filter_map(|word| starts(&self.words, from, word)).max()
        {
            let (named, _) = determined(&self.words, from + skip, &mut Notes::default());
            let (name, end) = self.name(named)?;
            but = Some(self.items.iter().position(|item| name_words(&item.name) == name_words(&name))?);
            from = end;
        }
        let mut notes = Notes::default();
        let end = facet::run(&self.words, from, Place::Apart, &mut notes)?;
        let first = self.items.len().saturating_sub(count);
        self.last = (first..self.items.len()).filter(|at| Some(*at) != but).collect();
        self.note(&notes);
        Some(end)
    }

    /// "no two runners may share one"
    fn shared_by_none(&mut self, at: usize) -> Option<usize> {
        let length = ["no 2", "nobody else", "no other"].iter().find_map(|lead| starts(&self.words, at, lead))?;
        let end = (at + length..self.words.len()).find(|at| bounds(&self.words, *at)).unwrap_or(self.words.len());
        let part: Vec<&str> = self.words.get(at + length..end)?.iter().map(|token| token.word.as_str()).collect();
        let part: Vec<&str> =
            part.into_iter().filter(|word| !matches!(*word, "may" | "must" | "shall" | "ever")).collect();
        let (share, what) = part.split_at_checked(
            part.iter().position(|word| matches!(*word, "share" | "have" | "has" | "shares" | "use" | "carry"))?,
        )?;
        let same = matches!(what.get(1..)?, ["one" | "it" | "them"] | ["the", "same"] | ["the", "same", "one"]);
        let of = crate::lexicon::one_of(&share.join(" "));
        let owner = share.is_empty() || name_words(&of) == name_words(&self.owner);
        (same && owner && share.len() <= 3 && self.last.len() == 1).then_some(())?;
        self.note(&Notes { unique: true, ..Notes::default() });
        Some(end)
    }

    /// "each title can be used only once", "the name is required": of one that was named.
    fn of_named(&mut self, at: usize) -> Option<usize> {
        let from = at
            + usize::from(self.words.get(at).is_some_and(|token| {
                matches!(token.word.as_str(), "each" | "every" | "the" | "its" | "their" | "this")
            }));
        let end = (from..self.words.len()).find(|at| predicate(&self.words, *at))?;
        let name = name_words(&raw(self.words.get(from..end)?));
        let named = self.items.iter().position(|item| name_words(&item.name) == name)?;
        let mut notes = Notes::default();
        let end = facet::run(&self.words, end, Place::Apart, &mut notes)?;
        self.last = vec![named];
        self.note(&notes);
        Some(end)
    }

    /// Notes more of the items that were spoken of last.
    fn note(&mut self, more: &Notes) {
        for at in &self.last {
            let Some(item) = self.items.get_mut(*at) else { continue };
            let notes = &mut item.notes;
            notes.required |= more.required;
            notes.optional |= more.optional;
            notes.unique |= more.unique;
            notes.kind = notes.kind.take().or_else(|| more.kind.clone());
            notes.format = notes.format.or(more.format);
            notes.default = notes.default.take().or_else(|| more.default.clone());
            notes.units.extend(more.units.iter().cloned());
            notes.segments.extend(more.segments.iter().cloned());
        }
    }

    /// "First name and last name are both required": fields, and what is said of each.
    fn subjects(&mut self, at: usize) -> Option<usize> {
        let mut from = at;
        let mut names: Vec<(String, Notes, bool)> = Vec::new();
        let mut end = loop {
            let mut notes = Notes::default();
            if let Some((pair, end)) = self.both(from) {
                names.extend(pair.into_iter().map(|name| (name, Notes::default(), true)));
                if predicate(&self.words, end) {
                    break end;
                }
                from = self.behind_joint(end);
                continue;
            }
            let (named, led) = determined(&self.words, from, &mut notes);
            let (name, mut end) = self.name(named)?;
            if self.words.get(end).is_some_and(|token| token.word == "(") {
                end = self.notes_behind(end, Place::Apart, &mut notes)?;
            }
            names.push((name, notes, led));
            if predicate(&self.words, end) {
                break end;
            }
            from = self.behind_joint(end);
            if from == end {
                return None;
            }
        };
        // "The date their medical expires is called medical expiry"
        let called = ["is called", "is known as"].iter().find_map(|lead| starts(&self.words, end, lead));
        if let ([(name, notes, _)], Some(length)) = (names.as_mut_slice(), called) {
            let (new, behind) = self.name(end + length)?;
            if name.split(' ').next().is_some_and(|first| matches!(first, "date" | "day")) {
                note::read("date", self.engine.lexicon, notes);
            }
            *name = new;
            end = self.behind_joint(behind);
        }
        let mut notes = Notes::default();
        end = facet::run(&self.words, end, Place::Apart, &mut notes)?;
        let typed = notes.kind.is_some() || notes.format.is_some() || !notes.segments.is_empty() || notes.unique;
        let several = names.len() > 1;
        for (name, _, led) in &names {
            let known = self.known(name).is_some();
            let record =
                self.engine.lexicon.find(name).is_some_and(|entity| !known && *led && entity.words == name_words(name));
            let role = self.engine.lexicon.roles.iter().any(|role| name_words(role) == name_words(name));
            // "Approval is mandatory" names no field by itself.
            if !known && (role || record && !several || !(led | typed | several)) {
                return None;
            }
        }
        let first = self.items.len();
        self.items.extend(names.into_iter().map(|(name, notes, _)| Item { name, notes }));
        self.last = (first..self.items.len()).collect();
        self.note(&notes);
        Some(end)
    }

    /// "both times": the two fields of the record that are called so by their last word.
    fn both(&self, at: usize) -> Option<(Vec<String>, usize)> {
        let from = at + starts(&self.words, at, "both the").or_else(|| starts(&self.words, at, "both"))?;
        let what = self.words.get(from).filter(|token| token.lemma != token.word)?;
        let named = self.engine.lexicon.find(&self.owner)?;
        let pair: Vec<String> = named
            .fields
            .iter()
            .filter(|field| field.words.last() == Some(&what.lemma) && !field.read_only)
            .map(|field| field.name.clone())
            .collect();
        (pair.len() == 2).then_some((pair, from + 1))
    }

    /// The field of the record that goes by this name.
    fn known(&self, name: &str) -> Option<String> {
        let named = self.engine.lexicon.find(&self.owner)?;
        if let Some(field) = named.find(name) {
            return Some(field.name.clone());
        }
        let inner = self.inner();
        let words = normal::normalise(name, self.engine.lexicon);
        let found = inner.scope(&words).field_at(&words, 0);
        let mut whole = found.into_iter().filter(|(end, field)| *end == words.len() && field.entity == named.key);
        whole.next().and_then(|(_, field)| named.field(&field.field)).map(|field| field.name.clone())
    }

    fn inner(&self) -> Engine<'_> {
        let own = self.engine.lexicon.find(&self.owner).map(|entity| entity.key.clone());
        let topics = own.into_iter().chain(self.engine.topics.iter().cloned()).collect();
        Engine { lexicon: self.engine.lexicon, topics }
    }

    /// What all items come to, with the clauses behind them.
    fn finish(self, end: usize) -> Option<Description> {
        if self.items.is_empty() {
            return None;
        }
        let inner = self.inner();
        let mut effects = vec![Effect::Entity { name: self.owner.clone() }];
        let mut whole = true;
        for item in &self.items {
            let name = self.known(&item.name).unwrap_or_else(|| item.name.clone());
            match item::field(&name, &[], item.notes.clone(), &self.owner, &inner) {
                Ok(more) => effects.extend(more),
                Err((more, _)) => {
                    whole = false;
                    effects.extend(more);
                }
            }
        }
        if end < self.words.len() {
            match self.rest(end, &inner) {
                Some(more) => effects.extend(more),
                None => whole = false,
            }
        }
        if !whole {
            effects.retain(names);
        }
        Some(Description { effects, whole, listed: false })
    }

    /// The clauses behind the description, as sentences of their own about the field that was spoken of last.
    fn rest(&self, end: usize, inner: &Engine<'_>) -> Option<Vec<Effect>> {
        let at = self.behind_joint(end);
        let rest = self.text.get(self.words.get(at)?.start..)?;
        let names: Vec<String> = self
            .last
            .iter()
            .filter_map(|at| self.items.get(*at))
            .map(|item| self.known(&item.name).unwrap_or_else(|| item.name.clone()))
            .collect();
        let subject = format!("the {}", names.join(" and the "));
        let mut readings = Vec::new();
        let mut of_it = at;
        while self.words.get(of_it).is_some_and(|token| matches!(token.word.as_str(), "it" | "they" | "which" | "that"))
        {
            of_it += 1;
        }
        if predicate(&self.words, of_it) {
            readings.push(format!("{subject} {}", self.text.get(self.words.get(of_it)?.start..)?));
        } else if at > end {
            // "..., and when we add a pilot it must not be in the past"
            for it in [" it ", " they "] {
                if rest.contains(it) {
                    readings.push(rest.replacen(it, &format!(" {subject} "), 1));
                }
            }
            readings.push(rest.to_owned());
        }
        readings.iter().find_map(|reading| inner.sentence(reading).ok())
    }
}

/// Behind determiners and words such as `optional`; whether a determiner stood there.
fn determined(tokens: &[Token], at: usize, notes: &mut Notes) -> (usize, bool) {
    let mut at = at;
    let mut led = false;
    while let Some(token) = tokens.get(at).filter(|token| !token.quoted) {
        match token.word.as_str() {
            word if DETERMINERS.contains(&word) => led = true,
            "optional" | "optionally" => notes.optional = true,
            "required" | "mandatory" => notes.required = true,
            "unique" => notes.unique = true,
            "also" => {}
            _ => break,
        }
        at += 1;
    }
    (at, led)
}
