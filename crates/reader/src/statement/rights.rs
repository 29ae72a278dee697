//! Lines under "Permissions": who alone may do what, without a sentence around it.

use super::{lower_first, plain};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{name_words, one_role};
use crate::token::tokens;
use crate::verbs;
use maestro_artifacts::Action;
use maestro_domain::{Epic, Statement};

/// Whether a statement stands under a heading such as "Permissions" or "Who may do what".
fn under_rights(statement: &Statement) -> bool {
    const HEADINGS: &[&str] = &["permission", "who may", "who can", "who is allowed", "access right", "rights"];
    let heading = statement.section.last().map(|heading| heading.to_lowercase()).unwrap_or_default();
    HEADINGS.iter().any(|word| heading.contains(word))
}

/// "Create order: clerk, manager" or "Clerk: create orders, cancel orders" under such a heading: what is done, and who
/// alone may do it.
pub(super) fn permitted(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Option<Vec<Effect>> {
    if !(plain(statement) && under_rights(statement)) {
        return None;
    }
    let (head, rest) = permission(engine, &statement.text)?;
    let only = |who: &[String], deed: &str| engine.sentence(&format!("Only {} may {deed}", who.join(" or "))).ok();
    // Under "Roles and permissions" whoever stands in front of the mark is one.
    let roles = statement.section.last().is_some_and(|heading| heading.to_lowercase().contains("role"));
    let somebody = |name: &str| known_role(engine, name) || roles && engine.lexicon.find(name).is_none();
    if !somebody(&head) {
        return rest.iter().all(|role| known_role(engine, role)).then(|| only(&rest, &lower_first(&head)))?;
    }
    // Whoever else is said to do it may do it, too.
    let lists = epic.statements.iter().filter(|other| plain(other) && other.section == statement.section);
    let others: Vec<(String, Vec<String>)> =
        lists.filter_map(|other| permission(engine, &other.text)).filter(|(role, _)| somebody(role)).collect();
    let everything = |deeds: &[String]| deeds.iter().any(|deed| deed.eq_ignore_ascii_case("everything"));
    let mut effects = Vec::new();
    let told: Vec<&String> =
        if everything(&rest) { others.iter().flat_map(|(_, deeds)| deeds).collect() } else { rest.iter().collect() };
    for deed in told.into_iter().filter(|deed| !deed.eq_ignore_ascii_case("everything")) {
        // Looking is said of some and forbidden to nobody.
        if looks(deed) {
            effects.push(Effect::Role { name: one_role(&head) });
            effects.extend(engine.sentence(&format!("{head} can {}", lower_first(deed))).ok()?);
            continue;
        }
        let does =
            |deeds: &[String]| everything(deeds) || deeds.iter().any(|other| name_words(other) == name_words(deed));
        let who: Vec<String> = others.iter().filter(|(_, deeds)| does(deeds)).map(|(role, _)| role.clone()).collect();
        effects.extend(only(&who, &lower_first(deed))?);
    }
    (!effects.is_empty()).then_some(effects)
}

/// What stands before and behind the mark of such a line.
fn permission(engine: &Engine<'_>, text: &str) -> Option<(String, Vec<String>)> {
    let (head, rest) = [": ", " – ", " — ", " - "].iter().find_map(|mark| text.split_once(mark))?;
    let rest = rest.trim().trim_end_matches('.');
    let rest = ["can ", "may ", "is allowed to ", "are allowed to "]
        .iter()
        .find_map(|verb| rest.strip_prefix(verb))
        .unwrap_or(rest);
    let rest = crate::fields::values::split_values(rest);
    let told = !rest.is_empty() && head.split_whitespace().count() <= 5;
    told.then(|| (head.trim().to_owned(), deeds(engine, &rest).unwrap_or(rest)))
}

/// "Creates, edits and deletes rooms and lamps": each of these deeds with each of these kinds of records; `None` where they are
/// told whole.
fn deeds(engine: &Engine<'_>, parts: &[String]) -> Option<Vec<String>> {
    let (mut out, mut verbs): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    // Whether what stands behind the verbs has come: the next verb begins anew.
    let mut closed = false;
    let mut object = None;
    for part in parts {
        let words = tokens(part);
        let first = words.first()?;
        let plain = Engine { lexicon: engine.lexicon, topics: Vec::new() };
        let record =
            |at: usize| plain.scope(&words).entity_at(&words, at).first().is_some_and(|(end, _)| *end == words.len());
        if record(0) {
            (!verbs.is_empty()).then_some(())?;
            out.extend(verbs.iter().map(|verb| format!("{verb} {}", part.trim())));
            closed = true;
            continue;
        }
        if closed {
            verbs.clear();
            closed = false;
        }
        verbs.push(first.lemma.clone());
        // "Creates orders and cancels them"
        let again = words.len() == 2 && words.get(1).is_some_and(|token| token.is("them") || token.is("it"));
        if again || record(1) {
            let rest = if again { object? } else { part.trim().split_once(' ').map(|(_, rest)| rest)? };
            out.extend(verbs.iter().map(|verb| format!("{verb} {rest}")));
            (closed, object) = (true, Some(rest));
        } else if words.len() > 1 {
            return None;
        }
    }
    (closed && out.len() >= parts.len().saturating_sub(1)).then_some(out)
}

/// "View orders", "see all orders"
fn looks(deed: &str) -> bool {
    let word = deed.split(' ').next().unwrap_or_default().to_lowercase();
    verbs::actions(&word) == [Action::List, Action::Read]
}

pub(super) fn known_role(engine: &Engine<'_>, name: &str) -> bool {
    let words = name_words(&one_role(name.trim()));
    engine.lexicon.roles.iter().any(|role| name_words(role) == words)
}
