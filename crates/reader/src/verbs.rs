//! What verbs do to records.

use crate::lexicon::{Lexicon, name_words};
use crate::words;
use maestro_artifacts::Action;

const CREATE: &[&str] = &[
    "register", "record", "add", "create", "enter", "log", "capture", "file", "raise", "make", "place", "save",
    "schedule", "issue", "store", "note", "input", "insert", "document", "plan", "start", "open", "set", "submit",
    "have", "write", "announce", "propose",
];
const UPDATE: &[&str] =
    &["edit", "update", "change", "modify", "correct", "amend", "adjust", "alter", "rename", "revise", "fix"];
const DELETE: &[&str] = &["delete", "remove", "erase", "discard"];
const SEE: &[&str] = &[
    "see", "view", "read", "list", "browse", "look", "consult", "display", "show", "inspect", "check", "review",
    "access", "know", "get", "monitor", "overview",
];
const MANAGE: &[&str] =
    &["manage", "maintain", "administer", "keep", "track", "handle", "organise", "organize", "administrate"];

/// The actions a verb stands for; empty where it stands for none.
pub(crate) fn actions(word: &str) -> &'static [Action] {
    let stem = words::stem(word);
    let any = |list: &[&str]| list.iter().any(|verb| *verb == word || words::stem(verb) == stem);
    if any(MANAGE) {
        &[Action::Create, Action::Read, Action::List, Action::Update, Action::Delete]
    } else if any(DELETE) {
        &[Action::Delete]
    } else if any(UPDATE) {
        &[Action::Update]
    } else if any(SEE) {
        &[Action::List, Action::Read]
    } else if any(CREATE) {
        &[Action::Create]
    } else {
        &[]
    }
}

/// The state that a verb brings a record to: `approve` to `approved`.
pub(crate) fn state(lexicon: &Lexicon, entity: &str, word: &str) -> Option<String> {
    let named = lexicon.entity(entity)?;
    let field = lexicon.flow_field(entity)?;
    let fits = |state: &str| {
        let parts = name_words(state);
        matches!(parts.as_slice(), [one] if one == word || words::related(word, one))
    };
    let find = |fits: &dyn Fn(&str) -> bool| {
        named.values().into_iter().find(|(of, state)| *of == field && fits(state)).map(|(_, state)| state.to_owned())
    };
    find(&fits).or_else(|| {
        // To reopen leads back to `open`, to resubmit to `submitted`.
        let again = word.strip_prefix("re").map(|rest| rest.trim_start_matches('-')).filter(|rest| rest.len() > 3)?;
        find(&|state: &str| matches!(name_words(state).as_slice(), [one] if one == again || words::related(again, one)))
    })
}

/// Verbs with which people move records on, in any trade: each leads to the state of its participle.
const USUAL: &[&str] = &[
    "approve",
    "reject",
    "cancel",
    "close",
    "confirm",
    "accept",
    "decline",
    "complete",
    "finish",
    "ship",
    "pay",
    "return",
    "resolve",
    "archive",
    "publish",
    "verify",
    "withdraw",
    "assign",
    "deliver",
    "receive",
    "release",
    "suspend",
    "retire",
    "activate",
    "deactivate",
    "sign",
    "refund",
    "validate",
    "dispatch",
    "escalate",
    "revoke",
    "expire",
    "merge",
    "send",
    "submit",
    "discard",
    "scrap",
    "start",
];

/// Whether a verb moves records on by itself.
pub(crate) fn usual(word: &str) -> bool {
    let stem = words::stem(word);
    USUAL.iter().any(|verb| *verb == word || words::stem(verb) == stem)
}

/// What a record is once this was done to it: `approve` to `approved`, `ship` to `shipped`, `pay` to `paid`.
pub(crate) fn participle(verb: &str) -> String {
    const IRREGULAR: &[(&str, &str)] = &[
        ("pay", "paid"),
        ("send", "sent"),
        ("withdraw", "withdrawn"),
        ("lose", "lost"),
        ("sell", "sold"),
        ("take", "taken"),
        ("give", "given"),
        ("hold", "held"),
        ("lend", "lent"),
        ("cancel", "cancelled"),
        ("submit", "submitted"),
        ("refer", "referred"),
    ];
    if let Some((_, irregular)) = IRREGULAR.iter().find(|(base, irregular)| *base == verb || *irregular == verb) {
        return (*irregular).to_owned();
    }
    if verb.ends_with('e') {
        return format!("{verb}d");
    }
    if let Some(root) = verb.strip_suffix('y').filter(|root| !root.ends_with(['a', 'e', 'o', 'u'])) {
        return format!("{root}ied");
    }
    // One short syllable doubles its last letter: ship, plan, drop.
    let letters: Vec<char> = verb.chars().collect();
    let vowel = |c: &char| "aeiou".contains(*c);
    if let [.., before, middle, last] = letters.as_slice()
        && !vowel(last)
        && !matches!(last, 'w' | 'x' | 'y')
        && vowel(middle)
        && !vowel(before)
        && letters.iter().filter(|c| vowel(c)).count() == 1
    {
        return format!("{verb}{last}ed");
    }
    format!("{verb}ed")
}

/// The state that a phrase brings a record to: `check in` to `checked in`.
pub(crate) fn phrase_state(lexicon: &Lexicon, entity: &str, phrase: &[&str]) -> Option<String> {
    let named = lexicon.entity(entity)?;
    let field = lexicon.flow_field(entity)?;
    let fits = |state: &str| {
        let parts = name_words(state);
        parts.len() == phrase.len()
            && parts.len() > 1
            && parts.iter().zip(phrase).all(|(part, word)| part == word || words::related(word, part))
    };
    named.values().into_iter().find(|(of, state)| *of == field && fits(state)).map(|(_, state)| state.to_owned())
}

/// Whether a verb means making a record of this entity: a verb for it, or the one its name comes from (`book` a `booking`).
pub(crate) fn makes(lexicon: &Lexicon, entity: &str, word: &str) -> bool {
    if actions(word).contains(&Action::Create) && word != "have" {
        return true;
    }
    let head = lexicon.entity(entity).and_then(|entity| entity.words.last().cloned());
    head.is_some_and(|head| words::related(word, &head))
}

/// The child of `parent` that a verb makes: the one named after the verb, else the only one.
pub(crate) fn child_made(lexicon: &Lexicon, parent: &str, word: &str) -> Option<String> {
    let children: Vec<&str> = lexicon
        .entities
        .iter()
        .filter(|child| child.key != parent && lexicon.reference(&child.key, parent).is_some())
        .map(|child| child.key.as_str())
        .collect();
    let named: Vec<&&str> = children
        .iter()
        .filter(|child| {
            lexicon.entity(child).and_then(|child| child.words.last()).is_some_and(|head| words::related(word, head))
        })
        .collect();
    match (named.as_slice(), children.as_slice()) {
        ([one], _) => Some((**one).to_owned()),
        ([], [one]) if actions(word).is_empty() => Some((*one).to_owned()),
        _ => None,
    }
}
