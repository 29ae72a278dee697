//! What a criterion's Given and When say: who does what to which record, with which values.

use super::{Steps, entered};
use crate::engine::{Engine, Reading};
use crate::scope::{FieldRef, StateRef};
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{Action, FieldKind};
use maestro_domain::Statement;
use serde_json::Value;

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    Do(String, Action),
    /// A change of state.
    Move(String, String),
}

/// A value that a step names for a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) field: FieldRef,
    pub(crate) value: String,
    /// The unit says that the number is a length.
    pub(crate) length: bool,
}

/// Everything that the steps say.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) acts: Vec<Act>,
    /// Entities in order of mention, those of the When first.
    pub(crate) entities: Vec<String>,
    pub(crate) fields: Vec<FieldRef>,
    /// Fields that the When names.
    pub(crate) when_fields: Vec<FieldRef>,
    pub(crate) missing: Vec<FieldRef>,
    pub(crate) values: Vec<Given>,
    /// Values of states in the Given, all readings.
    pub(crate) given_states: Vec<Vec<StateRef>>,
    pub(crate) when_states: Vec<Vec<StateRef>>,
    /// Values of states in which the Given says that a record is not, all readings.
    pub(crate) given_not: Vec<Vec<StateRef>>,
    pub(crate) roles: Vec<String>,
    /// Who does it, where no role of the epic is named: "a cook sets ...", "... by a cook".
    pub(crate) doer: Option<String>,
    pub(crate) words: Vec<String>,
    /// What the When calls `it`: the record of the Given.
    pub(crate) it: Option<String>,
    /// The Given itself, for states that nothing else has named yet.
    pub(crate) given: Vec<Token>,
    /// The When itself, for wishes ("when I filter by city").
    pub(crate) when: Vec<Token>,
    /// "Given a cancelled loan ..., then the loan is created with status reserved": another one than the Given's.
    pub(crate) anew: bool,
    /// Words of an outcome that tells a status.
    pub(crate) reached: Vec<String>,
}

impl Facts {
    /// Reads the steps.
    pub(crate) fn of(engine: &Engine<'_>, steps: &Steps, story: Option<&Statement>) -> Self {
        let mut facts = Self::default();
        let engine = &focused(engine, steps, story);
        for (part, when) in [(&steps.when, true), (&steps.given, false)] {
            facts.scan(engine, part, when);
        }
        let then = engine.scope(&steps.then).mentioned(&steps.then);
        facts.entities.extend(then.into_iter().filter(|_| false));
        facts.words =
            steps.given.iter().chain(&steps.when).flat_map(|token| [token.word.clone(), token.lemma.clone()]).collect();
        let made = ["created", "made", "added", "recorded", "registered"];
        let pronoun = steps.when.iter().any(|token| token.is("it") || token.is("them"));
        facts.anew = !pronoun && steps.then.iter().any(|token| made.contains(&token.raw.to_lowercase().as_str()));
        facts.given.clone_from(&steps.given);
        facts.when.clone_from(&steps.when);
        if steps.when.iter().any(|token| matches!(token.word.as_str(), "it" | "them") && !token.quoted) {
            facts.it = engine.scope(&steps.given).mentioned(&steps.given).into_iter().next();
        }
        let tries = [" tries to ", " attempts to ", " wants to "].iter().any(|tries| steps.texts[1].contains(tries));
        facts.doer = if facts.roles.is_empty() {
            somebody(engine, &steps.when, tries).or_else(|| myself(engine, steps))
        } else {
            None
        };
        let status = |token: &Token| !token.quoted && crate::lexicon::STATE_WORDS.contains(&token.lemma.as_str());
        if steps.then.iter().any(status) {
            facts.reached = steps.then.iter().map(|token| token.raw.to_lowercase()).collect();
        }
        facts.acts = acts(engine, &steps.when, &facts);
        if facts.acts.is_empty() && steps.when.is_empty() {
            facts.acts = acts(engine, &steps.given, &facts);
        }
        facts
    }

