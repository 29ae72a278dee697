//! What verbs do to records.

use crate::lexicon::{Lexicon, Named, name_words};
use crate::token::Token;
use crate::words;
use maestro_artifacts::Action;

const CREATE: &[&str] = &[
    "register", "record", "add", "create", "enter", "log", "capture", "file", "raise", "make", "place", "save",
    "schedule", "issue", "store", "note", "input", "insert", "document", "plan", "start", "open", "set", "submit",
    "have", "write", "announce", "propose",
];
const UPDATE: &[&str] =
    &["edit", "update", "change", "modify", "correct", "amend", "adjust", "alter", "rename", "revise", "fix", "decide"];
const DELETE: &[&str] = &["delete", "remove", "erase", "discard"];
const SEE: &[&str] = &[
    "see",
    "view",
    "read",
    "list",
    "browse",
    "look",
    "consult",
    "display",
    "show",
    "inspect",
    "check",
    "review",
    "access",
    "know",
    "get",
    "monitor",
    "overview",
    "follow",
    "oversee",
    "supervise",
    "watch",
];
const MANAGE: &[&str] =
    &["manage", "maintain", "administer", "keep", "track", "handle", "organise", "organize", "administrate"];

/// The actions a verb stands for; empty where it stands for none.
pub(crate) fn actions(word: &str) -> &'static [Action] {
    let stem = words::stem(word);
    // A manager is somebody, and manages nothing by the word alone.
    let somebody = ["er", "or", "ers", "ors"].iter().any(|end| word.ends_with(end));
    let one = words::singular(word);
    let any = |list: &[&str]| {
        list.iter().any(|verb| *verb == one || *verb == word || (!somebody && words::stem(verb) == stem))
    };
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

/// Whether a list of states that the epic states as a whole has this one.
pub(crate) fn declared(named: &Named, field: &str, state: &str) -> bool {
    let lists = named.field(field).map(|field| field.listed.as_slice()).unwrap_or_default();
    lists.iter().any(|(values, _)| values.iter().any(|value| value == state))
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
    // "A permit is approved, active or revoked. An approved permit can be activated": one of the states that are listed, though
    // the word may have been taken for one before they were known.
    let declared = |state: &str| declared(named, &field, state);
    if !find(&fits).is_some_and(|state| declared(&state))
        && let Some(state) = find(&|state: &str| declared(state) && activated(word, state))
    {
        return Some(state);
    }
    // "Starting an order sets it to in progress"
    let brought = || {
        let told = |done: &str| done == word || words::related(word, done);
        named.flow.deeds.iter().find(|(done, _)| told(done)).map(|(_, state)| state.clone())
    };
    find(&fits).or_else(brought).or_else(|| find(&|state: &str| activated(word, state))).or_else(|| {
        // To reopen leads back to `open`, to resubmit to `submitted`.
        let again = word.strip_prefix("re").map(|rest| rest.trim_start_matches('-')).filter(|rest| rest.len() > 3)?;
        find(&|state: &str| matches!(name_words(state).as_slice(), [one] if one == again || words::related(again, one)))
            .or_else(|| find(&|state: &str| activated(again, state)))
    })
}

/// The yes/no field that a verb sets: to block a customer makes it `blocked`, to unblock it no more.
pub(crate) fn flag(lexicon: &Lexicon, entity: &str, token: &Token) -> Option<String> {
    let verb = token.lemma.strip_prefix("un").filter(|rest| rest.len() > 3).unwrap_or(&token.lemma);
    let sets = |field: &&crate::lexicon::NamedField| {
        let [word] = field.words.as_slice() else { return false };
        let done = is_participle(word) && words::related(verb, word);
        field.kind == maestro_artifacts::FieldKind::Boolean && (done || activated(&token.lemma, word))
    };
    let mut found = lexicon.entity(entity)?.fields.iter().filter(sets);
    let one = found.next().filter(|_| !token.quoted && found.next().is_none())?;
    Some(one.key.clone())
}

/// Whether a verb leads to a state once more: to reopen, to re-submit.
pub(crate) fn leads_again(word: &str, state: &str) -> bool {
    let again = word.strip_prefix("re").map(|rest| rest.trim_start_matches('-')).filter(|rest| rest.len() > 3);
    again.is_some_and(|again| {
        matches!(name_words(state).as_slice(), [one] if one != word && (one == again || words::related(again, one)))
            || activated(again, state)
    })
}

