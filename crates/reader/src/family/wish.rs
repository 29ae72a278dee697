//! What somebody wants to do with records: `register books with title and author`, `edit or delete a book`.
//! Stories end in such a clause, and `Members can ...` is one with a subject.

use crate::deed::{self, Deed};
use crate::effect::Effect;
use crate::engine::{Build, Engine, Reading};
use crate::fields::item;
use crate::lexicon::one_of;
use crate::pattern::Bound;
use crate::token::Token;
use crate::{normal, verbs};
use maestro_artifacts::{Action, FieldKind, RuleKind};

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("(we | i | they) (want | need | wish | would like) [to] [be able to] <words:wish>", possible),
    ("(we | i | they) (must | may) <words:wish>", possible),
    (
        "(we | i | they) (want | need | would like) [to have | to build] [small | simple] (service | system | tool | application | app | program) to <words:wish>",
        possible,
    ),
    ("<words:who> (want | wants | need | needs | wish | wishes | would like) to [be able to] <words:wish>", may),
    ("<words:who> (want | wants | would like) <words:wish>", may),
    ("<words:who> must [be able to] <words:wish>", must_see),
    ("[<words:who>] may <words:wish>", may),
    ("<words:who> (see | sees | view | views) <words:looked>", sees),
    (
        "<words:who> (create | creates | edit | edits | update | updates | delete | deletes | manage | manages | maintain | maintains | register | registers | enter | enters) <words:kept>",
        keep,
    ),
    ("(show | list | export | allow | provide | offer | support) <words:rest>", imperative),
    ("it must be possible to <words:wish>", possible),
    ("it be possible to <words:wish>", possible),
    ("[list of] <entity> [list] (be | must be) (shown | listed | displayed | visible)", listed),
    (
        "<entity> (may be | be | must be) (created | edited | updated | deleted | listed | viewed | shown | added | changed | removed | registered | recorded | saved | stored) [, | and | or] [created | edited | updated | deleted | listed | viewed | shown | added | changed | removed] [, | and | or] [and | or] [created | edited | updated | deleted | listed | viewed | shown | added | changed | removed]",
        done,
    ),
    (
        "(creating | adding | editing | updating | deleting | listing | viewing | registering | managing | recording) [, | and | or] [creating | editing | updating | deleting | listing | viewing] [, | and | or] [and] [creating | editing | updating | deleting | listing | viewing] [of] <entity> [be possible | be supported]",
        gerund,
    ),
];

/// Reads a wish without its subject.
pub(crate) fn read(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    wish(engine, tokens)
}

fn may(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // Who may is a restriction only where the epic says "only"; here it names a role at most.
    if let Some(who) = bound.words("who") {
        let part = reading.part(&who);
        // "Desk assistants and media managers": two of them.
        let mut each = part.split(|token| token.is("and") || token.is("or"));
        let several = part.len() <= 7 && each.all(|who| (1..=3).contains(&who.len()));
        if part.len() > 4 && !several
            || part.iter().any(|token| {
                matches!(
                    token.word.as_str(),
                    "only" | "no" | "noone" | "must" | "be" | "if" | "have" | "not" | "nothing" | ","
                )
            })
            // "No more than 200 characters may be entered": nobody is called so.
            || part.iter().any(|token| token.is_number() || crate::pattern::compare(&token.word).is_some())
            || part.first().is_some_and(|token| token.quoted)
        {
            return None;
        }
        // "Each item may be kept in a room" says where an item belongs, and nothing of rooms.
        let stays = reading.part(&bound.words("wish")?);
        if let [be, done, place, ..] = stays
            && be.is("be")
            && crate::verbs::is_participle(&done.word)
            && matches!(place.word.as_str(), "in" | "at" | "on" | "to" | "with" | "under" | "for")
            && reading.scope.entity_at(reading.tokens, who.start).iter().any(|(end, _)| *end == who.end)
            && !reading.scope.entity_at(stays, 3).is_empty()
        {
            return None;
        }
        // "An order may have a dentist" is what orders have.
        let has = reading.tokens.get(bound.words("wish")?.start).is_some_and(|verb| verb.is("have"));
        if has && reading.scope.entity_at(reading.tokens, who.start).iter().any(|(end, _)| *end == who.end) {
            return None;
        }
    }
    wish(reading.engine, reading.part(&bound.words("wish")?))
}

