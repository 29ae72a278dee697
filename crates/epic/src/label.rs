//! Ids and labels that authors put in front of a text.

use crate::signal;

/// Words that number things when they stand before a number.
const COUNTED: &[&str] = &[
    "user story",
    "story",
    "epic story",
    "rule",
    "business rule",
    "criterion",
    "acceptance criterion",
    "requirement",
    "use case",
    "feature",
    "report",
    "list",
    "decision",
    "req",
    "scenario",
];

/// The text without the author's own id or number, and whether that id names a story.
pub(crate) fn strip(text: &str) -> (&str, bool) {
    let trimmed = text.trim_start();
    for (open, close) in [('[', ']'), ('(', ')')] {
        if let Some(rest) = trimmed.strip_prefix(open)
            && let Some((id, after)) = rest.split_once(close)
            && let Some(story) = id_kind(id).or_else(|| counts(id).then_some(false))
        {
            return (after.trim_start_matches([':', '-', '–', '—', '.', ' ']), story);
        }
    }
    if let Some((head, rest)) = split_head(trimmed)
        && let Some(story) = id_kind(head)
    {
        return (rest, story);
    }
    // "Story: As a clerk, I want ..." is told by what stands behind it.
    if let Some((head, rest)) = trimmed.split_once(':')
        && matches!(head.trim_matches([' ', '*']).to_lowercase().as_str(), "story" | "user story")
        && signal::story(rest.trim_start())
    {
        return (rest.trim_start(), true);
    }
    // "**AC2** The name ...": the bold mark was the separator.
    if let Some((head, rest)) = trimmed.split_once(' ')
        && rest.starts_with(char::is_uppercase)
        && (["AC", "US", "BR", "FR", "NFR", "REQ"].iter().any(|prefix| head.starts_with(prefix))
            || of_requirement(head))
        && let Some(story) = id_kind(head)
    {
        return (rest, story);
    }
    // "**FB-1** As a volunteer, I want ...": any author's id in front of a story.
    if let Some((head, rest)) = trimmed.split_once(' ')
        && signal::story(rest)
        && id_kind(head).is_some()
    {
        return (rest, true);
    }
    // "A: Only the clerk may ...", "Sites: A site has a name": a label in front of a sentence that is whole without it.
    if let Some((head, rest)) = trimmed.split_once(": ")
        && (matches!(head.to_lowercase().as_str(), "a" | "answer") || is_subject(head, rest))
    {
        return (rest.trim_start(), false);
    }
    (numbering(trimmed), false)
}

/// Whether a line begins with the key of a ticket: `SOL-418 Rooftop solar`, `[SOL-418] Rooftop solar`, `SOL-418: Rooftop solar`.
pub(crate) fn keyed(text: &str) -> bool {
    // "BR-1 Members" numbers a rule.
    const NUMBERED: &[&str] = &["AC", "US", "BR", "FR", "NFR", "REQ", "UC", "STORY", "RULE"];
    text.split_once(' ').is_some_and(|(key, _)| {
        let key = key.trim_matches(['[', ']', '(', ')', '*', '_', ':']);
        is_key(key) && key.split_once('-').is_some_and(|(project, _)| !NUMBERED.contains(&project))
    })
}

/// Whether a sentence begins with one of what the label names in the plural.
fn is_subject(label: &str, sentence: &str) -> bool {
    let (label, sentence) = (label.to_lowercase(), sentence.to_lowercase());
    let subject = ["a ", "an ", "each ", "every ", "all ", "the "].iter().find_map(|lead| sentence.strip_prefix(lead));
    // "order: the order that is delivered (required)": a field, and what it is.
    const RELATIVE: &[&str] = &["that", "which", "who", "whom", "it", "where", "whose"];
    let words = label.split(' ').count();
    let relative = subject.is_some_and(|rest| rest.split(' ').nth(words).is_some_and(|next| RELATIVE.contains(&next)));
    let Some(subject) = subject.and_then(|rest| rest.get(..label.len().min(rest.len()))).filter(|_| !relative) else {
        return false;
    };
    // "Tenancies" and "tenancy" differ in how they end.
    let alike = label.chars().zip(subject.chars()).take_while(|(a, b)| a == b).count();
    alike >= 3 && alike + 3 >= label.chars().count() && label.split(' ').count() <= 3
}

/// What stands before the first `:`, dash or `.` that is followed by a blank.
fn split_head(text: &str) -> Option<(&str, &str)> {
    let (at, mark) = text.char_indices().take(40).find(|(at, c)| {
        let after = text.get(at + c.len_utf8()..).unwrap_or_default();
        matches!(c, ':' | ')' | '|') || (matches!(c, '-' | '–' | '—' | '.') && after.starts_with(' '))
    })?;
    let rest = text.get(at + mark.len_utf8()..)?.trim_start_matches([' ', ':', '-', '–', '—']);
    (!rest.is_empty()).then_some((text.get(..at)?.trim(), rest))
}

