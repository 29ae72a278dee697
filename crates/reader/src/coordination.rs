//! Joined clauses that leave out what the other says: `neither a nor b`, `and the same goes for b`, `a by c, and b by d`.
//!
//! Each reading is a list of clauses that say the same at full length; the engine reads every one of them or none.

use crate::engine::Engine;
use crate::records::{Records, records_at};
use crate::scope::Scope;
use crate::token::Token;
use crate::words;

/// Words that begin what is said of a subject.
const STRONG: &[&str] = &["must", "mustnot", "may", "mayonly"];

/// The readings of a clause at full length.
pub(crate) fn spelled_out(engine: &Engine<'_>, tokens: &[Token]) -> Vec<Vec<Vec<Token>>> {
    let mut out = Vec::new();
    out.extend(neither(tokens));
    out.extend(neither_may(tokens));
    out.extend(either_kept(engine, tokens));
    out.extend(either_done(tokens));
    out.extend(the_same(engine, tokens));
    out.extend(gapped(engine, tokens));
    out.extend(subjects(engine, tokens));
    out.extend(reasoned(engine, tokens));
    out
}

/// "Neither a race nor a runner can be deleted": of both it is said that they cannot.
fn neither(tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    let (first, rest) = tokens.split_first().filter(|(first, _)| first.is("neither"))?;
    let said = rest.iter().position(|token| token.is("may") || token.is("must"))?;
    let (subject, said) = rest.split_at(said);
    let or = subject.iter().position(|token| token.is("or"))?;
    let (left, right) = (subject.get(..or)?, subject.get(or + 1..)?);
    // "Neither a school nor a box with bookings": it is said of both.
    let left = [left, of_those(right).filter(|_| of_those(left).is_none()).unwrap_or_default()].concat();
    let left = left.as_slice();
    let (modal, said) = said.split_first()?;
    let of = |subject: &[Token]| {
        let subject = subject.iter().map(|token| Token { article: token.article.or(first.article), ..token.clone() });
        subject.chain([modal.renamed("mustnot")]).chain(said.iter().cloned()).collect()
    };
    (!left.is_empty() && !right.is_empty()).then(|| vec![of(left), of(right)])
}

/// "A tree with jobs cannot be deleted, and neither can a district with trees": what is said of the first is said of both.
fn neither_may(tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    let nor = |token: &Token| token.is("neither") || token.raw.eq_ignore_ascii_case("nor");
    let at = tokens.windows(2).position(
        |pair| matches!(pair, [neither, may] if nor(neither) && (may.is("may") || may.is("must") || may.is("mustnot"))),
    )?;
    let left = trimmed(tokens.get(..at)?);
    let said = left.iter().position(|token| token.is("mustnot"))?;
    let other = tokens.get(at + 2..)?;
    // "A school with bookings cannot be deleted, nor can a box": nor a box with bookings.
    let those = of_those(left.get(..said)?).filter(|_| of_those(other).is_none()).unwrap_or_default();
    Some(vec![left.to_vec(), [other, those, left.get(said..)?].concat()])
}

/// "A school that has bookings", "a box with bookings": which of them are meant.
fn of_those(subject: &[Token]) -> Option<&[Token]> {
    let at = subject.iter().position(|token| token.is("with") || token.is("that") && !token.quoted)?;
    subject.get(at..).filter(|_| at > 0)
}

/// "A tree that has inspections or jobs cannot be deleted": neither with the one nor with the other.
fn either_kept(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    let said = tokens.iter().position(|token| token.is("mustnot"))?;
    let have = tokens.windows(2).position(|pair| matches!(pair, [that, have] if that.is("that") && have.is("have")));
    let with = || tokens.iter().position(|token| token.is("with")).filter(|at| *at > 0 && *at < said);
    let from = have.map(|at| at + 2).or_else(|| with().map(|at| at + 1))?;
    let or = (from..said).find(|at| tokens.get(*at).is_some_and(|token| token.is("or")))?;
    let record = |range: std::ops::Range<usize>| {
        let part = tokens.get(range.clone()).unwrap_or_default();
        engine.scope(part).entity_at(part, 0).first().is_some_and(|(end, _)| *end == part.len())
    };
    (record(from..or) && record(or + 1..said)).then_some(())?;
    let of = |range: std::ops::Range<usize>| {
        let parts = [tokens.get(..from)?, tokens.get(range)?, tokens.get(said..)?];
        Some(parts.concat())
    };
    Some(vec![of(from..or)?, of(or + 1..said)?])
}

