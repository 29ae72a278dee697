//! Whether what an example (Given, when, then) was taken to show has to do with everything that it tells of.

use super::words::{
    RIGHTS, WORDS, Words, abbreviated, add, by_stem, fits, is_contrary, is_named, kind, names, strings,
};
use crate::effect::Effect;
use crate::lexicon::{Lexicon, Named, NamedField, name_words};
use crate::normal;
use crate::token::{self, Token};
use crate::verbs;
use crate::words::{related, singular};
use maestro_artifacts::{Action, FieldKind, Moment, RuleKind};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static EXAMPLES: LazyLock<Words> = LazyLock::new(|| by_stem(include_str!("examples.txt")));

/// The word of an example of which nothing was made: what it shows has to do with everything that it tells of.
pub(super) fn lost(text: &str, effects: &[Effect], lexicon: &Lexicon) -> Option<String> {
    let acted = crate::criteria::acting(text, lexicon);
    let text = acted.as_deref().unwrap_or(text);
    let mut kinds: BTreeSet<String> = effects.iter().map(kind).collect();
    let shown = format!("{effects:?}");
    if shown.contains("Children {") {
        kinds.insert("Counts".to_owned());
    }
    if let Some(word) = misplaced(text, &shown, &kinds, effects, lexicon) {
        return Some(word);
    }
    let mut named = names(effects, lexicon);
    around(text, effects, lexicon).iter().for_each(|name| add(&mut named, name));
    let mut roles = BTreeSet::new();
    lexicon.roles.iter().for_each(|role| add(&mut roles, role));
    let known = |word: &str| record(lexicon, word);
    // "Another patient is admitted with the tag": of patients that begin as admitted, it is made.
    let made = |word: &str| {
        let begins = |entity: &Named| {
            shown.contains(&format!("\"{}\"", entity.key))
                && verbs::begins_as(lexicon, &entity.key).is_some_and(|state| {
                    state.eq_ignore_ascii_case(word) || word.len() > 5 && state.get(..4) == word.get(..4)
                })
        };
        ["Unique", "Compare"].iter().any(|kind| kinds.contains(*kind)) && lexicon.entities.iter().any(begins)
    };
    let part_of = |word: &str| {
        made(word)
            || is_named(word, &roles) && !known(word)
            || fits(&EXAMPLES, word, &kinds).or_else(|| fits(&WORDS, word, &kinds)).unwrap_or(false)
            || is_named(word, &named)
            || is_contrary(word, &named)
    };
    let tokens = token::tokens(text);
    tokens.iter().enumerate().filter(|(_, token)| !token.quoted && !abbreviated(&token.raw)).find_map(|(at, token)| {
        // Somebody's or something's own name.
        let begins =
            at.checked_sub(1).and_then(|at| tokens.get(at)).is_none_or(|before| STEPS.contains(&before.word.as_str()));
        if !begins && token.raw.starts_with(char::is_uppercase) && !STEPS.contains(&token.word.as_str()) {
            return None;
        }
        let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map(|token| token.word.as_str());
        let verb =
            |word: Option<&str>| word.is_some_and(|word| word.ends_with('s') && !matches!(word, "is" | "was" | "has"));
        // "When a technician starts it", "by the owner": anybody may be told to do it, and what is done leads to a state.
        let acting = |first: Option<&str>, article: Option<&str>| {
            matches!(first, Some("when" | "by" | "only" | "am"))
                && matches!(article, Some("a" | "an" | "the" | "its" | "their"))
        };
        let (one, two, three) = (at.checked_sub(1), at.checked_sub(2), at.checked_sub(3));
        let actor = acting(word(two), word(one)) && (!known(&token.word) || verb(word(Some(at + 1))))
            || acting(word(three), word(two)) && !known(&token.word) && verb(word(Some(at + 1)));
        // "When a fleet manager releases it"
        let by_role = (0..at).any(|from| {
            acting(word(Some(from)), word(Some(from + 1)))
                && tokens.get(from + 2..at).is_some_and(|who| {
                    !who.is_empty() && who.len() <= 4 && who.iter().all(|token| is_named(&token.lemma, &roles))
                })
        });
        let deed = kinds.contains("Transition") && (acting(word(three), word(two)) || by_role)
            || effects.iter().any(|effect| {
                matches!(effect, Effect::Rule(RuleKind::Requires { entity, at: Moment::Create, .. })
                    if verbs::makes(lexicon, entity, &token.lemma) || verbs::takes_up(&token.lemma))
            });
        // "Given a player, when a court is added": who is there.
        let bare =
            matches!(word(one), Some("a" | "an" | "the")) && matches!(word(Some(at + 1)), None | Some("," | "when"));
        if bare && is_named(&token.lemma, &roles) {
            return None;
        }
        // "A permit with plate "AB123"": which one.
        // "A fifth guest", one more than there may be.
        let counted = kinds.contains("Capacity")
            && crate::criteria::ordinal(word(one).unwrap_or_default()).is_some_and(|nth| nth > 1)
            && !known(&token.word);
        // "Given that a class must have 4 to 16 places", of courses.
        let bounded = kinds.contains("Range")
            && crate::criteria::bounded_subject(text)
                .is_some_and(|named| named.split(' ').any(|word| word == token.word));
        if actor || deed || counted || bounded || tokens.get(at + 1).is_some_and(|after| after.quoted) {
            return None;
        }
        let lower = token.raw.to_lowercase();
        let mut parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !abbreviated(part));
        parts.find(|word| !part_of(word)).map(str::to_owned)
    })
}

