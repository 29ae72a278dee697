//! What frames a demand: `the system must ensure that`, `so that ...`, `the system shall let ...`.

use crate::lexicon::Lexicon;
use crate::normal;
use crate::token::Token;
use crate::verbs;

/// Words of sentences about lists.
const LISTING: &[&str] = &["list", "page", "listed", "sorted", "ordered", "shown", "show", "come", "first", "result"];

/// What frames a demand without changing it: `the system must ensure that`, `with an error message`, `so that ...`.
pub(crate) fn strip_frame(tokens: &mut Vec<Token>, lexicon: &Lexicon) {
    // `member since` is a name.
    let named = |at: usize| {
        lexicon.with_names(|names| (at.saturating_sub(4)..at).any(|from| from + names.longest(tokens, from) > at))
    };
    let purpose = tokens
        .iter()
        .enumerate()
        .position(|(at, token)| {
            // "The number of days since the order date" counts from there.
            let counts = token.is("since")
                && at
                    .checked_sub(1)
                    .and_then(|at| tokens.get(at))
                    .is_some_and(|unit| normal::is_time_unit(&unit.lemma));
            !token.quoted
                && matches!(token.word.as_str(), "sothat" | "because" | "since" | "eg")
                && !named(at)
                && !counts
        })
        .filter(|at| *at > 0)
        // "A birthday, a member since date and a website": a reason has a subject of its own.
        .filter(|at| {
            let next = tokens.get(at + 1);
            let named = next
                .is_none_or(|next| ["date", "day", "time", "year", ",", "and", "if"].iter().any(|word| next.is(word)));
            !(named && tokens.get(*at).is_some_and(|token| token.is("since")))
        })
        // "Nobody may add samples so that their mass goes over 50": what must not come of it.
        .filter(|at| {
            let (before, after) = tokens.split_at(*at);
            let forbids = before.iter().any(|token| token.is("mustnot"));
            !(forbids && after.iter().any(|token| matches!(token.word.as_str(), ">" | "<" | ">=" | "<=")))
        });
    if let Some(at) = purpose {
        tokens.truncate(at);
    }
    // "The website, if given, must be ...": a rule about a value asks nothing where there is none.
    const GIVEN: &[&str] = &["given", "present", "known", "any", "set", "entered", "provided", "there", "filled"];
    if let Some(at) = tokens.windows(2).position(|pair| matches!(pair, [comma, when] if comma.is(",") && when.is("if")))
        && let Some(end) = (at + 3..=at + 5).find(|end| tokens.get(*end).is_some_and(|token| token.is(",")))
        && tokens.get(at + 2).is_some_and(|token| GIVEN.contains(&token.word.as_str()))
        && at > 0
        && tokens.get(end + 1).is_some_and(|token| {
            matches!(
                token.word.as_str(),
                "must" | "mustnot" | "may" | "be" | "lies" | "lie" | "consists" | "consist" | "have" | "ranges"
            )
        })
    {
        tokens.drain(at..=end);
    }
    // "(from one day to another, say)"
    if let Some(say) = tokens.iter().position(|token| token.word == "say")
        && tokens.get(say + 1).is_some_and(|token| token.word == ")")
        && let Some(open) = tokens.iter().take(say).rposition(|token| token.word == "(")
    {
        tokens.drain(open..=say + 1);
    }
    if let Some(open) = tokens.iter().position(|token| token.word == "(")
        && let Some(close) = tokens.iter().rposition(|token| token.word == ")")
        && tokens.get(open + 1).is_some_and(|next| matches!(next.word.as_str(), "eg" | "ie" | "see" | "for"))
        && close > open
    {
        tokens.drain(open..=close);
    }
    const LEADS: &[&[&str]] = &[
        &["system", "must", "ensure", "that"],
        &["system", "must", "make", "sure", "that"],
        &["system", "must", "check", "that"],
        &["system", "ensures", "that"],
        &["system", "checks", "that"],
        &["system", "must", "enforce", "that"],
        &["make", "sure", "that"],
        &["make", "sure"],
        &["ensure", "that"],
        &["ensure"],
        &["note", "that"],
        &["it", "must", "be", "possible", "to"],
        &["it", "be", "important", "that"],
        &["in", "addition", ","],
        &["finally", ","],
        &["moreover", ","],
        &["furthermore", ","],
        &["additionally", ","],
        &["likewise", ","],
        &["likewise"],
        &["and"],
        &["but"],
        &["then"],
        &["system", "must", "ensure"],
        &["of", "course", ","],
        &["by", "default", ","],
        &["for", "example", ","],
        &["we", "must", "ensure", "that"],
        &["only", "rule", ":"],
        &["importantly", ","],
        &["by", "default"],
    ];
    checked(tokens);
    loop {
        // "All but the fee must be given" does not begin with a `but`.
        let counted = tokens.first().and_then(|first| first.article);
        if matches!(counted, Some("all" | "each" | "every" | "any")) {
            break;
        }
        // "The system prevents the deletion of ..." forbids it.
        let forbids = ["deletion", "removal"].iter().any(|deed| tokens.get(2).is_some_and(|token| token.is(deed)));
        let lead = LEADS.iter().filter(|lead| !(forbids && **lead == ["system", "prevents"])).find(|lead| {
            lead.iter().enumerate().all(|(k, word)| tokens.get(k).is_some_and(|token| token.word == *word))
                && tokens.len() > lead.len()
        });
        let Some(lead) = lead else { break };
        let said: Vec<Token> = tokens.drain(..lead.len()).collect();
        // "By default a member is not active" says no rule of all members: it is told in the usual order. How lists look
        // is always by default.
        let of_lists = |token: &Token| LISTING.iter().any(|word| token.is(word));
        if !tokens.iter().any(of_lists) && !tokens.last().is_some_and(|last| last.is("not")) {
            tokens.extend(said.into_iter().filter(|token| token.is("by") || token.is("default")));
        }
    }
    const TAILS: &[&[&str]] = &[
        &[",", "not"],
        &["with", "error", "message"],
        &["with", "clear", "message"],
        &["with", "error"],
        &["with", "message"],
        &["with", "conflict"],
        &["with", "conflict", "error"],
        &["as", "conflict"],
        &["with", "validation", "error"],
        &["with", "clear", "error"],
        &["in", "system"],
        &["with", "details"],
        &["and", "be", "calculated"],
        &["and", "be", "calculated", "automatically"],
        &["and", "be", "computed"],
        &["by", "system"],
        &["of", "course"],
        &["as", "usual"],
        &["please"],
        &["with", "clear", "error", "message"],
        &["with", "409"],
        &["with", "422"],
        &["with", "403"],
        &["anymore"],
        &["inclusive"],
        &["more"],
        &["any", "more"],
        &["any", "longer"],
        &["at", "all"],
        &["in", "any", "way"],
        &["with", "understandable", "message"],
        &["with", "explanation"],
        &["too"],
        &["oneof"],
        &["again"],
    ];
    loop {
        while tokens.last().is_some_and(|last| matches!(last.word.as_str(), "," | ";" | ":" | "." | "–" | "?")) {
            tokens.pop();
        }
        // "The number of days from the first day to the last one inclusive": one day more.
        let counts = tokens.iter().any(|token| token.is("day"));
        let tail = TAILS.iter().find(|tail| {
            tokens.len() > tail.len()
                && !(counts && **tail == ["inclusive"])
                && tail.iter().rev().zip(tokens.iter().rev()).all(|(word, token)| token.word == *word)
        });
        match tail {
            Some(tail) => tokens.truncate(tokens.len() - tail.len()),
            None => break,
        }
    }
}

