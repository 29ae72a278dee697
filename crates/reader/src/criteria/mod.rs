//! Acceptance criteria: plain sentences, and Given/When/Then mapped to the rules that they show at work.

mod accepted;
mod actor;
mod again;
mod ages;
mod asked;
mod bounded;
mod choices;
mod contrary;
mod dates;
mod derived;
mod direction;
mod doing;
mod either;
mod entered;
mod facts;
mod figures;
mod named;
mod outcome;
mod outlived;
mod particles;
mod reason;
mod refused;
mod scenario;
mod shown;
mod sound;
mod titled;
pub(crate) mod upon;
mod without;
mod worked;

use crate::cascade;
use crate::deed::Deed;
use crate::effect::Effect;
use crate::engine::{Engine, Gap, Reading};
use crate::lexicon::{name_words, one_role};
use crate::normal;
use crate::token::{Token, tokens};
pub(crate) use actor::acting;
pub(crate) use again::read as said_again;
pub(crate) use bounded::subject as bounded_subject;
pub(crate) use doing::{as_steps, bounding, by_doing};
use facts::Facts;
use maestro_artifacts::{Condition, RuleKind, Test};
use maestro_domain::Statement;
pub(crate) use scenario::ordinal;
pub(crate) use without::read as without;
pub(crate) use worked::{example, told as as_example};

/// One criterion taken apart.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    pub(crate) given: Vec<Token>,
    pub(crate) when: Vec<Token>,
    pub(crate) then: Vec<Token>,
    /// The steps as they are written, for what only their text tells.
    pub(crate) texts: [String; 3],
    /// The rule that the outcome names as its reason: `... because the end must be after the start`.
    pub(crate) reason: String,
    /// What the scenario and the rule above it are called: `Only planners accept orders`.
    pub(crate) titles: Vec<Statement>,
}

/// Reads one criterion. `rules` are those that the other statements demand.
pub(crate) fn read(
    engine: &Engine<'_>,
    text: &str,
    rules: &[RuleKind],
    story: Option<&Statement>,
    titles: &[Statement],
) -> Result<Vec<Effect>, Gap> {
    one(engine, text, rules, story, titles).or_else(|gap| {
        let people = |effect: &Effect| matches!(effect, Effect::Role { .. }) || about_people(effect);
        let told = doing::who_may(text).ok_or_else(|| gap.clone())?;
        let read = plain(engine, &told, rules, story).ok();
        read.filter(|effects| effects.iter().all(people) && effects.iter().any(about_people)).ok_or(gap)
    })
}

fn one(
    engine: &Engine<'_>,
    text: &str,
    rules: &[RuleKind],
    story: Option<&Statement>,
    titles: &[Statement],
) -> Result<Vec<Effect>, Gap> {
    if let Some(rows) = outline(text) {
        let mut effects = Vec::new();
        for row in rows {
            let gap = |gap: Gap| Gap { quote: text.to_owned(), why: gap.why };
            effects.extend(read(engine, &row, rules, story, titles).map_err(gap)?);
        }
        return Ok(effects);
    }
    if let Some(told) = outsider(engine, text) {
        return Ok(told);
    }
    if let Some(examples) = doing::apart(text) {
        let read =
            |text: &String| read(engine, text, rules, story, titles).map_err(|gap| Gap { quote: String::new(), ..gap });
        let effects: Result<Vec<_>, _> = examples.iter().map(read).collect();
        return effects.map(|effects| effects.concat()).map_err(|gap| Gap { quote: text.to_owned(), why: gap.why });
    }
    if let Some(both) = either::apart(text) {
        let told: Result<Vec<_>, _> = both.iter().map(|text| read(engine, text, rules, story, titles)).collect();
        return told.map(|effects| effects.concat()).map_err(|gap| Gap { quote: text.to_owned(), why: gap.why });
    }
    let full = either::full(text);
    let text = full.as_deref().unwrap_or(text);
    if let Some(told) = doing::shown(engine, text, rules, story) {
        return told.map_err(|why| Gap { quote: text.to_owned(), why });
    }
    if let Some(told) = doing::bounding(text) {
        let effects = engine.sentence(&told).ok().filter(|effects| effects.iter().all(capacity));
        if let Some(effects) = effects {
            return Ok(effects);
        }
    }
    let together = particles::joined(engine.lexicon, text);
    let text = together.as_deref().unwrap_or(text);
    let plain_text =
        doing::in_steps(text).or_else(|| doing::exported(text)).or_else(|| choices::in_steps(engine, text));
    let text = plain_text.as_deref().unwrap_or(text);
    let acted = acting(text, engine.lexicon);
    let parts = split(&dates::in_digits(acted.as_deref().unwrap_or(text)));
    if parts.is_empty() {
        return plain(engine, text, rules, story);
    }
    let mut effects = Vec::new();
    let mut given = String::new();
    for (g, w, t) in parts {
        if !g.is_empty() {
            given = g;
        }
        let reason = reason_of(&t);
        let given = if there(engine, &given, &w) { String::new() } else { given.clone() };
        let steps = Steps {
            given: unlike(engine, unrefused(engine, normal::normalise(&given, engine.lexicon))),
            when: unrefused(engine, normal::normalise(&w, engine.lexicon)),
            texts: [given.clone(), w.clone(), t.clone()],
            then: normal::normalise(&t, engine.lexicon),
            reason: reason.trim().to_owned(),
            titles: titles.to_vec(),
        };
        if let Some(told) = cascade::read(engine, &format!("When {}, {t}", w.trim())) {
            effects.extend(told);
            continue;
        }
        let told = judge(engine, &steps, rules, story).and_then(|told| only_by(engine, &steps, told));
        effects.extend(told.map_err(|why| Gap { quote: text.to_owned(), why })?);
    }
    Ok(effects)
}