/// "The registrar needs to find objects by title": what somebody looks for is no duty.
fn must_see(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const LOOKING: &[&str] =
        &["find", "search", "filter", "sort", "order", "see", "list", "export", "download", "look", "narrow"];
    let (who, wish) = (bound.words("who")?, bound.words("wish")?);
    let needs = reading.tokens.get(who.end).is_some_and(|must| must.raw.to_lowercase().starts_with("need"));
    let looks = reading.tokens.get(wish.start).is_some_and(|verb| LOOKING.contains(&verb.word.as_str()));
    let record = !reading.scope.entity_at(reading.tokens, who.start).is_empty();
    (needs && looks && !record).then(|| may(bound, reading)).flatten()
}

/// "Clerks see the number of orders per status": what they may look at.
fn sees(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (who, looked) = (bound.words("who")?, bound.words("looked")?);
    let somebody = who.len() <= 3
        && reading.part(&who).iter().all(|token| {
            !token.quoted
                && token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                && !matches!(token.word.as_str(), "only" | "no" | "noone" | "must" | "be" | "if" | "not" | "nothing")
                // "Mechanics may not see customers' names"
                && !matches!(token.word.as_str(), "mustnot" | "may" | "mayonly" | "never")
        });
    somebody.then(|| wish(reading.engine, reading.tokens.get(looked.start - 1..)?)).flatten()
}

/// "Clerks create and edit orders": what they do with them, which restricts nobody.
fn keep(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (who, kept) = (bound.words("who")?, bound.words("kept")?);
    let part = reading.part(&who);
    let name = part.iter().map(|token| token.lemma.as_str()).collect::<Vec<_>>();
    let role = reading.scope.lexicon.roles.iter().any(|role| crate::lexicon::name_words(role) == name);
    let record = !reading.scope.entity_at(reading.tokens, who.start).is_empty();
    let plain = part.iter().all(|token| {
        !token.quoted
            && token.word.chars().all(|c| c.is_alphabetic() || c == '-')
            && !matches!(
                token.word.as_str(),
                "only" | "no" | "noone" | "must" | "mustnot" | "may" | "be" | "if" | "not"
            )
    });
    let people = part.last().is_some_and(|last| last.word != last.lemma) && part.first()?.article.is_none() && !record;
    let mut effects = (part.len() <= 3 && plain && (role || people))
        .then(|| wish(reading.engine, reading.tokens.get(kept.start - 1..)?))??;
    let able = |effect: &Effect| matches!(effect, Effect::Entity { .. } | Effect::Rule(RuleKind::Capability { .. }));
    let sound = effects.iter().all(able);
    effects.push(Effect::Role { name: crate::lexicon::one_role(&reading.name(&who)) });
    sound.then_some(effects)
}

/// "Show total value per article".
fn imperative(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    // "A show has a title": what has an article is a noun.
    if reading.tokens.first()?.article.is_some() {
        return None;
    }
    let rest = bound.words("rest")?;
    let first = reading.tokens.first()?;
    let from = if matches!(first.word.as_str(), "allow" | "provide" | "offer" | "support") { rest.start } else { 0 };
    let wanted = reading.tokens.get(from..)?;
    wish(reading.engine, wanted).or_else(|| (from > 0).then(|| reading.engine.clause(wanted))?)
}

fn possible(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    wish(reading.engine, reading.part(&bound.words("wish")?))
}