    fn scan(&mut self, engine: &Engine<'_>, tokens: &[Token], when: bool) {
        let scope = engine.scope(tokens);
        let mut at = 0;
        // "Without a name, an e-mail or a level": where the last of them ends.
        let mut lacked: Option<usize> = None;
        while at < tokens.len() {
            let entity = scope.entity_at(tokens, at).into_iter().next();
            let field = scope.field_at(tokens, at).into_iter().next();
            let state = scope.state_at(tokens, at).into_iter().next();
            let role = role_at(engine, tokens, at);
            let longest = [
                entity.as_ref().map(|(end, _)| *end),
                field.as_ref().map(|(end, _)| *end),
                state.as_ref().map(|(end, _)| *end),
                role.as_ref().map(|(end, _)| *end),
            ]
            .into_iter()
            .flatten()
            .max();
            let Some(end) = longest else {
                // "without a comment" where the only such field is the `approver comment`.
                if absent(tokens, at, at + 1)
                    && let Some(field) =
                        by_head(engine, &tokens.get(at).map(|token| token.lemma.clone()).unwrap_or_default())
                {
                    push(&mut self.missing, field.clone());
                    push(&mut self.fields, field);
                }
                at += 1;
                continue;
            };
            if let Some((_, role)) = role.filter(|(e, _)| *e == end) {
                push(&mut self.roles, role);
            }
            if let Some((_, states)) = state.filter(|(e, _)| *e == end) {
                let told = match (when, denied(tokens, at)) {
                    (true, _) => &mut self.when_states,
                    (false, true) => &mut self.given_not,
                    (false, false) => &mut self.given_states,
                };
                told.push(states);
            }
            if let Some((_, entity)) = entity.filter(|(e, _)| *e == end) {
                push(&mut self.entities, entity);
            }
            if let Some((_, field)) = field.filter(|(e, _)| *e == end) {
                let joint = |token: &Token| token.is(",") || token.is("or");
                let listed = |from: usize| {
                    tokens.get(from..at).is_some_and(|between| !between.is_empty() && between.iter().all(joint))
                };
                if absent(tokens, at, end) || lacked.is_some_and(listed) {
                    push(&mut self.missing, field.clone());
                    lacked = Some(end);
                }
                if let Some(value) = value(engine, &scope, tokens, at, end, &field) {
                    self.values.push(value);
                }
                if when {
                    push(&mut self.when_fields, field.clone());
                }
                push(&mut self.fields, field);
            }
            at = end;
        }
    }

    pub(crate) fn said(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.iter().any(|said| said == word))
    }

    /// The field and the values of the states that a record of this entity is said to be in before: "returned or lost".
    pub(crate) fn states(&self, entity: &str) -> Option<(String, Vec<Value>)> {
        let told = || {
            self.given_states
                .iter()
                .chain(&self.when_states)
                .filter_map(|states| states.iter().find(|state| state.entity == entity))
        };
        let field = told().next()?.field.clone();
        let mut values: Vec<Value> = Vec::new();
        for state in told().filter(|state| state.field == field) {
            push(&mut values, Value::from(state.value.clone()));
        }
        Some((field, values))
    }
}

/// The only field of the likeliest record whose name ends in this word.
fn by_head(engine: &Engine<'_>, head: &str) -> Option<FieldRef> {
    engine.topics.iter().find_map(|topic| {
        let entity = engine.lexicon.entity(topic)?;
        let mut found = entity.fields.iter().filter(|field| field.words.last().is_some_and(|last| last == head));
        match (found.next(), found.next()) {
            (Some(one), None) => Some(FieldRef { entity: topic.clone(), field: one.key.clone() }),
            _ => None,
        }
    })
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// The steps' own entities come before those of the story.
fn focused<'a>(engine: &Engine<'a>, steps: &Steps, _story: Option<&Statement>) -> Engine<'a> {
    let plain = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    let mut topics: Vec<String> = Vec::new();
    for part in [&steps.when, &steps.given, &steps.then] {
        for entity in plain.scope(part).mentioned(part) {
            push(&mut topics, entity);
        }
    }
    // A verb names its record ("reserves"), which then owns the values of the step.
    let made = engine
        .lexicon
        .entities
        .iter()
        .filter(|entity| {
            steps.when.iter().any(|token| {
                entity.words.last().is_some_and(|head| {
                    token.lemma != *head
                        && verbs::actions(&token.lemma).is_empty()
                        && crate::words::related(&token.lemma, head)
                })
            })
        })
        .map(|entity| entity.key.clone());
    let mut all: Vec<String> = made.collect();
    for topic in topics.into_iter().chain(engine.topics.iter().cloned()) {
        push(&mut all, topic);
    }
    Engine { lexicon: engine.lexicon, topics: all }
}