/// "Dead hives cannot be inspected or harvested": neither may be done to them.
fn either_done(tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    let be = tokens
        .windows(2)
        .position(|pair| matches!(pair, [modal, be] if be.is("be") && STRONG.iter().any(|strong| modal.is(strong))))?;
    let from = be + 2;
    let [first, or, second] = tokens.get(from..from + 3)? else { return None };
    let done = |token: &Token| !token.quoted && crate::verbs::is_participle(&token.word);
    (done(first) && done(second) && (or.is("or") || or.is("and"))).then_some(())?;
    let (head, behind) = (tokens.get(..from)?, tokens.get(from + 3..)?);
    let of = |verb: &Token| head.iter().chain([verb]).chain(behind).cloned().collect();
    Some(vec![of(first), of(second)])
}

/// "Pilots with flights can't be deleted, and the same goes for gliders": once more, of the others.
fn the_same(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    const GOES: &[&str] = &["go", "goes", "apply", "applies", "hold", "holds", "be"];
    let at = (1..tokens.len()).find(|at| {
        let is = |offset: usize, words: &[&str]| {
            tokens.get(at + offset).is_some_and(|token| words.contains(&token.word.as_str()))
        };
        is(0, &["same"]) && is(1, GOES) && (is(2, &["for", "to", "of"]) || is(2, &["true"]) && is(3, &["for", "of"]))
    })?;
    let behind = at + 3 + usize::from(tokens.get(at + 2).is_some_and(|token| token.is("true")));
    let left = trimmed(tokens.get(..at)?);
    let scope = engine.scope(left);
    let place = (0..left.len()).find_map(|at| Some((at, scope.entity_at(left, at).into_iter().next()?.0)))?;
    let mut out = vec![left.to_vec()];
    for other in tokens.get(behind..)?.split(|token| matches!(token.word.as_str(), "," | "and")) {
        if other.is_empty() {
            continue;
        }
        let whole = engine.scope(other).entity_at(other, 0).first().is_some_and(|(end, _)| *end == other.len());
        whole.then_some(())?;
        let mut again = left.to_vec();
        again.splice(place.0..place.1, other.iter().cloned());
        out.push(again);
    }
    (out.len() > 1).then_some(out)
}

/// "Blocks can be searched by code, and growers by name": the verb stands in the first part only.
fn gapped(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    const LINKS: &[&str] = &["by", "in", "on", "to", "for", "with", "at"];
    let modal = tokens.iter().position(|token| STRONG.contains(&token.word.as_str()))?;
    (modal + 2..tokens.len()).find_map(|cut| {
        let joins = tokens.get(cut).is_some_and(|token| matches!(token.word.as_str(), "," | ";" | "and"));
        joins.then_some(())?;
        let left = tokens.get(..cut)?;
        let right = tokens.get(cut..)?;
        let right =
            right.get(right.iter().take_while(|token| matches!(token.word.as_str(), "," | ";" | "and")).count()..)?;
        let (end, _) = engine.scope(right).entity_at(right, 0).into_iter().next()?;
        let link = right.get(end).filter(|token| LINKS.contains(&token.word.as_str()))?;
        let shared = left.iter().skip(modal).position(|token| token.word == link.word)? + modal;
        let again =
            right.get(..end)?.iter().chain(left.get(modal..shared)?).chain(right.get(end..)?).cloned().collect();
        Some(vec![left.to_vec(), again])
    })
}

/// "Projects and boreholes are created and changed by geologists only": of each of them, and of all that is done.
pub(crate) fn by_some_only(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    const ALONE: &[&str] = &["only", "mayonly", "exclusively", "alone"];
    let by = tokens.iter().rposition(|token| token.is("by") && !token.quoted)?;
    let alone = tokens.iter().any(|token| !token.quoted && ALONE.iter().any(|word| token.is(word)));
    let verb = tokens.iter().position(|token| STRONG.contains(&token.word.as_str()) || token.is("be"))?;
    // What is said of the two stands behind the verb; "orders and only invoices" says it of one.
    let plain = tokens.get(..verb)?.iter().all(|token| !ALONE.iter().any(|word| token.is(word)));
    (alone && plain && verb < by).then(|| subjects(engine, tokens))?
}