/// Whether a word is part of what a kind of record is called.
fn record(lexicon: &Lexicon, word: &str) -> bool {
    lexicon.entities.iter().any(|entity| entity.words.contains(&singular(word)))
}

const STEPS: &[&str] = &["given", "when", "then", "and", "but", ",", ":"];

/// What is told beside the point: another time, another parent, another number, somebody who may not.
fn misplaced(
    text: &str,
    shown: &str,
    kinds: &BTreeSet<String>,
    effects: &[Effect],
    lexicon: &Lexicon,
) -> Option<String> {
    let tokens = normal::with_phrasal_verbs(&token::tokens(text), lexicon);
    let word = |at: usize| tokens.get(at).map(|token| token.word.as_str()).unwrap_or_default();
    let any = |of: &[&str]| kinds.iter().any(|kind| of.contains(&kind.as_str()));
    let roles = |at: usize| {
        lexicon.roles.iter().any(|role| name_words(role).first() == tokens.get(at).map(|token| &token.lemma))
    };
    for at in 0..tokens.len() {
        // "More than 30 days after it was made"
        let span =
            matches!(word(at), "day" | "days" | "week" | "weeks" | "month" | "months" | "hour" | "hours" | "minutes");
        // "On the same day from 19:00"
        let day = at > 0 && word(at - 1) == "same";
        if span && !day && matches!(word(at + 1), "after" | "before" | "from" | "ago") && !any(TIMED) {
            return Some(format!("{} {}", word(at), word(at + 1)));
        }
        // "Someone who is not a miller", "anyone but the chair"
        let other =
            matches!(word(at), "not" | "than" | "but" | "except") && matches!(word(at + 1), "a" | "an" | "the" | "its");
        // "Someone other than its worker": who that is stands in the record.
        if other && (roles(at + 2) && !any(RIGHTS) || word(at) == "than" && word(at + 1) == "its") {
            return Some(word(at + 2).to_owned());
        }
        // "With fewer than 3 tastings" of a rule that asks for one
        let few = matches!(word(at), "fewer" | "less" | "more") && word(at + 1) == "than";
        if few
            && kinds.contains("Counts")
            && let Ok(number) = word(at + 2).parse::<i64>()
        {
            let told = [number - 1, number, number + 1].iter().any(|near| shown.contains(&format!("({near})")));
            if !told && !shown.contains("Field {") {
                return Some(word(at + 2).to_owned());
            }
        }
    }
    // What comes of it tells which change was meant: "hands it over" leads to `in use`.
    let moved = kinds.contains("Transition");
    if let Some(word) = effects.iter().filter(|_| !moved).find_map(|effect| another_act(&tokens, effect, lexicon)) {
        return Some(word);
    }
    // "The falconer gets another assignment" of assignments that are told apart by their bird
    let lemmas: BTreeSet<String> = tokens.iter().map(|token| token.lemma.clone()).collect();
    let mentions =
        |key: &str| lexicon.entity(key).is_some_and(|named| named.words.iter().all(|word| lemmas.contains(word)));
    effects.iter().find_map(|effect| {
        let (entity, by) = match effect {
            Effect::Rule(RuleKind::NoOverlap { entity, by, .. }) => (entity, by),
            Effect::Rule(RuleKind::Unique { entity, fields, .. }) => (entity, fields),
            _ => return None,
        };
        let named = lexicon.entity(entity)?;
        let parent = |field: &NamedField| match &field.kind {
            FieldKind::Reference { entity } => Some(entity.clone()),
            _ => None,
        };
        let (mine, others): (Vec<&NamedField>, Vec<&NamedField>) =
            named.fields.iter().partition(|field| by.contains(&field.key));
        let mine: Vec<String> = mine.into_iter().filter_map(parent).collect();
        let told = mine.is_empty() || mine.iter().any(|parent| mentions(parent));
        let other = others.into_iter().filter_map(parent).find(|parent| mentions(parent) && !mine.contains(parent));
        other.filter(|_| !told).and_then(|parent| lexicon.entity(&parent).map(|parent| parent.name.clone()))
    })
}