/// "Keep a card for every animal": the animals are kept.
fn on_cards(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Token>> {
    const CARDS: &[&str] = &["card", "file", "record", "sheet", "entry"];
    let [verb, card, per, what @ ..] = tokens else { return None };
    let keeps = ["keep", "maintain", "manage", "have"].iter().any(|word| verb.is(word));
    let led = keeps && CARDS.iter().any(|word| card.is(word)) && (per.is("per") || per.is("for"));
    let own = led && engine.lexicon.find(&card.lemma).is_none();
    let whole = engine.scope(what).entity_at(what, 0).iter().any(|(end, _)| *end == what.len());
    (own && whole).then(|| std::iter::once(verb).chain(what).cloned().collect())
}

fn wish(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    if let Some(kept) = on_cards(engine, tokens) {
        return one(engine, &kept);
    }
    if let Some(effects) = one(engine, tokens) {
        return Some(effects);
    }
    // "register tools and see which are on loan": several wishes.
    for (at, token) in tokens.iter().enumerate() {
        if matches!(token.word.as_str(), "and" | ",") && !token.quoted {
            let (Some(left), Some(mut right)) = (tokens.get(..at), tokens.get(at + 1..)) else { continue };
            while right.first().is_some_and(|token| matches!(token.word.as_str(), "and" | "," | "to")) {
                right = right.get(1..).unwrap_or_default();
            }
            let named = those(engine, left, right);
            let right = named.as_deref().unwrap_or(right);
            // What stands behind a wish that is none need not be read.
            let Some(mut first) = one(engine, left) else { continue };
            if let Some(second) = wish(engine, right) {
                first.extend(second);
                return Some(first);
            }
            // "register owners and their dogs": what is done to both.
            let scope = engine.scope(tokens);
            let known = |at: usize| !scope.entity_at(tokens, at).is_empty();
            if let Some(object) = (0..at).find(|at| known(*at))
                && known(tokens.len() - right.len())
                && let Some(both) = wish(engine, &[tokens.get(..object).unwrap_or_default(), right].concat())
            {
                first.extend(both);
                return Some(first);
            }
        }
    }
    None
}

/// "find agreements by borrower, and order them by start date": the records that the wish before is about.
fn those(engine: &Engine<'_>, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
    let them = right.get(1).filter(|token| !token.quoted && (token.is("them") || token.is("it")))?;
    let named = engine.scope(left).mentioned(left).into_iter().next().and_then(|key| engine.lexicon.entity(&key))?;
    let mut tokens = right.to_vec();
    tokens.splice(1..=1, named.name.split(' ').map(|word| Token::new(word, them.start, them.end)));
    Some(tokens)
}

fn one(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    // "... but not the parts" wishes nothing.
    tokens.first().filter(|first| !["but", "not", "never"].iter().any(|word| first.is(word)))?;
    // A wish may be a listing, a total or a change of state with its own pattern.
    if let Some(effects) = super::listing::wish(engine, tokens)
        .or_else(|| super::totals::wish(engine, tokens))
        .or_else(|| super::workflow::wish(engine, tokens))
    {
        return Some(effects);
    }
    if let Some(effects) = moving(engine, tokens) {
        return Some(effects);
    }
    // "I want an appointment at a drive": to have one is to make one.
    if let Some(first) = tokens.first()
        && matches!(first.article, Some("a" | "an"))
        && !engine.scope(tokens).entity_at(tokens, 0).is_empty()
    {
        let made: Vec<Token> =
            std::iter::once(Token::new("make", first.start, first.start)).chain(tokens.iter().cloned()).collect();
        return one(engine, &made);
    }
    let mut actions: Vec<Action> = Vec::new();
    let mut words: Vec<&Token> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        // "log inspections of a hive": behind the first verb, a plural is what is logged and no verb itself.
        let found = if at > 0 && token.word != token.lemma { &[][..] } else { verbs::actions(&token.lemma) };
        let entity_here = !engine.scope(tokens).entity_at(tokens, at).is_empty();
        if (!found.is_empty() && (!entity_here || at == 0)) || (at == 0 && !entity_here) {
            actions.extend(found);
            words.push(token);
            at += 1;
            // "keep track of", "look at", "set up", "look up", "and", ","
            while tokens.get(at).is_some_and(|next| {
                matches!(
                    next.word.as_str(),
                    "," | "and"
                        | "or"
                        | "/"
                        | "up"
                        | "at"
                        | "track"
                        | "out"
                        | "through"
                        | "over"
                        | "in"
                        | "list"
                        | "overview"
                        | "catalogue"
                        | "catalog"
                        | "directory"
                        | "record"
                        | "records"
                        | "details"
                        | "detail"
                        | "of"
                        | "register"
                        | "new"
                        | "existing"
                        | "online"
                        | "about"
                        | "all"
                )
            }) && !tokens
                .get(at)
                .is_some_and(|next| next.is("record") && next.word == "records" && tokens.get(at + 1).is_none())
            {
                if verbs::actions(&tokens.get(at)?.lemma).contains(&Action::Create) {
                    break;
                }
                at += 1;
            }
        } else {
            break;
        }
        if at > 12 {
            return None;
        }
    }
    object(engine, tokens, at, &actions, &words).or_else(|| made_for(engine, tokens, at, &words))
}

/// "approve or decline hires", "check in guests": changes of state and nothing else.
fn moving(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    let mut effects = Vec::new();
    for deed in deed::active(&reading, &(0..tokens.len()))? {
        let (entity, from, to) = match deed {
            Deed::Move { entity, from, to } => (entity, from, to),
            // "Block a customer": a field of it.
            Deed::Act { entity, action: Action::Update, fields, within } if !fields.is_empty() && within.is_empty() => {
                effects.extend(fields.iter().map(|field| Effect::has_field(&entity, field)));
                effects.push(Effect::capability(&entity, Action::Update));
                continue;
            }
            Deed::Act { .. } => return None,
        };
        // Where nothing connects the states, changing them is changing the record.
        let flow = &engine.lexicon.entity(&entity)?.flow;
        if !from.is_empty() && !from.iter().all(|from| flow.transitions.iter().any(|(a, b, _)| a == from && *b == to)) {
            return None;
        }
        if flow.transitions.iter().any(|(_, state, _)| *state == to) {
            effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
        }
        // Told again, as this may be the only place that tells it.
        effects.extend(from.into_iter().map(|from| Effect::Transition {
            entity: entity.clone(),
            from,
            to: to.clone(),
        }));
        effects.push(Effect::capability(&entity, Action::Update));
    }
    Some(effects)
}