/// `Some(true)` for a story's id, `Some(false)` for another id, `None` for other text.
fn id_kind(text: &str) -> Option<bool> {
    let text = text.trim();
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (word, number) = text.split_at(digits);
    if !number
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == '-' || (c.is_ascii_lowercase() && number.len() > 1))
    {
        return None;
    }
    let word = word.trim_end_matches(['-', '_', ' ', '#', '.']);
    let lower = word.to_lowercase();
    if COUNTED.contains(&lower.as_str()) {
        return Some(lower.ends_with("story") || lower == "use case");
    }
    let short = !word.is_empty() && word.len() <= 6 && word.chars().all(|c| c.is_ascii_uppercase() || c == '-');
    short.then_some(matches!(word, "US" | "S" | "UC" | "STORY"))
}

/// "LR-1", "DR-12", "VR3": letters that end in the R of rules and requirements, and a number.
fn of_requirement(id: &str) -> bool {
    let letters = id.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(id.len());
    let (prefix, number) = id.split_at(letters);
    let number = number.strip_prefix('-').unwrap_or(number);
    let numbered = (1..=3).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    (2..=3).contains(&prefix.len()) && prefix.ends_with('R') && numbered
}

/// `(1)`, `(a)`, `(iv)`: a number in parentheses.
fn counts(id: &str) -> bool {
    let digits = id.len() <= 3 && id.chars().all(|c| c.is_ascii_digit());
    let letter = id.len() == 1 && id.chars().all(|c| c.is_ascii_lowercase());
    let roman = id.len() <= 4 && id.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    !id.is_empty() && (digits || letter || roman)
}

/// Without a leading `1.`, `2.3` or `4)`.
fn numbering(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let numbered = number.starts_with(|c: char| c.is_ascii_digit());
    if numbered && (number.ends_with('.') || number.contains('.')) && rest.starts_with(' ') {
        rest.trim_start()
    } else if numbered && rest.starts_with(')') {
        rest.trim_start_matches(')').trim_start()
    } else {
        text
    }
}

/// A heading's text as a section name: without numbering, author's id and closing colon.
pub(crate) fn heading(text: &str) -> (String, bool) {
    let (stripped, story) = strip(text);
    let stripped = behind_key(stripped);
    // "Epic: lending tools" is called what stands behind the mark.
    let stripped = ["epic:", "epic –", "epic -", "epic —"]
        .iter()
        .find_map(|lead| {
            stripped
                .get(..lead.len())
                .filter(|head| head.to_lowercase() == *lead)
                .and_then(|_| stripped.get(lead.len()..))
        })
        .unwrap_or(stripped);
    (stripped.trim().trim_end_matches(':').trim().to_owned(), story)
}

/// "FB-2 Register households": the key of a ticket names nothing.
fn behind_key(text: &str) -> &str {
    match text.split_once(' ') {
        Some((key, rest)) if is_key(key) => rest.trim_start(),
        _ => text,
    }
}

/// `FB-2`: a project and a number.
pub(crate) fn is_key(word: &str) -> bool {
    word.split_once('-').is_some_and(|(project, number)| {
        (2..=10).contains(&project.len())
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn author_ids_are_stripped() {
        assert_eq!(strip("US-3: Borrow a tool"), ("Borrow a tool", true));
        assert_eq!(strip("Story 4 – Return"), ("Return", true));
        assert_eq!(strip("Story: As a clerk, I want to lend."), ("As a clerk, I want to lend.", true));
        assert_eq!(strip("FB-1 As a clerk, I want to lend."), ("As a clerk, I want to lend.", true));
        assert_eq!(strip("Story: how it began").0, "Story: how it began");
        assert_eq!(strip("[FR-12] The name is required."), ("The name is required.", false));
        assert_eq!(strip("AC1: Given x"), ("Given x", false));
        assert_eq!(strip("AC-1.2. Given x"), ("Given x", false));
        assert_eq!(strip("2.1 Data"), ("Data", false));
        assert_eq!(strip("3) Third"), ("Third", false));
        assert_eq!(strip("BR-7 - No blanks"), ("No blanks", false));
    }

    #[test]
    fn other_text_stays() {
        for text in ["Status: draft, sent", "3 loans at most", "Level 2: advanced users", "name – text, required"] {
            assert_eq!(strip(text).0, text);
        }
    }
}