/// "Given a teacher, when a lesson is created with 1 place": that there is one says nothing of what follows.
fn there(engine: &Engine<'_>, given: &str, when: &str) -> bool {
    const BACK: &[&str] = &["it", "its", "they", "their", "them", "this", "that", "same", "other", "i"];
    let tokens = normal::normalise(given, engine.lexicon);
    let one = engine.scope(&tokens).entity_at(&tokens, 0).into_iter().find(|(end, _)| *end == tokens.len());
    let Some((_, entity)) = one else { return false };
    let when = normal::normalise(when, engine.lexicon);
    let again = engine.scope(&when).mentioned(&when).contains(&entity);
    !again && !when.iter().any(|token| BACK.iter().any(|word| token.is(word)))
}

/// "Given a user who is not an accountant, when they try to mark an invoice as paid, then they are refused": who alone may.
/// "Given a user with the role trainee, ...": who may not.
fn outsider(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const USERS: &[&str] = &["a user", "any user", "a person", "a caller", "someone", "somebody", "an employee"];
    const OTHERS: &[&str] = &["who is not ", "that is not ", "who does not have the role ", "without the role "];
    const ROLE: &[&str] = &["with the role ", "who has the role ", "with role ", "in the role "];
    const TRIES: &[&str] = &["tries to ", "try to ", "attempts to ", "attempt to ", "wants to ", "want to "];
    const REFUSED: &[&str] =
        &["refused", "rejected", "forbidden", "denied", "not allowed", "not permitted", "prevented"];
    let rest = text.trim().trim_end_matches('.').strip_prefix("Given ")?;
    let (given, rest) = rest.split_once(", when ")?;
    let (when, then) = rest.split_once(", then ")?;
    let user = USERS.iter().find_map(|user| given.strip_prefix(user))?.trim_start();
    let after = |leads: &[&str]| leads.iter().find_map(|lead| user.strip_prefix(lead));
    let (role, other) = after(OTHERS).map(|role| (role, true)).or_else(|| Some((after(ROLE)?, false)))?;
    let role = ["a ", "an ", "the "].iter().find_map(|article| role.strip_prefix(article)).unwrap_or(role);
    let plain = role.split(' ').count() <= 3 && role.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    let (_, deed) = when.split_once(' ').filter(|(who, _)| matches!(*who, "they" | "he" | "she"))?;
    let deed = TRIES.iter().find_map(|tries| deed.strip_prefix(tries))?;
    let (who, verdict) = [" are ", " is ", " gets ", " get "].iter().find_map(|verb| then.split_once(verb))?;
    let refused = matches!(who, "they" | "he" | "she" | "this" | "it" | "the request" | "the attempt" | "access")
        && REFUSED.contains(&verdict);
    (plain && refused).then_some(())?;
    if other {
        let told = engine.sentence(&format!("Only a {role} may {deed}.")).ok()?;
        let alone = |effect: &Effect| {
            let rule = |rule: &RuleKind| matches!(rule, RuleKind::ActionRole { .. } | RuleKind::TransitionRole { .. });
            matches!(effect, Effect::Role { .. }) || matches!(effect, Effect::Rule(of) if rule(of))
        };
        return told.iter().all(alone).then_some(told);
    }
    let tokens = normal::normalise(deed, engine.lexicon);
    let scope = engine.scope(&tokens);
    let reading = Reading { tokens: &tokens, scope: &scope, engine };
    crate::barred::from(&crate::deed::active(&reading, &(0..tokens.len()))?, &[one_role(role)])
}

