//! Clauses in other words: frames around a rule that change nothing of what it says, each told in the wording that the
//! families know. A restated clause must be understood whole like any other.

mod agent;
mod ages;
mod computed;
mod counts;
mod dates;
mod defaults;
mod durations;
mod formats;
mod guards;
mod lists;
mod made;
mod needs;
mod never;
mod overlap;
mod parents;
mod protected;
mod refusal;
mod reports;
mod required;
mod roles;
mod steps;
mod sums;
mod unique;
mod values;
mod ways;
mod within;

use crate::effect::Effect;
use crate::engine::Engine;
use crate::pattern::{Bound, Patterns};
use crate::scope::StateRef;
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::FieldKind;
use std::sync::LazyLock;

/// Frames: what is said, and the same in the families' wording. `{x}` stands for the words of slot `x`, `{x:ed}` for them
/// with the first as a participle (`{x:ged}` of a gerund), `{x:must}` and `{x:mustnot}` for them as a demand (their verb
/// stands first), `{x:quoted}` for one word as a value, `{x:owner}` for the kind of record that has the field or the states `x`, `{x:made}` for the kind of record that the verb `x` makes, `{x:start}` and `{x:end}` for the moments between which a record `x` lasts, a slot `bare` holds a field that is named by itself, `{topic}` for what the surroundings speak of, `{money}` for the one amount of money of the records `c`; ` && ` parts several clauses, which must all be understood.
type Frames = &'static [(&'static str, &'static str)];

const ALL: &[Frames] = &[
    required::FRAMES,
    refusal::FRAMES,
    agent::FRAMES,
    roles::FRAMES,
    defaults::FRAMES,
    values::FRAMES,
    guards::FRAMES,
    needs::FRAMES,
    lists::FRAMES,
    reports::FRAMES,
    ways::FRAMES,
    unique::FRAMES,
    counts::FRAMES,
    computed::FRAMES,
    formats::FRAMES,
    sums::FRAMES,
    made::FRAMES,
    parents::FRAMES,
    protected::FRAMES,
    steps::FRAMES,
    overlap::FRAMES,
    ages::FRAMES,
    never::FRAMES,
    dates::FRAMES,
    durations::FRAMES,
];

static COMPILED: LazyLock<Patterns<&'static str>> = LazyLock::new(|| Patterns::compile(ALL.iter().copied().flatten()));

/// The clause read in another wording.
pub(crate) fn read(
    engine: &Engine<'_>,
    tokens: &[Token],
    main: &mut dyn FnMut(&[Token]) -> Option<Vec<Effect>>,
) -> Option<Vec<Effect>> {
    let marks = |token: &&Token| !matches!(token.word.as_str(), "(" | ")");
    let plain: Vec<Token> = tokens.iter().filter(marks).cloned().collect();
    let tokens = plain.as_slice();
    let scope = engine.scope(tokens);
    COMPILED.read(tokens, &scope, |template, bound| {
        (agree(bound) && acts(engine, bound, tokens) && bare(engine, bound, tokens)).then_some(())?;
        let clauses = template.split(" && ").map(|clause| main(&filled(engine, clause, tokens, bound)?));
        Some(clauses.collect::<Option<Vec<_>>>()?.concat())
    })
}

/// The tables of phrases, compiled.
static PHRASES: LazyLock<Vec<(&'static [&'static str], Patterns<&'static str>)>> = LazyLock::new(|| {
    within::TABLES.iter().map(|(words, phrases)| (*words, Patterns::compile(phrases.iter()))).collect()
});

/// No phrase is longer.
const LONGEST_PHRASE: usize = 14;