/// "register for a course": the verb makes the record that is named after it, and that refers to this one.
fn made_for(engine: &Engine<'_>, tokens: &[Token], at: usize, words: &[&Token]) -> Option<Vec<Effect>> {
    let [verb] = words else { return None };
    let scope = engine.scope(tokens);
    let preposition = tokens.get(at).is_some_and(|token| matches!(token.word.as_str(), "for" | "to" | "in" | "on"));
    let (end, parent) = scope.entity_at(tokens, at + usize::from(preposition)).into_iter().next()?;
    let child = engine.lexicon.entities.iter().find(|child| {
        child.words.last().is_some_and(|head| verb.lemma != *head && crate::words::related(&verb.lemma, head))
    })?;
    let via = engine.lexicon.reference(&child.key, &parent)?;
    // "reserve props for a production": the record refers to both.
    if !preposition
        && tokens.get(end).is_some_and(|token| matches!(token.word.as_str(), "for" | "to" | "in" | "on" | "at"))
        && let Some((_, other)) = scope.entity_at(tokens, end + 1).into_iter().find(|(stop, _)| *stop == tokens.len())
    {
        let other = engine.lexicon.reference(&child.key, &other)?;
        return Some(vec![
            Effect::capability(&child.key, Action::Create),
            Effect::has_field(&child.key, &via),
            Effect::has_field(&child.key, &other),
        ]);
    }
    (preposition && end == tokens.len())
        .then(|| vec![Effect::capability(&child.key, Action::Create), Effect::has_field(&child.key, &via)])
}