/// To activate makes active, to deactivate inactive.
fn activated(word: &str, state: &str) -> bool {
    let stem = word.trim_end_matches("ing").trim_end_matches("ed").trim_end_matches('e');
    state.strip_suffix("ive").is_some_and(|root| stem == format!("{root}ivat"))
        || state
            .strip_prefix("in")
            .and_then(|rest| rest.strip_suffix("ive"))
            .is_some_and(|root| stem == format!("de{root}ivat"))
}

/// The state of the longest verb phrase at `at`, and its end: `check in` and `checked in` lead to `checked in`.
pub(crate) fn state_at(lexicon: &Lexicon, entity: &str, tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let named = lexicon.entity(entity)?;
    let field = lexicon.flow_field(entity)?;
    let mut found: Option<(usize, String)> = None;
    for (of, value) in named.values() {
        let parts = name_words(value);
        let fits = of == field
            && parts.len() > 1
            && parts.iter().enumerate().all(|(k, part)| {
                tokens.get(at + k).is_some_and(|token| token.lemma == *part || words::related(&token.lemma, part))
            });
        if fits && found.as_ref().is_none_or(|(end, _)| at + parts.len() > *end) {
            found = Some((at + parts.len(), value.to_owned()));
        }
    }
    // "Check-in" is to check in.
    let written = tokens.get(at).filter(|token| token.word.contains('-')).map(|token| token.word.split('-'));
    let noun = |written: &std::str::Split<'_, char>| {
        let fits = |value: &str| {
            let parts = name_words(value);
            let mut said = written.clone();
            let each = parts.iter().all(|part| said.next().is_some_and(|one| one == part || words::related(one, part)));
            parts.len() > 1 && each && said.next().is_none()
        };
        named.values().into_iter().find(|(of, value)| *of == field && fits(value)).map(|(_, value)| value.to_owned())
    };
    found.or_else(|| Some((at + 1, written.as_ref().and_then(noun)?))).or_else(|| {
        let token = tokens.get(at)?;
        let state = state(lexicon, entity, &token.word).or_else(|| state(lexicon, entity, &token.lemma))?;
        Some((at + 1, state))
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
    "grant",
    "deny",
    "terminate",
];

/// Whether a verb moves records on by itself.
pub(crate) fn usual(word: &str) -> bool {
    let stem = words::stem(word);
    USUAL.iter().any(|verb| *verb == word || words::stem(verb) == stem)
}

/// Words that people use for states before anything has happened, in any trade.
const PLAIN_STATES: &[&str] = &[
    "under way",
    "underway",
    "draft",
    "open",
    "new",
    "pending",
    "active",
    "inactive",
    "planned",
    "waiting",
    "ready",
    "unpaid",
    "idle",
    "available",
    "requested",
    "scheduled",
    "reserved",
    "on hold",
    "in progress",
    "in review",
    "in stock",
    "in use",
    "in repair",
];

/// Whether a phrase is what people call a state before anything has happened.
pub(crate) fn plain_state(phrase: &str) -> bool {
    PLAIN_STATES.contains(&phrase.to_lowercase().as_str())
}

/// Whether a state is one in which a record is given up: it does not follow on what stands before it in a list.
pub(crate) fn given_up(state: &str) -> bool {
    const ENDS: &[&str] = &[
        "cancelled",
        "canceled",
        "rejected",
        "withdrawn",
        "declined",
        "refused",
        "abandoned",
        "aborted",
        "called off",
        "written off",
        "no show",
        "no-show",
        "failed",
        "lost",
        "void",
        "expired",
        "scrapped",
        "discarded",
        "retired",
        "revoked",
        "archived",
        "denied",
        "dropped",
        "missed",
    ];
    ENDS.contains(&state.to_lowercase().as_str())
}

/// Whether a word says what was done to something: `sent`, `approved`, `written`.
pub(crate) fn is_participle(word: &str) -> bool {
    let of = |word: &str| (word.len() > 4 && word.ends_with("ed") && word != "need") || words::strong_participle(word);
    // "Signed-up", which a sign-up is called after
    let phrasal = word.split_once('-').filter(|(_, particle)| crate::deed::PARTICLES.contains(particle));
    of(word) || word.strip_prefix("un").is_some_and(of) || phrasal.is_some_and(|(verb, _)| of(verb))
}

/// What stands behind the name of a record that it was done to: "part used", "item sold".
pub(crate) fn done_behind(word: &str) -> bool {
    is_participle(word) || word == "used"
}

/// "Cancelled bookings are not considered" says what does not count, not what is done.
pub(crate) const COUNTING: &[&str] =
    &["considered", "counted", "ignored", "regarded", "included", "excluded", "affected", "disregarded"];

/// "Check in", "hand over": verbs whose particle tells what is done.
pub(crate) fn phrasal(tokens: &[Token], at: usize) -> bool {
    const VERBS: &[(&str, &[&str])] = &[
        ("check", &["in", "out", "off"]),
        ("hand", &["over", "in", "out", "back"]),
        ("sign", &["off", "in", "out"]),
        ("write", &["off"]),
        ("call", &["off"]),
        ("send", &["out", "off", "back"]),
        ("pay", &["out", "back"]),
        ("pick", &["up"]),
        ("give", &["out", "back"]),
        ("shut", &["down"]),
        ("close", &["down"]),
        ("wind", &["up"]),
        ("hold", &["back"]),
        ("book", &["in", "out"]),
    ];
    let (Some(verb), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else { return false };
    let plain = !verb.quoted && !next.quoted && next.article.is_none();
    plain && VERBS.iter().any(|(word, particles)| verb.is(word) && particles.contains(&next.word.as_str()))
}

/// A state that nothing has named yet, told by what is done: `approve`, `sent`, `called off`.
pub(crate) fn new_state(lexicon: &Lexicon, entity: &str, tokens: &[Token], at: usize) -> Option<(usize, String)> {
    let token = tokens.get(at)?;
    if COUNTING.contains(&token.word.as_str()) {
        return None;
    }
    let past = is_participle(&token.word);
    let particle = tokens.get(at + 1).filter(|next| {
        crate::deed::PARTICLES.contains(&next.word.as_str())
            && tokens.get(at + 2).is_none_or(|after| matches!(after.word.as_str(), "or" | "and" | "," | ";"))
    });
    if let (Some(particle), true) = (particle, phrasal(tokens, at)) {
        return Some((at + 2, format!("{} {}", participle(&token.lemma), particle.raw.to_lowercase())));
    }
    if let (true, Some(particle)) = (past, particle) {
        return Some((at + 2, format!("{} {}", token.raw.to_lowercase(), particle.raw.to_lowercase())));
    }
    // "Sent back to draft" tells where it goes, by the state behind it.
    if past && tokens.get(at + 1).is_some_and(|next| next.is("back")) {
        return None;
    }
    // What is there already is made no more: "a requested visit can be scheduled" tells where it goes.
    let made = actions(&token.word).iter().all(|action| *action == Action::Create);
    // "A quarantined lot can be released" takes nothing up, though items of it are kept.
    let child = child_made(lexicon, entity, &token.word).is_some()
        && (names_child(lexicon, entity, &token.word) || takes_up(&token.lemma));
    let free = past && made && !child;
    (free || usual(&token.lemma))
        .then(|| (at + 1, if past { token.raw.to_lowercase() } else { participle(&token.lemma) }))
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

/// The state in which records begin: the one that is told, else the only one that none leads to.
pub(crate) fn begins_as(lexicon: &Lexicon, entity: &str) -> Option<String> {
    let flow = &lexicon.entity(entity)?.flow;
    if let Some((state, _)) = &flow.initial {
        return Some(state.clone());
    }
    let mut found = flow.states.iter().filter(|state| {
        flow.transitions.iter().any(|(from, _, _)| from == *state)
            && !flow.transitions.iter().any(|(_, to, _)| to == *state)
    });
    match (found.next(), found.next()) {
        (Some(one), None) => Some(one.clone()),
        _ => None,
    }
}

/// Whether a verb means making a record of this entity: a verb for it, or the one its name comes from (`book` a `booking`).
pub(crate) fn makes(lexicon: &Lexicon, entity: &str, word: &str) -> bool {
    if actions(word).contains(&Action::Create) && word != "have" {
        return true;
    }
    // "request a hire" of hires that begin as requested.
    if let (Some(first), Some(to)) = (begins_as(lexicon, entity), state(lexicon, entity, word))
        && first == to
    {
        return true;
    }
    let head = lexicon.entity(entity).and_then(|entity| entity.words.last().cloned());
    head.is_some_and(|head| words::related(word, &head))
}

/// The one kind of record that is named after a verb, else the one that begins as what the verb brings about: `enrol` an
/// `enrolment`, `a booking` a stay that begins as booked.
pub(crate) fn made_by<'l>(lexicon: &'l Lexicon, word: &str) -> Option<&'l Named> {
    let only = |fits: &dyn Fn(&Named) -> bool| {
        let mut found = lexicon.entities.iter().filter(|entity| fits(entity));
        found.next().filter(|_| found.next().is_none())
    };
    only(&|entity| entity.words.last().is_some_and(|head| words::related(word, head))).or_else(|| {
        only(&|entity| {
            let first = begins_as(lexicon, &entity.key);
            first.is_some() && first == state(lexicon, &entity.key, word)
        })
    })
}

/// Whether a verb asks for a record of a kind that may be called anything: to book a session, to request a permit.
pub(crate) fn asks_for(word: &str) -> bool {
    ASKING.contains(&word)
}

/// Whether a participle tells that somebody asked for the record: a session that was booked.
pub(crate) fn asked_for(participle: &str) -> bool {
    let stem = words::stem(participle);
    ASKING.iter().any(|verb| words::stem(verb) == stem)
}

const ASKING: &[&str] = &[
    "book", "request", "reserve", "order", "arrange", "report", "post", "offer", "prepare", "apply", "sell", "buy",
    "pack", "assemble", "compose", "build", "take",
];

/// Whether a verb takes somebody in: who is enrolled is recorded.
pub(crate) fn takes_in(word: &str) -> bool {
    TAKING_IN.contains(&word)
}

const TAKING_IN: &[&str] = &["enrol", "enroll", "admit", "onboard", "appoint", "recruit"];

/// Whether a verb takes a record up for something, so that another one comes to refer to it: a room that is booked.
pub(crate) fn takes_up(word: &str) -> bool {
    const VERBS: &[&str] = &[
        "book", "reserve", "lend", "use", "assign", "schedule", "rent", "give", "let", "hire", "allocate", "occupy",
        "plan", "take", "borrow", "sell", "order", "issue", "register", "add", "put", "place", "loan", "receive",
        "accept", "join", "attend", "select", "choose", "pick", "buy", "request", "apply", "serve", "ride", "fly",
        "drive", "sail", "invite", "employ", "deploy", "visit", "perform", "play", "wear", "load", "fill", "check",
        "work", "make", "have", "get", "log", "record", "enter", "bid", "compete", "go",
    ];
    let stem = words::stem(word);
    VERBS.iter().chain(TAKING_IN).any(|verb| *verb == word || words::stem(verb) == stem)
}

/// Whether records that refer to this one are named after the verb: `enrol` makes an `enrolment`.
pub(crate) fn names_child(lexicon: &Lexicon, parent: &str, word: &str) -> bool {
    lexicon.entities.iter().any(|child| {
        child.key != parent
            && lexicon.reference(&child.key, parent).is_some()
            && child.words.last().is_some_and(|head| words::related(word, head))
    })
}

/// Whether a verb brings something on or to its end, and makes nothing.
fn ends(word: &str) -> bool {
    const VERBS: &[&str] = &["do", "finish", "end", "stop", "conclude", "continue", "resume", "begin", "start"];
    let stem = words::stem(word);
    VERBS.iter().any(|verb| *verb == word || words::stem(verb) == stem) || word == "done"
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
            // "Calibrated" and "calibration" differ in more than their ends.
            let alike = |head: &String| head.len() > 6 && word.get(..6).is_some_and(|start| head.starts_with(start));
            let head = lexicon.entity(child).and_then(|child| child.words.last());
            head.is_some_and(|head| words::related(word, head) || alike(head))
        })
        .collect();
    // "An interpreter can be assigned" makes assignments, wherever these belong; what is ordered is an order's line.
    let other = |child: &str| {
        let own = lexicon.entity(child).is_some_and(|child| child.words.iter().any(|told| words::related(word, told)));
        !own && lexicon.entities.iter().filter_map(|entity| entity.words.last()).any(|head| words::related(word, head))
    };
    match (named.as_slice(), children.as_slice()) {
        ([one], _) => Some((**one).to_owned()),
        ([], [one]) if other(one) => None,
        // "A job that has not been started cannot be finished" makes no parts of it.
        ([], [_]) if !takes_up(word) && (usual(word) || ends(word)) => None,
        // "A moulting bird cannot be photographed" tells of nothing that is known here.
        ([], [one]) if takes_up(word) && actions(word).is_empty() => Some((*one).to_owned()),
        // "Inactive vehicles cannot be requested": trips begin as requested, refuellings do not.
        ([], [_, _, ..]) => {
            let begun = |child: &&&str| {
                begins_as(lexicon, child).is_some_and(|first| state(lexicon, child, word) == Some(first))
            };
            let mut found = children.iter().filter(begun);
            found.next().filter(|_| found.next().is_none()).map(|child| (**child).to_owned())
        }
        _ => None,
    }
}
