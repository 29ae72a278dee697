//! To which state something brings a record that is not called like it: `An approved order may be started, which sets its phase
//! to in progress`, `Starting an order moves it to in progress`, `When an order is started, it becomes in progress`.

use crate::effect::Effect;
use crate::engine::{Engine, PRONOUNS};
use crate::lexicon::{Named, STATE_WORDS, name_words};
use crate::normal;
use crate::verbs;
use maestro_artifacts::RuleKind;

/// Verbs that bring something somewhere, in the forms of the third person.
const SETS: &[&str] =
    &["sets", "changes", "moves", "puts", "turns", "brings", "switches", "takes", "advances", "makes", "sends"];
const ARRIVES: &[&str] = &[
    "becomes",
    "become",
    "is set to",
    "is changed to",
    "is moved to",
    "is put",
    "changes to",
    "moves to",
    "goes to",
    "goes into",
    "turns to",
    "turns into",
    "switches to",
    "is then",
    "is now",
    "is",
    "are",
];

/// Records, the states in which they are, what is done to them and to which state that brings them.
struct Told<'e> {
    named: &'e Named,
    from: Vec<String>,
    done: String,
    to: String,
}

/// Reads such a sentence; `None` where what is done leads to a state of its own name, or to none that is known.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let text = text.trim().trim_end_matches('.');
    let told = permitted(engine, text).or_else(|| doing(engine, text)).or_else(|| upon(engine, text))?;
    let Told { named, from, done, to } = told;
    let leads = named.flow.transitions.iter().any(|(_, state, _)| *state == to);
    // Without any way to it nothing tells from which state.
    (!from.is_empty() || leads).then_some(())?;
    let entity = named.key.clone();
    let ways =
        from.iter().map(|from| Effect::Transition { entity: entity.clone(), from: from.clone(), to: to.clone() });
    let mut effects: Vec<Effect> = ways.collect();
    effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
    effects.push(Effect::Deed { entity, done, to });
    Some(effects)
}

/// "An approved order may be started, which sets its phase to in progress", "... and is then in progress"
fn permitted<'e>(engine: &'e Engine<'_>, text: &str) -> Option<Told<'e>> {
    const MAY: &[&str] = &[" may be ", " can be ", " may then be ", " can then be "];
    const JOINTS: &[&str] =
        &[", which ", "; this ", ", this ", "; that ", ", and then ", " and then ", ", and ", " and ", "; "];
    JOINTS.iter().find_map(|joint| {
        let (head, tail) = text.split_once(joint)?;
        let (subject, done) = MAY.iter().find_map(|may| head.split_once(may))?;
        let (named, from) = records(engine, subject)?;
        let done = deed(done, named)?;
        let to = if joint.ends_with("which ") || joint.ends_with("this ") || joint.ends_with("that ") {
            set(tail, named)?
        } else if *joint == "; " {
            arrived(tail, named)?
        } else {
            arrived(&format!("it {tail}"), named)?
        };
        Some(Told { named, from, done, to })
    })
}

/// "Starting an approved order sets its phase to in progress"
fn doing<'e>(engine: &'e Engine<'_>, text: &str) -> Option<Told<'e>> {
    let (doing, rest) = text.split_once(' ')?;
    let verb = doing.to_lowercase().strip_suffix("ing").map(str::to_owned)?;
    let (subject, tail) = SETS.iter().find_map(|sets| {
        let at = rest.find(&format!(" {sets} "))?;
        Some((rest.get(..at)?, rest.get(at + 1..)?))
    })?;
    let (named, from) = records(engine, subject)?;
    let done = deed(&format!("{verb}ed"), named)?;
    let to = set(tail, named)?;
    Some(Told { named, from, done, to })
}

/// "When an approved order is started, its phase becomes in progress"
fn upon<'e>(engine: &'e Engine<'_>, text: &str) -> Option<Told<'e>> {
    const WHEN: &[&str] = &["When ", "If ", "Once ", "As soon as ", "After ", "Whenever "];
    const DONE: &[&str] = &[" is ", " has been ", " was "];
    let rest = WHEN.iter().find_map(|when| text.strip_prefix(when))?;
    let (clause, tail) = rest.split_once(", ")?;
    let (subject, done) = DONE.iter().find_map(|is| clause.split_once(is))?;
    let (named, from) = records(engine, subject)?;
    let done = deed(done, named)?;
    let to = arrived(tail, named)?;
    Some(Told { named, from, done, to })
}

/// What is done, in one word or with a particle; a word that is a state itself tells where it leads.
fn deed(done: &str, named: &Named) -> Option<String> {
    let words: Vec<&str> = done.split(' ').collect();
    let (verb, particle) = match words.as_slice() {
        [verb] => (*verb, None),
        [verb, particle] => (*verb, Some(*particle)),
        _ => return None,
    };
    let fits = particle.is_none_or(|particle| crate::deed::PARTICLES.contains(&particle));
    let state = named.values().iter().any(|(_, value)| name_words(value).first().is_some_and(|word| word == verb));
    (fits && verbs::is_participle(verb) && !state).then(|| verb.to_owned())
}

