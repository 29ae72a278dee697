//! Lines under "Permissions": who alone may do what, without a sentence around it.

use super::{lower_first, plain};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{name_words, one_role};
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
    let (head, rest) = permission(&statement.text)?;
    let only = |who: &[String], deed: &str| engine.sentence(&format!("Only {} may {deed}", who.join(" or "))).ok();
    if !known_role(engine, &head) {
        return rest.iter().all(|role| known_role(engine, role)).then(|| only(&rest, &lower_first(&head)))?;
    }
    // Whoever else is said to do it may do it, too.
    let lists = epic.statements.iter().filter(|other| plain(other) && other.section == statement.section);
    let others: Vec<(String, Vec<String>)> =
        lists.filter_map(|other| permission(&other.text)).filter(|(role, _)| known_role(engine, role)).collect();
    let everything = |deeds: &[String]| deeds.iter().any(|deed| deed.eq_ignore_ascii_case("everything"));
    let mut effects = Vec::new();
    let told: Vec<&String> =
        if everything(&rest) { others.iter().flat_map(|(_, deeds)| deeds).collect() } else { rest.iter().collect() };
    for deed in told.into_iter().filter(|deed| !deed.eq_ignore_ascii_case("everything")) {
        let does =
            |deeds: &[String]| everything(deeds) || deeds.iter().any(|other| name_words(other) == name_words(deed));
        let who: Vec<String> = others.iter().filter(|(_, deeds)| does(deeds)).map(|(role, _)| role.clone()).collect();
        effects.extend(only(&who, &lower_first(deed))?);
    }
    (!effects.is_empty()).then_some(effects)
}

/// What stands before and behind the mark of such a line.
fn permission(text: &str) -> Option<(String, Vec<String>)> {
    let (head, rest) = [": ", " – ", " — ", " - "].iter().find_map(|mark| text.split_once(mark))?;
    let rest = crate::fields::values::split_values(rest.trim().trim_end_matches('.'));
    (!rest.is_empty() && head.split_whitespace().count() <= 5).then(|| (head.trim().to_owned(), rest))
}

pub(super) fn known_role(engine: &Engine<'_>, name: &str) -> bool {
    let words = name_words(&one_role(name.trim()));
    engine.lexicon.roles.iter().any(|role| name_words(role) == words)
}