/// "The system checks that the owner has a phone": what is checked is demanded.
fn checked(tokens: &mut Vec<Token>) {
    const WHO: &[&str] = &["system", "service", "application", "app", "we"];
    const CHECKS: &[&str] = &[
        "check",
        "checks",
        "validate",
        "validates",
        "verify",
        "verifies",
        "ensure",
        "ensures",
        "make sure",
        "makes sure",
        "enforce",
        "enforces",
    ];
    let who = usize::from(tokens.first().is_some_and(|first| WHO.iter().any(|word| first.is(word))));
    let modal = who + usize::from(who > 0 && tokens.get(who).is_some_and(|token| token.is("must")));
    // "We check that it is valid and refuse it otherwise" says the same, and is told as such.
    if tokens.iter().any(|token| token.is("otherwise")) {
        return;
    }
    let verb = CHECKS.iter().filter_map(|verb| crate::token::starts(tokens, modal, verb)).max();
    let Some(that) =
        verb.map(|length| modal + length).filter(|at| tokens.get(*at).is_some_and(|token| token.is("that")))
    else {
        return;
    };
    tokens.drain(..=that);
    const VERBS: &[&str] = &["must", "mustnot", "may", "mayonly", "be", "have", "do", "not", "if", "only"];
    let first = tokens.iter().position(|token| VERBS.iter().any(|verb| token.is(verb)));
    if let Some((at, have)) =
        first.and_then(|at| Some((at, tokens.get(at)?.clone()))).filter(|(_, have)| have.is("have"))
    {
        tokens.insert(at, have.renamed("must"));
    }
}