/// "An inactive therapist" is one that is not active, where that is a yes or no of therapists.
fn unlike(engine: &Engine<'_>, mut tokens: Vec<Token>) -> Vec<Token> {
    let mut at = 0;
    while at < tokens.len() {
        let found = tokens.get(at).and_then(|token| {
            let bare = ["in", "un", "non-", "dis"].iter().find_map(|not| token.word.strip_prefix(not))?;
            let (end, entity) =
                engine.scope(&tokens).entity_at(&tokens, at + 1).into_iter().max_by_key(|(end, _)| *end)?;
            let named = engine.lexicon.entity(&entity)?;
            let flag = |field: &crate::lexicon::NamedField| {
                field.kind == maestro_artifacts::FieldKind::Boolean && field.words.as_slice() == [bare.to_owned()]
            };
            (!token.quoted && named.fields.iter().any(flag)).then(|| (end, token.clone(), bare.to_owned()))
        });
        if let Some((end, token, bare)) = found {
            let said = ["that", "be", "not", &bare].map(|word| Token { raw: word.to_owned(), ..token.renamed(word) });
            tokens.splice(end..end, said);
            let first = tokens.remove(at);
            if let Some(next) = tokens.get_mut(at) {
                next.article = first.article;
            }
            at = end + 3;
        }
        at += 1;
    }
    tokens
}

/// What an outcome names as its reason: `rejected because at least 5 guests are needed`, `fails with the message that ...`.
fn reason_of(then: &str) -> &str {
    const MARKS: &[&str] = &[
        " because ",
        " since ",
        " as ",
        " with a message that ",
        " with the message that ",
        " with an error that ",
        " with the error that ",
        " with a hint that ",
    ];
    MARKS.iter().find_map(|mark| then.split_once(mark)).map(|(_, reason)| reason).unwrap_or_default()
}

/// "A proposal that is not accepted" is in another state, where there is a state of that name: nothing is refused there.
fn unrefused(engine: &Engine<'_>, tokens: Vec<Token>) -> Vec<Token> {
    let state = |word: &str| {
        let mut values = engine.lexicon.entities.iter().flat_map(crate::lexicon::Named::values);
        values.any(|(_, value)| value.eq_ignore_ascii_case(word))
    };
    let apart = |token: Token| {
        let raw = token.raw.to_lowercase();
        match raw.split_once(' ') {
            Some(("not", word)) if token.is("refused") && state(word) => {
                vec![token.renamed("not"), Token { raw: word.to_owned(), ..Token::new(word, token.start, token.end) }]
            }
            _ => vec![token],
        }
    };
    tokens.into_iter().flat_map(apart).collect()
}

/// "When only a supervisor hands it over": the change that it shows is theirs alone.
fn only_by(engine: &Engine<'_>, steps: &Steps, mut effects: Vec<Effect>) -> Result<Vec<Effect>, String> {
    if !steps.when.first().is_some_and(|first| first.is("only")) {
        return Ok(effects);
    }
    let someone = steps.when.get(1).filter(|token| token.article.is_some() && !token.quoted);
    let role = facts::role_at(engine, &steps.when, 1).map(|(_, role)| role);
    let role = role.or_else(|| someone.map(|token| one_role(&token.raw)));
    let changes: Vec<(String, String)> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Transition { entity, to, .. } => Some((entity.clone(), to.clone())),
            _ => None,
        })
        .collect();
    let (Some(role), false) = (role, changes.is_empty()) else {
        return Err("it is not clear what only they may do".to_owned());
    };
    effects.push(Effect::Role { name: role.clone() });
    for (entity, to) in changes {
        effects.push(Effect::Rule(RuleKind::TransitionRole { entity, from: None, to, roles: vec![role.clone()] }));
    }
    Ok(effects)
}

