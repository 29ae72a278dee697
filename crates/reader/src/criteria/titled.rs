//! What a scenario is called: `Only planners accept orders` says the rule that its steps show at work. A title is no demand
//! by itself; it is read as one where all of it is understood and the steps are refused by just that.

use super::Steps;
use super::facts::{Act, Facts};
use super::reason::who_alone;
use super::refused::{blamed, known};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{Named, lemma, name_words, one_role};
use crate::{statement, whole};
use maestro_artifacts::{Action, RuleKind};
use maestro_domain::Statement;

/// The rule that the title of the scenario says, else that of the rule above it.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    let acted = facts.acts.iter().map(|act| match act {
        Act::Do(entity, _) | Act::Move(entity, _) => entity.clone(),
    });
    let topics = acted.chain(facts.entities.iter().cloned()).chain(engine.topics.iter().cloned()).collect();
    let inner = Engine { lexicon: engine.lexicon, topics };
    steps.titles.iter().find_map(|title| one(&inner, facts, steps, title))
}

fn one(engine: &Engine<'_>, facts: &Facts, steps: &Steps, title: &Statement) -> Option<Vec<Effect>> {
    let said = wordings(engine, facts, &title.text).into_iter().find_map(|text| {
        let effects = engine.sentence(&text).ok().filter(|effects| shown(engine, facts, steps, effects))?;
        let told = Statement { text, ..title.clone() };
        whole::said(&told, &effects, engine.lexicon).then_some(effects)
    });
    said.or_else(|| alone(engine, facts, steps, &title.text))
}

/// Whether the steps are refused by what the title says, and it names nothing beside.
fn shown(engine: &Engine<'_>, facts: &Facts, steps: &Steps, effects: &[Effect]) -> bool {
    let beside = |effect: &Effect| match effect {
        Effect::Rule(rule) => statement::refuses(rule),
        Effect::Role { .. } | Effect::UsedAs { .. } => true,
        _ => false,
    };
    let rules: Vec<RuleKind> = effects
        .iter()
        .filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule.clone()) } else { None })
        .collect();
    !rules.is_empty() && effects.iter().all(beside) && known(engine, facts, steps, &rules).is_some()
}

/// The sentences that a title may stand for, the title itself first.
fn wordings(engine: &Engine<'_>, facts: &Facts, title: &str) -> Vec<String> {
    let title = title.trim().trim_end_matches('.');
    let acted = facts.acts.first().and_then(|act| match act {
        Act::Do(entity, _) | Act::Move(entity, _) => engine.lexicon.entity(entity),
    });
    let mut out = vec![title.to_owned()];
    out.extend(allowed(title, acted));
    out.extend(closed(facts, title, acted));
    out
}

/// "Only planners accept orders", "Only a planner may delete": who alone may do it, with what they do it to.
fn allowed(title: &str, acted: Option<&Named>) -> Vec<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let [only, rest @ ..] = words.as_slice() else { return Vec::new() };
    if !only.eq_ignore_ascii_case("only") {
        return Vec::new();
    }
    let article = rest.first().is_some_and(|word| ["a", "an", "the"].iter().any(|one| word.eq_ignore_ascii_case(one)));
    let rest = rest.get(usize::from(article)..).unwrap_or_default();
    let mut out = Vec::new();
    for end in 1..rest.len().min(5) {
        let (Some(who), Some([verb, object @ ..])) = (rest.get(..end), rest.get(end..)) else { continue };
        let modal = matches!(verb.to_lowercase().as_str(), "may" | "can");
        let does = if modal { object.join(" ") } else { [&[lemma(verb).as_str()], object].concat().join(" ") };
        let told = format!("Only {} may {does}", who.join(" "));
        let alone = object.len() == usize::from(modal);
        out.extend(acted.filter(|_| alone).map(|named| format!("{told} {}", named.plural)));
        out.push(told);
    }
    out
}

/// "A delivered order is closed", where a change of one is refused and being closed is no state that it can have.
fn closed(facts: &Facts, title: &str, acted: Option<&Named>) -> Option<String> {
    const SHUT: &[&str] =
        &["closed", "locked", "frozen", "final", "sealed", "fixed", "finished", "read-only", "history"];
    let changed = facts.acts.iter().any(|act| matches!(act, Act::Do(_, Action::Update)));
    // "Finished trips stay as they are"
    const KEPT: &[&str] = &[" stay as they are", " stays as it is", " remain as they are", " remains as it is"];
    if let Some(records) = KEPT.iter().find_map(|kept| title.strip_suffix(kept)).filter(|_| changed) {
        return Some(format!("{records} cannot be changed"));
    }
    let (rest, last) = title.rsplit_once(' ').filter(|_| changed)?;
    let (records, be) = rest.rsplit_once(' ')?;
    let shut = SHUT.iter().any(|word| last.eq_ignore_ascii_case(word)) && matches!(be, "is" | "are" | "stays" | "stay");
    let named = acted?;
    let known = named.values().into_iter().map(|(_, value)| value).chain(named.flow.states.iter().map(String::as_str));
    let state = known.into_iter().any(|value| value.eq_ignore_ascii_case(last));
    (shut && !state).then(|| format!("{records} cannot be changed"))
}

/// "Planners only", "For planners only": who alone may do what the steps do, where the refusal blames the person.
fn alone(engine: &Engine<'_>, facts: &Facts, steps: &Steps, title: &str) -> Option<Vec<Effect>> {
    let lower = title.trim().trim_end_matches('.').to_lowercase();
    let who = lower.strip_suffix(" only").or_else(|| lower.strip_prefix("only "))?;
    let who = who.strip_prefix("for ").unwrap_or(who);
    let named = |part: &str| {
        let part = part.strip_prefix("the ").unwrap_or(part).trim();
        known_as(engine, part) || !part.contains(' ') && unknown(engine, part)
    };
    let all = who.split(" and ").flat_map(|part| part.split(" or ")).all(named);
    let told = format!("only {who} may do this");
    let rules = if all && blamed(steps) { who_alone(facts, &told) } else { None };
    rules.filter(|effects| shown(engine, facts, steps, effects))
}

fn known_as(engine: &Engine<'_>, name: &str) -> bool {
    let words = name_words(&one_role(name));
    engine.lexicon.roles.iter().any(|role| name_words(role) == words)
}

/// Whether a word names nothing of the epic, so that it can be what people are called.
fn unknown(engine: &Engine<'_>, word: &str) -> bool {
    let one = lemma(word);
    let mut values = engine.lexicon.entities.iter().flat_map(|named| {
        let states = named.flow.states.iter().map(String::as_str);
        named.values().into_iter().map(|(_, value)| value).chain(states)
    });
    word.chars().all(|c| c.is_alphabetic() || c == '-')
        && engine.lexicon.find(&one).is_none()
        && !values.any(|value| value.eq_ignore_ascii_case(&one) || value.eq_ignore_ascii_case(word))
}
