//! Whether every word of a statement is a name of something that was understood, or part of it by `words.txt`.

use crate::aside;
use crate::effect::Effect;
use crate::fields::form;
use crate::lexicon::{Lexicon, name_words};
use crate::statement;
use crate::token::{self, Token};
use crate::verbs;
use crate::words::{singular, stem};
use maestro_artifacts::{FieldKind, Moment, RuleKind};
use maestro_domain::Statement;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// By stem: the kinds of effects that a word can be part of; none where it can be part of all.
pub(super) type Words = BTreeMap<String, BTreeSet<&'static str>>;

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| by_stem(include_str!("words.txt")));

pub(super) fn by_stem(text: &'static str) -> Words {
    let mut known = Words::new();
    let mut everywhere = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((kinds, words)) = line.split_once(':') else { continue };
        for word in words.split_whitespace() {
            if kinds == "*" {
                everywhere.insert(stem(word));
            }
            known.entry(stem(word)).or_default().extend(kinds.split_whitespace());
        }
    }
    for word in everywhere {
        known.insert(word, BTreeSet::new());
    }
    known
}

/// Where a sentence begins to say what for, or gives an example.
const ENDS: &[&str] =
    &[" so that ", " in order to ", " because ", " since ", " e.g. ", " for example", " for instance", ", so "];

/// The part of a statement, and the word in it, of which nothing was made.
pub(super) fn lost(statement: &Statement, effects: &[Effect], lexicon: &Lexicon) -> Option<(String, String)> {
    // "Falconer: flies and weighs the birds": who somebody is says nothing that could be built.
    if effects.iter().all(|effect| matches!(effect, Effect::Role { .. } | Effect::Actor { .. })) {
        return None;
    }
    let kinds: BTreeSet<String> = effects.iter().map(kind).collect();
    let named = names(effects, lexicon);
    let any = |of: &[&str]| kinds.iter().any(|kind| of.contains(&kind.as_str()));
    let mut joined = BTreeSet::new();
    joined_to(effects, lexicon).into_iter().for_each(|name| add(&mut joined, name));
    // "Volunteers have read access": said of what they may look at.
    let looks = statement.text.contains(" access");
    // "Only active musicians can borrow scores": who borrows makes a loan.
    let made =
        effects.iter().any(|effect| matches!(effect, Effect::Rule(RuleKind::Requires { at: Moment::Create, .. })));
    let part_of = |word: &str| {
        made && verbs::takes_up(word) || fits(&WORDS, word, &kinds) == Some(true)
            // That a figure is understood is held elsewhere.
            || crate::normal::digits(word).is_some()
            || is_named(word, &named)
            || is_contrary(word, &named)
            // "At most 12 participants can enrol in a session": those whom what is counted joins with it.
            || is_named(word, &joined)
            // "A permit is issued for a car", "no ticket may be sold for": how a record is made.
            || (any(MADE) && verbs::is_participle(word))
            // "The treasurer wants to see", "the team lead must state a reason": who looks at a list or fills in a
            // field restricts nothing.
            || ((any(SEEN) || any(RIGHTS) || any(ASKED) || any(&["Capability"]) && looks) && lexicon.roles.iter().any(|role| name_words(role).contains(&singular(word))))
    };
    // "All but the fee are required", "frozen except for its title": what is left out is the record's own.
    let mut own = BTreeSet::new();
    own_fields(effects, lexicon).iter().for_each(|name| add(&mut own, name));
    let cells = super::cells(statement, any(&["Transition"]));
    // A table stands under its title.
    let title = statement.table.is_empty().then_some(&statement.text);
    // "draft: the employee is still working on it" among states: what the state means.
    let states = any(&["States", "AllStates"]);
    let items = statement.items.iter().map(|item| {
        let name = if states { [": ", " – ", " — "].iter().find_map(|mark| item.split_once(mark)) } else { None };
        name.map_or(item.as_str(), |(name, _)| name)
    });
    for text in title.map(String::as_str).into_iter().chain(items).chain(cells.map(String::as_str)) {
        let plain = aside::without(text, lexicon);
        let plain = form::rewrite(&plain).unwrap_or_else(|| plain.into_owned());
        let plain = statement::example(&plain).map_or(plain.as_str(), |rest| rest);
        let end = ENDS.iter().filter_map(|mark| plain.find(mark)).min().unwrap_or(plain.len());
        let told = plain.get(..end).unwrap_or_default();
        let tokens = token::tokens(told);
        let mut aside = beside(&tokens, &kinds);
        if any(&["Range"]) && unitless(effects, lexicon) {
            aside.extend(measures(&tokens));
        }
        aside.extend(glossed(&tokens, effects));
        aside.extend(taken_in(&tokens, effects));
        if any(&["TransitionRole", "ActionRole", "ActionBarred"]) && crate::criteria::by_doing(told) {
            aside.extend(doing_as(&tokens));
        }
        let excepting = tokens.iter().any(|token| EXCEPTING.iter().any(|word| token.is(word)));
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| !token.quoted && !abbreviated(&token.raw)) {
            let lower = token.raw.to_lowercase();
            let mut parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !abbreviated(part));
            let lost = parts.find(|word| !(part_of(word) || excepting && is_named(word, &own)));
            if let Some(word) = lost.filter(|_| !aside.contains(&at)) {
                return Some((text.trim().to_owned(), word.to_owned()));
            }
        }
    }
    None
}