/// The records that the verbs speak of, and what follows them.
fn object(
    engine: &Engine<'_>,
    tokens: &[Token],
    at: usize,
    actions: &[Action],
    words: &[&Token],
) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    words.first()?;
    // "A bike may have a tag": it has one, and nobody does anything with it.
    let has = words.iter().all(|verb| verb.is("have"));
    // "see open loans", "edit the details of a loan", "change the due date of a loan"
    if let Some((end, fields)) = scope
        .fields_at(tokens, at)
        .into_iter()
        .find(|(end, _)| *end == tokens.len() || tail(&reading, *end, None).is_some())
        && actions.iter().any(|action| matches!(action, Action::Update | Action::Create | Action::List))
        && scope.entity_at(tokens, at).iter().all(|(entity_end, _)| *entity_end < end)
        && !(end == tokens.len() && only_records(&reading, at))
    {
        let entity = fields.first()?.entity.clone();
        if fields.iter().any(|field| field.entity != entity) {
            return None;
        }
        let mut effects: Vec<Effect> = fields.iter().map(|field| Effect::has_field(&entity, &field.field)).collect();
        // "register dog owners": the owners are made, and no dog is changed.
        if let [field] = fields.as_slice()
            && actions.first() == Some(&Action::Create)
            && let Some(target) = scope.target(field)
        {
            effects.push(Effect::capability(target, Action::Create));
            return Some(effects);
        }
        let action = if actions.contains(&Action::List) { Action::Read } else { Action::Update };
        if !has {
            effects.push(Effect::capability(&entity, action));
        }
        return Some(effects);
    }
    let states = scope.states_at(tokens, at).into_iter().next();
    let from = states.as_ref().map_or(at, |(end, _)| *end);
    if let Some((end, entity)) = scope.entity_at(tokens, from).into_iter().next() {
        let mut effects = vec![Effect::Entity { name: engine.lexicon.entity(&entity)?.name.clone() }];
        // "submit a claim": a state that records move to is the narrower meaning of a verb.
        let moving = |word: &&Token| {
            verbs::state(engine.lexicon, &entity, &word.lemma).is_some_and(|state| {
                engine
                    .lexicon
                    .entity(&entity)
                    .is_some_and(|named| named.flow.transitions.iter().any(|(_, to, _)| *to == state))
            })
        };
        if !words.is_empty() && words.iter().all(moving) {
            effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
            effects.push(Effect::capability(&entity, Action::Update));
            effects.extend(tail(&reading, end, Some(&entity))?);
            return Some(effects);
        }
        let acts: Vec<(String, Action)> = if actions.is_empty() {
            made(engine, &entity, words)?
        } else {
            actions.iter().map(|action| (entity.clone(), *action)).collect()
        };
        // "approve a claim": a change of state rather than an action.
        for word in words {
            if verbs::actions(&word.lemma).is_empty() && verbs::state(engine.lexicon, &entity, &word.lemma).is_some() {
                effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
            }
        }
        if let Some((_, lists)) = &states {
            let state = reading.state_of(lists.first()?, &entity)?;
            // To check in a booked visit is no way of looking at visits.
            let phrasal = (0..at).any(|at| verbs::phrasal(tokens, at));
            if !actions.contains(&Action::List) || phrasal {
                return None;
            }
            effects.push(Effect::Rule(RuleKind::Filter { entity: entity.clone(), field: state.field }));
        }
        effects.extend(acts.iter().map(|(entity, action)| Effect::capability(entity, *action)));
        // "book a court from a start to an end": what follows is said of the booking that this makes.
        let made = acts.first().map(|(made, _)| made).filter(|made| acts.len() == 1 && **made != entity);
        let spans = tokens.get(end).is_some_and(|token| token.is("from"));
        let of_made = made.filter(|_| spans).and_then(|made| tail(&reading, end, Some(made)));
        // "reserve a garment for my production": both are what the loan that this makes refers to.
        let led =
            tokens.get(end).is_some_and(|token| ["for", "on", "in", "at", "with"].iter().any(|word| token.is(word)));
        let behind = end + 1 + usize::from(tokens.get(end + 1).is_some_and(|token| token.is("my") || token.is("our")));
        let referred = made.filter(|_| led).and_then(|made| {
            let (stop, other) = scope.entity_at(tokens, behind).into_iter().next()?;
            let fields = [&entity, &other].map(|of| engine.lexicon.reference(made, of));
            let [Some(object), Some(other)] = fields else { return None };
            let told = [object, other].map(|field| Effect::has_field(made, &field));
            (stop == tokens.len()).then(|| told.to_vec())
        });
        let of_made = of_made.or(referred);
        let creates = acts.iter().any(|(made, action)| *made == entity && *action == Action::Create);
        let belongs = || creates.then(|| belonging(&reading, end, &entity)).flatten();
        effects.extend(of_made.or_else(|| tail(&reading, end, Some(&entity))).or_else(belongs)?);
        return Some(effects);
    }
    // A kind of record that nothing else has named yet: "register beehives with code and location".
    let creates = actions.contains(&Action::Create);
    let with = tokens.iter().position(|token| token.is("with") || token.is("including"))?;
    let range = at..with;
    // "record the items that go with an order": a clause is no name.
    let clause = reading.part(&range).iter().any(|token| ["that", "which", "who"].iter().any(|word| token.is(word)));
    if !creates || range.is_empty() || range.len() > 3 || clause {
        return None;
    }
    // "log inspections of a hive with ...": the other kind of record is one that it refers to.
    let of = range.clone().find(|at| tokens.get(*at).is_some_and(|token| token.is("of") || token.is("for")));
    let parent = of.and_then(|of| {
        let (end, key) = scope.entity_at(tokens, of + 1).into_iter().next()?;
        (end == with).then(|| engine.lexicon.entity(&key).map(|parent| parent.name.clone()))?
    });
    // "Plan a lesson for a pupil with a teacher": one record of two that are known, or will be.
    let other = of.is_some_and(|of| tokens.get(of + 1).is_some_and(|next| next.article.is_some()));
    if other && parent.is_none() {
        return None;
    }
    let name = match (&parent, of) {
        // What the other kind is may be told later: "payments for bookings" are payments of something.
        (_, Some(of)) if of > at => one_of(&reading.name(&(at..of))),
        _ => one_of(&reading.name(&range)),
    };
    let mut effects = vec![Effect::Entity { name: name.clone() }];
    if let Some(parent) = parent {
        effects.push(Effect::Field { entity: name.clone(), name: parent, kind: None, read_only: false });
    }
    for entry in item::list(&reading.name(&(with + 1..tokens.len()))) {
        effects.extend(item::read(&entry, &name, engine).ok()?);
    }
    Some(effects)
}

/// "artists, clients and sessions": kinds of records and nothing else, though another kind refers to each.
fn only_records(reading: &Reading<'_>, at: usize) -> bool {
    let mut at = at;
    while let Some((end, _)) = reading.scope.entity_at(reading.tokens, at).into_iter().next() {
        let joints = reading
            .tokens
            .iter()
            .skip(end)
            .take_while(|token| matches!(token.word.as_str(), "," | "and" | "or" | "/" | "their"));
        match (end == reading.tokens.len(), joints.count()) {
            (true, _) => return true,
            (false, 0) => return false,
            (false, joints) => at = end + joints,
        }
    }
    false
}

