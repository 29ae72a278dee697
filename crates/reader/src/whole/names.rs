//! Whether what a statement names is a name: no part of the sentence around it that was taken along.

use super::phrases;
use crate::effect::Effect;
use crate::lexicon::{Lexicon, one_role};
use crate::words::{related, singular};
use maestro_artifacts::{FieldKind, RuleKind};

/// Words that stand in no name.
const NEVER: &[&str] = &[
    "always",
    "never",
    "only",
    "also",
    "must",
    "may",
    "can",
    "cannot",
    "should",
    "would",
    "will",
    "shall",
    "which",
    "who",
    "whose",
    "that",
    "when",
    "while",
    "unless",
    "because",
    "than",
    "means",
    "older",
    "younger",
    "anyone",
    "everyone",
    "anybody",
    "everybody",
    "nobody",
    "nothing",
    "something",
    "normally",
    "usually",
    "latter",
    "former",
    "via",
    "defaults",
    "becomes",
    "become",
];
/// Words that no name begins with.
const BEFORE: &[&str] = &[
    "no",
    "not",
    "most",
    "some",
    "any",
    "many",
    "several",
    "every",
    "each",
    "or",
    "and",
    "marked",
    "default",
    "for",
    "together",
    "combined",
    "altogether",
];
/// Words that no name ends with.
const BEHIND: &[&str] = &["own", "else", "or", "and", "etc"];
/// What fields are, not what they are called: "a code, which is unique and required".
const DEMANDED: &[&str] = &["unique", "required", "mandatory", "optional", "compulsory"];

/// A name among the effects that is none.
pub(super) fn ill_named(effects: &[Effect], lexicon: &Lexicon) -> Option<String> {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Entity { name } => Some(name).filter(|name| ill(name) || phrases::of_entity(name, lexicon)),
            Effect::Field { name, kind, .. } => {
                let ill = |name: &&String| ill(name) || of_field(name, lexicon) || phrases::of_field(effect, lexicon);
                Some(name).filter(ill).or(match kind {
                    Some(FieldKind::Enum { values }) => values.iter().find(|value| of_value(value)),
                    _ => None,
                })
            }
            Effect::States { states, .. } | Effect::AllStates { states, .. } => {
                states.iter().find(|state| of_value(state) || joined(state, states))
            }
            Effect::Role { name } => {
                Some(name).filter(|name| ill(name) || phrases::of_role(name) || parted(name) || of_two(name, lexicon))
            }
            Effect::Rule(
                RuleKind::TransitionRole { roles, .. }
                | RuleKind::ActionRole { roles, .. }
                | RuleKind::ActionBarred { roles, .. },
            ) => roles.iter().find(|name| ill(name) || phrases::of_role(name) || parted(name) || of_two(name, lexicon)),
            _ => None,
        })
        .cloned()
}

fn ill(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split([' ', '_']).filter(|word| !word.is_empty()).collect();
    // "A tag, a price and so on", "a tag, a price, etc.": what else it has is not told.
    if matches!(words.as_slice(), ["etc"] | ["so", "on"] | ["so", "forth"]) {
        return true;
    }
    // "Unique per year": where it is unique is no other field.
    if words.first() == Some(&"per") && words.len() > 1 && words.get(1) != Some(&"diem") {
        return true;
    }
    // "... and I want none of these left blank": what somebody wants is no field.
    if words.len() > 1 && words.contains(&"none")
        || words.windows(2).any(|pair| matches!(pair, ["i" | "we", "want" | "need"]))
    {
        return true;
    }
    // "A note with a date": what is with it is another field.
    if words.iter().skip(1).rev().skip(1).any(|word| *word == "with") {
        return true;
    }
    // One word alone is what somebody calls it.
    let [first, .., last] = words.as_slice() else { return false };
    lower.starts_with("made up of")
        || lower.starts_with("consisting of")
        || words.iter().any(|word| NEVER.contains(word))
        || BEFORE.contains(first)
        || BEHIND.contains(last)
}

/// Marks that part a sentence; what a table or a list calls a field may hold any.
fn parted(name: &str) -> bool {
    name.contains([';', '[', ']', '<', '>', '"', '→'])
}

/// "None, champagne, normally none", "never visited" is a value.
fn of_value(name: &str) -> bool {
    const NEVER: &[&str] = &["means", "normally", "usually", "anyone", "via", "defaults"];
    let lower = name.to_lowercase();
    let mut words = lower.split(' ');
    // "A rental period (from, to)": the parts of what it is, and no values.
    if matches!(lower.as_str(), "from" | "to" | "until") {
        return true;
    }
    if lower == "etc" || lower.ends_with(" etc") || lower == "so on" {
        return true;
    }
    words.clone().count() > 1
        && (lower.starts_with("out as ")
            || words.next() == Some("marked")
            || words.any(|word| NEVER.contains(&word))
            || lower.starts_with("normally ")
            || parted(name))
}

fn of_field(name: &str, lexicon: &Lexicon) -> bool {
    let lower = name.to_lowercase();
    // "A keeper, who is a falconer", "thinned and sold in this order"
    let kind = |word: &str| lexicon.find(word).is_some();
    if lower.ends_with(" in order")
        || lower.ends_with(" at creation")
        || lower.ends_with(" on creation")
        || lower.strip_prefix("is ").is_some_and(kind)
    {
        return true;
    }
    let words: Vec<&str> = lower.split([' ', '_']).collect();
    words.contains(&"or") || matches!(words.as_slice(), ["is", demanded] if DEMANDED.contains(demanded))
}

/// "From hangar or flight line to workshop": two states that a way leads between.
fn joined(state: &str, states: &[String]) -> bool {
    state.split_once(" to ").is_some_and(|(_, to)| states.iter().any(|other| other.eq_ignore_ascii_case(to)))
}

/// "Head falconers office clerk", "chair falconer", "falconers sell": two roles in one, or what somebody does.
fn of_two(name: &str, lexicon: &Lexicon) -> bool {
    let known = |part: &str| lexicon.roles.iter().any(|role| role.eq_ignore_ascii_case(&one_role(part)));
    let kind = |part: &str| lexicon.find(part).is_some();
    let spaces = name.match_indices(' ').map(|(at, _)| name.split_at(at));
    let mut parts = spaces.map(|(first, second)| (first, second.trim_start()));
    parts.any(|(first, second)| {
        let last = first.rsplit(' ').next().unwrap_or_default();
        let does = lexicon.entities.iter().flat_map(|named| &named.flow.states).any(|state| related(second, state));
        let many = singular(last) != last && (known(last) || kind(last)) && does;
        many || known(first) && (first.ends_with('s') || known(second) || kind(second))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_sentences_are_no_names() {
        for name in ["ride always", "most crates", "number of own", "marked as dark", "red or", "refuses anyone"] {
            assert!(ill(name), "{name}");
        }
        for name in ["own", "paid", "some", "member since", "time of day", "terms and conditions", "next check"] {
            assert!(!ill(name), "{name}");
        }
        assert!(of_value("marked as dark") && of_value("normally none") && !of_value("never visited"));
        let field = |name| of_field(name, &Lexicon::default());
        assert!(field("is unique") && field("phone or e-mail") && !field("is paid"));
        let states = ["hangar", "workshop", "flight line to workshop"].map(str::to_owned);
        assert!(joined("flight line to workshop", &states) && !joined("hangar", &states));
    }
}
