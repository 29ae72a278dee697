//! Chains of states with arrows: `draft → submitted → approved or rejected`.

use super::{about, names, transitions};
use crate::effect::Effect;
use crate::engine::{Build, Reading};
use crate::pattern::Bound;
use crate::token::Token;
use maestro_artifacts::RuleKind;

pub(in crate::family) const PATTERNS: &[(&str, Build)] = &[("<words:chain>", arrows)];

/// `draft → submitted → approved or rejected`, with a lead such as `Status:`.
fn arrows(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let tokens = reading.tokens;
    if !tokens.iter().any(|token| token.word == "->") {
        let drawn = drawn(reading)?;
        let scope = reading.engine.scope(&drawn);
        return arrows(bound, &Reading { tokens: &drawn, scope: &scope, engine: reading.engine });
    }
    let colon = tokens
        .iter()
        .position(|token| token.word == ":" || token.word == "–")
        .filter(|at| !tokens.iter().take(*at).any(|token| token.word == "->"));
    let lead = tokens.get(..colon.unwrap_or(0)).unwrap_or_default();
    let mut from = colon.map_or(0, |at| at + 1);
    // "A loan moves draft -> open": the words before the first state are its lead.
    let lead_scope = reading.engine.scope(lead);
    let mut entity = lead_scope.mentioned(lead).into_iter().next();
    let mut field = lead
        .iter()
        .find(|token| crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()))
        .map(|token| token.lemma.clone());
    if lead.len() > 8
        || lead.iter().any(|token| matches!(token.word.as_str(), "mustnot" | "only" | "mayonly" | "onlyif"))
    {
        return None;
    }
    if let (None, Some((end, found))) = (colon, reading.scope.entity_at(tokens, 0).into_iter().next()) {
        let verb = tokens
            .iter()
            .skip(end)
            .take_while(|token| {
                matches!(
                    token.word.as_str(),
                    "move"
                        | "moves"
                        | "go"
                        | "goes"
                        | "be"
                        | "may"
                        | "have"
                        | "status"
                        | "state"
                        | "stage"
                        | "through"
                        | "follow"
                        | "follows"
                        | "workflow"
                        | "from"
                        | "must"
                )
            })
            .count();
        if verb > 0 {
            entity = Some(found);
            from = end + verb;
            field = tokens
                .get(end..from)
                .unwrap_or_default()
                .iter()
                .find(|token| crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()))
                .map(|token| token.lemma.clone())
                .or(field);
        }
    }
    if let (None, Some((end, found))) =
        (colon, reading.scope.field_at(tokens, 0).into_iter().find(|(_, found)| reading.scope.target(found).is_none()))
    {
        let verb = tokens
            .iter()
            .skip(end)
            .take_while(|token| {
                matches!(
                    token.word.as_str(),
                    "move"
                        | "moves"
                        | "go"
                        | "goes"
                        | "be"
                        | "may"
                        | "change"
                        | "changes"
                        | "through"
                        | "follow"
                        | "follows"
                        | "from"
                        | "must"
                )
            })
            .count();
        if verb > 0 {
            entity = Some(found.entity.clone());
            field = reading.scope.lexicon.field(&found).map(|field| field.name.clone());
            from = end + verb;
        }
    }
    let own = |found: &crate::scope::FieldRef| {
        entity.as_ref().is_none_or(|entity| *entity == found.entity) && reading.scope.target(found).is_none()
    };
    if let Some((_, found)) = reading.scope.field_at(lead, 0).into_iter().find(|(_, found)| own(found)) {
        field = reading.scope.lexicon.field(&found).map(|field| field.name.clone()).or(field);
        entity = entity.or(Some(found.entity));
    }
    // "The status of a loan goes draft -> open".
    if let (None, 0) = (colon, from)
        && let Some(verb) = tokens.iter().position(|token| LEADS.contains(&token.word.as_str()))
        && tokens.iter().position(|token| token.word == "->").is_some_and(|arrow| verb < arrow)
        && let Some((before, named)) = subject_of_state(reading, verb)
    {
        entity = before.or(entity);
        field = named.or(field);
        from = verb + tokens.iter().skip(verb).take_while(|token| LEADS.contains(&token.word.as_str())).count();
    }
    // "planned → running (kiln master only)": what is noted behind the ways says nothing of whose they are.
    let behind = tokens.iter().rposition(|token| token.word == "->").unwrap_or_default();
    let marks = |(at, token): (usize, &Token)| token.is("(") || token.is(";") && at > behind;
    let note = tokens.iter().enumerate().position(marks).unwrap_or(tokens.len());
    let entity = entity.or_else(|| {
        let head = tokens.get(..note)?;
        let scope = reading.engine.scope(head);
        about(bound, &Reading { tokens: head, scope: &scope, engine: reading.engine })
    })?;
    let last = tokens.iter().rposition(|token| token.word == "->")?;
    // `draft -> open (managers only)`, `open -> closed: a reason is required`
    let ends = (last + 2..=tokens.len()).rev().filter(|end| {
        *end == tokens.len()
            || tokens.get(*end).is_some_and(|token| {
                matches!(token.word.as_str(), "(" | ":" | "," | ";" | "–" | "[" | "by" | "require" | "if")
            })
    });
    for end in ends {
        let inner = Reading { tokens: tokens.get(..end)?, scope: reading.scope, engine: reading.engine };
        let Some((states, pairs)) = chain(&inner, from) else { continue };
        // "`room` → Room" refers to records.
        if states.iter().any(|state| reading.scope.lexicon.find(state).is_some()) {
            return None;
        }
        let Some(notes) = notes(reading, &entity, &pairs, end) else { continue };
        let mut effects = vec![Effect::States { entity: entity.clone(), field, states }];
        effects.extend(transitions(&entity, &pairs));
        effects.extend(notes);
        return Some(effects);
    }
    None
}