/// "hand out (picked up)": what is done, where the state to which it leads stands behind it.
fn glossed(tokens: &[Token], effects: &[Effect]) -> BTreeSet<usize> {
    let states = effects.iter().filter_map(|effect| match effect {
        Effect::Rule(RuleKind::TransitionRole { to, .. }) => Some(name_words(to)),
        _ => None,
    });
    let states: Vec<Vec<String>> = states.collect();
    let is = |at: usize, mark: &str| tokens.get(at).is_some_and(|token| token.is(mark));
    let mut found = BTreeSet::new();
    for open in (1..tokens.len()).filter(|at| is(*at, "(")) {
        let Some(close) = (open..tokens.len()).find(|at| is(*at, ")")) else { continue };
        let within: Vec<&str> =
            tokens.get(open + 1..close).unwrap_or_default().iter().map(|token| token.word.as_str()).collect();
        let ended = is(close + 1, ":") || is(close + 1, ",") || is(close + 1, "and");
        if ended && states.iter().any(|state| *state == within) {
            let joint = |at: &usize| ["and", "or", ",", "/", ";", ":"].iter().any(|mark| is(*at, mark));
            let from = (0..open).rev().find(joint).map_or(0, |at| at + 1);
            found.extend(from.max(open.saturating_sub(3))..open);
        }
    }
    found
}

/// "Approving a permit as an employee is refused": who does it.
fn doing_as(tokens: &[Token]) -> impl Iterator<Item = usize> {
    const ENDS: &[&str] =
        &["is", "fails", "succeeds", "works", "must", "gives", "leads", "results", "returns", ";", ","];
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
    let begins = (0..tokens.len()).filter(move |at| is(*at, &["as"]) && is(at + 1, &["a", "an"]));
    let until = move |from: usize| (from..tokens.len()).take_while(move |at| !is(*at, ENDS));
    begins.flat_map(|at| until(at + 2).collect::<Vec<_>>()).collect::<Vec<_>>().into_iter()
}

/// "Turnover per product": the one amount that is added up, and nothing else is asked for.
fn taken_in(tokens: &[Token], effects: &[Effect]) -> Option<usize> {
    let one =
        |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Totals { measures, .. }) if measures.len() == 1);
    effects.iter().any(one).then_some(())?;
    let told =
        |at: &usize| tokens.get(*at).is_some_and(|token| crate::telegram::TURNOVER.contains(&token.word.as_str()));
    let grouped = |at: &usize| tokens.get(at + 1).is_some_and(|token| token.is("per") || token.is("by"));
    (0..tokens.len()).find(|at| told(at) && grouped(at))
}

/// "At most 40 kg": the units behind figures.
fn measures(tokens: &[Token]) -> impl Iterator<Item = usize> {
    let number = |at: usize| tokens.get(at).is_some_and(|token| token.word.starts_with(|c: char| c.is_ascii_digit()));
    let unit = |at: usize| {
        let word = tokens.get(at).map(|token| token.word.as_str()).unwrap_or_default();
        crate::fields::kinds::unit(word, &mut crate::fields::note::Notes::default())
    };
    (1..tokens.len()).filter(move |at| number(at - 1) && unit(*at)).collect::<Vec<_>>().into_iter()
}

/// Whether the bounds that were understood are of fields of which nothing tells in what they are measured.
fn unitless(effects: &[Effect], lexicon: &Lexicon) -> bool {
    effects.iter().all(|effect| match effect {
        Effect::Rule(RuleKind::Range { entity, field, .. }) => {
            let named = lexicon.entity(entity).and_then(|entity| entity.field(field));
            named.is_some_and(|named| named.unit.iter().next().is_none())
        }
        _ => true,
    })
}

