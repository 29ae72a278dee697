//! "The date its accreditation is valid until", "the day until which their card is valid": a day that is called by what lasts
//! until then.

const LASTS: &[&str] = &["valid", "good", "effective", "open", "current", "in force"];
const DAYS: &[&str] = &["the date ", "a date ", "the day ", "a day "];
const LEADS: &[&str] = &["", "until which ", "up to which ", "until when ", "that "];
const WHOSE: &[&str] = &["its ", "their ", "his ", "her ", "the ", "his or her "];

/// The sentence with the name of the field in quotation marks; `None` where nothing is told so.
pub(crate) fn named(text: &str) -> Option<String> {
    DAYS.iter().flat_map(|day| text.match_indices(day)).find_map(|(at, day)| {
        // "The validated ..." is no word of its own.
        let begins = at == 0 || text.get(..at).is_some_and(|before| before.ends_with([' ', '(', ':']));
        let rest = text.get(at + day.len()..).filter(|_| begins)?;
        let rest = LEADS.iter().rev().find_map(|lead| rest.strip_prefix(lead))?;
        let rest = WHOSE.iter().rev().find_map(|whose| rest.strip_prefix(whose))?;
        let (noun, rest) = [" is ", " are ", " stays ", " remains "].iter().find_map(|be| rest.split_once(be))?;
        let plain = |word: &str| word.chars().all(|c| c.is_alphabetic() || c == '-');
        let lasts = LASTS.iter().find(|lasts| rest.starts_with(**lasts))?;
        let behind = rest.strip_prefix(lasts)?;
        let tail = behind.strip_prefix(" until").unwrap_or(behind);
        let told = behind != tail || text.get(at..).is_some_and(|said| said.contains(" which "));
        let ends = !tail.starts_with(|c: char| c.is_alphanumeric() || c == '-');
        let short = noun.split(' ').count() <= 2 && noun.split(' ').all(plain);
        (told && ends && short).then(|| {
            format!("{}the date \"{} {lasts} until\"{tail}", text.get(..at).unwrap_or_default(), noun.to_lowercase())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn what_lasts_names_its_last_day() {
        for (said, plain) in [
            (
                "A lab has a name and the date its approval is valid until.",
                "A lab has a name and the date \"approval valid until\".",
            ),
            ("It has the day until which their card is valid, a name", "It has the date \"card valid until\", a name"),
        ] {
            assert_eq!(named(said).as_deref(), Some(plain));
        }
        for other in [
            "It has the date it is valid until.",
            "The date the van is checked is kept.",
            "A card is valid until its end.",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
