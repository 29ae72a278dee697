//! Reads one statement: sentences to clauses, clauses through the pattern families.
//!
//! A clause is understood whole or not at all. Conditions (`if ...`), purposes (`so that ...`) and joined clauses are
//! taken apart here, so that the families need to know one clause only.

use crate::aside;
use crate::barred;
use crate::brief;
use crate::brings;
use crate::cascade;
use crate::clauses;
use crate::effect::Effect;
use crate::exception;
use crate::family;
use crate::fields::{called, demanded, every, form, kept, named_as, prose, retold};
use crate::frame::{strip_frame, system_frame};
use crate::gist;
use crate::lexicon::{self, Lexicon};
use crate::normal;
use crate::pattern::Bound;
use crate::same;
use crate::scope::{FieldRef, Scope};
use crate::speaker;
use crate::telegram;
use crate::together;
use crate::token::Token;
use crate::whole;
use crate::whose;
use maestro_artifacts::{Moment, RuleKind};
use maestro_domain::StatementId;
use std::cell::RefCell;
use std::ops::Range;

mod dead_ends;
mod parts;
mod reading;
mod sound;

pub(crate) use parts::{half_asked, moves, onwards, reached, upon_it};
pub(crate) use reading::Reading;

/// What stands around a statement.
#[derive(Debug, Clone)]
pub(crate) struct Engine<'a> {
    pub(crate) lexicon: &'a Lexicon,
    /// Entities that the section, the story and the statements before speak of, the likeliest first.
    pub(crate) topics: Vec<String>,
}

/// The part that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) quote: String,
    pub(crate) why: String,
}

/// Whether a text speaks of all that was told but for something: that takes the sentence before.
fn leaves_out(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let mut words = lower.split_whitespace();
    words
        .next()
        .is_some_and(|first| matches!(first, "all" | "each" | "everything" | "every" | "none" | "nothing" | "any"))
        && words
            .find(|word| {
                !matches!(*word, "of" | "these" | "them" | "those" | "fields" | "one" | "other" | "others" | "else")
            })
            .is_some_and(|word| matches!(word, "but" | "except" | "save"))
}

/// "Approve: on Mondays only" names nobody.
fn of_nobody(effect: &Effect) -> bool {
    const LEADS: &[&str] =
        &["on", "in", "at", "by", "during", "before", "after", "from", "within", "per", "if", "when"];
    let Effect::Rule(RuleKind::TransitionRole { roles, .. } | RuleKind::ActionRole { roles, .. }) = effect else {
        return false;
    };
    roles.iter().any(|role| role.split_once(' ').is_some_and(|(first, _)| LEADS.contains(&first)))
}

/// Longer sentences are not split into readings any more.
const LONGEST: usize = 90;