/// What is done in an example, where the rule is about something else that is done.
fn another_act(tokens: &[Token], effect: &Effect, lexicon: &Lexicon) -> Option<String> {
    let when = tokens.iter().rposition(|token| token.is("when"))?;
    let end = tokens.iter().skip(when).position(|token| token.is("then")).map_or(tokens.len(), |at| when + at);
    let done = tokens.get(when + 1..end)?;
    let mentions = |entity: &str| {
        lexicon
            .entity(entity)
            .is_some_and(|named| named.words.iter().all(|word| done.iter().any(|token| token.lemma == *word)))
    };
    let reaches = |entity: &str, to: &str| {
        let state = |token: &Token| verbs::state(lexicon, entity, &token.lemma).is_some_and(|state| state == to);
        let words = name_words(to);
        done.iter()
            .any(|token| state(token) || words.iter().any(|word| related(&token.lemma, word) || token.lemma == *word))
    };
    let told = || done.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    match effect {
        Effect::Rule(RuleKind::Requires { entity, at: Moment::Create, .. }) => {
            // "When the ride is cancelled", "when it is set to closed" makes nothing.
            let sets = |at: usize| {
                done.get(at).is_some_and(|token| token.is("set")) && done.get(at + 1).is_some_and(|next| next.is("to"))
            };
            let makes = done.iter().enumerate().any(|(at, token)| {
                (verbs::makes(lexicon, entity, &token.lemma) || verbs::takes_up(&token.lemma))
                    && !record(lexicon, &token.word)
                    && !sets(at)
            });
            let first = verbs::begins_as(lexicon, entity);
            let moved =
                |token: &Token| verbs::state(lexicon, entity, &token.lemma).is_some_and(|state| Some(state) != first);
            if done.iter().any(moved) && !makes {
                return Some(told());
            }
            (!mentions(entity) && !makes).then(told)
        }
        Effect::Rule(
            RuleKind::Requires { entity, at: Moment::Transition { to }, .. }
            | RuleKind::TransitionRequires { entity, to, .. }
            | RuleKind::TransitionRole { entity, to, .. },
        ) => (!reaches(entity, to)).then(told),
        Effect::Rule(RuleKind::Unique { entity, .. }) => {
            let one = done.iter().position(|token| matches!(token.word.as_str(), "another" | "second" | "third"))?;
            let named = done.get(one + 1)?;
            // "A second order line" is no second order.
            let own = lexicon.entity(entity).map(|of| of.words.iter()).into_iter().flatten().enumerate();
            if own.clone().count() > 1
                && own.clone().all(|(k, word)| done.get(one + 1 + k).is_some_and(|token| token.lemma == *word))
            {
                return None;
            }
            let other =
                |of: &&Named| of.key != *entity && of.words.first() == Some(&named.lemma) && of.words.len() == 1;
            lexicon.entities.iter().find(other).map(|of| of.name.clone())
        }
        _ => None,
    }
}

