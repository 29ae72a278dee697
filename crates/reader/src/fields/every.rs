//! "The office keeps, for each learner, a name ...", "of each learner we want to know ...", "what we store about a learner:
//! ...": fields told of every record of a kind, as "For every learner we store ...".

use crate::token::{Token, starts, tokens};

const STORES: &[&str] =
    &["keeps", "keep", "records", "record", "stores", "store", "notes", "note", "registers", "register"];
const ONE: &[&str] = &["each", "every", "any", "a", "an", "one"];

/// The sentence in the usual order; `None` where it is none of these.
pub(crate) fn told(text: &str) -> Option<String> {
    let words = tokens(text.trim_end().trim_end_matches('.'));
    if let Some((end, from)) = are_stored(&words) {
        let list = text.get(..words.get(end)?.start)?.trim();
        let name = words.get(from..)?.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        return Some(format!("For every {name} we store {}", lowered(list)));
    }
    if let Some(plain) = of_each(&words).or_else(|| in_states(text, &words)) {
        return Some(plain);
    }
    let (from, to, listed) = kept_for(&words)
        .or_else(|| following(&words))
        .or_else(|| stored_for(&words))
        .or_else(|| known_of(&words))
        .or_else(|| stored_about(&words))
        .or_else(|| owned_by(&words))?;
    let name = words.get(from..to).filter(|name| (1..=3).contains(&name.len()))?;
    let plain = name.iter().all(|token| !token.quoted && token.word.chars().all(|c| c.is_alphabetic() || c == '-'));
    let name = name.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    let list = text.get(words.get(listed)?.start..)?;
    plain.then(|| format!("For every {name} we store {list}"))
}

/// Where the name begins and ends, and where the list begins.
type Places = (usize, usize, usize);

fn mark(words: &[Token], from: usize, mark: &str) -> Option<usize> {
    (from..words.len().min(from + 4)).find(|at| words.get(*at).is_some_and(|token| token.word == mark))
}

/// "The office keeps, for each learner, the name ..."
fn kept_for(words: &[Token]) -> Option<Places> {
    let verb =
        (1..words.len().min(4)).find(|at| words.get(*at).is_some_and(|token| STORES.contains(&token.word.as_str())))?;
    let lead = starts(words, verb + 1, ", for each").or_else(|| starts(words, verb + 1, ", for every"))?;
    let from = verb + 1 + lead;
    let end = mark(words, from, ",")?;
    Some((from, end, end + 1))
}

/// "For each supplier the following is stored: name, country ..."
fn following(words: &[Token]) -> Option<Places> {
    let from = starts(words, 0, "for each").or_else(|| starts(words, 0, "for every"))?;
    let the = (from + 1..words.len().min(from + 5)).find(|at| starts(words, *at, "the following").is_some())?;
    let mark = (the..words.len().min(the + 7)).find(|at| words.get(*at).is_some_and(|token| token.word == ":"))?;
    let kept = words.get(the..mark)?.iter().any(|token| {
        matches!(token.word.as_str(), "stored" | "recorded" | "kept" | "noted" | "registered" | "saved" | "captured")
    });
    let end = the - usize::from(words.get(the - 1).is_some_and(|token| token.word == ","));
    kept.then_some((from, end, mark + 1))
}

/// "The system shall store for each learner a name ..."
fn stored_for(words: &[Token]) -> Option<Places> {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let verb = (1..words.len().min(5)).find(|at| STORES.contains(&word(*at)))?;
    let one = word(verb + 1) == "for" && matches!(word(verb + 2), "each" | "every");
    let from = verb + 3;
    let end = (from + 1..words.len().min(from + 4)).find(|at| matches!(word(*at), "a" | "an" | "the" | "its" | ":"))?;
    one.then_some((from, end, end + usize::from(word(end) == ":")))
}

/// "A fee between 0 and 30 shall be stored for each screening": where the list ends, and where the name begins.
fn are_stored(words: &[Token]) -> Option<(usize, usize)> {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let led = matches!(word(0), "a" | "an" | "the");
    let modal = (2..words.len()).find(|at| matches!(word(*at), "shall" | "must" | "is" | "are"))?;
    let be = modal + usize::from(word(modal + 1) == "be");
    let stored = matches!(word(be + 1), "stored" | "recorded" | "kept" | "noted" | "registered");
    let each = word(be + 2) == "for" && matches!(word(be + 3), "each" | "every");
    let named = (be + 5..=be + 6).contains(&words.len());
    (led && stored && each && named).then_some((modal, be + 4))
}