/// The tokens that may say something else: who does it where that restricts nobody, what is done, what a record is.
fn beside(tokens: &[Token], kinds: &BTreeSet<String>) -> BTreeSet<usize> {
    let any = |of: &[&str]| kinds.iter().any(|kind| of.contains(&kind.as_str()));
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.contains(&token.word.as_str()));
    let mut found = BTreeSet::new();
    for at in 1..tokens.len() {
        let before = at - 1;
        // "A skipper may not command two cruises", "let to two boats at the same time"
        if any(HELD) && is(before, MODALS) || any(&["NoOverlap"]) && is(before, &["two"]) {
            found.insert(at);
        }
        // "A batch can be released from quarantine to growing": what is done to bring it there.
        let moved = any(&["Transition", "TransitionRole", "Transitions"]);
        if moved && is(at, &["from"]) && tokens.get(before).is_some_and(|token| verbs::is_participle(&token.word)) {
            found.insert(before);
        }
        // "sugar (integer, in degrees Oechsle)", "price (money per kg)": what a number counts.
        const TYPED: &[&str] = &["(", ",", "money", "decimal", "integer", "number"];
        if any(&["Field", "HasField"]) && is(at, &["in", "per"]) && is(before, TYPED) {
            let end = (at + 1..tokens.len()).find(|end| is(*end, &[",", ")", ";"])).unwrap_or(tokens.len());
            found.extend(at + 1..if end - at <= 3 { end } else { at + 1 });
        }
        // "Export tracks as CSV for the collecting society": whom it is for.
        if any(&["Csv"]) && is(at, &["for"]) && tokens.iter().take(at).any(|token| token.is("csv")) {
            let end = (at..tokens.len()).find(|end| is(*end, &[",", ".", ";", "and"])).unwrap_or(tokens.len());
            found.extend(at..end);
        }
        // "A reserve price is a sum of money"
        if any(&["Field"]) && is(at, &["sum"]) && is(at + 1, &["of"]) && is(at + 2, &["money"]) {
            found.insert(at);
        }
        // "Confirmed bookings cannot be deleted, they have to be cancelled instead"
        if any(&["NoDelete"]) && is(before, &[","]) && is(at, &["they", "it"]) && is(tokens.len() - 1, &["instead"]) {
            found.extend(at..tokens.len());
        }
        // "All three are required"
        if is(before, &["all"]) && tokens.get(at).is_some_and(Token::is_number) {
            found.insert(at);
        }
        // "A boat's owner has a phone number"
        if is(at, &["'s"]) && any(&["Field"]) {
            found.insert(before);
        }
        // "A lender is an institution with a name", "a copy is one printed score of a work"
        if any(&["Entity"]) && is(at, &["a", "an", "one"]) && is(before, &["is"]) {
            const LEADS: &[&str] = &["with", "to", "of", "and", "that", "for", ",", "on", "at", "in", "by", "from"];
            // "is a repair that is carried out on a van"
            let clause =
                (at..tokens.len().min(at + 4)).find(|that| is(*that, &["that", "which"]) && is(that + 1, &["is"]));
            let from = clause.map_or(at, |that| that + 1);
            let end = (from..tokens.len()).find(|end| is(*end, LEADS));
            found.extend(at..end.unwrap_or(at));
        }
    }
    // "Employees cannot approve claims": whoever they are, others alone may.
    if any(RIGHTS)
        && let Some(modal) = (1..tokens.len().min(4)).find(|at| is(*at, &["cannot", "can't", "may", "must"]))
    {
        found.extend(0..modal);
    }
    // "The registrar needs to find objects", "the head teacher can approve a trip": anybody may, by the contract.
    const MAY: &[&str] = &["can", "may", "needs", "need", "wants", "want"];
    const SEE: &[&str] =
        &["see", "sees", "find", "finds", "filter", "filters", "search", "sort", "get", "view", "export"];
    let alone =
        tokens.iter().any(|token| ["only", "but", "except", "neither", "nor"].iter().any(|word| token.is(word)));
    let seen = any(SEEN) && !alone;
    let moved = any(&["Transition", "Transitions", "Capability"]) && !alone;
    let ends = |at: &usize| (seen || moved) && is(*at, MAY) || seen && is(*at, SEE);
    // "Desk assistants and media managers can ...": two of them.
    let second = (1..tokens.len().min(4)).find(|at| is(*at, &["and", "or"])).map_or(0, |at| at + 1);
    if let Some(verb) = (1..tokens.len().min(second.max(1) + 4)).find(ends) {
        found.extend(0..verb);
    }
    // "Clerks can enter a comment on each order": anybody may, by the contract.
    const TELL: &[&str] = &["enter", "record", "add", "note", "store", "specify", "provide", "log", "keep", "save"];
    let told = any(&["Field", "HasField"]) && !alone;
    let tells = |at: &usize| told && is(*at, MAY) && is(at + 1, TELL);
    if let Some(modal) = (1..tokens.len().min(5)).find(tells) {
        found.extend(0..modal);
    }
    found
}