/// A scenario outline as one criterion for each row of its examples.
fn outline(text: &str) -> Option<Vec<String>> {
    let at = text.find("Examples:").or_else(|| text.find("Scenarios:"))?;
    let (steps, examples) = (text.get(..at)?.trim(), text.get(at..)?.split_once(':')?.1);
    // The rows may stand in lines or one behind the other: the header says how many cells each has.
    let cells: Vec<&str> = examples.split('|').map(str::trim).collect();
    let header: Vec<&str> = cells.iter().skip(1).take_while(|cell| !cell.is_empty()).copied().collect();
    if header.is_empty() || !header.iter().all(|name| steps.contains(&format!("<{name}>"))) {
        return None;
    }
    let rest = cells.get(header.len() + 2..)?;
    let mut rows = Vec::new();
    for row in rest.chunks(header.len() + 1) {
        if row.len() < header.len() || row.iter().all(|cell| cell.is_empty()) {
            continue;
        }
        let mut told = steps.to_owned();
        for (name, value) in header.iter().zip(row) {
            told = told.replace(&format!("<{name}>"), value);
        }
        rows.push(told);
    }
    (!rows.is_empty()).then_some(rows)
}

/// A criterion in one sentence: a rule, or an outcome without conditions ("the loan appears in the list").
fn plain(engine: &Engine<'_>, text: &str, rules: &[RuleKind], story: Option<&Statement>) -> Result<Vec<Effect>, Gap> {
    let as_rule = engine.sentence(text);
    let Err(gap) = as_rule else { return as_rule };
    if let Some(effects) = again::read(engine, text, rules) {
        return Ok(effects);
    }
    if let Some(effects) = examples(engine, text, rules, story) {
        return Ok(effects);
    }
    // "Borrowing a tool that is in repair is refused": what is done and what comes of it in one clause.
    let all = normal::normalise(text, engine.lexicon);
    // "A manager can approve a permit; an employee cannot."
    if let Some(effects) = may_and_not(engine, text, rules, story) {
        return Ok(effects);
    }
    const ENDS: &[&str] = &[
        "be", "must", "get", "fail", "fails", "return", "returns", "result", "results", "lead", "leads", "give",
        "gives",
    ];
    for (at, _) in all.iter().enumerate().filter(|(_, token)| ENDS.iter().any(|end| token.is(end))) {
        let (Some(when), Some(then)) = (all.get(..at), all.get(at..)) else { continue };
        let steps = Steps { when: when.to_vec(), then: then.to_vec(), ..Steps::default() };
        let facts = Facts::of(engine, &steps, story);
        if outcome::refusal(engine, &facts, then)
            && let Ok(effects) = judge(engine, &steps, rules, story)
        {
            return Ok(effects);
        }
        if let Some(effects) = accepted::read(&facts, then, rules) {
            return Ok(effects);
        }
    }
    if let Some(effects) = denied(engine, &all, rules, story) {
        return Ok(effects);
    }
    // "When a loan is returned, its status becomes returned", "I can see ...".
    if let Some(first) = all.first()
        && first.is("if")
        && let Some(comma) = all.iter().position(|token| token.is(","))
        && let (Some(when), Some(then)) = (all.get(1..comma), all.get(comma + 1..))
    {
        let steps = Steps { when: when.to_vec(), then: then.to_vec(), ..Steps::default() };
        if let Ok(effects) = judge(engine, &steps, rules, story) {
            return Ok(effects);
        }
    }
    let steps = Steps { then: all, ..Steps::default() };
    let facts = Facts::of(engine, &steps, story);
    outcome::read(engine, &facts, &steps.then, rules).ok_or(gap)
}

/// "A manager can approve a permit; an employee cannot": what one may, and that the other may not.
fn may_and_not(engine: &Engine<'_>, text: &str, rules: &[RuleKind], story: Option<&Statement>) -> Option<Vec<Effect>> {
    const NOT: &[&str] = &[" cannot", " can not", " can't", " may not", " must not", " is not allowed to"];
    let body = text.trim().trim_end_matches('.');
    let joints = ["; ", ", but ", ", whereas ", ", while ", " but ", ", "];
    let (left, right) = joints.iter().find_map(|joint| body.split_once(joint))?;
    let who = NOT.iter().find_map(|not| right.strip_suffix(not))?;
    let (_, deed) = [" can ", " may "].iter().find_map(|may| left.split_once(may))?;
    let mut effects = engine.sentence(left).ok()?;
    let told = normal::normalise(&format!("{who} cannot {deed}"), engine.lexicon);
    effects.extend(denied(engine, &told, rules, story)?);
    Some(effects)
}

