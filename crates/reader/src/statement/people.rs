//! Who takes part: lists of roles, and sentences that name those who use what is built.

use super::lower_first;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::item;
use crate::lexicon::one_role;
use maestro_domain::Statement;

/// "Roles: clerk, head of the lab and manager.": who takes part, in a line of its own.
fn listed_roles(text: &str) -> Option<Vec<Effect>> {
    let (lead, names) = text.trim().trim_end_matches('.').split_once(':')?;
    let lead = lead.trim().to_lowercase();
    let last = lead.rsplit(' ').next()?;
    let told = lead.split_whitespace().count() <= 3
        && matches!(last, "roles" | "role" | "actors" | "users" | "personas" | "people" | "participants");
    told.then(|| named(names))?
}

/// Roles by their names, where all of them are some.
fn named(names: &str) -> Option<Vec<Effect>> {
    const NOBODY: &[&str] = &[
        "everyone",
        "everybody",
        "anyone",
        "anybody",
        "people",
        "users",
        "us",
        "we",
        "they",
        "staff",
        "team",
        "others",
        "it",
        "many",
    ];
    let names = crate::fields::values::split_values(names);
    let bare = |name: &String| -> String {
        let lead = ["by ", "both ", "a ", "an ", "the ", "our ", "its "]
            .iter()
            .fold(name.as_str(), |name, lead| name.strip_prefix(lead).unwrap_or(name));
        lead.trim().to_owned()
    };
    let names: Vec<String> = names.iter().map(bare).collect();
    let plain = |name: &String| {
        let words = name.split_whitespace().count();
        (1..=4).contains(&words)
            && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'))
            && !NOBODY.contains(&name.as_str())
            && !name.split_whitespace().any(|word| crate::normal::digits(word).is_some())
    };
    let role = |name: &String| Effect::Role { name: one_role(name) };
    (!names.is_empty() && names.iter().all(plain)).then(|| names.iter().map(role).collect())
}

/// "The register is used by clerks and supervisors", "the people using it are vets and receptionists", "the chair and the
/// treasurer work with it": who takes part, told in a sentence that demands nothing.
fn users(text: &str) -> Option<Vec<Effect>> {
    const BY: &[&str] = &["is used by", "are used by", "will be used by", "is to be used by", "is shared by"];
    const WHO: &[&str] = &["using", "users", "use", "uses"];
    const USE: &[&str] = &["can use", "will use", "use", "may use", "work with", "will work with", "can work with"];
    let text = text.trim().trim_end_matches('.').trim_end();
    // "The hall is used by clubs" tells nothing of those who use the software.
    if let Some((what, names)) = BY.iter().find_map(|by| text.split_once(&format!(" {by} "))) {
        return named(names).filter(|_| whole(what));
    }
    if let Some((lead, names)) = text.split_once(" are ") {
        let lead = lead.to_lowercase();
        let mut words = lead.split_whitespace();
        let people = words.next().is_some_and(|first| ["the", "its", "people", "users", "our"].contains(&first));
        // "The users are unhappy"
        let somebody = crate::fields::values::split_values(names)
            .iter()
            .all(|name| ["a ", "an ", "the ", "our "].iter().any(|lead| name.starts_with(lead)) || name.ends_with('s'));
        if people && somebody && words.any(|word| WHO.contains(&word)) && lead.split_whitespace().count() <= 6 {
            return named(names);
        }
    }
    // "The chair and the treasurer use it", "... one service that the secretary and the warden can use"
    let (before, object) = USE.iter().find_map(|verb| {
        let (before, object) = text.rsplit_once(&format!(" {verb}"))?;
        let object = object.trim();
        let plain = object.is_empty() || whole(object);
        (plain && object.split_whitespace().count() <= 3).then_some((before, object))
    })?;
    let that = before.rsplit_once(" that ").map(|(_, names)| names);
    match (that, object) {
        (Some(names), "") => named(names),
        (None, object) if !object.is_empty() => named(&lower_first(before)),
        _ => None,
    }
}

/// Whether something is what is built, or what it takes the place of.
fn whole(what: &str) -> bool {
    const WHOLES: &[&str] = &[
        "it",
        "register",
        "service",
        "system",
        "tool",
        "app",
        "application",
        "software",
        "program",
        "database",
        "logbook",
        "ledger",
        "solution",
        "site",
        "website",
        "planner",
        "platform",
    ];
    what.rsplit(' ').next().is_some_and(|last| WHOLES.contains(&last.to_lowercase().as_str()))
}

/// Narrative demands nothing, but a list of roles names them.
pub(super) fn of_narrative(statement: &Statement) -> Vec<Effect> {
    if let Some(roles) = listed_roles(&statement.text).or_else(|| users(&statement.text)) {
        return roles;
    }
    if !under_roles(statement) {
        return Vec::new();
    }
    let (name, _) = item::split(&statement.text);
    let short = name.split_whitespace().count() <= 3 && !name.is_empty();
    if short {
        vec![Effect::Role {
            name: one_role(name.trim_start_matches(['A', 'a']).strip_prefix(' ').unwrap_or(&name).trim()),
        }]
    } else {
        Vec::new()
    }
}

/// Whether a statement stands in a list of those who take part.
fn under_roles(statement: &Statement) -> bool {
    statement.section.last().is_some_and(|heading| {
        let lower = heading.to_lowercase();
        let who =
            ["who works", "who uses", "who will use", "who is involved", "who does what", "who is who", "who we are"];
        ["role", "actor", "persona", "user", "responsibilities"].iter().any(|word| lower.contains(word))
            || ["people", "stakeholders", "participants"].contains(&lower.trim_end_matches([':', ' ']))
            || who.iter().any(|who| lower.starts_with(who))
    })
}

/// "Auditor: read-only access", "an auditor may only look at orders" in such a list: who that is, and what they may not do.
pub(super) fn noted_of_role(engine: &Engine<'_>, statement: &Statement) -> Option<Vec<Effect>> {
    under_roles(statement).then_some(())?;
    let marked = [": ", " – ", " — ", " - "].iter().find_map(|mark| statement.text.split_once(mark));
    let words = || statement.text.match_indices(' ').take(4).map(|(at, _)| (statement.text.get(..at), at));
    let told = |name: &str, note: &str| {
        let name = ["A ", "An ", "The "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name).trim();
        let short = (1..=3).contains(&name.split_whitespace().count())
            && name.chars().all(|c| c.is_alphabetic() || " -".contains(c));
        short.then(|| crate::barred::noted(engine, &one_role(name), note))?
    };
    match marked {
        Some((name, note)) => told(name, note),
        None => words().find_map(|(name, at)| told(name?, statement.text.get(at + 1..)?)),
    }
}
