//! Exceptions: `..., unless one of them is cancelled`, `..., but rejected claims do not count`, `..., except drafts`.

use crate::condition::{self, negation, restrict, rule_entity};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::Named;
use crate::token::Token;
use maestro_artifacts::{Condition, FieldKind, RuleKind, Test};

/// What a sentence ends with that names records which do not count.
const TAILS: &[&[&str]] = &[
    &["do", "not", "count"],
    &["be", "not", "counted"],
    &["be", "ignored"],
    &["be", "excluded"],
    &["be", "excepted"],
    &["be", "disregarded"],
    &["be", "exempt"],
    &["be", "left", "out"],
    &["be", "left", "out", "of", "account"],
    &["be", "not", "considered"],
    &["be", "not", "taken", "into", "account"],
    &["do", "not", "block"],
    &["do", "not", "matter"],
    &["must", "be", "ignored"],
    &["must", "be", "disregarded"],
    &["must", "be", "excluded"],
    &["must", "be", "left", "out"],
    &["mustnot", "be", "considered"],
    &["mustnot", "be", "taken", "into", "account"],
    &["mustnot", "count"],
    &["mustnot", "be", "counted"],
    &["not", "counted"],
    &["not", "included"],
    &["excluded"],
    &["excepted"],
    &["aside"],
];

/// What such a part begins with.
const LEADS: &[&[&str]] = &[
    &["except", "for"],
    &["except", "that"],
    &["except"],
    &["excepting"],
    &["not", "counting"],
    &["not", "including"],
    &["without", "counting"],
    &["excluding"],
    &["ignoring"],
    &["disregarding"],
    &["leaving", "aside"],
    &["leaving", "out"],
    &["without", "considering"],
    &["with", "exception", "of"],
    &["apart", "from"],
    &["other", "than"],
    &["save", "for"],
    &["leaving", "out"],
    &["except", "if"],
    &["except", "where"],
    &["not", "considering"],
    &["unless", "oneof", "them"],
    &["unless", "oneof", "2"],
    &["unless", "1", "of", "them"],
    &["unless", "that", "1"],
    &["unless", "that"],
    &["unless", "that", "other", "1"],
    &["unless", "other"],
    &["unless", "other", "1"],
];

/// Reads `MAIN, except EXCEPTION`: the main clause's rule, for the records that are none of these.
pub(crate) fn excepted(
    engine: &Engine<'_>,
    tokens: &[Token],
    main: &mut dyn FnMut(&[Token]) -> Option<Vec<Effect>>,
) -> Option<Vec<Effect>> {
    splits(tokens).into_iter().find_map(|(rest, exception)| without(engine, main(rest)?, exception))
}

/// Rules over several records, for those that are none of the exception.
fn without(engine: &Engine<'_>, effects: Vec<Effect>, exception: &[Token]) -> Option<Vec<Effect>> {
    let rules = effects.into_iter().map(|effect| match effect {
        Effect::Rule(
            rule @ (RuleKind::NoOverlap { .. }
            | RuleKind::Unique { .. }
            | RuleKind::Quota { .. }
            | RuleKind::Capacity { .. }),
        ) => {
            let condition = condition::read(engine, rule_entity(&rule), exception)?;
            let unclear = matches!(rule, RuleKind::NoOverlap { via: Some(_), .. })
                && whose(engine, rule_entity(&rule), exception, &condition);
            (!unclear).then_some(())?;
            restrict(rule, negation(&condition)?).map(Effect::Rule)
        }
        _ => None,
    });
    rules.collect()
}

/// "..., unless one of them is cancelled" of sign-ups for shifts, where both can be: the words do not say which of them.
fn whose(engine: &Engine<'_>, entity: &str, exception: &[Token], condition: &Condition) -> bool {
    let Some(own) = engine.lexicon.entity(entity) else { return true };
    let there = own.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Reference { entity } => engine.lexicon.entity(entity),
        _ => None,
    });
    let of: Vec<&Named> = std::iter::once(own).chain(there).collect();
    let told = |named: &Named| named.words.iter().all(|word| exception.iter().any(|token| token.lemma == *word));
    let has = |named: &Named, value: &str| {
        named.fields.iter().any(|field| {
            matches!(&field.kind, FieldKind::Enum { values } if values.iter().any(|one| one.eq_ignore_ascii_case(value)))
        })
    };
    let values = condition.0.iter().flat_map(|test| match test {
        Test::In { values, .. } | Test::NotIn { values, .. } => values.as_slice(),
        _ => &[],
    });
    !of.iter().any(|named| told(named))
        && values
            .filter_map(|value| value.as_str())
            .any(|value| of.iter().filter(|named| has(named, value)).count() > 1)
}