/// "Trips go from planned to under way to finished" with arrows; a single "to" is one change of state and told elsewhere.
fn drawn(reading: &Reading<'_>) -> Option<Vec<Token>> {
    if let Some(drawn) = listed(reading) {
        return Some(drawn);
    }
    const VERBS: &[&str] = &["go", "goes", "move", "moves", "run", "runs", "pass", "passes", "progress", "progresses"];
    let (end, _) = reading.scope.entity_at(reading.tokens, 0).into_iter().next()?;
    let (verb, from) = (reading.tokens.get(end)?, reading.tokens.get(end + 1)?);
    let states = reading.tokens.get(end + 2..)?;
    let to = |token: &&Token| !token.quoted && token.word == "to";
    let told = |token: &Token| {
        matches!(
            token.word.as_str(),
            "be" | "may" | "must" | "mustnot" | "mayonly" | "if" | "become" | "by" | "only" | "from"
        )
    };
    if !VERBS.contains(&verb.word.as_str())
        || !from.is("from")
        || states.iter().filter(to).count() < 2
        || states.iter().any(told)
    {
        return None;
    }
    let arrow = |token: &Token| if to(&token) { token.renamed("->") } else { token.clone() };
    let lead = reading.tokens.get(..=end)?.iter().cloned();
    Some(lead.chain(states.iter().map(arrow)).collect())
}

/// "The following status changes are allowed: recorded to washed, washed or identified to lost": of what is spoken of.
fn listed(reading: &Reading<'_>) -> Option<Vec<Token>> {
    const LEAD: &[&str] = &[
        "following",
        "only",
        "status",
        "state",
        "stage",
        "changes",
        "transitions",
        "change",
        "must",
        "may",
        "be",
        "allowed",
        "possible",
        "permitted",
        "of",
        "these",
        "phase",
        "system",
        "service",
        "allow",
        "allows",
    ];
    let colon = reading.tokens.iter().position(|token| token.is(":"))?;
    let (lead, ways) = (reading.tokens.get(..colon)?, reading.tokens.get(colon + 1..)?);
    let says = |words: &[&str]| lead.iter().any(|token| words.iter().any(|word| token.is(word)));
    let entity = reading.scope.mentioned(lead).into_iter().next();
    let known = |token: &Token| LEAD.iter().any(|word| token.is(word)) || entity.is_some();
    if !says(&["changes", "transitions"])
        || !says(&["allowed", "possible", "permitted", "allow", "allows"])
        || lead.len() > 9
        || !lead.iter().all(known)
    {
        return None;
    }
    // "Changes of phase": of the one kind of record that has phases.
    let entity = entity.or_else(|| {
        let told = |key: &String| {
            let field = reading.scope.lexicon.flow_field(key);
            field.is_some_and(|field| lead.iter().any(|token| token.lemma == field && !token.is("status")))
        };
        let mut keys = reading.scope.lexicon.entities.iter().map(|named| named.key.clone()).filter(told);
        keys.next().filter(|_| keys.next().is_none())
    });
    let entity = entity.or_else(|| reading.engine.topics.first().cloned())?;
    let name = &reading.scope.lexicon.entity(&entity)?.name;
    let place = lead.first().map_or((0, 0), |token| (token.start, token.end));
    let mut out: Vec<Token> = name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
    out.push(Token::new(":", place.0, place.1));
    let told = |token: &Token| {
        matches!(token.word.as_str(), "be" | "may" | "must" | "mustnot" | "mayonly" | "if" | "by" | "only")
    };
    if ways.iter().any(told) || !ways.iter().any(|token| token.is("to")) {
        return None;
    }
    // "..., and recorded, washed or identified to lost": each way by itself.
    let states = |part: &[Token]| -> Vec<Vec<Token>> {
        part.split(|token| !token.quoted && (token.is("or") || token.is("and")))
            .filter(|state| !state.is_empty())
            .map(<[Token]>::to_vec)
            .collect()
    };
    let mut from: Vec<Vec<Token>> = Vec::new();
    for part in ways.split(|token| !token.quoted && token.is(",")) {
        let Some(to) = part.iter().position(|token| token.is("to") && !token.quoted) else {
            from.extend(states(part));
            continue;
        };
        from.extend(states(part.get(..to)?));
        for (state, next) in from.drain(..).flat_map(|state| {
            states(part.get(to + 1..).unwrap_or_default()).into_iter().map(move |next| (state.clone(), next))
        }) {
            if out.last().is_some_and(|last| !last.is(":")) {
                out.push(Token::new(",", place.0, place.1));
            }
            out.extend(state);
            out.push(Token::new("->", place.0, place.1));
            out.extend(next);
        }
    }
    Some(out)
}