/// "A batch with 0 bars is rejected, one with 500 bars is accepted": several examples in one sentence.
fn examples(engine: &Engine<'_>, text: &str, rules: &[RuleKind], story: Option<&Statement>) -> Option<Vec<Effect>> {
    const VERDICTS: &[&str] = &["rejected", "refused", "accepted", "allowed", "valid", "invalid", "fails"];
    let told = |part: &str| VERDICTS.iter().any(|word| part.to_lowercase().contains(word));
    ["; ", ", but ", ", and ", ", while ", ", ", " and "].iter().find_map(|joint| {
        let (left, right) = text.split_once(joint).filter(|(left, right)| told(left) && told(right))?;
        let mut effects = plain(engine, left, rules, story).ok()?;
        let words = normal::normalise(left, engine.lexicon);
        let (_, entity) = engine.scope(&words).entity_at(&words, 0).into_iter().next()?;
        let name = &engine.lexicon.entity(&entity)?.name;
        // "One with 500 bars"
        let right = match right.split_once(' ') {
            Some(("one", rest)) => format!("a {name} {rest}"),
            _ => right.to_owned(),
        };
        effects.extend(plain(engine, &right, rules, story).ok()?);
        Some(effects)
    })
}

/// "Employees cannot approve claims": true by the rules that the epic states, or not understood.
pub(crate) fn denied(
    engine: &Engine<'_>,
    all: &[Token],
    rules: &[RuleKind],
    story: Option<&Statement>,
) -> Option<Vec<Effect>> {
    if let Some(turned) = active_voice(engine, all) {
        return denied(engine, &turned, rules, story);
    }
    let at = all.iter().position(|token| token.is("mustnot"))?;
    // All of it must be something that is done: "... unless one of them is withdrawn" says more.
    let scope = engine.scope(all);
    let reading = Reading { tokens: all, scope: &scope, engine };
    let passive = all.get(at + 1).is_some_and(|token| token.is("be")) && all.iter().any(|token| token.is("by"));
    let more = all.iter().any(|token| matches!(token.word.as_str(), "unless" | "if" | "onlyif" | "than"));
    if more || !passive && crate::deed::active(&reading, &(at + 1..all.len())).is_none() {
        return None;
    }
    let mut when = all.get(..at)?.to_vec();
    when.extend(all.get(at + 1..)?.iter().cloned());
    let steps = Steps { when, then: all.get(at..at + 1)?.to_vec(), ..Steps::default() };
    let mut facts = Facts::of(engine, &steps, story);
    if facts.roles.is_empty() {
        // Somebody whom no rule names: "couriers cannot approve claims".
        let who = all.get(..at)?;
        let plain = (1..=3).contains(&who.len())
            && who.iter().all(|token| !token.quoted && token.word.chars().all(|c| c.is_alphabetic() || c == '-'))
            && facts.given_states.is_empty();
        let name = who.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        facts.roles.extend(plain.then(|| crate::lexicon::one_role(&name)));
    }
    // "Hosts cannot change members", who may be people as well: whoever stands in front does it.
    let front = facts::role_at(engine, all, 0).filter(|(end, _)| *end == at && !passive);
    if let Some((_, role)) = front.clone().filter(|_| facts.roles.len() > 1) {
        facts.roles = vec![role];
    }
    let [role] = facts.roles.as_slice() else { return None };
    // "Inactive translators cannot be assigned": of records that are so, though there are people called so as well; and
    // what is done to somebody says not who does it.
    const AROUND: &[&str] = &[
        "not", "non", "who", "that", "be", "other", "than", "without", "no", "except", "but", "somebody", "someone",
        "anybody", "anyone", "user", "users", "person", "people", "role", "as", "a", "an", "the", "not", "1", "only",
        "mere", "plain", "ordinary", "simple", "normal", "normally", "in",
    ];
    let name = crate::lexicon::name_words(role);
    let told = |token: &Token| name.contains(&token.lemma) || AROUND.contains(&token.word.as_str());
    let undergoes = all.get(at + 1).is_some_and(|token| token.is("be")) && !passive;
    if undergoes || !passive && !all.get(..at)?.iter().all(told) {
        return None;
    }
    let deeds = if passive { None } else { crate::deed::active(&reading, &(at + 1..all.len())) };
    let acts = deeds.as_ref().filter(|deeds| deeds.iter().all(|deed| matches!(deed, Deed::Act { .. })));
    if let (Some(acts), Some((_, role))) = (acts, front) {
        return not_by(acts, &role, rules);
    }
    // Only a rule about people says who may not. Where there is none, the others of the epic's roles may.
    match refused::known(engine, &facts, &steps, rules) {
        Some(found) => found.iter().all(about_people).then_some(found),
        None => crate::family::left_to_others(&reading, deeds?, role).filter(|found| {
            // Not where another rule says that they may.
            let allows = |effect: &Effect, rule: &RuleKind| match (effect, rule) {
                (
                    Effect::Rule(RuleKind::TransitionRole { entity, to, .. }),
                    RuleKind::TransitionRole { entity: of, to: state, roles, .. },
                ) => (entity, to) == (of, state) && roles.contains(role),
                (
                    Effect::Rule(RuleKind::ActionRole { entity, action, .. }),
                    RuleKind::ActionRole { entity: of, action: other, roles, .. },
                ) => (entity, action) == (of, other) && roles.contains(role),
                _ => false,
            };
            !found.iter().any(|effect| rules.iter().any(|rule| allows(effect, rule)))
        }),
    }
}