/// What else the records refer to that are counted for a parent, or made.
fn joined_to<'l>(effects: &[Effect], lexicon: &'l Lexicon) -> Vec<&'l str> {
    let counted = effects.iter().filter_map(|effect| match effect {
        Effect::Rule(RuleKind::Capacity { child, parent, .. }) => Some((child, Some(parent))),
        // "Participants cannot enrol for a session that has started"
        Effect::Rule(RuleKind::Requires { entity, at: Moment::Create, .. }) => Some((entity, None)),
        _ => None,
    });
    let others = counted.flat_map(|(child, parent)| {
        let fields = lexicon.entity(child).map(|named| named.fields.as_slice()).unwrap_or_default();
        fields.iter().filter_map(move |field| match &field.kind {
            FieldKind::Reference { entity } if Some(entity) != parent => lexicon.entity(entity),
            _ => None,
        })
    });
    others.map(|named| named.name.as_str()).collect()
}

/// The names of the fields of records that effects speak of.
fn own_fields(effects: &[Effect], lexicon: &Lexicon) -> Vec<String> {
    let told = strings(effects);
    let entities = lexicon.entities.iter().filter(|entity| told.contains(&entity.key));
    entities.flat_map(|entity| entity.fields.iter().map(|field| field.name.clone())).collect()
}

/// Kinds that tell of making a record, and of looking at a list.
const MADE: &[&str] = &["Entity", "Field", "Requires", "NoOverlap", "Capacity", "Quota", "Compare"];
const HELD: &[&str] = &["NoOverlap", "Capacity", "Quota"];
/// Kinds that tell what must be filled in.
const ASKED: &[&str] = &["Required", "RequiredWhen", "TransitionRequires"];
pub(super) const RIGHTS: &[&str] = &["ActionBarred", "ActionRole", "TransitionRole"];
const EXCEPTING: &[&str] = &["except", "apart", "only", "but", "besides", "next", "addition"];
const MODALS: &[&str] = &["can", "may", "cannot", "can't", "not", "must", "never"];
const SEEN: &[&str] = &["List", "Sort", "Filter", "Search", "Csv", "Totals"];

/// Whether a word is one of the names, by its stem or as another form of it: `calibrated`, `calibration`.
pub(super) fn is_named(word: &str, named: &BTreeSet<String>) -> bool {
    let own = stem(word);
    let near = |name: &String| name.len() >= 4 && own.len() >= 4 && (name.starts_with(&own) || own.starts_with(name));
    named.contains(&own) || named.contains(&stem(&singular(word))) || named.iter().any(near)
}

/// "Inactive products", of products that are active or not.
pub(super) fn is_contrary(word: &str, named: &BTreeSet<String>) -> bool {
    let without = |not: &&str| word.strip_prefix(*not).is_some_and(|word| is_named(word, named));
    ["in", "un", "non", "dis", "re", "re-"].iter().any(without)
}

/// All names and values in effects, as they are written there.
pub(super) fn strings(effects: &[Effect]) -> BTreeSet<String> {
    format!("{effects:?}").split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// `EUR`, `AA-99`, `x`: units, forms and signs.
pub(super) fn abbreviated(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() <= 1 || !word.chars().any(char::is_lowercase)
}

/// Whether words can be part of effects of one of these kinds.
pub(super) fn fits(words: &Words, word: &str, kinds: &BTreeSet<String>) -> Option<bool> {
    words.get(&stem(word)).map(|of| of.is_empty() || kinds.iter().any(|kind| of.contains(kind.as_str())))
}

/// What kind of effect it is: the name of the variant, or of the rule's.
pub(super) fn kind(effect: &Effect) -> String {
    let shown = match effect {
        Effect::Rule(rule) => format!("{rule:?}"),
        other => format!("{other:?}"),
    };
    shown.chars().take_while(|c| c.is_alphanumeric()).collect()
}

/// The stems of all words of the names and values in effects, and of what else the lexicon calls them.
pub(super) fn names(effects: &[Effect], lexicon: &Lexicon) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut add = |text: &str| add(&mut found, text);
    // "Declined and failed are final" is told by the ways there are.
    for effect in effects {
        if let Effect::Rule(RuleKind::Transitions { entity }) = effect {
            lexicon.entity(entity).into_iter().flat_map(|named| &named.flow.states).for_each(|state| add(state));
        }
    }
    for name in strings(effects) {
        add(&name);
        for entity in &lexicon.entities {
            if entity.key == name || entity.name == name {
                add(&entity.name);
                add(&entity.plural);
            }
            for field in entity.fields.iter().filter(|field| field.key == name || field.name == name) {
                add(&field.name);
                field.aliases.iter().flatten().for_each(|alias| add(alias));
                field.unit.iter().for_each(|unit| add(unit));
            }
        }
    }
    found
}

/// The stems of a name's words.
pub(super) fn add(found: &mut BTreeSet<String>, name: &str) {
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        found.insert(stem(&singular(&word)));
        found.insert(stem(&word));
    }
}