/// The records that are spoken of, and in which states they are; all of the words are theirs.
fn records<'e>(engine: &'e Engine<'_>, subject: &str) -> Option<(&'e Named, Vec<String>)> {
    let tokens = normal::normalise(subject, engine.lexicon);
    let scope = engine.scope(&tokens);
    let named = |key: &str| engine.lexicon.entity(key);
    if let [it] = tokens.as_slice()
        && PRONOUNS.contains(&it.word.as_str())
    {
        return Some((named(engine.topics.first()?)?, Vec::new()));
    }
    if let Some((_, key)) = scope.entity_at(&tokens, 0).into_iter().find(|(end, _)| *end == tokens.len()) {
        return Some((named(&key)?, Vec::new()));
    }
    let flow = |key: &str, states: &[Vec<crate::scope::StateRef>]| -> Option<Vec<String>> {
        let field = engine.lexicon.flow_field(key)?;
        let own = states.iter().map(|readings| {
            readings.iter().find(|state| state.entity == key && state.field == field).map(|state| state.value.clone())
        });
        own.collect()
    };
    for (end, states) in scope.states_at(&tokens, 0) {
        if let Some((_, key)) = scope.entity_at(&tokens, end).into_iter().find(|(end, _)| *end == tokens.len()) {
            return Some((named(&key)?, flow(&key, &states)?));
        }
    }
    // "An order that is approved", "an order in the phase approved"
    let (end, key) = scope.entity_at(&tokens, 0).into_iter().next()?;
    let glue = |at: &usize| {
        tokens.get(*at).is_some_and(|token| {
            ["that", "be", "in", "with"].iter().any(|word| token.is(word))
                || STATE_WORDS.contains(&token.lemma.as_str())
        })
    };
    let from = (end..tokens.len())
        .find(|at| !glue(at) || scope.state_at(&tokens, *at).iter().any(|(end, _)| *end == tokens.len()))?;
    let (_, states) = scope.states_at(&tokens, from).into_iter().find(|(end, _)| *end == tokens.len())?;
    Some((named(&key)?, flow(&key, &states)?))
}

/// "sets its phase to in progress", "moves it to in progress"
fn set(tail: &str, named: &Named) -> Option<String> {
    let (verb, rest) = tail.split_once(' ')?;
    SETS.contains(&verb).then_some(())?;
    let (what, state) = [" to ", " into ", " as ", " in ", " "].iter().find_map(|joint| {
        let places = rest.match_indices(joint);
        places.filter_map(|(at, joint)| Some((rest.get(..at)?, known(rest.get(at + joint.len()..)?, named)?))).next()
    })?;
    of_it(what, named).then_some(state)
}

/// "it becomes in progress", "its phase is set to in progress"
fn arrived(tail: &str, named: &Named) -> Option<String> {
    let tail = tail.replace(" then ", " ");
    let mut verbs: Vec<&&str> = ARRIVES.iter().collect();
    verbs.sort_by_key(|verb| std::cmp::Reverse(verb.len()));
    verbs.into_iter().find_map(|verb| {
        let (what, state) = tail.split_once(&format!(" {verb} "))?;
        of_it(what, named).then(|| known(state, named))?
    })
}

/// Whether a phrase names these records, or the field of their state.
fn of_it(what: &str, named: &Named) -> bool {
    let what = what.to_lowercase();
    if PRONOUNS.contains(&what.as_str()) || what == "them" {
        return true;
    }
    let owned = ["the ", "its ", "their "].iter().find_map(|lead| what.strip_prefix(lead));
    let Some(bare) = owned else { return false };
    let words = name_words(bare.split(" of the ").next().unwrap_or(bare));
    let state = match words.as_slice() {
        [one] => STATE_WORDS.contains(&one.as_str()),
        _ => false,
    };
    state
        || words == named.words
        || named.flow.field.as_ref().and_then(|key| named.field(key)).is_some_and(|field| field.words == words)
}

/// The state of this name.
fn known(state: &str, named: &Named) -> Option<String> {
    let state = ["the phase ", "the status ", "the state ", "the stage "]
        .iter()
        .find_map(|lead| state.strip_prefix(lead))
        .unwrap_or(state);
    let words = name_words(state.trim_matches(['"', '“', '”', '`']));
    let within: Vec<String> = std::iter::once("in".to_owned()).chain(words.iter().cloned()).collect();
    let states = || named.flow.states.iter().chain(named.flow.hinted.iter());
    let values =
        || named.values().into_iter().filter(|(of, _)| named.flow.field.as_deref().is_none_or(|field| field == *of));
    let fits = |state: &str| {
        let own = name_words(state);
        own == words || own == within
    };
    let found = states().find(|state| fits(state)).cloned();
    found.or_else(|| values().map(|(_, value)| value.to_owned()).find(|value| fits(value)))
}
