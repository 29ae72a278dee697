//! Names that only the word in front tells apart: "our score and their score".

const WHOSE: &[&str] = &["our", "their", "my", "your", "his", "her"];

/// The text with `our-score` and `their-score` where it speaks of both, so that nothing takes them for one.
pub(crate) fn told_apart(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let whose = |at: usize| {
        let word = words.get(at)?;
        let own = WHOSE.iter().find(|whose| whose.eq_ignore_ascii_case(word))?;
        Some((*own, bare(words.get(at + 1)?)))
    };
    let rival = |at: usize| {
        let (own, thing) = whose(at)?;
        (0..words.len()).filter_map(whose).find(|(other, of)| *other != own && *of == thing && !thing.is_empty())
    };
    let mut out = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        out.push_str(word);
        if at + 1 < words.len() {
            out.push(if rival(at).is_some() { '-' } else { ' ' });
        }
    }
    out
}

/// What it is, whoever has it: `score` of `our-score`.
pub(crate) fn bare(name: &str) -> Option<&str> {
    WHOSE.iter().find_map(|whose| name.strip_prefix(whose)?.strip_prefix('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rivals_are_told_apart() {
        assert_eq!(told_apart("It has our score, and their score."), "It has our-score, and their-score.");
        assert_eq!(told_apart("It has our name and their score."), "It has our name and their score.");
        assert_eq!(told_apart("Our members see our halls."), "Our members see our halls.");
    }
}