/// The clause with phrases inside of it told shorter, the longest of each place; `None` where nothing changes.
pub(crate) fn within(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Token>> {
    let mut out = tokens.to_vec();
    for (words, phrases) in PHRASES.iter() {
        if !out.iter().any(|token| words.iter().any(|word| token.is(word))) {
            continue;
        }
        let mut at = 0;
        while at < out.len() {
            let found = (at + 1..=out.len().min(at + LONGEST_PHRASE)).rev().find_map(|end| {
                let part = out.get(at..end)?;
                let scope = engine.scope(part);
                let told = phrases.read(part, &scope, |template, bound| filled(engine, template, part, bound))?;
                Some((end, told))
            });
            if let Some((end, told)) = found {
                let length = told.len();
                out.splice(at..end, told);
                at += length;
            } else {
                at += 1;
            }
        }
    }
    (out != tokens).then_some(out)
}

/// Whether the fields `f` are those of the records `e`: "if the supplier's rating is C, the order is refused" says nothing
/// of suppliers. Records that are named twice (`e` and `e2`) are the same.
fn agree(bound: &Bound) -> bool {
    let own = match (bound.fields("f"), bound.entity("e")) {
        (Some(fields), Some(entity)) => fields.iter().all(|field| field.entity == entity),
        _ => true,
    };
    let again = |name: &str, same: &str| {
        bound.entity(same).is_none_or(|same| bound.entity(name).is_none_or(|first| first == same))
    };
    own && again("e", "same") && again("e", "e2") && again("p", "p2")
}

/// Whether `bare` names a field alone: "the code of a bike that is in use" may speak of the bike, "no duplicate bikes" does.
fn bare(engine: &Engine<'_>, bound: &Bound, tokens: &[Token]) -> bool {
    let Some(words) = bound.place("bare").and_then(|place| tokens.get(place)) else { return true };
    let owned = words.iter().any(|token| token.is("of") || token.is("'s"));
    !owned && engine.scope(words).entity_at(words, 0).iter().all(|(end, _)| *end < words.len())
}

/// Whether `r` names a role: "you must be an administrator" does, "you must be logged in" does not.
fn acts(engine: &Engine<'_>, bound: &Bound, tokens: &[Token]) -> bool {
    let Some(words) = bound.place("r").and_then(|place| tokens.get(place)) else { return true };
    // Records have the same slot; they are named by the entity's words.
    if bound.records("r").is_some() {
        return true;
    }
    let joins = |token: &Token| ["and", "or", ","].iter().any(|word| token.is(word));
    let mut names = words.split(joins).filter(|name| !name.is_empty()).peekable();
    names.peek().is_some() && names.all(|name| role(engine, name))
}

fn role(engine: &Engine<'_>, words: &[Token]) -> bool {
    let name = words.iter().map(|token| token.lemma.as_str()).collect::<Vec<_>>().join(" ");
    let known = engine.lexicon.roles.iter().any(|role| role.eq_ignore_ascii_case(&name));
    let article = words.first().is_some_and(|token| matches!(token.article, Some("a" | "an" | "the")));
    let plural = words.last().is_some_and(|token| crate::words::plural(&token.lemma) == token.word);
    words.len() <= 4 && (known || article || plural)
}

/// The clause that a template gives.
fn filled(engine: &Engine<'_>, template: &str, tokens: &[Token], bound: &Bound) -> Option<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let place = tokens.first().map_or((0, 0), |token| (token.start, token.end));
    for part in template.split(' ') {
        let Some(slot) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            // From then on, and not only then.
            let word = Token::new(if part == "once" { "if" } else { part }, place.0, place.1);
            out.push(Token { raw: part.to_owned(), ..word });
            continue;
        };
        if slot == "topic" {
            let topic = engine.topics.first().and_then(|topic| engine.lexicon.entity(topic))?;
            out.extend(topic.name.split(' ').map(|word| Token::new(word, place.0, place.1)));
            continue;
        }
        if slot == "money" {
            out.extend(
                amount(engine, &bound.entity("c")?, tokens)?.split(' ').map(|word| Token::new(word, place.0, place.1)),
            );
            continue;
        }
        let (name, form) = slot.split_once(':').unwrap_or((slot, ""));
        let words = tokens.get(bound.place(name)?)?;
        match (form, words.split_first()) {
            ("ed", Some((verb, rest))) => {
                // "Whoever declines a loan"
                let base = if verb.word.ends_with('s') { &verb.lemma } else { &verb.word };
                let done = verbs::participle(base);
                // A state that nothing else names is called so.
                out.push(Token { raw: done.clone(), ..verb.renamed(&done) });
                out.extend(rest.iter().cloned());
            }
            // "deleting" to "deleted"
            ("ged", Some((verb, rest))) => {
                let done = format!("{}ed", verb.word.strip_suffix("ing")?);
                // "Sending" is no "sended".
                let strong =
                    ["send", "pay", "lend", "build", "withdraw", "put", "set", "hold", "give", "take", "write", "sell"];
                (!strong.contains(&verb.word.strip_suffix("ing")?)).then_some(())?;
                out.push(Token { raw: done.clone(), ..verb.renamed(&done) });
                out.extend(rest.iter().cloned());
            }
            // A state that nothing else may name: "turns a draft into a running order"
            ("quoted", Some((state, []))) => {
                // "Made online", "made daily" tell how it is done.
                let how = state.word.ends_with("ly")
                    || ["online", "again", "later", "here", "there", "now"].iter().any(|word| state.is(word));
                (!how).then_some(())?;
                out.push(Token { quoted: true, raw: state.raw.to_lowercase(), ..state.clone() });
            }
            ("owner", Some(_)) => {
                let owner = engine.lexicon.entity(&owner(engine, bound, name)?)?;
                out.extend(owner.name.split(' ').map(|word| Token::new(word, place.0, place.1)));
            }
            // "enrol" to "enrolment"
            ("made", Some((verb, _))) => {
                let made = verbs::made_by(engine.lexicon, &verb.lemma)?;
                out.extend(made.name.split(' ').map(|word| Token::new(word, place.0, place.1)));
            }
            ("start" | "end", Some(_)) => {
                let entity = bound.entity(name)?;
                let (start, end) = crate::span::of(engine.lexicon, &entity)?;
                let field = if form == "start" { start } else { end };
                out.push(Token::mention(crate::scope::FieldRef { entity, field }));
            }
            ("must" | "mustnot", Some(_)) => out.extend(demanded(words, form == "must")?),
            _ => out.extend(words.iter().cloned()),
        }
    }
    Some(out)
}