/// A verb that makes a record by its name's root (`reserve` a `reservation`), makes one of another kind out of this
/// record (`reserve` a tool), or changes its state.
fn made(engine: &Engine<'_>, entity: &str, words: &[&Token]) -> Option<Vec<(String, Action)>> {
    let mut out = Vec::new();
    for word in words {
        // "must be listed" has no verb that makes anything.
        if crate::engine::MODALS.contains(&word.word.as_str()) {
            return None;
        }
        if verbs::makes(engine.lexicon, entity, &word.lemma)
            || (verbs::takes_in(&word.lemma) && !verbs::names_child(engine.lexicon, entity, &word.lemma))
        {
            out.push((entity.to_owned(), Action::Create));
        } else if verbs::state(engine.lexicon, entity, &word.lemma).is_some() {
            out.push((entity.to_owned(), Action::Update));
        } else {
            // "book a session", "sell passes": what belongs to others itself is what is booked, unless its bookings are.
            let refers = engine.lexicon.entity(entity).is_some_and(|named| {
                named.fields.iter().any(|field| matches!(field.kind, FieldKind::Reference { .. }))
            });
            let named = verbs::names_child(engine.lexicon, entity, &word.lemma);
            let child = verbs::child_made(engine.lexicon, entity, &word.lemma);
            // "reserve a garment" of loans that begin as reserved
            let begun = child.as_ref().is_some_and(|child| {
                let state = verbs::state(engine.lexicon, child, &word.lemma);
                state.is_some() && state == verbs::begins_as(engine.lexicon, child)
            });
            let own = verbs::asks_for(&word.lemma) && refers && !named && !begun;
            // "assemble parcels" makes no item of a parcel.
            let child = child.filter(|_| !own && (named || begun || verbs::takes_up(&word.lemma)));
            let child = child.or_else(|| verbs::asks_for(&word.lemma).then(|| entity.to_owned()))?;
            out.push((child, Action::Create));
        }
    }
    Some(out)
}

/// "Register the fireplaces of a building": what is made so belongs to a record of the other kind.
fn belonging(reading: &Reading<'_>, at: usize, entity: &str) -> Option<Vec<Effect>> {
    let of = reading.tokens.get(at).is_some_and(|token| token.is("of") || token.is("for"));
    let (end, target) = reading.scope.entity_at(reading.tokens, at + 1).into_iter().next().filter(|_| of)?;
    let lexicon = reading.scope.lexicon;
    let known = lexicon.reference(entity, &target).is_some() || lexicon.reference(&target, entity).is_some();
    if end != reading.tokens.len() || target == entity || known {
        return None;
    }
    let (of, name) = (lexicon.entity(entity)?.name.clone(), lexicon.entity(&target)?.name.clone());
    Some(vec![Effect::Field { entity: of, name, kind: None, read_only: false }])
}