fn capacity(effect: &Effect) -> bool {
    matches!(effect, Effect::Rule(RuleKind::Capacity { .. } | RuleKind::Quota { .. }))
}

fn about_people(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Rule(RuleKind::TransitionRole { .. } | RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. })
    )
}

/// "Clerks cannot change or delete orders": the rules that say already who alone may, and that they are barred from the
/// rest. Where another rule says that they may, the two contradict each other, and are told so.
fn not_by(acts: &[Deed], role: &str, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let named = |roles: &[String]| roles.iter().any(|one| name_words(one) == name_words(role));
    let mut effects = Vec::new();
    for act in acts {
        let Deed::Act { entity, action, fields, within } = act else { return None };
        let alone = rules.iter().filter_map(|rule| match rule {
            RuleKind::ActionRole { entity: of, action: done, fields: which, roles }
                if (of, done) == (entity, action) && within.is_empty() =>
            {
                Some((rule, which, named(roles)))
            }
            _ => None,
        });
        let alone: Vec<_> = alone.collect();
        match alone.iter().find(|(_, which, may)| !may && (*which == fields || which.is_empty())) {
            Some((rule, ..)) => effects.push(Effect::Rule((*rule).clone())),
            None => effects.extend(crate::barred::from(std::slice::from_ref(act), &[role.to_owned()])?),
        }
    }
    effects.dedup();
    Some(effects)
}

/// "The hourly rate of a room cannot be changed by hosts" as "hosts cannot change the hourly rate of a room", of a role
/// that the epic knows.
fn active_voice(engine: &Engine<'_>, all: &[Token]) -> Option<Vec<Token>> {
    let at = all.iter().position(|token| token.is("mustnot"))?;
    let (be, verb, by) = (all.get(at + 1)?, all.get(at + 2)?, all.get(at + 3)?);
    let doer = all.get(at + 4..)?;
    let passive = be.is("be") && by.is("by") && crate::verbs::is_participle(&verb.word) && !verb.quoted;
    let known = facts::role_at(engine, doer, 0).is_some_and(|(end, _)| end == doer.len());
    if !passive || !known || at == 0 {
        return None;
    }
    let said = [all.get(at)?.clone(), verb.clone()];
    Some(doer.iter().chain(&said).chain(all.get(..at)?).cloned().collect())
}

/// Whether a criterion is told in steps.
pub(crate) fn stepped(text: &str) -> bool {
    outline(text).is_some() || !split(text).is_empty()
}