/// "Fee and travel charge must not be negative": of each of them.
fn subjects(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    // The verb of a clause that describes the subject ends none.
    let relative = |at: usize| at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|before| before.is("that"));
    let verb = |(at, token): (usize, &Token)| STRONG.contains(&token.word.as_str()) || token.is("be") && !relative(at);
    let modal = tokens.iter().enumerate().position(verb)?;
    let (subject, said) = tokens.split_at(modal);
    if !subject.iter().any(|token| token.is("and") || token.is("or")) {
        return None;
    }
    let parts: Vec<&[Token]> = subject
        .split(|token| matches!(token.word.as_str(), "," | "and" | "or"))
        .filter(|part| !part.is_empty())
        .collect();
    let named = |part: &&[Token]| {
        let scope = engine.scope(part);
        !scope.field_at(part, 0).is_empty() || !scope.entity_at(part, 0).is_empty()
    };
    // "A tree that has inspections or jobs": what joins inside of a clause joins no subjects.
    let describes = |token: &Token| ["that", "with", "without", "whose"].iter().any(|word| token.is(word));
    let (_, before) = parts.split_last()?;
    if before.iter().any(|part| part.iter().any(describes)) {
        return None;
    }
    // "Vineyards and tanks that are used by a lot", "a boat or a skipper for which hires exist": the clause describes all.
    let last = parts.last().copied().unwrap_or_default();
    let exists = last.iter().any(|token| token.is("exist") || token.is("there"));
    let begins = |token: &Token| {
        ["that", "with", "without"].iter().any(|word| token.is(word)) || exists && (token.is("for") || token.is("of"))
    };
    let clause = last.iter().position(begins).and_then(|at| last.get(at..)).unwrap_or_default();
    let whole = |(at, part): (usize, &&[Token])| {
        let described = if at + 1 < parts.len() { clause } else { &[] };
        part.iter().chain(described).chain(said).cloned().collect()
    };
    (parts.len() > 1 && parts.iter().all(named)).then(|| parts.iter().enumerate().map(whole).collect())
}

