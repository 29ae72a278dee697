//! The verbs of a life: those of beginning, of becoming, and of bringing records somewhere.

use crate::token::Token;
use crate::verbs;

/// What a verb says of the state behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// "Begin in", "are created as": the first state.
    Begin,
    /// "Become", "turn": the state follows at once.
    Become,
    /// "Go to", "are moved to", "change the stage to": the state follows a preposition.
    Move,
    /// "Can be": what is done to them names the state.
    Be,
    /// "Are" alone, which tells a state only where it is one by what else is told.
    Stand,
    /// "Cancelled is possible from every stage": the state stands before it.
    Possible,
}

const BEGIN: &[&str] = &["start", "starts", "begin", "begins", "open", "opens", "enter", "enters"];
pub(super) const MADE: &[&str] = &[
    "created",
    "made",
    "recorded",
    "registered",
    "entered",
    "added",
    "opened",
    "saved",
    "stored",
    "booked",
    "started",
];
const BECOME: &[&str] = &["become", "becomes", "turn", "turns", "end", "ends", "get", "gets", "come", "comes"];
const GO: &[&str] = &[
    "go",
    "goes",
    "move",
    "moves",
    "pass",
    "passes",
    "change",
    "changes",
    "switch",
    "switches",
    "proceed",
    "proceeds",
    "advance",
    "advances",
    "progress",
    "progresses",
    "continue",
    "continues",
    "return",
    "returns",
    "comes",
    "transition",
    "transitions",
    "lead",
    "leads",
    "fall",
    "falls",
    "revert",
    "reverts",
    "run",
    "runs",
];
/// What is done to records to bring them to a state.
const BROUGHT: &[&str] = &[
    "moved",
    "set",
    "setto",
    "put",
    "brought",
    "marked",
    "changed",
    "switched",
    "turned",
    "returned",
    "sent",
    "taken",
    "transferred",
    "advanced",
    "promoted",
    "declared",
    "flagged",
    "placed",
    "reset",
    "reverted",
    "transitioned",
    "made",
    "passed",
    "handed",
    "pushed",
];
/// The same as a deed of somebody.
const BRING: &[&str] = &[
    "move",
    "set",
    "setto",
    "put",
    "bring",
    "mark",
    "change",
    "switch",
    "turn",
    "return",
    "send",
    "take",
    "transfer",
    "advance",
    "promote",
    "declare",
    "flag",
    "place",
    "reset",
    "revert",
    "transition",
    "make",
    "pass",
    "push",
];
/// Words that tell when or how, and nothing else.
pub(super) const ADVERBS: &[&str] = &[
    "then",
    "finally",
    "later",
    "eventually",
    "afterwards",
    "next",
    "directly",
    "straight",
    "back",
    "again",
    "on",
    "either",
    "oneof",
    "first",
    "initially",
    "only",
    "thereafter",
    "subsequently",
    "immediately",
    "also",
    "over",
    "there",
];
/// Those that tell that it comes later.
pub(super) const LATER: &[&str] =
    &["then", "finally", "later", "eventually", "afterwards", "next", "thereafter", "subsequently"];
/// Those that tell of the beginning.
pub(super) const FIRST: &[&str] = &["first", "initially", "originally"];
/// Words before the state that something goes to.
pub(super) const TOWARDS: &[&str] = &["to", "into", "as", "in", "setto", "through", "via"];
const MODALS: &[&str] = &["may", "must", "mayonly"];
const PERMITTED: &[&str] = &["possible", "allowed", "permitted", "reachable", "available"];

pub(super) fn is(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    tokens.get(at).is_some_and(|token| !token.quoted && words.contains(&token.word.as_str()))
}

/// Whether a sentence has a verb of a life at all, and forbids nothing.
pub(super) fn tells_of_life(tokens: &[Token]) -> bool {
    const NEVER: &[&str] = &["mustnot", "no", "noone", "never", "unless", "->", "without", ">=", "<=", ":"];
    const ALWAYS: &[&str] = &["from", "be", "may", "must", "mayonly"];
    const LEAVE: &[&str] = &["leave", "leaves"];
    let any = |list: &[&str]| tokens.iter().any(|token| !token.quoted && list.contains(&token.word.as_str()));
    tokens.len() < 40 && !any(NEVER) && (any(ALWAYS) || any(BEGIN) || any(BECOME) || any(GO) || any(LEAVE))
}