/// "A session is for one band, in one room and optionally with one engineer": what it refers to.
fn of_each(words: &[Token]) -> Option<String> {
    const LEADS: &[&str] = &["for", "in", "at", "on", "with", "of", "by", "from"];
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let is = (2..words.len().min(5)).find(|at| word(*at) == "is")?;
    matches!(word(0), "a" | "an" | "each" | "every").then_some(())?;
    let raw = |range: std::ops::Range<usize>| -> Option<String> {
        Some(words.get(range)?.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" "))
    };
    let (mut owners, mut others): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut at = is + 1;
    while at < words.len() {
        at += usize::from(word(at) == ",");
        at += usize::from(word(at) == "and");
        let optional = matches!(word(at), "optionally" | "possibly");
        at += usize::from(optional);
        let one = LEADS.contains(&word(at)) && matches!(word(at + 1), "one" | "a" | "an");
        let end = (at + 2..words.len()).find(|end| matches!(word(*end), "," | "and")).unwrap_or(words.len());
        let name = raw(at + 2..end).filter(|name| one && !name.is_empty() && end - at <= 5)?;
        if optional {
            others.push(format!("an optional {name}"));
        } else {
            owners.push(format!("one {name}"));
        }
        at = end;
    }
    let several = owners.len() + others.len() > 1;
    let belongs = listed(&owners).filter(|_| several)?;
    let has = listed(&others).map_or_else(String::new, |others| format!(", and has {others}"));
    Some(format!("{} belongs to {belongs}{has}", raw(0..is)?))
}

/// "one guide, one tour and one site"; `None` of none.
fn listed(items: &[String]) -> Option<String> {
    let (last, others) = items.split_last()?;
    Some(if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) })
}

/// "A film shall have one of the states submitted, selected and rejected": the values of its status.
fn in_states(text: &str, words: &[Token]) -> Option<String> {
    let one =
        ["shall have one of the", "must have one of the", "has one of the", "can have one of the", "is in one of the"];
    let (at, length) = (2..words.len().min(5))
        .find_map(|at| Some((at, one.iter().filter_map(|lead| starts(words, at, lead)).max()?)))?;
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let from = at + length + usize::from(word(at + length) == "following");
    matches!(word(0), "a" | "an" | "each" | "every").then_some(())?;
    let field = match word(from) {
        "states" => "state",
        "statuses" => "status",
        "stages" => "stage",
        _ => return None,
    };
    let from = from + 1 + usize::from(word(from + 1) == ":");
    let values = text.get(words.get(from)?.start..)?.trim_end().trim_end_matches('.');
    let name = words.get(1..at)?.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    values.contains(',').then(|| format!("The {field} of a {name} is one of {values}"))
}

fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// "Of each learner we want to know the name ..."
fn known_of(words: &[Token]) -> Option<Places> {
    let from = starts(words, 0, "of each").or_else(|| starts(words, 0, "of every"))?;
    let we = mark(words, from, "we")?;
    let verb = ["want to know", "need to know", "want", "need", "keep", "record", "store", "note", "know"];
    let length = verb.iter().filter_map(|verb| starts(words, we + 1, verb)).max()?;
    Some((from, we, we + 1 + length))
}

/// "What we store about a learner: name ..."
fn stored_about(words: &[Token]) -> Option<Places> {
    let lead = starts(words, 0, "what we")?;
    let verb = words.get(lead).filter(|token| STORES.contains(&token.word.as_str()) || token.word == "know")?;
    let about = words.get(lead + 1).filter(|token| matches!(token.word.as_str(), "about" | "of" | "for"))?;
    let one = words.get(lead + 2).filter(|token| ONE.contains(&token.word.as_str()))?;
    (verb.start < about.start && about.start < one.start).then_some(())?;
    let end = mark(words, lead + 3, ":")?;
    Some((lead + 3, end, end + 1))
}

/// "We need the learner's first name, birth date and phone"
fn owned_by(words: &[Token]) -> Option<Places> {
    let lead = ["we need the", "we store the", "we record the", "we keep the", "we note the", "we want to know the"];
    let from = lead.iter().filter_map(|lead| starts(words, 0, lead)).max()?;
    let end = mark(words, from, "'s")?;
    // One alone may be asked for: "we need the member's consent".
    let several = words.get(end..)?.iter().any(|token| token.word == ",");
    several.then_some((from, end, end + 1))
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn fields_are_told_of_every_record() {
        for (said, plain) in [
            (
                "The office keeps, for each learner, the name and the phone.",
                "For every learner we store the name and the phone.",
            ),
            (
                "Of each pitch we want to know the number and the size.",
                "For every pitch we store the number and the size.",
            ),
            ("We need the learner's name, e-mail and phone.", "For every learner we store name, e-mail and phone."),
            (
                "The system shall store for each film maker a name and a country.",
                "For every film maker we store a name and a country.",
            ),
            (
                "A fee between 0 and 30 shall be stored for each screening.",
                "For every screening we store a fee between 0 and 30",
            ),
            ("What we store about a test lesson: date, place", "For every test lesson we store date, place"),
        ] {
            assert_eq!(told(said).as_deref(), Some(plain));
        }
        for other in [
            "Of each member we expect a lot.",
            "The office keeps learners.",
            "We need the member's consent.",
            "What we need: peace.",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