/// The kind of record that has the field of a slot, or that is brought to its states: the one that is named or spoken of
/// before another.
fn owner(engine: &Engine<'_>, bound: &Bound, name: &str) -> Option<String> {
    if let Some(field) = bound.field(name) {
        return Some(field.entity);
    }
    let first = bound.states(name)?.first()?;
    let moves = |state: &&StateRef| engine.lexicon.flow_field(&state.entity).as_ref() == Some(&state.field);
    let mut owners: Vec<&String> = first.iter().filter(moves).map(|state| &state.entity).collect();
    owners.dedup();
    let named = bound.entity("e").into_iter().chain(engine.topics.iter().cloned()).find(|key| owners.contains(&key));
    named.or_else(|| if let [one] = owners.as_slice() { Some((*one).clone()) } else { None })
}

/// "The extras of a stay must not add up to more than 300 euros": the one field of an extra that holds money.
fn amount<'l>(engine: &'l Engine<'_>, entity: &str, tokens: &[Token]) -> Option<&'l str> {
    const CURRENCIES: &[&str] =
        &["euro", "euros", "eur", "€", "dollar", "dollars", "usd", "$", "pound", "pounds", "gbp", "£"];
    let money = tokens.iter().any(|token| CURRENCIES.contains(&token.word.as_str()));
    let named = engine.lexicon.entity(entity).filter(|_| money)?;
    let mut fields = named.fields.iter().filter(|field| field.kind == FieldKind::Money);
    match (fields.next(), fields.next()) {
        (Some(one), None) => Some(&one.name),
        _ => None,
    }
}

/// What is said of a subject as a demand that it be so, or be not so: "is after its start" to "must be after its start".
///
/// `None` where the words say more than one thing, or do not begin with their verb.
fn demanded(words: &[Token], so: bool) -> Option<Vec<Token>> {
    let words = match words.split_first() {
        Some((first, rest)) if first.is("that") => rest,
        _ => words,
    };
    let joins = |token: &Token| ["and", "if", "unless", "onlyif", "but", "that", ","].iter().any(|word| token.is(word));
    if words.iter().any(joins) && !so {
        return None;
    }
    let (verb, rest) = words.split_first()?;
    let modal = |so: bool| verb.renamed(if so { "must" } else { "mustnot" });
    let compares = matches!(verb.word.as_str(), "<" | ">" | "<=" | ">=" | "=" | "!=");
    let (so, said) = match (verb.word.as_str(), rest.split_first()) {
        ("be" | "have", Some((not, more))) if not.is("not") => (!so, [std::slice::from_ref(verb), more].concat()),
        ("have", Some((no, more))) if no.is("no") => (!so, [std::slice::from_ref(verb), more].concat()),
        ("do", Some((not, more))) if not.is("not") && !more.is_empty() => (!so, more.to_vec()),
        ("not", Some((next, _))) if matches!(next.word.as_str(), "<" | ">" | "<=" | ">=" | "=") => (!so, rest.to_vec()),
        ("be" | "have", Some(_)) => (so, words.to_vec()),
        _ if compares => (so, words.to_vec()),
        // "ends more than 3 days after its start"
        (_, Some((next, _)))
            if verb.word != verb.lemma
                && !verb.quoted
                && (matches!(next.word.as_str(), "<" | ">" | "<=" | ">=" | "in" | "within" | "on")) =>
        {
            (so, [&[verb.renamed(&verb.lemma)], rest].concat())
        }
        _ => return None,
    };
    Some(std::iter::once(modal(so)).chain(said).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_frame_compiles() {
        crate::pattern::check(super::ALL.iter().copied().flatten());
        crate::pattern::check(super::within::TABLES.iter().flat_map(|(_, phrases)| phrases.iter()));
    }
}