pub(crate) fn role_at(engine: &Engine<'_>, tokens: &[Token], at: usize) -> Option<(usize, String)> {
    engine.lexicon.roles.iter().find_map(|role| {
        let words = crate::lexicon::name_words(role);
        let fits = !words.is_empty()
            && words.iter().enumerate().all(|(k, word)| tokens.get(at + k).is_some_and(|token| token.lemma == *word));
        fits.then(|| (at + words.len(), role.clone()))
    })
}

/// `without a name`, `no name`, `the name is empty`, `leaves the name blank`.
/// "A session that is not open", "an appointment that has not been attended".
fn denied(tokens: &[Token], at: usize) -> bool {
    // "Neither paid nor shipped" denies both.
    let neither = |token: &Token| ["neither", "nor"].iter().any(|word| token.raw.eq_ignore_ascii_case(word));
    if tokens.get(..at).unwrap_or_default().iter().any(neither) {
        return true;
    }
    let before = tokens.get(at.saturating_sub(3)..at).unwrap_or_default();
    let last = before.iter().rposition(|token| matches!(token.word.as_str(), "not" | "non" | "never"));
    last.is_some_and(|last| {
        let between = before.get(last + 1..).unwrap_or_default();
        between.iter().all(|token| matches!(token.word.as_str(), "be" | "have" | "yet" | "in" | "already"))
    })
}

fn absent(tokens: &[Token], at: usize, end: usize) -> bool {
    const BEFORE: &[&str] =
        &["without", "no", "missing", "empty", "blank", "omitting", "omits", "omit", "lacking", "lacks"];
    const AFTER: &[&str] = &["empty", "missing", "blank", "omitted", "absent"];
    // "For whom nothing is said about active", "for which no grade is given"
    let lead: Vec<&str> = tokens.get(..at).unwrap_or_default().iter().map(|token| token.word.as_str()).collect();
    if lead.ends_with(&["nothing", "be", "said", "about"]) || lead.ends_with(&["nothing", "be", "said", "of"]) {
        return true;
    }
    // "without a value for delivered at", "with no entry in the remark", "without giving a reason"
    const VALUES: &[&str] = &["value", "entry", "content", "input"];
    const GIVING: &[&str] = &[
        "giving",
        "entering",
        "filling",
        "stating",
        "specifying",
        "setting",
        "providing",
        "recording",
        "choosing",
        "selecting",
        "supplying",
        "naming",
    ];
    let mut at = at;
    if let [.., value, of] = lead.as_slice()
        && VALUES.contains(value)
        && matches!(*of, "for" | "of" | "in")
    {
        at -= 2;
    } else if let [.., without, giving] = tokens.get(..at).unwrap_or_default()
        && without.is("without")
        && GIVING.iter().any(|word| giving.raw.eq_ignore_ascii_case(word))
    {
        return true;
    } else if let [.., without, fill, into] = tokens.get(..at).unwrap_or_default()
        && without.is("without")
        && (fill.lemma.starts_with("fill") || fill.raw.eq_ignore_ascii_case("putting"))
        && (into.is("in") || into.is("out"))
    {
        return true;
    }
    // "without a name or a code": the list shares the word.
    let mut before = at;
    while before > 0 {
        before -= 1;
        match tokens.get(before).map(|token| token.word.as_str()) {
            Some(word) if BEFORE.contains(&word) => return true,
            Some("or" | "and" | "any" | "'s") => {}
            Some("not") => return tokens.get(before + 1).is_some_and(|next| next.is("give") || next.is("have")),
            Some("have" | "give" | "given" | "enter" | "fill")
                if before > 0 && tokens.get(before - 1).is_some_and(|token| token.is("not")) =>
            {
                return true;
            }
            _ => break,
        }
    }
    let after = tokens.get(end..(end + 3).min(tokens.len())).unwrap_or_default();
    match after {
        [first, ..] if AFTER.contains(&first.word.as_str()) => true,
        [be, second, ..] if (be.is("be") || be.is("left")) && (AFTER.contains(&second.word.as_str())) => true,
        [be, not, third]
            if be.is("be")
                && not.is("not")
                && matches!(third.word.as_str(), "given" | "filled" | "set" | "entered" | "provided") =>
        {
            true
        }
        [be, left, third] if be.is("be") && left.is("left") && AFTER.contains(&third.word.as_str()) => true,
        _ => false,
    }
}