/// "Cancelled flights are ignored." behind rules over several records: these rules, without them.
pub(crate) fn narrowed(engine: &Engine<'_>, tokens: &[Token], rules: &[Effect]) -> Option<Vec<Effect>> {
    if rules.is_empty() {
        return None;
    }
    TAILS.iter().find_map(|tail| {
        let end = tokens.len().checked_sub(tail.len())?;
        let said = tail.iter().zip(tokens.get(end..)?).all(|(word, token)| token.is(word));
        let mark = |token: &Token| matches!(token.word.as_str(), "," | "but" | "however");
        let records = trimmed(tokens.get(..end).filter(|_| said)?, &mark);
        without(engine, rules.to_vec(), records)
    })
}

/// What is said of that to which nobody objects.
const ACCEPTED: &[&str] = &["acceptable", "allowed", "fine", "ok", "okay", "possible", "permitted", "accepted"];

/// Whether a sentence says of spans what holds of them anyway: that those end to end do not clash, or that a shared day does.
pub(crate) fn remarked(engine: &Engine<'_>, tokens: &[Token], rules: &[Effect]) -> bool {
    touching(engine, tokens, rules) || sharing(engine, tokens, rules)
}

/// "...; a shared day counts as an overlap", "...; one sample may begin where another ends": a rule about spans, and such a
/// remark in the same sentence.
pub(crate) fn with_remark(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const JOINTS: &[&str] = &["; ", ", but ", ", and ", ", where ", ", so ", " – ", ", "];
    JOINTS.iter().find_map(|joint| {
        let (head, tail) = text.rsplit_once(joint)?;
        // Cheaper than to read the rule for nothing.
        let words = crate::normal::normalise(tail, engine.lexicon);
        let spans = ["overlap", "begin", "start", "include", "count", "touch"];
        words.iter().any(|token| spans.contains(&token.lemma.as_str())).then_some(())?;
        let rules = engine.any_reading(head).ok()?;
        remarked(engine, &words, &rules).then_some(rules)
    })
}

/// "A shared day counts as an overlap", "both days are included": what lasts from day to day shares its days with nobody.
fn sharing(engine: &Engine<'_>, tokens: &[Token], rules: &[Effect]) -> bool {
    const WORDS: &[&str] = &[
        ",",
        "share",
        "shared",
        "same",
        "single",
        "one",
        "1",
        "common",
        "day",
        "date",
        "first",
        "last",
        "start",
        "end",
        "both",
        "count",
        "counts",
        "be",
        "include",
        "included",
        "inclusive",
        "as",
        "overlap",
        "overlaps",
        "already",
        "too",
        "well",
        "also",
        "even",
        "of",
        "in",
        "that",
        "and",
        "conflict",
        "clash",
        "so",
        "common",
        "2",
        "both",
    ];
    let said = |words: &[&str]| tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    let dated = |effect: &Effect| match effect {
        Effect::Rule(RuleKind::NoOverlap { entity, start, .. }) => {
            let field = engine.lexicon.entity(entity).and_then(|named| named.field(start));
            field.is_some_and(|field| field.kind == maestro_artifacts::FieldKind::Date)
        }
        _ => false,
    };
    !rules.is_empty()
        && rules.iter().all(dated)
        && tokens.iter().all(|token| WORDS.iter().any(|word| token.is(word)))
        && said(&["day", "date"])
        && said(&["overlap", "overlaps", "count", "counts", "include", "included", "conflict", "clash"])
}