/// What may follow the object: nothing, its fields, or other records that it refers to.
fn tail(reading: &Reading<'_>, at: usize, entity: Option<&str>) -> Option<Vec<Effect>> {
    let rest = reading.tokens.get(at..)?;
    let Some(first) = rest.first() else { return Some(Vec::new()) };
    // "... a tree with its details" names none of them.
    const ANY: &[&str] = &["details", "data", "information", "particulars", "fields", "attributes"];
    if let [with, any] = rest
        && with.is("with")
        && ANY.contains(&any.word.as_str())
    {
        return Some(Vec::new());
    }
    let lexicon = reading.scope.lexicon;
    if first.is("with")
        || first.is("including")
        || first.is("by")
        || (first.is("and") && reading.tokens.get(at + 1).is_some()) && entity.is_some()
    {
        let entity = entity?;
        let named = lexicon.entity(entity)?;
        let skip = usize::from(
            reading.tokens.get(at + 1).is_some_and(|token| matches!(token.word.as_str(), "giving" | "entering")),
        );
        let closes = usize::from(first.is("(") && reading.tokens.last().is_some_and(|token| token.is(")")));
        let range = at + 1 + skip..reading.tokens.len() - closes;
        // Fields that are known, or new ones.
        if let Some((end, fields)) = reading.scope.fields_at(reading.tokens, range.start).into_iter().next()
            && end == range.end
            && fields.iter().all(|field| field.entity == entity)
        {
            let mut effects = Vec::new();
            for field in fields {
                // The story may be the only place that names the field: it must go on doing so.
                let name = named.field(&field.field)?.name.clone();
                effects.push(Effect::Field { entity: named.name.clone(), name, kind: None, read_only: false });
                effects.push(Effect::has_field(&field.entity, &field.field));
            }
            return Some(effects);
        }
        if first.is("and")
            || outside(reading.part(&range)).any(|token| {
                matches!(token.word.as_str(), "that" | "if" | "not" | "no" | "to" | "may" | "one" | "click" | "top" | "first")
                    || token.is_number()
            })
            // "is open" is a name where an entry begins.
            || range.clone().skip(1).any(|at| {
                let is = |at: usize, words: &[&str]| {
                    reading.tokens.get(at).is_some_and(|token| words.contains(&token.word.as_str()))
                };
                is(at, &["be"]) && !is(at - 1, &[",", "and"])
            })
        {
            return None;
        }
        let mut effects = Vec::new();
        for entry in item::list(&reading.name(&range)) {
            let name = entry.split('(').next().unwrap_or_default();
            if name.split(' ').count() > 4 {
                return None;
            }
            effects.extend(item::read(&entry, &named.name, reading.engine).ok()?);
        }
        return Some(effects);
    }
    if matches!(first.word.as_str(), "for" | "to" | "on" | "of" | "in" | "at" | "from" | "against" | "under") {
        // "a loan for a member and a tool": records that it refers to.
        let mut position = at + 1;
        let mut effects = Vec::new();
        // "with amount and date" lists fields, "with a teacher" names one more record.
        let fields_behind = |at: usize| {
            // "deliveries of a stone with a delivery date": a field may be called after its own record.
            let own = |found: &(usize, String)| Some(found.1.as_str()) == entity;
            reading.tokens.get(at).is_some_and(|token| token.is("with"))
                && reading.scope.entity_at(reading.tokens, at + 1).iter().all(own)
        };
        loop {
            let own = || {
                let fields = reading.scope.field_at(reading.tokens, position);
                fields.into_iter().find(|(_, field)| Some(field.entity.as_str()) == entity)
            };
            let end = if let Some((end, target)) = reading.scope.entity_at(reading.tokens, position).into_iter().next()
            {
                let declares = fields_behind(end);
                if let Some(entity) = entity.filter(|entity| *entity != target) {
                    if let Some(field) = lexicon.reference(entity, &target) {
                        effects.push(Effect::has_field(entity, &field));
                    }
                    // "note payments for a booking with ...": what is introduced so refers to it.
                    if declares {
                        let name = lexicon.entity(&target)?.name.clone();
                        let of = lexicon.entity(entity)?.name.clone();
                        effects.push(Effect::Field { entity: of, name, kind: None, read_only: false });
                    } else {
                        lexicon.reference(entity, &target)?;
                    }
                }
                end
            } else if let Some((end, field)) = own() {
                effects.push(Effect::has_field(&field.entity, &field.field));
                end
            } else {
                return None;
            };
            let next = reading.tokens.get(end);
            match next.map(|token| token.word.as_str()) {
                None => return Some(effects),
                Some("with") if entity.is_some() && fields_behind(end) => {
                    effects.extend(tail(reading, end, entity)?);
                    return Some(effects);
                }
                Some("and" | "," | "for" | "to" | "on" | "of" | "in" | "at" | "with" | "by" | "from") => {
                    position = end + 1;
                }
                Some(_) => return None,
            }
        }
    }
    None
}