/// What stands behind a chain: who alone may take these ways, and which fields they need.
fn notes(reading: &Reading<'_>, entity: &str, pairs: &[(String, String)], at: usize) -> Option<Vec<Effect>> {
    let part: Vec<Token> = reading
        .tokens
        .get(at..)?
        .iter()
        .filter(|token| !matches!(token.word.as_str(), "(" | ")" | "[" | "]" | ":" | "–"))
        .cloned()
        .collect();
    if part.is_empty() {
        return Some(Vec::new());
    }
    let mut effects = Vec::new();
    for note in part.split(|token| !token.quoted && matches!(token.word.as_str(), "," | ";")) {
        if !note.is_empty() {
            effects.extend(of_note(reading, entity, pairs, note)?);
        }
    }
    Some(effects)
}

fn of_note(reading: &Reading<'_>, entity: &str, pairs: &[(String, String)], note: &[Token]) -> Option<Vec<Effect>> {
    let scope = reading.engine.scope(note);
    let inner = Reading { tokens: note, scope: &scope, engine: reading.engine };
    let word = |at: usize, words: &[&str]| {
        note.get(at).is_some_and(|token| !token.quoted && words.iter().any(|word| token.is(word)))
    };
    let mut from = 0;
    while word(from, &["only", "by", "for", "require", "need", "with", "must", "have", "and", "role", "who"]) {
        from += 1;
    }
    let mut end = note.len();
    while end > from
        && word(
            end - 1,
            &[
                "only",
                "required",
                "needed",
                "must",
                "be",
                "given",
                "mandatory",
                "role",
                "set",
                "filled",
                "present",
                "alone",
            ],
        )
    {
        end -= 1;
    }
    if from >= end {
        return None;
    }
    let whole = |(stop, fields): &(usize, Vec<crate::scope::FieldRef>)| {
        *stop == end && fields.iter().all(|field| field.entity == entity)
    };
    if let Some((_, fields)) = scope.fields_at(note, from).into_iter().find(whole) {
        let fields: Vec<String> = fields.into_iter().map(|field| field.field).collect();
        return Some(super::needed(entity, pairs, &fields));
    }
    let said = note.iter().any(|token| matches!(token.word.as_str(), "only" | "by" | "role" | "alone"));
    let roles = crate::family::role::roles(&inner, &(from..end))?;
    let known = roles.iter().all(|role| {
        scope.lexicon.roles.iter().any(|known| crate::lexicon::name_words(known) == crate::lexicon::name_words(role))
    });
    // "booked → checked in (receptionist)": whoever stands there alone does it.
    let somebody = |token: &Token| {
        !token.quoted && token.word.len() > 3 && token.word.chars().all(|c| c.is_alphabetic() || c == '-')
    };
    let behind = reading.tokens.iter().any(|token| token.is("(") || token.is("["));
    let alone = behind && note.len() <= 2 && note.iter().all(somebody) && ends_like_somebody(note);
    let alone =
        alone && (0..note.len()).all(|at| scope.entity_at(note, at).is_empty() && scope.state_at(note, at).is_empty());
    if !(said || known || alone) {
        return None;
    }
    let mut effects: Vec<Effect> = roles.iter().map(|role| Effect::Role { name: role.clone() }).collect();
    effects.extend(pairs.iter().map(|(from, to)| {
        Effect::Rule(RuleKind::TransitionRole {
            entity: entity.to_owned(),
            from: Some(from.clone()),
            to: to.clone(),
            roles: roles.clone(),
        })
    }));
    Some(effects)
}

/// Whether words end as what people are called by their work does: `receptionist`, `kiln master`.
fn ends_like_somebody(note: &[Token]) -> bool {
    const ENDS: &[&str] =
        &["er", "or", "ist", "ian", "ant", "ent", "eer", "man", "woman", "clerk", "chief", "chair", "lead"];
    note.last().is_some_and(|last| ENDS.iter().any(|end| last.lemma.ends_with(end)))
}