/// `quantity 0`, `a quantity of 0`, `the quantity is -1`, `0 for the quantity`, `negative price`.
fn value(
    engine: &Engine<'_>,
    scope: &crate::scope::Scope<'_>,
    tokens: &[Token],
    at: usize,
    end: usize,
    field: &FieldRef,
) -> Option<Given> {
    let mut from = end;
    while tokens.get(from).is_some_and(|token| {
        matches!(token.word.as_str(), "of" | "be" | "=" | ":" | "to" | "setto" | "have" | "value" | "must")
    }) {
        from += 1;
    }
    // "a deposit of -5"
    if tokens.get(from).is_some_and(|token| matches!(token.word.as_str(), "-" | "–"))
        && let Some((_, quantity)) = scope.quantity_at(tokens, from + 1).into_iter().next()
    {
        return Some(Given { field: field.clone(), value: format!("-{}", quantity.value), length: false });
    }
    if let Some((_, quantity)) = scope.quantity_at(tokens, from).into_iter().next() {
        let length = quantity.is_length();
        return Some(Given { field: field.clone(), value: quantity.value, length });
    }
    if let Some(token) = tokens.get(from).filter(|token| token.quoted) {
        return Some(Given { field: field.clone(), value: token.raw.clone(), length: false });
    }
    let before = |n: usize| at.checked_sub(n).and_then(|at| tokens.get(at));
    if before(1).is_some_and(|token| token.is("negative")) || tokens.get(from).is_some_and(|token| token.is("negative"))
    {
        return Some(Given { field: field.clone(), value: "-1".to_owned(), length: false });
    }
    // "a 101-character name" is rare; "81 characters as name" rarer.
    if before(1).is_some_and(|token| matches!(token.word.as_str(), "for" | "as" | "in"))
        && let Some(number) = before(2).filter(|token| token.is_number())
    {
        return Some(Given { field: field.clone(), value: number.word.clone(), length: false });
    }
    // "Enters "ana at example" as the email"
    if before(1).is_some_and(|token| matches!(token.word.as_str(), "for" | "as" | "in" | "into"))
        && let Some(text) = before(2).filter(|token| token.quoted)
    {
        return Some(Given { field: field.clone(), value: text.raw.clone(), length: false });
    }
    if let Some(value) = counted(scope, tokens, at, field) {
        return Some(Given { field: field.clone(), value, length: false });
    }
    let enumerated = matches!(scope.kind(field)?, FieldKind::Enum { .. });
    let _ = engine;
    if enumerated && from > end {
        let token = tokens.get(from)?;
        return Some(Given { field: field.clone(), value: token.raw.clone(), length: false });
    }
    None
}

/// "With 0 bars", "for more than 4 people": a number in front of what it counts.
fn counted(scope: &crate::scope::Scope<'_>, tokens: &[Token], at: usize, field: &FieldRef) -> Option<String> {
    let before = |n: usize| at.checked_sub(n).and_then(|at| tokens.get(at));
    let number = before(1).filter(|token| token.is_number())?;
    let led = before(2)?;
    // "With -1 seats"
    if led.is("–")
        && before(3).is_some_and(|before| ["with", "for", "of", "have", "to"].iter().any(|word| before.is(word)))
    {
        return Some(format!("-{}", number.word));
    }
    if ["with", "for", "of", "have", "to"].iter().any(|word| led.is(word)) {
        return Some(number.word.clone());
    }
    // Just beyond the bound.
    let whole = matches!(scope.kind(field)?, FieldKind::Integer);
    let number: i64 = number.word.parse().ok().filter(|_| whole)?;
    match led.word.as_str() {
        ">" => Some((number + 1).to_string()),
        "<" => Some((number - 1).to_string()),
        _ => None,
    }
}