/// What a family builds of a match.
pub(crate) type Build = fn(&Bound, &Reading<'_>) -> Option<Vec<Effect>>;

impl Engine<'_> {
    /// Reads one sentence.
    pub(crate) fn sentence(&self, text: &str) -> Result<Vec<Effect>, Gap> {
        let spoken = speaker::plain(text, self.lexicon);
        let told = spoken.as_deref().unwrap_or(text);
        let doer = named_as::doer(told, self.lexicon);
        let plain = whose::told_apart(&aside::without(doer.as_deref().unwrap_or(told), self.lexicon));
        let plain = called::plain(&plain, self.lexicon).unwrap_or(plain);
        let plain = named_as::plain(&plain, self.lexicon).unwrap_or(plain);
        let plain = named_as::without_both(&plain, self.lexicon).unwrap_or(plain);
        let plain = gist::reworded::into_state(&plain, self.lexicon).unwrap_or(plain);
        let plain = telegram::spelled(self.lexicon, &plain).unwrap_or(plain);
        let plain = telegram::of_named(self.lexicon, &plain).unwrap_or(plain);
        if named_as::of_both(&plain, self.lexicon) {
            let why = "it is not clear which of the names refer to these records".to_owned();
            return Err(Gap { quote: text.trim().to_owned(), why });
        }
        let understood = match self.any_reading(&plain) {
            // What no pattern knows is told by names: these come first.
            known if !self.lexicon.settled => known,
            Ok(effects) if whole::holds(&plain, &effects, self.lexicon) => Ok(effects),
            // What would be taken back at the end.
            Ok(effects) => {
                Ok(gist::read(self, &plain).filter(|gist| whole::holds(&plain, gist, self.lexicon)).unwrap_or(effects))
            }
            Err(gap) => gist::read(self, &plain).ok_or(gap),
        };
        let effects = understood.map_err(|gap| {
            let quote = if text.contains(&gap.quote) { gap.quote } else { text.trim().to_owned() };
            Gap { quote, ..gap }
        })?;
        if effects.iter().any(family::always) {
            let why = "it is not clear when that must be so".to_owned();
            return Err(Gap { quote: text.trim().to_owned(), why });
        }
        if effects.iter().any(of_nobody) {
            return Err(Gap { quote: text.trim().to_owned(), why: "it is not clear who is meant".to_owned() });
        }
        if let Some(why) = self.unknown_status(told, &effects) {
            return Err(Gap { quote: text.trim().to_owned(), why });
        }
        if whole::loses(told, &effects) {
            return Err(Gap { quote: text.trim().to_owned(), why: "only a part of it is understood".to_owned() });
        }
        Ok(effects)
    }

    /// "An order can't be accepted without a budget" of orders that have a status: it is no rule of every order that is saved,
    /// though nothing else tells of accepting.
    fn unknown_status(&self, text: &str, effects: &[Effect]) -> Option<String> {
        const MADE: &[&str] = &["accepted", "submitted", "opened", "started", "issued", "placed"];
        let words = normal::normalise(text, self.lexicon);
        let conditional = ["without", "unless", "onlyif", "only", "with"];
        words.iter().find(|token| conditional.iter().any(|word| token.is(word)))?;
        let word = words.iter().find(|token| MADE.iter().any(|word| token.is(word)) && !token.quoted)?;
        effects.iter().find_map(|effect| {
            let Effect::Rule(RuleKind::Required { entity, field }) = effect else { return None };
            let named = self.lexicon.entity(entity)?;
            // "Without the date on which it was issued" names the field.
            let stem = crate::words::stem(&word.word);
            let own = |field: &lexicon::NamedField| field.words.iter().any(|of| crate::words::stem(of) == stem);
            if named.field(field).is_some_and(own) {
                return None;
            }
            let moves = named.flow.initial.is_some() || !named.flow.transitions.is_empty();
            (moves && crate::verbs::state(self.lexicon, entity, &word.word).is_none())
                .then(|| format!("`{}` is no known status of {}", word.word, named.plural))
        })
    }

    /// "A booking needs an active member": of the member that it refers to, and no member of its own.
    fn referenced(&self, text: &str) -> Option<Vec<Effect>> {
        let tokens = normal::normalise(text, self.lexicon);
        let needs = |token: &Token| ["need", "require", "must"].iter().any(|word| token.is(word));
        let made = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Requires { at: Moment::Create, .. }));
        let effects = tokens.iter().any(needs).then(|| self.clause(&tokens))??;
        effects.iter().all(made).then_some(effects)
    }

    pub(crate) fn any_reading(&self, text: &str) -> Result<Vec<Effect>, Gap> {
        if let Some(effects) = self.referenced(text) {
            return Ok(effects);
        }
        if let Some(told) = barred::read(self, text) {
            return told;
        }
        if let Some(effects) = brings::read(self, text) {
            return Ok(effects);
        }
        // Before the field is known by its name, and afterwards.
        if let Some(plain) = clauses::noted_date(self, text) {
            // Of a record that was spoken of: "it" behind this is the date.
            let noted = |effect: &Effect| !matches!(effect, Effect::Entity { .. });
            return self.any_reading(&plain).map(|effects| effects.into_iter().filter(noted).collect());
        }
        if let Some(effects) = same::read(self, text) {
            return Ok(effects);
        }
        if let Some(effects) = exception::with_remark(self, text) {
            return Ok(effects);
        }
        if let Some((head, tail)) = together::split(text)
            && let Ok(mut effects) = self.any_reading(head)
            && let Some(more) = together::read(self, tail, &effects)
        {
            effects.extend(more);
            return Ok(effects);
        }
        if let Some(effects) = demanded::read(text, self.lexicon) {
            return Ok(effects);
        }
        if let Some(effects) = every::told(text).and_then(|plain| self.any_reading(&plain).ok()) {
            return Ok(effects);
        }
        if let Some(effects) = retold::plain(text).and_then(|plain| self.any_reading(&plain).ok()) {
            return Ok(effects);
        }
        if let Some(effects) = kept::told(text, self.lexicon).and_then(|plain| self.any_reading(&plain).ok()) {
            return Ok(effects);
        }
        if let Some(effects) = gist::turned::compared_by_default(self, text) {
            return Ok(effects);
        }
        if let Some(effects) = self.ordered(text).or_else(|| self.resumed(text)) {
            return Ok(effects);
        }
        if let Some(effects) = cascade::read(self, text).or_else(|| self.deleted_and_kept(text)) {
            return Ok(effects);
        }
        if let Some(told) = clauses::read(self, text) {
            return told;
        }
        if let Some(plain) = prose::rewrite(text)
            && let Ok(effects) = self.plain(&plain)
        {
            return Ok(effects);
        }
        let gap = match self.plain(text) {
            Ok(effects) => return Ok(effects),
            Err(gap) => gap,
        };
        // "A member must be active in order to book": what it is for is what it is demanded for.
        if let Some((demand, deed)) = text.split_once(" in order to ")
            && let Ok(effects) = self.plain(&format!("{demand} to {deed}"))
        {
            return Ok(effects);
        }
        if let Some(Ok(effects)) = self.behind_label(text).map(|rest| self.plain(rest)) {
            return Ok(effects);
        }
        self.noted(text)
            .or_else(|| self.barely_noted(text))
            .or_else(|| self.in_turn(text))
            .or_else(|| self.in_return(text))
            .or_else(|| clauses::alone(self, text))
            .or_else(|| clauses::dated(self, text))
            .or_else(|| brief::read(self, text))
            .ok_or(gap)
    }

    /// "Trips can be searched by purpose and are sorted by start, newest first": the order in which they stand, beside what
    /// can be asked for.
    fn ordered(&self, text: &str) -> Option<Vec<Effect>> {
        const VERBS: &[&str] = &["sorted", "ordered", "listed", "shown sorted", "displayed sorted"];
        const STAND: &[&str] = &["and are", "and is", "and they are", "they are"];
        let told = text.trim_end().trim_end_matches('.');
        let (head, order) = VERBS.iter().find_map(|verb| told.split_once(&format!(" {verb} by ")))?;
        // "... can be searched by name and sorted by start" may be asked for, unless it says which come first.
        let loose = if told.ends_with(" first") { head.strip_suffix("and") } else { None };
        let head = STAND.iter().find_map(|joint| head.strip_suffix(joint)).or(loose)?;
        let head = head.trim_end().trim_end_matches([',', ';']);
        let subject =
            [" can be ", " may be "].iter().find_map(|verb| head.split_once(verb)).map(|(subject, _)| subject)?;
        let mut effects = self.any_reading(head).ok()?;
        effects.extend(self.any_reading(&format!("{subject} are sorted by {order}")).ok()?);
        Some(effects)
    }

    /// "Bookings can be filtered by hall and they are shown 10 per page": both say it of bookings.
    fn resumed(&self, text: &str) -> Option<Vec<Effect>> {
        const LISTS: &[&str] = &["filter", "search", "sort", "found", "export", "listed", "shown", "looked up"];
        const JOINTS: &[&str] =
            &[", and they are ", " and they are ", "; they are ", ", they are ", ", and they can be "];
        let (head, rest) = JOINTS
            .iter()
            .find_map(|joint| Some((text.split_once(joint)?, joint.ends_with("can be "))))
            .map(|((head, rest), asked)| (head, format!("{} {rest}", if asked { "can be" } else { "are" })))?;
        let subject = [" can be ", " may be ", " are "]
            .iter()
            .find_map(|verb| head.split_once(verb))
            .map(|(subject, _)| subject)?;
        let lists = LISTS.iter().any(|word| head.contains(word)) && LISTS.iter().any(|word| rest.contains(word));
        (lists && subject.split(' ').count() <= 4).then_some(())?;
        let mut effects = self.any_reading(head).ok()?;
        effects.extend(self.any_reading(&format!("{subject} {rest}")).ok()?);
        Some(effects)
    }

    /// "Deleting an owner removes its dogs, but a dog with stays must not be deleted": what goes along, and what else holds.
    fn deleted_and_kept(&self, text: &str) -> Option<Vec<Effect>> {
        [", but ", ", and ", "; ", ", whereas ", ", while "].iter().find_map(|joint| {
            let (first, second) = text.split_once(joint)?;
            // "Dogs with stays cannot be deleted; their vaccinations are ...": whose is told in front.
            let words = normal::normalise(first, self.lexicon);
            let mut topics = self.scope(&words).mentioned(&words);
            topics.extend(self.topics.iter().cloned());
            let behind = Engine { lexicon: self.lexicon, topics };
            if cascade::read(self, first).is_none() && cascade::read(&behind, second).is_none() {
                return None;
            }
            Some([self.any_reading(first).ok()?, behind.any_reading(second).ok()?].concat())
        })
    }

    /// "A draft can be published, and a published session can be closed": what the first part names, the second speaks of.
    fn in_turn(&self, text: &str) -> Option<Vec<Effect>> {
        [", and ", "; "].iter().find_map(|joint| {
            let (first, second) = text.split_once(joint)?;
            let mut effects = self.plain(first).ok()?;
            let states = |effect: &Effect| matches!(effect, Effect::States { .. } | Effect::Transition { .. });
            if !effects.iter().any(states) {
                return None;
            }
            // What is named here lives as long as this sentence is read: whose it is does not matter.
            let source = StatementId::new("FR-1").ok()?;
            let mut lexicon = self.lexicon.clone();
            effects.iter().for_each(|effect| crate::effect::apply(&mut lexicon, effect, &source));
            let engine = Engine { lexicon: &lexicon, topics: self.topics.clone() };
            effects.extend(engine.plain(second).ok()?);
            Some(effects)
        })
    }

    /// "Each bike is looked after by one mechanic; a mechanic has a name": the second part tells of what the first one names.
    fn in_return(&self, text: &str) -> Option<Vec<Effect>> {
        let (first, second) = text.split_once("; ")?;
        let told = second.to_lowercase();
        let describes =
            ["a ", "an ", "each ", "every "].iter().any(|article| told.starts_with(article)) && told.contains(" has ");
        let more = describes.then(|| self.any_reading(second).ok())??;
        let source = StatementId::new("FR-1").ok()?;
        let mut lexicon = self.lexicon.clone();
        more.iter().for_each(|effect| crate::effect::introduce(&mut lexicon, effect, &source));
        more.iter().for_each(|effect| crate::effect::apply(&mut lexicon, effect, &source));
        let mut effects = Engine { lexicon: &lexicon, topics: self.topics.clone() }.any_reading(first).ok()?;
        effects.extend(more);
        Some(effects)
    }

    /// "Total of an order: at least 0": a field, and what is noted of it.
    fn noted(&self, text: &str) -> Option<Vec<Effect>> {
        let (name, note) = text.split_once(": ")?;
        // "Code: two letters and three digits" is one form, and no two bounds.
        let form = form::rewrite(note);
        let note = form.as_deref().unwrap_or(note);
        // "Deposit (euros): at least 0"
        let (name, more) = match name.strip_suffix(')').and_then(|name| name.split_once(" (")) {
            Some((name, more)) => (name, format!("{more}, {note}")),
            None => (name, note.to_owned()),
        };
        let note = more.as_str();
        let words = normal::normalise(name, self.lexicon);
        let (end, field) = self.scope(&words).field_at(&words, 0).into_iter().next()?;
        if end == words.len() { self.of_field(&field, note) } else { None }
    }

    /// "Arrival date mandatory, not in the past": a field, and notes of it without a verb.
    fn barely_noted(&self, text: &str) -> Option<Vec<Effect>> {
        const NOTES: &[&str] = &[
            "mandatory",
            "required",
            "compulsory",
            "optional",
            "unique",
            "not",
            "never",
            "<=",
            ">=",
            ">",
            "<",
            "between",
        ];
        let plain = text.trim().trim_end_matches('.');
        let (first, notes) = plain.split_once(", ")?;
        let words = normal::normalise(first, self.lexicon);
        if words.iter().any(|token| modal(token) || token.is(":")) {
            return None;
        }
        let (end, field) = self.scope(&words).field_at(&words, 0).into_iter().find(|(end, _)| *end < words.len())?;
        let begins = words.get(end).filter(|next| NOTES.iter().any(|note| next.is(note)) || next.is_number())?;
        let first = first.get(begins.start..)?;
        let mut effects = Vec::new();
        for note in std::iter::once(first).chain(notes.split(", ")) {
            // What is optional is what nothing demands.
            if !note.eq_ignore_ascii_case("optional") {
                effects.extend(self.of_field(&field, note)?);
            }
        }
        (!effects.is_empty()).then_some(effects)
    }

    /// "Totals: the number of ...", "Uniqueness – no two ...": a title in front of a sentence, which names nothing.
    fn behind_label<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (label, rest) = [": ", " – ", " — ", " - "]
            .iter()
            .filter_map(|mark| text.split_once(mark))
            .min_by_key(|(label, _)| label.len())?;
        let words = normal::normalise(label, self.lexicon);
        let scope = self.scope(&words);
        // "The same applies to pilots: no pilot ..." is told at full length behind it.
        if let [same, applies, to, ..] = words.as_slice()
            && same.is("same")
            && ["apply", "applies", "go", "goes", "hold", "holds"].iter().any(|word| applies.is(word))
            && (to.is("to") || to.is("for"))
            && scope.entity_at(&words, 3).iter().any(|(end, _)| *end == words.len())
        {
            return Some(rest);
        }
        // "No longer: ...", "Exception: ...", "On Sundays: ...": what stands behind it does not hold, or not always.
        const NARROWING: &[&str] = &[
            "on",
            "in",
            "at",
            "for",
            "during",
            "after",
            "before",
            "from",
            "with",
            "without",
            "within",
            "under",
            "while",
            "when",
            "rejected",
            "refused",
            "wrong",
            "old",
            "former",
            "obsolete",
            "todo",
            "exception",
            "exceptions",
            "example",
            "examples",
            "longer",
            "later",
            "idea",
            "ideas",
            "open",
            "question",
            "questions",
            "maybe",
        ];
        let narrows = words.iter().any(|token| NARROWING.iter().any(|word| token.is(word) || token.wrote(word)));
        let plain = (1..=4).contains(&words.len())
            && !narrows
            && words.iter().all(|token| {
                token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                    && !modal(token)
                    && !PRONOUNS.contains(&token.word.as_str())
                    && !matches!(token.word.as_str(), "if" | "only" | "no" | "not" | "unless" | "onlyif" | "per")
            })
            && !self.lexicon.roles.iter().any(|role| lexicon::name_words(role) == lexicon::name_words(label))
            && (0..words.len()).all(|at| {
                let lemma = words.get(at).map(|token| token.lemma.as_str()).unwrap_or_default();
                scope.entity_at(&words, at).is_empty()
                    && scope.field_at(&words, at).is_empty()
                    && scope.state_at(&words, at).is_empty()
                    // "Harbours: ..." of sites whose kind is harbour.
                    && !self.lexicon.entities.iter().any(|named| named.values().iter().any(|(_, value)| *value == lemma))
            });
        (plain && rest.split_whitespace().count() > words.len().max(2)).then_some(rest)
    }

    fn plain(&self, text: &str) -> Result<Vec<Effect>, Gap> {
        // "All of these but the fee must be given" says the contrary of what stands behind its `but`.
        if leaves_out(text) {
            return Err(Gap { quote: text.trim().to_owned(), why: "it is not clear what it leaves out".to_owned() });
        }
        let mut tokens = normal::normalise(text, self.lexicon);
        // "After that: preparing → published"
        if let [after, that, ..] = tokens.as_slice()
            && after.is(">")
            && that.is("that")
            && tokens.iter().any(|token| token.word == "->")
        {
            tokens.drain(..2);
        }
        strip_frame(&mut tokens, self.lexicon);
        system_frame(&mut tokens);
        self.resolve_it(&mut tokens);
        if tokens.is_empty() {
            return Err(Gap { quote: text.trim().to_owned(), why: "it says nothing that could be checked".to_owned() });
        }
        if tokens.len() > LONGEST {
            return Err(Gap {
                quote: text.trim().to_owned(),
                why: "the sentence is too long to be read safely".to_owned(),
            });
        }
        // "New bookings are requested" says how they begin: the word that a rule about all bookings would not need.
        let fresh = text.split_whitespace().take(2).find(|word| word.eq_ignore_ascii_case("new"));
        if let (Some(_), false) = (fresh, tokens.first().is_some_and(|first| first.is("new")))
            && let Ok(effects) = self.parts(&marked(&tokens), 0)
        {
            return Ok(effects);
        }
        self.parts(&tokens, 0).map_err(|gap| {
            let quote = gap.and_then(|range| text.get(range)).map_or(text, |quote| quote).trim();
            let quote = if quote.is_empty() { text.trim() } else { quote };
            Gap { quote: quote.to_owned(), why: self.why(&tokens) }
        })
    }

    /// Reads `<field> must be <note>` for a note behind a field's name.
    pub(crate) fn of_field(&self, field: &FieldRef, note: &str) -> Option<Vec<Effect>> {
        let words = normal::normalise(note, self.lexicon);
        let first = words.first()?.word.clone();
        let mut tokens = vec![Token::mention(field.clone())];
        let inner = Engine {
            lexicon: self.lexicon,
            topics: std::iter::once(field.entity.clone()).chain(self.topics.iter().cloned()).collect(),
        };
        if let Some(years) = self.years_of_age(field, note) {
            return self.of_field(field, &format!("at least {years} years ago"));
        }
        // "date of birth: tenant must be 18 or older" is said of the record, by this field.
        // "status: new loans are reserved" is said of them, too.
        let new = usize::from(first == "new");
        if inner.scope(&words).entity_at(&words, new).iter().any(|(_, of)| *of == field.entity) {
            let by_it = |effect: &Effect| match effect {
                Effect::Rule(rule) => {
                    crate::condition::rule_entity(rule) == field.entity && format!("{rule:?}").contains(&field.field)
                }
                Effect::Initial { entity, .. } | Effect::States { entity, .. } => {
                    *entity == field.entity && self.lexicon.flow_field(entity).as_ref() == Some(&field.field)
                }
                _ => false,
            };
            return inner
                .parts(&words, 0)
                .ok()
                .or_else(|| inner.plain(note).ok())
                .filter(|said| !said.is_empty() && said.iter().all(by_it));
        }
        if !matches!(first.as_str(), "must" | "mustnot" | "may" | "mayonly" | "be" | "=" | "have") {
            let mut plain = tokens.clone();
            plain.extend(words.iter().cloned());
            tokens.push(Token::new("must", 0, 0));
            tokens.push(Token::new("be", 0, 0));
            tokens.extend(words);
            return inner.parts(&tokens, 0).or_else(|_| inner.parts(&plain, 0)).ok();
        }
        tokens.extend(words);
        inner.parts(&tokens, 0).ok()
    }

    /// "18 or older", "minimum age 18" of a date of birth: how old somebody must be.
    fn years_of_age(&self, field: &FieldRef, note: &str) -> Option<u32> {
        const WORDS: &[&str] = &[
            "must", "be", "at", "least", "or", "older", "more", "over", "minimum", "min", "age", "aged", "of", "years",
            "old", "year", "and",
        ];
        let named = self.lexicon.field(field)?;
        (named.words.iter().any(|word| word == "birth" || word == "birthday")).then_some(())?;
        let lower = note.to_lowercase().replace('+', " or older ");
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let (numbers, told): (Vec<&str>, Vec<&str>) =
            words.iter().partition(|word| word.chars().all(|c| c.is_ascii_digit()));
        let [years] = numbers.as_slice() else { return None };
        let least = ["least", "older", "minimum", "min"].iter().any(|word| told.contains(word));
        // "18 years ago" counts from something, and so does "over 18".
        (least && told.iter().all(|word| WORDS.contains(word)) && !told.contains(&"over"))
            .then(|| years.parse().ok())?
    }

    /// Reads normalised tokens as one clause or as several.
    pub(crate) fn tokens(&self, tokens: &[Token]) -> Option<Vec<Effect>> {
        self.parts(tokens, 0).ok()
    }

    /// Reads tokens as one clause.
    pub(crate) fn clause(&self, tokens: &[Token]) -> Option<Vec<Effect>> {
        let scope = self.scope(tokens);
        let reading = Reading { tokens, scope: &scope, engine: self };
        family::all().read(tokens, &scope, |build, bound| build(bound, &reading).filter(|effects| self.sound(effects)))
    }

    /// The scope of a clause: what it mentions itself comes before what the surroundings speak of.
    pub(crate) fn scope(&self, tokens: &[Token]) -> Scope<'_> {
        let mut scope = Scope { lexicon: self.lexicon, focus: Vec::new(), memo: RefCell::default() };
        let fields = tokens.iter().filter_map(|token| token.field.as_ref()).map(|field| field.entity.clone());
        let mut focus: Vec<String> = fields.collect();
        let mentioned = scope.mentioned(tokens);
        focus.extend(self.topics.first().filter(|topic| self.lists_fields(tokens, topic, &mentioned)).cloned());
        focus.extend(mentioned);
        focus.extend(self.topics.iter().cloned());
        let mut seen = Vec::new();
        focus.retain(|entity| {
            !seen.contains(entity) && {
                seen.push(entity.clone());
                true
            }
        });
        scope.focus = focus;
        scope
    }

    /// "The auction, the lot number, the title and the estimate are required", said of lots, lists what they have: the
    /// auction is the one that a lot refers to.
    fn lists_fields(&self, tokens: &[Token], topic: &str, mentioned: &[String]) -> bool {
        let marks = |word: &str| tokens.iter().filter(|token| token.is(word)).count();
        if marks(",") < 2 || marks("'s") > 0 || mentioned.is_empty() {
            return false;
        }
        let Some(named) = self.lexicon.entity(topic) else { return false };
        let begins = |at: usize| {
            named.fields.iter().any(|field| {
                !field.words.is_empty()
                    && field
                        .words
                        .iter()
                        .enumerate()
                        .all(|(k, word)| tokens.get(at + k).is_some_and(|token| token.lemma == *word))
            })
        };
        let starts = |at: usize| at == 0 || tokens.get(at - 1).is_some_and(|mark| mark.is(",") || mark.is("and"));
        let refers = |one: &String| one == topic || !self.lexicon.references(topic, one).is_empty();
        mentioned.iter().all(refers) && (0..tokens.len()).filter(|at| starts(*at) && begins(*at)).count() > 3
    }

    /// A leading `it` or `they` is what the sentences before spoke of.
    fn resolve_it(&self, tokens: &mut Vec<Token>) {
        let pronoun = tokens.first().is_some_and(|token| PRONOUNS.contains(&token.word.as_str()));
        if let (true, Some(topic)) = (pronoun, self.topics.first().and_then(|topic| self.lexicon.entity(topic)))
            && tokens.get(1).is_some_and(|next| {
                MODALS.contains(&next.word.as_str())
                    || next.is("record")
                    || next.is("belong")
                    || next.is("move")
                    || next.is("start")
                    || next.is("begin")
                    || next.is("end")
                    || ["run", "runs", "last", "lasts", "become", "becomes"].iter().any(|verb| next.is(verb))
            })
        {
            let place = tokens.first().map_or((0, 0), |token| (token.start, token.end));
            let subject: Vec<Token> = topic.name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
            tokens.splice(0..1, subject);
        }
        self.resolve_subordinate(tokens);
    }

    /// "Once a shift is closed it is locked": the main clause speaks of what the subordinate one does.
    fn resolve_subordinate(&self, tokens: &mut Vec<Token>) {
        let subordinate =
            tokens.first().is_some_and(|first| !first.quoted && matches!(first.word.as_str(), "if" | ">" | "onlyif"));
        let at = tokens.iter().enumerate().skip(2).position(|(at, token)| {
            matches!(token.word.as_str(), "it" | "they")
                && !token.quoted
                && tokens.get(at + 1).is_some_and(|next| modal(next) || next.is("become"))
                && !tokens.get(at - 1).is_some_and(|before| {
                    matches!(before.word.as_str(), "if" | "and" | "that" | ">" | "but" | "about" | "of" | "on")
                })
                && tokens.iter().take(at).filter(|token| modal(token)).count() <= 1
        });
        let (true, Some(at)) = (subordinate, at.map(|at| at + 2)) else { return };
        let before = tokens.get(..at).unwrap_or_default();
        let scope = self.scope(before);
        let mentioned = scope.mentioned(before);
        // "If there is a due date, it must be ...": it is the date.
        if mentioned.is_empty() && (0..before.len()).any(|at| !scope.field_at(before, at).is_empty()) {
            return;
        }
        let Some(named) = mentioned.first().or(self.topics.first()).and_then(|key| self.lexicon.entity(key)) else {
            return;
        };
        let place = tokens.get(at).map_or((0, 0), |token| (token.start, token.end));
        let mut subject: Vec<Token> = named.name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
        if !tokens.get(at - 1).is_some_and(|token| token.is(",")) {
            subject.insert(0, Token::new(",", place.0, place.0));
        }
        tokens.splice(at..=at, subject);
    }

    /// Why nothing was understood, as far as can be told.
    fn why(&self, tokens: &[Token]) -> String {
        const ABROAD: &[(&[&str], &str)] = &[
            (
                &[
                    "sms",
                    "notification",
                    "notify",
                    "notified",
                    "reminder",
                    "remind",
                    "reminded",
                    "message",
                    "send",
                    "sent",
                ],
                "sending messages is not among the rules that can be built",
            ),
            (
                &["oauth", "login", "password", "sso", "authenticate", "log"],
                "signing in is not among the rules that can be built",
            ),
            (
                &["pdf", "print", "excel", "word", "upload", "attach", "attachment", "photo", "image"],
                "files and documents are not among the rules that can be built",
            ),
            (
                &["pay", "charge", "card", "stripe", "paypal", "invoice"],
                "payment is not among the rules that can be built",
            ),
        ];
        // "Print jobs", "card number" are what the epic keeps.
        let kept = |word: &str| {
            let name = |words: &[String]| words.iter().any(|part| part == word);
            self.lexicon.entities.iter().any(|of| name(&of.words) || of.fields.iter().any(|field| name(&field.words)))
        };
        let found = ABROAD.iter().find(|(words, _)| {
            let abroad = |word: &str| words.contains(&word) && !kept(word);
            tokens.iter().any(|token| abroad(&token.lemma) || abroad(&token.word) && !kept(&token.lemma))
        });
        if let Some((_, why)) = found {
            return (*why).to_owned();
        }
        if self.scope(tokens).mentioned(tokens).is_empty() {
            return "it names no kind of record that the epic describes".to_owned();
        }
        "no rule of this kind is known".to_owned()
    }
}

pub(crate) const PRONOUNS: &[&str] = &["it", "they", "them", "these", "this", "he", "she"];

/// Words before which the subject of a clause ends.
pub(crate) const MODALS: &[&str] = &[
    "refer", "concern", "consist", "include", "hold", "show", "store", "go", "must", "mustnot", "may", "mayonly", "be",
    "have", "do", "belong", "contain", "record", "start", "move", "need", "not", "link", "connect",
];

/// The clause with the word that says that it speaks of new records.
fn marked(tokens: &[Token]) -> Vec<Token> {
    let mut marked = tokens.to_vec();
    marked.insert(0, Token::new("new", 0, 0));
    marked
}

/// Whether a token ends the subject.
fn modal(token: &Token) -> bool {
    MODALS.contains(&token.word.as_str()) || (!token.quoted && MODALS.contains(&token.lemma.as_str()))
}

/// The bytes that tokens cover.
fn range(tokens: &[Token]) -> Option<Range<usize>> {
    let start = tokens.iter().map(|token| token.start).filter(|start| *start > 0).min().unwrap_or(0);
    let first = tokens.first()?.start;
    let end = tokens.iter().map(|token| token.end).max()?;
    Some(first.min(start)..end)
}