/// The chain in a range whose lead was read already.
pub(super) fn of_range(reading: &Reading<'_>, entity: &str, range: &std::ops::Range<usize>) -> Option<Vec<Effect>> {
    let part = reading.tokens.get(..range.end).filter(|_| range.end == reading.tokens.len())?;
    let inner = Reading { tokens: part, scope: reading.scope, engine: reading.engine };
    let (states, pairs) = chain(&inner, range.start)?;
    let mut effects = vec![Effect::States { entity: entity.to_owned(), field: None, states }];
    effects.extend(transitions(entity, &pairs));
    Some(effects)
}

/// Verbs between a subject and its chain of states.
const LEADS: &[&str] = &[
    "move",
    "moves",
    "go",
    "goes",
    "be",
    "may",
    "must",
    "change",
    "changes",
    "through",
    "follow",
    "follows",
    "run",
    "runs",
    "pass",
    "passes",
    "from",
    "advance",
    "advances",
    "progress",
    "progresses",
];

/// The entity and field of `[the] status of a loan`, `the loan's stage`: nothing else may stand before the verb.
fn subject_of_state(reading: &Reading<'_>, verb: usize) -> Option<(Option<String>, Option<String>)> {
    let (mut entity, mut field, mut at) = (None, None, 0);
    while at < verb {
        let token = reading.tokens.get(at)?;
        if let Some((end, found)) =
            reading.scope.entity_at(reading.tokens, at).into_iter().find(|(end, _)| *end <= verb)
        {
            entity = Some(found);
            at = end;
        } else if crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str()) {
            field = Some(token.lemma.clone());
            at += 1;
        } else if matches!(token.word.as_str(), "of" | "'s" | "for") {
            at += 1;
        } else {
            return None;
        }
    }
    (entity.is_some() || field.is_some()).then_some((entity, field))
}

/// States, and the ways between them.
type Chain = (Vec<String>, Vec<(String, String)>);

/// The states and ways of arrow chains from `at` on; chains are separated by `,` or `;` where a new arrow follows.
fn chain(reading: &Reading<'_>, at: usize) -> Option<Chain> {
    let mut states: Vec<String> = Vec::new();
    let mut pairs: Vec<(String, String)> = Vec::new();
    let rest = reading.tokens.get(at..)?;
    // Segments between arrows; inside one, commas separate either alternatives or the next chain.
    let arrows: Vec<usize> =
        rest.iter().enumerate().filter(|(_, token)| token.word == "->").map(|(at, _)| at).collect();
    let mut begin = 0;
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for arrow in arrows.iter().copied().chain([rest.len()]) {
        groups.push((begin, arrow));
        begin = arrow + 1;
    }
    let mut before: Vec<String> = Vec::new();
    let count = groups.len();
    for (k, (from, to)) in groups.into_iter().enumerate() {
        let segment = rest.get(from..to)?;
        let cut = if k > 0 && k + 1 < count {
            // "a -> b; c, d and e -> f": a semicolon parts more than the rest does.
            let cut = |marks: &[&str]| segment.iter().rposition(|token| marks.contains(&token.word.as_str()));
            cut(&[";"]).or_else(|| cut(&[",", "and"]))
        } else {
            None
        };
        let (own, next) = match cut {
            // "a -> b or c -> d" has no cut; "a -> b, b -> c" has one.
            Some(cut) => (segment.get(..cut)?, Some(segment.get(cut + 1..)?)),
            None => (segment, None),
        };
        let here = state_names(reading, at + from, own)?;
        for from in &before {
            for to in &here {
                pairs.push((from.clone(), to.clone()));
            }
        }
        states.extend(here.iter().cloned());
        before = match (cut, next) {
            (Some(cut), Some(next)) => {
                let more = state_names(reading, at + from + cut + 1, next)?;
                states.extend(more.iter().cloned());
                more
            }
            _ => here,
        };
    }
    let mut seen: Vec<String> = Vec::new();
    for state in states {
        if !seen.contains(&state) {
            seen.push(state);
        }
    }
    (pairs.len() + 1 >= count && !pairs.is_empty()).then_some((seen, pairs))
}

fn state_names(reading: &Reading<'_>, start: usize, part: &[crate::token::Token]) -> Option<Vec<String>> {
    let skip = part
        .iter()
        .take_while(|token| matches!(token.word.as_str(), "and" | "or" | "," | ";" | "then" | "oneof" | "from"))
        .count();
    let part = part.get(skip..)?;
    if part.is_empty() {
        return None;
    }
    names(reading, &(start + skip..start + skip + part.len()))
}