/// How many words tell who does it: "the head roaster sets ..." is no roasting, "a cook sets ..." no cooking.
pub(super) fn doer(tokens: &[Token]) -> usize {
    let named = |token: &Token| !token.quoted && (token.lemma.ends_with("er") || token.lemma.ends_with("or"));
    // "Signs up" is one verb.
    let said = |at: usize| tokens.get(at).and_then(|next| next.raw.split(' ').next()).unwrap_or_default();
    let does = |at: usize| said(at).ends_with('s') && tokens.get(at).is_some_and(|next| !next.quoted);
    let led = tokens.first().is_some_and(|first| first.article.is_some());
    let be = |at: usize| tokens.get(at).is_some_and(|next| next.is("be") || next.is("have"));
    let verb = |at: usize| does(at) && !be(at) && said(at).chars().all(char::is_alphabetic);
    let last = (0..tokens.len().min(3)).find(|at| tokens.get(*at).is_some_and(named) && does(at + 1));
    let last = last.or_else(|| verb(1).then_some(0));
    last.filter(|_| led).map_or(0, |at| at + 1)
}

/// "Given I am a deckhand and a planned trip, when I confirm it": who is told before.
fn myself(engine: &Engine<'_>, steps: &Steps) -> Option<String> {
    let acts = steps.when.first().is_some_and(|first| first.is("i"));
    let [i, be, rest @ ..] = steps.given.as_slice() else { return None };
    let end = rest.iter().position(|token| token.is("and") || token.is(",")).unwrap_or(rest.len());
    let mut said = rest.get(..end)?.to_vec();
    let first = said.first().filter(|_| acts && i.is("i") && be.is("be"))?;
    said.insert(0, first.renamed("by"));
    somebody(engine, &said, false)
}

/// Who does it, where the words can be what a role is called.
fn somebody(engine: &Engine<'_>, when: &[Token], tries: bool) -> Option<String> {
    const ANYBODY: &[&str] =
        &["user", "person", "someone", "somebody", "anyone", "anybody", "one", "else", "system", "request", "caller"];
    let by = when.iter().position(|token| token.is("by") && !token.quoted).map(|at| at + 1);
    let who = match (doer(when), by) {
        (0, Some(from)) => when.get(from..)?,
        (0, None) => return None,
        (end, _) => when.get(..end)?,
    };
    let plain = |token: &Token| !token.quoted && token.word.chars().all(|c| c.is_alphabetic() || c == '-');
    let named = who.first().is_some_and(|first| matches!(first.article, Some("a" | "an" | "the")));
    let any = who.iter().any(|token| ANYBODY.iter().any(|word| token.is(word)) || token.is("not"));
    let scope = engine.scope(who);
    // "An employee tries to approve a permit": records try nothing, so that they are people here.
    let person = tries && scope.entity_at(who, 0).iter().any(|(end, _)| *end == who.len());
    let record = !person
        && (0..who.len()).any(|at| {
            !scope.entity_at(who, at).is_empty()
                || !scope.field_at(who, at).is_empty()
                || !scope.state_at(who, at).is_empty()
        });
    let name = who.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    (named && !any && !record && who.len() <= 3 && who.iter().all(plain)).then(|| crate::lexicon::one_role(&name))
}