/// "[the system must not allow] changes to closed orders" are refused.
fn refused(tokens: &mut Vec<Token>, verb: &Token, rest: Vec<Token>) {
    *tokens = rest;
    tokens.extend([verb.renamed("be"), verb.renamed("refused")]);
}

/// "The system shall reject ..." and "... shall let only a clerk open ...": what the service does to a request, said
/// of the request or of who makes it.
pub(crate) fn system_frame(tokens: &mut Vec<Token>) {
    const WHOLES: &[&str] =
        &["system", "service", "application", "app", "software", "api", "backend", "platform", "tool"];
    let named = tokens.first().is_some_and(|token| WHOLES.contains(&token.word.as_str()));
    let Some((verb, at)) = named
        .then(|| {
            let at = 1 + usize::from(
                tokens.get(1).is_some_and(|token| matches!(token.word.as_str(), "must" | "may" | "mustnot")),
            );
            tokens.get(at).map(|token| (token.clone(), at))
        })
        .flatten()
    else {
        return;
    };
    let forbids = tokens.get(1).is_some_and(|token| token.is("mustnot"));
    let rest: Vec<Token> = tokens.iter().skip(at + 1).cloned().collect();
    // "refuse a booking that ..." refuses records, whatever their name ends with.
    let act = |first: &Token| first.word.ends_with("ing") && first.word.len() > 5 && first.article.is_none();
    let gerund = rest.first().is_some_and(act)
        || rest.first().is_some_and(|first| {
            ["change", "edit", "modification", "deletion", "removal"].iter().any(|word| first.is(word))
        });
    match verb.lemma.as_str() {
        // "must not allow changes to ...", "shall prevent deleting ...": such a thing is refused.
        "allow" | "permit" | "accept" if forbids && gerund => refused(tokens, &verb, rest),
        "prevent" | "prohibit" | "forbid" | "disallow" | "block" | "reject" | "refuse" if !forbids && gerund => {
            refused(tokens, &verb, rest);
        }
        // "prevents double bookings of a room"
        "prevent" | "prohibit" | "forbid"
            if !forbids
                && !rest.iter().any(|token| {
                    ["from", "that", "to", "be", "must", "may", "mustnot", "have", "if"]
                        .iter()
                        .any(|word| token.is(word))
                }) =>
        {
            refused(tokens, &verb, rest);
        }
        // "must not accept a booking for ...", "shall not allow two bookings that ..."
        "accept" if forbids => refused(tokens, &verb, rest),
        "allow" | "permit" if forbids && !rest.iter().any(|token| token.is("to")) => refused(tokens, &verb, rest),
        // "shall prevent a thing from being done": it must not be.
        "prevent" | "prohibit" | "forbid" | "stop" if !forbids && rest.iter().any(|token| token.is("from")) => {
            let from = rest.iter().position(|token| token.is("from")).unwrap_or_default();
            tokens.clear();
            tokens.extend(rest.iter().take(from).cloned());
            tokens.push(verb.renamed("mustnot"));
            tokens.extend(rest.into_iter().skip(from + 1));
        }
        // "shall require a reason when ...": it is required then.
        "require" | "demand" if !forbids && !rest.iter().any(|token| token.is("to")) => {
            let cut = rest
                .iter()
                .position(|token| matches!(token.word.as_str(), "if" | "for" | "unless" | "to"))
                .unwrap_or(rest.len());
            tokens.clear();
            tokens.extend(rest.iter().take(cut).cloned());
            tokens.extend([verb.renamed("be"), verb.renamed("required")]);
            tokens.extend(rest.into_iter().skip(cut));
        }
        // "shall calculate X as Y": X is calculated as Y.
        "calculate" | "compute" | "derive" | "determine" if !forbids => {
            let Some(cut) = rest.iter().position(|token| matches!(token.word.as_str(), "as" | "from" | "by")) else {
                return;
            };
            tokens.clear();
            tokens.extend(rest.iter().take(cut).cloned());
            tokens.extend([verb.renamed("be"), verb.renamed("calculated")]);
            tokens.extend(rest.into_iter().skip(cut));
        }
        // "shall list ...", "must provide ...": what is wanted.
        "list" | "find" | "show" | "display" | "provide" | "offer" | "export" | "support" | "sort" | "order"
        | "filter" | "search" | "present" | "report" | "return"
            if !forbids && at > 1 =>
        {
            tokens.drain(..at);
            if let Some(first) = tokens.first_mut()
                && matches!(first.lemma.as_str(), "display" | "present" | "return" | "report")
            {
                *first = first.renamed("show");
            }
        }
        "reject" | "refuse" | "decline" | "deny" if !forbids => {
            let rest: Vec<Token> = tokens.drain(..).skip(at + 1).collect();
            let clause = rest.iter().position(|token| matches!(token.word.as_str(), "if" | "unless"));
            let head = clause.unwrap_or(rest.len());
            // "shall refuse to delete a site that has loans": it must not be deleted.
            if let [to, deed, ..] = rest.as_slice()
                && to.is("to")
                && head > 2
            {
                tokens.extend(rest.iter().take(head).skip(2).cloned());
                tokens.extend([verb.renamed("mustnot"), verb.renamed("be")]);
                tokens.push(deed.renamed(&verbs::participle(&deed.word)));
                tokens.extend(rest.iter().skip(head).cloned());
                return;
            }
            tokens.extend(rest.iter().take(head).cloned());
            while tokens.last().is_some_and(|last| last.is(",")) {
                tokens.pop();
            }
            tokens.extend([verb.renamed("be"), verb.renamed("refused")]);
            tokens.extend(rest.into_iter().skip(head));
        }
        "allow" | "let" | "permit" | "enable" => {
            let rest: Vec<Token> = tokens.iter().skip(at + 1).cloned().collect();
            let only = usize::from(rest.first().is_some_and(|token| token.is("only")));
            let split = if verb.lemma == "let" {
                rest.iter()
                    .skip(only)
                    .position(|token| !verbs::actions(&token.word).is_empty() || token.is("move"))
                    .map(|at| (at + only, 0))
            } else {
                rest.iter().position(|token| token.is("to")).map(|at| (at, 1))
            };
            // "shall allow these changes: draft to sent" lists them.
            let listed = |split: usize| rest.iter().take(split).any(|token| token.is(":"));
            let Some((split, skip)) = split.filter(|(split, _)| *split > only && !listed(*split)) else { return };
            tokens.clear();
            tokens.extend(rest.iter().take(split).cloned());
            tokens.push(verb.renamed(if forbids { "mustnot" } else { "may" }));
            tokens.extend(rest.into_iter().skip(split + skip));
        }
        _ => {}
    }
}