/// "A flight that begins at the very moment another one ends is acceptable": what lies end to end does not overlap, of
/// moments at any rate.
fn touching(engine: &Engine<'_>, tokens: &[Token], rules: &[Effect]) -> bool {
    const WORDS: &[&str] = &[
        "that",
        "may",
        "begin",
        "begins",
        "start",
        "starts",
        "end",
        "ends",
        "finish",
        "finishes",
        "stop",
        "stops",
        "at",
        "on",
        "very",
        "exact",
        "exactly",
        "precise",
        "precisely",
        "same",
        "moment",
        "time",
        "sametime",
        "other",
        "1",
        "be",
        "previous",
        "if",
        "not",
        "do",
        "count",
        "as",
        "overlap",
        "so",
        "it",
        "this",
        "just",
        "directly",
        ",",
        "no",
        "and",
        "where",
        "follow",
        "two",
        "2",
        "touch",
        "minute",
        "instant",
        "right",
        ">",
        "problem",
    ];
    let said = |words: &[&str]| tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    let scope = engine.scope(tokens);
    let known = (0..tokens.len()).all(|at| {
        tokens.get(at).is_some_and(|token| WORDS.iter().chain(ACCEPTED).any(|word| token.is(word)))
            || !scope.entity_at(tokens, at).is_empty()
    });
    let moments = |entity: &str, field: &str| {
        let field = engine.lexicon.entity(entity).and_then(|named| named.field(field));
        use maestro_artifacts::FieldKind;
        field.is_some_and(|field| matches!(field.kind, FieldKind::DateTime | FieldKind::Decimal))
    };
    let fits = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::NoOverlap { entity, start, .. }) if moments(entity, start));
    let denied = said(&["mustnot", "refused"]);
    !rules.is_empty()
        && rules.iter().all(fits)
        && known
        && !denied
        && said(&["begin", "begins", "start", "starts", "follow", "touch"])
        && said(&["end", "ends", "finish", "finishes", "stop", "stops", "touch"])
        && (said(ACCEPTED) || said(&["may", "overlap", "problem"]))
}

/// The main part and the exception, where the words fit.
fn splits(tokens: &[Token]) -> Vec<(&[Token], &[Token])> {
    let starts = |at: usize, words: &[&str]| {
        words.iter().enumerate().all(|(k, word)| tokens.get(at + k).is_some_and(|token| token.is(word)))
    };
    let mark = |token: &Token| matches!(token.word.as_str(), "," | ";" | "–" | ":" | "(" | ")" | "but" | "and");
    let mut out = Vec::new();
    let part = |from: usize, to: usize| trimmed(tokens.get(from..to).unwrap_or_default(), &mark);
    let closed = tokens.len() - usize::from(tokens.last().is_some_and(|token| token.word == ")"));
    for tail in TAILS {
        let Some(end) = closed.checked_sub(tail.len()).filter(|end| starts(*end, tail)) else { continue };
        // "declined and cancelled ones do not count": the cut may stand further in front.
        for cut in (1..end).rev().filter(|at| tokens.get(*at).is_some_and(mark)) {
            out.push((part(0, cut), part(cut, end)));
        }
    }
    // "Finished dives aside, ...", "apart from dives that are finished, ...": in front.
    for comma in (1..tokens.len()).filter(|at| tokens.get(*at).is_some_and(|token| token.is(","))) {
        let front = tokens.get(..comma).unwrap_or_default();
        let main = part(comma, tokens.len());
        if let Some(lead) = LEADS.iter().filter(|lead| starts(0, lead)).max_by_key(|lead| lead.len()) {
            out.push((main, trimmed(front.get(lead.len()..).unwrap_or_default(), &mark)));
        } else if let Some((last, records)) =
            front.split_last().filter(|(last, _)| last.is("aside") || last.is("excepted"))
        {
            let _ = last;
            out.push((main, trimmed(records, &mark)));
        }
    }
    // "..., with cancelled flights left out"
    if let Some(end) = closed.checked_sub(2).filter(|end| starts(*end, &["left", "out"]))
        && let Some(with) = (1..end).rev().find(|at| starts(*at, &["with"]))
    {
        out.push((part(0, with), part(with + 1, end)));
    }
    for at in 1..tokens.len() {
        if let Some(lead) = LEADS.iter().filter(|lead| starts(at, lead)).max_by_key(|lead| lead.len()) {
            // "..., except that cancelled sessions are ignored"
            let tail = TAILS.iter().find(|tail| closed.checked_sub(tail.len()).is_some_and(|end| starts(end, tail)));
            let end = tail.map_or(tokens.len(), |tail| closed - tail.len());
            out.push((part(0, at), part(at + lead.len(), end)));
        }
    }
    out.retain(|(main, exception)| !main.is_empty() && !exception.is_empty());
    out
}

/// Without marks at its ends, and without `those that` and `ones`.
fn trimmed<'t>(tokens: &'t [Token], mark: &dyn Fn(&Token) -> bool) -> &'t [Token] {
    let mut tokens = tokens;
    while let Some((first, rest)) = tokens.split_first() {
        if mark(first) || matches!(first.word.as_str(), "those" | "ones" | "1" | "for" | "that" | "with") {
            tokens = rest
        } else {
            break;
        }
    }
    while let Some((last, rest)) = tokens.split_last() {
        if mark(last) || matches!(last.word.as_str(), "ones" | "1" | "again" | "too") { tokens = rest } else { break }
    }
    tokens
}
