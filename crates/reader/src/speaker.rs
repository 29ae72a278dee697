//! Who writes: "only I may add pitches" is said of a role where the text tells which one the writer has.

use crate::lexicon::{Lexicon, one_role};
use maestro_domain::{Epic, StatementKind};

/// No name of a role is longer.
const LONGEST: usize = 3;

/// The one role that the text of an epic gives to its writer; `None` where it gives none, or several.
pub(crate) fn of(epic: &Epic) -> Option<String> {
    const TELLING: &[&str] = &[
        " me, the ",
        " myself, the ",
        " i, the ",
        " me (the ",
        " myself (the ",
        " i am the ",
        " i'm the ",
        " i am the head ",
        " i work as the ",
        " in my role as the ",
    ];
    let mut found: Vec<String> = Vec::new();
    for statement in epic.statements.iter().filter(|statement| statement.kind != StatementKind::Story) {
        let lower = format!(" {}", statement.text.to_lowercase().replace(['’', '‘'], "'"));
        let told = TELLING.iter().flat_map(|lead| lower.split(lead).skip(1).map(named)).flatten();
        for role in told.chain(lower.trim_start().strip_prefix("as the ").and_then(acting)) {
            if !found.contains(&role) {
                found.push(role);
            }
        }
    }
    if let [one] = found.as_slice() { Some(one.clone()) } else { None }
}

/// The role that a text begins with, up to a mark or what the role is for.
fn named(text: &str) -> Option<String> {
    const BEHIND: &[&str] = &["of", "at", "in", "and", "for", "here", "who", "as"];
    // "I am the only one who ...", "I am the first to ..." name no role.
    const NONE: &[&str] = &["only", "one", "first", "last", "person", "same", "other", "new", "right"];
    let end = text.find([',', '.', ';', ':', ')', '!', '–', '(']).unwrap_or(text.len());
    let words: Vec<&str> = text.get(..end)?.split_whitespace().take_while(|word| !BEHIND.contains(word)).collect();
    let plain = |word: &&str| word.chars().all(|c| c.is_alphabetic() || c == '-') && !NONE.contains(word);
    ((1..=LONGEST).contains(&words.len()) && words.iter().all(plain)).then(|| one_role(&words.join(" ")))
}

/// "As the manager, I ...": in which role somebody speaks.
fn acting(rest: &str) -> Option<String> {
    // "As the season starts, I ..." tells when.
    let (role, said) = rest.split_once(", i ").or_else(|| rest.split_once(", only i "))?;
    named(role).filter(|role| !said.is_empty() && !verbal(role))
}

/// Whether a name ends in what is rather done: "season start".
fn verbal(name: &str) -> bool {
    const DEEDS: &[&str] = &["start", "end", "begin", "open", "close", "come", "go", "run", "grow"];
    name.rsplit(' ').next().is_some_and(|last| name.contains(' ') && DEEDS.contains(&last))
}

/// The sentence with the role of whoever writes; `None` where it says nothing of them alone, or nobody knows who that is.
pub(crate) fn plain(text: &str, lexicon: &Lexicon) -> Option<String> {
    // "As the manager, only I may ..."
    let own = text.strip_prefix("As the ").and_then(|rest| {
        let (role, said) = rest.split_once(", only I ")?;
        let role = named(&role.to_lowercase()).filter(|role| !verbal(role))?;
        Some(format!("Only the {role} {said}"))
    });
    own.or_else(|| {
        const ALONE: &[(&str, &str)] = &[
            ("Only I ", "Only the {} "),
            (" only I ", " only the {} "),
            ("I alone ", "Only the {} "),
            ("Nobody but me ", "Only the {} "),
            ("Nobody except me ", "Only the {} "),
            ("No one but me ", "Only the {} "),
            (" only by me", " only by the {}"),
            (" by me only", " by the {} only"),
            (" by me alone", " by the {} alone"),
        ];
        let role = lexicon.speaker.as_deref()?;
        let (lead, told) = ALONE.iter().find(|(lead, _)| match lead.strip_prefix(' ') {
            // "... only by members" is no "only by me".
            Some(_) => text.find(lead).is_some_and(|at| {
                lead.ends_with(' ')
                    || !text.get(at + lead.len()..).unwrap_or_default().starts_with(char::is_alphanumeric)
            }),
            None => text.starts_with(lead),
        })?;
        Some(text.replacen(lead, &told.replace("{}", role), 1))
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn roles_of_writers() {
        assert_eq!(named("manager.").as_deref(), Some("manager"));
        assert_eq!(named("head gardener of the park, and").as_deref(), Some("head gardener"));
        assert_eq!(named("only one who knows"), None);
        assert_eq!(named("12 rooms"), None);
    }
}
