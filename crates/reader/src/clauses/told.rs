//! Descriptions in other words: told by who enters a record, by the card that it is kept on, by a field for yes and no.

use super::{PREPOSITIONS, record};
use crate::engine::Engine;
use crate::token::{Token, tokens};
use crate::verbs;
use maestro_artifacts::Action;

/// "The card shows name, breed and weight" of the records that are spoken of.
pub(super) fn of_a_card(engine: &Engine<'_>, text: &str) -> Option<String> {
    const CARDS: &[&str] = &["card", "record card", "index card", "file", "record", "sheet", "data sheet", "entry"];
    const SHOWS: &[&str] = &["shows", "contains", "has", "holds", "lists", "states", "gives"];
    engine.topics.first()?;
    let rest = text.strip_prefix("The ")?;
    CARDS.iter().find_map(|card| {
        let rest = rest.strip_prefix(card)?.strip_prefix(' ')?;
        let (verb, list) = rest.split_once(' ')?;
        // A kind of record that is called so speaks for itself.
        let known = engine.lexicon.find(card).is_some();
        (SHOWS.contains(&verb) && !known && list.contains(',')).then(|| format!("It has {list}"))
    })
}

/// "There is a yes/no field for neutered, which is "no" for a new animal".
pub(super) fn flag(engine: &Engine<'_>, text: &str) -> Option<String> {
    const KINDS: &[&str] = &[
        "yes/no field",
        "yes/no flag",
        "yes-no field",
        "flag",
        "checkbox",
        "tick box",
        "check box",
        "yes/no question",
    ];
    let text = text.trim().trim_end_matches('.');
    let rest = text.strip_prefix("There is a ").or_else(|| text.strip_prefix("There must be a "))?;
    let rest = KINDS.iter().find_map(|kind| rest.strip_prefix(kind)?.strip_prefix(" for "))?;
    let (name, said) = rest.split_once(", which is ").or_else(|| rest.split_once(", ")).unwrap_or((rest, ""));
    let plain = name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'));
    let said = said.replace(['"', '“', '”'], "");
    let (value, whose) = said.split_once(' ').unwrap_or((&said, ""));
    let whose = ["for a new ", "for new ", "for each new ", "for every new ", "of a new ", "by default", "at first"]
        .iter()
        .find_map(|lead| whose.strip_prefix(lead))
        .or_else(|| whose.is_empty().then_some(""))?;
    let subject = match engine.lexicon.find(whose) {
        Some(named) => format!("Each {}", named.name),
        None if whose.is_empty() => "It".to_owned(),
        None => return None,
    };
    let default = match value {
        "yes" | "no" => format!(", default {value}"),
        "" => String::new(),
        _ => return None,
    };
    (plain && (subject != "It" || !engine.topics.is_empty())).then(|| format!("{subject} has {name} (yes/no{default})"))
}

/// "We also note the date on which they joined" of the records that are spoken of.
pub(crate) fn noted_date(engine: &Engine<'_>, text: &str) -> Option<String> {
    const NOTES: &[&str] = &["note", "record", "store", "keep", "save", "log"];
    let text = text.trim().trim_end_matches('.');
    let rest = text.strip_prefix("We also ").or_else(|| text.strip_prefix("We "))?;
    let (verb, what) = rest.split_once(' ')?;
    let (_, done) = ["they ", "it "].iter().find_map(|it| what.split_once(it))?;
    let date = ["the date on which ", "the day on which ", "the date ", "the day "]
        .iter()
        .any(|lead| what.strip_prefix(lead).is_some_and(|it| it.starts_with("they ") || it.starts_with("it ")));
    let owner = engine.lexicon.entity(engine.topics.first()?)?;
    (NOTES.contains(&verb) && date && verbs::is_participle(done)).then(|| format!("Each {} has {what}", owner.name))
}

/// Whether what enters something is nobody.
pub(super) fn nobody(who: &str) -> bool {
    const THINGS: &[&str] =
        &["system", "service", "application", "app", "software", "program", "machine", "sensor", "register", "tool"];
    let last = who.rsplit(' ').next().unwrap_or_default().to_lowercase();
    THINGS.contains(&last.as_str())
}

/// Whether a verb makes records.
pub(super) fn makes(verb: &str) -> bool {
    verbs::actions(verb).contains(&Action::Create)
}

/// "The warden enters a work entry for a tenancy with the date": the same told by what is entered, and who does it.
pub(super) fn passive(engine: &Engine<'_>, text: &str) -> Option<(String, String)> {
    let words = tokens(text);
    let plain = |token: &Token| !token.quoted && token.word.chars().all(char::is_alphabetic);
    words.first().filter(|first| first.is("the"))?;
    let verb = (2..words.len().min(5))
        .find(|at| words.get(*at).is_some_and(|verb| plain(verb) && verb.word.ends_with('s') && makes(&verb.word)))?;
    let what = verb + 1;
    words.get(what).filter(|article| article.is("a") || article.is("an"))?;
    let led = (what + 2..words.len().min(what + 5)).find(|at| {
        words.get(*at).is_some_and(|token| PREPOSITIONS.contains(&token.word.as_str()) && !token.is("of"))
    })?;
    let people = words.get(1..verb)?.iter().all(plain) && record(engine, &words, 1, verb).is_none();
    let name = text.get(words.get(what + 1)?.start..words.get(led - 1)?.end)?;
    let rest = text.get(words.get(led)?.start..)?;
    // A list of what is kept tells a kind of record; "enters a date for a hire" does not.
    let kept = words.get(led..)?.windows(2).any(|pair| {
        matches!(pair, [with, next] if with.is("with") && ["a", "an", "the", "its"].iter().any(|word| next.is(word)))
    });
    let who = text.get(words.get(1)?.start..words.get(verb - 1)?.end)?;
    let people = people && !nobody(who);
    (people && kept).then(|| (format!("A {name} is entered {rest}"), who.to_owned()))
}