/// Kinds of rules that times are part of.
const TIMED: &[&str] = &["Compare", "Requires", "Range", "Computed", "NoOverlap", "Default", "List", "Stamp", "Filter"];

/// What examples may tell of beside the effects: records that theirs refer to, and other values of fields that they name.
fn around(text: &str, effects: &[Effect], lexicon: &Lexicon) -> Vec<String> {
    let told = strings(effects);
    let kinds: BTreeSet<String> = effects.iter().map(kind).collect();
    // "Given a draft order without items, when it is accepted": where the way begins.
    let asks =
        |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Requires { at: Moment::Transition { .. }, .. }));
    let moves = kinds.iter().any(|kind| MOVING.contains(&kind.as_str())) || effects.iter().any(asks);
    let mut found = lexicon.units.clone();
    let parents = |entity: &Named| {
        entity
            .fields
            .iter()
            .filter_map(|field| match &field.kind {
                FieldKind::Reference { entity } => lexicon.entity(entity).map(|parent| (field.key.clone(), parent)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    for entity in lexicon.entities.iter().filter(|entity| told.contains(&entity.key)) {
        let parents = parents(entity);
        let looked_at = parents.iter().filter(|(key, _)| told.contains(key)).map(|(_, parent)| *parent);
        for of in std::iter::once(entity).chain(looked_at) {
            let named = of.fields.iter().filter(|field| told.contains(&field.key));
            found.extend(
                named
                    .filter_map(
                        |field| if let FieldKind::Enum { values } = &field.kind { Some(values.clone()) } else { None },
                    )
                    .flatten(),
            );
            if of.flow.field.as_ref().is_some_and(|field| told.contains(field)) {
                found.extend(of.flow.states.iter().cloned());
            }
        }
        if moves {
            found.extend(entity.flow.states.iter().cloned());
            // "Sets it to done with a test report": what is entered with the change.
            let with = |name: &str| {
                [" a ", " an ", " the ", " "].iter().any(|article| text.contains(&format!(" with{article}{name}")))
            };
            found.extend(entity.fields.iter().filter(|field| with(&field.name)).map(|field| field.name.clone()));
        }
        // "Tries to change the deposit" of what is frozen as a whole.
        // "Creates an entry with weight class -63": what it is made with.
        let made = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Capability { entity: of, action: Action::Create }) if *of == entity.key);
        if kinds.contains("Immutable") || effects.iter().any(made) {
            found.extend(entity.fields.iter().map(|field| field.name.clone()));
        }
        // "With name "Digital caliper" and type caliper"
        for field in entity.fields.iter().filter(|_| effects.iter().any(made)) {
            let FieldKind::Enum { values } = &field.kind else { continue };
            found.extend(values.iter().filter(|value| text.contains(&format!("{} {value}", field.name))).cloned());
        }
        // "Given a job in progress, when I add a part ...": what the record is added to is in some state.
        for (_, parent) in parents {
            let states = parent.flow.states.iter().filter(|state| text.contains(state.as_str()));
            found.extend(states.cloned().chain([parent.name.clone()]));
        }
    }
    found
}

/// Kinds that tell of changes of state, and of what holds in one.
const MOVING: &[&str] =
    &["Transition", "Transitions", "TransitionRole", "TransitionRequires", "Immutable", "NoDelete", "Initial", "Stamp"];