/// The verb at a place: where it ends, and what it says.
pub(super) fn verb(tokens: &[Token], at: usize) -> Option<(usize, Verb)> {
    let mut from = at;
    let modal = is(tokens, from, MODALS);
    // "Can become" is told as `may be`.
    let becoming = tokens.get(from).is_some_and(|token| token.wrote("become") || token.wrote("becomes"));
    from += usize::from(modal);
    from += adverbs(tokens, from);
    if is(tokens, from, BEGIN) {
        let end = from + 1 + usize::from(is(tokens, from + 1, &["out", "off", "life"]));
        return Some((end, Verb::Begin));
    }
    if is(tokens, from, BECOME) {
        let end = from + 1 + usize::from(is(tokens, from + 1, &["up"]));
        return Some((end, Verb::Become));
    }
    if is(tokens, from, GO) {
        return Some((from + 1, Verb::Move));
    }
    if !is(tokens, from, &["be"]) {
        return None;
    }
    let becoming = becoming || tokens.get(from).is_some_and(|token| token.wrote("become") || token.wrote("becomes"));
    from += 1;
    // "Are first in quarantine", "are initially open"
    if is(tokens, from, FIRST) {
        return Some((from + 1, Verb::Begin));
    }
    let later = is(tokens, from, LATER) || is(tokens, from, &["oneof", "either"]);
    from += adverbs(tokens, from);
    if is(tokens, from, PERMITTED) {
        return Some((from + 1, Verb::Possible));
    }
    let led = |at: usize| is(tokens, at, TOWARDS) || is(tokens, at, &["from", "back"]);
    if is(tokens, from, MADE) && is(tokens, from + 1, &["as", "in", "with", "at"]) && !modal {
        return Some((from + 1, Verb::Begin));
    }
    if is(tokens, from, &["setto"]) {
        return Some((from, Verb::Move));
    }
    if is(tokens, from, BROUGHT) && led(from + 1) {
        return Some((from + 1, Verb::Move));
    }
    // "Can be released from quarantine to growing": whatever is done, both ends are told.
    let done = tokens.get(from).is_some_and(|token| !token.quoted && verbs::is_participle(&token.word));
    if done && is(tokens, from + 1, &["from"]) {
        return Some((from + 1, Verb::Move));
    }
    if becoming {
        return Some((from, Verb::Become));
    }
    // "Must be disregarded" demands, and tells of nothing that becomes of them.
    let may = modal && !is(tokens, at, &["must"]);
    // "Is finally sold" tells what becomes of it.
    Some(match (later, may) {
        (true, _) => (from, Verb::Become),
        (false, true) => (from, Verb::Be),
        (false, false) => (from, Verb::Stand),
    })
}

/// Where the deed of somebody begins: behind "users may", "it is possible to" and "we".
pub(super) fn deed(tokens: &[Token], at: usize, named: bool) -> Option<usize> {
    const WHO: &[&str] = &["user", "users", "we", "you", "people", "staff", "anyone", "1"];
    let it = named || is(tokens, at, &["it"]);
    let must = usize::from(it && is(tokens, at + 1, &["must"]));
    if is(tokens, at, WHO) && is(tokens, at + 1, MODALS) {
        Some(at + 2)
    } else if it && is(tokens, at + 1 + must, &["be"]) && is(tokens, at + 2 + must, PERMITTED) {
        Some(at + 3 + must + usize::from(is(tokens, at + 3 + must, &["to"])))
    } else {
        None
    }
}

/// Whether somebody brings something somewhere with this word.
pub(super) fn brings(tokens: &[Token], at: usize) -> bool {
    is(tokens, at, BRING)
}

/// How many words at a place tell when or how.
pub(super) fn adverbs(tokens: &[Token], at: usize) -> usize {
    let mut end = at;
    loop {
        if is(tokens, end, &["in"]) && is(tokens, end + 1, &["end"])
            || is(tokens, end, &["at"]) && is(tokens, end + 1, &["last"])
        {
            end += 2;
        } else if is(tokens, end, ADVERBS) {
            end += 1;
        } else {
            return end - at;
        }
    }
}