/// "Grapes cannot be picked before the block was planted, so picked on must not be before planted on": the rule is what
/// follows; what stands before may say nothing that does not come again.
fn reasoned(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Vec<Token>>> {
    let at = tokens.windows(2).position(|pair| {
        matches!(pair, [mark, so] if matches!(mark.word.as_str(), "," | ";" | "–" | ":") && matches!(so.word.as_str(), "so" | "hence"))
    });
    // "Coffee cannot be roasted before it has arrived: roasted on must be on or after the arrival date"
    let colon = || tokens.iter().position(|token| token.is(":") && !token.quoted).map(|at| (at, at + 1));
    let (at, from) = at.map(|at| (at, at + 2)).or_else(colon)?;
    let (reason, rule) = (tokens.get(..at)?, tokens.get(from..)?);
    let again = |token: &Token| {
        glue(token)
            || ["same", "once", "only", "day", "date", "1", "<="].iter().any(|word| token.is(word))
            || rule.iter().any(|other| other.lemma == token.lemma || words::related(&other.lemma, &token.lemma))
    };
    let scope = engine.scope(reason);
    // A subject that names nothing ("grapes") only tells what is spoken of.
    let strange = reason.iter().enumerate().filter(|(_, token)| !again(token)).collect::<Vec<_>>();
    let only_subject = matches!(strange.as_slice(), [] | [(0, _)])
        && (0..reason.len().min(1)).all(|at| strange.is_empty() || scope.entity_at(reason, at).is_empty());
    // "We never want to lose history, so ...": a wish that names nothing of the records.
    let wish = reason.first().is_some_and(|first| first.is("we") || first.is("i"))
        && reason
            .iter()
            .any(|token| ["want", "like", "care", "lose", "prefer", "need"].iter().any(|word| token.is(word)))
        && (0..reason.len()).all(|at| {
            scope.entity_at(reason, at).is_empty()
                && scope.field_at(reason, at).is_empty()
                && scope.state_at(reason, at).is_empty()
        })
        && !reason.iter().any(|token| STRONG.contains(&token.word.as_str()));
    ((only_subject || wish) && rule.len() > 2).then(|| vec![rule.to_vec()])
}

/// "May be today or earlier, but never later than today": what the subject of the first clause must not be.
pub(crate) fn never(left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
    let (never, rest) = right.split_first().filter(|(first, rest)| first.is("never") && !rest.is_empty())?;
    let modal = left.iter().position(|token| STRONG.contains(&token.word.as_str()) || token.is("be"))?;
    let compares = rest
        .first()
        .is_some_and(|token| matches!(token.word.as_str(), "<" | ">" | "<=" | ">=" | "=" | "in" | "0" | "negative"));
    let be = compares.then(|| never.renamed("be"));
    Some(
        left.get(..modal)?
            .iter()
            .cloned()
            .chain([never.renamed("mustnot")])
            .chain(be)
            .chain(rest.iter().cloned())
            .collect(),
    )
}

/// Words without a meaning of their own.
fn glue(token: &Token) -> bool {
    STRONG.contains(&token.word.as_str())
        || matches!(
            token.word.as_str(),
            "be" | "have"
                | "it"
                | "they"
                | ","
                | "<"
                | ">"
                | "<="
                | ">="
                | "of"
                | "for"
                | "in"
                | "on"
                | "at"
                | "to"
                | "and"
                | "that"
        )
}

/// "For orders, the total must be ...": the records that the clause behind speaks of, and where it begins.
pub(crate) fn fronted(engine: &Engine<'_>, tokens: &[Token]) -> Vec<(Records, usize)> {
    let leads = tokens.first().is_some_and(|token| ["for", "on", "in", "per", "of"].iter().any(|word| token.is(word)));
    if !leads {
        return Vec::new();
    }
    let found = records_at(&engine.scope(tokens), tokens, 1);
    found
        .into_iter()
        .filter(|(end, _)| tokens.get(*end).is_some_and(|token| matches!(token.word.as_str(), "," | ":")))
        .map(|(end, records)| (records, end + 1))
        .collect()
}

/// "..., never later", "..., and no more": what stands behind a rule and says it once more.
pub(crate) fn remark(tokens: &[Token]) -> bool {
    const BEGIN: &[&str] = &[
        "never",
        "not",
        "no",
        "nothing",
        "anything",
        "it",
        "otherwise",
        "for",
        "both",
        "neither",
        "included",
        "inclusive",
        "today",
        "though",
        "although",
        "anyone",
    ];
    const WORDS: &[&str] = &[
        "never",
        "not",
        "no",
        "today",
        "sametime",
        "=",
        "itself",
        "0",
        "and",
        "but",
        "or",
        "nothing",
        "anything",
        "it",
        "else",
        "otherwise",
        "1",
        "more",
        "less",
        "later",
        "earlier",
        "before",
        "after",
        "<",
        ">",
        "higher",
        "lower",
        "above",
        "below",
        "outside",
        "that",
        "range",
        "optional",
        "to",
        "status",
        "state",
        "must",
        "mustnot",
        "may",
        "be",
        "refused",
        "rejected",
        "allowed",
        "accepted",
        "included",
        "inclusive",
        "both",
        "beyond",
        "longer",
        "shorter",
        "larger",
        "smaller",
        "further",
        "time",
        "do",
        "so",
        "ones",
        "anyone",
        "younger",
    ];
    let first = tokens.first().is_some_and(|token| BEGIN.iter().any(|word| token.is(word)));
    let told = tokens.len() > 1 && !tokens.iter().all(|token| token.is("it") || token.is("must") || token.is("be"));
    // "Though opening today is fine"
    let yields = tokens.first().is_some_and(|token| token.is("though") || token.is("although"));
    let fine = |token: &Token| {
        WORDS.contains(&token.word.as_str())
            || yields
                && (token.word.ends_with("ing")
                    || ["though", "although", "fine", "ok", "okay", "today", "now"].iter().any(|word| token.is(word)))
    };
    // "..., but not at the same time" says more.
    let at_once = tokens.iter().any(|token| token.is("sametime")) && tokens.iter().any(|token| token.is("not"));
    first && told && !at_once && tokens.iter().all(fine)
}

/// "... otherwise it stays optional", "existing ones stay as they are": behind what is demanded, what is not.
pub(crate) fn remark_on_demand(tokens: &[Token]) -> bool {
    const OTHERWISE: &[&str] =
        &["otherwise", "else", "in all other cases", "in other cases", "in any other case", "in other states"];
    const FREE: &[&str] = &[
        "optional",
        "voluntary",
        "not required",
        "not needed",
        "not necessary",
        "not mandatory",
        "may be empty",
        "may be left empty",
        "may be left blank",
        "may be left out",
        "may be omitted",
        "may stay empty",
        "may remain empty",
        "need not be given",
    ];
    const EXISTING: &[&str] = &["existing", "old", "earlier", "previous", "existing ones", "old ones", "earlier ones"];
    const KEPT: &[&str] = &["as they be", "as they were", "unaffected", "untouched", "unchanged", "valid"];
    let said = tokens.iter().map(|token| token.word.as_str()).filter(|word| *word != ",").collect::<Vec<_>>().join(" ");
    let behind = |leads: &[&str]| leads.iter().find_map(|lead| said.strip_prefix(lead)?.strip_prefix(' '));
    let plain = |text: &str, leads: &[&str], ends: &[&str]| {
        let text = ["it ", "they "].iter().find_map(|it| text.strip_prefix(it)).unwrap_or(text);
        let text = leads.iter().find_map(|verb| text.strip_prefix(verb)).unwrap_or(text);
        ends.contains(&text)
    };
    const VERBS: &[&str] = &["be ", "stay ", "stays ", "remain ", "remains ", "must stay ", "must remain ", "be kept "];
    // The word before it may have parted the two.
    let rest = behind(OTHERWISE).unwrap_or(&said);
    let spoken = rest != said || said.starts_with("it ") || said.starts_with("they ");
    spoken && plain(rest, VERBS, FREE)
        || behind(EXISTING).is_some_and(|rest| {
            let rest = rest.strip_prefix("ones ").or_else(|| rest.strip_prefix("1 ")).unwrap_or(rest);
            plain(rest, VERBS, KEPT)
        })
}

/// "Otherwise the session is not saved", "otherwise an error is shown": what comes of breaking the rule before, and nothing
/// else.
pub(crate) fn remark_on_refusal(scope: &Scope<'_>, tokens: &[Token]) -> bool {
    const WORDS: &[&str] = &[
        "otherwise",
        "or",
        "else",
        "if",
        "not",
        "in",
        "other",
        "case",
        ",",
        "then",
        "and",
        "be",
        "must",
        "mustnot",
        "may",
        "do",
        "it",
        "they",
        "system",
        "application",
        "service",
        "shows",
        "show",
        "displays",
        "display",
        "displayed",
        "shown",
        "returns",
        "return",
        "returned",
        "raises",
        "raised",
        "reports",
        "reported",
        "gives",
        "get",
        "gets",
        "user",
        "users",
        "error",
        "message",
        "validation",
        "warning",
        "conflict",
        "clear",
        "with",
        "as",
        "refused",
        "rejected",
        "refuses",
        "rejects",
        "denied",
        "declined",
        "saved",
        "stored",
        "accepted",
        "created",
        "made",
        "possible",
        "allowed",
        "request",
        "entry",
        "input",
        "invalid",
        "1",
    ];
    const REFUSING: &[&str] = &["error", "refused", "rejected", "refuses", "rejects", "denied", "declined", "invalid"];
    const SAVING: &[&str] = &["saved", "stored", "accepted", "created", "made", "possible", "allowed"];
    let otherwise = match tokens {
        [first, ..] if first.is("otherwise") => true,
        [first, second, ..] => first.is("or") && second.is("else") || first.is("if") && second.is("not"),
        _ => false,
    };
    let says = |words: &[&str]| tokens.iter().any(|token| words.iter().any(|word| token.is(word)));
    let not = |token: &Token| token.is("not") || token.is("mustnot");
    let spared = tokens
        .windows(2)
        .any(|pair| matches!(pair, [first, next] if not(first) && REFUSING.iter().any(|word| next.is(word))));
    let refuses = !spared && (says(REFUSING) || says(SAVING) && tokens.iter().any(not));
    let known = |at: usize, token: &Token| {
        let named = |from: usize| scope.entity_at(tokens, from).iter().any(|(end, _)| *end > at);
        !token.quoted && WORDS.iter().any(|word| token.is(word)) || (at.saturating_sub(2)..=at).any(named)
    };
    otherwise && refuses && tokens.iter().enumerate().all(|(at, token)| known(at, token))
}

/// "They cannot be deleted": behind what says so already.
pub(crate) fn remark_on_deletion(tokens: &[Token]) -> bool {
    // "..., they have to be cancelled instead"
    if let [they, must, be, .., last] = tokens
        && (they.is("they") || they.is("it"))
        && ["must", "may", "mayonly"].iter().any(|word| must.is(word))
        && be.is("be")
        && last.is("instead")
        && tokens.len() <= 6
    {
        return true;
    }
    const SAID: &[&str] = &[
        "they mustnot be deleted",
        "it mustnot be deleted",
        "deleting them must be refused",
        "deleting them be refused",
        "deleting it must be refused",
        "deleting it be refused",
    ];
    let said = tokens.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ");
    SAID.contains(&said.as_str())
}

/// "Nobody else may do it": behind what says who may.
pub(crate) fn remark_on_roles(tokens: &[Token]) -> bool {
    const WORDS: &[&str] = &[
        "noone",
        "else",
        "other",
        "user",
        "role",
        "may",
        "mustnot",
        "do",
        "it",
        "this",
        "that",
        "so",
        "them",
        "no",
        "anyone",
        "must",
        "be",
        "able",
        "to",
        "allowed",
        "these",
        "everybody",
        "everyone",
        "get",
        "403",
        "forbidden",
        "refused",
        "error",
        "receive",
        "rest",
    ];
    const FIRST: &[&str] = &["noone", "no", "other", "everybody", "everyone", "anyone"];
    // "Everybody may" says the contrary.
    let all = tokens.first().is_some_and(|token| !(token.is("noone") || token.is("no") || token.is("other")));
    let refused = || {
        tokens.iter().any(|token| ["403", "forbidden", "refused", "error", "mustnot"].iter().any(|word| token.is(word)))
    };
    tokens.len() > 1
        && (!all || tokens.iter().any(|token| token.is("else")) && refused())
        && tokens.first().is_some_and(|token| FIRST.iter().any(|word| token.is(word)))
        && tokens.iter().all(|token| WORDS.iter().any(|word| token.is(word)))
}

/// "Completed trips are locked: no more edits": what a lock comes to.
pub(crate) fn remark_on_lock(tokens: &[Token]) -> bool {
    const WORDS: &[&str] = &[
        "no",
        "not",
        "more",
        "further",
        "any",
        "longer",
        "anymore",
        "edit",
        "change",
        "modification",
        "correction",
        "update",
        "be",
        "possible",
        "allowed",
        "permitted",
        "then",
        "that",
        "later",
        "to",
        "it",
        "them",
        "may",
        "or",
    ];
    tokens.len() > 1
        && tokens.first().is_some_and(|first| first.is("no"))
        && tokens.iter().all(|token| !token.quoted && WORDS.iter().any(|word| token.is(word)))
}

/// Without the marks at its end.
fn trimmed(tokens: &[Token]) -> &[Token] {
    let end = tokens
        .iter()
        .rposition(|token| !matches!(token.word.as_str(), "," | ";" | "and" | "but" | "–"))
        .map_or(0, |at| at + 1);
    tokens.get(..end).unwrap_or_default()
}

/// "It is worked out by the system and cannot be entered", behind what says how a value is worked out.
pub(crate) fn remark_on_computed(tokens: &[Token]) -> bool {
    const WORDS: &[&str] = &[
        "it",
        "they",
        "be",
        "mustnot",
        "may",
        "must",
        "and",
        "or",
        ",",
        "by",
        "system",
        "calculated",
        "computed",
        "derived",
        "worked",
        "work",
        "out",
        "determined",
        "entered",
        "enter",
        "typed",
        "type",
        "edited",
        "edit",
        "changed",
        "change",
        "set",
        "hand",
        "manually",
        "user",
        "noone",
        "never",
        "not",
        "in",
        "read-only",
        "stored",
        "automatic",
        "field",
        "value",
        "this",
        "from",
        "for",
        "service",
        "itself",
        "anyone",
        "people",
        "keyed",
        "overwritten",
        "software",
        "application",
        "them",
        "filled",
        "input",
    ];
    const TELLING: &[&str] =
        &["calculated", "computed", "derived", "worked", "determined", "read-only", "mustnot", "noone", "never"];
    let known = |token: &Token| WORDS.iter().any(|word| token.is(word));
    tokens.iter().all(known) && tokens.iter().any(|token| TELLING.iter().any(|word| token.is(word)))
}