fn judge(
    engine: &Engine<'_>,
    steps: &Steps,
    rules: &[RuleKind],
    story: Option<&Statement>,
) -> Result<Vec<Effect>, String> {
    let facts = Facts::of(engine, steps, story);
    if outcome::refusal(engine, &facts, &steps.then) {
        // What else the outcome says ("and the tool stays available") must be nothing but the refusal.
        return refused::read(engine, &facts, steps, rules);
    }
    // "When a clerk confirms it, then it is confirmed", where only a harbour master may.
    if contrary::refuses(engine, &facts, steps, rules) {
        return Err("a rule of the epic refuses this".to_owned());
    }
    if let Some(effects) = shown::read(engine, &facts, steps, rules) {
        return Ok(effects);
    }
    // "Another lesson in the room Blue, from 19:30": what it keeps another statement must say.
    let again = facts.said(&["other", "second", "further", "same"]) && scenario::spans(steps);
    if again && steps.then.last().is_some_and(|last| accepted::taken(&[last.renamed("be"), last.clone()])) {
        return scenario::kept(engine, steps, rules).ok_or_else(|| "no rule of the epic is shown by this".to_owned());
    }
    let Some(mut effects) = outcome::read(engine, &facts, &steps.then, rules) else {
        let told = restated(engine, steps).or_else(|| asked::read(engine, &facts, steps, rules));
        let told = told.or_else(|| ways(engine, steps));
        return told.ok_or_else(|| "no outcome of this kind is known".to_owned());
    };
    freeze_from_then(engine, &mut effects);
    // "If a visit is striped, the score must be at most 3": a bound for those alone, of which nothing is known.
    let bound = |effect: &Effect| {
        matches!(
            effect,
            Effect::Rule(
                RuleKind::Required { .. } | RuleKind::Range { .. } | RuleKind::Length { .. } | RuleKind::Unique { .. }
            )
        )
    };
    // "Once a job is approved, its fee is fixed", where nothing tells of approving: not from the first moment on.
    let always =
        |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Immutable { when, .. }) if when.0.is_empty());
    let made = facts.acts.iter().any(|act| matches!(act, facts::Act::Do(..)));
    if !steps.when.is_empty() && !made && effects.iter().any(always) {
        return Err("it is not clear from when on this is so".to_owned());
    }
    let idle = facts.acts.is_empty() && facts.given_states.is_empty();
    if idle && !steps.when.is_empty() && effects.iter().any(bound) {
        return Err("it is not clear of which records this is said".to_owned());
    }
    // "Then it becomes sold And a price is required": for that, and not of all.
    let moved = effects.iter().find_map(|effect| match effect {
        Effect::Transition { entity, to, .. } => Some((entity.clone(), to.clone())),
        _ => None,
    });
    if let Some((of, to)) = &moved {
        for effect in &mut effects {
            if let Effect::Rule(RuleKind::Required { entity, field }) = effect
                && entity == of
            {
                let fields = vec![field.clone()];
                let (entity, from, to) = (of.clone(), None, to.clone());
                *effect = Effect::Rule(RuleKind::TransitionRequires { entity, from, to, fields });
            }
        }
    }
    if let Some((of, to)) = &moved {
        effects.extend(entered::with(engine, steps, of, to));
    }
    // Who does it in an example may do it; that nobody else may, another statement must say.
    let who = if let [role] = facts.roles.as_slice() { Some(role) } else { facts.doer.as_ref() };
    let mut brought: Vec<(String, String)> = Vec::new();
    for act in &facts.acts {
        if let facts::Act::Move(entity, to) = act {
            brought.push((entity.clone(), to.clone()));
        }
    }
    // "A mechanic starts it" of what is then in progress.
    if let (Some(moved), true) = (moved, brought.is_empty())
        && facts.entities.first().or(facts.it.as_ref()) == Some(&moved.0)
    {
        brought.push(moved);
    }
    for (entity, to) in brought {
        effects.extend(who.map(|role| Effect::Actor { entity, to, role: role.clone() }));
    }
    Ok(effects)
}

/// "Then its status is scrapped And it can no longer be changed": from that change on, and not before it.
fn freeze_from_then(engine: &Engine<'_>, effects: &mut Vec<Effect>) {
    let moved = effects.iter().find_map(|effect| match effect {
        Effect::Transition { entity, to, .. } => Some((entity.clone(), to.clone())),
        _ => None,
    });
    let Some((of, to)) = moved else { return };
    let frozen = |effect: &Effect| {
        matches!(effect, Effect::Rule(RuleKind::Immutable { entity, when, .. } | RuleKind::NoDelete { entity, when })
            if *entity == of && when.0.is_empty())
    };
    // What the status is called is known on the next reading.
    let Some(field) = engine.lexicon.flow_field(&of) else {
        effects.retain(|effect| !frozen(effect));
        return;
    };
    let then = Condition(vec![Test::In { via: None, field, values: vec![to.into()] }]);
    for effect in effects.iter_mut().filter(|effect| frozen(effect)) {
        if let Effect::Rule(RuleKind::Immutable { when, .. } | RuleKind::NoDelete { when, .. }) = effect {
            when.clone_from(&then);
        }
    }
}

/// "When I open the list of orders, then it is sorted by number": steps that need nothing to be given, as one sentence.
fn restated(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    if !steps.given.is_empty() || steps.when.is_empty() {
        return None;
    }
    let place = steps.when.first().map_or((0, 0), |token| (token.start, token.end));
    let mark = |word: &str| std::iter::once(Token::new(word, place.0, place.1));
    let told: Vec<Token> =
        mark("if").chain(steps.when.iter().cloned()).chain(mark(",")).chain(steps.then.iter().cloned()).collect();
    engine.tokens(&told)
}

