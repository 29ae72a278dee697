//! Sentences of two halves that speak of the same records: `only clerks change orders; drivers can view them`, `a clerk can
//! plan and start a visit`, `a clerk can take a van in service out of service and put it back in service`.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{Named, one_role};
use crate::normal;
use crate::token::{Token, tokens};
use crate::whole;
use maestro_artifacts::{Action, RuleKind};

/// Sentences with more joints are not parted.
const MOST_JOINTS: usize = 4;

/// Reads such a sentence; `None` where it is none, or where one of its halves is not understood.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    back_again(engine, text).or_else(|| spoken_of(engine, text)).or_else(|| each_deed(engine, text))
}

/// The only kind of record that a text names.
fn only_named<'l>(engine: &'l Engine<'_>, text: &str) -> Option<&'l Named> {
    let plain = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    let words = normal::normalise(text, engine.lexicon);
    let [one] = <[String; 1]>::try_from(plain.scope(&words).mentioned(&words)).ok()?;
    engine.lexicon.entity(&one)
}

/// "..., and one that has visits cannot be deleted", "...; technicians can view them": the second half with the records of the
/// first in the place of what stands for them.
fn spoken_of(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const JOINTS: &[&str] = &["; ", ", and ", ", but ", ", while ", ", whereas "];
    const ONE: &[&str] = &["one that ", "one with ", "one which ", "one whose ", "those that ", "those with "];
    const MODALS: &[&str] = &[" can ", " may ", " cannot ", " must not ", " may not ", " may only ", " can only "];
    let text = text.trim().trim_end_matches('.');
    let places = JOINTS.iter().flat_map(|joint| text.match_indices(joint).map(|(at, joint)| (at, at + joint.len())));
    // Each of them asks for both halves: longer sentences are no such ones.
    (places.clone().count() <= MOST_JOINTS).then_some(())?;
    places.into_iter().find_map(|(end, from)| {
        let (first, second) = (text.get(..end)?, text.get(from..)?);
        let one = ONE.iter().any(|lead| second.starts_with(lead));
        let object = second.strip_suffix(" them").or_else(|| second.strip_suffix(" it"));
        let object = object.filter(|told| MODALS.iter().any(|modal| told.contains(modal)));
        (one || object.is_some()).then_some(())?;
        let named = only_named(engine, first)?;
        let said = match object {
            Some(told) if !one => format!("{told} {}", named.plural),
            _ if second.starts_with("those") => format!("{}{}", named.plural, second.strip_prefix("those")?),
            _ => format!("{} {}{}", article(&named.name), named.name, second.strip_prefix("one")?),
        };
        // Nothing else may be meant by it.
        only_named(engine, object.unwrap_or_default()).is_none().then_some(())?;
        let mut effects = engine.any_reading(first).ok()?;
        // "...; drivers can only view them" of records that only others create, change and delete.
        let left = |action: Action| {
            effects.iter().any(|effect| {
                matches!(effect, Effect::Rule(RuleKind::ActionRole { entity, action: done, fields, .. })
                    if *entity == named.key && *done == action && fields.is_empty())
            })
        };
        let alone = [Action::Create, Action::Update, Action::Delete].into_iter().all(left);
        let said = if alone { said.replace(" can only ", " can ").replace(" may only ", " may ") } else { said };
        effects.extend(engine.any_reading(&said).ok()?);
        Some(effects)
    })
}

/// "Technicians can plan and start a visit": each by itself, where both are understood.
fn each_deed(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let text = text.trim().trim_end_matches('.');
    let (who, told) = [" can ", " may "].iter().find_map(|modal| text.split_once(modal))?;
    let said = who.to_lowercase();
    let led = ["only", "no", "if", "when", "once", "it"].iter().any(|word| said.split(' ').next() == Some(word));
    let people = !led && (1..=6).contains(&who.split(' ').count()) && only_named(engine, who).is_none();
    let (verb, rest) = [" and ", " or "].iter().find_map(|joint| told.split_once(joint)).filter(|_| people)?;
    let at = [" a ", " an ", " the "].iter().filter_map(|article| rest.find(article)).min()?;
    let (other, object) = (rest.get(..at)?, rest.get(at + 1..)?);
    let verbs = |told: &str| {
        let mut words = told.split(' ');
        let particle = |word: &str| crate::deed::PARTICLES.contains(&word);
        words.next().is_some_and(|verb| verb.chars().all(char::is_alphabetic) && !matches!(verb, "be" | "only" | "not"))
            && words.next().is_none_or(particle)
            && words.next().is_none()
    };
    let (_, name) = object.split_once(' ')?;
    let named = engine.lexicon.find(name)?;
    (verbs(verb) && verbs(other)).then_some(())?;
    let mut effects = Vec::new();
    for verb in [verb, other] {
        // "Plan a visit" of visits that begin as planned: they are made so.
        let words = normal::normalise(verb, engine.lexicon);
        let begins = crate::verbs::begins_as(engine.lexicon, &named.key);
        let makes = begins.is_some()
            && words.first().is_some_and(|verb| {
                crate::verbs::state(engine.lexicon, &named.key, &verb.lemma) == begins && words.len() == 1
            });
        let plain = format!("{who} can {} {object}", if makes { "create" } else { verb });
        let told = engine.any_reading(&plain).ok()?;
        (!engine.lexicon.settled || whole::holds(&plain, &told, engine.lexicon)).then_some(())?;
        effects.extend(told);
    }
    effects.dedup();
    Some(effects)
}

