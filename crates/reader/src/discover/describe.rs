//! Sentences about what a record has: `A race needs a title of no more than 70 characters`, `First name and last name are
//! both required`, `I have to give my date of birth, which must lie in the past`.

use super::facet::{self, Place};
use super::names::determined;
use super::opening::{Form, HAS, Opening, opening, predicate, teller, topic};
use super::words::{bounds, prepared, raw, starts};
use crate::aside;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::item;
use crate::fields::note::{self, Notes};
use crate::fields::prose;
use crate::fields::retold;
use crate::token::Token;

/// What a sentence tells of records.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) effects: Vec<Effect>,
    /// Nothing of the sentence is left over.
    pub(crate) whole: bool,
    /// It lists what a record that it names has.
    pub(crate) listed: bool,
}

pub(super) struct Item {
    pub(super) name: String,
    pub(super) notes: Notes,
}

pub(super) struct Sentence<'s> {
    pub(super) text: &'s str,
    pub(super) words: Vec<Token>,
    pub(super) engine: &'s Engine<'s>,
    /// The kind of record, by name.
    pub(super) owner: String,
    pub(super) items: Vec<Item>,
    /// The items that were spoken of last.
    pub(super) last: Vec<usize>,
    /// What every item is, by the verb that leads to the list.
    pub(super) common: Notes,
}

/// Reads a sentence that describes records; `None` where it does not.
///
/// `firm` where the surroundings leave no doubt which kind of record is spoken of: only then are new fields given to it.
pub(crate) fn read(engine: &Engine<'_>, text: &str, firm: bool) -> Option<Description> {
    let plain = aside::without(text, engine.lexicon);
    // What for is demanded by nobody.
    let plain = plain.split(" so that ").next().unwrap_or_default().trim_end_matches(',').to_owned();
    let plain = [", if given,", ", if present,", ", if there is one,"]
        .iter()
        .fold(plain, |plain, aside| plain.replace(aside, ""));
    let plain = retold::owned(&plain, engine.lexicon).unwrap_or(plain);
    let plain = retold::of_digits(&plain).unwrap_or(plain);
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
    let spoken_of = matches!(form, Form::Fields);
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
    // "Start and service date are required" of a record with a date of the last service: nobody knows whether they are one.
    if spoken_of && sentence.items.len() > 1 && sentence.items.iter().any(|item| sentence.unclear(&item.name)) {
        return None;
    }
    // "A bike has a tag and a price; it is required": which of them?
    let unclear =
        ["; it is ", "; it must ", "; it has to ", " - it is ", " – it is "].iter().any(|it| text.contains(it));
    if unclear && sentence.items.len() > 1 {
        return None;
    }
    // "Refers to a van" where no vans are kept tells no text of that name.
    let words: Vec<&str> = sentence.words.iter().take(at).map(|token| token.word.as_str()).collect();
    let refers = matches!(words.as_slice(), [.., "refers" | "refer", "to"]);
    let known = |item: &Item| engine.lexicon.find(&item.name).is_some() || sentence.known(&item.name).is_some();
    if refers && !sentence.items.iter().all(known) {
        return None;
    }
    sentence.finish(end).map(|told| Description { listed, ..told })
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
    matches!(
        effect,
        Effect::Entity { .. }
            | Effect::Field { .. }
            | Effect::UsedAs { .. }
            | Effect::Alias { .. }
            | Effect::Unit { .. }
    )
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
    pub(super) fn behind_joint(&self, at: usize) -> usize {
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
        // "a pilot and a glider (both required)", "starts at and ends at (date and time, both required)"
        let whole = |at: usize| {
            self.words
                .get(at)
                .filter(|token| matches!(token.word.as_str(), "both" | "each" | "all"))
                .map(|token| &token.word)
        };
        let opens = self.words.get(end).is_some_and(|token| token.word == "(");
        let close = (end..self.words.len()).find(|at| self.words.get(*at).is_some_and(|token| token.word == ")"));
        let of_several = close.filter(|_| opens).and_then(|close| (end + 1..close).find_map(whole));
        let of_two = of_several.is_some_and(|word| word == "both");
        let shared = of_several.is_some();
        let mut of_all = Notes::default();
        end = self.notes_behind(end, Place::List, if shared { &mut of_all } else { &mut notes })?;
        // "A work day needs ... a number of helpers, which defaults to 5": nobody must give what stands there anyway.
        notes.required &= notes.default.is_none() || !self.common.required;
        self.last = vec![self.items.len()];
        self.items.push(Item { name, notes });
        if shared {
            let from = if of_two { self.items.len().saturating_sub(2) } else { 0 };
            self.last = (from..self.items.len()).collect();
            self.note(&of_all);
        }
        Some(end)
    }

    /// Notes in parentheses and behind the name.
    pub(super) fn notes_behind(&self, at: usize, place: Place, notes: &mut Notes) -> Option<usize> {
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

    pub(super) fn inner(&self) -> Engine<'_> {
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