/// What the When does, most telling first.
fn acts(engine: &Engine<'_>, tokens: &[Token], facts: &Facts) -> Vec<Act> {
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    let lexicon = engine.lexicon;
    let mut out: Vec<Act> = Vec::new();
    let flows = |entity: &str| lexicon.flow_field(entity).is_some();
    let doer = doer(tokens);
    for (at, token) in tokens.iter().enumerate().skip(doer) {
        let here = !scope.entity_at(tokens, at).is_empty();
        // The record: mentioned behind the verb, else before it, else the likeliest.
        let behind = tokens.get(at + 1..).map(|rest| scope.mentioned(rest)).unwrap_or_default();
        let before = tokens.get(..at).map(|rest| scope.mentioned(rest)).unwrap_or_default();
        let passive = at > 0 && tokens.get(at - 1).is_some_and(|token| token.is("be"));
        // "An order line with 20 portions of this dish is added": what the clause begins with.
        let begins = tokens
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rposition(|token| !token.quoted && matches!(token.word.as_str(), "," | ";" | "and" | "or"));
        let clause = tokens.get(begins.map_or(0, |begins| begins + 1)..at).unwrap_or_default();
        let ordered: Vec<String> = if passive {
            let subject = scope.entity_at(clause, 0).into_iter().max_by_key(|(end, _)| *end).map(|(_, entity)| entity);
            subject
                .iter()
                .chain(before.iter().rev())
                .chain(&behind)
                .chain(&facts.entities)
                .chain(&engine.topics)
                .cloned()
                .collect()
        } else {
            behind.iter().chain(before.iter().rev()).chain(&facts.entities).chain(&engine.topics).cloned().collect()
        };
        if here {
            continue;
        }
        // "moves the loan to returned", "sets the status to returned", "the loan becomes returned"
        let moving = matches!(
            token.word.as_str(),
            "move"
                | "moves"
                | "moved"
                | "set"
                | "sets"
                | "setto"
                | "change"
                | "changes"
                | "changed"
                | "becomes"
                | "become"
                | "mark"
                | "marks"
                | "marked"
                | "put"
                | "puts"
                | "transition"
                | "switch"
                | "moving"
                | "setting"
                | "changing"
                | "advance"
                | "advances"
                | "advanced"
                | "go"
                | "goes"
        );
        if moving {
            let before = out.len();
            for position in at + 1..tokens.len() {
                let to_before = tokens.get(position.saturating_sub(1)).is_some_and(|token| {
                    matches!(
                        token.word.as_str(),
                        "to" | "as" | "into" | "setto" | "becomes" | "become" | "marked" | "mark" | "marks"
                    ) || token.is("status")
                });
                if let (true, Some((_, states))) = (to_before, scope.state_at(tokens, position).into_iter().next())
                    && let Some(state) = ordered
                        .iter()
                        .find_map(|entity| reading.state_of(&states, entity).filter(|_| flows(entity)))
                        .or_else(|| states.first().cloned())
                    && lexicon.flow_field(&state.entity).as_deref() == Some(state.field.as_str())
                {
                    push(&mut out, Act::Move(state.entity, state.value));
                }
            }
            if out.len() > before {
                continue;
            }
        }
        // "Opens the list of slots": what is looked at.
        let looks = token.is("open")
            && tokens.get(at + 1).is_some_and(|next| {
                ["list", "page", "overview", "screen", "form", "detail"].iter().any(|word| next.is(word))
            });
        if let Some((entity, state)) = ordered
            .iter()
            .filter(|entity| flows(entity) && !looks)
            .find_map(|entity| verbs::state_at(lexicon, entity, tokens, at).map(|(_, state)| (entity.clone(), state)))
            // "When I reserve the garment" of loans that begin as reserved: one is made.
            && (passive
                || behind.first().is_none_or(|object| *object == entity)
                || verbs::begins_as(lexicon, &entity).as_ref() != Some(&state)
                || token.lemma.starts_with("re") && verbs::leads_again(&token.lemma, &state))
            && lexicon.entity(&entity).is_some_and(|named| {
                named.flow.transitions.is_empty()
                    || named.flow.transitions.iter().any(|(_, to, _)| *to == state)
                    // "Tries to reopen it": back to how it began.
                    || token.lemma.starts_with("re") && verbs::begins_as(lexicon, &entity).as_ref() == Some(&state)
                        && facts.given_states.iter().flatten().any(|given| given.entity == entity && given.value != state)
                    // "When it is auctioned" of an item that can be so: no auction is made.
                    || passive && state == token.word && before.is_empty()
            })
            && (!matches!(token.word.as_str(), "be" | "open" | "opened")
                // "Tries to open it"
                || token.word == "open"
                    && tokens.get(at.saturating_sub(1)).is_some_and(|before| before.is("to"))
                    && tokens.get(at + 1).is_some_and(|object| object.is("it") || behind.first() == Some(&entity))
                    && facts.given_states.iter().flatten().any(|given| given.entity == entity)
                // "A user who is not a planner tries to open a drive": what they try is no looking at it.
                || token.word == "open"
                    && tokens.get(at.saturating_sub(2)).is_some_and(|before| before.is("try") || before.is("attempt"))
                    && behind.first() == Some(&entity)
                    && lexicon.entity(&entity).is_some_and(|named| named.flow.transitions.iter().any(|(_, to, _)| *to == state))
                // "When a drive is opened" that begins as planned
                || token.word == "opened"
                    && passive
                    && lexicon.entity(&entity).is_some_and(|named| named.flow.transitions.iter().any(|(_, to, _)| *to == state)))
        {
            push(&mut out, Act::Move(entity, state));
            continue;
        }
        // "requests a hire" of hires that begin as requested.
        if let Some(entity) = behind.iter().chain(&facts.entities).find(|entity| {
            verbs::state(lexicon, entity, &token.lemma)
                .is_some_and(|state| verbs::begins_as(lexicon, entity).as_ref() == Some(&state))
        }) && verbs::actions(&token.lemma).is_empty()
            && (!token.word.ends_with("ed") || passive)
            // "Sets the status to racked" makes nothing.
            && !at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|before| before.is("to") || before.is("setto"))
        {
            push(&mut out, Act::Do(entity.clone(), Action::Create));
            continue;
        }
        let actions = verbs::actions(&token.lemma);
        // "registers for the course" makes a `registration`: its name comes from the verb.
        if actions == [Action::Create]
            && let Some(entity) = lexicon.entities.iter().find(|entity| {
                entity
                    .words
                    .last()
                    .is_some_and(|head| token.lemma != *head && crate::words::related(&token.lemma, head))
            })
            && !scope.entity_at(tokens, at + 1).iter().any(|(_, next)| *next != entity.key)
        {
            push(&mut out, Act::Do(entity.key.clone(), Action::Create));
            continue;
        }
        if !actions.is_empty()
            && !matches!(token.word.as_str(), "have" | "set" | "check" | "open" | "keep")
            && actions.len() < 5
        {
            let created = actions.contains(&Action::Create);
            // "Scraps it and enters a reason": what is entered with the change.
            if created && behind.is_empty() && entered::beside(tokens, at) {
                continue;
            }
            // "When a technician starts production": who does something is not what is made of it.
            let done = tokens.get(at + 1).is_some_and(|next| {
                let led = ["with", "for", "at", "in", "on", "to", "as", "and", "or", ",", "from", "by"];
                next.word.chars().all(char::is_alphabetic) && !led.iter().any(|word| next.is(word))
            });
            let doer = |entity: &String| created && done && !passive && behind.is_empty() && before.contains(entity);
            if let Some(entity) = ordered.first().filter(|entity| !doer(entity)) {
                // "changes the due date": an update of the record that owns the field.
                let owner = scope
                    .field_at(tokens, at + 1)
                    .into_iter()
                    .next()
                    .map(|(_, field)| field.entity)
                    .filter(|_| !created && behind.is_empty());
                push(
                    &mut out,
                    Act::Do(owner.unwrap_or_else(|| entity.clone()), *actions.first().unwrap_or(&Action::Read)),
                );
            }
            continue;
        }
        if let Some(entity) = lexicon.entities.iter().find(|entity| {
            entity.words.last().is_some_and(|head| {
                token.lemma != *head && token.lemma.len() > 2 && crate::words::related(&token.lemma, head)
            })
        }) {
            push(&mut out, Act::Do(entity.key.clone(), Action::Create));
            continue;
        }
        if token.is("filter")
            || token.is("search")
            || token.is("find")
            || token.is("sort")
            || token.is("export")
            || token.is("request")
            || token.is("ask")
        {
            if let Some(entity) = ordered.first() {
                push(&mut out, Act::Do(entity.clone(), Action::List));
            }
            continue;
        }
        // "borrows it": the one kind of record that is made of this one.
        let verb = at > 0
            && (token.raw.ends_with('s')
                || tokens.get(at - 1).is_some_and(|before| before.is("to") || before.is("be")));
        if verb
            && token.word.chars().all(char::is_alphabetic)
            && token.word.len() > 3
            && !matches!(
                token.word.as_str(),
                "tries"
                    | "try"
                    | "wants"
                    | "attempts"
                    | "this"
                    | "exists"
                    | "does"
                    | "same"
                    | "with"
                    | "that"
                    | "without"
                    | "from"
                    | "made"
                    | "already"
                    | "exist"
            )
            // "When a clerk sells it, then its status is sold": the change of state, and no sale.
            && !facts.reached.contains(&verbs::participle(&token.lemma))
            && let Some(child) = ordered.iter().find_map(|parent| {
                verbs::child_made(lexicon, parent, &token.lemma)
                    .filter(|_| verbs::takes_up(&token.lemma) || verbs::names_child(lexicon, parent, &token.lemma))
            })
        {
            push(&mut out, Act::Do(child, Action::Create));
        }
    }
    out
}