/// "A clerk can take a van in service out of service and put it back in service": a state and its other side, with the ways
/// between the two.
fn back_again(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const TAKES: &[&str] = &["take ", "put ", "bring ", "move ", "set ", "send ", "get "];
    const BACK: &[&str] = &["put ", "bring ", "take ", "move ", "set ", "return ", "send ", "get "];
    let text = text.trim().trim_end_matches('.');
    let (who, told) = [" can ", " may "].iter().find_map(|modal| text.split_once(modal))?;
    let told = TAKES.iter().find_map(|verb| told.strip_prefix(verb))?;
    let told = ["a ", "an "].iter().find_map(|article| told.strip_prefix(article))?;
    let (out, back) = [" and ", " and later ", " or "].iter().find_map(|joint| told.split_once(joint))?;
    let back = BACK.iter().find_map(|verb| back.strip_prefix(verb))?.strip_prefix("it ")?;
    let home = back.strip_prefix("back ")?;
    let to = ["to ", "into "].iter().find_map(|to| home.strip_prefix(to));
    let home = to.unwrap_or(home);
    // "A van in service out of service", "a standing tree under watch", "a van out of service".
    let (named, away) = engine.lexicon.entities.iter().find_map(|named| {
        let behind = out.strip_prefix(&format!("{} ", named.name));
        let twice = behind.and_then(|rest| rest.strip_prefix(&format!("{home} ")));
        let twice = twice.or_else(|| out.strip_prefix(&format!("{home} {} ", named.name)));
        // "Bring it back clean" tells how, and not where to, unless it was so before.
        let so = to.is_some() || home.contains(' ');
        Some((named, twice.or_else(|| behind.filter(|_| so))?))
    })?;
    let away = away.strip_prefix("to ").unwrap_or(away);
    let home = told_state(home)?;
    let away = told_state(away).filter(|away| *away != home)?;
    let words = normal::normalise(&format!("{home} {away}"), engine.lexicon);
    let other = engine.scope(&words).mentioned(&words).into_iter().any(|other| other != named.key);
    (!other && !apart(named, [&home, &away])).then_some(())?;
    let entity = named.key.clone();
    let who = who.to_lowercase();
    let alone = who.strip_prefix("only ");
    let who = alone.unwrap_or(&who);
    let who = ["a ", "an ", "the "].iter().find_map(|lead| who.strip_prefix(lead)).unwrap_or(who);
    const MORE: &[&str] =
        &["if", "when", "once", "no", "not", "never", "only", "that", "with", "in", "on", "after", "before"];
    let plain = |word: &str| word.chars().all(|c| c.is_alphabetic() || c == '-') && !MORE.contains(&word);
    (who.split(' ').count() <= 6 && who.split(' ').all(plain)).then_some(())?;
    let mut effects = vec![
        Effect::States { entity: entity.clone(), field: None, states: vec![home.clone(), away.clone()] },
        Effect::Transition { entity: entity.clone(), from: home.clone(), to: away.clone() },
        Effect::Transition { entity: entity.clone(), from: away.clone(), to: home.clone() },
    ];
    effects.push(Effect::Rule(RuleKind::Transitions { entity: entity.clone() }));
    let roles = who.split(" and ").flat_map(|part| part.split(" or ")).map(one_role);
    let people = !["you", "we", "users", "people", "i", "user", "they", "it"].contains(&who);
    let roles: Vec<String> = roles.filter(|_| people).collect();
    (people || alone.is_none()).then_some(())?;
    for role in &roles {
        effects.push(Effect::Role { name: role.clone() });
    }
    for to in [away, home] {
        let entity = entity.clone();
        if alone.is_some() {
            let roles = roles.clone();
            effects.push(Effect::Rule(RuleKind::TransitionRole { entity, from: None, to, roles }));
        } else {
            let actor = |role: &String| Effect::Actor { entity: entity.clone(), to: to.clone(), role: role.clone() };
            effects.extend(roles.iter().map(actor));
        }
    }
    Some(effects)
}

/// Whether the states of these records are told elsewhere, and none of them leads to one of these two or from it.
fn apart(named: &Named, both: [&String; 2]) -> bool {
    let own = |state: &String| both.contains(&state);
    let ways = &named.flow.transitions;
    let joined = ways.iter().any(|(from, to, _)| own(from) != own(to));
    ways.iter().any(|(from, to, _)| !own(from) && !own(to)) && !joined
}

/// What a state is called: `in service`, `off the shelf`, `standing`.
fn told_state(text: &str) -> Option<String> {
    const LEADS: &[&str] = &["in", "out", "on", "off", "under", "at", "away", "of", "the", "for"];
    let words = tokens(text);
    let plain = |token: &Token| !token.quoted && token.word.chars().all(|c| c.is_alphabetic() || c == '-');
    let lead = words.first()?;
    let led = LEADS.contains(&lead.word.as_str()) && !lead.is("the") && words.len() > 1;
    let names = words.iter().filter(|token| !LEADS.contains(&token.word.as_str())).count();
    (words.iter().all(plain) && names == 1 && (led || words.len() == 1)).then(|| text.to_lowercase())
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// "Is out of service", "that is under watch": where a state stands that no participle tells.
pub(crate) fn place(words: &[Token]) -> Option<String> {
    let begins = words.first().filter(|first| ["in", "out", "on", "off", "under"].iter().any(|word| first.is(word)))?;
    let end = words.iter().position(|token| {
        token.quoted || ["and", ",", "with", "without", "that", "by"].iter().any(|word| token.is(word))
    });
    let part = words.get(..end.unwrap_or(words.len()))?;
    let text = part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    // "In the garage" is a place, unless the epic knows it as a state.
    let somewhere = part.iter().any(|token| token.article.is_some());
    (part.len() <= 4 && !begins.quoted && !somewhere).then(|| told_state(&text))?
}