/// The tokens that stand in no parentheses: notes may say anything that a note can.
fn outside(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    let mut depth = 0_i32;
    tokens.iter().filter(move |token| {
        match token.word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn listed(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    Some([Action::List, Action::Read].map(|action| Effect::capability(&entity, action)).to_vec())
}

fn done(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    gerund(bound, reading)
}

fn gerund(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let mut effects: Vec<Effect> = Vec::new();
    for token in reading.tokens {
        for action in verbs::actions(&token.lemma) {
            let effect = Effect::capability(&entity, *action);
            if !matches!(token.word.as_str(), "have" | "be") && !effects.contains(&effect) && !token.is("list") {
                effects.push(effect);
            }
        }
    }
    (!effects.is_empty()).then_some(effects)
}

/// The story's parts: role, wish, purpose.
pub(crate) fn story(text: &str) -> Option<(Option<String>, String)> {
    let plain = text.replace(['’', '‘'], "'");
    let lower = plain.to_lowercase();
    if lower.len() != plain.len() {
        return None;
    }
    let role_at = ["as a ", "as an ", "as the ", "as any ", "as "].iter().find_map(|lead| {
        lower
            .find(lead)
            .filter(|at| *at == 0 || lower.get(..*at).is_some_and(|before| before.ends_with([' ', ','])))
            .map(|at| at + lead.len())
    });
    const WANTS: &[&str] = &[
        "i want to be able to ",
        "i would like to be able to ",
        "i need to be able to ",
        "i'd like to be able to ",
        "i want to ",
        "i would like to ",
        "i'd like to ",
        "i need to ",
        "i wish to ",
        "i can ",
        "i must be able to ",
        "i should be able to ",
        "i must ",
        "i have to ",
        "i want that ",
        "i want ",
        "i need ",
        "i would like ",
        "i'd like ",
        "i like to ",
        "we want to ",
        "i am able to ",
        "i may ",
    ];
    let wanted = WANTS
        .iter()
        .filter_map(|want| lower.find(want).map(|at| (at, want.len())))
        .min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)));
    let (want_at, length) = wanted.or_else(|| done_as(&lower, role_at?))?;
    let role = role_at
        .filter(|at| *at < want_at)
        .and_then(|at| plain.get(at..want_at))
        .map(|role| role.trim().trim_end_matches([',', ' ', ':']).trim().to_owned());
    let wish = plain.get(want_at + length..)?;
    let lower = wish.to_lowercase();
    let purpose =
        [" so that ", ", so ", " in order to ", " so i ", " so we ", " because ", " to make sure ", ", such that "]
            .iter()
            .filter_map(|word| lower.find(word))
            .min();
    let wish = purpose.and_then(|at| wish.get(..at)).unwrap_or(wish).trim().trim_end_matches([',', '.', ';', ' ', ':']);
    Some((role, wish.to_owned()))
}

/// Where somebody who is named says what they do, and how long the words before it are: "As a ringer, I record bells".
fn done_as(lower: &str, role_at: usize) -> Option<(usize, usize)> {
    /// What follows these is no deed, or one with a condition on it.
    const NO_DEED: &[&str] = &[
        "am", "was", "have", "had", "do", "don't", "did", "never", "only", "cannot", "can't", "could", "would",
        "should", "shall", "must", "might", "won't", "no", "not", "if", "when",
    ];
    const NO_ROLE: &[&str] = &["when", "if", "while", "after", "before", "once", "who", "that", "where"];
    /// Words of a role.
    const MOST: usize = 6;
    const LEADS: &[&str] = &[" i will ", " i always ", " i "];
    let rest = lower.get(role_at..)?;
    let at = rest.find(" i ")?;
    let role: Vec<&str> = rest.get(..at)?.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let (after, length) = LEADS.iter().find_map(|lead| Some((rest.get(at..)?.strip_prefix(lead)?, lead.len())))?;
    let deed = after.split_whitespace().next()?;
    let plain = !NO_DEED.contains(&deed) && role.len() <= MOST && !role.iter().any(|word| NO_ROLE.contains(word));
    plain.then_some((role_at + at, length))
}

/// The normalised tokens of a wish.
pub(crate) fn tokens(engine: &Engine<'_>, wish: &str) -> Vec<Token> {
    let mut tokens = normal::normalise(wish, engine.lexicon);
    crate::frame::strip_frame(&mut tokens, engine.lexicon);
    tokens
}

#[cfg(test)]
mod tests {
    use super::story;

    #[test]
    fn stories_have_a_role_a_wish_and_a_purpose() {
        assert_eq!(
            story("As a librarian, I want to register books with title and author so that they are found."),
            Some((Some("librarian".into()), "register books with title and author".into()))
        );
        assert_eq!(
            story("In order to plan, as a site engineer I need to see batches."),
            Some((Some("site engineer".into()), "see batches".into()))
        );
        assert_eq!(story("I want to see loans"), Some((None, "see loans".into())));
    }

    #[test]
    fn what_somebody_does_is_a_wish() {
        for (text, wish) in [
            ("As a ringer, I record bells with a name (required).", "record bells with a name (required)"),
            ("As a senior bell ringer I list the bells.", "list the bells"),
            ("As a ringer I will delete bells so that there is room.", "delete bells"),
        ] {
            assert_eq!(story(text).map(|(_, wish)| wish).as_deref(), Some(wish), "{text}");
        }
        for text in [
            "As a ringer, I am not allowed to delete bells.",
            "As a ringer I never delete bells.",
            "As a ringer who is ill, when I log in I see bells.",
            "As agreed, the board decides.",
        ] {
            assert_eq!(story(text), None, "{text}");
        }
    }
}