/// "Given an appointment is booked, then it can be checked in or cancelled": the ways from there, as one sentence.
fn ways(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    let [given, when, then] = &steps.texts;
    let scope = engine.scope(&steps.given);
    let (end, entity) = scope.entity_at(&steps.given, 0).into_iter().next()?;
    let be = steps.given.get(end).filter(|token| token.is("be") && when.is_empty())?;
    let state = given.get(be.end..)?.trim();
    let rest = then.strip_prefix("it can be ").or_else(|| then.strip_prefix("it may be "))?;
    if state.is_empty() || state.split_whitespace().count() > 3 {
        return None;
    }
    let name = &engine.lexicon.entity(&entity)?.name;
    let effects = engine.sentence(&format!("A {state} {name} can be {}.", rest.replace(" And ", ", and "))).ok()?;
    let way = |effect: &Effect| {
        matches!(effect, Effect::Transition { .. } | Effect::States { .. } | Effect::Rule(RuleKind::Transitions { .. }))
    };
    effects.iter().all(way).then_some(effects)
}

/// The texts behind `Given`, `When` and `Then`; several `When`/`Then` pairs are several checks.
fn split(text: &str) -> Vec<(String, String, String)> {
    let words = tokens(text);
    let mut marks: Vec<(&str, usize, usize)> = Vec::new();
    for (at, token) in words.iter().enumerate() {
        if token.quoted {
            continue;
        }
        let starts = at == 0
            || words.get(at - 1).is_some_and(|before| {
                matches!(before.word.as_str(), "," | "and" | ";" | ":" | "but") || before.end < token.start
            });
        let upper = token.raw.chars().next().is_some_and(char::is_uppercase);
        let comma =
            at == 0 || words.get(at - 1).is_some_and(|before| matches!(before.word.as_str(), "," | ";" | "and"));
        match token.word.as_str() {
            "given" if starts && (at == 0 || upper) => marks.push(("given", token.start, token.end)),
            "when" if starts && (upper || comma) => marks.push(("when", token.start, token.end)),
            "then" if starts => marks.push(("then", token.start, token.end)),
            _ => {}
        }
    }
    // "moves from draft to sent, then to paid" tells no steps.
    if !marks.iter().any(|(mark, _, _)| *mark != "then") {
        return Vec::new();
    }
    if !marks.iter().any(|(mark, _, _)| *mark == "then") && marks.len() < 2
        || !marks.iter().any(|(mark, _, _)| *mark == "when" || *mark == "then")
    {
        return Vec::new();
    }
    if !marks.iter().any(|(mark, _, _)| *mark == "then") {
        // "Given a, when b, it is refused": the last clause is the outcome.
        let Some((_, _, from)) = marks.last().copied() else { return Vec::new() };
        let rest = text.get(from..).unwrap_or_default();
        let Some(comma) = rest.rfind(',') else { return Vec::new() };
        let begin = marks.iter().find(|(mark, _, _)| *mark == "given").map_or(0, |(_, _, end)| *end);
        let when_at = marks.last().map_or(0, |(_, start, _)| *start);
        let given = text.get(begin..when_at).unwrap_or_default();
        return vec![(
            given.trim().to_owned(),
            rest.get(..comma).unwrap_or_default().to_owned(),
            rest.get(comma + 1..).unwrap_or_default().to_owned(),
        )];
    }
    let mut out: Vec<(String, String, String)> = Vec::new();
    let mut current = (String::new(), String::new(), String::new());
    for (at, (mark, _, end)) in marks.iter().enumerate() {
        let until = marks.get(at + 1).map_or(text.len(), |(_, start, _)| *start);
        let part = text.get(*end..until).unwrap_or_default().trim().trim_end_matches([',', ';', '.']).trim().to_owned();
        match *mark {
            "given" => current.0 = part,
            "when" if current.2.is_empty() => {
                current.1 = if current.1.is_empty() { part } else { format!("{} and {part}", current.1) }
            }
            "when" => {
                out.push(std::mem::take(&mut current));
                current.1 = part;
            }
            _ => current.2 = if current.2.is_empty() { part } else { format!("{} and {part}", current.2) },
        }
    }
    out.push(current);
    out.retain(|(_, _, then)| !then.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn steps_are_told_apart() {
        assert_eq!(
            split("Given a tool, when it is lent, then it is gone."),
            [("a tool".into(), "it is lent".into(), "it is gone".into())]
        );
        assert_eq!(
            split("When a loan is saved Then it is listed And it is open"),
            [(String::new(), "a loan is saved".into(), "it is listed And it is open".into())]
        );
        assert!(split("The name is required.").is_empty());
        assert!(split("A tool cannot be deleted when it is lent.").is_empty());
    }
}
